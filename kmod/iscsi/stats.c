// SPDX-License-Identifier: GPL-2.0-only
/* fabric_statistics/ of targets and ACLs: the tables of the iSCSI MIB (RFC 7147), as LIO names them. */
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/math64.h>
#include <linux/module.h>
#include <linux/sysfs.h>

#include "attr.h"
#include "session.h"

#define NODE_INDEX	1	/* one node an instance */

/* Every group hangs in fabric_statistics/ of its target. */
static struct lunar_target *target_of(struct config_item *item)
{
	return lunar_to_target(container_of(to_config_group(item->ci_parent), struct se_wwn,
					    fabric_stat_group));
}

/* One read-only file of a target: @expr may use `target`, and runs under @_lock. */
#define TARGET_STAT(group, name, _lock, fmt, expr)					\
static ssize_t stat_##group##_##name##_show(struct config_item *item, char *page)	\
{											\
	struct lunar_target *target = target_of(item);					\
	ssize_t len;									\
											\
	spin_lock(&target->_lock);							\
	len = sysfs_emit(page, fmt "\n", expr);						\
	spin_unlock(&target->_lock);							\
	return len;									\
}											\
CONFIGFS_ATTR_RO(stat_##group##_, name)

#define SESSION_STAT(group, name, expr) TARGET_STAT(group, name, stats.lock, "%u", expr)
#define LOGIN_STAT(group, name, expr) TARGET_STAT(group, name, login_stats.lock, "%u", expr)

#define CONST_STAT(group, name, text)							\
static ssize_t stat_##group##_##name##_show(struct config_item *item, char *page)	\
{											\
	return sysfs_emit(page, "%s\n", text);						\
}											\
CONFIGFS_ATTR_RO(stat_##group##_, name)

#define STAT_TYPE(group)								\
static const struct config_item_type stat_##group##_type = {				\
	.ct_attrs = stat_##group##_attrs,						\
	.ct_owner = THIS_MODULE,							\
}

static const char *name_or_none(const char *name)
{
	return name[0] ? name : "None";
}

/* --- iscsi_instance --- */

static u32 count_portals(const struct lunar_target *target)
{
	const struct lunar_tpg *tpg;
	const struct list_head *portal;
	u32 portals = 0;

	mutex_lock(&lunar_config_lock);
	list_for_each_entry(tpg, &target->tpgs, list)
		list_for_each(portal, &tpg->portals)
			portals++;
	mutex_unlock(&lunar_config_lock);
	return portals;
}

static ssize_t stat_instance_portals_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", count_portals(target_of(item)));
}

CONFIGFS_ATTR_RO(stat_instance_, portals);
SESSION_STAT(instance, inst, target->index);
CONST_STAT(instance, min_ver, "0");
CONST_STAT(instance, max_ver, "0");
CONST_STAT(instance, nodes, "1");
SESSION_STAT(instance, sessions, target->stats.nsessions);
SESSION_STAT(instance, fail_sess, target->stats.digest_errors + target->stats.cxn_timeout_errors +
	     target->stats.pdu_format_errors);
SESSION_STAT(instance, fail_type, target->stats.last_sess_failure_type);
TARGET_STAT(instance, fail_rem_name, stats.lock, "%s",
	    name_or_none(target->stats.last_sess_fail_rem_name));
CONST_STAT(instance, disc_time, "0");
CONST_STAT(instance, description, "Storage Engine Target");
CONST_STAT(instance, vendor, "Datera, Inc. iSCSI-Target");
CONST_STAT(instance, version, LUNAR_LIO_VERSION);

static struct configfs_attribute *stat_instance_attrs[] = {
	&stat_instance_attr_inst,
	&stat_instance_attr_min_ver,
	&stat_instance_attr_max_ver,
	&stat_instance_attr_portals,
	&stat_instance_attr_nodes,
	&stat_instance_attr_sessions,
	&stat_instance_attr_fail_sess,
	&stat_instance_attr_fail_type,
	&stat_instance_attr_fail_rem_name,
	&stat_instance_attr_disc_time,
	&stat_instance_attr_description,
	&stat_instance_attr_vendor,
	&stat_instance_attr_version,
	NULL,
};
STAT_TYPE(instance);

