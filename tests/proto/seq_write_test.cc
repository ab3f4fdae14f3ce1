// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <vector>

#include "seq.h"
#include "support.h"

namespace lunar_test {
namespace {

constexpr std::uint32_t kTtt = 0x42;

struct Write {
  lunar_seq_limits limits{};
  lunar_write_seq seq{};

  Write() {
    limits.max_burst = 4096;
    limits.first_burst = 2048;
    limits.max_recv_dsl = 1024;
    limits.max_r2t = 1;
    limits.immediate_data = true;
  }

  lunar_seq_result start(std::uint32_t edtl, std::uint32_t immediate = 0, bool final = true) {
    return lunar_write_seq_init(&seq, &limits, edtl, immediate, final, kTtt);
  }

  lunar_seq_result data(std::uint32_t sn, std::uint32_t offset, std::uint32_t length, bool final,
                        std::uint32_t ttt = kTtt) {
    lunar_bhs bhs = header(LUNAR_OP_DATA_OUT, 1, length);
    bhs.any.flags = final ? LUNAR_FLAG_FINAL : 0;
    bhs.data_out.ttt = lunar_to_be32(ttt);
    bhs.data_out.data_sn = lunar_to_be32(sn);
    bhs.data_out.offset = lunar_to_be32(offset);
    return lunar_write_seq_data(&seq, &bhs);
  }

  lunar_seq_result unsolicited(std::uint32_t sn, std::uint32_t offset, std::uint32_t length,
                               bool final) {
    return data(sn, offset, length, final, LUNAR_TAG_RESERVED);
  }

  // Expects an R2T of exactly this.
  void expect_r2t(std::uint32_t sn, std::uint32_t offset, std::uint32_t length) {
    lunar_r2t_args r2t{};
    ASSERT_TRUE(lunar_write_seq_next_r2t(&seq, &r2t));
    EXPECT_EQ(r2t.r2t_sn, sn);
    EXPECT_EQ(r2t.offset, offset);
    EXPECT_EQ(r2t.length, length);
    EXPECT_EQ(r2t.ttt, kTtt);
  }

