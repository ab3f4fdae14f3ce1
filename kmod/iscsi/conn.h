/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Connections. One work item a connection does everything: it receives what is
 * in the socket (rx.c), answers what has completed (tx.c), walks the login
 * (login.c), watches the clock, and closes. Nothing else touches the fields
 * under "worker" below. Others only ask:
 *
 *   socket callbacks (softirq)     lunar_conn_kick
 *   core completions (any)         llist_add to @returned, then lunar_conn_kick
 *   timer (softirq)                set LUNAR_CONN_TICK, then lunar_conn_kick
 *   configfs, a new login          lunar_conn_kill
 *
 * Life: lunar_conn_create (accept) ... lunar_conn_begin_close (worker, once)
 * takes the socket away from the peer at once; when every command is back the
 * worker queues @release_work, which frees. A pointer to a connection may be
 * used by others only under a lock whose list it is on (portal logins, session
 * conns): it leaves those lists before it is freed.
 */
#ifndef LUNAR_ISCSI_CONN_H
#define LUNAR_ISCSI_CONN_H

#include <linux/bvec.h>
#include <linux/list.h>
#include <linux/llist.h>
#include <linux/net.h>
#include <linux/timer.h>
#include <linux/types.h>
#include <linux/workqueue.h>

#include "../proto/login.h"
#include "../proto/pdu.h"
#include "../proto/rfc7143.h"

struct lunar_cmd;
struct lunar_portal;
struct lunar_session;
struct lunar_text;
struct lunar_tpg;
struct scatterlist;

#define LUNAR_TX_BVECS		128
#define LUNAR_TX_CHUNK		2048	/* header memory of one batch */
/* PDUs handled in one run of the worker before it lets others on its CPU. */
#define LUNAR_RX_BUDGET		128
/* Answers in line beyond those of tasks (Rejects, mostly) before reading stops. */
#define LUNAR_REJECTS_MAX	64
/* A discovery session that says nothing for so long is closed. s */
#define LUNAR_DISCOVERY_IDLE_MAX	60

enum lunar_conn_state {
	LUNAR_CONN_LOGIN,		/* accept .. final login response */
	LUNAR_CONN_FULL_FEATURE,
	LUNAR_CONN_CLOSE_AFTER_TX,	/* answers out, then close; nothing is read */
	LUNAR_CONN_DRAIN,		/* a refused login: FIN is out, what comes is thrown away */
	LUNAR_CONN_CLOSED,		/* waits for its commands */
};

/* Bits of conn->flags; set by anyone, taken by the worker. */
enum lunar_conn_flag {
	LUNAR_CONN_TICK,
	LUNAR_CONN_KILL,
	LUNAR_CONN_RX_READY,
	LUNAR_CONN_PEER_GONE,		/* the socket says so; the worker will find out. Never cleared */
};

enum lunar_rx_state {
	LUNAR_RX_BHS,
	LUNAR_RX_AHS,			/* AHS and header digest */
	LUNAR_RX_DATA,
	LUNAR_RX_TRAILER,		/* pad and data digest */
};

/* Where the data segment of the PDU being received goes. */
enum lunar_rx_sink {
	LUNAR_SINK_DISCARD,
	LUNAR_SINK_PAGES,		/* rx.sg, from rx.sg_off */
	LUNAR_SINK_TEXT,		/* rx.text */
};

struct lunar_rx {
	enum lunar_rx_state state;
	enum lunar_rx_sink sink;
	u32 have, want;			/* bytes of the current part */
	union lunar_bhs bhs;
	u8 ahs[LUNAR_AHS_MAX + 4];	/* and the header digest behind it */
	u8 trailer[8];
	u32 ahs_len, data_len;
	u32 crc;			/* running data digest */
	struct lunar_cmd *cmd;		/* the command of this PDU, if it has one */
	struct scatterlist *sg;		/* order-0 pages, the last one may be short */
	u32 sg_off, sg_len;		/* where the next byte goes; bytes in @sg */
	u8 *text;			/* login or text data; LUNAR_LOGIN_TEXT_MAX, while needed */
	enum lunar_reject reject;	/* to send when the PDU is consumed */
	const char *reject_why;		/* for the log; a literal, or NULL */
	const char *fatal;		/* why the connection cannot go on; a literal */
	bool slow;			/* this PDU is for the slow path */
	bool waits;			/* ... and is here whole */
	unsigned int budget;		/* PDUs left in this run */
};

struct lunar_tx {
	struct bio_vec bv[LUNAR_TX_BVECS];
	unsigned int nr, first;		/* filled; first not yet wholly sent */
	u32 left;			/* bytes of the batch still to send */
	u8 *chunk;			/* header memory; NULL when no batch is open */
	u32 chunk_used;
	bool pages;			/* the batch refers to payload pages */
	struct list_head queue;		/* lunar_cmd.link: answers to build, in order */
	struct list_head sent;		/* lunar_cmd.link: given back when the batch is out */
};

