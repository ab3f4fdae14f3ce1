// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * CmdSN windows, R2T and Data-Out, Data-In. See seq.h.
 */
#include "seq.h"

enum lunar_cmdsn_place lunar_cmdsn_place(u32 cmd_sn, u32 exp_cmd_sn, u32 max_cmd_sn)
{
	u32 ahead = cmd_sn - exp_cmd_sn;
	u32 window = max_cmd_sn - exp_cmd_sn + 1;

	/* A MaxCmdSN further back than a closed window is nobody's: treat it as closed. */
	if (window < 0x80000000u && ahead < window)
		return ahead ? LUNAR_CMDSN_FUTURE : LUNAR_CMDSN_EXPECTED;
	return ahead > 0x80000000u ? LUNAR_CMDSN_OLD : LUNAR_CMDSN_BEYOND;
}

static bool all_here(const struct lunar_write_seq *seq)
{
	return !seq->unsolicited && !seq->outstanding && seq->received >= seq->wanted;
}

static enum lunar_seq_result check_command(const struct lunar_seq_limits *limits, u32 edtl, u32 immediate, bool final)
{
	u32 allowed = lunar_min_u32(limits->first_burst, edtl);

	if (!edtl)
		return immediate || !final ? LUNAR_SEQ_NOT_EXPECTED : LUNAR_SEQ_OK;
	if (immediate > edtl)
		return LUNAR_SEQ_TOO_LONG;
	if (immediate && (!limits->immediate_data || immediate > allowed))
		return LUNAR_SEQ_UNSOLICITED;
	if (!final && limits->initial_r2t)
		return LUNAR_SEQ_UNSOLICITED;
	if (!final && immediate == allowed)
		return LUNAR_SEQ_MISSING_FINAL;
	return LUNAR_SEQ_OK;
}

enum lunar_seq_result lunar_write_seq_init(struct lunar_write_seq *seq, const struct lunar_seq_limits *limits, u32 edtl,
					   u32 immediate, bool final, u32 ttt)
{
	enum lunar_seq_result result = check_command(limits, edtl, immediate, final);

	memset(seq, 0, sizeof(*seq));
	seq->limits = *limits;
	seq->ttt = ttt;
	if (result != LUNAR_SEQ_OK)
		return result;
	seq->edtl = edtl;
	seq->wanted = edtl;
	seq->received = immediate;
	seq->unsolicited = !final;
	seq->solicited = final ? immediate : lunar_min_u32(limits->first_burst, edtl);
	seq->burst_end = seq->solicited;
	if (seq->unsolicited)
		return LUNAR_SEQ_OK;
	return all_here(seq) ? LUNAR_SEQ_COMPLETE : LUNAR_SEQ_BURST_DONE;
}

enum lunar_seq_result lunar_write_seq_limit(struct lunar_write_seq *seq, u32 wanted)
{
	seq->wanted = lunar_min_u32(wanted, seq->edtl);
	if (seq->unsolicited)
		return LUNAR_SEQ_OK;
	return all_here(seq) ? LUNAR_SEQ_COMPLETE : LUNAR_SEQ_BURST_DONE;
}

/* The burst that arrives next. Bursts are contiguous: its end follows from where it starts. */
static void open_burst(struct lunar_write_seq *seq)
{
	seq->data_sn = 0;
	seq->burst_end = seq->received + lunar_min_u32(seq->limits.max_burst, seq->solicited - seq->received);
}

bool lunar_write_seq_next_r2t(struct lunar_write_seq *seq, struct lunar_r2t_args *out)
{
	u32 length;

	if (seq->unsolicited || seq->outstanding >= seq->limits.max_r2t || seq->solicited >= seq->wanted)
		return false;
	length = lunar_min_u32(seq->limits.max_burst, seq->wanted - seq->solicited);
	if (!length)
		return false;
	out->ttt = seq->ttt;
	out->r2t_sn = seq->next_r2t_sn++;
	out->offset = seq->solicited;
	out->length = length;
	seq->solicited += length;
	if (!seq->outstanding++)
		open_burst(seq);
	return true;
}

static enum lunar_seq_result check_tag(const struct lunar_write_seq *seq, u32 ttt)
{
	if (seq->unsolicited)
		return ttt == LUNAR_TAG_RESERVED ? LUNAR_SEQ_OK : LUNAR_SEQ_BAD_TTT;
	if (ttt == LUNAR_TAG_RESERVED)
		return LUNAR_SEQ_UNSOLICITED;
	if (!seq->outstanding)
		return LUNAR_SEQ_NOT_EXPECTED;
	return ttt == seq->ttt ? LUNAR_SEQ_OK : LUNAR_SEQ_BAD_TTT;
}

static enum lunar_seq_result check_length(const struct lunar_write_seq *seq, u32 length, bool final)
{
	u32 left = seq->burst_end - seq->received;

	if (length > left)
		return seq->unsolicited ? LUNAR_SEQ_UNSOLICITED : LUNAR_SEQ_TOO_LONG;
	if (length > seq->limits.max_recv_dsl)
		return LUNAR_SEQ_TOO_LONG;
	if (length == left && !final)
		return LUNAR_SEQ_MISSING_FINAL;
	/* An initiator may end its unsolicited data early; an R2T is answered in full. */
	if (length < left && final && !seq->unsolicited)
		return LUNAR_SEQ_EARLY_FINAL;
	return LUNAR_SEQ_OK;
}

static enum lunar_seq_result check_data_out(const struct lunar_write_seq *seq, const union lunar_bhs *bhs, bool final)
{
	enum lunar_seq_result result = check_tag(seq, lunar_be32(bhs->data_out.ttt));

