// SPDX-License-Identifier: GPL-2.0-or-later
// CHAP exchanges, with a peer that may know the secret.
#include <cstring>

#include "input.h"

using lunar_fuzz::Input;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint8_t bits = input.u8();
  lunar_chap_config config;
  lunar_fuzz::set_credentials(&config, (bits & 1) != 0);
  if (bits & 2) config.algorithms = LUNAR_CHAP_BIT(LUNAR_CHAP_SHA256);
  if (bits & 4) std::memset(config.secret, 's', sizeof(config.secret));
  lunar_chap chap;
  lunar_chap_init(&chap, &config);

  lunar_fuzz::FakeHashContext hashes;
  std::string known;
  bool given = false;
  bool over = false;
  while (!input.empty()) {
    const std::uint8_t step = input.u8();
    std::vector<std::uint8_t> text = input.bytes(input.u16());
    if (step & 1) {
      text.insert(text.begin(), known.begin(), known.end());
      given = given || !known.empty();
    }
    const auto len = static_cast<std::uint32_t>(text.size());
    if (lunar_text_check(text.data(), len, LUNAR_TEXT_KEYS_MAX) != LUNAR_TEXT_OK) continue;

    std::vector<char> buf((step & 2) ? 40 : 4096);
    lunar_text_out out;
    lunar_text_out_init(&out, buf.data(), static_cast<std::uint32_t>(buf.size()));
    const lunar_chap_result result =
        lunar_chap_receive(&chap, text.data(), len, &out, &lunar_fuzz::kFakeHashOps, &hashes);
    REQUIRE(lunar_text_check(buf.data(), out.len, 8) == LUNAR_TEXT_OK);
    REQUIRE(!over || result > LUNAR_CHAP_SUCCESS);
    if (result == LUNAR_CHAP_SUCCESS) REQUIRE(given && chap.state == LUNAR_CHAP_DONE);
    if (result > LUNAR_CHAP_SUCCESS) REQUIRE(chap.state == LUNAR_CHAP_FAILED);
    over = over || result != LUNAR_CHAP_OK;
    const std::string right =
        lunar_fuzz::right_response(reinterpret_cast<const std::uint8_t*>(buf.data()), out.len,
                                   lunar_fuzz::kUser, chap.config.secret);
    if (!right.empty()) known = right;
  }
  lunar_chap_wipe(&chap);
  return 0;
}
