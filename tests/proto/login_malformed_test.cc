// SPDX-License-Identifier: GPL-2.0-or-later
// Login requests that break the rules: every one is answered with a status and ends, or is dropped.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "login.h"
#include "support.h"

namespace lunar_test {
namespace {

std::string first_text() { return text_of({kInitiator, kTarget}); }

void expect_failure(Login& login, lunar_login_step step, lunar_login_why why,
                    int status = LUNAR_LOGIN_INITIATOR_ERROR) {
  EXPECT_EQ(step, LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), status);
  EXPECT_EQ(login.login->why, why) << lunar_login_why_text(login.login->why);
  EXPECT_EQ(login.reply.data_len, 0u);
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(login.send(kOperational, kFullFeature, first_text()), LUNAR_LOGIN_DROP)
      << "no life after a failure";
}

void expect_text_failure(const std::string& text, lunar_text_result error) {
  Login login;
  const lunar_login_step step = login.talk(kOperational, kFullFeature, text);
  EXPECT_EQ(login.login->text_error, error) << text.substr(0, 80);
  expect_failure(login, step, LUNAR_WHY_TEXT);
}

TEST(LoginMalformed, DropsWhatIsNoLogin) {
  for (int opcode = 0; opcode < 64; opcode++) {
    if (opcode == LUNAR_OP_LOGIN_REQ) continue;
    Login login;
    EXPECT_EQ(login.send_raw(header(static_cast<lunar_opcode>(opcode)), ""), LUNAR_LOGIN_DROP)
        << opcode;
    EXPECT_EQ(login.login->why, LUNAR_WHY_NOT_LOGIN);
  }
}

TEST(LoginMalformed, RefusesOtherRequestsInMidLogin) {
  Login login;
  ASSERT_EQ(login.talk(kSecurity, kOperational, first_text()), LUNAR_LOGIN_REPLY);
  const lunar_login_step step = login.send_raw(header(LUNAR_OP_SCSI_CMD), "");
  expect_failure(login, step, LUNAR_WHY_NOT_LOGIN, LUNAR_LOGIN_BAD_REQUEST);
}

TEST(LoginMalformed, RefusesAnAhs) {
  Login login;
  login.request.any.ahs_words = 1;
  expect_failure(login, login.send(kOperational, kFullFeature, first_text()), LUNAR_WHY_BAD_HEADER);
}

TEST(LoginMalformed, RefusesStagesThatContradict) {
  struct {
    int csg;
    int nsg;
    bool more;
  } const cases[] = {{0, 0, false},     {1, 1, false}, {1, 0, false}, {0, 2, false},
                     {1, 2, false},     {2, 3, false}, {3, 3, false}, {3, kStay, false},
                     {2, kStay, false}, {0, 1, true},  {1, 3, true}};
  for (const auto& c : cases) {
    Login login;
    expect_failure(login, login.send(c.csg, c.nsg, first_text(), c.more), LUNAR_WHY_BAD_HEADER);
  }
}

TEST(LoginMalformed, RefusesAStageThatIsNotTheCurrentOne) {
  Login ahead;
  ASSERT_EQ(ahead.talk(kSecurity, kStay, first_text()), LUNAR_LOGIN_REPLY);
  expect_failure(ahead, ahead.send(kOperational, kFullFeature, ""), LUNAR_WHY_CHANGED);
  Login back;
  ASSERT_EQ(back.talk(kSecurity, kOperational, first_text()), LUNAR_LOGIN_REPLY);
  expect_failure(back, back.send(kSecurity, kOperational, ""), LUNAR_WHY_CHANGED);
}

TEST(LoginMalformed, RefusesAnIdentityThatChanges) {
  using Change = void (*)(lunar_bhs&);
  const Change changes[] = {[](lunar_bhs& bhs) { bhs.login_req.isid[5] ^= 1; },
                            [](lunar_bhs& bhs) { bhs.login_req.tsih = lunar_to_be16(1); },
                            [](lunar_bhs& bhs) { bhs.login_req.cid = lunar_to_be16(6); },
                            [](lunar_bhs& bhs) { bhs.login_req.itt = lunar_to_be32(1); },
                            [](lunar_bhs& bhs) { bhs.login_req.version_max = 1; }};
  for (const Change change : changes) {
    Login login;
    ASSERT_EQ(login.talk(kSecurity, kOperational, first_text()), LUNAR_LOGIN_REPLY);
    change(login.request);
    expect_failure(login, login.send(kOperational, kFullFeature, ""), LUNAR_WHY_CHANGED);
  }
}

TEST(LoginMalformed, KnowsVersionZeroOnly) {
  Login newer;
  newer.request.login_req.version_max = 5;
  EXPECT_EQ(newer.talk(kOperational, kFullFeature, first_text()), LUNAR_LOGIN_DONE);
  EXPECT_EQ(newer.reply.bhs.login_rsp.version_active, 0);
  Login too_new;
  too_new.request.login_req.version_max = 5;
  too_new.request.login_req.version_min = 1;
  expect_failure(too_new, too_new.send(kOperational, kFullFeature, first_text()), LUNAR_WHY_VERSION,
                 LUNAR_LOGIN_BAD_VERSION);
}

TEST(LoginMalformed, MissesNames) {
  Login initiator;
  expect_failure(initiator, initiator.send(kOperational, kFullFeature, text_of({kTarget})),
                 LUNAR_WHY_MISSING_NAME, LUNAR_LOGIN_MISSING_PARAM);
  Login target;
  expect_failure(target, target.send(kSecurity, kOperational, text_of({kInitiator})),
                 LUNAR_WHY_MISSING_NAME, LUNAR_LOGIN_MISSING_PARAM);
  Login nothing;
  expect_failure(nothing, nothing.send(kSecurity, kOperational, ""), LUNAR_WHY_MISSING_NAME,
                 LUNAR_LOGIN_MISSING_PARAM);
}

TEST(LoginMalformed, RefusesBadNamesAndTypes) {
  Login name;
  expect_failure(name, name.send(kSecurity, kOperational, text_of({"InitiatorName=a b", kTarget})),
                 LUNAR_WHY_BAD_NAME);
  Login type;
  expect_failure(
      type, type.send(kSecurity, kOperational, text_of({kInitiator, kTarget, "SessionType=Other"})),
      LUNAR_WHY_SESSION_TYPE, LUNAR_LOGIN_BAD_SESSION_TYPE);
}

TEST(LoginMalformed, RefusesAnotherIdentityInALaterRequest) {
  for (const char* late :
       {"InitiatorName=iqn.2003-01.org.example:other", "InitiatorName=", "InitiatorName=a b",
        "TargetName=iqn.2003-01.org.example:other", "SessionType=Discovery", "SessionType="}) {
    Login login;
    ASSERT_EQ(login.talk(kSecurity, kOperational, first_text()), LUNAR_LOGIN_REPLY);
    expect_failure(login, login.send(kOperational, kFullFeature, text_of({late})),
                   LUNAR_WHY_NEGOTIATION);
    EXPECT_EQ(login.login->nego_error, LUNAR_NEGO_BAD_VALUE) << late;
  }
  Login discovery;
  ASSERT_EQ(discovery.talk(kSecurity, kOperational, text_of({kInitiator, "SessionType=Discovery"})),
            LUNAR_LOGIN_REPLY);
  expect_failure(discovery, discovery.send(kOperational, kFullFeature, text_of({kTarget})),
                 LUNAR_WHY_NEGOTIATION);
}

TEST(LoginMalformed, RefusesMalformedText) {
  const std::string names = first_text();
  expect_text_failure(names + "MaxBurstLength", LUNAR_TEXT_NO_EQUALS);
  expect_text_failure(names + text_of({"MaxBurstLength"}), LUNAR_TEXT_NO_EQUALS);
  expect_text_failure(names + text_of({"=1"}), LUNAR_TEXT_EMPTY_KEY);
  expect_text_failure(names + std::string(1, '\0'), LUNAR_TEXT_EMPTY_KEY);
  expect_text_failure(names + "MaxBurstLength=512", LUNAR_TEXT_NO_NUL);
  expect_text_failure(names + text_of({std::string(64, 'k') + "=1"}), LUNAR_TEXT_LONG_KEY);
  expect_text_failure(names + text_of({std::string(8000, 'k') + "=1"}), LUNAR_TEXT_LONG_KEY);
  expect_text_failure(names + text_of({"k=" + std::string(256, 'v')}), LUNAR_TEXT_LONG_VALUE);
  expect_text_failure(names + text_of({"k y=1"}), LUNAR_TEXT_BAD_CHAR);
  expect_text_failure(names + text_of({"key=\n"}), LUNAR_TEXT_BAD_CHAR);
}

TEST(LoginMalformed, Refuses2048MinimalKeys) {
  // NotUnderstood to each of them would be 32 KiB of answer.
  expect_text_failure(text_of(std::vector<std::string>(2048, "a=b")), LUNAR_TEXT_TOO_MANY);
}

TEST(LoginMalformed, AnswersAsManyUnknownKeysAsItAccepts) {
  Login login;
  std::vector<std::string> pairs = {std::string(kInitiator), std::string(kTarget)};
  for (int i = 0; i < 62; i++) {
    std::string key = "X-" + std::to_string(i);
    key.resize(63, 'k');
    pairs.push_back(key + "=1");
  }
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of(pairs)), LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.answer().size(), 62u + 3u);
}

