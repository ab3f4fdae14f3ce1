// SPDX-License-Identifier: GPL-2.0-or-later
// The part of the kernel's behaviour that unit tests lean on. Where stock LIO and this file
// disagree, stock LIO is right: the virtual machine tests run the same library on it.
#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "fake_item.h"
#include "lunar/text.h"

namespace lunar::fake {
namespace {

using Setting = std::pair<const char*, const char*>;

// What a device reads once it is configured.
struct Configured {
  const char* kind;
  std::array<Setting, 10> settings;
};
constexpr Configured kConfigured[] = {
    {"device-fileio",
     {{{"hw_block_size", "512"},
       {"hw_max_sectors", "16384"},
       {"is_nonrot", "0"},
       {"max_unmap_block_desc_count", "1"},
       {"max_unmap_lba_count", "8192"},
       {"max_write_same_len", "4096"},
       {"optimal_sectors", "16384"},
       {"unmap_granularity", "1"}}}},
    {"device-rd_mcp",
     {{{"hw_block_size", "512"},
       {"hw_max_sectors", "4294967288"},
       {"is_nonrot", "1"},
       {"max_unmap_block_desc_count", "0"},
       {"max_unmap_lba_count", "0"},
       {"max_write_same_len", "0"},
       {"optimal_sectors", "4294967288"},
       {"unmap_granularity", "0"}}}},
    {"device-iblock",
     {{{"hw_block_size", "512"},
       {"hw_queue_depth", "256"},
       {"queue_depth", "256"},
       {"hw_max_sectors", "2048"},
       {"is_nonrot", "1"},
       {"max_unmap_block_desc_count", "0"},
       {"max_unmap_lba_count", "0"},
       {"max_write_same_len", "65535"},
       {"optimal_sectors", "2048"},
       {"unmap_granularity", "0"}}}},
};

// The control parameter without which a device cannot be configured.
constexpr Setting kNeeded[] = {
    {"device-iblock", "udev_path"}, {"device-fileio", "fd_dev_name"},
    {"device-rd_mcp", "rd_pages"},  {"device-pscsi", "scsi_host_id"},
    {"device-user", "dev_config"},
};

// What cannot change while a LUN uses the device.
constexpr const char* kFixedWhileExported[] = {
    "block_size",        "emulate_model_alias", "emulate_tas",  "emulate_ua_intlck_ctrl",
    "force_pr_aptpl",    "optimal_sectors",     "pi_prot_type", "queue_depth",
    "unmap_zeroes_data", "vpd_unit_serial",
};

template <typename List>
bool listed(const List& list, std::string_view name) {
  return std::any_of(std::begin(list), std::end(list),
                     [&](const char* item) { return name == item; });
}

std::string trimmed(std::string_view value) {
  while (value.ends_with('\n')) value.remove_suffix(1);
  return std::string(value);
}

std::string get(const std::map<std::string, std::string>& state, const std::string& key,
                const std::string& otherwise) {
  const auto found = state.find(key);
  return found == state.end() ? otherwise : found->second;
}

bool is_set(const std::string& credential) {
  return !credential.empty() && !credential.starts_with("NULL");
}

bool is_device(std::string_view kind) { return kind.starts_with("device-"); }

// "[::1]:3260" or "10.0.0.1:3260".
bool is_portal(const std::string& name) {
  const size_t colon = name.rfind(':');
  if (colon == std::string::npos || !is_ip_address(name.substr(0, colon))) return false;
  const Result<int64_t> port = parse_number(name.substr(colon + 1));
  return port && *port >= 0 && *port <= 65535;
}

}  // namespace

void FakeConfigfs::Rules::born(Item& node) const {
  const std::string& kind = node.node->kind;
  const auto set = [&](const char* path, const std::string& value) {
    if (Item* file = node.at(path)) file->value = value;
  };
  if (kind == "root") {
    set("version", "Target Engine Core ConfigInfrastructure v5.0 on Linux/x86_64 on " +
                       std::to_string(kernel_.major) + "." + std::to_string(kernel_.minor) + ".0");
  } else if (kind.starts_with("hba-")) {
    set("hba_info", "HBA Index: 1 plugin: " + kind.substr(4) + " version: v5.0");
  } else if (kind == "iscsi") {
    set("cpus_allowed_list", "0-1");
  } else if (kind == "tg-pt-group" && node.born) {
    set("tg_pt_gp_id", "0");
  } else if (kind == "iscsi-acl") {
    set("info", "No active iSCSI Session for Initiator Endpoint: " + node.name);
  }
}

int FakeConfigfs::Rules::may_make(const Item& parent, const ChildSpec& child,
                                  const std::string& name) const {
  if (child.kind != "iscsi-portal") return 0;
  if (!is_portal(name)) return EINVAL;
  // One address and port belong to one portal group of a target.
  const Item* target = parent.parent->parent;
  for (const auto& [key, tpg] : target->children) {
    const Item* portals = tpg->at("np");
    if (portals != nullptr && portals->child(name) != nullptr) return EEXIST;
  }
  return 0;
}

// LUNs in an ALUA group that goes fall back to the default one.
void FakeConfigfs::Rules::gone(Item& node) const {
  if (node.node->kind != "tg-pt-group") return;
  for (Item* link : node.parent->owner()->links) {
    Item* file = link->parent->child("alua_tg_pt_gp");
    if (file != nullptr && file->value == node.name) file->value = "default_tg_pt_gp";
  }
}

int FakeConfigfs::Rules::control(Item& device, const std::string& text) const {
  std::string rest = trimmed(text);
  while (!rest.empty()) {
    const size_t comma = std::min(rest.find(','), rest.size());
    const std::string part = rest.substr(0, comma);
    rest.erase(0, comma + 1);
    const size_t equals = part.find('=');
    const std::string key = part.substr(0, equals);
    const std::string value = equals == std::string::npos ? "" : part.substr(equals + 1);
    for (const AttributeSpec& spec : device.node->controls) {
      if (spec.name != key) continue;
      if (!spec.validate(value)) return EINVAL;
      device.state[key] = value;
    }
  }
  return 0;
}

int FakeConfigfs::Rules::enable(Item& device) const {
  for (const auto& [kind, key] : kNeeded) {
    if (device.node->kind == kind && !device.state.contains(key)) return EINVAL;
  }
  for (const Configured& configured : kConfigured) {
    if (device.node->kind != configured.kind) continue;
    for (const auto& [name, value] : configured.settings) {
      Item* file = name == nullptr ? nullptr : device.at(std::string("attrib/") + name);
      if (file != nullptr) file->value = value;
    }
  }
  device.child("enable")->value = "1";
  return 0;
}

int FakeConfigfs::Rules::store_device(Item& file, const std::string& value, bool* done) const {
  Item& device = *file.owner();
  *done = true;
  if (file.name == "control") return control(device, value);
  if (file.name == "enable" && file.parent == &device) {
    return value.find('1') == std::string::npos ? EINVAL : enable(device);
  }
  if (!device.links.empty() && listed(kFixedWhileExported, file.name)) return EINVAL;
  if ((file.name == "emulate_tpu" || file.name == "emulate_tpws") && value == "1" &&
      device.get("attrib/max_unmap_block_desc_count") == "0") {
    return ENOSYS;
  }
  *done = false;
  return 0;
}

int FakeConfigfs::Rules::store_iscsi(Item& file, const std::string& value, bool* done) const {
  Item& node = *file.owner();
  const std::string& kind = node.node->kind;
  if (file.name == "tag" && kind == "iscsi-acl") {
    *done = true;
    file.value = value == "NULL" ? "" : value;
  } else if (file.name == "alua_tg_pt_gp") {
    *done = true;
    const auto link = std::find_if(node.children.begin(), node.children.end(), [](const auto& it) {
      return it.second->type == FileType::kSymlink;
    });
    if (link == node.children.end()) return ENODEV;
    const std::string group = value == "NULL" ? "default_tg_pt_gp" : value;
    if (link->second->target->at("alua/" + group) == nullptr) return ENODEV;
    file.value = group;
  } else if (kind == "iscsi-tpg" && file.name == "authentication") {
    node.at("param/AuthMethod")->value = value == "0" ? "CHAP,None" : "CHAP";
  } else if (kind == "iscsi-tpg" && file.name == "generate_node_acls" && value == "1") {
    node.at("attrib/cache_dynamic_acls")->value = "1";
  }
  return 0;
}

int FakeConfigfs::Rules::store_special(Item& file, const std::string& value, bool* done) const {
  const std::string& kind = file.node->kind;
  if (is_device(kind)) return store_device(file, value, done);
  if (kind.starts_with("iscsi")) return store_iscsi(file, value, done);
  if (kind == "tg-pt-group" && file.name == "tg_pt_gp_id") {
    if (!file.value.empty()) return EINVAL;
    for (const auto& [name, group] : file.parent->parent->children) {
      if (group->get("tg_pt_gp_id") == value) return EINVAL;
    }
  }
  if (kind == "root" && file.name == "dbroot") {
    for (const auto& [name, hba] : file.parent->at("core")->children) {
      if (hba->node->kind.starts_with("hba-")) return EINVAL;
    }
  }
  return 0;
}

int FakeConfigfs::Rules::store(Item& file, std::string_view raw) const {
  const AttributeSpec& spec = *file.attribute;
  const std::string value = trimmed(raw);
  bool done = false;
  const bool valid = spec.validate(value).ok();
  const bool own_check = file.name == "enable" || file.name == "control";
  if (!valid && !own_check) return EINVAL;
  if (const int err = store_special(file, value, &done); err != 0 || done) return err;
  file.value = spec.type == ValueType::kIndex
                   ? spec.values[static_cast<size_t>(*parse_number(value))]
                   : value;
  return 0;
}

namespace {

// `info` of a device: two blocks of a few words each, as every backstore writes them.
template <typename Item>
std::string device_info(const Item& device) {
  const auto state = [&](const char* key, const char* otherwise) {
    return get(device.state, key, otherwise);
  };
  std::string text = device.links.empty() ? "Status: DEACTIVATED" : "Status: ACTIVATED";
  text += "  Max Queue Depth: 0  SectorSize: " + device.get("attrib/block_size") +
          "  HwMaxSectors: " + device.get("attrib/hw_max_sectors") + "\n        ";
  const std::string& kind = device.node->kind;
  if (kind == "device-fileio") {
    const bool buffered = state("fd_buffered_io", "0") == "1";
    return text + "TCM FILEIO ID: 0        File: " + state("fd_dev_name", "") +
           "  Size: " + state("fd_dev_size", "0") +
           "  Mode: " + (buffered ? "Buffered-WCE" : "O_DSYNC") +
           " Async: " + state("fd_async_io", "0");
  }
  if (kind == "device-rd_mcp") {
    return text + "TCM RamDisk ID: 0  RamDisk Makeup: rd_mcp\n        PAGES/PAGE_SIZE: " +
           state("rd_pages", "0") + "*4096  SG_table_count: 1  nullio: " + state("rd_nullio", "0") +
           " dummy: 0";
  }
  if (kind == "device-iblock") {
    const std::string path = state("udev_path", "");
    return text + "iBlock device: " + path.substr(path.rfind('/') + 1) + "  UDEV PATH: " + path +
           "  readonly: " + state("readonly", "0") + "\n        Major: 8 Minor: 0  CLAIMED: IBLOCK";
  }
  if (kind == "device-user") {
    return text + "Config: " + state("dev_config", "NULL") + " Size: " + state("dev_size", "0") +
           " MaxDataAreaMB: 8";
  }
  return text + "SCSI Device Bus Location: Channel ID: " + state("scsi_channel_id", "0") +
         " Target ID: " + state("scsi_target_id", "0") + " LUN: " + state("scsi_lun_id", "0") +
         " Host ID: " + state("scsi_host_id", "0");
}

}  // namespace

int FakeConfigfs::Rules::show(const Item& file, std::string* text) const {
  const AttributeSpec& spec = *file.attribute;
  const Item& node = *file.owner();
  std::string value = file.value;
  if (is_device(node.node->kind) && file.parent == &node && file.name == "info") {
    value = device_info(node);
  } else if (file.name == "authenticate_target") {
    const bool both =
        is_set(file.parent->get("userid_mutual")) && is_set(file.parent->get("password_mutual"));
    value = both ? "1" : "0";
  } else if (file.name.starts_with("alua_tg_pt_")) {
    const bool has_device = std::any_of(node.children.begin(), node.children.end(), [](auto& it) {
      return it.second->type == FileType::kSymlink;
    });
    if (!has_device) return ENODEV;
    if (file.name == "alua_tg_pt_gp") value = "TG Port Alias: " + value + "\nTG Port Group ID: 0";
  }
  const bool nothing =
      value.empty() && spec.prefix.empty() &&
      (file.name.starts_with("vpd_") || file.name == "alias" || file.name == "udev_path" ||
       file.name == "tg_pt_gp_id" || file.name == "lba_map");
  *text = nothing ? "" : spec.prefix + value + (spec.newline ? "\n" : "");
  return 0;
}

int FakeConfigfs::Rules::may_link(const Item& dir, const Item& target) const {
  const bool node_itself = target.dir == &target.node->dir;
  const std::vector<std::string>& kinds = dir.dir->links;
  if (!node_itself || std::find(kinds.begin(), kinds.end(), target.node->kind) == kinds.end()) {
    return EFAULT;
  }
  const auto is_link = [](const auto& it) { return it.second->type == FileType::kSymlink; };
  const auto links = std::count_if(dir.children.begin(), dir.children.end(), is_link);
  if (is_device(target.node->kind)) {
    if (target.get("enable") != "1") return ENODEV;
  } else if (std::none_of(target.children.begin(), target.children.end(), is_link)) {
    return EINVAL;
  }
  if (dir.dir->max_links != 0 && static_cast<size_t>(links) >= dir.dir->max_links) return EEXIST;
  const auto tpg_of = [](const Item* item) {
    while (item->parent != nullptr && item->node->kind != "iscsi-tpg") item = item->parent;
    return item->owner();
  };
  if (dir.dir->links_same_tpg && tpg_of(&dir) != tpg_of(&target)) return EINVAL;
  return 0;
}

void FakeConfigfs::Rules::linked(Item& dir) const {
  if (Item* group = dir.child("alua_tg_pt_gp")) group->value = "default_tg_pt_gp";
  Item* protect = dir.child("write_protect");
  if (protect == nullptr) return;
  Item* tpg = dir.parent->parent->parent;
  protect->value = tpg->get("attrib/prod_mode_write_protect");
}

}  // namespace lunar::fake
