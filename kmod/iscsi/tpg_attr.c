// SPDX-License-Identifier: GPL-2.0-only
/* The files of a target portal group (attrib/, auth/, param/, its own) and of its portals. */
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/sysfs.h>

#include "attr.h"

/* --- attrib/ --- */

struct tpg_number {
	struct lunar_attr_number number;
	/* What else a write changes, and what is stored; tpg->lock held; may be NULL. */
	u32 (*adjust)(struct lunar_tpg *tpg, u32 value);
};

/* "None" is offered exactly while no authentication is asked for. */
static u32 adjust_authentication(struct lunar_tpg *tpg, u32 value)
{
	lunar_tpg_sync_auth_methods(tpg, value);
	return value;
}

/* As on LIO, an ACL made for a demo-mode login is kept when its session ends. */
static u32 adjust_generate_node_acls(struct lunar_tpg *tpg, u32 value)
{
	if (value)
		WRITE_ONCE(tpg->attrib.cache_dynamic_acls, 1);
	return value;
}

static u32 adjust_cache_dynamic_acls(struct lunar_tpg *tpg, u32 value)
{
	if (value || !tpg->attrib.generate_node_acls)
		return value;
	pr_info_ratelimited("%s, tpgt_%u: cache_dynamic_acls stays 1 while generate_node_acls is\n",
			    tpg->target->name, tpg->tag);
	return 1;
}

static u32 adjust_keys_workaround(struct lunar_tpg *tpg, u32 value)
{
	tpg->offer.keys_workaround = value;
	return value;
}

#define NO_ERL "there is no error recovery level above 0"
#define NO_PI "protection information does not travel over TCP"
#define NO_NETIF "there is no such timeout"

/* X(name, default, min, max, also, why only the default, what else a write changes) */
#define TPG_NUMBERS(X)									\
	X(authentication, 1, 0, 1, 0, NULL, adjust_authentication)			\
	X(login_timeout, 15, 5, 30, 15, NULL, NULL)					\
	TPG_NUMBERS_61(X)								\
	X(generate_node_acls, 0, 0, 1, 0, NULL, adjust_generate_node_acls)		\
	X(default_cmdsn_depth, 64, 1, 512, 64, NULL, NULL)				\
	X(cache_dynamic_acls, 0, 0, 1, 0, NULL, adjust_cache_dynamic_acls)		\
	X(demo_mode_write_protect, 1, 0, 1, 0, NULL, NULL)				\
	X(prod_mode_write_protect, 0, 0, 1, 0, NULL, NULL)				\
	X(demo_mode_discovery, 1, 0, 1, 0, NULL, NULL)					\
	X(default_erl, 0, 0, 2, 0, NO_ERL, NULL)					\
	X(t10_pi, 0, 0, 1, 0, NO_PI, NULL)						\
	X(fabric_prot_type, 0, 0, 1, 3, NO_PI, NULL)					\
	X(tpg_enabled_sendtargets, 1, 0, 1, 0, NULL, NULL)				\
	X(login_keys_workaround, 1, 0, 1, 0, NULL, adjust_keys_workaround)

#ifdef LUNAR_COMPAT_61_ATTRS
#define TPG_NUMBERS_61(X) X(netif_timeout, 2, 2, 15, 2, NO_NETIF, NULL)
#else
#define TPG_NUMBERS_61(X)
#endif

static ssize_t tpg_number_show(struct config_item *item, const struct tpg_number *attr, char *page)
{
	struct lunar_tpg *tpg = lunar_to_tpg(attrib_to_tpg(item));

	return sysfs_emit(page, "%u\n", READ_ONCE(*lunar_attr_number_at(&tpg->attrib, &attr->number)));
}

static ssize_t tpg_number_store(struct config_item *item, const struct tpg_number *attr,
				const char *page, size_t count)
{
	struct lunar_tpg *tpg = lunar_to_tpg(attrib_to_tpg(item));
	u32 value;
	int ret;

	ret = lunar_attr_number_parse(item, &attr->number, page, &value);
	if (ret)
		return ret;
	mutex_lock(&tpg->lock);
	if (attr->adjust)
		value = attr->adjust(tpg, value);
	WRITE_ONCE(*lunar_attr_number_at(&tpg->attrib, &attr->number), value);
	mutex_unlock(&tpg->lock);
	return count;
}

