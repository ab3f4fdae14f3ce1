// SPDX-License-Identifier: GPL-2.0-or-later
#include "text.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support.h"

namespace lunar_test {
namespace {

// Runs over an exact-size heap copy, so that the address sanitizer sees any read past the end.
lunar_text_result check(std::string_view text, std::uint32_t max_keys = LUNAR_TEXT_KEYS_MAX) {
  const std::vector<char> copy(text.begin(), text.end());
  return lunar_text_check(copy.data(), static_cast<std::uint32_t>(copy.size()), max_keys);
}

std::string nul(std::string text) {
  text.push_back('\0');
  return text;
}

TEST(TextIterator, WalksPairs) {
  const std::string text = text_of({"A=1", "Bb.c-d+e@f_9=x=y", "Empty="});
  lunar_text_iter it;
  lunar_text_pair pair;
  lunar_text_iter_init(&it, text.data(), static_cast<std::uint32_t>(text.size()), 10);
  ASSERT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_OK);
  EXPECT_EQ(string_of(pair.key), "A");
  EXPECT_EQ(string_of(pair.value), "1");
  ASSERT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_OK);
  EXPECT_EQ(string_of(pair.key), "Bb.c-d+e@f_9");
  EXPECT_EQ(string_of(pair.value), "x=y");
  ASSERT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_OK);
  EXPECT_EQ(string_of(pair.key), "Empty");
  EXPECT_EQ(pair.value.len, 0u);
  EXPECT_EQ(pair.value.ptr[0], '\0');
  EXPECT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_END);
  EXPECT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_END);
}

TEST(TextIterator, AcceptsNothing) {
  EXPECT_EQ(check(""), LUNAR_TEXT_OK);
  EXPECT_EQ(lunar_text_check(nullptr, 0, 1), LUNAR_TEXT_OK);
}

TEST(TextIterator, RefusesAPairWithoutEquals) {
  EXPECT_EQ(check(nul("Key")), LUNAR_TEXT_NO_EQUALS);
  EXPECT_EQ(check("Key"), LUNAR_TEXT_NO_EQUALS);
  EXPECT_EQ(check(nul("A=1") + nul("Key") + nul("B=2")), LUNAR_TEXT_NO_EQUALS);
}

TEST(TextIterator, RefusesAnEmptyKey) {
  EXPECT_EQ(check(nul("=1")), LUNAR_TEXT_EMPTY_KEY);
  EXPECT_EQ(check(nul("")), LUNAR_TEXT_EMPTY_KEY);
  EXPECT_EQ(check(nul("A=1") + nul("")), LUNAR_TEXT_EMPTY_KEY);
}

TEST(TextIterator, RefusesAKeyOf64Bytes) {
  EXPECT_EQ(check(nul(std::string(63, 'K') + "=1")), LUNAR_TEXT_OK);
  EXPECT_EQ(check(nul(std::string(64, 'K') + "=1")), LUNAR_TEXT_LONG_KEY);
  EXPECT_EQ(check(nul(std::string(8000, 'K') + "=1")), LUNAR_TEXT_LONG_KEY);
}

TEST(TextIterator, RefusesAValueOf256Bytes) {
  EXPECT_EQ(check(nul("K=" + std::string(255, 'v'))), LUNAR_TEXT_OK);
  EXPECT_EQ(check(nul("K=" + std::string(256, 'v'))), LUNAR_TEXT_LONG_VALUE);
}

TEST(TextIterator, AllowsLargeBinaryValuesForChapOnly) {
  for (const char* key : {"CHAP_C=", "CHAP_R="}) {
    EXPECT_EQ(check(nul(key + std::string(2050, '0'))), LUNAR_TEXT_OK) << key;
    EXPECT_EQ(check(nul(key + std::string(2051, '0'))), LUNAR_TEXT_LONG_VALUE) << key;
  }
  EXPECT_EQ(check(nul("CHAP_N=" + std::string(256, 'n'))), LUNAR_TEXT_LONG_VALUE);
  EXPECT_EQ(check(nul("CHAP_CC=" + std::string(256, 'n'))), LUNAR_TEXT_LONG_VALUE);
}

