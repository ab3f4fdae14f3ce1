// SPDX-License-Identifier: GPL-2.0-only
/*
 * Text requests: SendTargets, and negotiation in full feature phase. An
 * exchange may take several PDUs either way (C bit, and answers longer than the
 * initiator's limit); a connection has one at a time. RFC 7143 11.10, 11.11,
 * appendix C.
 */
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>
#include <net/ipv6.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "fabric.h"
#include "listen.h"
#include "session.h"

/* The most text one answer may have: several thousand targets. Bytes. */
#define ANSWER_MAX	(4u << 20)
#define ANSWER_FIRST	(16u << 10)

struct lunar_text {
	u32 ttt;			/* of the exchange, once an answer had one */
	u32 in_len;
	u32 out_len, out_sent;
	char *out;			/* the whole answer; NULL while it is being asked for */
	u8 in[LUNAR_LOGIN_TEXT_MAX];
};

void lunar_text_end(struct lunar_conn *conn)
{
	if (conn->text)
		kvfree(conn->text->out);
	kvfree(conn->text);
	conn->text = NULL;
}

static bool text_begin(struct lunar_conn *conn)
{
	lunar_text_end(conn);
	conn->text = kvzalloc(sizeof(*conn->text), GFP_NOIO);
	if (conn->text)
		conn->text->ttt = conn->stat_sn & 0x7fffffff;
	return conn->text;
}

/* --- SendTargets --- */

struct listing {
	struct lunar_conn *conn;
	struct lunar_text_out *out;
};

static bool is_wildcard(const struct sockaddr_storage *addr)
{
	if (addr->ss_family == AF_INET)
		return ((const struct sockaddr_in *)addr)->sin_addr.s_addr == htonl(INADDR_ANY);
	return ipv6_addr_any(&((const struct sockaddr_in6 *)addr)->sin6_addr);
}

static u16 port_of(const struct sockaddr_storage *addr)
{
	return ntohs(addr->ss_family == AF_INET ? ((const struct sockaddr_in *)addr)->sin_port :
						  ((const struct sockaddr_in6 *)addr)->sin6_port);
}

static void put_host(char *buf, size_t size, const struct sockaddr_storage *addr)
{
	const struct in6_addr *v6 = &((const struct sockaddr_in6 *)addr)->sin6_addr;

	if (addr->ss_family == AF_INET)
		scnprintf(buf, size, "%pI4", &((const struct sockaddr_in *)addr)->sin_addr);
	else if (ipv6_addr_v4mapped(v6))
		scnprintf(buf, size, "%pI4", &v6->s6_addr32[3]);
	else
		scnprintf(buf, size, "[%pI6c]", v6);
}

/* A portal on all addresses is reached by the one the initiator used. */
static void list_portal(struct listing *l, const struct lunar_tpg_np *np)
{
	const struct sockaddr_storage *addr = &np->portal->addr;
	char host[64], value[96];

	put_host(host, sizeof(host), is_wildcard(addr) ? &l->conn->local : addr);
	scnprintf(value, sizeof(value), "%s:%u,%u", host, port_of(addr), np->tpg->tag);
	lunar_text_put(l->out, "TargetAddress", value);
}

static bool may_see(const struct listing *l, struct lunar_tpg *tpg)
{
	if (!tpg->enabled && READ_ONCE(tpg->attrib.tpg_enabled_sendtargets))
		return false;
	return READ_ONCE(tpg->attrib.generate_node_acls) ||
	       READ_ONCE(tpg->attrib.demo_mode_discovery) ||
	       target_tpg_has_node_acl(&tpg->se_tpg, l->conn->session->initiator_name);
}

static void list_target(struct listing *l, const struct lunar_target *target)
{
	const struct lunar_tpg_np *np;
	struct lunar_tpg *tpg;
	bool named = false;

	list_for_each_entry(tpg, &target->tpgs, list) {
		if (!may_see(l, tpg))
			continue;
		list_for_each_entry(np, &tpg->portals, tpg_list) {
			if (!named)
				lunar_text_put(l->out, "TargetName", target->name);
			named = true;
			list_portal(l, np);
		}
	}
}

