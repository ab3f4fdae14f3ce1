// SPDX-License-Identifier: GPL-2.0-only
/* Portals: see listen.h. */
#include <linux/in.h>
#include <linux/inet.h>
#include <linux/slab.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "conn.h"
#include "fabric.h"
#include "listen.h"

#define LISTEN_BACKLOG		256
/* Connections accepted in one run of the work item. */
#define ACCEPT_BUDGET		64

static LIST_HEAD(lunar_portals);	/* lunar_config_lock */
static u32 next_index = 1;		/* lunar_config_lock */

static void portal_data_ready(struct sock *sk)
{
	struct lunar_portal *portal;

	read_lock_bh(&sk->sk_callback_lock);
	portal = sk->sk_user_data;
	/* Accepted sockets inherit this until their connection has hooked them. */
	if (portal && sk->sk_state == TCP_LISTEN)
		schedule_delayed_work(&portal->accept_work, 0);
	read_unlock_bh(&sk->sk_callback_lock);
}

static void accept_work(struct work_struct *work)
{
	struct lunar_portal *portal = container_of(to_delayed_work(work), struct lunar_portal, accept_work);
	unsigned int budget = ACCEPT_BUDGET;
	struct socket *sock;
	int ret;

	while (budget--) {
		ret = kernel_accept(portal->sock, &sock, O_NONBLOCK);
		if (ret == -EAGAIN)
			return;
		if (ret < 0) {
			pr_warn_ratelimited("accept on %pISpc: error %d\n", &portal->addr, ret);
			/* Who waits in the queue raises no second callback. */
			schedule_delayed_work(&portal->accept_work, HZ / 10);
			return;
		}
		ret = lunar_conn_create(portal, sock);
		if (ret)
			pr_warn_ratelimited("connection on %pISpc refused: error %d\n",
					    &portal->addr, ret);
	}
	schedule_delayed_work(&portal->accept_work, 0);
}

static int bind_and_listen(struct lunar_portal *portal)
{
	int len = portal->addr.ss_family == AF_INET6 ? sizeof(struct sockaddr_in6) :
						       sizeof(struct sockaddr_in);
	struct socket *sock;
	int ret;

	ret = sock_create_kern(&init_net, portal->addr.ss_family, SOCK_STREAM, IPPROTO_TCP,
			       &sock);
	if (ret)
		return ret;
	sock_set_reuseaddr(sock->sk);
	ip_sock_set_freebind(sock->sk);
	tcp_sock_set_nodelay(sock->sk);
	ret = kernel_bind(sock, (struct sockaddr *)&portal->addr, len);
	if (ret)
		goto err_sock;
	portal->sock = sock;
	write_lock_bh(&sock->sk->sk_callback_lock);
	portal->saved_data_ready = sock->sk->sk_data_ready;
	sock->sk->sk_user_data = portal;
	sock->sk->sk_data_ready = portal_data_ready;
	write_unlock_bh(&sock->sk->sk_callback_lock);
	ret = kernel_listen(sock, LISTEN_BACKLOG);
	if (ret)
		goto err_sock;
	return 0;

err_sock:
	sock_release(sock);
	return ret;
}

static struct lunar_portal *portal_create(const struct sockaddr_storage *addr)
{
	struct lunar_portal *portal = kzalloc(sizeof(*portal), GFP_KERNEL);
	int ret;

	if (!portal)
		return ERR_PTR(-ENOMEM);
	portal->addr = *addr;
	portal->index = next_index++;
	refcount_set(&portal->refs, 1);
	spin_lock_init(&portal->login_lock);
	INIT_LIST_HEAD(&portal->logins);
	INIT_LIST_HEAD(&portal->tpgs);
	INIT_DELAYED_WORK(&portal->accept_work, accept_work);
	ret = bind_and_listen(portal);
	if (ret) {
		kfree(portal);
		return ERR_PTR(ret);
	}
	list_add_tail(&portal->list, &lunar_portals);
	return portal;
}

/* All of them, or those that want @tpg. */
static void kill_logins(struct lunar_portal *portal, const struct lunar_tpg *tpg)
{
	struct lunar_conn *conn;

	lockdep_assert_held(&lunar_config_lock);
	spin_lock(&portal->login_lock);
	list_for_each_entry(conn, &portal->logins, login_list)
		if (!tpg || conn->login_tpg == tpg)
			lunar_conn_kill(conn);
	spin_unlock(&portal->login_lock);
}

void lunar_portal_kill_logins(const struct lunar_tpg *tpg)
{
	struct lunar_portal *portal;

	mutex_lock(&lunar_config_lock);
	list_for_each_entry(portal, &lunar_portals, list)
		kill_logins(portal, tpg);
	mutex_unlock(&lunar_config_lock);
}

