// SPDX-License-Identifier: GPL-2.0-or-later
#include "pdu.h"

#include <gtest/gtest.h>

#include <cstring>
#include <set>
#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

lunar_pdu_limits normal_limits() {
  lunar_pdu_limits limits{};
  limits.max_recv_dsl = 8192;
  limits.first_burst = 4096;
  limits.immediate_data = true;
  return limits;
}

lunar_bhs write_cmd(std::uint32_t edtl, std::uint32_t immediate, bool final = true) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD, 5, immediate);
  bhs.any.flags = static_cast<std::uint8_t>((final ? LUNAR_FLAG_FINAL : 0) | LUNAR_CMD_WRITE |
                                            LUNAR_ATTR_SIMPLE);
  bhs.scsi_cmd.edtl = lunar_to_be32(edtl);
  return bhs;
}

lunar_pdu_verdict check(const lunar_bhs& bhs, const lunar_pdu_limits& limits = normal_limits()) {
  return lunar_pdu_check_header(&bhs, &limits);
}

TEST(PduCheck, KnowsTheInitiatorsOpcodes) {
  const std::set<int> legal = {LUNAR_OP_NOP_OUT,  LUNAR_OP_SCSI_CMD, LUNAR_OP_TMF_REQ,
                               LUNAR_OP_TEXT_REQ, LUNAR_OP_DATA_OUT, LUNAR_OP_LOGOUT_REQ};
  for (int opcode = 0; opcode < 64; opcode++) {
    const lunar_bhs bhs = header(static_cast<lunar_opcode>(opcode));
    lunar_pdu_verdict expected = legal.count(opcode) ? LUNAR_PDU_OK : LUNAR_PDU_UNKNOWN_OPCODE;
    if (opcode == LUNAR_OP_LOGIN_REQ) expected = LUNAR_PDU_LOGIN_IN_FFP;
    if (opcode == LUNAR_OP_SNACK) expected = LUNAR_PDU_NO_SNACK;
    EXPECT_EQ(check(bhs), expected) << opcode;
  }
}

TEST(PduCheck, AllowsOnlyTextAndLogoutInDiscovery) {
  lunar_pdu_limits limits = normal_limits();
  limits.discovery = true;
  for (const int opcode :
       {LUNAR_OP_NOP_OUT, LUNAR_OP_SCSI_CMD, LUNAR_OP_TMF_REQ, LUNAR_OP_DATA_OUT, LUNAR_OP_SNACK}) {
    EXPECT_EQ(check(header(static_cast<lunar_opcode>(opcode)), limits), LUNAR_PDU_NOT_IN_DISCOVERY)
        << opcode;
  }
  EXPECT_EQ(check(header(LUNAR_OP_TEXT_REQ), limits), LUNAR_PDU_OK);
  EXPECT_EQ(check(header(LUNAR_OP_LOGOUT_REQ), limits), LUNAR_PDU_OK);
}

TEST(PduCheck, DropsADataSegmentAboveTheDeclaredLength) {
  EXPECT_EQ(check(header(LUNAR_OP_NOP_OUT, 1, 8192)), LUNAR_PDU_OK);
  const lunar_pdu_verdict verdict = check(header(LUNAR_OP_NOP_OUT, 1, 8193));
  EXPECT_EQ(verdict, LUNAR_PDU_DROP_TOO_LONG);
  EXPECT_TRUE(lunar_pdu_must_drop(verdict));
  // Nothing can be skipped safely, whatever the opcode.
  EXPECT_EQ(check(header(static_cast<lunar_opcode>(0x1c), 1, LUNAR_DSL_MAX)),
            LUNAR_PDU_DROP_TOO_LONG);
}

TEST(PduCheck, RefusesDataWhereNoneBelongs) {
  for (const int opcode : {LUNAR_OP_TMF_REQ, LUNAR_OP_LOGOUT_REQ, LUNAR_OP_SNACK}) {
    EXPECT_EQ(check(header(static_cast<lunar_opcode>(opcode), 1, 4)), LUNAR_PDU_UNEXPECTED_DATA)
        << opcode;
  }
  lunar_bhs read = header(LUNAR_OP_SCSI_CMD, 1, 4);
  read.any.flags |= LUNAR_CMD_READ;
  EXPECT_EQ(check(read), LUNAR_PDU_UNEXPECTED_DATA);
}

