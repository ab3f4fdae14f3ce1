// SPDX-License-Identifier: GPL-2.0-or-later
#include <set>

#include "address.h"
#include "command.h"
#include "error.h"
#include "handlers.h"
#include "paths.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

using Names = std::vector<std::string>;

Names child_names(const Tree& tree, const NodePtr& node) {
  Names out;
  for (const NodePtr& child : tree.children(node)) out.push_back(child->name);
  return out;
}

void append(Names& to, const Names& from) { to.insert(to.end(), from.begin(), from.end()); }

std::string given(const Query& query, std::string_view name) {
  auto at = query.args.find(name);
  return at == query.args.end() ? "" : at->second;
}

Names object_paths(const Query& query) {
  Names out;
  NodePtr backstores = query.tree.child(query.tree.top(), "backstores");
  for (const NodePtr& type : query.tree.children(backstores))
    for (const NodePtr& object : query.tree.children(type)) out.push_back(object->path());
  return out;
}

}  // namespace

std::vector<std::string> complete_node_path(const Query& query) {
  Names out;
  std::string base = query.text.substr(0, query.text.rfind('/') + 1);
  if (!starts_with(query.text, "@"))
    for (const std::string& name : child_names(query.tree, query.shell.resolve(query.node, base)))
      out.push_back(base + name + "/");
  for (const auto& [name, path] : query.shell.prefs().bookmarks()) out.push_back("@" + name);
  return out;
}

std::vector<std::string> complete_cd_path(const Query& query) {
  Names out = complete_node_path(query);
  append(out, {"<", ">"});
  return out;
}

std::vector<std::string> complete_depth(const Query&) {
  return {"0", "1", "2", "3", "4", "5", "6", "7", "8", "9"};
}

std::vector<std::string> complete_topic(const Query& query) {
  Names out;
  for (const Command* command : commands_of(query.node->kind)) out.emplace_back(command->name);
  return out;
}

std::vector<std::string> complete_bookmark_action(const Query&) {
  return {"add", "del", "go", "show"};
}

std::vector<std::string> complete_bookmark(const Query& query) {
  Names out;
  std::string action = given(query, "action");
  if (action == "show" || action == "add") return out;
  for (const auto& [name, path] : query.shell.prefs().bookmarks()) out.push_back(name);
  return out;
}

std::vector<std::string> complete_child(const Query& query) {
  return child_names(query.tree, query.node);
}

std::vector<std::string> complete_child_number(const Query& query) {
  Names out;
  for (const std::string& name : child_names(query.tree, query.node))
    out.push_back(name.substr(name.find_last_not_of("0123456789") + 1));
  return out;
}

std::vector<std::string> complete_acl_wwn(const Query& query) {
  Names out;
  for (const NodeAcl& acl : must(query.node->tpg().acls())) out.push_back(acl.wwn());
  return out;
}

std::vector<std::string> complete_acl_name(const Query& query) { return complete_child(query); }

std::vector<std::string> complete_bool(const Query&) { return {"true", "false"}; }

std::vector<std::string> complete_file(const Query& query) {
  return matching_files(query.text, true, false);
}

// Where nothing is typed yet, the file that is there for it, not whatever lies in this directory.
std::vector<std::string> complete_save_file(const Query& query) {
  if (query.text.empty()) return {query.shell.setup().paths.save_file};
  return complete_file(query);
}

std::vector<std::string> complete_device(const Query& query) {
  return matching_files(query.text, false, true);
}

std::vector<std::string> complete_file_or_device(const Query& query) {
  return matching_files(query.text, true, true);
}

// Files and devices, of which there are many, once a path of them has begun.
std::vector<std::string> complete_storage_object(const Query& query) {
  Names out = object_paths(query);
  if (!query.text.empty()) append(out, matching_files(query.text, true, true));
  return out;
}

std::vector<std::string> complete_lun_or_object(const Query& query) {
  Names out = object_paths(query);
  NodePtr tpg = query.node->parent->parent;
  append(out, child_names(query.tree, query.tree.child(tpg, "luns")));
  if (!query.text.empty()) append(out, matching_files(query.text, true, true));
  return out;
}

std::vector<std::string> complete_local_address(const Query& query) {
  std::set<std::string> found = {"0.0.0.0"};
  if (query.shell.setup().has_ipv6) found.insert("::0");
  for (const std::string& address : host_addresses()) found.insert(address);
  return {found.begin(), found.end()};
}

namespace {

Names portal_parts(const Query& query, const std::string& address, const std::string& port,
                   bool want_address) {
  std::set<std::string> found;
  for (const Portal& portal : must(query.node->tpg().portals())) {
    std::string plain = portal.address();
    if (starts_with(plain, "[")) plain = plain.substr(1, plain.size() - 2);
    std::string number = std::to_string(portal.port());
    if (!address.empty() && plain != address) continue;
    if (!port.empty() && number != port) continue;
    found.insert(want_address ? plain : number);
  }
  return {found.begin(), found.end()};
}

}  // namespace

std::vector<std::string> complete_portal_address(const Query& query) {
  return portal_parts(query, "", given(query, "ip_port"), true);
}

std::vector<std::string> complete_portal_port(const Query& query) {
  return portal_parts(query, given(query, "ip_address"), "", false);
}

std::vector<std::string> complete_session_action(const Query&) { return {"list", "detail"}; }

}  // namespace lunar::cli
