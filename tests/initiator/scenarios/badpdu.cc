// SPDX-License-Identifier: GPL-2.0-or-later
// PDUs that no initiator sends at ErrorRecoveryLevel 0: opcodes, lengths, AHS (RFC 7143 section
// 11).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

void unknown_opcodes(const Options& options) {
  const std::uint8_t kUnknown[] = {0x07, 0x0f, 0x11, 0x1b, 0x1c, 0x1f};
  for (std::uint8_t opcode : kUnknown) {
    Session session = ready(options);
    Pdu pdu = session.request(opcode, 0x80, true);
    session.send(pdu);
    session.expect_reject({kRejectUnsupported, kRejectProtocol}, pdu);
  }
}

// Opcodes that only a target sends.
void target_opcodes(const Options& options) {
  for (std::uint8_t opcode :
       {kNopIn, kScsiResponse, kLoginResponse, kDataIn, kR2t, kAsync, kReject}) {
    Session session = ready(options);
    Pdu pdu = session.request(opcode, 0x80, true);
    session.send(pdu);
    try {
      check_equal(session.receive().opcode(), kReject, "answer to opcode " + hex(opcode));
    } catch (const Closed&) {
    }
  }
}

void snack(const Options& options) {
  for (std::uint8_t type = 0; type < 4; type++) {
    Session session = ready(options);
    Pdu pdu = session.request(kSnack, static_cast<std::uint8_t>(0x80 | type), true);
    pdu.set_itt(type == 1 ? kNoTag : 0x1111).set_ttt(kNoTag);
    session.send(pdu);
    session.expect_reject({kRejectSnack, kRejectProtocol, kRejectUnsupported}, pdu);
  }
}

// BegRun and RunLength of anything, for a task that is there.
void snack_ranges(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command write = write10(0, pattern(8 * kBlock, 0x13));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  for (std::uint32_t begin : {0U, 1U, 0x7fffffffU, 0xffffffffU}) {
    for (std::uint32_t length : {0U, 1U, 0x80000000U, 0xffffffffU}) {
      Pdu pdu = session.request(kSnack, 0x80, true);
      pdu.set_itt(itt).set_ttt(r2t.ttt()).set32(40, begin).set32(44, length);
      session.send(pdu);
      session.expect_reject({kRejectSnack, kRejectProtocol, kRejectUnsupported}, pdu);
    }
  }
  session.send_data(itt, r2t.ttt(), write, 0, 8 * kBlock);
  check_equal(session.expect(kScsiResponse, itt).u8(3), kGood, "status of the write");
}

void larger_than_declared(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.request(kNopOut);
  pdu.set_ttt(kNoTag);
  pdu.data = pattern(session.agreed.target_mrdsl + 4, 1);
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    check_equal(answer.opcode(), kReject,
                "answer to a data segment beyond MaxRecvDataSegmentLength");
  } catch (const Closed&) {
  }
}

void claims_much_sends_nothing(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.command_pdu(write10(0, {}));
  pdu.claimed_data_length = 0xffffff;
  session.send(pdu);
  session.expect_refused(pdu.itt(), "a claim of 16 MB of immediate data");
}

void write_with_ahs(Session& session, Pdu pdu, const Bytes& ahs, std::uint8_t words,
                    const std::string& what) {
  pdu.ahs = ahs;
  pdu.claimed_ahs_words = words;
  session.send(pdu);
  session.expect_refused(pdu.itt(), what);
}

