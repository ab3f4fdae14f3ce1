// SPDX-License-Identifier: GPL-2.0-or-later
// What is said to people beside what scripts get.
#include "advice.h"

#include "address.h"
#include "fixture.h"

namespace lunar::cli {
namespace {

TEST(NearestTest, CountsLettersPutInLeftOutChangedAndSwapped) {
  using Names = std::vector<std::string>;
  const Names kNames = {"create", "delete", "block", "emulate_tpu", "auth"};
  EXPECT_EQ(nearest("creatte", kNames), "create");
  EXPECT_EQ(nearest("blockk", kNames), "block");
  EXPECT_EQ(nearest("auht", kNames), "auth");
  EXPECT_EQ(nearest("emulate_tpuu", kNames), "emulate_tpu");
  EXPECT_EQ(nearest("Delete", kNames), "delete");
  EXPECT_EQ(nearest("ab", Names{"xy", "abc"}), "abc");
  EXPECT_EQ(nearest("saveconfig", kNames), "");
  EXPECT_EQ(nearest("x", kNames), "");
  EXPECT_EQ(nearest("", kNames), "");
  EXPECT_EQ(nearest("creatte", Names{}), "");
  EXPECT_EQ(nearest("lo", Names{"ls", "lol", "lo"}), "lo");
}

TEST(SecretTest, KnowsTheLinesThatSetOne) {
  EXPECT_TRUE(sets_secret("set auth userid=u password=moon"));
  EXPECT_TRUE(sets_secret("/iscsi set discovery_auth mutual_password = moon"));
  EXPECT_TRUE(sets_secret("set auth passwort=moon"));
  EXPECT_FALSE(sets_secret("set auth userid=u"));
  EXPECT_FALSE(sets_secret("get auth password"));
  EXPECT_FALSE(sets_secret("/backstores/fileio create name=passport file_or_dev=/x"));
  EXPECT_FALSE(sets_secret("ls"));
}

TEST(AddressTest, KnowsWhatThisHostHas) {
  EXPECT_TRUE(is_foreign_address("192.0.2.1"));
  EXPECT_TRUE(is_foreign_address("2001:db8::1"));
  EXPECT_TRUE(is_foreign_address("[2001:db8::1]"));
  for (const char* address : {"127.0.0.1", "127.3.2.1", "0.0.0.0", "::0", "[::]", "disk", ""})
    EXPECT_FALSE(is_foreign_address(address)) << address;
  for (const std::string& address : host_addresses())
    EXPECT_FALSE(is_foreign_address(address)) << address;
}

/** A shell for which somebody sits at the terminal. */
class AdviceTest : public ShellTest {
 protected:
  AdviceTest() {
    setup_.advice = true;
    restart();
  }

  /** What a successful line says on standard error. */
  std::string noted(const std::string& line) {
    Outcome outcome = run(line);
    EXPECT_EQ(outcome.status, 0) << line << "\n" << outcome.err;
    return outcome.err;
  }

