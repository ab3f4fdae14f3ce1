// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sending: answers in line are built into a batch (headers in one piece of
 * memory, payload by reference), and the batch goes out in one call. A command
 * stays on tx.sent until the socket has taken its last byte.
 */
#include <linux/crc32c.h>
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>

#include "../proto/digest.h"
#include "build.h"
#include "cmd.h"
#include "conn.h"
#include "send.h"
#include "session.h"

/* Header, digest; and behind the payload padding, digest. */
#define PDU_HEADER_ROOM		(LUNAR_BHS_LEN + LUNAR_DIGEST_LEN)
#define PDU_TRAILER_ROOM	(3 + LUNAR_DIGEST_LEN + 1)

bool lunar_tx_idle(const struct lunar_conn *conn)
{
	return !conn->tx.left && list_empty(&conn->tx.queue) && llist_empty(&conn->returned);
}

/* --- the batch's memory --- */

static bool open_batch(struct lunar_tx *tx)
{
	if (tx->chunk)
		return true;
	tx->chunk = netdev_alloc_frag(LUNAR_TX_CHUNK);
	return tx->chunk;
}

static void close_batch(struct lunar_tx *tx)
{
	struct lunar_cmd *cmd;

	while (!list_empty(&tx->sent)) {
		cmd = list_first_entry(&tx->sent, struct lunar_cmd, link);
		lunar_cmd_done(cmd);
	}
	if (tx->chunk)
		page_frag_free(tx->chunk);
	tx->chunk = NULL;
	tx->chunk_used = 0;
	tx->nr = 0;
	tx->first = 0;
	tx->left = 0;
	tx->pages = false;
}

static void add_bytes(struct lunar_tx *tx, struct page *page, u32 offset, u32 len)
{
	struct bio_vec *last = tx->nr ? &tx->bv[tx->nr - 1] : NULL;

	tx->left += len;
	if (last && last->bv_page == page && last->bv_offset + last->bv_len == offset) {
		last->bv_len += len;
		return;
	}
	bvec_set_page(&tx->bv[tx->nr++], page, len, offset);
}

/* @len bytes of the chunk become part of the stream; the caller fills them. */
static u8 *add_chunk(struct lunar_tx *tx, u32 len)
{
	u8 *p = tx->chunk + tx->chunk_used;

	tx->chunk_used += len;
	add_bytes(tx, virt_to_page(p), offset_in_page(p), len);
	return p;
}

static u32 vectors_for(u32 offset, u32 len)
{
	return len ? DIV_ROUND_UP(offset_in_page(offset) + len, PAGE_SIZE) : 0;
}

bool lunar_tx_room(const struct lunar_conn *conn, u32 inline_len, u32 page_offset, u32 page_len)
{
	const struct lunar_tx *tx = &conn->tx;
	u32 chunk = PDU_HEADER_ROOM + ALIGN(inline_len, 4) + PDU_TRAILER_ROOM;

	return tx->chunk_used + chunk <= LUNAR_TX_CHUNK &&
	       tx->nr + 2 + vectors_for(page_offset, page_len) <= LUNAR_TX_BVECS;
}

static u32 add_payload(struct lunar_tx *tx, struct scatterlist *sg, u32 offset, u32 len, u32 crc,
		     bool sum)
{
	while (len) {
		u32 pos = offset_in_page(offset);
		u32 n = min_t(u32, len, PAGE_SIZE - pos);
		struct page *page = sg_page(&sg[offset >> PAGE_SHIFT]);

		if (sum) {
			u8 *addr = kmap_local_page(page);

			crc = crc32c(crc, addr + pos, n);
			kunmap_local(addr);
		}
		add_bytes(tx, page, pos, n);
		offset += n;
		len -= n;
	}
	return crc;
}

static void add_header(struct lunar_conn *conn, const union lunar_bhs *bhs, bool digest)
{
	u8 *p = add_chunk(&conn->tx, LUNAR_BHS_LEN + (digest ? LUNAR_DIGEST_LEN : 0));

	memcpy(p, bhs, LUNAR_BHS_LEN);
	if (digest)
		lunar_digest_put(p + LUNAR_BHS_LEN,
				 lunar_crc32c_final(crc32c(LUNAR_CRC32C_SEED, p, LUNAR_BHS_LEN)));
}

