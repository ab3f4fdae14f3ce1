// SPDX-License-Identifier: GPL-2.0-or-later
#include "summary.h"

#include <map>

#include "error.h"
#include "text.h"

namespace lunar::cli {
namespace {

std::string count(const char* what, std::size_t n) {
  return std::string(what) + ": " + std::to_string(n);
}

std::string size_in_brackets(const StorageObject& object) {
  return "(" + format_size(must(object.size())) + ")";
}

std::string cache_word(const StorageObject& object) {
  return must(object.write_back()) ? "write-back" : "write-thru";
}

std::string fileio_text(const StorageObject& object) {
  return must(object.udev_path()) + " " + size_in_brackets(object) + " " + cache_word(object);
}

std::string block_text(const StorageObject& object) {
  std::string readonly = must(object.readonly()) ? "ro " : "";
  return must(object.udev_path()) + " " + size_in_brackets(object) + " " + readonly +
         cache_word(object);
}

std::string ramdisk_text(const StorageObject& object) {
  return (must(object.nullio()) ? "nullio " : "") + size_in_brackets(object);
}

std::string pscsi_text(const StorageObject& object) { return must(object.udev_path()); }

std::string user_text(const StorageObject& object) {
  std::string config = must(object.config());
  auto slash = config.find('/');
  std::string text = config.empty() ? "(no config)" : config.substr(slash + 1);
  return text + " " + size_in_brackets(object);
}

Summary object_summary(const Tree&, const NodePtr& node) {
  using Text = std::string (*)(const StorageObject&);
  static const std::map<std::string, Text> kTexts = {{"fileio", fileio_text},
                                                     {"block", block_text},
                                                     {"ramdisk", ramdisk_text},
                                                     {"pscsi", pscsi_text},
                                                     {"user", user_text}};
  const auto& object = node->as<StorageObject>();
  auto text = kTexts.find(object.plugin());
  std::string front = text == kTexts.end() ? "" : text->second(object) + " ";
  return {front + must(object.status()), true};
}

Summary type_summary(const Tree& tree, const NodePtr& node) {
  return {count("Storage Objects", tree.children(node).size()), std::nullopt};
}

Summary alua_groups_summary(const Tree& tree, const NodePtr& node) {
  return {count("ALUA Groups", tree.children(node).size()), std::nullopt};
}

Summary alua_group_summary(const Tree&, const NodePtr& node) {
  return {"ALUA state: " + must(node->as<AluaGroup>().state_name()), true};
}

bool complete(const ChapCredentials& chap) {
  return !chap.userid.empty() && !chap.password.empty();
}

Summary fabric_summary(const Tree& tree, const NodePtr& node) {
  std::string targets = count("Targets", tree.children(node).size());
  Fabric fabric = tree.root().fabric();
  if (!fabric.discovery_enabled().value_or(false)) return {targets, std::nullopt};
  ChapCredentials chap = must(fabric.discovery_credentials());
  bool mutual = !chap.mutual_userid.empty() && !chap.mutual_password.empty();
  return {(mutual ? "mutual disc auth, " : "1-way disc auth, ") + targets, complete(chap)};
}

Summary other_fabric_summary(const Tree& tree, const NodePtr& node) {
  return {count("Targets", tree.children(node).size()), std::nullopt};
}

Summary target_summary(const Tree& tree, const NodePtr& node) {
  if (!normalize_wwn(node->name)) return {"INVALID WWN", false};
  return {count("TPGs", tree.children(node).size()), std::nullopt};
}

bool demo_mode(const Tpg& tpg) { return number_of(tpg.attributes(), "generate_node_acls", 0) != 0; }
bool authenticates(const Tpg& tpg) { return number_of(tpg.attributes(), "authentication", 0) != 0; }

Summary tpg_summary(const Tree&, const NodePtr& node) {
  const Tpg& tpg = node->as<Tpg>();
  if (!must(tpg.enabled())) return {"disabled", false};
  bool demo = demo_mode(tpg);
  std::string acls = demo ? "gen-acls" : "no-gen-acls";
  if (!authenticates(tpg))
    return {acls + ", no-auth", demo ? std::optional<bool>(true) : std::nullopt};
  if (!demo) return {acls + ", auth per-acl", std::nullopt};
  std::string way = must(tpg.authenticate_target()) ? "mutual auth" : "1-way auth";
  return {acls + ", tpg-auth, " + way, complete(must(tpg.credentials()))};
}

Summary acls_summary(const Tree& tree, const NodePtr& node) {
  return {count("ACLs", tree.children(node).size()), std::nullopt};
}

std::string tag_text(const UiNode& node) {
  const auto& acls = node.acls();
  if (node.name == acls.front().wwn()) return "";
  if (acls.size() > 1) return "(group of " + std::to_string(acls.size()) + "), ";
  return "(" + acls.front().wwn() + "), ";
}

Summary acl_summary(const Tree& tree, const NodePtr& node) {
  const NodeAcl& acl = node->acls().front();
  std::string luns = count("Mapped LUNs", tree.children(node).size());
  std::string front = tag_text(*node);
  if (!authenticates(node->tpg())) return {front + luns, std::nullopt};
  if (demo_mode(node->tpg())) return {front + "auth via tpg, " + luns, std::nullopt};
  std::string way = must(acl.authenticate_target()) ? "mutual auth, " : "1-way auth, ";
  return {front + way + luns, complete(must(acl.credentials()))};
}

Summary mapped_lun_summary(const Tree&, const NodePtr& node) {
  const auto& mapped = node->as<MappedLun>();
  auto lun = mapped.lun();
  if (!lun) return {"BROKEN LUN LINK", false};
  auto object = lun->storage_object();
  if (!object) return {"BROKEN STORAGE LINK", false};
  std::string mode = must(mapped.write_protect()) ? " (ro)" : " (rw)";
  return {
      "lun" + std::to_string(lun->index()) + " " + object->plugin() + "/" + object->name() + mode,
      true};
}

Summary luns_summary(const Tree& tree, const NodePtr& node) {
  return {count("LUNs", tree.children(node).size()), std::nullopt};
}

Summary lun_summary(const Tree&, const NodePtr& node) {
  const auto& lun = node->as<Lun>();
  auto object = lun.storage_object();
  if (!object) return {"BROKEN STORAGE LINK", false};
  std::string path = must(object->udev_path());
  std::string text = object->plugin() + "/" + object->name();
  if (!path.empty()) text += " (" + path + ")";
  return {text + " (" + must(lun.alua_group()).value_or("None") + ")", true};
}

Summary portals_summary(const Tree& tree, const NodePtr& node) {
  return {count("Portals", tree.children(node).size()), std::nullopt};
}

Summary portal_summary(const Tree&, const NodePtr& node) {
  const auto& portal = node->as<Portal>();
  if (must(portal.iser())) return {"iser", true};
  return {must(portal.offload()) ? "offload" : "", true};
}

using Summarizer = Summary (*)(const Tree&, const NodePtr&);

const std::map<Kind, Summarizer>& summarizers() {
  static const std::map<Kind, Summarizer> kSummarizers = {
      {Kind::kBlockType, type_summary},
      {Kind::kFileioType, type_summary},
      {Kind::kRamdiskType, type_summary},
      {Kind::kPscsiType, type_summary},
      {Kind::kOtherType, type_summary},
      {Kind::kStorageObject, object_summary},
      {Kind::kAluaGroups, alua_groups_summary},
      {Kind::kAluaGroup, alua_group_summary},
      {Kind::kFabric, fabric_summary},
      {Kind::kOtherFabric, other_fabric_summary},
      {Kind::kTarget, target_summary},
      {Kind::kTpg, tpg_summary},
      {Kind::kAcls, acls_summary},
      {Kind::kAcl, acl_summary},
      {Kind::kMappedLun, mapped_lun_summary},
      {Kind::kLuns, luns_summary},
      {Kind::kLun, lun_summary},
      {Kind::kPortals, portals_summary},
      {Kind::kPortal, portal_summary},
  };
  return kSummarizers;
}

}  // namespace

Summary node_summary(const Tree& tree, const NodePtr& node) {
  auto summarizer = summarizers().find(node->kind);
  if (summarizer == summarizers().end()) return {};
  return summarizer->second(tree, node);
}

}  // namespace lunar::cli
