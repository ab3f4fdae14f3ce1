// SPDX-License-Identifier: GPL-2.0-or-later
// FakeConfigfs: target_core_mod's configfs tree in memory, built from the schema.
//
// mkdir makes what the kernel makes (default groups, attributes with their defaults for the chosen
// kernel version); reads, writes, links and rmdir answer as configfs and target_core do: EEXIST,
// ENOENT, EBUSY, ENOTEMPTY, EPERM, EACCES, EINVAL. A few files have life: `control` and `enable`
// of storage objects, `info`, vpd_unit_serial, authenticate_target, AuthMethod, alua_tg_pt_gp.
//
// Every operation is numbered and logged, and any can be made to fail.
#ifndef LUNAR_FAKE_FAKE_CONFIGFS_H_
#define LUNAR_FAKE_FAKE_CONFIGFS_H_

#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lunar/fs.h"
#include "lunar/schema.h"

namespace lunar::fake {

class FakeConfigfs final : public Fs {
 public:
  // One operation as it was asked for, and how it ended.
  struct Access {
    std::string operation;  // "read", "write", "mkdir", "rmdir", "symlink", "unlink", ...
    std::string path;
    std::string value;  // written text, or the link's target
    int err = 0;
  };

  // The tree of a fresh boot with target_core_mod and the fabric's module available.
  explicit FakeConfigfs(KernelVersion kernel = {6, 12}, const Schema& schema = Schema::builtin());
  ~FakeConfigfs() override;

  Result<std::string> read(const std::string& path) override;
  Status write(const std::string& path, std::string_view value) override;
  Status mkdir(const std::string& path) override;
  Status rmdir(const std::string& path) override;
  Status symlink(const std::string& target, const std::string& link) override;
  Status unlink(const std::string& path) override;
  Result<std::string> readlink(const std::string& path) override;
  Result<std::vector<DirEntry>> list(const std::string& path) override;
  Result<FileStat> stat(const std::string& path) override;
  std::string root() const override { return "/sys/kernel/config/target"; }

  // The n-th operation from now (1 is the next one) fails with `err`; once. Only operations that
  // change the tree (write, mkdir, symlink, rmdir, unlink) count when `changes_only`.
  void fail_nth(size_t n, int err, bool changes_only = true);
  // Every operation on a path with this ending fails with `err`; err 0 lifts it.
  void fail_path(const std::string& suffix, int err);
  // Whether the failure set by fail_nth() has happened.
  bool failed() const { return failed_; }

  const std::vector<Access>& log() const { return log_; }
  void clear_log() { log_.clear(); }
  // Number of operations that changed, or tried to change, the tree.
  size_t changes() const;

  // Sets a file whatever its mode: what a session or the kernel would do.
  void poke(const std::string& path, const std::string& value);
  // Takes a file out, as on a kernel that lacks it.
  void drop(const std::string& path);

  // Every node below `path`, one line each, as reference trees are written down:
  // `path/`, `path -> target`, `path [mode] value` with `|` for newlines.
  std::string snapshot(const std::string& path = "") const;

 private:
  struct Item;
  class Rules;

  Item* find(const std::string& path) const;
  int admit(const char* operation, const std::string& path, std::string_view value, bool change);
  Status finish(int err);

  int do_write(const std::string& path, std::string_view value);
  int do_mkdir(const std::string& path);
  int do_rmdir(const std::string& path);
  int do_symlink(const std::string& target, const std::string& link);
  int do_unlink(const std::string& path);

  Item& add(Item& parent, const std::string& name, FileType type);
  void populate(Item& dir, const DirSpec& spec, const NodeSpec& node);

  KernelVersion kernel_;
  const Schema& schema_;
  std::unique_ptr<Item> root_;
  std::unique_ptr<Rules> rules_;
  std::vector<Access> log_;
  std::map<std::string, int> path_failures_;
  size_t sequence_ = 0;
  size_t countdown_ = 0;
  int countdown_err_ = 0;
  bool countdown_changes_only_ = true;
  bool failed_ = false;
};

}  // namespace lunar::fake

#endif  // LUNAR_FAKE_FAKE_CONFIGFS_H_
