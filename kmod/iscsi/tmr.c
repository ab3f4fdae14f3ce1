// SPDX-License-Identifier: GPL-2.0-only
/*
 * Task management. Commands that only this fabric knows (they wait for data, or
 * for their turn) are ended here; the rest is the core's work. RFC 7143 11.5.
 */
#include <scsi/scsi_common.h>
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "fabric.h"
#include "session.h"

/* Functions that do nothing here. */
static const u8 fixed_responses[] = {
	[LUNAR_TMF_CLEAR_ACA] = LUNAR_TMF_RSP_NOT_SUPPORTED,
	[LUNAR_TMF_CLEAR_TASK_SET] = LUNAR_TMF_RSP_NOT_SUPPORTED,
	[LUNAR_TMF_TARGET_WARM_RESET] = LUNAR_TMF_RSP_NOT_AUTHORIZED,
	[LUNAR_TMF_TARGET_COLD_RESET] = LUNAR_TMF_RSP_NOT_AUTHORIZED,
	[LUNAR_TMF_TASK_REASSIGN] = LUNAR_TMF_RSP_NO_REASSIGN,
	[LUNAR_TMF_QUERY_TASK] = LUNAR_TMF_RSP_NOT_SUPPORTED,
	[LUNAR_TMF_QUERY_TASK_SET] = LUNAR_TMF_RSP_NOT_SUPPORTED,
	[LUNAR_TMF_NEXUS_RESET] = LUNAR_TMF_RSP_NOT_SUPPORTED,
	[LUNAR_TMF_QUERY_ASYNC] = LUNAR_TMF_RSP_NOT_SUPPORTED,
};

static void respond(struct lunar_cmd *cmd, enum lunar_tmf_response response)
{
	cmd->tmf_response = response;
	lunar_cmd_answer(cmd, LUNAR_ANSWER_TMF);
}

/* Ends a command that has not entered the core, without an answer. False: it has entered. */
static bool end_here(struct lunar_cmd *cmd)
{
	if (!cmd->held && !cmd->collecting && !lunar_submit_cancel(cmd))
		return false;
	if (cmd->held && !lunar_cmd_unhold(cmd)) {
		/* Without memory for what would keep its place it does so itself, refused when that is reached. */
		cmd->refusal = TCM_CHECK_CONDITION_ABORT_CMD;
		cmd->silent = true;
		cmd->collecting = false;
		lunar_rx_forget(cmd->conn, cmd);
		return true;
	}
	lunar_scsi_fail_pending(cmd, 0);
	return true;
}

/* Makes the request one of the core's. False: it is answered, there is no such LUN or no memory. */
static bool enter_core(struct lunar_cmd *cmd, u8 function)
{
	struct lunar_session *session = cmd->conn->session;
	struct se_cmd *se_cmd = &cmd->se_cmd;
	struct scsi_lun lun;

	memcpy(&lun, cmd->req.tmf_req.lun, sizeof(lun));
	se_cmd->tag = lunar_bhs_itt(&cmd->req);
	__target_init_cmd(se_cmd, session->tpg->se_tpg.se_tpg_tfo, session->se_sess, 0, DMA_NONE,
			  TCM_SIMPLE_TAG, cmd->sense + 2, scsilun_to_int(&lun), NULL);
	if (core_tmr_alloc_req(se_cmd, cmd, function, GFP_NOIO)) {
		respond(cmd, LUNAR_TMF_RSP_REJECTED);
		return false;
	}
	cmd->in_core = true;
	target_get_sess_cmd(se_cmd, true);
	if (transport_lookup_tmr_lun(se_cmd)) {
		respond(cmd, LUNAR_TMF_RSP_NO_LUN);
		target_put_sess_cmd(se_cmd);
		return false;
	}
	return true;
}

static void hand_to_core(struct lunar_cmd *cmd, u8 function)
{
	if (!enter_core(cmd, function))
		return;
	cmd->se_cmd.se_tmr_req->ref_task_tag = lunar_be32(cmd->req.tmf_req.ref_tag);
	transport_generic_handle_tmr(&cmd->se_cmd);
}

/*
 * RFC 7143 11.5.5: a task that is not here but whose CmdSN lies before the
 * request's in the window counts as received, and as aborted.
 */
static void abort_missing(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;
	u32 ref = lunar_be32(cmd->req.tmf_req.ref_cmd_sn);
	struct lunar_cmd *placeholder;

	if (lunar_sn_before(ref, session->exp_cmd_sn) || !lunar_sn_before(ref, cmd->cmd_sn) ||
	    lunar_sn_after(ref, session->max_cmd_sn)) {
		respond(cmd, LUNAR_TMF_RSP_NO_TASK);
		return;
	}
	if (!lunar_cmd_is_held(session, ref)) {
		placeholder = lunar_cmd_placeholder(cmd->conn, ref);
		if (!placeholder) {
			respond(cmd, LUNAR_TMF_RSP_REJECTED);
			return;
		}
		lunar_cmd_received(placeholder);
	}
	respond(cmd, LUNAR_TMF_RSP_COMPLETE);
}

