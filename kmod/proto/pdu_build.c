// SPDX-License-Identifier: GPL-2.0-only OR MIT
/*
 * Builders of the PDUs a target sends. See pdu.h. RFC 7143 section 11.
 */
#include "pdu.h"

static void start(union lunar_bhs *bhs, enum lunar_opcode opcode, u8 flags, u32 itt, u32 data_len)
{
	memset(bhs, 0, sizeof(*bhs));
	bhs->any.opcode = (u8)opcode;
	bhs->any.flags = flags;
	bhs->any.itt = lunar_to_be32(itt);
	lunar_bhs_set_dlength(bhs, data_len);
}

/* StatSN, ExpCmdSN and MaxCmdSN are at the same place in every target PDU. */
static void put_sn(union lunar_bhs *bhs, const struct lunar_sn *sn)
{
	bhs->nop_in.stat_sn = lunar_to_be32(sn->stat_sn);
	bhs->nop_in.exp_cmd_sn = lunar_to_be32(sn->exp_cmd_sn);
	bhs->nop_in.max_cmd_sn = lunar_to_be32(sn->max_cmd_sn);
}

static void put_lun(union lunar_bhs *bhs, const u8 *lun)
{
	if (lun)
		memcpy(bhs->any.lun, lun, sizeof(bhs->any.lun));
}

void lunar_pdu_build_scsi_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_scsi_rsp_args *args)
{
	start(bhs, LUNAR_OP_SCSI_RSP, (u8)(LUNAR_FLAG_FINAL | args->resid_flags), args->itt, args->data_len);
	put_sn(bhs, sn);
	bhs->scsi_rsp.response = args->response;
	bhs->scsi_rsp.status = args->status;
	bhs->scsi_rsp.exp_data_sn = lunar_to_be32(args->exp_data_sn);
	bhs->scsi_rsp.residual = lunar_to_be32(args->residual);
}

void lunar_pdu_build_data_in(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_data_in_args *args)
{
	start(bhs, LUNAR_OP_DATA_IN, args->final ? LUNAR_FLAG_FINAL : 0, args->itt, args->length);
	put_sn(bhs, sn);
	bhs->data_in.ttt = lunar_to_be32(LUNAR_TAG_RESERVED);
	bhs->data_in.data_sn = lunar_to_be32(args->data_sn);
	bhs->data_in.offset = lunar_to_be32(args->offset);
	if (!args->has_status) {
		bhs->data_in.stat_sn = 0;
		return;
	}
	bhs->data_in.flags = (u8)(LUNAR_FLAG_FINAL | LUNAR_DATA_IN_STATUS | args->resid_flags);
	bhs->data_in.status = args->status;
	bhs->data_in.residual = lunar_to_be32(args->residual);
}

void lunar_pdu_build_r2t(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_r2t_args *args)
{
	start(bhs, LUNAR_OP_R2T, LUNAR_FLAG_FINAL, args->itt, 0);
	put_sn(bhs, sn);
	put_lun(bhs, args->lun);
	bhs->r2t.ttt = lunar_to_be32(args->ttt);
	bhs->r2t.r2t_sn = lunar_to_be32(args->r2t_sn);
	bhs->r2t.offset = lunar_to_be32(args->offset);
	bhs->r2t.length = lunar_to_be32(args->length);
}

void lunar_pdu_build_nop_in(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_nop_in_args *args)
{
	start(bhs, LUNAR_OP_NOP_IN, LUNAR_FLAG_FINAL, args->itt, args->data_len);
	put_sn(bhs, sn);
	put_lun(bhs, args->lun);
	bhs->nop_in.ttt = lunar_to_be32(args->ttt);
}

void lunar_pdu_build_tmf_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, u32 itt, enum lunar_tmf_response response)
{
	start(bhs, LUNAR_OP_TMF_RSP, LUNAR_FLAG_FINAL, itt, 0);
	put_sn(bhs, sn);
	bhs->tmf_rsp.response = (u8)response;
}

void lunar_pdu_build_logout_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_logout_rsp_args *args)
{
	start(bhs, LUNAR_OP_LOGOUT_RSP, LUNAR_FLAG_FINAL, args->itt, 0);
	put_sn(bhs, sn);
	bhs->logout_rsp.response = (u8)args->response;
	bhs->logout_rsp.time2wait = lunar_to_be16(args->time2wait);
	bhs->logout_rsp.time2retain = lunar_to_be16(args->time2retain);
}

void lunar_pdu_build_text_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_text_rsp_args *args)
{
	u8 flags = (u8)((args->final ? LUNAR_FLAG_FINAL : 0) | (args->more ? LUNAR_TEXT_CONTINUE : 0));

	start(bhs, LUNAR_OP_TEXT_RSP, flags, args->itt, args->data_len);
	put_sn(bhs, sn);
	put_lun(bhs, args->lun);
	bhs->text_rsp.ttt = lunar_to_be32(args->ttt);
}

void lunar_pdu_build_login_rsp(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_login_rsp_args *args)
{
	u32 flags = ((u32)args->csg & LUNAR_LOGIN_STAGE_MASK) << LUNAR_LOGIN_CSG_SHIFT;

	if (args->transit)
		flags |= LUNAR_LOGIN_TRANSIT | (args->nsg & LUNAR_LOGIN_STAGE_MASK);
	if (args->more)
		flags |= LUNAR_LOGIN_CONTINUE;
	start(bhs, LUNAR_OP_LOGIN_RSP, (u8)flags, args->itt, args->data_len);
	put_sn(bhs, sn);
	bhs->login_rsp.version_max = args->version_max;
	bhs->login_rsp.version_active = args->version_active;
	memcpy(bhs->login_rsp.isid, args->isid, LUNAR_ISID_LEN);
	bhs->login_rsp.tsih = lunar_to_be16(args->tsih);
	bhs->login_rsp.status_class = (u8)((u32)args->status >> 8);
	bhs->login_rsp.status_detail = (u8)((u32)args->status & 0xffu);
}

void lunar_pdu_build_reject(union lunar_bhs *bhs, const struct lunar_sn *sn, enum lunar_reject reason, u32 data_len)
{
	start(bhs, LUNAR_OP_REJECT, LUNAR_FLAG_FINAL, LUNAR_TAG_RESERVED, data_len);
	put_sn(bhs, sn);
	bhs->reject.reason = (u8)reason;
}

void lunar_pdu_build_async(union lunar_bhs *bhs, const struct lunar_sn *sn, const struct lunar_async_args *args)
{
	u32 i;

	start(bhs, LUNAR_OP_ASYNC, LUNAR_FLAG_FINAL, LUNAR_TAG_RESERVED, args->data_len);
	put_sn(bhs, sn);
	put_lun(bhs, args->lun);
	bhs->async.event = (u8)args->event;
	bhs->async.vendor_code = args->vendor_code;
	for (i = 0; i < LUNAR_ARRAY_LEN(args->parameter); i++)
		bhs->async.parameter[i] = lunar_to_be16(args->parameter[i]);
}
