// SPDX-License-Identifier: GPL-2.0-only
/* The files of a node ACL: its own, attrib/, auth/, param/. */
#include <linux/kernel.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "attr.h"
#include "conn.h"
#include "session.h"

static struct mutex *nacl_lock(const struct lunar_nacl *nacl)
{
	return &lunar_to_tpg(nacl->se_nacl.se_tpg)->lock;
}

/* --- attrib/ --- */

#define NO_ERL "there is no error recovery level above 0"
#define NO_DATAOUT_CLOCK "nothing limits the time between two Data-Out PDUs"
#define IN_ORDER "data is asked for and sent in order of its offset"

/* X(name, default, min, max, also, why only the default) */
#define NACL_NUMBERS(X)									\
	X(dataout_timeout, 3, 2, 60, 3, NO_DATAOUT_CLOCK)				\
	X(dataout_timeout_retries, 5, 1, 15, 5, NO_DATAOUT_CLOCK)			\
	X(default_erl, 0, 0, 2, 0, NO_ERL)						\
	X(nopin_timeout, 15, 3, 60, 0, NULL)						\
	X(nopin_response_timeout, 30, 3, 60, 30, NULL)					\
	X(random_datain_pdu_offsets, 0, 0, 1, 0, IN_ORDER)				\
	X(random_datain_seq_offsets, 0, 0, 1, 0, IN_ORDER)				\
	X(random_r2t_offsets, 0, 0, 1, 0, IN_ORDER)

/*
 * Connections have copies of the timeouts and read them when their clock ticks.
 * One whose pings were off has no clock: it gets a tick, unless it is closing.
 */
static void conn_set_timeouts(struct lunar_conn *conn, const struct lunar_node_attrib *attrib)
{
	bool was_off = !READ_ONCE(conn->nopin_timeout);

	WRITE_ONCE(conn->nopin_timeout, attrib->nopin_timeout);
	WRITE_ONCE(conn->nopin_response_timeout, attrib->nopin_response_timeout);
	if (!was_off || READ_ONCE(conn->state) != LUNAR_CONN_FULL_FEATURE)
		return;
	set_bit(LUNAR_CONN_TICK, &conn->flags);
	lunar_conn_kick(conn);
}

static void nacl_set_timeouts(const struct lunar_nacl *nacl)
{
	struct lunar_session *session;
	struct lunar_conn *conn;

	spin_lock(&lunar_session_lock);
	list_for_each_entry(session, &lunar_sessions, list) {
		if (!session->se_sess || session->se_sess->se_node_acl != &nacl->se_nacl)
			continue;
		list_for_each_entry(conn, &session->conns, sess_list)
			conn_set_timeouts(conn, &nacl->attrib);
	}
	spin_unlock(&lunar_session_lock);
}

static ssize_t nacl_number_show(struct config_item *item, const struct lunar_attr_number *attr,
				char *page)
{
	struct lunar_nacl *nacl = lunar_to_nacl(attrib_to_nacl(item));

	return sysfs_emit(page, "%u\n", READ_ONCE(*lunar_attr_number_at(&nacl->attrib, attr)));
}

static ssize_t nacl_number_store(struct config_item *item, const struct lunar_attr_number *attr,
				 const char *page, size_t count)
{
	struct lunar_nacl *nacl = lunar_to_nacl(attrib_to_nacl(item));
	u32 value;
	int ret;

	ret = lunar_attr_number_parse(item, attr, page, &value);
	if (ret)
		return ret;
	mutex_lock(nacl_lock(nacl));
	WRITE_ONCE(*lunar_attr_number_at(&nacl->attrib, attr), value);
	nacl_set_timeouts(nacl);
	mutex_unlock(nacl_lock(nacl));
	return count;
}

