/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Text of login and text PDUs: a strict iterator over key=value pairs, a bounded builder of answers, and the value
 * formats (numbers, binary values, booleans, lists). RFC 7143 section 6.1. Any context; no state but the caller's.
 *
 * Nothing here looks behind (pointer, length); no terminating NUL is assumed that has not been checked.
 */
#ifndef LUNAR_PROTO_TEXT_H
#define LUNAR_PROTO_TEXT_H

#include "rfc7143.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_TEXT_KEYS_MAX 64u /* pairs in one request; no real initiator sends 30 */

enum lunar_text_result {
	LUNAR_TEXT_OK = 0,
	LUNAR_TEXT_END,        /* iterators: nothing left */
	LUNAR_TEXT_NO_EQUALS,  /* pair without '=' */
	LUNAR_TEXT_EMPTY_KEY,  /* "=value", or an empty string between two NULs */
	LUNAR_TEXT_LONG_KEY,   /* key above 63 bytes */
	LUNAR_TEXT_LONG_VALUE, /* value above 255 bytes (2050 for CHAP_C and CHAP_R) */
	LUNAR_TEXT_NO_NUL,     /* last pair not terminated */
	LUNAR_TEXT_BAD_CHAR,   /* key outside A-Z a-z 0-9 . - + @ _, or a control character in a value */
	LUNAR_TEXT_TOO_MANY,   /* more pairs than the iterator allows */
	LUNAR_TEXT_BAD_NUMBER, /* neither decimal nor 0x hexadecimal, or above 32 bits */
	LUNAR_TEXT_RANGE,      /* a number outside the given range */
	LUNAR_TEXT_BAD_BINARY, /* malformed hexadecimal or base64 */
	LUNAR_TEXT_NO_ROOM,    /* decoded value longer than the caller's buffer */
};

/* A piece of someone else's buffer; not NUL terminated unless said so. */
struct lunar_str {
	const char *ptr;
	u32 len;
};

/* True when `s` is exactly the C string `text`. Case matters, as in the RFC. */
bool lunar_str_is(struct lunar_str s, const char *text);
bool lunar_str_equal(struct lunar_str a, struct lunar_str b);
struct lunar_str lunar_str_of(const char *text);
/* Copies with a terminating NUL; false (and an empty string) when it does not fit or holds a NUL. */
bool lunar_str_copy(struct lunar_str s, char *out, u32 cap);

struct lunar_text_pair {
	struct lunar_str key;
	struct lunar_str value; /* is followed by a NUL inside the buffer */
};

struct lunar_text_iter {
	const char *ptr;
	u32 left;
	u32 keys_left;
};

/* `buf` may be NULL when len is 0. At most `max_keys` pairs are handed out. */
void lunar_text_iter_init(struct lunar_text_iter *it, const void *buf, u32 len, u32 max_keys);

/* The next pair: OK, END, or an error, after which the iterator stays at that error's END. */
enum lunar_text_result lunar_text_next(struct lunar_text_iter *it, struct lunar_text_pair *pair);

/* The whole buffer is well formed (OK), or the first error. */
enum lunar_text_result lunar_text_check(const void *buf, u32 len, u32 max_keys);

/* Finds the first pair with this key. The buffer must have passed lunar_text_check. */
bool lunar_text_find(const void *buf, u32 len, const char *key, struct lunar_str *value);

/* --- output ----------------------------------------------------------------------------------------------- */

/* Never writes past cap. After an overflow nothing more is added and `overflow` stays set. */
struct lunar_text_out {
	char *buf;
	u32 cap;
	u32 len;
	bool overflow;
};

void lunar_text_out_init(struct lunar_text_out *out, void *buf, u32 cap);
/* Each adds one whole "key=value\0" or nothing; false on overflow. */
bool lunar_text_put(struct lunar_text_out *out, const char *key, const char *value);
bool lunar_text_put_str(struct lunar_text_out *out, struct lunar_str key, struct lunar_str value);
bool lunar_text_put_number(struct lunar_text_out *out, const char *key, u32 value);
bool lunar_text_put_bool(struct lunar_text_out *out, const char *key, bool value);
bool lunar_text_put_hex(struct lunar_text_out *out, const char *key, const u8 *bytes, u32 len);

/* --- values ------------------------------------------------------------------------------------------------ */

/* Decimal, or hexadecimal with 0x/0X. No sign, no blanks, at least one digit; min and max inclusive. */
enum lunar_text_result lunar_text_number(struct lunar_str value, u32 min, u32 max, u32 *out);

/* "Yes" or "No", nothing else. False when it is neither. */
bool lunar_text_bool(struct lunar_str value, bool *out);

/*
 * Binary value: 0x/0X hexadecimal (even number of digits, either case) or 0b/0B base64 (padded, RFC 4648). Decodes
 * at most cap bytes; on any error *out_len is 0. An empty value after the prefix is BAD_BINARY.
 */
enum lunar_text_result lunar_text_binary(struct lunar_str value, u8 *out, u32 cap, u32 *out_len);

/* "0x" and lower-case hexadecimal and NUL; cap must be at least 2 * len + 3. Returns characters, 0 if no room. */
u32 lunar_text_hex(const u8 *bytes, u32 len, char *out, u32 cap);

/* Takes the next comma-separated item off *list; false when there is none. Items may be empty. */
bool lunar_text_list_next(struct lunar_str *list, struct lunar_str *item);
/* True when `item` is in the comma-separated list. */
bool lunar_text_list_has(struct lunar_str list, const char *item);

#ifdef __cplusplus
}
#endif
#endif
