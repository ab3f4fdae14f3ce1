// SPDX-License-Identifier: GPL-2.0-only
/*
 * Receiving: an explicit state machine over what is in the socket's queue. The
 * socket's lock is held while the actor runs, so it only moves bytes, makes
 * commands and counts; what executes them (and may take long) runs after it.
 * Payload goes from the skb to its final pages once, summed as it is copied.
 */
#include <linux/crc32c.h>
#include <linux/highmem.h>
#include <linux/scatterlist.h>
#include <linux/skbuff.h>
#include <linux/slab.h>
#include <net/tcp.h>

#include "../proto/digest.h"
#include "cmd.h"
#include "conn.h"
#include "count.h"
#include "fabric.h"
#include "session.h"

void lunar_rx_forget(struct lunar_conn *conn, const struct lunar_cmd *cmd)
{
	if (conn->rx.cmd != cmd)
		return;
	conn->rx.cmd = NULL;
	conn->rx.sink = LUNAR_SINK_DISCARD;
}

static void begin_part(struct lunar_rx *rx, enum lunar_rx_state state, u32 want)
{
	rx->state = state;
	rx->have = 0;
	rx->want = want;
}

static void begin_pdu(struct lunar_rx *rx)
{
	begin_part(rx, LUNAR_RX_BHS, LUNAR_BHS_LEN);
	rx->sink = LUNAR_SINK_DISCARD;
	rx->reject = LUNAR_REJECT_NONE;
	rx->reject_why = NULL;
	rx->cmd = NULL;
	rx->slow = false;
	rx->waits = false;
}

/* --- bytes --- */

static void copy_pages(struct lunar_rx *rx, struct sk_buff *skb, int offset, u32 len, bool sum)
{
	while (len) {
		u32 pos = rx->sg_off & (PAGE_SIZE - 1);
		u32 n = min_t(u32, len, PAGE_SIZE - pos);
		u8 *page = kmap_local_page(sg_page(&rx->sg[rx->sg_off >> PAGE_SHIFT]));

		skb_copy_bits(skb, offset, page + pos, n);
		if (sum)
			rx->crc = crc32c(rx->crc, page + pos, n);
		kunmap_local(page);
		rx->sg_off += n;
		offset += n;
		len -= n;
	}
}

/* Data that goes nowhere is summed all the same: its digest decides what is said. */
static void sum_discarded(struct lunar_rx *rx, struct sk_buff *skb, int offset, u32 len)
{
	u8 buf[64];

	while (len) {
		u32 n = min_t(u32, len, sizeof(buf));

		skb_copy_bits(skb, offset, buf, n);
		rx->crc = crc32c(rx->crc, buf, n);
		offset += n;
		len -= n;
	}
}

static void feed_data(struct lunar_conn *conn, struct sk_buff *skb, int offset, u32 len)
{
	struct lunar_rx *rx = &conn->rx;

	switch (rx->sink) {
	case LUNAR_SINK_PAGES:
		copy_pages(rx, skb, offset, len, conn->data_digest);
		break;
	case LUNAR_SINK_TEXT:
		skb_copy_bits(skb, offset, rx->text + rx->have, len);
		if (conn->data_digest)
			rx->crc = crc32c(rx->crc, rx->text + rx->have, len);
		break;
	case LUNAR_SINK_DISCARD:
		if (conn->data_digest)
			sum_discarded(rx, skb, offset, len);
		break;
	}
}

static u32 feed(struct lunar_conn *conn, struct sk_buff *skb, int offset, u32 len)
{
	struct lunar_rx *rx = &conn->rx;
	u32 n = min(len, rx->want - rx->have);

	switch (rx->state) {
	case LUNAR_RX_BHS:
		skb_copy_bits(skb, offset, rx->bhs.bytes + rx->have, n);
		break;
	case LUNAR_RX_AHS:
		skb_copy_bits(skb, offset, rx->ahs + rx->have, n);
		break;
	case LUNAR_RX_DATA:
		feed_data(conn, skb, offset, n);
		break;
	case LUNAR_RX_TRAILER:
		skb_copy_bits(skb, offset, rx->trailer + rx->have, n);
		break;
	}
	rx->have += n;
	return n;
}

/* --- PDUs --- */

static bool header_digest_ok(struct lunar_conn *conn)
{
	const struct lunar_rx *rx = &conn->rx;
	u32 crc = crc32c(LUNAR_CRC32C_SEED, rx->bhs.bytes, LUNAR_BHS_LEN);

	crc = crc32c(crc, rx->ahs, rx->ahs_len);
	return lunar_digest_match(rx->ahs + rx->ahs_len, lunar_crc32c_final(crc));
}

