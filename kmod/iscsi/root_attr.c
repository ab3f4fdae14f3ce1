// SPDX-License-Identifier: GPL-2.0-only
/* The files of the fabric's own directory, and discovery_auth/. */
#include <linux/cpumask.h>
#include <linux/kernel.h>
#include <linux/slab.h>
#include <linux/sysfs.h>

#include "attr.h"

/* --- the fabric's directory --- */

struct cpumask lunar_cpus_allowed = CPU_MASK_ALL;

/* The words of LIO: tools compare them to tell which features a fabric has. */
static ssize_t lunar_root_lio_version_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "Datera Inc. iSCSI Target " LUNAR_LIO_VERSION "\n");
}

static ssize_t lunar_root_cpus_allowed_list_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%*pbl\n", cpumask_pr_args(&lunar_cpus_allowed));
}

static ssize_t lunar_root_cpus_allowed_list_store(struct config_item *item, const char *page,
						  size_t count)
{
	cpumask_var_t mask;
	int ret;

	if (!zalloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	ret = cpulist_parse(page, mask);
	if (!ret && !cpumask_intersects(mask, cpu_online_mask)) {
		lunar_attr_refuse(item, "cpus_allowed_list", "no CPU that is online (%*pbl are)",
				  cpumask_pr_args(cpu_online_mask));
		ret = -EINVAL;
	}
	if (!ret)
		cpumask_copy(&lunar_cpus_allowed, mask);
	free_cpumask_var(mask);
	return ret ? ret : count;
}

CONFIGFS_ATTR_RO(lunar_root_, lio_version);
CONFIGFS_ATTR(lunar_root_, cpus_allowed_list);

struct configfs_attribute *lunar_fabric_attrs[] = {
	&lunar_root_attr_lio_version,
	&lunar_root_attr_cpus_allowed_list,
	NULL,
};

/* --- discovery_auth/ --- */

struct lunar_discovery lunar_discovery = {
	.lock = __MUTEX_INITIALIZER(lunar_discovery.lock),
};

static struct lunar_auth_ref discovery_auth(struct config_item *item)
{
	return (struct lunar_auth_ref){ &lunar_discovery.lock, &lunar_discovery.auth };
}

LUNAR_AUTH_FILES(lunar_discovery_, discovery_auth);

static ssize_t lunar_discovery_enforce_discovery_auth_show(struct config_item *item, char *page)
{
	return sysfs_emit(page, "%d\n", READ_ONCE(lunar_discovery.enforce_auth));
}

static ssize_t lunar_discovery_enforce_discovery_auth_store(struct config_item *item,
							    const char *page, size_t count)
{
	u32 value;

	if (kstrtou32(page, 0, &value) || value > 1) {
		lunar_attr_refuse(item, "enforce_discovery_auth", "neither 0 nor 1");
		return -EINVAL;
	}
	mutex_lock(&lunar_discovery.lock);
	lunar_discovery.enforce_auth = value;
	mutex_unlock(&lunar_discovery.lock);
	return count;
}

CONFIGFS_ATTR(lunar_discovery_, enforce_discovery_auth);

struct configfs_attribute *lunar_discovery_auth_attrs[] = {
	LUNAR_AUTH_ATTRS(lunar_discovery_),
	&lunar_discovery_attr_enforce_discovery_auth,
	NULL,
};
