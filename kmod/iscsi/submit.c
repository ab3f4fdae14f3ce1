// SPDX-License-Identifier: GPL-2.0-only
/*
 * Commands enter the core here: those that cannot sleep from the connection's
 * worker, the others on a worker of their own, so that a disk never stalls a
 * connection. See struct lunar_submitq.
 */
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/workqueue.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "fence.h"
#include "lane.h"
#include "module.h"
#include "session.h"

/*
 * Bound to the CPU the command arrived on: the same thread goes on with it, and
 * only one that sleeps costs a switch (the pool then wakes another).
 */
static struct workqueue_struct *submit_wq;

int lunar_submit_module_init(void)
{
	submit_wq = alloc_workqueue("lunar_submit", WQ_MEM_RECLAIM | LUNAR_WQ_PERCPU,
				    WQ_MAX_ACTIVE);
	return submit_wq ? 0 : -ENOMEM;
}

void lunar_submit_module_exit(void)
{
	destroy_workqueue(submit_wq);
	/* The last lanes are freed. */
	rcu_barrier();
}

static bool is_plain_io(u8 opcode)
{
	switch (opcode) {
	case READ_6:
	case READ_10:
	case READ_12:
	case READ_16:
	case WRITE_6:
	case WRITE_10:
	case WRITE_12:
	case WRITE_16:
		return true;
	default:
		return false;
	}
}

/* The core's RAM disk moves memory and returns; every other backend may sleep in its submitter. */
static bool never_sleeps(const struct se_cmd *se_cmd)
{
	return is_plain_io(se_cmd->t_task_cdb[0]) &&
	       !strcmp(se_cmd->se_dev->transport->name, "rd_mcp");
}

static bool is_simple(const struct lunar_cmd *cmd)
{
	return cmd->se_cmd.sam_task_attr != TCM_ORDERED_TAG;
}

static void enter(struct lunar_cmd *cmd)
{
	if (test_bit(LUNAR_CONN_KILL, &cmd->conn->flags) ||
	    READ_ONCE(cmd->conn->state) == LUNAR_CONN_CLOSED) {
		cmd->silent = true;
		transport_generic_request_failure(&cmd->se_cmd, TCM_CHECK_CONDITION_ABORT_CMD);
	} else if (cmd->se_cmd.data_direction == DMA_TO_DEVICE && cmd->se_cmd.data_length) {
		target_execute_cmd(&cmd->se_cmd);
	} else {
		lunar_target_submit(&cmd->se_cmd);
	}
}

static bool may_start(const struct lunar_submitq *q, const struct lunar_cmd *cmd)
{
	return !q->exclusive && (is_simple(cmd) || !q->running);
}

void lunar_submit_go(struct lunar_cmd *cmd)
{
	queue_work(submit_wq, &cmd->submit_work);
}

static void start(struct lunar_submitq *q, struct lunar_cmd *cmd)
{
	q->running++;
	q->exclusive = !is_simple(cmd);
	lunar_lane_start(cmd);
}

static void start_waiting(struct lunar_submitq *q)
{
	struct lunar_cmd *cmd;

	while (!list_empty(&q->waiting)) {
		cmd = list_first_entry(&q->waiting, struct lunar_cmd, link);
		if (!may_start(q, cmd))
			return;
		list_del_init(&cmd->link);
		start(q, cmd);
	}
}

static void finish(struct lunar_submitq *q)
{
	q->running--;
	q->exclusive = false;
	start_waiting(q);
}

static void drop_lane(struct lunar_cmd *cmd)
{
	lunar_lane_put(cmd->lane);
	cmd->lane = NULL;
}

static void submit_work(struct work_struct *work)
{
	struct lunar_cmd *cmd = container_of(work, struct lunar_cmd, submit_work);
	struct lunar_submitq *q = &cmd->conn->session->submitq;
	unsigned int noio = memalloc_noio_save();

	spin_lock(&q->lock);
	cmd->submit_state = LUNAR_SUBMIT_ENTERED;
	spin_unlock(&q->lock);
	enter(cmd);
	spin_lock(&q->lock);
	finish(q);
	spin_unlock(&q->lock);
	lunar_lane_done(cmd->lane);
	drop_lane(cmd);
	/* Last: with the command goes the claim on the session and its queue. */
	target_put_sess_cmd(&cmd->se_cmd);
	memalloc_noio_restore(noio);
}

static bool may_go_in_place(const struct lunar_submitq *q, const struct lunar_cmd *cmd)
{
	return is_simple(cmd) && never_sleeps(&cmd->se_cmd) && list_empty_careful(&q->waiting) &&
	       !READ_ONCE(q->exclusive) && !READ_ONCE(lunar_fences);
}

void lunar_submit(struct lunar_cmd *cmd)
{
	if (may_go_in_place(&cmd->conn->session->submitq, cmd)) {
		enter(cmd);
		return;
	}
	kref_get(&cmd->se_cmd.cmd_kref);
	INIT_WORK(&cmd->submit_work, submit_work);
	if (lunar_scsi_uses_medium(&cmd->se_cmd))
		cmd->lane = lunar_lane_get(cmd->se_cmd.se_dev);
	if (!READ_ONCE(lunar_fences) || !lunar_fence_hold(cmd))
		lunar_submit_queue(cmd);
}

void lunar_submit_queue(struct lunar_cmd *cmd)
{
	struct lunar_submitq *q = &cmd->conn->session->submitq;

	spin_lock(&q->lock);
	if (list_empty(&q->waiting) && may_start(q, cmd)) {
		start(q, cmd);
	} else {
		cmd->submit_state = LUNAR_SUBMIT_WAITING;
		list_add_tail(&cmd->link, &q->waiting);
	}
	spin_unlock(&q->lock);
}

/* Its work is queued or parked, and has not begun: that takes submitq.lock. */
static bool has_started(const struct lunar_cmd *cmd)
{
	u8 state = READ_ONCE(cmd->submit_state);

	return state == LUNAR_SUBMIT_PARKED || state == LUNAR_SUBMIT_QUEUED;
}

bool lunar_submit_cancel(struct lunar_cmd *cmd)
{
	struct lunar_submitq *q = &cmd->conn->session->submitq;
	bool cancelled = lunar_fence_cancel(cmd);

	spin_lock(&q->lock);
	if (cmd->submit_state == LUNAR_SUBMIT_WAITING) {
		list_del_init(&cmd->link);
		cancelled = true;
	} else if (has_started(cmd) && lunar_lane_cancel(cmd)) {
		finish(q);
		cancelled = true;
	}
	if (cancelled)
		cmd->submit_state = LUNAR_SUBMIT_NONE;
	spin_unlock(&q->lock);
	if (cancelled) {
		drop_lane(cmd);
		target_put_sess_cmd(&cmd->se_cmd);
	}
	return cancelled;
}
