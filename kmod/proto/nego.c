// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Negotiation by table. See nego.h. RFC 7143 sections 6.2 and 13, RFC 7144 section 7.1.
 */
#include "nego.h"
#include "name.h"

enum key_type {
	KEY_IDENTITY,      /* names, session type: read by lunar_nego_identity */
	KEY_ALIAS,         /* InitiatorAlias */
	KEY_TARGET_ONLY,   /* a key only targets may send */
	KEY_SEND_TARGETS,
	KEY_AUTH,          /* list: first of theirs that we allow */
	KEY_DIGEST,        /* list: first of theirs that we allow */
	KEY_TASK_REPORTING, /* list: first of theirs that we have */
	KEY_AND,
	KEY_OR,
	KEY_MIN,
	KEY_MAX,
	KEY_MRDSL,         /* number, declared by each side for itself */
	KEY_OBSOLETE_NO,   /* 13.25 */
	KEY_OBSOLETE_REJECT,
};

enum {
	LOGIN = LUNAR_PHASE_SECURITY | LUNAR_PHASE_OPERATIONAL,
	OPER = LUNAR_PHASE_OPERATIONAL,
	ALL = LOGIN | LUNAR_PHASE_FFP,

	LEADING = 1,       /* only on the first connection of a session */
	NORMAL = 2,        /* irrelevant in a discovery session */
};

struct key_row {
	const char *name;
	u8 type;
	u8 phases;
	u8 flags;
	u16 offer;         /* offset of a u32 in struct lunar_nego_offer */
	u16 result;        /* offset of a u32 in struct lunar_nego_result */
	u32 min;
	u32 max;
	u32 rfc_default;
};

#define FIELDS(offer_field, result_field) \
	.offer = offsetof(struct lunar_nego_offer, offer_field), .result = offsetof(struct lunar_nego_result, result_field)
#define NO_FIELDS .offer = 0, .result = 0
#define SAME(field) FIELDS(field, field)
#define RANGE(lowest, highest, otherwise) .min = (lowest), .max = (highest), .rfc_default = (otherwise)

