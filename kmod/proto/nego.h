/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Negotiation of every text key of RFC 7143 section 13 (and RFC 7144's iSCSIProtocolLevel), by table: each key has a
 * type, the phases where it is legal, its scope, its result function, its range and its default. Also the check of
 * the strings an administrator writes to tpgt_N/param/.
 *
 * One struct lunar_nego lives for a connection: through login, and after it for text requests in full feature
 * phase. The caller serialises; any context. Credentials and CHAP_* keys are not in here: see login.h and chap.h.
 */
#ifndef LUNAR_PROTO_NEGO_H
#define LUNAR_PROTO_NEGO_H

#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_ALIAS_LEN 256u       /* with NUL */
#define LUNAR_NAME_LEN 224u        /* with NUL */
#define LUNAR_PROTOCOL_LEVEL 1u    /* RFC 7144 section 7.1: 1 is RFC 7143 */

/* Bit sets of list values. The initiator's order decides, never ours. */
#define LUNAR_DIGEST_NONE 0x1u
#define LUNAR_DIGEST_CRC32C 0x2u
#define LUNAR_AUTH_NONE 0x1u
#define LUNAR_AUTH_CHAP 0x2u
#define LUNAR_LIST_NONE_FIRST 0x100u /* only remembers how the file was written: "None,CRC32C" */

enum lunar_key {
	LUNAR_KEY_AUTH_METHOD,
	LUNAR_KEY_HEADER_DIGEST,
	LUNAR_KEY_DATA_DIGEST,
	LUNAR_KEY_MAX_CONNECTIONS,
	LUNAR_KEY_SEND_TARGETS,
	LUNAR_KEY_TARGET_NAME,
	LUNAR_KEY_INITIATOR_NAME,
	LUNAR_KEY_TARGET_ALIAS,
	LUNAR_KEY_INITIATOR_ALIAS,
	LUNAR_KEY_TARGET_ADDRESS,
	LUNAR_KEY_TPGT,
	LUNAR_KEY_INITIAL_R2T,
	LUNAR_KEY_IMMEDIATE_DATA,
	LUNAR_KEY_MRDSL,
	LUNAR_KEY_MAX_BURST,
	LUNAR_KEY_FIRST_BURST,
	LUNAR_KEY_TIME2WAIT,
	LUNAR_KEY_TIME2RETAIN,
	LUNAR_KEY_MAX_R2T,
	LUNAR_KEY_PDU_IN_ORDER,
	LUNAR_KEY_SEQUENCE_IN_ORDER,
	LUNAR_KEY_ERL,
	LUNAR_KEY_SESSION_TYPE,
	LUNAR_KEY_TASK_REPORTING,
	LUNAR_KEY_PROTOCOL_LEVEL,
	LUNAR_KEY_IF_MARKER,
	LUNAR_KEY_OF_MARKER,
	LUNAR_KEY_IF_MARK_INT,
	LUNAR_KEY_OF_MARK_INT,
	LUNAR_KEY_COUNT,
	LUNAR_KEY_UNKNOWN = LUNAR_KEY_COUNT,
};

/* The TPG's configured values. Copied by lunar_nego_begin; set all fields (start from lunar_nego_offer_default). */
struct lunar_nego_offer {
	u32 auth_methods;      /* LUNAR_AUTH_* bits that may be chosen */
	u32 header_digests;    /* LUNAR_DIGEST_* bits */
	u32 data_digests;
	u32 max_connections;   /* 1 today */
	u32 initial_r2t;       /* 0 or 1, as all booleans here */
	u32 immediate_data;
	u32 target_mrdsl;      /* what we declare: param/MaxXmitDataSegmentLength in LIO's words */
	u32 max_send_dsl;      /* param/MaxRecvDataSegmentLength: kept and shown; the initiator's declaration rules, as on LIO */
	u32 max_burst;
	u32 first_burst;
	u32 time2wait;
	u32 time2retain;
	u32 max_r2t;
	u32 pdu_in_order;      /* kept for the tree; the answer is always Yes, which the OR rule permits */
	u32 sequence_in_order; /* likewise */
	u32 erl;               /* 0 today */
	u32 protocol_level;    /* LUNAR_PROTOCOL_LEVEL */
	u32 tpgt;
	bool keys_workaround;  /* login_keys_workaround: never propose keys an initiator left out (see login.h) */
	char alias[LUNAR_ALIAS_LEN]; /* empty: not declared */
};

/* Final values; valid at any time (RFC defaults before negotiation). Lengths in bytes, times in seconds. */
struct lunar_nego_result {
	u32 auth_method;       /* LUNAR_AUTH_NONE or _CHAP, 0 before it is negotiated */
	u32 header_digest;     /* 0 or 1 */
	u32 data_digest;
	u32 max_connections;
	u32 initial_r2t;
	u32 immediate_data;
	u32 initiator_mrdsl;   /* the most we may put into one Data-In, NOP-In, Text response ... */
	u32 target_mrdsl;      /* the most we accept */
	u32 max_burst;
	u32 first_burst;       /* never above max_burst */
	u32 time2wait;
	u32 time2retain;
	u32 max_r2t;
	u32 pdu_in_order;
	u32 sequence_in_order;
	u32 erl;
	u32 task_reporting;    /* 0: RFC3720 semantics */
	u32 protocol_level;
	u32 discovery;         /* SessionType=Discovery */
	char initiator_name[LUNAR_NAME_LEN]; /* normalised, empty until declared */
	char target_name[LUNAR_NAME_LEN];    /* normalised, empty until declared */
	char initiator_alias[LUNAR_ALIAS_LEN];
};

enum lunar_nego_phase {
	LUNAR_PHASE_SECURITY = 1,
	LUNAR_PHASE_OPERATIONAL = 2,
	LUNAR_PHASE_FFP = 4,
};

enum lunar_nego_status {
	LUNAR_NEGO_OK = 0,     /* handled; the answer, if any, is in the output (may be Reject, Irrelevant, ...) */
	LUNAR_NEGO_SEND_TARGETS, /* FFP only: the value is for the caller, who writes the answer */
	LUNAR_NEGO_DUPLICATE,  /* same key twice in one negotiation: protocol error */
	LUNAR_NEGO_PHASE,      /* key not allowed in this phase, or never from an initiator */
	LUNAR_NEGO_BAD_VALUE,  /* a declaration (name, MRDSL, session type) that cannot be accepted */
	LUNAR_NEGO_BAD_ANSWER, /* the reply to our own proposal breaks the result function */
	LUNAR_NEGO_OVERFLOW,   /* no room for the answer */
};

struct lunar_nego {
	struct lunar_nego_offer offer;
	struct lunar_nego_result result;
	u64 seen;        /* keys the peer sent, 1 << enum lunar_key; cleared per text negotiation in FFP */
	u64 proposed;    /* keys we proposed and that are not answered yet */
	u64 declared;    /* our own declarations already sent */
	bool leading;    /* first connection of a session */
};

/* The defaults a new TPG has on LIO (mostly the RFC's), with auth_methods CHAP and tpgt 1. */
void lunar_nego_offer_default(struct lunar_nego_offer *offer);

/* Results at RFC defaults, nothing seen; `offer` stays at lunar_nego_offer_default until lunar_nego_begin. */
void lunar_nego_init(struct lunar_nego *nego);
void lunar_nego_begin(struct lunar_nego *nego, const struct lunar_nego_offer *offer);

/* The table's row of a key name, or LUNAR_KEY_UNKNOWN; and the name of a row. */
enum lunar_key lunar_nego_lookup(struct lunar_str key);
const char *lunar_nego_key_name(enum lunar_key key);

/*
 * Takes one key of the peer and appends the answer to `out`. Names and SessionType have been read by
 * lunar_nego_identity already; here they are only held to what was said there. They may come once in every request, all
 * other keys once in a login.
 */
enum lunar_nego_status lunar_nego_receive(struct lunar_nego *nego, enum lunar_nego_phase phase,
					  const struct lunar_text_pair *pair, struct lunar_text_out *out);

/*
 * Reads InitiatorName, TargetName, SessionType and InitiatorAlias out of the first login request (checked text),
 * into the result. Login status: SUCCESS, MISSING_PARAM, BAD_SESSION_TYPE or INITIATOR_ERROR.
 */
enum lunar_login_status lunar_nego_identity(struct lunar_nego *nego, const void *text, u32 len);

/*
 * Our declarations due in this phase that have not gone out yet (TargetAlias, TPGT, MaxRecvDataSegmentLength). Call it
 * after the last key of each login request.
 */
enum lunar_nego_status lunar_nego_declare(struct lunar_nego *nego, enum lunar_nego_phase phase,
					  struct lunar_text_out *out);

/*
 * Proposes operational keys the initiator left out and whose RFC default the offer would not allow. With
 * keys_workaround only what the administrator demands outright: a digest list without None. `*count` is how many were
 * put. Once per login, at its end; the peer's next request must answer (nego->proposed == 0).
 */
enum lunar_nego_status lunar_nego_propose(struct lunar_nego *nego, struct lunar_text_out *out, u32 *count);

/* False when a digest the offer demands (a list without None) has not been agreed on. */
bool lunar_nego_digests_ok(const struct lunar_nego *nego);

/* A new text request in full feature phase: forget which keys were seen. */
void lunar_nego_text_begin(struct lunar_nego *nego);

const char *lunar_nego_status_text(enum lunar_nego_status status);

/* --- tpgt_N/param/ ------------------------------------------------------------------------------------------- */

enum lunar_param_result {
	LUNAR_PARAM_OK = 0,
	LUNAR_PARAM_UNKNOWN,     /* no such file */
	LUNAR_PARAM_BAD_VALUE,   /* not a number, not Yes/No, not a known list item */
	LUNAR_PARAM_RANGE,
	LUNAR_PARAM_UNSUPPORTED, /* legal on LIO, not supported here yet: refuse the write and say so */
};

/*
 * Checks one configuration value (no newline) and, when `offer` isn't NULL and the value is good, stores it there.
 * On failure `*why` (if not NULL) is a constant text of what would be allowed. FirstBurstLength above
 * MaxBurstLength is stored as it is and clamped when negotiated, as LIO does.
 */
enum lunar_param_result lunar_param_set(struct lunar_nego_offer *offer, const char *name, struct lunar_str value,
					const char **why);

/*
 * The stored value as the file shows it (no newline, NUL terminated). Returns its length; 0 for an
 * empty alias, an unknown name or no room.
 */
u32 lunar_param_show(const struct lunar_nego_offer *offer, const char *name, char *out, u32 cap);

/* Walks the file names: the n-th, or NULL. */
const char *lunar_param_name(u32 n);

#ifdef __cplusplus
}
#endif
#endif
