// SPDX-License-Identifier: GPL-2.0-or-later
#include <cerrno>

#include "credentials.h"
#include "links.h"
#include "listing.h"
#include "lunar/target.h"
#include "string_util.h"
#include "try.h"

namespace lunar {

NodeAcl::NodeAcl(const Context* context, std::string tpg_path, std::string wwn)
    : Node(context, tpg_path + "/acls/" + wwn),
      tpg_path_(std::move(tpg_path)),
      wwn_(std::move(wwn)) {}

Result<ChapCredentials> NodeAcl::credentials() const { return read_credentials(auth()); }

Result<bool> NodeAcl::authenticate_target() const {
  LUNAR_TRY_ASSIGN(text, read("auth/authenticate_target"));
  return text != "0";
}

Result<std::string> NodeAcl::tag() const {
  Result<std::string> text = read("tag");
  if (!text && text.error().err == ENOENT && exists()) return std::string();
  return text;
}

Status NodeAcl::set_tag(std::string_view tag) const {
  return write("tag", tag.empty() ? "NULL" : tag);
}

Result<std::vector<MappedLun>> NodeAcl::mapped_luns() const {
  LUNAR_TRY_ASSIGN(numbers, list_numbers(fs(), path_, "lun_"));
  std::vector<MappedLun> out;
  for (int number : numbers) out.emplace_back(context_, path_, number);
  return out;
}

Result<std::optional<MappedLun>> NodeAcl::find_mapped_lun(int index) const {
  MappedLun mapped(context_, path_, index);
  if (!mapped.exists()) return std::optional<MappedLun>();
  return std::optional<MappedLun>(std::move(mapped));
}

Result<MappedLun> NodeAcl::create_mapped_lun(int index, int tpg_lun, bool write_protect,
                                             const std::string& alias) const {
  if (index < 0 || index > kMaxMappedLun) {
    return make_error("Mapped LUN must be 0 to " + std::to_string(kMaxMappedLun));
  }
  LUNAR_TRY_ASSIGN(name, checked_alias(alias, host()));
  const Lun lun(context_, tpg_path_, tpg_lun);
  if (!lun.exists()) {
    return make_error("LUN " + std::to_string(tpg_lun) + " does not exist in this TPG");
  }
  MappedLun mapped(context_, path_, index);
  LUNAR_TRY(mapped.create_directory("MappedLUN"));
  Status done = fs().symlink(lun.path(), mapped.path() + "/" + name);
  if (done) {
    done = mapped.set_write_protect(write_protect);
    if (done) return mapped;
    fs().unlink(mapped.path() + "/" + name).ignore();
  }
  fs().rmdir(mapped.path()).ignore();
  return done.error();
}

Result<int> NodeAcl::free_mapped_lun() const {
  LUNAR_TRY_ASSIGN(used, list_numbers(fs(), path_, "lun_"));
  const std::optional<int> index = lowest_free(used, 0, kMaxMappedLun);
  if (!index) return make_error("All mapped LUNs 0-" + std::to_string(kMaxMappedLun) + " in use");
  return *index;
}

Result<std::optional<Session>> NodeAcl::session() const {
  const Result<std::string> text = read("info");
  if (!text) return text.error();
  Result<std::optional<Session>> session = parse_session_info(*text);
  if (session) return session;
  Error error = session.error();
  error.path = path_ + "/info";
  return error;
}

Status NodeAcl::remove() const {
  LUNAR_TRY_ASSIGN(mapped, mapped_luns());
  for (const MappedLun& lun : mapped) LUNAR_TRY(lun.remove());
  return fs().rmdir(path_);
}

}  // namespace lunar
