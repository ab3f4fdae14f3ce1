// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Judging received headers and AHS. See pdu.h; the builders are in pdu_build.c.
 */
#include "pdu.h"

enum {
	RULE_KNOWN = 1,      /* an opcode of the initiator */
	RULE_DATA = 2,       /* may have a data segment */
	RULE_AHS = 4,        /* may have AHS */
	RULE_DISCOVERY = 8,  /* legal in a discovery session */
	RULE_TAG = 16,       /* needs a valid initiator task tag */
};

static const u8 opcode_rules[LUNAR_OPCODE_MASK + 1] = {
	[LUNAR_OP_NOP_OUT] = RULE_KNOWN | RULE_DATA,
	[LUNAR_OP_SCSI_CMD] = RULE_KNOWN | RULE_DATA | RULE_AHS | RULE_TAG,
	[LUNAR_OP_TMF_REQ] = RULE_KNOWN | RULE_TAG,
	[LUNAR_OP_LOGIN_REQ] = RULE_KNOWN | RULE_DATA | RULE_DISCOVERY,
	[LUNAR_OP_TEXT_REQ] = RULE_KNOWN | RULE_DATA | RULE_DISCOVERY | RULE_TAG,
	[LUNAR_OP_DATA_OUT] = RULE_KNOWN | RULE_DATA | RULE_TAG,
	[LUNAR_OP_LOGOUT_REQ] = RULE_KNOWN | RULE_DISCOVERY | RULE_TAG,
	[LUNAR_OP_SNACK] = RULE_KNOWN,
};

static enum lunar_pdu_verdict check_rules(const union lunar_bhs *bhs, const struct lunar_pdu_limits *limits)
{
	u8 rules = opcode_rules[lunar_bhs_opcode(bhs)];

	if (!(rules & RULE_KNOWN))
		return LUNAR_PDU_UNKNOWN_OPCODE;
	if (limits->discovery && !(rules & RULE_DISCOVERY))
		return LUNAR_PDU_NOT_IN_DISCOVERY;
	if (bhs->any.ahs_words && !(rules & RULE_AHS))
		return LUNAR_PDU_UNEXPECTED_AHS;
	if (lunar_bhs_dlength(bhs) && !(rules & RULE_DATA))
		return LUNAR_PDU_UNEXPECTED_DATA;
	if ((rules & RULE_TAG) && lunar_bhs_itt(bhs) == LUNAR_TAG_RESERVED)
		return LUNAR_PDU_BAD_TAG;
	return LUNAR_PDU_OK;
}

static enum lunar_pdu_verdict check_immediate_data(const union lunar_bhs *bhs, const struct lunar_pdu_limits *limits)
{
	u32 len = lunar_bhs_dlength(bhs);

	if (!len)
		return LUNAR_PDU_OK;
	if (!(bhs->any.flags & LUNAR_CMD_WRITE))
		return LUNAR_PDU_UNEXPECTED_DATA;
	if (!limits->immediate_data)
		return LUNAR_PDU_NO_IMMEDIATE_DATA;
	if (len > limits->first_burst || len > lunar_be32(bhs->scsi_cmd.edtl))
		return LUNAR_PDU_FIRST_BURST;
	return LUNAR_PDU_OK;
}

static enum lunar_pdu_verdict check_scsi_cmd(const union lunar_bhs *bhs, const struct lunar_pdu_limits *limits)
{
	u8 flags = bhs->any.flags;
	bool write = (flags & LUNAR_CMD_WRITE) != 0;
	bool final = (flags & LUNAR_FLAG_FINAL) != 0;

	if ((flags & LUNAR_CMD_ATTR_MASK) > LUNAR_ATTR_ACA)
		return LUNAR_PDU_BAD_ATTR;
	if (write && (flags & LUNAR_CMD_READ))
		return LUNAR_PDU_BIDI;
	if (!final && !write)
		return LUNAR_PDU_BAD_FLAGS;
	if (!final && limits->initial_r2t)
		return LUNAR_PDU_NO_UNSOLICITED;
	return check_immediate_data(bhs, limits);
}

