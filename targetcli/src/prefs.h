// SPDX-License-Identifier: GPL-2.0-or-later
// Preferences, bookmarks and path history: what the shell remembers of its user.
//
// Kept in $TARGETCLI_HOME or ~/.targetcli as prefs.json, a file of our own (the Python shell's
// prefs.bin is left alone). A save merges this process' changes into what the file holds by then,
// under a lock of the directory, and replaces the file by rename: parallel shells neither read half
// a file nor lose each other's settings. Nothing is written until something changes.
#ifndef LUNAR_TARGETCLI_PREFS_H_
#define LUNAR_TARGETCLI_PREFS_H_

#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "value.h"

namespace lunar::cli {

/** One preference: the group "global" is made of this table and nothing else. */
struct PrefSpec {
  const char* name;
  UiType type;
  const char* fallback;
  const char* description;
};

/** All preferences, sorted by name. */
const std::vector<PrefSpec>& pref_specs();
const PrefSpec* find_pref(std::string_view name);

class Prefs {
 public:
  /** `directory` may be "" (nothing is read or kept) and need not exist. */
  explicit Prefs(std::string directory = "");

  /** Reads the file. Returns a sentence when it is there and cannot be used, "" otherwise. */
  std::string load();

  std::string text(std::string_view name) const;
  bool flag(std::string_view name) const;
  int number(std::string_view name) const;

  /** Values are in the type's standard form already. Each returns "" or why it was not kept. */
  std::string set(std::string_view name, std::string value);
  std::string set_bookmark(const std::string& name, const std::string& path);
  std::string delete_bookmark(const std::string& name);
  /** `keep` writes it to the file; otherwise it lives as long as this object. */
  std::string set_history(std::vector<std::string> paths, std::size_t index, bool keep);

  const std::map<std::string, std::string>& bookmarks() const { return bookmarks_; }
  /** The bookmarks' names, oldest first. */
  std::vector<std::string> bookmark_names() const;
  const std::vector<std::string>& history() const { return history_; }
  std::size_t history_index() const { return history_index_; }
  const std::string& directory() const { return directory_; }

 private:
  std::string file() const { return directory_ + "/prefs.json"; }
  std::string save();
  std::string merge_and_write();

  std::string directory_;
  std::map<std::string, std::string, std::less<>> values_;
  std::map<std::string, std::string> bookmarks_;
  std::vector<std::string> bookmark_order_;
  std::vector<std::string> history_;
  std::size_t history_index_ = 0;
  /** What this process changed and the file may not know yet. */
  std::set<std::string> changed_values_;
  std::set<std::string> changed_bookmarks_;
  bool changed_history_ = false;
};

}  // namespace lunar::cli

#endif  // LUNAR_TARGETCLI_PREFS_H_