TEST(PduCheck, RefusesAhsOnAnythingButACommand) {
  for (const int opcode : {LUNAR_OP_NOP_OUT, LUNAR_OP_TMF_REQ, LUNAR_OP_TEXT_REQ, LUNAR_OP_DATA_OUT,
                           LUNAR_OP_LOGOUT_REQ}) {
    lunar_bhs bhs = header(static_cast<lunar_opcode>(opcode));
    bhs.any.ahs_words = 1;
    EXPECT_EQ(check(bhs), LUNAR_PDU_UNEXPECTED_AHS) << opcode;
  }
  lunar_bhs cmd = header(LUNAR_OP_SCSI_CMD);
  cmd.any.ahs_words = 255;
  EXPECT_EQ(check(cmd), LUNAR_PDU_OK);
}

TEST(PduCheck, RefusesTheReservedTag) {
  for (const int opcode : {LUNAR_OP_SCSI_CMD, LUNAR_OP_TMF_REQ, LUNAR_OP_TEXT_REQ,
                           LUNAR_OP_DATA_OUT, LUNAR_OP_LOGOUT_REQ}) {
    EXPECT_EQ(check(header(static_cast<lunar_opcode>(opcode), LUNAR_TAG_RESERVED)),
              LUNAR_PDU_BAD_TAG)
        << opcode;
  }
}

TEST(PduCheck, WantsANopOutWithoutTagToBeImmediate) {
  lunar_bhs nop = header(LUNAR_OP_NOP_OUT, LUNAR_TAG_RESERVED);
  EXPECT_EQ(check(nop), LUNAR_PDU_BAD_FLAGS);
  nop.any.opcode |= LUNAR_IMMEDIATE;
  EXPECT_EQ(check(nop), LUNAR_PDU_OK);
}

TEST(PduCheck, AcceptsImmediateDataUpToFirstBurstAndLength) {
  EXPECT_EQ(check(write_cmd(4096, 4096)), LUNAR_PDU_OK);
  EXPECT_EQ(check(write_cmd(8192, 4096)), LUNAR_PDU_OK);
  EXPECT_EQ(check(write_cmd(8192, 4097)), LUNAR_PDU_FIRST_BURST);
  EXPECT_EQ(check(write_cmd(511, 512)), LUNAR_PDU_FIRST_BURST);
  EXPECT_EQ(check(write_cmd(0, 1)), LUNAR_PDU_FIRST_BURST);
}

TEST(PduCheck, RefusesImmediateDataThatWasNotNegotiated) {
  lunar_pdu_limits limits = normal_limits();
  limits.immediate_data = false;
  EXPECT_EQ(check(write_cmd(4096, 512), limits), LUNAR_PDU_NO_IMMEDIATE_DATA);
  EXPECT_EQ(check(write_cmd(4096, 0), limits), LUNAR_PDU_OK);
}

TEST(PduCheck, RefusesUnsolicitedDataThatWasNotNegotiated) {
  lunar_pdu_limits limits = normal_limits();
  EXPECT_EQ(check(write_cmd(8192, 512, false), limits), LUNAR_PDU_OK);
  limits.initial_r2t = true;
  EXPECT_EQ(check(write_cmd(8192, 512, false), limits), LUNAR_PDU_NO_UNSOLICITED);
  EXPECT_EQ(check(write_cmd(8192, 512, true), limits), LUNAR_PDU_OK);
}

TEST(PduCheck, RefusesContradictoryCommandFlags) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD);
  bhs.any.flags = LUNAR_ATTR_SIMPLE;
  EXPECT_EQ(check(bhs), LUNAR_PDU_BAD_FLAGS);
  bhs.any.flags = LUNAR_FLAG_FINAL | LUNAR_CMD_READ | LUNAR_CMD_WRITE;
  EXPECT_EQ(check(bhs), LUNAR_PDU_BIDI);
}

TEST(PduCheck, KnowsFiveTaskAttributes) {
  for (int attr = 0; attr < 8; attr++) {
    lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD);
    bhs.any.flags = static_cast<std::uint8_t>(static_cast<int>(LUNAR_FLAG_FINAL) | attr);
    EXPECT_EQ(check(bhs), attr <= 4 ? LUNAR_PDU_OK : LUNAR_PDU_BAD_ATTR) << attr;
  }
}