	if (result != LUNAR_SEQ_OK)
		return result;
	if (lunar_be32(bhs->data_out.data_sn) != seq->data_sn)
		return LUNAR_SEQ_BAD_DATA_SN;
	if (lunar_be32(bhs->data_out.offset) != seq->received)
		return LUNAR_SEQ_BAD_OFFSET;
	return check_length(seq, lunar_bhs_dlength(bhs), final);
}

static void close_burst(struct lunar_write_seq *seq)
{
	if (seq->unsolicited) {
		seq->unsolicited = false;
		seq->solicited = seq->received;
		seq->burst_end = seq->received;
		return;
	}
	seq->outstanding--;
	open_burst(seq);
}

enum lunar_seq_result lunar_write_seq_data(struct lunar_write_seq *seq, const union lunar_bhs *data_out)
{
	bool final = (data_out->any.flags & LUNAR_FLAG_FINAL) != 0;
	enum lunar_seq_result result = check_data_out(seq, data_out, final);

	if (result != LUNAR_SEQ_OK)
		return result;
	seq->received += lunar_bhs_dlength(data_out);
	seq->data_sn++;
	if (!final)
		return LUNAR_SEQ_OK;
	close_burst(seq);
	return all_here(seq) ? LUNAR_SEQ_COMPLETE : LUNAR_SEQ_BURST_DONE;
}

static const struct {
	u8 reason;
	u32 sense;
	const char *text;
} seq_results[] = {
	[LUNAR_SEQ_OK] = { LUNAR_REJECT_NONE, 0, "ok" },
	[LUNAR_SEQ_BURST_DONE] = { LUNAR_REJECT_NONE, 0, "burst complete" },
	[LUNAR_SEQ_COMPLETE] = { LUNAR_REJECT_NONE, 0, "all data received" },
	[LUNAR_SEQ_BAD_TTT] = { LUNAR_REJECT_INVALID_FIELD, LUNAR_SENSE_INCORRECT_AMOUNT, "wrong target transfer tag" },
	[LUNAR_SEQ_BAD_DATA_SN] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_SERVICE_CRC, "DataSN out of order" },
	[LUNAR_SEQ_BAD_OFFSET] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_INCORRECT_AMOUNT, "buffer offset out of order" },
	[LUNAR_SEQ_TOO_LONG] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_INCORRECT_AMOUNT, "more data than asked for" },
	[LUNAR_SEQ_EARLY_FINAL] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_INCORRECT_AMOUNT, "burst ends early" },
	[LUNAR_SEQ_MISSING_FINAL] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_INCORRECT_AMOUNT, "full burst without F bit" },
	[LUNAR_SEQ_UNSOLICITED] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_UNEXPECTED_UNSOLICITED,
				    "unsolicited data beyond what was negotiated" },
	[LUNAR_SEQ_NOT_EXPECTED] = { LUNAR_REJECT_PROTOCOL_ERROR, LUNAR_SENSE_INCORRECT_AMOUNT, "no data expected" },
};

enum lunar_reject lunar_seq_reject_reason(enum lunar_seq_result result)
{
	if ((u32)result >= LUNAR_ARRAY_LEN(seq_results))
		return LUNAR_REJECT_PROTOCOL_ERROR;
	return (enum lunar_reject)seq_results[result].reason;
}

u32 lunar_seq_sense(enum lunar_seq_result result)
{
	return (u32)result < LUNAR_ARRAY_LEN(seq_results) ? seq_results[result].sense : 0;
}

const char *lunar_seq_result_text(enum lunar_seq_result result)
{
	return (u32)result < LUNAR_ARRAY_LEN(seq_results) ? seq_results[result].text : "unknown result";
}

void lunar_read_seq_init(struct lunar_read_seq *seq, u32 total, u32 max_dsl, u32 max_burst)
{
	seq->total = total;
	seq->offset = 0;
	seq->data_sn = 0;
	seq->burst_left = max_burst;
	seq->max_dsl = max_dsl;
	seq->max_burst = max_burst;
}

bool lunar_read_seq_next(struct lunar_read_seq *seq, struct lunar_data_in_plan *plan)
{
	u32 length = lunar_min_u32(seq->total - seq->offset, lunar_min_u32(seq->max_dsl, seq->burst_left));

	if (!length)
		return false;
	plan->offset = seq->offset;
	plan->length = length;
	plan->data_sn = seq->data_sn++;
	seq->offset += length;
	seq->burst_left -= length;
	plan->last = seq->offset == seq->total;
	plan->final = plan->last || !seq->burst_left;
	if (!seq->burst_left)
		seq->burst_left = seq->max_burst;
	return true;
}

static u32 count_pdus(u32 len, u32 max_dsl)
{
	return len / max_dsl + (len % max_dsl ? 1 : 0);
}

u32 lunar_read_seq_count(u32 total, u32 max_dsl, u32 max_burst)
{
	if (!max_dsl || !max_burst)
		return 0;
	return total / max_burst * count_pdus(max_burst, max_dsl) + count_pdus(total % max_burst, max_dsl);
}

struct lunar_residual lunar_residual_of(u32 edtl, u32 actual)
{
	struct lunar_residual residual = { 0, 0 };

	if (actual > edtl) {
		residual.flags = LUNAR_RESID_OVERFLOW;
		residual.count = actual - edtl;
	} else if (actual < edtl) {
		residual.flags = LUNAR_RESID_UNDERFLOW;
		residual.count = edtl - actual;
	}
	return residual;
}
