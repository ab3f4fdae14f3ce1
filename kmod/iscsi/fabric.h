/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The configured objects of the fabric: targets, target portal groups, portals
 * and node ACLs, as configfs makes them. configfs.c creates, changes and
 * removes them; login.c and listen.c look them up.
 *
 * Locks (the whole table is in docs/design.md):
 *   lunar_config_lock   mutex; the list of targets, each target's TPGs, the
 *                       portals and which TPG is on which portal, every TPG's
 *                       state. Never held across a wait for a peer or a disk.
 *   tpg->lock           mutex, inside lunar_config_lock; attributes,
 *                       parameters and CHAP credentials of the TPG and of its
 *                       ACLs. A login copies what it needs and lets go.
 *   lunar_session_lock  spinlock, innermost; see session.h.
 */
#ifndef LUNAR_ISCSI_FABRIC_H
#define LUNAR_ISCSI_FABRIC_H

#include <linux/atomic.h>
#include <linux/configfs.h>
#include <linux/cpumask.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/socket.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <target/target_core_base.h>
#include <target/target_core_fabric.h>

#include "../proto/nego.h"
#include "../proto/name.h"

#define LUNAR_AUTH_MAX		256	/* a CHAP name or secret, with its NUL */
#define LUNAR_DISCOVERY_TPGT	0

extern struct mutex lunar_config_lock;
/* The name under /sys/kernel/config/target; module parameter fabric_name. */
extern char *lunar_fabric_name;
extern const struct target_core_fabric_ops lunar_fabric_ops;

/* One set of CHAP credentials: of a TPG (demo mode), an ACL, or discovery. */
struct lunar_auth {
	char userid[LUNAR_AUTH_MAX];
	char password[LUNAR_AUTH_MAX];
	char userid_mutual[LUNAR_AUTH_MAX];
	char password_mutual[LUNAR_AUTH_MAX];
	bool userid_set, password_set, userid_mutual_set, password_mutual_set;
	bool authenticate_target;	/* both mutual strings are set */
};

struct lunar_tpg_attrib {
	u32 authentication;
	u32 login_timeout;		/* s */
	u32 netif_timeout;		/* s; shown on 6.1 only */
	u32 generate_node_acls;
	u32 default_cmdsn_depth;
	u32 cache_dynamic_acls;
	u32 demo_mode_write_protect;
	u32 prod_mode_write_protect;
	u32 demo_mode_discovery;
	u32 default_erl;
	u32 t10_pi;
	u32 fabric_prot_type;
	u32 tpg_enabled_sendtargets;
	u32 login_keys_workaround;
};

struct lunar_node_attrib {
	u32 dataout_timeout;		/* s */
	u32 dataout_timeout_retries;
	u32 default_erl;
	u32 nopin_timeout;		/* s; 0 is off */
	u32 nopin_response_timeout;	/* s */
	u32 random_datain_pdu_offsets;
	u32 random_datain_seq_offsets;
	u32 random_r2t_offsets;
	s32 authentication;		/* -1: as the TPG says */
};

/* Counters behind fabric_statistics/; stats.c shows them. Any context. */
struct lunar_login_stats {
	spinlock_t lock;		/* the fields below */
	u32 accepts, other_fails, redirects;
	u32 authorize_fails, authenticate_fails, negotiate_fails;
	u64 last_fail_time;		/* jiffies64 */
	u32 last_fail_type;		/* enum lunar_login_fail */
	char last_intr_fail_name[LUNAR_NAME_LEN];
	struct sockaddr_storage last_intr_fail_addr;
};

/* Numbers of the MIB's LoginFailureType; 0 is none. */
enum lunar_login_fail {
	LUNAR_LOGIN_FAIL_NONE = 0,
	LUNAR_LOGIN_FAIL_OTHER = 2,
	LUNAR_LOGIN_FAIL_REDIRECT = 3,
	LUNAR_LOGIN_FAIL_AUTHORIZE = 4,
	LUNAR_LOGIN_FAIL_AUTHENTICATE = 5,
	LUNAR_LOGIN_FAIL_NEGOTIATE = 6,
};

