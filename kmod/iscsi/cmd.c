// SPDX-License-Identifier: GPL-2.0-only
/* Life and numbering of commands. See cmd.h. */
#include <linux/bitmap.h>
#include <linux/hash.h>
#include <linux/scatterlist.h>
#include <linux/slab.h>

#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "fence.h"
#include "module.h"
#include "session.h"

static struct kmem_cache *cmd_cache;

int lunar_cmd_module_init(void)
{
	cmd_cache = KMEM_CACHE(lunar_cmd, 0);
	return cmd_cache ? 0 : -ENOMEM;
}

void lunar_cmd_module_exit(void)
{
	kmem_cache_destroy(cmd_cache);
}

struct lunar_cmd *lunar_cmd_alloc(struct lunar_conn *conn, enum lunar_cmd_kind kind)
{
	struct lunar_cmd *cmd = kmem_cache_zalloc(cmd_cache, GFP_NOIO);

	if (!cmd)
		return NULL;
	cmd->conn = conn;
	cmd->kind = kind;
	INIT_LIST_HEAD(&cmd->link);
	INIT_LIST_HEAD(&cmd->wp_link);
	conn->nr_cmds++;
	return cmd;
}

int lunar_cmd_alloc_pages(struct lunar_cmd *cmd, u32 len)
{
	cmd->data_len = len;
	if (!len)
		return 0;
	cmd->sg = sgl_alloc(len, GFP_NOIO, &cmd->sg_nents);
	if (!cmd->sg) {
		cmd->data_len = 0;
		return -ENOMEM;
	}
	return 0;
}

struct lunar_cmd *lunar_cmd_placeholder(struct lunar_conn *conn, u32 cmd_sn)
{
	struct lunar_cmd *cmd = lunar_cmd_alloc(conn, LUNAR_CMD_PLACEHOLDER);

	if (cmd)
		cmd->cmd_sn = cmd_sn;
	return cmd;
}

static void give_slot_back(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;

	if (!cmd->has_slot)
		return;
	hlist_del_init(&cmd->itt_node);
	session->slots[cmd->slot] = NULL;
	__clear_bit(cmd->slot, session->slot_map);
	if (cmd->immediate)
		session->nr_immediate--;
}

void lunar_cmd_free(struct lunar_cmd *cmd)
{
	lunar_cmd_open_window(cmd);
	lunar_write_pending_del(cmd);
	lunar_fence_leave(cmd);
	list_del(&cmd->link);
	if (cmd->counted)
		cmd->conn->session->data_bytes -= cmd->counted;
	give_slot_back(cmd);
	lunar_tmf_task_gone(cmd);
	if (cmd->sg)
		sgl_free_n_order(cmd->sg, cmd->sg_nents, 0);
	cmd->conn->nr_cmds--;
	kmem_cache_free(cmd_cache, cmd);
}

static struct hlist_head *itt_bucket(struct lunar_session *session, u32 itt)
{
	return &session->itt_hash[hash_32(itt, ilog2(LUNAR_ITT_BUCKETS))];
}

static bool take_slot(struct lunar_session *session, struct lunar_cmd *cmd)
{
	unsigned long slot;

	slot = find_next_zero_bit(session->slot_map, session->nr_slots, session->slot_hint);
	if (slot >= session->nr_slots)
		slot = find_first_zero_bit(session->slot_map, session->nr_slots);
	if (slot >= session->nr_slots)
		return false;
	__set_bit(slot, session->slot_map);
	session->slots[slot] = cmd;
	session->slot_hint = slot + 1;
	cmd->slot = slot;
	cmd->has_slot = true;
	hlist_add_head(&cmd->itt_node, itt_bucket(session, lunar_bhs_itt(&cmd->req)));
	if (cmd->immediate)
		session->nr_immediate++;
	return true;
}

struct lunar_cmd *lunar_cmd_find(struct lunar_session *session, u32 itt)
{
	struct lunar_cmd *cmd;

	hlist_for_each_entry(cmd, itt_bucket(session, itt), itt_node)
		if (lunar_bhs_itt(&cmd->req) == itt)
			return cmd;
	return NULL;
}

struct lunar_cmd *lunar_cmd_find_ttt(struct lunar_session *session, u32 itt, u32 ttt)
{
	u32 slot = ttt & (BIT(LUNAR_SLOT_BITS) - 1);
	struct lunar_cmd *cmd;

	if (slot >= session->nr_slots)
		return NULL;
	cmd = session->slots[slot];
	if (!cmd || cmd->wseq.ttt != ttt || lunar_bhs_itt(&cmd->req) != itt)
		return NULL;
	return cmd;
}

/* --- beginning --- */

