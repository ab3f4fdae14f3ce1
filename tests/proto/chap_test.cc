// SPDX-License-Identifier: GPL-2.0-or-later
#include "chap.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

constexpr char kUser[] = "user";
constexpr char kSecret[] = "twelve bytes";

class Chap : public testing::Test {
 protected:
  Chap() { configure(chap_config(kUser, kSecret)); }

  void configure(const lunar_chap_config& config) { lunar_chap_init(&chap_, &config); }
  void configure_mutual() { configure(chap_config(kUser, kSecret, "target", "another secret")); }

  lunar_chap_result receive(const std::vector<std::string>& pairs) {
    const std::string text = text_of(pairs);
    const std::vector<char> copy(text.begin(), text.end());
    buf_.assign(8192, '#');
    lunar_text_out_init(&out_, buf_.data(), cap_);
    return lunar_chap_receive(&chap_, copy.data(), static_cast<std::uint32_t>(copy.size()), &out_,
                              &kHashOps, &hashes_);
  }

  std::map<std::string, std::string> output() const { return pairs_of({buf_.data(), out_.len}); }

  // Up to the challenge; remembers what the peer would.
  void challenge(const std::string& list = "5") {
    ASSERT_EQ(receive({"CHAP_A=" + list}), LUNAR_CHAP_OK);
    auto answer = output();
    ASSERT_EQ(answer.size(), 3u);
    alg_ = static_cast<lunar_chap_alg>(std::stoi(answer["CHAP_A"]));
    identifier_ = static_cast<std::uint8_t>(std::stoi(answer["CHAP_I"]));
    challenge_ = unhex(answer["CHAP_C"]);
    EXPECT_EQ(challenge_.size(), lunar_chap_digest_len(alg_));
  }

  std::vector<std::uint8_t> response(std::string_view secret = kSecret) {
    return chap_response(alg_, identifier_, secret, challenge_);
  }

  lunar_chap chap_;
  HashContext hashes_;
  std::vector<char> buf_;
  std::uint32_t cap_ = 8192;
  lunar_text_out out_{};
  lunar_chap_alg alg_ = LUNAR_CHAP_MD5;
  std::uint8_t identifier_ = 0;
  std::vector<std::uint8_t> challenge_;
};

TEST_F(Chap, AuthenticatesWithEachAlgorithm) {
  for (const int alg : {5, 6, 7, 8}) {
    configure(chap_config(kUser, kSecret));
    challenge(std::to_string(alg));
    EXPECT_EQ(alg_, alg);
    EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response())}), LUNAR_CHAP_SUCCESS) << alg;
    EXPECT_TRUE(output().empty());
    EXPECT_EQ(chap_.state, LUNAR_CHAP_DONE);
    EXPECT_FALSE(chap_.mutual);
  }
}

TEST_F(Chap, TakesTheResponseInBase64AndUpperHex) {
  challenge("7");
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + base64(response())}), LUNAR_CHAP_SUCCESS);
  configure(chap_config(kUser, kSecret));
  challenge("7");
  std::string upper = hex(response());
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + upper}), LUNAR_CHAP_SUCCESS);
}

TEST_F(Chap, ChoosesTheStrongestOfBoth) {
  challenge("5,6,7,8");
  EXPECT_EQ(alg_, LUNAR_CHAP_SHA3_256);
  configure(chap_config(kUser, kSecret));
  challenge("8,7,6,5");
  EXPECT_EQ(alg_, LUNAR_CHAP_SHA3_256);
  lunar_chap_config config = chap_config(kUser, kSecret);
  config.algorithms = LUNAR_CHAP_BIT(LUNAR_CHAP_SHA1) | LUNAR_CHAP_BIT(LUNAR_CHAP_MD5);
  configure(config);
  challenge("8,5,7,6");
  EXPECT_EQ(alg_, LUNAR_CHAP_SHA1);
}

TEST_F(Chap, IgnoresUnknownNamesInTheList) {
  challenge("MD5,99,,5x,0x,6,4294967301");
  EXPECT_EQ(alg_, LUNAR_CHAP_SHA1);
}

