// SPDX-License-Identifier: GPL-2.0-only
/* The init ladder, nothing else. */
#include <linux/module.h>

#include "iscsi/fabric.h"
#include "iscsi/module.h"

static int __init lunar_init(void)
{
	int ret;

	ret = lunar_cmd_module_init();
	if (ret)
		return ret;
	ret = lunar_submit_module_init();
	if (ret)
		goto err_submit;
	ret = lunar_conn_module_init();
	if (ret)
		goto err_conn;
	lunar_login_module_init();
	ret = lunar_fabric_module_init();
	if (ret)
		goto err_fabric;
	return 0;

err_fabric:
	lunar_conn_module_exit();
err_conn:
	lunar_submit_module_exit();
err_submit:
	lunar_cmd_module_exit();
	return ret;
}

static void __exit lunar_exit(void)
{
	lunar_fabric_module_exit();
	lunar_conn_module_exit();
	lunar_submit_module_exit();
	lunar_cmd_module_exit();
}

module_init(lunar_init);
module_exit(lunar_exit);

MODULE_DESCRIPTION("Lunar iSCSI target");
MODULE_LICENSE("GPL");
MODULE_SOFTDEP("pre: target_core_mod crc32c md5 sha1 sha256 sha3-256");
