/*
 * progress: one line on a terminal that says how far something is.
 *
 * Uses: base/clock, base/quantity, base/text.
 *
 * Drawn on standard error, and only where that is a terminal, at most ten
 * times a second: " 42% [#####       ] 1.2 GiB of 3 GiB, 512 MiB/s,
 * 3 minutes left".
 */
#ifndef HIKAE_CLI_PROGRESS_H
#define HIKAE_CLI_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"

struct progress {
	bool is_shown;
	size_t columns;
	uint64_t total;		    /* bytes; 0: not known */
	int64_t begun_ms, drawn_ms; /* monotonic */
	/* For the rate: bytes a second, smoothed over some seconds. */
	double rate;
	int64_t sampled_ms;
	uint64_t sampled;
};

/* `done` bytes are done already and do not count for the rate. */
void progress_init(struct progress *progress, uint64_t done, uint64_t total);

/* So many of the total bytes are done now. */
void progress_update(struct progress *progress, uint64_t done);

/* Clear the line for text; the next update draws it again. */
void progress_clear(struct progress *progress);

/* Clear it for good, so that what is printed next stands alone. */
void progress_done(struct progress *progress);

#endif
