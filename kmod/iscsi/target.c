// SPDX-License-Identifier: GPL-2.0-only
/* Targets and target portal groups, without configfs's syntax. See fabric.h. */
#include <linux/err.h>
#include <linux/idr.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/wait_bit.h>
#include <scsi/scsi_proto.h>

#include "attr.h"
#include "listen.h"
#include "session.h"

DEFINE_MUTEX(lunar_config_lock);
LIST_HEAD(lunar_targets);
static DEFINE_IDA(target_index);

#define STATUS_SERVICE_UNAVAILABLE	0x0301

/* ASCII only, as lunar_name_normalize: bytes from 0x80 are UTF-8. */
void lunar_name_lower(char *name)
{
	for (; *name; name++)
		if (*name >= 'A' && *name <= 'Z')
			*name += 'a' - 'A';
}

/* --- targets --- */

struct lunar_target *lunar_target_find(const char *name)
{
	struct lunar_target *target;

	lockdep_assert_held(&lunar_config_lock);
	list_for_each_entry(target, &lunar_targets, list)
		if (!strcmp(target->key, name))
			return target;
	return NULL;
}

static struct lunar_target *target_alloc(const char *name)
{
	struct lunar_target *target = kzalloc(sizeof(*target), GFP_KERNEL);

	if (!target)
		return NULL;
	strscpy(target->name, name, sizeof(target->name));
	strscpy(target->key, name, sizeof(target->key));
	lunar_name_lower(target->key);
	INIT_LIST_HEAD(&target->tpgs);
	spin_lock_init(&target->login_stats.lock);
	spin_lock_init(&target->stats.lock);
	return target;
}

static int target_list_add(struct lunar_target *target)
{
	int ret = -EEXIST;

	mutex_lock(&lunar_config_lock);
	if (!lunar_target_find(target->key)) {
		list_add_tail(&target->list, &lunar_targets);
		ret = 0;
	}
	mutex_unlock(&lunar_config_lock);
	return ret;
}

struct lunar_target *lunar_target_create(const char *name)
{
	struct lunar_target *target;
	int ret;

	if (strlen(name) >= LUNAR_NAME_LEN)
		return ERR_PTR(-EINVAL);
	target = target_alloc(name);
	if (!target)
		return ERR_PTR(-ENOMEM);
	ret = ida_alloc(&target_index, GFP_KERNEL);
	if (ret < 0)
		goto err_index;
	target->index = ret;
	ret = target_list_add(target);
	if (ret)
		goto err_list;
	return target;

err_list:
	ida_free(&target_index, target->index);
err_index:
	kfree(target);
	return ERR_PTR(ret);
}

void lunar_target_destroy(struct lunar_target *target)
{
	mutex_lock(&lunar_config_lock);
	WARN_ON_ONCE(!list_empty(&target->tpgs));
	list_del(&target->list);
	mutex_unlock(&lunar_config_lock);
	ida_free(&target_index, target->index);
	kfree(target);
}

bool lunar_target_has_portal(const struct lunar_target *target, const struct lunar_portal *portal)
{
	const struct lunar_tpg_np *np;

	lockdep_assert_held(&lunar_config_lock);
	list_for_each_entry(np, &portal->tpgs, portal_list)
		if (np->tpg->target == target)
			return true;
	return false;
}

/* --- target portal groups --- */

static int tpg_list_add(struct lunar_tpg *tpg)
{
	const struct lunar_tpg *other;
	int ret = 0;

	mutex_lock(&lunar_config_lock);
	list_for_each_entry(other, &tpg->target->tpgs, list)
		if (other->tag == tpg->tag)
			ret = -EEXIST;
	if (!ret)
		list_add_tail(&tpg->list, &tpg->target->tpgs);
	mutex_unlock(&lunar_config_lock);
	return ret;
}

struct lunar_tpg *lunar_tpg_create(struct lunar_target *target, u16 tag)
{
	struct lunar_tpg *tpg = kzalloc(sizeof(*tpg), GFP_KERNEL);
	int ret;

	if (!tpg)
		return ERR_PTR(-ENOMEM);
	tpg->target = target;
	tpg->tag = tag;
	INIT_LIST_HEAD(&tpg->portals);
	mutex_init(&tpg->lock);
	lunar_tpg_attr_defaults(tpg);
	ret = core_tpg_register(&target->wwn, &tpg->se_tpg, SCSI_PROTOCOL_ISCSI);
	if (ret)
		goto err_register;
	ret = tpg_list_add(tpg);
	if (ret)
		goto err_list;
	return tpg;

err_list:
	core_tpg_deregister(&tpg->se_tpg);
err_register:
	kfree(tpg);
	return ERR_PTR(ret);
}

/*
 * Nothing may lead to the TPG when it is freed:
 *  1. The core's LUNs, ACLs and our portals are gone: configfs removes no
 *     directory that has any. Without a portal no login finds the TPG.
 *  2. Off the target's list and disabled: no discovery finds it, and a login
 *     that had found it gets no session (lunar_session_create).
 *  3. Its logins and sessions are told to end.
 *  4. The last user goes: logins at once, sessions when the core has
 *     given back their commands. Of demo-mode ACLs only the core knows now.
 *  5. The core drops those, and its own part.
 */
void lunar_tpg_destroy(struct lunar_tpg *tpg)
{
	mutex_lock(&lunar_config_lock);
	WARN_ON_ONCE(!list_empty(&tpg->portals));	/* 1 */
	WRITE_ONCE(tpg->enabled, false);		/* 2 */
	list_del(&tpg->list);
	mutex_unlock(&lunar_config_lock);
	lunar_portal_kill_logins(tpg);			/* 3 */
	lunar_session_kill_tpg(tpg);
	wait_var_event(&tpg->users, !atomic_read(&tpg->users));	/* 4 */
	core_tpg_deregister(&tpg->se_tpg);		/* 5 */
	kfree_sensitive(tpg);
}

int lunar_tpg_enable(struct lunar_tpg *tpg, bool enable)
{
	if (enable) {
		mutex_lock(&tpg->lock);
		if (tpg->attrib.authentication)
			lunar_tpg_sync_auth_methods(tpg, true);
		mutex_unlock(&tpg->lock);
	}
	mutex_lock(&lunar_config_lock);
	WRITE_ONCE(tpg->enabled, enable);
	mutex_unlock(&lunar_config_lock);
	if (!enable)
		lunar_session_kill_tpg(tpg);
	return 0;
}

struct lunar_tpg *lunar_tpg_get_for_login(struct lunar_target *target,
					  struct lunar_portal *portal, u16 *status)
{
	const struct lunar_tpg_np *np;

	lockdep_assert_held(&lunar_config_lock);
	list_for_each_entry(np, &portal->tpgs, portal_list) {
		if (np->tpg->target != target || !np->tpg->enabled)
			continue;
		atomic_inc(&np->tpg->users);
		return np->tpg;
	}
	*status = STATUS_SERVICE_UNAVAILABLE;
	return NULL;
}

/* The waiter may free the TPG as soon as it sees 0: its address is but a key here. */
void lunar_tpg_put(struct lunar_tpg *tpg)
{
	if (atomic_dec_and_test(&tpg->users))
		wake_up_var(&tpg->users);
}
