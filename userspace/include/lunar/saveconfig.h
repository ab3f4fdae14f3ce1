// SPDX-License-Identifier: GPL-2.0-or-later
// saveconfig.json: the live tree as a file, and back.
//
// The layout is rtslib's (sorted keys, two spaces, ASCII, a final newline), so that targetctl and
// everything that parses the file keep working. Keys that the library does not know are carried
// from the old file into the new one.
//
// A save is all or nothing: a temporary file beside the real one (O_EXCL, mode 0600), written,
// synced, renamed over it, the directory synced. A path that is a symlink has its target replaced,
// not the link.
//
// Partial restores. When a restore from a file ends with errors, or fails, a marker is written to
// <state_dir>/partial-restore.json: {"REAL PATH": ["error", ...], ...}. As long as a file stands in
// it, saving to that file is refused (Text: `F was restored only in part`), because the running
// configuration lacks what the file has. Its entry goes when the same file is restored in full,
// when a save with overwrite_partial succeeds, and, lying in /run, at a reboot; all entries go when
// the configuration is cleared.
//
// Targets of other fabrics (loopback, vhost) are not this library's to read or restore: a save
// keeps what the old file says of them, a restore names them as `Unknown fabric 'F', skipped`.
#ifndef LUNAR_SAVECONFIG_H_
#define LUNAR_SAVECONFIG_H_

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "lunar/result.h"
#include "lunar/root.h"

namespace lunar {

// Only declared here: include <nlohmann/json.hpp> where it is looked into.
using Json = nlohmann::json;

// The live tree in rtslib's layout.
Result<Json> dump(const Root& root);

// As the file has it: two spaces, sorted keys, ASCII only, a final newline.
std::string to_text(const Json& config);

// One error for anything that is no such file: `parse` with line and column in the hint.
Result<Json> parse_config(std::string_view text, const std::string& file_name);

struct RestoreOptions {
  bool clear_existing = false;
  std::string target;          // restore this one target only
  std::string storage_object;  // restore this one storage object only
};

struct RestoreReport {
  // Recoverable errors in rtslib's words. Objects that exist already are left alone and named:
  // `storageobject 'PLUGIN:NAME' exist not restoring`, `target with wwn W exist, not restoring`;
  // everything else ends with ", skipped".
  std::vector<std::string> errors;
  // Something of the file is in no tree now and would be lost by a save. Objects that existed do
  // not count, nor targets of other fabrics: a save carries those over.
  bool partial = false;
  // Keys of the outermost object that are none of configuration_keys(): misspelt, perhaps. A save
  // keeps them.
  std::vector<std::string> unknown_keys;
  int existing = 0;         // objects left alone
  int storage_objects = 0;  // made
  int targets = 0;          // made
};

// What the outermost object of a configuration may hold.
const std::vector<std::string>& configuration_keys();

// Brings the configuration into the tree. An Error means that nothing was changed (the JSON has not
// the form of a configuration), or that clearing failed. Everything else is in the report, and the
// rest is restored nevertheless. Linear in the number of objects.
Result<RestoreReport> restore(Root& root, const Json& config, const RestoreOptions& options);

// Clears a part of the configuration: one target, one storage object (by name), or with both empty
// everything. Discovery authentication is reset in every case, as rtslib does.
Status clear_existing(Root& root, const std::string& target, const std::string& storage_object);

// Where files lie.
struct ConfigPaths {
  std::string save_file = "/etc/target/saveconfig.json";  // the default one
  std::string backup_dir;                                 // "": `backup` beside save_file
  std::string state_dir = "/run/lunar";                   // of the partial-restore marker
};

struct SaveOptions {
  bool overwrite_partial = false;
  int max_backups = 10;  // how many stay in the backup directory
  std::string
      storage_object;  // "/backstores/PLUGIN/NAME": merge this one and its first target only
};

struct SaveReport {
  bool backup_made = false;
  std::string backup_dir;    // with a final slash, as the shell shows it
  std::string backup_error;  // why no backup could be made; the save itself went on
};

// Saving and restoring files. Holds no state besides its options.
class ConfigFile {
 public:
  explicit ConfigFile(Root& root, ConfigPaths paths = {});

  // Saves to `file` ("": the default one). A backup is made only of the default file, only when it
  // differs from the newest backup.
  // Texts: `Cannot create directory [D]`, `Could not open F`, `F was restored only in part`.
  Result<SaveReport> save(const std::string& file, const SaveOptions& options = {});

  // Restores from `file` ("": the default one). Text: `Restore file F not found`.
  Result<RestoreReport> restore(const std::string& file, const RestoreOptions& options = {});

  // Clears everything, and the marker with it.
  Status clear();

  // What stands against saving to `file`: the errors of its partial restore; empty when nothing.
  std::vector<std::string> partial_restore(const std::string& file) const;

  const ConfigPaths& paths() const { return paths_; }

 private:
  Root& root_;
  ConfigPaths paths_;
};

}  // namespace lunar

#endif  // LUNAR_SAVECONFIG_H_
