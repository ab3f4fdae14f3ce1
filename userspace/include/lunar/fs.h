// SPDX-License-Identifier: GPL-2.0-or-later
// Fs: the only way of liblunar to the configfs tree of target_core_mod.
//
// Every path is relative to the tree's root (/sys/kernel/config/target) and has no leading slash:
// "core/fileio_0/disk1/enable". The program uses PosixFs; tests use FakeConfigfs (lunar/fake in
// userspace/tests/support), an in-memory configfs built from the schema.
//
// Not thread-safe; one Fs per thread. Errors carry errno, the operation and the path.
#ifndef LUNAR_FS_H_
#define LUNAR_FS_H_

#include <sys/types.h>

#include <string>
#include <string_view>
#include <vector>

#include "lunar/result.h"

namespace lunar {

enum class FileType { kFile, kDirectory, kSymlink, kOther };

// Type and permission bits of a node (links are not followed).
struct FileStat {
  FileType type = FileType::kOther;
  mode_t mode = 0;  // the nine permission bits

  bool readable() const { return (mode & 0400) != 0; }  // by the owner, as rtslib looks at it
  bool writable() const { return (mode & 0200) != 0; }
};

struct DirEntry {
  std::string name;
  FileType type = FileType::kOther;
};

class Fs {
 public:
  virtual ~Fs() = default;

  // The whole content of a file, as the kernel gives it (usually with a final newline).
  virtual Result<std::string> read(const std::string& path) = 0;

  // One write() of exactly `value`; nothing is added. A short write is an error (EIO).
  virtual Status write(const std::string& path, std::string_view value) = 0;

  virtual Status mkdir(const std::string& path) = 0;
  virtual Status rmdir(const std::string& path) = 0;

  // Makes `link` point to `target`; both relative to the root.
  virtual Status symlink(const std::string& target, const std::string& link) = 0;
  virtual Status unlink(const std::string& path) = 0;

  // What a link points to, relative to the root.
  virtual Result<std::string> readlink(const std::string& path) = 0;

  // The entries of a directory in the order in which the tree gives them; no "." and "..".
  virtual Result<std::vector<DirEntry>> list(const std::string& path) = 0;

  virtual Result<FileStat> stat(const std::string& path) = 0;

  // Whether something is there; links are not followed. Any failure but absence counts as there.
  virtual bool exists(const std::string& path);

  // The root's own name, for messages: "/sys/kernel/config/target".
  virtual std::string root() const = 0;
};

// The file system itself, by openat and its like relative to one directory.
//
// The root need not be there when the object is made (target_core_mod may not be loaded yet): it is
// opened at the first call and again after a failure.
class PosixFs final : public Fs {
 public:
  static constexpr const char* kDefaultRoot = "/sys/kernel/config/target";

  explicit PosixFs(std::string root = kDefaultRoot);
  ~PosixFs() override;
  PosixFs(const PosixFs&) = delete;
  PosixFs& operator=(const PosixFs&) = delete;

  Result<std::string> read(const std::string& path) override;
  Status write(const std::string& path, std::string_view value) override;
  Status mkdir(const std::string& path) override;
  Status rmdir(const std::string& path) override;
  Status symlink(const std::string& target, const std::string& link) override;
  Status unlink(const std::string& path) override;
  Result<std::string> readlink(const std::string& path) override;
  Result<std::vector<DirEntry>> list(const std::string& path) override;
  Result<FileStat> stat(const std::string& path) override;
  std::string root() const override { return root_; }

 private:
  Result<int> root_fd();

  std::string root_;
  int fd_ = -1;
};

}  // namespace lunar

#endif  // LUNAR_FS_H_