#define NACL_NUMBER_FILE(_name, _def, _min, _max, _also, _only)				\
static const struct lunar_attr_number nacl_number_##_name = {				\
	#_name, _def, _min, _max, _also, _only, offsetof(struct lunar_node_attrib, _name) \
};											\
static ssize_t nacl_attrib_##_name##_show(struct config_item *item, char *page)		\
{											\
	return nacl_number_show(item, &nacl_number_##_name, page);			\
}											\
static ssize_t nacl_attrib_##_name##_store(struct config_item *item, const char *page,	\
					   size_t count)				\
{											\
	return nacl_number_store(item, &nacl_number_##_name, page, count);		\
}											\
CONFIGFS_ATTR(nacl_attrib_, _name);

NACL_NUMBERS(NACL_NUMBER_FILE)

static ssize_t nacl_attrib_authentication_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n",
			  READ_ONCE(lunar_to_nacl(attrib_to_nacl(item))->attrib.authentication));
}

static ssize_t nacl_attrib_authentication_store(struct config_item *item, const char *page,
						size_t count)
{
	struct lunar_nacl *nacl = lunar_to_nacl(attrib_to_nacl(item));
	s32 value;
	int ret = kstrtos32(page, 0, &value);

	if (!ret && (value < -1 || value > 1))
		ret = -EINVAL;
	if (ret) {
		lunar_attr_refuse(item, "authentication", "none of 0, 1 and -1 (as the TPG)");
		return ret;
	}
	mutex_lock(nacl_lock(nacl));
	WRITE_ONCE(nacl->attrib.authentication, value);
	mutex_unlock(nacl_lock(nacl));
	return count;
}

CONFIGFS_ATTR(nacl_attrib_, authentication);

#define NACL_NUMBER_ENTRY(_name, ...) &nacl_attrib_attr_##_name,

struct configfs_attribute *lunar_nacl_attrib_attrs[] = {
	NACL_NUMBERS(NACL_NUMBER_ENTRY)
	&nacl_attrib_attr_authentication,
	NULL,
};

void lunar_nacl_set_defaults(struct se_node_acl *se_nacl)
{
	struct lunar_node_attrib *attrib = &lunar_to_nacl(se_nacl)->attrib;

#define NACL_NUMBER_DEFAULT(_name, _def, ...) attrib->_name = _def;
	NACL_NUMBERS(NACL_NUMBER_DEFAULT)
	attrib->default_erl = READ_ONCE(lunar_to_tpg(se_nacl->se_tpg)->attrib.default_erl);
	attrib->authentication = -1;
}

/* --- its name --- */

int lunar_nacl_init(struct lunar_nacl *nacl)
{
	struct se_portal_group *se_tpg = nacl->se_nacl.se_tpg;
	const struct se_node_acl *other;
	int ret = 0;

	mutex_lock(&se_tpg->acl_node_mutex);
	lunar_name_lower(nacl->se_nacl.initiatorname);
	list_for_each_entry(other, &se_tpg->acl_node_list, acl_list)
		if (other != &nacl->se_nacl &&
		    !strcmp(other->initiatorname, nacl->se_nacl.initiatorname))
			ret = -EEXIST;
	mutex_unlock(&se_tpg->acl_node_mutex);
	return ret;
}

/* --- auth/ --- */

static struct lunar_auth_ref nacl_auth(struct config_item *item)
{
	struct lunar_nacl *nacl = lunar_to_nacl(auth_to_nacl(item));

	return (struct lunar_auth_ref){ nacl_lock(nacl), &nacl->auth };
}

LUNAR_AUTH_FILES(nacl_auth_, nacl_auth);

struct configfs_attribute *lunar_nacl_auth_attrs[] = {
	LUNAR_AUTH_ATTRS(nacl_auth_),
	NULL,
};

/* --- param/: what the session agreed on --- */

/* X(name, field of struct lunar_nego_result) */
#define NACL_PARAMS(X)									\
	X(MaxConnections, max_connections)						\
	X(InitialR2T, initial_r2t)							\
	X(ImmediateData, immediate_data)						\
	X(MaxBurstLength, max_burst)							\
	X(FirstBurstLength, first_burst)						\
	X(DefaultTime2Wait, time2wait)							\
	X(DefaultTime2Retain, time2retain)						\
	X(MaxOutstandingR2T, max_r2t)							\
	X(DataPDUInOrder, pdu_in_order)							\
	X(DataSequenceInOrder, sequence_in_order)					\
	X(ErrorRecoveryLevel, erl)

