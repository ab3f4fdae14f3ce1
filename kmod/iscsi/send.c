// SPDX-License-Identifier: GPL-2.0-only
/* See send.h. */
#include <linux/socket.h>
#include <linux/uio.h>
#include <net/sock.h>
#include <net/tcp.h>

#include "send.h"

static int send_vector(struct socket *sock, struct bio_vec *bv, unsigned int nr, size_t len,
		       int flags)
{
	struct msghdr msg = { .msg_flags = MSG_DONTWAIT | MSG_NOSIGNAL | flags };

	iov_iter_bvec(&msg.msg_iter, ITER_SOURCE, bv, nr, len);
	return sock_sendmsg(sock, &msg);
}

#ifdef LUNAR_HAVE_SENDPAGE
/* No multi-segment page send: page by page, under one hold of the socket's lock. */
static int send_pages(struct socket *sock, struct bio_vec *bv, unsigned int nr, size_t len)
{
	struct sock *sk = sock->sk;
	int sent = 0, ret = 0;
	unsigned int i;

	lock_sock(sk);
	for (i = 0; i < nr; i++) {
		int flags = MSG_DONTWAIT | MSG_NOSIGNAL;

		if (i + 1 < nr)
			flags |= MSG_MORE | MSG_SENDPAGE_NOTLAST;
		ret = kernel_sendpage_locked(sk, bv[i].bv_page, bv[i].bv_offset, bv[i].bv_len,
					     flags);
		if (ret > 0)
			sent += ret;
		if (ret != bv[i].bv_len)
			break;
	}
	release_sock(sk);
	return sent ? sent : ret;
}
#else
static int send_pages(struct socket *sock, struct bio_vec *bv, unsigned int nr, size_t len)
{
	return send_vector(sock, bv, nr, len, MSG_SPLICE_PAGES);
}
#endif

int lunar_send(struct socket *sock, struct bio_vec *bv, unsigned int nr, size_t len, bool pages)
{
	if (pages)
		return send_pages(sock, bv, nr, len);
	return send_vector(sock, bv, nr, len, 0);
}
