// SPDX-License-Identifier: GPL-2.0-or-later
// The login half of Session.
#include <cstdlib>

#include "chap.h"
#include "check.h"
#include "session.h"

namespace initiator {
namespace {

constexpr std::uint64_t kSuccess = 0;

// Keys that a side declares and the other does not answer.
constexpr const char* kDeclared[] = {"TargetAlias", "TargetPortalGroupTag", "TargetAddress",
                                     "InitiatorAlias", "MaxRecvDataSegmentLength"};

bool is_declared(const std::string& name) {
  for (const char* key : kDeclared) {
    if (name == key) return true;
  }
  return false;
}

std::uint32_t number(const std::string& value) {
  return static_cast<std::uint32_t>(std::strtoul(value.c_str(), nullptr, 0));
}

std::uint64_t status_of(const Pdu& response) { return response.u16(36); }

struct NumberKey {
  const char* name;
  std::uint32_t Negotiated::*field;
};

constexpr NumberKey kNumberKeys[] = {
    {"MaxRecvDataSegmentLength", &Negotiated::target_mrdsl},
    {"MaxBurstLength", &Negotiated::max_burst},
    {"FirstBurstLength", &Negotiated::first_burst},
    {"MaxOutstandingR2T", &Negotiated::max_outstanding_r2t},
};

}  // namespace

Keys usual_offers() {
  return {{"HeaderDigest", "None"},       {"DataDigest", "None"},
          {"MaxConnections", "1"},        {"InitialR2T", "No"},
          {"ImmediateData", "Yes"},       {"MaxRecvDataSegmentLength", "262144"},
          {"MaxBurstLength", "262144"},   {"FirstBurstLength", "65536"},
          {"DefaultTime2Wait", "2"},      {"DefaultTime2Retain", "0"},
          {"MaxOutstandingR2T", "4"},     {"DataPDUInOrder", "Yes"},
          {"DataSequenceInOrder", "Yes"}, {"ErrorRecoveryLevel", "0"}};
}

Keys Session::identity() const {
  Keys keys{{"InitiatorName", initiator_name}};
  if (discovery) {
    keys.emplace_back("SessionType", "Discovery");
  } else {
    keys.emplace_back("TargetName", target_name);
    keys.emplace_back("SessionType", "Normal");
  }
  return keys;
}

Pdu Session::login_pdu(std::uint8_t csg, std::uint8_t nsg, std::uint8_t flags,
                       const Keys& keys) const {
  Pdu out(kLogin,
          static_cast<std::uint8_t>(flags | csg << 2 | ((flags & kTransit) != 0 ? nsg : 0)));
  out.set_immediate();
  // ISID type 10b (random), qualifier in the last two bytes.
  out.set8(8, 0x80).set16(9, 0x1234).set8(11, 0x56).set16(12, isid_qualifier).set16(14, tsih);
  out.set_itt(login_itt).set16(20, cid).set32(24, cmd_sn).set32(28, exp_stat_sn);
  out.set_data(join_keys(keys));
  return out;
}

Pdu Session::login_step(const Pdu& request) {
  connection.send(request);
  Pdu response = connection.receive();
  check_equal(response.opcode(), kLoginResponse,
              "answer to a Login request: " + describe(response));
  check_equal(response.itt(), request.itt(), "ITT of the Login Response");
  check_equal(response.u8(3), 0, "Version-active");
  check_equal(response.ahs.size(), 0, "AHS of the Login Response");
  if (status_of(response) != kSuccess) return response;

  if (!first_login_response_)
    check_equal(response.u32(24), exp_stat_sn, "StatSN of a Login Response");
  first_login_response_ = false;
  exp_stat_sn = response.u32(24) + 1;
  exp_cmd_sn = response.u32(28);
  max_cmd_sn = response.u32(32);
  check_equal((response.u8(1) >> 2) & 3, (request.u8(1) >> 2) & 3, "CSG of the Login Response");
  check_equal(response.u8(1) & 0x30, 0, "reserved bits of the Login Response");
  for (std::size_t at = 8; at < 14; at++) {
    check_equal(response.u8(at), request.u8(at), "ISID byte of the Login Response");
  }
  const bool transit = (response.u8(1) & kTransit) != 0;
  check(!transit || (request.u8(1) & kTransit) != 0, "the target moved on without being asked to");
  if (!transit) return response;
  check_equal(response.u8(1) & 3, request.u8(1) & 3, "NSG of the Login Response");
  if ((response.u8(1) & 3) != kFullFeature) return response;
  check(response.u16(14) != 0, "TSIH 0 in the final Login Response");
  tsih = response.u16(14);
  return response;
}

Pdu Session::login_ok(std::uint8_t csg, std::uint8_t nsg, std::uint8_t flags, const Keys& keys) {
  Pdu response = login_step(login_pdu(csg, nsg, flags, keys));
  check_equal(status_of(response), kSuccess, "status of the Login Response");
  return response;
}

void Session::login_refused(const Pdu& request, std::initializer_list<std::uint64_t> statuses,
                            bool silent) {
  connection.send(request);
  try {
    const Pdu response = connection.receive();
    if (response.opcode() != kReject || !silent) {
      check_equal(response.opcode(), kLoginResponse,
                  "answer to a bad Login: " + describe(response));
      check_one_of(status_of(response), statuses, "status of the Login Response");
      check_equal(response.u8(1) & kTransit, 0, "T bit of a refused login");
    }
  } catch (const Closed&) {
    check(silent, "the target closed without a Login Response");
    return;
  }
  expect_closed("after a refused login");
}

Keys Session::answer_proposals(const Keys& proposals) const {
  Keys answers;
  for (const auto& [name, value] : proposals) {
    if (is_declared(name) || find_key(offers, name)) continue;
    // Of a list one value is chosen; None is in every list that may be proposed.
    answers.emplace_back(name, value.find(',') == std::string::npos ? value : "None");
  }
  return answers;
}

void Session::adopt(const Keys& keys) {
  for (const NumberKey& key : kNumberKeys) {
    if (const auto value = find_key(keys, key.name)) agreed.*key.field = number(*value);
  }
  if (const auto value = find_key(keys, "InitialR2T")) agreed.initial_r2t = *value == "Yes";
  if (const auto value = find_key(keys, "ImmediateData")) agreed.immediate_data = *value == "Yes";
  if (find_key(keys, "HeaderDigest").value_or("") == "CRC32C") pending_header_digest_ = true;
  if (find_key(keys, "DataDigest").value_or("") == "CRC32C") pending_data_digest_ = true;
}

// What our offer settles by itself: the answer may be left out then (RFC 7143 6.2.2).
void Session::adopt_offers() {
  if (const auto ours = find_key(offers, "MaxRecvDataSegmentLength"))
    agreed.our_mrdsl = number(*ours);
  if (find_key(offers, "ImmediateData").value_or("") == "No") agreed.immediate_data = false;
  if (find_key(offers, "InitialR2T").value_or("") == "Yes") agreed.initial_r2t = true;
}

void Session::finish_operational() {
  adopt_offers();
  Keys keys = offers;
  if (!chap && !security_done) {
    const Keys who = identity();
    keys.insert(keys.begin(), who.begin(), who.end());
  }
  for (int step = 0; step < 8; step++) {
    const Pdu response = login_ok(kOperational, kFullFeature, kTransit, keys);
    const Keys answer = split_keys(response.text());
    adopt(answer);
    if ((response.u8(1) & kTransit) != 0) {
      connection.use_digests(pending_header_digest_, pending_data_digest_);
      return;
    }
    keys = answer_proposals(answer);
  }
  throw Failure("the target does not end the operational stage");
}

Keys Session::chap_start() {
  Keys keys = identity();
  keys.emplace_back("AuthMethod", "CHAP");
  const Pdu method = login_ok(kSecurity, kOperational, 0, keys);
  check_equal(find_key(split_keys(method.text()), "AuthMethod").value_or(""), "CHAP", "AuthMethod");

  std::string list;
  for (int algorithm : chap->algorithms) {
    list += (list.empty() ? "" : ",") + std::to_string(algorithm);
  }
  return split_keys(login_ok(kSecurity, kOperational, 0, {{"CHAP_A", list}}).text());
}

Keys Session::chap_answer(const Keys& challenge) {
  const int algorithm = std::atoi(find_key(challenge, "CHAP_A").value_or("0").c_str());
  const auto identifier =
      static_cast<std::uint8_t>(number(find_key(challenge, "CHAP_I").value_or("")));
  const Bytes proof = chap_response(algorithm, identifier, chap->password,
                                    from_binary(find_key(challenge, "CHAP_C").value_or("")));
  Keys keys{{"CHAP_N", chap->user}, {"CHAP_R", chap->base64 ? to_base64(proof) : to_hex(proof)}};
  if (!chap->mutual) return keys;

  chap_algorithm_ = algorithm;
  our_challenge_ = pattern(proof.size(), 0x5a);
  keys.emplace_back("CHAP_I", "77");
  keys.emplace_back("CHAP_C", chap->base64 ? to_base64(our_challenge_) : to_hex(our_challenge_));
  return keys;
}

void Session::check_mutual(const Keys& proof) {
  check_equal(find_key(proof, "CHAP_N").value_or(""), chap->mutual_user, "CHAP_N of the target");
  const Bytes want = chap_response(chap_algorithm_, 77, chap->mutual_password, our_challenge_);
  check(from_binary(find_key(proof, "CHAP_R").value_or("")) == want, "wrong CHAP_R of the target");
}

void Session::login() {
  if (chap) {
    const Keys proof = chap_answer(chap_start());
    const Pdu response = login_ok(kSecurity, kOperational, kTransit, proof);
    if (chap->mutual) check_mutual(split_keys(response.text()));
    check((response.u8(1) & kTransit) != 0, "the target stays in the security stage");
  }
  finish_operational();
}

}  // namespace initiator
