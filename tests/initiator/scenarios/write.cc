// SPDX-License-Identifier: GPL-2.0-or-later
// Immediate, unsolicited and solicited data (RFC 7143 sections 11.3, 11.7.4 and 11.8).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 4096;

void written(Session& session, const Command& write) {
  const auto blocks = static_cast<std::uint16_t>(write.write.size() / kBlock);
  check(session.good(read10(kLba, blocks)).data == write.write, "other data than written");
}

void immediate(const Options& options) {
  Session session = ready(options);
  check(session.agreed.immediate_data, "ImmediateData=Yes was not agreed");
  const Command write = write10(kLba, pattern(8 * kBlock, 1));
  const Outcome outcome = session.good(write);
  check_equal(outcome.r2ts, 0, "R2Ts for a write whose data is all immediate");
  written(session, write);
}

void partly_immediate(const Options& options) {
  Session session = ready(options);
  Command write = write10(kLba, pattern(8 * kBlock, 2));
  for (std::size_t now : {std::size_t{0}, std::size_t{512}, std::size_t{1000}, std::size_t{4095}}) {
    write.immediate_data = now;
    write.write[0]++;
    const Outcome outcome = session.good(write);
    check_equal(outcome.r2ts, 1, "R2Ts with " + std::to_string(now) + " immediate bytes");
    written(session, write);
  }
}

void solicited_only(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}});
  check(!session.agreed.immediate_data, "ImmediateData=No was not agreed");
  const Command write = write10(kLba, pattern(64 * kBlock, 3));
  check_equal(session.good(write).r2ts, 1, "R2Ts for one burst");
  written(session, write);
}

void many_bursts(const Options& options) {
  Session session = ready(
      options, {{"ImmediateData", "No"}, {"MaxBurstLength", "4096"}, {"FirstBurstLength", "4096"}});
  const Command write = write10(kLba, pattern(64 * kBlock, 4));
  check_equal(session.good(write).r2ts, 8, "R2Ts for 32 KB with MaxBurstLength=4096");
  written(session, write);
}

// How many R2Ts come before any of their data is sent.
unsigned outstanding_r2ts(Session& session, const Command& write) {
  const std::uint32_t itt = session.start(write);
  std::vector<Pdu> waiting{session.expect(kR2t, itt)};
  while (auto next = session.connection.try_receive(kQuiet)) {
    check_equal(next->opcode(), kR2t, "PDU while data is waited for");
    waiting.push_back(*next);
  }
  const auto count = static_cast<unsigned>(waiting.size());
  std::uint32_t r2t_sn = 0;
  std::uint32_t offset = 0;
  for (;;) {
    for (const Pdu& r2t : waiting) {
      check_equal(r2t.u32(36), r2t_sn++, "R2TSN");
      check_equal(r2t.u32(40), offset, "Buffer Offset of an R2T");
      offset += r2t.u32(44);
      session.send_data(itt, r2t.ttt(), write, r2t.u32(40), r2t.u32(44));
    }
    waiting.clear();
    Pdu next = session.receive_for(itt);
    if (next.opcode() == kScsiResponse) {
      check_equal(next.u8(3), kGood, "status of the write");
      return count;
    }
    waiting.push_back(next);
  }
}

void one_r2t(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"},
                                    {"MaxBurstLength", "4096"},
                                    {"FirstBurstLength", "4096"},
                                    {"MaxOutstandingR2T", "1"}});
  const Command write = write10(kLba, pattern(64 * kBlock, 5));
  check_equal(outstanding_r2ts(session, write), 1, "R2Ts at once with MaxOutstandingR2T=1");
  written(session, write);
}

void four_r2ts(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"},
                                    {"MaxBurstLength", "4096"},
                                    {"FirstBurstLength", "4096"},
                                    {"InitialR2T", "Yes"}});
  check_equal(session.agreed.max_outstanding_r2t, 4, "MaxOutstandingR2T");
  const Command write = write10(kLba, pattern(64 * kBlock, 6));
  check_equal(outstanding_r2ts(session, write), 4, "R2Ts at once with MaxOutstandingR2T=4");
  written(session, write);
}

