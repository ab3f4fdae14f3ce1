// SPDX-License-Identifier: GPL-2.0-or-later
#include "groups.h"

#include <algorithm>
#include <map>

#include "command.h"
#include "error.h"
#include "printer.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

UiType ui_type(const AttributeSpec* spec) {
  if (!spec) return UiType::kString;
  static const std::map<ValueType, UiType> kTypes = {{ValueType::kBool, UiType::kNumber},
                                                     {ValueType::kInt, UiType::kNumber},
                                                     {ValueType::kYesNo, UiType::kYesNo}};
  auto type = kTypes.find(spec->type);
  return type == kTypes.end() ? UiType::kString : type->second;
}

UiEntry ui_entry(const GroupEntry& entry, const Group& group) {
  std::string group_name = group.name();
  UiEntry out;
  out.name = entry.name;
  out.writable = entry.writable;
  // ALUA settings and the discovery switch take more spellings than a number: the library checks.
  bool checked_here = group_name == "attribute" || group_name == "parameter";
  out.type = checked_here ? ui_type(entry.spec) : UiType::kString;
  out.description = entry.spec && !entry.spec->doc.empty()
                        ? entry.spec->doc
                        : "The " + entry.name + " " + group_name + " parameter.";
  if (entry.spec) out.candidates = entry.spec->candidates();
  out.secret = entry.spec && entry.spec->secret;
  return out;
}

std::vector<UiEntry> pref_entries() {
  std::vector<UiEntry> out;
  for (const PrefSpec& spec : pref_specs())
    out.push_back({spec.name, spec.type, spec.description, true, false, type_values(spec.type)});
  return out;
}

UiGroup preferences(Prefs& prefs) {
  auto set = [&prefs](const std::string& name, const std::string& value) -> Status {
    std::string error = prefs.set(name, value);
    return error.empty() ? Status() : Status(make_error(error));
  };
  return {"global", pref_entries, [&prefs](const std::string& name) { return prefs.text(name); },
          set};
}

// The same group of several objects (ACLs with one tag): read from the first, written to all.
UiGroup shared_group(const std::vector<Group>& members) {
  auto entries = [members] {
    std::vector<UiEntry> out;
    for (const GroupEntry& entry : must(members.front().entries()))
      out.push_back(ui_entry(entry, members.front()));
    return out;
  };
  auto get = [members](const std::string& name) { return must(members.front().get(name)); };
  auto set = [members](const std::string& name, const std::string& value) -> Status {
    for (const Group& member : members)
      if (Status done = member.set(name, value); !done) return done;
    return {};
  };
  return {members.front().name(), entries, get, set};
}

UiGroup lun_alua(const Lun& lun) {
  auto entries = [] {
    UiEntry entry;
    entry.name = "alua_tg_pt_gp_name";
    entry.description = "The ALUA group of the storage object that this LUN belongs to.";
    return std::vector<UiEntry>{entry};
  };
  auto get = [lun](const std::string&) { return must(lun.alua_group()).value_or("None"); };
  auto set = [lun](const std::string&, const std::string& value) {
    return lun.set_alua_group(value);
  };
  return {"alua", entries, get, set};
}

void add_group(std::vector<UiGroup>& groups, const std::vector<Group>& members) {
  auto entries = members.front().entries();
  if (entries && !entries->empty()) groups.push_back(shared_group(members));
}

void add_acl_groups(std::vector<UiGroup>& groups, const std::vector<NodeAcl>& acls) {
  std::vector<Group> parameters;
  std::vector<Group> attributes;
  std::vector<Group> auth;
  for (const NodeAcl& acl : acls) {
    parameters.push_back(acl.parameters());
    attributes.push_back(acl.attributes());
    auth.push_back(acl.auth());
  }
  add_group(groups, parameters);
  add_group(groups, attributes);
  add_group(groups, auth);
}

void add_tpg_groups(std::vector<UiGroup>& groups, const Tpg& tpg) {
  add_group(groups, {tpg.parameters()});
  add_group(groups, {tpg.attributes()});
  add_group(groups, {tpg.auth()});
}

UiGroup find_group(Call& call, const std::string& name) {
  for (UiGroup& group : groups_of(call.tree, call.node, call.shell.prefs()))
    if (group.name == name) return group;
  throw CommandError("Unknown configuration group: " + name);
}

const UiEntry* find_entry(const std::vector<UiEntry>& entries, const std::string& name) {
  auto at = std::find_if(entries.begin(), entries.end(),
                         [&name](const UiEntry& entry) { return entry.name == name; });
  return at == entries.end() ? nullptr : &*at;
}

void list_groups(Call& call) {
  std::vector<std::string> names;
  for (const UiGroup& group : groups_of(call.tree, call.node, call.shell.prefs()))
    names.push_back(group.name);
  call.out.raw("\nAVAILABLE CONFIGURATION GROUPS\n==============================\n" +
               join(names, " ") + "\n");
}

