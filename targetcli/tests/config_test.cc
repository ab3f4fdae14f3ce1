// SPDX-License-Identifier: GPL-2.0-or-later
// Commands of the root node: saving, restoring, clearing, sessions; saving at the end.
#include <filesystem>

#include "error.h"
#include "fixture.h"

namespace lunar::cli {
namespace {

using ConfigTest = ShellTest;

constexpr const char* kInfo =
    "InitiatorName: iqn.1994-05.com.redhat:client1\nInitiatorAlias: (none)\n"
    "LIO Session ID: 1   ISID: 0x00 02 3d 00 00 01  TSIH: 1  SessionType: Normal\n"
    "Session State: TARG_SESS_STATE_LOGGED_IN\n"
    "---------------------[iSCSI Session Values]-----------------------\n"
    "  CmdSN/WR  :  CmdSN/WC  :  ExpCmdSN  :  MaxCmdSN  :     ITT    :     TTT\n"
    " 0x00000040   0x00000040   0x0000002b   0x0000006a   0x00000051   0x00000037\n"
    "----------------------[iSCSI Connections]-------------------------\n"
    "CID: 0  Connection State: TARG_CONN_STATE_LOGGED_IN\n"
    "   Address 127.0.0.1 TCP  StatSN: 0xcc65a141\n";

TEST_F(ConfigTest, SavesClearsAndRestores) {
  make_target();
  ok(tpg_ + "/acls create " + kInitiator);
  std::string before = ok("ls");
  EXPECT_EQ(ok("saveconfig"), "Configuration saved to " + save_file() + "\n");
  EXPECT_EQ(ok("clearconfig confirm=True"), "All configuration cleared\n");
  EXPECT_NE(ok("ls"), before);
  EXPECT_EQ(ok("restoreconfig"), "Configuration restored from " + save_file() + "\n");
  EXPECT_EQ(ok("ls"), before);
}

TEST_F(ConfigTest, KeepsBackupsOfTheDefaultFile) {
  make_target();
  ok("saveconfig");
  ok("/backstores/ramdisk create r 1M");
  std::string backups = dir_.path() + "/etc/target/backup/";
  EXPECT_EQ(ok("saveconfig"), "Last 10 configs saved in " + backups + ".\nConfiguration saved to " +
                                  save_file() + "\n");
  EXPECT_EQ(ok("saveconfig " + dir_.path() + "/other.json"),
            "Configuration saved to " + dir_.path() + "/other.json\n");
}

TEST_F(ConfigTest, TakesMoreBackupsFromTheSystemsFile) {
  host_.texts[dir_.path() + "/etc/target/targetcli.conf"] = "# x\nmax_backup_files = 25\n";
  make_target();
  ok("saveconfig");
  ok("/backstores/ramdisk create r 1M");
  EXPECT_EQ(ok("saveconfig").substr(0, 15), "Last 25 configs");
}

TEST_F(ConfigTest, AsksForConfirmation) {
  make_target();
  for (const char* line : {"clearconfig", "clearconfig false", "clearconfig confirm=False"})
    EXPECT_EQ(refused(line), "As a precaution, confirm=True needs to be set");
  EXPECT_EQ(refused("clearconfig yes"), "Syntax error, 'yes' is not true|false.");
  EXPECT_EQ(ok("clearconfig True"), "All configuration cleared\n");
}

TEST_F(ConfigTest, RefusesMissingAndBrokenFiles) {
  EXPECT_EQ(refused("restoreconfig /nowhere/x.json"), "Restore file /nowhere/x.json not found");
  write_text(save_file(), "{\"targets\": [");
  EXPECT_NE(refused("restoreconfig").find(save_file()), std::string::npos);
  write_text(save_file(), "[1, 2]");
  EXPECT_NE(refused("restoreconfig").find(save_file()), std::string::npos);
}

TEST_F(ConfigTest, MakesTheDirectoryOfAFileButNoWholePath) {
  EXPECT_EQ(refused("saveconfig " + dir_.path() + "/a/b/c.json"),
            "Cannot create directory [" + dir_.path() + "/a/b] No such file or directory.");
  EXPECT_FALSE(std::filesystem::exists(dir_.path() + "/a"));
  ok("saveconfig " + dir_.path() + "/a/c.json");
}

TEST_F(ConfigTest, RefusesToRestoreOverWhatExists) {
  make_target();
  ok("saveconfig");
  std::string before = fs_.snapshot();
  Outcome outcome = run("restoreconfig");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err,
            "Configuration restored, 3 recoverable errors:\n"
            "storageobject 'ramdisk:ram1' exist not restoring\n"
            "storageobject 'fileio:disk1' exist not restoring\n"
            "target with wwn " +
                std::string(kIqn) + " exist, not restoring\n");
  EXPECT_EQ(fs_.snapshot(), before);
}

// "false" used to wipe the running configuration, like any other word.
TEST_F(ConfigTest, ReadsClearExistingAsAWord) {
  make_target();
  ok("saveconfig");
  std::string before = fs_.snapshot();
  EXPECT_EQ(run("restoreconfig clear_existing=false").status, 1);
  EXPECT_EQ(run("restoreconfig " + save_file() + " False").status, 1);
  EXPECT_EQ(fs_.snapshot(), before);
  EXPECT_EQ(refused("restoreconfig clear_existing=maybe"),
            "Syntax error, 'maybe' is not true|false.");
  EXPECT_EQ(ok("restoreconfig " + save_file() + " clear_existing"),
            "Configuration restored from " + save_file() + "\n");
  ok("restoreconfig " + save_file() + " clearexisting");
  ok("restoreconfig clear_existing=True");
}

TEST_F(ConfigTest, NamesWhatCouldNotBeRestored) {
  make_target();
  ok("saveconfig");
  ok("clearconfig confirm=true");
  fs_.fail_path("/ram1/enable", ENOMEM);
  Outcome outcome = run("restoreconfig");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.out, "");
  EXPECT_EQ(outcome.err.substr(0, 24), "Configuration restored, ") << outcome.err;
  EXPECT_NE(outcome.err.find("recoverable errors:\n"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("ram1"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find(", skipped"), std::string::npos) << outcome.err;
}

TEST_F(ConfigTest, GuardsAFileThatWasRestoredInPart) {
  make_target();
  ok("saveconfig");
  std::string good = read_text(save_file());
  ok("clearconfig confirm=true");
  fs_.fail_path("/ram1/enable", ENOMEM);
  EXPECT_EQ(run("restoreconfig").status, 1);
  restart();
  EXPECT_NE(refused("saveconfig").find("restored only in part"), std::string::npos);
  EXPECT_NE(refused("/backstores/fileio delete disk1 save=true").find("restored only in part"),
            std::string::npos);
  Outcome end = shell_->finish();
  EXPECT_EQ(end.status, 1);
  EXPECT_EQ(end.err.substr(0, 24), "Configuration not saved:") << end.err;
  EXPECT_EQ(read_text(save_file()), good);
  EXPECT_NE(ok("saveconfig overwrite_partial=true").find("Configuration saved"), std::string::npos);
  EXPECT_NE(read_text(save_file()), good);
}

TEST_F(ConfigTest, SavesAtTheEnd) {
  make_target();
  Outcome end = shell_->finish();
  EXPECT_EQ(end.out,
            "Global pref auto_save_on_exit=true\nConfiguration saved to " + save_file() + "\n");
  EXPECT_TRUE(std::filesystem::exists(save_file()));
  ok("set global auto_save_on_exit=false");
  std::filesystem::remove(save_file());
  EXPECT_EQ(shell_->finish().out, "");
  EXPECT_FALSE(std::filesystem::exists(save_file()));
}

// After a boot without a restore the first `exit` used to replace the configuration by nothing.
TEST_F(ConfigTest, DoesNotSaveAnEmptyTreeOverAConfigurationUnasked) {
  make_target();
  ok("saveconfig");
  std::string good = read_text(save_file());
  host_.texts[save_file()] = good;
  must(root_->clear());
  restart();
  Outcome end = shell_->finish();
  EXPECT_EQ(end.status, 0);
  EXPECT_NE(end.out.find("Configuration not saved"), std::string::npos);
  EXPECT_EQ(read_text(save_file()), good);
  ok("/backstores/ramdisk create r 1M");
  EXPECT_NE(shell_->finish().out.find("Configuration saved"), std::string::npos);
}

TEST_F(ConfigTest, SavesOneStorageObject) {
  make_target();
  ok("saveconfig");
  ok("/backstores/ramdisk create r 1M");
  EXPECT_NE(ok("/backstores/ramdisk/r saveconfig")
                .find("Storage Object 'ramdisk:r' config saved to " + save_file() + "."),
            std::string::npos);
  EXPECT_NE(read_text(save_file()).find("\"name\": \"r\","), std::string::npos);
}

TEST_F(ConfigTest, ListsSessions) {
  make_target();
  ok(tpg_ + "/acls create " + kInitiator);
  EXPECT_EQ(ok("sessions"), "(no open sessions)\n");
  fs_.poke("iscsi/" + std::string(kIqn) + "/tpgt_1/acls/" + kInitiator + "/info", kInfo);
  const std::string kLine = "alias: (none)\tsid: 1 type: Normal session-state: LOGGED_IN\n";
  EXPECT_EQ(ok("sessions"), kLine);
  ok(tpg_ + "/acls/" + kInitiator +
     " set auth userid=user1 password=p1 mutual_userid=muser1 mutual_password=p2");
  EXPECT_EQ(ok("sessions detail"),
            kLine +
                "    name: iqn.1994-05.com.redhat:client1 (authenticated)\n"
                "    mapped-lun: 0 backstore: fileio/disk1 mode: rw\n"
                "    mapped-lun: 1 backstore: ramdisk/ram1 mode: rw\n"
                "    address: 127.0.0.1 (TCP)  cid: 0 connection-state: LOGGED_IN\n");
  EXPECT_EQ(ok("sessions list 1"), kLine);
  EXPECT_EQ(refused("sessions list 2"), "no session found with sid 2");
  EXPECT_EQ(refused("sessions sid=x"), "sid must be a number, 'x' given");
  EXPECT_EQ(refused("sessions all"), "action must be one of: list, detail");
}

}  // namespace
}  // namespace lunar::cli
