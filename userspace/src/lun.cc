// SPDX-License-Identifier: GPL-2.0-or-later
// LUNs and mapped LUNs.
#include <cerrno>

#include "links.h"
#include "lunar/root.h"
#include "lunar/target.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kBrokenLun = "Broken LUN in configFS, no storage object";
constexpr const char* kBrokenMappedLun = "Broken MappedLUN, no TPG LUN found";

Error broken(const char* text, const std::string& path) {
  Error error = make_error(text);
  error.path = path;
  return error;
}

Result<std::string> alias_of(Fs& fs, const std::string& path) {
  LUNAR_TRY_ASSIGN(alias, find_link(fs, path));
  if (!alias) return broken(kBrokenLun, path);
  return *alias;
}

}  // namespace

Result<std::optional<std::string>> find_link(Fs& fs, const std::string& dir) {
  LUNAR_TRY_ASSIGN(entries, fs.list(dir));
  for (const DirEntry& entry : entries) {
    if (entry.type == FileType::kSymlink) return std::optional<std::string>(entry.name);
  }
  return std::optional<std::string>();
}

Status remove_linked(Fs& fs, const std::string& dir) {
  LUNAR_TRY_ASSIGN(alias, find_link(fs, dir));
  if (alias) LUNAR_TRY(fs.unlink(dir + "/" + *alias));
  return fs.rmdir(dir);
}

std::string new_alias(Host& host) {
  const std::string uuid = host.uuid();
  return uuid.substr(uuid.size() - 10);
}

Result<std::string> checked_alias(const std::string& alias, Host& host) {
  const std::string text(strip(alias));
  if (text.empty()) return new_alias(host);
  if (text.find('/') != std::string::npos) return make_error("Invalid alias: " + text);
  return text;
}

Lun::Lun(const Context* context, std::string tpg_path, int index)
    : Node(context, tpg_path + "/lun/lun_" + std::to_string(index)),
      tpg_path_(std::move(tpg_path)),
      index_(index) {}

Result<std::string> Lun::alias() const { return alias_of(fs(), path_); }

Result<StorageObject> Lun::storage_object() const {
  LUNAR_TRY_ASSIGN(name, alias());
  LUNAR_TRY_ASSIGN(target, fs().readlink(path_ + "/" + name));
  const std::string hba = base_name(dir_name(target));
  const size_t cut = hba.rfind('_');
  if (cut == std::string::npos || !target.starts_with("core/")) return broken(kBrokenLun, path_);
  const std::string prefix = hba.substr(0, cut);
  const std::optional<Plugin> plugin = plugin_from_name(prefix);
  return StorageObject(context_, target, plugin ? plugin_name(*plugin) : prefix, base_name(target));
}

Result<std::optional<std::string>> Lun::alua_group() const {
  LUNAR_TRY_ASSIGN(object, storage_object());
  LUNAR_TRY_ASSIGN(supported, object.alua_supported());
  if (!supported) return std::optional<std::string>();
  const Result<std::string> text = read("alua_tg_pt_gp");
  if (!text && text.error().err != ENODEV && text.error().err != ENOENT) return text.error();
  if (!text || text->empty()) return std::optional<std::string>();
  const std::string_view line = split(*text, '\n').front();
  const size_t colon = line.find(':');
  if (colon == std::string_view::npos) return std::optional<std::string>();
  return std::optional<std::string>(strip(line.substr(colon + 1)));
}

Status Lun::set_alua_group(std::string_view name) const { return write("alua_tg_pt_gp", name); }

Result<std::vector<MappedLun>> Lun::mapped_luns() const {
  std::vector<MappedLun> out;
  LUNAR_TRY_ASSIGN(
      acls,
      Tpg(context_, dir_name(tpg_path_), *number_after(base_name(tpg_path_), "tpgt_")).acls());
  for (const NodeAcl& acl : acls) {
    LUNAR_TRY_ASSIGN(all, acl.mapped_luns());
    for (const MappedLun& mapped : all) {
      const Result<int> lun = mapped.tpg_lun();
      if (lun && *lun == index_) out.push_back(mapped);
    }
  }
  return out;
}

Status Lun::remove() const {
  LUNAR_TRY_ASSIGN(showing, mapped_luns());
  for (const MappedLun& mapped : showing) LUNAR_TRY(mapped.remove());
  return remove_linked(fs(), path_);
}

MappedLun::MappedLun(const Context* context, std::string acl_path, int index)
    : Node(context, acl_path + "/lun_" + std::to_string(index)), index_(index) {}

std::string MappedLun::initiator() const { return base_name(dir_name(path_)); }

Result<std::string> MappedLun::alias() const { return alias_of(fs(), path_); }

Result<int> MappedLun::tpg_lun() const {
  LUNAR_TRY_ASSIGN(name, alias());
  LUNAR_TRY_ASSIGN(target, fs().readlink(path_ + "/" + name));
  const std::optional<int> index = number_after(base_name(target), "lun_");
  if (!index) return broken(kBrokenMappedLun, path_);
  return *index;
}

Result<Lun> MappedLun::lun() const {
  LUNAR_TRY_ASSIGN(index, tpg_lun());
  return Lun(context_, dir_name(dir_name(dir_name(path_))), index);
}

Result<bool> MappedLun::write_protect() const {
  LUNAR_TRY_ASSIGN(text, read("write_protect"));
  return text != "0";
}

Status MappedLun::set_write_protect(bool on) const {
  return write("write_protect", on ? "1" : "0");
}

Status MappedLun::remove() const { return remove_linked(fs(), path_); }

}  // namespace lunar
