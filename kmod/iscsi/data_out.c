// SPDX-License-Identifier: GPL-2.0-only
/* The data phase of WRITEs: R2Ts out, Data-Outs in. See cmd.h. */
#include <linux/list.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "session.h"

/* ILLEGAL REQUEST, LOGICAL UNIT NOT SUPPORTED */
#define SENSE_LUN_GONE	0x052500

void lunar_write_pending_add(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;

	if (cmd->write_pending)
		return;
	cmd->write_pending = true;
	list_add_tail(&cmd->wp_link, &conn->write_pending);
	if (!conn->nr_write_pending++)
		lunar_conn_arm_timer(conn);
}

void lunar_write_pending_del(struct lunar_cmd *cmd)
{
	if (!cmd->write_pending)
		return;
	cmd->write_pending = false;
	list_del_init(&cmd->wp_link);
	cmd->conn->nr_write_pending--;
}

static bool all_here(const struct lunar_write_seq *seq)
{
	return seq->received == seq->wanted;
}

void lunar_write_continue(struct lunar_cmd *cmd)
{
	struct lunar_write_seq *seq = &cmd->wseq;

	/* A Data-Out counts from its header; the rest of it is still to come, and goes on from here. */
	if (cmd->conn->rx.cmd == cmd) {
		lunar_write_pending_add(cmd);
		return;
	}
	if (all_here(seq)) {
		lunar_write_pending_del(cmd);
		cmd->collecting = false;
		/* An R2T of it may be in line still: there is nothing to ask for. */
		list_del_init(&cmd->link);
		lunar_submit(cmd);
		return;
	}
	lunar_write_pending_add(cmd);
	if (!seq->unsolicited)
		lunar_cmd_answer(cmd, LUNAR_ANSWER_R2T);
}

static struct lunar_cmd *find(struct lunar_conn *conn, const union lunar_bhs *bhs)
{
	u32 itt = lunar_bhs_itt(bhs), ttt = lunar_be32(bhs->data_out.ttt);

	if (ttt == LUNAR_TAG_RESERVED)
		return lunar_cmd_find(conn->session, itt);
	return lunar_cmd_find_ttt(conn->session, itt, ttt);
}

/*
 * Data for a command that has ended meanwhile is expected and thrown away: its
 * TTT is the last its slot gave out, or (unsolicited) there is no telling.
 */
static bool is_late(struct lunar_session *session, const union lunar_bhs *bhs)
{
	u32 ttt = lunar_be32(bhs->data_out.ttt);
	u32 slot = ttt & (BIT(LUNAR_SLOT_BITS) - 1);

	if (ttt == LUNAR_TAG_RESERVED)
		return true;
	if (slot >= session->nr_slots || session->slot_ttt[slot] != ttt)
		return false;
	return !session->slots[slot] || session->slots[slot]->wseq.ttt != ttt;
}

static bool is_write(const struct lunar_cmd *cmd)
{
	return cmd->kind == LUNAR_CMD_SCSI && cmd->req.scsi_cmd.flags & LUNAR_CMD_WRITE;
}

void lunar_data_out_header(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	struct lunar_cmd *cmd = find(conn, &rx->bhs);
	enum lunar_seq_result res;

	if (cmd ? !is_write(cmd) : !is_late(conn->session, &rx->bhs))
		rx->reject = LUNAR_REJECT_INVALID_FIELD;
	if (!cmd || !cmd->collecting || cmd->iscsi_sense)
		return;
	res = lunar_write_seq_data(&cmd->wseq, &rx->bhs);
	if (lunar_seq_refused(res)) {
		rx->reject = lunar_seq_reject_reason(res);
		rx->reject_why = lunar_seq_result_text(res);
		cmd->iscsi_sense = lunar_seq_sense(res);
	} else {
		rx->sink = LUNAR_SINK_PAGES;
		rx->sg = cmd->se_cmd.t_data_sg;
		rx->sg_off = lunar_be32(rx->bhs.data_out.offset);
		rx->sg_len = cmd->se_cmd.data_length;
	}
	rx->cmd = cmd;
}

void lunar_data_out_pdu(struct lunar_conn *conn, bool digest_ok)
{
	struct lunar_cmd *cmd = conn->rx.cmd;

	conn->rx.cmd = NULL;
	if (!cmd)
		return;
	if (!digest_ok)
		cmd->iscsi_sense = LUNAR_SENSE_SERVICE_CRC;
	/* Not executed yet (its CmdSN waits, or its turn): then that looks at the data. */
	if (!cmd->write_pending)
		return;
	if (cmd->iscsi_sense || all_here(&cmd->wseq))
		list_move_tail(&cmd->link, &conn->ready);
	else
		lunar_write_continue(cmd);
}

/*
 * The core has marked the command aborted and waits for it: hand it over, it is
 * seen as aborted before anything is executed.
 */
static void give_to_abort(struct lunar_cmd *cmd)
{
	lunar_write_pending_del(cmd);
	list_del_init(&cmd->link);
	cmd->collecting = false;
	lunar_rx_forget(cmd->conn, cmd);
	target_execute_cmd(&cmd->se_cmd);
}

static bool is_aborted(const struct lunar_cmd *cmd)
{
	return READ_ONCE(cmd->se_cmd.transport_state) & CMD_T_ABORTED;
}

static bool is_wanted_back(const struct lunar_cmd *cmd)
{
	if (!cmd->in_core || !cmd->se_cmd.se_lun)
		return false;
	return (cmd->collecting && is_aborted(cmd)) ||
	       percpu_ref_is_dying(&cmd->se_cmd.se_lun->lun_ref);
}

static void let_go(struct lunar_cmd *cmd)
{
	if (is_aborted(cmd))
		give_to_abort(cmd);
	else
		lunar_scsi_fail_pending(cmd, SENSE_LUN_GONE);
}

static void reap_held(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd, *next;

	list_for_each_entry_safe(cmd, next, &conn->session->held, link)
		if (is_wanted_back(cmd) && lunar_cmd_unhold(cmd))
			let_go(cmd);
}

/* The rest of its PDU is still to come, and so is its CmdSN. */
static void reap_partial(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd = conn->rx.cmd, *placeholder;

	if (!cmd || cmd->received || !is_wanted_back(cmd))
		return;
	placeholder = lunar_cmd_placeholder(conn, cmd->cmd_sn);
	if (!placeholder)
		return;
	placeholder->immediate = cmd->immediate;
	let_go(cmd);
	conn->rx.cmd = placeholder;
}

void lunar_cmd_reap_aborted(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd, *next;

	list_for_each_entry_safe(cmd, next, &conn->write_pending, wp_link)
		if (is_wanted_back(cmd))
			let_go(cmd);
	reap_held(conn);
	reap_partial(conn);
}
