/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The counters behind fabric_statistics/, as the engine counts. stats.c shows
 * them. Any process context; each takes only the counters' own spinlock.
 */
#ifndef LUNAR_ISCSI_COUNT_H
#define LUNAR_ISCSI_COUNT_H

struct lunar_conn;
struct lunar_login;
struct lunar_target;

/* The end of a login. @target is NULL when it never got that far. */
void lunar_count_login(struct lunar_conn *conn, struct lunar_target *target,
		       const struct lunar_login *login);
void lunar_count_session_begin(struct lunar_target *target);
void lunar_count_session_end(struct lunar_target *target);
/* A connection of @conn's session ended: by Logout, or otherwise. */
void lunar_count_logout(struct lunar_conn *conn, bool normal);
void lunar_count_digest_error(struct lunar_conn *conn);
void lunar_count_format_error(struct lunar_conn *conn);
/* No answer to a NOP-In in time. */
void lunar_count_timeout(struct lunar_conn *conn);

#endif
