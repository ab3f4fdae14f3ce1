// SPDX-License-Identifier: GPL-2.0-or-later
// saveconfig.json on disk: saving, backups, restoring, and the guard against saving a partly
// restored configuration over the file that has all of it.
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <ctime>
#include <filesystem>
#include <memory>

#include "config_merge.h"
#include "file.h"
#include "json_view.h"
#include "lunar/saveconfig.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kBackupPrefix = "saveconfig-";
constexpr const char* kMarkerName = "/partial-restore.json";

std::string directory_of(const std::string& path) {
  const std::string dir = dir_name(path);
  return !dir.empty() ? dir : path.starts_with('/') ? "/" : ".";
}

// The same file by whatever name or link it is reached.
std::string real_path(const std::string& path) {
  std::error_code error;
  const std::filesystem::path absolute = std::filesystem::absolute(path, error);
  const std::filesystem::path real = std::filesystem::weakly_canonical(absolute, error);
  return error ? absolute.string() : real.string();
}

// Where in a text a byte is, for people.
std::string place(std::string_view text, size_t byte) {
  const std::string_view before = text.substr(0, byte == 0 ? 0 : byte - 1);
  const auto line = 1 + std::count(before.begin(), before.end(), '\n');
  const size_t newline = before.rfind('\n');
  const size_t column =
      newline == std::string_view::npos ? before.size() : before.size() - newline - 1;
  return "line " + std::to_string(line) + ", column " + std::to_string(column + 1);
}