/* --- iscsi_sess_err --- */

SESSION_STAT(sess_err, inst, target->index);
SESSION_STAT(sess_err, digest_errors, target->stats.digest_errors);
SESSION_STAT(sess_err, cxn_errors, target->stats.cxn_timeout_errors);
SESSION_STAT(sess_err, format_errors, target->stats.pdu_format_errors);

static struct configfs_attribute *stat_sess_err_attrs[] = {
	&stat_sess_err_attr_inst,
	&stat_sess_err_attr_digest_errors,
	&stat_sess_err_attr_cxn_errors,
	&stat_sess_err_attr_format_errors,
	NULL,
};
STAT_TYPE(sess_err);

/* --- iscsi_tgt_attr --- */

static u32 login_fails(const struct lunar_login_stats *stats)
{
	return stats->redirects + stats->authorize_fails + stats->authenticate_fails +
	       stats->negotiate_fails + stats->other_fails;
}

/* Hundredths of a second since boot, as the MIB counts time. */
static u32 fail_time(const struct lunar_login_stats *stats)
{
	if (!stats->last_fail_time)
		return 0;
	return div_u64((stats->last_fail_time - INITIAL_JIFFIES) * 100, HZ);
}

static const char *fail_addr_type(const struct lunar_login_stats *stats)
{
	return stats->last_intr_fail_addr.ss_family == AF_INET6 ? "ipv6" : "ipv4";
}

LOGIN_STAT(tgt_attr, inst, target->index);
CONST_STAT(tgt_attr, indx, __stringify(NODE_INDEX));
LOGIN_STAT(tgt_attr, login_fails, login_fails(&target->login_stats));
LOGIN_STAT(tgt_attr, last_fail_time, fail_time(&target->login_stats));
LOGIN_STAT(tgt_attr, last_fail_type, target->login_stats.last_fail_type);
TARGET_STAT(tgt_attr, fail_intr_name, login_stats.lock, "%s",
	    name_or_none(target->login_stats.last_intr_fail_name));
TARGET_STAT(tgt_attr, fail_intr_addr_type, login_stats.lock, "%s",
	    fail_addr_type(&target->login_stats));
TARGET_STAT(tgt_attr, fail_intr_addr, login_stats.lock, "%pISc",
	    &target->login_stats.last_intr_fail_addr);

static struct configfs_attribute *stat_tgt_attr_attrs[] = {
	&stat_tgt_attr_attr_inst,
	&stat_tgt_attr_attr_indx,
	&stat_tgt_attr_attr_login_fails,
	&stat_tgt_attr_attr_last_fail_time,
	&stat_tgt_attr_attr_last_fail_type,
	&stat_tgt_attr_attr_fail_intr_name,
	&stat_tgt_attr_attr_fail_intr_addr_type,
	&stat_tgt_attr_attr_fail_intr_addr,
	NULL,
};
STAT_TYPE(tgt_attr);

/* --- iscsi_login_stats --- */

LOGIN_STAT(login, inst, target->index);
CONST_STAT(login, indx, __stringify(NODE_INDEX));
LOGIN_STAT(login, accepts, target->login_stats.accepts);
LOGIN_STAT(login, other_fails, target->login_stats.other_fails);
LOGIN_STAT(login, redirects, target->login_stats.redirects);
LOGIN_STAT(login, authorize_fails, target->login_stats.authorize_fails);
LOGIN_STAT(login, authenticate_fails, target->login_stats.authenticate_fails);
LOGIN_STAT(login, negotiate_fails, target->login_stats.negotiate_fails);

static struct configfs_attribute *stat_login_attrs[] = {
	&stat_login_attr_inst,
	&stat_login_attr_indx,
	&stat_login_attr_accepts,
	&stat_login_attr_other_fails,
	&stat_login_attr_redirects,
	&stat_login_attr_authorize_fails,
	&stat_login_attr_authenticate_fails,
	&stat_login_attr_negotiate_fails,
	NULL,
};
STAT_TYPE(login);

/* --- iscsi_logout_stats --- */