static void begin_text(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	if (rx->data_len > LUNAR_LOGIN_TEXT_MAX)
		return;
	if (!rx->text)
		rx->text = kvmalloc(LUNAR_LOGIN_TEXT_MAX, GFP_NOIO);
	if (rx->text)
		rx->sink = LUNAR_SINK_TEXT;
}

/* The ping's data comes back: keep what the initiator can take. */
static void begin_nop(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	struct lunar_cmd *cmd;

	if (lunar_bhs_itt(&rx->bhs) == LUNAR_TAG_RESERVED)
		return;
	cmd = lunar_cmd_begin(conn, LUNAR_CMD_NOP);
	if (!cmd)
		return;
	rx->cmd = cmd;
	if (lunar_cmd_alloc_pages(cmd, rx->data_len))
		return;
	rx->sink = LUNAR_SINK_PAGES;
	rx->sg = cmd->sg;
	rx->sg_off = 0;
	rx->sg_len = rx->data_len;
}

/* Where the data of an acceptable full-feature PDU goes. */
static void dispatch_header(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	switch (lunar_bhs_opcode(&rx->bhs)) {
	case LUNAR_OP_SCSI_CMD:
		lunar_scsi_header(conn);
		return;
	case LUNAR_OP_DATA_OUT:
		lunar_data_out_header(conn);
		return;
	case LUNAR_OP_NOP_OUT:
		begin_nop(conn);
		break;
	case LUNAR_OP_TEXT_REQ:
		begin_text(conn);
		break;
	}
	rx->slow = true;
}

static void full_feature_header(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	enum lunar_pdu_verdict verdict = lunar_pdu_check_header(&rx->bhs, &conn->limits);

	if (lunar_pdu_must_drop(verdict)) {
		rx->fatal = lunar_pdu_verdict_text(verdict);
		return;
	}
	rx->reject = lunar_pdu_reject_reason(verdict);
	rx->reject_why = lunar_pdu_verdict_text(verdict);
	if (verdict == LUNAR_PDU_OK)
		dispatch_header(conn);
	else
		rx->slow = true;
	/* A sink never takes more than it has room for. */
	if (rx->sink == LUNAR_SINK_PAGES &&
	    (rx->sg_off > rx->sg_len || rx->data_len > rx->sg_len - rx->sg_off))
		rx->sink = LUNAR_SINK_DISCARD;
	if (rx->reject != LUNAR_REJECT_NONE)
		rx->slow = true;
}

static void header_complete(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	if (conn->header_digest && !header_digest_ok(conn)) {
		lunar_count_digest_error(conn);
		rx->fatal = "header digest error";
		return;
	}
	rx->crc = LUNAR_CRC32C_SEED;
	if (conn->state == LUNAR_CONN_LOGIN) {
		rx->slow = true;
		begin_text(conn);
	} else {
		full_feature_header(conn);
	}
	begin_part(rx, LUNAR_RX_DATA, rx->data_len);
}

static void bhs_complete(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	rx->ahs_len = lunar_bhs_ahs_len(&rx->bhs);
	rx->data_len = lunar_bhs_dlength(&rx->bhs);
	if (conn->state == LUNAR_CONN_LOGIN && rx->data_len > LUNAR_LOGIN_DSL_MAX) {
		/* Answered from its header; what follows is not read. */
		rx->slow = true;
		rx->waits = true;
		return;
	}
	begin_part(rx, LUNAR_RX_AHS,
		   rx->ahs_len + (conn->header_digest ? LUNAR_DIGEST_LEN : 0));
}

static bool data_digest_ok(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	u32 pad = lunar_pad_len(rx->data_len);
	u32 crc;

	if (!conn->data_digest || !rx->data_len)
		return true;
	crc = crc32c(rx->crc, rx->trailer, pad);
	if (lunar_digest_match(rx->trailer + pad, lunar_crc32c_final(crc)))
		return true;
	lunar_count_digest_error(conn);
	rx->reject = LUNAR_REJECT_DATA_DIGEST;
	rx->slow = true;
	return false;
}

