// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * The values an administrator writes to tpgt_N/param/: check, store, show. See nego.h. Names and ranges are those
 * of LIO's tree.
 */
#include "nego.h"

enum param_type {
	PARAM_LIST,        /* None and one more */
	PARAM_NUMBER,
	PARAM_BOOL,
	PARAM_TEXT,        /* TargetAlias */
	PARAM_CONSTANT,    /* one legal value, not stored */
};

struct param_row {
	const char *name;
	u8 type;
	u16 field;         /* offset in struct lunar_nego_offer */
	u32 min;
	u32 max;
	u32 supported_min; /* inside min..max, but not implemented outside of these two */
	u32 supported_max;
	const char *word;  /* the list item beside None, or the constant */
	const char *why;
};

#define FIELD(name) offsetof(struct lunar_nego_offer, name)
#define LENGTH_WHY "a number from 512 to 16777215"
#define SECONDS_WHY "a number of seconds from 0 to 3600"
#define BOOL_WHY "Yes or No"
#define MARKER_WHY "No (markers are obsolete, RFC 7143 13.25)"

static const struct param_row params[] = {
	{ "AuthMethod", PARAM_LIST, FIELD(auth_methods), 0, 0, 0, 0, "CHAP", "CHAP, None or CHAP,None" },
	{ "HeaderDigest", PARAM_LIST, FIELD(header_digests), 0, 0, 0, 0, "CRC32C", "CRC32C, None or CRC32C,None" },
	{ "DataDigest", PARAM_LIST, FIELD(data_digests), 0, 0, 0, 0, "CRC32C", "CRC32C, None or CRC32C,None" },
	{ "MaxConnections", PARAM_NUMBER, FIELD(max_connections), 1, 65535, 1, 1, NULL,
	  "1 (several connections per session are not supported)" },
	{ "TargetAlias", PARAM_TEXT, FIELD(alias), 0, 0, 0, 0, NULL, "up to 255 bytes without control characters" },
	{ "InitialR2T", PARAM_BOOL, FIELD(initial_r2t), 0, 1, 0, 1, NULL, BOOL_WHY },
	{ "ImmediateData", PARAM_BOOL, FIELD(immediate_data), 0, 1, 0, 1, NULL, BOOL_WHY },
	{ "MaxRecvDataSegmentLength", PARAM_NUMBER, FIELD(max_send_dsl), 512, 16777215, 512, 16777215, NULL, LENGTH_WHY },
	{ "MaxXmitDataSegmentLength", PARAM_NUMBER, FIELD(target_mrdsl), 512, 16777215, 512, 16777215, NULL, LENGTH_WHY },
	{ "MaxBurstLength", PARAM_NUMBER, FIELD(max_burst), 512, 16777215, 512, 16777215, NULL, LENGTH_WHY },
	{ "FirstBurstLength", PARAM_NUMBER, FIELD(first_burst), 512, 16777215, 512, 16777215, NULL, LENGTH_WHY },
	{ "DefaultTime2Wait", PARAM_NUMBER, FIELD(time2wait), 0, 3600, 0, 3600, NULL, SECONDS_WHY },
	{ "DefaultTime2Retain", PARAM_NUMBER, FIELD(time2retain), 0, 3600, 0, 3600, NULL, SECONDS_WHY },
	{ "MaxOutstandingR2T", PARAM_NUMBER, FIELD(max_r2t), 1, 65535, 1, 65535, NULL, "a number from 1 to 65535" },
	{ "DataPDUInOrder", PARAM_BOOL, FIELD(pdu_in_order), 0, 1, 1, 1, NULL, "Yes (data out of order is not supported)" },
	{ "DataSequenceInOrder", PARAM_BOOL, FIELD(sequence_in_order), 0, 1, 1, 1, NULL,
	  "Yes (data out of order is not supported)" },
	{ "ErrorRecoveryLevel", PARAM_NUMBER, FIELD(erl), 0, 2, 0, 0, NULL, "0 (error recovery levels 1 and 2 are not supported)" },
	{ "IFMarker", PARAM_CONSTANT, 0, 0, 0, 0, 0, "No", MARKER_WHY },
	{ "OFMarker", PARAM_CONSTANT, 0, 0, 0, 0, 0, "No", MARKER_WHY },
	{ "IFMarkInt", PARAM_CONSTANT, 0, 0, 0, 0, 0, "Reject", "Reject (markers are obsolete, RFC 7143 13.25)" },
	{ "OFMarkInt", PARAM_CONSTANT, 0, 0, 0, 0, 0, "Reject", "Reject (markers are obsolete, RFC 7143 13.25)" },
};

