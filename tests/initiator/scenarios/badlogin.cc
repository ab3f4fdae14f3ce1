// SPDX-License-Identifier: GPL-2.0-or-later
// Logins that must not succeed, and clients that stop in the middle of one.
#include <list>
#include <vector>

#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

// Status words, RFC 7143 11.13.5.
constexpr std::uint64_t kInitiatorError = 0x0200;
constexpr std::uint64_t kForbidden = 0x0202;
constexpr std::uint64_t kNotFound = 0x0203;
constexpr std::uint64_t kBadVersion = 0x0205;
constexpr std::uint64_t kMissing = 0x0207;
constexpr std::uint64_t kBadType = 0x0209;
constexpr std::uint64_t kNoSession = 0x020a;
constexpr std::uint64_t kInvalid = 0x020b;

Pdu first_pdu(const Session& session, const Keys& more = {}) {
  Keys keys = session.identity();
  keys.insert(keys.end(), more.begin(), more.end());
  return session.login_pdu(kOperational, kFullFeature, kTransit, keys);
}

void no_initiator_name(const Options& options) {
  Session session(options);
  session.login_refused(
      session.login_pdu(kOperational, kFullFeature, kTransit,
                        {{"TargetName", session.target_name}, {"SessionType", "Normal"}}),
      {kMissing});
}

void no_target_name(const Options& options) {
  Session session(options);
  session.login_refused(
      session.login_pdu(kOperational, kFullFeature, kTransit,
                        {{"InitiatorName", session.initiator_name}, {"SessionType", "Normal"}}),
      {kMissing});
}

void unknown_target(const Options& options) {
  Session session(options);
  session.target_name += ".is.not.here";
  session.login_refused(first_pdu(session), {kNotFound});
}

// A name that begins with the asked one must not match it.
void target_prefix(const Options& options) {
  Session session(options);
  session.target_name.pop_back();
  session.login_refused(first_pdu(session), {kNotFound});
}

void unknown_session_type(const Options& options) {
  Session session(options);
  Keys keys = session.identity();
  set_key(keys, "SessionType", "Holiday");
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, keys),
                        {kBadType, kInitiatorError});
}

void initiator_without_acl(const Options& options) {
  Session session(options);
  session.login_refused(first_pdu(session), {kForbidden});
}

void newer_version_only(const Options& options) {
  Session session(options);
  Pdu pdu = first_pdu(session);
  pdu.set8(2, 2).set8(3, 1);
  session.login_refused(pdu, {kBadVersion});
}

void session_that_is_not(const Options& options) {
  Session session(options);
  session.tsih = 0x7abc;
  session.login_refused(first_pdu(session), {kNoSession});
}

// CSG, NSG and flag combinations of RFC 7143 11.12.3 that no initiator may send.
void stage_combinations(const Options& options) {
  struct Bad {
    std::uint8_t csg, nsg, flags;
  };
  const Bad kBad[] = {
      {2, 3, kTransit}, {3, 3, kTransit}, {0, 2, kTransit}, {1, 2, kTransit},
      {1, 0, kTransit}, {1, 1, kTransit}, {0, 0, kTransit}, {1, 3, kTransit | kContinue}};
  for (const Bad& bad : kBad) {
    Session session(options);
    Pdu pdu = session.login_pdu(bad.csg, bad.nsg, bad.flags, session.identity());
    try {
      session.login_refused(pdu, {kInitiatorError, kInvalid}, true);
    } catch (const Failure& failure) {
      throw Failure("CSG " + std::to_string(bad.csg) + " NSG " + std::to_string(bad.nsg) +
                    " flags " + hex(bad.flags) + ": " + failure.what());
    }
  }
}

void back_to_security(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  session.login_refused(
      session.login_pdu(kSecurity, kOperational, kTransit, {{"AuthMethod", "None"}}),
      {kInitiatorError, kInvalid}, true);
}

void changed_itt(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  session.login_itt++;
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, {}),
                        {kInitiatorError, kInvalid}, true);
}

void changed_cid(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  session.cid = 9;
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, {}),
                        {kInitiatorError, kInvalid}, true);
}

void changed_isid(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  session.isid_qualifier++;
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit, {}),
                        {kInitiatorError, kInvalid}, true);
}

void renamed_initiator(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  session.login_refused(session.login_pdu(kOperational, kFullFeature, kTransit,
                                          {{"InitiatorName", session.initiator_name + "2"}}),
                        {kInitiatorError, kInvalid}, true);
}

void not_a_login(const Options& options) {
  const std::uint8_t kOpcodes[] = {kNopOut, kScsiCommand, kTmf, kText, kDataOut,
                                   kLogout, kSnack,       0x1f, 0x3f};
  for (std::uint8_t opcode : kOpcodes) {
    Session session(options);
    Pdu pdu(opcode);
    pdu.set_immediate().set_itt(1).set_ttt(kNoTag);
    session.send(pdu);
    check(session.connection.closes_within(kPatience),
          "the connection survives opcode " + hex(opcode) + " before the login");
  }
}

