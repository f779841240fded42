/*
 * samples: the socket on which a reader gives samples of files to its parser,
 * and is told whether they are encrypted.
 *
 * Layer 4.  Uses: base, examine/sample.
 *
 * A Unix stream socket.  Many samples go in one write, and either
 * side may end at any time: the reader goes on alone.  The reader knows of the
 * bytes only that they are some.
 *
 *	u32 length of what follows | u8 kind
 *	SAMPLE: block name | u64 size | a block for each part
 *	TICK:   nothing; the reader lives, and there is nothing to look at
 *
 * The other way one byte for each sample, in their order: enum sealing_kind.
 * The parser never waits for room: what does not fit goes with the next ones.
 */
#ifndef HIKAE_EXAMINE_SAMPLES_H
#define HIKAE_EXAMINE_SAMPLES_H

#include <stdbool.h>

#include "lib/base/error.h"
#include "lib/examine/sample.h"
#include "lib/model/sealing.h"

/* ---- the reader's end ---- */

struct samples;

/* Takes the socket over, on failure too. */
int samples_new(
    int socket, struct samples **ret_samples, struct error *err) ERROR_CHECKED;

/* Sends what is left, and closes.  NULL is allowed. */
void samples_free(struct samples *samples);

/*
 * One file: its name without folders (up to 255 bytes), its size and sample.
 * That nobody listens any more is no error: false, and there is no answer.
 */
bool samples_put(struct samples *samples, const char *name, size_t length,
    uint64_t size, const struct sample *sample);

/* Send what there is, and a sign of life: to be called where progress is. */
void samples_tick(struct samples *samples);

/*
 * Answers that have come, up to `room` of them, waiting up to wait_ms for the
 * first; 0: none.  Who sent another byte is not heard any more.
 */
size_t samples_answers(struct samples *samples, enum sealing_kind *ret_kinds,
    size_t room, int wait_ms);

/* Send what is left; there is nothing to come but answers. */
void samples_end(struct samples *samples);

/* Nobody is to be heard or told anything any more. */
void samples_stop(struct samples *samples);

/* Whether answers can still come. */
bool samples_is_heard(const struct samples *samples);

/* ---- the parser's end ---- */

struct samples_events {
	void *context;
	/* What the file is (enum sealing_kind), or -1. */
	int (*sample)(void *context, const char *name, size_t length,
	    uint64_t size, const struct sample *sample, struct error *err);
	int (*tick)(void *context, struct error *err);
};

/* Until the reader closes.  ERROR_PROTOCOL: something else came. */
int samples_receive(int socket, const struct samples_events *events,
    struct error *err) ERROR_CHECKED;

#endif
