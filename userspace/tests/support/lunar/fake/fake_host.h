// SPDX-License-Identifier: GPL-2.0-or-later
// FakeHost: a machine of maps, for tests. UUIDs count upwards, so generated names are predictable.
#ifndef LUNAR_FAKE_FAKE_HOST_H_
#define LUNAR_FAKE_FAKE_HOST_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "lunar/host.h"

namespace lunar::fake {

class FakeHost final : public Host {
 public:
  std::map<std::string, BlockDevice> devices;  // by path
  std::map<std::string, uint64_t> disks;       // by kernel name
  std::map<std::string, uint64_t> files;       // regular files and their sizes
  std::map<std::string, std::string> texts;    // what read_file() gives
  std::map<std::string, ScsiAddress> scsi;     // by path
  std::set<std::string> directories;
  std::set<std::string> busy;               // devices in use
  std::vector<std::string> modules_loaded;  // every load_module(), in order
  int create_file_err = 0;                  // makes create_file() fail

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
  std::string hostname() override { return "target"; }
  std::string machine() override { return "x86_64"; }
  uint64_t page_size() override { return 4096; }

 private:
  uint64_t next_uuid_ = 1;
};

}  // namespace lunar::fake

#endif  // LUNAR_FAKE_FAKE_HOST_H_
