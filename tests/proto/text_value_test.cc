// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.h"
#include "text.h"

namespace lunar_test {
namespace {

lunar_text_result number(std::string_view text, std::uint32_t* out, std::uint32_t min = 0,
                         std::uint32_t max = 0xffffffff) {
  const std::vector<char> copy(text.begin(), text.end());
  return lunar_text_number({copy.data(), static_cast<std::uint32_t>(copy.size())}, min, max, out);
}

TEST(TextNumber, ReadsDecimalAndHex) {
  const std::pair<const char*, std::uint32_t> cases[] = {
      {"0", 0},           {"1", 1},      {"262144", 262144}, {"4294967295", 4294967295u},
      {"0x0", 0},         {"0xff", 255}, {"0XfF", 255},      {"0xFFFFFFFF", 4294967295u},
      {"0x0000000001", 1}};
  for (const auto& [text, expected] : cases) {
    std::uint32_t value = 77;
    EXPECT_EQ(number(text, &value), LUNAR_TEXT_OK) << text;
    EXPECT_EQ(value, expected) << text;
  }
}

TEST(TextNumber, RefusesWhatIsNoNumber) {
  for (const char* text :
       {"", "-1", "+1", " 1", "1 ", "1a", "a", "0x", "0xg", "0b1", "x", "1.5", "4294967296",
        "99999999999999999999", "0x100000000", "010", "00", "Yes"}) {
    std::uint32_t value = 77;
    EXPECT_EQ(number(text, &value), LUNAR_TEXT_BAD_NUMBER) << text;
    EXPECT_EQ(value, 77u) << text;
  }
}

TEST(TextNumber, KeepsToItsRange) {
  std::uint32_t value = 77;
  EXPECT_EQ(number("511", &value, 512, 1000), LUNAR_TEXT_RANGE);
  EXPECT_EQ(number("1001", &value, 512, 1000), LUNAR_TEXT_RANGE);
  EXPECT_EQ(value, 77u);
  EXPECT_EQ(number("512", &value, 512, 1000), LUNAR_TEXT_OK);
  EXPECT_EQ(number("1000", &value, 512, 1000), LUNAR_TEXT_OK);
  EXPECT_EQ(value, 1000u);
}

TEST(TextBool, KnowsYesAndNo) {
  bool value = false;
  EXPECT_TRUE(lunar_text_bool(str_of("Yes"), &value));
  EXPECT_TRUE(value);
  EXPECT_TRUE(lunar_text_bool(str_of("No"), &value));
  EXPECT_FALSE(value);
  for (const char* text : {"", "yes", "NO", "1", "Y", "Yes,No"}) {
    EXPECT_FALSE(lunar_text_bool(str_of(text), &value)) << text;
  }
}

struct Decoded {
  lunar_text_result result;
  std::vector<std::uint8_t> bytes;
};

// Decodes into a heap buffer of exactly `cap` bytes: one more would be seen by the address
// sanitizer.
Decoded decode(std::string_view text, std::uint32_t cap) {
  std::vector<std::uint8_t> out(cap);
  std::uint32_t len = 77;
  const std::vector<char> copy(text.begin(), text.end());
  const lunar_text_result result = lunar_text_binary(
      {copy.data(), static_cast<std::uint32_t>(copy.size())}, out.data(), cap, &len);
  EXPECT_LE(len, cap);
  out.resize(len);
  return {result, out};
}

TEST(TextBinary, DecodesHexInEitherCase) {
  const std::vector<std::uint8_t> expected = {0x00, 0xab, 0xcd, 0xef};
  EXPECT_EQ(decode("0x00abcdef", 4).bytes, expected);
  EXPECT_EQ(decode("0X00ABCDEF", 4).bytes, expected);
  EXPECT_EQ(decode("0x00AbCdEf", 16).bytes, expected);
}

TEST(TextBinary, RefusesMalformedHex) {
  for (const char* text :
       {"0x", "0x1", "0x123", "0xgg", "0x1g", "0x 1", "00", "1234", "", "0", "x00"}) {
    const Decoded decoded = decode(text, 16);
    EXPECT_EQ(decoded.result, LUNAR_TEXT_BAD_BINARY) << text;
    EXPECT_TRUE(decoded.bytes.empty()) << text;
  }
}

TEST(TextBinary, DecodesBase64) {
  EXPECT_EQ(decode("0bTQ==", 1).bytes, (std::vector<std::uint8_t>{'M'}));
  EXPECT_EQ(decode("0BTWE=", 2).bytes, (std::vector<std::uint8_t>{'M', 'a'}));
  EXPECT_EQ(decode("0bTWFu", 3).bytes, (std::vector<std::uint8_t>{'M', 'a', 'n'}));
  EXPECT_EQ(decode("0b+/+/", 3).bytes, (std::vector<std::uint8_t>{0xfb, 0xff, 0xbf}));
}

TEST(TextBinary, DecodesWhatOpensslEncodes) {
  for (std::size_t len = 1; len < 70; len++) {
    std::vector<std::uint8_t> bytes(len);
    for (std::size_t i = 0; i < len; i++) bytes[i] = static_cast<std::uint8_t>(i * 37 + len);
    EXPECT_EQ(decode(base64(bytes), static_cast<std::uint32_t>(len)).bytes, bytes) << len;
    EXPECT_EQ(decode(hex(bytes), static_cast<std::uint32_t>(len)).bytes, bytes) << len;
  }
}

TEST(TextBinary, RefusesMalformedBase64) {
  for (const char* text : {"0b", "0bT", "0bTQ", "0bTWE", "0bTQ=", "0b====", "0bT===", "0b=TQ=",
                           "0bTQ=a", "0bTW Fu", "0bTWF-", "0bTR==", "0bTWF=", "0bTQ==TQ=="}) {
    const Decoded decoded = decode(text, 16);
    EXPECT_EQ(decoded.result, LUNAR_TEXT_BAD_BINARY) << text;
    EXPECT_TRUE(decoded.bytes.empty()) << text;
  }
}

TEST(TextBinary, NeverWritesMoreThanItsRoom) {
  EXPECT_EQ(decode("0x" + std::string(34, 'a'), 16).result, LUNAR_TEXT_NO_ROOM);
  EXPECT_EQ(decode("0x" + std::string(32, 'a'), 16).bytes.size(), 16u);
  // 127 base64 characters once overran a buffer of digest size.
  EXPECT_EQ(decode("0b" + std::string(128, 'A'), 16).result, LUNAR_TEXT_NO_ROOM);
  EXPECT_EQ(decode("0bAAAAAAAAAAAAAAAAAAAAAA==", 16).bytes.size(), 16u);
  EXPECT_EQ(decode("0bAAAAAAAAAAAAAAAAAAAAAAA=", 16).result, LUNAR_TEXT_NO_ROOM);
  EXPECT_EQ(decode("0x00", 0).result, LUNAR_TEXT_NO_ROOM);
}

TEST(TextHex, NeedsRoomForItsNul) {
  const std::uint8_t bytes[] = {0xde, 0xad};
  char out[8];
  EXPECT_EQ(lunar_text_hex(bytes, 2, out, 7), 6u);
  EXPECT_STREQ(out, "0xdead");
  EXPECT_EQ(lunar_text_hex(bytes, 2, out, 6), 0u);
  EXPECT_EQ(lunar_text_hex(bytes, 0, out, 3), 2u);
  EXPECT_STREQ(out, "0x");
  EXPECT_EQ(lunar_text_hex(bytes, 0, out, 2), 0u);
  EXPECT_EQ(lunar_text_hex(bytes, 0x80000001u, out, 8), 0u);
}

std::vector<std::string> items(std::string_view text) {
  std::vector<std::string> found;
  lunar_str list = str_of(text);
  lunar_str item;
  while (lunar_text_list_next(&list, &item)) found.push_back(string_of(item));
  return found;
}

TEST(TextList, SplitsAtCommas) {
  EXPECT_EQ(items("a,b,c"), (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(items("a"), (std::vector<std::string>{"a"}));
  EXPECT_EQ(items(",a,"), (std::vector<std::string>{"", "a", ""}));
  EXPECT_EQ(items(""), (std::vector<std::string>{""}));
}

TEST(TextList, FindsWholeItemsOnly) {
  EXPECT_TRUE(lunar_text_list_has(str_of("CRC32C,None"), "None"));
  EXPECT_FALSE(lunar_text_list_has(str_of("CRC32C,Nones"), "None"));
  EXPECT_FALSE(lunar_text_list_has(str_of("CRC32CNone"), "None"));
}

}  // namespace
}  // namespace lunar_test
