// SPDX-License-Identifier: GPL-2.0-or-later
#include "paths.h"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "text.h"

namespace lunar::cli {
namespace {

namespace fs = std::filesystem;

std::string home_directory() {
  const char* home = std::getenv("HOME");
  if (home && *home) return home;
  const passwd* user = ::getpwuid(::geteuid());
  return user && user->pw_dir ? user->pw_dir : "";
}

bool exists(const std::string& path) {
  std::error_code ignored;
  return fs::exists(path, ignored);
}

}  // namespace

std::string expand_home(const std::string& path) {
  bool mine = path == "~" || starts_with(path, "~/");
  return mine ? home_directory() + path.substr(1) : path;
}

std::string configured_path(const std::string& path) {
  std::string expanded = expand_home(path);
  if (expanded.empty() || starts_with(expanded, "/")) return expanded;
  std::error_code error;
  fs::path absolute = fs::absolute(expanded, error).lexically_normal();
  return error ? expanded : absolute.string();
}

std::string default_save_file(const std::string& root) {
  std::string debian = root + "/etc/rtslib-fb-target";
  std::string ours = root + "/etc/target/saveconfig.json";
  bool theirs = exists(debian + "/saveconfig.json") || (exists(debian) && !exists(ours));
  return theirs ? debian + "/saveconfig.json" : ours;
}

bool directory_in_reach(const std::string& file) {
  std::error_code ignored;
  fs::path directory = fs::absolute(file, ignored).parent_path();
  return fs::is_directory(directory, ignored) || fs::is_directory(directory.parent_path(), ignored);
}

std::string prefs_directory() {
  const char* given = std::getenv("TARGETCLI_HOME");
  if (given && *given) return expand_home(given);
  std::string home = home_directory();
  return home.empty() ? "" : home + "/.targetcli";
}

bool kernel_has_ipv6(const std::string& root) { return exists(root + "/proc/net/if_inet6"); }

std::vector<std::string> matching_files(const std::string& text, bool regular, bool block) {
  std::string directory = text.substr(0, text.rfind('/') + 1);
  std::string where = directory.empty() ? "." : expand_home(directory);
  std::vector<std::string> files;
  std::vector<std::string> directories;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(where, error)) {
    std::string name = directory + entry.path().filename().string();
    if (!starts_with(name, text)) continue;
    std::error_code ignored;
    if (entry.is_directory(ignored))
      directories.push_back(name + "/");
    else if ((regular && entry.is_regular_file(ignored)) || (block && entry.is_block_file(ignored)))
      files.push_back(name);
  }
  std::sort(files.begin(), files.end());
  std::sort(directories.begin(), directories.end());
  files.insert(files.end(), directories.begin(), directories.end());
  return files;
}

}  // namespace lunar::cli
