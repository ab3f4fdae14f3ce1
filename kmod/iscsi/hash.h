/* SPDX-License-Identifier: GPL-2.0-only */
/* CHAP's hashes and random numbers, from the kernel's crypto. Process context. */
#ifndef LUNAR_ISCSI_HASH_H
#define LUNAR_ISCSI_HASH_H

#include "../proto/chap.h"

extern const struct lunar_hash_ops lunar_hash_ops;
/* LUNAR_CHAP_BIT()s of what this kernel can do. May load crypto modules. */
u32 lunar_hash_algorithms(void);

#endif