TEST(TextIterator, RefusesAMissingFinalNul) {
  EXPECT_EQ(check("A=1"), LUNAR_TEXT_NO_NUL);
  EXPECT_EQ(check("A="), LUNAR_TEXT_NO_NUL);
  EXPECT_EQ(check(nul("A=1") + "B=2"), LUNAR_TEXT_NO_NUL);
  // A whole buffer without a terminator, the classic over-read.
  EXPECT_EQ(check("A=" + std::string(200, 'x')), LUNAR_TEXT_NO_NUL);
}

TEST(TextIterator, RefusesForeignCharactersInKeys) {
  for (int c = 1; c < 256; c++) {
    const bool allowed =
        (c < 128 && std::isalnum(c)) ||
        std::string_view(".-+@_").find(static_cast<char>(c)) != std::string_view::npos;
    if (c == '=') continue;
    const std::string text = nul(std::string("K") + static_cast<char>(c) + "=1");
    EXPECT_EQ(check(text), allowed ? LUNAR_TEXT_OK : LUNAR_TEXT_BAD_CHAR) << c;
  }
}

TEST(TextIterator, RefusesControlCharactersInValues) {
  for (int c = 1; c < 256; c++) {
    const bool allowed = c >= 0x20 && c != 0x7f;
    const std::string text = nul(std::string("K=v") + static_cast<char>(c));
    EXPECT_EQ(check(text), allowed ? LUNAR_TEXT_OK : LUNAR_TEXT_BAD_CHAR) << c;
  }
}

TEST(TextIterator, StopsAtTheNumberOfKeysAllowed) {
  std::vector<std::string> pairs(64, "a=b");
  EXPECT_EQ(check(text_of(pairs)), LUNAR_TEXT_OK);
  pairs.emplace_back("a=b");
  EXPECT_EQ(check(text_of(pairs)), LUNAR_TEXT_TOO_MANY);
  EXPECT_EQ(check(text_of(std::vector<std::string>(2048, "a=b"))), LUNAR_TEXT_TOO_MANY);
}

TEST(TextIterator, HandsOutNothingAfterAnError) {
  const std::string text = nul("A=1") + nul("bad") + nul("B=2");
  lunar_text_iter it;
  lunar_text_pair pair;
  lunar_text_iter_init(&it, text.data(), static_cast<std::uint32_t>(text.size()), 10);
  EXPECT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_OK);
  EXPECT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_NO_EQUALS);
  EXPECT_EQ(pair.key.ptr, nullptr);
  EXPECT_EQ(lunar_text_next(&it, &pair), LUNAR_TEXT_END);
}

TEST(TextFind, FindsTheFirst) {
  const std::string text = text_of({"A=1", "AB=2", "A=3"});
  lunar_str value;
  ASSERT_TRUE(lunar_text_find(text.data(), static_cast<std::uint32_t>(text.size()), "A", &value));
  EXPECT_EQ(string_of(value), "1");
  ASSERT_TRUE(lunar_text_find(text.data(), static_cast<std::uint32_t>(text.size()), "AB", &value));
  EXPECT_EQ(string_of(value), "2");
  EXPECT_FALSE(lunar_text_find(text.data(), static_cast<std::uint32_t>(text.size()), "a", &value));
}

TEST(TextOut, BuildsPairs) {
  std::vector<char> buf(200);
  lunar_text_out out;
  lunar_text_out_init(&out, buf.data(), 200);
  EXPECT_TRUE(lunar_text_put(&out, "Name", "value"));
  EXPECT_TRUE(lunar_text_put(&out, "Empty", ""));
  EXPECT_TRUE(lunar_text_put_number(&out, "Zero", 0));
  EXPECT_TRUE(lunar_text_put_number(&out, "Most", 4294967295u));
  EXPECT_TRUE(lunar_text_put_bool(&out, "On", true));
  EXPECT_TRUE(lunar_text_put_bool(&out, "Off", false));
  const std::uint8_t bytes[] = {0x00, 0xab, 0x0f};
  EXPECT_TRUE(lunar_text_put_hex(&out, "Hex", bytes, 3));
  EXPECT_EQ(std::string(buf.data(), out.len),
            text_of({"Name=value", "Empty=", "Zero=0", "Most=4294967295", "On=Yes", "Off=No",
                     "Hex=0x00ab0f"}));
  EXPECT_FALSE(out.overflow);
}

