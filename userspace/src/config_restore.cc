// SPDX-License-Identifier: GPL-2.0-or-later
// From JSON into the tree: storage objects and the fabric's settings. The error texts are rtslib's.
#include "config_restore.h"

#include <algorithm>

#include "json_view.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kDefaultGroup = "default_tg_pt_gp";
// The setting of discovery_auth that a key of a fabric module stands for.
struct FabricKey {
  const char* key;
  const char* setting;
};
constexpr FabricKey kFabricKeys[] = {
    {"discovery_userid", "userid"},
    {"discovery_password", "password"},
    {"discovery_mutual_userid", "mutual_userid"},
    {"discovery_mutual_password", "mutual_password"},
    {"discovery_enable_auth", "enable"},
};

Error bad_form(const std::string& what) {
  return make_error("This is no saved configuration: " + what);
}

// Nothing is touched before the outline is known to be right.
Status check_form(const Json& config) {
  if (!config.is_object()) return bad_form("it is not a JSON object");
  for (const std::string& key : configuration_keys()) {
    const Json& list = member(config, key.c_str());
    if (list.is_null()) continue;
    if (!list.is_array()) return bad_form("'" + key + "' is not a list");
    for (const Json& item : list) {
      if (!item.is_object()) {
        return bad_form("'" + key + "' holds something that is not an object");
      }
    }
  }
  return {};
}

std::optional<uint64_t> size_member(const Json& object) {
  const std::optional<int64_t> size = integer_member(object, "size");
  if (!size || *size < 0) return std::nullopt;
  return static_cast<uint64_t>(*size);
}

Error missing(const char* key) { return make_error(std::string("'") + key + "' is missing"); }

}  // namespace

const std::vector<std::string>& configuration_keys() {
  static const std::vector<std::string> kKeys = {"storage_objects", "fabric_modules", "targets"};
  return kKeys;
}

void Restorer::fail(const std::string& text) {
  report_.errors.push_back(text + ", skipped");
  report_.partial = true;
}

void Restorer::conflict(const std::string& text) {
  report_.errors.push_back(text);
  ++report_.existing;
}

void Restorer::not_ours(const std::string& text) { report_.errors.push_back(text + ", skipped"); }

Status Restorer::index_objects() {
  LUNAR_TRY_ASSIGN(objects, root_.storage_objects());
  for (const StorageObject& object : objects) {
    objects_.emplace(object.plugin() + "/" + object.name(), object);
  }
  return {};
}

RestoreReport Restorer::run(const Json& config) {
  const Root::Batch batch(root_);
  const std::vector<std::string>& known = configuration_keys();
  for (const auto& [key, value] : config.items()) {
    if (std::find(known.begin(), known.end(), key) == known.end()) {
      report_.unknown_keys.push_back(key);
    }
  }
  if (const Status indexed = index_objects(); !indexed) {
    fail(indexed.error().brief());
    return report_;
  }
  storage_objects(list_member(config, "storage_objects"));
  const Json& fabrics = list_member(config, "fabric_modules");
  for (size_t i = 0; i < fabrics.size(); ++i) fabric(fabrics[i], i);
  targets(list_member(config, "targets"));
  return report_;
}

void Restorer::storage_objects(const Json& list) {
  for (size_t i = 0; i < list.size(); ++i) {
    const std::optional<std::string> name = string_member(list[i], "name");
    if (!name) {
      fail("'name' not defined in storage object " + std::to_string(i));
    } else if (all() || *name == options_.storage_object) {
      storage_object(list[i], *name);
      if (!options_.storage_object.empty()) return;
    }
  }
}

void Restorer::storage_object(const Json& from, const std::string& name) {
  const std::string given = string_member(from, "plugin").value_or("");
  const std::optional<Plugin> plugin = plugin_from_name(given);
  if (!plugin) {
    fail("'plugin' not defined or invalid in storageobject " + name);
    return;
  }
  const std::string key = std::string(plugin_name(*plugin)) + "/" + name;
  if (objects_.contains(key)) {
    conflict("storageobject '" + std::string(plugin_name(*plugin)) + ":" + name +
             "' exist not restoring");
    return;
  }
  const Result<StorageObject> made = create(from, *plugin, name);
  if (!made) {
    fail("Could not create StorageObject " + name + ": " + made.error().numbered());
    return;
  }
  ++report_.storage_objects;
  objects_.emplace(key, *made);
  set_all(made->attributes(), object_member(from, "attributes"), [&](const std::string& text) {
    fail("Storage Object " + given + "/" + name + ": " + text);
  });
  for (const Json& group : list_member(from, "alua_tpgs")) alua_group(*made, group);
}

