// SPDX-License-Identifier: GPL-2.0-or-later
// Making storage objects: directory, control strings, enable, serial; and taking it all back when
// one of them fails.
#include <algorithm>
#include <cerrno>
#include <cstdio>

#include "hba_table.h"
#include "lunar/root.h"
#include "lunar/text.h"
#include "string_util.h"
#include "try.h"

namespace lunar {
namespace {

constexpr const char* kRegistrationStart = "PR_REG_START:";
constexpr const char* kRegistrationEnd = "PR_REG_END:";

// The kernel reads the number of pages into an int.
constexpr uint64_t kMaxRamdiskPages = INT32_MAX;

struct Refusal {
  int err;
  const char* hint;
};
constexpr Refusal kEnableHints[] = {
    {EBUSY, "the device is held by something else"},
    {ENOENT, "the file or device is not there"},
    {ENODEV, "the device is not there"},
    {ENOMEM, "there is not enough memory for this size"},
    {EINVAL, "the kernel refuses the file or device; see the kernel log"},
};

std::string enable_hint(Plugin plugin, int err) {
  if (plugin == Plugin::kRamdisk && err == EINVAL) {
    return "the kernel refuses a ramdisk of this size; see the kernel log";
  }
  for (const Refusal& known : kEnableHints) {
    if (known.err == err) return known.hint;
  }
  return {};
}

// Each saved registration as the line that pr/res_aptpl_metadata takes.
std::vector<std::string> registrations(std::string_view text) {
  std::vector<std::string> out;
  std::vector<std::string> current;
  for (std::string_view line : split(text, '\n')) {
    line = strip(line);
    if (line.starts_with(kRegistrationStart)) {
      current.clear();
    } else if (line.starts_with(kRegistrationEnd)) {
      out.push_back(join(current, ","));
    } else if (!line.empty()) {
      current.emplace_back(line);
    }
  }
  return out;
}

// Half a page and more is a page more, half to even; never no page.
uint64_t to_pages(uint64_t size, uint64_t page) {
  uint64_t pages = size / page;
  const uint64_t rest = size % page;
  if (rest * 2 > page || (rest * 2 == page && pages % 2 == 1)) ++pages;
  return std::max<uint64_t>(pages, 1);
}

std::string hctl_text(const ScsiAddress& address) {
  return std::to_string(address.host) + ":" + std::to_string(address.channel) + ":" +
         std::to_string(address.target) + ":" + std::to_string(address.lun);
}

std::optional<ScsiAddress> parse_hctl(std::string_view text) {
  const std::vector<std::string_view> parts = split(text, ':');
  int numbers[4];
  if (parts.size() != 4) return std::nullopt;
  for (size_t i = 0; i < 4; ++i) {
    const Result<int64_t> number = parse_number(parts[i]);
    if (!number || *number < 0 || *number > INT32_MAX) return std::nullopt;
    numbers[i] = static_cast<int>(*number);
  }
  return ScsiAddress{numbers[0], numbers[1], numbers[2], numbers[3]};
}

}  // namespace

// One storage object in the making. Unless finish() is reached, the destructor takes back what the
// steps before have made.
class Root::Maker {
 public:
  Maker(Root& root, Plugin plugin, const std::string& name)
      : root_(root), plugin_(plugin), prefix_(plugin_directory(plugin)), name_(name) {}
  ~Maker() { take_back(); }
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

  Status begin();
  Status control(const std::string& text);
  Status write(const std::string& file, const std::string& value);
  Status set_attribute(const char* name, const char* value);
  Status enable();
  Result<StorageObject> finish(const std::string& wwn);
  void remove_on_failure(const std::string& file) { file_ = file; }

 private:
  Status check_name() const;
  Status make_hba();
  Status restore_reservations(const std::string& wwn);
  std::string hba() const { return "core/" + prefix_ + "_" + std::to_string(index_); }
  std::string path() const { return hba() + "/" + name_; }
  StorageObject object() const {
    return StorageObject(&root_.context_, path(), plugin_name(plugin_), name_);
  }
  void take_back();

