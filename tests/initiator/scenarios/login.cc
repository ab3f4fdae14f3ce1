// SPDX-License-Identifier: GPL-2.0-or-later
// Every legal way through the login stages (RFC 7143 section 6).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

Keys with_identity(const Session& session, const Keys& more) {
  Keys keys = session.identity();
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

void check_usable(Session& session) {
  session.clear_attention();
  session.good(inquiry());
  check_equal(session.logout(), 0, "Logout response");
  session.expect_closed("after a Logout");
}

void straight_to_full_feature(const Options& options) {
  Session session(options);
  session.login();
  check_usable(session);
}

void security_then_operational(const Options& options) {
  Session session(options);
  const Pdu first = session.login_ok(kSecurity, kOperational, kTransit,
                                     with_identity(session, {{"AuthMethod", "None"}}));
  check((first.u8(1) & kTransit) != 0, "the target stays in the security stage");
  check_equal(find_key(split_keys(first.text()), "AuthMethod").value_or(""), "None", "AuthMethod");
  check_equal(find_key(split_keys(first.text()), "TargetPortalGroupTag").value_or(""), "1",
              "TargetPortalGroupTag in the first Login Response");
  session.security_done = true;
  session.login();
  check_usable(session);
}

void security_to_full_feature(const Options& options) {
  Session session(options);
  const Pdu only = session.login_ok(kSecurity, kFullFeature, kTransit,
                                    with_identity(session, {{"AuthMethod", "None"}}));
  check((only.u8(1) & kTransit) != 0, "the target stays in the security stage");
  check_usable(session);
}

void method_list(const Options& options) {
  Session session(options);
  const Pdu first = session.login_ok(kSecurity, kOperational, kTransit,
                                     with_identity(session, {{"AuthMethod", "KRB5,SRP,None"}}));
  check_equal(find_key(split_keys(first.text()), "AuthMethod").value_or(""), "None", "AuthMethod");
}

void operational_in_steps(const Options& options) {
  Session session(options);
  Keys first = usual_offers();
  drop_key(first, "FirstBurstLength");
  Pdu step = session.login_ok(kOperational, kFullFeature, 0, with_identity(session, first));
  Keys answer = split_keys(step.text());
  session.adopt(answer);
  check_equal(find_key(answer, "MaxBurstLength").value_or(""), "262144", "MaxBurstLength");
  // A target that proposed the key itself takes ours for the answer and says nothing more.
  const bool proposed = find_key(answer, "FirstBurstLength").has_value();
  step = session.login_ok(kOperational, kFullFeature, 0, {{"FirstBurstLength", "8192"}});
  answer = split_keys(step.text());
  check_equal(find_key(answer, "FirstBurstLength").value_or(proposed ? "8192" : ""), "8192",
              "FirstBurstLength");
  step = session.login_ok(kOperational, kFullFeature, kTransit, {});
  check((step.u8(1) & kTransit) != 0, "the target stays in the operational stage");
  check_usable(session);
}

void text_in_pieces(const Options& options) {
  Session session(options);
  const std::string all = join_keys(with_identity(session, usual_offers()));
  // The cut is in the middle of a key's name.
  const std::size_t cut = all.find("MaxBurst") + 4;
  Pdu request = session.login_pdu(kOperational, 0, kContinue, {});
  request.set_data(all.substr(0, cut));
  const Pdu first = session.login_step(request);
  check_equal(first.u16(36), 0, "status while text goes on");
  check(first.data.empty(), "the target answers before the text is whole");
  check_equal(first.u8(1) & (kTransit | kContinue), 0, "T and C of the answer to C");

  request = session.login_pdu(kOperational, kFullFeature, kTransit, {});
  request.set_data(all.substr(cut));
  const Pdu last = session.login_step(request);
  check_equal(last.u16(36), 0, "status of the last Login Response");
  check((last.u8(1) & kTransit) != 0, "the target does not move on");
  check_equal(find_key(split_keys(last.text()), "MaxBurstLength").value_or(""), "262144",
              "the key that was cut in two");
  check_usable(session);
}

void byte_by_byte(const Options& options) {
  Session session(options);
  const Bytes wire =
      session
          .login_pdu(kOperational, kFullFeature, kTransit, with_identity(session, usual_offers()))
          .encode(false, false);
  for (std::uint8_t byte : wire) session.connection.send_bytes({byte});
  const Pdu response = session.connection.receive();
  check_equal(response.opcode(), kLoginResponse, "answer");
  check_equal(response.u16(36), 0, "status");
}

void filled(const Options& options, std::size_t total) {
  Session session(options);
  std::string all = join_keys(with_identity(session, {}));
  for (int i = 0; all.size() < total; i++) {
    const std::string name = "X-org.lunar.filler-" + std::to_string(i);
    const std::size_t left = total - all.size() - name.size() - 2;
    // The last two share what is left, so that no value is longer than 255 bytes.
    const std::size_t size = left > 255 ? std::min<std::size_t>(255, left - 60) : left;
    all += name + "=" + std::string(size, 'v');
    all.push_back('\0');
  }
  check_equal(all.size(), total, "size of the text this test makes");
  Pdu request = session.login_pdu(kOperational, kFullFeature, kTransit, {});
  request.set_data(all);
  const Pdu response = session.login_step(request);
  check_equal(response.u16(36), 0, "status");
  check_equal(find_key(split_keys(response.text()), "X-org.lunar.filler-0").value_or(""),
              "NotUnderstood", "answer to an unknown key");
}

void full_8191_bytes(const Options& options) { filled(options, 8191); }
void full_8192_bytes(const Options& options) { filled(options, 8192); }

void names_in_capitals(const Options& options) {
  Session session(options);
  for (char& c : session.initiator_name)
    c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  session.login();
  check_usable(session);
}

void default_session_type(const Options& options) {
  Session session(options);
  Keys keys{{"InitiatorName", session.initiator_name}, {"TargetName", session.target_name}};
  const Pdu response =
      session.login_step(session.login_pdu(kOperational, kFullFeature, kTransit, keys));
  check_equal(response.u16(36), 0, "status without SessionType, whose default is Normal");
  check_usable(session);
}

void numbers_start_anywhere(const Options& options) {
  Session session(options);
  session.cmd_sn = 0xfffffffe;
  session.login();
  session.clear_attention();
  for (int i = 0; i < 6; i++) session.good(read10(0, 1));
  check_equal(session.exp_cmd_sn, session.cmd_sn, "ExpCmdSN after passing zero");
}

void many_in_turn(const Options& options) {
  for (int i = 0; i < 20; i++) probe(options);
}

void data_follows_at_once(const Options& options) {
  // The first command is already on the way when the target answers the login.
  Session session(options);
  Bytes wire = session.login_pdu(kOperational, kFullFeature, kTransit, with_identity(session, {}))
                   .encode(false, false);
  Pdu ping(kNopOut);
  ping.set_immediate().set_itt(7).set_ttt(kNoTag).set32(24, session.cmd_sn).set_data("early");
  const Bytes second = ping.encode(false, false);
  wire.insert(wire.end(), second.begin(), second.end());
  session.connection.send_bytes(wire);
  check_equal(session.connection.receive().opcode(), kLoginResponse, "first answer");
  const Pdu pong = session.connection.receive();
  check_equal(pong.opcode(), kNopIn, "second answer");
  check_equal(pong.text(), "early", "data of the NOP-In");
}

constexpr Scenario kTable[] = {
    {"login.straight", "plain", Kind::kConforming, straight_to_full_feature,
     "one Login PDU leads from the operational stage to full feature phase"},
    {"login.two-stages", "plain", Kind::kConforming, security_then_operational,
     "AuthMethod=None in the security stage, then the operational stage; portal group tag first"},
    {"login.security-only", "plain", Kind::kConforming, security_to_full_feature,
     "from the security stage directly to full feature phase", "answers NSG 1 instead of 3"},
    {"login.method-list", "plain", Kind::kConforming, method_list,
     "None is found in a list of methods the target does not have"},
    {"login.operational-steps", "plain", Kind::kConforming, operational_in_steps,
     "keys in several PDUs without T, then T alone"},
    {"login.continued-text", "plain", Kind::kConforming, text_in_pieces,
     "text cut inside a key by the C bit is answered only when whole",
     "does not gather continued text"},
    {"login.byte-by-byte", "plain", Kind::kConforming, byte_by_byte,
     "a Login PDU that arrives one byte at a time"},
    {"login.8191-bytes", "plain", Kind::kConforming, full_8191_bytes,
     "a Login PDU of 8191 bytes of text, padded to 8192"},
    {"login.8192-bytes", "plain", Kind::kConforming, full_8192_bytes,
     "a Login PDU of exactly 8192 bytes of text is accepted"},
    {"login.capitals", "plain", Kind::kConforming, names_in_capitals,
     "an initiator name in capitals is the same name"},
    {"login.default-type", "plain", Kind::kConforming, default_session_type,
     "without SessionType the session is Normal",
     "answers 0207, though RFC 7143 13.21 has the default Normal"},
    {"login.numbers-wrap", "plain", Kind::kConforming, numbers_start_anywhere,
     "CmdSN starting just below zero passes it"},
    {"login.many", "plain", Kind::kConforming, many_in_turn, "twenty sessions one after another"},
    {"login.command-follows", "plain", Kind::kConforming, data_follows_at_once,
     "a ping in the same segment as the last Login PDU is answered after the login",
     "may lose what follows the login in one segment"},
};

}  // namespace

Table login_table() { return make_table(kTable); }

}  // namespace initiator