// With several R2Ts outstanding their data must come in the order of the R2Ts, so they go one
// after another; but two commands' sequences may be mixed.
void two_writes_mixed(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}, {"InitialR2T", "Yes"}});
  const Command one = write10(kLba, pattern(8 * kBlock, 7));
  const Command two = write10(kLba + 8, pattern(8 * kBlock, 8));
  const std::uint32_t first = session.start(one);
  const std::uint32_t second = session.start(two);
  const Pdu r2t_one = session.expect(kR2t, first);
  const Pdu r2t_two = session.expect(kR2t, second);
  check(r2t_one.ttt() != r2t_two.ttt(), "two R2Ts with the same TTT");
  for (std::uint32_t sn = 0; sn < 8; sn++) {
    const std::uint32_t at = sn * kBlock;
    const auto cut = [at](const Command& c) {
      return Bytes(c.write.begin() + at, c.write.begin() + at + kBlock);
    };
    session.send(session.data_out(second, r2t_two.ttt(), sn, at, cut(two), sn == 7));
    session.send(session.data_out(first, r2t_one.ttt(), sn, at, cut(one), sn == 7));
  }
  check_equal(session.expect(kScsiResponse, first).u8(3), kGood, "status of the first write");
  check_equal(session.expect(kScsiResponse, second).u8(3), kGood, "status of the second write");
  check(session.good(read10(kLba, 8)).data == one.write, "first write: other data than written");
  check(session.good(read10(kLba + 8, 8)).data == two.write,
        "second write: other data than written");
}

void unsolicited(const Options& options) {
  Session session = ready(options);
  check(!session.agreed.initial_r2t, "InitialR2T=No was not agreed");
  Command write = write10(kLba, pattern(64 * kBlock, 9));
  write.immediate_data = 0;
  check_equal(session.good(write).r2ts, 0, "R2Ts for a write within FirstBurstLength");
  written(session, write);

  write.write = pattern(64 * kBlock, 10);
  write.immediate_data = 4096;
  check_equal(session.good(write).r2ts, 0, "R2Ts for immediate plus unsolicited data");
  written(session, write);
}

void all_three_ways(const Options& options) {
  Session session = ready(options, {{"FirstBurstLength", "8192"}, {"MaxBurstLength", "16384"}});
  Command write = write10(kLba, pattern(128 * kBlock, 11));
  write.immediate_data = 2048;
  check_equal(session.good(write).r2ts, 4, "R2Ts for the 56 KB behind the first burst");
  written(session, write);
}

void unsolicited_not_used(const Options& options) {
  Session session = ready(options);
  Command write = write10(kLba, pattern(16 * kBlock, 12));
  write.unsolicited = false;
  write.immediate_data = 512;
  check_equal(session.good(write).r2ts, 1, "R2Ts when the initiator sends no unsolicited data");
  written(session, write);
}

// The initiator may end its unsolicited burst early with F.
void short_unsolicited(const Options& options) {
  Session session = ready(options);
  Command write = write10(kLba, pattern(16 * kBlock, 13));
  write.immediate_data = 512;
  const Pdu pdu = session.command_pdu(write);
  check(!pdu.final(), "the command's F means no unsolicited data");
  session.send(pdu);
  session.send_data(pdu.itt(), kNoTag, write, 512, 1024);
  check_equal(session.finish(pdu.itt(), write).status, kGood, "status");
  written(session, write);
}

// The command's turn comes while its only Data-Out is half here.
void split_unsolicited(const Options& options) {
  Session session = ready(options);
  Command write = write10(kLba, pattern(16 * kBlock, 15));
  write.immediate_data = 0;
  for (int round = 0; round < 4; round++) {
    write.write[0]++;
    const Pdu pdu = session.command_pdu(write);
    Bytes wire = pdu.encode(session.connection.header_digest(), session.connection.data_digest());
    const Bytes data =
        session.data_out(pdu.itt(), kNoTag, 0, 0, write.write, true)
            .encode(session.connection.header_digest(), session.connection.data_digest());
    const auto half = data.begin() + static_cast<std::ptrdiff_t>(data.size() / 2);
    wire.insert(wire.end(), data.begin(), half);
    session.connection.send_bytes(wire);
    session.expect_silence();
    session.connection.send_bytes(Bytes(half, data.end()));
    check_equal(session.finish(pdu.itt(), write).status, kGood, "status");
    written(session, write);
  }
}

void large(const Options& options) {
  Session session = ready(options);
  const Command write = write16(kLba, pattern(2 << 20, 14));
  session.good(write);
  check(session.good(read16(kLba, 4096)).data == write.write, "other data than written");
}

