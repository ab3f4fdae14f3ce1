// SPDX-License-Identifier: GPL-2.0-or-later
// Configuration groups of `set` and `get`: the preferences ("global") on every node, and what the
// library offers below the node (attribute, parameter, auth, discovery_auth, alua).
#ifndef LUNAR_TARGETCLI_GROUPS_H_
#define LUNAR_TARGETCLI_GROUPS_H_

#include <functional>
#include <string>
#include <vector>

#include "lunar/lunar.h"
#include "prefs.h"
#include "tree.h"
#include "value.h"

namespace lunar::cli {

struct UiEntry {
  std::string name;
  UiType type = UiType::kString;
  std::string description;
  bool writable = true;
  bool secret = false;                 /**< never to be shown in an error */
  std::vector<std::string> candidates; /**< values worth offering at TAB */
};

/** One group: how to list, read and write it. Reading throws CommandError. */
struct UiGroup {
  std::string name;
  std::function<std::vector<UiEntry>()> entries;           /**< sorted by name */
  std::function<std::string(const std::string& name)> get; /**< as `get` shows it */
  /** `value` has passed its type's check. */
  std::function<Status(const std::string& name, const std::string& value)> set;
};

/** The groups a node has, in the order in which they are listed. */
std::vector<UiGroup> groups_of(const Tree& tree, const NodePtr& node, Prefs& prefs);

/* The commands. */
struct Call;
struct Query;
void do_set(Call& call);
void do_get(Call& call);
std::vector<std::string> complete_group(const Query& query);
std::vector<std::string> complete_set(const Query& query);
std::vector<std::string> complete_get(const Query& query);

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_GROUPS_H_
