// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of calls the core makes into the fabric, with those too small for a
 * file of their own, and the registration.
 */
#include <linux/module.h>
#include <scsi/scsi_proto.h>

#include "cmd.h"
#include "fabric.h"
#include "lane.h"
#include "module.h"
#include "session.h"

char *lunar_fabric_name = "iscsi";
module_param_named(fabric_name, lunar_fabric_name, charp, 0444);
MODULE_PARM_DESC(fabric_name,
		 "directory under /sys/kernel/config/target (default iscsi; another name lets iscsi_target_mod be loaded beside it)");

static char *fabric_tpg_get_wwn(struct se_portal_group *se_tpg)
{
	return lunar_to_tpg(se_tpg)->target->name;
}

static u16 fabric_tpg_get_tag(struct se_portal_group *se_tpg)
{
	return lunar_to_tpg(se_tpg)->tag;
}

static u32 fabric_tpg_get_default_depth(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.default_cmdsn_depth);
}

static int fabric_tpg_demo_mode(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.generate_node_acls);
}

static int fabric_tpg_demo_mode_cache(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.cache_dynamic_acls);
}

static int fabric_tpg_demo_mode_write_protect(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.demo_mode_write_protect);
}

static int fabric_tpg_prod_mode_write_protect(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.prod_mode_write_protect);
}

static int fabric_tpg_demo_mode_login_only(struct se_portal_group *se_tpg)
{
	return 0;
}

static int fabric_tpg_prot_fabric_only(struct se_portal_group *se_tpg)
{
	return READ_ONCE(lunar_to_tpg(se_tpg)->attrib.fabric_prot_type);
}

static u32 fabric_tpg_inst_index(struct se_portal_group *se_tpg)
{
	return lunar_to_tpg(se_tpg)->target->index;
}

static u32 fabric_sess_get_index(struct se_session *se_sess)
{
	struct lunar_session *session = se_sess->fabric_sess_ptr;

	return session->sid;
}

static u32 fabric_sess_get_initiator_sid(struct se_session *se_sess, unsigned char *buf, u32 size)
{
	struct lunar_session *session = se_sess->fabric_sess_ptr;

	/* Text: the core compares and saves it as such (APTPL), and so does stock LIO. */
	return snprintf(buf, size, "%6phN", session->isid);
}

static void fabric_close_session(struct se_session *se_sess)
{
	lunar_session_kill_se(se_sess);
}

static int fabric_post_link(struct se_portal_group *se_tpg, struct se_lun *se_lun)
{
	lunar_lane_link(rcu_access_pointer(se_lun->lun_se_dev));
	return 0;
}

static void fabric_pre_unlink(struct se_portal_group *se_tpg, struct se_lun *se_lun)
{
	lunar_lane_unlink(rcu_access_pointer(se_lun->lun_se_dev));
}

const struct target_core_fabric_ops lunar_fabric_ops = {
	.module				= THIS_MODULE,
	.fabric_alias			= "iscsi",
	.fabric_name			= "iSCSI",
	.node_acl_size			= sizeof(struct lunar_nacl),
	.max_data_sg_nents		= LUNAR_TRANSFER_MAX / PAGE_SIZE,
	.tpg_get_wwn			= fabric_tpg_get_wwn,
	.tpg_get_tag			= fabric_tpg_get_tag,
	.tpg_get_default_depth		= fabric_tpg_get_default_depth,
	.tpg_check_demo_mode		= fabric_tpg_demo_mode,
	.tpg_check_demo_mode_cache	= fabric_tpg_demo_mode_cache,
	.tpg_check_demo_mode_write_protect = fabric_tpg_demo_mode_write_protect,
	.tpg_check_prod_mode_write_protect = fabric_tpg_prod_mode_write_protect,
	.tpg_check_demo_mode_login_only	= fabric_tpg_demo_mode_login_only,
	.tpg_check_prot_fabric_only	= fabric_tpg_prot_fabric_only,
	.tpg_get_inst_index		= fabric_tpg_inst_index,
	.check_stop_free		= lunar_scsi_check_stop_free,
	.release_cmd			= lunar_scsi_release_cmd,
	.close_session			= fabric_close_session,
	.sess_get_index			= fabric_sess_get_index,
	.sess_get_initiator_sid		= fabric_sess_get_initiator_sid,
	.write_pending			= lunar_scsi_write_pending,
	.set_default_node_attributes	= lunar_nacl_set_defaults,
	.get_cmd_state			= lunar_scsi_get_cmd_state,
	.queue_data_in			= lunar_scsi_queue_data_in,
	.queue_status			= lunar_scsi_queue_status,
	.queue_tm_rsp			= lunar_scsi_queue_tm_rsp,
	.aborted_task			= lunar_scsi_aborted_task,
	.fabric_make_wwn		= lunar_make_wwn,
	.fabric_drop_wwn		= lunar_drop_wwn,
	.add_wwn_groups			= lunar_add_wwn_groups,
	.fabric_make_tpg		= lunar_make_tpg,
	.fabric_enable_tpg		= lunar_enable_tpg,
	.fabric_drop_tpg		= lunar_drop_tpg,
	.fabric_make_np			= lunar_make_np,
	.fabric_drop_np			= lunar_drop_np,
	.fabric_init_nodeacl		= lunar_init_nodeacl,
	.fabric_post_link		= fabric_post_link,
	.fabric_pre_unlink		= fabric_pre_unlink,

	.tfc_discovery_attrs		= lunar_discovery_auth_attrs,
	.tfc_wwn_attrs			= lunar_fabric_attrs,
	.tfc_tpg_base_attrs		= lunar_tpg_base_attrs,
	.tfc_tpg_attrib_attrs		= lunar_tpg_attrib_attrs,
	.tfc_tpg_auth_attrs		= lunar_tpg_auth_attrs,
	.tfc_tpg_param_attrs		= lunar_tpg_param_attrs,
	.tfc_tpg_np_base_attrs		= lunar_portal_attrs,
	.tfc_tpg_nacl_base_attrs	= lunar_nacl_base_attrs,
	.tfc_tpg_nacl_attrib_attrs	= lunar_nacl_attrib_attrs,
	.tfc_tpg_nacl_auth_attrs	= lunar_nacl_auth_attrs,
	.tfc_tpg_nacl_param_attrs	= lunar_nacl_param_attrs,

	.write_pending_must_be_called	= 1,
#ifdef LUNAR_HAVE_DIRECT_SUBMIT
	.default_submit_type		= TARGET_DIRECT_SUBMIT,
	.direct_submit_supp		= 1,
#endif
};

