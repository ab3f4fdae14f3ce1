// SPDX-License-Identifier: GPL-2.0-or-later
// Command numbering, immediate delivery and pings (RFC 7143 sections 4.2.2 and 11.18).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

Pdu unit_ready(Session& session) { return session.command_pdu(test_unit_ready()); }

void answered_good(Session& session, const Pdu& command) {
  check_equal(session.expect(kScsiResponse, command.itt()).u8(3), kGood, "status");
}

void counts_up(const Options& options) {
  Session session = ready(options);
  for (int i = 0; i < 10; i++) {
    const Pdu command = unit_ready(session);
    session.send(command);
    answered_good(session, command);
    check_equal(session.exp_cmd_sn, session.cmd_sn, "ExpCmdSN after a command");
  }
  check(session.max_cmd_sn - session.exp_cmd_sn >= 15, "a command window of less than 16");
}

void out_of_order(const Options& options) {
  Session session = ready(options);
  const Pdu first = unit_ready(session);
  const Pdu second = unit_ready(session);
  const Pdu third = unit_ready(session);
  session.send(third);
  session.send(second);
  session.expect_silence();
  session.send(first);
  // Executed in the order of their numbers, whatever the order of arrival.
  for (const Pdu* command : {&first, &second, &third}) answered_good(session, *command);
}

void writes_out_of_order(const Options& options) {
  Session session = ready(options);
  const Command older = write10(16384, pattern(8 * kBlock, 1));
  const Command newer = write10(16384, pattern(8 * kBlock, 2));
  const Pdu first = session.command_pdu(older);
  const Pdu second = session.command_pdu(newer);
  session.send(second);
  session.send(first);
  answered_good(session, first);
  answered_good(session, second);
}

void above_the_window(const Options& options) {
  Session session = ready(options);
  Pdu beyond = unit_ready(session);
  session.cmd_sn--;
  beyond.set32(24, session.max_cmd_sn + 1);
  session.send(beyond);
  session.expect_silence();
  session.good(test_unit_ready());
}

void below_the_window(const Options& options) {
  Session session = ready(options);
  Pdu old = unit_ready(session);
  session.cmd_sn--;
  old.set32(24, session.exp_cmd_sn - 1);
  session.send(old);
  session.expect_silence();
  session.good(test_unit_ready());
}

// As far from the window as numbers of 32 bits can be.
void far_from_the_window(const Options& options) {
  Session session = ready(options);
  for (std::uint32_t step : {0x10000U, 0x7fffffffU, 0x80000000U, 0x80000001U, 0xffff0000U}) {
    Pdu far = unit_ready(session);
    session.cmd_sn--;
    far.set32(24, session.exp_cmd_sn + step);
    session.send(far);
  }
  session.expect_silence();
  session.good(test_unit_ready());
}

void same_number_twice(const Options& options) {
  Session session = ready(options);
  const Pdu command = unit_ready(session);
  session.send(command);
  answered_good(session, command);
  Pdu again = command;
  again.set_itt(session.next_itt++);
  session.send(again);
  session.expect_silence();
}

void window_full(const Options& options) {
  Session session = ready(options);
  const std::uint32_t window = session.max_cmd_sn - session.exp_cmd_sn + 1;
  std::vector<Pdu> commands;
  for (std::uint32_t i = 0; i < window; i++) commands.push_back(unit_ready(session));
  // All but the first: nothing may be answered and nothing may be lost.
  for (std::uint32_t i = window; i-- > 1;) session.send(commands[i]);
  session.expect_silence();
  session.send(commands[0]);
  for (const Pdu& command : commands) answered_good(session, command);
}

void immediate_delivery(const Options& options) {
  Session session = ready(options);
  Command command = test_unit_ready();
  command.immediate_delivery = true;
  for (int i = 0; i < 5; i++) session.good(command);
  check_equal(session.exp_cmd_sn, session.cmd_sn, "ExpCmdSN after immediate commands");
  session.good(test_unit_ready());
}

