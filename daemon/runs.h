/*
 * runs: verifications, from the request to the entry of their end.
 *
 * Uses: service, jobs, ledger, canary.
 *
 * A run is a set of slices and one canary.  The canary, known to be bad, is
 * verified first and in the same way; if it is not reported, the run fails and
 * proves nothing.  The result of each slice is committed when it comes.
 */
#ifndef HIKAE_DAEMON_RUNS_H
#define HIKAE_DAEMON_RUNS_H

#include "daemon/service.h"

enum runs_trigger {
	RUNS_MANUAL,
	RUNS_COVERAGE,
	RUNS_CAPTURE, /* the second reading of a new copy */
	RUNS_ATTACH,
};

enum runs_level {
	RUNS_QUICK,   /* names and sizes */
	RUNS_FULL,    /* every byte */
	RUNS_MEMBERS, /* and what archives contain, decoded again */
};

/* What to verify; NULL and 0 do not limit. */
struct runs_request {
	enum runs_trigger trigger;
	enum runs_level level;
	const char *system, *medium, *source, *generation;
	uint64_t copy;
	/* Readings at or after this count (examine/verify), ms. */
	int64_t not_before;
	/* What differs is damage: it is known to be no new backup (target). */
	bool is_decided;
	/* Single slices, those whose turn comes first (as coverage does). */
	bool is_oldest_first;
	/* Of those: none that was tried after this; and how much. */
	int64_t tried_before;
	uint64_t limit_bytes; /* 0: all */
};

/* Media that were passed over, as told by their ids; more are not told. */
#define RUNS_MEDIA_MAX 16
struct runs_media {
	char ids[RUNS_MEDIA_MAX][CONFIG_ID_BYTES];
	size_t count;
};

/* A run as it goes, and as it ended. */
struct runs_view {
	uint64_t id;
	bool is_ended;
	const char *outcome; /* done, cancelled, failed; NULL while it runs */
	const char *canary;  /* reported, missed, not-run */
	/* A run under way when this one began, on one of its media; 0: none. */
	uint64_t beside;
	uint64_t copies;
	/* Offline media that are away, those that are connected and not
	 * mounted, and copies on both that were passed over: of what a person
	 * asked for. */
	struct runs_media away, unmounted;
	uint64_t away_copies;
	/* Passed over because the rebuilt catalog does not know their names. */
	uint64_t nameless_copies;
	uint64_t unrecorded_copies; /* without a manifest: passed over */
	uint64_t slices, intact, damaged, undetermined;
	/* Copies whose names and sizes were compared with that result. */
	uint64_t names_damaged, names_undetermined;
	/* What the contents say of themselves: findings that a person has to
	 * look at, and contents that could not be looked at. */
	uint64_t contents_odd, contents_undetermined;
	/* bytes_done were compared; of these, what bytes_read has not was read
	 * since the run was asked for, by others or for another name. */
	uint64_t bytes, bytes_done, bytes_read;
	/* All that was found, and what of it leaves its bytes intact and is
	 * still no good (a file that was added). */
	uint64_t findings, warnings;
	int64_t elapsed_ms;
};

int runs_new(struct service *service, struct runs **ret_runs,
    struct error *err) ERROR_CHECKED;
void runs_free(struct runs *runs);

/*
 * Begin a run.  ERROR_NOT_FOUND where nothing is selected: zero copies are a
 * failure to check (law 1); ERROR_UNAVAILABLE where all of it lies on offline
 * media that are away, or waits for a scan to find its name.  Its id is the seq
 * of its first entry.
 */
int runs_start(struct runs *runs, const struct runs_request *request,
    uint64_t *ret_id, struct error *err) ERROR_CHECKED;

/* ERROR_NOT_FOUND for a run that is not under way and not among the last. */
int runs_look(struct runs *runs, uint64_t id, struct runs_view *ret_view,
    struct error *err) ERROR_CHECKED;

int runs_cancel(
    struct runs *runs, uint64_t id, struct error *err) ERROR_CHECKED;

/* Cancel those that are limited to the medium. */
void runs_cancel_medium(struct runs *runs, const char *medium);

/* Of these, what coverage began: its window is over. */
void runs_cancel_coverage(struct runs *runs, const char *medium);

/* Called at each step and at the end of every run. */
void runs_observe(struct runs *runs,
    void (*observe)(void *context, const struct runs_view *view),
    void *context);

/* Whether a run under way reads the copy, or will. */
bool runs_is_reading(const struct runs *runs, uint64_t copy);

/* Runs that touch the medium. */
size_t runs_under_way(const struct runs *runs, const char *medium);

#endif