bool lunar_cmd_is_held(struct lunar_session *session, u32 cmd_sn)
{
	struct lunar_cmd *cmd;

	list_for_each_entry(cmd, &session->held, link)
		if (cmd->cmd_sn == cmd_sn)
			return true;
	return false;
}

bool lunar_cmd_unhold(struct lunar_cmd *cmd)
{
	struct lunar_cmd *placeholder = lunar_cmd_placeholder(cmd->conn, cmd->cmd_sn);

	if (!placeholder)
		return false;
	list_replace_init(&cmd->link, &placeholder->link);
	placeholder->held = true;
	cmd->held = false;
	return true;
}

/* False: the request is to be ignored, RFC 7143 4.2.2.1. */
static bool cmd_sn_wanted(struct lunar_session *session, u32 cmd_sn)
{
	switch (lunar_cmdsn_place(cmd_sn, session->exp_cmd_sn, session->max_cmd_sn)) {
	case LUNAR_CMDSN_EXPECTED:
		return true;
	case LUNAR_CMDSN_FUTURE:
		return !lunar_cmd_is_held(session, cmd_sn);
	default:
		return false;
	}
}

struct lunar_cmd *lunar_cmd_begin(struct lunar_conn *conn, enum lunar_cmd_kind kind)
{
	struct lunar_session *session = conn->session;
	const union lunar_bhs *bhs = &conn->rx.bhs;
	u32 cmd_sn = lunar_be32(bhs->scsi_cmd.cmd_sn);
	bool immediate = lunar_bhs_immediate(bhs);
	struct lunar_cmd *cmd;

	if (immediate && session->nr_immediate >= LUNAR_IMMEDIATE_MAX) {
		conn->rx.reject = LUNAR_REJECT_IMMEDIATE_OVERFLOW;
		return NULL;
	}
	if (!immediate && !cmd_sn_wanted(session, cmd_sn))
		return NULL;
	if (lunar_cmd_find(session, lunar_bhs_itt(bhs))) {
		conn->rx.reject = LUNAR_REJECT_TASK_IN_PROGRESS;
		return NULL;
	}
	cmd = lunar_cmd_alloc(conn, kind);
	if (!cmd)
		goto err_resources;
	cmd->req = *bhs;
	cmd->cmd_sn = cmd_sn;
	cmd->immediate = immediate;
	if (!take_slot(session, cmd))
		goto err_slot;
	return cmd;

err_slot:
	lunar_cmd_free(cmd);
err_resources:
	/* The request's CmdSN could not be accounted for: the session cannot go on. */
	lunar_conn_close_after_tx(conn, "out of memory for a command");
	return NULL;
}

/* --- order --- */

static void hold(struct lunar_session *session, struct lunar_cmd *cmd)
{
	struct list_head *pos;

	list_for_each_prev(pos, &session->held)
		if (lunar_sn_before(list_entry(pos, struct lunar_cmd, link)->cmd_sn, cmd->cmd_sn))
			break;
	list_add(&cmd->link, pos);
	cmd->held = true;
	lunar_conn_arm_timer(cmd->conn);
}

static void deliver(struct lunar_session *session, struct lunar_cmd *cmd)
{
	session->exp_cmd_sn++;
	cmd->sequenced = true;
	cmd->held = false;
	list_move_tail(&cmd->link, &cmd->conn->ready);
}

void lunar_cmd_received(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;

	cmd->received = true;
	if (cmd->immediate) {
		list_move_tail(&cmd->link, &cmd->conn->ready);
		return;
	}
	if (cmd->cmd_sn != session->exp_cmd_sn) {
		hold(session, cmd);
		return;
	}
	deliver(session, cmd);
	while (!list_empty(&session->held)) {
		cmd = list_first_entry(&session->held, struct lunar_cmd, link);
		if (lunar_sn_after(cmd->cmd_sn, session->exp_cmd_sn))
			break;
		deliver(session, cmd);
	}
}

static void execute(struct lunar_cmd *cmd)
{
	switch (cmd->kind) {
	case LUNAR_CMD_SCSI:
		lunar_scsi_execute(cmd);
		break;
	case LUNAR_CMD_TMF:
		lunar_tmf_execute(cmd);
		break;
	case LUNAR_CMD_TEXT:
		lunar_text_execute(cmd);
		break;
	default:
		lunar_ffp_execute(cmd);
		break;
	}
}

void lunar_cmd_run_ready(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd;

	while (!list_empty(&conn->ready)) {
		cmd = list_first_entry(&conn->ready, struct lunar_cmd, link);
		list_del_init(&cmd->link);
		execute(cmd);
	}
}

/* --- answers and the end --- */

void lunar_cmd_open_window(struct lunar_cmd *cmd)
{
	if (!cmd->sequenced || cmd->window_open)
		return;
	cmd->window_open = true;
	cmd->conn->session->max_cmd_sn++;
}

