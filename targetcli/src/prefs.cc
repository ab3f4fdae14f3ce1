// SPDX-License-Identifier: GPL-2.0-or-later
#include "prefs.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

namespace lunar::cli {
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMaxHistory = 1000;

std::string reason(const std::string& what, const std::string& file) {
  return "Cannot " + what + " " + file + ": " + std::strerror(errno);
}

/** Holds the lock of the preferences' directory for its own life. */
class DirectoryLock {
 public:
  explicit DirectoryLock(const std::string& directory)
      : fd_(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC)) {
    if (fd_ >= 0) ::flock(fd_, LOCK_EX);
  }
  ~DirectoryLock() {
    if (fd_ >= 0) ::close(fd_);
  }
  DirectoryLock(const DirectoryLock&) = delete;
  DirectoryLock& operator=(const DirectoryLock&) = delete;

 private:
  int fd_;
};

Json read_json(const std::string& file, bool& there) {
  std::ifstream in(file);
  there = in.good();
  std::stringstream text;
  text << in.rdbuf();
  return Json::parse(text.str(), nullptr, false);
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

std::string replace_file(const std::string& file, const std::string& text) {
  std::string temp = file + "." + std::to_string(::getpid());
  int fd = ::open(temp.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (fd < 0) return reason("write", temp);
  bool written = write_all(fd, text);
  std::string error = written ? "" : reason("write", temp);
  ::close(fd);
  if (written && ::rename(temp.c_str(), file.c_str()) != 0) error = reason("replace", file);
  if (!error.empty()) ::unlink(temp.c_str());
  return error;
}

std::map<std::string, std::string> string_map(const Json& json, const char* key) {
  std::map<std::string, std::string> out;
  if (!json.is_object() || !json.contains(key) || !json[key].is_object()) return out;
  for (const auto& [name, value] : json[key].items())
    if (value.is_string()) out[name] = value.get<std::string>();
  return out;
}

std::vector<std::string> string_list(const Json& json, const char* key) {
  std::vector<std::string> out;
  if (!json.is_object() || !json.contains(key) || !json[key].is_array()) return out;
  for (const auto& value : json[key])
    if (value.is_string()) out.push_back(value.get<std::string>());
  return out;
}

// The names that `marks` has: first those of `order` in its order, then the others.
std::vector<std::string> in_order(const std::map<std::string, std::string>& marks,
                                  const std::vector<std::string>& order) {
  std::vector<std::string> out;
  std::set<std::string> seen;
  for (const std::string& name : order)
    if (marks.count(name) && seen.insert(name).second) out.push_back(name);
  for (const auto& [name, path] : marks)
    if (seen.insert(name).second) out.push_back(name);
  return out;
}

}  // namespace

const std::vector<PrefSpec>& pref_specs() {
  static const std::vector<PrefSpec> kSpecs = {
      {"auto_add_default_portal", UiType::kBool, "true",
       "Give each new TPG a portal on all addresses of the host."},
      {"auto_add_mapped_luns", UiType::kBool, "true",
       "Map existing LUNs into each new ACL, and each new LUN into existing ACLs."},
      {"auto_cd_after_create", UiType::kBool, "false", "Go to each object that was created."},
      {"auto_enable_tpgt", UiType::kBool, "true", "Enable each new TPG."},
      {"auto_save_on_exit", UiType::kBool, "true",
       "Save the configuration when the shell ends (not after a failed restore)."},
      {"auto_use_daemon", UiType::kBool, "false",
       "Accepted for scripts that set it; no daemon is needed and it changes nothing."},
      {"color_command", UiType::kColor, "cyan", "Colour of commands in completion lists."},
      {"color_default", UiType::kColorDefault, "none", "Colour of ordinary text."},
      {"color_keyword", UiType::kColor, "cyan", "Colour of keywords in completion lists."},
      {"color_mode", UiType::kBool, "true",
       "Colours on terminals. When false, messages start with their level instead."},
      {"color_parameter", UiType::kColor, "magenta", "Colour of values in completion lists."},
      {"color_path", UiType::kColor, "magenta", "Colour of paths in completion lists."},
      {"daemon_use_batch_mode", UiType::kBool, "false",
       "Accepted for scripts that set it; no daemon is needed and it changes nothing."},
      {"export_backstore_name_as_model", UiType::kBool, "true",
       "Show each new storage object's name to initiators as the disk's model."},
      {"logfile", UiType::kString, "",
       "Accepted for scripts that set it; this shell keeps no log of command lines."},
      {"loglevel_console", UiType::kLogLevel, "info", "The least important messages shown."},
      {"loglevel_file", UiType::kLogLevel, "debug",
       "Accepted for scripts that set it; this shell keeps no log of command lines."},
      {"max_backup_files", UiType::kString, "10",
       "How many earlier saved configurations to keep beside the file."},
      {"prompt_length", UiType::kNumber, "30", "Longest path in the prompt; 0 for no limit."},
      {"tree_max_depth", UiType::kNumber, "0", "Levels that ls shows; 0 for all."},
      {"tree_round_nodes", UiType::kBool, "true", "Draw nodes in ls as o- and not as +-."},
      {"tree_show_root", UiType::kBool, "true", "Show the line of the listed node itself in ls."},
      {"tree_status_mode", UiType::kBool, "true", "Show the status of each node in ls."},
  };
  return kSpecs;
}

const PrefSpec* find_pref(std::string_view name) {
  const auto& specs = pref_specs();
  auto at = std::find_if(specs.begin(), specs.end(),
                         [name](const PrefSpec& spec) { return spec.name == name; });
  return at == specs.end() ? nullptr : &*at;
}

Prefs::Prefs(std::string directory) : directory_(std::move(directory)) {
  for (const PrefSpec& spec : pref_specs()) values_[spec.name] = spec.fallback;
  values_["logfile"] = directory_ + "/log.txt";
}

std::string Prefs::load() {
  if (directory_.empty()) return "";
  bool there = false;
  Json json = read_json(file(), there);
  if (!there) return "";
  if (!json.is_object())
    return "Preferences file " + file() + " is damaged; the defaults are used.";
  for (auto& [name, value] : string_map(json, "preferences"))
    if (find_pref(name)) values_[name] = value;
  bookmarks_ = string_map(json, "bookmarks");
  bookmark_order_ = string_list(json, "bookmark_order");
  history_ = string_list(json, "path_history");
  history_index_ = json.value("path_history_index", std::size_t{0});
  if (history_index_ >= history_.size())
    history_index_ = history_.empty() ? 0 : history_.size() - 1;
  return "";
}

std::string Prefs::text(std::string_view name) const {
  auto at = values_.find(name);
  return at == values_.end() ? "" : at->second;
}

bool Prefs::flag(std::string_view name) const { return text(name) == "true"; }

int Prefs::number(std::string_view name) const { return std::atoi(text(name).c_str()); }

std::string Prefs::set(std::string_view name, std::string value) {
  values_[std::string(name)] = std::move(value);
  changed_values_.emplace(name);
  return save();
}

std::vector<std::string> Prefs::bookmark_names() const {
  return in_order(bookmarks_, bookmark_order_);
}

std::string Prefs::set_bookmark(const std::string& name, const std::string& path) {
  if (!bookmarks_.count(name)) bookmark_order_.push_back(name);
  bookmarks_[name] = path;
  changed_bookmarks_.insert(name);
  return save();
}

std::string Prefs::delete_bookmark(const std::string& name) {
  bookmarks_.erase(name);
  bookmark_order_.erase(std::remove(bookmark_order_.begin(), bookmark_order_.end(), name),
                        bookmark_order_.end());
  changed_bookmarks_.insert(name);
  return save();
}

std::string Prefs::set_history(std::vector<std::string> paths, std::size_t index, bool keep) {
  history_ = std::move(paths);
  history_index_ = index;
  if (history_.size() > kMaxHistory) {
    std::size_t surplus = history_.size() - kMaxHistory;
    history_.erase(history_.begin(), history_.begin() + static_cast<std::ptrdiff_t>(surplus));
    history_index_ -= std::min(history_index_, surplus);
  }
  changed_history_ = keep;
  return keep ? save() : "";
}

std::string Prefs::save() {
  if (directory_.empty()) return "";
  if (::mkdir(directory_.c_str(), 0700) != 0 && errno != EEXIST)
    return reason("create directory", directory_);
  DirectoryLock lock(directory_);
  return merge_and_write();
}

std::string Prefs::merge_and_write() {
  bool there = false;
  Json json = read_json(file(), there);
  if (!json.is_object()) json = Json::object();
  auto kept = string_map(json, "preferences");
  for (const std::string& name : changed_values_) kept[name] = values_[name];
  auto marks = string_map(json, "bookmarks");
  for (const std::string& name : changed_bookmarks_) {
    auto mine = bookmarks_.find(name);
    if (mine == bookmarks_.end())
      marks.erase(name);
    else
      marks[name] = mine->second;
  }
  std::vector<std::string> order = string_list(json, "bookmark_order");
  order.insert(order.end(), bookmark_order_.begin(), bookmark_order_.end());
  json["preferences"] = kept;
  json["bookmarks"] = marks;
  json["bookmark_order"] = in_order(marks, order);
  if (changed_history_) {
    json["path_history"] = history_;
    json["path_history_index"] = history_index_;
  }
  return replace_file(file(), json.dump(2) + "\n");
}

}  // namespace lunar::cli