TEST(LoginMalformed, BoundsTheTextOfOneRequest) {
  for (const std::size_t size : {8191u, 8192u, 8193u}) {
    std::string text = first_text();
    for (int i = 0; text.size() + 240 < size; i++) {
      text += text_of({"X-" + std::to_string(i) + "=" + std::string(200, 'v')});
    }
    const std::string last = "X-last=" + std::string(size - text.size() - 8, 'v');
    text += text_of({last});
    ASSERT_EQ(text.size(), size);
    Login whole;
    Login parts;
    EXPECT_EQ(parts.send(kOperational, kStay, text.substr(0, 5000), true), LUNAR_LOGIN_REPLY);
    if (size <= 8192) {
      EXPECT_EQ(whole.talk(kOperational, kFullFeature, text), LUNAR_LOGIN_DONE) << size;
      EXPECT_EQ(parts.talk(kOperational, kFullFeature, text.substr(5000)), LUNAR_LOGIN_DONE)
          << size;
    } else {
      expect_failure(whole, whole.send(kOperational, kFullFeature, text), LUNAR_WHY_BAD_HEADER);
      expect_failure(parts, parts.send(kOperational, kFullFeature, text.substr(5000)),
                     LUNAR_WHY_TOO_LONG);
    }
  }
}

TEST(LoginMalformed, RefusesAFullBufferWithoutTerminator) {
  expect_text_failure(first_text() + "a=" + std::string(100, 'x'), LUNAR_TEXT_NO_NUL);
  std::string text(8192, 'x');
  text[1] = '=';
  expect_text_failure(text, LUNAR_TEXT_LONG_VALUE);
}

