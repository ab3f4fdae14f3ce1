/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * CRC32C and the layout of a PDU on the stream: header, AHS, header digest, data, padding, data digest. RFC 7143
 * sections 11.2.3, 11.2.4, 13.1. The table-driven CRC is for tests, fuzzers and fall-back: the module uses the
 * kernel's accelerated one for data. Any context; no state.
 */
#ifndef LUNAR_PROTO_DIGEST_H
#define LUNAR_PROTO_DIGEST_H

#include "rfc7143.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_DIGEST_LEN 4u
#define LUNAR_CRC32C_SEED 0xffffffffu

/* Continues a raw CRC; start with LUNAR_CRC32C_SEED, finish with lunar_crc32c_final. */
u32 lunar_crc32c_update(u32 crc, const void *data, u32 len);

static inline u32 lunar_crc32c_final(u32 crc)
{
	return ~crc;
}

/* The whole thing at once: "123456789" gives 0xe3069283. */
u32 lunar_crc32c(const void *data, u32 len);

/* A finished CRC as its four bytes on the wire (least significant first), and whether four bytes match one. */
void lunar_digest_put(u8 out[LUNAR_DIGEST_LEN], u32 crc);
bool lunar_digest_match(const u8 wire[LUNAR_DIGEST_LEN], u32 crc);

/* The header digest covers BHS and AHS. `ahs_len` may be 0, then ahs may be NULL. */
u32 lunar_header_digest(const union lunar_bhs *bhs, const u8 *ahs, u32 ahs_len);

/* Padding bytes after `len` data bytes: 0..3. */
static inline u32 lunar_pad_len(u32 len)
{
	return (4u - (len & 3u)) & 3u;
}

/* Where the parts of a PDU are, in bytes from its first; total is its whole length. */
struct lunar_pdu_layout {
	u32 ahs_len;
	u32 header_digest;   /* offset, valid when header_digest_len */
	u32 header_digest_len;
	u32 data;            /* offset of the data segment */
	u32 data_len;
	u32 pad_len;
	u32 data_digest;     /* offset, valid when data_digest_len; none without data */
	u32 data_digest_len;
	u32 total;
};

void lunar_pdu_layout(const union lunar_bhs *bhs, bool header_digest, bool data_digest, struct lunar_pdu_layout *out);

#ifdef __cplusplus
}
#endif
#endif
