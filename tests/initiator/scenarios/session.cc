// SPDX-License-Identifier: GPL-2.0-or-later
// Logout, reinstatement and second connections (RFC 7143 sections 6.3, 11.14 and 11.15).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 24576;

void logout_session(const Options& options) {
  Session session = ready(options);
  check_equal(session.logout(0), 0, "response to Logout of the session");
  session.expect_closed("after a Logout");
}

void logout_connection(const Options& options) {
  Session session = ready(options);
  check_equal(session.logout(1, 0), 0, "response to Logout of the connection");
  session.expect_closed("after a Logout");
}

void logout_other_cid(const Options& options) {
  Session session = ready(options);
  check_equal(session.logout(1, 33), 1, "response to Logout of CID 33, which is not there");
  session.good(test_unit_ready());
}

void logout_recovery(const Options& options) {
  Session session = ready(options);
  check_equal(session.logout(2, 0), 2, "response to Logout for recovery at ErrorRecoveryLevel 0");
}

void logout_unknown(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.request(kLogout, 0x80 | 9, true);
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    if (answer.opcode() == kReject) return;
    check_equal(answer.opcode(), kLogoutResponse, "answer: " + describe(answer));
    check(answer.u8(2) != 0, "reason code 9 was accepted");
  } catch (const Closed&) {
  }
}

void logout_with_commands(const Options& options) {
  Session session = ready(options);
  for (unsigned i = 0; i < 16; i++) session.start(read16(kLba, 256));
  Pdu logout = session.request(kLogout);
  session.send(logout);
  check_equal(session.expect(kLogoutResponse, logout.itt()).u8(2), 0,
              "response to a numbered Logout");
  session.expect_closed("after a Logout");
}

void logout_with_waiting_write(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const std::uint32_t itt = session.start(write10(kLba, pattern(8 * kBlock, 1)));
  session.expect(kR2t, itt);
  check_equal(session.logout(0), 0, "response to Logout");
  session.expect_closed("after a Logout");
}

void reinstatement(const Options& options) {
  Session old = ready(options);
  Session fresh(options);
  fresh.isid_qualifier = old.isid_qualifier;
  fresh.login();
  old.expect_closed("after another session took its place");
  fresh.clear_attention();
  fresh.good(read10(0, 1));
}

void reinstatement_with_write(const Options& options) {
  Session old = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Bytes before = pattern(8 * kBlock, 2);
  old.good(write10(kLba, before));
  const std::uint32_t itt = old.start(write10(kLba, pattern(8 * kBlock, 3)));
  old.expect(kR2t, itt);

  Session fresh(options);
  fresh.isid_qualifier = old.isid_qualifier;
  fresh.login();
  old.expect_closed("after another session took its place");
  fresh.clear_attention();
  check(fresh.good(read10(kLba, 8)).data == before, "a write of the replaced session was written");
}

void other_isids_live_together(const Options& options) {
  Session one = ready(options);
  Session two = ready(options);
  check(one.tsih != two.tsih, "two sessions with the same TSIH");
  one.good(read10(0, 1));
  two.good(read10(0, 1));
  one.good(read10(0, 1));
}

void other_initiators_live_together(const Options& options) {
  Session one = ready(options);
  Options renamed = options;
  renamed.initiator += "-two";
  Session two(renamed);
  two.isid_qualifier = one.isid_qualifier;
  two.login();
  two.clear_attention();
  one.good(read10(0, 1));
}

// MaxConnections=1: no second connection to a session, with another CID.
void second_connection(const Options& options) {
  Session session = ready(options);
  Session second(options);
  second.isid_qualifier = session.isid_qualifier;
  second.tsih = session.tsih;
  second.cid = 1;
  Keys keys = second.identity();
  second.login_refused(second.login_pdu(kOperational, kFullFeature, kTransit, keys),
                       {0x0206, 0x0208, 0x0200, 0x020b});
  session.good(test_unit_ready());
}