static const struct key_row keys[LUNAR_KEY_COUNT] = {
	[LUNAR_KEY_AUTH_METHOD] = { "AuthMethod", KEY_AUTH, LUNAR_PHASE_SECURITY, 0, FIELDS(auth_methods, auth_method) },
	[LUNAR_KEY_HEADER_DIGEST] = { "HeaderDigest", KEY_DIGEST, OPER, 0, FIELDS(header_digests, header_digest) },
	[LUNAR_KEY_DATA_DIGEST] = { "DataDigest", KEY_DIGEST, OPER, 0, FIELDS(data_digests, data_digest) },
	[LUNAR_KEY_MAX_CONNECTIONS] = { "MaxConnections", KEY_MIN, OPER, LEADING | NORMAL, SAME(max_connections),
					RANGE(1, 65535, 1) },
	[LUNAR_KEY_SEND_TARGETS] = { "SendTargets", KEY_SEND_TARGETS, LUNAR_PHASE_FFP, 0, NO_FIELDS },
	[LUNAR_KEY_TARGET_NAME] = { "TargetName", KEY_IDENTITY, LOGIN, 0, NO_FIELDS },
	[LUNAR_KEY_INITIATOR_NAME] = { "InitiatorName", KEY_IDENTITY, LOGIN, 0, NO_FIELDS },
	[LUNAR_KEY_TARGET_ALIAS] = { "TargetAlias", KEY_TARGET_ONLY, ALL, 0, NO_FIELDS },
	[LUNAR_KEY_INITIATOR_ALIAS] = { "InitiatorAlias", KEY_ALIAS, ALL, 0, NO_FIELDS },
	[LUNAR_KEY_TARGET_ADDRESS] = { "TargetAddress", KEY_TARGET_ONLY, ALL, 0, NO_FIELDS },
	[LUNAR_KEY_TPGT] = { "TargetPortalGroupTag", KEY_TARGET_ONLY, LOGIN, 0, NO_FIELDS },
	[LUNAR_KEY_INITIAL_R2T] = { "InitialR2T", KEY_OR, OPER, LEADING | NORMAL, SAME(initial_r2t), RANGE(0, 1, 1) },
	[LUNAR_KEY_IMMEDIATE_DATA] = { "ImmediateData", KEY_AND, OPER, LEADING | NORMAL, SAME(immediate_data),
				       RANGE(0, 1, 1) },
	[LUNAR_KEY_MRDSL] = { "MaxRecvDataSegmentLength", KEY_MRDSL, OPER | LUNAR_PHASE_FFP, 0,
			      FIELDS(target_mrdsl, initiator_mrdsl),
			      RANGE(LUNAR_MRDSL_MIN, LUNAR_MRDSL_MAX, LUNAR_MRDSL_DEFAULT) },
	[LUNAR_KEY_MAX_BURST] = { "MaxBurstLength", KEY_MIN, OPER, LEADING | NORMAL, SAME(max_burst),
				  RANGE(512, 16777215, 262144) },
	[LUNAR_KEY_FIRST_BURST] = { "FirstBurstLength", KEY_MIN, OPER, LEADING | NORMAL, SAME(first_burst),
				    RANGE(512, 16777215, 65536) },
	[LUNAR_KEY_TIME2WAIT] = { "DefaultTime2Wait", KEY_MAX, OPER, LEADING, SAME(time2wait), RANGE(0, 3600, 2) },
	[LUNAR_KEY_TIME2RETAIN] = { "DefaultTime2Retain", KEY_MIN, OPER, LEADING, SAME(time2retain), RANGE(0, 3600, 20) },
	[LUNAR_KEY_MAX_R2T] = { "MaxOutstandingR2T", KEY_MIN, OPER, LEADING | NORMAL, SAME(max_r2t), RANGE(1, 65535, 1) },
	[LUNAR_KEY_PDU_IN_ORDER] = { "DataPDUInOrder", KEY_OR, OPER, LEADING | NORMAL, SAME(pdu_in_order), RANGE(0, 1, 1) },
	[LUNAR_KEY_SEQUENCE_IN_ORDER] = { "DataSequenceInOrder", KEY_OR, OPER, LEADING | NORMAL, SAME(sequence_in_order),
					  RANGE(0, 1, 1) },
	[LUNAR_KEY_ERL] = { "ErrorRecoveryLevel", KEY_MIN, OPER, LEADING, SAME(erl), RANGE(0, 2, 0) },
	[LUNAR_KEY_SESSION_TYPE] = { "SessionType", KEY_IDENTITY, LOGIN, LEADING, NO_FIELDS },
	[LUNAR_KEY_TASK_REPORTING] = { "TaskReporting", KEY_TASK_REPORTING, OPER, LEADING | NORMAL, NO_FIELDS },
	[LUNAR_KEY_PROTOCOL_LEVEL] = { "iSCSIProtocolLevel", KEY_MIN, OPER, LEADING | NORMAL, SAME(protocol_level),
				       RANGE(0, 31, 1) },
	[LUNAR_KEY_IF_MARKER] = { "IFMarker", KEY_OBSOLETE_NO, OPER, 0, NO_FIELDS },
	[LUNAR_KEY_OF_MARKER] = { "OFMarker", KEY_OBSOLETE_NO, OPER, 0, NO_FIELDS },
	[LUNAR_KEY_IF_MARK_INT] = { "IFMarkInt", KEY_OBSOLETE_REJECT, OPER, 0, NO_FIELDS },
	[LUNAR_KEY_OF_MARK_INT] = { "OFMarkInt", KEY_OBSOLETE_REJECT, OPER, 0, NO_FIELDS },
};

/* Keys that some initiators (libiscsi) repeat in every stage: not a duplicate in another request. */
#define IDENTITY_KEYS \
	(key_bit(LUNAR_KEY_SESSION_TYPE) | key_bit(LUNAR_KEY_INITIATOR_NAME) | key_bit(LUNAR_KEY_TARGET_NAME) | \
	 key_bit(LUNAR_KEY_INITIATOR_ALIAS))

static u64 key_bit(enum lunar_key key)
{
	return (u64)1 << key;
}

static u32 *result_field(struct lunar_nego *nego, const struct key_row *row)
{
	return (u32 *)((u8 *)&nego->result + row->result);
}

static u32 offer_field(const struct lunar_nego *nego, const struct key_row *row)
{
	return *(const u32 *)((const u8 *)&nego->offer + row->offer);
}

static bool is_numeric(const struct key_row *row)
{
	return row->type == KEY_MIN || row->type == KEY_MAX;
}

static bool is_boolean(const struct key_row *row)
{
	return row->type == KEY_AND || row->type == KEY_OR;
}

