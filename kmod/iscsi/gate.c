// SPDX-License-Identifier: GPL-2.0-only
/* See cmd.h, lunar_scsi_gate. */
#include <scsi/scsi_proto.h>
#include <target/target_core_backend.h>
#include <target/target_core_fabric.h>

#include "cmd.h"

/* Moves what it is sent and no more: without data it changes nothing. */
static bool is_plain_write(const u8 *cdb)
{
	switch (cdb[0]) {
	case WRITE_6:
	case WRITE_10:
	case WRITE_12:
	case WRITE_16:
	case WRITE_VERIFY:
	case WRITE_VERIFY_12:
	case WRITE_VERIFY_16:
		return true;
	default:
		return false;
	}
}

static bool changes_without_data(const u8 *cdb)
{
	switch (cdb[0]) {
	case WRITE_SAME:
	case WRITE_SAME_16:
	case COMPARE_AND_WRITE:
	case UNMAP:
	case FORMAT_UNIT:
		return true;
	case VARIABLE_LENGTH_CMD:
		return true;	/* of those the core has, only writes: WRITE SAME (32) */
	default:
		return false;
	}
}

bool lunar_scsi_changes_medium(const struct se_cmd *se_cmd)
{
	const u8 *cdb = se_cmd->t_task_cdb;

	/* The device knows more commands than we do. */
	if (se_cmd->se_dev->transport_flags & TRANSPORT_FLAG_PASSTHROUGH &&
	    se_cmd->data_direction == DMA_TO_DEVICE)
		return true;
	return is_plain_write(cdb) || changes_without_data(cdb) || cdb[0] == EXTENDED_COPY;
}

bool lunar_scsi_uses_medium(const struct se_cmd *se_cmd)
{
	u8 opcode = se_cmd->t_task_cdb[0];

	return se_cmd->se_dev->transport_flags & TRANSPORT_FLAG_PASSTHROUGH ||
	       se_cmd->se_cmd_flags & SCF_SCSI_DATA_CDB || opcode == SYNCHRONIZE_CACHE ||
	       opcode == SYNCHRONIZE_CACHE_16 || lunar_scsi_changes_medium(se_cmd);
}

/* The block layer takes whole blocks; a file or memory takes any length. */
static bool takes_whole_blocks(const struct se_device *dev)
{
	return !strcmp(dev->transport->name, "iblock");
}

sense_reason_t lunar_scsi_gate(const struct se_cmd *se_cmd)
{
	const struct se_device *dev = se_cmd->se_dev;
	const u8 *cdb = se_cmd->t_task_cdb;
	bool plain = is_plain_write(cdb);
	bool acts = se_cmd->data_length ||
		    (!plain && se_cmd->se_cmd_flags & SCF_OVERFLOW_BIT);

	if (dev->transport_flags & TRANSPORT_FLAG_PASSTHROUGH)
		return TCM_NO_SENSE;
	if (plain || changes_without_data(cdb)) {
		if (target_lun_is_rdonly((struct se_cmd *)se_cmd))
			return TCM_WRITE_PROTECTED;
		if (se_cmd->data_direction != DMA_TO_DEVICE && acts)
			return TCM_INVALID_FIELD_IN_COMMAND_IU;
	}
	if (se_cmd->se_cmd_flags & SCF_SCSI_DATA_CDB && takes_whole_blocks(dev) &&
	    se_cmd->data_length % dev->dev_attrib.block_size)
		return TCM_INVALID_FIELD_IN_COMMAND_IU;
	return TCM_NO_SENSE;
}
