// SPDX-License-Identifier: GPL-2.0-or-later
#include "complete.h"

#include <algorithm>

#include "fixture.h"

namespace lunar::cli {
namespace {

class CompleteTest : public ShellTest {
 protected:
  CompleteTest() { make_target(); }

  std::vector<std::string> at(const std::string& line) {
    return complete(*shell_, line).candidates;
  }
  bool offers(const std::string& line, const std::string& candidate) {
    auto all = at(line);
    return std::find(all.begin(), all.end(), candidate) != all.end();
  }
  using Names = std::vector<std::string>;
};

TEST_F(CompleteTest, OffersCommandsAndChildren) {
  EXPECT_EQ(at("sav"), (Names{"saveconfig "}));
  EXPECT_EQ(at("backs"), (Names{"backstores/"}));
  EXPECT_TRUE(offers("", "/"));
  EXPECT_TRUE(offers("", "*"));
  EXPECT_TRUE(offers("", "ls"));
  EXPECT_TRUE(offers("", "iscsi/"));
  EXPECT_TRUE(offers("", "@last"));
  EXPECT_TRUE(offers("/iscsi ", "create"));
  EXPECT_FALSE(offers("/iscsi ", "clearconfig"));
  EXPECT_FALSE(offers("/iscsi ", "iscsi/"));
}

TEST_F(CompleteTest, OffersPaths) {
  EXPECT_EQ(at("/b"), (Names{"/backstores/"}));
  EXPECT_EQ(at("/backstores/f"), (Names{"/backstores/fileio/"}));
  EXPECT_EQ(at("/backstores/b"), (Names{"/backstores/block/ "}));
  EXPECT_TRUE(offers("/backstores/", "/backstores/*"));
  EXPECT_EQ(at("/iscsi/iqn"), (Names{std::string("/iscsi/") + kIqn + "/"}));
  EXPECT_EQ(at("ls /backstores/fileio/"), (Names{"/backstores/fileio/disk1/"}));
  EXPECT_EQ(at("@la"), (Names{"@last "}));
  EXPECT_EQ(at("/nosuch/"), Names{});
}

TEST_F(CompleteTest, ReplacesFromWhereTheTokenBegins) {
  Completion found = complete(*shell_, "/backstores/ramdisk delete r");
  EXPECT_EQ(found.begin, 27u);
  EXPECT_EQ(found.candidates, (Names{"ram1 "}));
  found = complete(*shell_, "/backstores/ramdisk delete name=r");
  EXPECT_EQ(found.begin, 32u);
  EXPECT_EQ(found.candidates, (Names{"ram1 "}));
}

TEST_F(CompleteTest, OffersKeywordsNotGivenYet) {
  EXPECT_TRUE(offers("/backstores/ramdisk create ", "size="));
  EXPECT_FALSE(offers("/backstores/ramdisk create name=x ", "name="));
  EXPECT_FALSE(offers("/backstores/ramdisk create x ", "name="));
  EXPECT_EQ(at("/backstores/ramdisk create x nul"), (Names{"nullio="}));
  EXPECT_EQ(at("/backstores/ramdisk create x nullio="), (Names{"false", "true"}));
  EXPECT_EQ(at("/backstores/ramdisk create x nullio=t"), (Names{"true "}));
}

TEST_F(CompleteTest, OffersValues) {
  EXPECT_EQ(at("/iscsi delete "), (Names{kIqn, "wwn="}));
  EXPECT_TRUE(offers(tpg_ + "/luns delete ", "1"));
  EXPECT_TRUE(offers(tpg_ + "/luns create /ba", "/backstores/ramdisk/ram1"));
  EXPECT_TRUE(offers(tpg_ + "/portals delete ", "::0"));
  EXPECT_EQ(at(tpg_ + "/portals delete ::0 3"), (Names{"3260 "}));
  EXPECT_TRUE(offers(tpg_ + "/portals create ", "127.0.0.1"));
  EXPECT_EQ(at("bookmarks a"), (Names{"action=", "add"}));
  EXPECT_TRUE(offers("help ", "restoreconfig"));
  EXPECT_TRUE(offers("sessions ", "detail"));
  ok(tpg_ + "/acls create " + kInitiator);
  EXPECT_TRUE(offers(tpg_ + "/acls delete iqn.1994", std::string(kInitiator) + " "));
  EXPECT_TRUE(offers(tpg_ + "/acls/" + kInitiator + " create 7 lu", "lun0"));
  EXPECT_TRUE(offers(tpg_ + "/acls/" + kInitiator + " delete ", "0"));
}

TEST_F(CompleteTest, OffersGroupsParametersAndTheirValues) {
  EXPECT_EQ(at(tpg_ + " set par"), (Names{"parameter "}));
  EXPECT_EQ(at(tpg_ + " set attribute generate"), (Names{"generate_node_acls="}));
  EXPECT_EQ(at(tpg_ + " set attribute generate_node_acls="), (Names{"0", "1"}));
  EXPECT_EQ(at(tpg_ + " set parameter InitialR2T=Y"), (Names{"Yes "}));
  EXPECT_FALSE(offers(tpg_ + " set attribute generate_node_acls=1 ", "generate_node_acls="));
  EXPECT_EQ(at(tpg_ + " get attribute generate"), (Names{"generate_node_acls "}));
  EXPECT_EQ(at("set global color_mode="), (Names{"false", "true"}));
  EXPECT_FALSE(offers("/backstores/fileio/disk1 set attribute ", "hw_block_size="));
  EXPECT_TRUE(offers("/backstores/fileio/disk1 get attribute ", "hw_block_size"));
}

TEST_F(CompleteTest, OffersFilesWithDirectoriesLast) {
  write_text(dir_.path() + "/f/b.img", "");
  write_text(dir_.path() + "/f/a/c", "");
  std::string base = dir_.path() + "/f/";
  EXPECT_EQ(at("/backstores/fileio create x " + base), (Names{base + "a/", base + "b.img"}));
  EXPECT_EQ(at("/backstores/block create x " + base), (Names{base + "a/"}));
  EXPECT_EQ(at("restoreconfig " + base + "b"), (Names{base + "b.img "}));
}

TEST_F(CompleteTest, OffersNoFilesBeforeAPathHasBegun) {
  for (const std::string& candidate : at(tpg_ + "/luns create "))
    EXPECT_TRUE(candidate.front() != '/' || candidate.rfind("/backstores/", 0) == 0) << candidate;
  EXPECT_TRUE(offers(tpg_ + "/luns create ", "/backstores/ramdisk/ram1"));
  EXPECT_EQ(at("restoreconfig "),
            (Names{save_file(), "clear_existing=", "savefile=", "storage_object=", "target="}));
}

TEST_F(CompleteTest, SurvivesWhatCannotBeCompleted) {
  for (const char* line : {"nosuch ", "/nosuch/x y", "{", "set nosuch ", "set nosuch a=", "pwd ",
                           "@nosuch ", "ls / 1 ", "# x"})
    EXPECT_EQ(at(line), Names{}) << line;
}

TEST_F(CompleteTest, ChangesNothing) {
  fs_.clear_log();
  at(tpg_ + " set parameter ");
  at(tpg_ + "/luns create ");
  EXPECT_EQ(fs_.changes(), 0u);
}

}  // namespace
}  // namespace lunar::cli
