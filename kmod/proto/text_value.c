// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Formats of values: numbers, booleans, binary values, lists. See text.h. RFC 7143 section 6.1.
 */
#include "text.h"

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* Takes "0x" or "0b" (either case) off the front. */
static bool take_prefix(struct lunar_str *s, char letter)
{
	if (s->len < 2 || s->ptr[0] != '0' || (s->ptr[1] | 0x20) != letter)
		return false;
	s->ptr += 2;
	s->len -= 2;
	return true;
}

static enum lunar_text_result parse_digits(struct lunar_str s, u32 base, u32 *out)
{
	u32 value = 0;
	u32 i;
	int digit;

	/* The grammar has no leading zeros in decimals; others would read them as octal. */
	if (!s.len || (base == 10 && s.len > 1 && s.ptr[0] == '0'))
		return LUNAR_TEXT_BAD_NUMBER;
	for (i = 0; i < s.len; i++) {
		digit = hex_digit(s.ptr[i]);
		if (digit < 0 || (u32)digit >= base || value > (0xffffffffu - (u32)digit) / base)
			return LUNAR_TEXT_BAD_NUMBER;
		value = value * base + (u32)digit;
	}
	*out = value;
	return LUNAR_TEXT_OK;
}

enum lunar_text_result lunar_text_number(struct lunar_str value, u32 min, u32 max, u32 *out)
{
	u32 base = take_prefix(&value, 'x') ? 16 : 10;
	u32 number;
	enum lunar_text_result result = parse_digits(value, base, &number);

	if (result != LUNAR_TEXT_OK)
		return result;
	if (number < min || number > max)
		return LUNAR_TEXT_RANGE;
	*out = number;
	return LUNAR_TEXT_OK;
}

bool lunar_text_bool(struct lunar_str value, bool *out)
{
	if (!lunar_str_is(value, "Yes") && !lunar_str_is(value, "No"))
		return false;
	*out = value.ptr[0] == 'Y';
	return true;
}

static enum lunar_text_result decode_hex(struct lunar_str s, u8 *out, u32 cap, u32 *out_len)
{
	u32 i;
	int high, low;

	if (!s.len || s.len % 2)
		return LUNAR_TEXT_BAD_BINARY;
	if (s.len / 2 > cap)
		return LUNAR_TEXT_NO_ROOM;
	for (i = 0; i < s.len / 2; i++) {
		high = hex_digit(s.ptr[2 * i]);
		low = hex_digit(s.ptr[2 * i + 1]);
		if (high < 0 || low < 0)
			return LUNAR_TEXT_BAD_BINARY;
		out[i] = (u8)(high << 4 | low);
	}
	*out_len = s.len / 2;
	return LUNAR_TEXT_OK;
}

static int base64_digit(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	if (c == '+')
		return 62;
	return c == '/' ? 63 : -1;
}

/* Digits without their padding; the caller has sized `out` for s.len * 6 / 8 bytes. */
static enum lunar_text_result decode_base64_digits(struct lunar_str s, u8 *out)
{
	u32 bits = 0;
	u32 have = 0;
	u32 i;
	int digit;

	for (i = 0; i < s.len; i++) {
		digit = base64_digit(s.ptr[i]);
		if (digit < 0)
			return LUNAR_TEXT_BAD_BINARY;
		bits = bits << 6 | (u32)digit;
		have += 6;
		if (have < 8)
			continue;
		have -= 8;
		*out++ = (u8)(bits >> have);
		bits &= (1u << have) - 1;
	}
	return bits ? LUNAR_TEXT_BAD_BINARY : LUNAR_TEXT_OK;
}

static enum lunar_text_result decode_base64(struct lunar_str s, u8 *out, u32 cap, u32 *out_len)
{
	enum lunar_text_result result;
	u32 len;

	if (!s.len || s.len % 4)
		return LUNAR_TEXT_BAD_BINARY;
	len = s.len / 4 * 3;
	if (s.ptr[s.len - 1] == '=') {
		s.len--;
		len--;
	}
	if (s.len % 4 && s.ptr[s.len - 1] == '=') {
		s.len--;
		len--;
	}
	if (len > cap)
		return LUNAR_TEXT_NO_ROOM;
	result = decode_base64_digits(s, out);
	if (result == LUNAR_TEXT_OK)
		*out_len = len;
	return result;
}

enum lunar_text_result lunar_text_binary(struct lunar_str value, u8 *out, u32 cap, u32 *out_len)
{
	*out_len = 0;
	if (take_prefix(&value, 'x'))
		return decode_hex(value, out, cap, out_len);
	if (take_prefix(&value, 'b'))
		return decode_base64(value, out, cap, out_len);
	return LUNAR_TEXT_BAD_BINARY;
}

u32 lunar_text_hex(const u8 *bytes, u32 len, char *out, u32 cap)
{
	static const char digits[] = "0123456789abcdef";
	u32 i;

	if (cap < 3 || len > (cap - 3) / 2)
		return 0;
	out[0] = '0';
	out[1] = 'x';
	for (i = 0; i < len; i++) {
		out[2 + 2 * i] = digits[bytes[i] >> 4];
		out[3 + 2 * i] = digits[bytes[i] & 0xf];
	}
	out[2 + 2 * len] = '\0';
	return 2 + 2 * len;
}

bool lunar_text_list_next(struct lunar_str *list, struct lunar_str *item)
{
	u32 i;

	if (!list->ptr)
		return false;
	for (i = 0; i < list->len && list->ptr[i] != ','; i++)
		;
	item->ptr = list->ptr;
	item->len = i;
	if (i == list->len) {
		list->ptr = NULL;
		list->len = 0;
		return true;
	}
	list->ptr += i + 1;
	list->len -= i + 1;
	return true;
}

bool lunar_text_list_has(struct lunar_str list, const char *item)
{
	struct lunar_str each;

	while (lunar_text_list_next(&list, &each)) {
		if (lunar_str_is(each, item))
			return true;
	}
	return false;
}
