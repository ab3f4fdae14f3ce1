// SPDX-License-Identifier: GPL-2.0-or-later
// The live tree as JSON, in rtslib's layout.
#include "json_view.h"
#include "lunar/saveconfig.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kChapKeys[] = {"userid", "password", "mutual_userid", "mutual_password"};

// Numbers become numbers, everything else stays text.
Json number_or_text(const std::string& text) {
  const Result<int64_t> number = parse_number(text);
  return number ? Json(*number) : Json(text);
}

// Files that can be read and written; adds nothing when there are none.
Status add_group(const Group& group, const char* key, bool numbers, Json& out) {
  LUNAR_TRY_ASSIGN(entries, group.entries());
  Json values = Json::object();
  for (const GroupEntry& entry : entries) {
    if (!entry.readable || !entry.writable) continue;
    LUNAR_TRY_ASSIGN(text, group.get(entry.name));
    values[entry.name] = numbers ? number_or_text(text) : Json(text);
  }
  if (!values.empty()) out[key] = std::move(values);
  return {};
}

void add_credentials(const ChapCredentials& chap, const std::string& prefix, Json& out) {
  const std::string* values[] = {&chap.userid, &chap.password, &chap.mutual_userid,
                                 &chap.mutual_password};
  for (size_t i = 0; i < 4; ++i) {
    if (!values[i]->empty()) out[prefix + kChapKeys[i]] = *values[i];
  }
}

template <typename T>
Result<Json> dump_all(const std::vector<T>& objects, Result<Json> (*dump_one)(const T&)) {
  Json out = Json::array();
  for (const T& object : objects) {
    LUNAR_TRY_ASSIGN(one, dump_one(object));
    out.push_back(std::move(one));
  }
  return out;
}

Result<Json> dump_alua_group(const AluaGroup& group) {
  Json out = {{"name", group.name()}};
  const Group settings = group.settings();
  LUNAR_TRY_ASSIGN(entries, settings.entries());
  for (const GroupEntry& entry : entries) {
    if (!entry.writable && entry.name != "tg_pt_gp_id") continue;
    LUNAR_TRY_ASSIGN(text, settings.get(entry.name));
    out[entry.name] = number_or_text(text);
  }
  return out;
}

// A member of a storage object's entry: where it comes from and for which plugins it is there.
struct SoField {
  const char* key;
  const char* plugins;  // names with spaces round them
  Result<Json> (*value)(const StorageObject&);
};

template <auto kGetter>
Result<Json> from(const StorageObject& object) {
  LUNAR_TRY_ASSIGN(value, (object.*kGetter)());
  return Json(value);
}

constexpr SoField kSoFields[] = {
    {"wwn", " block fileio ramdisk user ", from<&StorageObject::wwn>},
    {"dev", " block fileio pscsi ", from<&StorageObject::udev_path>},
    {"size", " fileio ramdisk user ", from<&StorageObject::size>},
    {"write_back", " block fileio ", from<&StorageObject::write_back>},
    {"readonly", " block ", from<&StorageObject::readonly>},
    {"nullio", " ramdisk ", from<&StorageObject::nullio>},  // kept only when it is on
    {"aio", " fileio ", from<&StorageObject::aio>},
    {"config", " user ", from<&StorageObject::config>},
};

// What only programs' devices have: the control parameters that can be read back.
Status add_user_fields(const StorageObject& object, Json& out) {
  LUNAR_TRY_ASSIGN(sectors, object.info("HwMaxSectors"));
  out["hw_max_sectors"] = number_or_text(sectors.value_or(""));
  LUNAR_TRY_ASSIGN(block_size, object.read("attrib/hw_block_size"));
  LUNAR_TRY_ASSIGN(area, object.info("MaxDataAreaMB"));
  LUNAR_TRY_ASSIGN(pages, object.info("DataPagesPerBlk"));
  std::vector<std::string> parts;
  if (area) parts.push_back("max_data_area_mb=" + *area);
  parts.push_back("hw_block_size=" + block_size);
  if (pages) parts.push_back("data_pages_per_blk=" + *pages);
  out["control"] = join(parts, ",");
  return {};
}

Result<Json> dump_storage_object(const StorageObject& object) {
  Json out = {{"name", object.name()}, {"plugin", object.plugin()}};
  LUNAR_TRY(add_group(object.attributes(), "attributes", true, out));
  const std::string plugin = " " + object.plugin() + " ";
  for (const SoField& field : kSoFields) {
    if (std::string_view(field.plugins).find(plugin) == std::string_view::npos) continue;
    LUNAR_TRY_ASSIGN(value, field.value(object));
    out[field.key] = std::move(value);
  }
  if (out.contains("nullio") && !out["nullio"].get<bool>()) out.erase("nullio");
  if (object.plugin() == "user") LUNAR_TRY(add_user_fields(object, out));
  LUNAR_TRY_ASSIGN(groups, object.alua_groups());
  LUNAR_TRY_ASSIGN(dumped, dump_all(groups, dump_alua_group));
  out["alua_tpgs"] = std::move(dumped);
  return out;
}