void immediate_passes_a_gap(const Options& options) {
  Session session = ready(options);
  const Pdu missing = unit_ready(session);
  const Pdu late = unit_ready(session);
  session.send(late);
  Command urgent = test_unit_ready();
  urgent.immediate_delivery = true;
  const Pdu now = session.command_pdu(urgent);
  session.send(now);
  answered_good(session, now);
  session.send(missing);
  answered_good(session, missing);
  answered_good(session, late);
}

void immediate_flood(const Options& options) {
  Session session = ready(options);
  std::vector<Pdu> pings;
  for (int i = 0; i < 300; i++) {
    pings.push_back(session.request(kNopOut, 0x80, true));
    pings.back().set_ttt(kNoTag);
    session.send(pings.back());
  }
  // Each one is answered, or rejected for there being too many.
  for (int i = 0; i < 300; i++) {
    const Pdu answer = session.receive();
    if (answer.opcode() == kNopIn) continue;
    check_equal(answer.opcode(), kReject, "answer to an immediate ping");
    check_equal(answer.u8(2), kRejectImmediate, "reason of the Reject");
  }
  session.good(test_unit_ready());
}

void ping_with_data(const Options& options) {
  Session session = ready(options);
  for (std::size_t size :
       {std::size_t{0}, std::size_t{1}, std::size_t{3}, std::size_t{512}, std::size_t{8192}}) {
    const Bytes data = pattern(size, 1);
    const std::string text(data.begin(), data.end());
    check_equal(session.ping(text).text(), text, "data of the NOP-In");
  }
}

// The answer carries no more than the initiator takes in one PDU.
void ping_larger_than_ours(const Options& options) {
  Session session = ready(options, {{"MaxRecvDataSegmentLength", "512"}});
  const Pdu pong = session.ping(std::string(2000, 'p'));
  check_equal(pong.data.size(), 512, "data of the NOP-In with MaxRecvDataSegmentLength=512");
}

void ping_without_answer(const Options& options) {
  Session session = ready(options);
  Pdu ping = session.request(kNopOut, 0x80, true);
  ping.set_itt(kNoTag).set_ttt(kNoTag);
  session.send(ping);
  session.expect_silence();
  session.good(test_unit_ready());
}

void target_pings(const Options& options) {
  Session session = ready(options);
  session.answer_pings = false;
  for (int i = 0; i < 2; i++) {
    const Pdu ping = session.receive();
    check_equal(ping.opcode(), kNopIn, "PDU on an idle connection");
    check_equal(ping.itt(), kNoTag, "ITT of the target's ping");
    check(ping.ttt() != kNoTag, "the target's ping asks for no answer");
    Pdu pong(kNopOut);
    pong.set_immediate()
        .set_itt(kNoTag)
        .set_ttt(ping.ttt())
        .set32(24, session.cmd_sn)
        .set32(28, session.exp_stat_sn);
    session.send(pong);
  }
  session.answer_pings = true;
  session.good(test_unit_ready());
}

void ping_unanswered(const Options& options) {
  Session session = ready(options);
  session.answer_pings = false;
  check_equal(session.receive().opcode(), kNopIn, "PDU on an idle connection");
  check(session.connection.closes_within(Milliseconds(15000)),
        "an initiator that does not answer pings is kept");
}

void pong_with_wrong_tag(const Options& options) {
  Session session = ready(options);
  Pdu pong(kNopOut);
  pong.set_immediate()
      .set_itt(kNoTag)
      .set_ttt(0x12345678)
      .set32(24, session.cmd_sn)
      .set32(28, session.exp_stat_sn);
  session.send(pong);
  try {
    if (const auto answer = session.connection.try_receive(kQuiet)) {
      check_equal(answer->opcode(), kReject, "answer to a NOP-Out for no ping of the target's");
    }
  } catch (const Closed&) {
  }
}

void itt_in_use(const Options& options) {
  // Two reads with one tag at the same time: the second is a protocol error, never a mix-up.
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command write = write10(16384, pattern(8 * kBlock, 3));
  const std::uint32_t itt = session.start(write);
  session.expect(kR2t, itt);
  Pdu same = session.command_pdu(read10(0, 1));
  same.set_itt(itt);
  session.send(same);
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || answer.opcode() == kScsiResponse ||
              answer.opcode() == kAsync || answer.opcode() == kDataIn,
          "answer to an ITT in use: " + describe(answer));
    // Whoever takes it serves it as a read of its own.
    if (answer.opcode() == kDataIn) check_equal(answer.data.size(), kBlock, "data");
  } catch (const Closed&) {
  }
}