TEST_F(Chap, FailsWithoutACommonAlgorithm) {
  for (const char* list : {"", "4", "9", "MD5", "55", ","}) {
    configure(chap_config(kUser, kSecret));
    EXPECT_EQ(receive({std::string("CHAP_A=") + list}), LUNAR_CHAP_ERR_NO_ALGORITHM) << list;
    EXPECT_EQ(chap_.state, LUNAR_CHAP_FAILED);
  }
  lunar_chap_config config = chap_config(kUser, kSecret);
  config.algorithms = LUNAR_CHAP_BIT(LUNAR_CHAP_SHA256);
  configure(config);
  EXPECT_EQ(receive({"CHAP_A=5"}), LUNAR_CHAP_ERR_NO_ALGORITHM) << "a forbidden weak one";
}

TEST_F(Chap, DrawsEveryChallengeAnew) {
  challenge("5");
  const auto first = challenge_;
  const auto first_id = identifier_;
  configure(chap_config(kUser, kSecret));
  challenge("5");
  EXPECT_NE(challenge_, first);
  EXPECT_NE(identifier_, first_id);
}

TEST_F(Chap, WaitsForTheAlgorithms) {
  EXPECT_EQ(receive({"AuthMethod=CHAP"}), LUNAR_CHAP_OK);
  EXPECT_TRUE(output().empty());
  EXPECT_EQ(receive({}), LUNAR_CHAP_OK);
  challenge("5");
}

TEST_F(Chap, FailsWithoutCredentials) {
  configure(chap_config("", kSecret));
  EXPECT_EQ(receive({"CHAP_A=5"}), LUNAR_CHAP_ERR_NO_CREDENTIALS);
  configure(chap_config(kUser, ""));
  EXPECT_EQ(receive({"CHAP_A=5"}), LUNAR_CHAP_ERR_NO_CREDENTIALS);
}

TEST_F(Chap, RefusesAWrongSecret) {
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response("twelve bytez"))}),
            LUNAR_CHAP_ERR_RESPONSE);
  EXPECT_EQ(chap_.state, LUNAR_CHAP_FAILED);
}

TEST_F(Chap, RefusesAWrongBitAnywhere) {
  for (std::size_t bit = 0; bit < 128; bit++) {
    configure(chap_config(kUser, kSecret));
    challenge();
    auto wrong = response();
    wrong[bit / 8] = static_cast<std::uint8_t>(wrong[bit / 8] ^ (1u << (bit % 8)));
    EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(wrong)}), LUNAR_CHAP_ERR_RESPONSE) << bit;
  }
}

TEST_F(Chap, RefusesAWrongName) {
  for (const char* name : {"User", "use", "userr", "", "user ", "mutual"}) {
    configure(chap_config(kUser, kSecret));
    challenge();
    EXPECT_EQ(receive({std::string("CHAP_N=") + name, "CHAP_R=" + hex(response())}),
              LUNAR_CHAP_ERR_NAME)
        << name;
  }
}

TEST_F(Chap, RefusesAMalformedResponse) {
  const std::vector<std::string> values = {"",
                                           "0x",
                                           "0b",
                                           "123",
                                           "0xzz",
                                           hex(std::vector<std::uint8_t>(15)),
                                           hex(std::vector<std::uint8_t>(17)),
                                           base64(std::vector<std::uint8_t>(15)),
                                           base64(std::vector<std::uint8_t>(17)),
                                           "0b" + std::string(127, 'A'),
                                           "0b" + std::string(2048, 'A'),
                                           "0x" + std::string(31, 'a'),
                                           "0x" + std::string(2048, 'a')};
  for (const std::string& value : values) {
    configure(chap_config(kUser, kSecret));
    challenge();
    EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + value}), LUNAR_CHAP_ERR_MALFORMED) << value;
    EXPECT_EQ(chap_.state, LUNAR_CHAP_FAILED);
  }
}