TEST(LoginMalformed, RefusesADataSegmentTheCallerDidNotRead) {
  Login login;
  lunar_bhs bhs = login.request;
  bhs.any.flags = LUNAR_LOGIN_TRANSIT | 1 << LUNAR_LOGIN_CSG_SHIFT | LUNAR_STAGE_FULL_FEATURE;
  lunar_bhs_set_dlength(&bhs, LUNAR_DSL_MAX);
  const lunar_login_step step =
      lunar_login_receive(login.login.get(), &bhs, nullptr, LUNAR_DSL_MAX, &login.reply);
  expect_failure(login, step, LUNAR_WHY_BAD_HEADER);
}

TEST(LoginMalformed, RefusesALengthThatDiffersFromTheHeader) {
  Login login;
  lunar_bhs bhs = login.request;
  bhs.any.flags = 1 << LUNAR_LOGIN_CSG_SHIFT;
  lunar_bhs_set_dlength(&bhs, 5);
  expect_failure(login, login.send_raw(bhs, first_text()), LUNAR_WHY_BAD_HEADER);
}

TEST(LoginMalformed, BoundsTheNumberOfRequests) {
  Login login;
  ASSERT_EQ(login.talk(kOperational, kStay, first_text()), LUNAR_LOGIN_REPLY);
  for (unsigned i = 1; i < LUNAR_LOGIN_PDUS_MAX; i++)
    ASSERT_EQ(login.send(kOperational, kStay, ""), LUNAR_LOGIN_REPLY);
  expect_failure(login, login.send(kOperational, kStay, ""), LUNAR_WHY_TOO_MANY_PDUS);
}

