/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Sessions. A session is found by (initiator name, ISID, TPG); it has a list
 * of connections, of which there is one today. Its command numbering and its
 * task table belong to the worker of its leading connection: no lock.
 *
 * Life: lunar_session_create (login worker, last step of a login) puts it on
 * lunar_sessions. It is *detached* (lunar_session_detach: off the list, no
 * reinstatement or info finds it) when its connection closes for whatever
 * reason, and freed by lunar_session_destroy in the connection's release work,
 * when the core has given back every command: the core's session object, and
 * with it the ACL and the TPG, stays until then.
 *
 * lunar_session_lock: innermost spinlock; lunar_sessions, session->state, and
 * the pairing session->conns. Taken in process context and by configfs.
 */
#ifndef LUNAR_ISCSI_SESSION_H
#define LUNAR_ISCSI_SESSION_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "../proto/login.h"
#include "../proto/name.h"
#include "../proto/nego.h"

struct lunar_cmd;
struct lunar_conn;
struct lunar_fence;
struct lunar_nacl;
struct lunar_tpg;
struct se_node_acl;
struct se_session;

/*
 * Slots beyond the window: immediate commands, and those whose answer is built
 * (which opens the window) but not wholly taken by the socket.
 */
#define LUNAR_SLOTS_EXTRA	256
#define LUNAR_SLOT_BITS		12	/* of a target transfer tag */
#define LUNAR_ITT_BUCKETS	64
/* Discovery sessions at a time; the oldest gives way to a newer one. */
#define LUNAR_DISCOVERY_MAX	256

/*
 * Commands on their way into the core by a worker (submit.c). Keeps what the
 * core cannot know: a command that is not SIMPLE enters after all before it
 * have, and before all after it.
 */
struct lunar_submitq {
	spinlock_t lock;		/* the fields below; with interrupts on */
	unsigned int running;		/* workers under way */
	bool exclusive;			/* the one that runs is not SIMPLE */
	struct list_head waiting;	/* lunar_cmd.link, in order */
};

enum lunar_session_state {
	LUNAR_SESS_LOGGED_IN,
	LUNAR_SESS_CLOSING,
};

struct lunar_session {
	/* identity; set once */
	u8 isid[6];
	u16 tsih;
	u32 sid;			/* "LIO Session ID" */
	u32 login_itt;			/* of the login; shown in info */
	bool discovery;
	bool gives_way;			/* to a newer discovery session; lunar_session_lock */
	char initiator_name[LUNAR_NAME_LEN];
	char initiator_alias[LUNAR_NAME_LEN];
	struct lunar_nego_result nego;	/* what the login agreed on */
	struct lunar_tpg *tpg;		/* a use of it; NULL in discovery */
	struct se_session *se_sess;	/* NULL in discovery */
	u64 creation_time;		/* jiffies64 */

	/* lunar_session_lock */
	struct list_head list;		/* lunar_sessions */
	struct list_head conns;		/* lunar_conn.sess_list */
	enum lunar_session_state state;
	struct lunar_fence *ending;	/* since it was told to end; fence.h */

	/* command numbering and tasks; the leading connection's worker */
	u32 exp_cmd_sn, max_cmd_sn;
	u16 nr_slots;
	u16 nr_immediate;		/* immediate commands under way */
	u16 slot_hint;			/* where the search for a free slot starts */
	u32 data_bytes;			/* buffers of all commands; count_data() bounds it */
	u32 slot_gen;			/* counts allocations; part of the TTT */
	struct lunar_cmd **slots;	/* index is the low part of the TTT */
	unsigned long *slot_map;
	u32 *slot_ttt;			/* the last TTT each slot gave out */
	struct hlist_head itt_hash[LUNAR_ITT_BUCKETS];
	struct list_head held;		/* lunar_cmd.link: early CmdSNs, in order */

	struct lunar_submitq submitq;
};

extern spinlock_t lunar_session_lock;
extern struct list_head lunar_sessions;

/*
 * What a login needs to become a session. @tpg's use moves into the session on
 * success. For a discovery session @tpg is NULL and no core session is made.
 */
struct lunar_session_args {
	struct lunar_conn *conn;
	struct lunar_tpg *tpg;
	const struct se_node_acl *acl;	/* the explicit ACL the login was judged by; NULL: none */
	const struct lunar_login *login;
	u32 depth;			/* of the command window */
};

/*
 * Makes the session, gives it a TSIH, and ends the one it reinstates (same
 * initiator, ISID and TPG) without waiting for it. Process context. ERR_PTR:
 * -ENOMEM, -EACCES (no ACL, nor demo mode), -ESHUTDOWN (the TPG is disabled).
 */
struct lunar_session *lunar_session_create(const struct lunar_session_args *args);
void lunar_session_detach(struct lunar_session *session);
/*
 * SPC-2 reservations end with the session, not with its last command: others
 * may reserve as soon as they can know that it ended. Process context.
 */
void lunar_session_release_reservations(struct lunar_session *session);
void lunar_session_destroy(struct lunar_session *session);

/* Ends the sessions of one TPG, of one ACL, or the one with @se_sess. No wait. */
void lunar_session_kill_tpg(struct lunar_tpg *tpg);
void lunar_session_kill_se(const struct se_session *se_sess);

/*
 * The newest session of an ACL, or NULL; lunar_session_lock held by the caller
 * for as long as the result is used. For configfs.
 */
struct lunar_session *lunar_session_of_nacl(const struct se_node_acl *se_nacl);

#endif