TEST(TextOut, NeverWritesPastItsEnd) {
  for (std::uint32_t cap = 0; cap <= 12; cap++) {
    std::vector<char> buf(cap + 8, '#');
    lunar_text_out out;
    lunar_text_out_init(&out, buf.data(), cap);
    const bool fits = lunar_text_put(&out, "Key", "12345");  // 10 bytes with '=' and NUL
    EXPECT_EQ(fits, cap >= 10) << cap;
    EXPECT_EQ(out.overflow, !fits);
    EXPECT_EQ(out.len, fits ? 10u : 0u);
    EXPECT_EQ(std::string(buf.data() + cap, 8), "########") << cap;
  }
}

TEST(TextOut, HexNeverWritesPastItsEnd) {
  const std::uint8_t bytes[] = {1, 2};
  for (std::uint32_t cap = 0; cap <= 12; cap++) {
    std::vector<char> buf(cap);
    lunar_text_out out;
    lunar_text_out_init(&out, buf.data(), cap);
    EXPECT_EQ(lunar_text_put_hex(&out, "K", bytes, 2), cap >= 9) << cap;
  }
}

TEST(TextOut, HoldsNothingWithoutABuffer) {
  lunar_text_out out;
  lunar_text_out_init(&out, nullptr, 0);
  EXPECT_FALSE(lunar_text_put(&out, "K", ""));
  EXPECT_TRUE(out.overflow);
}

TEST(TextOut, StaysOverflown) {
  char buf[8];
  lunar_text_out out;
  lunar_text_out_init(&out, buf, sizeof(buf));
  EXPECT_FALSE(lunar_text_put(&out, "Key", "much too long"));
  EXPECT_FALSE(lunar_text_put(&out, "K", "v"));
  EXPECT_TRUE(out.overflow);
  EXPECT_EQ(out.len, 0u);
}

TEST(TextOut, RefusesHexAboveTheLargestBinaryValue) {
  std::vector<std::uint8_t> bytes(LUNAR_BINARY_MAX + 1);
  std::vector<char> buf(4096);
  lunar_text_out out;
  lunar_text_out_init(&out, buf.data(), 4096);
  EXPECT_FALSE(lunar_text_put_hex(&out, "K", bytes.data(), LUNAR_BINARY_MAX + 1));
  lunar_text_out_init(&out, buf.data(), 4096);
  EXPECT_TRUE(lunar_text_put_hex(&out, "K", bytes.data(), LUNAR_BINARY_MAX));
  EXPECT_EQ(out.len, 2u + 2u + 2048u + 1u);
}

TEST(Str, ComparesExactly) {
  EXPECT_TRUE(lunar_str_is(str_of("Yes"), "Yes"));
  EXPECT_FALSE(lunar_str_is(str_of("Yes"), "yes"));
  EXPECT_FALSE(lunar_str_is(str_of("Ye"), "Yes"));
  EXPECT_FALSE(lunar_str_is(str_of("Yess"), "Yes"));
  EXPECT_TRUE(lunar_str_is(lunar_str{nullptr, 0}, ""));
}

TEST(Str, CopiesOnlyWhatFits) {
  char out[4] = "xxx";
  EXPECT_TRUE(lunar_str_copy(str_of("abc"), out, 4));
  EXPECT_STREQ(out, "abc");
  EXPECT_FALSE(lunar_str_copy(str_of("abcd"), out, 4));
  EXPECT_STREQ(out, "");
  EXPECT_FALSE(lunar_str_copy(str_of(std::string_view("a\0b", 3)), out, 4));
  EXPECT_FALSE(lunar_str_copy(str_of(""), out, 0));
}

}  // namespace
}  // namespace lunar_test
