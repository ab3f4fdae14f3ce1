// SPDX-License-Identifier: GPL-2.0-or-later
// Generic commands, paths, the grammar's errors, prompts: what holds on every node.
#include "fixture.h"

namespace lunar::cli {
namespace {

using Generic = ShellTest;

TEST_F(Generic, GivesTheGrammarsErrors) {
  EXPECT_EQ(refused("nosuch"), "Command not found nosuch");
  EXPECT_EQ(refused("luns create x"), "Command not found luns");
  EXPECT_EQ(refused("/x"), "No such path /x");
  EXPECT_EQ(refused("/x ls"), "No such path /x");
  EXPECT_EQ(refused("/iscsi/a/b ls"), "No such path /iscsi/a");
  EXPECT_EQ(refused("@x"), "No such bookmark x");
  EXPECT_EQ(refused("/backstores/ramdisk create r"), "Missing required parameter size");
  EXPECT_EQ(refused("/backstores/ramdisk create"), "Missing required parameters 'name', 'size'");
  EXPECT_EQ(refused("/backstores/ramdisk create r 1M foo=1"),
            "Unexpected keyword parameter 'foo'.");
  EXPECT_EQ(refused("/backstores/ramdisk create r 1M b=1 a=1"),
            "Unexpected keyword parameters 'a', 'b'.");
  EXPECT_EQ(refused("/backstores/ramdisk create r 1M name=x"), "Duplicate parameter name.");
  EXPECT_EQ(refused("/backstores/ramdisk create name=r name=s size=1M"),
            "Duplicate parameter name.");
  EXPECT_EQ(refused("/backstores/ramdisk create a b c d e"),
            "Got 5 positionnal parameters, expected at most 4.");
  EXPECT_EQ(refused("pwd x"), "Got 1 positionnal parameters, expected exactly 0.");
  EXPECT_EQ(refused("/backstores/ramdisk create r 1M nullio=yes"),
            "Syntax error, 'yes' is not true|false.");
  EXPECT_EQ(refused("set auth password=foo bar"),
            "Got 2 positionnal parameters, expected at most 1.");
}

TEST_F(Generic, RefusesALineItCannotReadToItsEnd) {
  make_target();
  EXPECT_NE(refused(tpg_ + " set auth password=\"foo bar\"").find("column"), std::string::npos);
}

TEST_F(Generic, TakesCommentsAndBlankLinesInSilence) {
  for (const char* line : {"", "   ", "# create target", "  # don't {"}) EXPECT_EQ(ok(line), "");
}

TEST_F(Generic, WalksPaths) {
  make_target();
  EXPECT_EQ(ok("/iscsi/"), "");
  EXPECT_EQ(ok("pwd"), "/iscsi\n");
  EXPECT_EQ(ok(".. pwd"), "/\n");
  EXPECT_EQ(ok(std::string("cd ") + kIqn + "/tpg1"), "");
  EXPECT_EQ(ok("luns/ pwd"), tpg_ + "/luns\n");
  EXPECT_EQ(ok("cd ../../../backstores//fileio/./disk1/"), "");
  EXPECT_EQ(ok("pwd"), "/backstores/fileio/disk1\n");
  EXPECT_EQ(ok("/.. pwd"), "/\n");
}

TEST_F(Generic, RunsACommandWrittenAsAPath) {
  EXPECT_EQ(ok("/pwd"), "/\n");
  EXPECT_EQ(ok("/iscsi/pwd"), "/iscsi\n");
  EXPECT_EQ(refused("/iscsi/nosuch"), "No such path /iscsi/nosuch");
}

TEST_F(Generic, GoesToWhatIsLeftWhenItsNodeVanished) {
  make_target();
  ok("cd " + tpg_ + "/luns/lun0");
  ok("/iscsi delete " + std::string(kIqn));
  EXPECT_EQ(ok("pwd"), "/iscsi\n");
}

TEST_F(Generic, RunsACommandOnAllChildren) {
  EXPECT_EQ(ok("/backstores/* status"),
            "[/backstores/block]\nStatus for /backstores/block: Storage Objects: 0\n"
            "[/backstores/fileio]\nStatus for /backstores/fileio: Storage Objects: 0\n"
            "[/backstores/pscsi]\nStatus for /backstores/pscsi: Storage Objects: 0\n"
            "[/backstores/ramdisk]\nStatus for /backstores/ramdisk: Storage Objects: 0\n");
  ok("cd /iscsi");
  EXPECT_EQ(ok("* pwd"), "");
}

TEST_F(Generic, KeepsAPathHistory) {
  ok("cd /iscsi");
  ok("cd /backstores");
  EXPECT_EQ(ok("cd <"), "Taking you back to /iscsi.\n");
  EXPECT_EQ(ok("cd <"), "Taking you back to /.\n");
  EXPECT_EQ(ok("cd <"), "Reached begining of path history.\n");
  EXPECT_EQ(ok("cd >"), "Taking you back to /iscsi.\n");
  EXPECT_EQ(ok("cd >"), "Taking you back to /backstores.\n");
  EXPECT_EQ(ok("cd >"), "Reached the end of path history.\n");
  ok("cd /");
  EXPECT_EQ(ok("pwd"), "/\n");
}

TEST_F(Generic, ResumesAtTheLastPathOfAPersonsSessionOnly) {
  ok("cd /iscsi");
  restart();
  shell_->resume();
  EXPECT_EQ(ok("pwd"), "/\n");
  setup_.person = true;
  restart();
  ok("cd /iscsi");
  restart();
  shell_->resume();
  EXPECT_EQ(ok("pwd"), "/iscsi\n");
}

TEST_F(Generic, KeepsBookmarks) {
  EXPECT_EQ(ok("bookmarks show"), "\nBOOKMARKS\n=========\n\nNo bookmarks yet.");
  EXPECT_EQ(ok("/iscsi bookmarks add i"), "Bookmarked /iscsi as i.\n");
  EXPECT_EQ(refused("bookmarks add i"), "Bookmark i already exists.");
  EXPECT_EQ(ok("@i pwd"), "/iscsi\n");
  EXPECT_EQ(ok("bookmarks show"), "\nBOOKMARKS\n=========\n\ni\n-\n/iscsi\n");
  ok("/backstores bookmarks add b");
  EXPECT_EQ(ok("bookmarks show"), "\nBOOKMARKS\n=========\n\ni\n-\n/iscsi\n\nb\n-\n/backstores\n");
  restart();
  EXPECT_NE(ok("bookmarks show").find("i\n-\n/iscsi\n\nb\n"), std::string::npos);
  ok("bookmarks go i");
  EXPECT_EQ(ok("pwd"), "/iscsi\n");
  EXPECT_EQ(ok("bookmarks del i"), "Deleted bookmark i.\n");
  EXPECT_EQ(refused("bookmarks del i"), "No such bookmark i.");
  EXPECT_EQ(refused("bookmarks go i"), "No such bookmark i.");
  EXPECT_EQ(refused("bookmarks foo"), "Syntax error, see 'help bookmarks'.");
  EXPECT_EQ(refused("bookmarks add"), "Syntax error, see 'help bookmarks'.");
}

TEST_F(Generic, MarksWhatWasCreatedLast) {
  ok("/backstores/ramdisk create r 1M");
  EXPECT_EQ(ok("@last pwd"), "/backstores/ramdisk/r\n");
  ok("/ set global auto_cd_after_create=true");
  EXPECT_EQ(ok("/backstores/ramdisk create s 1M"),
            "Created ramdisk s with size 1M.\nEntering new node /backstores/ramdisk/s\n");
  EXPECT_EQ(ok("pwd"), "/backstores/ramdisk/s\n");
}

TEST_F(Generic, ShortensThePrompt) {
  EXPECT_EQ(shell_->prompt(), "/> ");
  ok("/iscsi create iqn.2003-01.org.linux-iscsi.target:sn.0123456789ab");
  ok("cd /iscsi/iqn.2003-01.org.linux-iscsi.target:sn.0123456789ab/tpg1");
  EXPECT_EQ(shell_->prompt(), "/iscsi/iqn.20...456789ab/tpg1> ");
  ok("/ set global prompt_length=0");
  EXPECT_EQ(shell_->prompt(), "/iscsi/iqn.2003-01.org.linux-iscsi.target:sn.0123456789ab/tpg1> ");
}

TEST_F(Generic, ShowsHelp) {
  EXPECT_EQ(ok("/backstores/ramdisk help create").substr(0, 151),
            "\nSYNTAX\n======\ncreate name size [nullio] [wwn] \n\n"
            "\nDESCRIPTION\n===========\n"
            "Creates a storage object in memory. With nullio=true it has no memory:\nwrites");
  EXPECT_EQ(ok("/ help sessions").substr(0, 99),
            "\nSYNTAX\n======\nsessions [action] [sid] \n\n"
            "\nDEFAULT VALUES\n==============\naction=list \n\n"
            "\nDESCRIPTION\n");
  EXPECT_NE(ok("help").find("  - bookmarks action [bookmark] \n  - cd [path] \n"
                            "  - clearconfig [confirm] \n  - exit \n"
                            "  - get [group] [parameter...] \n"),
            std::string::npos);
  EXPECT_EQ(refused("help nosuch"), "Cannot find help topic nosuch.");
  EXPECT_EQ(refused("/iscsi help clearconfig"), "Cannot find help topic clearconfig.");
}

TEST_F(Generic, EveryCommandHasHelp) {
  for (const Command& command : command_table()) {
    std::string help = command.help;
    EXPECT_GT(help.size(), 10u) << command.name;
    EXPECT_NE(help.back(), '\n') << command.name;
  }
}

TEST_F(Generic, DisablesChangingCommandsForOthersThanRoot) {
  setup_.privileged = false;
  restart();
  EXPECT_EQ(refused("/iscsi create"), "This privileged command is disabled: you are not root.");
  EXPECT_EQ(refused("/iscsi set discovery_auth enable=1"),
            "This privileged command is disabled: you are not root.");
  ok("ls");
  ok("set global auto_save_on_exit=false");
}

TEST_F(Generic, ReadingChangesNothing) {
  make_target();
  fs_.clear_log();
  for (const char* line : {"ls", "/iscsi info", "sessions", "sessions detail", "status", "help",
                           "/backstores/fileio/disk1 get attribute", "refresh", "version"})
    ok(line);
  ok(tpg_ + " get parameter");
  EXPECT_EQ(fs_.changes(), 0u);
  EXPECT_TRUE(host_.modules_loaded.empty());
}

TEST_F(Generic, HidesMessagesBelowTheConsolesLevel) {
  ok("set global loglevel_console=error");
  EXPECT_EQ(ok("/backstores/ramdisk create r 1M"), "");
  EXPECT_EQ(ok("pwd"), "/\n");
  EXPECT_EQ(refused("nosuch"), "Command not found nosuch");
}

TEST_F(Generic, PrefixesMessagesWithoutColorMode) {
  ok("set global color_mode=false");
  EXPECT_EQ(ok("version"), "Info: targetcli version 9.9\n");
  EXPECT_EQ(refused("nosuch"), "Error: Command not found nosuch");
  setup_.one_shot = true;
  restart();
  EXPECT_EQ(refused("nosuch"), "Command not found nosuch");
}

TEST_F(Generic, ShowsLevelsOfTheTree) {
  EXPECT_EQ(ok("ls / -1").find('\n'), ok("ls / -1").size() - 1);
  std::string out = ok("ls / 1");
  EXPECT_EQ(std::count(out.begin(), out.end(), '\n'), 6);
  EXPECT_EQ(refused("ls / x"), "The tree depth must be a number.");
  EXPECT_EQ(refused("ls nosuch"), "No such path /nosuch");
  ok("set global tree_max_depth=1");
  EXPECT_EQ(ok("ls"), out);
}

TEST_F(Generic, ListsWithoutTheRootsLine) {
  ok("set global tree_show_root=false tree_status_mode=false");
  EXPECT_EQ(ok("ls /iscsi"), "");
  EXPECT_EQ(ok("ls /backstores"), "o- block\no- fileio\no- pscsi\no- ramdisk\n");
}

// An object whose files fail to read must not hide the rest of the tree.
TEST_F(Generic, ListsWhatCannotBeRead) {
  make_target();
  fs_.fail_path("disk1/info", EIO);
  std::string out = ok("ls");
  EXPECT_NE(out.find("nput/output error"), std::string::npos) << out;
  EXPECT_NE(out.find("o- lun1 "), std::string::npos);
}

}  // namespace
}  // namespace lunar::cli
