// SPDX-License-Identifier: GPL-2.0-or-later
// Task management (RFC 7143 sections 11.5 and 11.6).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

enum Function : std::uint8_t {
  kAbortTask = 1,
  kAbortTaskSet = 2,
  kClearAca = 3,
  kClearTaskSet = 4,
  kLunReset = 5,
  kWarmReset = 6,
  kColdReset = 7,
  kReassign = 8,
};

enum Response : std::uint8_t {
  kComplete = 0,
  kNoTask = 1,
  kNoLun = 2,
  kReassignUnsupported = 4,
  kUnsupported = 5,
  kUnauthorized = 6,
  kRejected = 255,
};

constexpr std::uint32_t kLba = 20480;

void abort_missing(const Options& options) {
  Session session = ready(options);
  const Pdu response = session.task_management(kAbortTask, 0x4711, session.cmd_sn - 1);
  check_equal(response.u8(2), kNoTask, "response to ABORT TASK of a task that is not there");
  check_equal(response.u8(1), 0x80, "flags of the response");
  session.good(test_unit_ready());
}

void abort_finished(const Options& options) {
  Session session = ready(options);
  const std::uint32_t itt = session.start(read10(0, 1));
  session.finish(itt, read10(0, 1));
  check_equal(session.task_management(kAbortTask, itt, session.cmd_sn - 1).u8(2), kNoTask,
              "response to ABORT TASK of a task that has ended");
}

// The task may just have ended: either way every PDU of it comes before the response.
void abort_running(const Options& options) {
  Session session = ready(options);
  for (int i = 0; i < 10; i++) {
    const Command read = read16(kLba, 1024);
    const std::uint32_t itt = session.start(read);
    Pdu tmf = session.request(kTmf, 0x80 | kAbortTask, true);
    tmf.set32(20, itt).set32(32, session.cmd_sn - 1);
    session.send(tmf);
    bool status_seen = false;
    for (;;) {
      const Pdu pdu = session.receive();
      if (pdu.itt() == tmf.itt()) {
        check_equal(pdu.opcode(), kTmfResponse, "answer to the TMF");
        check_one_of(pdu.u8(2), {kComplete, kNoTask}, "response");
        break;
      }
      check_equal(pdu.itt(), itt, "ITT of " + describe(pdu));
      check(!status_seen, "a PDU after the task's status");
      status_seen =
          pdu.opcode() == kScsiResponse || (pdu.opcode() == kDataIn && (pdu.u8(1) & 1) != 0);
    }
    if (!status_seen) session.expect_silence();
  }
  session.good(test_unit_ready());
}

void abort_waiting_write(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Bytes old = pattern(8 * kBlock, 1);
  session.good(write10(kLba, old));
  const Command write = write10(kLba, pattern(8 * kBlock, 2));
  const std::uint32_t itt = session.start(write);
  session.expect(kR2t, itt);
  const Pdu response = session.task_management(kAbortTask, itt, session.cmd_sn - 1);
  check_equal(response.u8(2), kComplete, "response to ABORT TASK of a write that waits for data");
  session.expect_silence();
  check(session.good(read10(kLba, 8)).data == old, "an aborted write was written");
}

// In the middle of its unsolicited data.
void abort_unsolicited(const Options& options) {
  Session session = ready(options);
  const Bytes old = pattern(16 * kBlock, 0x31);
  session.good(write10(kLba, old));
  Command write = write10(kLba, pattern(16 * kBlock, 0x32));
  write.immediate_data = 0;
  const Pdu pdu = session.command_pdu(write);
  check(!pdu.final(), "the profile allows no unsolicited data");
  session.send(pdu);
  const Bytes half(write.write.begin(), write.write.begin() + 4096);
  session.send(session.data_out(pdu.itt(), kNoTag, 0, 0, half, false));
  check_equal(session.task_management(kAbortTask, pdu.itt(), pdu.u32(24)).u8(2), kComplete,
              "response to ABORT TASK of a write in its unsolicited data");
  // The rest was on its way.
  session.send(session.data_out(pdu.itt(), kNoTag, 1, 4096, half, true));
  check(session.good(read10(kLba, 16)).data == old, "an aborted write was written");
}

// Its answers are in line, and nobody takes them: the abort comes too late or cuts them short.
void abort_answered(const Options& options) {
  Options narrow = options;
  narrow.narrow = true;
  Session session = ready(narrow);
  std::uint32_t last = 0;
  for (int i = 0; i < 24; i++) last = session.start(read16(kLba, 128));
  Pdu tmf = session.request(kTmf, 0x80 | kAbortTask, true);
  tmf.set32(20, last).set32(32, session.cmd_sn - 1);
  session.send(tmf);
  check_one_of(session.expect(kTmfResponse, tmf.itt()).u8(2), {kComplete, kNoTask}, "response");
}