void ahs_bounds(const Options& options) {
  struct Bad {
    const char* what;
    Bytes ahs;
  };
  const Bad kBad[] = {
      {"AHSLength 0", {0, 0, 1, 0}},
      {"AHSLength beyond TotalAHSLength", {0, 40, 1, 0, 1, 2, 3, 4}},
      {"AHSLength 65535", {0xff, 0xff, 1, 0}},
      {"an unknown AHS type", {0, 5, 0x3f, 0, 1, 2, 3, 4}},
      {"a bidirectional AHS without R and W", {0, 5, 2, 0, 0, 0, 2, 0}},
      {"two extended CDBs", {0, 5, 1, 0, 1, 2, 3, 4, 0, 5, 1, 0, 1, 2, 3, 4}},
      {"an AHS cut after two bytes", {0, 5, 1, 0}},
  };
  for (const Bad& bad : kBad) {
    Session session = ready(options);
    Pdu pdu = session.command_pdu(test_unit_ready());
    // A CDB that says it is longer than 16 bytes.
    pdu.set8(32, 0x7f).set8(39, 16);
    write_with_ahs(session, pdu, bad.ahs, static_cast<std::uint8_t>((bad.ahs.size() + 3) / 4),
                   bad.what);
  }
}

void largest_ahs(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.command_pdu(test_unit_ready());
  pdu.set8(32, 0x7f).set8(39, 255);
  Bytes ahs(255 * 4, 0);
  ahs[0] = 0x03;
  ahs[1] = 0xf9;
  ahs[2] = 1;
  write_with_ahs(session, pdu, ahs, 255, "an extended CDB of 1032 bytes");
}

void extended_cdb(const Options& options) {
  // READ(32): refused or served by the device, but the CDB must get there whole.
  Session session = ready(options);
  Command command;
  command.cdb.assign(32, 0);
  command.cdb[0] = 0x7f;
  command.cdb[7] = 24;
  command.cdb[9] = 0x09;
  command.cdb[31] = 1;
  command.read_length = kBlock;
  const Outcome outcome = session.run(command);
  check_equal(outcome.response, 0, "iSCSI response");
  check_one_of(outcome.status, {kGood, kCheckCondition}, "status");
  session.good(test_unit_ready());
}

void ahs_with_header_digest(const Options& options) {
  Session session = ready(options, {{"HeaderDigest", "CRC32C"}});
  Command command;
  command.cdb.assign(32, 0);
  command.cdb[0] = 0x7f;
  command.cdb[7] = 24;
  command.cdb[9] = 0x09;
  command.cdb[31] = 1;
  command.read_length = kBlock;
  session.run(command);
  session.good(test_unit_ready());
}

void both_directions(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.command_pdu(read10(0, 1));
  pdu.set8(1, 0xe1);
  session.send(pdu);
  session.expect_refused(pdu.itt(), "a bidirectional command");
}

// Direction bits that contradict the CDB: refused, and nothing moves the wrong way.
void wrong_direction(const Options& options) {
  Session session = ready(options);
  const Bytes old = pattern(8 * kBlock, 0x71);
  session.good(write10(28672, old));
  Command command = write10(28672, {});
  command.cdb[8] = 8;
  command.read_length = 8 * kBlock;
  const std::uint32_t itt = session.start(command);
  try {
    while (true) {
      const Pdu pdu = session.receive_for(itt);
      if (pdu.opcode() != kDataIn) break;
      if ((pdu.u8(1) & 1) != 0) break;
    }
  } catch (const Closed&) {
  }
  Session after = ready(options);
  check(after.good(read10(28672, 8)).data == old, "a WRITE with the R bit changed the medium");
}

void write_without_final(const Options& options) {
  // W=0, F=0: no data may follow, so the PDU is wrong.
  Session session = ready(options);
  Pdu pdu = session.command_pdu(test_unit_ready());
  pdu.set8(1, 0x01);
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || answer.opcode() == kScsiResponse,
          "answer: " + describe(answer));
  } catch (const Closed&) {
  }
}

void reserved_attribute(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.command_pdu(test_unit_ready());
  pdu.set8(1, 0x87);
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || answer.opcode() == kScsiResponse,
          "answer: " + describe(answer));
  } catch (const Closed&) {
  }
}

void reserved_itt(const Options& options) {
  Session session = ready(options);
  Pdu pdu = session.command_pdu(test_unit_ready());
  pdu.set_itt(kNoTag);
  session.send(pdu);
  try {
    const Pdu answer = session.receive();
    check(answer.opcode() == kReject || answer.opcode() == kScsiResponse,
          "answer: " + describe(answer));
  } catch (const Closed&) {
  }
}

