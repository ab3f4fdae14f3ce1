// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The login phase. See login.h. RFC 7143 sections 6.3, 11.12, 11.13.
 *
 *   NEW --first logical request--> WAIT --accept--> TALK --T to full feature phase--> DONE
 *                                    \--refuse------- any error ------------------> ENDED
 */
#include "login.h"
#include "pdu.h"

enum login_state {
	STATE_NEW,   /* nothing yet, or parts of the first logical request */
	STATE_WAIT,  /* first logical request is in `in`, its target is being looked up */
	STATE_TALK,
	STATE_DONE,  /* final response handed out */
	STATE_ENDED,
};

void lunar_login_init(struct lunar_login *login, u32 stat_sn, const struct lunar_hash_ops *ops, void *ctx)
{
	memset(login, 0, sizeof(*login));
	lunar_nego_init(&login->nego);
	login->stat_sn = stat_sn;
	login->ops = ops;
	login->ctx = ctx;
	login->cmdsn_depth = 1;
}

void lunar_login_wipe(struct lunar_login *login)
{
	lunar_chap_wipe(&login->chap);
}

/* --- ends ------------------------------------------------------------------------------------------------- */

static enum lunar_login_step drop(struct lunar_login *login, enum lunar_login_why why, struct lunar_login_reply *reply)
{
	if (login->state != STATE_ENDED && why != LUNAR_WHY_NONE)
		login->why = why;
	login->state = STATE_ENDED;
	reply->data_len = 0;
	return LUNAR_LOGIN_DROP;
}

static void build_reply(struct lunar_login *login, struct lunar_login_reply *reply, bool transit, bool more)
{
	struct lunar_login_rsp_args args;
	struct lunar_sn sn;

	memset(&args, 0, sizeof(args));
	args.isid = login->isid;
	args.tsih = login->tsih;
	args.itt = login->itt;
	args.transit = transit;
	args.more = more;
	args.csg = login->csg;
	args.nsg = login->nsg;
	args.status = login->status;
	args.data_len = reply->data_len;
	sn.stat_sn = login->stat_sn++;
	sn.exp_cmd_sn = login->cmd_sn;
	sn.max_cmd_sn = login->cmd_sn;
	if (transit && login->nsg == LUNAR_STAGE_FULL_FEATURE)
		sn.max_cmd_sn += login->cmdsn_depth - 1;
	lunar_pdu_build_login_rsp(&reply->bhs, &sn, &args);
}

static enum lunar_login_step fail(struct lunar_login *login, enum lunar_login_why why, enum lunar_login_status status,
				  struct lunar_login_reply *reply)
{
	login->why = why;
	login->status = status;
	login->state = STATE_ENDED;
	reply->data_len = 0;
	build_reply(login, reply, false, false);
	return LUNAR_LOGIN_FAIL;
}

static enum lunar_login_step fail_auth(struct lunar_login *login, enum lunar_login_why why,
				       struct lunar_login_reply *reply)
{
	return fail(login, why, LUNAR_LOGIN_AUTH_FAILED, reply);
}

static enum lunar_login_step fail_nego(struct lunar_login *login, enum lunar_nego_status error,
				       struct lunar_login_reply *reply)
{
	login->nego_error = error;
	if (error == LUNAR_NEGO_OVERFLOW)
		return fail(login, LUNAR_WHY_NO_ROOM, LUNAR_LOGIN_INITIATOR_ERROR, reply);
	return fail(login, LUNAR_WHY_NEGOTIATION, LUNAR_LOGIN_INITIATOR_ERROR, reply);
}

/* --- headers ---------------------------------------------------------------------------------------------- */

static void read_first_header(struct lunar_login *login, const struct lunar_bhs_login_req *req)
{
	memcpy(login->isid, req->isid, LUNAR_ISID_LEN);
	login->tsih = lunar_be16(req->tsih);
	login->cid = lunar_be16(req->cid);
	login->itt = lunar_be32(req->itt);
	login->cmd_sn = lunar_be32(req->cmd_sn);
	login->version_max = req->version_max;
	login->version_min = req->version_min;
	login->nego.leading = !login->tsih;
}

static bool same_login(const struct lunar_login *login, const struct lunar_bhs_login_req *req)
{
	return memcmp(login->isid, req->isid, LUNAR_ISID_LEN) == 0 && login->tsih == lunar_be16(req->tsih) &&
	       login->cid == lunar_be16(req->cid) && login->itt == lunar_be32(req->itt) &&
	       login->version_max == req->version_max && login->version_min == req->version_min;
}