TEST_F(Chap, MissesKeys) {
  const std::vector<std::vector<std::string>> cases = {
      {},
      {"CHAP_N=user"},
      {"CHAP_R=0x00"},
      {"CHAP_N=user", "CHAP_R=0x00", "CHAP_I=1"},
      {"CHAP_N=user", "CHAP_R=0x00", "CHAP_C=0x01"}};
  for (const auto& pairs : cases) {
    configure_mutual();
    challenge();
    EXPECT_EQ(receive(pairs), LUNAR_CHAP_ERR_MISSING_KEY);
  }
}

TEST_F(Chap, RefusesKeysOutOfTurn) {
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=0x00"}), LUNAR_CHAP_ERR_UNEXPECTED_KEY);
  configure(chap_config(kUser, kSecret));
  EXPECT_EQ(receive({"CHAP_A=5", "CHAP_N=user"}), LUNAR_CHAP_ERR_UNEXPECTED_KEY);
  configure(chap_config(kUser, kSecret));
  challenge();
  EXPECT_EQ(receive({"CHAP_A=5", "CHAP_N=user", "CHAP_R=" + hex(response())}),
            LUNAR_CHAP_ERR_UNEXPECTED_KEY);
}

TEST_F(Chap, RefusesAKeyTwice) {
  EXPECT_EQ(receive({"CHAP_A=5", "CHAP_A=5"}), LUNAR_CHAP_ERR_UNEXPECTED_KEY);
  configure(chap_config(kUser, kSecret));
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_N=user", "CHAP_R=" + hex(response())}),
            LUNAR_CHAP_ERR_UNEXPECTED_KEY);
}

TEST_F(Chap, AllowsNoSecondTry) {
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response("wrong"))}), LUNAR_CHAP_ERR_RESPONSE);
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response())}), LUNAR_CHAP_ERR_UNEXPECTED_KEY);
  EXPECT_EQ(chap_.state, LUNAR_CHAP_FAILED);
}

TEST_F(Chap, ProvesItselfWhenAsked) {
  for (const int alg : {5, 6, 7, 8}) {
    configure_mutual();
    challenge(std::to_string(alg));
    const std::vector<std::uint8_t> theirs = {1, 2, 3, 4, 5};
    ASSERT_EQ(
        receive({"CHAP_N=user", "CHAP_R=" + hex(response()), "CHAP_I=77", "CHAP_C=" + hex(theirs)}),
        LUNAR_CHAP_SUCCESS);
    EXPECT_EQ(output(), (std::map<std::string, std::string>{
                            {"CHAP_N", "target"},
                            {"CHAP_R", hex(chap_response(alg_, 77, "another secret", theirs))}}));
    EXPECT_TRUE(chap_.mutual);
  }
}

TEST_F(Chap, TakesTheIdentifierInHexAndTheChallengeInBase64) {
  configure_mutual();
  challenge();
  const std::vector<std::uint8_t> theirs(1024, 0xa5);
  ASSERT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response()), "CHAP_I=0xfF",
                     "CHAP_C=" + base64(theirs)}),
            LUNAR_CHAP_SUCCESS);
  EXPECT_EQ(output()["CHAP_R"], hex(chap_response(alg_, 255, "another secret", theirs)));
}

TEST_F(Chap, RefusesAMalformedMutualChallenge) {
  const std::pair<std::string, std::string> cases[] = {
      {"256", "0x01"}, {"-1", "0x01"}, {"", "0x01"},
      {"x", "0x01"},   {"1", ""},      {"1", "0x"},
      {"1", "0x123"},  {"1", "0b="},   {"1", base64(std::vector<std::uint8_t>(1025))}};
  for (const auto& [id, value] : cases) {
    configure_mutual();
    challenge();
    EXPECT_EQ(
        receive({"CHAP_N=user", "CHAP_R=" + hex(response()), "CHAP_I=" + id, "CHAP_C=" + value}),
        LUNAR_CHAP_ERR_MALFORMED)
        << id << " " << value;
    EXPECT_TRUE(output().empty());
  }
}

