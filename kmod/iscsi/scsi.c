// SPDX-License-Identifier: GPL-2.0-only
/* SCSI commands: from the header into the core, and the core's calls back. See cmd.h. */
#include <linux/scatterlist.h>
#include <scsi/scsi_common.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "fabric.h"
#include "session.h"

static const u8 task_attrs[] = {
	[LUNAR_ATTR_UNTAGGED] = TCM_SIMPLE_TAG,
	[LUNAR_ATTR_SIMPLE] = TCM_SIMPLE_TAG,
	[LUNAR_ATTR_ORDERED] = TCM_ORDERED_TAG,
	[LUNAR_ATTR_HEAD] = TCM_HEAD_TAG,
	[LUNAR_ATTR_ACA] = TCM_ACA_TAG,
	[5] = TCM_SIMPLE_TAG,
	[6] = TCM_SIMPLE_TAG,
	[7] = TCM_SIMPLE_TAG,
};

/* RFC 7143 11.3.4: R and W mean nothing when the expected length is 0. */
static enum dma_data_direction direction_of(const struct lunar_bhs_scsi_cmd *req)
{
	if (!req->edtl)
		return DMA_NONE;
	if (req->flags & LUNAR_CMD_READ)
		return DMA_FROM_DEVICE;
	if (req->flags & LUNAR_CMD_WRITE)
		return DMA_TO_DEVICE;
	return DMA_NONE;
}

static bool takes_data(const struct lunar_cmd *cmd)
{
	return !cmd->refusal && cmd->se_cmd.data_direction == DMA_TO_DEVICE &&
	       cmd->se_cmd.data_length;
}

static void enter_core(struct lunar_cmd *cmd)
{
	const struct lunar_bhs_scsi_cmd *req = &cmd->req.scsi_cmd;
	struct lunar_session *session = cmd->conn->session;
	enum dma_data_direction dir = direction_of(req);
	struct scsi_lun lun;

	memcpy(&lun, req->lun, sizeof(lun));
	cmd->edtl = dir == DMA_NONE ? 0 : lunar_be32(req->edtl);
	cmd->se_cmd.tag = lunar_bhs_itt(&cmd->req);
	__target_init_cmd(&cmd->se_cmd, session->tpg->se_tpg.se_tpg_tfo, session->se_sess,
			  cmd->edtl, dir, task_attrs[req->flags & LUNAR_CMD_ATTR_MASK],
			  cmd->sense + 2, scsilun_to_int(&lun), NULL);
	cmd->in_core = true;
	/* One reference is the core's, this one is ours until the answer is out. */
	target_get_sess_cmd(&cmd->se_cmd, true);
}

static sense_reason_t parse(struct lunar_cmd *cmd, const struct lunar_ahs *ahs)
{
	u8 cdb[LUNAR_CDB_MAX];
	sense_reason_t ret;

	lunar_pdu_cdb(&cmd->req, ahs, cdb);
	ret = target_cmd_init_cdb(&cmd->se_cmd, cdb, GFP_NOIO);
	if (ret)
		return ret;
	ret = transport_lookup_cmd_lun(&cmd->se_cmd);
	if (ret)
		return ret;
	cmd->generic_failure = true;
	ret = target_cmd_parse_cdb(&cmd->se_cmd);
	if (ret)
		return ret;
	/* VPD page B0 says so (max_data_sg_nents); the core would cut a READ short. */
	if (cmd->se_cmd.data_length > LUNAR_TRANSFER_MAX ||
	    (cmd->se_cmd.data_direction == DMA_TO_DEVICE && cmd->edtl > LUNAR_TRANSFER_MAX))
		return TCM_INVALID_CDB_FIELD;
	return lunar_scsi_gate(&cmd->se_cmd);
}

/* Both directions: what a peer doesn't send, and what it doesn't take, keeps its buffer. */
static sense_reason_t count_data(struct lunar_cmd *cmd)
{
	struct lunar_session *session = cmd->conn->session;
	u32 len = cmd->se_cmd.data_length;

	/* The core makes TASK SET FULL of it. */
	if (len > LUNAR_SMALL_DATA_MAX && session->data_bytes + len > LUNAR_SESSION_DATA_MAX)
		return TCM_OUT_OF_RESOURCES;
	session->data_bytes += len;
	cmd->counted = len;
	return TCM_NO_SENSE;
}

