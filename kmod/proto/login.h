/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The login phase of one connection as an object without I/O: it is fed one Login request PDU at a time (48 bytes and
 * its data segment) and says what to send and what to do next. RFC 7143 sections 6.3, 11.12, 11.13. It never blocks:
 * where the caller's knowledge is needed it stops with NEED_TARGET.
 *
 *     lunar_login_init
 *     loop: lunar_login_receive ->
 *        REPLY        send reply, read the next request
 *        NEED_TARGET  look result.target_name etc. up, then lunar_login_accept or lunar_login_refuse (same results)
 *        DONE         set TSIH (see below), send reply, full feature phase begins
 *        FAIL         send reply, close after it went out
 *        DROP         close without a word
 *
 * After DONE, FAIL and DROP every further call returns DROP. Serialised by the caller; context must suit hash ops.
 *
 * Sequence numbers: the object fills StatSN (init's stat_sn for the first response, one more for each), ExpCmdSN and
 * MaxCmdSN (both the CmdSN of the first request, as login requests are immediate; for DONE MaxCmdSN is
 * ExpCmdSN + cmdsn_depth - 1). The caller stores the session's TSIH with lunar_login_set_tsih before sending DONE; after it the next StatSN
 * is login->stat_sn and the session's first expected CmdSN is login->cmd_sn.
 */
#ifndef LUNAR_PROTO_LOGIN_H
#define LUNAR_PROTO_LOGIN_H

#include "chap.h"
#include "nego.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_LOGIN_TEXT_MAX 8192u    /* one logical request over all its C-bit parts; also one whole answer */
#define LUNAR_LOGIN_PDUS_MAX 64u      /* requests in one login; a real one has 2 to 6 */

enum lunar_login_step {
	LUNAR_LOGIN_REPLY = 0,
	LUNAR_LOGIN_NEED_TARGET,
	LUNAR_LOGIN_DONE,
	LUNAR_LOGIN_FAIL,
	LUNAR_LOGIN_DROP,
};

/* Why a login failed, for counters, events and logs. The peer sees only the status. */
enum lunar_login_why {
	LUNAR_WHY_NONE = 0,
	LUNAR_WHY_NOT_LOGIN,       /* first PDU is no Login request (DROP) */
	LUNAR_WHY_BAD_HEADER,      /* AHS, too long, or stage bits that contradict (C with T, NSG <= CSG, CSG 2 ...) */
	LUNAR_WHY_CHANGED,         /* ISID, TSIH, CID, ITT, version or stage changed in mid-login */
	LUNAR_WHY_VERSION,
	LUNAR_WHY_TEXT,            /* malformed text; text_error says how */
	LUNAR_WHY_TOO_LONG,        /* request text above LUNAR_LOGIN_TEXT_MAX */
	LUNAR_WHY_TOO_MANY_PDUS,
	LUNAR_WHY_MISSING_NAME,
	LUNAR_WHY_BAD_NAME,
	LUNAR_WHY_SESSION_TYPE,
	LUNAR_WHY_REFUSED,         /* lunar_login_refuse */
	LUNAR_WHY_NEGOTIATION,     /* nego_error says how */
	LUNAR_WHY_AUTH_REQUIRED,   /* skipped security, or no common AuthMethod */
	LUNAR_WHY_AUTH_FAILED,     /* chap_error says how */
	LUNAR_WHY_NO_ROOM,         /* our answer would not fit */
};

/* One response. `data` and `cap` are the caller's (cap at least LUNAR_LOGIN_DSL_MAX, else DROP); data_len is set. */
struct lunar_login_reply {
	union lunar_bhs bhs;
	u8 *data;
	u32 cap;
	u32 data_len;
};

/*
 * What the caller knows about the target it found. Copied; need not live on. AuthMethod=CHAP can be chosen when there
 * are credentials and either auth_required or offer->auth_methods has CHAP; None if it has None and not auth_required.
 */
struct lunar_login_target {
	const struct lunar_nego_offer *offer;
	const struct lunar_chap_config *chap; /* NULL: no credentials, CHAP is then never chosen */
	bool auth_required;                   /* no AuthMethod=None, no way around the security stage */
	u32 cmdsn_depth;                      /* >= 1 */
};

struct lunar_login {
	/* for the caller, valid from NEED_TARGET on */
	struct lunar_nego nego;       /* nego.result: names, session type, and after DONE all values */
	u8 isid[LUNAR_ISID_LEN];
	u16 tsih;                     /* 0 for a leading login; else the caller must refuse or find the session */
	u16 cid;
	u32 itt;
	u32 cmd_sn;                   /* of the first request */
	u32 stat_sn;                  /* of the next response */
	u32 pdus;                     /* requests so far */
	bool authenticated;           /* a CHAP exchange succeeded */
	/* after FAIL or DROP */
	enum lunar_login_why why;
	enum lunar_login_status status;
	enum lunar_text_result text_error;
	enum lunar_nego_status nego_error;
	enum lunar_chap_result chap_error;

	/* private */
	u8 state;
	u8 stage;                     /* CSG in force */
	u8 csg;                       /* of the request at hand */
	u8 nsg;
	bool transit;                 /* T of the request at hand */
	bool may_transit;             /* T of the request the answer under way belongs to: only that was concluded */
	bool auth_required;
	bool security_done;
	bool proposed;
	u8 version_max;
	u8 version_min;
	u32 cmdsn_depth;
	const struct lunar_hash_ops *ops;
	void *ctx;
	struct lunar_chap chap;
	u32 in_len;
	u32 out_len;                  /* answer bytes in `out`, of which out_sent are gone */
	u32 out_sent;
	u8 in[LUNAR_LOGIN_TEXT_MAX];
	u8 out[LUNAR_LOGIN_TEXT_MAX];
};

/* About 20 KiB: allocate it. `ops` and `ctx` must outlive it. stat_sn: StatSN of the first response. */
void lunar_login_init(struct lunar_login *login, u32 stat_sn, const struct lunar_hash_ops *ops, void *ctx);

/*
 * `bhs` and `data`/`len` (len = lunar_bhs_dlength(bhs), without padding) are one received PDU. The caller refuses to
 * read a data segment above LUNAR_LOGIN_DSL_MAX: give such a header with data NULL, it is answered with FAIL.
 */
enum lunar_login_step lunar_login_receive(struct lunar_login *login, const union lunar_bhs *bhs, const u8 *data, u32 len,
					  struct lunar_login_reply *reply);

/* Answers to NEED_TARGET; anywhere else they return DROP. */
enum lunar_login_step lunar_login_accept(struct lunar_login *login, const struct lunar_login_target *target,
					 struct lunar_login_reply *reply);
enum lunar_login_step lunar_login_refuse(struct lunar_login *login, enum lunar_login_status status,
					 struct lunar_login_reply *reply);

/*
 * Redirection (status 0x0101 or 0x0102) with its TargetAddress=domain:port[,tpgt]; an answer to NEED_TARGET.
 */
enum lunar_login_step lunar_login_redirect(struct lunar_login *login, enum lunar_login_status status,
					   const char *address, struct lunar_login_reply *reply);

/*
 * Turns the DONE answer into a refusal, for a caller that could not create its session after all (no memory: 0x0302, TPG
 * disabled meanwhile: 0x0301). Returns FAIL.
 */
enum lunar_login_step lunar_login_fail_done(struct lunar_login *login, enum lunar_login_status status,
					    struct lunar_login_reply *reply);

static inline void lunar_login_set_tsih(struct lunar_login_reply *reply, u16 tsih)
{
	reply->bhs.login_rsp.tsih = lunar_to_be16(tsih);
}

/* Overwrites secrets; call before the memory is freed. */
void lunar_login_wipe(struct lunar_login *login);

const char *lunar_login_why_text(enum lunar_login_why why);

#ifdef __cplusplus
}
#endif
#endif