void data_after_abort(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Bytes old = pattern(8 * kBlock, 3);
  session.good(write10(kLba, old));
  const Command write = write10(kLba, pattern(8 * kBlock, 4));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  // On the way already when the abort arrives; the target has to take and drop it.
  Pdu tmf = session.request(kTmf, 0x80 | kAbortTask, true);
  tmf.set32(20, itt).set32(32, session.cmd_sn - 1);
  session.send(tmf);
  session.send_data(itt, r2t.ttt(), write, 0, 8 * kBlock);
  check_equal(session.expect(kTmfResponse, tmf.itt()).u8(2), kComplete, "response");
  check(session.good(read10(kLba, 8)).data == old, "an aborted write was written");
}

// The command was lost on the way; a TMF that names its CmdSN makes the target take it as received.
void abort_lost(const Options& options) {
  Session session = ready(options);
  const Pdu lost = session.command_pdu(test_unit_ready());
  Pdu tmf = session.request(kTmf, 0x80 | kAbortTask, true);
  tmf.set32(20, lost.itt()).set32(32, lost.u32(24));
  session.send(tmf);
  check_equal(session.expect(kTmfResponse, tmf.itt()).u8(2), kComplete,
              "response to ABORT TASK of a command that never came");
  session.good(test_unit_ready());
}

void lun_reset(const Options& options) {
  Session session = ready(options);
  Session other = ready(options);
  check_equal(session.task_management(kLunReset).u8(2), kComplete,
              "response to LOGICAL UNIT RESET");
  const Outcome outcome = other.run(test_unit_ready());
  check_equal(outcome.status, kCheckCondition, "first status of another session after a reset");
  check_equal(outcome.sense_key(), 6, "sense key");
  check_equal(outcome.asc_ascq() >> 8, 0x29, "additional sense code");
  other.clear_attention();
  session.clear_attention();
}

void lun_reset_ends_waiting_write(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Bytes old = pattern(8 * kBlock, 5);
  session.good(write10(kLba, old));
  const std::uint32_t itt = session.start(write10(kLba, pattern(8 * kBlock, 6)));
  session.expect(kR2t, itt);
  check_equal(session.task_management(kLunReset).u8(2), kComplete,
              "response to LOGICAL UNIT RESET");
  session.clear_attention();
  check(session.good(read10(kLba, 8)).data == old, "a reset write was written");
}

// A session whose write waits for data for ever must not hold up another's reset.
void lun_reset_past_a_silent_write(const Options& options) {
  Session silent = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const std::uint32_t itt = silent.start(write10(kLba, pattern(8 * kBlock, 7)));
  silent.expect(kR2t, itt);
  Session session = ready(options);
  check_equal(session.task_management(kLunReset).u8(2), kComplete,
              "response to LOGICAL UNIT RESET");
  session.clear_attention();
}

void reset_of_missing_lun(const Options& options) {
  Session session = ready(options);
  check_equal(session.task_management(kLunReset, kNoTag, 0, 77).u8(2), kNoLun,
              "response to LOGICAL UNIT RESET of LUN 77");
}

void warm_reset(const Options& options) {
  Session session = ready(options);
  check_one_of(session.task_management(kWarmReset).u8(2),
               {kComplete, kUnsupported, kUnauthorized, kRejected},
               "response to TARGET WARM RESET");
  session.clear_attention();
}

void reassign(const Options& options) {
  Session session = ready(options);
  check_one_of(session.task_management(kReassign, 0x4711).u8(2), {kReassignUnsupported},
               "response to TASK REASSIGN at ErrorRecoveryLevel 0");
}

void other_functions(const Options& options) {
  Session session = ready(options);
  for (std::uint8_t function : {kClearAca, Function{0}, Function{9}, Function{100}}) {
    check_one_of(session.task_management(function).u8(2), {kUnsupported, kRejected},
                 "response to function " + std::to_string(function));
  }
  session.good(test_unit_ready());
}

void abort_waiting_set(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command old = write10(kLba, pattern(8 * kBlock, 7)),
                write = write10(kLba, pattern(8 * kBlock, 8));
  session.good(old);
  const std::uint32_t itt = session.start(write);
  session.expect(kR2t, itt);
  check_equal(session.task_management(kAbortTaskSet).u8(2), kComplete,
              "response to ABORT TASK SET");
  session.expect_silence();
  check(session.good(read10(kLba, 8)).data == old.write, "a write that was aborted was written");
}

void empty_set(const Options& options) {
  Session session = ready(options);
  check_equal(session.task_management(kAbortTaskSet).u8(2), kComplete,
              "response to ABORT TASK SET without tasks");
  check_equal(session.task_management(kAbortTaskSet, kNoTag, 0, 77).u8(2), kNoLun,
              "response to ABORT TASK SET of a LUN that is not there");
  session.good(test_unit_ready());
}