void lunar_nego_offer_default(struct lunar_nego_offer *offer)
{
	static const char alias[] = "LIO Target";

	memset(offer, 0, sizeof(*offer));
	offer->auth_methods = LUNAR_AUTH_CHAP;
	offer->header_digests = LUNAR_DIGEST_CRC32C | LUNAR_DIGEST_NONE;
	offer->data_digests = LUNAR_DIGEST_CRC32C | LUNAR_DIGEST_NONE;
	offer->max_connections = 1;
	offer->initial_r2t = 1;
	offer->immediate_data = 1;
	offer->target_mrdsl = 262144;
	offer->max_send_dsl = LUNAR_MRDSL_DEFAULT;
	offer->max_burst = 262144;
	offer->first_burst = 65536;
	offer->time2wait = 2;
	offer->time2retain = 20;
	offer->max_r2t = 1;
	offer->pdu_in_order = 1;
	offer->sequence_in_order = 1;
	offer->protocol_level = LUNAR_PROTOCOL_LEVEL;
	offer->tpgt = 1;
	offer->keys_workaround = true;
	memcpy(offer->alias, alias, sizeof(alias));
}

void lunar_nego_init(struct lunar_nego *nego)
{
	u32 i;

	memset(nego, 0, sizeof(*nego));
	lunar_nego_offer_default(&nego->offer);
	nego->leading = true;
	nego->result.target_mrdsl = LUNAR_MRDSL_DEFAULT;
	for (i = 0; i < LUNAR_KEY_COUNT; i++) {
		if (is_numeric(&keys[i]) || is_boolean(&keys[i]) || keys[i].type == KEY_MRDSL)
			*result_field(nego, &keys[i]) = keys[i].rfc_default;
	}
}

void lunar_nego_begin(struct lunar_nego *nego, const struct lunar_nego_offer *offer)
{
	nego->offer = *offer;
	nego->offer.first_burst = lunar_min_u32(offer->first_burst, offer->max_burst);
	/* Out-of-order data is not implemented; Yes from one side is Yes for both. */
	nego->offer.pdu_in_order = 1;
	nego->offer.sequence_in_order = 1;
	nego->offer.max_connections = 1;
	nego->offer.erl = 0;
}

enum lunar_key lunar_nego_lookup(struct lunar_str key)
{
	u32 i;

	for (i = 0; i < LUNAR_KEY_COUNT; i++) {
		if (lunar_str_is(key, keys[i].name))
			return (enum lunar_key)i;
	}
	return LUNAR_KEY_UNKNOWN;
}

const char *lunar_nego_key_name(enum lunar_key key)
{
	return (u32)key < LUNAR_KEY_COUNT ? keys[key].name : "unknown key";
}

static enum lunar_nego_status answer(struct lunar_text_out *out, struct lunar_str key, const char *value)
{
	return lunar_text_put_str(out, key, lunar_str_of(value)) ? LUNAR_NEGO_OK : LUNAR_NEGO_OVERFLOW;
}

static enum lunar_nego_status answer_row(struct lunar_text_out *out, const struct key_row *row, const char *value)
{
	return answer(out, lunar_str_of(row->name), value);
}

static enum lunar_nego_status answer_value(struct lunar_text_out *out, const struct key_row *row, u32 value)
{
	bool ok = is_boolean(row) ? lunar_text_put_bool(out, row->name, value != 0) :
				    lunar_text_put_number(out, row->name, value);

	return ok ? LUNAR_NEGO_OK : LUNAR_NEGO_OVERFLOW;
}

/* The result function of 6.2.2 for a numeric or boolean key. */
static u32 combine(const struct key_row *row, u32 theirs, u32 ours)
{
	switch (row->type) {
	case KEY_AND:
	case KEY_MIN:
		return theirs < ours ? theirs : ours;
	default: /* KEY_OR, KEY_MAX */
		return theirs > ours ? theirs : ours;
	}
}

static bool parse_value(const struct key_row *row, struct lunar_str text, u32 *value)
{
	bool yes;

	if (!is_boolean(row))
		return lunar_text_number(text, row->min, row->max, value) == LUNAR_TEXT_OK;
	if (!lunar_text_bool(text, &yes))
		return false;
	*value = yes;
	return true;
}

static const char *digest_name(u32 digest)
{
	return digest == LUNAR_DIGEST_CRC32C ? "CRC32C" : "None";
}

