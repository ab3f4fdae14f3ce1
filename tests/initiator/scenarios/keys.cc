// SPDX-License-Identifier: GPL-2.0-or-later
// Results of the negotiation of every key, and text that is malformed (RFC 7143 sections 6 and 13).
#include <cstdlib>

#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint64_t kInitiatorError = 0x0200;
constexpr std::uint64_t kInvalid = 0x020b;

// One login that offers a single key; returns what holds afterwards. A target may be silent where
// the offer alone settles the result (RFC 7143 6.2.2).
std::string answer_to(const Options& options, const std::string& name, const std::string& value) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back(name, value);
  const Pdu response = session.login_ok(kOperational, kFullFeature, 0, keys);
  const bool settled =
      (name == "InitialR2T" && value == "Yes") || (name == "ImmediateData" && value == "No");
  return find_key(split_keys(response.text()), name).value_or(settled ? value : "no answer");
}

// Hex is as good an answer as decimal.
std::string plain_number(const std::string& value) {
  return value.rfind("0x", 0) == 0 ? std::to_string(std::strtoul(value.c_str(), nullptr, 16))
                                   : value;
}

struct Expectation {
  const char* name;
  const char* offer;
  const char* result;
};

void check_results(const Options& options, const Expectation* first, std::size_t count) {
  for (std::size_t i = 0; i < count; i++) {
    const Expectation& e = first[i];
    check_equal(plain_number(answer_to(options, e.name, e.offer)), e.result,
                std::string(e.name) + "=" + e.offer);
  }
}

void results_with_defaults(const Options& options) {
  // Against the stock defaults of the target's parameters.
  static constexpr Expectation kTable[] = {
      {"HeaderDigest", "None", "None"},
      {"HeaderDigest", "CRC32C,None", "CRC32C"},
      {"HeaderDigest", "None,CRC32C", "None"},
      {"DataDigest", "CRC32C", "CRC32C"},
      {"MaxConnections", "8", "1"},
      {"InitialR2T", "No", "Yes"},
      {"InitialR2T", "Yes", "Yes"},
      {"ImmediateData", "Yes", "Yes"},
      {"ImmediateData", "No", "No"},
      {"MaxBurstLength", "16776192", "262144"},
      {"MaxBurstLength", "1024", "1024"},
      {"MaxBurstLength", "0x2000", "8192"},
      {"FirstBurstLength", "1048576", "65536"},
      {"FirstBurstLength", "512", "512"},
      {"DefaultTime2Wait", "0", "2"},
      {"DefaultTime2Wait", "30", "30"},
      {"DefaultTime2Retain", "3600", "20"},
      {"DefaultTime2Retain", "0", "0"},
      {"MaxOutstandingR2T", "8", "1"},
      {"DataPDUInOrder", "No", "Yes"},
      {"DataSequenceInOrder", "No", "Yes"},
      {"ErrorRecoveryLevel", "2", "0"},
  };
  check_results(options, kTable, std::size(kTable));
}

void results_unsolicited(const Options& options) {
  static constexpr Expectation kTable[] = {
      {"InitialR2T", "No", "No"},
      {"InitialR2T", "Yes", "Yes"},
      {"MaxOutstandingR2T", "8", "4"},
      {"MaxOutstandingR2T", "2", "2"},
  };
  check_results(options, kTable, std::size(kTable));
}

void unknown_keys(const Options& options) {
  check_equal(answer_to(options, "X-org.lunar.test", "1"), "NotUnderstood", "a private key");
  check_equal(answer_to(options, "NoSuchKey", "Yes"), "NotUnderstood", "an unknown key");
}

void declares_its_size(const Options& options) {
  Session session(options);
  session.login();
  check(session.agreed.target_mrdsl >= 512,
        "the target's MaxRecvDataSegmentLength is " + std::to_string(session.agreed.target_mrdsl));
}

void key_order_is_free(const Options& options) {
  Session session(options);
  const Keys who = session.identity();
  Keys keys = usual_offers();
  keys.insert(keys.end(), who.rbegin(), who.rend());
  const Pdu response = session.login_ok(kOperational, kFullFeature, kTransit, keys);
  check((response.u8(1) & kTransit) != 0, "the target does not move on");
}

// A value that is out of range is refused: Reject as the key's answer, or the whole login.
void out_of_range(const Options& options) {
  static constexpr Expectation kTable[] = {
      {"MaxBurstLength", "511", ""},         {"MaxBurstLength", "16777216", ""},
      {"MaxBurstLength", "many", ""},        {"MaxConnections", "0", ""},
      {"MaxOutstandingR2T", "65536", ""},    {"DefaultTime2Wait", "3601", ""},
      {"ErrorRecoveryLevel", "3", ""},       {"InitialR2T", "Maybe", ""},
      {"MaxRecvDataSegmentLength", "1", ""}, {"MaxBurstLength", "99999999999999999999", ""},
      {"MaxBurstLength", "-1", ""},          {"MaxBurstLength", "", ""},
  };
  for (const Expectation& e : kTable) {
    Session session(options);
    Keys keys = session.identity();
    keys.emplace_back(e.name, e.offer);
    const Pdu response = session.login_step(session.login_pdu(kOperational, kFullFeature, 0, keys));
    const std::string what = std::string(e.name) + "=" + e.offer;
    if (response.u16(36) != 0) {
      check_one_of(response.u16(36), {kInitiatorError, kInvalid}, what);
    } else {
      check_equal(find_key(split_keys(response.text()), e.name).value_or(""), "Reject", what);
    }
  }
}