Result<Json> dump_lun(const Lun& lun) {
  LUNAR_TRY_ASSIGN(object, lun.storage_object());
  LUNAR_TRY_ASSIGN(alias, lun.alias());
  LUNAR_TRY_ASSIGN(group, lun.alua_group());
  Json out = {{"index", lun.index()}, {"alias", alias}, {"storage_object", object.shell_path()}};
  out["alua_tg_pt_gp_name"] = group ? Json(*group) : Json();
  return out;
}

Result<Json> dump_portal(const Portal& portal) {
  LUNAR_TRY_ASSIGN(iser, portal.iser());
  LUNAR_TRY_ASSIGN(offload, portal.offload());
  return Json{{"ip_address", portal.address()},
              {"port", portal.port()},
              {"iser", iser},
              {"offload", offload}};
}

Result<Json> dump_mapped_lun(const MappedLun& mapped) {
  LUNAR_TRY_ASSIGN(alias, mapped.alias());
  LUNAR_TRY_ASSIGN(lun, mapped.tpg_lun());
  LUNAR_TRY_ASSIGN(write_protect, mapped.write_protect());
  return Json{{"index", mapped.index()},
              {"alias", alias},
              {"tpg_lun", lun},
              {"write_protect", write_protect}};
}

Result<Json> dump_acl(const NodeAcl& acl) {
  Json out = {{"node_wwn", acl.wwn()}};
  LUNAR_TRY(add_group(acl.attributes(), "attributes", true, out));
  LUNAR_TRY(add_group(acl.parameters(), "parameters", false, out));
  LUNAR_TRY_ASSIGN(mapped, acl.mapped_luns());
  LUNAR_TRY_ASSIGN(dumped, dump_all(mapped, dump_mapped_lun));
  out["mapped_luns"] = std::move(dumped);
  LUNAR_TRY_ASSIGN(tag, acl.tag());
  if (!tag.empty()) out["tag"] = tag;
  LUNAR_TRY_ASSIGN(chap, acl.credentials());
  add_credentials(chap, "chap_", out);
  return out;
}

Result<Json> dump_tpg(const Tpg& tpg) {
  Json out = {{"tag", tpg.tag()}};
  LUNAR_TRY(add_group(tpg.attributes(), "attributes", true, out));
  LUNAR_TRY(add_group(tpg.parameters(), "parameters", false, out));
  LUNAR_TRY_ASSIGN(enabled, tpg.enabled());
  out["enable"] = enabled;
  LUNAR_TRY_ASSIGN(luns, tpg.luns());
  LUNAR_TRY_ASSIGN(dumped_luns, dump_all(luns, dump_lun));
  out["luns"] = std::move(dumped_luns);
  LUNAR_TRY_ASSIGN(portals, tpg.portals());
  LUNAR_TRY_ASSIGN(dumped_portals, dump_all(portals, dump_portal));
  out["portals"] = std::move(dumped_portals);
  LUNAR_TRY_ASSIGN(acls, tpg.acls());
  LUNAR_TRY_ASSIGN(dumped_acls, dump_all(acls, dump_acl));
  out["node_acls"] = std::move(dumped_acls);
  LUNAR_TRY_ASSIGN(chap, tpg.credentials());
  add_credentials(chap, "chap_", out);
  return out;
}

Result<Json> dump_target(const Target& target) {
  Json out = {{"wwn", target.wwn()}, {"fabric", target.context().fabric}};
  LUNAR_TRY(add_group(target.parameters(), "parameters", false, out));
  LUNAR_TRY_ASSIGN(tpgs, target.tpgs());
  LUNAR_TRY_ASSIGN(dumped, dump_all(tpgs, dump_tpg));
  out["tpgs"] = std::move(dumped);
  return out;
}

Result<Json> dump_fabrics(const Fabric& fabric) {
  Json out = Json::array();
  LUNAR_TRY_ASSIGN(enabled, fabric.discovery_enabled());
  if (!enabled) return out;
  Json one = {{"name", fabric.name()}, {"discovery_enable_auth", true}};
  LUNAR_TRY_ASSIGN(chap, fabric.discovery_credentials());
  add_credentials(chap, "discovery_", one);
  out.push_back(std::move(one));
  return out;
}

// JSON is UTF-8; the kernel's strings are any bytes.
bool is_text(const Json& config) {
  try {
    (void)config.dump();
    return true;
  } catch (const Json::exception&) {
    return false;
  }
}

}  // namespace

Result<Json> dump(const Root& root) {
  Json out = Json::object();
  LUNAR_TRY_ASSIGN(objects, root.storage_objects());
  LUNAR_TRY_ASSIGN(dumped_objects, dump_all(objects, dump_storage_object));
  out["storage_objects"] = std::move(dumped_objects);
  LUNAR_TRY_ASSIGN(targets, root.fabric().targets());
  LUNAR_TRY_ASSIGN(dumped_targets, dump_all(targets, dump_target));
  out["targets"] = std::move(dumped_targets);
  LUNAR_TRY_ASSIGN(fabrics, dump_fabrics(root.fabric()));
  out["fabric_modules"] = std::move(fabrics);
  if (is_text(out)) return out;
  return make_error("The configuration cannot be saved: a name or secret in it is not UTF-8 text");
}

std::string to_text(const Json& config) {
  return config.dump(2, ' ', true, Json::error_handler_t::replace) + "\n";
}

}  // namespace lunar
