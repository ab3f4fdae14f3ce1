// SPDX-License-Identifier: GPL-2.0-or-later
// Header checks, AHS, layout.
#include <cstring>

#include "digest.h"
#include "input.h"
#include "pdu.h"

using lunar_fuzz::Input;

namespace {

void check_ahs(const lunar_bhs& bhs, const std::vector<std::uint8_t>& bytes) {
  lunar_ahs ahs;
  const lunar_pdu_verdict verdict =
      lunar_ahs_parse(bytes.data(), static_cast<std::uint32_t>(bytes.size()), &ahs);
  REQUIRE(verdict == LUNAR_PDU_OK || verdict == LUNAR_PDU_BAD_AHS);
  if (verdict != LUNAR_PDU_OK) REQUIRE(!ahs.ext_cdb && !ahs.ext_cdb_len && !ahs.has_bidi);
  std::vector<std::uint8_t> cdb(LUNAR_CDB_MAX, 0xee);
  const std::uint32_t len = lunar_pdu_cdb(&bhs, &ahs, cdb.data());
  REQUIRE(len >= LUNAR_CDB_INLINE_LEN && len <= LUNAR_CDB_MAX);
  REQUIRE(len == LUNAR_CDB_INLINE_LEN + ahs.ext_cdb_len);
  for (std::size_t i = len; i < cdb.size(); i++) REQUIRE(cdb[i] == 0);
  if (!ahs.ext_cdb) return;
  REQUIRE(ahs.ext_cdb >= bytes.data() &&
          ahs.ext_cdb + ahs.ext_cdb_len <= bytes.data() + bytes.size());
  REQUIRE(std::memcmp(cdb.data() + LUNAR_CDB_INLINE_LEN, ahs.ext_cdb, ahs.ext_cdb_len) == 0);
}

void check_verdict(const lunar_bhs& bhs, const lunar_pdu_limits& limits) {
  const lunar_pdu_verdict verdict = lunar_pdu_check_header(&bhs, &limits);
  const bool rejected = lunar_pdu_reject_reason(verdict) != LUNAR_REJECT_NONE;
  REQUIRE(static_cast<int>(verdict == LUNAR_PDU_OK) +
              static_cast<int>(lunar_pdu_must_drop(verdict)) + static_cast<int>(rejected) ==
          1);
  if (verdict != LUNAR_PDU_OK) return;
  REQUIRE(lunar_bhs_dlength(&bhs) <= limits.max_recv_dsl);
  REQUIRE(lunar_bhs_opcode(&bhs) < 0x1c);
  REQUIRE(!bhs.any.ahs_words || lunar_bhs_opcode(&bhs) == LUNAR_OP_SCSI_CMD);
  if (limits.discovery)
    REQUIRE(lunar_bhs_opcode(&bhs) == LUNAR_OP_TEXT_REQ ||
            lunar_bhs_opcode(&bhs) == LUNAR_OP_LOGOUT_REQ);
  if (lunar_bhs_opcode(&bhs) == LUNAR_OP_SCSI_CMD && lunar_bhs_dlength(&bhs)) {
    REQUIRE(limits.immediate_data && (bhs.any.flags & LUNAR_CMD_WRITE));
    REQUIRE(lunar_bhs_dlength(&bhs) <= lunar_be32(bhs.scsi_cmd.edtl));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t bits = input.u8();
  lunar_pdu_limits limits{};
  limits.max_recv_dsl = input.u16() + 512;
  limits.first_burst = input.u16() + 512;
  limits.erl = bits >> 6;
  limits.initial_r2t = (bits & 1) != 0;
  limits.immediate_data = (bits & 2) != 0;
  limits.discovery = (bits & 4) != 0;

  lunar_bhs bhs;
  std::memset(&bhs, 0, sizeof(bhs));
  const std::vector<std::uint8_t> header = input.bytes(sizeof(bhs));
  if (!header.empty()) std::memcpy(&bhs, header.data(), header.size());
  check_verdict(bhs, limits);
  check_ahs(bhs, input.rest());

  struct lunar_pdu_layout layout;
  lunar_pdu_layout(&bhs, (bits & 8) != 0, (bits & 16) != 0, &layout);
  REQUIRE(layout.total % 4 == 0);
  REQUIRE(layout.total == LUNAR_BHS_LEN + layout.ahs_len + layout.header_digest_len +
                              layout.data_len + layout.pad_len + layout.data_digest_len);
  return 0;
}
