/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Portals: the listening sockets. One portal an address and port, shared by
 * every TPG that is reached through it. Accepting is a work item; no thread,
 * and nothing here ever waits for a peer.
 */
#ifndef LUNAR_ISCSI_LISTEN_H
#define LUNAR_ISCSI_LISTEN_H

#include <linux/in6.h>
#include <linux/list.h>
#include <linux/net.h>
#include <linux/refcount.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

/* Logins under way on one portal; the oldest gives way to a newer one. */
#define LUNAR_PORTAL_LOGINS_MAX	256

struct lunar_conn;
struct lunar_tpg;
struct lunar_tpg_np;

struct lunar_portal {
	struct sockaddr_storage addr;
	struct socket *sock;
	void (*saved_data_ready)(struct sock *sk);
	struct delayed_work accept_work;
	struct list_head list;		/* lunar_portals; lunar_config_lock */
	struct list_head tpgs;		/* lunar_tpg_np.portal_list; lunar_config_lock */
	u32 index;			/* MIB number */
	refcount_t refs;		/* TPGs, and connections that came through it */
	spinlock_t login_lock;		/* logins, nr_logins; inside lunar_config_lock */
	struct list_head logins;	/* lunar_conn.login_list: refused ones, then oldest first */
	unsigned int nr_logins;
};

/*
 * Puts @tpg on the portal @addr, which starts to listen if it is new.
 * -EEXIST when a TPG of the same target has it; else what bind or listen said.
 * Process context, takes lunar_config_lock.
 */
struct lunar_tpg_np *lunar_portal_add(struct lunar_tpg *tpg, const struct sockaddr_storage *addr);
/*
 * Takes a TPG off a portal; the portal closes with its last TPG. Sessions that
 * came in through it live on. Frees @np. Does not wait for any peer.
 */
void lunar_portal_del(struct lunar_tpg_np *np);
void lunar_portal_put(struct lunar_portal *portal);
/* Ends the logins under way that want @tpg; returns at once. Takes lunar_config_lock. */
void lunar_portal_kill_logins(const struct lunar_tpg *tpg);

/* The half-open list: a connection joins at accept, leaves at full feature or at its end. */
void lunar_portal_login_begin(struct lunar_portal *portal, struct lunar_conn *conn);
/* It has failed: the next to give way. */
void lunar_portal_login_refused(struct lunar_portal *portal, struct lunar_conn *conn);
void lunar_portal_login_end(struct lunar_portal *portal, struct lunar_conn *conn);

#endif
