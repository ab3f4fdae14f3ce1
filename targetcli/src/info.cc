// SPDX-License-Identifier: GPL-2.0-or-later
// `info`: a node's scalar settings, sorted by name, in the spelling that scripts know (True,
// False).
#include <map>

#include "command.h"
#include "error.h"
#include "handlers.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

using Facts = std::map<std::string, std::string>;

std::string python(bool value) { return value ? "True" : "False"; }

void add_chap(Facts& facts, const ChapCredentials& chap) {
  const std::pair<const char*, const std::string*> kParts[] = {
      {"chap_userid", &chap.userid},
      {"chap_password", &chap.password},
      {"chap_mutual_userid", &chap.mutual_userid},
      {"chap_mutual_password", &chap.mutual_password}};
  for (const auto& [name, value] : kParts)
    if (!value->empty()) facts[name] = *value;
}

void add_fileio(Facts& facts, const StorageObject& object) {
  facts["aio"] = python(must(object.aio()));
  facts["size"] = std::to_string(must(object.size()));
  facts["write_back"] = python(must(object.write_back()));
}

void add_block(Facts& facts, const StorageObject& object) {
  facts["readonly"] = python(must(object.readonly()));
  facts["write_back"] = python(must(object.write_back()));
}

void add_ramdisk(Facts& facts, const StorageObject& object) {
  facts["size"] = std::to_string(must(object.size()));
  if (must(object.nullio())) facts["nullio"] = "True";
}

void add_user(Facts& facts, const StorageObject& object) {
  facts["config"] = must(object.config());
  facts["size"] = std::to_string(must(object.size()));
}

Facts object_facts(const UiNode& node) {
  const auto& object = node.as<StorageObject>();
  Facts facts = {{"name", object.name()}, {"plugin", object.plugin()}};
  if (object.plugin() != "pscsi") facts["wwn"] = must(object.wwn());
  std::string dev = object.udev_path().value_or("");
  if (object.plugin() != "ramdisk" && object.plugin() != "user") facts["dev"] = dev;
  using Adder = void (*)(Facts&, const StorageObject&);
  static const std::map<std::string, Adder> kAdders = {
      {"fileio", add_fileio}, {"block", add_block}, {"ramdisk", add_ramdisk}, {"user", add_user}};
  auto adder = kAdders.find(object.plugin());
  if (adder != kAdders.end()) adder->second(facts, object);
  return facts;
}

Facts alua_facts(const UiNode& node) {
  const auto& group = node.as<AluaGroup>();
  Facts facts = {{"name", group.name()}};
  for (const GroupEntry& entry : must(group.settings().entries()))
    if (entry.writable || entry.name == "tg_pt_gp_id")
      facts[entry.name] = must(group.settings().get(entry.name));
  return facts;
}

Facts target_facts(const UiNode& node) {
  return {{"fabric", node.parent->name}, {"wwn", node.as<Target>().wwn()}};
}

Facts tpg_facts(const UiNode& node) {
  const Tpg& tpg = node.as<Tpg>();
  Facts facts = {{"enable", python(must(tpg.enabled()))}, {"tag", std::to_string(tpg.tag())}};
  add_chap(facts, must(tpg.credentials()));
  return facts;
}

Facts acl_facts(const UiNode& node) {
  Facts facts;
  const NodeAcl& acl = node.acls().front();
  std::string tag = must(acl.tag());
  if (!tag.empty()) facts["tag"] = tag;
  add_chap(facts, must(acl.credentials()));
  return facts;
}

Facts lun_facts(const UiNode& node) {
  const auto& lun = node.as<Lun>();
  return {{"alias", must(lun.alias())},
          {"alua_tg_pt_gp_name", must(lun.alua_group()).value_or("None")},
          {"index", std::to_string(lun.index())},
          {"storage_object", must(lun.storage_object()).shell_path()}};
}

Facts mapped_lun_facts(const UiNode& node) {
  const auto& mapped = node.as<MappedLun>();
  return {{"alias", must(mapped.alias())},
          {"index", std::to_string(mapped.index())},
          {"tpg_lun", std::to_string(must(mapped.tpg_lun()))},
          {"write_protect", python(must(mapped.write_protect()))}};
}

Facts portal_facts(const UiNode& node) {
  const auto& portal = node.as<Portal>();
  return {{"ip_address", portal.address()},
          {"iser", python(must(portal.iser()))},
          {"offload", python(must(portal.offload()))},
          {"port", std::to_string(portal.port())}};
}

void fabric_info(Call& call) {
  Fabric fabric = call.root().fabric();
  call.out.info("Fabric module name: " + fabric.name());
  call.out.info("ConfigFS path: " + call.root().fs().root() + "/" + fabric.path());
  call.out.info("Allowed WWN types: iqn, naa, eui");
  call.out.info(
      "Fabric module features: discovery_auth, acls, auth, nps, tpgts, cpus_allowed_list");
  call.out.info("Corresponding kernel module: " + call.root().options().fabric_module);
}

/** What is known of a fabric that is only shown. */
struct OtherFabric {
  const char* name;
  const char* features;
  const char* module;
};

void other_fabric_info(Call& call) {
  constexpr OtherFabric kFabrics[] = {
      {"loopback", "nexus", "tcm_loop"},
      {"vhost", "nexus, acls, tpgts", "tcm_vhost"},
      {"xen-pvscsi", "nexus, tpgts", "xen-scsiback"},
  };
  for (const OtherFabric& fabric : kFabrics) {
    if (call.node->name != fabric.name) continue;
    call.out.info(std::string("Fabric module name: ") + fabric.name);
    call.out.info("ConfigFS path: " + call.root().fs().root() + "/" + fabric.name);
    call.out.info("Allowed WWN types: naa");
    call.out.info(std::string("Fabric module features: ") + fabric.features);
    call.out.info(std::string("Corresponding kernel module: ") + fabric.module);
  }
}

using Collector = Facts (*)(const UiNode&);

const std::map<Kind, Collector>& collectors() {
  static const std::map<Kind, Collector> kCollectors = {{Kind::kStorageObject, object_facts},
                                                        {Kind::kAluaGroup, alua_facts},
                                                        {Kind::kTarget, target_facts},
                                                        {Kind::kTpg, tpg_facts},
                                                        {Kind::kAcl, acl_facts},
                                                        {Kind::kLun, lun_facts},
                                                        {Kind::kMappedLun, mapped_lun_facts},
                                                        {Kind::kPortal, portal_facts}};
  return kCollectors;
}

}  // namespace

void do_info(Call& call) {
  if (call.node->kind == Kind::kFabric) return fabric_info(call);
  if (call.node->kind == Kind::kOtherFabric) return other_fabric_info(call);
  for (const auto& [name, value] : collectors().at(call.node->kind)(*call.node))
    call.out.info(name + ": " + value);
  if (call.node->kind != Kind::kAcl) return;
  call.out.info("wwns:");
  for (const NodeAcl& acl : call.node->acls()) call.out.info(acl.wwn());
}

}  // namespace lunar::cli
