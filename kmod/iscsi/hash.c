// SPDX-License-Identifier: GPL-2.0-only
/* CHAP's hashes and random numbers, from the kernel's crypto. See hash.h. */
#include <crypto/hash.h>
#include <linux/random.h>

#include "hash.h"

static const char *const names[] = {
	[LUNAR_CHAP_MD5] = "md5",
	[LUNAR_CHAP_SHA1] = "sha1",
	[LUNAR_CHAP_SHA256] = "sha256",
	[LUNAR_CHAP_SHA3_256] = "sha3-256",
};

u32 lunar_hash_algorithms(void)
{
	u32 alg, mask = 0;

	for (alg = LUNAR_CHAP_MD5; alg <= LUNAR_CHAP_SHA3_256; alg++)
		if (crypto_has_alg(names[alg], 0, 0))
			mask |= LUNAR_CHAP_BIT(alg);
	return mask;
}

static int hash_parts(struct crypto_shash *tfm, const struct lunar_hash_part *parts, u32 count,
		      u8 *out)
{
	SHASH_DESC_ON_STACK(desc, tfm);
	u32 i;
	int ret;

	desc->tfm = tfm;
	ret = crypto_shash_init(desc);
	for (i = 0; i < count && !ret; i++)
		ret = crypto_shash_update(desc, parts[i].ptr, parts[i].len);
	if (!ret)
		ret = crypto_shash_final(desc, out);
	shash_desc_zero(desc);
	return ret;
}

static int hash_digest(void *ctx, enum lunar_chap_alg alg, const struct lunar_hash_part *parts,
		       u32 count, u8 *out)
{
	struct crypto_shash *tfm = crypto_alloc_shash(names[alg], 0, 0);
	int ret;

	if (IS_ERR(tfm))
		return PTR_ERR(tfm);
	ret = hash_parts(tfm, parts, count, out);
	crypto_free_shash(tfm);
	return ret;
}

static void hash_random(void *ctx, void *buf, u32 len)
{
	get_random_bytes(buf, len);
}

const struct lunar_hash_ops lunar_hash_ops = {
	.digest = hash_digest,
	.random = hash_random,
};
