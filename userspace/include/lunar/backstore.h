// SPDX-License-Identifier: GPL-2.0-or-later
// Backstores: storage objects below core/ and their ALUA groups.
//
// A storage object lies in a directory of its own, core/<plugin>_<index>/<name>, with the index
// chosen as rtslib does: the lowest that no other storage object has, over all plugins.
#ifndef LUNAR_BACKSTORE_H_
#define LUNAR_BACKSTORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/node.h"
#include "lunar/result.h"

namespace lunar {

class Lun;

// A kind of backstore: what the shell calls it and what the tree calls it.
enum class Plugin { kBlock, kFileio, kRamdisk, kPscsi, kUser };

const char* plugin_name(Plugin plugin);       // "block", "fileio", "ramdisk", "pscsi", "user"
const char* plugin_directory(Plugin plugin);  // "iblock", "fileio", "rd_mcp", "pscsi", "user"

// Both spellings are understood; nullopt for anything else (a backstore that we don't know).
std::optional<Plugin> plugin_from_name(std::string_view name);

// An ALUA target port group: core/<hba>/<so>/alua/<name>.
class AluaGroup : public Node {
 public:
  AluaGroup(const Context* context, std::string path, std::string name)
      : Node(context, std::move(path)), name_(std::move(name)) {}

  const std::string& name() const { return name_; }

  // Group kAlua: the shell's `alua` group.
  Group settings() const { return Group(context_, Group::Kind::kAlua, path_); }

  // `ALUA state: ` in listings: "Active/optimized", "Standby", ... by the number of
  // alua_access_state; empty for an unknown number.
  Result<std::string> state_name() const;

  // Text: `Can not delete default_tg_pt_gp`.
  Status remove() const;

 private:
  std::string name_;
};

class StorageObject : public Node {
 public:
  StorageObject(const Context* context, std::string path, std::string plugin, std::string name);

  // The shell's name of the plugin; of an unknown one its directory prefix.
  const std::string& plugin() const { return plugin_; }
  const std::string& name() const { return name_; }
  // "/backstores/fileio/disk1", as saved files and the shell name it.
  std::string shell_path() const { return "/backstores/" + plugin_ + "/" + name_; }

  Result<bool> enabled() const;
  // "activated" when a LUN uses it, else "deactivated".
  Result<std::string> status() const;
  // "v5.0", from hba_info.
  Result<std::string> version() const;
  // The unit serial; set_wwn is a no-op for pscsi (the device has its own).
  Result<std::string> wwn() const;
  Status set_wwn(std::string_view wwn) const;
  // The file or device; fileio falls back to what `info` says.
  Result<std::string> udev_path() const;
  // Bytes; of a block device what it has now. 0 for pscsi.
  Result<uint64_t> size() const;
  Result<bool> write_back() const;  // emulate_write_cache
  Result<bool> readonly() const;    // block
  Result<bool> nullio() const;      // ramdisk
  Result<bool> aio() const;         // fileio
  // user only: cfgstring with its handler ("file/path").
  Result<std::string> config() const;
  Result<bool> alua_supported() const;

  // The word that follows `KEY: ` in the file `info`; nullopt when it is not there.
  Result<std::optional<std::string>> info(std::string_view key) const;

  Result<std::vector<AluaGroup>> alua_groups() const;  // in the order of the directory
  // Tag 1..65535. Texts: `The TPG Tag must be between 1 and 65535`, `Cannot set id to N`,
  // `Backend does not support ALUA setup`.
  Result<AluaGroup> create_alua_group(const std::string& name, int tag) const;

  // Every LUN of the fabric that exports this object; reads each LUN's link once.
  Result<std::vector<Lun>> attached_luns() const;

  // Removes LUNs (with their mapped LUNs) that use it, its ALUA groups, itself and its HBA
  // directory. The data stays, a ramdisk's excepted.
  Status remove() const;

 private:
  std::string hba_path() const;
  Result<std::string> collapsed_info() const;

  std::string plugin_;
  std::string name_;
};

// What to make. An empty wwn has one generated.
struct BlockParams {
  std::string name;
  std::string dev;
  std::optional<bool> readonly;  // not given: what the device says
  std::string wwn;
};

struct FileioParams {
  std::string name;
  std::string dev;               // file or block device
  std::optional<uint64_t> size;  // bytes; needed for a file, ignored for a block device
  bool write_back = true;
  bool aio = false;
  std::string wwn;
  // Make the file (of `size`) when it is not there. Off: the kernel makes it, as in a restore.
  bool create_file = false;
  bool sparse = true;
};

struct RamdiskParams {
  std::string name;
  uint64_t size = 0;  // bytes; rounded to pages
  bool nullio = false;
  std::string wwn;
};

struct PscsiParams {
  std::string name;
  std::string dev;  // path, or H:C:T:L
};

struct UserParams {
  std::string name;
  std::string config;  // handler/cfgstring
  uint64_t size = 0;
  std::string wwn;
  std::optional<int64_t> hw_max_sectors;
  std::string control;
};

// What a path offers a new fileio object, before anything is made: the shell's notes depend on it.
enum class FileioBacking { kBlockDevice, kExistingFile, kNewFile };
struct FileioPlan {
  FileioBacking backing = FileioBacking::kNewFile;
  uint64_t size = 0;          // of an existing file: its own; of a new file: the one asked for
  bool size_ignored = false;  // a size was given and does not count
};

}  // namespace lunar

#endif  // LUNAR_BACKSTORE_H_
