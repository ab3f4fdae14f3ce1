// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Prints this host's time stamp counter frequency in kHz. TCG gives the guest the host's counter; a guest that
 * measures its frequency on a busy host gets it wrong, and then its seconds are not seconds.
 */
#include <stdint.h>
#include <stdio.h>
#include <time.h>
#include <x86intrin.h>

struct moment {
	uint64_t ns, ticks;
};

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

/* Both clocks at one moment: tried until nothing came between the readings. */
static struct moment take(void)
{
	struct moment best = { 0, 0 };
	uint64_t shortest = UINT64_MAX;
	int i;

	for (i = 0; i < 1000; i++) {
		uint64_t before = now_ns();
		uint64_t ticks = __rdtsc();
		uint64_t took = now_ns() - before;

		if (took < shortest) {
			shortest = took;
			best = (struct moment){ before + took / 2, ticks };
		}
	}
	return best;
}

int main(void)
{
	struct timespec pause = { .tv_nsec = 100000000 };
	struct moment a = take(), b;

	nanosleep(&pause, NULL);
	b = take();
	printf("%llu\n", (unsigned long long)((double)(b.ticks - a.ticks) * 1e6 / (double)(b.ns - a.ns)));
	return 0;
}