static void prepare_write(struct lunar_cmd *cmd)
{
	struct lunar_conn *conn = cmd->conn;
	struct lunar_session *session = conn->session;
	const struct lunar_nego_result *nego = &session->nego;
	const struct lunar_seq_limits limits = {
		.max_burst = nego->max_burst,
		.first_burst = nego->first_burst,
		.max_recv_dsl = conn->max_recv,
		.max_r2t = nego->max_r2t,
		.initial_r2t = nego->initial_r2t,
		.immediate_data = nego->immediate_data,
	};
	u32 immediate = lunar_bhs_dlength(&cmd->req);
	bool final = cmd->req.scsi_cmd.flags & LUNAR_FLAG_FINAL;
	u32 ttt = cmd->slot | (session->slot_gen << LUNAR_SLOT_BITS);
	enum lunar_seq_result res;

	session->slot_ttt[cmd->slot] = ttt;
	session->slot_gen = (session->slot_gen + 1) % (BIT(32 - LUNAR_SLOT_BITS) - 1);
	res = lunar_write_seq_init(&cmd->wseq, &limits, cmd->edtl, immediate, final, ttt);
	if (lunar_seq_refused(res)) {
		conn->rx.reject = lunar_seq_reject_reason(res);
		conn->rx.reject_why = lunar_seq_result_text(res);
		cmd->iscsi_sense = lunar_seq_sense(res);
		return;
	}
	cmd->refusal = transport_generic_new_cmd(&cmd->se_cmd);
	if (cmd->refusal)
		return;
	cmd->collecting = true;
	conn->rx.sink = LUNAR_SINK_PAGES;
	conn->rx.sg = cmd->se_cmd.t_data_sg;
	conn->rx.sg_off = 0;
	conn->rx.sg_len = cmd->se_cmd.data_length;
}

void lunar_scsi_header(struct lunar_conn *conn)
{
	struct lunar_ahs ahs;
	struct lunar_cmd *cmd;

	if (lunar_ahs_parse(conn->rx.ahs, conn->rx.ahs_len, &ahs) != LUNAR_PDU_OK) {
		conn->rx.reject = lunar_pdu_reject_reason(LUNAR_PDU_BAD_AHS);
		return;
	}
	if (ahs.has_bidi) {
		conn->rx.reject = lunar_pdu_reject_reason(LUNAR_PDU_BIDI);
		return;
	}
	cmd = lunar_cmd_begin(conn, LUNAR_CMD_SCSI);
	if (!cmd)
		return;
	conn->rx.cmd = cmd;
	enter_core(cmd);
	cmd->refusal = parse(cmd, &ahs);
	if (!cmd->refusal)
		cmd->refusal = count_data(cmd);
	if (takes_data(cmd))
		prepare_write(cmd);
}

void lunar_scsi_pdu(struct lunar_conn *conn, bool digest_ok)
{
	struct lunar_cmd *cmd = conn->rx.cmd;

	/* With bad immediate data the whole PDU counts as not received (lunar_ffp_pdu). RFC 7143 7.8 */
	if (!cmd || !digest_ok)
		return;
	conn->rx.cmd = NULL;
	lunar_cmd_received(cmd);
}

/* The core's refusal of a command it has not begun. */
static void refuse(struct lunar_cmd *cmd)
{
	if (cmd->generic_failure) {
		transport_generic_request_failure(&cmd->se_cmd, cmd->refusal);
		return;
	}
	transport_send_check_condition_and_sense(&cmd->se_cmd, cmd->refusal, 0);
	target_put_sess_cmd(&cmd->se_cmd);
}

/* Whatever data is still on its way has nowhere to go any more. */
static void stop_and_refuse(struct lunar_cmd *cmd)
{
	lunar_write_pending_del(cmd);
	lunar_rx_forget(cmd->conn, cmd);
	cmd->collecting = false;
	refuse(cmd);
}

void lunar_scsi_execute(struct lunar_cmd *cmd)
{
	if (test_bit(LUNAR_CONN_KILL, &cmd->conn->flags))
		lunar_scsi_fail_pending(cmd, 0);
	else if (cmd->refusal)
		stop_and_refuse(cmd);
	else if (cmd->iscsi_sense)
		lunar_scsi_fail_pending(cmd, cmd->iscsi_sense);
	else if (takes_data(cmd))
		lunar_write_continue(cmd);
	else
		lunar_submit(cmd);
}