// Each text must end the login with an error of the initiator's class.
void malformed_text(const Options& options) {
  using namespace std::string_literals;
  const std::string kTexts[] = {
      "MaxBurstLength"s,                              // neither '=' nor NUL
      "MaxBurstLength\0"s,                            // no '='
      "=4096\0"s,                                     // no name
      "MaxBurstLength=4096"s,                         // no NUL at the end
      std::string(64, 'k') + "=1\0"s,                 // a name of 64 bytes
      "X-long=" + std::string(256, 'v') + "\0"s,      // a value of 256 bytes
      "MaxBurstLength=4096\0MaxBurstLength=8192\0"s,  // twice in one PDU
  };
  for (const std::string& text : kTexts) {
    Session session(options);
    Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, session.identity());
    pdu.set_data(join_keys(session.identity()) + text);
    try {
      session.login_refused(pdu, {kInitiatorError, kInvalid}, true);
    } catch (const Failure& failure) {
      throw Failure("text '" + text.substr(0, 40) + "': " + failure.what());
    }
  }
}

void offered_twice(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.emplace_back("MaxBurstLength", "4096");
  session.login_ok(kOperational, kFullFeature, 0, keys);
  session.login_refused(
      session.login_pdu(kOperational, kFullFeature, kTransit, {{"MaxBurstLength", "8192"}}),
      {kInitiatorError, kInvalid}, true);
}

void only_nuls(const Options& options) {
  Session session(options);
  Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, {});
  pdu.data.assign(4096, 0);
  session.login_refused(pdu, {kInitiatorError, 0x0207, kInvalid}, true);
}

void flood_of_keys(const Options& options) {
  Session session(options);
  Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, {});
  std::string text = join_keys(session.identity());
  for (int i = 0; text.size() < 8180; i++) {
    text += "K" + std::to_string(i) + "=1";
    text.push_back('\0');
  }
  pdu.set_data(text);
  // More answers than fit in one response: either they come in pieces or the login is refused.
  session.connection.send(pdu);
  try {
    check_equal(session.connection.receive().opcode(), kLoginResponse, "answer");
  } catch (const Closed&) {
    return;
  }
}

// Each of them would be answered by more than it is long.
void minimal_keys(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, {});
  while (pdu.data.size() < 8192) pdu.data.insert(pdu.data.end(), {'a', '=', 'b', '\0'});
  session.login_refused(pdu, {kInitiatorError});
}

// FirstBurstLength must not exceed MaxBurstLength: the answer cuts it, or refuses.
void first_above_max(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  keys.insert(keys.end(), {{"MaxBurstLength", "4096"}, {"FirstBurstLength", "8192"}});
  const Pdu response = session.login_step(session.login_pdu(kOperational, kFullFeature, 0, keys));
  if (response.u16(36) != 0) return;
  const std::string first = find_key(split_keys(response.text()), "FirstBurstLength").value_or("");
  check(first == "Reject" || (!first.empty() && std::strtoul(first.c_str(), nullptr, 0) <= 4096),
        "FirstBurstLength=" + first + " with MaxBurstLength=4096");
}

void name_too_long(const Options& options) {
  Session session(options);
  session.initiator_name = "iqn.2026-01.org.lunar:" + std::string(224 - 22, 'n');
  Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, session.identity());
  session.login_refused(pdu, {kInitiatorError, kInvalid, 0x0202, 0x0201, 0x0302}, true);
}

constexpr Scenario kTable[] = {
    {"keys.results", "plain", Kind::kConforming, results_with_defaults,
     "every key's result function against the target's default parameters"},
    {"keys.results-unsolicited", "unsolicited", Kind::kConforming, results_unsolicited,
     "InitialR2T and MaxOutstandingR2T as configured"},
    {"keys.unknown", "plain", Kind::kConforming, unknown_keys, "unknown keys are NotUnderstood"},
    {"keys.declared", "plain", Kind::kConforming, declares_its_size,
     "the target declares MaxRecvDataSegmentLength"},
    {"keys.order", "plain", Kind::kConforming, key_order_is_free,
     "the names may come after the other keys"},
    {"keys.out-of-range", "plain", Kind::kHostile, out_of_range,
     "values outside a key's range are rejected"},
    {"keys.malformed", "plain", Kind::kHostile, malformed_text,
     "text that is no list of key=value is refused", "takes several of them"},
    {"keys.twice", "plain", Kind::kHostile, offered_twice,
     "a key offered again in a later PDU is refused", "takes the second value"},
    {"keys.nuls", "plain", Kind::kHostile, only_nuls, "4096 NUL bytes instead of text"},
    {"keys.flood", "plain", Kind::kHostile, flood_of_keys, "a thousand unknown keys"},
    {"keys.minimal", "plain", Kind::kHostile, minimal_keys, "2048 keys of one letter: 0200",
     "writes 32 KB of NotUnderstood into 8 KB"},
    {"keys.first-above-max", "plain", Kind::kHostile, first_above_max,
     "FirstBurstLength above MaxBurstLength is cut or refused"},
    {"keys.long-name", "plain", Kind::kHostile, name_too_long, "an InitiatorName of 224 bytes",
     "has no bound at 223"},
};

}  // namespace

Table keys_table() { return make_table(kTable); }

}  // namespace initiator
