// SPDX-License-Identifier: GPL-2.0-or-later
// Logins that are meant to succeed, and what the caller may answer in between.
#include "login.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

std::uint32_t be32(__be32 value) { return lunar_be32(value); }

TEST(Login, ReachesFullFeaturePhaseInOneRequest) {
  Login login;
  ASSERT_EQ(
      login.send(kOperational, kFullFeature,
                 text_of({kInitiator, kTarget, "SessionType=Normal", "HeaderDigest=CRC32C,None",
                          "MaxRecvDataSegmentLength=65536", "InitialR2T=No"})),
      LUNAR_LOGIN_NEED_TARGET);
  EXPECT_STREQ(login.result().target_name, "iqn.2003-01.org.example:disk");
  EXPECT_STREQ(login.result().initiator_name, "iqn.1994-05.com.example:client");
  EXPECT_EQ(login.login->tsih, 0);
  EXPECT_EQ(login.login->cid, 5);
  login.offer.initial_r2t = 0;
  ASSERT_EQ(login.accept(), LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.status(), 0);
  EXPECT_TRUE(login.transit());
  EXPECT_EQ(login.csg(), kOperational);
  EXPECT_EQ(login.nsg(), kFullFeature);
  EXPECT_EQ(login.answer(),
            (std::map<std::string, std::string>{{"HeaderDigest", "CRC32C"},
                                                {"InitialR2T", "No"},
                                                {"TargetAlias", "LIO Target"},
                                                {"TargetPortalGroupTag", "1"},
                                                {"MaxRecvDataSegmentLength", "262144"}}));
  EXPECT_EQ(login.result().header_digest, 1u);
  EXPECT_EQ(login.result().initiator_mrdsl, 65536u);
  EXPECT_EQ(login.result().target_mrdsl, 262144u);
  EXPECT_EQ(login.result().initial_r2t, 0u);
}

TEST(Login, GoesThroughBothStages) {
  Login login;
  EXPECT_EQ(login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=None"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_TRUE(login.transit());
  EXPECT_EQ(login.csg(), kSecurity);
  EXPECT_EQ(login.nsg(), kOperational);
  EXPECT_EQ(login.value("AuthMethod"), "None");
  EXPECT_EQ(login.value("TargetPortalGroupTag"), "1");
  EXPECT_FALSE(login.has("MaxRecvDataSegmentLength")) << "an operational key";
  EXPECT_EQ(login.send(kOperational, kFullFeature, text_of({"MaxBurstLength=65536"})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.csg(), kOperational);
  EXPECT_EQ(login.value("MaxBurstLength"), "65536");
  EXPECT_FALSE(login.has("TargetPortalGroupTag")) << "declared once";
}

// libiscsi does this after its security stage.
TEST(Login, LetsAnInitiatorRepeatItsIdentity) {
  const std::string identity =
      text_of({kInitiator, "InitiatorAlias=me", "TargetName=iqn.2003-01.ORG.example:disk",
               "SessionType=Normal"});
  Login login;
  ASSERT_EQ(login.talk(kSecurity, kOperational, identity + text_of({"AuthMethod=CHAP,None"})),
            LUNAR_LOGIN_REPLY);
  ASSERT_EQ(login.send(kOperational, kFullFeature, identity + text_of({"HeaderDigest=None"})),
            LUNAR_LOGIN_DONE);
  EXPECT_STREQ(login.result().initiator_alias, "me");
}

TEST(Login, MayGoStraightFromSecurityToFullFeature) {
  Login login;
  EXPECT_EQ(login.talk(kSecurity, kFullFeature, text_of({kInitiator, kTarget})), LUNAR_LOGIN_DONE);
  EXPECT_TRUE(login.transit());
  EXPECT_EQ(login.nsg(), kFullFeature);
  EXPECT_EQ(login.result().target_mrdsl, 8192u) << "never declared";
}

TEST(Login, StaysInItsStageUntilAskedToLeave) {
  Login login;
  EXPECT_EQ(login.talk(kSecurity, kStay, text_of({kInitiator, kTarget, "AuthMethod=None"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(login.send(kSecurity, kOperational, ""), LUNAR_LOGIN_REPLY);
  EXPECT_TRUE(login.transit());
  EXPECT_EQ(login.send(kOperational, kStay, text_of({"MaxBurstLength=65536"})), LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(login.send(kOperational, kStay, text_of({"FirstBurstLength=512"})), LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.result().first_burst, 512u);
}

TEST(Login, OpensADiscoverySession) {
  Login login;
  ASSERT_EQ(login.send(kOperational, kFullFeature,
                       text_of({kInitiator, "SessionType=Discovery", "MaxBurstLength=512",
                                "DataDigest=None"})),
            LUNAR_LOGIN_NEED_TARGET);
  EXPECT_EQ(login.result().discovery, 1u);
  EXPECT_STREQ(login.result().target_name, "");
  ASSERT_EQ(login.accept(), LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.value("MaxBurstLength"), "Irrelevant");
  EXPECT_FALSE(login.has("TargetPortalGroupTag"));
  EXPECT_FALSE(login.has("TargetAlias"));
}

TEST(Login, NumbersItsResponses) {
  Login login;
  login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget}));
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.stat_sn), 1000u);
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.exp_cmd_sn), 100u);
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.max_cmd_sn), 100u);
  login.send(kOperational, kStay, "");
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.stat_sn), 1001u);
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DONE);
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.stat_sn), 1002u);
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.exp_cmd_sn), 100u);
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.max_cmd_sn), 163u) << "a window of cmdsn_depth";
  EXPECT_EQ(login.login->stat_sn, 1003u);
  EXPECT_EQ(login.login->cmd_sn, 100u);
}