static ssize_t nacl_param_show(struct config_item *item, size_t offset, char *page)
{
	const struct lunar_session *session;
	ssize_t len;

	spin_lock(&lunar_session_lock);
	session = lunar_session_of_nacl(param_to_nacl(item));
	if (session)
		len = sysfs_emit(page, "%u\n", *(const u32 *)((const u8 *)&session->nego + offset));
	else
		len = sysfs_emit(page, "No Active iSCSI Session\n");
	spin_unlock(&lunar_session_lock);
	return len;
}

#define NACL_PARAM_FILE(_name, _field)							\
static ssize_t nacl_param_##_name##_show(struct config_item *item, char *page)		\
{											\
	return nacl_param_show(item, offsetof(struct lunar_nego_result, _field), page);	\
}											\
CONFIGFS_ATTR_RO(nacl_param_, _name);

NACL_PARAMS(NACL_PARAM_FILE)

#define NACL_PARAM_ENTRY(_name, ...) &nacl_param_attr_##_name,

struct configfs_attribute *lunar_nacl_param_attrs[] = {
	NACL_PARAMS(NACL_PARAM_ENTRY)
	NULL,
};

/* --- info: its shape is an interface, rtslib takes it apart by lines and words --- */

/* No connection's two lines are longer; whole ones only are shown. */
#define INFO_CONN_MAX	160

static const char * const conn_state_names[] = {
	[LUNAR_CONN_LOGIN] = "TARG_CONN_STATE_IN_LOGIN",
	[LUNAR_CONN_FULL_FEATURE] = "TARG_CONN_STATE_LOGGED_IN",
	[LUNAR_CONN_CLOSE_AFTER_TX] = "TARG_CONN_STATE_IN_LOGOUT",
	[LUNAR_CONN_DRAIN] = "TARG_CONN_STATE_IN_LOGOUT",
	[LUNAR_CONN_CLOSED] = "TARG_CONN_STATE_CLEANUP_WAIT",
};

static int info_identity(const struct lunar_session *session, char *page)
{
	int at = sysfs_emit(page, "InitiatorName: %s\n", session->initiator_name);

	at += sysfs_emit_at(page, at, "InitiatorAlias: %s\n", session->initiator_alias);
	at += sysfs_emit_at(page, at, "LIO Session ID: %u   ISID: 0x%6ph  TSIH: %hu  ",
			    session->sid, session->isid, session->tsih);
	at += sysfs_emit_at(page, at, "SessionType: %s\n",
			    session->discovery ? "Discovery" : "Normal");
	at += sysfs_emit_at(page, at, "Session State: %s\n",
			    session->state == LUNAR_SESS_LOGGED_IN ?
			    "TARG_SESS_STATE_LOGGED_IN" : "TARG_SESS_STATE_FAILED");
	return at;
}

static int info_numbering(const struct lunar_session *session, u32 depth, char *page, int at)
{
	u32 exp = READ_ONCE(session->exp_cmd_sn), max = READ_ONCE(session->max_cmd_sn);
	int start = at;

	at += sysfs_emit_at(page, at,
			    "---------------------[iSCSI Session Values]-----------------------\n");
	at += sysfs_emit_at(page, at,
			    "  CmdSN/WR  :  CmdSN/WC  :  ExpCmdSN  :  MaxCmdSN  :     ITT    :     TTT\n");
	at += sysfs_emit_at(page, at,
			    " 0x%08x   0x%08x   0x%08x   0x%08x   0x%08x   0x%08x\n",
			    depth, max - exp + 1, exp, max, session->login_itt,
			    READ_ONCE(session->slot_gen));
	return at - start;
}

static int info_conn(const struct lunar_conn *conn, char *page, int at)
{
	int start = at;

	at += sysfs_emit_at(page, at, "CID: %hu  Connection State: %s\n", conn->cid,
			    conn_state_names[READ_ONCE(conn->state)]);
	at += sysfs_emit_at(page, at, "   Address %pISc TCP  StatSN: 0x%08x\n", &conn->peer,
			    READ_ONCE(conn->stat_sn));
	return at - start;
}