/* @value: All, a name, or nothing (the session's own target). False: the value is refused. */
static bool list_targets(struct lunar_conn *conn, struct lunar_str value,
			 struct lunar_text_out *out)
{
	struct listing l = { .conn = conn, .out = out };
	const struct lunar_session *session = conn->session;
	bool all = lunar_str_is(value, "All");
	const struct lunar_target *target;
	char name[LUNAR_NAME_LEN];

	if (all != session->discovery && (all || !value.len))
		return false;
	if (!all && value.len && lunar_name_normalize(value, name, sizeof(name)) != LUNAR_NAME_OK)
		return false;
	mutex_lock(&lunar_config_lock);
	list_for_each_entry(target, &lunar_targets, list)
		if (all || (value.len ? !strcmp(target->key, name) :
					target == session->tpg->target))
			list_target(&l, target);
	mutex_unlock(&lunar_config_lock);
	return true;
}

/* --- one whole request --- */

static enum lunar_nego_status answer_pair(struct lunar_conn *conn, struct lunar_nego *nego,
					  const struct lunar_text_pair *pair,
					  struct lunar_text_out *out)
{
	enum lunar_nego_status status;

	status = lunar_nego_receive(nego, LUNAR_PHASE_FFP, pair, out);
	if (status != LUNAR_NEGO_SEND_TARGETS)
		return status;
	if (!list_targets(conn, pair->value, out))
		lunar_text_put(out, "SendTargets", "Reject");
	return out->overflow ? LUNAR_NEGO_OVERFLOW : LUNAR_NEGO_OK;
}

static enum lunar_nego_status answer_all(struct lunar_conn *conn, struct lunar_nego *nego,
					 struct lunar_text_out *out)
{
	const struct lunar_text *text = conn->text;
	enum lunar_nego_status status;
	struct lunar_text_pair pair;
	struct lunar_text_iter it;

	lunar_text_iter_init(&it, text->in, text->in_len, LUNAR_TEXT_KEYS_MAX);
	while (lunar_text_next(&it, &pair) == LUNAR_TEXT_OK) {
		status = answer_pair(conn, nego, &pair, out);
		if (status != LUNAR_NEGO_OK)
			return status;
	}
	return LUNAR_NEGO_OK;
}

static void nego_reset(struct lunar_conn *conn, struct lunar_nego *nego)
{
	struct lunar_nego_offer offer;
	struct lunar_tpg *tpg = conn->session->tpg;

	lunar_nego_offer_default(&offer);
	if (tpg) {
		mutex_lock(&tpg->lock);
		offer = tpg->offer;
		mutex_unlock(&tpg->lock);
	}
	lunar_nego_init(nego);
	lunar_nego_begin(nego, &offer);
	nego->result = conn->session->nego;
	lunar_nego_text_begin(nego);
}

/* Builds the answer into memory that grows until it fits. */
static enum lunar_nego_status answer_request(struct lunar_conn *conn, struct lunar_nego *nego)
{
	struct lunar_text *text = conn->text;
	enum lunar_nego_status status;
	struct lunar_text_out out;
	u32 cap = ANSWER_FIRST;

	do {
		kvfree(text->out);
		text->out = kvmalloc(cap, GFP_NOIO);
		if (!text->out)
			return LUNAR_NEGO_OVERFLOW;
		nego_reset(conn, nego);
		lunar_text_out_init(&out, text->out, cap);
		status = answer_all(conn, nego, &out);
		cap *= 4;
	} while (status == LUNAR_NEGO_OVERFLOW && cap <= ANSWER_MAX);
	text->out_len = out.len;
	return status;
}

