// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mkdir and rmdir do, and `enable`: names into objects. The core answers
 * -EINVAL to the user whatever is returned here, so the log gives the reason.
 */
#include <linux/err.h>
#include <linux/in.h>
#include <linux/in6.h>
#include <linux/inet.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/string.h>
#include <net/net_namespace.h>

#include "fabric.h"
#include "listen.h"

/* --- iscsi/<name> --- */

/* LIO takes any name, so it is taken; but no initiator can ask for a wrong one. */
static void warn_of_name(const char *name)
{
	enum lunar_name_result result = lunar_name_check(lunar_str_of(name));

	if (result != LUNAR_NAME_OK)
		pr_warn_ratelimited("%s: not an iSCSI name, no initiator can use it: %s\n", name,
				    lunar_name_result_text(result));
}

struct se_wwn *lunar_make_wwn(struct target_fabric_configfs *tf, struct config_group *group,
			      const char *name)
{
	struct lunar_target *target = lunar_target_create(name);

	if (!IS_ERR(target)) {
		warn_of_name(name);
		return &target->wwn;
	}
	if (PTR_ERR(target) == -EEXIST)
		pr_warn_ratelimited("%s: there is a target of this name in other letters\n", name);
	else if (PTR_ERR(target) == -EINVAL)
		pr_warn_ratelimited("%s: longer than %u bytes\n", name, LUNAR_NAME_LEN - 1);
	return ERR_CAST(target);
}

void lunar_add_wwn_groups(struct se_wwn *wwn)
{
	lunar_stats_add_target_groups(lunar_to_target(wwn));
}

void lunar_drop_wwn(struct se_wwn *wwn)
{
	lunar_target_destroy(lunar_to_target(wwn));
}

/* --- tpgt_<tag> --- */

#define TPG_PREFIX "tpgt_"

static int parse_tpgt(const char *name, u16 *tag)
{
	if (strncmp(name, TPG_PREFIX, strlen(TPG_PREFIX)))
		return -EINVAL;
	return kstrtou16(name + strlen(TPG_PREFIX), 0, tag);
}

struct se_portal_group *lunar_make_tpg(struct se_wwn *wwn, const char *name)
{
	struct lunar_target *target = lunar_to_target(wwn);
	struct lunar_tpg *tpg;
	u16 tag;

	if (parse_tpgt(name, &tag)) {
		pr_warn_ratelimited("%s/%s: not " TPG_PREFIX "<0..65535>\n", target->name, name);
		return ERR_PTR(-EINVAL);
	}
	tpg = lunar_tpg_create(target, tag);
	if (!IS_ERR(tpg))
		return &tpg->se_tpg;
	pr_warn_ratelimited("%s/%s: cannot make TPG %u, error %ld\n", target->name, name, tag,
			    PTR_ERR(tpg));
	return ERR_CAST(tpg);
}

int lunar_enable_tpg(struct se_portal_group *se_tpg, bool enable)
{
	return lunar_tpg_enable(lunar_to_tpg(se_tpg), enable);
}

void lunar_drop_tpg(struct se_portal_group *se_tpg)
{
	lunar_tpg_destroy(lunar_to_tpg(se_tpg));
}

/* --- np/<address>: "a.b.c.d:port" or "[v6]:port", v6 with %interface if link-local --- */

#define PORTAL_NAME_MAX	256

/* Cuts @text in two. NULL unless it is one of the two forms. */
static char *split_port(char **text)
{
	char *end;

	if (**text == '[') {
		end = strchr(++*text, ']');
		if (!end || end[1] != ':')
			return NULL;
		*end = '\0';
		return end + 2;
	}
	end = strchr(*text, ':');
	if (!end)
		return NULL;
	*end = '\0';
	return end + 1;
}

static int parse_portal(const char *name, struct sockaddr_storage *addr)
{
	char buf[PORTAL_NAME_MAX + 1];
	char *host = buf, *port;
	u16 port_nr;

	if (strscpy(buf, name, sizeof(buf)) < 0)
		return -EOVERFLOW;
	port = split_port(&host);
	if (!port || !*host || kstrtou16(port, 0, &port_nr) || !port_nr)
		return -EINVAL;
	return inet_pton_with_scope(&init_net, AF_UNSPEC, host, port, addr);
}

struct se_tpg_np *lunar_make_np(struct se_portal_group *se_tpg, struct config_group *group,
				const char *name)
{
	struct lunar_tpg *tpg = lunar_to_tpg(se_tpg);
	struct sockaddr_storage addr = {};
	struct lunar_tpg_np *np;
	int ret;

	ret = parse_portal(name, &addr);
	if (ret) {
		pr_warn_ratelimited("%s, tpgt_%u: portal '%s' is neither address:port nor [v6]:port\n",
				    tpg->target->name, tpg->tag, name);
		return ERR_PTR(ret);
	}
	np = lunar_portal_add(tpg, &addr);
	if (!IS_ERR(np))
		return &np->se_tpg_np;
	pr_warn_ratelimited("%s, tpgt_%u: cannot listen on %s, error %ld%s\n", tpg->target->name,
			    tpg->tag, name, PTR_ERR(np), PTR_ERR(np) == -EEXIST ?
			    " (the target has this portal)" : "");
	return ERR_CAST(np);
}

void lunar_drop_np(struct se_tpg_np *se_tpg_np)
{
	lunar_portal_del(container_of(se_tpg_np, struct lunar_tpg_np, se_tpg_np));
}

/* --- acls/<initiator> --- */

int lunar_init_nodeacl(struct se_node_acl *se_nacl, const char *name)
{
	struct lunar_nacl *nacl = lunar_to_nacl(se_nacl);
	int ret = lunar_nacl_init(nacl);

	if (ret) {
		pr_warn_ratelimited("%s: the TPG has an ACL of this name in other letters\n", name);
		return ret;
	}
	warn_of_name(name);
	lunar_stats_add_nacl_group(nacl);
	return 0;
}