/* First item of `list` that `allowed` has; 0 when there is none. */
static u32 choose(struct lunar_str list, u32 allowed, u32 bit, const char *name)
{
	struct lunar_str item;

	while (lunar_text_list_next(&list, &item)) {
		if ((allowed & bit) && lunar_str_is(item, name))
			return bit;
		if ((allowed & LUNAR_DIGEST_NONE) && lunar_str_is(item, "None"))
			return LUNAR_DIGEST_NONE;
	}
	return 0;
}

LUNAR_STATIC_ASSERT(LUNAR_DIGEST_NONE == LUNAR_AUTH_NONE, "choose() serves both lists");

static enum lunar_nego_status receive_digest(struct lunar_nego *nego, const struct key_row *row, struct lunar_str value,
					     struct lunar_text_out *out)
{
	u32 allowed = offer_field(nego, row);
	u32 chosen = choose(value, allowed, LUNAR_DIGEST_CRC32C, "CRC32C");

	if (!chosen)
		return (allowed & LUNAR_DIGEST_NONE) ? answer_row(out, row, "Reject") : LUNAR_NEGO_BAD_VALUE;
	*result_field(nego, row) = chosen == LUNAR_DIGEST_CRC32C;
	return answer_row(out, row, digest_name(chosen));
}

static enum lunar_nego_status receive_auth(struct lunar_nego *nego, const struct key_row *row, struct lunar_str value,
					   struct lunar_text_out *out)
{
	u32 chosen = choose(value, nego->offer.auth_methods, LUNAR_AUTH_CHAP, "CHAP");

	if (!chosen)
		return LUNAR_NEGO_BAD_VALUE;
	nego->result.auth_method = chosen;
	return answer_row(out, row, chosen == LUNAR_AUTH_CHAP ? "CHAP" : "None");
}

/* FirstBurstLength never exceeds MaxBurstLength, whichever was settled first. 13.14 */
static void clamp_first_burst(struct lunar_nego *nego)
{
	nego->result.first_burst = lunar_min_u32(nego->result.first_burst, nego->result.max_burst);
}

static enum lunar_nego_status receive_value(struct lunar_nego *nego, const struct key_row *row, struct lunar_str text,
					    struct lunar_text_out *out)
{
	u32 value;

	if (!parse_value(row, text, &value))
		return answer_row(out, row, "Reject");
	value = combine(row, value, offer_field(nego, row));
	if (row == &keys[LUNAR_KEY_FIRST_BURST] && nego->seen & 1ull << LUNAR_KEY_MAX_BURST)
		value = lunar_min_u32(value, nego->result.max_burst);
	*result_field(nego, row) = value;
	clamp_first_burst(nego);
	return answer_value(out, row, value);
}

static enum lunar_nego_status receive_mrdsl(struct lunar_nego *nego, const struct key_row *row, struct lunar_str text)
{
	u32 value;

	if (lunar_text_number(text, row->min, row->max, &value) != LUNAR_TEXT_OK)
		return LUNAR_NEGO_BAD_VALUE;
	nego->result.initiator_mrdsl = value;
	return LUNAR_NEGO_OK;
}

static enum lunar_nego_status receive_alias(struct lunar_nego *nego, struct lunar_str text)
{
	if (!lunar_str_copy(text, nego->result.initiator_alias, LUNAR_ALIAS_LEN))
		return LUNAR_NEGO_BAD_VALUE;
	return LUNAR_NEGO_OK;
}

/* What the first request said is settled (6.3): said again, it must be the same. */
static enum lunar_nego_status receive_identity(const struct lunar_nego *nego, const struct key_row *row,
					       struct lunar_str text)
{
	const struct lunar_nego_result *result = &nego->result;
	const char *name = row == &keys[LUNAR_KEY_TARGET_NAME] ? result->target_name : result->initiator_name;
	char folded[LUNAR_NAME_LEN];
	bool same;

	if (row == &keys[LUNAR_KEY_SESSION_TYPE])
		same = lunar_str_is(text, result->discovery ? "Discovery" : "Normal");
	else
		same = lunar_name_fold(text, folded, sizeof(folded)) == LUNAR_NAME_OK &&
		       lunar_str_is(lunar_str_of(folded), name);
	return same ? LUNAR_NEGO_OK : LUNAR_NEGO_BAD_VALUE;
}