/* False: a protocol error, the caller rejects. */
static bool complete_request(struct lunar_conn *conn)
{
	const struct lunar_text *text = conn->text;
	struct lunar_nego *nego;
	bool ok;

	if (lunar_text_check(text->in, text->in_len, LUNAR_TEXT_KEYS_MAX) != LUNAR_TEXT_OK)
		return false;
	nego = kmalloc(sizeof(*nego), GFP_NOIO);
	if (!nego)
		return false;
	ok = answer_request(conn, nego) == LUNAR_NEGO_OK;
	if (ok) {
		conn->session->nego = nego->result;
		conn->max_xmit = nego->result.initiator_mrdsl;
	}
	kfree(nego);
	return ok;
}

/* --- PDUs --- */

static bool append(struct lunar_text *text, const struct lunar_rx *rx)
{
	if (!rx->data_len)
		return true;
	if (rx->sink != LUNAR_SINK_TEXT || rx->data_len > sizeof(text->in) - text->in_len)
		return false;
	memcpy(text->in + text->in_len, rx->text, rx->data_len);
	text->in_len += rx->data_len;
	return true;
}

/* Takes the PDU into the exchange. False: a protocol error. */
static bool take(struct lunar_conn *conn)
{
	const struct lunar_bhs_text_req *req = &conn->rx.bhs.text_req;
	u32 ttt = lunar_be32(req->ttt);

	if (ttt == LUNAR_TAG_RESERVED) {
		if (!text_begin(conn))
			return false;
	} else if (!conn->text || ttt != conn->text->ttt) {
		return false;
	}
	if (conn->text->out)
		return !conn->rx.data_len;	/* asks for the rest of the answer */
	return append(conn->text, &conn->rx);
}

void lunar_text_pdu(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd = lunar_cmd_begin(conn, LUNAR_CMD_TEXT);

	if (!cmd)
		return;
	if (!take(conn)) {
		lunar_text_end(conn);
		lunar_cmd_free(cmd);
		conn->rx.reject = LUNAR_REJECT_PROTOCOL_ERROR;
		return;
	}
	lunar_cmd_received(cmd);
}

static bool put_payload(struct lunar_cmd *cmd, const char *data, u32 len)
{
	if (lunar_cmd_alloc_pages(cmd, len))
		return false;
	if (len)
		sg_copy_from_buffer(cmd->sg, cmd->sg_nents, data, len);
	return true;
}

/* The next part of the answer; the last one ends the exchange. */
static void answer_part(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;
	struct lunar_text *text = conn->text;
	bool more_in = cmd->req.text_req.flags & LUNAR_TEXT_CONTINUE;
	u32 len = more_in ? 0 : min3(text->out_len - text->out_sent, conn->max_xmit,
				     LUNAR_DATA_IN_MAX);
	struct lunar_text_rsp_args args = {
		.lun = cmd->req.any.lun,
		.itt = lunar_bhs_itt(&cmd->req),
		.data_len = len,
	};
	struct lunar_sn sn = {};

	if (!put_payload(cmd, text->out + text->out_sent, len)) {
		lunar_conn_close_after_tx(conn, "out of memory for a text response");
		lunar_cmd_free(cmd);
		return;
	}
	text->out_sent += len;
	args.more = !more_in && text->out_sent < text->out_len;
	args.final = !args.more && cmd->req.text_req.flags & LUNAR_FLAG_FINAL;
	args.ttt = args.final ? LUNAR_TAG_RESERVED : text->ttt;
	lunar_pdu_build_text_rsp(&cmd->rsp, &sn, &args);
	if (args.final)
		lunar_text_end(conn);
	lunar_cmd_answer(cmd, LUNAR_ANSWER_TEXT);
}

void lunar_text_execute(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;
	bool more_in = cmd->req.text_req.flags & LUNAR_TEXT_CONTINUE;

	if (!conn->text) {
		lunar_cmd_free(cmd);	/* a later request took the exchange's place */
		return;
	}
	if (!more_in && !conn->text->out && !complete_request(conn)) {
		lunar_text_end(conn);
		cmd->kind = LUNAR_CMD_REJECT;
		cmd->reject = LUNAR_REJECT_PROTOCOL_ERROR;
		lunar_cmd_answer(cmd, LUNAR_ANSWER_REJECT);
		return;
	}
	answer_part(cmd);
}
