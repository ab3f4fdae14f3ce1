// SPDX-License-Identifier: GPL-2.0-or-later
// Negotiation over several keys: duplicates, declarations, proposals, room for answers.
#include "nego.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

class Nego : public testing::Test {
 protected:
  Nego() {
    lunar_nego_offer_default(&offer_);
    lunar_nego_init(&nego_);
    begin();
    reset_output(4096);
  }

  void begin() { lunar_nego_begin(&nego_, &offer_); }

  void reset_output(std::size_t cap) {
    buf_.assign(cap, '#');
    lunar_text_out_init(&out_, buf_.data(), static_cast<std::uint32_t>(cap));
  }

  lunar_nego_status receive(std::string_view key, std::string_view value,
                            lunar_nego_phase phase = LUNAR_PHASE_OPERATIONAL) {
    const lunar_text_pair pair = pair_of(key, value);
    return lunar_nego_receive(&nego_, phase, &pair, &out_);
  }

  std::map<std::string, std::string> output() const { return pairs_of({buf_.data(), out_.len}); }

  lunar_login_status identity(const std::string& text) {
    const std::vector<char> copy(text.begin(), text.end());
    return lunar_nego_identity(&nego_, copy.data(), static_cast<std::uint32_t>(copy.size()));
  }

  lunar_nego_offer offer_;
  lunar_nego nego_;
  std::vector<char> buf_;
  lunar_text_out out_;
};

TEST_F(Nego, StartsAtTheDefaultsOfTheRfc) {
  const lunar_nego_result& result = nego_.result;
  EXPECT_EQ(result.auth_method, 0u);
  EXPECT_EQ(result.header_digest, 0u);
  EXPECT_EQ(result.data_digest, 0u);
  EXPECT_EQ(result.max_connections, 1u);
  EXPECT_EQ(result.initial_r2t, 1u);
  EXPECT_EQ(result.immediate_data, 1u);
  EXPECT_EQ(result.initiator_mrdsl, 8192u);
  EXPECT_EQ(result.target_mrdsl, 8192u);
  EXPECT_EQ(result.max_burst, 262144u);
  EXPECT_EQ(result.first_burst, 65536u);
  EXPECT_EQ(result.time2wait, 2u);
  EXPECT_EQ(result.time2retain, 20u);
  EXPECT_EQ(result.max_r2t, 1u);
  EXPECT_EQ(result.pdu_in_order, 1u);
  EXPECT_EQ(result.sequence_in_order, 1u);
  EXPECT_EQ(result.erl, 0u);
  EXPECT_EQ(result.protocol_level, 1u);
  EXPECT_EQ(result.discovery, 0u);
}

TEST_F(Nego, RefusesADuplicateOfEveryKey) {
  for (int i = 0; i < LUNAR_KEY_COUNT; i++) {
    const char* key = lunar_nego_key_name(static_cast<lunar_key>(i));
    lunar_nego_init(&nego_);
    begin();
    receive(key, "1024", LUNAR_PHASE_OPERATIONAL);
    EXPECT_EQ(receive(key, "1024", LUNAR_PHASE_OPERATIONAL), LUNAR_NEGO_DUPLICATE) << key;
  }
}

TEST_F(Nego, AllowsAKeyAgainInANewTextRequest) {
  EXPECT_EQ(receive("MaxRecvDataSegmentLength", "4096"), LUNAR_NEGO_OK);
  EXPECT_EQ(receive("MaxRecvDataSegmentLength", "8192", LUNAR_PHASE_FFP), LUNAR_NEGO_DUPLICATE);
  lunar_nego_text_begin(&nego_);
  EXPECT_EQ(receive("MaxRecvDataSegmentLength", "65536", LUNAR_PHASE_FFP), LUNAR_NEGO_OK);
  EXPECT_EQ(nego_.result.initiator_mrdsl, 65536u);
}

TEST_F(Nego, ClampsFirstBurstWhicheverComesFirst) {
  EXPECT_EQ(receive("FirstBurstLength", "65536"), LUNAR_NEGO_OK);
  EXPECT_EQ(receive("MaxBurstLength", "8192"), LUNAR_NEGO_OK);
  EXPECT_EQ(nego_.result.first_burst, 8192u);
}

TEST_F(Nego, ClampsTheDefaultFirstBurst) {
  EXPECT_EQ(receive("MaxBurstLength", "512"), LUNAR_NEGO_OK);
  EXPECT_EQ(nego_.result.first_burst, 512u);
}

