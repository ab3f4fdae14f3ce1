// SPDX-License-Identifier: GPL-2.0-or-later
#include "lock.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>

#include "error.h"
#include "text.h"

namespace lunar::cli {
namespace {

constexpr auto kRetry = std::chrono::milliseconds(20);

std::string slurp(const std::string& path) {
  std::ifstream in(path);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

// As /proc/locks writes it: hexadecimal device, decimal inode.
std::string lock_id(const struct stat& file) {
  char id[64];
  std::snprintf(id, sizeof id, "%02x:%02x:%lu", major(file.st_dev), minor(file.st_dev),
                static_cast<unsigned long>(file.st_ino));
  return id;
}

std::string process_name(const std::string& pid) {
  std::string command = slurp("/proc/" + pid + "/cmdline");
  for (char& c : command)
    if (c < ' ' || c > '~') c = ' ';
  command = trim(command);
  constexpr std::size_t kLongest = 80;
  if (command.size() > kLongest) command.replace(kLongest, std::string::npos, "...");
  return "process " + pid + (command.empty() ? "" : " (" + command + ")");
}

// A minimal system may boot without /var/run.
int open_file(const std::string& path) {
  constexpr int kFlags = O_RDWR | O_CREAT | O_CLOEXEC;
  int fd = ::open(path.c_str(), kFlags, 0600);
  if (fd >= 0 || errno != ENOENT) return fd;
  std::error_code error;
  std::filesystem::create_directories(std::filesystem::path(path).parent_path(), error);
  return ::open(path.c_str(), kFlags, 0600);
}

}  // namespace

std::string lock_holder(int fd) {
  struct stat file {};
  if (::fstat(fd, &file) != 0) return "another process";
  std::string id = lock_id(file);
  for (const std::string& line : split(slurp("/proc/locks"), '\n')) {
    auto fields = words(line);  // 1: FLOCK ADVISORY WRITE 4711 00:19:1234 0 EOF
    if (fields.size() > 5 && fields[1] == "FLOCK" && fields[5] == id)
      return process_name(fields[4]);
  }
  return "another process";
}

CommandLock::CommandLock(const std::string& path, std::chrono::milliseconds timeout) {
  if (path.empty()) return;
  fd_ = open_file(path);
  if (fd_ < 0) throw CommandError("Cannot open lock file " + path + ": " + std::strerror(errno));
  auto deadline = std::chrono::steady_clock::now() + timeout;
  while (::flock(fd_, LOCK_EX | LOCK_NB) != 0) {
    bool busy = errno == EWOULDBLOCK || errno == EINTR;
    if (busy && std::chrono::steady_clock::now() < deadline) {
      std::this_thread::sleep_for(kRetry);
      continue;
    }
    std::string why = busy ? "held by " + lock_holder(fd_) + " for more than " +
                                 std::to_string(timeout.count() / 1000) +
                                 " seconds; nothing was changed"
                           : std::strerror(errno);
    ::close(fd_);
    throw CommandError("Cannot lock " + path + ": " + why);
  }
}

CommandLock::~CommandLock() {
  if (fd_ >= 0) ::close(fd_);
}

}  // namespace lunar::cli
