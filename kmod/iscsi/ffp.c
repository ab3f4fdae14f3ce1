// SPDX-License-Identifier: GPL-2.0-only
/*
 * Full feature phase, all but SCSI: NOP, Logout, Reject, and who gets the rest.
 * Worker, without the socket's lock.
 */
#include "cmd.h"
#include "conn.h"
#include "count.h"
#include "session.h"

void lunar_send_reject(struct lunar_conn *conn, enum lunar_reject reason)
{
	struct lunar_cmd *cmd = lunar_cmd_alloc(conn, LUNAR_CMD_REJECT);

	if (!cmd)
		return;
	pr_info_ratelimited("PDU with opcode 0x%02x from %pISpc rejected, reason 0x%02x%s%s\n",
			    lunar_bhs_opcode(&conn->rx.bhs), &conn->peer, reason,
			    conn->rx.reject_why ? ": " : "", conn->rx.reject_why ?: "");
	cmd->req = conn->rx.bhs;
	cmd->reject = reason;
	if (reason != LUNAR_REJECT_DATA_DIGEST)
		lunar_count_format_error(conn);
	lunar_cmd_answer(cmd, LUNAR_ANSWER_REJECT);
}

void lunar_cmd_send_ping(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd = lunar_cmd_alloc(conn, LUNAR_CMD_NOP);

	if (!cmd)
		return;
	cmd->req.any.itt = lunar_to_be32(LUNAR_TAG_RESERVED);
	conn->nopin_ttt = conn->stat_sn & 0x7fffffff;
	conn->deadline = jiffies + conn->nopin_response_timeout * HZ;
	lunar_cmd_answer(cmd, LUNAR_ANSWER_NOP);
}

/* An answer to our ping, or a word about ExpStatSN; both want no answer. 11.18 */
static void nop_out_without_task(struct lunar_conn *conn)
{
	u32 ttt = lunar_be32(conn->rx.bhs.nop_out.ttt);

	if (ttt == LUNAR_TAG_RESERVED || ttt != conn->nopin_ttt)
		return;
	conn->nopin_ttt = LUNAR_TAG_RESERVED;
	lunar_conn_arm_timer(conn);
}

static void nop_out(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd = conn->rx.cmd;

	conn->rx.cmd = NULL;
	if (cmd)
		lunar_cmd_received(cmd);
	else if (lunar_bhs_itt(&conn->rx.bhs) == LUNAR_TAG_RESERVED)
		nop_out_without_task(conn);
}

static void request(struct lunar_conn *conn, enum lunar_cmd_kind kind)
{
	struct lunar_cmd *cmd = lunar_cmd_begin(conn, kind);

	if (cmd)
		lunar_cmd_received(cmd);
}

static void dispatch(struct lunar_conn *conn)
{
	switch (lunar_bhs_opcode(&conn->rx.bhs)) {
	case LUNAR_OP_NOP_OUT:
		nop_out(conn);
		break;
	case LUNAR_OP_TMF_REQ:
		request(conn, LUNAR_CMD_TMF);
		break;
	case LUNAR_OP_LOGOUT_REQ:
		request(conn, LUNAR_CMD_LOGOUT);
		break;
	case LUNAR_OP_TEXT_REQ:
		lunar_text_pdu(conn);
		break;
	}
}

void lunar_ffp_pdu(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	if (rx->reject == LUNAR_REJECT_NONE)
		dispatch(conn);
	if (rx->reject == LUNAR_REJECT_NONE)
		return;
	/* A request that is rejected was not received: its CmdSN does not count. */
	if (rx->cmd && rx->cmd->in_core)
		lunar_scsi_fail_pending(rx->cmd, 0);
	else if (rx->cmd)
		lunar_cmd_free(rx->cmd);
	rx->cmd = NULL;
	lunar_send_reject(conn, rx->reject);
}

/* --- execution, in CmdSN order --- */

static enum lunar_logout_response logout_response(const struct lunar_cmd *cmd)
{
	const struct lunar_bhs_logout_req *req = &cmd->req.logout_req;

	switch (req->flags & LUNAR_LOGOUT_REASON_MASK) {
	case LUNAR_LOGOUT_CLOSE_SESSION:
		return LUNAR_LOGOUT_RSP_OK;
	case LUNAR_LOGOUT_CLOSE_CONNECTION:
		return lunar_be16(req->cid) == cmd->conn->cid ? LUNAR_LOGOUT_RSP_OK :
								LUNAR_LOGOUT_RSP_NO_CID;
	default:
		return LUNAR_LOGOUT_RSP_NO_RECOVERY;
	}
}

static void logout(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;

	cmd->logout_response = logout_response(cmd);
	lunar_cmd_answer(cmd, LUNAR_ANSWER_LOGOUT);
	if (cmd->logout_response != LUNAR_LOGOUT_RSP_OK)
		return;
	conn->logged_out = true;
	lunar_session_release_reservations(conn->session);
	lunar_conn_close_after_tx(conn, NULL);
}

void lunar_ffp_execute(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;

	switch (cmd->kind) {
	case LUNAR_CMD_NOP:
		cmd->data_len = min3(cmd->data_len, conn->max_xmit, LUNAR_DATA_IN_MAX);
		lunar_cmd_answer(cmd, LUNAR_ANSWER_NOP);
		break;
	case LUNAR_CMD_LOGOUT:
		logout(cmd);
		break;
	default:
		lunar_cmd_free(cmd);	/* a placeholder: its CmdSN was all there was */
		break;
	}
}
