// SPDX-License-Identifier: GPL-2.0-only
/* Connections: the worker, the socket callbacks, the clock, the end. See conn.h. */
#include <linux/cpumask.h>
#include <linux/in6.h>
#include <linux/module.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/tcp.h>
#include <net/ipv6.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "cmd.h"
#include "conn.h"
#include "count.h"
#include "fabric.h"
#include "fence.h"
#include "listen.h"
#include "module.h"
#include "session.h"

/* Default of attrib/login_timeout, for a login whose TPG is not known yet. s */
#define LOGIN_TIMEOUT_DEFAULT	15

/*
 * Bound to a CPU and of normal priority on purpose: the core completes
 * commands on a queue of the same worker pool, so the answers of a whole batch
 * of completions are sent by one run, without a context switch in between.
 */
static struct workqueue_struct *conn_wq;
static struct workqueue_struct *release_wq;

static void conn_work(struct work_struct *work);
static void conn_release_work(struct work_struct *work);
static void conn_timer(struct timer_list *timer);

static int allowed_cpu(int cpu)
{
	if (likely(cpumask_test_cpu(cpu, &lunar_cpus_allowed) && cpu_online(cpu)))
		return cpu;
	cpu = cpumask_any_and(&lunar_cpus_allowed, cpu_online_mask);
	return cpu < nr_cpu_ids ? cpu : WORK_CPU_UNBOUND;
}

void lunar_conn_kick(struct lunar_conn *conn)
{
	queue_work_on(allowed_cpu(READ_ONCE(conn->cpu)), conn_wq, &conn->work);
}

void lunar_conn_kill(struct lunar_conn *conn)
{
	set_bit(LUNAR_CONN_KILL, &conn->flags);
	lunar_conn_kick(conn);
}

/* --- socket callbacks: softirq, or process context with bottom halves off --- */

static void conn_data_ready(struct sock *sk)
{
	struct lunar_conn *conn;

	read_lock_bh(&sk->sk_callback_lock);
	conn = sk->sk_user_data;
	if (likely(conn)) {
		WRITE_ONCE(conn->cpu, raw_smp_processor_id());
		set_bit(LUNAR_CONN_RX_READY, &conn->flags);
		lunar_conn_kick(conn);
	}
	read_unlock_bh(&sk->sk_callback_lock);
}

static void conn_write_space(struct sock *sk)
{
	struct lunar_conn *conn;

	read_lock_bh(&sk->sk_callback_lock);
	conn = sk->sk_user_data;
	if (likely(conn) && sk_stream_is_writeable(sk)) {
		clear_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		lunar_conn_kick(conn);
	}
	read_unlock_bh(&sk->sk_callback_lock);
}

static void conn_state_change(struct sock *sk)
{
	struct lunar_conn *conn;

	read_lock_bh(&sk->sk_callback_lock);
	conn = sk->sk_user_data;
	if (likely(conn) && sk->sk_state != TCP_ESTABLISHED) {
		set_bit(LUNAR_CONN_PEER_GONE, &conn->flags);
		set_bit(LUNAR_CONN_RX_READY, &conn->flags);
		lunar_conn_kick(conn);
	}
	read_unlock_bh(&sk->sk_callback_lock);
}

static void hook_socket(struct lunar_conn *conn)
{
	struct sock *sk = conn->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	/* An accepted socket has inherited the listener's: the system's own is what it goes back to. */
	conn->saved_data_ready = conn->portal->saved_data_ready;
	conn->saved_write_space = sk->sk_write_space;
	conn->saved_state_change = sk->sk_state_change;
	sk->sk_user_data = conn;
	sk->sk_data_ready = conn_data_ready;
	sk->sk_write_space = conn_write_space;
	sk->sk_state_change = conn_state_change;
	write_unlock_bh(&sk->sk_callback_lock);
}

/* After this no callback knows the connection. */
static void unhook_socket(struct lunar_conn *conn)
{
	struct sock *sk = conn->sock->sk;

	write_lock_bh(&sk->sk_callback_lock);
	sk->sk_data_ready = conn->saved_data_ready;
	sk->sk_write_space = conn->saved_write_space;
	sk->sk_state_change = conn->saved_state_change;
	sk->sk_user_data = NULL;
	write_unlock_bh(&sk->sk_callback_lock);
}

