/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Lanes: how many submit workers one device may keep busy. Workers are shared
 * by all devices, and a device that does not answer keeps those that entered it
 * (a file's I/O is done by them; a block device may be out of tags). What is
 * above the bound waits in the device's own line, so that it never takes the
 * workers of another.
 *
 * A lane is made when a device becomes a LUN and found by the device; commands
 * hold a reference, so it may outlive its last LUN. Without memory a device has
 * no lane, and no bound.
 *
 * Lock: lane->lock, innermost, inside of submitq.lock. Process context.
 */
#ifndef LUNAR_ISCSI_LANE_H
#define LUNAR_ISCSI_LANE_H

#include <linux/types.h>

struct lunar_cmd;
struct lunar_lane;
struct se_device;

/* Workers of one device. A workqueue of 6.1 has 512 a CPU. */
#define LUNAR_LANE_WORKERS	64

/* The device is a LUN once more, or once less. Configfs. */
void lunar_lane_link(const struct se_device *dev);
void lunar_lane_unlink(const struct se_device *dev);

/* The device's lane, referenced; NULL when it has none. */
struct lunar_lane *lunar_lane_get(const struct se_device *dev);
void lunar_lane_put(struct lunar_lane *lane);
/* Queues the command's work, or parks it until another of its device is done. */
void lunar_lane_start(struct lunar_cmd *cmd);
/* A command's work has been done: the next one of the lane. */
void lunar_lane_done(struct lunar_lane *lane);
/* Takes back a command whose work has not begun. False: it has, or was never started. */
bool lunar_lane_cancel(struct lunar_cmd *cmd);

#endif
