/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Answers become PDUs (build.c), PDUs become part of a batch (tx.c). Worker
 * only. Numbers are taken when a PDU is built, so they are in stream order.
 */
#ifndef LUNAR_ISCSI_BUILD_H
#define LUNAR_ISCSI_BUILD_H

#include "../proto/rfc7143.h"

struct lunar_cmd;
struct lunar_conn;
struct scatterlist;

enum lunar_build {
	LUNAR_BUILD_DONE,	/* the command has left tx.queue */
	LUNAR_BUILD_NO_ROOM,	/* (the rest of) it wants another batch */
};

/* One PDU to send. The data segment is the inline bytes, then the pages. */
struct lunar_tx_pdu {
	union lunar_bhs bhs;
	const void *inline_data;	/* copied */
	u32 inline_len;
	struct scatterlist *sg;		/* order-0 pages, by reference */
	u32 page_offset, page_len;	/* bytes of @sg */
};

/* build.c: as much of the command's answer as there is room for. */
enum lunar_build lunar_build(struct lunar_conn *conn, struct lunar_cmd *cmd);

/* tx.c */
bool lunar_tx_room(const struct lunar_conn *conn, u32 inline_len, u32 page_offset, u32 page_len);
void lunar_tx_add(struct lunar_conn *conn, const struct lunar_tx_pdu *pdu);

#endif