SESSION_STAT(logout, inst, target->index);
CONST_STAT(logout, indx, __stringify(NODE_INDEX));
SESSION_STAT(logout, normal_logouts, target->stats.normal_logouts);
SESSION_STAT(logout, abnormal_logouts, target->stats.abnormal_logouts);

static struct configfs_attribute *stat_logout_attrs[] = {
	&stat_logout_attr_inst,
	&stat_logout_attr_indx,
	&stat_logout_attr_normal_logouts,
	&stat_logout_attr_abnormal_logouts,
	NULL,
};
STAT_TYPE(logout);

static void add_group(struct config_group *parent, struct config_group *group, const char *name,
		      const struct config_item_type *type)
{
	config_group_init_type_name(group, name, type);
	configfs_add_default_group(group, parent);
}

void lunar_stats_add_target_groups(struct lunar_target *target)
{
	struct config_group *parent = &target->wwn.fabric_stat_group;

	add_group(parent, &target->stat_instance, "iscsi_instance", &stat_instance_type);
	add_group(parent, &target->stat_sess_err, "iscsi_sess_err", &stat_sess_err_type);
	add_group(parent, &target->stat_tgt_attr, "iscsi_tgt_attr", &stat_tgt_attr_type);
	add_group(parent, &target->stat_login, "iscsi_login_stats", &stat_login_type);
	add_group(parent, &target->stat_logout, "iscsi_logout_stats", &stat_logout_type);
}

/* --- acls/<initiator>/fabric_statistics/iscsi_sess_stats --- */

static struct lunar_nacl *nacl_of(struct config_item *item)
{
	return lunar_to_nacl(container_of(to_config_group(item->ci_parent), struct se_node_acl,
					  acl_fabric_stat_group));
}

/* One read-only file; empty without a session, as on LIO. @expr may use `nacl` and `session`. */
#define NACL_STAT(name, fmt, expr)							\
static ssize_t stat_sess_##name##_show(struct config_item *item, char *page)		\
{											\
	struct lunar_nacl *nacl = nacl_of(item);					\
	const struct lunar_session *session;						\
	ssize_t len = 0;								\
											\
	spin_lock(&lunar_session_lock);							\
	session = lunar_session_of_nacl(&nacl->se_nacl);				\
	if (session)									\
		len = sysfs_emit(page, fmt "\n", expr);					\
	spin_unlock(&lunar_session_lock);						\
	return len;									\
}											\
CONFIGFS_ATTR_RO(stat_sess_, name)

#define NACL_COUNTER(name, field) NACL_STAT(name, "%lu", atomic_long_read(&nacl->field))

static ssize_t stat_sess_inst_show(struct config_item *item, char *page)
{
	const struct se_portal_group *se_tpg = nacl_of(item)->se_nacl.se_tpg;

	return sysfs_emit(page, "%u\n", lunar_to_target(se_tpg->se_tpg_wwn)->index);
}

CONFIGFS_ATTR_RO(stat_sess_, inst);
NACL_STAT(node, "%u", session->discovery ? 0 : NODE_INDEX);
NACL_STAT(indx, "%u", session->sid);
NACL_COUNTER(cmd_pdus, cmd_pdus);
NACL_COUNTER(rsp_pdus, rsp_pdus);
NACL_COUNTER(txdata_octs, txdata_octets);
NACL_COUNTER(rxdata_octs, rxdata_octets);
NACL_COUNTER(conn_digest_errors, conn_digest_errors);
NACL_COUNTER(conn_timeout_errors, conn_timeout_errors);

static struct configfs_attribute *stat_sess_attrs[] = {
	&stat_sess_attr_inst,
	&stat_sess_attr_node,
	&stat_sess_attr_indx,
	&stat_sess_attr_cmd_pdus,
	&stat_sess_attr_rsp_pdus,
	&stat_sess_attr_txdata_octs,
	&stat_sess_attr_rxdata_octs,
	&stat_sess_attr_conn_digest_errors,
	&stat_sess_attr_conn_timeout_errors,
	NULL,
};
STAT_TYPE(sess);

void lunar_stats_add_nacl_group(struct lunar_nacl *nacl)
{
	add_group(&nacl->se_nacl.acl_fabric_stat_group, &nacl->stat_sess, "iscsi_sess_stats",
		  &stat_sess_type);
}