TEST(Login, RepeatsWhatIdentifiesTheConnection) {
  Login login;
  login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget}));
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.itt), 0x11223344u);
  EXPECT_EQ(lunar_bhs_opcode(&login.reply.bhs), LUNAR_OP_LOGIN_RSP);
  EXPECT_EQ(login.reply.bhs.login_rsp.isid[2], 0x3d);
  EXPECT_EQ(lunar_be16(login.reply.bhs.login_rsp.tsih), 0);
  lunar_login_set_tsih(&login.reply, 0x0102);
  EXPECT_EQ(login.reply.bhs.bytes[14], 1);
  EXPECT_EQ(login.reply.bhs.bytes[15], 2);
}

TEST(Login, TakesARequestInParts) {
  Login login;
  const std::string text = text_of({kInitiator, kTarget, "MaxBurstLength=65536"});
  for (std::size_t cut = 0; cut <= text.size(); cut += 7) {
    Login each;
    ASSERT_EQ(each.send(kOperational, kStay, text.substr(0, cut), true), LUNAR_LOGIN_REPLY) << cut;
    EXPECT_EQ(each.reply.data_len, 0u);
    EXPECT_FALSE(each.transit());
    EXPECT_FALSE(each.more());
    ASSERT_EQ(each.send(kOperational, kFullFeature, text.substr(cut)), LUNAR_LOGIN_NEED_TARGET)
        << cut;
    ASSERT_EQ(each.accept(), LUNAR_LOGIN_DONE);
    EXPECT_EQ(each.result().max_burst, 65536u);
  }
}

TEST(Login, SendsALongAnswerInParts) {
  Login login;
  login.talk(kOperational, kStay, text_of({kInitiator, kTarget, "MaxRecvDataSegmentLength=512"}));
  std::vector<std::string> pairs;
  for (int i = 0; i < 20; i++)
    pairs.push_back("X-" + std::string(50, 'k') + std::to_string(i) + "=1");
  std::string whole;
  ASSERT_EQ(login.send(kOperational, kFullFeature, text_of(pairs)), LUNAR_LOGIN_REPLY);
  int parts = 1;
  for (;; parts++) {
    EXPECT_LE(login.reply.data_len, 512u);
    whole += login.data();
    if (!login.more()) break;
    EXPECT_FALSE(login.transit()) << "no T with C";
    login.send(kOperational, kFullFeature, "");
  }
  EXPECT_EQ(parts, 3);
  EXPECT_TRUE(login.transit());
  const auto answers = pairs_of(whole);
  EXPECT_EQ(answers.size(), 20u);
  for (const auto& [key, value] : answers) EXPECT_EQ(value, "NotUnderstood") << key;
  EXPECT_EQ(login.login->state, 3) << "done";
}

