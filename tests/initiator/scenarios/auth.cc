// SPDX-License-Identifier: GPL-2.0-or-later
// CHAP, one-way and mutual, right and wrong (RFC 7143 section 12.1).
#include <cctype>

#include "chap.h"
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint64_t kInitiatorError = 0x0200;
constexpr std::uint64_t kAuthFailed = 0x0201;
constexpr std::uint64_t kMissing = 0x0207;

Session with_chap(const Options& options) {
  Session session(options);
  check(session.chap.has_value(), "this scenario needs --user and --password");
  return session;
}

void finish(Session& session) {
  session.clear_attention();
  check_equal(session.logout(), 0, "Logout response");
}

// A proof that is sent after a correct start must be refused.
void refused_proof(Session& session, const Keys& proof) {
  session.login_refused(session.login_pdu(kSecurity, kOperational, kTransit, proof),
                        {kAuthFailed, kInitiatorError, kMissing}, true);
}

void each_algorithm(const Options& options) {
  for (int algorithm : {5, 6, 7, 8}) {
    Session session = with_chap(options);
    session.chap->algorithms = {algorithm};
    session.login();
    finish(session);
  }
}

void base64(const Options& options) {
  for (int algorithm : {5, 7}) {
    Session session = with_chap(options);
    session.chap->algorithms = {algorithm};
    session.chap->base64 = true;
    session.login();
    finish(session);
  }
}

void hex_capitals(const Options& options) {
  Session session = with_chap(options);
  Keys proof = session.chap_answer(session.chap_start());
  for (auto& [name, value] : proof) {
    if (name != "CHAP_R") continue;
    for (std::size_t i = 2; i < value.size(); i++) {
      value[i] = static_cast<char>(std::toupper(static_cast<unsigned char>(value[i])));
    }
  }
  session.login_ok(kSecurity, kOperational, kTransit, proof);
  session.finish_operational();
  finish(session);
}

void unknown_algorithm_first(const Options& options) {
  Session session = with_chap(options);
  session.chap->algorithms = {99, 5};
  const Keys challenge = session.chap_start();
  check_equal(find_key(challenge, "CHAP_A").value_or(""), "5", "CHAP_A");
}

void strongest_is_chosen(const Options& options) {
  Session session = with_chap(options);
  session.chap->algorithms = {5, 6, 7, 8};
  const Keys challenge = session.chap_start();
  check_equal(find_key(challenge, "CHAP_A").value_or(""), "8", "CHAP_A out of 5,6,7,8");
}

void challenges_differ(const Options& options) {
  const auto challenge = [&options] {
    Session session = with_chap(options);
    return find_key(session.chap_start(), "CHAP_C").value_or("");
  };
  const std::string first = challenge();
  const std::string second = challenge();
  check(from_binary(first).size() >= 16, "a challenge shorter than 16 bytes: " + first);
  check(first != second, "the same challenge twice: " + first);
}

void mutual(const Options& options) {
  for (int algorithm : {5, 6, 7, 8}) {
    Session session = with_chap(options);
    session.chap->algorithms = {algorithm};
    check(session.chap->mutual, "this scenario needs --mutual-user and --mutual-password");
    session.login();
    finish(session);
  }
}

void mutual_not_asked(const Options& options) {
  Session session = with_chap(options);
  session.chap->mutual = false;
  session.login();
  finish(session);
}

void to_full_feature(const Options& options) {
  Session session = with_chap(options);
  const Keys proof = session.chap_answer(session.chap_start());
  const Pdu response = session.login_ok(kSecurity, kFullFeature, kTransit, proof);
  check((response.u8(1) & kTransit) != 0, "the target stays in the security stage");
  finish(session);
}

void wrong_secret(const Options& options) {
  for (int algorithm : {5, 6, 7, 8}) {
    Session session = with_chap(options);
    session.chap->algorithms = {algorithm};
    session.chap->password += "x";
    const Keys proof = session.chap_answer(session.chap_start());
    session.login_refused(session.login_pdu(kSecurity, kOperational, kTransit, proof),
                          {kAuthFailed});
  }
}

void wrong_user(const Options& options) {
  for (const std::string& user :
       {options.user + "x", options.user.substr(1), std::string("root")}) {
    Session session = with_chap(options);
    session.chap->user = user;
    const Keys proof = session.chap_answer(session.chap_start());
    session.login_refused(session.login_pdu(kSecurity, kOperational, kTransit, proof),
                          {kAuthFailed});
  }
}

void no_method_in_common(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back("AuthMethod", "None");
  session.login_refused(session.login_pdu(kSecurity, kOperational, kTransit, keys), {kAuthFailed},
                        true);
}

void without_security_stage(const Options& options) {
  Session session(options);
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, session.identity()),
                        {kAuthFailed});
}