std::vector<std::string> backups_in(const std::string& dir) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> open(opendir(dir.c_str()), closedir);
  if (!open) return names;
  while (const dirent* entry = readdir(open.get())) {
    const std::string name = entry->d_name;
    if (name.starts_with(kBackupPrefix) && name.find("json") != std::string::npos) {
      names.push_back(name);
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string backup_name() {
  const std::time_t now = std::time(nullptr);
  std::tm local = {};
  localtime_r(&now, &local);
  char text[64];
  const size_t length = std::strftime(text, sizeof(text), "%Y%m%d-%H:%M:%S", &local);
  return kBackupPrefix + std::string(text, length) + "-json.gz";
}

// Copies the file that is about to be replaced, unless the newest backup is the same. The outcome
// is in the report: a backup that fails does not keep a save from happening.
void back_up(const std::string& file, const std::string& dir, int keep, SaveReport* report) {
  report->backup_dir = dir + "/";
  const Status made = make_directories(dir);
  const Result<std::string> text = read_whole_file(file);
  if (!text && text.error().err == ENOENT) return;
  if (!made || !text) {
    report->backup_error = made ? text.error().message() : made.error().message();
    return;
  }
  const std::vector<std::string> old = backups_in(dir);
  if (!old.empty() && decompress_file(dir + "/" + old.back()).value_or("") == *text) return;
  const std::string path = dir + "/" + backup_name();
  ::unlink(path.c_str());
  const Status written = compress_file(path, *text);
  if (!written) {
    report->backup_error = written.error().message();
    return;
  }
  report->backup_made = true;
  const size_t room = static_cast<size_t>(std::max(keep, 1));
  const std::vector<std::string> all = backups_in(dir);
  for (size_t i = 0; i + room < all.size(); ++i) ::unlink((dir + "/" + all[i]).c_str());
}

// The marker file: {"REAL PATH": ["error", ...]}; empty when there is none.
Json read_marker(const std::string& state_dir) {
  const Result<std::string> text = read_whole_file(state_dir + kMarkerName);
  Json marker = Json::parse(text.value_or(""), nullptr, false);
  return marker.is_object() ? marker : Json::object();
}

Status write_marker(const std::string& state_dir, const Json& marker) {
  const std::string path = state_dir + kMarkerName;
  if (marker.empty()) {
    if (::unlink(path.c_str()) == 0 || errno == ENOENT) return {};
    return make_error("Could not remove " + path, errno);
  }
  LUNAR_TRY(make_directories(state_dir));
  return replace_file(path, to_text(marker));
}

Status mark(const std::string& state_dir, const std::string& file,
            const std::vector<std::string>& errors) {
  Json marker = read_marker(state_dir);
  if (errors.empty() && !marker.contains(real_path(file))) return {};
  marker.erase(real_path(file));
  if (!errors.empty()) marker[real_path(file)] = errors;
  return write_marker(state_dir, marker);
}

}  // namespace

Result<Json> parse_config(std::string_view text, const std::string& file_name) {
  try {
    return Json::parse(text);
  } catch (const Json::parse_error& bad) {
    return make_error(file_name + " is not valid JSON", 0, "at " + place(text, bad.byte));
  } catch (const Json::exception& bad) {
    return make_error(file_name + " is not valid JSON", 0, bad.what());
  }
}

ConfigFile::ConfigFile(Root& root, ConfigPaths paths) : root_(root), paths_(std::move(paths)) {
  if (paths_.backup_dir.empty()) paths_.backup_dir = directory_of(paths_.save_file) + "/backup";
}

std::vector<std::string> ConfigFile::partial_restore(const std::string& file) const {
  const Json marker = read_marker(paths_.state_dir);
  const std::string path = real_path(file.empty() ? paths_.save_file : file);
  std::vector<std::string> errors;
  for (const Json& error : list_member(marker, path.c_str())) errors.push_back(plain(error));
  return errors;
}

Result<SaveReport> ConfigFile::save(const std::string& file, const SaveOptions& options) {
  const std::string path = file.empty() ? paths_.save_file : file;
  const std::vector<std::string> missing = partial_restore(path);
  if (!missing.empty() && !options.overwrite_partial) {
    return make_error(path + " was restored only in part", 0,
                      "saving would lose what could not be restored, unless with "
                      "overwrite_partial=true; first: " +
                          missing.front());
  }
  LUNAR_TRY(make_directories(directory_of(path)));
  LUNAR_TRY_ASSIGN(fresh, dump(root_));
  const Result<std::string> text = read_whole_file(path);
  if (!text && text.error().err != ENOENT)
    return make_error("Could not open " + path, text.error().err);
  const Json old = Json::parse(text.value_or(""), nullptr, false);
  carry_over(old, root_.fabric().name(), fresh);
  if (!options.storage_object.empty()) {
    fresh = merge_storage_object(old, fresh, options.storage_object);
  }
  SaveReport report;
  if (real_path(path) == real_path(paths_.save_file)) {
    back_up(path, paths_.backup_dir, options.max_backups, &report);
  }
  LUNAR_TRY(replace_file(path, to_text(fresh)));
  if (!missing.empty()) LUNAR_TRY(mark(paths_.state_dir, path, {}));
  return report;
}

namespace {

// The restore knows the configuration, not the file it came from.
Result<RestoreReport> name_file(Result<RestoreReport> report, const std::string& path) {
  constexpr std::string_view kNameless = "This is no saved configuration";
  if (report || report.error().text.rfind(kNameless, 0) != 0) return report;
  Error error = report.error();
  error.text.replace(0, std::string_view("This").size(), path);
  return error;
}

}  // namespace

Result<RestoreReport> ConfigFile::restore(const std::string& file, const RestoreOptions& options) {
  const std::string path = file.empty() ? paths_.save_file : file;
  const Result<std::string> text = read_whole_file(path);
  const int err = text ? 0 : text.error().err;
  if (err == ENOENT || err == EISDIR) return make_error("Restore file " + path + " not found");
  if (!text) return make_error("Could not open " + path, text.error().err);
  Result<Json> config = parse_config(*text, path);
  Result<RestoreReport> report = config ? name_file(lunar::restore(root_, *config, options), path)
                                        : Result<RestoreReport>(config.error());
  const bool whole = options.target.empty() && options.storage_object.empty();
  Status marked;
  if (!report) {
    marked = mark(paths_.state_dir, path, {report.error().message()});
  } else if (report->partial) {
    marked = mark(paths_.state_dir, path, report->errors);
  } else if (whole && report->existing == 0) {
    marked = mark(paths_.state_dir, path, {});
  }
  if (report && !marked) report->errors.push_back(marked.error().brief());
  return report;
}

Status ConfigFile::clear() {
  LUNAR_TRY(root_.clear());
  return write_marker(paths_.state_dir, Json::object());
}

}  // namespace lunar