static void add_trailer(struct lunar_conn *conn, u32 data_len, u32 crc, bool digest)
{
	u32 pad = lunar_pad_len(data_len);
	u32 len = pad + (digest ? LUNAR_DIGEST_LEN : 0);
	u8 *p;

	if (!len)
		return;
	p = add_chunk(&conn->tx, len);
	memset(p, 0, pad);
	if (digest)
		lunar_digest_put(p + pad, lunar_crc32c_final(crc32c(crc, p, pad)));
}

void lunar_tx_add(struct lunar_conn *conn, const struct lunar_tx_pdu *pdu)
{
	struct lunar_tx *tx = &conn->tx;
	bool login = lunar_bhs_opcode(&pdu->bhs) == LUNAR_OP_LOGIN_RSP;
	bool sum = conn->data_digest && !login;
	u32 len = pdu->inline_len + pdu->page_len;
	u32 crc = LUNAR_CRC32C_SEED;

	add_header(conn, &pdu->bhs, conn->header_digest && !login);
	if (pdu->inline_len) {
		u8 *p = add_chunk(tx, pdu->inline_len);

		memcpy(p, pdu->inline_data, pdu->inline_len);
		if (sum)
			crc = crc32c(crc, p, pdu->inline_len);
	}
	if (pdu->page_len) {
		crc = add_payload(tx, pdu->sg, pdu->page_offset, pdu->page_len, crc, sum);
		tx->pages = true;
	}
	if (len)
		add_trailer(conn, len, crc, sum);
}

/* --- building and sending --- */

/* False when there is nothing to send (or no memory for it now). */
static bool build_batch(struct lunar_conn *conn)
{
	struct lunar_tx *tx = &conn->tx;
	struct lunar_cmd *cmd;

	if (list_empty(&tx->queue))
		return false;
	if (!open_batch(tx)) {
		lunar_conn_retry(conn);
		return false;
	}
	while (!list_empty(&tx->queue)) {
		cmd = list_first_entry(&tx->queue, struct lunar_cmd, link);
		if (lunar_build(conn, cmd) == LUNAR_BUILD_NO_ROOM)
			break;
	}
	return tx->left;
}

static void consume(struct lunar_tx *tx, u32 sent)
{
	tx->left -= sent;
	while (sent) {
		struct bio_vec *bv = &tx->bv[tx->first];
		u32 n = min(sent, bv->bv_len);

		bv->bv_offset += n;
		bv->bv_len -= n;
		sent -= n;
		if (!bv->bv_len)
			tx->first++;
	}
}

static int send_batch(struct lunar_conn *conn)
{
	struct lunar_tx *tx = &conn->tx;
	int ret;

	while (tx->left) {
		ret = lunar_send(conn->sock, tx->bv + tx->first, tx->nr - tx->first, tx->left,
				 tx->pages);
		if (ret < 0)
			return ret;
		if (!ret)
			return -EAGAIN;
		consume(tx, ret);
	}
	return 0;
}

bool lunar_tx_run(struct lunar_conn *conn)
{
	unsigned int budget = 8;
	int ret;

	while (budget--) {
		if (!conn->tx.left) {
			close_batch(&conn->tx);
			if (!build_batch(conn)) {
				close_batch(&conn->tx);
				return false;
			}
		}
		ret = send_batch(conn);
		if (ret == -EAGAIN)
			return false;
		if (ret < 0) {
			lunar_conn_begin_close(conn, "cannot send");
			return false;
		}
	}
	if (!conn->tx.left)
		close_batch(&conn->tx);
	return true;
}

void lunar_tx_abandon(struct lunar_conn *conn)
{
	struct lunar_cmd *cmd;

	close_batch(&conn->tx);
	while (!list_empty(&conn->tx.queue)) {
		cmd = list_first_entry(&conn->tx.queue, struct lunar_cmd, link);
		lunar_cmd_done(cmd);
	}
}
