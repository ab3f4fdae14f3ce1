/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Commands: every request that gets an answer, and what the target sends of
 * its own (NOP-In, Reject, login responses). A SCSI command or a task
 * management function embeds the core's se_cmd, and its memory lives until the
 * core calls release_cmd.
 *
 * A command belongs to its connection's worker, except while the core has it.
 * It comes back through conn->returned, which is also the only way to free it
 * from another context: nothing here has a lock.
 *
 * Life of a SCSI command:
 *   header received    alloc, CmdSN judged, core lookup and parse, buffer
 *   PDU received       conn->ready (or session->held while CmdSNs are missing)
 *   executed           core; a WRITE first collects its data (write_pending)
 *   core completes     lunar_cmd_return(DATA_IN / STATUS) from any context
 *   collected          tx.queue; built into a batch; tx.sent; put
 *   released           lunar_cmd_free
 */
#ifndef LUNAR_ISCSI_CMD_H
#define LUNAR_ISCSI_CMD_H

#include <linux/list.h>
#include <linux/llist.h>
#include <linux/types.h>
#include <linux/workqueue.h>
#include <target/target_core_base.h>

#include "../proto/pdu.h"
#include "../proto/seq.h"

struct lunar_conn;
struct lunar_fence;
struct lunar_lane;
struct lunar_session;
struct scatterlist;

/* The most one command may move; a longer one is refused. Bytes. */
#define LUNAR_TRANSFER_MAX	(16u << 20)
/*
 * What the commands of a session may have in buffers together. One more gets TASK SET FULL: SAM-5 5.3.1, initiators
 * then send fewer at a time. Bytes.
 */
#define LUNAR_SESSION_DATA_MAX	(320u << 20)
/* A command with no more than this is taken all the same: there are only as many as places. Bytes. */
#define LUNAR_SMALL_DATA_MAX	(64u << 10)
/* The most payload put into one Data-In, whatever the initiator would take: a batch must hold it. */
#define LUNAR_DATA_IN_MAX	(256u << 10)
/* Immediate commands at one time; one more is rejected. */
#define LUNAR_IMMEDIATE_MAX	32
#define LUNAR_SENSE_LEN		96	/* TRANSPORT_SENSE_BUFFER */

enum lunar_cmd_kind {
	LUNAR_CMD_SCSI,
	LUNAR_CMD_TMF,
	LUNAR_CMD_NOP,			/* answer to a NOP-Out, or our own ping */
	LUNAR_CMD_TEXT,
	LUNAR_CMD_LOGOUT,
	LUNAR_CMD_REJECT,
	LUNAR_CMD_LOGIN,		/* a login response */
	LUNAR_CMD_PLACEHOLDER,		/* a CmdSN that an ABORT TASK has made void */
};

/* What a command on conn->returned wants of the worker. */
enum lunar_cmd_event {
	LUNAR_EV_DATA_IN,		/* the core has data and status */
	LUNAR_EV_STATUS,		/* the core has a status */
	LUNAR_EV_TMF,			/* the core has a task management response */
	LUNAR_EV_FREE,			/* the core let go */
};

/* What a command on tx.queue is there for. */
enum lunar_answer {
	LUNAR_ANSWER_R2T,
	LUNAR_ANSWER_DATA_IN,
	LUNAR_ANSWER_STATUS,
	LUNAR_ANSWER_TMF,
	LUNAR_ANSWER_NOP,
	LUNAR_ANSWER_TEXT,
	LUNAR_ANSWER_LOGOUT,
	LUNAR_ANSWER_REJECT,
	LUNAR_ANSWER_LOGIN,
};

enum lunar_submit_state {
	LUNAR_SUBMIT_NONE,
	LUNAR_SUBMIT_FENCED,		/* waits for a device's detached commands; fence.h */
	LUNAR_SUBMIT_WAITING,		/* on submitq.waiting */
	LUNAR_SUBMIT_PARKED,		/* waits for a worker of its device; lane.h */
	LUNAR_SUBMIT_QUEUED,		/* its work item is queued, or runs */
	LUNAR_SUBMIT_ENTERED,		/* in the core */
};

struct lunar_cmd {
	struct se_cmd se_cmd;		/* SCSI and TMF */