static enum lunar_pdu_verdict check_nop_out(const union lunar_bhs *bhs)
{
	/* Without a tag nobody could answer it: 11.18.1 wants it immediate. */
	if (lunar_bhs_itt(bhs) == LUNAR_TAG_RESERVED && !lunar_bhs_immediate(bhs))
		return LUNAR_PDU_BAD_FLAGS;
	return LUNAR_PDU_OK;
}

static enum lunar_pdu_verdict check_text_req(const union lunar_bhs *bhs)
{
	if ((bhs->any.flags & LUNAR_FLAG_FINAL) && (bhs->any.flags & LUNAR_TEXT_CONTINUE))
		return LUNAR_PDU_BAD_FLAGS;
	return LUNAR_PDU_OK;
}

static enum lunar_pdu_verdict check_logout_req(const union lunar_bhs *bhs)
{
	if ((bhs->any.flags & LUNAR_LOGOUT_REASON_MASK) > LUNAR_LOGOUT_RECOVERY)
		return LUNAR_PDU_BAD_FLAGS;
	return LUNAR_PDU_OK;
}

enum lunar_pdu_verdict lunar_pdu_check_header(const union lunar_bhs *bhs, const struct lunar_pdu_limits *limits)
{
	enum lunar_pdu_verdict verdict;

	if (lunar_bhs_dlength(bhs) > limits->max_recv_dsl)
		return LUNAR_PDU_DROP_TOO_LONG;
	verdict = check_rules(bhs, limits);
	if (verdict != LUNAR_PDU_OK)
		return verdict;

	switch (lunar_bhs_opcode(bhs)) {
	case LUNAR_OP_NOP_OUT:
		return check_nop_out(bhs);
	case LUNAR_OP_SCSI_CMD:
		return check_scsi_cmd(bhs, limits);
	case LUNAR_OP_LOGIN_REQ:
		return LUNAR_PDU_LOGIN_IN_FFP;
	case LUNAR_OP_TEXT_REQ:
		return check_text_req(bhs);
	case LUNAR_OP_LOGOUT_REQ:
		return check_logout_req(bhs);
	case LUNAR_OP_SNACK:
		return limits->erl ? LUNAR_PDU_OK : LUNAR_PDU_NO_SNACK;
	default:
		return LUNAR_PDU_OK;
	}
}

static const struct {
	u8 reason;
	const char *text;
} verdicts[] = {
	[LUNAR_PDU_OK] = { LUNAR_REJECT_NONE, "ok" },
	[LUNAR_PDU_DROP_TOO_LONG] = { LUNAR_REJECT_NONE, "data segment longer than declared maximum" },
	[LUNAR_PDU_UNKNOWN_OPCODE] = { LUNAR_REJECT_COMMAND_NOT_SUPPORTED, "unknown opcode" },
	[LUNAR_PDU_NOT_IN_DISCOVERY] = { LUNAR_REJECT_PROTOCOL_ERROR, "opcode not allowed in a discovery session" },
	[LUNAR_PDU_LOGIN_IN_FFP] = { LUNAR_REJECT_PROTOCOL_ERROR, "login request after login" },
	[LUNAR_PDU_UNEXPECTED_DATA] = { LUNAR_REJECT_INVALID_FIELD, "unexpected data segment" },
	[LUNAR_PDU_UNEXPECTED_AHS] = { LUNAR_REJECT_INVALID_FIELD, "unexpected additional header segment" },
	[LUNAR_PDU_BAD_TAG] = { LUNAR_REJECT_INVALID_FIELD, "reserved task tag" },
	[LUNAR_PDU_BAD_FLAGS] = { LUNAR_REJECT_INVALID_FIELD, "contradictory flags" },
	[LUNAR_PDU_BAD_ATTR] = { LUNAR_REJECT_INVALID_FIELD, "reserved task attribute" },
	[LUNAR_PDU_NO_IMMEDIATE_DATA] = { LUNAR_REJECT_PROTOCOL_ERROR, "immediate data not negotiated" },
	[LUNAR_PDU_NO_UNSOLICITED] = { LUNAR_REJECT_PROTOCOL_ERROR, "unsolicited data not negotiated" },
	[LUNAR_PDU_FIRST_BURST] = { LUNAR_REJECT_PROTOCOL_ERROR, "immediate data beyond first burst or transfer length" },
	[LUNAR_PDU_NO_SNACK] = { LUNAR_REJECT_SNACK, "SNACK at error recovery level 0" },
	[LUNAR_PDU_BAD_AHS] = { LUNAR_REJECT_INVALID_FIELD, "malformed additional header segment" },
	[LUNAR_PDU_BIDI] = { LUNAR_REJECT_COMMAND_NOT_SUPPORTED, "bidirectional command" },
};