static void read_stages(struct lunar_login *login, u8 flags)
{
	login->transit = (flags & LUNAR_LOGIN_TRANSIT) != 0;
	login->csg = (u8)((flags >> LUNAR_LOGIN_CSG_SHIFT) & LUNAR_LOGIN_STAGE_MASK);
	login->nsg = (u8)(flags & LUNAR_LOGIN_STAGE_MASK);
}

/* 11.12.3: NSG means something only with T, and only forward. */
static bool stages_ok(const struct lunar_login *login, u8 flags)
{
	if (login->csg > LUNAR_STAGE_OPERATIONAL)
		return false;
	if (!login->transit)
		return true;
	return !(flags & LUNAR_LOGIN_CONTINUE) && login->nsg > login->csg && login->nsg != LUNAR_STAGE_RESERVED;
}

/* Everything about the header alone; status SUCCESS, or what to answer. */
static enum lunar_login_status check_header(struct lunar_login *login, const union lunar_bhs *bhs, u32 len)
{
	const struct lunar_bhs_login_req *req = &bhs->login_req;
	bool first = login->pdus++ == 0;

	if (first)
		read_first_header(login, req);
	read_stages(login, req->flags);
	login->why = LUNAR_WHY_BAD_HEADER;
	if (bhs->any.ahs_words || len != lunar_bhs_dlength(bhs) || len > LUNAR_LOGIN_DSL_MAX)
		return LUNAR_LOGIN_INITIATOR_ERROR;
	if (!stages_ok(login, req->flags))
		return LUNAR_LOGIN_INITIATOR_ERROR;
	if (first)
		login->stage = login->csg;
	login->why = LUNAR_WHY_VERSION;
	if (first && req->version_min > 0)
		return LUNAR_LOGIN_BAD_VERSION;
	login->why = LUNAR_WHY_CHANGED;
	if (!same_login(login, req) || login->csg != login->stage)
		return LUNAR_LOGIN_INITIATOR_ERROR;
	login->why = LUNAR_WHY_TOO_MANY_PDUS;
	if (login->pdus > LUNAR_LOGIN_PDUS_MAX)
		return LUNAR_LOGIN_INITIATOR_ERROR;
	login->why = LUNAR_WHY_NONE;
	return LUNAR_LOGIN_SUCCESS;
}

/* --- answers ---------------------------------------------------------------------------------------------- */

/* May the stage change that this request asks for happen now? */
static bool transit_granted(const struct lunar_login *login)
{
	if (!login->transit || login->nego.proposed)
		return false;
	if (login->stage == LUNAR_STAGE_SECURITY)
		return login->security_done;
	return true;
}

/*
 * One response with as much of the pending answer as the initiator takes: 8192 bytes in the login phase, or less if
 * it has declared less. The stage changes only with the last part (6.2: no T with C).
 */
static enum lunar_login_step send_answer(struct lunar_login *login, struct lunar_login_reply *reply)
{
	u32 left = login->out_len - login->out_sent;
	u32 chunk = lunar_min_u32(left, lunar_min_u32(login->nego.result.initiator_mrdsl, LUNAR_LOGIN_DSL_MAX));
	bool more = chunk < left;
	bool transit = !more && login->may_transit && transit_granted(login);

	memcpy(reply->data, login->out + login->out_sent, chunk);
	reply->data_len = chunk;
	login->out_sent += chunk;
	build_reply(login, reply, transit, more);
	if (!transit)
		return LUNAR_LOGIN_REPLY;
	login->stage = login->nsg;
	if (login->stage != LUNAR_STAGE_FULL_FEATURE)
		return LUNAR_LOGIN_REPLY;
	login->state = STATE_DONE;
	return LUNAR_LOGIN_DONE;
}

static bool is_chap_key(struct lunar_str key)
{
	return key.len >= 5 && memcmp(key.ptr, "CHAP_", 5) == 0;
}

/* Runs all keys of the request but CHAP's through the negotiation; *chap_keys counts those left out. */
static enum lunar_nego_status negotiate(struct lunar_login *login, enum lunar_nego_phase phase,
					struct lunar_text_out *out, u32 *chap_keys)
{
	struct lunar_text_iter it;
	struct lunar_text_pair pair;
	enum lunar_nego_status status = LUNAR_NEGO_OK;

