// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Strict iteration over key=value pairs and the bounded builder of answers. See text.h; value formats are in
 * text_value.c.
 */
#include "text.h"

bool lunar_str_equal(struct lunar_str a, struct lunar_str b)
{
	return a.len == b.len && (!a.len || memcmp(a.ptr, b.ptr, a.len) == 0);
}

struct lunar_str lunar_str_of(const char *text)
{
	struct lunar_str s = { text, (u32)strlen(text) };

	return s;
}

bool lunar_str_is(struct lunar_str s, const char *text)
{
	return lunar_str_equal(s, lunar_str_of(text));
}

bool lunar_str_copy(struct lunar_str s, char *out, u32 cap)
{
	u32 i;

	if (!cap)
		return false;
	out[0] = '\0';
	if (s.len >= cap)
		return false;
	for (i = 0; i < s.len; i++) {
		if (!s.ptr[i])
			return false;
	}
	if (s.len)
		memcpy(out, s.ptr, s.len);
	out[s.len] = '\0';
	return true;
}

static bool is_key_char(char c)
{
	return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
	       c == '+' || c == '@' || c == '_';
}

static bool is_value_char(char c)
{
	u8 byte = (u8)c;

	return byte >= 0x20 && byte != 0x7f;
}

static u32 value_len_max(struct lunar_str key)
{
	if (lunar_str_is(key, "CHAP_C") || lunar_str_is(key, "CHAP_R"))
		return LUNAR_BINARY_VALUE_LEN_MAX;
	return LUNAR_VALUE_LEN_MAX;
}

void lunar_text_iter_init(struct lunar_text_iter *it, const void *buf, u32 len, u32 max_keys)
{
	it->ptr = (const char *)buf;
	it->left = len;
	it->keys_left = max_keys;
}

static enum lunar_text_result take_key(struct lunar_str text, struct lunar_str *key)
{
	u32 i;

	for (i = 0; i < text.len && text.ptr[i] != '='; i++) {
		if (!is_key_char(text.ptr[i]))
			return text.ptr[i] ? LUNAR_TEXT_BAD_CHAR : i ? LUNAR_TEXT_NO_EQUALS : LUNAR_TEXT_EMPTY_KEY;
		if (i == LUNAR_KEY_LEN_MAX)
			return LUNAR_TEXT_LONG_KEY;
	}
	if (i == text.len)
		return LUNAR_TEXT_NO_EQUALS;
	if (!i)
		return LUNAR_TEXT_EMPTY_KEY;
	key->ptr = text.ptr;
	key->len = i;
	return LUNAR_TEXT_OK;
}

static enum lunar_text_result take_value(struct lunar_str text, u32 max, struct lunar_str *value)
{
	u32 i;

	for (i = 0; i < text.len && text.ptr[i]; i++) {
		if (!is_value_char(text.ptr[i]))
			return LUNAR_TEXT_BAD_CHAR;
		if (i == max)
			return LUNAR_TEXT_LONG_VALUE;
	}
	if (i == text.len)
		return LUNAR_TEXT_NO_NUL;
	value->ptr = text.ptr;
	value->len = i;
	return LUNAR_TEXT_OK;
}

static enum lunar_text_result take_pair(struct lunar_str text, struct lunar_text_pair *pair)
{
	enum lunar_text_result result = take_key(text, &pair->key);
	struct lunar_str rest;

	if (result != LUNAR_TEXT_OK)
		return result;
	rest.ptr = text.ptr + pair->key.len + 1;
	rest.len = text.len - pair->key.len - 1;
	return take_value(rest, value_len_max(pair->key), &pair->value);
}

enum lunar_text_result lunar_text_next(struct lunar_text_iter *it, struct lunar_text_pair *pair)
{
	struct lunar_str text = { it->ptr, it->left };
	enum lunar_text_result result;
	u32 used;

	memset(pair, 0, sizeof(*pair));
	if (!it->left)
		return LUNAR_TEXT_END;
	result = it->keys_left ? take_pair(text, pair) : LUNAR_TEXT_TOO_MANY;
	if (result != LUNAR_TEXT_OK) {
		memset(pair, 0, sizeof(*pair));
		it->left = 0;
		return result;
	}
	used = pair->key.len + 1 + pair->value.len + 1;
	it->ptr += used;
	it->left -= used;
	it->keys_left--;
	return LUNAR_TEXT_OK;
}

enum lunar_text_result lunar_text_check(const void *buf, u32 len, u32 max_keys)
{
	struct lunar_text_iter it;
	struct lunar_text_pair pair;
	enum lunar_text_result result;

	lunar_text_iter_init(&it, buf, len, max_keys);
	do {
		result = lunar_text_next(&it, &pair);
	} while (result == LUNAR_TEXT_OK);
	return result == LUNAR_TEXT_END ? LUNAR_TEXT_OK : result;
}

bool lunar_text_find(const void *buf, u32 len, const char *key, struct lunar_str *value)
{
	struct lunar_text_iter it;
	struct lunar_text_pair pair;

	lunar_text_iter_init(&it, buf, len, 0xffffffffu);
	while (lunar_text_next(&it, &pair) == LUNAR_TEXT_OK) {
		if (!lunar_str_is(pair.key, key))
			continue;
		*value = pair.value;
		return true;
	}
	return false;
}

void lunar_text_out_init(struct lunar_text_out *out, void *buf, u32 cap)
{
	out->buf = (char *)buf;
	out->cap = cap;
	out->len = 0;
	out->overflow = false;
}

/* Makes room for a whole pair and writes "key="; NULL on overflow. The value is the caller's to fill. */
static char *put_key(struct lunar_text_out *out, struct lunar_str key, u32 value_len)
{
	u64 need = (u64)key.len + 1 + value_len + 1;
	char *p;

	if (out->overflow || need > out->cap - out->len) {
		out->overflow = true;
		return NULL;
	}
	p = out->buf + out->len;
	memcpy(p, key.ptr, key.len);
	p[key.len] = '=';
	out->len += (u32)need;
	return p + key.len + 1;
}

bool lunar_text_put_str(struct lunar_text_out *out, struct lunar_str key, struct lunar_str value)
{
	char *p = put_key(out, key, value.len);

	if (!p)
		return false;
	if (value.len)
		memcpy(p, value.ptr, value.len);
	p[value.len] = '\0';
	return true;
}

bool lunar_text_put(struct lunar_text_out *out, const char *key, const char *value)
{
	return lunar_text_put_str(out, lunar_str_of(key), lunar_str_of(value));
}

bool lunar_text_put_number(struct lunar_text_out *out, const char *key, u32 value)
{
	char digits[10];
	struct lunar_str text = { digits + sizeof(digits), 0 };

	do {
		text.ptr--;
		text.len++;
		digits[sizeof(digits) - text.len] = (char)('0' + value % 10);
		value /= 10;
	} while (value);
	return lunar_text_put_str(out, lunar_str_of(key), text);
}

bool lunar_text_put_bool(struct lunar_text_out *out, const char *key, bool value)
{
	return lunar_text_put(out, key, value ? "Yes" : "No");
}

bool lunar_text_put_hex(struct lunar_text_out *out, const char *key, const u8 *bytes, u32 len)
{
	char *p;

	if (len > LUNAR_BINARY_MAX) {
		out->overflow = true;
		return false;
	}
	p = put_key(out, lunar_str_of(key), 2 + 2 * len);
	if (!p)
		return false;
	lunar_text_hex(bytes, len, p, 2 * len + 3);
	return true;
}
