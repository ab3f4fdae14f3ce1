// SPDX-License-Identifier: GPL-2.0-or-later
// Every builder against the byte positions of RFC 7143 section 11, not against the structs it was
// written with.
#include <gtest/gtest.h>

#include <cstring>
#include <vector>

#include "pdu.h"
#include "support.h"

namespace lunar_test {
namespace {

constexpr lunar_sn kSn = {0x01020304, 0x11121314, 0x21222324};
constexpr std::uint8_t kLun[8] = {0x00, 0x05, 0, 0, 0, 0, 0, 0};

lunar_bhs dirty() {
  lunar_bhs bhs;
  std::memset(&bhs, 0xee, sizeof(bhs));
  return bhs;
}

std::uint32_t be32_at(const lunar_bhs& bhs, std::size_t at) {
  return lunar_get_be32(bhs.bytes + at);
}
std::uint32_t be16_at(const lunar_bhs& bhs, std::size_t at) {
  return lunar_get_be16(bhs.bytes + at);
}

void expect_common(const lunar_bhs& bhs, int opcode, std::uint32_t flags, std::uint32_t itt,
                   std::uint32_t data_len) {
  EXPECT_EQ(bhs.bytes[0], opcode);
  EXPECT_EQ(bhs.bytes[1], flags);
  EXPECT_EQ(bhs.bytes[4], 0);
  EXPECT_EQ(lunar_get_be24(bhs.bytes + 5), data_len);
  EXPECT_EQ(be32_at(bhs, 16), itt);
}

void expect_sn(const lunar_bhs& bhs) {
  EXPECT_EQ(be32_at(bhs, 24), 0x01020304u);
  EXPECT_EQ(be32_at(bhs, 28), 0x11121314u);
  EXPECT_EQ(be32_at(bhs, 32), 0x21222324u);
}

void expect_zero(const lunar_bhs& bhs, std::size_t from, std::size_t to) {
  for (std::size_t i = from; i < to; i++) EXPECT_EQ(bhs.bytes[i], 0) << "byte " << i;
}

TEST(PduBuild, ScsiResponse) {
  lunar_bhs bhs = dirty();
  const lunar_scsi_rsp_args args = {
      0xaabbccdd, LUNAR_SCSI_RSP_COMPLETED, 0x02, LUNAR_RESID_UNDERFLOW, 512, 3, 20};
  lunar_pdu_build_scsi_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x21, 0x82, 0xaabbccdd, 20);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[2], 0);
  EXPECT_EQ(bhs.bytes[3], 2);
  expect_zero(bhs, 8, 16);
  expect_zero(bhs, 20, 24);
  EXPECT_EQ(be32_at(bhs, 36), 3u);
  expect_zero(bhs, 40, 44);
  EXPECT_EQ(be32_at(bhs, 44), 512u);
}

TEST(PduBuild, DataInWithStatus) {
  lunar_bhs bhs = dirty();
  const lunar_data_in_args args = {7, 2, 8192, 4096, true, true, 0, LUNAR_RESID_OVERFLOW, 9};
  lunar_pdu_build_data_in(&bhs, &kSn, &args);
  expect_common(bhs, 0x25, 0x85, 7, 4096);
  expect_sn(bhs);
  EXPECT_EQ(be32_at(bhs, 20), 0xffffffffu);
  EXPECT_EQ(be32_at(bhs, 36), 2u);
  EXPECT_EQ(be32_at(bhs, 40), 8192u);
  EXPECT_EQ(be32_at(bhs, 44), 9u);
}

TEST(PduBuild, DataInWithoutStatusHasNoStatSn) {
  lunar_bhs bhs = dirty();
  const lunar_data_in_args args = {7, 2, 8192, 4096, false, false, 8, LUNAR_RESID_OVERFLOW, 9};
  lunar_pdu_build_data_in(&bhs, &kSn, &args);
  expect_common(bhs, 0x25, 0x00, 7, 4096);
  EXPECT_EQ(bhs.bytes[3], 0);
  EXPECT_EQ(be32_at(bhs, 24), 0u);
  EXPECT_EQ(be32_at(bhs, 28), 0x11121314u);
  EXPECT_EQ(be32_at(bhs, 44), 0u);
}

TEST(PduBuild, DataInWithStatusIsAlwaysFinal) {
  lunar_bhs bhs = dirty();
  const lunar_data_in_args args = {7, 0, 0, 512, false, true, 0, 0, 0};
  lunar_pdu_build_data_in(&bhs, &kSn, &args);
  EXPECT_EQ(bhs.bytes[1], 0x81);
}

