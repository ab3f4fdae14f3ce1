/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * Checking of received full-feature PDUs, the walk over additional header segments, and the builders of every PDU a
 * target sends. RFC 7143 section 11. Any context; no state.
 *
 * Receive order for the caller: 48 bytes -> lunar_pdu_check_header (may I go on reading?) -> AHS -> header digest ->
 * data -> data digest -> act on the verdict. A LUNAR_PDU_DROP cannot be read past; with every other verdict the PDU's
 * remaining bytes are still on the stream and must be consumed before the Reject is sent.
 */
#ifndef LUNAR_PROTO_PDU_H
#define LUNAR_PROTO_PDU_H

#include "rfc7143.h"

#ifdef __cplusplus
extern "C" {
#endif

/* What the session negotiated, as far as header checks need it. */
struct lunar_pdu_limits {
	u32 max_recv_dsl;  /* the MaxRecvDataSegmentLength this target declared */
	u32 first_burst;   /* FirstBurstLength */
	u8 erl;            /* ErrorRecoveryLevel */
	bool initial_r2t;
	bool immediate_data;
	bool discovery;    /* only Text and Logout are legal, 4.3 */
};

enum lunar_pdu_verdict {
	LUNAR_PDU_OK = 0,
	LUNAR_PDU_DROP_TOO_LONG,      /* DataSegmentLength above our MRDSL: connection must be dropped */
	LUNAR_PDU_UNKNOWN_OPCODE,     /* not an initiator opcode, or a vendor's */
	LUNAR_PDU_NOT_IN_DISCOVERY,   /* legal opcode, but this is a discovery session */
	LUNAR_PDU_LOGIN_IN_FFP,       /* Login request after the login phase */
	LUNAR_PDU_UNEXPECTED_DATA,    /* data segment on an opcode that has none */
	LUNAR_PDU_UNEXPECTED_AHS,     /* AHS on anything but a SCSI command */
	LUNAR_PDU_BAD_TAG,            /* a reserved task tag where a valid one is needed */
	LUNAR_PDU_BAD_FLAGS,          /* contradictory flags */
	LUNAR_PDU_BAD_ATTR,           /* task attribute 5..7 */
	LUNAR_PDU_NO_IMMEDIATE_DATA,  /* immediate data although ImmediateData=No */
	LUNAR_PDU_NO_UNSOLICITED,     /* F=0 although InitialR2T=Yes */
	LUNAR_PDU_FIRST_BURST,        /* immediate data above FirstBurstLength or the expected length */
	LUNAR_PDU_NO_SNACK,           /* SNACK at ErrorRecoveryLevel 0 */
	LUNAR_PDU_BAD_AHS,            /* an AHS that does not parse */
	LUNAR_PDU_BIDI,               /* bidirectional command: not supported */
};

/*
 * Judges a received header in full feature phase. `bhs` may hold anything. Reserved fields are ignored, as section 11
 * demands. The AHS bytes themselves are judged by lunar_ahs_parse.
 */
enum lunar_pdu_verdict lunar_pdu_check_header(const union lunar_bhs *bhs, const struct lunar_pdu_limits *limits);

/* The Reject reason of a verdict; LUNAR_REJECT_NONE for OK and for those that drop the connection. */
enum lunar_reject lunar_pdu_reject_reason(enum lunar_pdu_verdict verdict);

/* A short constant text for logs. Never NULL. */
const char *lunar_pdu_verdict_text(enum lunar_pdu_verdict verdict);

/* True when this verdict leaves no way to find the next PDU. */
static inline bool lunar_pdu_must_drop(enum lunar_pdu_verdict verdict)
{
	return verdict == LUNAR_PDU_DROP_TOO_LONG;
}

/* What the AHS of a SCSI command say; pointers point into the caller's buffer. 11.2.2 */
struct lunar_ahs {
	const u8 *ext_cdb; /* CDB bytes from the 17th on, NULL without */
	u32 ext_cdb_len;   /* 1..244 when there is one */
	bool has_bidi;
	u32 bidi_read_len;
};

/*
 * Walks `len` bytes of AHS (len = lunar_bhs_ahs_len()). Each type at most once; lengths are checked against what is
 * left. LUNAR_PDU_OK or LUNAR_PDU_BAD_AHS; `out` is all zero after an error.
 */
enum lunar_pdu_verdict lunar_ahs_parse(const u8 *ahs, u32 len, struct lunar_ahs *out);

/*
 * The whole CDB: 16 bytes of the header plus an extended CDB. `cdb` takes up to LUNAR_CDB_MAX bytes; its unused
 * rest is zeroed. Returns the length, 16..260.
 */
u32 lunar_pdu_cdb(const union lunar_bhs *bhs, const struct lunar_ahs *ahs, u8 cdb[LUNAR_CDB_MAX]);

/* --- builders: each fills all 48 bytes; the data segment, if any, is the caller's ------------------------- */

/* Sequence numbers that nearly every target PDU carries. */
struct lunar_sn {
	u32 stat_sn;
	u32 exp_cmd_sn;
	u32 max_cmd_sn;
};

struct lunar_scsi_rsp_args {
	u32 itt;
	u8 response;      /* enum lunar_scsi_response */
	u8 status;        /* SAM status */
	u8 resid_flags;   /* LUNAR_RESID_OVERFLOW, _UNDERFLOW or 0 */
	u32 residual;
	u32 exp_data_sn;  /* number of R2T and Data-In PDUs sent for the command */
	u32 data_len;     /* sense data with its two-byte length in front */
};
void lunar_pdu_build_scsi_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_scsi_rsp_args *args);

