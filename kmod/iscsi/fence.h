/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * No ghost writes: what a session has left with a disk when it ended must not
 * reach the medium after what comes later. The commands of an ended session
 * that the core still has and that change the medium are *detached*; while a
 * device has one, commands that change it are held here, whoever sends them,
 * and with them what has to stay in order behind them. They go on when the
 * device has given the last one back. Reads, and everything to other devices,
 * pass.
 *
 * Between the order to end a session and its end nobody knows yet what it
 * leaves: for that moment, which waits for no disk and no peer, commands of its
 * initiator (its ACL's) to every device are held.
 *
 * The waiting commands are bounded by the windows of the sessions they belong
 * to; an abort, a reset or the end of their session takes them out.
 *
 * Lock: fence_lock, inside lunar_session_lock, outside of submitq.lock.
 * Process context.
 */
#ifndef LUNAR_ISCSI_FENCE_H
#define LUNAR_ISCSI_FENCE_H

#include <linux/types.h>

struct lunar_cmd;
struct lunar_conn;
struct lunar_fence;
struct se_node_acl;

/*
 * How many reasons to hold something there are. Read without the lock: what a
 * new session must see is set before it is published.
 */
extern unsigned int lunar_fences;

/* A session of @nacl is told to end. To be lifted after lunar_fence_raise. */
struct lunar_fence *lunar_fence_end_begins(const struct se_node_acl *nacl);
void lunar_fence_lift(struct lunar_fence *fence);
/* The connection closes: its commands in the core are detached. Worker; before its session is. */
void lunar_fence_raise(struct lunar_conn *conn);
/* A detached command is back. */
void lunar_fence_leave(struct lunar_cmd *cmd);
/* True: @cmd is held, and submitted when it may go on. */
bool lunar_fence_hold(struct lunar_cmd *cmd);
/* Takes a held command out. False: it isn't held. */
bool lunar_fence_cancel(struct lunar_cmd *cmd);

#endif
