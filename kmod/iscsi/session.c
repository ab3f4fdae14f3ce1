// SPDX-License-Identifier: GPL-2.0-only
/* Sessions: see session.h. */
#include <linux/idr.h>
#include <linux/jiffies.h>
#include <linux/slab.h>
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

#include "cmd.h"
#include "conn.h"
#include "count.h"
#include "fabric.h"
#include "fence.h"
#include "session.h"

DEFINE_SPINLOCK(lunar_session_lock);
LIST_HEAD(lunar_sessions);

static DEFINE_IDA(tsih_ida);
static atomic_t next_sid = ATOMIC_INIT(0);
/* Discovery sessions on the list that may stay; lunar_session_lock. */
static unsigned int nr_discovery;

static void kill_conns(struct lunar_session *session)
{
	struct lunar_conn *conn;

	lockdep_assert_held(&lunar_session_lock);
	if (session->se_sess && !session->ending)
		session->ending = lunar_fence_end_begins(session->se_sess->se_node_acl);
	list_for_each_entry(conn, &session->conns, sess_list)
		lunar_conn_kill(conn);
}

/* --- making one --- */

static int alloc_slots(struct lunar_session *session, u32 depth)
{
	session->nr_slots = depth + LUNAR_SLOTS_EXTRA;
	session->slots = kvcalloc(session->nr_slots, sizeof(*session->slots), GFP_KERNEL);
	session->slot_map = bitmap_zalloc(session->nr_slots, GFP_KERNEL);
	session->slot_ttt = kvcalloc(session->nr_slots, sizeof(*session->slot_ttt), GFP_KERNEL);
	return session->slots && session->slot_map && session->slot_ttt ? 0 : -ENOMEM;
}

static void free_session(struct lunar_session *session)
{
	if (session->tsih)
		ida_free(&tsih_ida, session->tsih);
	kvfree(session->slots);
	bitmap_free(session->slot_map);
	kvfree(session->slot_ttt);
	kfree(session);
}

static struct lunar_session *alloc_session(const struct lunar_session_args *args)
{
	const struct lunar_login *login = args->login;
	struct lunar_session *session = kzalloc(sizeof(*session), GFP_KERNEL);
	int tsih;

	if (!session)
		return NULL;
	INIT_LIST_HEAD(&session->list);
	INIT_LIST_HEAD(&session->conns);
	INIT_LIST_HEAD(&session->held);
	INIT_LIST_HEAD(&session->submitq.waiting);
	spin_lock_init(&session->submitq.lock);
	tsih = ida_alloc_range(&tsih_ida, 1, 0xffff, GFP_KERNEL);
	if (tsih < 0 || alloc_slots(session, args->depth)) {
		session->tsih = tsih < 0 ? 0 : tsih;
		free_session(session);
		return NULL;
	}
	session->tsih = tsih;
	session->sid = atomic_inc_return(&next_sid);
	session->login_itt = login->itt;
	session->creation_time = get_jiffies_64();
	session->nego = login->nego.result;
	session->discovery = !args->tpg;
	memcpy(session->isid, login->isid, sizeof(session->isid));
	strscpy(session->initiator_name, login->nego.result.initiator_name,
		sizeof(session->initiator_name));
	strscpy(session->initiator_alias, login->nego.result.initiator_alias,
		sizeof(session->initiator_alias));
	session->exp_cmd_sn = login->cmd_sn;
	session->max_cmd_sn = login->cmd_sn + args->depth - 1;
	return session;
}

static bool reinstates(const struct lunar_session *new, const struct lunar_session *old)
{
	return !old->discovery && old->tpg == new->tpg &&
	       !memcmp(old->isid, new->isid, sizeof(new->isid)) &&
	       !strcmp(old->initiator_name, new->initiator_name);
}

/* By default nobody proves who he is to discover: without a limit such sessions use up the TSIHs of all. */
static void make_room_for_discovery(void)
{
	struct lunar_session *old;

	if (nr_discovery < LUNAR_DISCOVERY_MAX)
		return;
	list_for_each_entry(old, &lunar_sessions, list)
		if (old->discovery && !old->gives_way) {
			old->gives_way = true;
			nr_discovery--;
			kill_conns(old);
			return;
		}
}

/*
 * The initiator has let go of it, but its worker has not come to that: what it
 * leaves with a disk must be known before the new session sends anything.
 */
static bool is_left(const struct lunar_session *new, const struct lunar_session *old)
{
	const struct lunar_conn *conn;

	lockdep_assert_held(&lunar_session_lock);
	if (old->discovery || old->tpg != new->tpg ||
	    strcmp(old->initiator_name, new->initiator_name))
		return false;
	list_for_each_entry(conn, &old->conns, sess_list)
		if (test_bit(LUNAR_CONN_PEER_GONE, &conn->flags))
			return true;
	return false;
}

/* RFC 7143 6.3.5: the old session ends; nobody waits for it. */
static void publish(struct lunar_session *session, struct lunar_conn *conn)
{
	struct lunar_session *old;

	spin_lock(&lunar_session_lock);
	if (session->discovery) {
		make_room_for_discovery();
		nr_discovery++;
	} else {
		list_for_each_entry(old, &lunar_sessions, list)
			if (reinstates(session, old) || is_left(session, old))
				kill_conns(old);
	}
	list_add_tail(&session->list, &lunar_sessions);
	list_add_tail(&conn->sess_list, &session->conns);
	spin_unlock(&lunar_session_lock);
}

/*
 * The core's session, registered. The ACL may be on its way out (its removal
 * has looked for sessions already and now waits for its references): then the
 * new session must not come into being.
 */
