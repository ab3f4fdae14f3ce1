// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * iSCSI names. See name.h.
 */
#include "name.h"

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

static bool is_hex(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'f');
}

static bool is_name_char(char c)
{
	return is_digit(c) || (lower(c) >= 'a' && lower(c) <= 'z') || c == '-' || c == '.' || c == ':' || c == '_';
}

/* Length of the UTF-8 sequence that this byte starts, 0 when none may start with it. */
static u32 utf8_len(u8 first)
{
	if (first >= 0xc2 && first <= 0xdf)
		return 2;
	if (first >= 0xe0 && first <= 0xef)
		return 3;
	return first >= 0xf0 && first <= 0xf4 ? 4 : 0;
}

/* Second-byte limits that rule out over-long forms, surrogates and code points above U+10FFFF. */
static bool utf8_second_ok(u8 first, u8 second)
{
	switch (first) {
	case 0xe0:
		return second >= 0xa0;
	case 0xed:
		return second <= 0x9f;
	case 0xf0:
		return second >= 0x90;
	case 0xf4:
		return second <= 0x8f;
	default:
		return true;
	}
}

/* Bytes of the well-formed multi-byte character at `p`, 0 when there is none. */
static u32 take_utf8(const u8 *p, u32 left)
{
	u32 len = utf8_len(p[0]);
	u32 i;

	if (!len || len > left || !utf8_second_ok(p[0], p[1]))
		return 0;
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
	}
	return len;
}

static enum lunar_name_result check_chars(struct lunar_str name)
{
	u32 i = 0;
	u32 step;

	if (!name.len)
		return LUNAR_NAME_EMPTY;
	if (name.len > LUNAR_NAME_LEN_MAX)
		return LUNAR_NAME_LONG;
	while (i < name.len) {
		step = is_name_char(name.ptr[i]) ? 1 : take_utf8((const u8 *)name.ptr + i, name.len - i);
		if (!step)
			return LUNAR_NAME_BAD_CHAR;
		i += step;
	}
	return LUNAR_NAME_OK;
}

static bool has_type(struct lunar_str name, const char *type)
{
	u32 i;

	for (i = 0; type[i]; i++) {
		if (i >= name.len || lower(name.ptr[i]) != type[i])
			return false;
	}
	return true;
}

static enum lunar_name_result check_iqn(struct lunar_str name)
{
	static const char form[] = "iqn.dddd-Md.";
	u32 i;

	for (i = 4; i < sizeof(form) - 1; i++) {
		if (i >= name.len)
			return LUNAR_NAME_BAD_DATE;
		if (form[i] == 'd' && !is_digit(name.ptr[i]))
			return LUNAR_NAME_BAD_DATE;
		if (form[i] == 'M' && name.ptr[i] != '0' && name.ptr[i] != '1')
			return LUNAR_NAME_BAD_DATE;
		if ((form[i] == '-' || form[i] == '.') && name.ptr[i] != form[i])
			return LUNAR_NAME_BAD_DATE;
	}
	return name.len > sizeof(form) - 1 ? LUNAR_NAME_OK : LUNAR_NAME_NO_AUTHORITY;
}

static enum lunar_name_result check_hex(struct lunar_str name, bool long_form)
{
	u32 digits = name.len - 4;
	u32 i;

	if (digits != 16 && !(long_form && digits == 32))
		return LUNAR_NAME_BAD_HEX;
	for (i = 4; i < name.len; i++) {
		if (!is_hex(name.ptr[i]))
			return LUNAR_NAME_BAD_HEX;
	}
	return LUNAR_NAME_OK;
}

enum lunar_name_result lunar_name_check(struct lunar_str name)
{
	enum lunar_name_result result = check_chars(name);

	if (result != LUNAR_NAME_OK)
		return result;
	if (has_type(name, "iqn."))
		return check_iqn(name);
	if (has_type(name, "eui."))
		return check_hex(name, false);
	if (has_type(name, "naa."))
		return check_hex(name, true);
	return LUNAR_NAME_BAD_TYPE;
}

enum lunar_name_result lunar_name_fold(struct lunar_str name, char *out, u32 cap)
{
	enum lunar_name_result result = check_chars(name);
	u32 i;

	if (cap)
		out[0] = '\0';
	if (result != LUNAR_NAME_OK)
		return result;
	if (name.len >= cap)
		return LUNAR_NAME_LONG;
	for (i = 0; i < name.len; i++)
		out[i] = lower(name.ptr[i]);
	out[name.len] = '\0';
	return LUNAR_NAME_OK;
}

enum lunar_name_result lunar_name_normalize(struct lunar_str name, char *out, u32 cap)
{
	enum lunar_name_result result = lunar_name_check(name);

	if (result == LUNAR_NAME_OK)
		return lunar_name_fold(name, out, cap);
	if (cap)
		out[0] = '\0';
	return result;
}

const char *lunar_name_result_text(enum lunar_name_result result)
{
	static const char *const texts[] = {
		[LUNAR_NAME_OK] = "ok",
		[LUNAR_NAME_EMPTY] = "name is empty",
		[LUNAR_NAME_LONG] = "name is longer than 223 bytes",
		[LUNAR_NAME_BAD_TYPE] = "name starts with neither iqn., eui. nor naa.",
		[LUNAR_NAME_BAD_DATE] = "iqn. must be followed by yyyy-mm.",
		[LUNAR_NAME_NO_AUTHORITY] = "naming authority is missing after the date",
		[LUNAR_NAME_BAD_CHAR] = "name holds a character that iSCSI names may not hold",
		[LUNAR_NAME_BAD_HEX] = "eui. needs 16, naa. 16 or 32 hexadecimal digits",
	};

	return (u32)result < LUNAR_ARRAY_LEN(texts) ? texts[result] : "unknown result";
}

void lunar_isid_format(const u8 isid[LUNAR_ISID_LEN], char out[LUNAR_ISID_TEXT_LEN])
{
	lunar_text_hex(isid, LUNAR_ISID_LEN, out, LUNAR_ISID_TEXT_LEN);
}

u32 lunar_initiator_port_name(const char *name, const u8 isid[LUNAR_ISID_LEN], char *out, u32 cap)
{
	static const char infix[] = ",i,";
	u32 name_len = (u32)strlen(name);
	u32 total = name_len + (u32)sizeof(infix) - 1 + LUNAR_ISID_TEXT_LEN;

	if (total > cap)
		return 0;
	memcpy(out, name, name_len);
	memcpy(out + name_len, infix, sizeof(infix) - 1);
	lunar_isid_format(isid, out + name_len + sizeof(infix) - 1);
	return total;
}