static const struct param_row *find(const char *name)
{
	u32 i;

	for (i = 0; i < LUNAR_ARRAY_LEN(params); i++) {
		if (lunar_str_is(lunar_str_of(name), params[i].name))
			return &params[i];
	}
	return NULL;
}

const char *lunar_param_name(u32 n)
{
	return n < LUNAR_ARRAY_LEN(params) ? params[n].name : NULL;
}

/* AuthMethods that LIO takes as text and never implements. */
static bool is_foreign_method(struct lunar_str item)
{
	static const char *const methods[] = { "KRB5", "SPKM1", "SPKM2", "SRP" };
	u32 i;

	for (i = 0; i < LUNAR_ARRAY_LEN(methods); i++) {
		if (lunar_str_is(item, methods[i]))
			return true;
	}
	return false;
}

static enum lunar_param_result take_item(const struct param_row *row, struct lunar_str item, u32 *bits)
{
	u32 bit = 0;

	if (lunar_str_is(item, "None"))
		bit = LUNAR_DIGEST_NONE;
	else if (lunar_str_is(item, row->word))
		bit = LUNAR_DIGEST_CRC32C;
	else if (row->field == FIELD(auth_methods) && is_foreign_method(item))
		return LUNAR_PARAM_UNSUPPORTED;
	if (!bit || (*bits & bit))
		return LUNAR_PARAM_BAD_VALUE;
	if (bit == LUNAR_DIGEST_CRC32C && (*bits & LUNAR_DIGEST_NONE))
		*bits |= LUNAR_LIST_NONE_FIRST;
	*bits |= bit;
	return LUNAR_PARAM_OK;
}

LUNAR_STATIC_ASSERT(LUNAR_DIGEST_NONE == LUNAR_AUTH_NONE && LUNAR_DIGEST_CRC32C == LUNAR_AUTH_CHAP,
		    "digest and authentication lists share their bits");

static enum lunar_param_result parse_list(const struct param_row *row, struct lunar_str value, u32 *bits)
{
	struct lunar_str item;
	enum lunar_param_result result;

	*bits = 0;
	while (lunar_text_list_next(&value, &item)) {
		result = take_item(row, item, bits);
		if (result != LUNAR_PARAM_OK)
			return result;
	}
	return *bits ? LUNAR_PARAM_OK : LUNAR_PARAM_BAD_VALUE;
}

static enum lunar_param_result check_range(const struct param_row *row, u32 number)
{
	if (number < row->min || number > row->max)
		return LUNAR_PARAM_RANGE;
	if (number < row->supported_min || number > row->supported_max)
		return LUNAR_PARAM_UNSUPPORTED;
	return LUNAR_PARAM_OK;
}

static enum lunar_param_result parse_number(const struct param_row *row, struct lunar_str value, u32 *number)
{
	bool yes;

	if (row->type == PARAM_NUMBER) {
		if (lunar_text_number(value, 0, 0xffffffffu, number) != LUNAR_TEXT_OK)
			return LUNAR_PARAM_BAD_VALUE;
		return check_range(row, *number);
	}
	if (!lunar_text_bool(value, &yes))
		return LUNAR_PARAM_BAD_VALUE;
	*number = yes;
	return check_range(row, *number);
}