Result<StorageObject> Restorer::create(const Json& from, Plugin plugin, const std::string& name) {
  const std::string wwn = string_member(from, "wwn").value_or("");
  const std::string dev = string_member(from, "dev").value_or("");
  const std::optional<uint64_t> size = size_member(from);
  const bool needs_dev =
      plugin == Plugin::kBlock || plugin == Plugin::kFileio || plugin == Plugin::kPscsi;
  if (needs_dev && dev.empty()) return missing("dev");
  const bool needs_size = plugin == Plugin::kRamdisk || plugin == Plugin::kUser;
  if (needs_size && !size) return missing("size");
  switch (plugin) {
    case Plugin::kBlock:
      return root_.create_block({name, dev, truth_member(from, "readonly", false), wwn});
    case Plugin::kFileio: {
      FileioParams params;
      params.name = name;
      params.dev = dev;
      params.size = size;
      params.write_back = truth_member(from, "write_back", false);
      params.aio = truth_member(from, "aio", false);
      params.wwn = wwn;
      return root_.create_fileio(params);
    }
    case Plugin::kRamdisk:
      return root_.create_ramdisk({name, *size, truth_member(from, "nullio", false), wwn});
    case Plugin::kPscsi:
      return root_.create_pscsi({name, dev});
    case Plugin::kUser:
      break;
  }
  return root_.create_user({name, string_member(from, "config").value_or(""), *size, wwn,
                            integer_member(from, "hw_max_sectors"),
                            string_member(from, "control").value_or("")});
}

// A new group starts with the schema's defaults: what the file has the same need not be written.
void Restorer::alua_group(const StorageObject& object, const Json& from) {
  const std::optional<std::string> name = string_member(from, "name");
  if (!name) {
    fail("'name' not defined in an alua tpg of storage object " + object.name());
    return;
  }
  if (!object.alua_supported().value_or(false)) return;
  AluaGroup group(&object.context(), object.path() + "/alua/" + *name, *name);
  if (*name != kDefaultGroup) {
    const int tag = to_int(integer_member(from, "tg_pt_gp_id").value_or(0));
    const Result<AluaGroup> made = object.create_alua_group(*name, tag);
    if (!made) {
      fail("Could not create alua tpg '" + *name + "': " + made.error().brief());
      return;
    }
  }
  for (const auto& [key, value] : from.items()) {
    if (key == "name" || key == "tg_pt_gp_id" || value.is_null()) continue;
    const AttributeSpec* spec = object.context().schema->attribute("tg-pt-group", "", key);
    const std::string text = plain(value);
    if (spec != nullptr && group.settings().get(key).value_or("") == text) continue;
    if (!group.settings().set_raw(key, text)) {
      fail("Could not set attribute '" + key + "' for alua tpg '" + *name + "'");
    }
  }
}

void Restorer::fabric(const Json& from, size_t index) {
  const std::optional<std::string> name = string_member(from, "name");
  if (!name) {
    fail("'name' not defined in fabricmodule " + std::to_string(index));
    return;
  }
  if (*name != root_.fabric().name() && *name != "iscsi") return;
  if (const Status there = root_.ensure_fabric(); !there) {
    fail(there.error().brief());
    return;
  }
  for (const FabricKey& known : kFabricKeys) {
    if (!from.contains(known.key)) continue;
    if (!root_.fabric().discovery_auth().set(known.setting, plain(from[known.key]))) {
      fail("Could not set fabric " + *name + " attribute '" + known.key + "'");
    }
  }
}

void Restorer::set_all(const Group& group, const Json& values, const Fail& failed) {
  for (const auto& [name, value] : values.items()) {
    const Status done = group.set_raw(name, plain(value));
    if (!done) failed(done.error().numbered());
  }
}

Result<RestoreReport> restore(Root& root, const Json& config, const RestoreOptions& options) {
  LUNAR_TRY(check_form(config));
  if (options.clear_existing) {
    LUNAR_TRY(clear_existing(root, options.target, options.storage_object));
  }
  return Restorer(root, options).run(config);
}

Status clear_existing(Root& root, const std::string& target, const std::string& storage_object) {
  if (target.empty() && storage_object.empty()) return root.clear();
  if (!target.empty()) {
    LUNAR_TRY_ASSIGN(found, root.fabric().find_target(target));
    if (found) LUNAR_TRY(found->remove());
  }
  if (root.fabric().exists()) LUNAR_TRY(root.fabric().clear_discovery_auth());
  if (storage_object.empty()) return {};
  LUNAR_TRY_ASSIGN(objects, root.storage_objects());
  for (const StorageObject& object : objects) {
    if (object.name() == storage_object) return object.remove();
  }
  return {};
}

}  // namespace lunar