	*chap_keys = 0;
	lunar_text_iter_init(&it, login->in, login->in_len, LUNAR_TEXT_KEYS_MAX);
	while (status == LUNAR_NEGO_OK && lunar_text_next(&it, &pair) == LUNAR_TEXT_OK) {
		if (phase == LUNAR_PHASE_SECURITY && is_chap_key(pair.key)) {
			(*chap_keys)++;
			continue;
		}
		status = lunar_nego_receive(&login->nego, phase, &pair, out);
	}
	if (status == LUNAR_NEGO_OK)
		status = lunar_nego_declare(&login->nego, phase, out);
	return status;
}

static bool auth_method_refused(const struct lunar_login *login, enum lunar_nego_status status)
{
	struct lunar_str value;

	return status == LUNAR_NEGO_BAD_VALUE && !login->nego.result.auth_method &&
	       lunar_text_find(login->in, login->in_len, "AuthMethod", &value);
}

/* After the keys: the CHAP exchange, or the reason why none is needed. SUCCESS, or the failure's status. */
static enum lunar_login_status authenticate(struct lunar_login *login, u32 chap_keys, struct lunar_text_out *out)
{
	u32 method = login->nego.result.auth_method;

	login->why = LUNAR_WHY_AUTH_FAILED;
	login->chap_error = LUNAR_CHAP_ERR_UNEXPECTED_KEY;
	if (chap_keys && (method != LUNAR_AUTH_CHAP || login->authenticated))
		return LUNAR_LOGIN_AUTH_FAILED;
	login->chap_error = LUNAR_CHAP_OK;
	if (method == LUNAR_AUTH_CHAP && !login->authenticated)
		login->chap_error = lunar_chap_receive(&login->chap, login->in, login->in_len, out, login->ops, login->ctx);
	if (login->chap_error > LUNAR_CHAP_SUCCESS)
		return LUNAR_LOGIN_AUTH_FAILED;
	if (login->chap_error == LUNAR_CHAP_SUCCESS)
		login->authenticated = true;
	login->chap_error = LUNAR_CHAP_OK;
	login->security_done = login->authenticated || (method != LUNAR_AUTH_CHAP && !login->auth_required);
	login->why = LUNAR_WHY_AUTH_REQUIRED;
	if (!method && login->transit && !login->security_done)
		return LUNAR_LOGIN_AUTH_FAILED;
	login->why = LUNAR_WHY_NONE;
	return LUNAR_LOGIN_SUCCESS;
}

static enum lunar_login_step handle_security(struct lunar_login *login, struct lunar_text_out *out,
					     struct lunar_login_reply *reply)
{
	enum lunar_login_status status;
	enum lunar_nego_status error;
	u32 chap_keys;

	error = negotiate(login, LUNAR_PHASE_SECURITY, out, &chap_keys);
	if (auth_method_refused(login, error))
		return fail_auth(login, LUNAR_WHY_AUTH_REQUIRED, reply);
	if (error != LUNAR_NEGO_OK)
		return fail_nego(login, error, reply);
	status = authenticate(login, chap_keys, out);
	if (status != LUNAR_LOGIN_SUCCESS)
		return fail(login, login->why, status, reply);
	/* Straight to full feature phase: no stage left in which a demanded digest could be agreed on. */
	if (login->transit && login->nsg == LUNAR_STAGE_FULL_FEATURE && !lunar_nego_digests_ok(&login->nego))
		return fail_nego(login, LUNAR_NEGO_BAD_VALUE, reply);
	login->out_len = out->len;
	return send_answer(login, reply);
}

/* The initiator wants to leave the operational stage: last chance for our own proposals. */
static enum lunar_nego_status conclude(struct lunar_login *login, struct lunar_text_out *out)
{
	u32 count = 0;
	enum lunar_nego_status error = LUNAR_NEGO_OK;

	if (login->proposed)
		return login->nego.proposed || !lunar_nego_digests_ok(&login->nego) ? LUNAR_NEGO_BAD_ANSWER : LUNAR_NEGO_OK;
	login->proposed = true;
	error = lunar_nego_propose(&login->nego, out, &count);
	if (error == LUNAR_NEGO_OK && !count && !lunar_nego_digests_ok(&login->nego))
		return LUNAR_NEGO_BAD_VALUE;
	return error;
}

static enum lunar_login_step handle_operational(struct lunar_login *login, struct lunar_text_out *out,
						struct lunar_login_reply *reply)
{
	enum lunar_nego_status error;
	u32 chap_keys;

