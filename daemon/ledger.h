/*
 * ledger: what hikaed writes into the journal, one function an entry.
 *
 * Uses: service, store.  FORMATS section 4.1 has the members.
 *
 * Everything is written between ledger_begin and ledger_commit, in one
 * transaction with the rows that follow from it.
 */
#ifndef HIKAE_DAEMON_LEDGER_H
#define HIKAE_DAEMON_LEDGER_H

#include "daemon/service.h"
#include "lib/model/finding.h"

/* A transaction; rollback is without effect where none is open. */
int ledger_begin(struct service *service, struct error *err) ERROR_CHECKED;
int ledger_commit(struct service *service, struct error *err) ERROR_CHECKED;
void ledger_rollback(struct service *service);

/* At the start: what the journal says of the clock. */
int ledger_read_clock(struct service *service, struct error *err) ERROR_CHECKED;

/*
 * The instant for an entry: the wall clock.  A clock that stands before the
 * newest entry, or since the last look of this run came further than the
 * monotonic one by more than clock_ahead, gets an entry of its own first, and a
 * finding unless it was only put right.
 */
int ledger_now(
    struct service *service, int64_t *ret_at, struct error *err) ERROR_CHECKED;

/* Append an entry (its reference is taken over). */
int ledger_append(struct service *service, json_t *entry, uint64_t *ret_seq,
    struct error *err) ERROR_CHECKED;

/* The same, in a transaction of its own. */
int ledger_append_alone(struct service *service, json_t *entry,
    uint64_t *ret_seq, struct error *err) ERROR_CHECKED;

/* The first entry of a new installation; nothing where there is one. */
int ledger_origin(struct service *service, struct error *err) ERROR_CHECKED;
/*
 * Rotations of keys that the journal does not have yet.  ERROR_SIGNATURE where
 * its keys are others.
 */
int ledger_keys(struct service *service, struct error *err) ERROR_CHECKED;
int ledger_start(struct service *service, struct error *err) ERROR_CHECKED;
int ledger_stop(struct service *service, const char *reason,
    struct error *err) ERROR_CHECKED;
/* Nothing where the configuration is the one that stands there. */
int ledger_config(struct service *service, struct error *err) ERROR_CHECKED;

/* A run that a crash cut off. */
int ledger_run_lost(
    struct service *service, uint64_t run, struct error *err) ERROR_CHECKED;

/* What a finding is about; zero and NULL where it does not apply. */
struct ledger_finding {
	enum finding code;
	uint64_t copy, manifest;
	int64_t slice; /* -1: none */
	const char *system, *medium, *source;
	const char *path; /* bytes; NULL: none */
	size_t path_length;
	json_t *detail;	 /* taken over; NULL: none */
	json_t *files;	 /* [{kind, subject}]; taken over; NULL: none */
	bool is_another; /* none that is open is the same */
};

/*
 * Open a finding, or note that it was found again where the same (code, what
 * it is about, path) is open.  Its id.
 */
int ledger_finding(struct service *service,
    const struct ledger_finding *finding, uint64_t *ret_id,
    struct error *err) ERROR_CHECKED;

/* Close one finding; the reason is a word of FORMATS section 4.1. */
int ledger_close_finding(struct service *service, uint64_t id,
    const char *reason, struct error *err) ERROR_CHECKED;

/*
 * Close open findings with that code about that system, medium or source (NULL
 * matches none given).
 */
int ledger_close_code(struct service *service,
    const struct ledger_finding *about, const char *reason,
    struct error *err) ERROR_CHECKED;

#endif