enum lunar_reject lunar_pdu_reject_reason(enum lunar_pdu_verdict verdict)
{
	if ((u32)verdict >= LUNAR_ARRAY_LEN(verdicts))
		return LUNAR_REJECT_PROTOCOL_ERROR;
	return (enum lunar_reject)verdicts[verdict].reason;
}

const char *lunar_pdu_verdict_text(enum lunar_pdu_verdict verdict)
{
	if ((u32)verdict >= LUNAR_ARRAY_LEN(verdicts))
		return "unknown verdict";
	return verdicts[verdict].text;
}

#define AHS_HEADER 3u          /* AHSLength and AHSType */
#define AHS_EXT_CDB_MIN 2u     /* a reserved byte and the 17th CDB byte */
#define AHS_EXT_CDB_MAX (LUNAR_CDB_MAX - LUNAR_CDB_INLINE_LEN + 1u)
#define AHS_BIDI_LEN 5u        /* a reserved byte and the length */

static bool ahs_take_ext_cdb(struct lunar_ahs *out, const u8 *body, u32 len)
{
	if (out->ext_cdb || len < AHS_EXT_CDB_MIN || len > AHS_EXT_CDB_MAX)
		return false;
	out->ext_cdb = body + 1;
	out->ext_cdb_len = len - 1;
	return true;
}

static bool ahs_take_bidi(struct lunar_ahs *out, const u8 *body, u32 len)
{
	if (out->has_bidi || len != AHS_BIDI_LEN)
		return false;
	out->has_bidi = true;
	out->bidi_read_len = lunar_get_be32(body + 1);
	return true;
}

/* Takes the segment at the front of `left` bytes; returns how many it used with its padding, 0 when malformed. */
static u32 ahs_take(struct lunar_ahs *out, const u8 *ahs, u32 left)
{
	u32 len, used;
	bool ok = false;

	if (left < AHS_HEADER)
		return 0;
	len = lunar_get_be16(ahs);
	if (!len || len > left - AHS_HEADER)
		return 0;

	if ((ahs[2] & LUNAR_AHS_TYPE_MASK) == LUNAR_AHS_EXT_CDB)
		ok = ahs_take_ext_cdb(out, ahs + AHS_HEADER, len);
	else if ((ahs[2] & LUNAR_AHS_TYPE_MASK) == LUNAR_AHS_BIDI_READ)
		ok = ahs_take_bidi(out, ahs + AHS_HEADER, len);
	used = AHS_HEADER + len;
	used += (4u - (used & 3u)) & 3u;
	return ok ? lunar_min_u32(used, left) : 0;
}

enum lunar_pdu_verdict lunar_ahs_parse(const u8 *ahs, u32 len, struct lunar_ahs *out)
{
	u32 used;

	memset(out, 0, sizeof(*out));
	while (len) {
		used = ahs_take(out, ahs, len);
		if (!used) {
			memset(out, 0, sizeof(*out));
			return LUNAR_PDU_BAD_AHS;
		}
		ahs += used;
		len -= used;
	}
	return LUNAR_PDU_OK;
}

u32 lunar_pdu_cdb(const union lunar_bhs *bhs, const struct lunar_ahs *ahs, u8 cdb[LUNAR_CDB_MAX])
{
	u32 extra = lunar_min_u32(ahs->ext_cdb_len, LUNAR_CDB_MAX - LUNAR_CDB_INLINE_LEN);

	memcpy(cdb, bhs->scsi_cmd.cdb, LUNAR_CDB_INLINE_LEN);
	memset(cdb + LUNAR_CDB_INLINE_LEN, 0, LUNAR_CDB_MAX - LUNAR_CDB_INLINE_LEN);
	if (ahs->ext_cdb)
		memcpy(cdb + LUNAR_CDB_INLINE_LEN, ahs->ext_cdb, extra);
	return LUNAR_CDB_INLINE_LEN + (ahs->ext_cdb ? extra : 0);
}
