// SPDX-License-Identifier: GPL-2.0-or-later
// SystemHost but for block devices: modules, files, names.
#include "lunar/host.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mount.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstring>
#include <vector>

#include "file.h"
#include "string_util.h"
#include "try.h"

extern char** environ;

namespace lunar {
namespace {

constexpr const char* kConfigfs = "/sys/kernel/config";
constexpr long kConfigfsMagic = 0x62656570;
constexpr size_t kMaxOutput = 64 << 10;

// Runs a program and waits for it; what it wrote to stderr comes back when it failed.
Status run(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) return make_error("Could not run " + arguments[0], errno);
  const FileDescriptor from(ends[0]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t pid = 0;
  const int err = posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(ends[1]);
  if (err != 0) return make_error("Could not run " + arguments[0], err);
  const std::string said = read_all(from.get(), kMaxOutput).value_or("");
  int status = 0;
  while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  return make_error(arguments[0] + " failed", 0, std::string(strip(said)));
}

// A sentence that scripts compare: the reason is for people.
Error known_refusal(std::string sentence, int err) {
  Error error = make_error(std::move(sentence));
  error.advice = std::strerror(err);
  return error;
}

bool module_loaded(const std::string& name) {
  return ::access(("/sys/module/" + name).c_str(), F_OK) == 0;
}

bool configfs_mounted() {
  struct statfs info = {};
  return ::statfs(kConfigfs, &info) == 0 && info.f_type == kConfigfsMagic;
}

Status write_zeros(int fd, uint64_t size) {
  const std::array<char, 1 << 16> zeros = {};
  while (size > 0) {
    const size_t part = static_cast<size_t>(std::min<uint64_t>(size, zeros.size()));
    LUNAR_TRY(write_all(fd, {zeros.data(), part}));
    size -= part;
  }
  return {};
}

}  // namespace

Status SystemHost::load_module(const std::string& name) {
  if (module_loaded(name)) return {};
  const Status done = run({"modprobe", "--", name});
  if (done) return {};
  return make_error("Could not load module: " + name, done.error().err, done.error().hint);
}

Status SystemHost::mount_configfs() {
  if (configfs_mounted()) return {};
  load_module("configfs").ignore();
  if (configfs_mounted() || ::mount("none", kConfigfs, "configfs", 0, nullptr) == 0) return {};
  return make_error("Cannot mount configfs", errno);
}

std::optional<uint64_t> SystemHost::file_size(const std::string& path) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0 || !S_ISREG(info.st_mode)) return std::nullopt;
  return static_cast<uint64_t>(info.st_size);
}

bool SystemHost::exists(const std::string& path) {
  struct stat info = {};
  return ::stat(path.c_str(), &info) == 0;
}

bool SystemHost::is_directory(const std::string& path) {
  struct stat info = {};
  return ::stat(path.c_str(), &info) == 0 && S_ISDIR(info.st_mode);
}

bool SystemHost::same_file(const std::string& a, const std::string& b) {
  struct stat first = {};
  struct stat second = {};
  if (::stat(a.c_str(), &first) != 0 || ::stat(b.c_str(), &second) != 0) return false;
  return first.st_dev == second.st_dev && first.st_ino == second.st_ino;
}

Status SystemHost::create_file(const std::string& path, uint64_t size, bool sparse) {
  const std::string no_room = "Could not expand file to " + std::to_string(size) + " bytes";
  if (size > INT64_MAX) return known_refusal(no_room, EFBIG);
  if (size == 0) return known_refusal(no_room, EINVAL);
  const FileDescriptor fd(::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
  if (!fd) return known_refusal("Could not open " + path, errno);
  int err = 0;
  if (sparse) {
    if (::ftruncate(fd.get(), static_cast<off_t>(size)) != 0) err = errno;
  } else {
    Status written = write_zeros(fd.get(), size);
    if (!written) err = written.error().err;
  }
  if (err == 0) return {};
  ::unlink(path.c_str());
  return known_refusal(no_room, err);
}

Status SystemHost::remove_file(const std::string& path) {
  if (::unlink(path.c_str()) == 0) return {};
  return make_error("Could not remove " + path, errno);
}

Result<std::string> SystemHost::read_file(const std::string& path) { return read_whole_file(path); }

std::string SystemHost::uuid() {
  std::array<unsigned char, 16> bytes = {};
  size_t have = 0;
  while (have < bytes.size()) {
    const ssize_t got = getrandom(bytes.data() + have, bytes.size() - have, 0);
    if (got > 0) have += static_cast<size_t>(got);
  }
  bytes[6] = static_cast<unsigned char>((bytes[6] & 0x0f) | 0x40);
  bytes[8] = static_cast<unsigned char>((bytes[8] & 0x3f) | 0x80);
  std::string text;
  for (size_t i = 0; i < bytes.size(); ++i) {
    char digits[3];
    std::snprintf(digits, sizeof(digits), "%02x", bytes[i]);
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += digits;
  }
  return text;
}

std::string SystemHost::hostname() {
  struct utsname info = {};
  return uname(&info) == 0 ? info.nodename : "localhost";
}

std::string SystemHost::machine() {
  struct utsname info = {};
  return uname(&info) == 0 ? info.machine : "unknown";
}

uint64_t SystemHost::page_size() { return static_cast<uint64_t>(sysconf(_SC_PAGESIZE)); }

}  // namespace lunar