void command_inside_login(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  Pdu pdu(kScsiCommand);
  pdu.set_itt(5).set32(24, session.cmd_sn);
  session.send(pdu);
  session.expect_closed("after a SCSI command in the login phase");
}

void too_much_data(const Options& options) {
  Session session(options);
  Pdu pdu = first_pdu(session);
  pdu.data.resize(8193, 0);
  session.login_refused(pdu, {kInitiatorError, kInvalid}, true);
}

// All of the 8192 bytes, and the last value does not end in them.
void unterminated_text(const Options& options) {
  Session session(options);
  Pdu pdu = first_pdu(session);
  while (pdu.data.size() < 8192) {
    const std::string key = "X-org.lunar.unended=" + std::string(200, 'v') + '\0';
    pdu.data.insert(pdu.data.end(), key.begin(), key.end());
  }
  pdu.data.resize(8192);
  pdu.data.back() = 'v';
  session.login_refused(pdu, {kInitiatorError});
}

void endless_empty_parts(const Options& options) {
  Session session(options);
  const Pdu pdu = session.login_pdu(kOperational, 0, kContinue, {});
  for (int i = 0; i < 1000; i++) {
    try {
      session.send(pdu);
      if (session.connection.receive().u16(36) == 0) continue;
    } catch (const Closed&) {
      return;
    }
    session.expect_closed("after too many Login PDUs");
    return;
  }
  throw Failure("1000 Login PDUs without text were taken");
}

void huge_claim(const Options& options) {
  Session session(options);
  Pdu pdu = first_pdu(session);
  pdu.claimed_data_length = 0xffffff;
  session.send(pdu);
  check(session.connection.closes_within(kPatience), "a 16 MB Login PDU is waited for");
}

void ahs_in_login(const Options& options) {
  Session session(options);
  Pdu pdu = first_pdu(session);
  pdu.ahs = {0, 5, 1, 0, 1, 2, 3, 4};
  session.login_refused(pdu, {kInitiatorError, kInvalid}, true);
}

void login_again(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.login_pdu(kOperational, kFullFeature, kTransit, session.identity());
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || (answer.opcode() == kLoginResponse && answer.u16(36) != 0),
          "a Login in full feature phase was answered by " + describe(answer));
  } catch (const Closed&) {
    return;
  }
}

void endless_continuation(const Options& options) {
  Session session(options);
  Pdu pdu = session.login_pdu(kOperational, 0, kContinue, {});
  pdu.data.assign(4096, 'x');
  // 64 MB of text that never ends: the target has to stop this long before.
  for (int i = 0; i < 16384; i++) {
    session.send(pdu);
    try {
      if (session.connection.receive().u16(36) == 0) continue;
    } catch (const Closed&) {
      return;
    }
    session.expect_closed("after too much text");
    return;
  }
  throw Failure("64 MB of login text were taken");
}

// The brief pause lets the target reach the state in which it waits.
void stalls_delay_nobody(const Options& options) {
  std::vector<Session> stalled;
  for (int stop = 0; stop < 4; stop++) {
    Session& session = stalled.emplace_back(options);
    if (stop == 1) session.connection.send_bytes(Bytes(20, 0x43));
    if (stop == 2) session.login_ok(kSecurity, kOperational, 0, session.identity());
    if (stop == 3) session.login_ok(kOperational, kFullFeature, 0, session.identity());
  }
  const auto before = std::chrono::steady_clock::now();
  probe(options);
  const auto took = std::chrono::steady_clock::now() - before;
  check(took < Milliseconds(3000),
        "a login took " + std::to_string(std::chrono::duration_cast<Milliseconds>(took).count()) +
            " ms while others stand still");
}

// More than a portal keeps: who came first gives way, who comes last gets in.
void crowd(const Options& options) {
  constexpr unsigned kLimit = 256;
  std::list<Session> silent;
  for (unsigned n = 0; n < kLimit + 32; n++) silent.emplace_back(options);
  probe(options);
  for (unsigned n = 0; n < 32; n++) {
    silent.front().expect_closed("as the oldest of too many that have not logged in");
    silent.pop_front();
  }
  silent.back().login();
}

void silence_ends(const Options& options) {
  Session session(options);
  check(session.connection.closes_within(Milliseconds(25000)),
        "a connection that says nothing is kept beyond login_timeout");
}

void half_a_login_ends(const Options& options) {
  Session session(options);
  session.login_ok(kOperational, kFullFeature, 0, session.identity());
  check(session.connection.closes_within(Milliseconds(25000)),
        "a login that stops half way is kept beyond login_timeout");
}

void closing_anywhere(const Options& options) {
  Session model(options);
  const Bytes wire = first_pdu(model, usual_offers()).encode(false, false);
  for (std::size_t cut = 0; cut <= wire.size(); cut += 29) {
    Session session(options);
    session.connection.send_bytes(Bytes(wire.begin(), wire.begin() + static_cast<long>(cut)));
    if (cut % 2 == 0) session.connection.reset();
  }
}

