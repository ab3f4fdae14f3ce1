// SPDX-License-Identifier: GPL-2.0-or-later
// Header and data digests, right and wrong, at ErrorRecoveryLevel 0 (RFC 7143 sections 7.8
// and 13.1).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 12288;

Keys digests(bool header, bool data) {
  return {{"HeaderDigest", header ? "CRC32C" : "None"}, {"DataDigest", data ? "CRC32C" : "None"}};
}

void exercise(Session& session) {
  // Sizes whose padding is 0 to 3 bytes, by pings; then reads and writes in all their ways.
  for (const char* text : {"", "a", "ab", "abc", "abcd"}) {
    check_equal(session.ping(text).text(), text, "data of the NOP-In");
  }
  Command write = write10(kLba, pattern(128 * kBlock, 9));
  session.good(write);
  check(session.good(read10(kLba, 128)).data == write.write, "other data than written");
  write.immediate_data = 0;
  write.write[5] ^= 0xff;
  session.good(write);
  check(session.good(read10(kLba, 128)).data == write.write, "other data than written");
  check_equal(session.run(read10(0xfffffff0, 1)).status, kCheckCondition, "status beyond the end");
  session.task_management(1, 0x99999);
  check_equal(session.logout(), 0, "Logout response");
}

void header_only(const Options& options) {
  Session session = ready(options, digests(true, false));
  check(session.connection.header_digest() && !session.connection.data_digest(),
        "other digests than asked for");
  exercise(session);
}

void data_only(const Options& options) {
  Session session = ready(options, digests(false, true));
  check(!session.connection.header_digest() && session.connection.data_digest(),
        "other digests than asked for");
  exercise(session);
}

void both(const Options& options) {
  Session session = ready(options, digests(true, true));
  check(session.connection.header_digest() && session.connection.data_digest(),
        "other digests than asked for");
  exercise(session);
}

void both_small_segments(const Options& options) {
  Keys keys = digests(true, true);
  keys.emplace_back("MaxRecvDataSegmentLength", "1021");
  keys.emplace_back("MaxBurstLength", "2560");
  keys.emplace_back("FirstBurstLength", "2560");
  Session session = ready(options, keys);
  exercise(session);
}

void bad_header(const Options& options) {
  Session session = ready(options, digests(true, false));
  session.connection.send(session.request(kNopOut).set_ttt(kNoTag), {.header_digest = true});
  session.expect_closed("after a header digest error");
}

void bad_header_of_write(const Options& options) {
  Session session = ready(options, digests(true, true));
  session.connection.send(session.command_pdu(write10(kLba, pattern(4096, 1))),
                          {.header_digest = true});
  session.expect_closed("after a header digest error");
}

void bad_data_of_ping(const Options& options) {
  Session session = ready(options, digests(false, true));
  Pdu ping = session.request(kNopOut);
  ping.set_ttt(kNoTag).set_data("some ping data");
  session.connection.send(ping, {.data_digest = true});
  session.expect_reject({kRejectDataDigest}, ping);
}

// Reject with Data-Digest-Error first; then the task fails or the connection ends.
void task_ends(Session& session, std::uint32_t itt, const Pdu& bad) {
  session.expect_reject({kRejectDataDigest}, bad);
  try {
    const Pdu end = session.receive_for(itt);
    check_equal(end.opcode(), kScsiResponse, "PDU after the Reject: " + describe(end));
    check_equal(end.u8(3), kCheckCondition, "status of a write whose data was damaged");
    check(end.data.size() > 15, "CHECK CONDITION without sense data");
    check_equal(end.data[4] & 0x0f, 0x0b, "sense key (ABORTED COMMAND)");
    check_equal(end.data[14], 0x47, "additional sense code (PROTOCOL SERVICE CRC ERROR)");
  } catch (const Closed&) {
    return;
  }
}

void not_written(const Options& options, const Bytes& old) {
  Session session = ready(options);
  check(session.good(read10(kLba, 8)).data == old, "damaged data was written");
}

void bad_immediate_data(const Options& options) {
  Session session = ready(options, digests(true, true));
  const Bytes old = pattern(8 * kBlock, 0x61);
  session.good(write10(kLba, old));
  const Pdu bad = session.command_pdu(write10(kLba, pattern(8 * kBlock, 0x62)));
  session.connection.send(bad, {.data_digest = true});
  // A command whose data segment is damaged is no command: the Reject is its only answer, and its
  // CmdSN is not used up. Closing is allowed as well.
  session.cmd_sn--;
  session.expect_reject({kRejectDataDigest}, bad);
  try {
    session.good(test_unit_ready());
  } catch (const Closed&) {
  }
  not_written(options, old);
}

void bad_data_out(const Options& options) {
  Keys keys = digests(true, true);
  keys.emplace_back("ImmediateData", "No");
  keys.emplace_back("InitialR2T", "Yes");
  Session session = ready(options, keys);
  const Bytes old = pattern(8 * kBlock, 0x63);
  session.good(write10(kLba, old));
  const Command write = write10(kLba, pattern(8 * kBlock, 0x64));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  const Pdu bad = session.data_out(itt, r2t.ttt(), 0, 0, write.write, true);
  session.connection.send(bad, {.data_digest = true});
  task_ends(session, itt, bad);
  not_written(options, old);
}

constexpr Scenario kTable[] = {
    {"digest.header", "plain", Kind::kConforming, header_only, "HeaderDigest=CRC32C alone"},
    {"digest.data", "plain", Kind::kConforming, data_only, "DataDigest=CRC32C alone"},
    {"digest.both", "plain", Kind::kConforming, both, "both digests"},
    {"digest.small-segments", "plain", Kind::kConforming, both_small_segments,
     "both digests on padded and cut segments"},
    {"digest.bad-header", "plain", Kind::kHostile, bad_header,
     "a header digest error closes the connection"},
    {"digest.bad-header-write", "plain", Kind::kHostile, bad_header_of_write,
     "the same on a write with immediate data"},
    {"digest.bad-ping", "plain", Kind::kHostile, bad_data_of_ping, "a damaged ping: Reject 2",
     "closes without the Reject"},
    {"digest.bad-immediate", "plain", Kind::kHostile, bad_immediate_data,
     "damaged immediate data: Reject 2, nothing written", "closes without the Reject"},
    {"digest.bad-data-out", "plain", Kind::kHostile, bad_data_out,
     "damaged Data-Out: Reject 2, then 0B/47 or a close, nothing written",
     "closes without the Reject"},
};

}  // namespace

Table digest_table() { return make_table(kTable); }

}  // namespace initiator
