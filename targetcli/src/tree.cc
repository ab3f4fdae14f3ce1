// SPDX-License-Identifier: GPL-2.0-or-later
#include "tree.h"

#include <algorithm>
#include <map>
#include <set>

#include "advice.h"
#include "error.h"
#include "summary.h"
#include "text.h"

namespace lunar::cli {
namespace {

using Nodes = std::vector<NodePtr>;

NodePtr make_node(const NodePtr& parent, Kind kind, std::string name, UiNode::Object object = {}) {
  return std::make_shared<UiNode>(UiNode{kind, std::move(name), parent, std::move(object)});
}

// An absent directory is an empty one: the module may not be loaded.
std::vector<std::string> directories(const Root& root, const std::string& path) {
  std::vector<std::string> out;
  if (!root.fs().exists(path)) return out;
  for (const DirEntry& entry : must(root.fs().list(path)))
    if (entry.type == FileType::kDirectory) out.push_back(entry.name);
  return out;
}

Nodes root_children(const Root& root, const NodePtr& node) {
  Nodes out = {make_node(node, Kind::kBackstores, "backstores"),
               make_node(node, Kind::kFabric, root.fabric().name())};
  for (const std::string& name : Tree::other_fabrics())
    out.push_back(make_node(node, Kind::kOtherFabric, name));
  return out;
}

// The shell's name of a storage object's type: user ones are sorted by their handler.
std::string type_name(const StorageObject& object) {
  if (object.plugin() != "user") return object.plugin();
  return "user:" + split(object.config().value_or(""), '/').front();
}

const std::map<std::string, Kind>& own_types() {
  static const std::map<std::string, Kind> kTypes = {{"block", Kind::kBlockType},
                                                     {"fileio", Kind::kFileioType},
                                                     {"pscsi", Kind::kPscsiType},
                                                     {"ramdisk", Kind::kRamdiskType}};
  return kTypes;
}

Nodes backstores_children(const Root& root, const NodePtr& node) {
  Nodes out;
  for (const auto& [name, kind] : own_types()) out.push_back(make_node(node, kind, name));
  std::set<std::string> others;
  for (const StorageObject& object : must(root.storage_objects())) {
    std::string name = type_name(object);
    if (!own_types().count(name)) others.insert(name);
  }
  for (const std::string& name : others) out.push_back(make_node(node, Kind::kOtherType, name));
  return out;
}

Nodes type_children(const Root& root, const NodePtr& node) {
  Nodes out;
  std::string plugin = split(node->name, ':').front();
  for (const StorageObject& object : must(root.storage_objects(plugin)))
    if (plugin != "user" || type_name(object) == node->name)
      out.push_back(make_node(node, Kind::kStorageObject, object.name(), object));
  return out;
}

Nodes object_children(const Root&, const NodePtr& node) {
  return {make_node(node, Kind::kAluaGroups, "alua")};
}

Nodes alua_children(const Root&, const NodePtr& node) {
  Nodes out;
  for (const AluaGroup& group : must(node->parent->as<StorageObject>().alua_groups()))
    out.push_back(make_node(node, Kind::kAluaGroup, group.name(), group));
  return out;
}

Nodes fabric_children(const Root& root, const NodePtr& node) {
  Nodes out;
  for (const Target& target : must(root.fabric().targets()))
    out.push_back(make_node(node, Kind::kTarget, target.wwn(), target));
  return out;
}

Nodes other_fabric_children(const Root& root, const NodePtr& node) {
  Nodes out;
  for (const std::string& name : directories(root, node->name))
    if (name != "discovery_auth") out.push_back(make_node(node, Kind::kOtherTarget, name));
  return out;
}

Nodes target_children(const Root&, const NodePtr& node) {
  Nodes out;
  for (const Tpg& tpg : must(node->as<Target>().tpgs()))
    out.push_back(make_node(node, Kind::kTpg, "tpg" + std::to_string(tpg.tag()), tpg));
  return out;
}

Nodes tpg_children(const Root&, const NodePtr& node) {
  return {make_node(node, Kind::kAcls, "acls"), make_node(node, Kind::kLuns, "luns"),
          make_node(node, Kind::kPortals, "portals")};
}

Nodes acls_children(const Root&, const NodePtr& node) {
  std::map<std::string, std::vector<NodeAcl>> named;
  for (const NodeAcl& acl : must(node->tpg().acls())) {
    std::string tag = acl.tag().value_or("");
    named[tag.empty() ? acl.wwn() : tag].push_back(acl);
  }
  Nodes out;
  for (auto& [name, acls] : named) out.push_back(make_node(node, Kind::kAcl, name, acls));
  return out;
}

Nodes acl_children(const Root&, const NodePtr& node) {
  Nodes out;
  for (const MappedLun& lun : must(node->acls().front().mapped_luns()))
    out.push_back(
        make_node(node, Kind::kMappedLun, "mapped_lun" + std::to_string(lun.index()), lun));
  return out;
}

Nodes luns_children(const Root&, const NodePtr& node) {
  Nodes out;
  for (const Lun& lun : must(node->tpg().luns()))
    out.push_back(make_node(node, Kind::kLun, "lun" + std::to_string(lun.index()), lun));
  return out;
}

Nodes portals_children(const Root&, const NodePtr& node) {
  Nodes out;
  for (const Portal& portal : must(node->tpg().portals())) {
    std::string name = portal.address() + ":" + std::to_string(portal.port());
    out.push_back(make_node(node, Kind::kPortal, name, portal));
  }
  return out;
}

using Lister = Nodes (*)(const Root&, const NodePtr&);

const std::map<Kind, Lister>& listers() {
  static const std::map<Kind, Lister> kListers = {
      {Kind::kRoot, root_children},
      {Kind::kBackstores, backstores_children},
      {Kind::kBlockType, type_children},
      {Kind::kFileioType, type_children},
      {Kind::kRamdiskType, type_children},
      {Kind::kPscsiType, type_children},
      {Kind::kOtherType, type_children},
      {Kind::kStorageObject, object_children},
      {Kind::kAluaGroups, alua_children},
      {Kind::kFabric, fabric_children},
      {Kind::kOtherFabric, other_fabric_children},
      {Kind::kTarget, target_children},
      {Kind::kTpg, tpg_children},
      {Kind::kAcls, acls_children},
      {Kind::kAcl, acl_children},
      {Kind::kLuns, luns_children},
      {Kind::kPortals, portals_children},
  };
  return kListers;
}

std::string join_path(const std::string& parent, std::string_view name) {
  return (parent == "/" ? "/" : parent + "/") + std::string(name);
}

}  // namespace

std::string UiNode::path() const { return parent ? join_path(parent->path(), name) : "/"; }

int UiNode::level() const { return parent ? parent->level() + 1 : 0; }

const UiNode& UiNode::above(Kind wanted) const {
  const UiNode* node = this;
  while (node->kind != wanted && node->parent) node = node->parent.get();
  return *node;
}

Tree::Tree(Root& root)
    : root_(root), top_(std::make_shared<UiNode>(UiNode{Kind::kRoot, "/", nullptr, {}})) {}

const std::vector<std::string>& Tree::other_fabrics() {
  static const std::vector<std::string> kNames = {"loopback", "vhost", "xen-pvscsi"};
  return kNames;
}

Nodes Tree::children(const NodePtr& node) const {
  auto lister = listers().find(node->kind);
  if (lister == listers().end()) return {};
  Nodes out = lister->second(root_, node);
  std::sort(out.begin(), out.end(),
            [](const NodePtr& a, const NodePtr& b) { return natural_less(a->name, b->name); });
  return out;
}

NodePtr Tree::child(const NodePtr& node, std::string_view name) const {
  for (NodePtr& candidate : children(node))
    if (candidate->name == name) return candidate;
  return nullptr;
}

Summary Tree::summary(const NodePtr& node) const {
  try {
    return node_summary(*this, node);
  } catch (const CommandError& error) {
    return {error.what(), false};
  }
}

NodePtr Tree::walk(NodePtr from, std::string_view path) const {
  if (starts_with(path, "/")) from = top_;
  for (const std::string& name : split(path, '/')) {
    if (name.empty() || name == ".") continue;
    if (name == "..") {
      if (from->parent) from = from->parent;
      continue;
    }
    NodePtr next = child(from, name);
    if (!next) throw no_such_path(from, name);
    from = next;
  }
  return from;
}

CommandError Tree::no_such_path(const NodePtr& from, const std::string& name) const {
  std::vector<std::string> names;
  for (const NodePtr& node : children(from)) names.push_back(node->name);
  return CommandError("No such path " + join_path(from->path(), name), did_you_mean(name, names));
}

NodePtr Tree::find_storage_object(const NodePtr& from, const std::string& path) const {
  NodePtr node;
  try {
    node = walk(from, path);
  } catch (const CommandError&) {
    return nullptr;
  }
  return node->kind == Kind::kStorageObject ? node : nullptr;
}

std::vector<NodeAcl> find_acls(const Tpg& tpg, std::string_view name_or_tag) {
  std::vector<NodeAcl> out;
  for (const NodeAcl& acl : must(tpg.acls()))
    if (acl.wwn() == name_or_tag || acl.tag().value_or("") == name_or_tag) out.push_back(acl);
  return out;
}

long number_of(const Group& group, std::string_view name, long fallback) {
  auto text = group.get(name);
  if (!text) return fallback;
  auto number = to_number(*text);
  return number ? static_cast<long>(*number) : fallback;
}

}  // namespace lunar::cli
