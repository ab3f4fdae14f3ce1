/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The one file of kmod/proto that knows whether it is compiled into the kernel module or into a
 * userspace program (unit tests, fuzzers). Everything else in this directory includes port.h and the
 * headers beside it, nothing more. What it provides: u8..u64, bool, NULL, the memcpy family, endian
 * loads and stores that need no alignment, a static assertion that C and C++ both understand.
 */
#ifndef LUNAR_PROTO_PORT_H
#define LUNAR_PROTO_PORT_H

#include <linux/types.h>
#include <asm/byteorder.h>

#ifdef __KERNEL__
#include <linux/build_bug.h>
#include <linux/stddef.h>
#include <linux/string.h>
#else
#include <stdbool.h>
#include <stddef.h>
#include <string.h>
typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;
#ifndef __force
#define __force
#endif
#endif

#ifdef __cplusplus
#define LUNAR_STATIC_ASSERT(cond, text) static_assert(cond, text)
#else
#define LUNAR_STATIC_ASSERT(cond, text) _Static_assert(cond, text)
#endif

#define LUNAR_ARRAY_LEN(array) (sizeof(array) / sizeof((array)[0]))

/* Byte-wise loads and stores: no alignment needed; compilers make each one instruction. */
static inline u32 lunar_get_be16(const u8 *p)
{
	return (u32)p[0] << 8 | (u32)p[1];
}

static inline u32 lunar_get_be24(const u8 *p)
{
	return (u32)p[0] << 16 | (u32)p[1] << 8 | (u32)p[2];
}

static inline u32 lunar_get_be32(const u8 *p)
{
	return (u32)p[0] << 24 | (u32)p[1] << 16 | (u32)p[2] << 8 | (u32)p[3];
}

static inline void lunar_put_be24(u8 *p, u32 value)
{
	p[0] = (u8)(value >> 16);
	p[1] = (u8)(value >> 8);
	p[2] = (u8)value;
}

static inline u32 lunar_min_u32(u32 a, u32 b)
{
	return a < b ? a : b;
}

/* Fixed-order field conversions; sparse keeps the endian types apart. */
static inline u32 lunar_be32(__be32 value)
{
	return __be32_to_cpu(value);
}

static inline __be32 lunar_to_be32(u32 value)
{
	return __cpu_to_be32(value);
}

static inline u16 lunar_be16(__be16 value)
{
	return __be16_to_cpu(value);
}

static inline __be16 lunar_to_be16(u16 value)
{
	return __cpu_to_be16(value);
}

#endif