void depth_32(const Options& options) {
  Session session = ready(options);
  std::vector<Command> writes;
  std::vector<std::uint32_t> tags;
  for (unsigned i = 0; i < 32; i++) {
    writes.push_back(
        write10(kLba + i * 32, pattern(32 * kBlock, static_cast<std::uint8_t>(20 + i))));
    writes.back().immediate_data = i % 3 * 512;
    tags.push_back(session.start(writes.back()));
  }
  for (unsigned i = 0; i < 32; i++) {
    check_equal(session.finish(tags[i], writes[i]).status, kGood,
                "status of write " + std::to_string(i));
  }
  for (unsigned i = 0; i < 32; i++) {
    check(session.good(read10(kLba + i * 32, 32)).data == writes[i].write,
          "write " + std::to_string(i) + ": other data than written");
  }
}

void r2t_fields(const Options& options) {
  Session session = ready(options, {{"ImmediateData", "No"}});
  Command write = write10(kLba, pattern(8 * kBlock, 15));
  const std::uint32_t itt = session.start(write);
  const Pdu r2t = session.expect(kR2t, itt);
  check_equal(r2t.u8(1), 0x80, "flags of the R2T");
  check_equal(r2t.u16(8), 0, "LUN of the R2T");
  check_equal(r2t.data.size(), 0, "data of the R2T");
  check_equal(r2t.u32(36), 0, "R2TSN");
  check_equal(r2t.u32(40), 0, "Buffer Offset");
  check_equal(r2t.u32(44), 8 * kBlock, "Desired Data Transfer Length");
  session.send_data(itt, r2t.ttt(), write, 0, 8 * kBlock);
  check_equal(session.expect(kScsiResponse, itt).u8(3), kGood, "status");
}

void beyond_the_end(const Options& options) {
  Session session = ready(options);
  for (std::size_t now : {std::size_t{0}, std::size_t{4096}}) {
    Command write = write10(0xfffffff0, pattern(8 * kBlock, 16));
    write.immediate_data = now;
    write.unsolicited = false;
    const Outcome outcome = session.run(write);
    check_equal(outcome.status, kCheckCondition, "status of a write beyond the end");
    check_equal(outcome.asc_ascq(), 0x2100, "additional sense code");
  }
  session.good(test_unit_ready());
}

constexpr Scenario kTable[] = {
    {"write.immediate", "plain", Kind::kConforming, immediate, "all data in the command PDU"},
    {"write.partly-immediate", "plain", Kind::kConforming, partly_immediate,
     "the rest of the data by R2T"},
    {"write.solicited", "plain", Kind::kConforming, solicited_only, "ImmediateData=No: R2T first"},
    {"write.bursts", "plain", Kind::kConforming, many_bursts, "one R2T for each MaxBurstLength"},
    {"write.one-r2t", "plain", Kind::kConforming, one_r2t, "MaxOutstandingR2T=1"},
    {"write.four-r2ts", "unsolicited", Kind::kConforming, four_r2ts,
     "MaxOutstandingR2T=4: four R2Ts at once"},
    {"write.mixed", "plain", Kind::kConforming, two_writes_mixed,
     "Data-Outs of two writes take turns"},
    {"write.unsolicited", "unsolicited", Kind::kConforming, unsolicited,
     "unsolicited Data-Out up to FirstBurstLength"},
    {"write.three-ways", "unsolicited", Kind::kConforming, all_three_ways,
     "immediate, unsolicited and solicited in one write"},
    {"write.unused-burst", "unsolicited", Kind::kConforming, unsolicited_not_used,
     "InitialR2T=No, but F in the command"},
    {"write.short-burst", "unsolicited", Kind::kConforming, short_unsolicited,
     "unsolicited data that ends before FirstBurstLength", "waits for the whole first burst"},
    {"write.split-unsolicited", "unsolicited", Kind::kConforming, split_unsolicited,
     "a write whose turn comes while its last Data-Out is half here"},
    {"write.large", "plain", Kind::kConforming, large, "2 MB by WRITE(16)"},
    {"write.depth-32", "plain", Kind::kConforming, depth_32, "32 writes at once"},
    {"write.r2t-fields", "plain", Kind::kConforming, r2t_fields, "every field of an R2T"},
    {"write.beyond-end", "plain", Kind::kConforming, beyond_the_end,
     "a write out of range is refused, its data or not"},
};

}  // namespace

Table write_table() { return make_table(kTable); }

}  // namespace initiator
