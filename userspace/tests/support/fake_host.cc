// SPDX-License-Identifier: GPL-2.0-or-later
#include "lunar/fake/fake_host.h"

#include <cerrno>
#include <cstdio>

namespace lunar::fake {
namespace {

template <typename Map>
auto lookup(const Map& map, const std::string& key) -> std::optional<typename Map::mapped_type> {
  const auto found = map.find(key);
  if (found == map.end()) return std::nullopt;
  return found->second;
}

}  // namespace

Status FakeHost::load_module(const std::string& name) {
  modules_loaded.push_back(name);
  return {};
}

Status FakeHost::mount_configfs() { return {}; }

std::optional<BlockDevice> FakeHost::block_device(const std::string& path) {
  return lookup(devices, path);
}

std::optional<uint64_t> FakeHost::disk_size(const std::string& name) { return lookup(disks, name); }

bool FakeHost::in_use(const std::string& path) { return busy.contains(path); }

std::optional<ScsiAddress> FakeHost::scsi_address(const std::string& path) {
  return lookup(scsi, path);
}

std::optional<std::string> FakeHost::scsi_device_path(const ScsiAddress& address) {
  for (const auto& [path, known] : scsi) {
    if (known.host == address.host && known.channel == address.channel &&
        known.target == address.target && known.lun == address.lun) {
      return path;
    }
  }
  return std::nullopt;
}

std::optional<uint64_t> FakeHost::file_size(const std::string& path) { return lookup(files, path); }

bool FakeHost::exists(const std::string& path) {
  return files.contains(path) || devices.contains(path) || directories.contains(path) ||
         texts.contains(path);
}

bool FakeHost::same_file(const std::string& a, const std::string& b) { return a == b; }

Status FakeHost::create_file(const std::string& path, uint64_t size, bool /*sparse*/) {
  if (create_file_err != 0) return make_error("Could not open " + path, create_file_err);
  files[path] = size;
  return {};
}

Status FakeHost::remove_file(const std::string& path) {
  if (files.erase(path) == 1) return {};
  return make_error("Could not remove " + path, ENOENT);
}

Result<std::string> FakeHost::read_file(const std::string& path) {
  const std::optional<std::string> text = lookup(texts, path);
  if (!text) return make_error("Could not open " + path, ENOENT);
  return *text;
}

bool FakeHost::is_directory(const std::string& path) { return directories.contains(path); }

std::string FakeHost::uuid() {
  char text[64];
  std::snprintf(text, sizeof(text), "00000000-0000-4000-8000-%012llx",
                static_cast<unsigned long long>(next_uuid_++));
  return text;
}

}  // namespace lunar::fake