struct lunar_target_stats {
	spinlock_t lock;		/* the fields below */
	u32 digest_errors, cxn_timeout_errors, pdu_format_errors;
	u32 last_sess_failure_type;
	char last_sess_fail_rem_name[LUNAR_NAME_LEN];
	u32 normal_logouts, abnormal_logouts;
	u32 nsessions;			/* normal sessions, now */
};

/* A target (se_wwn): one directory iscsi/<name>. Made and freed by configfs. */
struct lunar_target {
	struct se_wwn wwn;
	char name[LUNAR_NAME_LEN];	/* as mkdir gave it: what is shown and sent */
	char key[LUNAR_NAME_LEN];	/* in lower case: what a login is matched with */
	u32 index;			/* MIB instance number */
	struct list_head list;		/* lunar_targets; lunar_config_lock */
	struct list_head tpgs;		/* lunar_tpg.list; lunar_config_lock */
	struct lunar_login_stats login_stats;
	struct lunar_target_stats stats;
	/* fabric_statistics/; stats.c */
	struct config_group stat_instance, stat_sess_err, stat_tgt_attr, stat_login, stat_logout;
};

/*
 * A target portal group. @users counts logins, sessions and detached commands
 * that point here; lunar_tpg_destroy() waits for it to reach 0 after it has
 * ended every session (a login takes a use only while @enabled).
 *
 * @enabled goes to false before lunar_session_kill_tpg() is called, and
 * lunar_session_create() holds lunar_config_lock from its look at it until the
 * session is on the list: so no login slips past between the two.
 */
struct lunar_tpg {
	struct se_portal_group se_tpg;
	struct lunar_target *target;
	u16 tag;
	bool enabled;			/* written under lunar_config_lock */
	struct list_head list;		/* target->tpgs; lunar_config_lock */
	struct list_head portals;	/* lunar_tpg_np.tpg_list; lunar_config_lock */
	struct mutex lock;
	struct lunar_tpg_attrib attrib;		/* lock (single words may be read without) */
	struct lunar_auth auth;			/* lock */
	struct lunar_nego_offer offer;		/* lock; what param/ shows and logins offer */
	atomic_t users;
};

struct lunar_portal;

/* "This TPG is reached through this portal": one directory np/<address>. */
struct lunar_tpg_np {
	struct se_tpg_np se_tpg_np;
	struct lunar_tpg *tpg;
	struct lunar_portal *portal;
	struct list_head tpg_list;	/* tpg->portals; lunar_config_lock */
	struct list_head portal_list;	/* portal->tpgs; lunar_config_lock */
};

/* A node ACL; the core allocates it (node_acl_size). */
struct lunar_nacl {
	struct se_node_acl se_nacl;
	struct lunar_auth auth;			/* tpg->lock */
	struct lunar_node_attrib attrib;	/* tpg->lock (single words may be read without) */
	/* fabric_statistics/iscsi_sess_stats, summed over the ACL's sessions */
	atomic_long_t cmd_pdus, rsp_pdus, txdata_octets, rxdata_octets;
	atomic_long_t conn_digest_errors, conn_timeout_errors;
	struct config_group stat_sess;		/* fabric_statistics/; stats.c */
};

/* Discovery sessions have no TPG: what discovery_auth/ holds. */
struct lunar_discovery {
	struct mutex lock;
	struct lunar_auth auth;		/* lock */
	bool enforce_auth;		/* lock */
};
extern struct lunar_discovery lunar_discovery;

/* Every target; lunar_config_lock. */
extern struct list_head lunar_targets;

static inline struct lunar_tpg *lunar_to_tpg(struct se_portal_group *se_tpg)
{
	return container_of(se_tpg, struct lunar_tpg, se_tpg);
}

static inline struct lunar_nacl *lunar_to_nacl(struct se_node_acl *se_nacl)
{
	return container_of(se_nacl, struct lunar_nacl, se_nacl);
}

static inline struct lunar_target *lunar_to_target(struct se_wwn *wwn)
{
	return container_of(wwn, struct lunar_target, wwn);
}

/* target.c: objects without configfs's syntax. Process context. */

/* Lower case, for a name that was not checked (LIO takes any as a directory). */
void lunar_name_lower(char *name);

