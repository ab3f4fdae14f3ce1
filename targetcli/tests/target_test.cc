// SPDX-License-Identifier: GPL-2.0-or-later
// Targets, portal groups, LUNs, ACLs, mapped LUNs, portals.
#include "fixture.h"

namespace lunar::cli {
namespace {

using TargetTest = ShellTest;

TEST_F(TargetTest, CreatesATargetWithItsPortalGroup) {
  EXPECT_EQ(ok(std::string("/iscsi create ") + kIqn),
            std::string("Created target ") + kIqn +
                ".\nCreated TPG 1.\nGlobal pref auto_add_default_portal=true\n"
                "Created default portal listening on all IPs (::0), port 3260.\n");
  EXPECT_EQ(ok(tpg_ + " get attribute authentication"), "authentication=0 \n");
  EXPECT_EQ(ok(tpg_ + " info"), "enable: True\ntag: 1\n");
  EXPECT_EQ(ok(tpg_ + " status"), "Status for " + tpg_ + ": no-gen-acls, no-auth\n");
}

TEST_F(TargetTest, MakesUpAName) {
  std::string out = ok("/iscsi create");
  EXPECT_EQ(out.substr(0, 57), "Created target iqn.2003-01.org.linux-iscsi.target.x8664:s");
}

TEST_F(TargetTest, ListensOnIpv4WhereTheKernelHasNoIpv6) {
  setup_.has_ipv6 = false;
  restart();
  std::string out = ok("/iscsi create iqn.2020-01.a.b:c");
  EXPECT_NE(out.find("on all IPs (0.0.0.0), port 3260.\n"), std::string::npos) << out;
}

TEST_F(TargetTest, FollowsThePreferences) {
  ok("/iscsi set global auto_add_default_portal=false auto_enable_tpgt=false");
  EXPECT_EQ(ok("/iscsi create iqn.2020-01.a.b:c"),
            "Created target iqn.2020-01.a.b:c.\nCreated TPG 1.\n");
  EXPECT_EQ(ok("/iscsi/iqn.2020-01.a.b:c/tpg1 status"),
            "Status for /iscsi/iqn.2020-01.a.b:c/tpg1: disabled\n");
}

TEST_F(TargetTest, RefusesWrongAndDuplicateNames) {
  EXPECT_EQ(refused("/iscsi create wrong").substr(0, 31), "WWN not valid as: iqn, naa, eui");
  ok("/iscsi create iqn.2020-01.a.b:c");
  EXPECT_EQ(refused("/iscsi create iqn.2020-01.a.b:c").substr(0, 40),
            "This Target already exists in configFS");
  EXPECT_EQ(refused("/iscsi delete iqn.2020-01.a.b:d"),
            "No such Target in configfs: /sys/kernel/config/target/iscsi/iqn.2020-01.a.b:d");
  EXPECT_EQ(ok("/iscsi delete iqn.2020-01.a.b:c"), "Deleted Target iqn.2020-01.a.b:c.\n");
}

TEST_F(TargetTest, CreatesAndDeletesPortalGroups) {
  make_target();
  std::string target = std::string("/iscsi/") + kIqn;
  fs_.fail_path("tpgt_2/np/[::0]:3260", EEXIST);
  EXPECT_EQ(ok(target + " create tpg2"),
            "Created TPG 2.\n"
            "Default portal not created, TPGs within a target cannot share ip:port.\n");
  EXPECT_EQ(refused(target + " create x"), "Tag argument must be a number.");
  EXPECT_EQ(refused(target + " delete tpgx"), "Tag argument must be a number.");
  EXPECT_EQ(ok(target + " status"), "Status for " + target + ": TPGs: 2\n");
  EXPECT_EQ(ok(target + " delete 2"), "Deleted TPGT 2.\n");
  EXPECT_NE(refused(target + " delete 2").find("No such TPG in configfs: "), std::string::npos);
}

TEST_F(TargetTest, EnablesAndDisables) {
  make_target();
  EXPECT_EQ(ok(tpg_ + " enable"), "The TPGT is already enabled.\n");
  EXPECT_EQ(ok(tpg_ + " disable"), "The TPGT has been disabled.\n");
  EXPECT_EQ(ok(tpg_ + " disable"), "The TPGT is already disabled.\n");
  fs_.fail_nth(1, ENOMEM);
  EXPECT_EQ(refused(tpg_ + " enable").substr(0, 30), "The TPGT could not be enabled.");
}

TEST_F(TargetTest, ShowsTheAuthenticationInTheSummary) {
  make_target();
  auto status = [this] {
    std::string out = ok(tpg_ + " status");
    std::string head = "Status for " + tpg_ + ": ";
    EXPECT_EQ(out.substr(0, head.size()), head);
    return out.substr(head.size(), out.size() - head.size() - 1);
  };
  EXPECT_EQ(status(), "no-gen-acls, no-auth");
  ok(tpg_ + " set attribute generate_node_acls=1");
  EXPECT_EQ(status(), "gen-acls, no-auth");
  ok(tpg_ + " set attribute authentication=1");
  EXPECT_EQ(status(), "gen-acls, tpg-auth, 1-way auth");
  ok(tpg_ + " set auth userid=a password=b mutual_userid=c mutual_password=d");
  EXPECT_EQ(status(), "gen-acls, tpg-auth, mutual auth");
  ok(tpg_ + " set attribute generate_node_acls=0");
  EXPECT_EQ(status(), "no-gen-acls, auth per-acl");
}

TEST_F(TargetTest, CreatesLuns) {
  make_target();
  ok("/backstores/ramdisk create r3 1M");
  EXPECT_EQ(ok(tpg_ + "/luns create /backstores/ramdisk/r3 lun7"), "Created LUN 7.\n");
  EXPECT_EQ(refused(tpg_ + "/luns create /backstores/ramdisk/r3"),
            "lun for storage object ramdisk/r3 already exists");
  EXPECT_EQ(ok(tpg_ + "/luns/lun7 info").substr(0, 7), "alias: ");
  EXPECT_NE(refused(tpg_ + "/luns create /backstores/ramdisk/none")
                .find("storage object or path not valid"),
            std::string::npos);
  EXPECT_EQ(refused(tpg_ + "/luns delete 9"), "Invalid LUN");
  EXPECT_EQ(ok(tpg_ + "/luns delete lun7"), "Deleted LUN 7.\n");
}

TEST_F(TargetTest, CreatesAStorageObjectOnTheWayToALun) {
  make_target();
  host_.files["/srv/e.img"] = 1048576;
  EXPECT_EQ(ok(tpg_ + "/luns create /srv/e.img"),
            "Created storage object srv-e.img.\nCreated LUN 2.\n");
}

TEST_F(TargetTest, RefusesWrongLunNumbersBeforeAnythingIsMade) {
  make_target();
  ok("/backstores/ramdisk create r3 1M");
  const std::string kCreate = tpg_ + "/luns create /backstores/ramdisk/r3 ";
  EXPECT_EQ(refused(kCreate + "x"), "invalid literal for int() with base 10: 'x'");
  EXPECT_EQ(refused(kCreate + "lun"), "invalid literal for int() with base 10: ''");
  for (const char* lun : {"-1", "70000"})
    EXPECT_EQ(refused(tpg_ + "/luns create /backstores/ramdisk/r3 " + lun),
              "LUN must be 0 to 65535");
  EXPECT_NE(refused(tpg_ + "/luns create /backstores/ramdisk/r3 0").find("already exists"),
            std::string::npos);
}

TEST_F(TargetTest, MapsNewLunsIntoAcls) {
  make_target();
  EXPECT_EQ(ok(tpg_ + "/acls create " + kInitiator),
            std::string("Created Node ACL for ") + kInitiator +
                "\nCreated mapped LUN 1.\nCreated mapped LUN 0.\n");
  ok("/backstores/ramdisk create r3 1M");
  EXPECT_EQ(
      ok(tpg_ + "/luns create /backstores/ramdisk/r3 5"),
      std::string("Created LUN 5.\nCreated LUN 5->5 mapping in node ACL ") + kInitiator + "\n");
  ok("/backstores/ramdisk create r4 1M");
  EXPECT_EQ(ok(tpg_ + "/luns create /backstores/ramdisk/r4 add_mapped_luns=false"),
            "Created LUN 2.\n");
}

// The number asked for may be taken in one ACL: that must not fail after the LUN was made.
TEST_F(TargetTest, MapsUnderAnotherNumberWhenItsOwnIsTaken) {
  make_target();
  ok(tpg_ + "/acls create " + kInitiator + " add_mapped_luns=false");
  ok(tpg_ + "/acls/" + kInitiator + " create 5 lun0");
  ok("/backstores/ramdisk create r3 1M");
  EXPECT_EQ(
      ok(tpg_ + "/luns create /backstores/ramdisk/r3 5"),
      std::string("Created LUN 5.\nCreated LUN 5->0 mapping in node ACL ") + kInitiator + "\n");
}

TEST_F(TargetTest, CreatesAndDeletesAcls) {
  make_target();
  EXPECT_EQ(ok(tpg_ + "/acls create IQN.1994-05.com.Redhat:C1 add_mapped_luns=False"),
            "Created Node ACL for iqn.1994-05.com.redhat:c1\n");
  EXPECT_EQ(refused(tpg_ + "/acls create wrong").substr(0, 31), "WWN not valid as: iqn, naa, eui");
  EXPECT_NE(refused(tpg_ + "/acls create iqn.1994-05.com.redhat:c1").find("already exists"),
            std::string::npos);
  EXPECT_EQ(ok(tpg_ + "/acls status"), "Status for " + tpg_ + "/acls: ACLs: 1\n");
  EXPECT_EQ(ok(tpg_ + "/acls delete iqn.1994-05.com.redhat:c1"),
            "Deleted Node ACL iqn.1994-05.com.redhat:c1.\n");
  EXPECT_NE(refused(tpg_ + "/acls delete iqn.1994-05.com.redhat:c1")
                .find("No such NodeACL in configfs: "),
            std::string::npos);
}

TEST_F(TargetTest, CreatesAndDeletesMappedLuns) {
  make_target();
  std::string acl = tpg_ + "/acls/" + kInitiator;
  ok(tpg_ + "/acls create " + kInitiator + " add_mapped_luns=false");
  EXPECT_EQ(ok(acl + " create 3 lun1 1"), "Created Mapped LUN 3.\n");
  EXPECT_EQ(ok(acl + "/mapped_lun3 status"),
            "Status for " + acl + "/mapped_lun3: lun1 ramdisk/ram1 (ro)\n");
  EXPECT_EQ(ok(acl + "/mapped_lun3 info").substr(7 + 10),
            "\nindex: 3\ntpg_lun: 1\nwrite_protect: True\n");
  EXPECT_EQ(ok(acl + " create 4 1"),
            "Warning: TPG LUN 1 already mapped to this NodeACL\nCreated Mapped LUN 4.\n");
  ok("/backstores/ramdisk create r3 1M");
  EXPECT_EQ(ok(acl + " create 0 /backstores/ramdisk/r3"),
            "Created LUN 2.\nCreated Mapped LUN 0.\n");
  EXPECT_EQ(refused(acl + " create x 1"), "mapped_lun must be an integer");
  EXPECT_EQ(refused(acl + " create 9 88"), "LUN 88 does not exist in this TPG");
  EXPECT_NE(refused(acl + " create 3 0").find("already exists"), std::string::npos);
  EXPECT_NE(refused(acl + " create 9 /none").find("LUN, storage object, or path not valid"),
            std::string::npos);
  EXPECT_EQ(refused(acl + " create 9 0 maybe"), "Syntax error, 'maybe' is not true|false.");
  EXPECT_EQ(ok(acl + " delete 3"), "Deleted Mapped LUN 3.\n");
  EXPECT_EQ(refused(acl + " delete mapped_lun4"),
            "The mapped_lun parameter must be an integer value");
  EXPECT_NE(refused(acl + " delete 3").find("No such MappedLUN"), std::string::npos);
}

TEST_F(TargetTest, GroupsAclsByTag) {
  make_target();
  std::string acls = tpg_ + "/acls";
  ok(acls + " create iqn.2020-01.a.b:1");
  ok(acls + " create iqn.2020-01.a.b:2 add_mapped_luns=false");
  EXPECT_EQ(ok(acls + " tag iqn.2020-01.a.b:1 web"), "");
  EXPECT_EQ(ok(acls + "/web status"),
            "Status for " + acls + "/web: (iqn.2020-01.a.b:1), Mapped LUNs: 2\n");
  EXPECT_EQ(ok(acls + " tag iqn.2020-01.a.b:2 web"), "");
  EXPECT_EQ(ok(acls + "/web status"),
            "Status for " + acls + "/web: (group of 2), Mapped LUNs: 2\n");
  EXPECT_EQ(ok(acls + "/web set attribute nopin_timeout=20"),
            "Parameter nopin_timeout is now '20'.\n");
  EXPECT_EQ(ok(acls + "/web info"), "tag: web\nwwns:\niqn.2020-01.a.b:2\niqn.2020-01.a.b:1\n");
  EXPECT_EQ(refused(acls + " tag web a.b"), "'.' not permitted in tag names.");
  EXPECT_EQ(refused(acls + " tag none x"), "wwn_or_tag none not found.");
  EXPECT_EQ(ok(acls + " untag web"), "");
  EXPECT_EQ(ok(acls + "/iqn.2020-01.a.b:2 get attribute nopin_timeout"), "nopin_timeout=20 \n");
}

TEST_F(TargetTest, CreatesAndDeletesPortals) {
  make_target();
  std::string portals = tpg_ + "/portals";
  EXPECT_EQ(ok(portals + " create 10.0.0.1"),
            "Using default IP port 3260\nCreated network portal 10.0.0.1:3260.\n");
  EXPECT_EQ(ok(portals + " create 2001:db8::1 3261"), "Created network portal 2001:db8::1:3261.\n");
  EXPECT_EQ(ok(portals + "/[2001:db8::1]:3261 info"),
            "ip_address: [2001:db8::1]\niser: False\noffload: False\nport: 3261\n");
  Outcome again = run(portals + " create ::0");
  EXPECT_EQ(again.out, "Using default IP port 3260\nBinding to INADDR_ANY (::0)\n");
  EXPECT_EQ(again.err, "This NetworkPortal already exists in configFS\n");
  const std::string kSentence = "Could not create NetworkPortal in configFS: Invalid argument ";
  EXPECT_EQ(refused(portals + " create 10.0.0.300 3261"),
            kSentence + "('10.0.0.300' is no IPv4 or IPv6 address)");
  EXPECT_EQ(refused(portals + " create 10.0.0.2 70000"), kSentence + "(ports go from 1 to 65535)");
  EXPECT_EQ(refused(portals + " delete 10.0.0.2 abc"), "Invalid port");
  EXPECT_EQ(refused(portals + " create 10.0.0.2 abc"), "Syntax error, 'abc' is not a NUMBER.");
  EXPECT_EQ(ok(portals + " delete ::0 3260"), "Deleted network portal ::0:3260\n");
  EXPECT_EQ(ok(portals + " create"),
            "Using default IP port 3260\nBinding to INADDR_ANY (::0)\n"
            "Created network portal ::0:3260.\n");
  EXPECT_NE(refused(portals + " delete 10.9.9.9 1").find("No such NetworkPortal"),
            std::string::npos);
}

// Guides create 0.0.0.0 and single addresses beside the default portal, which answers there
// already.
TEST_F(TargetTest, NeedsNoSecondPortalWhereOneListensOnAllAddresses) {
  make_target();
  fs_.fail_path("np/0.0.0.0:3260", EINVAL);
  EXPECT_EQ(ok(tpg_ + "/portals create 0.0.0.0 3260"),
            "Using default IP port 3260\nPortal [::0]:3260 of this TPG listens on 0.0.0.0:3260 "
            "already, no other one is "
            "needed.\n");
  fs_.fail_path("np/10.0.0.1:3261", EINVAL);
  EXPECT_EQ(refused(tpg_ + "/portals create 10.0.0.1 3261"),
            "Could not create NetworkPortal in configFS: the kernel cannot listen on 10.0.0.1:3261 "
            "(most often something else listens there already; the kernel's log has the reason)");
}

TEST_F(TargetTest, ShowsTheFabric) {
  EXPECT_EQ(ok("/iscsi info"),
            "Fabric module name: iscsi\nConfigFS path: /sys/kernel/config/target/iscsi\n"
            "Allowed WWN types: iqn, naa, eui\nFabric module features: discovery_auth, acls, "
            "auth, nps, tpgts, cpus_allowed_list\n"
            "Corresponding kernel module: iscsi_target_mod\n");
  EXPECT_EQ(ok("/vhost info"),
            "Fabric module name: vhost\nConfigFS path: /sys/kernel/config/target/vhost\n"
            "Allowed WWN types: naa\nFabric module features: nexus, acls, tpgts\n"
            "Corresponding kernel module: tcm_vhost\n");
  EXPECT_EQ(ok("/iscsi version").substr(0, 27), "Target fabric module iscsi:");
}

}  // namespace
}  // namespace lunar::cli