TEST_F(Nego, SaysWhenAnAnswerHasNoRoom) {
  reset_output(10);
  EXPECT_EQ(receive("MaxBurstLength", "512"), LUNAR_NEGO_OVERFLOW);
  reset_output(10);
  EXPECT_EQ(receive("X-some-key", "512"), LUNAR_NEGO_OVERFLOW);
  reset_output(10);
  EXPECT_EQ(lunar_nego_declare(&nego_, LUNAR_PHASE_OPERATIONAL, &out_), LUNAR_NEGO_OVERFLOW);
}

TEST_F(Nego, DeclaresOnce) {
  offer_.tpgt = 7;
  offer_.target_mrdsl = 1048576;
  begin();
  EXPECT_EQ(lunar_nego_declare(&nego_, LUNAR_PHASE_SECURITY, &out_), LUNAR_NEGO_OK);
  EXPECT_EQ(output(), (std::map<std::string, std::string>{{"TargetAlias", "LIO Target"},
                                                          {"TargetPortalGroupTag", "7"}}));
  EXPECT_EQ(nego_.result.target_mrdsl, 8192u);
  reset_output(4096);
  EXPECT_EQ(lunar_nego_declare(&nego_, LUNAR_PHASE_OPERATIONAL, &out_), LUNAR_NEGO_OK);
  EXPECT_EQ(output(),
            (std::map<std::string, std::string>{{"MaxRecvDataSegmentLength", "1048576"}}));
  EXPECT_EQ(nego_.result.target_mrdsl, 1048576u);
  reset_output(4096);
  EXPECT_EQ(lunar_nego_declare(&nego_, LUNAR_PHASE_OPERATIONAL, &out_), LUNAR_NEGO_OK);
  EXPECT_TRUE(output().empty());
}

TEST_F(Nego, DeclaresNoPortalGroupInDiscovery) {
  nego_.result.discovery = 1;
  EXPECT_EQ(lunar_nego_declare(&nego_, LUNAR_PHASE_OPERATIONAL, &out_), LUNAR_NEGO_OK);
  EXPECT_EQ(output().size(), 1u);
  EXPECT_EQ(output().count("MaxRecvDataSegmentLength"), 1u);
}

TEST_F(Nego, DeclaresNoEmptyAlias) {
  offer_.alias[0] = '\0';
  begin();
  lunar_nego_declare(&nego_, LUNAR_PHASE_SECURITY, &out_);
  EXPECT_EQ(output().count("TargetAlias"), 0u);
}

TEST_F(Nego, ReadsTheIdentity) {
  EXPECT_EQ(identity(text_of({"InitiatorName=IQN.1994-05.com.example:Me", "InitiatorAlias=My Host",
                              "TargetName=iqn.2003-01.org.example:Disk", "SessionType=Normal"})),
            LUNAR_LOGIN_SUCCESS);
  EXPECT_STREQ(nego_.result.initiator_name, "iqn.1994-05.com.example:me");
  EXPECT_STREQ(nego_.result.target_name, "iqn.2003-01.org.example:disk");
  EXPECT_STREQ(nego_.result.initiator_alias, "My Host");
  EXPECT_EQ(nego_.result.discovery, 0u);
}

TEST_F(Nego, IsANormalSessionWithoutSessionType) {
  EXPECT_EQ(identity(text_of({kInitiator, kTarget})), LUNAR_LOGIN_SUCCESS);
  EXPECT_EQ(nego_.result.discovery, 0u);
}

TEST_F(Nego, MissesNames) {
  EXPECT_EQ(identity(text_of({kTarget})), LUNAR_LOGIN_MISSING_PARAM);
  EXPECT_EQ(identity(text_of({kInitiator})), LUNAR_LOGIN_MISSING_PARAM);
  EXPECT_EQ(identity(""), LUNAR_LOGIN_MISSING_PARAM);
  EXPECT_EQ(identity(text_of({kInitiator, "SessionType=Discovery"})), LUNAR_LOGIN_SUCCESS);
  EXPECT_EQ(nego_.result.discovery, 1u);
  EXPECT_STREQ(nego_.result.target_name, "");
}

