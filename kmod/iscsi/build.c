// SPDX-License-Identifier: GPL-2.0-only
/* See build.h. */
#include <linux/string.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_base.h>

#include "build.h"
#include "cmd.h"
#include "conn.h"
#include "fabric.h"
#include "session.h"

static struct lunar_sn numbers(const struct lunar_conn *conn)
{
	const struct lunar_session *session = conn->session;

	return (struct lunar_sn){
		.stat_sn = conn->stat_sn,
		.exp_cmd_sn = session->exp_cmd_sn,
		.max_cmd_sn = session->max_cmd_sn,
	};
}

/* Numbers of an answer that ends its command: the window opens with it, and StatSN is used up. */
static struct lunar_sn final_numbers(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_sn sn;

	lunar_cmd_open_window(cmd);
	sn = numbers(conn);
	conn->stat_sn++;
	return sn;
}

static void add(struct lunar_conn *conn, const struct lunar_tx_pdu *pdu)
{
	struct lunar_session *session = conn->session;

	if (session && session->se_sess) {
		struct lunar_nacl *nacl = lunar_to_nacl(session->se_sess->se_node_acl);

		atomic_long_add(pdu->page_len, &nacl->txdata_octets);
		atomic_long_inc(&nacl->rsp_pdus);
	}
	lunar_tx_add(conn, pdu);
}

static bool build_status(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_scsi_rsp_args args = {
		.itt = lunar_bhs_itt(&cmd->req),
		.response = LUNAR_SCSI_RSP_COMPLETED,
		.status = cmd->status,
		.resid_flags = cmd->resid_flags,
		.residual = cmd->residual,
		.exp_data_sn = cmd->rseq.data_sn + cmd->wseq.next_r2t_sn,
		.data_len = cmd->sense_len,
	};
	struct lunar_tx_pdu pdu = { .inline_data = cmd->sense, .inline_len = args.data_len };
	struct lunar_sn sn;

	if (!lunar_tx_room(conn, pdu.inline_len, 0, 0))
		return false;
	sn = final_numbers(conn, cmd);
	lunar_pdu_build_scsi_rsp(&pdu.bhs, &sn, &args);
	add(conn, &pdu);
	return true;
}

static void start_data_in(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	u32 max_dsl = min_t(u32, conn->max_xmit, LUNAR_DATA_IN_MAX);

	if (cmd->rseq.max_dsl)
		return;
	lunar_scsi_keep_status(cmd);
	lunar_read_seq_init(&cmd->rseq, cmd->se_cmd.data_length, max_dsl,
			    conn->session->nego.max_burst);
}

static bool room_for_data_in(struct lunar_conn *conn, const struct lunar_read_seq *seq)
{
	u32 len = min3(seq->total - seq->offset, seq->max_dsl, seq->burst_left);

	return lunar_tx_room(conn, 0, seq->offset, len);
}

static void build_one_data_in(struct lunar_conn *conn, struct lunar_cmd *cmd,
			      const struct lunar_data_in_plan *plan, bool collapse)
{
	struct lunar_data_in_args args = {
		.itt = lunar_bhs_itt(&cmd->req),
		.data_sn = plan->data_sn,
		.offset = plan->offset,
		.length = plan->length,
		.final = plan->final,
		.has_status = collapse,
	};
	struct lunar_tx_pdu pdu = {
		.sg = cmd->se_cmd.t_data_sg,
		.page_offset = plan->offset,
		.page_len = plan->length,
	};
	struct lunar_sn sn;

	if (collapse) {
		args.status = cmd->status;
		args.resid_flags = cmd->resid_flags;
		args.residual = cmd->residual;
	}
	sn = collapse ? final_numbers(conn, cmd) : numbers(conn);
	lunar_pdu_build_data_in(&pdu.bhs, &sn, &args);
	add(conn, &pdu);
}

/* A GOOD status rides on the last Data-In; any other follows by itself. RFC 7143 11.7.1 */
static bool build_data_in(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_data_in_plan plan;
	bool collapse;

	start_data_in(conn, cmd);
	while (cmd->rseq.offset < cmd->rseq.total) {
		if (!room_for_data_in(conn, &cmd->rseq))
			return false;
		lunar_read_seq_next(&cmd->rseq, &plan);
		collapse = plan.last && cmd->status == SAM_STAT_GOOD;
		build_one_data_in(conn, cmd, &plan, collapse);
		if (collapse)
			return true;
	}
	return build_status(conn, cmd);
}

static bool build_r2t(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_r2t_args args;
	struct lunar_tx_pdu pdu = {};
	struct lunar_sn sn;

	while (lunar_tx_room(conn, 0, 0, 0)) {
		if (!lunar_write_seq_next_r2t(&cmd->wseq, &args))
			return true;
		args.lun = cmd->req.any.lun;
		args.itt = lunar_bhs_itt(&cmd->req);
		sn = numbers(conn);
		lunar_pdu_build_r2t(&pdu.bhs, &sn, &args);
		add(conn, &pdu);
	}
	return false;
}

