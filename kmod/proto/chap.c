// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The target's side of CHAP. See chap.h. RFC 1994, RFC 7143 section 12.1.3.
 */
#include "chap.h"

/* The CHAP keys of one request; ptr NULL when absent. */
struct chap_keys {
	struct lunar_str algorithms;
	struct lunar_str name;
	struct lunar_str response;
	struct lunar_str identifier;
	struct lunar_str challenge;
	u32 count;
};

bool lunar_bytes_equal(const u8 *a, const u8 *b, u32 len)
{
	volatile u8 difference = 0; /* keeps the compiler from leaving the loop early */
	u32 i;

	for (i = 0; i < len; i++)
		difference = (u8)(difference | (a[i] ^ b[i]));
	return difference == 0;
}

u32 lunar_chap_digest_len(enum lunar_chap_alg alg)
{
	switch (alg) {
	case LUNAR_CHAP_MD5:
		return 16;
	case LUNAR_CHAP_SHA1:
		return 20;
	case LUNAR_CHAP_SHA256:
	case LUNAR_CHAP_SHA3_256:
		return 32;
	default:
		return 0;
	}
}

const char *lunar_chap_alg_name(enum lunar_chap_alg alg)
{
	switch (alg) {
	case LUNAR_CHAP_MD5:
		return "MD5";
	case LUNAR_CHAP_SHA1:
		return "SHA1";
	case LUNAR_CHAP_SHA256:
		return "SHA256";
	case LUNAR_CHAP_SHA3_256:
		return "SHA3-256";
	default:
		return "none";
	}
}

/* volatile: a plain memset of memory about to be freed may be left out. */
static void wipe(void *ptr, u32 len)
{
	volatile u8 *p = (volatile u8 *)ptr;

	while (len--)
		*p++ = 0;
}

void lunar_chap_init(struct lunar_chap *chap, const struct lunar_chap_config *config)
{
	memset(chap, 0, sizeof(*chap));
	chap->config = *config;
	/* The strings may come from a buffer that was cut: never read past their ends. */
	chap->config.user[LUNAR_CHAP_STRING_LEN - 1] = '\0';
	chap->config.secret[LUNAR_CHAP_STRING_LEN - 1] = '\0';
	chap->config.mutual_user[LUNAR_CHAP_STRING_LEN - 1] = '\0';
	chap->config.mutual_secret[LUNAR_CHAP_STRING_LEN - 1] = '\0';
}

void lunar_chap_wipe(struct lunar_chap *chap)
{
	wipe(chap, sizeof(*chap));
}

static struct lunar_str *key_slot(struct chap_keys *keys, struct lunar_str key)
{
	if (key.len != 6 || memcmp(key.ptr, "CHAP_", 5))
		return NULL;
	switch (key.ptr[5]) {
	case 'A':
		return &keys->algorithms;
	case 'N':
		return &keys->name;
	case 'R':
		return &keys->response;
	case 'I':
		return &keys->identifier;
	case 'C':
		return &keys->challenge;
	default:
		return NULL;
	}
}

/* False when a CHAP key comes twice. */
static bool collect(struct chap_keys *keys, const void *text, u32 len)
{
	struct lunar_text_iter it;
	struct lunar_text_pair pair;
	struct lunar_str *slot;

	memset(keys, 0, sizeof(*keys));
	lunar_text_iter_init(&it, text, len, 0xffffffffu);
	while (lunar_text_next(&it, &pair) == LUNAR_TEXT_OK) {
		slot = key_slot(keys, pair.key);
		if (!slot)
			continue;
		if (slot->ptr)
			return false;
		*slot = pair.value;
		keys->count++;
	}
	return true;
}

/* The strongest of the list that is allowed: the numbers grow with strength. 0 when there is none. */
static u32 choose_algorithm(struct lunar_str list, u32 allowed)
{
	struct lunar_str item;
	u32 best = 0;
	u32 number;

	while (lunar_text_list_next(&list, &item)) {
		if (lunar_text_number(item, LUNAR_CHAP_MD5, LUNAR_CHAP_SHA3_256, &number) != LUNAR_TEXT_OK)
			continue;
		if ((allowed & LUNAR_CHAP_BIT(number)) && number > best)
			best = number;
	}
	return best;
}

