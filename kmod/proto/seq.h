/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Sequencing: CmdSN windows, what a WRITE may send and when it is asked for more, how a READ is cut into Data-In PDUs.
 * RFC 7143 sections 4.2.2, 4.2.5, 11.7, 11.8. Pure arithmetic over caller-owned structs, one per command; the caller
 * serialises per command. DataPDUInOrder and DataSequenceInOrder are always Yes (the negotiation sees to it).
 */
#ifndef LUNAR_PROTO_SEQ_H
#define LUNAR_PROTO_SEQ_H

#include "pdu.h"

#ifdef __cplusplus
extern "C" {
#endif

/* --- serial numbers, RFC 1982 with 32 bits ------------------------------------------------------------------ */

static inline bool lunar_sn_before(u32 a, u32 b)
{
	return a != b && (u32)(b - a) < 0x80000000u;
}

static inline bool lunar_sn_after(u32 a, u32 b)
{
	return lunar_sn_before(b, a);
}

enum lunar_cmdsn_place {
	LUNAR_CMDSN_EXPECTED,  /* is ExpCmdSN: execute now */
	LUNAR_CMDSN_FUTURE,    /* in the window, earlier ones are missing: hold */
	LUNAR_CMDSN_OLD,       /* before ExpCmdSN: silently ignored, 4.2.2.1 */
	LUNAR_CMDSN_BEYOND,    /* after MaxCmdSN: silently ignored */
};

/* Place of a non-immediate command's CmdSN. A closed window (max = exp - 1) makes everything BEYOND or OLD. */
enum lunar_cmdsn_place lunar_cmdsn_place(u32 cmd_sn, u32 exp_cmd_sn, u32 max_cmd_sn);

/* --- WRITE: unsolicited data, R2T, Data-Out ------------------------------------------------------------------ */

struct lunar_seq_limits {
	u32 max_burst;
	u32 first_burst;
	u32 max_recv_dsl;
	u32 max_r2t;        /* MaxOutstandingR2T, >= 1 */
	bool initial_r2t;
	bool immediate_data;
};

enum lunar_seq_result {
	LUNAR_SEQ_OK = 0,          /* accepted; the burst or sequence goes on */
	LUNAR_SEQ_BURST_DONE,      /* accepted; burst complete: ask lunar_write_seq_next_r2t */
	LUNAR_SEQ_COMPLETE,        /* accepted; all wanted data is here */
	/* refused; at ErrorRecoveryLevel 0 see lunar_seq_reject_reason and lunar_seq_sense */
	LUNAR_SEQ_BAD_TTT,         /* no such burst, or solicited while unsolicited is open (or the reverse) */
	LUNAR_SEQ_BAD_DATA_SN,
	LUNAR_SEQ_BAD_OFFSET,
	LUNAR_SEQ_TOO_LONG,        /* beyond the burst or the expected transfer length */
	LUNAR_SEQ_EARLY_FINAL,     /* F before the burst is complete: incorrect amount of data */
	LUNAR_SEQ_MISSING_FINAL,   /* burst complete without F */
	LUNAR_SEQ_UNSOLICITED,     /* unsolicited data that was not allowed, or above FirstBurstLength */
	LUNAR_SEQ_NOT_EXPECTED,    /* Data-Out after the last byte, or for a command without data */
};

static inline bool lunar_seq_refused(enum lunar_seq_result result)
{
	return result >= LUNAR_SEQ_BAD_TTT;
}

/* Progress of one WRITE. Bursts are contiguous, so nothing is kept per R2T. */
struct lunar_write_seq {
	struct lunar_seq_limits limits;
	u32 edtl;           /* expected data transfer length of the command */
	u32 wanted;         /* bytes the target will use, <= edtl; R2Ts stop there */
	u32 received;       /* bytes here: also the next buffer offset */
	u32 solicited;      /* end of what has been asked for (by R2T or as unsolicited) */
	u32 burst_end;      /* end of the burst now arriving */
	u32 data_sn;        /* next DataSN in that burst */
	u32 next_r2t_sn;
	u32 outstanding;    /* R2Ts sent and not answered in full */
	u32 ttt;            /* one tag for all of the command's R2Ts */
	bool unsolicited;   /* unsolicited Data-Out PDUs are still to come */
};

/*
 * Starts a WRITE. `immediate`: bytes of immediate data; `final`: the command's F bit. ttt must not be
 * LUNAR_TAG_RESERVED. Results: OK (unsolicited Data-Out follows), BURST_DONE (ask for an R2T), COMPLETE, or refused.
 */
enum lunar_seq_result lunar_write_seq_init(struct lunar_write_seq *seq, const struct lunar_seq_limits *limits, u32 edtl,
					   u32 immediate, bool final, u32 ttt);

/*
 * The CDB wants fewer bytes than the initiator announced: R2Ts stop at `wanted`. Before the first R2T only. Data beyond
 * `wanted` that arrives unsolicited is still accepted (and is the caller's to throw away).
 */
enum lunar_seq_result lunar_write_seq_limit(struct lunar_write_seq *seq, u32 wanted);

/* Plans the next R2T if one may go out now; fills offset, length, r2t_sn and ttt of `out`. Call until false. */
bool lunar_write_seq_next_r2t(struct lunar_write_seq *seq, struct lunar_r2t_args *out);

/*
 * Judges one Data-Out (its header; length is its DataSegmentLength) and takes it into account when accepted. A refused
 * PDU changes nothing. The data goes to lunar_be32(bhs->data_out.offset), which is then in [0, edtl - length].
 */
enum lunar_seq_result lunar_write_seq_data(struct lunar_write_seq *seq, const union lunar_bhs *data_out);

enum lunar_reject lunar_seq_reject_reason(enum lunar_seq_result result);
/* Sense (key << 16 | asc << 8 | ascq) for the command that a refused Data-Out belongs to. */
u32 lunar_seq_sense(enum lunar_seq_result result);
const char *lunar_seq_result_text(enum lunar_seq_result result);

/* --- READ: Data-In -------------------------------------------------------------------------------------------- */

struct lunar_read_seq {
	u32 total;          /* bytes to send */
	u32 offset;         /* sent so far */
	u32 data_sn;        /* of the next PDU; after the last one: ExpDataSN of the response */
	u32 burst_left;
	u32 max_dsl;        /* the initiator's MaxRecvDataSegmentLength */
	u32 max_burst;
};

struct lunar_data_in_plan {
	u32 offset;
	u32 length;
	u32 data_sn;
	bool final;         /* F: last of a burst, or of all */
	bool last;          /* last PDU: status may be collapsed into it */
};

void lunar_read_seq_init(struct lunar_read_seq *seq, u32 total, u32 max_dsl, u32 max_burst);
/* The next PDU; false when all of `total` is planned (at once when total is 0). */
bool lunar_read_seq_next(struct lunar_read_seq *seq, struct lunar_data_in_plan *plan);
/* How many PDUs that makes in all. */
u32 lunar_read_seq_count(u32 total, u32 max_dsl, u32 max_burst);

/* Residual of a command. 11.4.5 */
struct lunar_residual {
	u8 flags;           /* LUNAR_RESID_OVERFLOW, _UNDERFLOW or 0 */
	u32 count;
};

/* edtl: what the initiator announced; actual: what the command moves, or would have moved. */
struct lunar_residual lunar_residual_of(u32 edtl, u32 actual);

#ifdef __cplusplus
}
#endif
#endif