static void prepare_socket(struct socket *sock)
{
	tcp_sock_set_nodelay(sock->sk);
	sock->sk->sk_allocation = GFP_NOIO;
#ifdef LUNAR_HAVE_USE_TASK_FRAG
	sock->sk->sk_use_task_frag = false;
#endif
}

/* --- life --- */

static void init_tx(struct lunar_tx *tx)
{
	INIT_LIST_HEAD(&tx->queue);
	INIT_LIST_HEAD(&tx->sent);
}

static struct lunar_conn *conn_alloc(struct lunar_portal *portal, struct socket *sock)
{
	struct lunar_conn *conn = kzalloc(sizeof(*conn), GFP_KERNEL);

	if (!conn)
		return NULL;
	INIT_WORK(&conn->work, conn_work);
	INIT_RCU_WORK(&conn->release_work, conn_release_work);
	init_llist_head(&conn->returned);
	INIT_LIST_HEAD(&conn->login_list);
	INIT_LIST_HEAD(&conn->sess_list);
	INIT_LIST_HEAD(&conn->write_pending);
	INIT_LIST_HEAD(&conn->ready);
	init_tx(&conn->tx);
	timer_setup(&conn->timer, conn_timer, 0);
	conn->cpu = raw_smp_processor_id();
	conn->sock = sock;
	conn->portal = portal;
	conn->state = LUNAR_CONN_LOGIN;
	conn->rx.want = LUNAR_BHS_LEN;
	conn->max_xmit = LUNAR_MRDSL_DEFAULT;
	conn->max_recv = LUNAR_LOGIN_DSL_MAX;
	conn->nopin_ttt = LUNAR_TAG_RESERVED;
	conn->last_rx = jiffies;
	conn->accepted = jiffies;
	return conn;
}

/* An IPv4 peer of a socket on all addresses: shown, and told in discovery, as what it is. */
static void unmap_ipv4(struct sockaddr_storage *addr)
{
	struct sockaddr_in6 v6 = *(struct sockaddr_in6 *)addr;
	struct sockaddr_in *v4 = (struct sockaddr_in *)addr;

	if (addr->ss_family != AF_INET6 || !ipv6_addr_v4mapped(&v6.sin6_addr))
		return;
	memset(addr, 0, sizeof(*addr));
	v4->sin_family = AF_INET;
	v4->sin_port = v6.sin6_port;
	v4->sin_addr.s_addr = v6.sin6_addr.s6_addr32[3];
}

int lunar_conn_create(struct lunar_portal *portal, struct socket *sock)
{
	struct lunar_conn *conn = conn_alloc(portal, sock);
	int ret = -ENOMEM;

	if (!conn)
		goto err_alloc;
	ret = kernel_getpeername(sock, (struct sockaddr *)&conn->peer);
	if (ret < 0)
		goto err_names;
	ret = kernel_getsockname(sock, (struct sockaddr *)&conn->local);
	if (ret < 0)
		goto err_names;
	unmap_ipv4(&conn->peer);
	unmap_ipv4(&conn->local);
	refcount_inc(&portal->refs);
	__module_get(THIS_MODULE);
	prepare_socket(sock);
	conn->deadline = jiffies + LOGIN_TIMEOUT_DEFAULT * HZ;
	mod_timer(&conn->timer, conn->deadline);
	lunar_portal_login_begin(portal, conn);
	hook_socket(conn);
	/* What came before the hook raised no callback of ours. */
	set_bit(LUNAR_CONN_RX_READY, &conn->flags);
	lunar_conn_kick(conn);
	return 0;

err_names:
	kfree(conn);
err_alloc:
	sock_release(sock);
	return ret;
}

void lunar_conn_close_after_tx(struct lunar_conn *conn, const char *reason)
{
	if (!lunar_conn_is_open(conn))
		return;
	conn->state = LUNAR_CONN_CLOSE_AFTER_TX;
	if (!conn->close_reason)
		conn->close_reason = reason;
	/* A peer that does not read its answer is not waited for. */
	conn->deadline = jiffies + 5 * HZ;
	mod_timer(&conn->timer, conn->deadline);
}

/* It may hold a CHAP response. */
void lunar_conn_free_text(struct lunar_conn *conn)
{
	kvfree_sensitive(conn->rx.text, LUNAR_LOGIN_TEXT_MAX);
	conn->rx.text = NULL;
}

