// SPDX-License-Identifier: GPL-2.0-only
/* Detached commands and those that wait for them. See fence.h. */
#include <linux/list.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <scsi/scsi_proto.h>
#include <target/target_core_base.h>

#include "cmd.h"
#include "conn.h"
#include "fence.h"
#include "session.h"

/* What commands are held for: a device's detached commands, or ends under way of an ACL's sessions. */
struct lunar_fence {
	struct list_head list;
	const void *of;			/* the se_device or se_node_acl; only compared */
	unsigned int count;
};

static DEFINE_SPINLOCK(fence_lock);
static LIST_HEAD(fences);
static LIST_HEAD(waiting);		/* lunar_cmd.link, in order */
/* For whatever had no memory for a fence of its own: it holds everybody. */
static struct lunar_fence everybody;
unsigned int lunar_fences;

static struct lunar_fence *find(const void *of)
{
	struct lunar_fence *fence;

	list_for_each_entry(fence, &fences, list)
		if (fence->of == of)
			return fence;
	return NULL;
}

static bool is_fenced(const struct lunar_cmd *cmd)
{
	return everybody.count || find(cmd->se_cmd.se_dev) ||
	       find(cmd->conn->session->se_sess->se_node_acl);
}

/* What may go on does, in its old order. */
static void let_go(void)
{
	struct lunar_cmd *cmd, *next;

	list_for_each_entry_safe(cmd, next, &waiting, link) {
		if (is_fenced(cmd))
			continue;
		list_del_init(&cmd->link);
		lunar_submit_queue(cmd);
	}
}

static struct lunar_fence *get(const void *of)
{
	struct lunar_fence *fence = find(of);

	lockdep_assert_held(&fence_lock);
	if (!fence) {
		fence = kzalloc(sizeof(*fence), GFP_NOWAIT);
		if (fence) {
			fence->of = of;
			list_add(&fence->list, &fences);
		} else {
			fence = &everybody;
		}
	}
	fence->count++;
	WRITE_ONCE(lunar_fences, lunar_fences + 1);
	return fence;
}

struct lunar_fence *lunar_fence_end_begins(const struct se_node_acl *nacl)
{
	struct lunar_fence *fence;

	spin_lock(&fence_lock);
	fence = get(nacl);
	spin_unlock(&fence_lock);
	return fence;
}

void lunar_fence_lift(struct lunar_fence *fence)
{
	spin_lock(&fence_lock);
	WRITE_ONCE(lunar_fences, lunar_fences - 1);
	if (!--fence->count) {
		if (fence != &everybody) {
			list_del(&fence->list);
			kfree(fence);
		}
		let_go();
	}
	spin_unlock(&fence_lock);
}

static bool is_detached_by_end(const struct lunar_cmd *cmd)
{
	return cmd->kind == LUNAR_CMD_SCSI && cmd->in_core && !cmd->put && cmd->se_cmd.se_dev &&
	       lunar_scsi_changes_medium(&cmd->se_cmd);
}

void lunar_fence_raise(struct lunar_conn *conn)
{
	struct lunar_session *session = conn->session;
	unsigned long slot;

	spin_lock(&fence_lock);
	for_each_set_bit(slot, session->slot_map, session->nr_slots) {
		struct lunar_cmd *cmd = session->slots[slot];

		if (is_detached_by_end(cmd))
			cmd->fence = get(cmd->se_cmd.se_dev);
	}
	spin_unlock(&fence_lock);
}

void lunar_fence_leave(struct lunar_cmd *cmd)
{
	if (cmd->fence)
		lunar_fence_lift(cmd->fence);
}

static bool is_ordered(const struct lunar_cmd *cmd)
{
	return cmd->se_cmd.sam_task_attr == TCM_ORDERED_TAG;
}

/* An ORDERED one of its session and device waits: nothing goes past that. */
static bool is_behind_ordered(const struct lunar_cmd *cmd)
{
	const struct lunar_cmd *other;

	list_for_each_entry(other, &waiting, link)
		if (is_ordered(other) && other->conn->session == cmd->conn->session &&
		    other->se_cmd.se_dev == cmd->se_cmd.se_dev)
			return true;
	return false;
}

bool lunar_fence_hold(struct lunar_cmd *cmd)
{
	bool held = false;

	spin_lock(&fence_lock);
	if (is_fenced(cmd) &&
	    (lunar_scsi_changes_medium(&cmd->se_cmd) || is_ordered(cmd) || is_behind_ordered(cmd))) {
		cmd->submit_state = LUNAR_SUBMIT_FENCED;
		list_add_tail(&cmd->link, &waiting);
		held = true;
	}
	spin_unlock(&fence_lock);
	return held;
}

bool lunar_fence_cancel(struct lunar_cmd *cmd)
{
	bool held;

	spin_lock(&fence_lock);
	held = cmd->submit_state == LUNAR_SUBMIT_FENCED;
	if (held) {
		list_del_init(&cmd->link);
		cmd->submit_state = LUNAR_SUBMIT_NONE;
	}
	spin_unlock(&fence_lock);
	return held;
}
