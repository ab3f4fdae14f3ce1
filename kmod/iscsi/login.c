// SPDX-License-Identifier: GPL-2.0-only
/*
 * The login of a connection: proto/login.h walks it, this file knows targets,
 * ACLs and secrets. Runs in the connection's worker; never waits for the peer.
 */
#include <linux/random.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "count.h"
#include "fabric.h"
#include "hash.h"
#include "listen.h"
#include "module.h"
#include "session.h"

struct lunar_login_ctx {
	struct lunar_login login;
	struct lunar_login_reply reply;
	struct lunar_nego_offer offer;
	struct lunar_chap_config chap;
	struct lunar_tpg *tpg;		/* a use of it, until the session has it */
	const struct se_node_acl *acl;	/* whose word was taken, only to be compared; NULL: demo mode */
	struct lunar_target *target;	/* for the counters; lives as long as @tpg's use */
	u32 depth;			/* of the command window */
	u8 data[LUNAR_LOGIN_DSL_MAX];
};

static u32 chap_algorithms;

void lunar_login_module_init(void)
{
	chap_algorithms = lunar_hash_algorithms();
}

static int login_begin(struct lunar_conn *conn)
{
	struct lunar_login_ctx *ctx = kvzalloc(sizeof(*ctx), GFP_KERNEL);

	if (!ctx)
		return -ENOMEM;
	lunar_login_init(&ctx->login, get_random_u32(), &lunar_hash_ops, NULL);
	ctx->reply.data = ctx->data;
	ctx->reply.cap = sizeof(ctx->data);
	conn->login = ctx;
	return 0;
}

void lunar_login_end(struct lunar_conn *conn)
{
	struct lunar_login_ctx *ctx = conn->login;

	conn->login = NULL;
	if (!ctx)
		return;
	if (ctx->tpg)
		lunar_tpg_put(ctx->tpg);
	lunar_login_wipe(&ctx->login);
	kvfree_sensitive(ctx, sizeof(*ctx));
}

/* --- who may log in, and how --- */

static void copy_secrets(struct lunar_chap_config *chap, const struct lunar_auth *auth)
{
	chap->algorithms = chap_algorithms;
	if (auth->userid_set)
		strscpy(chap->user, auth->userid, sizeof(chap->user));
	if (auth->password_set)
		strscpy(chap->secret, auth->password, sizeof(chap->secret));
	if (!auth->authenticate_target)
		return;
	strscpy(chap->mutual_user, auth->userid_mutual, sizeof(chap->mutual_user));
	strscpy(chap->mutual_secret, auth->password_mutual, sizeof(chap->mutual_secret));
}

static enum lunar_login_step accept(struct lunar_login_ctx *ctx, bool auth_required)
{
	const bool has_secret = ctx->chap.user[0] && ctx->chap.secret[0];
	const struct lunar_login_target found = {
		.offer = &ctx->offer,
		.chap = has_secret ? &ctx->chap : NULL,
		.auth_required = auth_required,
		.cmdsn_depth = ctx->depth,
	};

	return lunar_login_accept(&ctx->login, &found, &ctx->reply);
}

static enum lunar_login_step resolve_discovery(struct lunar_login_ctx *ctx)
{
	bool required;

	lunar_nego_offer_default(&ctx->offer);
	ctx->offer.auth_methods = LUNAR_AUTH_CHAP | LUNAR_AUTH_NONE;
	ctx->depth = 1;
	mutex_lock(&lunar_discovery.lock);
	required = lunar_discovery.enforce_auth;
	copy_secrets(&ctx->chap, &lunar_discovery.auth);
	mutex_unlock(&lunar_discovery.lock);
	return accept(ctx, required);
}

/* The ACL's word on authentication and credentials, or the TPG's in demo mode. tpg->lock held. */
static bool apply_acl(struct lunar_login_ctx *ctx, struct se_node_acl *se_nacl)
{
	struct lunar_tpg *tpg = ctx->tpg;
	struct lunar_nacl *nacl;

	lockdep_assert_held(&tpg->lock);
	ctx->depth = tpg->attrib.default_cmdsn_depth;
	if (!se_nacl || se_nacl->dynamic_node_acl) {
		copy_secrets(&ctx->chap, &tpg->auth);
		return tpg->attrib.authentication;
	}
	ctx->acl = se_nacl;
	nacl = lunar_to_nacl(se_nacl);
	ctx->depth = se_nacl->queue_depth;
	copy_secrets(&ctx->chap, &nacl->auth);
	if (nacl->attrib.authentication < 0)
		return tpg->attrib.authentication;
	/* The ACL's own word stands against the TPG's AuthMethod, which follows the TPG's authentication. */
	if (!nacl->attrib.authentication)
		ctx->offer.auth_methods |= LUNAR_AUTH_NONE;
	return nacl->attrib.authentication;
}