static enum lunar_param_result check_constant(const struct param_row *row, struct lunar_str value)
{
	bool yes;

	if (lunar_str_is(value, row->word))
		return LUNAR_PARAM_OK;
	return lunar_text_bool(value, &yes) ? LUNAR_PARAM_UNSUPPORTED : LUNAR_PARAM_BAD_VALUE;
}

static enum lunar_param_result set_text(struct lunar_nego_offer *offer, struct lunar_str value)
{
	u32 i;

	if (value.len >= LUNAR_ALIAS_LEN)
		return LUNAR_PARAM_RANGE;
	for (i = 0; i < value.len; i++) {
		if ((u8)value.ptr[i] < 0x20 || value.ptr[i] == 0x7f)
			return LUNAR_PARAM_BAD_VALUE;
	}
	if (offer)
		lunar_str_copy(value, offer->alias, LUNAR_ALIAS_LEN);
	return LUNAR_PARAM_OK;
}

static enum lunar_param_result set_row(struct lunar_nego_offer *offer, const struct param_row *row,
				       struct lunar_str value)
{
	enum lunar_param_result result;
	u32 number = 0;

	if (row->type == PARAM_TEXT)
		return set_text(offer, value);
	if (row->type == PARAM_CONSTANT)
		return check_constant(row, value);
	result = row->type == PARAM_LIST ? parse_list(row, value, &number) : parse_number(row, value, &number);
	if (result == LUNAR_PARAM_OK && offer)
		*(u32 *)((u8 *)offer + row->field) = number;
	return result;
}

enum lunar_param_result lunar_param_set(struct lunar_nego_offer *offer, const char *name, struct lunar_str value,
					const char **why)
{
	const struct param_row *row = find(name);
	enum lunar_param_result result;

	if (why)
		*why = "";
	if (!row)
		return LUNAR_PARAM_UNKNOWN;
	result = set_row(offer, row, value);
	if (result != LUNAR_PARAM_OK && why)
		*why = row->why;
	return result;
}

static bool append(char *out, u32 cap, u32 *len, const char *text)
{
	u32 more = (u32)strlen(text);

	if (more >= cap - *len)
		return false;
	memcpy(out + *len, text, more + 1);
	*len += more;
	return true;
}

static u32 show_list(u32 bits, const char *word, char *out, u32 cap)
{
	bool none_first = (bits & LUNAR_LIST_NONE_FIRST) != 0;
	bool both = (bits & LUNAR_DIGEST_NONE) && (bits & LUNAR_DIGEST_CRC32C);
	const char *first = none_first || !(bits & LUNAR_DIGEST_CRC32C) ? "None" : word;
	u32 len = 0;

	if (!append(out, cap, &len, first))
		return 0;
	if (both && (!append(out, cap, &len, ",") || !append(out, cap, &len, none_first ? word : "None")))
		return 0;
	return len;
}

static u32 show_number(u32 number, char *out, u32 cap)
{
	char digits[11];
	u32 at = sizeof(digits) - 1;
	u32 len = 0;

	digits[at] = '\0';
	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number);
	return append(out, cap, &len, digits + at) ? len : 0;
}

static u32 show_text(const char *text, char *out, u32 cap)
{
	u32 len = 0;

	return append(out, cap, &len, text) ? len : 0;
}

u32 lunar_param_show(const struct lunar_nego_offer *offer, const char *name, char *out, u32 cap)
{
	const struct param_row *row = find(name);
	u32 number;

	if (!row || !cap)
		return 0;
	out[0] = '\0';
	if (row->type == PARAM_TEXT)
		return show_text(offer->alias, out, cap);
	if (row->type == PARAM_CONSTANT)
		return show_text(row->word, out, cap);
	number = *(const u32 *)((const u8 *)offer + row->field);
	if (row->type == PARAM_LIST)
		return show_list(number, row->word, out, cap);
	if (row->type == PARAM_BOOL)
		return show_text(number ? "Yes" : "No", out, cap);
	return show_number(number, out, cap);
}