  Root& root_;
  Plugin plugin_;
  std::string prefix_;
  std::string name_;
  int index_ = -1;     // -1: no HBA directory yet
  bool made_ = false;  // the object's own directory is there
  std::string file_;   // a backing file that was made for it
};

Status Root::Maker::check_name() const {
  if (name_.find_first_of("/ \t\n") != std::string::npos || name_.empty()) {
    return make_error("A storage object's name cannot contain  /, newline or spaces/tabs");
  }
  return {};
}

Status Root::Maker::begin() {
  LUNAR_TRY(check_name());
  LUNAR_TRY(root_.ensure_core());
  LUNAR_TRY_ASSIGN(table, root_.hba_table());
  if (table->objects.contains(prefix_ + "/" + name_)) {
    return make_error("Storage object " + std::string(plugin_name(plugin_)) + "/" + name_ +
                      " exists");
  }
  LUNAR_TRY(make_hba());
  LUNAR_TRY(object().create_directory("StorageObject"));
  made_ = true;
  return {};
}

// Another process may take the index between the scan and the mkdir: then the next one is tried.
Status Root::Maker::make_hba() {
  LUNAR_TRY_ASSIGN(table, root_.hba_table());
  for (;;) {
    const int index = table->free_index();
    const Node node(&root_.context_, "core/" + prefix_ + "_" + std::to_string(index));
    const Status made = root_.fs().mkdir(node.path());
    table->add(prefix_, index, made ? name_ : "");
    if (made) {
      index_ = index;
      return {};
    }
    if (made.error().err != EEXIST) {
      table->remove(prefix_, index, name_);
      return make_error(
          "Could not create _Backstore in configFS", made.error().err,
          "is the kernel module of the " + std::string(plugin_name(plugin_)) + " backstore there?");
    }
  }
}

Status Root::Maker::control(const std::string& text) { return object().write("control", text); }

Status Root::Maker::write(const std::string& file, const std::string& value) {
  return object().write(file, value);
}

Status Root::Maker::set_attribute(const char* name, const char* value) {
  return object().attributes().set_raw(name, value);
}

Status Root::Maker::enable() {
  Status done = object().write("enable", "1\n");
  if (done) return done;
  Error error = std::move(done).error();
  error.operation = "enable";
  error.value.clear();
  error.hint = enable_hint(plugin_, error.err);
  return error;
}

Status Root::Maker::restore_reservations(const std::string& wwn) {
  const Result<std::string> dbroot = root_.fs().read("dbroot");
  if (!dbroot) return {};
  const Result<std::string> text =
      root_.host().read_file(std::string(strip(*dbroot)) + "/pr/aptpl_" + wwn);
  if (!text || !strip(*text).starts_with(kRegistrationStart)) return {};
  for (const std::string& line : registrations(*text)) {
    LUNAR_TRY(object().write("pr/res_aptpl_metadata", line));
  }
  return {};
}

Result<StorageObject> Root::Maker::finish(const std::string& wwn) {
  const std::string serial = wwn.empty() ? generate_wwn(WwnType::kUnitSerial, root_.host()) : wwn;
  LUNAR_TRY(object().set_wwn(serial));
  if (plugin_ != Plugin::kPscsi) LUNAR_TRY(restore_reservations(serial));
  StorageObject made = object();
  index_ = -1;
  made_ = false;
  file_.clear();
  return made;
}

void Root::Maker::take_back() {
  if (made_) root_.fs().rmdir(path()).ignore();
  if (index_ >= 0) {
    root_.fs().rmdir(hba()).ignore();
    if (root_.table_) root_.table_->remove(prefix_, index_, name_);
  }
  if (!file_.empty()) root_.host().remove_file(file_).ignore();
}

Result<StorageObject> Root::create_block(const BlockParams& params) {
  Maker maker(*this, Plugin::kBlock, params.name);
  LUNAR_TRY(maker.begin());
  const std::optional<BlockDevice> device = host().block_device(params.dev);
  if (!device || device->scsi_type != 0) {
    Error error = make_error("Device " + params.dev + " is not a TYPE_DISK block device");
    if (!host().exists(params.dev)) error.advice = "there is no such file";
    return error;
  }
  if (host().in_use(params.dev)) {
    return make_error("Cannot configure StorageObject because device " + params.dev +
                      " is already in use");
  }
  LUNAR_TRY(maker.write("udev_path", params.dev));
  LUNAR_TRY(maker.control("udev_path=" + params.dev));
  const bool readonly = params.readonly.value_or(device->read_only);
  LUNAR_TRY(maker.control(readonly ? "readonly=1" : "readonly=0"));
  LUNAR_TRY(maker.enable());
  return maker.finish(params.wwn);
}

Result<StorageObject> Root::create_fileio(const FileioParams& params) {
  if (params.dev.find(',') != std::string::npos) {
    return make_error("Path " + params.dev + " cannot be used: the kernel takes no commas in it");
  }
  Maker maker(*this, Plugin::kFileio, params.name);
  LUNAR_TRY(maker.begin());
  std::string control = "fd_dev_name=" + params.dev;
  if (const std::optional<BlockDevice> device = host().block_device(params.dev)) {
    if (device->scsi_type != 0) return make_error("Device is not a TYPE_DISK block device");
    if (host().in_use(params.dev)) {
      return make_error("Device " + params.dev + " is already in use");
    }
  } else {
    const bool there = host().exists(params.dev);
    if (there && !host().file_size(params.dev)) {
      return make_error("Path not to a file or block device");
    }
    if (!params.size) return make_error("Path is to a file, size needed");
    if (!there && params.create_file) {
      LUNAR_TRY(host().create_file(params.dev, *params.size, params.sparse));
      maker.remove_on_failure(params.dev);
    }
    control += ",fd_dev_size=" + std::to_string(*params.size);
  }
  LUNAR_TRY(maker.control(control));
  if (params.write_back) {
    LUNAR_TRY(maker.set_attribute("emulate_write_cache", "1"));
    LUNAR_TRY(maker.control("fd_buffered_io=1"));
  }
  if (params.aio) LUNAR_TRY(maker.control("fd_async_io=1"));
  LUNAR_TRY(maker.write("udev_path", params.dev));
  LUNAR_TRY(maker.enable());
  return maker.finish(params.wwn);
}

Result<StorageObject> Root::create_ramdisk(const RamdiskParams& params) {
  Maker maker(*this, Plugin::kRamdisk, params.name);
  LUNAR_TRY(maker.begin());
  const uint64_t page = host().page_size();
  const uint64_t pages = to_pages(params.size, page);
  if (pages > kMaxRamdiskPages) {
    return make_error("A ramdisk cannot have " + std::to_string(params.size) + " bytes", EINVAL,
                      "at most " + std::to_string(kMaxRamdiskPages * page));
  }
  LUNAR_TRY(maker.control("rd_pages=" + std::to_string(pages)));
  if (params.nullio) LUNAR_TRY(maker.control("rd_nullio=1"));
  LUNAR_TRY(maker.enable());
  return maker.finish(params.wwn);
}

Result<StorageObject> Root::create_pscsi(const PscsiParams& params) {
  Maker maker(*this, Plugin::kPscsi, params.name);
  LUNAR_TRY(maker.begin());
  std::string udev_path(strip(params.dev));
  std::optional<ScsiAddress> address = host().scsi_address(params.dev);
  if (!address) {
    address = parse_hctl(params.dev);
    if (!address) {
      return make_error(
          "Cannot find SCSI device by path, and dev parameter not in H:C:T:L format: " +
          params.dev);
    }
    const std::optional<std::string> path = host().scsi_device_path(*address);
    if (!path) return make_error("Could not find path for SCSI hctl");
    udev_path = *path;
  }
  if (host().in_use(udev_path)) {
    return make_error("Cannot configure StorageObject because device " + udev_path + " (SCSI " +
                      hctl_text(*address) + ") is already in use");
  }
  LUNAR_TRY(maker.control("scsi_host_id=" + std::to_string(address->host) +
                          ",scsi_channel_id=" + std::to_string(address->channel) +
                          ",scsi_target_id=" + std::to_string(address->target) +
                          ",scsi_lun_id=" + std::to_string(address->lun)));
  LUNAR_TRY(maker.write("udev_path", udev_path));
  LUNAR_TRY(maker.enable());
  return maker.finish("");
}

Result<StorageObject> Root::create_user(const UserParams& params) {
  if (params.config.find(':') != std::string::npos) {
    return make_error("':' not allowed in config string");
  }
  Maker maker(*this, Plugin::kUser, params.name);
  LUNAR_TRY(maker.begin());
  LUNAR_TRY(maker.control("dev_config=" + params.config));
  LUNAR_TRY(maker.control("dev_size=" + std::to_string(params.size)));
  if (params.hw_max_sectors) {
    LUNAR_TRY(maker.control("hw_max_sectors=" + std::to_string(*params.hw_max_sectors)));
  }
  if (!params.control.empty()) LUNAR_TRY(maker.control(params.control));
  LUNAR_TRY(maker.enable());
  return maker.finish(params.wwn);
}

Result<FileioPlan> Root::plan_fileio(const std::string& dev, std::optional<uint64_t> size) const {
  FileioPlan plan;
  if (host().exists(dev)) {
    LUNAR_TRY_ASSIGN(objects, storage_objects());
    for (const StorageObject& object : objects) {
      const std::string path = object.udev_path().value_or("");
      if (!path.empty() && host().same_file(dev, path)) {
        return make_error("storage object for " + dev + " already exists: " + object.name());
      }
    }
  }
  plan.size_ignored = size.has_value();
  if (const std::optional<BlockDevice> device = host().block_device(dev)) {
    plan.backing = FileioBacking::kBlockDevice;
    plan.size = device->size;
    return plan;
  }
  if (const std::optional<uint64_t> has = host().file_size(dev)) {
    plan.backing = FileioBacking::kExistingFile;
    plan.size = *has;
    return plan;
  }
  if (host().exists(dev)) return make_error("Path " + dev + " exists but is not a file");
  if (!size) return make_error("Attempting to create file for new fileio backstore, need a size");
  plan.size = *size;
  plan.size_ignored = false;
  return plan;
}

Result<StorageObject> Root::create_from_path(const std::string& path) {
  std::string name = path;
  while (name.starts_with('/')) name.erase(0, 1);
  while (name.ends_with('/')) name.pop_back();
  std::replace(name.begin(), name.end(), '/', '-');
  if (host().block_device(path)) return create_block({name, path, false, ""});
  if (const std::optional<uint64_t> size = host().file_size(path)) {
    FileioParams params;
    params.name = name;
    params.dev = path;
    params.size = *size;
    params.write_back = false;
    return create_fileio(params);
  }
  return make_error("Can't create storageobject from path: " + path);
}

}  // namespace lunar