std::string checked(const UiGroup& group, const std::vector<UiEntry>& entries,
                    const std::string& name, const std::string& value) {
  const UiEntry* entry = find_entry(entries, name);
  if (!entry) throw CommandError("Unknown parameter " + name + " in group '" + group.name + "'.");
  if (!entry->writable) throw CommandError("Parameter " + name + " is read-only.");
  Checked result = check_value(entry->type, value);
  if (!result.error.empty()) throw CommandError("Not setting " + name + "! " + result.error);
  return result.value;
}

void set_one(const Call& call, const UiGroup& group, const UiEntry& entry,
             const std::string& value) {
  Status done = group.set(entry.name, value);
  if (done) return;
  Error error = done.error();
  if (group.name != "global" && !error.text.empty())
    error.text += (entry.secret ? "" : " to '" + value + "'") + " on " + call.node->path();
  throw CommandError(error.message());
}

}  // namespace

std::vector<UiGroup> groups_of(const Tree& tree, const NodePtr& node, Prefs& prefs) {
  std::vector<UiGroup> groups = {preferences(prefs)};
  switch (node->kind) {
    case Kind::kStorageObject:
      add_group(groups, {node->as<StorageObject>().attributes()});
      break;
    case Kind::kAluaGroup:
      add_group(groups, {node->as<AluaGroup>().settings()});
      break;
    case Kind::kFabric:
      add_group(groups, {tree.root().fabric().discovery_auth()});
      break;
    case Kind::kTarget:
      add_group(groups, {node->as<Target>().parameters()});
      break;
    case Kind::kTpg:
      add_tpg_groups(groups, node->as<Tpg>());
      break;
    case Kind::kAcl:
      add_acl_groups(groups, node->acls());
      break;
    case Kind::kLun:
      groups.push_back(lun_alua(node->as<Lun>()));
      break;
    default:
      break;
  }
  return groups;
}

void do_set(Call& call) {
  auto name = call.arg("group");
  if (!name && !call.assignments.empty()) throw CommandError("Missing required parameter group");
  if (!name) return list_groups(call);
  UiGroup group = find_group(call, *name);
  std::vector<UiEntry> entries = group.entries();
  if (call.assignments.empty()) {
    std::vector<std::pair<std::string, std::string>> listing;
    for (const UiEntry& entry : entries)
      if (entry.writable)
        listing.emplace_back(entry.name + "=" + type_word(entry.type), entry.description);
    return call.out.raw(group_block(*name, listing));
  }
  std::vector<std::pair<std::string, std::string>> values;
  for (const auto& [key, value] : call.assignments)
    values.emplace_back(key, checked(group, entries, key, value));
  for (const auto& [key, value] : values) {
    set_one(call, group, *find_entry(entries, key), value);
    call.out.display("Parameter " + key + " is now '" + group.get(key) + "'.");
  }
}

void do_get(Call& call) {
  auto name = call.arg("group");
  if (!name) return list_groups(call);
  UiGroup group = find_group(call, *name);
  std::vector<UiEntry> entries = group.entries();
  if (call.words.empty()) {
    std::vector<std::pair<std::string, std::string>> listing;
    for (const UiEntry& entry : entries)
      listing.emplace_back(
          entry.name + "=" + group.get(entry.name) + (entry.writable ? "" : " [ro]"),
          entry.description);
    return call.out.raw(group_block(*name, listing));
  }
  for (const std::string& word : call.words) {
    const UiEntry* entry = find_entry(entries, word);
    if (!entry) throw CommandError("No parameter '" + word + "' in group '" + *name + "'.");
    call.out.display(word + "=" + group.get(word) + (entry->writable ? " " : " [ro]"));
  }
}

std::vector<std::string> complete_group(const Query& query) {
  std::vector<std::string> out;
  for (const UiGroup& group : groups_of(query.tree, query.node, query.shell.prefs()))
    out.push_back(group.name);
  return out;
}

namespace {

std::vector<UiEntry> entries_for(const Query& query) {
  auto name = query.args.find("group");
  if (name == query.args.end()) return {};
  for (const UiGroup& group : groups_of(query.tree, query.node, query.shell.prefs()))
    if (group.name == name->second) return group.entries();
  return {};
}

bool is_taken(const Query& query, const std::string& name) {
  return std::find(query.taken.begin(), query.taken.end(), name) != query.taken.end();
}

}  // namespace

std::vector<std::string> complete_get(const Query& query) {
  std::vector<std::string> out;
  for (const UiEntry& entry : entries_for(query))
    if (!is_taken(query, entry.name)) out.push_back(entry.name);
  return out;
}

// For "name=" the caller asks with the text before '='; with it, for the values.
std::vector<std::string> complete_set(const Query& query) {
  std::vector<std::string> out;
  auto equals = query.text.find('=');
  for (const UiEntry& entry : entries_for(query)) {
    if (!entry.writable) continue;
    if (equals == std::string::npos) {
      if (!is_taken(query, entry.name)) out.push_back(entry.name + "=");
    } else if (entry.name == query.text.substr(0, equals)) {
      for (const std::string& value : entry.candidates) out.push_back(entry.name + "=" + value);
    }
  }
  return out;
}

}  // namespace lunar::cli
