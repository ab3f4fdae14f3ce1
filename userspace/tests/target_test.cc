// SPDX-License-Identifier: GPL-2.0-or-later
#include "testing.h"

namespace lunar {
namespace {

// A target with one TPG, two LUNs, one ACL that maps both, and a portal.
class TargetTree : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_OK(m_.root.create_ramdisk({"r0", 4096, false, ""}));
    ASSERT_OK(m_.root.create_ramdisk({"r1", 4096, false, ""}));
    empty_ = m_.fs.snapshot();
    ASSERT_OK(m_.root.create_target(kIqn));
    ASSERT_OK(target().create_tpg());
    ASSERT_OK(tpg().create_lun(object("r0")));
    ASSERT_OK(tpg().create_lun(object("r1")));
    ASSERT_OK(tpg().create_acl(kClient));
    ASSERT_OK(acl().create_mapped_lun(0, 0));
    ASSERT_OK(acl().create_mapped_lun(5, 1, true));
    ASSERT_OK(tpg().create_portal("::0", 3260));
  }

  StorageObject object(const char* name) { return **m_.root.find_storage_object("ramdisk", name); }
  Target target() { return **m_.root.fabric().find_target(kIqn); }
  Tpg tpg() { return **target().find_tpg(1); }
  NodeAcl acl() { return **tpg().find_acl(kClient); }

  Machine m_;
  std::string empty_;  // the tree before the target
};

TEST_F(TargetTree, IsWhatWasMade) {
  EXPECT_EQ(m_.root.fabric().targets()->size(), 1u);
  EXPECT_EQ(tpg().luns()->size(), 2u);
  EXPECT_EQ((*tpg().find_lun(1))->storage_object()->name(), "r1");
  EXPECT_EQ(*(*tpg().find_lun(1))->alua_group(), "default_tg_pt_gp");
  const MappedLun mapped = **acl().find_mapped_lun(5);
  EXPECT_EQ(*mapped.tpg_lun(), 1);
  EXPECT_EQ(mapped.lun()->storage_object()->name(), "r1");
  EXPECT_TRUE(*mapped.write_protect());
  EXPECT_FALSE(*(*acl().find_mapped_lun(0))->write_protect());
  EXPECT_EQ(tpg().portals()->front().address(), "[::0]");
  EXPECT_EQ(tpg().portals()->front().port(), 3260);
  EXPECT_TRUE(tpg().find_portal("::0", 3260)->has_value());
  EXPECT_EQ(object("r0").attached_luns()->size(), 1u);
  EXPECT_EQ(*object("r0").status(), "activated");
}

TEST_F(TargetTree, NumbersAreTheLowestFree) {
  EXPECT_EQ(target().create_tpg()->tag(), 2);
  EXPECT_EQ(target().create_tpg(7)->tag(), 7);
  EXPECT_EQ(*acl().free_mapped_lun(), 1);
  ASSERT_OK((*tpg().find_lun(0))->remove());
  EXPECT_EQ(tpg().create_lun(object("r0"))->index(), 0);
}

TEST_F(TargetTree, RemovingALunTakesItsMappings) {
  ASSERT_OK((*tpg().find_lun(1))->remove());
  EXPECT_FALSE(acl().find_mapped_lun(5)->has_value());
  EXPECT_TRUE(acl().find_mapped_lun(0)->has_value());
}

TEST_F(TargetTree, RemovingAStorageObjectTakesItsLuns) {
  ASSERT_OK(object("r0").create_alua_group("g", 3));
  ASSERT_OK((*tpg().find_lun(0))->set_alua_group("g"));
  EXPECT_EQ(*(*tpg().find_lun(0))->alua_group(), "g");
  ASSERT_OK(object("r0").remove());
  EXPECT_EQ(tpg().luns()->size(), 1u);
  EXPECT_EQ(acl().mapped_luns()->size(), 1u);
  EXPECT_FALSE(m_.fs.exists("core/rd_mcp_0"));
}

TEST_F(TargetTree, RemovingTheTargetLeavesNothing) {
  ASSERT_OK(tpg().set_enabled(true));
  ASSERT_OK(target().remove());
  std::string left = m_.fs.snapshot();
  EXPECT_EQ(left.find(kIqn), std::string::npos);
  EXPECT_EQ(m_.fs.snapshot("core"), [&] {
    Machine fresh;
    EXPECT_OK(fresh.root.create_ramdisk({"r0", 4096, false, ""}));
    EXPECT_OK(fresh.root.create_ramdisk({"r1", 4096, false, ""}));
    return fresh.fs.snapshot("core");
  }());
}

