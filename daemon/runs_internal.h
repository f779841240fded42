/*
 * runs_internal: a run as runs' files share it.
 *
 * runs.c has the life of a run, runs_entry.c what the journal says of it,
 * runs_beside.c what runs have to do with each other.
 */
#ifndef HIKAE_DAEMON_RUNS_INTERNAL_H
#define HIKAE_DAEMON_RUNS_INTERNAL_H

#include "daemon/canary.h"
#include "daemon/runs.h"
#include "daemon/target.h"

enum canary_state {
	CANARY_NOT_RUN,
	CANARY_REPORTED,
	CANARY_MISSED
};

struct run {
	struct runs *runs;
	struct runs_view view;
	enum runs_trigger trigger;
	char medium[CONFIG_ID_BYTES];
	struct target *targets;
	struct lane *lanes;
	size_t orders; /* under way, and lanes */
	struct canary_result canary;
	enum canary_state canary_state;
	bool is_cancelled, is_unwritten; /* its end is not in the journal */
	bool is_cut;			 /* a part of it was cancelled */
	bool is_failed;	  /* a part of it could not be ordered or recorded */
	int64_t began_ms; /* monotonic */
	struct run *next;
};

/* Targets that are read one after the other. */
struct lane {
	struct run *run;
	struct target *target; /* being read */
	size_t orders;	       /* of it, under way */
};

struct runs {
	struct service *service;
	struct run *list; /* newest first; ended ones too */
	void (*observe)(void *context, const struct runs_view *view);
	void *observer;
	struct loop_timer retry; /* of ends that could not be written */
};

/* Another run under way that reads one of the media of this one; or 0. */
uint64_t runs_find_beside(const struct runs *runs, const struct run *run);

/* The journal's word for what became of the canary. */
const char *runs_entry_canary(enum canary_state state);

/* Write the entry of the beginning, which gives the run its id. */
int runs_entry_begin(struct run *run, const struct runs_request *request,
    struct error *err) ERROR_CHECKED;

/* Write the entry of the end, within a transaction. */
int runs_entry_end(
    struct run *run, const char *outcome, struct error *err) ERROR_CHECKED;

#endif
