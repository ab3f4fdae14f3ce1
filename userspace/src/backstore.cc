// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/backstore.h"

#include <algorithm>
#include <cerrno>

#include "listing.h"
#include "lunar/target.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kDefaultGroup = "default_tg_pt_gp";

struct PluginNames {
  Plugin plugin;
  const char* name;
  const char* directory;
};
constexpr PluginNames kPlugins[] = {
    {Plugin::kBlock, "block", "iblock"},     {Plugin::kFileio, "fileio", "fileio"},
    {Plugin::kRamdisk, "ramdisk", "rd_mcp"}, {Plugin::kPscsi, "pscsi", "pscsi"},
    {Plugin::kUser, "user", "user"},
};

struct AluaState {
  const char* number;
  const char* name;
};
constexpr AluaState kAluaStates[] = {
    {"0", "Active/optimized"}, {"1", "Active/non-optimized"}, {"2", "Standby"},
    {"3", "Unavailable"},      {"4", "LBA Dependent"},        {"14", "Offline"},
    {"15", "Transitioning"},
};

const PluginNames& names_of(Plugin plugin) {
  return *std::find_if(std::begin(kPlugins), std::end(kPlugins),
                       [&](const PluginNames& names) { return names.plugin == plugin; });
}

// Runs of white space become one space, as rtslib looks at `info`.
std::string collapse(std::string_view text) {
  std::string out;
  for (std::string_view word : words(text)) {
    if (!out.empty()) out += ' ';
    out += word;
  }
  return out;
}

// The last `KEY: WORD` in a collapsed text; the word ends at a space or colon.
std::optional<std::string> last_value(const std::string& text, std::string_view key) {
  const std::string mark = std::string(key) + ": ";
  for (size_t at = text.rfind(mark); at != std::string::npos; at = text.rfind(mark, at - 1)) {
    const size_t start = at + mark.size();
    const size_t end = std::min(text.find_first_of(": ", start), text.size());
    if (end > start) return text.substr(start, end - start);
    if (at == 0) break;
  }
  return std::nullopt;
}

Error unreadable(const std::string& path, const char* what) {
  Error error;
  error.operation = std::string("find the ") + what + " in";
  error.path = path + "/info";
  return error;
}

Result<uint64_t> number_of(const std::optional<std::string>& text, const std::string& path,
                           const char* what) {
  const Result<int64_t> number = parse_number(text.value_or(""));
  if (!number || *number < 0) return unreadable(path, what);
  return static_cast<uint64_t>(*number);
}

// Adds the LUNs of one target that link to `object`.
Status collect_luns(const Context* context, const std::string& target, const std::string& object,
                    std::vector<Lun>& out) {
  LUNAR_TRY_ASSIGN(tags, list_numbers(*context->fs, target, "tpgt_"));
  for (int tag : tags) {
    LUNAR_TRY_ASSIGN(luns, Tpg(context, target, tag).luns());
    for (const Lun& lun : luns) {
      const Result<StorageObject> linked = lun.storage_object();
      if (linked && linked->path() == object) out.push_back(lun);
    }
  }
  return {};
}

}  // namespace

const char* plugin_name(Plugin plugin) { return names_of(plugin).name; }
const char* plugin_directory(Plugin plugin) { return names_of(plugin).directory; }

std::optional<Plugin> plugin_from_name(std::string_view name) {
  for (const PluginNames& names : kPlugins) {
    if (name == names.name || name == names.directory) return names.plugin;
  }
  return std::nullopt;
}

Result<std::string> AluaGroup::state_name() const {
  LUNAR_TRY_ASSIGN(number, read("alua_access_state"));
  for (const AluaState& state : kAluaStates) {
    if (number == state.number) return std::string(state.name);
  }
  return std::string();
}

Status AluaGroup::remove() const {
  if (name_ == kDefaultGroup) return make_error("Can not delete default_tg_pt_gp");
  return fs().rmdir(path_);
}

StorageObject::StorageObject(const Context* context, std::string path, std::string plugin,
                             std::string name)
    : Node(context, std::move(path)), plugin_(std::move(plugin)), name_(std::move(name)) {}

std::string StorageObject::hba_path() const { return dir_name(path_); }

Result<bool> StorageObject::enabled() const {
  LUNAR_TRY_ASSIGN(text, read("enable"));
  return text != "0";
}

Result<std::string> StorageObject::collapsed_info() const {
  LUNAR_TRY_ASSIGN(text, read("info"));
  return collapse(text);
}

Result<std::optional<std::string>> StorageObject::info(std::string_view key) const {
  LUNAR_TRY_ASSIGN(text, collapsed_info());
  return last_value(text, key);
}

Result<std::string> StorageObject::status() const {
  LUNAR_TRY_ASSIGN(text, info("Status"));
  if (!text) return unreadable(path_, "status");
  return lower(*text);
}

Result<std::string> StorageObject::version() const {
  LUNAR_TRY_ASSIGN(text, fs().read(hba_path() + "/hba_info"));
  return last_value(collapse(text), "version").value_or("");
}

Result<std::string> StorageObject::wwn() const {
  LUNAR_TRY_ASSIGN(text, read("wwn/vpd_unit_serial"));
  const size_t colon = text.find(':');
  return colon == std::string::npos ? std::string() : std::string(strip(text.substr(colon + 1)));
}

