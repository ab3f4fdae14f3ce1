// SPDX-License-Identifier: GPL-2.0-or-later
// Peers that send or ask without end. The target's work and memory for one of them have bounds,
// and the others are served meanwhile.
#include "check.h"
#include "peers.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint8_t kAbortTask = 1;
constexpr std::uint8_t kLunReset = 5;
// So long without taking a byte is standing still.
constexpr Milliseconds kStandstill{2000};
// No socket's buffers hold as much.
constexpr std::size_t kEndless = 24U << 20;
constexpr unsigned kPass = 1000;

// Short segments: the target's window opens again before all that it had is gone, so that its
// socket is never empty.
Session narrow_session(const Options& options) {
  Options narrow = options;
  narrow.narrow = true;
  return ready(narrow);
}

// PDUs that want no answer keep the receiving side busy: what does want one gets it all the same.
void served_meanwhile(const Options& options, Bytes (*make)(const Session&, unsigned)) {
  Session session = narrow_session(options);
  Pdu ping = session.request(kNopOut, 0x80, true);
  ping.set_ttt(kNoTag);
  {
    const Flood flood(session.connection, ping.encode(false, false), make(session, kPass));
    check_equal(session.expect(kNopIn, ping.itt()).itt(), ping.itt(), "ITT of the answer");
    check(flood.goes_on(), "the target takes no more");
    probe(options);
    check(flood.goes_on(), "the target takes no more");
  }
  session.good(test_unit_ready());
}

void pings(const Options& options) { served_meanwhile(options, silent_pings); }

void commands_below_the_window(const Options& options) { served_meanwhile(options, old_commands); }

// The target wants to end the connection and must come to it, however much there is to read.
void replaced(const Options& options) {
  Session session = narrow_session(options);
  const Flood flood(session.connection, {}, silent_pings(session, kPass));
  std::this_thread::sleep_for(Flood::kRunUp);
  check(flood.goes_on(), "the target takes no more");
  Session again(options);
  again.isid_qualifier = session.isid_qualifier;
  again.login();
  // Counted in bytes, since what is right here has nothing to do with how fast the machine is.
  const std::uint64_t before = flood.sent();
  while (flood.goes_on()) {
    check(flood.sent() - before < kEndless, "the target goes on with a connection it has replaced");
    std::this_thread::sleep_for(Milliseconds(10));
  }
  again.clear_attention();
}

// Every PDU is answered by a Reject, and no answer is read: there must be an end to what the target
// takes in. Afterwards nothing is lost.
void rejects(const Options& options) {
  Session session(options, true);
  session.login();
  session.connection.shrink_send_buffer();
  const Bytes pass = copies(unknown_request(session), kPass);
  std::size_t sent = 0;
  std::size_t now = pass.size();
  while (now == pass.size()) {
    check(sent < kEndless, "the target takes requests without end while its answers are not read");
    now = session.connection.send_some(pass, kStandstill);
    sent += now;
  }
  check(sent > pass.size(), "the target takes no requests");

  const Bytes cut(pass.begin() + static_cast<long>(sent % kBhsSize), pass.begin() + kBhsSize);
  std::thread rest([&] { session.connection.send_bytes(cut); });
  std::string failure;
  try {
    for (std::size_t i = 0; i < sent / kBhsSize + 1; i++) {
      const Pdu answer = session.receive();
      check_equal(answer.opcode(), kReject, "answer, which is " + describe(answer));
      check_equal(answer.u8(2), kRejectUnsupported, "reason of the Reject");
    }
  } catch (const Failure& why) {
    failure = why.what();
    session.connection.half_close();
  }
  rest.join();
  check(failure.empty(), failure);
  session.text({{"SendTargets", "All"}});
}

// Its answers fill every buffer on the way. A reset by another session aborts its waiting write,
// whose TASK ABORTED stands behind them.
void reset_past_deaf(const Options& options) {
  DeafReader deaf(options);
  Session other = ready(options);
  check_equal(other.task_management(kLunReset).u8(2), 0, "response to LOGICAL UNIT RESET");
  other.clear_attention();
  other.good(read10(0, 8));
  deaf.listen_again();
  deaf.session.clear_attention();
}

// Headers alone ask for 16 MiB each. The answer to one too many is a status that initiators know.
void buffers(const Options& options) {
  constexpr unsigned kFit = 20;
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command large = write16(0, Bytes(16U << 20)), small = write10(0, pattern(8 * kBlock, 3));
  std::vector<std::uint32_t> tasks;
  for (unsigned i = 0; i < kFit; i++) tasks.push_back(session.start(large));
  for (const std::uint32_t task : tasks) session.expect(kR2t, task);
  check_equal(session.run(large).status, kTaskSetFull, "status of one command too many");
  session.good(small);
  probe(options);
  check_equal(session.task_management(kAbortTask, tasks[0]).u8(2), 0, "response to ABORT TASK");
  session.good(small);
  check_equal(session.task_management(kLunReset).u8(2), 0, "response to LOGICAL UNIT RESET");
  session.clear_attention();
  for (unsigned i = 0; i < kFit; i++) session.expect(kR2t, session.start(large));
}

constexpr Scenario kTable[] = {
    {"flood.pings", "plain", Kind::kHostile, pings,
     "NOP-Outs without end that want no answer: others and a ping among them are answered"},
    {"flood.old-commands", "plain", Kind::kHostile, commands_below_the_window,
     "ignored commands without end: others and a ping among them are answered"},
    {"flood.replaced", "plain", Kind::kHostile, replaced,
     "a connection that sends without end is closed when its session is reinstated"},
    {"flood.rejects", "plain", Kind::kHostile, rejects,
     "Rejects that are not read pile up only so far"},
    {"flood.buffers", "plain", Kind::kHostile, buffers,
     "WRITEs without data: buffers for 320 MiB of a session, then TASK SET FULL"},
    {"flood.deaf-reset", "plain", Kind::kHostile, reset_past_deaf,
     "who reads no answers does not hold up another session's reset"},
};

}  // namespace

Table flood_table() { return make_table(kTable); }

}  // namespace initiator
