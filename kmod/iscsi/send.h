/* SPDX-License-Identifier: GPL-2.0-only */
/* One call into TCP for a whole batch; what the kernels do differently is here. */
#ifndef LUNAR_ISCSI_SEND_H
#define LUNAR_ISCSI_SEND_H

#include <linux/bvec.h>
#include <linux/net.h>

/*
 * Sends from @bv as much as the socket takes now, never waits. @pages: the
 * vector refers to payload pages, which go by reference (none may be slab
 * memory); else everything is copied. Returns bytes taken, -EAGAIN when there
 * is no room (the write-space callback follows), or what TCP says.
 */
int lunar_send(struct socket *sock, struct bio_vec *bv, unsigned int nr, size_t len, bool pages);

#endif