void lunar_cmd_answered(struct lunar_cmd *cmd)
{
	/* The initiator may use the tag again as soon as it has the answer. */
	if (cmd->has_slot)
		hlist_del_init(&cmd->itt_node);
}

void lunar_cmd_answer(struct lunar_cmd *cmd, enum lunar_answer answer)
{
	cmd->answer = answer;
	if (list_empty(&cmd->link))
		list_add_tail(&cmd->link, &cmd->conn->tx.queue);
}

/* Our reference to the core's command; once. */
static void put_core(struct lunar_cmd *cmd)
{
	if (cmd->put)
		return;
	cmd->put = true;
	target_put_sess_cmd(&cmd->se_cmd);
}

void lunar_cmd_done(struct lunar_cmd *cmd)
{
	list_del_init(&cmd->link);
	cmd->done = true;
	if (cmd->in_core)
		put_core(cmd);
	else
		lunar_cmd_free(cmd);
}

void lunar_cmd_released(struct lunar_cmd *cmd)
{
	cmd->in_core = false;
	/* Its answer may still be in line; an aborted command has none. */
	if (cmd->done || list_empty(&cmd->link))
		lunar_cmd_free(cmd);
}

void lunar_cmd_return(struct lunar_cmd *cmd, enum lunar_cmd_event event)
{
	struct lunar_conn *conn = cmd->conn;
	bool in_worker = READ_ONCE(conn->worker) == current;

	cmd->event = event;
	/*
	 * Once it is on the list, a closing connection may go with its last
	 * command: conn_release_work waits for this section.
	 */
	rcu_read_lock();
	/* A list that had something has a kick under way: the worker takes it all. */
	if (llist_add(&cmd->returned, &conn->returned) && !in_worker)
		lunar_conn_kick(conn);
	rcu_read_unlock();
}

/*
 * An answer without data needs nothing more of the core's command: let that go
 * now, so that nobody who waits for it (another session's LUN RESET) waits for
 * our peer.
 */
static void answer_and_put(struct lunar_cmd *cmd)
{
	if (cmd->event == LUNAR_EV_TMF) {
		lunar_tmf_keep_response(cmd);
		lunar_cmd_answer(cmd, LUNAR_ANSWER_TMF);
	} else {
		lunar_scsi_keep_status(cmd);
		lunar_cmd_answer(cmd, LUNAR_ANSWER_STATUS);
	}
	put_core(cmd);
}

static void returned(struct lunar_cmd *cmd)
{
	bool closed = cmd->conn->state == LUNAR_CONN_CLOSED;

	if (cmd->event == LUNAR_EV_FREE) {
		lunar_cmd_released(cmd);
		return;
	}
	lunar_write_pending_del(cmd);
	if (closed || cmd->silent) {
		lunar_cmd_done(cmd);
		return;
	}
	if (cmd->event == LUNAR_EV_DATA_IN)
		lunar_cmd_answer(cmd, LUNAR_ANSWER_DATA_IN);
	else
		answer_and_put(cmd);
}

void lunar_cmd_collect(struct lunar_conn *conn)
{
	struct llist_node *list = llist_reverse_order(llist_del_all(&conn->returned));
	struct lunar_cmd *cmd, *next;

	llist_for_each_entry_safe(cmd, next, list, returned)
		returned(cmd);
}

static void drop_list(struct list_head *list)
{
	struct lunar_cmd *cmd;

	while (!list_empty(list)) {
		cmd = list_first_entry(list, struct lunar_cmd, link);
		list_del_init(&cmd->link);
		cmd->held = false;
		if (cmd->in_core)
			lunar_scsi_fail_pending(cmd, 0);
		else
			lunar_cmd_free(cmd);
	}
}

/* On their way into the core, but not there yet. */
static void drop_submitted(struct lunar_session *session)
{
	unsigned long slot;

	for_each_set_bit(slot, session->slot_map, session->nr_slots) {
		struct lunar_cmd *cmd = session->slots[slot];

		if (cmd->kind == LUNAR_CMD_SCSI && lunar_submit_cancel(cmd))
			lunar_scsi_fail_pending(cmd, 0);
	}
}

void lunar_cmd_drop_all(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd, *next;

	/* The one whose PDU has not come whole is on no list. */
	cmd = conn->rx.cmd;
	conn->rx.cmd = NULL;
	if (cmd && !cmd->received)
		list_add_tail(&cmd->link, &conn->ready);
	drop_list(&conn->ready);
	if (conn->session) {
		drop_list(&conn->session->held);
		drop_submitted(conn->session);
	}
	list_for_each_entry_safe(cmd, next, &conn->write_pending, wp_link)
		lunar_scsi_fail_pending(cmd, 0);
}
