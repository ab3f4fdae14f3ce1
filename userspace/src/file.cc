// SPDX-License-Identifier: GPL-2.0-or-later
#include "file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <memory>

#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr size_t kMaxWholeFile = 64 << 20;
constexpr int kMaxLinks = 40;

Error failure(const char* operation, const std::string& path, int err) {
  Error error;
  error.operation = operation;
  error.path = path;
  error.err = err;
  return error;
}

std::string directory_of(const std::string& path) {
  if (path.find('/') == std::string::npos) return ".";
  const std::string dir = dir_name(path);
  return dir.empty() ? "/" : dir;
}

// Makes the rename itself last.
Status sync_directory(const std::string& dir) {
  const FileDescriptor fd(::open(dir.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!fd) return failure("open", dir, errno);
  if (fsync(fd.get()) != 0) return failure("sync", dir, errno);
  return {};
}

Status write_synced(int fd, const std::string& path, std::string_view text) {
  Status done = write_all(fd, text);
  if (done && fsync(fd) != 0) done = failure("sync", path, errno);
  if (!done) return make_error("Could not write " + path, done.error().err);
  return {};
}

using GzFile = std::unique_ptr<gzFile_s, int (*)(gzFile)>;

}  // namespace

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

Result<std::string> read_all(int fd, size_t limit) {
  std::string text;
  char chunk[4096];
  for (;;) {
    const ssize_t got = ::read(fd, chunk, sizeof(chunk));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure("read", "", errno);
    if (got == 0) return text;
    text.append(chunk, static_cast<size_t>(got));
    if (text.size() > limit) return failure("read", "", EFBIG);
  }
}

Result<std::string> read_whole_file(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd) return failure("read", path, errno);
  Result<std::string> text = read_all(fd.get(), kMaxWholeFile);
  if (!text) return failure("read", path, text.error().err);
  return text;
}

Status write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t done = ::write(fd, text.data(), text.size());
    if (done < 0 && errno == EINTR) continue;
    if (done < 0) return failure("write", "", errno);
    text.remove_prefix(static_cast<size_t>(done));
  }
  return {};
}

Status replace_file(const std::string& path, std::string_view text) {
  LUNAR_TRY_ASSIGN(real, resolve_link(path));
  const std::string temp = real + ".temp";
  ::unlink(temp.c_str());
  {
    const FileDescriptor fd(
        ::open(temp.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR));
    if (!fd) return make_error("Could not open " + temp, errno);
    Status written = write_synced(fd.get(), real, text);
    if (!written) {
      ::unlink(temp.c_str());
      return written;
    }
  }
  if (::rename(temp.c_str(), real.c_str()) != 0) {
    const int err = errno;
    ::unlink(temp.c_str());
    return make_error("Could not write " + real, err);
  }
  return sync_directory(directory_of(real));
}

Result<std::string> resolve_link(const std::string& path) {
  std::string current = path;
  for (int i = 0; i < kMaxLinks; ++i) {
    char target[PATH_MAX];
    const ssize_t length = ::readlink(current.c_str(), target, sizeof(target));
    if (length < 0) return current;
    const std::string next(target, static_cast<size_t>(length));
    current = next.starts_with('/') ? next : directory_of(current) + "/" + next;
  }
  return failure("follow", path, ELOOP);
}

bool file_exists(const std::string& path) { return ::access(path.c_str(), F_OK) == 0; }

Status make_directories(const std::string& path) {
  for (size_t at = 1; at <= path.size(); ++at) {
    if (at != path.size() && path[at] != '/') continue;
    const std::string part = path.substr(0, at);
    if (::mkdir(part.c_str(), 0700) == 0 || errno == EEXIST) continue;
    return make_error("Cannot create directory [" + path + "] " + std::strerror(errno) + ".");
  }
  return {};
}

Status compress_file(const std::string& path, std::string_view text) {
  const int fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
  if (fd < 0) return failure("create", path, errno);
  GzFile file(gzdopen(fd, "wb"), gzclose);
  if (!file) {
    ::close(fd);
    return failure("create", path, ENOMEM);
  }
  const bool written =
      text.empty() || gzwrite(file.get(), text.data(), static_cast<unsigned>(text.size())) ==
                          static_cast<int>(text.size());
  const bool closed = gzclose(file.release()) == Z_OK;
  if (written && closed) return {};
  ::unlink(path.c_str());
  return failure("write", path, EIO);
}

Result<std::string> decompress_file(const std::string& path) {
  const GzFile file(gzopen(path.c_str(), "rbe"), gzclose);
  if (!file) return failure("read", path, errno);
  std::string text;
  char chunk[4096];
  for (;;) {
    const int got = gzread(file.get(), chunk, sizeof(chunk));
    if (got < 0) return failure("read", path, EIO);
    if (got == 0) return text;
    text.append(chunk, static_cast<size_t>(got));
    if (text.size() > kMaxWholeFile) return failure("read", path, EFBIG);
  }
}

}  // namespace lunar