// A numbered one comes last and fills the gap: what is behind it in order is not of its set.
void set_before_held(const Options& options) {
  Session session = ready(options);
  Pdu tmf = session.request(kTmf, 0x80 | kAbortTaskSet);
  tmf.set32(20, kNoTag);
  const Command write = write10(kLba, pattern(8 * kBlock, 9));
  const std::uint32_t itt = session.start(write);
  Command immediate = write10(kLba + 64, pattern(8 * kBlock, 10));
  immediate.immediate_delivery = true;
  immediate.immediate_data = 0;
  const std::uint32_t second = session.start(immediate);
  const Pdu r2t = session.expect(kR2t, second);
  session.expect_silence();
  session.send(tmf);
  check_equal(session.expect(kTmfResponse, tmf.itt()).u8(2), kComplete, "response");
  check_equal(session.finish(itt, write).status, kGood, "status of a write behind the request");
  session.send_data(second, r2t.ttt(), immediate, 0, 8 * kBlock);
  check_equal(session.expect(kScsiResponse, second).u8(3), kGood, "status of an immediate one");
}

void numbered_tmf(const Options& options) {
  Session session = ready(options);
  Pdu tmf = session.request(kTmf, 0x80 | kAbortTask);
  tmf.set32(20, 0x4711).set32(32, session.cmd_sn - 2);
  session.send(tmf);
  check_equal(session.expect(kTmfResponse, tmf.itt()).u8(2), kNoTask, "response");
  session.good(test_unit_ready());
}

constexpr Scenario kTable[] = {
    {"tmf.abort-missing", "plain", Kind::kConforming, abort_missing, "ABORT TASK of nothing: 1",
     "answers by the numbers of another list of codes"},
    {"tmf.abort-finished", "plain", Kind::kConforming, abort_finished,
     "ABORT TASK of a task that has ended: 1"},
    {"tmf.abort-running", "plain", Kind::kConforming, abort_running,
     "ABORT TASK of a read: 0 or 1, nothing of it afterwards"},
    {"tmf.abort-waiting", "plain", Kind::kConforming, abort_waiting_write,
     "ABORT TASK of a write that waits for Data-Out", "answers when the data has come"},
    {"tmf.abort-unsolicited", "unsolicited", Kind::kHostile, abort_unsolicited,
     "ABORT TASK of a write half of whose unsolicited data is here"},
    {"tmf.abort-answered", "plain", Kind::kHostile, abort_answered,
     "ABORT TASK of the last of 24 reads whose data nobody has taken yet"},
    {"tmf.data-after-abort", "plain", Kind::kConforming, data_after_abort,
     "Data-Out behind its ABORT TASK is dropped", "lets the data race with the abort"},
    {"tmf.abort-lost", "plain", Kind::kConforming, abort_lost,
     "ABORT TASK of a command that never came: 0", "keeps waiting for the lost CmdSN"},
    {"tmf.lun-reset", "plain", Kind::kConforming, lun_reset,
     "LOGICAL UNIT RESET: unit attention for others"},
    {"tmf.reset-waiting", "plain", Kind::kConforming, lun_reset_ends_waiting_write,
     "a reset ends a write that waits for Data-Out", "answers when the data has come"},
    {"tmf.reset-silent", "plain", Kind::kConforming, lun_reset_past_a_silent_write,
     "a silent writer does not hold up another's reset", "answers when the data has come"},
    {"tmf.reset-missing", "plain", Kind::kConforming, reset_of_missing_lun,
     "a reset of a LUN that is not there: 2", "answers by the numbers of another list of codes"},
    {"tmf.warm-reset", "plain", Kind::kConforming, warm_reset,
     "TARGET WARM RESET: done or refused, and the session lives"},
    {"tmf.reassign", "plain", Kind::kConforming, reassign, "TASK REASSIGN: 4",
     "answers by the numbers of another list of codes"},
    {"tmf.unknown", "plain", Kind::kHostile, other_functions, "unknown functions: 5 or 255",
     "closes the connection"},
    {"tmf.abort-set", "plain", Kind::kConforming, abort_waiting_set,
     "ABORT TASK SET of a write that waits for Data-Out", "does not support it"},
    {"tmf.abort-empty-set", "plain", Kind::kConforming, empty_set,
     "ABORT TASK SET without tasks: 0; without the LUN: 2", "does not support it"},
    {"tmf.set-before-held", "plain", Kind::kConforming, set_before_held,
     "ABORT TASK SET leaves what was sent after it", "does not support it"},
    {"tmf.numbered", "plain", Kind::kConforming, numbered_tmf, "a TMF without immediate delivery",
     "answers by the numbers of another list of codes"},
};

}  // namespace

Table tmf_table() { return make_table(kTable); }

}  // namespace initiator