static int make_core_session(struct lunar_session *session, struct lunar_tpg *tpg,
			     const struct se_node_acl *judged)
{
	struct se_session *se_sess = transport_alloc_session(TARGET_PROT_NORMAL);
	struct se_node_acl *nacl;

	if (IS_ERR(se_sess))
		return PTR_ERR(se_sess);
	/* Two logins of one name at once would each make a dynamic ACL. */
	mutex_lock(&tpg->lock);
	nacl = core_tpg_check_initiator_node_acl(&tpg->se_tpg, session->initiator_name);
	mutex_unlock(&tpg->lock);
	se_sess->se_node_acl = nacl;
	/* Made or removed since the login was judged: its word on authentication was not heard. */
	if (!nacl || (nacl != judged && !nacl->dynamic_node_acl)) {
		transport_free_session(se_sess);
		return -EACCES;
	}
	session->se_sess = se_sess;
	session->tpg = tpg;
	transport_register_session(&tpg->se_tpg, nacl, se_sess, session);
	return 0;
}

/* The removal of its ACL has been through the ACL's sessions before this one was to be found. */
static bool acl_is_going(struct se_session *se_sess)
{
	struct se_node_acl *nacl = se_sess->se_node_acl;
	bool going;

	spin_lock_irq(&nacl->nacl_sess_lock);
	going = list_empty(&se_sess->sess_acl_list);
	spin_unlock_irq(&nacl->nacl_sess_lock);
	return going;
}

struct lunar_session *lunar_session_create(const struct lunar_session_args *args)
{
	struct lunar_session *session = alloc_session(args);
	struct lunar_tpg *tpg = args->tpg;
	int ret;

	if (!session)
		return ERR_PTR(-ENOMEM);
	if (!tpg) {
		publish(session, args->conn);
		return session;
	}
	ret = make_core_session(session, tpg, args->acl);
	if (ret)
		goto err_core;
	mutex_lock(&lunar_config_lock);
	ret = tpg->enabled ? 0 : -ESHUTDOWN;
	if (!ret)
		publish(session, args->conn);
	mutex_unlock(&lunar_config_lock);
	if (ret)
		goto err_published;
	if (acl_is_going(session->se_sess))
		lunar_conn_kill(args->conn);
	lunar_count_session_begin(tpg->target);
	return session;

err_published:
	transport_deregister_session_configfs(session->se_sess);
	transport_deregister_session(session->se_sess);
err_core:
	free_session(session);
	return ERR_PTR(ret);
}

/* --- the end of one --- */

static void release_reservation(struct se_device *dev, const struct se_session *se_sess)
{
	spin_lock(&dev->dev_reservation_lock);
	if (dev->reservation_holder == se_sess) {
		dev->reservation_holder = NULL;
		dev->dev_res_bin_isid = 0;
		dev->dev_reservation_flags &=
			~(DRF_SPC2_RESERVATIONS | DRF_SPC2_RESERVATIONS_WITH_ISID);
	}
	spin_unlock(&dev->dev_reservation_lock);
}

void lunar_session_release_reservations(struct lunar_session *session)
{
	struct se_session *se_sess = session->se_sess;
	struct se_dev_entry *deve;
	struct se_device *dev;

	if (!se_sess)
		return;
	rcu_read_lock();
	hlist_for_each_entry_rcu(deve, &se_sess->se_node_acl->lun_entry_hlist, link) {
		dev = rcu_dereference(deve->se_lun->lun_se_dev);
		if (dev && READ_ONCE(dev->reservation_holder) == se_sess)
			release_reservation(dev, se_sess);
	}
	rcu_read_unlock();
}

void lunar_session_detach(struct lunar_session *session)
{
	struct lunar_conn *conn, *next;

	spin_lock(&lunar_session_lock);
	session->state = LUNAR_SESS_CLOSING;
	if (session->discovery && !session->gives_way && !list_empty(&session->list))
		nr_discovery--;
	list_del_init(&session->list);
	list_for_each_entry_safe(conn, next, &session->conns, sess_list)
		list_del_init(&conn->sess_list);
	spin_unlock(&lunar_session_lock);
	if (session->ending)
		lunar_fence_lift(session->ending);
	lunar_session_release_reservations(session);
}

/*
 * Every command is back.
 *  1. The core's session goes: no ACL shows it, its SPC-2 reservation is freed.
 *  2. With it the claim on the TPG (last: the core's session used it).
 *  3. TSIH and memory.
 */
void lunar_session_destroy(struct lunar_session *session)
{
	if (session->se_sess) {
		transport_deregister_session_configfs(session->se_sess);
		transport_deregister_session(session->se_sess);
		lunar_count_session_end(session->tpg->target);
		lunar_tpg_put(session->tpg);
	}
	free_session(session);
}

void lunar_session_kill_tpg(struct lunar_tpg *tpg)
{
	struct lunar_session *session;

	spin_lock(&lunar_session_lock);
	list_for_each_entry(session, &lunar_sessions, list)
		if (session->tpg == tpg)
			kill_conns(session);
	spin_unlock(&lunar_session_lock);
}

/* @se_sess may be gone already: it is only compared. */
void lunar_session_kill_se(const struct se_session *se_sess)
{
	struct lunar_session *session;

	spin_lock(&lunar_session_lock);
	list_for_each_entry(session, &lunar_sessions, list)
		if (session->se_sess == se_sess)
			kill_conns(session);
	spin_unlock(&lunar_session_lock);
}

struct lunar_session *lunar_session_of_nacl(const struct se_node_acl *se_nacl)
{
	struct lunar_session *session;

	lockdep_assert_held(&lunar_session_lock);
	list_for_each_entry_reverse(session, &lunar_sessions, list)
		if (session->se_sess && session->se_sess->se_node_acl == se_nacl)
			return session;
	return NULL;
}