Status StorageObject::set_wwn(std::string_view wwn) const {
  if (plugin_ == plugin_name(Plugin::kPscsi)) return {};
  return write("wwn/vpd_unit_serial", std::string(wwn) + "\n");
}

Result<std::string> StorageObject::udev_path() const {
  LUNAR_TRY_ASSIGN(path, read("udev_path"));
  if (!path.empty() || plugin_ != plugin_name(Plugin::kFileio)) return path;
  LUNAR_TRY_ASSIGN(file, info("File"));
  return file.value_or("");
}

Result<uint64_t> StorageObject::size() const {
  LUNAR_TRY_ASSIGN(text, collapsed_info());
  if (plugin_ == plugin_name(Plugin::kPscsi)) return uint64_t{0};
  if (plugin_ == plugin_name(Plugin::kRamdisk)) {
    const std::string pages = last_value(text, "PAGES/PAGE_SIZE").value_or("");
    const size_t star = pages.find('*');
    LUNAR_TRY_ASSIGN(count, number_of(pages.substr(0, star), path_, "size"));
    if (star == std::string::npos) return unreadable(path_, "size");
    LUNAR_TRY_ASSIGN(page_size, number_of(pages.substr(star + 1), path_, "size"));
    return count * page_size;
  }
  LUNAR_TRY_ASSIGN(path, udev_path());
  if (plugin_ == plugin_name(Plugin::kBlock)) {
    const std::string disk = last_value(text, "device").value_or("");
    if (const std::optional<uint64_t> size = host().disk_size(disk)) return *size;
  }
  if (const std::optional<BlockDevice> device = host().block_device(path)) return device->size;
  if (plugin_ == plugin_name(Plugin::kBlock)) return unreadable(path_, "device");
  return number_of(last_value(text, "Size"), path_, "size");
}

Result<bool> StorageObject::write_back() const {
  LUNAR_TRY_ASSIGN(text, attributes().get("emulate_write_cache"));
  return text != "0";
}

Result<bool> StorageObject::readonly() const {
  LUNAR_TRY_ASSIGN(text, info("readonly"));
  return text.value_or("0") != "0";
}

Result<bool> StorageObject::nullio() const {
  LUNAR_TRY_ASSIGN(text, info("nullio"));
  return text.value_or("0") != "0";
}

Result<bool> StorageObject::aio() const {
  LUNAR_TRY_ASSIGN(text, info("Async"));
  return text.value_or("0") != "0";
}

Result<std::string> StorageObject::config() const {
  LUNAR_TRY_ASSIGN(text, info("Config"));
  return text.value_or("") == "NULL" ? std::string() : text.value_or("");
}

Result<bool> StorageObject::alua_supported() const {
  if (plugin_ != plugin_name(Plugin::kPscsi) && plugin_ != plugin_name(Plugin::kUser)) return true;
  const Result<std::string> support = attributes().get("alua_support");
  if (!support && support.error().err != 0) return support.error();
  return support.value_or("0") == "1";
}

Result<std::vector<AluaGroup>> StorageObject::alua_groups() const {
  LUNAR_TRY_ASSIGN(supported, alua_supported());
  if (!supported) return std::vector<AluaGroup>{};
  LUNAR_TRY_ASSIGN(names, list_directories(fs(), path_ + "/alua"));
  std::vector<AluaGroup> out;
  for (const std::string& name : names) out.emplace_back(context_, path_ + "/alua/" + name, name);
  return out;
}

Result<AluaGroup> StorageObject::create_alua_group(const std::string& name, int tag) const {
  LUNAR_TRY_ASSIGN(supported, alua_supported());
  if (!supported) return make_error("Backend does not support ALUA setup");
  if (tag < 1 || tag > 65535) return make_error("The TPG Tag must be between 1 and 65535");
  AluaGroup group(context_, path_ + "/alua/" + name, name);
  LUNAR_TRY(group.create_directory("ALUATargetPortGroup"));
  const Status numbered = group.write("tg_pt_gp_id", std::to_string(tag));
  if (numbered) return group;
  fs().rmdir(group.path()).ignore();
  Error error = numbered.error();
  error.text = "Cannot set id to " + std::to_string(tag);
  error.hint = "the number is taken by another group of this storage object, or is not allowed";
  error.by_number = true;
  return error;
}

Result<std::vector<Lun>> StorageObject::attached_luns() const {
  std::vector<Lun> out;
  LUNAR_TRY_ASSIGN(fabrics, list_directories(fs(), ""));
  for (const std::string& fabric : fabrics) {
    if (fabric == "core") continue;
    LUNAR_TRY_ASSIGN(targets, list_directories(fs(), fabric));
    for (const std::string& target : targets) {
      LUNAR_TRY(collect_luns(context_, fabric + "/" + target, path_, out));
    }
  }
  return out;
}

Status StorageObject::remove() const {
  LUNAR_TRY_ASSIGN(state, status());
  if (state == "activated") {
    LUNAR_TRY_ASSIGN(luns, attached_luns());
    for (const Lun& lun : luns) LUNAR_TRY(lun.remove());
  }
  LUNAR_TRY_ASSIGN(groups, alua_groups());
  for (const AluaGroup& group : groups) {
    if (group.name() != kDefaultGroup) LUNAR_TRY(group.remove());
  }
  LUNAR_TRY(fs().rmdir(path_));
  const Status removed = fs().rmdir(hba_path());
  if (removed || removed.error().err == ENOTEMPTY) return {};
  return removed;
}

}  // namespace lunar