static enum lunar_chap_result send_challenge(struct lunar_chap *chap, const struct chap_keys *keys,
					     struct lunar_text_out *out, const struct lunar_hash_ops *ops, void *ctx)
{
	u32 alg;

	if (!keys->count)
		return LUNAR_CHAP_OK;
	if (!keys->algorithms.ptr || keys->count != 1)
		return LUNAR_CHAP_ERR_UNEXPECTED_KEY;
	if (!chap->config.user[0] || !chap->config.secret[0])
		return LUNAR_CHAP_ERR_NO_CREDENTIALS;
	alg = choose_algorithm(keys->algorithms, chap->config.algorithms & LUNAR_CHAP_ALL);
	if (!alg)
		return LUNAR_CHAP_ERR_NO_ALGORITHM;

	chap->alg = (enum lunar_chap_alg)alg;
	chap->challenge_len = lunar_chap_digest_len(chap->alg);
	ops->random(ctx, &chap->identifier, sizeof(chap->identifier));
	ops->random(ctx, chap->challenge, chap->challenge_len);
	lunar_text_put_number(out, "CHAP_A", alg);
	lunar_text_put_number(out, "CHAP_I", chap->identifier);
	if (!lunar_text_put_hex(out, "CHAP_C", chap->challenge, chap->challenge_len))
		return LUNAR_CHAP_ERR_OVERFLOW;
	chap->state = LUNAR_CHAP_CHALLENGED;
	return LUNAR_CHAP_OK;
}

/* RFC 1994 4.1: hash of identifier, secret, challenge. */
static bool hash_response(const struct lunar_chap *chap, u8 identifier, const char *secret, const u8 *challenge,
			  u32 challenge_len, u8 *digest, const struct lunar_hash_ops *ops, void *ctx)
{
	struct lunar_hash_part parts[3];

	parts[0].ptr = &identifier;
	parts[0].len = 1;
	parts[1].ptr = secret;
	parts[1].len = (u32)strlen(secret);
	parts[2].ptr = challenge;
	parts[2].len = challenge_len;
	return ops->digest(ctx, chap->alg, parts, 3, digest) == 0;
}

static enum lunar_chap_result check_response(struct lunar_chap *chap, const struct chap_keys *keys,
					     const struct lunar_hash_ops *ops, void *ctx)
{
	u32 digest_len = chap->challenge_len;
	u8 expected[LUNAR_CHAP_DIGEST_MAX];
	u8 given[LUNAR_CHAP_DIGEST_MAX];
	u32 given_len;
	bool name_ok, response_ok;

	if (lunar_text_binary(keys->response, given, digest_len, &given_len) != LUNAR_TEXT_OK || given_len != digest_len)
		return LUNAR_CHAP_ERR_MALFORMED;
	if (!hash_response(chap, chap->identifier, chap->config.secret, chap->challenge, chap->challenge_len, expected,
			   ops, ctx))
		return LUNAR_CHAP_ERR_HASH;
	/* Both are always compared, so that time does not tell a wrong name from a wrong secret. */
	response_ok = lunar_bytes_equal(expected, given, digest_len);
	name_ok = lunar_str_is(keys->name, chap->config.user);
	wipe(expected, sizeof(expected));
	if (!name_ok)
		return LUNAR_CHAP_ERR_NAME;
	return response_ok ? LUNAR_CHAP_SUCCESS : LUNAR_CHAP_ERR_RESPONSE;
}

static enum lunar_chap_result answer_challenge(struct lunar_chap *chap, const struct chap_keys *keys,
					       struct lunar_text_out *out, const struct lunar_hash_ops *ops, void *ctx)
{
	u8 digest[LUNAR_CHAP_DIGEST_MAX];
	u32 identifier, len;