	struct lunar_conn *conn;
	struct llist_node returned;	/* conn->returned */
	u8 event;			/* enum lunar_cmd_event, while on it */
	u8 kind;			/* enum lunar_cmd_kind */
	u8 answer;			/* enum lunar_answer, while on tx.queue */
	bool immediate;
	bool has_slot;
	bool sequenced;			/* its CmdSN counts: the window opens by one with its answer */
	bool window_open;		/* ... and has */
	bool received;			/* its PDU is here whole */
	bool held;			/* on session->held */
	bool in_core;			/* __target_init_cmd done: ends by release_cmd */
	bool put;			/* our reference to the core's command is given back */
	bool done;			/* the answer is out: only the core's release is missing */
	bool silent;			/* no answer: aborted, or the connection is gone */
	bool collecting;		/* a WRITE with its buffer, data still to come */
	bool write_pending;		/* executed, and on conn->write_pending */
	bool generic_failure;		/* refused by the core's parser: it knows the device */
	u16 slot;
	u32 cmd_sn;
	union lunar_bhs req;		/* the request's header */
	struct list_head link;		/* ready, held, tx.queue, tx.sent, submit waiting list */
	struct list_head wp_link;	/* conn->write_pending */
	struct hlist_node itt_node;	/* session->itt_hash */
	struct work_struct submit_work;
	u8 submit_state;		/* enum lunar_submit_state; under the lock of what it names */
	struct lunar_lane *lane;	/* while it is submitted by a worker; a reference */
	struct lunar_fence *fence;	/* of its device, when it is detached; fence.h */
	struct lunar_cmd *waiter;	/* the TMF that is answered when this command is gone */
	u32 waits_for;			/* a TMF: commands that have to go before its answer */

	/* SCSI */
	u32 edtl;			/* what the initiator announced */
	u32 counted;			/* of session->data_bytes, until the command is freed */
	sense_reason_t refusal;		/* decided before execution */
	u32 iscsi_sense;		/* key << 16 | asc << 8 | ascq in place of the core's; 0: none */
	struct lunar_write_seq wseq;
	struct lunar_read_seq rseq;
	/* SCSI status, as the answer says it; lunar_scsi_keep_status */
	u8 status, resid_flags;
	u16 sense_len;			/* of @sense, with its length field */
	u32 residual;
	/* what the answer says, by kind */
	union {
		u8 tmf_response;	/* enum lunar_tmf_response, when not the core's */
		u8 logout_response;	/* enum lunar_logout_response */
		u8 reject;		/* enum lunar_reject */
	};

	/* the answer's payload when it isn't the core's; pages of ours */
	struct scatterlist *sg;
	unsigned int sg_nents;
	u32 data_len;
	union lunar_bhs rsp;		/* header as far as it is known; StatSN comes when it is built */

	u8 sense[2 + LUNAR_SENSE_LEN];	/* length, then the core's sense buffer */
};

static inline struct lunar_cmd *lunar_to_cmd(struct se_cmd *se_cmd)
{
	return container_of(se_cmd, struct lunar_cmd, se_cmd);
}

/* --- cmd.c: life, numbering. Worker, unless it says otherwise. --- */

/* Without a slot: for answers that belong to no request of the window. NULL: no memory. */
struct lunar_cmd *lunar_cmd_alloc(struct lunar_conn *conn, enum lunar_cmd_kind kind);
/* Allocates @len bytes of order-0 pages as the command's payload. -ENOMEM. */
int lunar_cmd_alloc_pages(struct lunar_cmd *cmd, u32 len);
/* Frees a command that the core never had, or has released. */
void lunar_cmd_free(struct lunar_cmd *cmd);
/*
 * A request's command: judges CmdSN, takes a slot, copies the header. NULL when
 * the request is to be ignored (CmdSN out of the window or seen) or rejected
 * (conn->rx.reject is set): its data segment is then thrown away.
 */
struct lunar_cmd *lunar_cmd_begin(struct lunar_conn *conn, enum lunar_cmd_kind kind);
/* Its PDU is here whole: onto conn->ready in CmdSN order. */
void lunar_cmd_received(struct lunar_cmd *cmd);
/* Executes what is on conn->ready. */
void lunar_cmd_run_ready(struct lunar_conn *conn);
/* The command with this ITT, or NULL. */
struct lunar_cmd *lunar_cmd_find(struct lunar_session *session, u32 itt);
/* The command whose R2T carried this TTT, or NULL. */
struct lunar_cmd *lunar_cmd_find_ttt(struct lunar_session *session, u32 itt, u32 ttt);
/* Puts an answer in line. A command in line already changes what it is there for. */
void lunar_cmd_answer(struct lunar_cmd *cmd, enum lunar_answer answer);
/* The answer is built: the tag is the initiator's again. */
void lunar_cmd_answered(struct lunar_cmd *cmd);
/* The answer is out (or dropped): gives the command back. May free it. */
void lunar_cmd_done(struct lunar_cmd *cmd);
/* The core has let go of the command: frees it, now or with its answer. */
void lunar_cmd_released(struct lunar_cmd *cmd);
/* A command that only takes up a CmdSN; for lunar_cmd_received. NULL: no memory. */
struct lunar_cmd *lunar_cmd_placeholder(struct lunar_conn *conn, u32 cmd_sn);
bool lunar_cmd_is_held(struct lunar_session *session, u32 cmd_sn);
/* Takes a held command out of the order; a placeholder keeps its CmdSN's place. False: no memory, it is still held. */
bool lunar_cmd_unhold(struct lunar_cmd *cmd);
/* Opens the window by the command, once. Before its answer is built. */
void lunar_cmd_open_window(struct lunar_cmd *cmd);
/* Hands a command to its worker. Any context; the command may be gone when it returns. */
void lunar_cmd_return(struct lunar_cmd *cmd, enum lunar_cmd_event event);
/* Takes what came back. */
void lunar_cmd_collect(struct lunar_conn *conn);
/* Ends what the closing connection holds itself. */
void lunar_cmd_drop_all(struct lunar_conn *conn);