TEST_F(Nego, RefusesBadNamesAndTypes) {
  EXPECT_EQ(identity(text_of({"InitiatorName=", kTarget})), LUNAR_LOGIN_INITIATOR_ERROR);
  EXPECT_EQ(identity(text_of({"InitiatorName=iqn with blanks", kTarget})),
            LUNAR_LOGIN_INITIATOR_ERROR);
  EXPECT_EQ(identity(text_of({"InitiatorName=" + std::string(224, 'i'), std::string(kTarget)})),
            LUNAR_LOGIN_INITIATOR_ERROR);
  EXPECT_EQ(identity(text_of({kInitiator, "TargetName=a/b"})), LUNAR_LOGIN_INITIATOR_ERROR);
  EXPECT_EQ(identity(text_of({kInitiator, kTarget, "SessionType=normal"})),
            LUNAR_LOGIN_BAD_SESSION_TYPE);
}

TEST_F(Nego, ProposesNothingThatTheDefaultsAllow) {
  offer_.keys_workaround = false;
  begin();
  std::uint32_t count = 99;
  EXPECT_EQ(lunar_nego_propose(&nego_, &out_, &count), LUNAR_NEGO_OK);
  EXPECT_EQ(count, 0u);
  EXPECT_EQ(nego_.proposed, 0u);
}

TEST_F(Nego, ProposesWhatTheDefaultsWouldBreak) {
  offer_.keys_workaround = false;
  offer_.immediate_data = 0;
  offer_.max_burst = 65536;
  offer_.time2wait = 5;
  begin();
  EXPECT_EQ(receive("MaxBurstLength", "262144"), LUNAR_NEGO_OK);  // already settled
  reset_output(4096);
  std::uint32_t count = 0;
  EXPECT_EQ(lunar_nego_propose(&nego_, &out_, &count), LUNAR_NEGO_OK);
  EXPECT_EQ(output(), (std::map<std::string, std::string>{{"ImmediateData", "No"},
                                                          {"DefaultTime2Wait", "5"}}));
  EXPECT_EQ(count, 2u);
  reset_output(4096);
  EXPECT_EQ(receive("ImmediateData", "No"), LUNAR_NEGO_OK);
  EXPECT_EQ(receive("DefaultTime2Wait", "7"), LUNAR_NEGO_OK);
  EXPECT_EQ(out_.len, 0u) << "an answer is not answered";
  EXPECT_EQ(nego_.proposed, 0u);
  EXPECT_EQ(nego_.result.immediate_data, 0u);
  EXPECT_EQ(nego_.result.time2wait, 7u);
}

TEST_F(Nego, RefusesAnAnswerThatBreaksTheResultFunction) {
  offer_.keys_workaround = false;
  offer_.immediate_data = 0;
  offer_.max_burst = 65536;
  offer_.time2wait = 5;
  begin();
  std::uint32_t count = 0;
  lunar_nego_propose(&nego_, &out_, &count);
  EXPECT_EQ(receive("ImmediateData", "Yes"), LUNAR_NEGO_BAD_ANSWER);
  EXPECT_EQ(receive("MaxBurstLength", "65537"), LUNAR_NEGO_BAD_ANSWER);
  EXPECT_EQ(receive("DefaultTime2Wait", "4"), LUNAR_NEGO_BAD_ANSWER);
}

TEST_F(Nego, ProposesOnlyDemandedDigestsWithTheWorkaround) {
  offer_.immediate_data = 0;
  offer_.header_digests = LUNAR_DIGEST_CRC32C;
  begin();
  EXPECT_FALSE(lunar_nego_digests_ok(&nego_));
  std::uint32_t count = 0;
  EXPECT_EQ(lunar_nego_propose(&nego_, &out_, &count), LUNAR_NEGO_OK);
  EXPECT_EQ(output(), (std::map<std::string, std::string>{{"HeaderDigest", "CRC32C"}}));
  EXPECT_EQ(receive("HeaderDigest", "CRC32C"), LUNAR_NEGO_OK);
  EXPECT_TRUE(lunar_nego_digests_ok(&nego_));
  EXPECT_EQ(nego_.result.header_digest, 1u);
}

TEST_F(Nego, FailsADemandedDigestThatIsNotOffered) {
  offer_.data_digests = LUNAR_DIGEST_CRC32C;
  begin();
  EXPECT_EQ(receive("DataDigest", "None"), LUNAR_NEGO_BAD_VALUE);
}

TEST_F(Nego, EveryStatusHasAText) {
  for (int i = LUNAR_NEGO_OK; i <= LUNAR_NEGO_OVERFLOW; i++) {
    EXPECT_STRNE(lunar_nego_status_text(static_cast<lunar_nego_status>(i)), "unknown status");
  }
  EXPECT_STREQ(lunar_nego_key_name(LUNAR_KEY_UNKNOWN), "unknown key");
}

}  // namespace
}  // namespace lunar_test
