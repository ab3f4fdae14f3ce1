/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the configfs attribute files share: numbers by a table, CHAP strings by
 * a table, and one way to say why a write was refused. Process context; a store
 * or show is called with its item pinned by configfs.
 *
 * Errors of a write: -EINVAL or -ERANGE for what stock LIO refuses too,
 * -EOPNOTSUPP for a value that LIO takes and this target cannot honour. It is
 * never taken and ignored. The reason goes to the kernel log, with the path of
 * the file; secrets never do.
 */
#ifndef LUNAR_ISCSI_ATTR_H
#define LUNAR_ISCSI_ATTR_H

#include <linux/configfs.h>
#include <linux/mutex.h>
#include <linux/types.h>

#include "fabric.h"

/* What lio_version and iscsi_instance/version say; tools of LIO read it. */
#define LUNAR_LIO_VERSION	"v4.1.0"

/* Logs "<path of @item>/<name>: <reason>", rate-limited. */
__printf(3, 4)
void lunar_attr_refuse(struct config_item *item, const char *name, const char *fmt, ...);

/* Length of the string a store was given, without one newline at its end. */
size_t lunar_attr_len(const char *page);

/* A number: @min..@max, and @also beside them. */
struct lunar_attr_number {
	const char *name;
	u32 def, min, max, also;
	const char *only_def;	/* why nothing but @def works here, or NULL */
	size_t offset;		/* of the u32, in the struct that has them all */
};

/* Parses and checks; logs what is refused. */
int lunar_attr_number_parse(struct config_item *item, const struct lunar_attr_number *attr,
			    const char *page, u32 *value);

static inline u32 *lunar_attr_number_at(void *base, const struct lunar_attr_number *attr)
{
	return base + attr->offset;
}

/* tpg_attr.c: every attribute and parameter of a new TPG. */
void lunar_tpg_attr_defaults(struct lunar_tpg *tpg);
/* Makes param/AuthMethod fit attrib/authentication. tpg->lock held. */
void lunar_tpg_sync_auth_methods(struct lunar_tpg *tpg, bool authentication);

/* Some CHAP credentials and the lock they are under. */
struct lunar_auth_ref {
	struct mutex *lock;
	struct lunar_auth *auth;
};

enum lunar_auth_string {
	LUNAR_AUTH_userid,
	LUNAR_AUTH_password,
	LUNAR_AUTH_userid_mutual,
	LUNAR_AUTH_password_mutual,
};

/*
 * CAP_SYS_ADMIN, else -EPERM. A value that starts with "NULL", or is empty,
 * unsets the string; one that doesn't fit is refused, never cut.
 */
ssize_t lunar_auth_show(struct lunar_auth_ref ref, enum lunar_auth_string which, char *page);
ssize_t lunar_auth_store(struct config_item *item, struct lunar_auth_ref ref,
			 enum lunar_auth_string which, const char *page, size_t count);
ssize_t lunar_auth_target_show(struct lunar_auth_ref ref, char *page);

#define LUNAR_AUTH_FILE(pfx, name, locate)						\
static ssize_t pfx##name##_show(struct config_item *item, char *page)			\
{											\
	return lunar_auth_show(locate(item), LUNAR_AUTH_##name, page);			\
}											\
static ssize_t pfx##name##_store(struct config_item *item, const char *page, size_t count) \
{											\
	return lunar_auth_store(item, locate(item), LUNAR_AUTH_##name, page, count);	\
}											\
CONFIGFS_ATTR(pfx, name)

/* The five files of an auth directory; @locate gives the lunar_auth_ref of an item. */
#define LUNAR_AUTH_FILES(pfx, locate)							\
LUNAR_AUTH_FILE(pfx, userid, locate);							\
LUNAR_AUTH_FILE(pfx, password, locate);							\
LUNAR_AUTH_FILE(pfx, userid_mutual, locate);						\
LUNAR_AUTH_FILE(pfx, password_mutual, locate);						\
static ssize_t pfx##authenticate_target_show(struct config_item *item, char *page)	\
{											\
	return lunar_auth_target_show(locate(item), page);				\
}											\
CONFIGFS_ATTR_RO(pfx, authenticate_target)

#define LUNAR_AUTH_ATTRS(pfx)								\
	&pfx##attr_userid,								\
	&pfx##attr_password,								\
	&pfx##attr_authenticate_target,							\
	&pfx##attr_userid_mutual,							\
	&pfx##attr_password_mutual

#endif