/* What the core keeps a pointer to: the table above under the name asked for. */
static struct target_core_fabric_ops registered_ops;

/*
 * The core takes two fabrics of one name without a word and stops the machine
 * when the second goes (it unregisters by name). So stock iscsi_target_mod and
 * this module keep each other out while both would own target/iscsi.
 */
#define STOCK_MODULE "iscsi_target_mod"

static bool stock_fabric_loaded(void)
{
	struct kobject *kobj = kset_find_obj(THIS_MODULE->mkobj.kobj.kset, STOCK_MODULE);

	kobject_put(kobj);
	return kobj;
}

static int module_event(struct notifier_block *nb, unsigned long event, void *data)
{
	struct module *mod = data;

	if (event != MODULE_STATE_COMING || strcmp(mod->name, STOCK_MODULE))
		return NOTIFY_OK;
	pr_err("refused to let " STOCK_MODULE " load: lunar owns target/iscsi\n");
	return notifier_from_errno(-EBUSY);
}

static struct notifier_block module_notifier = { .notifier_call = module_event };

static bool owns_stock_name(void)
{
	return !strcmp(lunar_fabric_name, "iscsi");
}

/* Names under which the kernel's other fabrics stand in the core: two of one name can't be told apart. */
static const char *const taken_names[] = {
	"iscsi", "loopback", "vhost", "fc", "qla2xxx", "tcm_qla2xxx", "qla2xxx_npiv", "srpt", "sbp", "usb_gadget",
	"xen-pvscsi", "xen_pvscsi", "ibmvscsis", "efct_lio", "core",
};

static bool name_is_usable(void)
{
	size_t len = strlen(lunar_fabric_name), i;

	if (!len || len >= 16 || strchr(lunar_fabric_name, '/') || lunar_fabric_name[0] == '.') {
		pr_err("fabric_name '%s' is not a directory name of 1 to 15 characters\n",
		       lunar_fabric_name);
		return false;
	}
	for (i = 0; !owns_stock_name() && i < ARRAY_SIZE(taken_names); i++)
		if (!strcasecmp(lunar_fabric_name, taken_names[i])) {
			pr_err("fabric_name '%s' is the name of another fabric: choose one of your own\n",
			       lunar_fabric_name);
			return false;
		}
	return true;
}

int lunar_fabric_module_init(void)
{
	int ret;

	if (!name_is_usable())
		return -EINVAL;
	registered_ops = lunar_fabric_ops;
	if (!owns_stock_name()) {
		registered_ops.fabric_alias = lunar_fabric_name;
		registered_ops.fabric_name = lunar_fabric_name;
		return target_register_template(&registered_ops);
	}
	ret = register_module_notifier(&module_notifier);
	if (ret)
		return ret;
	ret = -EBUSY;
	if (stock_fabric_loaded()) {
		pr_err(STOCK_MODULE " is loaded and owns target/iscsi: unload it first, or load lunar with another fabric_name\n");
		goto err_notifier;
	}
	ret = target_register_template(&registered_ops);
	if (ret)
		goto err_notifier;
	return 0;

err_notifier:
	unregister_module_notifier(&module_notifier);
	return ret;
}

void lunar_fabric_module_exit(void)
{
	target_unregister_template(&registered_ops);
	if (owns_stock_name())
		unregister_module_notifier(&module_notifier);
}