// A tag is free with its status, though the answers behind that one still wait for us to read: they
// all fit into what a target sends in one go, but not into the sockets.
void itt_again(const Options& options) {
  constexpr unsigned kDepth = 32;
  constexpr unsigned kCommands = kDepth * 20;
  Options narrow = options;
  narrow.narrow = true;
  Session session = ready(narrow);
  const Command read = read10(16384, 8);
  for (unsigned i = 0; i < kDepth; i++) session.start(read);
  for (unsigned begun = kDepth, ended = 0; ended < kCommands;) {
    const Pdu pdu = session.receive();
    check_one_of(pdu.opcode(), {kDataIn, kScsiResponse}, "answer, which is " + describe(pdu));
    if (pdu.opcode() == kDataIn && (pdu.u8(1) & 0x01) == 0) continue;
    check_equal(pdu.u8(3), kGood, "status");
    ended++;
    if (begun == kCommands) continue;
    Pdu next = session.command_pdu(read);
    session.send(next.set_itt(pdu.itt()));
    begun++;
  }
}

constexpr Scenario kTable[] = {
    {"number.counts", "plain", Kind::kConforming, counts_up,
     "ExpCmdSN follows, the window is at least 16"},
    {"number.out-of-order", "plain", Kind::kConforming, out_of_order,
     "commands run in the order of CmdSN"},
    {"number.writes-out-of-order", "plain", Kind::kConforming, writes_out_of_order,
     "writes with immediate data ahead of their turn"},
    {"number.above", "plain", Kind::kHostile, above_the_window,
     "a CmdSN above MaxCmdSN is ignored"},
    {"number.below", "plain", Kind::kHostile, below_the_window,
     "a CmdSN below ExpCmdSN is ignored"},
    {"number.far", "plain", Kind::kHostile, far_from_the_window,
     "CmdSNs half the numbers away are ignored"},
    {"number.twice", "plain", Kind::kHostile, same_number_twice, "the same CmdSN again is ignored"},
    {"number.window-full", "plain", Kind::kConforming, window_full,
     "a whole window held back by its first command"},
    {"number.immediate", "plain", Kind::kConforming, immediate_delivery,
     "immediate commands use up no CmdSN", "rejects SCSI commands for immediate delivery"},
    {"number.immediate-gap", "plain", Kind::kConforming, immediate_passes_a_gap,
     "an immediate command does not wait for a gap",
     "rejects SCSI commands for immediate delivery"},
    {"number.immediate-flood", "plain", Kind::kHostile, immediate_flood,
     "300 immediate pings: NOP-In or Reject 6", "leaves some unanswered"},
    {"number.ping", "plain", Kind::kConforming, ping_with_data, "NOP-Out data comes back"},
    {"number.ping-cut", "plain", Kind::kConforming, ping_larger_than_ours,
     "NOP-In data is cut to our MaxRecvDataSegmentLength", "sends back all of it"},
    {"number.ping-silent", "plain", Kind::kConforming, ping_without_answer,
     "NOP-Out without ITT is not answered"},
    {"number.target-pings", "pinging", Kind::kConforming, target_pings,
     "the target pings after nopin_timeout"},
    {"number.deaf-to-pings", "pinging", Kind::kHostile, ping_unanswered,
     "nopin_response_timeout closes the connection"},
    {"number.pong-tag", "plain", Kind::kHostile, pong_with_wrong_tag,
     "a NOP-Out with a TTT nobody gave out"},
    {"number.itt-in-use", "plain", Kind::kHostile, itt_in_use, "an ITT that is still in use"},
    {"number.itt-again", "plain", Kind::kConforming, itt_again,
     "32 tags, each used again as soon as its status is here"},
};

}  // namespace

Table number_table() { return make_table(kTable); }

}  // namespace initiator
