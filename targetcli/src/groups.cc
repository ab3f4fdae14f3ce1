// SPDX-License-Identifier: GPL-2.0-or-later
#include "groups.h"

#include <algorithm>
#include <map>
#include <set>

#include "advice.h"
#include "command.h"
#include "error.h"
#include "printer.h"
#include "shell.h"
#include "text.h"

namespace lunar::cli {
namespace {

constexpr const char* kGroupOfLun = "alua_tg_pt_gp_name";

// Files newer than the shell that users know are free texts there: scripts may write to them what
// the kernel takes and a number is not.
bool is_free_text(const std::string& name) {
  static const std::set<std::string> kNames = {
      "ImmediateData",         "alua_support",  "emulate_rsoc",
      "login_keys_workaround", "pgr_support",   "pi_prot_verify",
      "submit_type",           "complete_type", "control"};
  return kNames.count(name) > 0;
}

UiType ui_type(const std::string& name, const AttributeSpec* spec) {
  if (!spec || is_free_text(name)) return UiType::kString;
  if (spec->type == ValueType::kYesNo) return UiType::kYesNo;
  return spec->numeric() ? UiType::kNumber : UiType::kString;
}

// What the library calls the settings of an ALUA group, in the sentences that scripts know.
std::string alua_sentence(const std::string& name) {
  static const std::map<std::string, std::string> kSentences = {
      {"alua_access_state", "Cannot change ALUA state"},
      {"alua_access_status", "Cannot change ALUA status"},
      {"alua_access_type", "Cannot change ALUA access type"}};
  auto known = kSentences.find(name);
  return known == kSentences.end() ? "Cannot set " + name : known->second;
}

// "[]", or each member as scripts know it.
std::string member_list(const std::string& text) {
  std::string out;
  for (const std::string& line : split(text, '\n')) {
    auto parts = split(line, '/');
    if (parts.size() != 4) continue;
    out += (out.empty() ? "" : ", ") + std::string("{'driver': '") + parts[0] + "', 'target': '" +
           parts[1] + "', 'tpgt': " + parts[2].substr(parts[2].find('_') + 1) +
           ", 'lun': " + parts[3].substr(parts[3].find('_') + 1) + "}";
  }
  return "[" + out + "]";
}

UiEntry ui_entry(const GroupEntry& entry, const Group& group) {
  std::string group_name = group.name();
  UiEntry out;
  out.name = entry.name;
  out.writable = entry.writable;
  // ALUA settings take whole numbers, without a type in listings.
  bool checked_here = group_name == "attribute" || group_name == "parameter";
  if (checked_here) out.type = ui_type(entry.name, entry.spec);
  if (group_name == "discovery_auth" && entry.name == "enable") out.type = UiType::kNumber;
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

bool is_alua(const Group& group) { return std::string_view(group.name()) == "alua"; }

// The same group of several objects (ACLs with one tag): read from the first, written to all.
// `own_text` is a file that is a free text in this group and a number in others.
UiGroup shared_group(const std::vector<Group>& members, const std::string& own_text) {
  auto entries = [members, own_text] {
    std::vector<UiEntry> out;
    for (const GroupEntry& entry : must(members.front().entries())) {
      out.push_back(ui_entry(entry, members.front()));
      if (entry.name == own_text) out.back().type = UiType::kString;
    }
    return out;
  };
  auto get = [members](const std::string& name) {
    std::string text = must(members.front().get(name));
    return name == "members" && is_alua(members.front()) ? member_list(text) : text;
  };
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
    entry.name = kGroupOfLun;
    entry.description = "The ALUA group of the storage object that this LUN belongs to.";
    return std::vector<UiEntry>{entry};
  };
  auto get = [lun](const std::string&) { return must(lun.alua_group()).value_or("None"); };
  auto set = [lun](const std::string&, const std::string& value) {
    return lun.set_alua_group(value);
  };
  return {"alua", entries, get, set};
}

void add_group(std::vector<UiGroup>& groups, const std::vector<Group>& members,
               const std::string& own_text = "") {
  auto entries = members.front().entries();
  if (entries && !entries->empty()) groups.push_back(shared_group(members, own_text));
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
  add_group(groups, attributes, "authentication");
  add_group(groups, auth);
}

void add_tpg_groups(std::vector<UiGroup>& groups, const Tpg& tpg) {
  add_group(groups, {tpg.parameters()});
  add_group(groups, {tpg.attributes()});
  add_group(groups, {tpg.auth()});
}

std::vector<std::string> group_names(Call& call) {
  std::vector<std::string> names;
  for (const UiGroup& group : groups_of(call.tree, call.node, call.shell.prefs()))
    names.push_back(group.name);
  return names;
}

UiGroup find_group(Call& call, const std::string& name) {
  for (UiGroup& group : groups_of(call.tree, call.node, call.shell.prefs()))
    if (group.name == name) return group;
  std::vector<std::string> names = group_names(call);
  std::string advice = did_you_mean(name, names);
  throw CommandError("Unknown configuration group: " + name,
                     advice.empty() ? "groups here: " + join(names, ", ") : advice);
}

const UiEntry* find_entry(const std::vector<UiEntry>& entries, const std::string& name) {
  auto at = std::find_if(entries.begin(), entries.end(),
                         [&name](const UiEntry& entry) { return entry.name == name; });
  return at == entries.end() ? nullptr : &*at;
}

std::string entry_advice(const std::vector<UiEntry>& entries, const std::string& name) {
  std::vector<std::string> names;
  for (const UiEntry& entry : entries) names.push_back(entry.name);
  return did_you_mean(name, names);
}

void list_groups(Call& call) {
  call.out.raw("\nAVAILABLE CONFIGURATION GROUPS\n==============================\n" +
               join(group_names(call), " ") + "\n");
}

std::string checked(const UiGroup& group, const std::vector<UiEntry>& entries,
                    const std::string& name, const std::string& value) {
  const UiEntry* entry = find_entry(entries, name);
  if (!entry)
    throw CommandError("Unknown parameter " + name + " in group '" + group.name + "'.",
                       entry_advice(entries, name));
  if (!entry->writable) throw CommandError("Parameter " + name + " is read-only.");
  if (group.name == "alua" && name != kGroupOfLun) return to_integer(value);
  Checked result = check_value(entry->type, value);
  if (!result.error.empty()) throw CommandError("Not setting " + name + "! " + result.error);
  // Any number but 0 turns discovery's authentication on.
  if (group.name == "discovery_auth" && entry->type == UiType::kNumber)
    return result.value == "0" ? "0" : "1";
  return result.value;
}

void set_one(const Call& call, const UiGroup& group, const UiEntry& entry,
             const std::string& value) {
  Status done = group.set(entry.name, value);
  if (done) return;
  Error error = done.error();
  if (error.err == 0) fail(error);
  if (error.text.empty()) error.text = "Cannot set " + entry.name;
  if (group.name == "alua") error.text = alua_sentence(entry.name);
  std::string advice = (entry.secret ? "" : "'" + value + "' ") + "on " + call.node->path();
  if (!error.hint.empty()) advice += ", " + error.hint;
  throw CommandError(error.numbered(), advice);
}

// Discovery that asks for a name and a password that nobody can give.
void note_discovery(const Call& call, const UiGroup& group) {
  bool complete = !group.get("userid").empty() && !group.get("password").empty();
  if (group.get("enable") == "True" && !complete)
    call.note("nobody can discover targets until both userid and password are set");
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
  if (!name) list_groups(call);
  if (!name && !call.assignments.empty())
    throw CommandError("Unknown parameter " + call.assignments.front().first + " in group 'None'.",
                       "the group comes first: set GROUP NAME=VALUE");
  if (!name) return;
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
  if (call.advised() && group.name == "discovery_auth") note_discovery(call, group);
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
    if (!entry)
      throw CommandError("No parameter '" + word + "' in group '" + *name + "'.",
                         entry_advice(entries, word));
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
