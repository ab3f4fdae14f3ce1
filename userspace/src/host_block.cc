// SPDX-License-Identifier: GPL-2.0-or-later
// What SystemHost knows of block and SCSI devices, from sysfs and ioctls.
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "file.h"
#include "lunar/host.h"
#include "lunar/text.h"
#include "string_util.h"

namespace lunar {
namespace {

constexpr uint64_t kSector = 512;  // the unit of sysfs sizes, whatever the device's block size

namespace stdfs = std::filesystem;

std::optional<int64_t> sysfs_number(const std::string& path) {
  const Result<std::string> text = read_whole_file(path);
  if (!text) return std::nullopt;
  const Result<int64_t> number = parse_number(strip(*text));
  if (!number) return std::nullopt;
  return *number;
}

// "/sys/dev/block/8:0" or "/sys/dev/char/21:0"; empty when the path is no device of that kind.
std::string sysfs_dir(const std::string& path, mode_t kind) {
  struct stat info = {};
  if (::stat(path.c_str(), &info) != 0 || (info.st_mode & S_IFMT) != kind) return {};
  return std::string("/sys/dev/") + (kind == S_IFBLK ? "block/" : "char/") +
         std::to_string(major(info.st_rdev)) + ":" + std::to_string(minor(info.st_rdev));
}

bool is_read_only(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  int read_only = 0;
  return fd && ioctl(fd.get(), BLKROGET, &read_only) == 0 && read_only != 0;
}

// The last component of a device's real path that has the form H:C:T:L.
std::optional<ScsiAddress> address_in(const stdfs::path& path) {
  std::optional<ScsiAddress> found;
  for (const stdfs::path& component : path) {
    const std::string name = component.string();
    ScsiAddress address;
    int used = 0;
    if (std::sscanf(name.c_str(), "%d:%d:%d:%d%n", &address.host, &address.channel, &address.target,
                    &address.lun, &used) == 4 &&
        static_cast<size_t>(used) == name.size()) {
      found = address;
    }
  }
  return found;
}

}  // namespace

std::optional<BlockDevice> SystemHost::block_device(const std::string& path) {
  const std::string dir = sysfs_dir(path, S_IFBLK);
  const std::optional<int64_t> sectors = sysfs_number(dir + "/size");
  if (dir.empty() || !sectors) return std::nullopt;
  // A partition has no queue and no device of its own: its disk's are one level up.
  const bool partition = ::access((dir + "/partition").c_str(), F_OK) == 0;
  const std::string disk = partition ? dir + "/.." : dir;
  BlockDevice device;
  device.size = static_cast<uint64_t>(*sectors) * kSector;
  device.logical_block =
      static_cast<uint32_t>(sysfs_number(disk + "/queue/logical_block_size").value_or(kSector));
  device.scsi_type = static_cast<int>(sysfs_number(dir + "/device/type").value_or(0));
  device.read_only = is_read_only(path);
  return device;
}

std::optional<uint64_t> SystemHost::disk_size(const std::string& kernel_name) {
  std::string name = kernel_name;
  for (char& c : name) {
    if (c == '/') c = '!';
  }
  if (name.empty()) return std::nullopt;
  const std::optional<int64_t> sectors = sysfs_number("/sys/class/block/" + name + "/size");
  if (!sectors) return std::nullopt;
  return static_cast<uint64_t>(*sectors) * kSector;
}

bool SystemHost::in_use(const std::string& path) {
  const bool generic = !sysfs_dir(path, S_IFCHR).empty();
  const int flags = O_EXCL | O_NONBLOCK | O_CLOEXEC | (generic ? O_RDWR : O_RDONLY);
  return !FileDescriptor(::open(path.c_str(), flags));
}

std::optional<ScsiAddress> SystemHost::scsi_address(const std::string& path) {
  for (mode_t kind : {mode_t{S_IFBLK}, mode_t{S_IFCHR}}) {
    const std::string dir = sysfs_dir(path, kind);
    if (dir.empty()) continue;
    std::error_code error;
    const stdfs::path real = stdfs::canonical(dir, error);
    return error ? std::nullopt : address_in(real);
  }
  return std::nullopt;
}

std::optional<std::string> SystemHost::scsi_device_path(const ScsiAddress& address) {
  const std::string dir = "/sys/class/scsi_device/" + std::to_string(address.host) + ":" +
                          std::to_string(address.channel) + ":" + std::to_string(address.target) +
                          ":" + std::to_string(address.lun);
  std::error_code error;
  if (!stdfs::exists(dir, error)) return std::nullopt;
  stdfs::directory_iterator blocks(dir + "/device/block", error);
  if (error || blocks == stdfs::directory_iterator()) return std::string();
  return "/dev/" + blocks->path().filename().string();
}

}  // namespace lunar