static enum lunar_login_step resolve_acl(struct lunar_conn *conn, struct lunar_login_ctx *ctx)
{
	struct lunar_tpg *tpg = ctx->tpg;
	struct se_node_acl *se_nacl;
	bool allowed, required;

	se_nacl = core_tpg_get_initiator_node_acl(&tpg->se_tpg,
						  ctx->login.nego.result.initiator_name);
	mutex_lock(&tpg->lock);
	allowed = se_nacl || tpg->attrib.generate_node_acls;
	ctx->offer = tpg->offer;
	ctx->offer.tpgt = tpg->tag;
	required = apply_acl(ctx, se_nacl);
	conn->deadline = conn->accepted + tpg->attrib.login_timeout * HZ;
	mutex_unlock(&tpg->lock);
	if (se_nacl)
		target_put_nacl(se_nacl);
	mod_timer(&conn->timer, conn->deadline);
	if (!allowed)
		return lunar_login_refuse(&ctx->login, LUNAR_LOGIN_FORBIDDEN, &ctx->reply);
	return accept(ctx, required);
}

/* A second connection for a session: none may have one yet. */
static enum lunar_login_status refuse_tsih(u16 tsih)
{
	enum lunar_login_status status = LUNAR_LOGIN_NO_SESSION;
	struct lunar_session *session;

	spin_lock(&lunar_session_lock);
	list_for_each_entry(session, &lunar_sessions, list)
		if (session->tsih == tsih)
			status = LUNAR_LOGIN_TOO_MANY_CONNS;
	spin_unlock(&lunar_session_lock);
	return status;
}

static u16 find_tpg(struct lunar_conn *conn, struct lunar_login_ctx *ctx)
{
	struct lunar_target *target;
	u16 status = LUNAR_LOGIN_NOT_FOUND;

	mutex_lock(&lunar_config_lock);
	target = lunar_target_find(ctx->login.nego.result.target_name);
	if (target)
		ctx->tpg = lunar_tpg_get_for_login(target, conn->portal, &status);
	conn->login_tpg = ctx->tpg;
	mutex_unlock(&lunar_config_lock);
	ctx->target = ctx->tpg ? ctx->tpg->target : NULL;
	return status;
}

static enum lunar_login_step resolve(struct lunar_conn *conn, struct lunar_login_ctx *ctx)
{
	struct lunar_login *login = &ctx->login;
	u16 status;

	if (login->tsih)
		return lunar_login_refuse(login, refuse_tsih(login->tsih), &ctx->reply);
	if (login->nego.result.discovery)
		return resolve_discovery(ctx);
	status = find_tpg(conn, ctx);
	if (!ctx->tpg)
		return lunar_login_refuse(login, status, &ctx->reply);
	return resolve_acl(conn, ctx);
}

/* --- into full feature phase --- */

static enum lunar_login_status status_of(int err)
{
	switch (err) {
	case -EACCES:
		return LUNAR_LOGIN_FORBIDDEN;
	case -ESHUTDOWN:
		return LUNAR_LOGIN_UNAVAILABLE;
	default:
		return LUNAR_LOGIN_OUT_OF_RESOURCES;
	}
}

static enum lunar_login_step make_session(struct lunar_conn *conn, struct lunar_login_ctx *ctx)
{
	const struct lunar_session_args args = {
		.conn = conn,
		.tpg = ctx->tpg,
		.acl = ctx->acl,
		.login = &ctx->login,
		.depth = ctx->depth,
	};
	struct lunar_session *session = lunar_session_create(&args);

	if (IS_ERR(session))
		return lunar_login_fail_done(&ctx->login, status_of(PTR_ERR(session)),
					     &ctx->reply);
	ctx->tpg = NULL;
	conn->session = session;
	lunar_login_set_tsih(&ctx->reply, session->tsih);
	return LUNAR_LOGIN_DONE;
}

static void set_clock(struct lunar_conn *conn)
{
	const struct lunar_session *session = conn->session;
	const struct lunar_node_attrib *attrib;

	if (session->discovery) {
		conn->idle_timeout = LUNAR_DISCOVERY_IDLE_MAX;
	} else {
		attrib = &lunar_to_nacl(session->se_sess->se_node_acl)->attrib;
		conn->nopin_timeout = READ_ONCE(attrib->nopin_timeout);
		conn->nopin_response_timeout = READ_ONCE(attrib->nopin_response_timeout);
	}
	timer_delete(&conn->timer);
	lunar_conn_arm_timer(conn);
}

