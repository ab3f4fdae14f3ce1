// SPDX-License-Identifier: GPL-2.0-or-later
// Negotiation with any offer and any text, and the configuration strings.
#include <cstring>

#include "input.h"
#include "nego.h"

using lunar_fuzz::Input;

namespace {

void check_result(const lunar_nego& nego) {
  const lunar_nego_result& result = nego.result;
  REQUIRE(result.auth_method == 0 || (result.auth_method & nego.offer.auth_methods));
  REQUIRE(result.header_digest <= 1 && result.data_digest <= 1);
  REQUIRE(!result.header_digest || (nego.offer.header_digests & LUNAR_DIGEST_CRC32C));
  REQUIRE(result.max_connections == 1 && result.erl == 0);
  REQUIRE(result.initial_r2t <= 1 && result.immediate_data <= 1);
  REQUIRE(result.pdu_in_order == 1 && result.sequence_in_order == 1);
  REQUIRE(result.initiator_mrdsl >= LUNAR_MRDSL_MIN && result.initiator_mrdsl <= LUNAR_MRDSL_MAX);
  REQUIRE(result.max_burst >= 512 && result.max_burst <= 16777215);
  REQUIRE(result.first_burst >= 512 && result.first_burst <= result.max_burst);
  REQUIRE(result.time2wait <= 3600 && result.time2retain <= 3600);
  REQUIRE(result.max_r2t >= 1 && result.max_r2t <= 65535);
  REQUIRE(result.protocol_level <= 31);
  REQUIRE(std::memchr(result.initiator_name, 0, sizeof(result.initiator_name)));
  REQUIRE(std::memchr(result.target_name, 0, sizeof(result.target_name)));
  REQUIRE(std::memchr(result.initiator_alias, 0, sizeof(result.initiator_alias)));
}

lunar_nego_offer offer_of(Input& input) {
  lunar_nego_offer offer;
  lunar_nego_offer_default(&offer);
  const std::uint8_t bits = input.u8();
  offer.auth_methods = bits & 3u;
  offer.header_digests = (bits & 4) ? LUNAR_DIGEST_CRC32C : LUNAR_DIGEST_CRC32C | LUNAR_DIGEST_NONE;
  offer.immediate_data = (bits & 8) ? 1 : 0;
  offer.initial_r2t = (bits & 16) ? 1 : 0;
  offer.keys_workaround = (bits & 32) != 0;
  offer.pdu_in_order = (bits & 64) ? 1 : 0;
  offer.max_burst = 512 + input.u16();
  offer.first_burst = 512 + input.u16();
  offer.max_r2t = 1 + input.u8();
  return offer;
}

// A value that is taken is shown in a form that is taken again and shown the same.
void check_param(lunar_nego_offer& offer, const lunar_text_pair& pair) {
  char name[LUNAR_KEY_LEN_MAX + 1];
  REQUIRE(lunar_str_copy(pair.key, name, sizeof(name)));
  const char* why = nullptr;
  const lunar_param_result result = lunar_param_set(&offer, name, pair.value, &why);
  REQUIRE(why != nullptr && (result == LUNAR_PARAM_OK || result == LUNAR_PARAM_UNKNOWN || why[0]));
  if (result != LUNAR_PARAM_OK) return;
  char shown[LUNAR_ALIAS_LEN];
  char again[LUNAR_ALIAS_LEN];
  const std::uint32_t len = lunar_param_show(&offer, name, shown, sizeof(shown));
  REQUIRE(len == std::strlen(shown));
  REQUIRE(lunar_param_set(&offer, name, {shown, len}, nullptr) == LUNAR_PARAM_OK);
  lunar_param_show(&offer, name, again, sizeof(again));
  REQUIRE(std::strcmp(shown, again) == 0);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  lunar_nego_offer offer = offer_of(input);
  const std::uint8_t bits = input.u8();
  const auto phase = static_cast<lunar_nego_phase>(1u << (bits % 3));
  const std::uint32_t cap = 64 * static_cast<std::uint32_t>(input.u8());
  const std::vector<std::uint8_t> text = input.rest();
  const auto len = static_cast<std::uint32_t>(text.size());

  lunar_nego nego;
  lunar_nego_init(&nego);
  lunar_nego_begin(&nego, &offer);
  nego.leading = (bits & 64) == 0;
  if (lunar_text_check(text.data(), len, LUNAR_TEXT_KEYS_MAX) == LUNAR_TEXT_OK) {
    if (lunar_nego_identity(&nego, text.data(), len) == LUNAR_LOGIN_SUCCESS) {
      REQUIRE(nego.result.initiator_name[0] &&
              (nego.result.discovery || nego.result.target_name[0]));
    }
  }

  std::vector<char> buf(cap);
  lunar_text_out out;
  lunar_text_out_init(&out, buf.data(), cap);
  std::uint32_t count = 0;
  if (bits & 128) lunar_nego_propose(&nego, &out, &count);
  lunar_text_iter it;
  lunar_text_pair pair;
  lunar_text_iter_init(&it, text.data(), len, LUNAR_TEXT_KEYS_MAX);
  while (lunar_text_next(&it, &pair) == LUNAR_TEXT_OK) {
    const std::uint32_t before = out.len;
    const lunar_nego_status status = lunar_nego_receive(&nego, phase, &pair, &out);
    if (status != LUNAR_NEGO_OK) REQUIRE(out.len == before);
    if (status == LUNAR_NEGO_OVERFLOW) REQUIRE(out.overflow);
    check_result(nego);
    check_param(offer, pair);
  }
  lunar_nego_declare(&nego, phase, &out);
  REQUIRE(out.len <= cap);
  REQUIRE(lunar_text_check(buf.data(), out.len, 0xffffffff) == LUNAR_TEXT_OK);
  return 0;
}
