// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <vector>

#include "seq.h"

namespace lunar_test {
namespace {

std::vector<lunar_data_in_plan> plan(std::uint32_t total, std::uint32_t max_dsl,
                                     std::uint32_t max_burst) {
  lunar_read_seq seq;
  lunar_read_seq_init(&seq, total, max_dsl, max_burst);
  std::vector<lunar_data_in_plan> plans;
  lunar_data_in_plan next{};
  while (lunar_read_seq_next(&seq, &next)) plans.push_back(next);
  EXPECT_EQ(seq.data_sn, plans.size());
  EXPECT_EQ(plans.size(), lunar_read_seq_count(total, max_dsl, max_burst));
  return plans;
}

TEST(ReadSeq, SendsNothingForNothing) { EXPECT_TRUE(plan(0, 8192, 262144).empty()); }

TEST(ReadSeq, SendsOnePduWhenItFits) {
  const auto plans = plan(4096, 8192, 262144);
  ASSERT_EQ(plans.size(), 1u);
  EXPECT_EQ(plans[0].offset, 0u);
  EXPECT_EQ(plans[0].length, 4096u);
  EXPECT_EQ(plans[0].data_sn, 0u);
  EXPECT_TRUE(plans[0].final);
  EXPECT_TRUE(plans[0].last);
}

TEST(ReadSeq, CutsAtTheInitiatorsSegmentLength) {
  const auto plans = plan(10000, 4096, 262144);
  ASSERT_EQ(plans.size(), 3u);
  EXPECT_EQ(plans[2].offset, 8192u);
  EXPECT_EQ(plans[2].length, 1808u);
  EXPECT_EQ(plans[2].data_sn, 2u);
  EXPECT_FALSE(plans[0].final);
  EXPECT_FALSE(plans[1].final);
  EXPECT_TRUE(plans[2].final);
  EXPECT_TRUE(plans[2].last);
}

TEST(ReadSeq, EndsASequenceAtMaxBurst) {
  const auto plans = plan(10000, 3000, 4096);
  ASSERT_EQ(plans.size(), 5u);
  const std::uint32_t lengths[] = {3000, 1096, 3000, 1096, 1808};
  const bool finals[] = {false, true, false, true, true};
  for (std::size_t i = 0; i < 5; i++) {
    EXPECT_EQ(plans[i].length, lengths[i]) << i;
    EXPECT_EQ(plans[i].final, finals[i]) << i;
    EXPECT_EQ(plans[i].last, i == 4) << i;
    EXPECT_EQ(plans[i].data_sn, i);
  }
}

TEST(ReadSeq, EndsOnceWhenTheTotalIsWholeBursts) {
  const auto plans = plan(8192, 4096, 4096);
  ASSERT_EQ(plans.size(), 2u);
  EXPECT_TRUE(plans[0].final);
  EXPECT_FALSE(plans[0].last);
  EXPECT_TRUE(plans[1].last);
}

TEST(ReadSeq, CoversTheLargestTransferWithoutGap) {
  std::uint64_t next = 0;
  for (const auto& each : plan(0xffffffffu, 16777215, 16777215)) {
    EXPECT_EQ(each.offset, next);
    next += each.length;
  }
  EXPECT_EQ(next, 0xffffffffu);
}

TEST(ReadSeq, CountsNothingForSenselessLimits) {
  EXPECT_EQ(lunar_read_seq_count(100, 0, 512), 0u);
  EXPECT_EQ(lunar_read_seq_count(100, 512, 0), 0u);
}

TEST(Residual, IsUnderflowWhenLessMoves) {
  const lunar_residual residual = lunar_residual_of(4096, 512);
  EXPECT_EQ(residual.flags, LUNAR_RESID_UNDERFLOW);
  EXPECT_EQ(residual.count, 3584u);
}

TEST(Residual, IsOverflowWhenMoreWouldMove) {
  const lunar_residual residual = lunar_residual_of(512, 4096);
  EXPECT_EQ(residual.flags, LUNAR_RESID_OVERFLOW);
  EXPECT_EQ(residual.count, 3584u);
}

TEST(Residual, IsNothingWhenEqual) {
  const lunar_residual residual = lunar_residual_of(512, 512);
  EXPECT_EQ(residual.flags, 0);
  EXPECT_EQ(residual.count, 0u);
}

TEST(SerialNumber, ComparesAcrossTheWrap) {
  EXPECT_TRUE(lunar_sn_before(1, 2));
  EXPECT_FALSE(lunar_sn_before(2, 2));
  EXPECT_TRUE(lunar_sn_before(0xffffffff, 0));
  EXPECT_TRUE(lunar_sn_after(5, 0xfffffff0));
  EXPECT_FALSE(lunar_sn_before(0, 0x80000000u));
  EXPECT_FALSE(lunar_sn_before(0x80000000u, 0));
}

TEST(CmdSn, HasItsPlaceInTheWindow) {
  for (const std::uint32_t base : {100u, 0xfffffff8u, 0x7ffffff8u, 0u}) {
    const auto place = [base](std::uint32_t delta) {
      return lunar_cmdsn_place(base + delta, base, base + 31);
    };
    EXPECT_EQ(place(0), LUNAR_CMDSN_EXPECTED) << base;
    EXPECT_EQ(place(1), LUNAR_CMDSN_FUTURE) << base;
    EXPECT_EQ(place(31), LUNAR_CMDSN_FUTURE) << base;
    EXPECT_EQ(place(32), LUNAR_CMDSN_BEYOND) << base;
    EXPECT_EQ(place(0xffffffffu), LUNAR_CMDSN_OLD) << base;
    EXPECT_EQ(place(0x80000001u), LUNAR_CMDSN_OLD) << base;
    EXPECT_EQ(place(0x80000000u), LUNAR_CMDSN_BEYOND) << base;
    EXPECT_EQ(place(0x7fffffffu), LUNAR_CMDSN_BEYOND) << base;
  }
}

TEST(CmdSn, FindsNoPlaceInAClosedWindow) {
  EXPECT_EQ(lunar_cmdsn_place(100, 100, 99), LUNAR_CMDSN_BEYOND);
  EXPECT_EQ(lunar_cmdsn_place(99, 100, 99), LUNAR_CMDSN_OLD);
  EXPECT_EQ(lunar_cmdsn_place(0, 0, 0xffffffffu), LUNAR_CMDSN_BEYOND);
  // Half the circle away is neither before nor after; it used to pass for a place in the window.
  EXPECT_EQ(lunar_cmdsn_place(0, 0x80000000u, 0x7fffffffu), LUNAR_CMDSN_BEYOND);
}

TEST(CmdSn, TakesAMaximumFarBackForAClosedWindow) {
  EXPECT_EQ(lunar_cmdsn_place(100, 100, 50), LUNAR_CMDSN_BEYOND);
  EXPECT_EQ(lunar_cmdsn_place(101, 100, 50), LUNAR_CMDSN_BEYOND);
}

TEST(CmdSn, HasAWindowOfOne) {
  EXPECT_EQ(lunar_cmdsn_place(100, 100, 100), LUNAR_CMDSN_EXPECTED);
  EXPECT_EQ(lunar_cmdsn_place(101, 100, 100), LUNAR_CMDSN_BEYOND);
}

}  // namespace
}  // namespace lunar_test