#define TPG_NUMBER_FILE(_name, _def, _min, _max, _also, _only, _adjust)		\
static const struct tpg_number tpg_number_##_name = {					\
	{ #_name, _def, _min, _max, _also, _only, offsetof(struct lunar_tpg_attrib, _name) }, \
	_adjust										\
};											\
static ssize_t tpg_attrib_##_name##_show(struct config_item *item, char *page)		\
{											\
	return tpg_number_show(item, &tpg_number_##_name, page);			\
}											\
static ssize_t tpg_attrib_##_name##_store(struct config_item *item, const char *page,	\
					  size_t count)					\
{											\
	return tpg_number_store(item, &tpg_number_##_name, page, count);		\
}											\
CONFIGFS_ATTR(tpg_attrib_, _name);

TPG_NUMBERS(TPG_NUMBER_FILE)

#define TPG_NUMBER_ENTRY(_name, ...) &tpg_attrib_attr_##_name,

struct configfs_attribute *lunar_tpg_attrib_attrs[] = {
	TPG_NUMBERS(TPG_NUMBER_ENTRY)
	NULL,
};

void lunar_tpg_attr_defaults(struct lunar_tpg *tpg)
{
#define TPG_NUMBER_DEFAULT(_name, _def, ...) tpg->attrib._name = _def;
	TPG_NUMBERS(TPG_NUMBER_DEFAULT)
	lunar_nego_offer_default(&tpg->offer);
	tpg->offer.tpgt = tpg->tag;
	tpg->offer.keys_workaround = tpg->attrib.login_keys_workaround;
}

void lunar_tpg_sync_auth_methods(struct lunar_tpg *tpg, bool authentication)
{
	lockdep_assert_held(&tpg->lock);
	if (!authentication) {
		tpg->offer.auth_methods |= LUNAR_AUTH_NONE;
		return;
	}
	tpg->offer.auth_methods = LUNAR_AUTH_CHAP;
}

/* --- auth/ --- */

static struct lunar_auth_ref tpg_auth(struct config_item *item)
{
	struct lunar_tpg *tpg = lunar_to_tpg(auth_to_tpg(item));

	return (struct lunar_auth_ref){ &tpg->lock, &tpg->auth };
}

LUNAR_AUTH_FILES(tpg_auth_, tpg_auth);

struct configfs_attribute *lunar_tpg_auth_attrs[] = {
	LUNAR_AUTH_ATTRS(tpg_auth_),
	NULL,
};

/* --- param/ --- */

#define TPG_PARAMS(X)									\
	X(AuthMethod) X(HeaderDigest) X(DataDigest) X(MaxConnections) X(TargetAlias)	\
	X(InitialR2T) X(ImmediateData) X(MaxRecvDataSegmentLength)			\
	X(MaxXmitDataSegmentLength) X(MaxBurstLength) X(FirstBurstLength)		\
	X(DefaultTime2Wait) X(DefaultTime2Retain) X(MaxOutstandingR2T)			\
	X(DataPDUInOrder) X(DataSequenceInOrder) X(ErrorRecoveryLevel)			\
	X(IFMarker) X(OFMarker) X(IFMarkInt) X(OFMarkInt)

static ssize_t tpg_param_show(struct config_item *item, const char *name, char *page)
{
	struct lunar_tpg *tpg = lunar_to_tpg(param_to_tpg(item));
	u32 len;

	mutex_lock(&tpg->lock);
	len = lunar_param_show(&tpg->offer, name, page, PAGE_SIZE - 1);
	mutex_unlock(&tpg->lock);
	return len + sysfs_emit_at(page, len, "\n");
}

static ssize_t tpg_param_store(struct config_item *item, const char *name, const char *page,
			       size_t count)
{
	struct lunar_tpg *tpg = lunar_to_tpg(param_to_tpg(item));
	struct lunar_str value = { page, lunar_attr_len(page) };
	enum lunar_param_result result = LUNAR_PARAM_BAD_VALUE;
	const char *why = "text without a NUL";

	if (strlen(page) == count) {
		mutex_lock(&tpg->lock);
		result = lunar_param_set(&tpg->offer, name, value, &why);
		mutex_unlock(&tpg->lock);
	}
	if (result == LUNAR_PARAM_OK)
		return count;
	lunar_attr_refuse(item, name, "not taken, allowed: %s", why);
	return result == LUNAR_PARAM_UNSUPPORTED ? -EOPNOTSUPP : -EINVAL;
}

#define TPG_PARAM_FILE(name)								\
static ssize_t tpg_param_##name##_show(struct config_item *item, char *page)		\
{											\
	return tpg_param_show(item, #name, page);					\
}											\
static ssize_t tpg_param_##name##_store(struct config_item *item, const char *page,	\
					size_t count)					\
{											\
	return tpg_param_store(item, #name, page, count);				\
}											\
CONFIGFS_ATTR(tpg_param_, name);

TPG_PARAMS(TPG_PARAM_FILE)

#define TPG_PARAM_ENTRY(name) &tpg_param_attr_##name,

struct configfs_attribute *lunar_tpg_param_attrs[] = {
	TPG_PARAMS(TPG_PARAM_ENTRY)
	NULL,
};

/* --- the TPG itself; `enable` is the core's --- */

static ssize_t tpg_dynamic_sessions_show(struct config_item *item, char *page)
{
	return target_show_dynamic_sessions(to_tpg(item), page);
}

CONFIGFS_ATTR_RO(tpg_, dynamic_sessions);

struct configfs_attribute *lunar_tpg_base_attrs[] = {
	&tpg_attr_dynamic_sessions,
	NULL,
};

/* --- np/<address>/: the transports stock LIO has besides TCP --- */

static ssize_t portal_transport_store(struct config_item *item, const char *name, const char *page,
				      size_t count)
{
	u32 value;
	int ret = kstrtou32(page, 0, &value);

	if (!ret && value > 1)
		ret = -EINVAL;
	if (ret)
		lunar_attr_refuse(item, name, "neither 0 nor 1");
	else if (value)
		lunar_attr_refuse(item, name, "only 0 is supported: portals are plain TCP");
	return ret ? ret : value ? -EOPNOTSUPP : count;
}

#define PORTAL_TRANSPORT_FILE(name)							\
static ssize_t portal_##name##_show(struct config_item *item, char *page)		\
{											\
	return sysfs_emit(page, "0\n");							\
}											\
static ssize_t portal_##name##_store(struct config_item *item, const char *page,	\
				     size_t count)					\
{											\
	return portal_transport_store(item, #name, page, count);			\
}											\
CONFIGFS_ATTR(portal_, name)

PORTAL_TRANSPORT_FILE(iser);
PORTAL_TRANSPORT_FILE(cxgbit);

struct configfs_attribute *lunar_portal_attrs[] = {
	&portal_attr_iser,
	&portal_attr_cxgbit,
	NULL,
};
