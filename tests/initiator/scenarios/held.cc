// SPDX-License-Identifier: GPL-2.0-or-later
// Commands that the target holds because an earlier CmdSN is missing, or because the rest of their
// PDU has not come: they can be aborted, they hold up nobody else, and the session lives on.
#include "check.h"
#include "peers.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

enum Function : std::uint8_t { kAbortTask = 1, kLunReset = 5 };
enum Response : std::uint8_t { kComplete = 0, kNoTask = 1 };

void good_status(Session& session, const Pdu& command, const char* what) {
  check_equal(session.expect(kScsiResponse, command.itt()).u8(3), kGood, what);
}

void append(Bytes& to, const Pdu& pdu) {
  const Bytes wire = pdu.encode(false, false);
  to.insert(to.end(), wire.begin(), wire.end());
}

// The gap is filled and the header of the aborted write's data follows in one segment; the data
// itself comes later, in pieces, when the write is gone.
void data_after_abort(const Options& options) {
  HeldWrite peer(options, {{"ImmediateData", "No"}});
  Session& session = peer.session;
  check(!peer.held.final(), "the profile allows no unsolicited data");
  check_equal(session.task_management(kAbortTask, peer.held.itt(), peer.held.u32(24)).u8(2),
              kComplete, "response to ABORT TASK of a held write");
  Bytes wire;
  append(wire, peer.missing);
  append(wire, session.data_out(peer.held.itt(), kNoTag, 0, 0, peer.write.write, true));
  const std::size_t first = 2 * kBhsSize;
  session.connection.send_bytes(Bytes(wire.begin(), wire.begin() + first));
  good_status(session, peer.missing, "status of the command before an aborted one");
  session.expect_silence();
  for (std::size_t at = first; at < wire.size(); at += 512) {
    const auto from = wire.begin() + static_cast<long>(at);
    session.connection.send_bytes(Bytes(from, from + 512));
  }
  session.good(test_unit_ready());
  check(peer.medium() == peer.old, "a write that was aborted was written");
}

// As above, with the write's data in its own PDU.
void abort_with_data(const Options& options) {
  HeldWrite peer(options);
  Session& session = peer.session;
  check_equal(session.task_management(kAbortTask, peer.held.itt(), peer.held.u32(24)).u8(2),
              kComplete, "response to ABORT TASK of a held write");
  session.send(peer.missing);
  good_status(session, peer.missing, "status of the command before an aborted one");
  session.expect_silence();
  check(peer.medium() == peer.old, "a write that was aborted was written");
}

// What comes in the wrong order is delivered in the right one, as in a session without a past.
void order_still_works(Session& session) {
  const Pdu first = session.command_pdu(test_unit_ready());
  const Pdu second = session.command_pdu(test_unit_ready());
  session.send(second);
  session.send(first);
  good_status(session, first, "status of the first of two in the wrong order");
  good_status(session, second, "status of the second of two in the wrong order");
}

// An initiator that gets no sign repeats its ABORT TASK of a command that was lost.
void abort_again(const Options& options) {
  Session session = ready(options);
  const Pdu missing = session.command_pdu(test_unit_ready());
  const Pdu lost = session.command_pdu(test_unit_ready());
  for (int i = 0; i < 200; i++) {
    check_equal(session.task_management(kAbortTask, lost.itt(), lost.u32(24)).u8(2), kComplete,
                "response to ABORT TASK of a command that never came");
  }
  session.send(missing);
  good_status(session, missing, "status of the command before the lost one");
  order_still_works(session);
}

// The task tag is unknown, but the CmdSN is that of a command which is here.
void abort_by_number(const Options& options) {
  Session session = ready(options);
  const Pdu missing = session.command_pdu(test_unit_ready());
  const Pdu held = session.command_pdu(test_unit_ready());
  session.send(held);
  for (int i = 0; i < 3; i++) {
    check_one_of(session.task_management(kAbortTask, 0x4711, held.u32(24)).u8(2),
                 {kComplete, kNoTask}, "response to ABORT TASK with another's CmdSN");
  }
  session.send(missing);
  good_status(session, missing, "status of the command before");
  good_status(session, held, "status of a command that nobody aborted");
  order_still_works(session);
}

void reset(Session& session) {
  check_equal(session.task_management(kLunReset).u8(2), kComplete,
              "response to LOGICAL UNIT RESET");
}

void reset_past_held(const Options& options) {
  HeldWrite peer(options);
  Session other = ready(options);
  reset(other);
  other.clear_attention();
  peer.fill_gap();
  check(peer.medium() == peer.old, "a write that was reset was written");
  order_still_works(peer.session);
}

void reset_past_half(const Options& options) {
  HalfWrite peer(options);
  Session other = ready(options);
  reset(other);
  other.clear_attention();
  peer.send_rest();
  check(peer.medium() == peer.old, "a write that was reset was written");
  order_still_works(peer.session);
}

// The abort is answered, the gap is still open: nobody may wait for the initiator to fill it.
void reset_past_aborted(const Options& options) {
  HeldWrite peer(options);
  check_equal(peer.session.task_management(kAbortTask, peer.held.itt(), peer.held.u32(24)).u8(2),
              kComplete, "response to ABORT TASK of a held write");
  Session other = ready(options);
  reset(other);
  other.clear_attention();
  peer.session.send(peer.missing);
  check_one_of(peer.session.expect(kScsiResponse, peer.missing.itt()).u8(3),
               {kGood, kCheckCondition}, "status of the command before an aborted one");
  peer.session.clear_attention();
  check(peer.medium() == peer.old, "a write that was aborted was written");
  order_still_works(peer.session);
}

void own_reset(const Options& options) {
  HeldWrite peer(options);
  reset(peer.session);
  peer.fill_gap();
  check(peer.medium() == peer.old, "a write that was reset was written");
  order_still_works(peer.session);
}

constexpr Scenario kTable[] = {
    {"held.data-after-abort", "unsolicited", Kind::kHostile, data_after_abort,
     "data of a held write that was aborted goes nowhere, in how many pieces it may come"},
    {"held.abort", "plain", Kind::kHostile, abort_with_data,
     "a held write that was aborted is not written when its turn comes"},
    {"held.abort-again", "plain", Kind::kHostile, abort_again,
     "200 times ABORT TASK of one lost command, and the order of CmdSNs still holds"},
    {"held.abort-by-number", "plain", Kind::kHostile, abort_by_number,
     "ABORT TASK with the CmdSN of another, held command leaves that alone"},
    {"held.reset", "plain", Kind::kHostile, reset_past_held,
     "a held write does not hold up another session's reset"},
    {"held.reset-half", "plain", Kind::kHostile, reset_past_half,
     "half a write PDU does not hold up another session's reset"},
    {"held.reset-aborted", "plain", Kind::kHostile, reset_past_aborted,
     "a held write that was aborted does not hold up another session's reset"},
    {"held.own-reset", "plain", Kind::kHostile, own_reset,
     "a reset ends a held write of its own session"},
};

}  // namespace

Table held_table() { return make_table(kTable); }

}  // namespace initiator