void skipping_after_method(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back("AuthMethod", "CHAP");
  session.login_ok(kSecurity, kOperational, 0, keys);
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, {}),
                        {kAuthFailed, kInitiatorError}, true);
}

// With T set but no proof the target must not move on.
void transit_without_proof(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back("AuthMethod", "CHAP");
  const Pdu response =
      session.login_step(session.login_pdu(kSecurity, kFullFeature, kTransit, keys));
  if (response.u16(36) != 0) return;
  check_equal(response.u8(1) & kTransit, 0, "T of the answer to AuthMethod=CHAP");
}

void proof_before_challenge(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back("AuthMethod", "CHAP");
  session.login_ok(kSecurity, kOperational, 0, keys);
  refused_proof(session,
                {{"CHAP_N", options.user}, {"CHAP_R", "0x00112233445566778899aabbccddeeff"}});
}

// Names that begin or end like a known one are unknown.
void algorithm_among_others(const Options& options) {
  for (const char* list : {"55,5x,MD5,,5", "05,0x55,4294967301,5", ",5,"}) {
    Session session(options);
    Keys keys = session.identity();
    keys.emplace_back("AuthMethod", "CHAP");
    session.login_ok(kSecurity, kOperational, 0, keys);
    const Pdu answer = session.login_ok(kSecurity, kOperational, 0, {{"CHAP_A", list}});
    check_equal(find_key(split_keys(answer.text()), "CHAP_A").value_or(""), "5",
                std::string("CHAP_A out of '") + list + "'");
  }
}

void no_algorithm_in_common(const Options& options) {
  for (const char* list : {"99", "0", "5x", "MD5", "55", ""}) {
    Session session(options);
    Keys keys = session.identity();
    keys.emplace_back("AuthMethod", "CHAP");
    session.login_ok(kSecurity, kOperational, 0, keys);
    session.login_refused(session.login_pdu(kSecurity, kOperational, 0, {{"CHAP_A", list}}),
                          {kAuthFailed, kInitiatorError}, true);
  }
}

void malformed_proofs(const Options& options) {
  const std::string kProofs[] = {
      "",
      "0x",
      "0b",
      "0xzz",
      "00112233445566778899aabbccddeeff",
      "0x0011",
      "0x" + std::string(32, '0'),
      "0x" + std::string(34, 'a'),
      "0x" + std::string(250, 'f'),
      "0b====",
      "0b" + std::string(24, 'A'),
      "0x" + std::string(31, '1'),
      "0b" + std::string(124, 'A'),
      "0b" + std::string(127, 'A'),
      "0b" + std::string(21, 'A') + "===",
      "0bAA=A",
      "0x" + std::string(2048, 'f'),
  };
  for (const std::string& proof : kProofs) {
    Session session = with_chap(options);
    session.chap_start();
    try {
      refused_proof(session, {{"CHAP_N", options.user}, {"CHAP_R", proof}});
    } catch (const Failure& failure) {
      throw Failure("CHAP_R '" + proof + "': " + failure.what());
    }
  }
}

void missing_parts(const Options& options) {
  for (const char* part : {"CHAP_N", "CHAP_R"}) {
    Session session = with_chap(options);
    Keys proof = session.chap_answer(session.chap_start());
    drop_key(proof, part);
    refused_proof(session, proof);
  }
}

// A name is text, whatever it looks like.
void odd_names(const Options& options) {
  std::string coded = "0x";
  for (char c : options.user) coded += to_hex({static_cast<std::uint8_t>(c)}).substr(2);
  for (const std::string& name : {std::string(), coded, "0b" + options.user, options.user + ' ',
                                  std::string(255, 'n'), std::string(256, 'n')}) {
    Session session = with_chap(options);
    Keys proof = session.chap_answer(session.chap_start());
    set_key(proof, "CHAP_N", name);
    refused_proof(session, proof);
  }
}

// The identifier of our challenge is 77; the target has to hash that one byte.
void identifier_in_hex(const Options& options) {
  for (const char* text : {"0x4d", "0x4D"}) {
    Session session = with_chap(options);
    Keys proof = session.chap_answer(session.chap_start());
    set_key(proof, "CHAP_I", text);
    const Pdu response = session.login_ok(kSecurity, kOperational, kTransit, proof);
    session.check_mutual(split_keys(response.text()));
  }
}

void odd_identifiers(const Options& options) {
  for (const std::string& text : {std::string(), std::string("256"), std::string("-1"),
                                  std::string("0x"), std::string("0x100"), std::string("7x"),
                                  std::string("4294967296"), std::string(250, '7')}) {
    Session session = with_chap(options);
    Keys proof = session.chap_answer(session.chap_start());
    set_key(proof, "CHAP_I", text);
    try {
      refused_proof(session, proof);
    } catch (const Failure& failure) {
      throw Failure("CHAP_I '" + text.substr(0, 20) + "': " + failure.what());
    }
  }
}

