// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <filesystem>
#include <memory>

#include "file.h"
#include "lunar/fs.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr size_t kMaxFile = 1 << 20;  // configfs files are a page; anything larger is none of ours

Error failure(const char* operation, const std::string& path, int err) {
  Error error;
  error.operation = operation;
  error.path = path;
  error.err = err;
  return error;
}

FileType type_of(mode_t mode) {
  if (S_ISREG(mode)) return FileType::kFile;
  if (S_ISDIR(mode)) return FileType::kDirectory;
  if (S_ISLNK(mode)) return FileType::kSymlink;
  return FileType::kOther;
}

FileType type_of_entry(int dir, const dirent& entry) {
  switch (entry.d_type) {
    case DT_REG:
      return FileType::kFile;
    case DT_DIR:
      return FileType::kDirectory;
    case DT_LNK:
      return FileType::kSymlink;
    default:
      break;
  }
  struct stat info = {};
  if (fstatat(dir, entry.d_name, &info, AT_SYMLINK_NOFOLLOW) != 0) return FileType::kOther;
  return type_of(info.st_mode);
}

// "" means the root itself.
const char* at_path(const std::string& path) { return path.empty() ? "." : path.c_str(); }

}  // namespace

bool Fs::exists(const std::string& path) {
  const Result<FileStat> found = stat(path);
  return found || (found.error().err != ENOENT && found.error().err != ENOTDIR);
}

PosixFs::PosixFs(std::string root) : root_(std::move(root)) {
  while (root_.size() > 1 && root_.ends_with('/')) root_.pop_back();
}

PosixFs::~PosixFs() {
  if (fd_ >= 0) ::close(fd_);
}

// A directory that was removed (module unloaded) stays open and empty: it has no links then, and is
// opened anew.
Result<int> PosixFs::root_fd() {
  struct stat info = {};
  if (fd_ >= 0 && fstat(fd_, &info) == 0 && info.st_nlink > 0) return fd_;
  if (fd_ >= 0) ::close(fd_);
  fd_ = ::open(root_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
  if (fd_ < 0) return failure("open", root_, errno);
  return fd_;
}

Result<std::string> PosixFs::read(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  const FileDescriptor fd(openat(root, at_path(path), O_RDONLY | O_CLOEXEC));
  if (!fd) return failure("read", path, errno);
  Result<std::string> text = read_all(fd.get(), kMaxFile);
  if (!text) return failure("read", path, text.error().err);
  return text;
}

Status PosixFs::write(const std::string& path, std::string_view value) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  const FileDescriptor fd(openat(root, at_path(path), O_WRONLY | O_CLOEXEC));
  if (!fd) return failure("write", path, errno);
  const ssize_t done = ::write(fd.get(), value.data(), value.size());
  if (done < 0) return failure("write", path, errno);
  if (static_cast<size_t>(done) != value.size()) return failure("write", path, EIO);
  return {};
}

Status PosixFs::mkdir(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  if (mkdirat(root, at_path(path), 0755) != 0) return failure("create", path, errno);
  return {};
}

Status PosixFs::rmdir(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  if (unlinkat(root, at_path(path), AT_REMOVEDIR) != 0) return failure("remove", path, errno);
  return {};
}

// configfs resolves the target itself, from the caller's working directory: it has to be absolute.
Status PosixFs::symlink(const std::string& target, const std::string& link) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  if (symlinkat((root_ + "/" + target).c_str(), root, link.c_str()) != 0) {
    return failure("link", link, errno);
  }
  return {};
}

Status PosixFs::unlink(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  if (unlinkat(root, at_path(path), 0) != 0) return failure("remove", path, errno);
  return {};
}

Result<std::string> PosixFs::readlink(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  char target[PATH_MAX];
  const ssize_t length = readlinkat(root, at_path(path), target, sizeof(target));
  if (length < 0) return failure("read", path, errno);
  const std::string text(target, static_cast<size_t>(length));
  const std::filesystem::path base = text.starts_with('/') ? "" : root_ + "/" + dir_name(path);
  const std::string full = (base / text).lexically_normal().string();
  if (!full.starts_with(root_ + "/")) return failure("follow", path, EXDEV);
  return full.substr(root_.size() + 1);
}

Result<std::vector<DirEntry>> PosixFs::list(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  const int fd = openat(root, at_path(path), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (fd < 0) return failure("list", path, errno);
  const std::unique_ptr<DIR, int (*)(DIR*)> dir(fdopendir(fd), closedir);
  if (!dir) {
    const int err = errno;
    ::close(fd);
    return failure("list", path, err);
  }
  std::vector<DirEntry> entries;
  for (errno = 0; const dirent* entry = readdir(dir.get()); errno = 0) {
    const std::string name = entry->d_name;
    if (name != "." && name != "..") entries.push_back({name, type_of_entry(fd, *entry)});
  }
  if (errno != 0) return failure("list", path, errno);
  return entries;
}

Result<FileStat> PosixFs::stat(const std::string& path) {
  LUNAR_TRY_ASSIGN(root, root_fd());
  struct stat info = {};
  if (fstatat(root, at_path(path), &info, AT_SYMLINK_NOFOLLOW) != 0) {
    return failure("look at", path, errno);
  }
  return FileStat{type_of(info.st_mode), info.st_mode & 0777};
}

}  // namespace lunar
