// SPDX-License-Identifier: GPL-2.0-or-later
#include "value.h"

#include <gtest/gtest.h>

#include "text.h"

namespace lunar::cli {
namespace {

TEST(Value, AcceptsOnlyTrueAndFalseAsBooleans) {
  EXPECT_EQ(check_value(UiType::kBool, "TRUE").value, "true");
  EXPECT_EQ(check_value(UiType::kBool, "False").value, "false");
  EXPECT_EQ(check_value(UiType::kBool, "yes").error, "Syntax error, 'yes' is not true|false.");
  EXPECT_EQ(check_value(UiType::kBool, "").error, "Syntax error, '' is not true|false.");
}

TEST(Value, AcceptsOnlyIntegersAsNumbers) {
  EXPECT_EQ(check_value(UiType::kNumber, "-3").value, "-3");
  EXPECT_EQ(check_value(UiType::kNumber, "+007").value, "7");
  EXPECT_EQ(check_value(UiType::kNumber, "abc").error, "Syntax error, 'abc' is not a NUMBER.");
  EXPECT_EQ(check_value(UiType::kNumber, "0x10").error, "Syntax error, '0x10' is not a NUMBER.");
  EXPECT_EQ(check_value(UiType::kNumber, "1.5").error, "Syntax error, '1.5' is not a NUMBER.");
  EXPECT_NE(check_value(UiType::kNumber, "+-1").error, "");
  EXPECT_NE(check_value(UiType::kNumber, "").error, "");
  EXPECT_EQ(check_value(UiType::kNumber, "-0").value, "0");
  EXPECT_EQ(check_value(UiType::kNumber, "99999999999999999999").value, "99999999999999999999");
}

TEST(Value, KeepsTheCaseOfYesAndNo) {
  EXPECT_EQ(check_value(UiType::kYesNo, "Yes").error, "");
  EXPECT_EQ(check_value(UiType::kYesNo, "yes").error, "Syntax error, 'yes' is not Yes|No.");
}

TEST(Value, ListsLevelsAndColorsWithoutAFullStop) {
  EXPECT_EQ(check_value(UiType::kLogLevel, "foo").error,
            "Syntax error, 'foo' is not critical|error|warning|info|verbose|debug");
  EXPECT_EQ(check_value(UiType::kColor, "foo").error,
            "Syntax error, 'foo' is not "
            "black|red|green|yellow|blue|magenta|cyan|white|default");
  EXPECT_EQ(check_value(UiType::kColorDefault, "none").value, "none");
}

TEST(Text, SortsTrailingNumbersAsNumbers) {
  EXPECT_TRUE(natural_less("lun2", "lun10"));
  EXPECT_FALSE(natural_less("lun10", "lun2"));
  EXPECT_TRUE(natural_less("a", "b"));
  EXPECT_TRUE(natural_less("disk", "disk1"));
  EXPECT_FALSE(natural_less("lun1", "lun1"));
  EXPECT_TRUE(natural_less("x9", "x18446744073709551616"));
}

}  // namespace
}  // namespace lunar::cli
