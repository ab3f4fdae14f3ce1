/* SPDX-License-Identifier: GPL-2.0-only OR MIT */
/*
 * The iSCSI wire format: opcodes, flags, the 48-byte header of every PDU, status and reason codes, and the
 * limits the RFC states. Section numbers are of RFC 7143 unless another RFC is named. Nothing in here has
 * behaviour except the two 24-bit length helpers.
 *
 * A header is always handled as `union lunar_bhs`: 48 bytes, 4-byte aligned, every field naturally aligned, so no
 * packing is needed and reading through another member is well defined.
 */
#ifndef LUNAR_PROTO_RFC7143_H
#define LUNAR_PROTO_RFC7143_H

#include "port.h"

#ifdef __cplusplus
extern "C" {
#endif

#define LUNAR_BHS_LEN 48u
#define LUNAR_AHS_MAX 1020u                 /* 11.2.1.5: TotalAHSLength is one byte, in words of 4 */
#define LUNAR_DSL_MAX 0xffffffu             /* 11.2.1.6: 24 bits */
#define LUNAR_CDB_INLINE_LEN 16u            /* 11.3.5 */
#define LUNAR_CDB_MAX 260u                  /* SPC-4 variable length CDB */
#define LUNAR_TAG_RESERVED 0xffffffffu      /* reserved value of both task tags */
#define LUNAR_ISID_LEN 6u
#define LUNAR_PORT_DEFAULT 3260u

#define LUNAR_KEY_LEN_MAX 63u               /* 6.1: length of a key name */
#define LUNAR_VALUE_LEN_MAX 255u            /* 6.1: simple value, without the NUL */
#define LUNAR_BINARY_MAX 1024u              /* 6.1: decoded large-binary-value */
#define LUNAR_BINARY_VALUE_LEN_MAX 2050u    /* the same in hexadecimal, with its 0x */
#define LUNAR_NAME_LEN_MAX 223u             /* 4.2.7.1 */
#define LUNAR_LOGIN_DSL_MAX 8192u           /* 13.12: default MaxRecvDataSegmentLength, rules the login phase */
#define LUNAR_MRDSL_DEFAULT 8192u
#define LUNAR_MRDSL_MIN 512u
#define LUNAR_MRDSL_MAX 16777215u

/* Byte 0: bit 6 is I (immediate delivery), bits 5..0 the opcode. 11.2.1.1, 11.2.1.2 */
#define LUNAR_OPCODE_MASK 0x3fu
#define LUNAR_IMMEDIATE 0x40u

enum lunar_opcode {
	LUNAR_OP_NOP_OUT = 0x00,
	LUNAR_OP_SCSI_CMD = 0x01,
	LUNAR_OP_TMF_REQ = 0x02,
	LUNAR_OP_LOGIN_REQ = 0x03,
	LUNAR_OP_TEXT_REQ = 0x04,
	LUNAR_OP_DATA_OUT = 0x05,
	LUNAR_OP_LOGOUT_REQ = 0x06,
	LUNAR_OP_SNACK = 0x10,
	LUNAR_OP_NOP_IN = 0x20,
	LUNAR_OP_SCSI_RSP = 0x21,
	LUNAR_OP_TMF_RSP = 0x22,
	LUNAR_OP_LOGIN_RSP = 0x23,
	LUNAR_OP_TEXT_RSP = 0x24,
	LUNAR_OP_DATA_IN = 0x25,
	LUNAR_OP_LOGOUT_RSP = 0x26,
	LUNAR_OP_R2T = 0x31,
	LUNAR_OP_ASYNC = 0x32,
	LUNAR_OP_REJECT = 0x3f,
};

#define LUNAR_FLAG_FINAL 0x80u              /* 11.2.1.3; most PDUs */

/* SCSI Command, byte 1. 11.3.1 */
#define LUNAR_CMD_READ 0x40u
#define LUNAR_CMD_WRITE 0x20u
#define LUNAR_CMD_ATTR_MASK 0x07u

enum lunar_task_attr {
	LUNAR_ATTR_UNTAGGED = 0,
	LUNAR_ATTR_SIMPLE = 1,
	LUNAR_ATTR_ORDERED = 2,
	LUNAR_ATTR_HEAD = 3,
	LUNAR_ATTR_ACA = 4,
};

/* SCSI Response byte 1 (11.4.1) and Data-In byte 1 (11.7): residual flags and, in Data-In, S and A. */
#define LUNAR_RESID_BIDI_OVERFLOW 0x10u
#define LUNAR_RESID_BIDI_UNDERFLOW 0x08u
#define LUNAR_RESID_OVERFLOW 0x04u
#define LUNAR_RESID_UNDERFLOW 0x02u
#define LUNAR_DATA_IN_ACK 0x40u
#define LUNAR_DATA_IN_STATUS 0x01u

/* SCSI Response, byte 2. 11.4.3 */
enum lunar_scsi_response {
	LUNAR_SCSI_RSP_COMPLETED = 0x00,
	LUNAR_SCSI_RSP_TARGET_FAILURE = 0x01,
};

/* iSCSI-made sense data, 11.4.7.2: sense key << 16 | ASC << 8 | ASCQ. */
enum lunar_iscsi_sense {
	LUNAR_SENSE_UNEXPECTED_UNSOLICITED = 0x0b0c0c,
	LUNAR_SENSE_INCORRECT_AMOUNT = 0x0b0c0d,
	LUNAR_SENSE_SERVICE_CRC = 0x0b4705,
	LUNAR_SENSE_SNACK_REJECTED = 0x0b1113,
};

/* Additional header segment. 11.2.2 */
#define LUNAR_AHS_TYPE_MASK 0x3fu
#define LUNAR_AHS_EXT_CDB 0x01u
#define LUNAR_AHS_BIDI_READ 0x02u

/* Task management function, byte 1 bits 6..0. 11.5.1, RFC 7144 section 3 from 9 on. */
enum lunar_tmf {
	LUNAR_TMF_ABORT_TASK = 1,
	LUNAR_TMF_ABORT_TASK_SET = 2,
	LUNAR_TMF_CLEAR_ACA = 3,
	LUNAR_TMF_CLEAR_TASK_SET = 4,
	LUNAR_TMF_LUN_RESET = 5,
	LUNAR_TMF_TARGET_WARM_RESET = 6,
	LUNAR_TMF_TARGET_COLD_RESET = 7,
	LUNAR_TMF_TASK_REASSIGN = 8,
	LUNAR_TMF_QUERY_TASK = 9,
	LUNAR_TMF_QUERY_TASK_SET = 10,
	LUNAR_TMF_NEXUS_RESET = 11,
	LUNAR_TMF_QUERY_ASYNC = 12,
};
#define LUNAR_TMF_FUNCTION_MASK 0x7fu

/* Task management response, byte 2. 11.6.1; 7 is RFC 7144's "function succeeded". */
enum lunar_tmf_response {
	LUNAR_TMF_RSP_COMPLETE = 0,
	LUNAR_TMF_RSP_NO_TASK = 1,
	LUNAR_TMF_RSP_NO_LUN = 2,
	LUNAR_TMF_RSP_TASK_ALLEGIANT = 3,
	LUNAR_TMF_RSP_NO_REASSIGN = 4,
	LUNAR_TMF_RSP_NOT_SUPPORTED = 5,
	LUNAR_TMF_RSP_NOT_AUTHORIZED = 6,
	LUNAR_TMF_RSP_SUCCEEDED = 7,
	LUNAR_TMF_RSP_REJECTED = 255,
};

/* Text and Login, byte 1. 11.10, 11.12 */
#define LUNAR_TEXT_CONTINUE 0x40u
#define LUNAR_LOGIN_TRANSIT 0x80u
#define LUNAR_LOGIN_CONTINUE 0x40u
#define LUNAR_LOGIN_CSG_SHIFT 2
#define LUNAR_LOGIN_STAGE_MASK 0x03u

enum lunar_stage {
	LUNAR_STAGE_SECURITY = 0,
	LUNAR_STAGE_OPERATIONAL = 1,
	LUNAR_STAGE_RESERVED = 2,
	LUNAR_STAGE_FULL_FEATURE = 3,
};

/* Login response status: class << 8 | detail. 11.13.5 */
enum lunar_login_status {
	LUNAR_LOGIN_SUCCESS = 0x0000,
	LUNAR_LOGIN_MOVED_TEMPORARILY = 0x0101,
	LUNAR_LOGIN_MOVED_PERMANENTLY = 0x0102,
	LUNAR_LOGIN_INITIATOR_ERROR = 0x0200,
	LUNAR_LOGIN_AUTH_FAILED = 0x0201,
	LUNAR_LOGIN_FORBIDDEN = 0x0202,
	LUNAR_LOGIN_NOT_FOUND = 0x0203,
	LUNAR_LOGIN_REMOVED = 0x0204,
	LUNAR_LOGIN_BAD_VERSION = 0x0205,
	LUNAR_LOGIN_TOO_MANY_CONNS = 0x0206,
	LUNAR_LOGIN_MISSING_PARAM = 0x0207,
	LUNAR_LOGIN_CANNOT_INCLUDE = 0x0208,
	LUNAR_LOGIN_BAD_SESSION_TYPE = 0x0209,
	LUNAR_LOGIN_NO_SESSION = 0x020a,
	LUNAR_LOGIN_BAD_REQUEST = 0x020b,
	LUNAR_LOGIN_TARGET_ERROR = 0x0300,
	LUNAR_LOGIN_UNAVAILABLE = 0x0301,
	LUNAR_LOGIN_OUT_OF_RESOURCES = 0x0302,
};

/* Logout reason (byte 1 bits 6..0, 11.14.1) and response (byte 2, 11.15.1). */
#define LUNAR_LOGOUT_REASON_MASK 0x7fu

enum lunar_logout_reason {
	LUNAR_LOGOUT_CLOSE_SESSION = 0,
	LUNAR_LOGOUT_CLOSE_CONNECTION = 1,
	LUNAR_LOGOUT_RECOVERY = 2,
};

enum lunar_logout_response {
	LUNAR_LOGOUT_RSP_OK = 0,
	LUNAR_LOGOUT_RSP_NO_CID = 1,
	LUNAR_LOGOUT_RSP_NO_RECOVERY = 2,
	LUNAR_LOGOUT_RSP_CLEANUP_FAILED = 3,
};

/* Async event. 11.9.1; 5 is RFC 7144's all-tasks-terminated news. */
enum lunar_async_event {
	LUNAR_ASYNC_SCSI = 0,
	LUNAR_ASYNC_LOGOUT_REQUEST = 1,
	LUNAR_ASYNC_DROP_CONNECTION = 2,
	LUNAR_ASYNC_DROP_ALL = 3,
	LUNAR_ASYNC_NEGOTIATE = 4,
	LUNAR_ASYNC_TASKS_TERMINATED = 5,
	LUNAR_ASYNC_VENDOR = 255,
};

/* Reject reason. 11.17.1 */
enum lunar_reject {
	LUNAR_REJECT_NONE = 0x00, /* not on the wire: nothing to reject */
	LUNAR_REJECT_RESERVED = 0x01,
	LUNAR_REJECT_DATA_DIGEST = 0x02,
	LUNAR_REJECT_SNACK = 0x03,
	LUNAR_REJECT_PROTOCOL_ERROR = 0x04,
	LUNAR_REJECT_COMMAND_NOT_SUPPORTED = 0x05,
	LUNAR_REJECT_IMMEDIATE_OVERFLOW = 0x06,
	LUNAR_REJECT_TASK_IN_PROGRESS = 0x07,
	LUNAR_REJECT_INVALID_DATA_ACK = 0x08,
	LUNAR_REJECT_INVALID_FIELD = 0x09,
	LUNAR_REJECT_LONG_OPERATION = 0x0a,
	LUNAR_REJECT_DEPRECATED = 0x0b,
	LUNAR_REJECT_WAITING_FOR_LOGOUT = 0x0c,
};

/* --- headers, in opcode order ---------------------------------------------------------------------------- */

/* What every PDU has in common. 11.2.1 */
struct lunar_bhs_any {
	u8 opcode;
	u8 flags;
	u8 specific[2];
	u8 ahs_words; /* TotalAHSLength, in words of 4 */
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	u8 rest[28];
};

/* 11.18 */
struct lunar_bhs_nop_out {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	u8 reserved32[16];
};

/* 11.3 */
struct lunar_bhs_scsi_cmd {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 edtl;
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	u8 cdb[16];
};

/* 11.5 */
struct lunar_bhs_tmf_req {
	u8 opcode;
	u8 flags; /* F and function */
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ref_tag;
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	__be32 ref_cmd_sn;
	__be32 exp_data_sn;
	u8 reserved40[8];
};

/* 11.12 */
struct lunar_bhs_login_req {
	u8 opcode;
	u8 flags;
	u8 version_max;
	u8 version_min;
	u8 ahs_words;
	u8 dlength[3];
	u8 isid[6];
	__be16 tsih;
	__be32 itt;
	__be16 cid;
	u8 reserved22[2];
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	u8 reserved32[16];
};

/* 11.10 */
struct lunar_bhs_text_req {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	u8 reserved32[16];
};

/* 11.7 */
struct lunar_bhs_data_out {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	u8 reserved24[4];
	__be32 exp_stat_sn;
	u8 reserved32[4];
	__be32 data_sn;
	__be32 offset;
	u8 reserved44[4];
};

/* 11.14 */
struct lunar_bhs_logout_req {
	u8 opcode;
	u8 flags; /* F and reason */
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 reserved8[8];
	__be32 itt;
	__be16 cid;
	u8 reserved22[2];
	__be32 cmd_sn;
	__be32 exp_stat_sn;
	u8 reserved32[16];
};

/* 11.16 */
struct lunar_bhs_snack {
	u8 opcode;
	u8 flags; /* F and type */
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	u8 reserved24[4];
	__be32 exp_stat_sn;
	u8 reserved32[8];
	__be32 beg_run;
	__be32 run_length;
};

/* 11.19 */
struct lunar_bhs_nop_in {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 reserved36[12];
};

/* 11.4 */
struct lunar_bhs_scsi_rsp {
	u8 opcode;
	u8 flags;
	u8 response;
	u8 status;
	u8 ahs_words;
	u8 dlength[3];
	u8 reserved8[8];
	__be32 itt;
	__be32 snack_tag;
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	__be32 exp_data_sn;
	__be32 bidi_residual;
	__be32 residual;
};

/* 11.6 */
struct lunar_bhs_tmf_rsp {
	u8 opcode;
	u8 flags;
	u8 response;
	u8 reserved3;
	u8 ahs_words;
	u8 dlength[3];
	u8 reserved8[8];
	__be32 itt;
	u8 reserved20[4];
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 reserved36[12];
};

/* 11.13 */
struct lunar_bhs_login_rsp {
	u8 opcode;
	u8 flags;
	u8 version_max;
	u8 version_active;
	u8 ahs_words;
	u8 dlength[3];
	u8 isid[6];
	__be16 tsih;
	__be32 itt;
	u8 reserved20[4];
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 status_class;
	u8 status_detail;
	u8 reserved38[10];
};

/* 11.11 */
struct lunar_bhs_text_rsp {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 reserved36[12];
};

/* 11.7 */
struct lunar_bhs_data_in {
	u8 opcode;
	u8 flags;
	u8 reserved2;
	u8 status;
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	__be32 data_sn;
	__be32 offset;
	__be32 residual;
};

/* 11.15 */
struct lunar_bhs_logout_rsp {
	u8 opcode;
	u8 flags;
	u8 response;
	u8 reserved3;
	u8 ahs_words;
	u8 dlength[3];
	u8 reserved8[8];
	__be32 itt;
	u8 reserved20[4];
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 reserved36[4];
	__be16 time2wait;
	__be16 time2retain;
	u8 reserved44[4];
};

/* 11.8 */
struct lunar_bhs_r2t {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt;
	__be32 ttt;
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	__be32 r2t_sn;
	__be32 offset;
	__be32 length;
};

/* 11.9 */
struct lunar_bhs_async {
	u8 opcode;
	u8 flags;
	u8 reserved2[2];
	u8 ahs_words;
	u8 dlength[3];
	u8 lun[8];
	__be32 itt; /* always the reserved tag */
	u8 reserved20[4];
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	u8 event;
	u8 vendor_code;
	__be16 parameter[3];
	u8 reserved44[4];
};

/* 11.17 */
struct lunar_bhs_reject {
	u8 opcode;
	u8 flags;
	u8 reason;
	u8 reserved3;
	u8 ahs_words;
	u8 dlength[3];
	u8 reserved8[8];
	__be32 itt; /* always the reserved tag */
	u8 reserved20[4];
	__be32 stat_sn;
	__be32 exp_cmd_sn;
	__be32 max_cmd_sn;
	__be32 data_sn;
	u8 reserved40[8];
};

union lunar_bhs {
	u8 bytes[48];
	struct lunar_bhs_any any;
	struct lunar_bhs_nop_out nop_out;
	struct lunar_bhs_scsi_cmd scsi_cmd;
	struct lunar_bhs_tmf_req tmf_req;
	struct lunar_bhs_login_req login_req;
	struct lunar_bhs_text_req text_req;
	struct lunar_bhs_data_out data_out;
	struct lunar_bhs_logout_req logout_req;
	struct lunar_bhs_snack snack;
	struct lunar_bhs_nop_in nop_in;
	struct lunar_bhs_scsi_rsp scsi_rsp;
	struct lunar_bhs_tmf_rsp tmf_rsp;
	struct lunar_bhs_login_rsp login_rsp;
	struct lunar_bhs_text_rsp text_rsp;
	struct lunar_bhs_data_in data_in;
	struct lunar_bhs_logout_rsp logout_rsp;
	struct lunar_bhs_r2t r2t;
	struct lunar_bhs_async async;
	struct lunar_bhs_reject reject;
};

#define LUNAR_ASSERT_BHS(type) LUNAR_STATIC_ASSERT(sizeof(struct type) == 48, #type " is 48 bytes")
LUNAR_ASSERT_BHS(lunar_bhs_any);
LUNAR_ASSERT_BHS(lunar_bhs_nop_out);
LUNAR_ASSERT_BHS(lunar_bhs_scsi_cmd);
LUNAR_ASSERT_BHS(lunar_bhs_tmf_req);
LUNAR_ASSERT_BHS(lunar_bhs_login_req);
LUNAR_ASSERT_BHS(lunar_bhs_text_req);
LUNAR_ASSERT_BHS(lunar_bhs_data_out);
LUNAR_ASSERT_BHS(lunar_bhs_logout_req);
LUNAR_ASSERT_BHS(lunar_bhs_snack);
LUNAR_ASSERT_BHS(lunar_bhs_nop_in);
LUNAR_ASSERT_BHS(lunar_bhs_scsi_rsp);
LUNAR_ASSERT_BHS(lunar_bhs_tmf_rsp);
LUNAR_ASSERT_BHS(lunar_bhs_login_rsp);
LUNAR_ASSERT_BHS(lunar_bhs_text_rsp);
LUNAR_ASSERT_BHS(lunar_bhs_data_in);
LUNAR_ASSERT_BHS(lunar_bhs_logout_rsp);
LUNAR_ASSERT_BHS(lunar_bhs_r2t);
LUNAR_ASSERT_BHS(lunar_bhs_async);
LUNAR_ASSERT_BHS(lunar_bhs_reject);
LUNAR_STATIC_ASSERT(sizeof(union lunar_bhs) == 48, "a basic header segment is 48 bytes");

static inline u32 lunar_bhs_dlength(const union lunar_bhs *bhs)
{
	return lunar_get_be24(bhs->any.dlength);
}

static inline void lunar_bhs_set_dlength(union lunar_bhs *bhs, u32 length)
{
	lunar_put_be24(bhs->any.dlength, length);
}

static inline u8 lunar_bhs_opcode(const union lunar_bhs *bhs)
{
	return (u8)(bhs->any.opcode & LUNAR_OPCODE_MASK);
}

static inline bool lunar_bhs_immediate(const union lunar_bhs *bhs)
{
	return (bhs->any.opcode & LUNAR_IMMEDIATE) != 0;
}

static inline u32 lunar_bhs_ahs_len(const union lunar_bhs *bhs)
{
	return (u32)bhs->any.ahs_words * 4;
}

static inline u32 lunar_bhs_itt(const union lunar_bhs *bhs)
{
	return lunar_be32(bhs->any.itt);
}

#ifdef __cplusplus
}
#endif
#endif