TEST(PduCheck, RefusesATextRequestThatIsFinalAndContinued) {
  lunar_bhs bhs = header(LUNAR_OP_TEXT_REQ);
  bhs.any.flags = LUNAR_FLAG_FINAL | LUNAR_TEXT_CONTINUE;
  EXPECT_EQ(check(bhs), LUNAR_PDU_BAD_FLAGS);
  bhs.any.flags = LUNAR_TEXT_CONTINUE;
  EXPECT_EQ(check(bhs), LUNAR_PDU_OK);
}

TEST(PduCheck, KnowsThreeLogoutReasons) {
  for (int reason = 0; reason < 128; reason++) {
    lunar_bhs bhs = header(LUNAR_OP_LOGOUT_REQ);
    bhs.any.flags = static_cast<std::uint8_t>(static_cast<int>(LUNAR_FLAG_FINAL) | reason);
    EXPECT_EQ(check(bhs), reason <= 2 ? LUNAR_PDU_OK : LUNAR_PDU_BAD_FLAGS) << reason;
  }
}

TEST(PduCheck, AllowsSnackWithErrorRecovery) {
  lunar_pdu_limits limits = normal_limits();
  limits.erl = 1;
  EXPECT_EQ(check(header(LUNAR_OP_SNACK), limits), LUNAR_PDU_OK);
}

TEST(PduVerdict, HasTheReasonTheRfcNames) {
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_OK), LUNAR_REJECT_NONE);
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_DROP_TOO_LONG), LUNAR_REJECT_NONE);
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_UNKNOWN_OPCODE), LUNAR_REJECT_COMMAND_NOT_SUPPORTED);
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_NO_SNACK), LUNAR_REJECT_SNACK);
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_LOGIN_IN_FFP), LUNAR_REJECT_PROTOCOL_ERROR);
  EXPECT_EQ(lunar_pdu_reject_reason(LUNAR_PDU_BAD_AHS), LUNAR_REJECT_INVALID_FIELD);
}

TEST(PduVerdict, IsRejectedOrDroppedUnlessOk) {
  for (int i = LUNAR_PDU_OK + 1; i <= LUNAR_PDU_BIDI; i++) {
    const auto verdict = static_cast<lunar_pdu_verdict>(i);
    EXPECT_NE(lunar_pdu_must_drop(verdict), lunar_pdu_reject_reason(verdict) != LUNAR_REJECT_NONE)
        << i;
    EXPECT_STRNE(lunar_pdu_verdict_text(verdict), "unknown verdict") << i;
  }
}

// --- additional header segments ---

using Bytes = std::vector<std::uint8_t>;

Bytes ahs(std::uint8_t type, const Bytes& body, int declared = -1) {
  const std::size_t len = declared < 0 ? body.size() : static_cast<std::size_t>(declared);
  Bytes out = {static_cast<std::uint8_t>(len >> 8), static_cast<std::uint8_t>(len), type};
  out.insert(out.end(), body.begin(), body.end());
  while (out.size() % 4) out.push_back(0);
  return out;
}

Bytes operator+(Bytes a, const Bytes& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

lunar_pdu_verdict parse(const Bytes& bytes, lunar_ahs* out) {
  const Bytes exact = bytes;
  return lunar_ahs_parse(exact.data(), static_cast<std::uint32_t>(exact.size()), out);
}

lunar_pdu_verdict parse(const Bytes& bytes) {
  lunar_ahs out;
  const lunar_pdu_verdict verdict = parse(bytes, &out);
  if (verdict != LUNAR_PDU_OK) {
    EXPECT_EQ(out.ext_cdb, nullptr);
    EXPECT_EQ(out.ext_cdb_len, 0u);
  }
  return verdict;
}

TEST(Ahs, MayBeAbsent) {
  lunar_ahs out;
  EXPECT_EQ(lunar_ahs_parse(nullptr, 0, &out), LUNAR_PDU_OK);
  EXPECT_EQ(out.ext_cdb, nullptr);
  EXPECT_FALSE(out.has_bidi);
}

TEST(Ahs, CarriesAnExtendedCdb) {
  lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD);
  for (std::uint8_t i = 0; i < 16; i++) bhs.scsi_cmd.cdb[i] = i;
  const Bytes bytes = ahs(LUNAR_AHS_EXT_CDB, {0, 16, 17, 18, 19});
  lunar_ahs out;
  ASSERT_EQ(lunar_ahs_parse(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &out),
            LUNAR_PDU_OK);
  EXPECT_EQ(out.ext_cdb_len, 4u);
  std::uint8_t cdb[LUNAR_CDB_MAX];
  std::memset(cdb, 0xee, sizeof(cdb));
  ASSERT_EQ(lunar_pdu_cdb(&bhs, &out, cdb), 20u);
  for (std::uint8_t i = 0; i < 20; i++) EXPECT_EQ(cdb[i], i);
  for (std::size_t i = 20; i < sizeof(cdb); i++) EXPECT_EQ(cdb[i], 0) << i;
}

