// SPDX-License-Identifier: GPL-2.0-or-later
// Portal groups and portals.
#include <cerrno>

#include "credentials.h"
#include "links.h"
#include "listing.h"
#include "lunar/target.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

struct Refusal {
  int err;
  const char* hint;
};
constexpr Refusal kLunHints[] = {
    {ENODEV, "the storage object is not enabled"},
    {EEXIST, "the LUN has a storage object already"},
    {EINVAL, "the kernel refuses this storage object; see the kernel log"},
};

std::string lun_hint(int err) {
  for (const Refusal& known : kLunHints) {
    if (known.err == err) return known.hint;
  }
  return {};
}

// The files of portals that some kernels lack: their absence reads as off, and turning them off is
// always possible.
Result<bool> read_switch(const Portal& portal, const char* name) {
  const Result<std::string> text = portal.read(name);
  if (!text && text.error().err == ENOENT) return false;
  if (!text) return text.error();
  return *text != "0";
}

Status write_switch(const Portal& portal, const char* name, const char* what, bool on) {
  const Status done = portal.write(name, on ? "1" : "0");
  if (done || done.error().err == ENOENT) return {};
  Error error = done.error();
  error.text = std::string("Cannot change ") + what;
  return error;
}

}  // namespace

Portal::Portal(const Context* context, std::string tpg_path, std::string address, int port)
    : Node(context, tpg_path + "/np/" + address + ":" + std::to_string(port)),
      address_(std::move(address)),
      port_(port) {}

Result<bool> Portal::iser() const { return read_switch(*this, "iser"); }
Result<bool> Portal::offload() const { return read_switch(*this, "cxgbit"); }
Status Portal::set_iser(bool on) const { return write_switch(*this, "iser", "iser", on); }
Status Portal::set_offload(bool on) const { return write_switch(*this, "cxgbit", "offload", on); }

Status Portal::remove() const {
  if (iser().value_or(false)) LUNAR_TRY(set_iser(false));
  if (offload().value_or(false)) LUNAR_TRY(set_offload(false));
  return fs().rmdir(path_);
}

Tpg::Tpg(const Context* context, std::string target_path, int tag)
    : Node(context, target_path + "/tpgt_" + std::to_string(tag)), tag_(tag) {}

// Fabrics without the file have portal groups that are always enabled.
Result<bool> Tpg::enabled() const {
  const Result<std::string> text = read("enable");
  if (!text && text.error().err == ENOENT && exists()) return true;
  if (!text) return text.error();
  return *text != "0";
}

Status Tpg::set_enabled(bool on) const {
  LUNAR_TRY_ASSIGN(now, enabled());
  if (now == on) return {};
  const Status done = write("enable", on ? "1" : "0");
  if (done) return done;
  Error error = done.error();
  error.text = "Cannot change enable state";
  return error;
}

Result<ChapCredentials> Tpg::credentials() const { return read_credentials(auth()); }

Result<bool> Tpg::authenticate_target() const {
  LUNAR_TRY_ASSIGN(text, read("auth/authenticate_target"));
  return text != "0";
}

Result<std::vector<Lun>> Tpg::luns() const {
  LUNAR_TRY_ASSIGN(numbers, list_numbers(fs(), path_ + "/lun", "lun_"));
  std::vector<Lun> out;
  for (int number : numbers) out.emplace_back(context_, path_, number);
  return out;
}

Result<std::optional<Lun>> Tpg::find_lun(int index) const {
  Lun lun(context_, path_, index);
  if (!lun.exists()) return std::optional<Lun>();
  return std::optional<Lun>(std::move(lun));
}