struct lunar_conn {
	struct work_struct work;
	struct llist_head returned;	/* lunar_cmd.returned: answers, and freed commands */
	unsigned long flags;
	int cpu;			/* where the packets arrive */
	struct task_struct *worker;	/* who runs the work item now */

	struct socket *sock;
	struct lunar_portal *portal;
	struct sockaddr_storage peer, local;
	void (*saved_data_ready)(struct sock *sk);
	void (*saved_write_space)(struct sock *sk);
	void (*saved_state_change)(struct sock *sk);

	struct list_head login_list;	/* portal->logins; portal->login_lock */
	struct lunar_tpg *login_tpg;	/* the TPG the login wants, only to be compared; lunar_config_lock */
	struct list_head sess_list;	/* session->conns; lunar_session_lock */

	/* worker */
	enum lunar_conn_state state;
	bool releasing;			/* release_work is queued */
	u16 cid;
	bool header_digest, data_digest;
	u32 stat_sn, exp_stat_sn;
	u32 max_xmit;			/* initiator's MaxRecvDataSegmentLength */
	u32 max_recv;			/* ours */
	struct lunar_rx rx;
	struct lunar_tx tx;
	struct lunar_session *session;	/* set once, at the end of the login */
	struct lunar_login_ctx *login;	/* while in LUNAR_CONN_LOGIN */
	struct list_head ready;		/* lunar_cmd.link: received, to be executed, in order */
	struct lunar_text *text;	/* a text exchange in parts; text.c */
	bool logged_out;		/* by a Logout */
	struct lunar_pdu_limits limits;	/* of full feature phase */
	u32 nr_cmds;			/* commands not yet given back */
	u32 nr_write_pending;
	struct list_head write_pending;	/* lunar_cmd.wp_link */
	const char *close_reason;	/* first reason wins; a literal */

	/* clock; armed by the worker */
	struct timer_list timer;
	unsigned long last_rx;		/* jiffies */
	unsigned long deadline;		/* jiffies; login, or answer to our NOP-In */
	unsigned long accepted;		/* jiffies */
	u32 nopin_timeout, nopin_response_timeout, idle_timeout;	/* s; 0 is off */
	u32 nopin_ttt;			/* of the ping that is out; else reserved */

	struct rcu_work release_work;
};

int lunar_conn_module_init(void);
void lunar_conn_module_exit(void);

/* Takes @sock whatever it returns. Process context. */
int lunar_conn_create(struct lunar_portal *portal, struct socket *sock);
/* Runs the worker soon. Any context. */
void lunar_conn_kick(struct lunar_conn *conn);
/* Ends the connection; returns at once. Any context, under a list's lock. */
void lunar_conn_kill(struct lunar_conn *conn);

/* The rest is for the worker. */

/* Stops receiving, closes once queued answers are out. @reason: a literal, logged. */
void lunar_conn_close_after_tx(struct lunar_conn *conn, const char *reason);
/* Closes now. */
void lunar_conn_begin_close(struct lunar_conn *conn, const char *reason);
/* Frees the receive buffer of login and text data, and what was in it. */
void lunar_conn_free_text(struct lunar_conn *conn);
/* Runs the worker again in a moment: something was out of memory. */
void lunar_conn_retry(struct lunar_conn *conn);
/* (Re)arms the clock for what the connection waits for next. */
void lunar_conn_arm_timer(struct lunar_conn *conn);

static inline bool lunar_conn_is_open(const struct lunar_conn *conn)
{
	return conn->state == LUNAR_CONN_LOGIN || conn->state == LUNAR_CONN_FULL_FEATURE;
}

/* rx.c: reads what there is, up to the budget; true when there may be more. */
bool lunar_rx_run(struct lunar_conn *conn);
/* rx.c: throws away what there is; true when the peer has closed. */
bool lunar_rx_drain(struct lunar_conn *conn);
/* A command ends while its PDU is being received: the rest of that is thrown away. */
void lunar_rx_forget(struct lunar_conn *conn, const struct lunar_cmd *cmd);
/* tx.c: sends what there is; true when another batch waits and the socket takes it. */
bool lunar_tx_run(struct lunar_conn *conn);
/* Nothing built or queued is left. */
bool lunar_tx_idle(const struct lunar_conn *conn);
/* Drops all that is queued or half sent; commands go back. After the socket is shut. */
void lunar_tx_abandon(struct lunar_conn *conn);

/* login.c */
/* A whole login PDU is in conn->rx. */
void lunar_login_pdu(struct lunar_conn *conn);
/* Frees what the login held; the session has taken what it needs. */
void lunar_login_end(struct lunar_conn *conn);

/* ffp.c: a whole non-SCSI PDU of the full-feature phase is in conn->rx. */
void lunar_ffp_pdu(struct lunar_conn *conn);

#endif
