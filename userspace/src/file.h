// SPDX-License-Identifier: GPL-2.0-or-later
// Ordinary files: reading whole ones, replacing one so that either the old or the new content is
// there after a crash, and gzip for backups.
#ifndef LUNAR_SRC_FILE_H_
#define LUNAR_SRC_FILE_H_

#include <sys/types.h>

#include <string>
#include <string_view>

#include "lunar/result.h"

namespace lunar {

// Owns a file descriptor; closes it at the end.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  ~FileDescriptor();
  FileDescriptor(const FileDescriptor&) = delete;
  FileDescriptor& operator=(const FileDescriptor&) = delete;

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

 private:
  int fd_;
};

// Everything from here to the end; EFBIG beyond `limit` bytes.
Result<std::string> read_all(int fd, size_t limit);

// A whole file; EFBIG beyond 64 MiB.
Result<std::string> read_whole_file(const std::string& path);

// Writes all of it, however many calls that takes.
Status write_all(int fd, std::string_view text);

// Puts `text` in place of the file: FILE.temp (O_EXCL, mode 0600; a left-over one is removed
// first), write, fsync, rename, fsync of the directory. A symlink stays: what it points to is
// replaced. Text of errors: `Could not open F.temp`, `Could not write F`.
Status replace_file(const std::string& path, std::string_view text);

// The path without symlinks in its last component, as far as they lead; a missing file is its own
// end. ELOOP after 40 of them.
Result<std::string> resolve_link(const std::string& path);

// Whether something is at the path; links are followed.
bool file_exists(const std::string& path);

// Makes a directory and its missing parents, mode 0700.
// Text: `Cannot create directory [D]`.
Status make_directories(const std::string& path);

// gzip, and back. compress_file makes a new file of mode 0600.
Status compress_file(const std::string& path, std::string_view text);
Result<std::string> decompress_file(const std::string& path);

}  // namespace lunar

#endif  // LUNAR_SRC_FILE_H_