static void pdu_complete(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;
	bool digest_ok = data_digest_ok(conn);

	switch (lunar_bhs_opcode(&rx->bhs)) {
	case LUNAR_OP_SCSI_CMD:
		lunar_scsi_pdu(conn, digest_ok);
		break;
	case LUNAR_OP_DATA_OUT:
		lunar_data_out_pdu(conn, digest_ok);
		break;
	}
	rx->waits = rx->slow;
	if (!rx->waits)
		begin_pdu(rx);
}

static u32 trailer_len(const struct lunar_conn *conn)
{
	u32 len = conn->rx.data_len;

	if (!len)
		return 0;
	return lunar_pad_len(len) + (conn->data_digest ? LUNAR_DIGEST_LEN : 0);
}

/* The current part is complete: on to the next that has bytes. False: stop reading. */
static bool advance(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	while (rx->have == rx->want) {
		switch (rx->state) {
		case LUNAR_RX_BHS:
			bhs_complete(conn);
			if (rx->waits)
				return false;
			break;
		case LUNAR_RX_AHS:
			header_complete(conn);
			if (rx->fatal || !lunar_conn_is_open(conn))
				return false;
			break;
		case LUNAR_RX_DATA:
			begin_part(rx, LUNAR_RX_TRAILER, trailer_len(conn));
			break;
		case LUNAR_RX_TRAILER:
			pdu_complete(conn);
			rx->budget--;
			if (rx->waits || !rx->budget)
				return false;
			break;
		}
	}
	return true;
}

static int rx_actor(read_descriptor_t *desc, struct sk_buff *skb, unsigned int offset, size_t len)
{
	struct lunar_conn *conn = desc->arg.data;
	size_t done = 0;

	/* TCP calls again within an skb that was not taken whole: nothing is what stops it. */
	if (!desc->count)
		return 0;
	while (done < len) {
		done += feed(conn, skb, offset + done, len - done);
		if (!advance(conn)) {
			desc->count = 0;
			break;
		}
	}
	return done;
}

/* --- what the actor left to do --- */

static void login_or_reject(struct lunar_conn *conn)
{
	if (conn->state == LUNAR_CONN_LOGIN)
		lunar_login_pdu(conn);
	else
		lunar_ffp_pdu(conn);
}

static void slow_path(struct lunar_conn *conn)
{
	struct lunar_rx *rx = &conn->rx;

	if (rx->fatal) {
		lunar_conn_begin_close(conn, rx->fatal);
		return;
	}
	lunar_cmd_run_ready(conn);
	if (!rx->waits || !lunar_conn_is_open(conn))
		return;
	login_or_reject(conn);
	begin_pdu(rx);
	lunar_cmd_run_ready(conn);
}

static bool peer_gone(const struct sock *sk)
{
	return READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN || READ_ONCE(sk->sk_err) ||
	       sk->sk_state != TCP_ESTABLISHED;
}

bool lunar_rx_run(struct lunar_conn *conn)
{
	struct sock *sk = conn->sock->sk;
	read_descriptor_t desc;
	bool gone;
	int ret;

	conn->last_rx = jiffies;
	conn->rx.budget = LUNAR_RX_BUDGET;
	do {
		desc = (read_descriptor_t){ .arg.data = conn, .count = 1 };
		lock_sock(sk);
		/* Read before the queue: what came before the end is taken first. */
		gone = peer_gone(sk);
		ret = tcp_read_sock(sk, &desc, rx_actor);
		release_sock(sk);
		slow_path(conn);
	} while (lunar_conn_is_open(conn) && !desc.count && conn->rx.budget &&
		 !test_bit(LUNAR_CONN_KILL, &conn->flags));
	if (conn->rx.cmd && !conn->rx.cmd->received)
		lunar_conn_arm_timer(conn);

	if (!lunar_conn_is_open(conn))
		return false;
	if (!desc.count)
		return true;
	if (gone || ret < 0)
		lunar_conn_begin_close(conn, "the peer closed it");
	return false;
}

static int drain_actor(read_descriptor_t *desc, struct sk_buff *skb, unsigned int offset, size_t len)
{
	return len;
}

bool lunar_rx_drain(struct lunar_conn *conn)
{
	struct sock *sk = conn->sock->sk;
	read_descriptor_t desc = { .count = 1 };
	bool gone;
	int ret;

	lock_sock(sk);
	gone = READ_ONCE(sk->sk_shutdown) & RCV_SHUTDOWN || READ_ONCE(sk->sk_err) ||
	       sk->sk_state == TCP_CLOSE;
	ret = tcp_read_sock(sk, &desc, drain_actor);
	release_sock(sk);
	return gone || ret < 0;
}