void odd_luns(const Options& options) {
  Session session = ready(options);
  for (unsigned lun : {0x4001U, 0x8001U, 0xc101U, 0xffffU, 0x3fffU}) {
    Pdu pdu = session.command_pdu(read10(0, 1));
    pdu.set16(8, lun).set32(12, 0xffffffff);
    session.send(pdu);
    session.expect_refused(pdu.itt(), "LUN field " + hex(lun));
  }
  session.good(test_unit_ready());
}

// Deterministic noise behind a good login; the seed is printed by the failing scenario's name.
void noise(const Options& options) {
  std::uint32_t state = 12345;
  for (int round = 0; round < 60; round++) {
    Session session = ready(options);
    for (int i = 0; i < 8; i++) {
      Pdu pdu = session.request(0, 0x80);
      for (std::size_t at = 0; at < kBhsSize; at++) {
        state = state * 1664525 + 1013904223;
        pdu.set8(at, state >> 24);
      }
      // Plausible numbers on most, so that they get past the first look.
      pdu.set8(0, (state >> 20) & 0x47).set32(24, session.cmd_sn).set_lun(0);
      pdu.data = pattern((state >> 8) & 0x1ff, 1);
      session.send(pdu);
    }
    session.connection.closes_within(Milliseconds(30));
  }
}

constexpr Scenario kTable[] = {
    {"badpdu.opcodes", "plain", Kind::kHostile, unknown_opcodes, "unknown opcodes: Reject 5",
     "closes without the Reject"},
    {"badpdu.target-opcodes", "plain", Kind::kHostile, target_opcodes,
     "a target's opcodes sent by an initiator"},
    {"badpdu.snack", "plain", Kind::kHostile, snack, "SNACK at ErrorRecoveryLevel 0 is rejected",
     "closes without the Reject"},
    {"badpdu.snack-ranges", "plain", Kind::kHostile, snack_ranges,
     "SNACK of any range for a write that waits: rejected, and the write goes on",
     "closes without the Reject"},
    {"badpdu.too-large", "plain", Kind::kHostile, larger_than_declared,
     "more data than the target's MaxRecvDataSegmentLength"},
    {"badpdu.huge-claim", "plain", Kind::kHostile, claims_much_sends_nothing,
     "a DataSegmentLength of 16 MB"},
    {"badpdu.ahs", "plain", Kind::kHostile, ahs_bounds, "AHS lengths and types that are wrong",
     "6.1 reads behind the buffer at AHSLength 0"},
    {"badpdu.largest-ahs", "plain", Kind::kHostile, largest_ahs, "an AHS of 1020 bytes",
     "takes any length"},
    {"badpdu.extended-cdb", "plain", Kind::kConforming, extended_cdb,
     "a CDB of 32 bytes in an AHS"},
    {"badpdu.digest-over-ahs", "plain", Kind::kConforming, ahs_with_header_digest,
     "the header digest covers the AHS", "computes it over the 48 bytes alone"},
    {"badpdu.both-directions", "plain", Kind::kHostile, both_directions, "R and W together"},
    {"badpdu.wrong-direction", "plain", Kind::kHostile, wrong_direction,
     "a WRITE with the R bit writes nothing"},
    {"badpdu.not-final", "plain", Kind::kHostile, write_without_final, "F=0 without W"},
    {"badpdu.attribute", "plain", Kind::kHostile, reserved_attribute, "a reserved task attribute"},
    {"badpdu.itt", "plain", Kind::kHostile, reserved_itt, "the reserved ITT"},
    {"badpdu.luns", "plain", Kind::kHostile, odd_luns, "LUN fields of other addressing methods"},
    {"badpdu.noise", "plain", Kind::kHostile, noise, "headers full of noise",
     "allocates as much as a header claims"},
};

}  // namespace

Table badpdu_table() { return make_table(kTable); }

}  // namespace initiator
