// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Load on one iSCSI session by libiscsi, and who spent the time.
 *
 *   iload URL read|write BYTES DEPTH WARM-MS RUN-MS
 *
 * Keeps DEPTH random requests of BYTES outstanding. After WARM-MS it takes every thread's run time, RUN-MS later
 * again, and prints per operation: nanoseconds elapsed, of all other threads (the target), of its own.
 * Under icount a nanosecond is a fixed number of instructions, so these are counts.
 */
#include <dirent.h>
#include <iscsi/iscsi.h>
#include <iscsi/scsi-lowlevel.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { BLOCK = 512 };

struct load {
	struct iscsi_context *iscsi;
	int lun;
	bool write;
	uint32_t bytes;
	uint64_t slots;		/* requests that fit on the disk */
	uint64_t random;
	unsigned char *data;
	long done, failed, outstanding;
	bool stopping;
};

struct times {
	uint64_t now, own, others;
};

static void die(const char *what, const char *why)
{
	fprintf(stderr, "iload: %s: %s\n", what, why);
	exit(1);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Run time of one thread in ns: the first number of its schedstat. */
static uint64_t thread_ns(const char *pid, const char *tid)
{
	char path[600];
	unsigned long long ns = 0;
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/task/%s/schedstat", pid, tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (fscanf(f, "%llu", &ns) != 1)
		ns = 0;
	fclose(f);
	return ns;
}

static uint64_t process_ns(const char *pid)
{
	char path[300];
	struct dirent *e;
	uint64_t sum = 0;
	DIR *tasks;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	tasks = opendir(path);
	if (!tasks)
		return 0;
	while ((e = readdir(tasks)))
		if (e->d_name[0] != '.')
			sum += thread_ns(pid, e->d_name);
	closedir(tasks);
	return sum;
}

static void take_times(struct times *t)
{
	DIR *proc = opendir("/proc");
	struct dirent *e;
	char self[16];

	if (!proc)
		die("/proc", "cannot be opened");
	snprintf(self, sizeof(self), "%d", (int)getpid());
	t->own = t->others = 0;
	while ((e = readdir(proc))) {
		if (e->d_name[0] < '0' || e->d_name[0] > '9')
			continue;
		if (strcmp(e->d_name, self))
			t->others += process_ns(e->d_name);
	}
	closedir(proc);
	t->own = process_ns(self);
	t->now = now_ns();
}

static void issue(struct load *l);

static void completed(struct iscsi_context *iscsi, int status, void *data, void *private)
{
	struct load *l = private;
	struct scsi_task *task = data;

	(void)iscsi;
	l->outstanding--;
	if (status == SCSI_STATUS_GOOD)
		l->done++;
	else
		l->failed++;
	scsi_free_scsi_task(task);
	if (!l->stopping)
		issue(l);
}

static void issue(struct load *l)
{
	struct scsi_task *task;
	uint64_t lba;

	l->random ^= l->random << 13;
	l->random ^= l->random >> 7;
	l->random ^= l->random << 17;
	lba = l->random % l->slots * (l->bytes / BLOCK);
	if (l->write)
		task = iscsi_write16_task(l->iscsi, l->lun, lba, l->data, l->bytes, BLOCK, 0, 0, 0, 0, 0, completed, l);
	else
		task = iscsi_read16_task(l->iscsi, l->lun, lba, l->bytes, BLOCK, 0, 0, 0, 0, 0, completed, l);
	if (!task)
		die("request", iscsi_get_error(l->iscsi));
	if (!l->write)
		scsi_task_add_data_in_buffer(task, (int)l->bytes, l->data);
	l->outstanding++;
}

/* Serves the session until the deadline, or until nothing is outstanding when stopping. */
static void serve(struct load *l, uint64_t deadline)
{
	while (l->stopping ? l->outstanding > 0 : now_ns() < deadline) {
		struct pollfd p = { .fd = iscsi_get_fd(l->iscsi), .events = (short)iscsi_which_events(l->iscsi) };

		if (poll(&p, 1, 1000) < 0 || iscsi_service(l->iscsi, p.revents) < 0)
			die("session", iscsi_get_error(l->iscsi));
	}
}

static void connect_to(struct load *l, const char *url_text)
{
	struct scsi_readcapacity16 *capacity;
	struct iscsi_url *url;
	struct scsi_task *task;

	l->iscsi = iscsi_create_context("iqn.2026-01.org.example:iload");
	url = iscsi_parse_full_url(l->iscsi, url_text);
	if (!url)
		die(url_text, iscsi_get_error(l->iscsi));
	iscsi_set_session_type(l->iscsi, ISCSI_SESSION_NORMAL);
	iscsi_set_header_digest(l->iscsi, ISCSI_HEADER_DIGEST_NONE);
	if (iscsi_full_connect_sync(l->iscsi, url->portal, url->lun))
		die(url_text, iscsi_get_error(l->iscsi));
	l->lun = url->lun;
	iscsi_destroy_url(url);
	task = iscsi_readcapacity16_sync(l->iscsi, l->lun);
	capacity = task ? scsi_datain_unmarshall(task) : NULL;
	if (!capacity || capacity->block_length != BLOCK)
		die("capacity", "unknown, or blocks that aren't 512 bytes");
	l->slots = (capacity->returned_lba + 1) / (l->bytes / BLOCK);
	scsi_free_scsi_task(task);
}

int main(int argc, char **argv)
{
	struct load l = { .random = 88172645463325252u };
	struct times before, after;
	long depth, start;
	double ops;

	if (argc != 7) {
		fprintf(stderr, "usage: iload URL read|write BYTES DEPTH WARM-MS RUN-MS\n");
		return 1;
	}
	l.write = !strcmp(argv[2], "write");
	l.bytes = (uint32_t)strtoul(argv[3], NULL, 10);
	if (!l.bytes || l.bytes % BLOCK)
		die(argv[3], "not a multiple of 512");
	l.data = calloc(1, l.bytes);
	connect_to(&l, argv[1]);
	for (depth = strtol(argv[4], NULL, 10); depth > 0; depth--)
		issue(&l);
	serve(&l, now_ns() + strtoull(argv[5], NULL, 10) * 1000000u);
	take_times(&before);
	start = l.done;
	serve(&l, now_ns() + strtoull(argv[6], NULL, 10) * 1000000u);
	ops = (double)(l.done - start);
	take_times(&after);
	l.stopping = true;
	serve(&l, 0);
	if (l.failed || ops < 1)
		die("load", l.failed ? "commands failed" : "nothing completed");
	printf("%.0f %.0f %.0f %.0f\n", ops, (double)(after.now - before.now) / ops, (double)(after.others - before.others) / ops,
	       (double)(after.own - before.own) / ops);
	iscsi_logout_sync(l.iscsi);
	return 0;
}
