// SPDX-License-Identifier: GPL-2.0-or-later
// Data-In: sizes, sequences, status, residuals (RFC 7143 sections 11.4 and 11.7).
#include "check.h"
#include "scenarios/tables.h"

namespace initiator {
namespace {

constexpr std::uint32_t kLba = 2048;

void basics(const Options& options) {
  Session session = ready(options);
  check(session.good(inquiry(36)).data.size() == 36, "INQUIRY data of another size than 36");
  const Outcome luns = session.good([] {
    Command command = report_luns(16);
    return command;
  }());
  check_equal(luns.data.size(), 16, "REPORT LUNS data");
  check_equal(luns.data.at(3), 8, "LUN list length of one LUN");
  check_equal(session.good(read_capacity10()).data.size(), 8, "READ CAPACITY data");
  session.good(synchronize_cache());
}

void small_segments(const Options& options) {
  Session session = ready(options, {{"MaxRecvDataSegmentLength", "512"}});
  const Bytes data = pattern(32 * kBlock, 3);
  session.good(write10(kLba, data));
  const Outcome outcome = session.good(read10(kLba, 32));
  check(outcome.data == data, "other data than written");
  check_equal(outcome.data_in_pdus, 32, "number of Data-In PDUs with MaxRecvDataSegmentLength=512");
}

void odd_segments(const Options& options) {
  Session session = ready(options, {{"MaxRecvDataSegmentLength", "1021"}});
  const Bytes data = pattern(16 * kBlock, 4);
  session.good(write10(kLba, data));
  check(session.good(read10(kLba, 16)).data == data, "other data than written");
}

void small_bursts(const Options& options) {
  Session session = ready(options, {{"MaxRecvDataSegmentLength", "1024"},
                                    {"MaxBurstLength", "2560"},
                                    {"FirstBurstLength", "2560"}});
  check_equal(session.agreed.max_burst, 2560, "MaxBurstLength");
  const Bytes data = pattern(32 * kBlock, 5);
  session.good(write10(kLba, data));
  check(session.good(read10(kLba, 32)).data == data, "other data than written");
}

void large(const Options& options) {
  Session session = ready(options);
  Command write = write16(kLba, pattern(1 << 20, 6));
  session.good(write);
  check(session.good(read16(kLba, 2048)).data == write.write, "other data than written");
}

void many_at_once(const Options& options) {
  Session session = ready(options);
  const Bytes data = pattern(32 * 8 * kBlock, 7);
  session.good(write10(kLba, data));
  std::vector<std::uint32_t> tags;
  for (unsigned i = 0; i < 32; i++) tags.push_back(session.start(read10(kLba + i * 8, 8)));
  for (unsigned i = 32; i-- > 0;) {
    const Outcome outcome = session.finish(tags[i], read10(kLba + i * 8, 8));
    check(outcome.status == kGood, "status of a read");
    const auto at = data.begin() + i * 8 * kBlock;
    check(outcome.data == Bytes(at, at + 8 * kBlock),
          "read " + std::to_string(i) + " has other data than written");
  }
}

void status_in_data(const Options& options) {
  Session session = ready(options);
  const Outcome outcome = session.good(read10(kLba, 8));
  check(outcome.collapsed, "the status of a read came in a PDU of its own");
}

void underflow(const Options& options) {
  Session session = ready(options);
  Command command = inquiry(36);
  command.read_length = 96;
  const Outcome outcome = session.run(command);
  check_equal(outcome.status, kGood, "status");
  check_equal(outcome.data.size(), 36, "INQUIRY data");
  check(outcome.underflow() && !outcome.overflow(), "U is not set");
  check_equal(outcome.residual, 60, "Residual Count");
}

void read_underflow(const Options& options) {
  Session session = ready(options);
  Command command = read10(kLba, 4);
  command.edtl = 8 * kBlock;
  const Outcome outcome = session.run(command);
  check_equal(outcome.status, kGood, "status");
  check_equal(outcome.data.size(), 4 * kBlock, "data");
  check(outcome.underflow() && !outcome.overflow(), "U is not set");
  check_equal(outcome.residual, 4 * kBlock, "Residual Count");
}

void read_overflow(const Options& options) {
  Session session = ready(options);
  Command command = read10(kLba, 8);
  command.edtl = 3 * kBlock;
  const Outcome outcome = session.run(command);
  check_equal(outcome.status, kGood, "status");
  check_equal(outcome.data.size(), 3 * kBlock, "data, which may not exceed what is expected");
  check(outcome.overflow() && !outcome.underflow(), "O is not set");
  check_equal(outcome.residual, 5 * kBlock, "Residual Count");
}

void beyond_the_end(const Options& options) {
  Session session = ready(options);
  const Outcome outcome = session.run(read10(0xfffffff0, 8));
  check_equal(outcome.response, 0, "iSCSI response");
  check_equal(outcome.status, kCheckCondition, "status");
  check_equal(outcome.sense_key(), 5, "sense key");
  check_equal(outcome.asc_ascq(), 0x2100, "additional sense code");
  check_equal(outcome.data.size(), 0, "data of a refused read");
}

void missing_lun(const Options& options) {
  Session session = ready(options);
  Command command = read10(0, 1);
  command.lun = 77;
  const Outcome outcome = session.run(command);
  check_equal(outcome.status, kCheckCondition, "status of a read from a LUN that is not there");
  check_equal(outcome.sense_key(), 5, "sense key");
  check_equal(outcome.asc_ascq(), 0x2500, "additional sense code");
}

void unknown_cdb(const Options& options) {
  Session session = ready(options);
  Command command = test_unit_ready();
  command.cdb[0] = 0xf7;
  const Outcome outcome = session.run(command);
  check_equal(outcome.status, kCheckCondition, "status of an unknown CDB");
  check_equal(outcome.sense_key(), 5, "sense key");
  check_equal(outcome.asc_ascq(), 0x2000, "additional sense code");
}

void zero_blocks(const Options& options) {
  Session session = ready(options);
  session.good(read10(kLba, 0));
}

void sense_length(const Options& options) {
  Session session = ready(options);
  const std::uint32_t itt = session.start(read10(0xfffffff0, 1));
  const Pdu pdu = session.expect(kScsiResponse, itt);
  check(pdu.data.size() >= 20, "SCSI Response without sense data");
  const std::size_t length = static_cast<std::size_t>(pdu.data[0]) << 8 | pdu.data[1];
  check_equal(length + 2, pdu.data.size(), "SenseLength and the data segment");
  check_equal(pdu.u32(36), 0, "ExpDataSN of a task without Data-In");
  check(pdu.final(), "F of the SCSI Response");
}

constexpr Scenario kTable[] = {
    {"read.basics", "plain", Kind::kConforming, basics,
     "INQUIRY, REPORT LUNS, READ CAPACITY, SYNCHRONIZE CACHE"},
    {"read.small-segments", "plain", Kind::kConforming, small_segments,
     "MaxRecvDataSegmentLength=512: one PDU per block"},
    {"read.odd-segments", "plain", Kind::kConforming, odd_segments,
     "MaxRecvDataSegmentLength=1021: padded PDUs"},
    {"read.small-bursts", "plain", Kind::kConforming, small_bursts,
     "F at each MaxBurstLength of 2560"},
    {"read.large", "plain", Kind::kConforming, large, "1 MB written and read by 16-byte CDBs"},
    {"read.depth-32", "plain", Kind::kConforming, many_at_once,
     "32 reads at once, each with its own data"},
    {"read.collapsed-status", "plain", Kind::kConforming, status_in_data,
     "GOOD comes in the last Data-In"},
    {"read.inquiry-underflow", "plain", Kind::kConforming, underflow,
     "36 of 96 bytes: U and residual 60"},
    {"read.underflow", "plain", Kind::kConforming, read_underflow,
     "EDTL beyond the CDB's length: U"},
    {"read.overflow", "plain", Kind::kConforming, read_overflow,
     "EDTL below the CDB's length: O, data cut"},
    {"read.beyond-end", "plain", Kind::kConforming, beyond_the_end,
     "LBA out of range: 05/2100 and no data"},
    {"read.missing-lun", "plain", Kind::kConforming, missing_lun,
     "a LUN that is not there: 05/2500"},
    {"read.unknown-cdb", "plain", Kind::kConforming, unknown_cdb, "an unknown CDB: 05/2000"},
    {"read.zero-blocks", "plain", Kind::kConforming, zero_blocks, "READ of nothing is GOOD"},
    {"read.sense-layout", "plain", Kind::kConforming, sense_length,
     "SenseLength before the sense data"},
};

}  // namespace

Table read_table() { return make_table(kTable); }

}  // namespace initiator
