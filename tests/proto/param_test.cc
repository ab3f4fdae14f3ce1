// SPDX-License-Identifier: GPL-2.0-or-later
// The strings of tpgt_N/param/.
#include <gtest/gtest.h>

#include <cstring>
#include <map>
#include <string>
#include <vector>

#include "nego.h"
#include "support.h"

namespace lunar_test {
namespace {

class Param : public testing::Test {
 protected:
  Param() { lunar_nego_offer_default(&offer_); }

  lunar_param_result set(const char* name, std::string_view value) {
    return lunar_param_set(&offer_, name, str_of(value), &why_);
  }

  std::string show(const char* name) const {
    char out[LUNAR_ALIAS_LEN] = "unset";
    const std::uint32_t len = lunar_param_show(&offer_, name, out, sizeof(out));
    EXPECT_EQ(len, std::strlen(out)) << name;
    return out;
  }

  lunar_nego_offer offer_;
  const char* why_ = nullptr;
};

TEST_F(Param, ShowsTheDefaultsOfLio) {
  const std::map<std::string, std::string> expected = {{"AuthMethod", "CHAP"},
                                                       {"HeaderDigest", "CRC32C,None"},
                                                       {"DataDigest", "CRC32C,None"},
                                                       {"MaxConnections", "1"},
                                                       {"TargetAlias", "LIO Target"},
                                                       {"InitialR2T", "Yes"},
                                                       {"ImmediateData", "Yes"},
                                                       {"MaxRecvDataSegmentLength", "8192"},
                                                       {"MaxXmitDataSegmentLength", "262144"},
                                                       {"MaxBurstLength", "262144"},
                                                       {"FirstBurstLength", "65536"},
                                                       {"DefaultTime2Wait", "2"},
                                                       {"DefaultTime2Retain", "20"},
                                                       {"MaxOutstandingR2T", "1"},
                                                       {"DataPDUInOrder", "Yes"},
                                                       {"DataSequenceInOrder", "Yes"},
                                                       {"ErrorRecoveryLevel", "0"},
                                                       {"IFMarker", "No"},
                                                       {"OFMarker", "No"},
                                                       {"IFMarkInt", "Reject"},
                                                       {"OFMarkInt", "Reject"}};
  std::map<std::string, std::string> shown;
  for (std::uint32_t i = 0; lunar_param_name(i); i++)
    shown[lunar_param_name(i)] = show(lunar_param_name(i));
  EXPECT_EQ(shown, expected);
}

TEST_F(Param, TakesBackWhatItShows) {
  for (std::uint32_t i = 0; lunar_param_name(i); i++) {
    const std::string value = show(lunar_param_name(i));
    EXPECT_EQ(set(lunar_param_name(i), value), LUNAR_PARAM_OK) << lunar_param_name(i);
    EXPECT_EQ(show(lunar_param_name(i)), value) << lunar_param_name(i);
  }
}

TEST_F(Param, StoresNumbers) {
  EXPECT_EQ(set("MaxBurstLength", "1048576"), LUNAR_PARAM_OK);
  EXPECT_EQ(offer_.max_burst, 1048576u);
  EXPECT_EQ(set("MaxXmitDataSegmentLength", "0x10000"), LUNAR_PARAM_OK);
  EXPECT_EQ(offer_.target_mrdsl, 65536u);
  EXPECT_EQ(set("MaxOutstandingR2T", "16"), LUNAR_PARAM_OK);
  EXPECT_EQ(show("MaxOutstandingR2T"), "16");
}

TEST_F(Param, KeepsNumbersToTheirRange) {
  struct {
    const char* name;
    const char* low;
    const char* below;
    const char* high;
    const char* above;
  } const cases[] = {{"MaxRecvDataSegmentLength", "512", "511", "16777215", "16777216"},
                     {"MaxXmitDataSegmentLength", "512", "511", "16777215", "16777216"},
                     {"MaxBurstLength", "512", "511", "16777215", "16777216"},
                     {"FirstBurstLength", "512", "511", "16777215", "16777216"},
                     {"MaxOutstandingR2T", "1", "0", "65535", "65536"}};
  for (const auto& c : cases) {
    EXPECT_EQ(set(c.name, c.low), LUNAR_PARAM_OK) << c.name;
    EXPECT_EQ(set(c.name, c.high), LUNAR_PARAM_OK) << c.name;
    EXPECT_EQ(set(c.name, c.below), LUNAR_PARAM_RANGE) << c.name;
    EXPECT_EQ(set(c.name, c.above), LUNAR_PARAM_RANGE) << c.name;
    EXPECT_EQ(show(c.name), c.high) << c.name;
  }
  EXPECT_EQ(set("DefaultTime2Wait", "3600"), LUNAR_PARAM_OK);
  EXPECT_EQ(set("DefaultTime2Retain", "3601"), LUNAR_PARAM_RANGE);
}

TEST_F(Param, RefusesWhatIsNoValue) {
  for (const char* value : {"", "abc", "-1", "1 ", "99999999999"}) {
    EXPECT_EQ(set("MaxBurstLength", value), LUNAR_PARAM_BAD_VALUE) << value;
  }
  for (const char* value : {"", "yes", "1", "Yes,No"}) {
    EXPECT_EQ(set("ImmediateData", value), LUNAR_PARAM_BAD_VALUE) << value;
  }
  EXPECT_EQ(offer_.max_burst, 262144u);
  EXPECT_EQ(offer_.immediate_data, 1u);
}

TEST_F(Param, SaysWhatWouldBeAllowed) {
  EXPECT_EQ(set("MaxBurstLength", "1"), LUNAR_PARAM_RANGE);
  EXPECT_STREQ(why_, "a number from 512 to 16777215");
  EXPECT_EQ(set("MaxBurstLength", "512"), LUNAR_PARAM_OK);
  EXPECT_STREQ(why_, "");
  EXPECT_EQ(lunar_param_set(nullptr, "MaxBurstLength", str_of("1"), nullptr), LUNAR_PARAM_RANGE);
}

TEST_F(Param, RefusesWhatIsNotSupportedYet) {
  EXPECT_EQ(set("MaxConnections", "2"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("MaxConnections", "0"), LUNAR_PARAM_RANGE);
  EXPECT_EQ(set("ErrorRecoveryLevel", "1"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("ErrorRecoveryLevel", "3"), LUNAR_PARAM_RANGE);
  EXPECT_EQ(set("DataPDUInOrder", "No"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("DataSequenceInOrder", "No"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("IFMarker", "Yes"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("OFMarkInt", "2048"), LUNAR_PARAM_BAD_VALUE);
  EXPECT_EQ(set("AuthMethod", "KRB5"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(set("AuthMethod", "CHAP,SRP"), LUNAR_PARAM_UNSUPPORTED);
  EXPECT_EQ(show("AuthMethod"), "CHAP");
}

TEST_F(Param, KeepsTheOrderOfAList) {
  for (const char* value : {"CHAP", "None", "CHAP,None", "None,CHAP"}) {
    EXPECT_EQ(set("AuthMethod", value), LUNAR_PARAM_OK) << value;
    EXPECT_EQ(show("AuthMethod"), value);
  }
  for (const char* value : {"CRC32C", "None", "CRC32C,None", "None,CRC32C"}) {
    EXPECT_EQ(set("HeaderDigest", value), LUNAR_PARAM_OK) << value;
    EXPECT_EQ(show("HeaderDigest"), value);
  }
}

TEST_F(Param, RefusesOtherLists) {
  for (const char* value :
       {"", ",", "CRC32C,", "CRC32C,CRC32C", "None,None", "MD5", "crc32c", "CRC32C None"}) {
    EXPECT_EQ(set("DataDigest", value), LUNAR_PARAM_BAD_VALUE) << value;
  }
  EXPECT_EQ(set("DataDigest", "KRB5"), LUNAR_PARAM_BAD_VALUE);
}

TEST_F(Param, TakesAnyPrintableAlias) {
  EXPECT_EQ(set("TargetAlias", "My disk, \xc3\xa4"), LUNAR_PARAM_OK);
  EXPECT_EQ(show("TargetAlias"), "My disk, \xc3\xa4");
  EXPECT_EQ(set("TargetAlias", ""), LUNAR_PARAM_OK);
  EXPECT_EQ(show("TargetAlias"), "");
  EXPECT_EQ(set("TargetAlias", std::string(255, 'a')), LUNAR_PARAM_OK);
  EXPECT_EQ(set("TargetAlias", std::string(256, 'a')), LUNAR_PARAM_RANGE);
  EXPECT_EQ(set("TargetAlias", "a\nb"), LUNAR_PARAM_BAD_VALUE);
}

TEST_F(Param, KnowsNoOtherNames) {
  EXPECT_EQ(set("maxburstlength", "512"), LUNAR_PARAM_UNKNOWN);
  EXPECT_EQ(set("SessionType", "Normal"), LUNAR_PARAM_UNKNOWN);
  char out[8] = "";
  EXPECT_EQ(lunar_param_show(&offer_, "SessionType", out, sizeof(out)), 0u);
}

TEST_F(Param, ShowsNothingWithoutRoom) {
  for (std::uint32_t cap = 0; cap < 12; cap++) {
    std::vector<char> out(cap);
    EXPECT_EQ(lunar_param_show(&offer_, "HeaderDigest", out.data(), cap), cap >= 12 ? 11u : 0u);
    EXPECT_EQ(lunar_param_show(&offer_, "MaxBurstLength", out.data(), cap), cap >= 7 ? 6u : 0u)
        << cap;
  }
}

}  // namespace
}  // namespace lunar_test