TEST_F(TargetTree, ClearLeavesAnEmptyTree) {
  ASSERT_OK(m_.root.fabric().discovery_auth().set("userid", "u"));
  ASSERT_OK(m_.root.fabric().discovery_auth().set("enable", "True"));
  ASSERT_OK(m_.fs.mkdir("core/iblock_9"));
  ASSERT_OK(m_.root.clear());
  EXPECT_TRUE(m_.root.storage_objects()->empty());
  EXPECT_TRUE(m_.root.fabric().targets()->empty());
  EXPECT_FALSE(m_.fs.exists("core/iblock_9"));
  EXPECT_FALSE(*m_.root.fabric().discovery_enabled());
  EXPECT_EQ(m_.root.fabric().discovery_credentials()->userid, "");
}

TEST_F(TargetTree, DuplicatesHaveTheirTexts) {
  EXPECT_EQ(error_of(m_.root.create_target(kIqn)), "This Target already exists in configFS");
  EXPECT_EQ(error_of(target().create_tpg(1)), "This TPG already exists in configFS");
  EXPECT_EQ(error_of(tpg().create_lun(object("r0"), 1)), "This LUN already exists in configFS");
  EXPECT_EQ(error_of(tpg().create_acl(kClient)), "This NodeACL already exists in configFS");
  EXPECT_EQ(error_of(tpg().create_portal("::0", 3260)),
            "This NetworkPortal already exists in configFS");
  EXPECT_EQ(error_of(acl().create_mapped_lun(0, 1)), "This MappedLUN already exists in configFS");
}

TEST_F(TargetTree, BadNumbersAndNamesAreRefusedUntouched) {
  m_.fs.clear_log();
  EXPECT_EQ(error_of(m_.root.create_target("disk")).find("WWN not valid as: iqn, naa, eui"), 0u);
  EXPECT_EQ(error_of(target().create_tpg(-1)), "The TPG Tag must be >=0");
  EXPECT_EQ(error_of(tpg().create_lun(object("r0"), 65536)), "LUN must be 0 to 65535");
  EXPECT_EQ(error_of(tpg().create_lun(object("r0"), 9, "a/b")), "Invalid alias: a/b");
  EXPECT_EQ(error_of(tpg().create_acl("client")).find("WWN not valid as: iqn, naa, eui"), 0u);
  EXPECT_EQ(error_of(acl().create_mapped_lun(-1, 0)), "Mapped LUN must be 0 to 65535");
  EXPECT_EQ(error_of(acl().create_mapped_lun(3, 9)), "LUN 9 does not exist in this TPG");
  EXPECT_EQ(error_of(tpg().create_portal("host", 3260)),
            "Could not create NetworkPortal in configFS: Invalid argument "
            "('host' is no IPv4 or IPv6 address)");
  EXPECT_FALSE(tpg().create_portal("10.0.0.1", 0).ok());
  EXPECT_FALSE(tpg().create_portal("10.0.0.1", 65536).ok());
  EXPECT_EQ(m_.fs.changes(), 0u);
}

TEST_F(TargetTree, KernelRefusalsAreExplained) {
  m_.fs.fail_path("np/10.0.0.9:3260", EADDRNOTAVAIL);
  EXPECT_EQ(error_of(tpg().create_portal("10.0.0.9", 3260)),
            "Could not create NetworkPortal in configFS: Cannot assign requested address "
            "(no interface of this host has this address)");
}

TEST_F(TargetTree, CredentialsFollowRtslib) {
  const Group auth = acl().auth();
  ASSERT_OK(auth.set("userid", " user1 "));
  ASSERT_OK(auth.set("mutual_password", "pass word"));
  ASSERT_OK(auth.set("mutual_userid", "m"));
  EXPECT_EQ(*auth.get("userid"), "user1");
  EXPECT_EQ(*m_.fs.read(acl().path() + "/auth/password_mutual"), "pass word\n");
  EXPECT_TRUE(*acl().authenticate_target());
  EXPECT_EQ(acl().credentials()->mutual_userid, "m");
  ASSERT_OK(auth.set("mutual_userid", ""));
  EXPECT_EQ(*m_.fs.read(acl().path() + "/auth/userid_mutual"), "NULL\n");
  EXPECT_EQ(*auth.get("mutual_userid"), "");
  EXPECT_FALSE(*acl().authenticate_target());
  EXPECT_EQ(error_of(auth.set("userid", "NULL")), "'NULL' is not a permitted value");
  EXPECT_EQ(error_of(auth.set("userid", std::string(256, 'x'))),
            "Value longer than maximum length of 255");
  ASSERT_OK(auth.set("userid", std::string(255, 'x')));
  ASSERT_EQ(auth.entries()->size(), 4u);
  EXPECT_EQ(auth.entries()->front().name, "mutual_password");
  EXPECT_EQ(error_of(auth.get("authenticate_target")),
            "Cannot find attribute: authenticate_target");
}

