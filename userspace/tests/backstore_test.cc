// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "testing.h"

namespace lunar {
namespace {

constexpr const char* kSerial = "6480102c-63b0-41ab-b70a-ad7d3f6eeb1a";

// What was written into a file of the tree, in order.
std::vector<std::string> writes_to(const Machine& machine, const std::string& suffix) {
  std::vector<std::string> out;
  for (const auto& access : machine.fs.log()) {
    if (access.operation == "write" && access.path.ends_with(suffix)) out.push_back(access.value);
  }
  return out;
}

TEST(Block, IsMadeAsRtslibDoes) {
  Machine machine;
  const auto disk = machine.root.create_block({"disk01", "/dev/sdb", {}, kSerial});
  ASSERT_OK(disk);
  EXPECT_EQ(disk->path(), "core/iblock_0/disk01");
  EXPECT_EQ(disk->plugin(), "block");
  EXPECT_EQ(disk->shell_path(), "/backstores/block/disk01");
  EXPECT_EQ(writes_to(machine, "/control"),
            (std::vector<std::string>{"udev_path=/dev/sdb", "readonly=0"}));
  EXPECT_EQ(*disk->udev_path(), "/dev/sdb");
  EXPECT_EQ(*disk->wwn(), kSerial);
  EXPECT_EQ(*disk->size(), uint64_t{1} << 30);
  EXPECT_EQ(*disk->status(), "deactivated");
  EXPECT_EQ(*disk->version(), "v5.0");
  EXPECT_FALSE(*disk->readonly());
  EXPECT_FALSE(*disk->write_back());
  EXPECT_TRUE(*disk->enabled());
}

TEST(Block, ReadonlyFollowsTheDeviceUnlessSaid) {
  Machine machine;
  EXPECT_TRUE(*machine.root.create_block({"a", "/dev/ro", {}, ""})->readonly());
  EXPECT_FALSE(*machine.root.create_block({"b", "/dev/ro", false, ""})->readonly());
  EXPECT_TRUE(*machine.root.create_block({"c", "/dev/sdb", true, ""})->readonly());
}

TEST(Block, RefusesWhatIsNoFreeDisk) {
  Machine machine;
  const std::string before = machine.fs.snapshot();
  EXPECT_EQ(machine.root.create_block({"a", "/dev/nosuch", {}, ""}).error().text,
            "Device /dev/nosuch is not a TYPE_DISK block device");
  EXPECT_EQ(machine.root.create_block({"a", "/dev/sr0", {}, ""}).error().text,
            "Device /dev/sr0 is not a TYPE_DISK block device");
  machine.host.busy.insert("/dev/sdb");
  EXPECT_EQ(machine.root.create_block({"a", "/dev/sdb", {}, ""}).error().text,
            "Cannot configure StorageObject because device /dev/sdb is already in use");
  EXPECT_EQ(machine.fs.snapshot(), before);
}

TEST(Fileio, WriteBackAndAioAreControlStrings) {
  Machine machine;
  FileioParams params;
  params.name = "disk1";
  params.dev = "/srv/disk1.img";
  params.size = 104857600;
  params.aio = true;
  const auto disk = machine.root.create_fileio(params);
  ASSERT_OK(disk);
  EXPECT_EQ(writes_to(machine, "/control"),
            (std::vector<std::string>{"fd_dev_name=/srv/disk1.img,fd_dev_size=104857600",
                                      "fd_buffered_io=1", "fd_async_io=1"}));
  EXPECT_TRUE(*disk->write_back());
  EXPECT_TRUE(*disk->aio());
  EXPECT_EQ(*disk->size(), 104857600u);
}

TEST(Fileio, BlockDeviceNeedsNoSize) {
  Machine machine;
  FileioParams params;
  params.name = "disk1";
  params.dev = "/dev/sdb";
  params.size = 5;
  params.write_back = false;
  const auto disk = machine.root.create_fileio(params);
  ASSERT_OK(disk);
  EXPECT_EQ(writes_to(machine, "/control"), std::vector<std::string>{"fd_dev_name=/dev/sdb"});
  EXPECT_EQ(*disk->size(), uint64_t{1} << 30);
}

TEST(Fileio, MakesItsFileAndTakesItBack) {
  Machine machine;
  FileioParams params;
  params.name = "new";
  params.dev = "/srv/new.img";
  params.size = 1 << 20;
  params.create_file = true;
  machine.fs.fail_path("/enable", EINVAL);
  ASSERT_FALSE(machine.root.create_fileio(params).ok());
  EXPECT_FALSE(machine.host.files.contains("/srv/new.img"));
  machine.fs.fail_path("/enable", 0);
  ASSERT_OK(machine.root.create_fileio(params));
  EXPECT_EQ(machine.host.files["/srv/new.img"], 1u << 20);
}

TEST(Fileio, NeverTakesBackAFileThatWasThere) {
  Machine machine;
  FileioParams params;
  params.name = "disk1";
  params.dev = "/srv/disk1.img";
  params.size = 104857600;
  params.create_file = true;
  machine.fs.fail_path("/enable", EINVAL);
  ASSERT_FALSE(machine.root.create_fileio(params).ok());
  EXPECT_TRUE(machine.host.files.contains("/srv/disk1.img"));
}

TEST(Fileio, RefusesBadPaths) {
  Machine machine;
  machine.host.directories.insert("/srv");
  FileioParams params;
  params.name = "f";
  params.dev = "/srv/a,b";
  params.size = 512;
  EXPECT_NE(error_of(machine.root.create_fileio(params)).find("commas"), std::string::npos);
  params.dev = "/srv";
  EXPECT_EQ(machine.root.create_fileio(params).error().text, "Path not to a file or block device");
  params.dev = "/srv/x";
  params.size.reset();
  EXPECT_EQ(machine.root.create_fileio(params).error().text, "Path is to a file, size needed");
  params.dev = "/dev/sr0";
  EXPECT_EQ(machine.root.create_fileio(params).error().text,
            "Device is not a TYPE_DISK block device");
}

TEST(Fileio, PlanSaysWhatIsThere) {
  Machine machine;
  machine.host.directories.insert("/srv");
  const auto existing = machine.root.plan_fileio("/srv/disk1.img", 5);
  ASSERT_OK(existing);
  EXPECT_EQ(existing->backing, FileioBacking::kExistingFile);
  EXPECT_EQ(existing->size, 104857600u);
  EXPECT_TRUE(existing->size_ignored);
  EXPECT_EQ(machine.root.plan_fileio("/dev/sdb", {})->backing, FileioBacking::kBlockDevice);
  const auto fresh = machine.root.plan_fileio("/srv/new", 5);
  EXPECT_EQ(fresh->backing, FileioBacking::kNewFile);
  EXPECT_EQ(fresh->size, 5u);
  EXPECT_EQ(error_of(machine.root.plan_fileio("/srv/new", {})),
            "Attempting to create file for new fileio backstore, need a size");
  EXPECT_EQ(error_of(machine.root.plan_fileio("/srv", {})), "Path /srv exists but is not a file");
  FileioParams params;
  params.name = "disk1";
  params.dev = "/srv/disk1.img";
  params.size = 1;
  ASSERT_OK(machine.root.create_fileio(params));
  EXPECT_EQ(error_of(machine.root.plan_fileio("/srv/disk1.img", {})),
            "storage object for /srv/disk1.img already exists: disk1");
}

TEST(Ramdisk, RoundsToPages) {
  struct Case {
    uint64_t size;
    uint64_t bytes;
  };
  // Half a page is rounded to an even number of pages, and nothing to one page.
  for (const Case& c : {Case{67108864, 67108864}, Case{1, 4096}, Case{6144, 8192}, Case{2048, 4096},
                        Case{10240, 8192}, Case{10241, 12288}}) {
    Machine machine;
    const auto ram = machine.root.create_ramdisk({"r", c.size, false, ""});
    ASSERT_OK(ram);
    EXPECT_EQ(*ram->size(), c.bytes) << c.size;
  }
}

TEST(Ramdisk, Nullio) {
  Machine machine;
  EXPECT_TRUE(*machine.root.create_ramdisk({"a", 4096, true, ""})->nullio());
  EXPECT_FALSE(*machine.root.create_ramdisk({"b", 4096, false, ""})->nullio());
}

TEST(Pscsi, TakesPathOrAddress) {
  Machine machine;
  ASSERT_OK(machine.root.create_pscsi({"a", "/dev/sg1"}));
  ASSERT_OK(machine.root.create_pscsi({"b", "3:0:1:2"}));
  const std::string control = "scsi_host_id=3,scsi_channel_id=0,scsi_target_id=1,scsi_lun_id=2";
  EXPECT_EQ(writes_to(machine, "/control"), (std::vector<std::string>{control, control}));
  EXPECT_EQ(writes_to(machine, "/udev_path"), (std::vector<std::string>{"/dev/sg1", "/dev/sg1"}));
  EXPECT_TRUE(writes_to(machine, "/vpd_unit_serial").empty());
  EXPECT_EQ(
      error_of(machine.root.create_pscsi({"c", "/dev/nosuch"})),
      "Cannot find SCSI device by path, and dev parameter not in H:C:T:L format: /dev/nosuch");
  machine.host.busy.insert("/dev/sg1");
  EXPECT_EQ(
      error_of(machine.root.create_pscsi({"c", "/dev/sg1"})),
      "Cannot configure StorageObject because device /dev/sg1 (SCSI 3:0:1:2) is already in use");
}

TEST(StorageObjects, IndexIsTheLowestOverAllPlugins) {
  Machine machine;
  ASSERT_OK(machine.root.create_ramdisk({"a", 4096, false, ""}));
  ASSERT_OK(machine.root.create_block({"b", "/dev/sdb", {}, ""}));
  ASSERT_OK(machine.root.create_ramdisk({"c", 4096, false, ""}));
  EXPECT_TRUE(machine.fs.exists("core/rd_mcp_0/a"));
  EXPECT_TRUE(machine.fs.exists("core/iblock_1/b"));
  EXPECT_TRUE(machine.fs.exists("core/rd_mcp_2/c"));
  ASSERT_OK((*machine.root.find_storage_object("block", "b"))->remove());
  EXPECT_FALSE(machine.fs.exists("core/iblock_1"));
  EXPECT_EQ(machine.root.create_ramdisk({"d", 4096, false, ""})->path(), "core/rd_mcp_1/d");
}

TEST(StorageObjects, NamesAreChecked) {
  Machine machine;
  for (const char* name : {"", "a b", "a/b", "a\tb", "a\nb"}) {
    EXPECT_EQ(machine.root.create_ramdisk({name, 4096, false, ""}).error().text,
              "A storage object's name cannot contain  /, newline or spaces/tabs");
  }
  ASSERT_OK(machine.root.create_ramdisk({"a", 4096, false, ""}));
  EXPECT_EQ(error_of(machine.root.create_ramdisk({"a", 4096, false, ""})),
            "Storage object ramdisk/a exists");
  ASSERT_OK(machine.root.create_block({"a", "/dev/sdb", {}, ""}));
}

TEST(StorageObjects, AreListedAndFound) {
  Machine machine;
  EXPECT_TRUE(machine.root.storage_objects()->empty());
  ASSERT_OK(machine.root.create_ramdisk({"b", 4096, false, ""}));
  ASSERT_OK(machine.root.create_ramdisk({"a", 4096, false, ""}));
  const auto rams = machine.root.storage_objects("ramdisk");
  ASSERT_EQ(rams->size(), 2u);
  EXPECT_EQ((*rams)[0].name(), "a");
  EXPECT_TRUE(machine.root.find_storage_object("rd_mcp", "a")->has_value());
  EXPECT_FALSE(machine.root.find_storage_object("block", "a")->has_value());
}

TEST(StorageObjects, FromAPath) {
  Machine machine;
  EXPECT_EQ(machine.root.create_from_path("/dev/sdb")->shell_path(), "/backstores/block/dev-sdb");
  EXPECT_EQ(machine.root.create_from_path("/srv/disk1.img")->shell_path(),
            "/backstores/fileio/srv-disk1.img");
  EXPECT_EQ(error_of(machine.root.create_from_path("/nosuch")),
            "Can't create storageobject from path: /nosuch");
}

TEST(StorageObjects, ReservationsComeBack) {
  Machine machine;
  machine.host.texts[std::string("/var/target/pr/aptpl_") + kSerial] =
      "PR_REG_START: 0\ninitiator_fabric=iSCSI\nsa_res_key=1\nPR_REG_END: 0\n"
      "PR_REG_START: 1\nsa_res_key=2\nPR_REG_END: 1\n";
  ASSERT_OK(machine.root.create_ramdisk({"a", 4096, false, kSerial}));
  EXPECT_EQ(writes_to(machine, "/pr/res_aptpl_metadata"),
            (std::vector<std::string>{"initiator_fabric=iSCSI,sa_res_key=1", "sa_res_key=2"}));
}

TEST(StorageObjects, AttributesAreCheckedAndExplained) {
  Machine machine;
  const auto ram = machine.root.create_ramdisk({"a", 4096, false, ""});
  const Group attributes = ram->attributes();
  ASSERT_OK(attributes.set("block_size", "4096"));
  EXPECT_EQ(*attributes.get("block_size"), "4096");
  EXPECT_EQ(error_of(attributes.set("block_size", "4097")),
            "Cannot set attribute block_size: Invalid argument (allowed: 512, 1024, 2048, 4096)");
  machine.fs.clear_log();
  EXPECT_EQ(error_of(attributes.set("emulate_tpu", "yes")),
            "'yes' is not allowed for emulate_tpu (allowed: 0, 1)");
  EXPECT_EQ(machine.fs.changes(), 0u);
  EXPECT_EQ(error_of(attributes.set("nosuch", "1")), "Cannot find attribute: nosuch");
  EXPECT_EQ(error_of(attributes.set_raw("nosuch", "1")), "Cannot find attribute: nosuch");
  EXPECT_EQ(error_of(attributes.set("hw_block_size", "1")),
            "Parameter hw_block_size is read-only.");
  EXPECT_EQ(error_of(attributes.get("../enable")), "Cannot find attribute: ../enable");
}

TEST(StorageObjects, AnUnknownAttributeIsAFreeString) {
  Machine machine;
  const auto ram = machine.root.create_ramdisk({"a", 4096, false, ""});
  const auto entries = ram->attributes().entries();
  ASSERT_OK(entries);
  const bool sorted = std::is_sorted(entries->begin(), entries->end(),
                                     [](const auto& a, const auto& b) { return a.name < b.name; });
  EXPECT_TRUE(sorted);
  EXPECT_EQ(entries->size(), 36u);
  for (const GroupEntry& entry : *entries) EXPECT_NE(entry.spec, nullptr) << entry.name;
}

TEST(Alua, GroupsComeAndGo) {
  Machine machine;
  const auto ram = machine.root.create_ramdisk({"a", 4096, false, ""});
  const auto group = ram->create_alua_group("standby", 7);
  ASSERT_OK(group);
  ASSERT_OK(group->settings().set("alua_access_state", "2"));
  EXPECT_EQ(*group->state_name(), "Standby");
  EXPECT_EQ(*group->settings().get("alua_access_type"), "3");
  EXPECT_EQ(*group->settings().get("alua_access_status"), "0");
  ASSERT_OK(group->settings().set("alua_access_type", "1"));
  EXPECT_EQ(*group->settings().get("alua_access_type"), "1");
  EXPECT_EQ(group->settings().entries()->size(), 17u);
  EXPECT_EQ(error_of(group->settings().set("tg_pt_gp_id", "8")),
            "Parameter tg_pt_gp_id is read-only.");
  EXPECT_EQ(ram->create_alua_group("other", 7).error().text, "Cannot set id to 7");
  EXPECT_EQ(error_of(ram->create_alua_group("other", 0)),
            "The TPG Tag must be between 1 and 65535");
  EXPECT_EQ(ram->alua_groups()->size(), 2u);
  EXPECT_EQ(error_of(ram->alua_groups()->back().remove()), "Can not delete default_tg_pt_gp");
  ASSERT_OK(group->remove());
  EXPECT_EQ(ram->alua_groups()->size(), 1u);
}

TEST(Alua, PassThroughHasNone) {
  Machine machine;
  const auto disk = machine.root.create_pscsi({"a", "/dev/sg1"});
  EXPECT_TRUE(disk->alua_groups()->empty());
  EXPECT_EQ(error_of(disk->create_alua_group("g", 1)), "Backend does not support ALUA setup");
}

}  // namespace
}  // namespace lunar