static enum lunar_nego_status receive_offer(struct lunar_nego *nego, const struct key_row *row, struct lunar_str value,
					    struct lunar_text_out *out)
{
	switch (row->type) {
	case KEY_IDENTITY:
		return receive_identity(nego, row, value);
	case KEY_ALIAS:
		return receive_alias(nego, value);
	case KEY_SEND_TARGETS:
		return LUNAR_NEGO_SEND_TARGETS;
	case KEY_AUTH:
		return receive_auth(nego, row, value, out);
	case KEY_DIGEST:
		return receive_digest(nego, row, value, out);
	case KEY_TASK_REPORTING:
		return answer_row(out, row, lunar_text_list_has(value, "RFC3720") ? "RFC3720" : "Reject");
	case KEY_MRDSL:
		return receive_mrdsl(nego, row, value);
	case KEY_OBSOLETE_NO:
		return answer_row(out, row, "No");
	case KEY_OBSOLETE_REJECT:
		return answer_row(out, row, "Reject");
	case KEY_TARGET_ONLY:
		return LUNAR_NEGO_PHASE;
	default:
		return receive_value(nego, row, value, out);
	}
}

/* The peer's reply to a key of lunar_nego_propose. */
static enum lunar_nego_status receive_answer(struct lunar_nego *nego, const struct key_row *row, struct lunar_str text)
{
	u32 ours = offer_field(nego, row);
	u32 value;

	if (lunar_str_is(text, "Reject") || lunar_str_is(text, "Irrelevant") || lunar_str_is(text, "NotUnderstood"))
		return LUNAR_NEGO_OK;
	if (row->type == KEY_DIGEST) {
		if (!lunar_str_is(text, "CRC32C"))
			return LUNAR_NEGO_BAD_ANSWER;
		*result_field(nego, row) = 1;
		return LUNAR_NEGO_OK;
	}
	if (!parse_value(row, text, &value) || combine(row, value, ours) != value)
		return LUNAR_NEGO_BAD_ANSWER;
	*result_field(nego, row) = value;
	clamp_first_burst(nego);
	return LUNAR_NEGO_OK;
}

enum lunar_nego_status lunar_nego_receive(struct lunar_nego *nego, enum lunar_nego_phase phase,
					  const struct lunar_text_pair *pair, struct lunar_text_out *out)
{
	enum lunar_key key = lunar_nego_lookup(pair->key);
	const struct key_row *row;

	if (key == LUNAR_KEY_UNKNOWN)
		return answer(out, pair->key, "NotUnderstood");
	row = &keys[key];
	if (nego->seen & key_bit(key))
		return LUNAR_NEGO_DUPLICATE;
	nego->seen |= key_bit(key);
	if (!(row->phases & (u32)phase) || ((row->flags & LEADING) && !nego->leading))
		return LUNAR_NEGO_PHASE;
	if ((row->flags & NORMAL) && nego->result.discovery)
		return answer_row(out, row, "Irrelevant");
	if (nego->proposed & key_bit(key)) {
		nego->proposed &= ~key_bit(key);
		return receive_answer(nego, row, pair->value);
	}
	return receive_offer(nego, row, pair->value, out);
}

static enum lunar_login_status read_session_type(struct lunar_nego *nego, const void *text, u32 len)
{
	struct lunar_str value;

	if (!lunar_text_find(text, len, "SessionType", &value))
		return LUNAR_LOGIN_SUCCESS;
	if (!lunar_str_is(value, "Discovery") && !lunar_str_is(value, "Normal"))
		return LUNAR_LOGIN_BAD_SESSION_TYPE;
	nego->result.discovery = lunar_str_is(value, "Discovery");
	return LUNAR_LOGIN_SUCCESS;
}

static enum lunar_login_status read_name(const void *text, u32 len, const char *key, bool required, char *out)
{
	struct lunar_str value;

	if (!lunar_text_find(text, len, key, &value))
		return required ? LUNAR_LOGIN_MISSING_PARAM : LUNAR_LOGIN_SUCCESS;
	if (lunar_name_fold(value, out, LUNAR_NAME_LEN) != LUNAR_NAME_OK)
		return LUNAR_LOGIN_INITIATOR_ERROR;
	return LUNAR_LOGIN_SUCCESS;
}

enum lunar_login_status lunar_nego_identity(struct lunar_nego *nego, const void *text, u32 len)
{
	struct lunar_nego_result *result = &nego->result;
	enum lunar_login_status status = read_session_type(nego, text, len);
	struct lunar_str alias;

	if (status == LUNAR_LOGIN_SUCCESS)
		status = read_name(text, len, "InitiatorName", true, result->initiator_name);
	if (status == LUNAR_LOGIN_SUCCESS)
		status = read_name(text, len, "TargetName", !result->discovery, result->target_name);
	if (status != LUNAR_LOGIN_SUCCESS)
		return status;
	if (lunar_text_find(text, len, "InitiatorAlias", &alias) && receive_alias(nego, alias) != LUNAR_NEGO_OK)
		return LUNAR_LOGIN_INITIATOR_ERROR;
	return LUNAR_LOGIN_SUCCESS;
}

