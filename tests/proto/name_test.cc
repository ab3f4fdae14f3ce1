// SPDX-License-Identifier: GPL-2.0-or-later
#include "name.h"

#include <gtest/gtest.h>

#include <string>

#include "support.h"

namespace lunar_test {
namespace {

lunar_name_result check(std::string_view name) { return lunar_name_check(str_of(name)); }

std::string normal(std::string_view name) {
  char out[224] = "unset";
  lunar_name_normalize(str_of(name), out, sizeof(out));
  return out;
}

TEST(Name, AcceptsTheThreeTypes) {
  EXPECT_EQ(check("iqn.2003-01.org.example"), LUNAR_NAME_OK);
  EXPECT_EQ(check("iqn.2003-01.org.example:a.b-c:1"), LUNAR_NAME_OK);
  EXPECT_EQ(check("eui.02004567a425678d"), LUNAR_NAME_OK);
  EXPECT_EQ(check("naa.52004567ba64678d"), LUNAR_NAME_OK);
  EXPECT_EQ(check("naa.62004567ba64678d0123456789abcdef"), LUNAR_NAME_OK);
}

TEST(Name, AcceptsUnderscoreAndUtf8) {
  EXPECT_EQ(check("iqn.1991-05.com.microsoft:my_host"), LUNAR_NAME_OK);
  EXPECT_EQ(check("iqn.2003-01.org.example:\xc3\xa4\xe2\x82\xac\xf0\x9f\x8c\x99"), LUNAR_NAME_OK);
}

TEST(Name, RefusesOtherTypes) {
  EXPECT_EQ(check(""), LUNAR_NAME_EMPTY);
  EXPECT_EQ(check("disk"), LUNAR_NAME_BAD_TYPE);
  EXPECT_EQ(check("iq"), LUNAR_NAME_BAD_TYPE);
  EXPECT_EQ(check("iqn"), LUNAR_NAME_BAD_TYPE);
  EXPECT_EQ(check("wwn.2003-01.org"), LUNAR_NAME_BAD_TYPE);
}

TEST(Name, RefusesABadDate) {
  for (const char* name : {"iqn.", "iqn.2", "iqn.2003", "iqn.2003-1.org", "iqn.203-01.org",
                           "iqn.2003-21.org", "iqn.2003_01.org", "iqn.abcd-01.org", "iqn.2003-01",
                           "iqn.2003-01org", "iqn.org.example:x"}) {
    EXPECT_EQ(check(name), LUNAR_NAME_BAD_DATE) << name;
  }
  EXPECT_EQ(check("iqn.2003-01."), LUNAR_NAME_NO_AUTHORITY);
}

TEST(Name, RefusesWrongHex) {
  for (const char* name :
       {"eui.", "eui.02004567a425678", "eui.02004567a425678dd", "eui.02004567a425678g", "naa.",
        "naa.5200", "naa.52004567ba64678x", "naa.62004567ba64678d0123456789abcde",
        "eui.62004567ba64678d0123456789abcdef"}) {
    EXPECT_EQ(check(name), LUNAR_NAME_BAD_HEX) << name;
  }
}

TEST(Name, RefusesProhibitedAscii) {
  for (int c = 0; c < 128; c++) {
    const bool allowed = std::isalnum(c) || c == '-' || c == '.' || c == ':' || c == '_';
    const std::string name = std::string("iqn.2003-01.org.example:") + static_cast<char>(c) + "x";
    EXPECT_EQ(check(name), allowed ? LUNAR_NAME_OK : LUNAR_NAME_BAD_CHAR) << c;
  }
}

TEST(Name, RefusesBadUtf8) {
  for (const char* tail :
       {"\x80", "\xc3", "\xc0\x80", "\xc1\xbf", "\xe0\x80\x80", "\xed\xa0\x80", "\xe2\x82",
        "\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "\xe2(\xa1", "\xc3x"}) {
    EXPECT_EQ(check(std::string("iqn.2003-01.org.example:") + tail), LUNAR_NAME_BAD_CHAR) << tail;
  }
}

TEST(Name, IsAtMost223Bytes) {
  std::string name = "iqn.2003-01.org.example:";
  name.resize(223, 'a');
  EXPECT_EQ(check(name), LUNAR_NAME_OK);
  EXPECT_EQ(normal(name), name);
  name.push_back('a');
  EXPECT_EQ(check(name), LUNAR_NAME_LONG);
  EXPECT_EQ(normal(name), "");
}

TEST(Name, IsLoweredInItsNormalForm) {
  EXPECT_EQ(normal("IQN.2003-01.Org.Example:DISK"), "iqn.2003-01.org.example:disk");
  EXPECT_EQ(normal("EUI.02004567A425678D"), "eui.02004567a425678d");
  EXPECT_EQ(normal("iqn.2003-01.org.example:\xc3\x84"), "iqn.2003-01.org.example:\xc3\x84");
}

TEST(Name, NormalFormIsEmptyAfterAnError) {
  EXPECT_EQ(normal("disk"), "");
  EXPECT_EQ(normal("iqn.2003-01.a b"), "");
}

TEST(Name, DoesNotFitASmallBuffer) {
  char out[8] = "unset";
  EXPECT_EQ(lunar_name_normalize(str_of("iqn.2003-01.org"), out, sizeof(out)), LUNAR_NAME_LONG);
  EXPECT_STREQ(out, "");
  EXPECT_EQ(lunar_name_normalize(str_of("iqn.2003-01.org"), nullptr, 0), LUNAR_NAME_LONG);
}

TEST(Name, FoldAcceptsWhatIsNoProperName) {
  char out[224];
  EXPECT_EQ(lunar_name_fold(str_of("My-Host"), out, sizeof(out)), LUNAR_NAME_OK);
  EXPECT_STREQ(out, "my-host");
  EXPECT_EQ(lunar_name_fold(str_of("my host"), out, sizeof(out)), LUNAR_NAME_BAD_CHAR);
  EXPECT_STREQ(out, "");
}

TEST(Name, EveryResultHasItsOwnText) {
  EXPECT_STRNE(lunar_name_result_text(LUNAR_NAME_LONG), lunar_name_result_text(LUNAR_NAME_BAD_HEX));
  for (int i = LUNAR_NAME_OK; i <= LUNAR_NAME_BAD_HEX; i++) {
    EXPECT_STRNE(lunar_name_result_text(static_cast<lunar_name_result>(i)), "unknown result") << i;
  }
}

TEST(Isid, IsShownAsHex) {
  const std::uint8_t isid[] = {0x00, 0x02, 0x3d, 0xab, 0x00, 0x07};
  char out[LUNAR_ISID_TEXT_LEN];
  lunar_isid_format(isid, out);
  EXPECT_STREQ(out, "0x00023dab0007");
}

TEST(InitiatorPortName, JoinsNameAndIsid) {
  const std::uint8_t isid[] = {0x00, 0x02, 0x3d, 0xab, 0x00, 0x07};
  char out[64];
  EXPECT_EQ(lunar_initiator_port_name("iqn.2003-01.org.example", isid, out, sizeof(out)),
            std::string("iqn.2003-01.org.example,i,0x00023dab0007").size() + 1);
  EXPECT_STREQ(out, "iqn.2003-01.org.example,i,0x00023dab0007");
  EXPECT_EQ(lunar_initiator_port_name("iqn.2003-01.org.example", isid, out, 40), 0u);
  EXPECT_EQ(lunar_initiator_port_name("iqn.2003-01.org.example", isid, out, 41), 41u);
}

}  // namespace
}  // namespace lunar_test
