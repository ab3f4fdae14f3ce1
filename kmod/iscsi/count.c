// SPDX-License-Identifier: GPL-2.0-only
/* See count.h. */
#include <linux/jiffies.h>
#include <linux/string.h>

#include "../proto/login.h"
#include "conn.h"
#include "count.h"
#include "fabric.h"
#include "session.h"

static enum lunar_login_fail fail_type(const struct lunar_login *login)
{
	switch (login->status) {
	case LUNAR_LOGIN_MOVED_TEMPORARILY:
	case LUNAR_LOGIN_MOVED_PERMANENTLY:
		return LUNAR_LOGIN_FAIL_REDIRECT;
	case LUNAR_LOGIN_AUTH_FAILED:
		return LUNAR_LOGIN_FAIL_AUTHENTICATE;
	case LUNAR_LOGIN_FORBIDDEN:
		return LUNAR_LOGIN_FAIL_AUTHORIZE;
	case LUNAR_LOGIN_INITIATOR_ERROR:
		return login->why == LUNAR_WHY_NEGOTIATION ? LUNAR_LOGIN_FAIL_NEGOTIATE :
							     LUNAR_LOGIN_FAIL_OTHER;
	default:
		return LUNAR_LOGIN_FAIL_OTHER;
	}
}

static u32 *fail_counter(struct lunar_login_stats *stats, enum lunar_login_fail type)
{
	switch (type) {
	case LUNAR_LOGIN_FAIL_REDIRECT:
		return &stats->redirects;
	case LUNAR_LOGIN_FAIL_AUTHORIZE:
		return &stats->authorize_fails;
	case LUNAR_LOGIN_FAIL_AUTHENTICATE:
		return &stats->authenticate_fails;
	case LUNAR_LOGIN_FAIL_NEGOTIATE:
		return &stats->negotiate_fails;
	default:
		return &stats->other_fails;
	}
}

static void count_failure(struct lunar_conn *conn, struct lunar_target *target,
			  const struct lunar_login *login)
{
	struct lunar_login_stats *stats = &target->login_stats;
	enum lunar_login_fail type = fail_type(login);

	(*fail_counter(stats, type))++;
	stats->last_fail_type = type;
	stats->last_fail_time = get_jiffies_64();
	stats->last_intr_fail_addr = conn->peer;
	strscpy(stats->last_intr_fail_name, login->nego.result.initiator_name,
		sizeof(stats->last_intr_fail_name));
}

void lunar_count_login(struct lunar_conn *conn, struct lunar_target *target,
		       const struct lunar_login *login)
{
	if (!target)
		return;
	spin_lock(&target->login_stats.lock);
	if (login->status == LUNAR_LOGIN_SUCCESS)
		target->login_stats.accepts++;
	else
		count_failure(conn, target, login);
	spin_unlock(&target->login_stats.lock);
}

void lunar_count_session_begin(struct lunar_target *target)
{
	spin_lock(&target->stats.lock);
	target->stats.nsessions++;
	spin_unlock(&target->stats.lock);
}

void lunar_count_session_end(struct lunar_target *target)
{
	spin_lock(&target->stats.lock);
	target->stats.nsessions--;
	spin_unlock(&target->stats.lock);
}

static struct lunar_target *target_of(struct lunar_conn *conn)
{
	if (!conn->session || !conn->session->tpg)
		return NULL;
	return conn->session->tpg->target;
}

static struct lunar_nacl *nacl_of(struct lunar_conn *conn)
{
	return lunar_to_nacl(conn->session->se_sess->se_node_acl);
}

void lunar_count_logout(struct lunar_conn *conn, bool normal)
{
	struct lunar_target *target = target_of(conn);

	if (!target)
		return;
	spin_lock(&target->stats.lock);
	if (normal)
		target->stats.normal_logouts++;
	else
		target->stats.abnormal_logouts++;
	spin_unlock(&target->stats.lock);
}

/* What iscsi_instance/fail_type shows; the numbers are LIO's. */
enum session_failure {
	FAILURE_DIGEST = 1,
	FAILURE_TIMEOUT = 2,
	FAILURE_FORMAT = 3,
};

/* An error that ends, or may end, a session: one counter, which kind and whose it was. */
static void count_error(struct lunar_conn *conn, u32 *counter, enum session_failure type)
{
	struct lunar_target *target = target_of(conn);

	spin_lock(&target->stats.lock);
	(*counter)++;
	target->stats.last_sess_failure_type = type;
	strscpy(target->stats.last_sess_fail_rem_name, conn->session->initiator_name,
		sizeof(target->stats.last_sess_fail_rem_name));
	spin_unlock(&target->stats.lock);
}

void lunar_count_digest_error(struct lunar_conn *conn)
{
	struct lunar_target *target = target_of(conn);

	if (!target)
		return;
	count_error(conn, &target->stats.digest_errors, FAILURE_DIGEST);
	atomic_long_inc(&nacl_of(conn)->conn_digest_errors);
}

void lunar_count_format_error(struct lunar_conn *conn)
{
	struct lunar_target *target = target_of(conn);

	if (target)
		count_error(conn, &target->stats.pdu_format_errors, FAILURE_FORMAT);
}

void lunar_count_timeout(struct lunar_conn *conn)
{
	struct lunar_target *target = target_of(conn);

	if (!target)
		return;
	count_error(conn, &target->stats.cxn_timeout_errors, FAILURE_TIMEOUT);
	atomic_long_inc(&nacl_of(conn)->conn_timeout_errors);
}