TEST(Login, IgnoresTransitInTheMiddleOfALongAnswer) {
  Login login;
  login.talk(kOperational, kStay, text_of({kInitiator, kTarget, "MaxRecvDataSegmentLength=512"}));
  std::vector<std::string> pairs;
  for (int i = 0; i < 20; i++)
    pairs.push_back("X-" + std::string(50, 'k') + std::to_string(i) + "=1");
  ASSERT_EQ(login.send(kOperational, kFullFeature, text_of(pairs)), LUNAR_LOGIN_REPLY);
  ASSERT_EQ(login.send(kOperational, kStay, ""), LUNAR_LOGIN_REPLY);
  ASSERT_EQ(login.send(kOperational, kStay, ""), LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.more());
  EXPECT_FALSE(login.transit()) << "the request at hand did not ask for it";
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DONE);
}

TEST(Login, DoesNotLeaveTheStageByTheLastPartOfAnAnswerToARequestThatStayed) {
  Login login;
  login.offer.header_digests = LUNAR_DIGEST_CRC32C;
  login.talk(kOperational, kStay, text_of({kInitiator, kTarget, "MaxRecvDataSegmentLength=512"}));
  std::vector<std::string> pairs;
  for (int i = 0; i < 20; i++)
    pairs.push_back("X-" + std::string(50, 'k') + std::to_string(i) + "=1");
  ASSERT_EQ(login.send(kOperational, kStay, text_of(pairs)), LUNAR_LOGIN_REPLY);
  while (login.more()) ASSERT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit()) << "the demanded digest was not agreed on";
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("HeaderDigest"), "CRC32C");
}

TEST(Login, AnswersAFirstBurstAboveTheMaxBurstWithWhatHolds) {
  Login login;
  ASSERT_EQ(
      login.talk(kOperational, kFullFeature,
                 text_of({kInitiator, kTarget, "MaxBurstLength=4096", "FirstBurstLength=8192"})),
      LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.value("FirstBurstLength"), "4096");
}

TEST(Login, RefusesTextWhileItsAnswerIsInParts) {
  Login login;
  login.talk(kOperational, kStay, text_of({kInitiator, kTarget, "MaxRecvDataSegmentLength=512"}));
  std::vector<std::string> pairs;
  for (int i = 0; i < 20; i++)
    pairs.push_back("X-" + std::string(50, 'k') + std::to_string(i) + "=1");
  ASSERT_EQ(login.send(kOperational, kStay, text_of(pairs)), LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.send(kOperational, kStay, text_of({"MaxBurstLength=512"})), LUNAR_LOGIN_FAIL);
}

TEST(Login, ProposesADemandedDigest) {
  Login login;
  login.offer.data_digests = LUNAR_DIGEST_CRC32C;
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(login.value("DataDigest"), "CRC32C");
  ASSERT_EQ(login.send(kOperational, kFullFeature, text_of({"DataDigest=CRC32C"})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.result().data_digest, 1u);
}

TEST(Login, FailsWhenADemandedDigestIsRefused) {
  for (const char* answer : {"DataDigest=Reject", "DataDigest=None", "X-other=1"}) {
    Login login;
    login.offer.data_digests = LUNAR_DIGEST_CRC32C;
    ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
              LUNAR_LOGIN_REPLY);
    EXPECT_EQ(login.send(kOperational, kFullFeature, text_of({answer})), LUNAR_LOGIN_FAIL)
        << answer;
    EXPECT_EQ(login.status(), LUNAR_LOGIN_INITIATOR_ERROR);
  }
  Login skips;
  skips.offer.data_digests = LUNAR_DIGEST_CRC32C;
  EXPECT_EQ(skips.talk(kSecurity, kFullFeature, text_of({kInitiator, kTarget})), LUNAR_LOGIN_FAIL);
}

