// SPDX-License-Identifier: GPL-2.0-or-later
// Text iteration, value formats and the output builder.
#include <cstring>

#include "input.h"
#include "text.h"

using lunar_fuzz::Input;

namespace {

void check_numbers(lunar_str value) {
  std::uint32_t number = 0;
  if (lunar_text_number(value, 10, 1000, &number) == LUNAR_TEXT_OK)
    REQUIRE(number >= 10 && number <= 1000);
  bool yes = false;
  if (lunar_text_bool(value, &yes)) REQUIRE(value.len == (yes ? 3u : 2u));
}

void check_binary(lunar_str value, std::uint32_t cap) {
  std::vector<std::uint8_t> out(cap);
  std::uint32_t len = 0;
  if (lunar_text_binary(value, out.data(), cap, &len) != LUNAR_TEXT_OK) {
    REQUIRE(len == 0);
    return;
  }
  REQUIRE(len > 0 && len <= cap);
  std::vector<char> hex(2 * len + 3);
  REQUIRE(lunar_text_hex(out.data(), len, hex.data(), 2 * len + 3) == 2 * len + 2);
  std::vector<std::uint8_t> again(len);
  std::uint32_t again_len = 0;
  REQUIRE(lunar_text_binary({hex.data(), 2 * len + 2}, again.data(), len, &again_len) ==
          LUNAR_TEXT_OK);
  REQUIRE(again_len == len && std::memcmp(again.data(), out.data(), len) == 0);
}

void check_list(lunar_str list) {
  const std::uint32_t whole = list.len;
  std::uint32_t seen = 0;
  std::uint32_t items = 0;
  lunar_str item;
  while (lunar_text_list_next(&list, &item)) {
    seen += item.len;
    items++;
  }
  REQUIRE(seen + items - 1 == whole);
}

void check_pair(const lunar_text_pair& pair, const std::vector<std::uint8_t>& text,
                std::uint32_t cap) {
  const auto* begin = reinterpret_cast<const char*>(text.data());
  REQUIRE(pair.key.ptr >= begin && pair.key.len >= 1 && pair.key.len <= LUNAR_KEY_LEN_MAX);
  REQUIRE(pair.value.ptr + pair.value.len < begin + text.size());
  REQUIRE(pair.value.ptr[pair.value.len] == '\0');
  REQUIRE(pair.value.len <= LUNAR_BINARY_VALUE_LEN_MAX);
  check_numbers(pair.value);
  check_binary(pair.value, cap);
  check_list(pair.value);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Input input(data, size);
  const std::uint32_t cap = input.u8();
  const std::uint32_t max_keys = input.u8();
  const std::vector<std::uint8_t> text = input.rest();
  const auto len = static_cast<std::uint32_t>(text.size());
  const lunar_text_result verdict = lunar_text_check(text.data(), len, max_keys);

  std::vector<std::uint8_t> copy(text.size());
  std::vector<char> small(cap);
  lunar_text_out whole_out;
  lunar_text_out small_out;
  lunar_text_out_init(&whole_out, copy.data(), len);
  lunar_text_out_init(&small_out, small.data(), cap);

  lunar_text_iter it;
  lunar_text_pair pair;
  std::uint32_t pairs = 0;
  lunar_text_result result;
  lunar_text_iter_init(&it, text.data(), len, max_keys);
  while ((result = lunar_text_next(&it, &pair)) == LUNAR_TEXT_OK) {
    check_pair(pair, text, cap);
    REQUIRE(lunar_text_put_str(&whole_out, pair.key, pair.value));
    lunar_text_put_str(&small_out, pair.key, pair.value);
    lunar_text_put_hex(&small_out, "K", text.data(), len < 64 ? len : 64);
    REQUIRE(small_out.len <= cap);
    pairs++;
  }
  REQUIRE(pairs <= max_keys);
  REQUIRE((result == LUNAR_TEXT_END) == (verdict == LUNAR_TEXT_OK));
  // What was taken apart and put together again is the same text.
  if (verdict == LUNAR_TEXT_OK)
    REQUIRE(whole_out.len == len && (!len || std::memcmp(copy.data(), text.data(), len) == 0));
  REQUIRE(lunar_text_next(&it, &pair) == LUNAR_TEXT_END);
  return 0;
}