// The target's own challenge sent back must not make it compute the answer.
void reflected_challenge(const Options& options) {
  Session session = with_chap(options);
  const Keys challenge = session.chap_start();
  Keys proof = session.chap_answer(challenge);
  set_key(proof, "CHAP_I", find_key(challenge, "CHAP_I").value_or(""));
  set_key(proof, "CHAP_C", find_key(challenge, "CHAP_C").value_or(""));
  refused_proof(session, proof);
}

void mutual_with_odd_challenges(const Options& options) {
  const std::string kChallenges[] = {"",
                                     "0x",
                                     "0xzz",
                                     "0b!",
                                     "0x" + std::string(2050, 'a'),
                                     "1234",
                                     "0x123",
                                     "0b" + std::string(2048, 'A'),
                                     "0b====",
                                     "0bAA=A"};
  for (const std::string& challenge : kChallenges) {
    Session session = with_chap(options);
    Keys proof = session.chap_answer(session.chap_start());
    set_key(proof, "CHAP_C", challenge);
    try {
      refused_proof(session, proof);
    } catch (const Failure& failure) {
      throw Failure("CHAP_C '" + challenge.substr(0, 20) + "': " + failure.what());
    }
  }
}

constexpr Scenario kTable[] = {
    {"auth.algorithms", "chap", Kind::kConforming, each_algorithm,
     "MD5, SHA-1, SHA-256, SHA3-256 each log in"},
    {"auth.base64", "chap", Kind::kConforming, base64, "CHAP_R in base64"},
    {"auth.capitals", "chap", Kind::kConforming, hex_capitals, "CHAP_R in capital hex digits"},
    {"auth.unknown-first", "chap", Kind::kConforming, unknown_algorithm_first,
     "an unknown CHAP_A is passed over"},
    {"auth.strongest", "chap", Kind::kConforming, strongest_is_chosen,
     "the strongest CHAP_A offered is chosen", "takes the first that it knows"},
    {"auth.fresh", "chap", Kind::kConforming, challenges_differ,
     "each login gets its own challenge"},
    {"auth.full-feature", "chap", Kind::kConforming, to_full_feature,
     "from CHAP directly to full feature phase", "answers NSG 1 instead of 3"},
    {"auth.mutual", "mutual", Kind::kConforming, mutual,
     "the target proves itself with all four algorithms"},
    {"auth.mutual-unasked", "mutual", Kind::kConforming, mutual_not_asked,
     "one-way login where mutual is configured"},
    {"auth.wrong-secret", "chap", Kind::kHostile, wrong_secret,
     "a wrong secret: 0201, by every algorithm"},
    {"auth.wrong-user", "chap", Kind::kHostile, wrong_user,
     "a wrong name, also a prefix or suffix: 0201"},
    {"auth.none-offered", "chap", Kind::kHostile, no_method_in_common,
     "AuthMethod=None where CHAP is required: 0201"},
    {"auth.skipped-stage", "chap", Kind::kHostile, without_security_stage,
     "no security stage where CHAP is required: 0201"},
    {"auth.skipped-proof", "chap", Kind::kHostile, skipping_after_method,
     "operational stage after AuthMethod alone"},
    {"auth.transit-unproven", "chap", Kind::kHostile, transit_without_proof,
     "T with AuthMethod=CHAP does not move on"},
    {"auth.proof-first", "chap", Kind::kHostile, proof_before_challenge,
     "CHAP_R without a challenge"},
    {"auth.no-algorithm", "chap", Kind::kHostile, no_algorithm_in_common, "no CHAP_A in common"},
    {"auth.malformed-proof", "chap", Kind::kHostile, malformed_proofs,
     "CHAP_R empty, short, long, not binary"},
    {"auth.odd-name", "chap", Kind::kHostile, odd_names,
     "CHAP_N empty, in hex or base64, with a blank, of 255 and 256 bytes"},
    {"auth.hex-identifier", "mutual", Kind::kConforming, identifier_in_hex,
     "CHAP_I in hex digits of both cases"},
    {"auth.odd-identifier", "mutual", Kind::kHostile, odd_identifiers,
     "CHAP_I empty, above 255, negative, over-long, no number"},
    {"auth.among-others", "chap", Kind::kHostile, algorithm_among_others,
     "5 is found among names that only resemble it"},
    {"auth.missing-part", "chap", Kind::kHostile, missing_parts, "CHAP_N or CHAP_R left out"},
    {"auth.reflected", "mutual", Kind::kHostile, reflected_challenge,
     "the target's own challenge sent back"},
    {"auth.odd-challenge", "mutual", Kind::kHostile, mutual_with_odd_challenges,
     "CHAP_C empty, huge, not binary"},
};

}  // namespace

Table auth_table() { return make_table(kTable); }

}  // namespace initiator