/*
 * The last TPG is gone; lunar_config_lock held.
 *  1. Nobody finds it any more.
 *  2. No new connection: callback off, accept finished, socket closed.
 *  3. Logins on the way in have nowhere to go: told to end, not waited for.
 *  4. The memory goes with the last connection that came in here.
 */
static void portal_close(struct lunar_portal *portal)
{
	struct sock *sk = portal->sock->sk;

	list_del(&portal->list);
	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_data_ready = portal->saved_data_ready;
	sk->sk_user_data = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
	cancel_delayed_work_sync(&portal->accept_work);
	sock_release(portal->sock);
	kill_logins(portal, NULL);
	lunar_portal_put(portal);
}

void lunar_portal_put(struct lunar_portal *portal)
{
	if (refcount_dec_and_test(&portal->refs))
		kfree(portal);
}

static bool same_address(const struct sockaddr_storage *a, const struct sockaddr_storage *b)
{
	const struct sockaddr_in *a4 = (const void *)a, *b4 = (const void *)b;
	const struct sockaddr_in6 *a6 = (const void *)a, *b6 = (const void *)b;

	if (a->ss_family != b->ss_family)
		return false;
	if (a->ss_family == AF_INET)
		return a4->sin_port == b4->sin_port && a4->sin_addr.s_addr == b4->sin_addr.s_addr;
	return a6->sin6_port == b6->sin6_port && a6->sin6_scope_id == b6->sin6_scope_id &&
	       ipv6_addr_equal(&a6->sin6_addr, &b6->sin6_addr);
}

static struct lunar_portal *portal_find(const struct sockaddr_storage *addr)
{
	struct lunar_portal *portal;

	list_for_each_entry(portal, &lunar_portals, list)
		if (same_address(&portal->addr, addr))
			return portal;
	return NULL;
}

/* lunar_config_lock held. */
static int attach(struct lunar_tpg_np *np, const struct sockaddr_storage *addr)
{
	struct lunar_portal *portal = portal_find(addr);

	if (portal && lunar_target_has_portal(np->tpg->target, portal))
		return -EEXIST;
	if (!portal) {
		portal = portal_create(addr);
		if (IS_ERR(portal))
			return PTR_ERR(portal);
	}
	np->portal = portal;
	list_add_tail(&np->portal_list, &portal->tpgs);
	list_add_tail(&np->tpg_list, &np->tpg->portals);
	return 0;
}

struct lunar_tpg_np *lunar_portal_add(struct lunar_tpg *tpg, const struct sockaddr_storage *addr)
{
	struct lunar_tpg_np *np = kzalloc(sizeof(*np), GFP_KERNEL);
	int ret;

	if (!np)
		return ERR_PTR(-ENOMEM);
	np->tpg = tpg;
	mutex_lock(&lunar_config_lock);
	ret = attach(np, addr);
	mutex_unlock(&lunar_config_lock);
	if (ret) {
		kfree(np);
		return ERR_PTR(ret);
	}
	return np;
}

void lunar_portal_del(struct lunar_tpg_np *np)
{
	struct lunar_portal *portal = np->portal;

	mutex_lock(&lunar_config_lock);
	list_del(&np->portal_list);
	list_del(&np->tpg_list);
	if (list_empty(&portal->tpgs))
		portal_close(portal);
	mutex_unlock(&lunar_config_lock);
	kfree(np);
}

/* --- half-open logins --- */

static void leave(struct lunar_portal *portal, struct lunar_conn *conn)
{
	if (list_empty(&conn->login_list))
		return;
	list_del_init(&conn->login_list);
	portal->nr_logins--;
}

void lunar_portal_login_begin(struct lunar_portal *portal, struct lunar_conn *conn)
{
	struct lunar_conn *oldest;

	spin_lock(&portal->login_lock);
	list_add_tail(&conn->login_list, &portal->logins);
	if (++portal->nr_logins > LUNAR_PORTAL_LOGINS_MAX) {
		oldest = list_first_entry(&portal->logins, struct lunar_conn, login_list);
		leave(portal, oldest);
		lunar_conn_kill(oldest);
	}
	spin_unlock(&portal->login_lock);
}

void lunar_portal_login_refused(struct lunar_portal *portal, struct lunar_conn *conn)
{
	spin_lock(&portal->login_lock);
	if (!list_empty(&conn->login_list))
		list_move(&conn->login_list, &portal->logins);
	spin_unlock(&portal->login_lock);
}

void lunar_portal_login_end(struct lunar_portal *portal, struct lunar_conn *conn)
{
	spin_lock(&portal->login_lock);
	leave(portal, conn);
	spin_unlock(&portal->login_lock);
}
