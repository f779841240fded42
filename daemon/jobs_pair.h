/*
 * jobs_pair: the children of one order, a reader and perhaps a parser, from
 * their start to the end of the last of them.
 *
 * Part of jobs.  Uses: jobs_child, examine/tee, os/wire.
 *
 * In the storage of the order that it belongs to; all zero is a good start.
 */
#ifndef HIKAE_DAEMON_JOBS_PAIR_H
#define HIKAE_DAEMON_JOBS_PAIR_H

#include "daemon/jobs_child.h"

struct jobs_pair {
	/* Set by the owner before the start. */
	struct loop *loop;
	const struct jobs_kind *kind;
	void *context; /* the kind's */
	void *owner;
	/* Whether another order is to have the place of this one's reader. */
	bool (*is_place_wanted)(const void *owner);
	/* Both processes are gone.  May end the storage. */
	void (*ended)(void *owner);

	struct jobs_child reader; /* without a handle: not started */
	struct jobs_child parser; /* without a handle: there is none */
	bool has_parser;	  /* it was wanted, be it started or not */
	int64_t started_ms;	  /* monotonic */
};

/*
 * On -1 the reader's `error` says why; what fails with the parser alone does
 * not stop the reader.
 */
int jobs_pair_start(struct jobs_pair *pair) ERROR_CHECKED;

bool jobs_pair_is_started(const struct jobs_pair *pair);

/* Decide the end, and kill the processes. */
void jobs_pair_stop(struct jobs_pair *pair, enum jobs_outcome outcome);

/* Stop who has said nothing for so long. */
void jobs_pair_stop_silent(struct jobs_pair *pair, int64_t timeout_ms);

/* On its way to an end that is not a good one. */
bool jobs_pair_is_ending(const struct jobs_pair *pair);

/* A process cannot be killed, and nothing but that is awaited. */
bool jobs_pair_is_stuck(const struct jobs_pair *pair);

/* How it ended, for the order's owner. */
struct jobs_end jobs_pair_end(const struct jobs_pair *pair);

/* Forget both; a process that is there is killed and left to init. */
void jobs_pair_done(struct jobs_pair *pair);

#endif