/* Any name up to 223 bytes, as LIO. -EEXIST when one differs in case at most. */
struct lunar_target *lunar_target_create(const char *name);
/* configfs has removed all TPGs. Frees @target. */
void lunar_target_destroy(struct lunar_target *target);
/* Registers with the core; defaults in place, not enabled. -EEXIST for a tag in use. */
struct lunar_tpg *lunar_tpg_create(struct lunar_target *target, u16 tag);
/*
 * Ends the sessions, waits for @users, deregisters, frees. May sleep long: as
 * long as a stock backend holds a command of one of its sessions.
 */
void lunar_tpg_destroy(struct lunar_tpg *tpg);
/* Disabling ends every session of the TPG without waiting for any. */
int lunar_tpg_enable(struct lunar_tpg *tpg, bool enable);
/* The target by its (lower-cased) name, or NULL. lunar_config_lock held. */
struct lunar_target *lunar_target_find(const char *name);
/*
 * Takes a use of the TPG of @target that @portal leads to. NULL with *@status
 * (class << 8 | detail, RFC 7143 11.13.5) when there is none, or it is not
 * enabled. lunar_config_lock held.
 */
struct lunar_tpg *lunar_tpg_get_for_login(struct lunar_target *target,
					  struct lunar_portal *portal, u16 *status);
/* Any context. */
void lunar_tpg_put(struct lunar_tpg *tpg);
/* A portal leads to one TPG of a target at most. lunar_config_lock held. */
bool lunar_target_has_portal(const struct lunar_target *target, const struct lunar_portal *portal);

/*
 * nacl.c (with the ACL's attributes): called by the core through the fabric
 * ops when it makes an ACL, explicit or dynamic.
 */
void lunar_nacl_set_defaults(struct se_node_acl *se_nacl);
/*
 * A new explicit ACL: its name in lower case, as a login looks for it (the
 * directory keeps its name). -EEXIST when the TPG has one of that name.
 */
int lunar_nacl_init(struct lunar_nacl *nacl);

/*
 * root_attr.c: cpus_allowed_list. Read without a lock; a reader sees the list
 * before or after a change, or parts of both, and asks for an online CPU.
 */
extern struct cpumask lunar_cpus_allowed;

/* The attribute arrays of lunar_fabric_ops: root_attr.c, tpg_attr.c, nacl.c. */
extern struct configfs_attribute *lunar_discovery_auth_attrs[];
extern struct configfs_attribute *lunar_fabric_attrs[];		/* tfc_wwn_attrs */
extern struct configfs_attribute *lunar_tpg_base_attrs[];
extern struct configfs_attribute *lunar_tpg_attrib_attrs[];
extern struct configfs_attribute *lunar_tpg_auth_attrs[];
extern struct configfs_attribute *lunar_tpg_param_attrs[];
extern struct configfs_attribute *lunar_portal_attrs[];
extern struct configfs_attribute *lunar_nacl_base_attrs[];
extern struct configfs_attribute *lunar_nacl_attrib_attrs[];
extern struct configfs_attribute *lunar_nacl_auth_attrs[];
extern struct configfs_attribute *lunar_nacl_param_attrs[];

/* configfs.c: the make and drop calls of lunar_fabric_ops. */
struct se_wwn *lunar_make_wwn(struct target_fabric_configfs *tf,
			      struct config_group *group, const char *name);
void lunar_drop_wwn(struct se_wwn *wwn);
void lunar_add_wwn_groups(struct se_wwn *wwn);
struct se_portal_group *lunar_make_tpg(struct se_wwn *wwn, const char *name);
int lunar_enable_tpg(struct se_portal_group *se_tpg, bool enable);
void lunar_drop_tpg(struct se_portal_group *se_tpg);
struct se_tpg_np *lunar_make_np(struct se_portal_group *se_tpg,
				struct config_group *group, const char *name);
void lunar_drop_np(struct se_tpg_np *se_tpg_np);
int lunar_init_nodeacl(struct se_node_acl *se_nacl, const char *name);

/* stats.c: the default groups fabric_statistics/ of a target and of an ACL. */
void lunar_stats_add_target_groups(struct lunar_target *target);
void lunar_stats_add_nacl_group(struct lunar_nacl *nacl);

#endif