static bool same_lun(const struct lunar_cmd *a, const struct lunar_cmd *b)
{
	return !memcmp(a->req.any.lun, b->req.any.lun, sizeof(a->req.any.lun));
}

static void abort_task(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;
	struct lunar_cmd *ref = lunar_cmd_find(session, lunar_be32(cmd->req.tmf_req.ref_tag));

	if (!ref || ref == cmd)
		abort_missing(cmd);
	else if (ref->kind != LUNAR_CMD_SCSI || !same_lun(ref, cmd))
		respond(cmd, LUNAR_TMF_RSP_NO_TASK);
	else if (end_here(ref))
		respond(cmd, LUNAR_TMF_RSP_COMPLETE);
	else
		hand_to_core(cmd, TMR_ABORT_TASK);
}

/* Those of this session that the core cannot end; it does the rest, and other sessions'. */
static void lun_reset(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;
	unsigned long slot;

	for_each_set_bit(slot, session->slot_map, session->nr_slots) {
		struct lunar_cmd *other = session->slots[slot];

		if (other->kind == LUNAR_CMD_SCSI && !other->held && same_lun(other, cmd))
			end_here(other);
	}
	hand_to_core(cmd, TMR_LUN_RESET);
}

/* RFC 7143 4.2.3.3: tasks of the LUN that were sent before the request. Immediate ones carry the next CmdSN. */
static bool is_in_task_set(const struct lunar_cmd *cmd, const struct lunar_cmd *task)
{
	return task->kind == LUNAR_CMD_SCSI && same_lun(task, cmd) &&
	       (lunar_sn_before(task->cmd_sn, cmd->cmd_sn) ||
		(task->immediate && task->cmd_sn == cmd->cmd_sn));
}

/* A task that others wait for already ends before their answers: it is enough to wait for the last of these. */
static void wait_for_end(struct lunar_cmd *cmd, struct lunar_cmd *task)
{
	while (task->waiter && task->waiter != cmd)
		task = task->waiter;
	if (task->waiter)
		return;
	task->waiter = cmd;
	cmd->waits_for++;
}

/* What is in line for the initiator goes out before the request's response. */
static void end_silently(struct lunar_cmd *cmd, struct lunar_cmd *task)
{
	if (end_here(task) || task->done || !list_empty(&task->link))
		return;
	task->silent = true;
	wait_for_end(cmd, task);
}

/*
 * The core has no such function. Its tasks end by themselves, without an answer,
 * and the response waits for them: by then nothing of theirs reaches the medium.
 */
static void abort_task_set(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;
	unsigned long slot;

	if (!enter_core(cmd, TMR_ABORT_TASK_SET))
		return;
	/* The LUN is there; that was all the core was asked for. */
	transport_generic_free_cmd(&cmd->se_cmd, 0);
	for_each_set_bit(slot, session->slot_map, session->nr_slots)
		if (is_in_task_set(cmd, session->slots[slot]))
			end_silently(cmd, session->slots[slot]);
	if (!cmd->waits_for)
		respond(cmd, LUNAR_TMF_RSP_COMPLETE);
}

void lunar_tmf_task_gone(struct lunar_cmd *task)
{
	struct lunar_cmd *cmd = task->waiter;

	if (!cmd || --cmd->waits_for)
		return;
	/* Not here and now: others may wait for this one, and others for those. */
	if (cmd->conn->state == LUNAR_CONN_CLOSED)
		lunar_cmd_return(cmd, LUNAR_EV_TMF);
	else
		respond(cmd, LUNAR_TMF_RSP_COMPLETE);
}

void lunar_tmf_keep_response(struct lunar_cmd *cmd)
{
	static const u8 of_core[] = {
		[TMR_FUNCTION_COMPLETE] = LUNAR_TMF_RSP_COMPLETE,
		[TMR_TASK_DOES_NOT_EXIST] = LUNAR_TMF_RSP_NO_TASK,
		[TMR_LUN_DOES_NOT_EXIST] = LUNAR_TMF_RSP_NO_LUN,
		[TMR_TASK_MGMT_FUNCTION_NOT_SUPPORTED] = LUNAR_TMF_RSP_NOT_SUPPORTED,
		[TMR_FUNCTION_REJECTED] = LUNAR_TMF_RSP_REJECTED,
	};
	u8 response = cmd->se_cmd.se_tmr_req->response;

	cmd->tmf_response = response && response < ARRAY_SIZE(of_core) ? of_core[response] :
									 LUNAR_TMF_RSP_REJECTED;
}

void lunar_tmf_execute(struct lunar_cmd *cmd)
{
	u8 function = cmd->req.tmf_req.flags & LUNAR_TMF_FUNCTION_MASK;

	if (function == LUNAR_TMF_ABORT_TASK)
		abort_task(cmd);
	else if (function == LUNAR_TMF_ABORT_TASK_SET)
		abort_task_set(cmd);
	else if (function == LUNAR_TMF_LUN_RESET)
		lun_reset(cmd);
	else if (function < ARRAY_SIZE(fixed_responses) && fixed_responses[function])
		respond(cmd, fixed_responses[function]);
	else
		respond(cmd, LUNAR_TMF_RSP_REJECTED);
}