TEST(PduBuild, R2t) {
  lunar_bhs bhs = dirty();
  const lunar_r2t_args args = {kLun, 7, 0x55, 1, 65536, 262144};
  lunar_pdu_build_r2t(&bhs, &kSn, &args);
  expect_common(bhs, 0x31, 0x80, 7, 0);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[9], 5);
  EXPECT_EQ(be32_at(bhs, 20), 0x55u);
  EXPECT_EQ(be32_at(bhs, 36), 1u);
  EXPECT_EQ(be32_at(bhs, 40), 65536u);
  EXPECT_EQ(be32_at(bhs, 44), 262144u);
}

TEST(PduBuild, NopIn) {
  lunar_bhs bhs = dirty();
  const lunar_nop_in_args args = {nullptr, 0xffffffff, 0x77, 0};
  lunar_pdu_build_nop_in(&bhs, &kSn, &args);
  expect_common(bhs, 0x20, 0x80, 0xffffffff, 0);
  expect_sn(bhs);
  expect_zero(bhs, 8, 16);
  EXPECT_EQ(be32_at(bhs, 20), 0x77u);
  expect_zero(bhs, 36, 48);
}

TEST(PduBuild, TaskManagementResponse) {
  lunar_bhs bhs = dirty();
  lunar_pdu_build_tmf_rsp(&bhs, &kSn, 9, LUNAR_TMF_RSP_REJECTED);
  expect_common(bhs, 0x22, 0x80, 9, 0);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[2], 255);
  expect_zero(bhs, 36, 48);
}

TEST(PduBuild, LogoutResponse) {
  lunar_bhs bhs = dirty();
  const lunar_logout_rsp_args args = {9, LUNAR_LOGOUT_RSP_NO_RECOVERY, 2, 20};
  lunar_pdu_build_logout_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x26, 0x80, 9, 0);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[2], 2);
  EXPECT_EQ(be16_at(bhs, 40), 2u);
  EXPECT_EQ(be16_at(bhs, 42), 20u);
}

TEST(PduBuild, TextResponse) {
  lunar_bhs bhs = dirty();
  lunar_text_rsp_args args = {kLun, 9, LUNAR_TAG_RESERVED, true, false, 100};
  lunar_pdu_build_text_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x24, 0x80, 9, 100);
  expect_sn(bhs);
  EXPECT_EQ(be32_at(bhs, 20), 0xffffffffu);
  args = {nullptr, 9, 4, false, true, 100};
  lunar_pdu_build_text_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x24, 0x40, 9, 100);
  EXPECT_EQ(be32_at(bhs, 20), 4u);
}

TEST(PduBuild, LoginResponse) {
  lunar_bhs bhs = dirty();
  const std::uint8_t isid[6] = {1, 2, 3, 4, 5, 6};
  lunar_login_rsp_args args = {isid, 0x0a0b, 9, true, false, 1, 3, 0, 0, LUNAR_LOGIN_SUCCESS, 12};
  lunar_pdu_build_login_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x23, 0x87, 9, 12);
  expect_sn(bhs);
  EXPECT_EQ(std::memcmp(bhs.bytes + 8, isid, 6), 0);
  EXPECT_EQ(be16_at(bhs, 14), 0x0a0bu);
  expect_zero(bhs, 36, 48);
  args = {isid, 0, 9, false, true, 0, 3, 0, 0, LUNAR_LOGIN_MISSING_PARAM, 0};
  lunar_pdu_build_login_rsp(&bhs, &kSn, &args);
  expect_common(bhs, 0x23, 0x40, 9, 0);
  EXPECT_EQ(bhs.bytes[36], 2);
  EXPECT_EQ(bhs.bytes[37], 7);
}

TEST(PduBuild, Reject) {
  lunar_bhs bhs = dirty();
  lunar_pdu_build_reject(&bhs, &kSn, LUNAR_REJECT_INVALID_FIELD, 48);
  expect_common(bhs, 0x3f, 0x80, 0xffffffff, 48);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[2], 9);
  expect_zero(bhs, 36, 48);
}

TEST(PduBuild, AsyncMessage) {
  lunar_bhs bhs = dirty();
  const lunar_async_args args = {nullptr, LUNAR_ASYNC_DROP_CONNECTION, 0, {5, 2, 20}, 0};
  lunar_pdu_build_async(&bhs, &kSn, &args);
  expect_common(bhs, 0x32, 0x80, 0xffffffff, 0);
  expect_sn(bhs);
  EXPECT_EQ(bhs.bytes[36], 2);
  EXPECT_EQ(be16_at(bhs, 38), 5u);
  EXPECT_EQ(be16_at(bhs, 40), 2u);
  EXPECT_EQ(be16_at(bhs, 42), 20u);
}

}  // namespace
}  // namespace lunar_test
