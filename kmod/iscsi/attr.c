// SPDX-License-Identifier: GPL-2.0-only
/* What the attribute files share. See attr.h. */
#include <linux/capability.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <linux/sysfs.h>

#include "attr.h"

#define PATH_LEN	576	/* two names of 223 and the fixed parts */

/* The path below target/, in the tail of @buf. */
static const char *item_path(const struct config_item *item, char *buf, size_t size)
{
	char *p = buf + size - 1;

	*p = '\0';
	for (; item->ci_parent && item->ci_parent->ci_parent; item = item->ci_parent) {
		const char *name = item->ci_name ? item->ci_name : "?";
		size_t len = strlen(name);

		if (len + 1 > p - buf)
			break;
		if (*p)
			*--p = '/';
		p -= len;
		memcpy(p, name, len);
	}
	return p;
}

void lunar_attr_refuse(struct config_item *item, const char *name, const char *fmt, ...)
{
	char path[PATH_LEN];
	struct va_format vaf = { .fmt = fmt };
	va_list args;

	va_start(args, fmt);
	vaf.va = &args;
	pr_warn_ratelimited("%s/%s: %pV\n", item_path(item, path, sizeof(path)), name, &vaf);
	va_end(args);
}

size_t lunar_attr_len(const char *page)
{
	size_t len = strlen(page);

	return len && page[len - 1] == '\n' ? len - 1 : len;
}

/* --- numbers --- */

int lunar_attr_number_parse(struct config_item *item, const struct lunar_attr_number *attr,
			    const char *page, u32 *value)
{
	int ret = kstrtou32(page, 0, value);

	if (ret) {
		lunar_attr_refuse(item, attr->name, "not a number of 32 bits");
		return ret;
	}
	if ((*value < attr->min || *value > attr->max) && *value != attr->also) {
		lunar_attr_refuse(item, attr->name, "%u is not in %u..%u", *value, attr->min,
				  attr->max);
		return -EINVAL;
	}
	if (attr->only_def && *value != attr->def) {
		lunar_attr_refuse(item, attr->name, "only %u is supported: %s", attr->def,
				  attr->only_def);
		return -EOPNOTSUPP;
	}
	return 0;
}

/* --- CHAP credentials --- */

static const struct {
	const char *name;
	size_t text, set;
} auth_strings[] = {
#define AUTH_STRING(field)								\
	[LUNAR_AUTH_##field] = { #field, offsetof(struct lunar_auth, field),		\
				 offsetof(struct lunar_auth, field##_set) }
	AUTH_STRING(userid),
	AUTH_STRING(password),
	AUTH_STRING(userid_mutual),
	AUTH_STRING(password_mutual),
};

ssize_t lunar_auth_show(struct lunar_auth_ref ref, enum lunar_auth_string which, char *page)
{
	ssize_t len;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	mutex_lock(ref.lock);
	len = sysfs_emit(page, "%s\n", (char *)ref.auth + auth_strings[which].text);
	mutex_unlock(ref.lock);
	return len;
}

ssize_t lunar_auth_store(struct config_item *item, struct lunar_auth_ref ref,
			 enum lunar_auth_string which, const char *page, size_t count)
{
	size_t len = lunar_attr_len(page);
	char *text = (char *)ref.auth + auth_strings[which].text;
	bool *set = (void *)ref.auth + auth_strings[which].set;

	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	if (len >= LUNAR_AUTH_MAX || strlen(page) != count) {
		lunar_attr_refuse(item, auth_strings[which].name,
				  "longer than %d bytes, or a NUL within", LUNAR_AUTH_MAX - 1);
		return -EINVAL;
	}
	mutex_lock(ref.lock);
	memzero_explicit(text, LUNAR_AUTH_MAX);
	memcpy(text, page, len);
	*set = len && strncmp(text, "NULL", 4);
	ref.auth->authenticate_target = ref.auth->userid_mutual_set && ref.auth->password_mutual_set;
	mutex_unlock(ref.lock);
	return count;
}

ssize_t lunar_auth_target_show(struct lunar_auth_ref ref, char *page)
{
	if (!capable(CAP_SYS_ADMIN))
		return -EPERM;
	return sysfs_emit(page, "%d\n", READ_ONCE(ref.auth->authenticate_target));
}