static int info_session(const struct lunar_session *session, u32 depth, char *page)
{
	const struct lunar_conn *conn;
	int at = info_identity(session, page);

	at += info_numbering(session, depth, page, at);
	at += sysfs_emit_at(page, at,
			    "----------------------[iSCSI Connections]-------------------------\n");
	list_for_each_entry(conn, &session->conns, sess_list) {
		if (at + INFO_CONN_MAX > PAGE_SIZE)
			break;
		at += info_conn(conn, page, at);
	}
	return at;
}

static ssize_t nacl_info_show(struct config_item *item, char *page)
{
	const struct se_node_acl *se_nacl = acl_to_nacl(item);
	const struct lunar_session *session;
	ssize_t len;

	spin_lock(&lunar_session_lock);
	session = lunar_session_of_nacl(se_nacl);
	if (session)
		len = info_session(session, READ_ONCE(se_nacl->queue_depth), page);
	else
		len = sysfs_emit(page, "No active iSCSI Session for Initiator Endpoint: %s\n",
				 config_item_name(item));
	spin_unlock(&lunar_session_lock);
	return len;
}

CONFIGFS_ATTR_RO(nacl_, info);

/* --- cmdsn_depth, tag --- */

static const struct lunar_attr_number cmdsn_depth = { .name = "cmdsn_depth", .max = 512 };

static ssize_t nacl_cmdsn_depth_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%u\n", READ_ONCE(acl_to_nacl(item)->queue_depth));
}

/* The core ends the ACL's sessions when the depth changes, and makes 1 of 0. */
static ssize_t nacl_cmdsn_depth_store(struct config_item *item, const char *page, size_t count)
{
	struct se_node_acl *se_nacl = acl_to_nacl(item);
	u32 value;
	int ret;

	ret = lunar_attr_number_parse(item, &cmdsn_depth, page, &value);
	if (ret)
		return ret;
	mutex_lock(nacl_lock(lunar_to_nacl(se_nacl)));
	ret = core_tpg_set_initiator_node_queue_depth(se_nacl, value);
	mutex_unlock(nacl_lock(lunar_to_nacl(se_nacl)));
	return ret ? ret : count;
}

/* Without a newline, as on LIO. */
static ssize_t nacl_tag_show(struct config_item *item, char *page)
{
	struct se_node_acl *se_nacl = acl_to_nacl(item);
	ssize_t len;

	mutex_lock(nacl_lock(lunar_to_nacl(se_nacl)));
	len = sysfs_emit(page, "%s", se_nacl->acl_tag);
	mutex_unlock(nacl_lock(lunar_to_nacl(se_nacl)));
	return len;
}

static ssize_t nacl_tag_store(struct config_item *item, const char *page, size_t count)
{
	struct se_node_acl *se_nacl = acl_to_nacl(item);
	size_t len = lunar_attr_len(page);
	char tag[MAX_ACL_TAG_SIZE];
	int ret;

	if (len >= sizeof(tag)) {
		lunar_attr_refuse(item, "tag", "longer than %zu bytes", sizeof(tag) - 1);
		return -EINVAL;
	}
	memcpy(tag, page, len);
	tag[len] = '\0';
	mutex_lock(nacl_lock(lunar_to_nacl(se_nacl)));
	ret = core_tpg_set_initiator_node_tag(se_nacl->se_tpg, se_nacl, tag);
	mutex_unlock(nacl_lock(lunar_to_nacl(se_nacl)));
	return ret < 0 ? ret : count;
}

CONFIGFS_ATTR(nacl_, cmdsn_depth);
CONFIGFS_ATTR(nacl_, tag);

struct configfs_attribute *lunar_nacl_base_attrs[] = {
	&nacl_attr_info,
	&nacl_attr_cmdsn_depth,
	&nacl_attr_tag,
	NULL,
};
