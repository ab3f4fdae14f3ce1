/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * CHAP of the target's side: RFC 1994 as RFC 7143 section 12.1.3 uses it, with SHA-1, SHA-256 and SHA3-256 beside MD5.
 * One-way and mutual. Hashes and random bytes come from the caller's lunar_hash_ops.
 *
 *   CHAP_A=list       -> CHAP_A, CHAP_I, CHAP_C        the strongest algorithm both sides have
 *   CHAP_N, CHAP_R    -> (nothing)                     one-way
 *   ... CHAP_I, CHAP_C -> CHAP_N, CHAP_R               mutual
 *
 * Every failure is final and tells the peer nothing but "authentication failed". Serialised by the caller; the
 * context must suit the ops (they may sleep).
 */
#ifndef LUNAR_PROTO_CHAP_H
#define LUNAR_PROTO_CHAP_H

#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_CHAP_DIGEST_MAX 32u
#define LUNAR_CHAP_CHALLENGE_MAX 1024u    /* RFC 7143 12.1.3 */
#define LUNAR_CHAP_STRING_LEN 256u        /* user names and secrets, with NUL */

enum lunar_chap_alg {
	LUNAR_CHAP_MD5 = 5,
	LUNAR_CHAP_SHA1 = 6,
	LUNAR_CHAP_SHA256 = 7,
	LUNAR_CHAP_SHA3_256 = 8,
};
#define LUNAR_CHAP_BIT(alg) (1u << (alg))
#define LUNAR_CHAP_ALL (0xfu << LUNAR_CHAP_MD5)

/* One run of bytes to hash. */
struct lunar_hash_part {
	const void *ptr;
	u32 len;
};

struct lunar_hash_ops {
	/* Hashes the concatenation of `count` parts into `out` (lunar_chap_digest_len bytes). 0, or negative: fails login. */
	int (*digest)(void *ctx, enum lunar_chap_alg alg, const struct lunar_hash_part *parts, u32 count, u8 *out);
	/* Fills `len` bytes with cryptographic randomness. */
	void (*random)(void *ctx, void *buf, u32 len);
};

/* Credentials in force for one login; copied at start. Empty string: not set. */
struct lunar_chap_config {
	u32 algorithms;   /* LUNAR_CHAP_BIT()s that may be used, all with LUNAR_CHAP_ALL */
	char user[LUNAR_CHAP_STRING_LEN];          /* the initiator proves itself with these */
	char secret[LUNAR_CHAP_STRING_LEN];
	char mutual_user[LUNAR_CHAP_STRING_LEN];   /* and we with these, when it asks */
	char mutual_secret[LUNAR_CHAP_STRING_LEN];
};

enum lunar_chap_state {
	LUNAR_CHAP_IDLE = 0,       /* waits for CHAP_A */
	LUNAR_CHAP_CHALLENGED,     /* waits for CHAP_N and CHAP_R */
	LUNAR_CHAP_DONE,           /* the initiator has proved itself */
	LUNAR_CHAP_FAILED,
};

/* Why it failed: for our log and counters, never for the peer. */
enum lunar_chap_result {
	LUNAR_CHAP_OK = 0,         /* answer written, exchange goes on */
	LUNAR_CHAP_SUCCESS,        /* answer written (perhaps empty), peer authenticated */
	LUNAR_CHAP_ERR_NO_CREDENTIALS,
	LUNAR_CHAP_ERR_NO_ALGORITHM, /* nothing in common, or the list does not parse */
	LUNAR_CHAP_ERR_MISSING_KEY,
	LUNAR_CHAP_ERR_UNEXPECTED_KEY, /* a CHAP key at the wrong step, or twice */
	LUNAR_CHAP_ERR_MALFORMED,  /* a value that does not decode or has the wrong length */
	LUNAR_CHAP_ERR_NAME,
	LUNAR_CHAP_ERR_RESPONSE,
	LUNAR_CHAP_ERR_REFLECTED,  /* the peer's challenge is ours */
	LUNAR_CHAP_ERR_NO_MUTUAL,  /* mutual asked for, but we have no credentials for it */
	LUNAR_CHAP_ERR_HASH,       /* the ops failed */
	LUNAR_CHAP_ERR_OVERFLOW,   /* no room for the answer */
};

struct lunar_chap {
	struct lunar_chap_config config;
	enum lunar_chap_state state;
	enum lunar_chap_alg alg;
	bool mutual;               /* the peer asked for and got our response */
	u8 identifier;
	u32 challenge_len;
	u8 challenge[LUNAR_CHAP_DIGEST_MAX];
	u8 scratch[LUNAR_CHAP_CHALLENGE_MAX]; /* the peer's challenge while it is used */
};

/* 16, 20, 32 or 32; 0 for an unknown algorithm. */
u32 lunar_chap_digest_len(enum lunar_chap_alg alg);
const char *lunar_chap_alg_name(enum lunar_chap_alg alg);

void lunar_chap_init(struct lunar_chap *chap, const struct lunar_chap_config *config);

/*
 * Takes one request's text (checked, other keys are ignored) and appends the answer. Call it for each logical request
 * of the security phase once AuthMethod=CHAP is chosen and until SUCCESS or an error; a request without any
 * CHAP key while IDLE is OK and answers nothing.
 */
enum lunar_chap_result lunar_chap_receive(struct lunar_chap *chap, const void *text, u32 len, struct lunar_text_out *out,
					  const struct lunar_hash_ops *ops, void *ctx);

/* Overwrites secrets and challenges; the struct must not be used after it. */
void lunar_chap_wipe(struct lunar_chap *chap);

const char *lunar_chap_result_text(enum lunar_chap_result result);

/* Equal in time that depends on len alone. */
bool lunar_bytes_equal(const u8 *a, const u8 *b, u32 len);

#ifdef __cplusplus
}
#endif
#endif
