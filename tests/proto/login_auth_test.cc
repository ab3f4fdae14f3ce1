// SPDX-License-Identifier: GPL-2.0-or-later
// Authentication inside the login phase.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "login.h"
#include "support.h"

namespace lunar_test {
namespace {

constexpr char kSecret[] = "secret of 14";

// Sends AuthMethod and CHAP_A as real initiators do; returns CHAP_R for the challenge that came.
std::string take_challenge(Login& login, const std::string& algorithms = "5",
                           std::string_view secret = kSecret) {
  EXPECT_EQ(
      login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=CHAP,None"})),
      LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("AuthMethod"), "CHAP");
  EXPECT_FALSE(login.transit());
  EXPECT_EQ(login.send(kSecurity, kStay, text_of({std::string("CHAP_A=") + algorithms})),
            LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit());
  const auto answer = login.answer();
  const auto alg = static_cast<lunar_chap_alg>(std::stoi(answer.at("CHAP_A")));
  const auto id = static_cast<std::uint8_t>(std::stoi(answer.at("CHAP_I")));
  return hex(chap_response(alg, id, secret, unhex(answer.at("CHAP_C"))));
}

struct ProtectedLogin : Login {
  ProtectedLogin() {
    has_chap = true;
    auth_required = true;
  }
};

TEST(LoginAuth, LogsInWithChap) {
  for (const char* algorithms : {"5", "6", "7", "8", "7,5", "8,7,6,5"}) {
    ProtectedLogin login;
    const std::string response = take_challenge(login, algorithms);
    ASSERT_EQ(login.send(kSecurity, kOperational, text_of({"CHAP_N=user", "CHAP_R=" + response})),
              LUNAR_LOGIN_REPLY);
    EXPECT_TRUE(login.transit());
    EXPECT_TRUE(login.login->authenticated);
    EXPECT_EQ(login.send(kOperational, kFullFeature, text_of({"InitialR2T=Yes"})),
              LUNAR_LOGIN_DONE);
  }
}

TEST(LoginAuth, LogsInWithMutualChap) {
  ProtectedLogin login;
  login.chap = chap_config("user", kSecret, "target", "our own secret");
  const std::string response = take_challenge(login, "7");
  const std::vector<std::uint8_t> theirs = {9, 8, 7};
  ASSERT_EQ(login.send(kSecurity, kOperational,
                       text_of({"CHAP_N=user", "CHAP_R=" + response, "CHAP_I=3",
                                "CHAP_C=" + hex(theirs)})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("CHAP_N"), "target");
  EXPECT_EQ(login.value("CHAP_R"),
            hex(chap_response(LUNAR_CHAP_SHA256, 3, "our own secret", theirs)));
  EXPECT_TRUE(login.transit());
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DONE);
}

TEST(LoginAuth, MayEndSecurityInARequestOfItsOwn) {
  ProtectedLogin login;
  const std::string response = take_challenge(login);
  ASSERT_EQ(login.send(kSecurity, kStay, text_of({"CHAP_N=user", "CHAP_R=" + response})),
            LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(login.transit());
  ASSERT_EQ(login.send(kSecurity, kOperational, ""), LUNAR_LOGIN_REPLY);
  EXPECT_TRUE(login.transit());
}

TEST(LoginAuth, GoesStraightToFullFeatureAfterChap) {
  ProtectedLogin login;
  const std::string response = take_challenge(login);
  EXPECT_EQ(login.send(kSecurity, kFullFeature, text_of({"CHAP_N=user", "CHAP_R=" + response})),
            LUNAR_LOGIN_DONE);
}

TEST(LoginAuth, TakesMethodAndAlgorithmsTogether) {
  ProtectedLogin login;
  ASSERT_EQ(login.talk(kSecurity, kOperational,
                       text_of({kInitiator, kTarget, "AuthMethod=CHAP", "CHAP_A=5"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("AuthMethod"), "CHAP");
  EXPECT_EQ(login.value("CHAP_A"), "5");
  EXPECT_FALSE(login.transit());
}

void expect_auth_failure(const Login& login, lunar_login_step step, lunar_login_why why) {
  EXPECT_EQ(step, LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), LUNAR_LOGIN_AUTH_FAILED);
  EXPECT_EQ(login.login->why, why);
  EXPECT_EQ(login.reply.data_len, 0u);
  EXPECT_FALSE(login.login->authenticated);
}

TEST(LoginAuth, RefusesAWrongSecretAndAWrongName) {
  ProtectedLogin secret;
  const std::string wrong = take_challenge(secret, "5", "wrong");
  expect_auth_failure(
      secret, secret.send(kSecurity, kOperational, text_of({"CHAP_N=user", "CHAP_R=" + wrong})),
      LUNAR_WHY_AUTH_FAILED);
  EXPECT_EQ(secret.login->chap_error, LUNAR_CHAP_ERR_RESPONSE);
  EXPECT_EQ(secret.send(kSecurity, kOperational, ""), LUNAR_LOGIN_DROP);

  ProtectedLogin name;
  const std::string right = take_challenge(name);
  expect_auth_failure(
      name, name.send(kSecurity, kOperational, text_of({"CHAP_N=other", "CHAP_R=" + right})),
      LUNAR_WHY_AUTH_FAILED);
  EXPECT_EQ(name.login->chap_error, LUNAR_CHAP_ERR_NAME);
}

TEST(LoginAuth, CannotBeSkipped) {
  ProtectedLogin operational;
  expect_auth_failure(operational,
                      operational.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget})),
                      LUNAR_WHY_AUTH_REQUIRED);
  ProtectedLogin straight;
  expect_auth_failure(straight,
                      straight.talk(kSecurity, kFullFeature, text_of({kInitiator, kTarget})),
                      LUNAR_WHY_AUTH_REQUIRED);
  ProtectedLogin none;
  expect_auth_failure(
      none, none.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=None"})),
      LUNAR_WHY_AUTH_REQUIRED);
  ProtectedLogin stay;
  ASSERT_EQ(stay.talk(kSecurity, kStay, text_of({kInitiator, kTarget})), LUNAR_LOGIN_REPLY);
  expect_auth_failure(stay, stay.send(kSecurity, kOperational, ""), LUNAR_WHY_AUTH_REQUIRED);
}

TEST(LoginAuth, CannotBeSkippedInTheMiddle) {
  ProtectedLogin chosen;
  ASSERT_EQ(chosen.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=CHAP"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(chosen.transit());
  ASSERT_EQ(chosen.send(kSecurity, kOperational, ""), LUNAR_LOGIN_REPLY);
  EXPECT_FALSE(chosen.transit());
  EXPECT_EQ(chosen.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_FAIL)
      << "a stage never entered";

  ProtectedLogin challenged;
  take_challenge(challenged);
  expect_auth_failure(challenged, challenged.send(kSecurity, kOperational, ""),
                      LUNAR_WHY_AUTH_FAILED);
}

TEST(LoginAuth, AllowsNoneWhenNotRequired) {
  Login login;
  login.has_chap = true;
  EXPECT_EQ(
      login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=None,CHAP"})),
      LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("AuthMethod"), "None");
  EXPECT_TRUE(login.transit());
  EXPECT_FALSE(login.login->authenticated);
}

TEST(LoginAuth, HoldsAnInitiatorToTheChapItChose) {
  Login login;
  login.has_chap = true;
  const std::string wrong = take_challenge(login, "5", "wrong");
  expect_auth_failure(
      login, login.send(kSecurity, kOperational, text_of({"CHAP_N=user", "CHAP_R=" + wrong})),
      LUNAR_WHY_AUTH_FAILED);
}

TEST(LoginAuth, ChoosesNoneWithoutCredentials) {
  Login login;
  ASSERT_EQ(
      login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=CHAP,None"})),
      LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("AuthMethod"), "None");
  Login only_chap;
  expect_auth_failure(
      only_chap,
      only_chap.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=CHAP"})),
      LUNAR_WHY_AUTH_REQUIRED);
}

TEST(LoginAuth, DoesNotOfferChapWhenTheAdministratorLeftItOut) {
  Login login;
  login.has_chap = true;
  login.offer.auth_methods = LUNAR_AUTH_NONE;
  ASSERT_EQ(
      login.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "AuthMethod=CHAP,None"})),
      LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.value("AuthMethod"), "None");
  ProtectedLogin required;
  required.offer.auth_methods = LUNAR_AUTH_NONE;
  ASSERT_EQ(required.talk(kSecurity, kOperational,
                          text_of({kInitiator, kTarget, "AuthMethod=None,CHAP"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(required.value("AuthMethod"), "CHAP");
}

TEST(LoginAuth, DoesNotOfferNoneWhenTheAdministratorLeftItOut) {
  for (const char* methods : {"None", "CHAP,None"}) {
    Login without;
    without.offer.auth_methods = LUNAR_AUTH_CHAP;
    expect_auth_failure(
        without,
        without.talk(kSecurity, kOperational,
                     text_of({kInitiator, kTarget, std::string("AuthMethod=") + methods})),
        LUNAR_WHY_AUTH_REQUIRED);
  }
}

TEST(LoginAuth, LetsNobodyInWhenRequiredWithoutCredentials) {
  for (const char* methods : {"CHAP", "None", "CHAP,None", "KRB5"}) {
    Login login;
    login.auth_required = true;
    expect_auth_failure(
        login,
        login.talk(kSecurity, kOperational,
                   text_of({kInitiator, kTarget, std::string("AuthMethod=") + methods})),
        LUNAR_WHY_AUTH_REQUIRED);
  }
}

TEST(LoginAuth, RefusesChapKeysOutOfTurn) {
  Login without;
  expect_auth_failure(
      without, without.talk(kSecurity, kOperational, text_of({kInitiator, kTarget, "CHAP_A=5"})),
      LUNAR_WHY_AUTH_FAILED);
  Login none;
  none.has_chap = true;
  expect_auth_failure(
      none,
      none.talk(kSecurity, kStay, text_of({kInitiator, kTarget, "AuthMethod=None", "CHAP_A=5"})),
      LUNAR_WHY_AUTH_FAILED);
  ProtectedLogin early;
  expect_auth_failure(
      early,
      early.talk(kSecurity, kStay,
                 text_of({kInitiator, kTarget, "AuthMethod=CHAP", "CHAP_N=user", "CHAP_R=0x00"})),
      LUNAR_WHY_AUTH_FAILED);
}

TEST(LoginAuth, RefusesChapKeysAfterSuccess) {
  ProtectedLogin login;
  const std::string response = take_challenge(login);
  ASSERT_EQ(login.send(kSecurity, kStay, text_of({"CHAP_N=user", "CHAP_R=" + response})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.send(kSecurity, kStay, text_of({"CHAP_A=5"})), LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.status(), LUNAR_LOGIN_AUTH_FAILED);
}

TEST(LoginAuth, TreatsChapKeysInTheOperationalStageAsUnknown) {
  Login login;
  ASSERT_EQ(login.talk(kOperational, kFullFeature, text_of({kInitiator, kTarget, "CHAP_A=5"})),
            LUNAR_LOGIN_DONE);
  EXPECT_EQ(login.value("CHAP_A"), "NotUnderstood");
}

TEST(LoginAuth, RefusesASecondAuthMethod) {
  ProtectedLogin login;
  ASSERT_EQ(login.talk(kSecurity, kStay, text_of({kInitiator, kTarget, "AuthMethod=CHAP"})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.send(kSecurity, kStay, text_of({"AuthMethod=None"})), LUNAR_LOGIN_FAIL);
  EXPECT_EQ(login.login->nego_error, LUNAR_NEGO_DUPLICATE);
}

TEST(LoginAuth, ProtectsDiscoverySessions) {
  ProtectedLogin login;
  ASSERT_EQ(login.talk(kSecurity, kOperational,
                       text_of({kInitiator, "SessionType=Discovery", "AuthMethod=CHAP"})),
            LUNAR_LOGIN_REPLY);
  ASSERT_EQ(login.send(kSecurity, kStay, text_of({"CHAP_A=7"})), LUNAR_LOGIN_REPLY);
  const auto answer = login.answer();
  const std::string response = hex(
      chap_response(LUNAR_CHAP_SHA256, static_cast<std::uint8_t>(std::stoi(answer.at("CHAP_I"))),
                    kSecret, unhex(answer.at("CHAP_C"))));
  ASSERT_EQ(login.send(kSecurity, kOperational, text_of({"CHAP_N=user", "CHAP_R=" + response})),
            LUNAR_LOGIN_REPLY);
  EXPECT_EQ(login.send(kOperational, kFullFeature, ""), LUNAR_LOGIN_DONE);
}

TEST(LoginAuth, UsesTheCredentialsOfItsStart) {
  ProtectedLogin login;
  const std::string response = take_challenge(login);
  login.chap = chap_config("other", "changed meanwhile");
  EXPECT_EQ(login.send(kSecurity, kOperational, text_of({"CHAP_N=user", "CHAP_R=" + response})),
            LUNAR_LOGIN_REPLY);
  EXPECT_TRUE(login.login->authenticated);
}

}  // namespace
}  // namespace lunar_test
