// SPDX-License-Identifier: GPL-2.0-only
/* See lane.h. */
#include <linux/hashtable.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "cmd.h"
#include "lane.h"

struct lunar_lane {
	struct hlist_node node;
	const struct se_device *dev;	/* only compared */
	unsigned int links;		/* lanes_lock */
	refcount_t refs;		/* one for all links, one for each command */
	struct rcu_head rcu;
	spinlock_t lock;		/* the fields below, and submit_state of its commands */
	unsigned int busy;
	struct list_head parked;	/* lunar_cmd.link, in order */
};

static DEFINE_MUTEX(lanes_lock);
static DEFINE_HASHTABLE(lanes, 8);	/* readers: RCU */

static struct lunar_lane *find(const struct se_device *dev)
{
	struct lunar_lane *lane;

	hash_for_each_possible_rcu(lanes, lane, node, (unsigned long)dev,
				   lockdep_is_held(&lanes_lock))
		if (lane->dev == dev)
			return lane;
	return NULL;
}

static struct lunar_lane *make(const struct se_device *dev)
{
	struct lunar_lane *lane = kzalloc(sizeof(*lane), GFP_KERNEL);

	if (!lane)
		return NULL;
	lane->dev = dev;
	refcount_set(&lane->refs, 1);
	spin_lock_init(&lane->lock);
	INIT_LIST_HEAD(&lane->parked);
	hash_add_rcu(lanes, &lane->node, (unsigned long)dev);
	return lane;
}

void lunar_lane_link(const struct se_device *dev)
{
	struct lunar_lane *lane;

	mutex_lock(&lanes_lock);
	lane = find(dev);
	if (!lane)
		lane = make(dev);
	if (lane)
		lane->links++;
	mutex_unlock(&lanes_lock);
}

void lunar_lane_unlink(const struct se_device *dev)
{
	struct lunar_lane *lane;

	mutex_lock(&lanes_lock);
	lane = find(dev);
	if (lane && !--lane->links) {
		hash_del_rcu(&lane->node);
		lunar_lane_put(lane);
	}
	mutex_unlock(&lanes_lock);
}

struct lunar_lane *lunar_lane_get(const struct se_device *dev)
{
	struct lunar_lane *lane;

	rcu_read_lock();
	lane = find(dev);
	if (lane && !refcount_inc_not_zero(&lane->refs))
		lane = NULL;
	rcu_read_unlock();
	return lane;
}

static void free_lane(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct lunar_lane, rcu));
}

/* kfree_rcu would keep it for seconds, beyond the module's end. */
void lunar_lane_put(struct lunar_lane *lane)
{
	if (lane && refcount_dec_and_test(&lane->refs))
		call_rcu(&lane->rcu, free_lane);
}

void lunar_lane_start(struct lunar_cmd *cmd)
{
	struct lunar_lane *lane = cmd->lane;

	if (!lane) {
		cmd->submit_state = LUNAR_SUBMIT_QUEUED;
		lunar_submit_go(cmd);
		return;
	}
	spin_lock(&lane->lock);
	if (lane->busy < LUNAR_LANE_WORKERS) {
		lane->busy++;
		cmd->submit_state = LUNAR_SUBMIT_QUEUED;
		lunar_submit_go(cmd);
	} else {
		cmd->submit_state = LUNAR_SUBMIT_PARKED;
		list_add_tail(&cmd->link, &lane->parked);
	}
	spin_unlock(&lane->lock);
}

/* One less is busy; the next one takes its place. */
static void next(struct lunar_lane *lane)
{
	struct lunar_cmd *cmd = list_first_entry_or_null(&lane->parked, struct lunar_cmd, link);

	lockdep_assert_held(&lane->lock);
	if (!cmd) {
		lane->busy--;
		return;
	}
	list_del_init(&cmd->link);
	cmd->submit_state = LUNAR_SUBMIT_QUEUED;
	lunar_submit_go(cmd);
}

void lunar_lane_done(struct lunar_lane *lane)
{
	if (!lane)
		return;
	spin_lock(&lane->lock);
	next(lane);
	spin_unlock(&lane->lock);
}

bool lunar_lane_cancel(struct lunar_cmd *cmd)
{
	struct lunar_lane *lane = cmd->lane;
	bool parked, queued;

	if (!lane)
		return cmd->submit_state == LUNAR_SUBMIT_QUEUED && cancel_work(&cmd->submit_work);
	spin_lock(&lane->lock);
	parked = cmd->submit_state == LUNAR_SUBMIT_PARKED;
	queued = cmd->submit_state == LUNAR_SUBMIT_QUEUED && cancel_work(&cmd->submit_work);
	if (parked)
		list_del_init(&cmd->link);
	if (queued)
		next(lane);
	spin_unlock(&lane->lock);
	return parked || queued;
}