/*
 * The end of a connection, as far as the peer and the other sessions are
 * concerned. Worker only; runs once.
 *  1. No callback, no byte from or to the peer any more.
 *  2. Off the half-open list: nobody counts or evicts it.
 *  3. What the core has of its writes is fenced; then the session is detached:
 *     no reinstatement, info or kill finds it.
 *  4. Commands that wait for the peer's data end now; queued answers are
 *     dropped. What the core still has comes back by itself (conn->returned).
 *  5. What only an open connection needs is freed.
 * The rest is conn_release_work, when nr_cmds is 0.
 */
void lunar_conn_begin_close(struct lunar_conn *conn, const char *reason)
{
	if (conn->state == LUNAR_CONN_CLOSED)
		return;
	if (!conn->close_reason)
		conn->close_reason = reason;
	if (conn->close_reason)
		pr_info_ratelimited("connection from %pISpc ended: %s\n", &conn->peer,
				    conn->close_reason);
	conn->state = LUNAR_CONN_CLOSED;
	unhook_socket(conn);
	kernel_sock_shutdown(conn->sock, SHUT_RDWR);
	lunar_portal_login_end(conn->portal, conn);
	if (conn->session) {
		lunar_count_logout(conn, conn->logged_out);
		lunar_fence_raise(conn);
		lunar_session_detach(conn->session);
	}
	lunar_cmd_drop_all(conn);
	lunar_tx_abandon(conn);
	lunar_login_end(conn);
	lunar_text_end(conn);
	lunar_conn_free_text(conn);
}

/*
 * The memory of a connection, when its last command is back. Its own queue, so
 * that it may wait for the worker and for the core.
 *  1. Nothing can queue the worker any more (callbacks, lists and commands are
 *     gone): a last lunar_cmd_return on its way out was waited for (this is RCU
 *     work); the timer is stopped here, then the worker.
 *  2. The session, and with it the core's session, the ACL's and TPG's uses.
 *  3. The socket, the portal's use, the module's use.
 */
static void conn_release_work(struct work_struct *work)
{
	struct lunar_conn *conn =
		container_of(to_rcu_work(work), struct lunar_conn, release_work);

	timer_delete_sync(&conn->timer);
	cancel_work_sync(&conn->work);
	if (conn->session)
		lunar_session_destroy(conn->session);
	sock_release(conn->sock);
	lunar_portal_put(conn->portal);
	kfree(conn);
	module_put(THIS_MODULE);
}

/* --- the clock --- */

static void conn_timer(struct timer_list *timer)
{
	struct lunar_conn *conn = timer_container_of(conn, timer, timer);

	set_bit(LUNAR_CONN_TICK, &conn->flags);
	lunar_conn_kick(conn);
}

/* How long from now until something is due, in jiffies; 0 for never. */
static unsigned long next_event(const struct lunar_conn *conn)
{
	/* That the core wants a command back which waits for the peer is only seen by looking. */
	if (conn->nr_write_pending || (conn->session && !list_empty(&conn->session->held)) ||
	    (conn->rx.cmd && !conn->rx.cmd->received))
		return HZ / 4;
	if (conn->nopin_ttt != LUNAR_TAG_RESERVED)
		return time_after(conn->deadline, jiffies) ? conn->deadline - jiffies : 1;
	return (conn->nopin_timeout ? conn->nopin_timeout : conn->idle_timeout) * HZ;
}

void lunar_conn_arm_timer(struct lunar_conn *conn)
{
	unsigned long delay = next_event(conn);

	if (delay)
		mod_timer(&conn->timer, jiffies + delay);
}

static bool idle_for(const struct lunar_conn *conn, u32 seconds)
{
	return seconds && time_after_eq(jiffies, conn->last_rx + seconds * HZ);
}

void lunar_conn_retry(struct lunar_conn *conn)
{
	mod_timer(&conn->timer, jiffies + 1);
}

static void tick_full_feature(struct lunar_conn *conn)
{
	lunar_cmd_reap_aborted(conn);
	if (idle_for(conn, conn->idle_timeout)) {
		lunar_conn_begin_close(conn, "idle discovery session");
		return;
	}
	if (conn->nopin_ttt != LUNAR_TAG_RESERVED) {
		if (time_after_eq(jiffies, conn->deadline)) {
			lunar_count_timeout(conn);
			lunar_conn_begin_close(conn, "no answer to a NOP-In");
			return;
		}
	} else if (idle_for(conn, conn->nopin_timeout)) {
		lunar_cmd_send_ping(conn);
	}
	lunar_conn_arm_timer(conn);
}

