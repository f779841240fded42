/*
 * drill: restoring a copy to a scratch place, and proving it usable.
 *
 * Uses: service, jobs, ledger, place, media.
 *
 * A drill is a chain of jobs: choose what is restored, restore it, look into
 * it, run the site's programs over it, and in the end compare every restored
 * byte with the signed manifest, so that a change on the way shows too.  Each
 * result is an entry at once; the scratch folder is removed whatever happens.
 */
#ifndef HIKAE_DAEMON_DRILL_H
#define HIKAE_DAEMON_DRILL_H

#include "daemon/service.h"

struct drills;

/* What to restore; NULL does not limit. */
struct drill_request {
	const char *system; /* or the generation's */
	const char *generation, *medium;
	const char *operator;
	const char *target; /* an absolute folder, or NULL: in the state */
	/* For its decrypting programs, or NULL: a passphrase, a private key. */
	const char *secret, *key;
	uint32_t share_ppm; /* of the bytes */
	bool is_kept;	    /* the scratch folder stays */
};

/* A drill as it goes, and as it ended. */
struct drill_view {
	uint64_t id; /* its first entry's number */
	bool is_ended;
	const char *step;    /* make plan restore inspect program prove clear */
	const char *outcome; /* NULL while it runs; else as in the journal */
	const char *reason;  /* a word, or "" */
	const char *system, *generation, *medium;
	const char *scratch; /* where it lies, while it is there */
	bool is_offline;     /* the medium has an offline mode */
	bool is_apart;	     /* the drill service does its work */
	bool is_left; /* scratch could not be removed; it is tried again */
	uint64_t files, bytes; /* proved so far */
	uint64_t bytes_done;   /* of the present step */
	uint64_t bytes_total;  /* to be restored; 0: not known yet */
	int64_t medium_ms, restore_ms, check_ms, elapsed_ms;
};

/* Within the start's transaction: end the drills that a crash cut off. */
int drill_record_lost(struct service *service, struct error *err) ERROR_CHECKED;

/* Begins to remove what a crash left. */
int drill_new(struct service *service, struct drills **ret_drills,
    struct error *err) ERROR_CHECKED;

/* After jobs_free, which ends what runs. */
void drill_free(struct drills *drills);

/*
 * Begin a drill of the newest intact copy on an offline medium that is there.
 * ERROR_UNAVAILABLE where it is not there: the text names the medium and its
 * place, and the order is kept and begins when the medium is attached, for
 * DRILL_WAIT_MS at most.  ERROR_NOT_FOUND: no copy; ERROR_EXISTS: a drill of
 * the system is under way.
 */
#define DRILL_WAIT_MS ((int64_t)7 * 24 * 3600 * 1000)
int drill_start(struct drills *drills, const struct drill_request *request,
    uint64_t *ret_id, struct error *err) ERROR_CHECKED;

/* A drill by its number, or what waits for a medium by its system. */
int drill_cancel(struct drills *drills, uint64_t id, const char *system,
    struct error *err) ERROR_CHECKED;

int drill_look(struct drills *drills, uint64_t id, struct drill_view *ret_view,
    struct error *err) ERROR_CHECKED;

/* Those that wait for a medium, of a system or (NULL) of all: an array. */
json_t *drill_waiting_describe(const struct drills *drills, const char *system);

/* Those that run: an array. */
json_t *drill_running_describe(const struct drills *drills);

/* Whether a drill that runs restores the copy. */
bool drill_is_reading(const struct drills *drills, uint64_t copy);

/* Called at each step and at the end of every drill. */
void drill_observe(struct drills *drills,
    void (*observe)(void *context, const struct drill_view *view),
    void *context);

#endif