TEST(Ahs, HoldsTheLongestCdb) {
  Bytes body(245, 0x5a);
  const Bytes bytes = ahs(LUNAR_AHS_EXT_CDB, body);
  lunar_ahs out;
  ASSERT_EQ(lunar_ahs_parse(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &out),
            LUNAR_PDU_OK);
  const lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD);
  std::vector<std::uint8_t> cdb(LUNAR_CDB_MAX);
  EXPECT_EQ(lunar_pdu_cdb(&bhs, &out, cdb.data()), 260u);
  EXPECT_EQ(cdb[259], 0x5a);
  body.push_back(0x5a);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, body)), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, WithoutExtensionLeavesSixteenBytes) {
  const lunar_bhs bhs = header(LUNAR_OP_SCSI_CMD);
  lunar_ahs out;
  ASSERT_EQ(parse({}, &out), LUNAR_PDU_OK);
  std::vector<std::uint8_t> cdb(LUNAR_CDB_MAX, 0xee);
  EXPECT_EQ(lunar_pdu_cdb(&bhs, &out, cdb.data()), 16u);
  EXPECT_EQ(cdb[16], 0);
}

TEST(Ahs, RefusesLengthZero) {
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}, 0)), LUNAR_PDU_BAD_AHS);
  EXPECT_EQ(parse({0, 0, 0, 0}), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, RefusesAnExtensionThatAddsNothing) {
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0}, 1)), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, RefusesALengthBeyondItsEnd) {
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}, 5)), LUNAR_PDU_OK);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}, 6)), LUNAR_PDU_BAD_AHS);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}, 245)), LUNAR_PDU_BAD_AHS);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}, 65535)), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, RefusesTwoExtendedCdbs) {
  const Bytes one = ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4});
  EXPECT_EQ(parse(one + one), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, ReadsABidirectionalLength) {
  lunar_ahs out;
  ASSERT_EQ(parse(ahs(LUNAR_AHS_BIDI_READ, {0, 0, 1, 2, 3}), &out), LUNAR_PDU_OK);
  EXPECT_TRUE(out.has_bidi);
  EXPECT_EQ(out.bidi_read_len, 0x00010203u);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_BIDI_READ, {0, 0, 1, 2})), LUNAR_PDU_BAD_AHS);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_BIDI_READ, {0, 0, 1, 2, 3, 4})), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, TakesBothKindsInEitherOrder) {
  const Bytes cdb = ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4, 5});
  const Bytes bidi = ahs(LUNAR_AHS_BIDI_READ, {0, 0, 0, 2, 0});
  for (const Bytes& both : {cdb + bidi, bidi + cdb}) {
    lunar_ahs out;
    ASSERT_EQ(parse(both, &out), LUNAR_PDU_OK);
    EXPECT_EQ(out.ext_cdb_len, 5u);
    EXPECT_EQ(out.bidi_read_len, 512u);
  }
  EXPECT_EQ(parse(bidi + bidi), LUNAR_PDU_BAD_AHS);
}

TEST(Ahs, RefusesOtherTypes) {
  for (std::uint8_t type = 0; type < 64; type++) {
    if (type == LUNAR_AHS_EXT_CDB || type == LUNAR_AHS_BIDI_READ) continue;
    EXPECT_EQ(parse(ahs(type, {0, 1, 2, 3, 4})), LUNAR_PDU_BAD_AHS) << int(type);
  }
}

TEST(Ahs, IgnoresTheReservedBitsOfItsType) {
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB | 0xc0, {0, 1, 2, 3, 4})), LUNAR_PDU_OK);
}

TEST(Ahs, RefusesTrailingRubbish) {
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}) + Bytes{0, 0, 0, 0}), LUNAR_PDU_BAD_AHS);
  EXPECT_EQ(parse(ahs(LUNAR_AHS_EXT_CDB, {0, 1, 2, 3, 4}) + Bytes{1}), LUNAR_PDU_BAD_AHS);
}

}  // namespace
}  // namespace lunar_test