void lunar_scsi_fail_pending(struct lunar_cmd *cmd, u32 iscsi_sense)
{
	list_del_init(&cmd->link);
	cmd->iscsi_sense = iscsi_sense;
	cmd->silent = !iscsi_sense;
	if (!cmd->refusal)
		cmd->refusal = TCM_CHECK_CONDITION_ABORT_CMD;
	stop_and_refuse(cmd);
}

static void keep_residual(struct lunar_cmd *cmd)
{
	const struct se_cmd *se_cmd = &cmd->se_cmd;

	if (se_cmd->se_cmd_flags & SCF_OVERFLOW_BIT)
		cmd->resid_flags = LUNAR_RESID_OVERFLOW;
	else if (se_cmd->se_cmd_flags & SCF_UNDERFLOW_BIT)
		cmd->resid_flags = LUNAR_RESID_UNDERFLOW;
	if (cmd->resid_flags)
		cmd->residual = se_cmd->residual_count;
}

void lunar_scsi_keep_status(struct lunar_cmd *cmd)
{
	const struct se_cmd *se_cmd = &cmd->se_cmd;

	cmd->status = se_cmd->scsi_status;
	keep_residual(cmd);
	if (!(se_cmd->se_cmd_flags & (SCF_TRANSPORT_TASK_SENSE | SCF_EMULATED_TASK_SENSE)))
		return;
	cmd->sense[0] = se_cmd->scsi_sense_length >> 8;
	cmd->sense[1] = se_cmd->scsi_sense_length;
	cmd->sense_len = 2 + se_cmd->scsi_sense_length;
}

/*
 * The core counts a command that it executes in its device's task set, and takes
 * it out again when it completes, but not when it completes as aborted: each
 * abort would leave one behind, and the next ORDERED command, with all that come
 * after it, would wait for ever.
 */
static void leave_task_set(struct se_cmd *se_cmd)
{
	struct se_device *dev = se_cmd->se_dev;

	if (!(se_cmd->se_cmd_flags & SCF_TASK_ATTR_SET))
		return;
	se_cmd->se_cmd_flags &= ~SCF_TASK_ATTR_SET;
	if (se_cmd->sam_task_attr == TCM_ORDERED_TAG) {
		spin_lock(&dev->delayed_cmd_lock);
		dev->ordered_sync_in_progress = false;
		spin_unlock(&dev->delayed_cmd_lock);
	} else {
		atomic_dec(&dev->non_ordered);
		/* Before the count of those that wait is read: they look at this one. */
		smp_mb__after_atomic();
	}
	if (atomic_read(&dev->delayed_cmd_count) > 0)
		schedule_work(&dev->delayed_cmd_work);
}

/* --- called by the core, in whatever context it likes --- */

int lunar_scsi_check_stop_free(struct se_cmd *se_cmd)
{
	return target_put_sess_cmd(se_cmd);
}

void lunar_scsi_release_cmd(struct se_cmd *se_cmd)
{
	struct lunar_cmd *cmd = lunar_to_cmd(se_cmd);

	if (READ_ONCE(cmd->conn->worker) == current)
		lunar_cmd_released(cmd);
	else
		lunar_cmd_return(cmd, LUNAR_EV_FREE);
}

int lunar_scsi_write_pending(struct se_cmd *se_cmd)
{
	/* The worker that called transport_generic_new_cmd goes on from there. */
	return 0;
}

int lunar_scsi_get_cmd_state(struct se_cmd *se_cmd)
{
	return lunar_to_cmd(se_cmd)->kind;
}

int lunar_scsi_queue_data_in(struct se_cmd *se_cmd)
{
	lunar_cmd_return(lunar_to_cmd(se_cmd), LUNAR_EV_DATA_IN);
	return 0;
}

int lunar_scsi_queue_status(struct se_cmd *se_cmd)
{
	struct lunar_cmd *cmd = lunar_to_cmd(se_cmd);
	u32 sense = cmd->iscsi_sense;

	leave_task_set(se_cmd);
	if (sense)
		scsi_build_sense_buffer(false, cmd->sense + 2, sense >> 16, sense >> 8, sense);
	lunar_cmd_return(cmd, LUNAR_EV_STATUS);
	return 0;
}

void lunar_scsi_queue_tm_rsp(struct se_cmd *se_cmd)
{
	lunar_cmd_return(lunar_to_cmd(se_cmd), LUNAR_EV_TMF);
}

void lunar_scsi_aborted_task(struct se_cmd *se_cmd)
{
	/* Nothing of ours refers to a command that the core still executes; release_cmd follows. */
	leave_task_set(se_cmd);
}