// To close with bytes unread is a reset, and that may overtake the refusal. So what lies behind the
// refused PDU, and what is still on its way, has to be taken.
void refusal_arrives(const Options& options) {
  Session session(options);
  session.target_name += "-of-nobody";
  Bytes wire = first_pdu(session).encode(false, false);
  wire.resize(wire.size() + 32768);
  session.connection.send_bytes(wire);
  const Pdu response = session.connection.receive();
  check_equal(response.opcode(), kLoginResponse, "answer, which is " + describe(response));
  check(response.u8(36) == 2, "status of the refused login: " + hex(response.u16(36)));
  session.connection.send_bytes(Bytes(32768));
  check(session.connection.ends_in_order(kPatience), "a refused login ends with a reset");
}

constexpr Scenario kTable[] = {
    {"badlogin.no-initiator", "plain", Kind::kHostile, no_initiator_name, "no InitiatorName: 0207"},
    {"badlogin.no-target", "plain", Kind::kHostile, no_target_name,
     "no TargetName in a normal session: 0207"},
    {"badlogin.unknown-target", "plain", Kind::kHostile, unknown_target,
     "a target that is not there: 0203", "answers 0301, at which initiators try again for ever"},
    {"badlogin.target-prefix", "plain", Kind::kHostile, target_prefix,
     "a part of a target's name: 0203", "answers 0301"},
    {"badlogin.session-type", "plain", Kind::kHostile, unknown_session_type,
     "an unknown SessionType: 0209 or 0200"},
    {"badlogin.no-acl", "closed", Kind::kHostile, initiator_without_acl,
     "an initiator without ACL: 0202"},
    {"badlogin.version", "plain", Kind::kHostile, newer_version_only, "Version-min 1: 0205"},
    {"badlogin.no-session", "plain", Kind::kHostile, session_that_is_not,
     "a TSIH nobody has: 020a"},
    {"badlogin.stages", "plain", Kind::kHostile, stage_combinations,
     "impossible CSG, NSG, T and C are refused", "accepts NSG 1 from CSG 1"},
    {"badlogin.stage-back", "plain", Kind::kHostile, back_to_security,
     "from the operational stage back to security"},
    {"badlogin.itt", "plain", Kind::kHostile, changed_itt, "the ITT changes during the login"},
    {"badlogin.cid", "plain", Kind::kHostile, changed_cid, "the CID changes during the login",
     "looks at the ITT only"},
    {"badlogin.isid", "plain", Kind::kHostile, changed_isid, "the ISID changes during the login",
     "looks at the ITT only"},
    {"badlogin.renamed", "plain", Kind::kHostile, renamed_initiator,
     "a second, different InitiatorName", "goes on with the first"},
    {"badlogin.not-a-login", "plain", Kind::kHostile, not_a_login,
     "any other PDU first closes the connection"},
    {"badlogin.command-inside", "plain", Kind::kHostile, command_inside_login,
     "a SCSI command during the login"},
    {"badlogin.8193-bytes", "plain", Kind::kHostile, too_much_data,
     "one byte of text more than 8192"},
    {"badlogin.unterminated", "plain", Kind::kHostile, unterminated_text,
     "8192 bytes of text whose last value has no NUL: 0200", "counts on a NUL that is not there"},
    {"badlogin.empty-parts", "plain", Kind::kHostile, endless_empty_parts,
     "parts without text, continued without end, are stopped", "does not gather continued text"},
    {"badlogin.huge-claim", "plain", Kind::kHostile, huge_claim,
     "a DataSegmentLength of 16 MB is not waited for"},
    {"badlogin.ahs", "plain", Kind::kHostile, ahs_in_login, "an AHS in a Login PDU",
     "reads the AHS as text"},
    {"badlogin.again", "plain", Kind::kHostile, login_again, "a Login PDU in full feature phase"},
    {"badlogin.endless-text", "plain", Kind::kHostile, endless_continuation,
     "continued text without end is stopped"},
    {"badlogin.stalls", "plain", Kind::kHostile, stalls_delay_nobody,
     "clients that stop at any point of the login delay no other",
     "the portal's thread waits for each in turn"},
    {"badlogin.crowd", "plain", Kind::kHostile, crowd,
     "of more than 256 silent connections the oldest end, and logins go on",
     "the portal's thread waits for each in turn"},
    {"timeout.silent", "plain", Kind::kHostile, silence_ends,
     "login_timeout closes a silent connection"},
    {"timeout.half-login", "plain", Kind::kHostile, half_a_login_ends,
     "login_timeout closes half a login", "6.1 has no timer after the first PDU"},
    {"badlogin.refusal-arrives", "plain", Kind::kHostile, refusal_arrives,
     "the refusal of a login is not followed by a reset, whatever else was sent", "resets"},
    {"badlogin.cut-anywhere", "plain", Kind::kHostile, closing_anywhere,
     "connections closed or reset at any byte of the first PDU"},
};

}  // namespace

Table badlogin_table() { return make_table(kTable); }

}  // namespace initiator