static bool due(struct lunar_nego *nego, enum lunar_key key)
{
	if (nego->declared & key_bit(key))
		return false;
	nego->declared |= key_bit(key);
	return true;
}

enum lunar_nego_status lunar_nego_declare(struct lunar_nego *nego, enum lunar_nego_phase phase,
					  struct lunar_text_out *out)
{
	bool normal = !nego->result.discovery;

	nego->seen &= ~IDENTITY_KEYS;
	if (normal && nego->leading && phase != LUNAR_PHASE_FFP) {
		if (nego->offer.alias[0] && due(nego, LUNAR_KEY_TARGET_ALIAS))
			lunar_text_put(out, "TargetAlias", nego->offer.alias);
		if (due(nego, LUNAR_KEY_TPGT))
			lunar_text_put_number(out, "TargetPortalGroupTag", nego->offer.tpgt);
	}
	if (phase == LUNAR_PHASE_OPERATIONAL && due(nego, LUNAR_KEY_MRDSL)) {
		lunar_text_put_number(out, "MaxRecvDataSegmentLength", nego->offer.target_mrdsl);
		nego->result.target_mrdsl = nego->offer.target_mrdsl;
	}
	return out->overflow ? LUNAR_NEGO_OVERFLOW : LUNAR_NEGO_OK;
}

static bool demands_digest(const struct lunar_nego *nego, const struct key_row *row)
{
	return row->type == KEY_DIGEST && !(offer_field(nego, row) & LUNAR_DIGEST_NONE);
}

static bool wants_proposal(const struct lunar_nego *nego, enum lunar_key key)
{
	const struct key_row *row = &keys[key];

	if (nego->seen & key_bit(key))
		return false;
	if (((row->flags & LEADING) && !nego->leading) || ((row->flags & NORMAL) && nego->result.discovery))
		return false;
	if (row->type == KEY_DIGEST)
		return demands_digest(nego, row);
	if (nego->offer.keys_workaround || (!is_numeric(row) && !is_boolean(row)))
		return false;
	return combine(row, row->rfc_default, offer_field(nego, row)) != row->rfc_default;
}

static void put_proposal(const struct lunar_nego *nego, const struct key_row *row, struct lunar_text_out *out)
{
	if (row->type == KEY_DIGEST)
		answer_row(out, row, "CRC32C");
	else
		answer_value(out, row, offer_field(nego, row));
}

enum lunar_nego_status lunar_nego_propose(struct lunar_nego *nego, struct lunar_text_out *out, u32 *count)
{
	u32 i;

	*count = 0;
	for (i = 0; i < LUNAR_KEY_COUNT; i++) {
		if (!wants_proposal(nego, (enum lunar_key)i))
			continue;
		put_proposal(nego, &keys[i], out);
		nego->proposed |= key_bit((enum lunar_key)i);
		(*count)++;
	}
	return out->overflow ? LUNAR_NEGO_OVERFLOW : LUNAR_NEGO_OK;
}

bool lunar_nego_digests_ok(const struct lunar_nego *nego)
{
	if (demands_digest(nego, &keys[LUNAR_KEY_HEADER_DIGEST]) && !nego->result.header_digest)
		return false;
	return !demands_digest(nego, &keys[LUNAR_KEY_DATA_DIGEST]) || nego->result.data_digest;
}

void lunar_nego_text_begin(struct lunar_nego *nego)
{
	nego->seen = 0;
}

const char *lunar_nego_status_text(enum lunar_nego_status status)
{
	static const char *const texts[] = {
		[LUNAR_NEGO_OK] = "ok",
		[LUNAR_NEGO_SEND_TARGETS] = "SendTargets",
		[LUNAR_NEGO_DUPLICATE] = "key sent twice",
		[LUNAR_NEGO_PHASE] = "key not allowed in this phase",
		[LUNAR_NEGO_BAD_VALUE] = "unacceptable value",
		[LUNAR_NEGO_BAD_ANSWER] = "answer does not fit our proposal",
		[LUNAR_NEGO_OVERFLOW] = "answer too long",
	};

	return (u32)status < LUNAR_ARRAY_LEN(texts) ? texts[status] : "unknown status";
}