TEST_F(TargetTree, SecretsAreNotInErrors) {
  m_.fs.fail_nth(1, EIO);
  EXPECT_EQ(error_of(acl().auth().set("password", "hunter2hunter2")),
            "Cannot set attribute password: Input/output error");
}

TEST_F(TargetTree, DiscoveryHasItsSwitch) {
  const Group group = m_.root.fabric().discovery_auth();
  EXPECT_EQ(*group.get("enable"), "False");
  ASSERT_OK(group.set("enable", "true"));
  EXPECT_EQ(*group.get("enable"), "True");
  EXPECT_TRUE(*m_.root.fabric().discovery_enabled());
  ASSERT_OK(group.set("enable", "0"));
  EXPECT_FALSE(group.set("enable", "maybe").ok());
  EXPECT_EQ(group.entries()->size(), 5u);
}

TEST_F(TargetTree, ParametersEndWithANewline) {
  const Group parameters = tpg().parameters();
  m_.fs.clear_log();
  ASSERT_OK(parameters.set("InitialR2T", "No"));
  EXPECT_EQ(m_.fs.log().back().value, "No\n");
  EXPECT_EQ(*parameters.get("InitialR2T"), "No");
  EXPECT_EQ(error_of(parameters.set("InitialR2T", "no")),
            "Cannot set parameter InitialR2T: Invalid argument (allowed: Yes, No)");
  EXPECT_EQ(error_of(parameters.set("MaxBurstLength", "1")),
            "Cannot set parameter MaxBurstLength: Invalid argument (allowed: 512 to 16777215)");
  EXPECT_EQ(error_of(parameters.get("Nosuch")), "Cannot find RFC-3720 parameter: Nosuch");
  EXPECT_EQ(error_of(parameters.set("Nosuch", "1")), "Cannot find parameter: Nosuch");
}

TEST_F(TargetTree, TagsAreNames) {
  EXPECT_EQ(*acl().tag(), "");
  ASSERT_OK(acl().set_tag("host1"));
  EXPECT_EQ(*acl().tag(), "host1");
  ASSERT_OK(acl().set_tag(""));
  EXPECT_EQ(*acl().tag(), "");
}

TEST_F(TargetTree, PortalSwitchesMayBeMissing) {
  const Portal portal = tpg().portals()->front();
  EXPECT_FALSE(*portal.iser());
  ASSERT_OK(portal.set_offload(true));
  EXPECT_TRUE(*portal.offload());
  m_.fs.drop(portal.path() + "/iser");
  EXPECT_FALSE(*portal.iser());
  ASSERT_OK(portal.set_iser(true));
  m_.fs.fail_path("/cxgbit", EINVAL);
  EXPECT_EQ(portal.set_offload(true).error().text, "Cannot change offload");
}

TEST_F(TargetTree, BrokenLinksAreErrors) {
  const Lun lun = **tpg().find_lun(0);
  ASSERT_OK(m_.fs.unlink(lun.path() + "/" + *lun.alias()));
  EXPECT_EQ(lun.storage_object().error().text, "Broken LUN in configFS, no storage object");
  ASSERT_OK(lun.remove());
}

TEST_F(TargetTree, DynamicSessionsAreNames) {
  EXPECT_TRUE(tpg().dynamic_sessions()->empty());
  m_.fs.poke(tpg().path() + "/dynamic_sessions",
             std::string("iqn.a:1\n") + '\0' + "iqn.b:2\n" + '\0');
  EXPECT_EQ(*tpg().dynamic_sessions(), (std::vector<std::string>{"iqn.a:1", "iqn.b:2"}));
}

constexpr const char* kInfo =
    "InitiatorName: iqn.1994-05.com.redhat:client1\n"
    "InitiatorAlias: (none)\n"
    "LIO Session ID: 12   ISID: 0x00 02 3d 00 00 01  TSIH: 1  SessionType: Normal\n"
    "Session State: TARG_SESS_STATE_LOGGED_IN\n"
    "---------------------[iSCSI Session Values]-----------------------\n"
    "  CmdSN/WR  :  CmdSN/WC  :  ExpCmdSN  :  MaxCmdSN  :     ITT    :     TTT\n"
    " 0x00000040   0x00000040   0x0000002b   0x0000006a   0x0000004f   0x00000037\n"
    "----------------------[iSCSI Connections]-------------------------\n"
    "CID: 0  Connection State: TARG_CONN_STATE_LOGGED_IN\n"
    "   Address 127.0.0.1 TCP  StatSN: 0xbe4b6839\n"
    "CID: 1  Connection State: TARG_CONN_STATE_IN_LOGOUT\n"
    "   Address fe80::1 TCP  StatSN: 0xbe4b6839\n";

