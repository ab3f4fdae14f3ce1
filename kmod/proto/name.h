/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * iSCSI names: check and normal form. RFC 7143 section 4.2.7, RFC 3722, RFC 3980 (naa.). Any context; no state.
 */
#ifndef LUNAR_PROTO_NAME_H
#define LUNAR_PROTO_NAME_H

#include "text.h"

#ifdef __cplusplus
extern "C" {
#endif

enum lunar_name_result {
	LUNAR_NAME_OK = 0,
	LUNAR_NAME_EMPTY,
	LUNAR_NAME_LONG,       /* above 223 bytes */
	LUNAR_NAME_BAD_TYPE,   /* neither iqn., eui. nor naa. */
	LUNAR_NAME_BAD_DATE,   /* iqn. not followed by yyyy-mm. */
	LUNAR_NAME_NO_AUTHORITY, /* iqn.yyyy-mm. with nothing after it */
	LUNAR_NAME_BAD_CHAR,   /* control, blank, comma, slash or other ASCII that RFC 3722 prohibits; bad UTF-8 */
	LUNAR_NAME_BAD_HEX,    /* eui. needs 16, naa. 16 or 32 hexadecimal digits */
};

/*
 * Checks a name. Upper case is accepted (the normal form lowers it), and so is '_', which RFC 3722 prohibits but names made of
 * host names have. Bytes from 0x80 must be well-formed UTF-8 and are not normalised.
 */
enum lunar_name_result lunar_name_check(struct lunar_str name);

/* Checks and writes the normal form (ASCII lower case) with a NUL; out is empty after an error. cap >= 224. */
enum lunar_name_result lunar_name_normalize(struct lunar_str name, char *out, u32 cap);

/*
 * The normal form of a name whose type need not be right: only length and characters are checked. For names that
 * initiators give at login: what isn't a proper name there simply matches no ACL, as on LIO.
 */
enum lunar_name_result lunar_name_fold(struct lunar_str name, char *out, u32 cap);

const char *lunar_name_result_text(enum lunar_name_result result);

#define LUNAR_ISID_TEXT_LEN 15u
/* "0x" and 12 lower-case hexadecimal digits, NUL terminated: as acls/<name>/info shows it. */
void lunar_isid_format(const u8 isid[LUNAR_ISID_LEN], char out[LUNAR_ISID_TEXT_LEN]);

/* Length of "iqn...,i,0x<isid>" (SPC's initiator port name) with its NUL; 0 when cap is too small. */
u32 lunar_initiator_port_name(const char *name, const u8 isid[LUNAR_ISID_LEN], char *out, u32 cap);

#ifdef __cplusplus
}
#endif
#endif
