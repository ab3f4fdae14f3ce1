// SPDX-License-Identifier: GPL-2.0-or-later
// The fake answers as configfs and target_core do: other tests rely on it.
#include "testing.h"

namespace lunar {
namespace {

class FakeTree : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(fs_.mkdir("core/rd_mcp_0"));
    ASSERT_OK(fs_.mkdir("core/rd_mcp_0/ram"));
    ASSERT_OK(fs_.write("core/rd_mcp_0/ram/control", "rd_pages=1024"));
    ASSERT_OK(fs_.write("core/rd_mcp_0/ram/enable", "1\n"));
    ASSERT_OK(fs_.mkdir("iscsi"));
    ASSERT_OK(fs_.mkdir("iscsi/iqn.t:1"));
    ASSERT_OK(fs_.mkdir(tpg_));
    ASSERT_OK(fs_.mkdir(tpg_ + "/lun/lun_0"));
  }

  int err(const Status& status) { return status ? 0 : status.error().err; }

  fake::FakeConfigfs fs_;
  const std::string tpg_ = "iscsi/iqn.t:1/tpgt_1";
};

TEST_F(FakeTree, MkdirMakesDefaults) {
  EXPECT_EQ(*fs_.read(tpg_ + "/attrib/login_timeout"), "15\n");
  EXPECT_TRUE(fs_.exists("core/rd_mcp_0/ram/alua/default_tg_pt_gp/members"));
  EXPECT_TRUE(fs_.exists("core/rd_mcp_0/ram/attrib/emulate_rsoc"));
  fake::FakeConfigfs old({6, 1});
  ASSERT_OK(old.mkdir("core/rd_mcp_0"));
  ASSERT_OK(old.mkdir("core/rd_mcp_0/ram"));
  EXPECT_FALSE(old.exists("core/rd_mcp_0/ram/attrib/emulate_rsoc"));
}

TEST_F(FakeTree, MkdirRefuses) {
  EXPECT_EQ(err(fs_.mkdir("core/rd_mcp_0")), EEXIST);
  EXPECT_EQ(err(fs_.mkdir("core/nosuch_0")), EINVAL);
  EXPECT_EQ(err(fs_.mkdir("nosuch/x")), ENOENT);
  EXPECT_EQ(err(fs_.mkdir(tpg_ + "/attrib/x")), EPERM);
  EXPECT_EQ(err(fs_.mkdir("iscsi/iqn.t:1/tpgt_x")), EINVAL);
  EXPECT_EQ(err(fs_.mkdir(tpg_ + "/np/nohost:3260")), EINVAL);
  EXPECT_EQ(err(fs_.mkdir(tpg_ + "/np/0.0.0.0")), EINVAL);
}

TEST_F(FakeTree, OnePortalPerTarget) {
  ASSERT_OK(fs_.mkdir("iscsi/iqn.t:1/tpgt_2"));
  ASSERT_OK(fs_.mkdir(tpg_ + "/np/0.0.0.0:3260"));
  EXPECT_EQ(err(fs_.mkdir("iscsi/iqn.t:1/tpgt_2/np/0.0.0.0:3260")), EEXIST);
}

TEST_F(FakeTree, ModesAndRangesHold) {
  EXPECT_EQ(err(fs_.write(tpg_ + "/dynamic_sessions", "x")), EACCES);
  EXPECT_EQ(fs_.read("core/rd_mcp_0/ram/control").error().err, EACCES);
  EXPECT_EQ(err(fs_.write(tpg_ + "/attrib/login_timeout", "31")), EINVAL);
  EXPECT_EQ(err(fs_.write(tpg_ + "/param/InitialR2T", "Maybe\n")), EINVAL);
  EXPECT_EQ(err(fs_.write(tpg_ + "/attrib/nosuch", "1")), ENOENT);
  EXPECT_EQ(err(fs_.write(tpg_ + "/attrib", "1")), EISDIR);
}

