// SPDX-License-Identifier: GPL-2.0-or-later
#include "printer.h"

#include <gtest/gtest.h>

#include "output.h"
#include "prefs.h"

namespace lunar::cli {
namespace {

class PrinterTest : public testing::Test {
 protected:
  std::string one_line(const std::string& name, const Summary& summary, Screen screen = {}) {
    Output out(prefs_, screen);
    TreePrinter(out, prefs_).line(name, summary, 0, true);
    return out.take_out();
  }

  Prefs prefs_;
};

TEST_F(PrinterTest, FillsTheLineTo132ColumnsOffATerminal) {
  std::string line = one_line("/", {});
  EXPECT_EQ(line, "o- / " + std::string(121, '.') + " [...]\n");
  EXPECT_EQ(line.size(), 133u);
}

TEST_F(PrinterTest, UsesTheTerminalsWidthUpTo132) {
  prefs_.set("color_mode", "false");
  EXPECT_EQ(one_line("/", {}, {true, 80}).size(), 81u);
  EXPECT_EQ(one_line("/", {}, {true, 200}).size(), 133u);
  EXPECT_EQ(one_line("/", {}, {false, 80}).size(), 133u);
}

TEST_F(PrinterTest, DropsTheDotsOfALongLineAndCutsNothing) {
  std::string name(140, 'n');
  EXPECT_EQ(one_line(name, {"text", std::nullopt}), "o- " + name + "  [text]\n");
}

TEST_F(PrinterTest, ShowsHealthWhereThereIsNoText) {
  EXPECT_EQ(bracket_text({"", std::nullopt}), "...");
  EXPECT_EQ(bracket_text({"", true}), "OK");
  EXPECT_EQ(bracket_text({"", false}), "ERROR");
  EXPECT_EQ(bracket_text({"x", false}), "x");
}

TEST_F(PrinterTest, DrawsMargins) {
  Output out(prefs_, {});
  TreePrinter printer(out, prefs_);
  prefs_.set("tree_status_mode", "false");
  printer.line("a", {}, 0, true);
  printer.push(true);
  printer.line("b", {}, 1, false);
  printer.push(false);
  printer.line("c", {}, 2, false);
  printer.pop();
  printer.pop();
  printer.push(false);
  printer.line("d", {}, 1, false);
  printer.push(false);
  printer.line("e", {}, 2, false);
  EXPECT_EQ(out.take_out(), "o- a\n  o- b\n  | o- c\n  o- d\n    o- e\n");
}

TEST_F(PrinterTest, FollowsTheTreePreferences) {
  prefs_.set("tree_round_nodes", "false");
  prefs_.set("tree_status_mode", "false");
  EXPECT_EQ(one_line("/", {}), "+- /\n");
  prefs_.set("tree_show_root", "false");
  EXPECT_EQ(one_line("/", {}), "");
}

TEST_F(PrinterTest, ColorsOnlyATerminal) {
  EXPECT_EQ(one_line("/", {"", true}).find('\033'), std::string::npos);
  EXPECT_NE(one_line("/", {"", true}, {true, 80}).find("\033[32mOK"), std::string::npos);
}

TEST_F(PrinterTest, PrintsGroups) {
  EXPECT_EQ(group_block("auth", {{"userid=u", "Name."}, {"x=1 [ro]", "X."}}),
            "AUTH CONFIG GROUP\n=================\n"
            "userid=u\n--------\nName.\n\n"
            "x=1 [ro]\n--------\nX.\n\n");
}

}  // namespace
}  // namespace lunar::cli