TEST(Login, ProposesWhatWasLeftOutWithoutTheWorkaround) {
  Login login;
  login.offer.keys_workaround = false;
  login.offer.immediate_data = 0;
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("ImmediateData"), "No");
  EXPECT_FALSE(login.transit());
  ASSERT_EQ(login.send(kOperational, kFullFeature, text_of({"ImmediateData=No"})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.result().immediate_data, 0u);
}

TEST(Login, ProposesNothingWithTheWorkaround) {
  Login login;
  login.offer.immediate_data = 0;
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_DONE);
  EXPECT_FALSE(login.has("ImmediateData"));
  EXPECT_EQ(login.result().immediate_data, 1u) << "the default of the RFC";
}

TEST(Login, TellsTheCallerOfASessionHandle) {
  Login login;
  login.request.login_req.tsih = lunar_to_be16(7);
  ASSERT_EQ(login.send(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_NEED_TARGET);
  EXPECT_EQ(login.login->tsih, 7);
  EXPECT_EQ(login.refuse(LUNAR_LOGIN_NO_SESSION), LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), 0x020a);
}

TEST(LoginRefuse, SendsTheStatusTheCallerChose) {
  for (const int status : {0x0202, 0x0203, 0x0204, 0x0206, 0x0300, 0x0301, 0x0302}) {
    Login login;
    ASSERT_EQ(login.send(kSecurity, kOperational, text_of({kInitiator, kTarget})),
              LUNAR_LOGIN_NEED_TARGET);
    ASSERT_EQ(login.refuse(static_cast<lunar_login_status>(status)), LUNAR_LOGIN_FAIL);
    EXPECT_EQ(login.status(), status);
    EXPECT_EQ(login.reply.data_len, 0u);
    EXPECT_FALSE(login.transit());
    EXPECT_EQ(login.login->why, LUNAR_WHY_REFUSED);
    EXPECT_EQ(login.send(kSecurity, kOperational, ""), LUNAR_LOGIN_DROP) << "over";
  }
}

TEST(LoginRefuse, SendsTheInitiatorElsewhere) {
  Login login;
  ASSERT_EQ(login.send(kSecurity, kOperational, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_NEED_TARGET);
  EXPECT_EQ(lunar_login_redirect(login.login.get(), LUNAR_LOGIN_MOVED_TEMPORARILY,
                                 "192.0.2.1:3260,1", &login.reply),
            LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), 0x0101);
  EXPECT_EQ(login.value("TargetAddress"), "192.0.2.1:3260,1");
  EXPECT_EQ(lunar_bhs_dlength(&login.reply.bhs), login.reply.data_len);
}

TEST(LoginRefuse, TakesBackAFinishedLogin) {
  Login login;
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(lunar_login_fail_done(login.login.get(), LUNAR_LOGIN_OUT_OF_RESOURCES, &login.reply),
            LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), 0x0302);
  EXPECT_EQ(login.reply.data_len, 0u);
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(be32(login.reply.bhs.login_rsp.stat_sn), 1000u);
}

TEST(LoginOrder, DropsCallsOutOfTurn) {
  Login login;
  EXPECT_EQ(login.accept(), LUNAR_LOGIN_DROP);
  Login waiting;
  ASSERT_EQ(waiting.send(kSecurity, kOperational, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_NEED_TARGET);
  EXPECT_EQ(waiting.send(kSecurity, kOperational, ""), LUNAR_LOGIN_DROP);
  EXPECT_EQ(waiting.accept(), LUNAR_LOGIN_DROP);
  Login done;
  ASSERT_EQ(done.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(done.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DROP);
  Login small;
  small.reply.cap = 8191;
  EXPECT_EQ(small.send(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
            LUNAR_LOGIN_DROP);
}

TEST(LoginTexts, EveryReasonHasOne) {
  for (int i = LUNAR_WHY_NONE; i <= LUNAR_WHY_NO_ROOM; i++) {
    EXPECT_STRNE(lunar_login_why_text(static_cast<lunar_login_why>(i)), "unknown reason") << i;
  }
}

}  // namespace
}  // namespace lunar_test