TEST_F(TargetTree, SessionsAreParsed) {
  EXPECT_FALSE(acl().session()->has_value());
  m_.fs.poke(acl().path() + "/info", kInfo);
  const auto sessions = m_.root.sessions();
  ASSERT_OK(sessions);
  ASSERT_EQ(sessions->size(), 1u);
  const Session& session = sessions->front().session;
  EXPECT_EQ(session.id, 12);
  EXPECT_EQ(session.alias, "(none)");
  EXPECT_EQ(session.type, "Normal");
  EXPECT_EQ(session.state, "LOGGED_IN");
  EXPECT_EQ(session.initiator, kClient);
  ASSERT_EQ(session.connections.size(), 2u);
  EXPECT_EQ(session.connections[0].address, "127.0.0.1");
  EXPECT_EQ(session.connections[0].transport, "TCP");
  EXPECT_EQ(session.connections[0].state, "LOGGED_IN");
  EXPECT_EQ(session.connections[1].cid, 1);
  EXPECT_EQ(session.connections[1].address, "fe80::1");
  EXPECT_EQ(session.connections[1].state, "IN_LOGOUT");
}

TEST(SessionInfo, OddTexts) {
  EXPECT_FALSE(parse_session_info("")->has_value());
  EXPECT_FALSE(
      parse_session_info("No active iSCSI Session for Initiator Endpoint: x\n")->has_value());
  EXPECT_FALSE(parse_session_info("garbage").ok());
  EXPECT_FALSE(parse_session_info("InitiatorName: x\nLIO Session ID:").ok());
  const auto free = parse_session_info(
      "InitiatorName: x\nInitiatorAlias: my host\nLIO Session ID: 1 SessionType: Discovery\n"
      "Session State: TARG_SESS_FREE\n   Address 1.2.3.4 TCP\n");
  ASSERT_TRUE(free.ok() && free->has_value());
  EXPECT_EQ((*free)->state, "FREE");
  EXPECT_EQ((*free)->alias, "my host");
  EXPECT_TRUE((*free)->connections.empty());
}

TEST(Root, ReadingLoadsNothing) {
  Machine machine;
  EXPECT_TRUE(machine.root.fabric().targets()->empty());
  EXPECT_FALSE(machine.root.fabric().version()->has_value());
  EXPECT_FALSE(*machine.root.fabric().discovery_enabled());
  EXPECT_TRUE(machine.root.sessions()->empty());
  EXPECT_EQ(machine.fs.changes(), 0u);
  EXPECT_TRUE(machine.host.modules_loaded.empty());
}

TEST(Root, LoadsTheFabricWhenMkdirAloneWontDo) {
  Machine machine;
  machine.fs.fail_nth(1, EINVAL);
  ASSERT_OK(machine.root.create_target());
  EXPECT_EQ(machine.host.modules_loaded, std::vector<std::string>{"iscsi_target_mod"});
  EXPECT_EQ(*machine.root.fabric().version(), "Datera Inc. iSCSI Target v4.1.0");
}

TEST(Root, GeneratesAndNormalizesNames) {
  Machine machine;
  EXPECT_EQ(machine.root.create_target()->wwn(),
            "iqn.2003-01.org.linux-iscsi.target.x8664:sn.000000000001");
  EXPECT_EQ(machine.root.create_target("naa.6001405123456789")->wwn(), "naa.5001405123456789");
  EXPECT_EQ(machine.root.create_target("IQN.2003-01.Org.Example:A")->wwn(),
            "iqn.2003-01.org.example:a");
}

TEST(Root, SetsDbrootBeforeTheFirstObject) {
  fake::FakeConfigfs fs;
  fake::FakeHost host;
  RootOptions options;
  options.dbroot = "/etc/target";
  Root root(fs, host, options);
  ASSERT_OK(root.create_ramdisk({"a", 4096, false, ""}));
  EXPECT_EQ(*fs.read("dbroot"), "/etc/target\n");
  options.dbroot = "/elsewhere";
  Root late(fs, host, options);
  EXPECT_EQ(error_of(late.create_ramdisk({"b", 4096, false, ""})),
            "Cannot set dbroot to /elsewhere. Please check if this directory exists.");
  host.directories.insert("/elsewhere");
  ASSERT_OK(late.create_ramdisk({"b", 4096, false, ""}));
  EXPECT_EQ(*fs.read("dbroot"), "/etc/target\n");
}

}  // namespace
}  // namespace lunar
