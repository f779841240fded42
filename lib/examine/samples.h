/*
 * samples: the socket on which a reader gives samples of files to its parser.
 *
 * Layer 4.  Uses: base, examine/sample.
 *
 * A Unix stream socket, one way.  Many samples go in one write, and either
 * side may end at any time: the reader goes on alone.  The reader knows of the
 * bytes only that they are some.
 *
 *	u32 length of what follows | u8 kind
 *	SAMPLE: block name | u64 size | a block for each part
 *	TICK:   nothing; the reader lives, and there is nothing to look at
 */
#ifndef HIKAE_EXAMINE_SAMPLES_H
#define HIKAE_EXAMINE_SAMPLES_H

#include "lib/base/error.h"
#include "lib/examine/sample.h"

/* ---- the reader's end ---- */

struct samples;

/* Takes the socket over, on failure too. */
int samples_new(
    int socket, struct samples **ret_samples, struct error *err) ERROR_CHECKED;

/* Sends what is left, and closes.  NULL is allowed. */
void samples_free(struct samples *samples);

/*
 * One file: its name without folders (up to 255 bytes), its size and sample.
 * That nobody listens any more is no error.
 */
void samples_put(struct samples *samples, const char *name, size_t length,
    uint64_t size, const struct sample *sample);

/* Send what there is, and a sign of life: to be called where progress is. */
void samples_tick(struct samples *samples);

/* ---- the parser's end ---- */

struct samples_events {
	void *context;
	int (*sample)(void *context, const char *name, size_t length,
	    uint64_t size, const struct sample *sample, struct error *err);
	int (*tick)(void *context, struct error *err);
};

/* Until the reader closes.  ERROR_PROTOCOL: something else came. */
int samples_receive(int socket, const struct samples_events *events,
    struct error *err) ERROR_CHECKED;

#endif