	if (lunar_text_number(keys->identifier, 0, 255, &identifier) != LUNAR_TEXT_OK ||
	    lunar_text_binary(keys->challenge, chap->scratch, sizeof(chap->scratch), &len) != LUNAR_TEXT_OK)
		return LUNAR_CHAP_ERR_MALFORMED;
	if (len == chap->challenge_len && lunar_bytes_equal(chap->scratch, chap->challenge, len))
		return LUNAR_CHAP_ERR_REFLECTED;
	if (!chap->config.mutual_user[0] || !chap->config.mutual_secret[0])
		return LUNAR_CHAP_ERR_NO_MUTUAL;
	if (!hash_response(chap, (u8)identifier, chap->config.mutual_secret, chap->scratch, len, digest, ops, ctx))
		return LUNAR_CHAP_ERR_HASH;
	lunar_text_put(out, "CHAP_N", chap->config.mutual_user);
	if (!lunar_text_put_hex(out, "CHAP_R", digest, chap->challenge_len))
		return LUNAR_CHAP_ERR_OVERFLOW;
	chap->mutual = true;
	return LUNAR_CHAP_SUCCESS;
}

static enum lunar_chap_result take_response(struct lunar_chap *chap, const struct chap_keys *keys,
					    struct lunar_text_out *out, const struct lunar_hash_ops *ops, void *ctx)
{
	enum lunar_chap_result result;

	if (keys->algorithms.ptr)
		return LUNAR_CHAP_ERR_UNEXPECTED_KEY;
	if (!keys->name.ptr || !keys->response.ptr || !keys->identifier.ptr != !keys->challenge.ptr)
		return LUNAR_CHAP_ERR_MISSING_KEY;
	result = check_response(chap, keys, ops, ctx);
	/* We prove ourselves only to a peer that has done so: never an oracle for strangers. */
	if (result == LUNAR_CHAP_SUCCESS && keys->challenge.ptr)
		result = answer_challenge(chap, keys, out, ops, ctx);
	if (result == LUNAR_CHAP_SUCCESS)
		chap->state = LUNAR_CHAP_DONE;
	return result;
}

enum lunar_chap_result lunar_chap_receive(struct lunar_chap *chap, const void *text, u32 len, struct lunar_text_out *out,
					  const struct lunar_hash_ops *ops, void *ctx)
{
	enum lunar_chap_result result = LUNAR_CHAP_ERR_UNEXPECTED_KEY;
	struct chap_keys keys;

	if (collect(&keys, text, len)) {
		if (chap->state == LUNAR_CHAP_IDLE)
			result = send_challenge(chap, &keys, out, ops, ctx);
		else if (chap->state == LUNAR_CHAP_CHALLENGED)
			result = take_response(chap, &keys, out, ops, ctx);
	}
	if (result != LUNAR_CHAP_OK && result != LUNAR_CHAP_SUCCESS)
		chap->state = LUNAR_CHAP_FAILED;
	return result;
}

const char *lunar_chap_result_text(enum lunar_chap_result result)
{
	static const char *const texts[] = {
		[LUNAR_CHAP_OK] = "ok",
		[LUNAR_CHAP_SUCCESS] = "authenticated",
		[LUNAR_CHAP_ERR_NO_CREDENTIALS] = "no credentials configured",
		[LUNAR_CHAP_ERR_NO_ALGORITHM] = "no common algorithm",
		[LUNAR_CHAP_ERR_MISSING_KEY] = "a CHAP key is missing",
		[LUNAR_CHAP_ERR_UNEXPECTED_KEY] = "a CHAP key out of turn",
		[LUNAR_CHAP_ERR_MALFORMED] = "malformed CHAP value",
		[LUNAR_CHAP_ERR_NAME] = "wrong user name",
		[LUNAR_CHAP_ERR_RESPONSE] = "wrong secret",
		[LUNAR_CHAP_ERR_REFLECTED] = "our own challenge came back",
		[LUNAR_CHAP_ERR_NO_MUTUAL] = "mutual authentication asked for but not configured",
		[LUNAR_CHAP_ERR_HASH] = "hash computation failed",
		[LUNAR_CHAP_ERR_OVERFLOW] = "answer too long",
	};

	return (u32)result < LUNAR_ARRAY_LEN(texts) ? texts[result] : "unknown result";
}