Result<Lun> Tpg::create_lun(const StorageObject& object, std::optional<int> index,
                            const std::string& alias) const {
  const std::string last = std::to_string(kMaxTpgLun);
  if (index && (*index < 0 || *index > kMaxTpgLun)) return make_error("LUN must be 0 to " + last);
  LUNAR_TRY_ASSIGN(name, checked_alias(alias, host()));
  if (!index) {
    LUNAR_TRY_ASSIGN(used, list_numbers(fs(), path_ + "/lun", "lun_"));
    index = lowest_free(used, 0, kMaxTpgLun);
    if (!index) return make_error("All LUNs 0-" + last + " in use");
  }
  Lun lun(context_, path_, *index);
  LUNAR_TRY(lun.create_directory("LUN"));
  const Status linked = fs().symlink(object.path(), lun.path() + "/" + name);
  if (linked) return lun;
  fs().rmdir(lun.path()).ignore();
  Error error = linked.error();
  error.hint = lun_hint(error.err);
  if (!object.exists()) error.text = "storage_object does not exist in configFS";
  return error;
}

Result<std::vector<NodeAcl>> Tpg::acls() const {
  LUNAR_TRY_ASSIGN(names, list_directories(fs(), path_ + "/acls"));
  std::vector<NodeAcl> out;
  for (const std::string& name : names) out.emplace_back(context_, path_, name);
  return out;
}

Result<std::optional<NodeAcl>> Tpg::find_acl(std::string_view wwn) const {
  const Result<Wwn> name = normalize_wwn(wwn);
  if (!name) return std::optional<NodeAcl>();
  NodeAcl acl(context_, path_, name->name);
  if (!acl.exists()) return std::optional<NodeAcl>();
  return std::optional<NodeAcl>(std::move(acl));
}

Result<NodeAcl> Tpg::create_acl(std::string_view wwn) const {
  LUNAR_TRY_ASSIGN(name, normalize_wwn(wwn));
  NodeAcl acl(context_, path_, name.name);
  LUNAR_TRY(acl.create_directory("NodeACL"));
  return acl;
}

Result<std::vector<Portal>> Tpg::portals() const {
  LUNAR_TRY_ASSIGN(names, list_directories(fs(), path_ + "/np"));
  std::vector<Portal> out;
  for (const std::string& name : names) {
    const size_t colon = name.rfind(':');
    if (colon == std::string::npos) continue;
    const Result<int64_t> port = parse_number(name.substr(colon + 1));
    if (port) out.emplace_back(context_, path_, name.substr(0, colon), static_cast<int>(*port));
  }
  return out;
}

Result<std::optional<Portal>> Tpg::find_portal(std::string_view address, int port) const {
  Portal portal(context_, path_, bracket_address(address), port);
  if (!portal.exists()) return std::optional<Portal>();
  return std::optional<Portal>(std::move(portal));
}

Result<Portal> Tpg::create_portal(std::string_view address, int port) const {
  const char* text = "Could not create NetworkPortal in configFS";
  if (!is_ip_address(address)) {
    return make_error(text, EINVAL, "'" + std::string(address) + "' is no IPv4 or IPv6 address");
  }
  if (port < 1 || port > 65535) return make_error(text, EINVAL, "ports go from 1 to 65535");
  Portal portal(context_, path_, bracket_address(address), port);
  LUNAR_TRY(portal.create_directory("NetworkPortal"));
  return portal;
}

Result<std::vector<std::string>> Tpg::dynamic_sessions() const {
  const Result<std::string> text = read("dynamic_sessions");
  if (!text && text.error().err == ENOENT && exists()) return std::vector<std::string>{};
  if (!text) return text.error();
  std::vector<std::string> names;
  for (std::string_view line : split(*text, '\n')) {
    while (!line.empty() && line.back() == '\0') line.remove_suffix(1);
    while (!line.empty() && line.front() == '\0') line.remove_prefix(1);
    if (!strip(line).empty()) names.emplace_back(strip(line));
  }
  return names;
}

Status Tpg::remove() const {
  LUNAR_TRY(set_enabled(false));
  LUNAR_TRY_ASSIGN(all_acls, acls());
  for (const NodeAcl& acl : all_acls) LUNAR_TRY(acl.remove());
  LUNAR_TRY_ASSIGN(all_luns, luns());
  for (const Lun& lun : all_luns) LUNAR_TRY(lun.remove());
  LUNAR_TRY_ASSIGN(all_portals, portals());
  for (const Portal& portal : all_portals) LUNAR_TRY(portal.remove());
  return fs().rmdir(path_);
}

}  // namespace lunar