struct lunar_data_in_args {
	u32 itt;
	u32 data_sn;
	u32 offset;
	u32 length;
	bool final;       /* F: end of a sequence */
	bool has_status;  /* S: status, residual and StatSN are in this PDU; needs final */
	u8 status;
	u8 resid_flags;
	u32 residual;
};
/* StatSN goes out only with has_status. LUN and TTT are not used (no A bit at ErrorRecoveryLevel 0). */
void lunar_pdu_build_data_in(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_data_in_args *args);

struct lunar_r2t_args {
	const u8 *lun;    /* 8 bytes, of the command */
	u32 itt;
	u32 ttt;
	u32 r2t_sn;
	u32 offset;
	u32 length;
};
/* sn->stat_sn is the next StatSN; an R2T does not consume it. */
void lunar_pdu_build_r2t(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_r2t_args *args);

struct lunar_nop_in_args {
	const u8 *lun;    /* 8 bytes, or NULL for 0 */
	u32 itt;          /* of the NOP-Out answered, or LUNAR_TAG_RESERVED for our own ping */
	u32 ttt;          /* LUNAR_TAG_RESERVED, or a tag when an answer is wanted */
	u32 data_len;
};
/* sn->stat_sn is consumed only when itt is valid (11.19.3). */
void lunar_pdu_build_nop_in(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_nop_in_args *args);

void lunar_pdu_build_tmf_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, u32 itt, enum lunar_tmf_response response);

struct lunar_logout_rsp_args {
	u32 itt;
	enum lunar_logout_response response;
	u16 time2wait;
	u16 time2retain;
};
void lunar_pdu_build_logout_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_logout_rsp_args *args);

struct lunar_text_rsp_args {
	const u8 *lun;    /* 8 bytes, or NULL for 0 */
	u32 itt;
	u32 ttt;          /* LUNAR_TAG_RESERVED when final */
	bool final;
	bool more;        /* C bit */
	u32 data_len;
};
void lunar_pdu_build_text_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_text_rsp_args *args);

struct lunar_login_rsp_args {
	const u8 *isid;   /* 6 bytes */
	u16 tsih;
	u32 itt;
	bool transit;     /* T */
	bool more;        /* C */
	u8 csg;
	u8 nsg;           /* goes out only with transit */
	u8 version_max;
	u8 version_active;
	enum lunar_login_status status;
	u32 data_len;
};
void lunar_pdu_build_login_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_login_rsp_args *args);

/* The data segment is the rejected PDU's header: always 48 bytes, plus its AHS if the caller wants. */
void lunar_pdu_build_reject(union lunar_bhs *bhs, const struct lunar_sn *sn, enum lunar_reject reason, u32 data_len);

struct lunar_async_args {
	const u8 *lun;    /* 8 bytes, or NULL for 0 */
	enum lunar_async_event event;
	u8 vendor_code;
	u16 parameter[3];
	u32 data_len;
};
void lunar_pdu_build_async(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_async_args *args);

#ifdef __cplusplus
}
#endif
#endif