TEST(LoginMalformed, BoundsEmptyParts) {
  Login login;
  for (unsigned i = 0; i < LUNAR_LOGIN_PDUS_MAX; i++) {
    ASSERT_EQ(login.send(kOperational, kStay, "", true), LUNAR_LOGIN_REPLY);
  }
  expect_failure(login, login.send(kOperational, kStay, "", true), LUNAR_WHY_TOO_MANY_PDUS);
}

TEST(LoginMalformed, RefusesDuplicateKeys) {
  for (const char* key : {"MaxBurstLength=512", "HeaderDigest=None"}) {
    Login same;
    expect_failure(same, same.talk(kOperational, kFullFeature, first_text() + text_of({key, key})),
                   LUNAR_WHY_NEGOTIATION);
    EXPECT_EQ(same.login->nego_error, LUNAR_NEGO_DUPLICATE);
    Login later;
    ASSERT_EQ(later.talk(kOperational, kStay, first_text() + text_of({key})), LUNAR_LOGIN_REPLY);
    expect_failure(later, later.send(kOperational, kStay, text_of({key})), LUNAR_WHY_NEGOTIATION);
  }
  Login names;
  expect_failure(names,
                 names.talk(kOperational, kFullFeature, first_text() + text_of({kInitiator})),
                 LUNAR_WHY_NEGOTIATION);
}

TEST(LoginMalformed, RefusesKeysOfAnotherPhase) {
  Login operational;
  expect_failure(
      operational,
      operational.talk(kSecurity, kOperational, first_text() + text_of({"MaxBurstLength=512"})),
      LUNAR_WHY_NEGOTIATION);
  Login security;
  expect_failure(
      security,
      security.talk(kOperational, kFullFeature, first_text() + text_of({"AuthMethod=None"})),
      LUNAR_WHY_NEGOTIATION);
  Login full;
  expect_failure(full,
                 full.talk(kOperational, kFullFeature, first_text() + text_of({"SendTargets=All"})),
                 LUNAR_WHY_NEGOTIATION);
  Login target;
  expect_failure(target,
                 target.talk(kOperational, kFullFeature, first_text() + text_of({"TargetAlias=x"})),
                 LUNAR_WHY_NEGOTIATION);
}

TEST(LoginMalformed, RefusesADeclarationThatIsNoLength) {
  Login login;
  expect_failure(login,
                 login.talk(kOperational, kFullFeature,
                            first_text() + text_of({"MaxRecvDataSegmentLength=100"})),
                 LUNAR_WHY_NEGOTIATION);
}

TEST(LoginMalformed, StopsAtEachRequestWithoutHarm) {
  // Stopped after n requests, the object is in no half state that a wipe would trip over.
  for (int stop = 0; stop <= 4; stop++) {
    Login login;
    login.has_chap = true;
    login.auth_required = true;
    if (stop > 0) login.talk(kSecurity, kStay, text_of({kInitiator, kTarget, "AuthMethod=CHAP"}));
    if (stop > 1) login.send(kSecurity, kStay, text_of({"CHAP_A=5"}));
    if (stop > 2) login.send(kSecurity, kStay, text_of({"CHAP_N=user"}), true);
    if (stop > 3) login.send(kSecurity, kStay, text_of({"CHAP_R=0x00"}), true);
    EXPECT_EQ(login.login->pdus, static_cast<std::uint32_t>(stop));
    EXPECT_EQ(login.login->why, LUNAR_WHY_NONE);
  }
}

}  // namespace
}  // namespace lunar_test
