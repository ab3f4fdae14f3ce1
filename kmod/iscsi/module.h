/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the init ladder (main.c) calls, in its order. Each exit undoes its init
 * and waits for whatever of that file may still run.
 */
#ifndef LUNAR_ISCSI_MODULE_H
#define LUNAR_ISCSI_MODULE_H

int lunar_cmd_module_init(void);	/* cmd.c: the command cache */
void lunar_cmd_module_exit(void);
int lunar_submit_module_init(void);	/* submit.c: the workers for slow backends */
void lunar_submit_module_exit(void);
int lunar_conn_module_init(void);	/* conn.c: the connections' workqueues */
void lunar_conn_module_exit(void);
void lunar_login_module_init(void);	/* login.c: which hashes there are */
int lunar_fabric_module_init(void);	/* fabric.c: registers with the core */
void lunar_fabric_module_exit(void);

#endif