static bool build_tmf(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_tx_pdu pdu = {};
	struct lunar_sn sn;

	if (!lunar_tx_room(conn, 0, 0, 0))
		return false;
	sn = final_numbers(conn, cmd);
	lunar_pdu_build_tmf_rsp(&pdu.bhs, &sn, lunar_bhs_itt(&cmd->req), cmd->tmf_response);
	add(conn, &pdu);
	return true;
}

static bool room_for_payload(struct lunar_conn *conn, const struct lunar_cmd *cmd)
{
	return lunar_tx_room(conn, 0, 0, cmd->data_len);
}

static void add_with_payload(struct lunar_conn *conn, struct lunar_cmd *cmd,
			     struct lunar_tx_pdu *pdu)
{
	pdu->sg = cmd->sg;
	pdu->page_len = cmd->data_len;
	add(conn, pdu);
}

/* An answer to a NOP-Out has its tag; our own ping has a TTT and uses no StatSN. 11.19 */
static bool build_nop(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	u32 itt = lunar_bhs_itt(&cmd->req);
	bool ping = itt == LUNAR_TAG_RESERVED;
	struct lunar_nop_in_args args = { .itt = itt, .data_len = cmd->data_len };
	struct lunar_tx_pdu pdu = {};
	struct lunar_sn sn;

	if (!room_for_payload(conn, cmd))
		return false;
	sn = ping ? numbers(conn) : final_numbers(conn, cmd);
	args.ttt = ping ? conn->nopin_ttt : LUNAR_TAG_RESERVED;
	args.lun = ping ? NULL : cmd->req.any.lun;
	lunar_pdu_build_nop_in(&pdu.bhs, &sn, &args);
	add_with_payload(conn, cmd, &pdu);
	return true;
}

/* cmd->rsp has tags and flags; numbers are filled in. Text and Login responses. */
static bool build_prepared(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_tx_pdu pdu = { .bhs = cmd->rsp };
	struct lunar_sn sn;

	if (!room_for_payload(conn, cmd))
		return false;
	if (cmd->kind != LUNAR_CMD_LOGIN) {
		sn = final_numbers(conn, cmd);
		pdu.bhs.text_rsp.stat_sn = lunar_to_be32(sn.stat_sn);
		pdu.bhs.text_rsp.exp_cmd_sn = lunar_to_be32(sn.exp_cmd_sn);
		pdu.bhs.text_rsp.max_cmd_sn = lunar_to_be32(sn.max_cmd_sn);
	}
	add_with_payload(conn, cmd, &pdu);
	return true;
}

static bool build_logout(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	const struct lunar_nego_result *nego = &conn->session->nego;
	struct lunar_logout_rsp_args args = {
		.itt = lunar_bhs_itt(&cmd->req),
		.response = cmd->logout_response,
		.time2wait = nego->time2wait,
		.time2retain = nego->time2retain,
	};
	struct lunar_tx_pdu pdu = {};
	struct lunar_sn sn;

	if (!lunar_tx_room(conn, 0, 0, 0))
		return false;
	sn = final_numbers(conn, cmd);
	lunar_pdu_build_logout_rsp(&pdu.bhs, &sn, &args);
	add(conn, &pdu);
	return true;
}

static bool build_reject(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	struct lunar_tx_pdu pdu = { .inline_data = &cmd->req, .inline_len = LUNAR_BHS_LEN };
	struct lunar_sn sn;

	if (!lunar_tx_room(conn, pdu.inline_len, 0, 0))
		return false;
	sn = final_numbers(conn, cmd);
	lunar_pdu_build_reject(&pdu.bhs, &sn, cmd->reject, pdu.inline_len);
	add(conn, &pdu);
	return true;
}

static bool (*const builders[])(struct lunar_conn *conn, struct lunar_cmd *cmd) = {
	[LUNAR_ANSWER_R2T] = build_r2t,
	[LUNAR_ANSWER_DATA_IN] = build_data_in,
	[LUNAR_ANSWER_STATUS] = build_status,
	[LUNAR_ANSWER_TMF] = build_tmf,
	[LUNAR_ANSWER_NOP] = build_nop,
	[LUNAR_ANSWER_TEXT] = build_prepared,
	[LUNAR_ANSWER_LOGOUT] = build_logout,
	[LUNAR_ANSWER_REJECT] = build_reject,
	[LUNAR_ANSWER_LOGIN] = build_prepared,
};

enum lunar_build lunar_build(struct lunar_conn *conn, struct lunar_cmd *cmd)
{
	if (!builders[cmd->answer](conn, cmd))
		return LUNAR_BUILD_NO_ROOM;
	if (cmd->answer == LUNAR_ANSWER_R2T) {
		list_del_init(&cmd->link);	/* it waits for its data, not for the batch */
	} else {
		lunar_cmd_answered(cmd);
		list_move_tail(&cmd->link, &conn->tx.sent);
	}
	return LUNAR_BUILD_DONE;
}