TEST_F(FakeTree, LunLinksOnlyEnabledDevices) {
  EXPECT_EQ(err(fs_.symlink("core/nosuch_0/x", tpg_ + "/lun/lun_0/a")), ENOENT);
  EXPECT_EQ(err(fs_.symlink(tpg_, tpg_ + "/lun/lun_0/a")), EFAULT);
  EXPECT_EQ(err(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/attrib/a")), EPERM);
  ASSERT_OK(fs_.mkdir("core/rd_mcp_1"));
  ASSERT_OK(fs_.mkdir("core/rd_mcp_1/off"));
  EXPECT_EQ(err(fs_.symlink("core/rd_mcp_1/off", tpg_ + "/lun/lun_0/a")), ENODEV);
  ASSERT_OK(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/lun/lun_0/a"));
  EXPECT_EQ(err(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/lun/lun_0/b")), EEXIST);
  EXPECT_EQ(*fs_.readlink(tpg_ + "/lun/lun_0/a"), "core/rd_mcp_0/ram");
}

TEST_F(FakeTree, MappedLunLinksOnlyItsOwnGroup) {
  ASSERT_OK(fs_.mkdir("iscsi/iqn.t:1/tpgt_2"));
  ASSERT_OK(fs_.mkdir("iscsi/iqn.t:1/tpgt_2/lun/lun_0"));
  ASSERT_OK(fs_.symlink("core/rd_mcp_0/ram", "iscsi/iqn.t:1/tpgt_2/lun/lun_0/a"));
  ASSERT_OK(fs_.mkdir(tpg_ + "/acls/iqn.i:1"));
  ASSERT_OK(fs_.mkdir(tpg_ + "/acls/iqn.i:1/lun_0"));
  const std::string link = tpg_ + "/acls/iqn.i:1/lun_0/a";
  EXPECT_EQ(err(fs_.symlink("iscsi/iqn.t:1/tpgt_2/lun/lun_0", link)), EINVAL);
  EXPECT_EQ(err(fs_.symlink(tpg_ + "/lun/lun_0", link)), EINVAL);  // it has no device yet
  EXPECT_EQ(err(fs_.symlink("core/rd_mcp_0/ram", link)), EFAULT);
  ASSERT_OK(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/lun/lun_0/a"));
  ASSERT_OK(fs_.symlink(tpg_ + "/lun/lun_0", link));
}

TEST_F(FakeTree, RmdirRefusesWhatIsInUse) {
  ASSERT_OK(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/lun/lun_0/a"));
  EXPECT_EQ(err(fs_.rmdir("core/rd_mcp_0/ram")), EBUSY);
  EXPECT_EQ(err(fs_.rmdir("core/rd_mcp_0")), ENOTEMPTY);
  EXPECT_EQ(err(fs_.rmdir(tpg_ + "/lun/lun_0")), ENOTEMPTY);
  EXPECT_EQ(err(fs_.rmdir(tpg_)), ENOTEMPTY);
  EXPECT_EQ(err(fs_.rmdir(tpg_ + "/attrib")), EPERM);
  EXPECT_EQ(err(fs_.rmdir("core/alua/lu_gps/default_lu_gp")), EPERM);
  ASSERT_OK(fs_.mkdir(tpg_ + "/acls/iqn.i:1"));
  ASSERT_OK(fs_.mkdir(tpg_ + "/acls/iqn.i:1/lun_0"));
  ASSERT_OK(fs_.symlink(tpg_ + "/lun/lun_0", tpg_ + "/acls/iqn.i:1/lun_0/a"));
  ASSERT_OK(fs_.unlink(tpg_ + "/lun/lun_0/a"));
  EXPECT_EQ(err(fs_.rmdir(tpg_ + "/lun/lun_0")), EBUSY);
}

TEST_F(FakeTree, ExportedDevicesKeepTheirShape) {
  ASSERT_OK(fs_.write("core/rd_mcp_0/ram/attrib/block_size", "4096"));
  ASSERT_OK(fs_.symlink("core/rd_mcp_0/ram", tpg_ + "/lun/lun_0/a"));
  EXPECT_EQ(err(fs_.write("core/rd_mcp_0/ram/attrib/block_size", "512")), EINVAL);
  EXPECT_EQ(err(fs_.write("core/rd_mcp_0/ram/wwn/vpd_unit_serial", "x\n")), EINVAL);
  EXPECT_NE(fs_.read("core/rd_mcp_0/ram/info")->find("Status: ACTIVATED"), std::string::npos);
}

TEST_F(FakeTree, EnableNeedsItsParameters) {
  ASSERT_OK(fs_.mkdir("core/fileio_1"));
  ASSERT_OK(fs_.mkdir("core/fileio_1/f"));
  EXPECT_EQ(err(fs_.write("core/fileio_1/f/enable", "1")), EINVAL);
  EXPECT_EQ(err(fs_.write("core/fileio_1/f/control", "fd_dev_size=x")), EINVAL);
  ASSERT_OK(fs_.write("core/fileio_1/f/control", "fd_dev_name=/f,fd_dev_size=512"));
  ASSERT_OK(fs_.write("core/fileio_1/f/enable", "1"));
}

TEST_F(FakeTree, CountsAndFails) {
  fs_.clear_log();
  fs_.fail_nth(2, ENOMEM);
  ASSERT_OK(fs_.write(tpg_ + "/enable", "1"));
  ASSERT_OK(fs_.read(tpg_ + "/enable"));
  EXPECT_EQ(err(fs_.write(tpg_ + "/enable", "0")), ENOMEM);
  EXPECT_TRUE(fs_.failed());
  EXPECT_EQ(*fs_.read(tpg_ + "/enable"), "1\n");
  EXPECT_EQ(fs_.changes(), 2u);
  fs_.fail_path("/enable", EIO);
  EXPECT_EQ(err(fs_.write(tpg_ + "/enable", "0")), EIO);
  fs_.fail_path("/enable", 0);
  ASSERT_OK(fs_.write(tpg_ + "/enable", "0"));
}

}  // namespace
}  // namespace lunar
