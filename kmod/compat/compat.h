/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Force-included into every file of the module. Sources are written for the
 * newest kernel; what an older one spells differently stands here, one entry a
 * difference. The LUNAR_HAVE_ macros come from probes in kmod/Kbuild.
 */
#ifndef LUNAR_COMPAT_H
#define LUNAR_COMPAT_H

/* Every message says whose it is. */
#define pr_fmt(fmt) "lunar: " fmt

#include <linux/version.h>
#include <linux/timer.h>

#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 1, 0)
#error "lunar needs Linux 6.1 or newer"
#endif

/* timer_container_of() is from_timer() before 6.16. */
#ifndef timer_container_of
#define timer_container_of(var, callback_timer, timer_fieldname) \
	container_of(callback_timer, typeof(*var), timer_fieldname)
#endif

/* Fabrics that parsed the CDB themselves: target_submit() since 6.12. */
#ifdef LUNAR_HAVE_HANDLE_CDB_DIRECT
#define lunar_target_submit(se_cmd) transport_handle_cdb_direct(se_cmd)
#else
#define lunar_target_submit(se_cmd) target_submit(se_cmd)
#endif

/* Bound workqueues are asked for by name from 6.17 on; the flag came to stable trees too. */
#include <linux/workqueue.h>
#ifdef LUNAR_HAVE_WQ_PERCPU
#define LUNAR_WQ_PERCPU WQ_PERCPU
#else
#define LUNAR_WQ_PERCPU 0
#endif

#endif