	if (login->auth_required && !login->authenticated)
		return fail_auth(login, LUNAR_WHY_AUTH_REQUIRED, reply);
	error = negotiate(login, LUNAR_PHASE_OPERATIONAL, out, &chap_keys);
	if (error == LUNAR_NEGO_OK && login->transit)
		error = conclude(login, out);
	if (error != LUNAR_NEGO_OK)
		return fail_nego(login, error, reply);
	login->out_len = out->len;
	return send_answer(login, reply);
}

static enum lunar_login_step handle_request(struct lunar_login *login, struct lunar_login_reply *reply)
{
	struct lunar_text_out out;
	enum lunar_login_step step;

	login->out_len = 0;
	login->out_sent = 0;
	login->may_transit = login->transit;
	lunar_text_out_init(&out, login->out, sizeof(login->out));
	if (login->stage == LUNAR_STAGE_SECURITY)
		step = handle_security(login, &out, reply);
	else
		step = handle_operational(login, &out, reply);
	login->in_len = 0;
	return step;
}

/* --- requests --------------------------------------------------------------------------------------------- */

static enum lunar_login_step identify(struct lunar_login *login, struct lunar_login_reply *reply)
{
	enum lunar_login_status status = lunar_nego_identity(&login->nego, login->in, login->in_len);

	switch (status) {
	case LUNAR_LOGIN_SUCCESS:
		login->state = STATE_WAIT;
		return LUNAR_LOGIN_NEED_TARGET;
	case LUNAR_LOGIN_MISSING_PARAM:
		return fail(login, LUNAR_WHY_MISSING_NAME, status, reply);
	case LUNAR_LOGIN_BAD_SESSION_TYPE:
		return fail(login, LUNAR_WHY_SESSION_TYPE, status, reply);
	default:
		return fail(login, LUNAR_WHY_BAD_NAME, status, reply);
	}
}

static enum lunar_login_step take_text(struct lunar_login *login, const u8 *data, u32 len, bool more,
				       struct lunar_login_reply *reply)
{
	if (len > LUNAR_LOGIN_TEXT_MAX - login->in_len)
		return fail(login, LUNAR_WHY_TOO_LONG, LUNAR_LOGIN_INITIATOR_ERROR, reply);
	if (len)
		memcpy(login->in + login->in_len, data, len);
	login->in_len += len;
	if (!more)
		return LUNAR_LOGIN_DONE;
	/* A part of a request: an empty response asks for the next one. 6.2 */
	reply->data_len = 0;
	build_reply(login, reply, false, false);
	return LUNAR_LOGIN_REPLY;
}

static enum lunar_login_step handle_text(struct lunar_login *login, struct lunar_login_reply *reply)
{
	login->text_error = lunar_text_check(login->in, login->in_len, LUNAR_TEXT_KEYS_MAX);
	if (login->text_error != LUNAR_TEXT_OK)
		return fail(login, LUNAR_WHY_TEXT, LUNAR_LOGIN_INITIATOR_ERROR, reply);
	if (login->state == STATE_NEW)
		return identify(login, reply);
	return handle_request(login, reply);
}

enum lunar_login_step lunar_login_receive(struct lunar_login *login, const union lunar_bhs *bhs, const u8 *data, u32 len,
					  struct lunar_login_reply *reply)
{
	bool more = (bhs->any.flags & LUNAR_LOGIN_CONTINUE) != 0;
	enum lunar_login_status status;
	enum lunar_login_step step;

	if ((login->state != STATE_NEW && login->state != STATE_TALK) || reply->cap < LUNAR_LOGIN_DSL_MAX)
		return drop(login, LUNAR_WHY_NONE, reply);
	if (lunar_bhs_opcode(bhs) != LUNAR_OP_LOGIN_REQ) {
		if (!login->pdus)
			return drop(login, LUNAR_WHY_NOT_LOGIN, reply);
		return fail(login, LUNAR_WHY_NOT_LOGIN, LUNAR_LOGIN_BAD_REQUEST, reply);
	}
	status = check_header(login, bhs, data || !len ? len : LUNAR_LOGIN_DSL_MAX + 1);
	if (status != LUNAR_LOGIN_SUCCESS)
		return fail(login, login->why, status, reply);
	if (login->out_sent < login->out_len) {
		/* While our answer is still on its way in parts, the initiator has nothing to say. */
		if (len || more)
			return fail(login, LUNAR_WHY_BAD_HEADER, LUNAR_LOGIN_INITIATOR_ERROR, reply);
		return send_answer(login, reply);
	}
	step = take_text(login, data, len, more, reply);
	return step == LUNAR_LOGIN_DONE ? handle_text(login, reply) : step;
}

