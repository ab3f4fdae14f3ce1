// SPDX-License-Identifier: GPL-2.0-or-later
#include "digest.h"

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

std::uint32_t crc_of(const std::string& bytes) {
  return lunar_crc32c(bytes.data(), static_cast<std::uint32_t>(bytes.size()));
}

TEST(Crc32c, MatchesTheCheckValue) { EXPECT_EQ(crc_of("123456789"), 0xe3069283u); }

// RFC 7143 appendix A.4 gives these four with their wire bytes.
TEST(Crc32c, MatchesTheExamplesOfTheRfc) {
  EXPECT_EQ(crc_of(std::string(32, '\0')), 0x8a9136aau);
  EXPECT_EQ(crc_of(std::string(32, '\xff')), 0x62a8ab43u);
  std::string up, down;
  for (int i = 0; i < 32; i++) {
    up.push_back(static_cast<char>(i));
    down.push_back(static_cast<char>(31 - i));
  }
  EXPECT_EQ(crc_of(up), 0x46dd794eu);
  EXPECT_EQ(crc_of(down), 0x113fdb5cu);
}

TEST(Crc32c, IsZeroForNothing) { EXPECT_EQ(lunar_crc32c(nullptr, 0), 0u); }

TEST(Crc32c, IsTheSameInPieces) {
  const std::string bytes = "the quick brown fox jumps over the lazy dog";
  for (std::size_t cut = 0; cut <= bytes.size(); cut++) {
    std::uint32_t crc = LUNAR_CRC32C_SEED;
    crc = lunar_crc32c_update(crc, bytes.data(), static_cast<std::uint32_t>(cut));
    crc = lunar_crc32c_update(crc, bytes.data() + cut,
                              static_cast<std::uint32_t>(bytes.size() - cut));
    EXPECT_EQ(lunar_crc32c_final(crc), crc_of(bytes)) << cut;
  }
}

TEST(Digest, GoesLeastSignificantByteFirst) {
  std::uint8_t wire[4];
  lunar_digest_put(wire, 0x8a9136aa);
  const std::uint8_t expected[] = {0xaa, 0x36, 0x91, 0x8a};
  EXPECT_EQ(std::memcmp(wire, expected, 4), 0);
  EXPECT_TRUE(lunar_digest_match(wire, 0x8a9136aa));
  for (std::size_t i = 0; i < 4; i++) {
    wire[i] ^= 0x10;
    EXPECT_FALSE(lunar_digest_match(wire, 0x8a9136aa)) << i;
    wire[i] ^= 0x10;
  }
}

TEST(HeaderDigest, CoversHeaderAndAhs) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD, 7);
  bhs.any.ahs_words = 2;
  std::uint8_t ahs[8] = {0, 5, LUNAR_AHS_EXT_CDB, 0, 1, 2, 3, 4};
  std::string all(reinterpret_cast<const char*>(bhs.bytes), 48);
  EXPECT_EQ(lunar_header_digest(&bhs, nullptr, 0), crc_of(all));
  all.append(reinterpret_cast<const char*>(ahs), 8);
  const std::uint32_t with_ahs = lunar_header_digest(&bhs, ahs, 8);
  EXPECT_EQ(with_ahs, crc_of(all));
  ahs[7] ^= 1;
  EXPECT_NE(lunar_header_digest(&bhs, ahs, 8), with_ahs);
}

TEST(Padding, FillsToWords) {
  EXPECT_EQ(lunar_pad_len(0), 0u);
  EXPECT_EQ(lunar_pad_len(1), 3u);
  EXPECT_EQ(lunar_pad_len(2), 2u);
  EXPECT_EQ(lunar_pad_len(3), 1u);
  EXPECT_EQ(lunar_pad_len(4), 0u);
  EXPECT_EQ(lunar_pad_len(0xffffff), 1u);
}

TEST(PduLayout, PlacesEveryPart) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD, 7, 5);
  bhs.any.ahs_words = 3;
  struct lunar_pdu_layout layout;
  lunar_pdu_layout(&bhs, true, true, &layout);
  EXPECT_EQ(layout.ahs_len, 12u);
  EXPECT_EQ(layout.header_digest, 60u);
  EXPECT_EQ(layout.header_digest_len, 4u);
  EXPECT_EQ(layout.data, 64u);
  EXPECT_EQ(layout.data_len, 5u);
  EXPECT_EQ(layout.pad_len, 3u);
  EXPECT_EQ(layout.data_digest, 72u);
  EXPECT_EQ(layout.data_digest_len, 4u);
  EXPECT_EQ(layout.total, 76u);
}

TEST(PduLayout, HasNoDataDigestWithoutData) {
  const lunar_bhs bhs = header(LUNAR_OP_NOP_OUT, 7, 0);
  struct lunar_pdu_layout layout;
  lunar_pdu_layout(&bhs, true, true, &layout);
  EXPECT_EQ(layout.data_digest_len, 0u);
  EXPECT_EQ(layout.total, 52u);
}

TEST(PduLayout, HoldsTheLargestPdu) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD, 7, LUNAR_DSL_MAX);
  bhs.any.ahs_words = 255;
  struct lunar_pdu_layout layout;
  lunar_pdu_layout(&bhs, false, false, &layout);
  EXPECT_EQ(layout.total, 48u + 1020u + 0xffffffu + 1u);
}

}  // namespace
}  // namespace lunar_test