static void conn_tick(struct lunar_conn *conn)
{
	switch (conn->state) {
	case LUNAR_CONN_LOGIN:
		if (time_before(jiffies, conn->deadline))
			mod_timer(&conn->timer, conn->deadline);
		else
			lunar_conn_begin_close(conn, "login not finished in time");
		break;
	case LUNAR_CONN_FULL_FEATURE:
		tick_full_feature(conn);
		break;
	case LUNAR_CONN_CLOSE_AFTER_TX:
	case LUNAR_CONN_DRAIN:
		if (time_before(jiffies, conn->deadline))
			mod_timer(&conn->timer, conn->deadline);
		else
			lunar_conn_begin_close(conn, NULL);
		break;
	case LUNAR_CONN_CLOSED:
		break;
	}
}

/* --- the worker --- */

/*
 * The last answer is with the socket. A refused login ends with our FIN alone:
 * to close while bytes of the peer lie unread, or still come, sends a reset,
 * which may overtake the refusal. The deadline of CLOSE_AFTER_TX goes on.
 */
static void all_said(struct lunar_conn *conn)
{
	if (conn->session) {
		lunar_conn_begin_close(conn, NULL);
		return;
	}
	conn->state = LUNAR_CONN_DRAIN;
	lunar_portal_login_refused(conn->portal, conn);
	lunar_login_end(conn);
	lunar_conn_free_text(conn);
	kernel_sock_shutdown(conn->sock, SHUT_WR);
	set_bit(LUNAR_CONN_RX_READY, &conn->flags);
}

/*
 * Answers that the peer does not take pile up only so far: then nothing more is
 * read that could want another.
 */
static bool may_read(const struct lunar_conn *conn)
{
	return lunar_conn_is_open(conn) &&
	       (!conn->session || conn->nr_cmds <= conn->session->nr_slots + LUNAR_REJECTS_MAX);
}

static bool conn_run(struct lunar_conn *conn)
{
	bool again = false;

	if (test_and_clear_bit(LUNAR_CONN_TICK, &conn->flags))
		conn_tick(conn);
	if (test_bit(LUNAR_CONN_KILL, &conn->flags))
		lunar_conn_begin_close(conn, "ended by the target");
	lunar_cmd_collect(conn);
	if (may_read(conn) && test_and_clear_bit(LUNAR_CONN_RX_READY, &conn->flags) &&
	    lunar_rx_run(conn))
		set_bit(LUNAR_CONN_RX_READY, &conn->flags);
	lunar_cmd_collect(conn);
	if (conn->state != LUNAR_CONN_CLOSED && lunar_tx_run(conn))
		again = true;
	if (may_read(conn) && test_bit(LUNAR_CONN_RX_READY, &conn->flags))
		again = true;
	if (conn->state == LUNAR_CONN_CLOSE_AFTER_TX && lunar_tx_idle(conn))
		all_said(conn);
	if (conn->state == LUNAR_CONN_DRAIN &&
	    test_and_clear_bit(LUNAR_CONN_RX_READY, &conn->flags) && lunar_rx_drain(conn))
		lunar_conn_begin_close(conn, NULL);
	return again || !llist_empty(&conn->returned);
}

static void conn_work(struct work_struct *work)
{
	struct lunar_conn *conn = container_of(work, struct lunar_conn, work);
	unsigned int noio = memalloc_noio_save();
	bool again;

	WRITE_ONCE(conn->worker, current);
	again = conn_run(conn);
	WRITE_ONCE(conn->worker, NULL);
	memalloc_noio_restore(noio);

	if (again) {
		lunar_conn_kick(conn);
	} else if (conn->state == LUNAR_CONN_CLOSED && !conn->nr_cmds && !conn->releasing) {
		conn->releasing = true;
		queue_rcu_work(release_wq, &conn->release_work);
	}
}

int lunar_conn_module_init(void)
{
	conn_wq = alloc_workqueue("lunar_conn", WQ_MEM_RECLAIM | LUNAR_WQ_PERCPU, 0);
	if (!conn_wq)
		return -ENOMEM;
	release_wq = alloc_workqueue("lunar_release", WQ_MEM_RECLAIM | WQ_UNBOUND, 0);
	if (!release_wq) {
		destroy_workqueue(conn_wq);
		return -ENOMEM;
	}
	return 0;
}

void lunar_conn_module_exit(void)
{
	destroy_workqueue(conn_wq);
	destroy_workqueue(release_wq);
}
