// SPDX-License-Identifier: GPL-2.0-or-later
// Host: what the library needs from the machine besides configfs: modules, block devices, files,
// names, randomness. The program uses SystemHost; tests use FakeHost (userspace/tests/support).
#ifndef LUNAR_HOST_H_
#define LUNAR_HOST_H_

#include <cstdint>
#include <optional>
#include <string>

#include "lunar/result.h"

namespace lunar {

struct BlockDevice {
  int scsi_type = 0;             // device/type of its sysfs directory; 0 (TYPE_DISK) if it has none
  uint64_t size = 0;             // bytes
  uint32_t logical_block = 512;  // bytes
  bool read_only = false;        // BLKROGET
};

// The address of a SCSI device: host, channel, target, lun.
struct ScsiAddress {
  int host = 0, channel = 0, target = 0, lun = 0;
};

class Host {
 public:
  virtual ~Host() = default;

  // Loads a kernel module unless it is there. Errors say what modprobe said.
  virtual Status load_module(const std::string& name) = 0;

  // Mounts configfs on /sys/kernel/config unless it is mounted.
  virtual Status mount_configfs() = 0;

  // What a path is as a block device; nullopt when it is none (or not there). Links are followed.
  virtual std::optional<BlockDevice> block_device(const std::string& path) = 0;

  // The size in bytes of a disk or partition by its kernel name ("sda", "cciss!c0d0").
  virtual std::optional<uint64_t> disk_size(const std::string& kernel_name) = 0;

  // Whether somebody holds the device (an exclusive open is refused). A path that cannot be opened
  // at all counts as in use, as rtslib has it.
  virtual bool in_use(const std::string& path) = 0;

  // The SCSI address behind a device path, and the other way round (empty: no block device).
  virtual std::optional<ScsiAddress> scsi_address(const std::string& path) = 0;
  virtual std::optional<std::string> scsi_device_path(const ScsiAddress& address) = 0;

  // The size of a regular file; nullopt when the path is none.
  virtual std::optional<uint64_t> file_size(const std::string& path) = 0;
  virtual bool exists(const std::string& path) = 0;
  virtual bool same_file(const std::string& a, const std::string& b) = 0;

  // Makes a file that must not be there, of the given size: with holes, or written with zeros.
  // Nothing is left behind on failure. Texts: `Could not open F`, `Could not expand file to N
  // bytes`.
  virtual Status create_file(const std::string& path, uint64_t size, bool sparse) = 0;
  virtual Status remove_file(const std::string& path) = 0;

  // The content of an ordinary file (persistent reservations in dbroot/pr).
  virtual Result<std::string> read_file(const std::string& path) = 0;
  virtual bool is_directory(const std::string& path) = 0;

  virtual std::string uuid() = 0;  // random, version 4, with dashes
  virtual std::string hostname() = 0;
  virtual std::string machine() = 0;  // as uname -m
  virtual uint64_t page_size() = 0;   // bytes
};

// The machine that the program runs on.
class SystemHost : public Host {
 public:
  Status load_module(const std::string& name) override;
  Status mount_configfs() override;
  std::optional<BlockDevice> block_device(const std::string& path) override;
  std::optional<uint64_t> disk_size(const std::string& kernel_name) override;
  bool in_use(const std::string& path) override;
  std::optional<ScsiAddress> scsi_address(const std::string& path) override;
  std::optional<std::string> scsi_device_path(const ScsiAddress& address) override;
  std::optional<uint64_t> file_size(const std::string& path) override;
  bool exists(const std::string& path) override;
  bool same_file(const std::string& a, const std::string& b) override;
  Status create_file(const std::string& path, uint64_t size, bool sparse) override;
  Status remove_file(const std::string& path) override;
  Result<std::string> read_file(const std::string& path) override;
  bool is_directory(const std::string& path) override;
  std::string uuid() override;
  std::string hostname() override;
  std::string machine() override;
  uint64_t page_size() override;
};

}  // namespace lunar

#endif  // LUNAR_HOST_H_