  /** The same line with nobody there: must say nothing but what scripts know. */
  void quiet(const std::string& line) {
    setup_.advice = false;
    restart();
    EXPECT_EQ(run(line).err, "") << line;
    setup_.advice = true;
    restart();
  }
};

TEST_F(AdviceTest, SuggestsNames) {
  make_target();
  EXPECT_EQ(refused("/backstores/fileio creatte x"),
            "Command not found creatte (did you mean create?)");
  EXPECT_EQ(refused("/backstores/blockk ls"),
            "No such path /backstores/blockk (did you mean block?)");
  EXPECT_EQ(refused("/nothing_like_it"), "No such path /nothing_like_it");
  EXPECT_EQ(refused("/backstores/fileio/disk1 set attribute emulate_tpuu=1"),
            "Unknown parameter emulate_tpuu in group 'attribute'. (did you mean emulate_tpu?)");
  EXPECT_EQ(refused("/backstores/fileio/disk1 get attribute emulate_tpuu"),
            "No parameter 'emulate_tpuu' in group 'attribute'. (did you mean emulate_tpu?)");
  EXPECT_EQ(refused(tpg_ + " set auht userid=x"),
            "Unknown configuration group: auht (did you mean auth?)");
  EXPECT_EQ(refused("/iscsi set auth userid=x"),
            "Unknown configuration group: auth (groups here: global, discovery_auth)");
}

TEST_F(AdviceTest, SaysWhereACommandIs) {
  EXPECT_EQ(refused("/iscsi saveconfig"),
            "Command not found saveconfig (it is a command of the root: / saveconfig)");
  EXPECT_EQ(refused("/iscsi help sessions"),
            "Cannot find help topic sessions. (it is a command of the root: / help sessions)");
  EXPECT_EQ(refused("/iscsi help creat"), "Cannot find help topic creat. (did you mean create?)");
  EXPECT_EQ(refused("iscsi create"), "Command not found iscsi (a path needs a slash: iscsi/)");
}

TEST_F(AdviceTest, ShowsTheSyntaxAfterWrongParameters) {
  const std::string kSyntax = "syntax: create name size [nullio] [wwn])";
  const std::string kCreate = "/backstores/ramdisk create ";
  EXPECT_EQ(refused(kCreate + "r"), "Missing required parameter size (" + kSyntax);
  EXPECT_EQ(refused(kCreate + "name=r bytes=1M"),
            "Missing required parameter size (there is no parameter bytes; " + kSyntax);
  EXPECT_EQ(refused(kCreate + "r 1M nulio=true"),
            "Unexpected keyword parameter 'nulio'. (did you mean nullio?; " + kSyntax);
  EXPECT_EQ(refused(kCreate + "a b c d e"),
            "Got 5 positionnal parameters, expected at most 4. (" + kSyntax);
}

TEST_F(AdviceTest, NamesAPortalsAddressThatTheHostDoesNotHave) {
  make_target();
  EXPECT_EQ(noted(tpg_ + "/portals create 192.0.2.1 3270"),
            "(192.0.2.1 is no address of this host now; ::0 stands for all that it has)\n");
  EXPECT_EQ(noted(tpg_ + "/portals create 127.0.0.1 3271"), "");
  fs_.fail_path("np/192.0.2.1:3260", EINVAL);
  EXPECT_EQ(noted(tpg_ + "/portals create 192.0.2.1"),
            "(192.0.2.1 is no address of this host now; [::0]:3260 listens on all that it has)\n");
  quiet(tpg_ + "/portals create 192.0.2.1 3272");
}

TEST_F(AdviceTest, NamesWhatGoesWithAStorageObject) {
  make_target();
  ok(tpg_ + "/acls create " + kInitiator);
  EXPECT_EQ(noted("/backstores/fileio delete disk1"), "(" + tpg_ + "/luns/lun0 went with it)\n(" +
                                                          tpg_ + "/acls/" + kInitiator +
                                                          "/mapped_lun0 went with it)\n");
  quiet("/backstores/ramdisk delete ram1");
}

TEST_F(AdviceTest, SaysWhatClearExistingWouldDo) {
  make_target();
  ok("saveconfig");
  std::string err = run("restoreconfig").err;
  EXPECT_NE(err.find(" exist, not restoring\n(what exists is left as it is; with "
                     "clear_existing=true all of it is removed first, and sessions end)\n"),
            std::string::npos)
      << err;
  EXPECT_EQ(noted("restoreconfig clear_existing=true"), "");
}

TEST_F(AdviceTest, NamesAKeyThatARestoreDoesNotKnow) {
  write_text(save_file(), "{\"storage_object\": [], \"x\": 1}");
  EXPECT_EQ(noted("restoreconfig"),
            "('storage_object' in the file is nothing that a restore knows; did you mean "
            "storage_objects?)\n('x' in the file is nothing that a restore knows)\n");
  quiet("restoreconfig");
}

TEST_F(AdviceTest, WarnsOfDiscoveryThatNobodyCanDo) {
  ok("/iscsi create iqn.2020-01.a.b:c");
  const std::string kNote =
      "(nobody can discover targets until both userid and password are set)\n";
  EXPECT_EQ(noted("/iscsi set discovery_auth enable=1"), kNote);
  EXPECT_EQ(noted("/iscsi set discovery_auth userid=u"), kNote);
  EXPECT_EQ(noted("/iscsi set discovery_auth password=p"), "");
  EXPECT_EQ(noted("/iscsi set discovery_auth password="), kNote);
  quiet("/iscsi set discovery_auth userid=");
  EXPECT_EQ(noted("/iscsi set discovery_auth enable=0"), "");
}

TEST_F(AdviceTest, NamesAMonthThatThereIsNot) {
  const std::string kNote =
      "(iqn.2026-13 names no month from 01 to 12: initiators may refuse it)\n";
  EXPECT_EQ(noted("/iscsi create iqn.2026-13.org.example:bad"), kNote);
  EXPECT_EQ(noted("/iscsi create iqn.2026-12.org.example:good"), "");
  EXPECT_EQ(noted("/iscsi/iqn.2026-12.org.example:good/tpg1/acls create iqn.2026-13.org.a:b"),
            kNote);
  quiet("/iscsi create iqn.2026-00.org.example:bad");
}

TEST_F(AdviceTest, ShowsTheStatusOfAPortalWhereSomebodyLooks) {
  make_target();
  const std::string kPortal = tpg_ + "/portals/[::0]:3260";
  EXPECT_EQ(ok(kPortal + " status"), "Status for " + kPortal + ": \n");
  setup_.screen.tty = true;
  restart();
  ok("set global color_mode=false");
  EXPECT_EQ(ok(kPortal + " status"), "Info: Status for " + kPortal + ": OK\n");
}

}  // namespace
}  // namespace lunar::cli