TEST_F(Chap, RefusesItsOwnChallengeReflected) {
  configure_mutual();
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response()),
                     "CHAP_I=" + std::to_string(identifier_), "CHAP_C=" + hex(challenge_)}),
            LUNAR_CHAP_ERR_REFLECTED);
  configure_mutual();
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response()), "CHAP_I=1",
                     "CHAP_C=" + base64(challenge_)}),
            LUNAR_CHAP_ERR_REFLECTED)
      << "in another coding and with another identifier";
}

TEST_F(Chap, ProvesNothingToAStranger) {
  configure_mutual();
  challenge();
  EXPECT_EQ(
      receive({"CHAP_N=user", "CHAP_R=" + hex(response("wrong")), "CHAP_I=1", "CHAP_C=0x0102"}),
      LUNAR_CHAP_ERR_RESPONSE);
  EXPECT_TRUE(output().empty());
}

TEST_F(Chap, FailsWhenMutualIsAskedForButNotConfigured) {
  challenge();
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response()), "CHAP_I=1", "CHAP_C=0x0102"}),
            LUNAR_CHAP_ERR_NO_MUTUAL);
}

TEST_F(Chap, FailsWhenTheHashDoes) {
  challenge();
  hashes_.broken = true;
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response())}), LUNAR_CHAP_ERR_HASH);
}

TEST_F(Chap, FailsWhenTheAnswerHasNoRoom) {
  cap_ = 20;
  EXPECT_EQ(receive({"CHAP_A=5"}), LUNAR_CHAP_ERR_OVERFLOW);
  EXPECT_EQ(chap_.state, LUNAR_CHAP_FAILED);
}

TEST_F(Chap, HandlesTheLongestNamesAndSecrets) {
  const std::string name(255, 'n');
  const std::string secret(255, 's');
  configure(chap_config(name, secret, name, secret));
  challenge("8");
  EXPECT_EQ(
      receive({"CHAP_N=" + name, "CHAP_R=" + hex(response(secret)), "CHAP_I=1", "CHAP_C=0x0102"}),
      LUNAR_CHAP_SUCCESS);
  EXPECT_EQ(output()["CHAP_N"], name);
}

TEST_F(Chap, EndsStringsThatHaveNoEnd) {
  lunar_chap_config config = chap_config(kUser, kSecret);
  std::memset(config.secret, 's', sizeof(config.secret));
  configure(config);
  challenge("5");
  EXPECT_EQ(receive({"CHAP_N=user", "CHAP_R=" + hex(response(std::string(255, 's')))}),
            LUNAR_CHAP_SUCCESS);
}

TEST_F(Chap, WipesItsSecrets) {
  configure_mutual();
  challenge();
  lunar_chap_wipe(&chap_);
  const auto* bytes = reinterpret_cast<const unsigned char*>(&chap_);
  for (std::size_t i = 0; i < sizeof(chap_); i++) ASSERT_EQ(bytes[i], 0) << i;
}

TEST(ChapAlgorithm, HasLengthAndName) {
  EXPECT_EQ(lunar_chap_digest_len(LUNAR_CHAP_MD5), 16u);
  EXPECT_EQ(lunar_chap_digest_len(LUNAR_CHAP_SHA1), 20u);
  EXPECT_EQ(lunar_chap_digest_len(LUNAR_CHAP_SHA256), 32u);
  EXPECT_EQ(lunar_chap_digest_len(LUNAR_CHAP_SHA3_256), 32u);
  EXPECT_EQ(lunar_chap_digest_len(static_cast<lunar_chap_alg>(4)), 0u);
  EXPECT_STREQ(lunar_chap_alg_name(LUNAR_CHAP_SHA3_256), "SHA3-256");
}

TEST(BytesEqual, LooksAtEveryByte) {
  std::uint8_t a[32] = {}, b[32] = {};
  EXPECT_TRUE(lunar_bytes_equal(a, b, 32));
  for (std::size_t i = 0; i < 32; i++) {
    b[i] = 1;
    EXPECT_FALSE(lunar_bytes_equal(a, b, 32)) << i;
    b[i] = 0;
  }
  EXPECT_TRUE(lunar_bytes_equal(a, b, 0));
}

}  // namespace
}  // namespace lunar_test
