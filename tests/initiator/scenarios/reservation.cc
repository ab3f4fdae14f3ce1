// SPDX-License-Identifier: GPL-2.0-or-later
// Reservations over two sessions: what a cluster relies on (SPC-2 RESERVE, SPC-4 PR).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

enum Action : std::uint8_t {
  kRegister = 0,
  kReserve = 1,
  kRelease = 2,
  kClear = 3,
  kPreempt = 4,
  kPreemptAbort = 5
};
constexpr std::uint8_t kWriteExclusive = 1;
constexpr std::uint8_t kExclusiveAccess = 3;
constexpr std::uint32_t kLba = 32768;

Session other_node(const Options& options) {
  Options renamed = options;
  renamed.initiator += "-node2";
  return ready(renamed);
}

void reserve_release(const Options& options) {
  Session one = ready(options);
  Session two = other_node(options);
  one.good(reserve6());
  check_equal(two.run(read10(0, 1)).status, kReservationConflict, "status of another's READ");
  check_equal(two.run(write10(kLba, pattern(kBlock, 1))).status, kReservationConflict,
              "status of another's WRITE");
  check_equal(two.run(release6()).status, kGood, "status of another's RELEASE");
  check_equal(two.run(read10(0, 1)).status, kReservationConflict,
              "status of READ after another's RELEASE");
  one.good(release6());
  two.good(read10(0, 1));
}

void reserve_ends_with_session(const Options& options) {
  Session two = other_node(options);
  {
    Session one = ready(options);
    one.good(reserve6());
    check_equal(two.run(read10(0, 1)).status, kReservationConflict, "status of another's READ");
    check_equal(one.logout(), 0, "Logout response");
    one.expect_closed("after a Logout");
  }
  // The close comes before or after the end of the session: wait for the effect, within bounds.
  for (int i = 0; i < 50; i++) {
    if (two.run(read10(0, 1)).status == kGood) return;
  }
  throw Failure("a reservation outlives the session that held it");
}

void reset_ends_reserve(const Options& options) {
  Session one = ready(options);
  Session two = other_node(options);
  one.good(reserve6());
  check_equal(two.task_management(5).u8(2), 0, "response to LOGICAL UNIT RESET");
  two.clear_attention();
  two.good(read10(0, 1));
}

void write_exclusive(const Options& options) {
  Session one = ready(options);
  Session two = other_node(options);
  one.good(pr_out(kRegister, 0, 0, 0x11));
  one.good(pr_out(kReserve, kWriteExclusive, 0x11, 0));
  two.good(read10(kLba, 1));
  check_equal(two.run(write10(kLba, pattern(kBlock, 1))).status, kReservationConflict,
              "status of another's WRITE");
  one.good(write10(kLba, pattern(kBlock, 2)));
  one.good(pr_out(kRelease, kWriteExclusive, 0x11, 0));
  two.good(write10(kLba, pattern(kBlock, 3)));
  one.good(pr_out(kClear, 0, 0x11, 0));
}

void preempted(const Options& options) {
  Session one = ready(options);
  Session two = other_node(options);
  one.good(pr_out(kRegister, 0, 0, 0x11));
  two.good(pr_out(kRegister, 0, 0, 0x22));
  one.good(pr_out(kReserve, kExclusiveAccess, 0x11, 0));
  two.good(pr_out(kPreemptAbort, kExclusiveAccess, 0x22, 0x11));
  Outcome outcome = one.run(write10(kLba, pattern(kBlock, 1)));
  if (outcome.status == kCheckCondition) outcome = one.run(write10(kLba, pattern(kBlock, 1)));
  check_equal(outcome.status, kReservationConflict, "status of the preempted node's WRITE");
  const Outcome keys = two.run(pr_in_read_keys());
  check_equal(keys.status, kGood, "status of READ KEYS");
  check(keys.data.size() >= 16 && keys.data[7] == 8 && keys.data[15] == 0x22,
        "the preempted key is still there");
  two.good(pr_out(kClear, 0, 0x22, 0));
  one.clear_attention();
  one.good(write10(kLba, pattern(kBlock, 2)));
}

// A write that waits for its data while its node is fenced must not reach the medium.
void fenced_while_waiting(const Options& options) {
  Session one = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  Session two = other_node(options);
  const Bytes old = pattern(8 * kBlock, 4);
  one.good(write10(kLba, old));
  one.good(pr_out(kRegister, 0, 0, 0x11));
  two.good(pr_out(kRegister, 0, 0, 0x22));
  two.good(pr_out(kReserve, 5, 0x22, 0));  // write exclusive, registrants only
  const Command write = write10(kLba, pattern(8 * kBlock, 5));
  const std::uint32_t itt = one.start(write);
  const Pdu r2t = one.expect(kR2t, itt);
  two.good(pr_out(kPreempt, 5, 0x22, 0x11));
  one.send_data(itt, r2t.ttt(), write, 0, 8 * kBlock);
  one.expect_refused(itt, "a write of a node that was fenced before its data came");
  check(two.good(read10(kLba, 8)).data == old, "a fenced node's write reached the medium");
  two.good(pr_out(kClear, 0, 0x22, 0));
}

constexpr Scenario kTable[] = {
    {"reservation.reserve6", "plain", Kind::kConforming, reserve_release,
     "RESERVE(6) keeps others out until RELEASE(6)"},
    {"reservation.session-end", "plain", Kind::kConforming, reserve_ends_with_session,
     "a reservation ends with its session"},
    {"reservation.reset", "plain", Kind::kConforming, reset_ends_reserve,
     "LOGICAL UNIT RESET ends a reservation"},
    {"reservation.write-exclusive", "plain", Kind::kConforming, write_exclusive,
     "PR write exclusive"},
    {"reservation.preempt", "plain", Kind::kConforming, preempted,
     "PREEMPT AND ABORT takes the reservation over"},
    {"reservation.fenced", "plain", Kind::kConforming, fenced_while_waiting,
     "a write is judged when its data has come"},
};

}  // namespace

Table reservation_table() { return make_table(kTable); }

}  // namespace initiator