/* What the peer may choose from: CHAP needs credentials, None needs permission. */
static u32 allowed_auth(const struct lunar_login_target *target)
{
	bool wanted = target->auth_required || (target->offer->auth_methods & LUNAR_AUTH_CHAP);
	u32 methods = 0;

	if (wanted && target->chap && target->chap->user[0] && target->chap->secret[0])
		methods |= LUNAR_AUTH_CHAP;
	if (!target->auth_required)
		methods |= target->offer->auth_methods & LUNAR_AUTH_NONE;
	return methods;
}

enum lunar_login_step lunar_login_accept(struct lunar_login *login, const struct lunar_login_target *target,
					 struct lunar_login_reply *reply)
{
	if (login->state != STATE_WAIT || reply->cap < LUNAR_LOGIN_DSL_MAX)
		return drop(login, LUNAR_WHY_NONE, reply);
	lunar_nego_begin(&login->nego, target->offer);
	login->nego.offer.auth_methods = allowed_auth(target);
	login->auth_required = !(login->nego.offer.auth_methods & LUNAR_AUTH_NONE);
	login->cmdsn_depth = target->cmdsn_depth ? target->cmdsn_depth : 1;
	if (target->chap)
		lunar_chap_init(&login->chap, target->chap);
	login->state = STATE_TALK;
	return handle_request(login, reply);
}

enum lunar_login_step lunar_login_refuse(struct lunar_login *login, enum lunar_login_status status,
					 struct lunar_login_reply *reply)
{
	if (login->state != STATE_WAIT)
		return drop(login, LUNAR_WHY_NONE, reply);
	return fail(login, LUNAR_WHY_REFUSED, status, reply);
}

enum lunar_login_step lunar_login_redirect(struct lunar_login *login, enum lunar_login_status status,
					   const char *address, struct lunar_login_reply *reply)
{
	struct lunar_text_out out;

	if (login->state != STATE_WAIT || reply->cap < LUNAR_LOGIN_DSL_MAX)
		return drop(login, LUNAR_WHY_NONE, reply);
	fail(login, LUNAR_WHY_REFUSED, status, reply);
	lunar_text_out_init(&out, reply->data, reply->cap);
	lunar_text_put(&out, "TargetAddress", address);
	reply->data_len = out.len;
	lunar_bhs_set_dlength(&reply->bhs, out.len);
	return LUNAR_LOGIN_FAIL;
}

enum lunar_login_step lunar_login_fail_done(struct lunar_login *login, enum lunar_login_status status,
					    struct lunar_login_reply *reply)
{
	if (login->state != STATE_DONE)
		return drop(login, LUNAR_WHY_NONE, reply);
	login->stat_sn--; /* the response that was not sent */
	return fail(login, LUNAR_WHY_REFUSED, status, reply);
}

const char *lunar_login_why_text(enum lunar_login_why why)
{
	static const char *const texts[] = {
		[LUNAR_WHY_NONE] = "ok",
		[LUNAR_WHY_NOT_LOGIN] = "not a login request",
		[LUNAR_WHY_BAD_HEADER] = "malformed login header",
		[LUNAR_WHY_CHANGED] = "login parameters changed in mid-login",
		[LUNAR_WHY_VERSION] = "protocol version not supported",
		[LUNAR_WHY_TEXT] = "malformed login text",
		[LUNAR_WHY_TOO_LONG] = "login text too long",
		[LUNAR_WHY_TOO_MANY_PDUS] = "too many login requests",
		[LUNAR_WHY_MISSING_NAME] = "InitiatorName or TargetName missing",
		[LUNAR_WHY_BAD_NAME] = "malformed name or alias",
		[LUNAR_WHY_SESSION_TYPE] = "unknown session type",
		[LUNAR_WHY_REFUSED] = "refused",
		[LUNAR_WHY_NEGOTIATION] = "negotiation failed",
		[LUNAR_WHY_AUTH_REQUIRED] = "authentication required",
		[LUNAR_WHY_AUTH_FAILED] = "authentication failed",
		[LUNAR_WHY_NO_ROOM] = "answer too long",
	};

	return (u32)why < LUNAR_ARRAY_LEN(texts) ? texts[why] : "unknown reason";
}