  void expect_no_r2t() {
    lunar_r2t_args r2t{};
    EXPECT_FALSE(lunar_write_seq_next_r2t(&seq, &r2t));
  }
};

TEST(WriteSeq, IsCompleteWithImmediateDataAlone) {
  Write w;
  EXPECT_EQ(w.start(512, 512), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
}

TEST(WriteSeq, IsCompleteWithoutAnyData) {
  Write w;
  EXPECT_EQ(w.start(0), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
}

TEST(WriteSeq, AsksForEverythingWithoutImmediateData) {
  Write w;
  EXPECT_EQ(w.start(2048), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 0, 2048);
  w.expect_no_r2t();
  EXPECT_EQ(w.data(0, 0, 1024, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(1, 1024, 1024, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeq, AsksForTheRestAfterImmediateData) {
  Write w;
  EXPECT_EQ(w.start(2048, 512), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 512, 1536);
  EXPECT_EQ(w.data(0, 512, 1024, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(1, 1536, 512, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeq, CutsAtMaxBurstLength) {
  Write w;
  w.limits.max_recv_dsl = 65536;
  EXPECT_EQ(w.start(10000), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(0, 0, 4096, true), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(1, 4096, 4096);
  EXPECT_EQ(w.data(0, 4096, 4096, true), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(2, 8192, 1808);
  EXPECT_EQ(w.data(0, 8192, 1808, true), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
}

TEST(WriteSeq, KeepsSeveralR2tsOutstanding) {
  Write w;
  w.limits.max_recv_dsl = 65536;
  w.limits.max_r2t = 2;
  EXPECT_EQ(w.start(10000), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 0, 4096);
  w.expect_r2t(1, 4096, 4096);
  w.expect_no_r2t();
  EXPECT_EQ(w.data(0, 0, 2048, false), LUNAR_SEQ_OK);
  w.expect_no_r2t();
  EXPECT_EQ(w.data(1, 2048, 2048, true), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(2, 8192, 1808);
  EXPECT_EQ(w.data(0, 4096, 4096, true), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(w.data(0, 8192, 1808, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeq, TakesUnsolicitedDataUpToFirstBurst) {
  Write w;
  EXPECT_EQ(w.start(8192, 512, false), LUNAR_SEQ_OK);
  w.expect_no_r2t();
  EXPECT_EQ(w.unsolicited(0, 512, 1024, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(1, 1536, 512, true), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 2048, 4096);
}

TEST(WriteSeq, MayEndUnsolicitedDataEarly) {
  Write w;
  EXPECT_EQ(w.start(8192, 0, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(0, 0, 512, true), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 512, 4096);
}

TEST(WriteSeq, CompletesWithUnsolicitedData) {
  Write w;
  EXPECT_EQ(w.start(1024, 0, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(0, 0, 1024, true), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
}

TEST(WriteSeq, RefusesUnsolicitedDataBeyondFirstBurst) {
  Write w;
  EXPECT_EQ(w.start(8192, 2048, true), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(w.start(8192, 2049, true), LUNAR_SEQ_UNSOLICITED);
  EXPECT_EQ(w.start(8192, 1536, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(0, 1536, 513, true), LUNAR_SEQ_UNSOLICITED);
  EXPECT_EQ(w.unsolicited(0, 1536, 512, false), LUNAR_SEQ_MISSING_FINAL);
  EXPECT_EQ(w.unsolicited(0, 1536, 512, true), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(w.unsolicited(1, 2048, 512, true), LUNAR_SEQ_UNSOLICITED);
}

TEST(WriteSeq, RefusesUnsolicitedDataThatWasNotNegotiated) {
  Write w;
  w.limits.immediate_data = false;
  EXPECT_EQ(w.start(8192, 512), LUNAR_SEQ_UNSOLICITED);
  EXPECT_EQ(w.start(8192, 0, false), LUNAR_SEQ_OK);
  w.limits.initial_r2t = true;
  EXPECT_EQ(w.start(8192, 0, false), LUNAR_SEQ_UNSOLICITED);
  EXPECT_EQ(w.start(8192, 0), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(w.unsolicited(0, 0, 512, true), LUNAR_SEQ_UNSOLICITED);
}

TEST(WriteSeq, RefusesDataForACommandWithoutAny) {
  Write w;
  EXPECT_EQ(w.start(0, 512), LUNAR_SEQ_NOT_EXPECTED);
  EXPECT_EQ(w.start(0, 0, false), LUNAR_SEQ_NOT_EXPECTED);
  EXPECT_EQ(w.start(0), LUNAR_SEQ_COMPLETE);
  EXPECT_EQ(w.data(0, 0, 512, true), LUNAR_SEQ_NOT_EXPECTED);
}

TEST(WriteSeq, RefusesImmediateDataBeyondTheTransfer) {
  Write w;
  EXPECT_EQ(w.start(512, 513), LUNAR_SEQ_TOO_LONG);
}

TEST(WriteSeq, RefusesAPromiseOfDataThatCannotCome) {
  Write w;
  EXPECT_EQ(w.start(8192, 2048, false), LUNAR_SEQ_MISSING_FINAL);
  EXPECT_EQ(w.start(512, 512, false), LUNAR_SEQ_MISSING_FINAL);
}

TEST(WriteSeq, RefusesAForeignTransferTag) {
  Write w;
  w.start(2048);
  w.expect_r2t(0, 0, 2048);
  EXPECT_EQ(w.data(0, 0, 1024, false, kTtt + 1), LUNAR_SEQ_BAD_TTT);
  EXPECT_EQ(w.unsolicited(0, 0, 1024, false), LUNAR_SEQ_UNSOLICITED);
  EXPECT_EQ(w.data(0, 0, 1024, false), LUNAR_SEQ_OK);
}

TEST(WriteSeq, RefusesSolicitedDataWhileUnsolicitedIsOpen) {
  Write w;
  w.start(8192, 0, false);
  EXPECT_EQ(w.data(0, 0, 512, false), LUNAR_SEQ_BAD_TTT);
}

TEST(WriteSeq, RefusesDataBeforeItsR2t) {
  Write w;
  w.start(8192);
  EXPECT_EQ(w.data(0, 0, 512, false), LUNAR_SEQ_NOT_EXPECTED);
}

TEST(WriteSeq, RefusesDataSnOutOfOrder) {
  Write w;
  w.start(4096);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(1, 0, 512, false), LUNAR_SEQ_BAD_DATA_SN);
  EXPECT_EQ(w.data(0xffffffff, 0, 512, false), LUNAR_SEQ_BAD_DATA_SN);
  EXPECT_EQ(w.data(0, 0, 512, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(0, 512, 512, false), LUNAR_SEQ_BAD_DATA_SN);
}

TEST(WriteSeq, RefusesAWrongOffset) {
  Write w;
  w.start(4096);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(0, 512, 512, false), LUNAR_SEQ_BAD_OFFSET);
  EXPECT_EQ(w.data(0, 0, 512, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(1, 0, 512, false), LUNAR_SEQ_BAD_OFFSET);
  EXPECT_EQ(w.data(1, 1024, 512, false), LUNAR_SEQ_BAD_OFFSET);
}

TEST(WriteSeq, RefusesAnOffsetThatWraps) {
  Write w;
  w.start(4096);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(0, 0xffffff00u, 1024, false), LUNAR_SEQ_BAD_OFFSET);
  EXPECT_EQ(w.data(0, 0xffffffffu, 1, true), LUNAR_SEQ_BAD_OFFSET);
}

TEST(WriteSeq, HandlesTheLargestTransfer) {
  Write w;
  w.limits.max_recv_dsl = LUNAR_MRDSL_MAX;
  w.limits.max_burst = LUNAR_MRDSL_MAX;
  w.limits.max_r2t = 65535;
  EXPECT_EQ(w.start(0xffffffffu), LUNAR_SEQ_BURST_DONE);
  std::uint64_t total = 0;
  std::vector<lunar_r2t_args> r2ts;
  lunar_r2t_args r2t{};
  while (lunar_write_seq_next_r2t(&w.seq, &r2t)) {
    EXPECT_EQ(r2t.offset, total);
    total += r2t.length;
    r2ts.push_back(r2t);
  }
  EXPECT_EQ(total, 0xffffffffu);
  for (std::size_t i = 0; i < r2ts.size(); i++) {
    const lunar_seq_result result = w.data(0, r2ts[i].offset, r2ts[i].length, true);
    EXPECT_EQ(result, i + 1 == r2ts.size() ? LUNAR_SEQ_COMPLETE : LUNAR_SEQ_BURST_DONE) << i;
  }
  EXPECT_EQ(w.data(0, 0xffffffffu, 1, true), LUNAR_SEQ_NOT_EXPECTED);
}

TEST(WriteSeq, RefusesMoreThanTheBurst) {
  Write w;
  w.limits.max_recv_dsl = 65536;
  w.start(8192);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(0, 0, 4097, true), LUNAR_SEQ_TOO_LONG);
  EXPECT_EQ(w.data(0, 0, 2048, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(1, 2048, 2049, true), LUNAR_SEQ_TOO_LONG);
}

TEST(WriteSeq, RefusesAPduAboveTheDeclaredLength) {
  Write w;
  w.start(4096);
  w.expect_r2t(0, 0, 4096);
  EXPECT_EQ(w.data(0, 0, 1025, false), LUNAR_SEQ_TOO_LONG);
}

TEST(WriteSeq, WantsFinalExactlyAtTheEndOfABurst) {
  Write w;
  w.start(2048);
  w.expect_r2t(0, 0, 2048);
  EXPECT_EQ(w.data(0, 0, 1024, true), LUNAR_SEQ_EARLY_FINAL);
  EXPECT_EQ(w.data(0, 0, 1024, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.data(1, 1024, 1024, false), LUNAR_SEQ_MISSING_FINAL);
  EXPECT_EQ(w.data(1, 1024, 1024, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeq, RefusesDataAfterTheLastByte) {
  Write w;
  w.start(1024);
  w.expect_r2t(0, 0, 1024);
  EXPECT_EQ(w.data(0, 0, 1024, true), LUNAR_SEQ_COMPLETE);
  EXPECT_EQ(w.data(0, 0, 1024, true), LUNAR_SEQ_NOT_EXPECTED);
  EXPECT_EQ(w.data(1, 1024, 0, true), LUNAR_SEQ_NOT_EXPECTED);
}

TEST(WriteSeq, ARefusalChangesNothing) {
  Write w;
  w.start(4096);
  w.expect_r2t(0, 0, 4096);
  const lunar_write_seq before = w.seq;
  EXPECT_TRUE(lunar_seq_refused(w.data(3, 0, 512, false)));
  EXPECT_TRUE(lunar_seq_refused(w.data(0, 9, 512, false)));
  EXPECT_TRUE(lunar_seq_refused(w.data(0, 0, 512, true)));
  EXPECT_EQ(w.seq.received, before.received);
  EXPECT_EQ(w.seq.data_sn, before.data_sn);
  EXPECT_EQ(w.seq.outstanding, before.outstanding);
}

TEST(WriteSeqLimit, AsksForNoMoreThanTheCdbWants) {
  Write w;
  w.limits.max_recv_dsl = 65536;
  EXPECT_EQ(w.start(8192), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(lunar_write_seq_limit(&w.seq, 512), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 0, 512);
  w.expect_no_r2t();
  EXPECT_EQ(w.data(0, 0, 512, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeqLimit, IsCompleteWhenNothingMoreIsWanted) {
  Write w;
  EXPECT_EQ(w.start(8192, 1024), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(lunar_write_seq_limit(&w.seq, 1024), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
  EXPECT_EQ(w.start(8192), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(lunar_write_seq_limit(&w.seq, 0), LUNAR_SEQ_COMPLETE);
  w.expect_no_r2t();
}

TEST(WriteSeqLimit, StillTakesTheUnsolicitedDataUnderWay) {
  Write w;
  EXPECT_EQ(w.start(8192, 0, false), LUNAR_SEQ_OK);
  EXPECT_EQ(lunar_write_seq_limit(&w.seq, 512), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(0, 0, 1024, false), LUNAR_SEQ_OK);
  EXPECT_EQ(w.unsolicited(1, 1024, 1024, true), LUNAR_SEQ_COMPLETE);
}

TEST(WriteSeqLimit, NeverExceedsTheExpectedLength) {
  Write w;
  EXPECT_EQ(w.start(512), LUNAR_SEQ_BURST_DONE);
  EXPECT_EQ(lunar_write_seq_limit(&w.seq, 4096), LUNAR_SEQ_BURST_DONE);
  w.expect_r2t(0, 0, 512);
  w.expect_no_r2t();
}

TEST(SeqResult, MapsToRejectAndSense) {
  EXPECT_EQ(lunar_seq_reject_reason(LUNAR_SEQ_OK), LUNAR_REJECT_NONE);
  EXPECT_EQ(lunar_seq_reject_reason(LUNAR_SEQ_COMPLETE), LUNAR_REJECT_NONE);
  EXPECT_EQ(lunar_seq_reject_reason(LUNAR_SEQ_BAD_TTT), LUNAR_REJECT_INVALID_FIELD);
  EXPECT_EQ(lunar_seq_sense(LUNAR_SEQ_UNSOLICITED), 0x0b0c0cu);
  EXPECT_EQ(lunar_seq_sense(LUNAR_SEQ_EARLY_FINAL), 0x0b0c0du);
  for (int i = LUNAR_SEQ_OK; i <= LUNAR_SEQ_NOT_EXPECTED; i++) {
    const auto result = static_cast<lunar_seq_result>(i);
    EXPECT_EQ(lunar_seq_refused(result), lunar_seq_reject_reason(result) != LUNAR_REJECT_NONE) << i;
    EXPECT_EQ(lunar_seq_refused(result), lunar_seq_sense(result) != 0) << i;
    EXPECT_STRNE(lunar_seq_result_text(result), "unknown result") << i;
  }
}

}  // namespace
}  // namespace lunar_test