// TSIH of one session, ISID of nobody.
void foreign_tsih(const Options& options) {
  Session session = ready(options);
  Session second(options);
  second.tsih = session.tsih;
  second.cid = 1;
  second.login_refused(second.login_pdu(kOperational, kFullFeature, kTransit, second.identity()),
                       {0x020a, 0x0206, 0x0208, 0x0200, 0x020b});
  session.good(test_unit_ready());
}

void foreign_initiator(const Options& options) {
  Session session = ready(options);
  Options renamed = options;
  renamed.initiator += "-thief";
  Session second(renamed);
  second.isid_qualifier = session.isid_qualifier;
  second.tsih = session.tsih;
  second.cid = 1;
  second.login_refused(second.login_pdu(kOperational, kFullFeature, kTransit, second.identity()),
                       {0x020a, 0x0203, 0x0202, 0x0206, 0x0208, 0x0200, 0x020b});
  session.good(test_unit_ready());
}

void reinstated_many_times(const Options& options) {
  Session first(options);
  const std::uint16_t isid = first.isid_qualifier;
  for (int i = 0; i < 20; i++) {
    Session session(options);
    session.isid_qualifier = isid;
    session.login();
    session.start(read16(kLba, 512));
    session.start(write16(kLba, pattern(64 * kBlock, 4)));
  }
}

void half_closed(const Options& options) {
  Session session = ready(options);
  session.connection.half_close();
  session.expect_closed("after our half of it was closed");
}

void fifty_together(const Options& options) {
  std::vector<Session> sessions;
  for (int i = 0; i < 50; i++) {
    Options renamed = options;
    renamed.initiator += "-" + std::to_string(i);
    sessions.push_back(ready(renamed));
  }
  for (Session& session : sessions) session.good(read10(0, 1));
  for (Session& session : sessions) check_equal(session.logout(), 0, "Logout response");
}

constexpr Scenario kTable[] = {
    {"session.logout", "plain", Kind::kConforming, logout_session,
     "Logout of the session, then the target closes"},
    {"session.logout-connection", "plain", Kind::kConforming, logout_connection,
     "Logout of the connection"},
    {"session.logout-cid", "plain", Kind::kConforming, logout_other_cid,
     "Logout of a CID that is not there: 1"},
    {"session.logout-recovery", "plain", Kind::kConforming, logout_recovery,
     "Logout for recovery at ErrorRecoveryLevel 0: 2"},
    {"session.logout-unknown", "plain", Kind::kHostile, logout_unknown,
     "a Logout for no known reason is not accepted"},
    {"session.logout-busy", "plain", Kind::kConforming, logout_with_commands,
     "Logout behind 16 reads"},
    {"session.logout-waiting", "plain", Kind::kConforming, logout_with_waiting_write,
     "Logout while a write waits for Data-Out"},
    {"session.reinstated", "plain", Kind::kConforming, reinstatement,
     "the same ISID again closes the old session"},
    {"session.reinstated-write", "plain", Kind::kConforming, reinstatement_with_write,
     "a waiting write of the old session is dropped"},
    {"session.isids", "plain", Kind::kConforming, other_isids_live_together,
     "two ISIDs are two sessions"},
    {"session.initiators", "plain", Kind::kConforming, other_initiators_live_together,
     "one ISID of two initiators is two sessions"},
    {"session.second-connection", "plain", Kind::kHostile, second_connection,
     "MaxConnections=1: a second CID is refused"},
    {"session.foreign-tsih", "plain", Kind::kHostile, foreign_tsih,
     "TSIH of another ISID's session"},
    {"session.foreign-initiator", "plain", Kind::kHostile, foreign_initiator,
     "TSIH of another initiator's session"},
    {"session.reinstated-often", "plain", Kind::kHostile, reinstated_many_times,
     "replaced twenty times under commands"},
    {"session.half-closed", "plain", Kind::kHostile, half_closed, "our FIN ends the connection"},
    {"session.fifty", "plain", Kind::kConforming, fifty_together, "fifty sessions at once"},
};

}  // namespace

Table session_table() { return make_table(kTable); }

}  // namespace initiator
