// SPDX-License-Identifier: GPL-2.0-or-later
// set and get.
#include "fixture.h"

namespace lunar::cli {
namespace {

class GroupTest : public ShellTest {
 protected:
  GroupTest() { make_target(); }
};

TEST_F(GroupTest, ListsGroups) {
  const std::string kHead = "\nAVAILABLE CONFIGURATION GROUPS\n==============================\n";
  EXPECT_EQ(ok("set"), kHead + "global\n");
  Outcome without_group = run("set auto_save_on_exit=true");
  EXPECT_EQ(without_group.out, kHead + "global\n");
  EXPECT_EQ(without_group.err, "Unknown parameter auto_save_on_exit in group 'None'.\n");
  EXPECT_EQ(ok(tpg_ + " get"), kHead + "global parameter attribute auth\n");
  EXPECT_EQ(ok("/iscsi get"), kHead + "global discovery_auth\n");
  EXPECT_EQ(ok("/backstores/fileio/disk1 get"), kHead + "global attribute\n");
  EXPECT_EQ(ok(tpg_ + "/luns/lun0 get"), kHead + "global alua\n");
}

TEST_F(GroupTest, GetsWithATrailingBlankOrTheMarkOfReadOnly) {
  EXPECT_EQ(ok("get global auto_cd_after_create prompt_length"),
            "auto_cd_after_create=false \nprompt_length=30 \n");
  EXPECT_EQ(ok("/backstores/fileio/disk1 get attribute block_size hw_block_size"),
            "block_size=512 \nhw_block_size=512 [ro]\n");
  EXPECT_EQ(ok("/iscsi get discovery_auth enable userid"), "enable=False \nuserid= \n");
  EXPECT_EQ(ok(tpg_ + " get parameter InitialR2T"), "InitialR2T=Yes \n");
}

TEST_F(GroupTest, ShowsAWholeGroup) {
  std::string out = ok(tpg_ + " get auth");
  EXPECT_EQ(out.substr(0, 36), "AUTH CONFIG GROUP\n=================\n");
  EXPECT_NE(out.find("\nmutual_password=\n----------------\n"), std::string::npos) << out;
  EXPECT_EQ(out.substr(out.size() - 2), "\n\n");
  out = ok("/backstores/fileio/disk1 get attribute");
  EXPECT_NE(out.find("\nhw_block_size=512 [ro]\n----------------------\n"), std::string::npos);
}

TEST_F(GroupTest, ListsWhatCanBeSetWithItsType) {
  std::string out = ok("/backstores/fileio/disk1 set attribute");
  EXPECT_NE(out.find("\nemulate_tpu=number\n------------------\n"), std::string::npos) << out;
  EXPECT_EQ(out.find("hw_block_size"), std::string::npos);
  EXPECT_NE(out.find("\nblock_size=number\n"), std::string::npos);
  EXPECT_NE(out.find("\nalua_support=string\n"), std::string::npos);
  out = ok(tpg_ + " set parameter");
  EXPECT_NE(out.find("\nInitialR2T=yesno\n"), std::string::npos);
  EXPECT_NE(out.find("\nTargetAlias=string\n"), std::string::npos);
}

TEST_F(GroupTest, SetsSeveralAtOnce) {
  EXPECT_EQ(ok(tpg_ + " set attribute generate_node_acls=1 demo_mode_write_protect=0"),
            "Parameter generate_node_acls is now '1'.\n"
            "Parameter demo_mode_write_protect is now '0'.\n");
  EXPECT_EQ(ok(tpg_ + " get attribute generate_node_acls"), "generate_node_acls=1 \n");
}

TEST_F(GroupTest, SetsCredentialsAndUnsetsThem) {
  EXPECT_EQ(ok(tpg_ + " set auth userid=u1"), "Parameter userid is now 'u1'.\n");
  EXPECT_EQ(ok(tpg_ + " set auth password=secret"), "Parameter password is now 'secret'.\n");
  EXPECT_EQ(ok(tpg_ + " set auth password="), "Parameter password is now ''.\n");
}

TEST_F(GroupTest, SetsDiscoveryAuthentication) {
  EXPECT_EQ(ok("/iscsi set discovery_auth enable = 1"), "Parameter enable is now 'True'.\n");
  EXPECT_EQ(ok("/iscsi status"), "Status for /iscsi: 1-way disc auth, Targets: 1\n");
  ok("/iscsi set discovery_auth userid=u password=p mutual_userid=m mutual_password=q");
  EXPECT_EQ(ok("/iscsi status"), "Status for /iscsi: mutual disc auth, Targets: 1\n");
  EXPECT_EQ(refused("/iscsi set discovery_auth enable=False"),
            "Not setting enable! Syntax error, 'False' is not a NUMBER.");
  EXPECT_EQ(ok("/iscsi set discovery_auth enable=2"), "Parameter enable is now 'True'.\n");
  EXPECT_EQ(ok("/iscsi set discovery_auth enable=0"), "Parameter enable is now 'False'.\n");
}

TEST_F(GroupTest, GivesTheKnownErrors) {
  const std::string kDisk = "/backstores/fileio/disk1 ";
  EXPECT_EQ(refused("set nosuch a=1"), "Unknown configuration group: nosuch");
  EXPECT_EQ(refused("get nosuch"), "Unknown configuration group: nosuch");
  EXPECT_EQ(refused("/iscsi set attribute a=1"), "Unknown configuration group: attribute");
  EXPECT_EQ(refused(kDisk + "set attribute nosuch=1"),
            "Unknown parameter nosuch in group 'attribute'.");
  EXPECT_EQ(refused(kDisk + "get attribute nosuch"), "No parameter 'nosuch' in group 'attribute'.");
  EXPECT_EQ(refused(kDisk + "set attribute hw_block_size=1"),
            "Parameter hw_block_size is read-only.");
  EXPECT_EQ(refused(kDisk + "set attribute emulate_tpu=yes"),
            "Not setting emulate_tpu! Syntax error, 'yes' is not a NUMBER.");
  EXPECT_EQ(refused(tpg_ + " set parameter InitialR2T=yes"),
            "Not setting InitialR2T! Syntax error, 'yes' is not Yes|No.");
  EXPECT_EQ(refused("set global color_mode=yes"),
            "Not setting color_mode! Syntax error, 'yes' is not true|false.");
}

TEST_F(GroupTest, SaysWhatWouldBeAllowedWhenTheKernelRefuses) {
  EXPECT_EQ(refused(tpg_ + " set attribute login_timeout=99"),
            "Cannot set attribute login_timeout: [Errno 22] Invalid argument");
  setup_.advice = true;
  restart();
  EXPECT_EQ(refused(tpg_ + " set attribute login_timeout=99"),
            "Cannot set attribute login_timeout: [Errno 22] Invalid argument ('99' on " + tpg_ +
                ", allowed: 5 to 30)");
}

TEST_F(GroupTest, NeverShowsASecretInAnError) {
  fs_.fail_path("auth/password", EIO);
  std::string error = refused(tpg_ + " set auth password=hunter2");
  EXPECT_EQ(error.find("hunter2"), std::string::npos) << error;
}

// A wrong value late in the line must not leave the earlier ones set.
TEST_F(GroupTest, ChecksAllValuesBeforeTheFirstIsSet) {
  refused(tpg_ + " set attribute generate_node_acls=1 authentication=x");
}

TEST_F(GroupTest, MovesALunToAnAluaGroup) {
  EXPECT_EQ(ok("/backstores/fileio/disk1/alua create standby 2"), "Created ALUA TPG standby.\n");
  EXPECT_EQ(ok("/backstores/fileio/disk1/alua/standby set alua alua_access_state=2"),
            "Parameter alua_access_state is now '2'.\n");
  EXPECT_EQ(ok("/backstores/fileio/disk1/alua/standby status"),
            "Status for /backstores/fileio/disk1/alua/standby: ALUA state: Standby\n");
  EXPECT_EQ(ok(tpg_ + "/luns/lun0 set alua alua_tg_pt_gp_name=standby"),
            "Parameter alua_tg_pt_gp_name is now 'standby'.\n");
  EXPECT_EQ(ok("/backstores/fileio/disk1/alua delete standby"), "");
  EXPECT_EQ(refused("/backstores/fileio/disk1/alua delete standby"), "Invalid ALUA group name");
  EXPECT_EQ(refused("/backstores/fileio/disk1/alua create x 0"),
            "The TPG Tag must be between 1 and 65535");
  fs_.fail_path("alua/x/tg_pt_gp_id", EINVAL);
  EXPECT_EQ(refused("/backstores/fileio/disk1/alua create x 1"),
            "Cannot set id to 1: [Errno 22] Invalid argument");
  EXPECT_EQ(refused("/backstores/fileio/disk1/alua create x ten"),
            "invalid literal for int() with base 10: 'ten'");
}

}  // namespace
}  // namespace lunar::cli
