// SPDX-License-Identifier: GPL-2.0-or-later
// Storage objects: create, delete, what they show.
#include "fixture.h"

namespace lunar::cli {
namespace {

class BackstoreTest : public ShellTest {
 protected:
  BackstoreTest() {
    BlockDevice disk;
    disk.size = 1u << 30;
    host_.devices["/dev/sdb"] = disk;
    host_.disks["sdb"] = disk.size;
    host_.scsi["/dev/sdb"] = {1, 0, 2, 3};
  }
};

TEST_F(BackstoreTest, CreatesABlockObject) {
  EXPECT_EQ(ok("/backstores/block create name=disk01 dev=/dev/sdb"),
            "Created block storage object disk01 using /dev/sdb.\n");
  EXPECT_NE(fs_.snapshot().find("core/iblock_0/disk01/"), std::string::npos);
  EXPECT_EQ(ok("/backstores/block/disk01 get attribute emulate_model_alias"),
            "emulate_model_alias=1 \n");
}

TEST_F(BackstoreTest, CreatesAFile) {
  EXPECT_EQ(ok("/backstores/fileio create disk1 /srv/d.img 10G"),
            "Created fileio disk1 with size 10737418240\n");
  EXPECT_EQ(host_.files.at("/srv/d.img"), 10737418240u);
  EXPECT_EQ(ok("/backstores/fileio create disk2 /srv/e.img 1M sparse=false write_back=false"),
            "Writing 1048576 bytes\nCreated fileio disk2 with size 1048576\n");
  EXPECT_EQ(ok("/backstores/fileio/disk2 status"),
            "Status for /backstores/fileio/disk2: /srv/e.img (1.0MiB) write-thru deactivated\n");
}

TEST_F(BackstoreTest, UsesAnExistingFileAsItIs) {
  host_.files["/srv/d.img"] = 4096;
  EXPECT_EQ(ok("/backstores/fileio create disk1 /srv/d.img 10G"),
            "/srv/d.img exists, using its size (4096 bytes) instead\n"
            "Created fileio disk1 with size 4096\n");
}

TEST_F(BackstoreTest, AdvisesOnBlockDevicesBehindFileio) {
  EXPECT_EQ(ok("/backstores/fileio create disk1 /dev/sdb 10G").substr(0, 90),
            "Block device, size parameter ignored\n"
            "Note: block backstore preferred for best results\nCrea");
}

TEST_F(BackstoreTest, CreatesARamdisk) {
  EXPECT_EQ(ok("/backstores/ramdisk create r 64M"), "Created ramdisk r with size 64M.\n");
  EXPECT_EQ(ok("/backstores/ramdisk/r status"),
            "Status for /backstores/ramdisk/r: (64.0MiB) deactivated\n");
  EXPECT_EQ(ok("/backstores/ramdisk create n 1G nullio=true"), "Created ramdisk n with size 1G.\n");
  EXPECT_EQ(ok("/backstores/ramdisk/n status"),
            "Status for /backstores/ramdisk/n: nullio (1.0GiB) deactivated\n");
}

TEST_F(BackstoreTest, PassesADeviceThrough) {
  EXPECT_EQ(ok("/backstores/pscsi create p /dev/sdb"),
            "Note: block backstore recommended for SCSI block devices\n"
            "Created pscsi storage object p using /dev/sdb\n");
}

TEST_F(BackstoreTest, RefusesWhatIsWrong) {
  const std::string kFileio = "/backstores/fileio create ";
  EXPECT_EQ(refused(kFileio + "d /srv/d.img 10X").substr(0, 40),
            "Cannot interpret size, wrong format: 10X");
  EXPECT_EQ(refused(kFileio + "d /srv/d.img"),
            "Attempting to create file for new fileio backstore, need a size");
  host_.directories.insert("/srv");
  EXPECT_EQ(refused(kFileio + "d /srv 1M"), "Path /srv exists but is not a file");
  EXPECT_NE(refused("/backstores/block create b /dev/none"), "");
  EXPECT_NE(refused("/backstores/block create b /dev/sdb exclusive=false")
                .find("exclusive=false is not supported"),
            std::string::npos);
  EXPECT_EQ(refused("/backstores/pscsi create p nonsense"),
            "Cannot find SCSI device by path, and dev parameter not in H:C:T:L format: nonsense");
  ok("/backstores/ramdisk create r 1M");
  EXPECT_EQ(refused("/backstores/ramdisk create r 1M"), "Storage object ramdisk/r exists");
  EXPECT_EQ(refused("/backstores/ramdisk create s 8T"),
            "A ramdisk cannot have 8796093022208 bytes: Invalid argument (at most 8796093018112)");
  fs_.fail_path("core/rd_mcp_1/s/enable", EINVAL);
  EXPECT_NE(refused("/backstores/ramdisk create s 1G").find("refuses a ramdisk of this size"),
            std::string::npos);
  host_.busy.insert("/dev/sdb");
  EXPECT_NE(refused("/backstores/block create b /dev/sdb").find("already in use"),
            std::string::npos);
}

TEST_F(BackstoreTest, RefusesASecondObjectOnOneFile) {
  ok("/backstores/fileio create a /srv/d.img 1M");
  EXPECT_EQ(refused("/backstores/fileio create b /srv/d.img 1M"),
            "storage object for /srv/d.img already exists: a");
}

TEST_F(BackstoreTest, DeletesWithTheLunsThatExportIt) {
  make_target();
  ok(tpg_ + "/acls create " + kInitiator);
  EXPECT_EQ(ok("/backstores/fileio delete disk1"), "Deleted storage object disk1.\n");
  EXPECT_EQ(ok(tpg_ + "/luns status"), "Status for " + tpg_ + "/luns: LUNs: 1\n");
  EXPECT_EQ(refused("/backstores/fileio delete disk1"), "No storage object named disk1.");
}

TEST_F(BackstoreTest, ShowsInfoAndVersion) {
  ok("/backstores/fileio create disk1 /srv/d.img 1M wwn=0123");
  EXPECT_EQ(ok("/backstores/fileio/disk1 info"),
            "aio: False\ndev: /srv/d.img\nname: disk1\nplugin: fileio\nsize: 1048576\n"
            "write_back: True\nwwn: 0123\n");
  EXPECT_EQ(ok("/backstores/fileio/disk1 version").substr(0, 23), "Backstore plugin fileio");
}

// Whatever step of a create fails, nothing of it may stay.
class CreateRollback : public ShellTest, public testing::WithParamInterface<const char*> {};

TEST_P(CreateRollback, LeavesNothingHalfMade) {
  BlockDevice disk;
  disk.size = 1u << 30;
  host_.devices["/dev/sdb"] = disk;
  host_.disks["sdb"] = disk.size;
  make_target();
  ok(tpg_ + "/acls create " + kInitiator);
  ok(tpg_ + "/acls create iqn.1994-05.com.redhat:client2 add_mapped_luns=false");
  ok("/backstores/ramdisk create spare 1M");
  std::string line = GetParam();
  if (auto at = line.find("TPG"); at != std::string::npos) line.replace(at, 3, tpg_);
  auto files = host_.files;
  std::string before = fs_.snapshot();
  constexpr std::size_t kMost = 200;
  std::size_t n = 1;
  for (; n < kMost; ++n) {
    fs_.fail_nth(n, EIO);
    Outcome outcome = run(line);
    if (!fs_.failed()) {
      EXPECT_EQ(outcome.status, 0) << outcome.err;
      break;
    }
    if (outcome.status == 0) {  // a step that the command can do without
      EXPECT_NE(outcome.out, "");
      return;
    }
    EXPECT_EQ(fs_.snapshot(), before) << line << ": operation " << n << "\n" << outcome.err;
    EXPECT_EQ(host_.files, files) << line << ": operation " << n;
  }
  EXPECT_GT(n, 1u);
  EXPECT_LT(n, kMost);
}

INSTANTIATE_TEST_SUITE_P(
    All, CreateRollback,
    testing::Values("/backstores/block create b /dev/sdb",
                    "/backstores/fileio create f /srv/new.img 1M",
                    "/backstores/ramdisk create r 1M", "/iscsi create iqn.2020-01.a.b:c",
                    "TPG/luns create /backstores/ramdisk/spare",
                    "TPG/acls create iqn.1994-05.com.redhat:client3",
                    "TPG/acls/iqn.1994-05.com.redhat:client2 create 5 /backstores/ramdisk/spare",
                    "TPG/portals create 10.0.0.1", "/backstores/fileio/disk1/alua create g 3"));

}  // namespace
}  // namespace lunar::cli
