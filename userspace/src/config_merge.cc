// SPDX-License-Identifier: GPL-2.0-or-later
#include "config_merge.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>
#include <vector>

#include "json_view.h"

namespace lunar {
namespace {

// A kind of object in the file: the list it is in, the keys that tell it from its neighbours, all
// keys that the library writes, and the kinds below it.
struct Kind {
  const char* list;
  std::vector<const char*> identity;
  std::vector<const char*> known;
  std::vector<const Kind*> below;
};

const Kind kAluaGroup = {
    "alua_tpgs",
    {"name"},
    {"alua_access_state", "alua_access_status", "alua_access_type",
     "alua_support_active_nonoptimized", "alua_support_active_optimized", "alua_support_offline",
     "alua_support_standby", "alua_support_transitioning", "alua_support_unavailable",
     "alua_write_metadata", "implicit_trans_secs", "name", "nonop_delay_msecs", "preferred",
     "tg_pt_gp_id", "trans_delay_msecs"},
    {}};
const Kind kStorageObject = {
    "storage_objects",
    {"plugin", "name"},
    {"aio", "alua_tpgs", "attributes", "config", "control", "dev", "hw_max_sectors", "name",
     "nullio", "plugin", "readonly", "size", "write_back", "wwn"},
    {&kAluaGroup}};
const Kind kFabricModule = {
    "fabric_modules",
    {"name"},
    {"discovery_enable_auth", "discovery_mutual_password", "discovery_mutual_userid",
     "discovery_password", "discovery_userid", "name"},
    {}};
const Kind kLun = {
    "luns", {"index"}, {"alias", "alua_tg_pt_gp_name", "index", "storage_object"}, {}};
const Kind kPortal = {
    "portals", {"ip_address", "port"}, {"ip_address", "iser", "offload", "port"}, {}};
const Kind kMappedLun = {
    "mapped_luns", {"index"}, {"alias", "index", "tpg_lun", "write_protect"}, {}};
const Kind kAcl = {"node_acls",
                   {"node_wwn"},
                   {"attributes", "chap_mutual_password", "chap_mutual_userid", "chap_password",
                    "chap_userid", "mapped_luns", "node_wwn", "parameters", "tag"},
                   {&kMappedLun}};
const Kind kTpg = {"tpgs",
                   {"tag"},
                   {"attributes", "chap_mutual_password", "chap_mutual_userid", "chap_password",
                    "chap_userid", "enable", "luns", "node_acls", "parameters", "portals", "tag"},
                   {&kLun, &kPortal, &kAcl}};
const Kind kTarget = {
    "targets", {"fabric", "wwn"}, {"fabric", "parameters", "tpgs", "wwn"}, {&kTpg}};
const Kind kTop = {"",
                   {},
                   {"fabric_modules", "storage_objects", "targets"},
                   {&kStorageObject, &kFabricModule, &kTarget}};

std::string identity(const Kind& kind, const Json& object) {
  std::string out;
  for (const char* key : kind.identity) out += plain(member(object, key)) + "\n";
  return out;
}

void carry_object(const Kind& kind, const Json& old, Json& fresh) {
  if (!old.is_object()) return;
  for (const auto& [key, value] : old.items()) {
    const bool known = std::any_of(kind.known.begin(), kind.known.end(),
                                   [&key = key](const char* name) { return key == name; });
    if (!known && !fresh.contains(key)) fresh[key] = value;
  }
  for (const Kind* below : kind.below) {
    std::map<std::string, const Json*> before;
    for (const Json& item : list_member(old, below->list)) {
      before.emplace(identity(*below, item), &item);
    }
    if (before.empty() || !fresh.contains(below->list)) continue;
    for (Json& item : fresh[below->list]) {
      const auto found = before.find(identity(*below, item));
      if (found != before.end()) carry_object(*below, *found->second, item);
    }
  }
}

std::string so_path(const Json& object) {
  return "/backstores/" + string_member(object, "plugin").value_or("") + "/" +
         string_member(object, "name").value_or("");
}

bool uses(const Json& target, const std::string& path) {
  for (const Json& tpg : list_member(target, "tpgs")) {
    for (const Json& lun : list_member(tpg, "luns")) {
      if (string_member(lun, "storage_object") == path) return true;
    }
  }
  return false;
}

template <typename Matches>
const Json* first(const Json& config, const char* list, const Matches& matches) {
  for (const Json& item : list_member(config, list)) {
    if (matches(item)) return &item;
  }
  return nullptr;
}

// Puts `item` in the place of the first match, at the end without one; no item removes the match.
template <typename Matches>
void put(Json& config, const char* list, const Json* item, const Matches& matches) {
  if (!member(config, list).is_array()) config[list] = Json::array();
  Json& items = config[list];
  const auto found = std::find_if(items.begin(), items.end(), matches);
  if (found != items.end() && item != nullptr) {
    *found = *item;
  } else if (found != items.end()) {
    items.erase(found);
  } else if (item != nullptr) {
    items.push_back(*item);
  }
}

}  // namespace

void carry_over(const Json& old, const std::string& fabric, Json& fresh) {
  carry_object(kTop, old, fresh);
  for (const Json& target : list_member(old, "targets")) {
    const std::string name = string_member(target, "fabric").value_or(fabric);
    if (name != fabric && name != "iscsi") fresh["targets"].push_back(target);
  }
}

Json merge_storage_object(const Json& old, const Json& fresh, const std::string& path) {
  Json out = old.is_object() ? old : Json{{"storage_objects", Json::array()}};
  const auto is_object = [&](const Json& item) { return so_path(item) == path; };
  const auto is_target = [&](const Json& item) { return uses(item, path); };
  const Json* object = first(fresh, "storage_objects", is_object);
  const Json* target = object == nullptr ? nullptr : first(fresh, "targets", is_target);
  const bool saved = first(out, "storage_objects", is_object) != nullptr;
  put(out, "storage_objects", object, is_object);
  if (target != nullptr) {
    const std::string id = identity(kTarget, *target);
    put(out, "targets", target, [&](const Json& item) { return identity(kTarget, item) == id; });
  } else if (saved) {
    put(out, "targets", nullptr, is_target);
  }
  return out;
}

}  // namespace lunar