static void enter_full_feature(struct lunar_conn *conn, const struct lunar_login *login)
{
	const struct lunar_nego_result *nego = &conn->session->nego;

	conn->cid = login->cid;
	conn->stat_sn = login->stat_sn;
	conn->header_digest = nego->header_digest;
	conn->data_digest = nego->data_digest;
	conn->max_xmit = nego->initiator_mrdsl;
	conn->max_recv = nego->target_mrdsl;
	conn->limits = (struct lunar_pdu_limits){
		.max_recv_dsl = nego->target_mrdsl,
		.first_burst = nego->first_burst,
		.erl = nego->erl,
		.initial_r2t = nego->initial_r2t,
		.immediate_data = nego->immediate_data,
		.discovery = conn->session->discovery,
	};
	lunar_conn_free_text(conn);
	conn->state = LUNAR_CONN_FULL_FEATURE;
	lunar_portal_login_end(conn->portal, conn);
	set_clock(conn);
}

/* --- one PDU --- */

static bool send_reply(struct lunar_conn *conn, const struct lunar_login_reply *reply)
{
	struct lunar_cmd *cmd = lunar_cmd_alloc(conn, LUNAR_CMD_LOGIN);

	if (!cmd)
		return false;
	if (lunar_cmd_alloc_pages(cmd, reply->data_len)) {
		lunar_cmd_free(cmd);
		return false;
	}
	cmd->rsp = reply->bhs;
	if (reply->data_len)
		sg_copy_from_buffer(cmd->sg, cmd->sg_nents, reply->data, reply->data_len);
	lunar_cmd_answer(cmd, LUNAR_ANSWER_LOGIN);
	return true;
}

/* What the administrator can do something about; the rest is in why's own words. */
static const char *refusal_text(const struct lunar_login *login)
{
	static const struct {
		u16 status;
		const char *text;
	} refusals[] = {
		{ LUNAR_LOGIN_FORBIDDEN, "there is no ACL for this initiator, and demo mode is off" },
		{ LUNAR_LOGIN_NOT_FOUND, "there is no such target at this portal" },
		{ LUNAR_LOGIN_REMOVED, "the target is being removed" },
		{ LUNAR_LOGIN_TOO_MANY_CONNS, "a session has one connection" },
		{ LUNAR_LOGIN_NO_SESSION, "there is no session of this TSIH" },
		{ LUNAR_LOGIN_UNAVAILABLE, "the portal group is disabled" },
		{ LUNAR_LOGIN_OUT_OF_RESOURCES, "out of memory or session numbers" },
	};
	size_t i;

	for (i = 0; login->why == LUNAR_WHY_REFUSED && i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].status == login->status)
			return refusals[i].text;
	return lunar_login_why_text(login->why);
}

static void log_refusal(const struct lunar_conn *conn, const struct lunar_login *login)
{
	const struct lunar_nego_result *asked = &login->nego.result;

	pr_info_ratelimited("login of %s from %pISpc to %s refused: %s (status 0x%04x)\n",
			    asked->initiator_name[0] ? asked->initiator_name : "(no name)", &conn->peer,
			    asked->target_name[0] ? asked->target_name : "(no target)",
			    refusal_text(login), login->status);
}

static void finish(struct lunar_conn *conn, struct lunar_login_ctx *ctx,
		   enum lunar_login_step step)
{
	const struct lunar_login *login = &ctx->login;
	const char *why = lunar_login_why_text(login->why);

	if (step == LUNAR_LOGIN_DONE || step == LUNAR_LOGIN_FAIL)
		lunar_count_login(conn, ctx->target, login);
	if (step != LUNAR_LOGIN_DROP && !send_reply(conn, &ctx->reply))
		step = LUNAR_LOGIN_DROP;
	switch (step) {
	case LUNAR_LOGIN_DONE:
		enter_full_feature(conn, login);
		lunar_login_end(conn);
		break;
	case LUNAR_LOGIN_FAIL:
		log_refusal(conn, login);
		lunar_conn_close_after_tx(conn, NULL);
		break;
	case LUNAR_LOGIN_DROP:
		lunar_conn_begin_close(conn, why);
		break;
	default:
		break;
	}
}

void lunar_login_pdu(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	struct lunar_login_ctx *ctx;
	enum lunar_login_step step;

	if (!conn->login && login_begin(conn)) {
		lunar_conn_begin_close(conn, "out of memory for a login");
		return;
	}
	ctx = conn->login;
	step = lunar_login_receive(&ctx->login, &rx->bhs,
				   rx->sink == LUNAR_SINK_TEXT ? rx->text : NULL, rx->data_len,
				   &ctx->reply);
	if (step == LUNAR_LOGIN_NEED_TARGET)
		step = resolve(conn, ctx);
	if (step == LUNAR_LOGIN_DONE)
		step = make_session(conn, ctx);
	finish(conn, ctx, step);
}