/* --- scsi.c: SCSI commands and the core --- */

/* The header of a SCSI command is in conn->rx: command made, buffer in place, data sink set. */
void lunar_scsi_header(struct lunar_conn *conn);
/* Its PDU is here whole. @digest_ok: so is its data. */
void lunar_scsi_pdu(struct lunar_conn *conn, bool digest_ok);
void lunar_scsi_execute(struct lunar_cmd *cmd);
/*
 * Ends a command that waits for data: with the iSCSI-made sense @iscsi_sense,
 * or without an answer when that is 0. It comes back as any other.
 */
void lunar_scsi_fail_pending(struct lunar_cmd *cmd, u32 iscsi_sense);
/* Copies what the answer says out of the core's command. */
void lunar_scsi_keep_status(struct lunar_cmd *cmd);
/*
 * gate.c: what the core's own checks miss because they go by the direction the
 * initiator claims. TCM_NO_SENSE to go on.
 */
sense_reason_t lunar_scsi_gate(const struct se_cmd *se_cmd);
/* True for what may write to the device it is sent to, with or without data. */
bool lunar_scsi_changes_medium(const struct se_cmd *se_cmd);
/* True for what may wait for the device's medium; the core answers the others by itself. */
bool lunar_scsi_uses_medium(const struct se_cmd *se_cmd);
/* Fabric ops; any context the core chooses. */
int lunar_scsi_check_stop_free(struct se_cmd *se_cmd);
void lunar_scsi_release_cmd(struct se_cmd *se_cmd);
int lunar_scsi_write_pending(struct se_cmd *se_cmd);
int lunar_scsi_get_cmd_state(struct se_cmd *se_cmd);
int lunar_scsi_queue_data_in(struct se_cmd *se_cmd);
int lunar_scsi_queue_status(struct se_cmd *se_cmd);
void lunar_scsi_queue_tm_rsp(struct se_cmd *se_cmd);
void lunar_scsi_aborted_task(struct se_cmd *se_cmd);

/* --- data_out.c: the data phase of WRITEs --- */

void lunar_data_out_header(struct lunar_conn *conn);
void lunar_data_out_pdu(struct lunar_conn *conn, bool digest_ok);
/* The command now waits for data / no longer does. */
void lunar_write_pending_add(struct lunar_cmd *cmd);
void lunar_write_pending_del(struct lunar_cmd *cmd);
/* All data here: execute; else ask for more. */
void lunar_write_continue(struct lunar_cmd *cmd);
/*
 * Lets go of waiting WRITEs that the core has aborted meanwhile (other sessions'
 * resets), or whose LUN is being removed: both wait for the command.
 */
void lunar_cmd_reap_aborted(struct lunar_conn *conn);

/* --- submit.c: into the core, here or on a worker --- */

/* Submits a command (@execute: a WRITE whose data is here). Worker only. */
void lunar_submit(struct lunar_cmd *cmd);
/* The same by a worker in any case, for a command that was held. Process context. */
void lunar_submit_queue(struct lunar_cmd *cmd);
/* Queues its work item; for lane.c. */
void lunar_submit_go(struct lunar_cmd *cmd);
/* Takes back a submitted command that has not entered the core. False: it has. Worker only. */
bool lunar_submit_cancel(struct lunar_cmd *cmd);

/* --- tmr.c --- */

void lunar_tmf_execute(struct lunar_cmd *cmd);
/* A command is being freed: answers the TMF that waited for it. */
void lunar_tmf_task_gone(struct lunar_cmd *task);
/* Copies what the answer says out of the core's request. */
void lunar_tmf_keep_response(struct lunar_cmd *cmd);

/* --- ffp.c --- */

void lunar_ffp_execute(struct lunar_cmd *cmd);
/* A Reject with the header in conn->rx. */
void lunar_send_reject(struct lunar_conn *conn, enum lunar_reject reason);
/* Our own NOP-In that wants an answer. */
void lunar_cmd_send_ping(struct lunar_conn *conn);

/* --- text.c: Text requests --- */

/* A whole Text request is in conn->rx. */
void lunar_text_pdu(struct lunar_conn *conn);

void lunar_text_execute(struct lunar_cmd *cmd);
void lunar_text_end(struct lunar_conn *conn);

#endif
