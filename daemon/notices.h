/*
 * notices: somebody is told how the backups stand.
 *
 * Uses: service, loop, judge/notice, store/outbox, output/notice_text.
 *
 * From time to time, and soon after something was written into the journal,
 * the status is judged as if somebody had asked; what is to be told goes into
 * the outbox, which is durable, and from there to the programs of the [notify]
 * sections, each in a process of its own (worker/messenger).  A section whose
 * program fails or hangs waits longer each time and delays no other one.
 */
#ifndef HIKAE_DAEMON_NOTICES_H
#define HIKAE_DAEMON_NOTICES_H

#include "daemon/service.h"
#include "lib/output/document_acknowledged.h"

struct notices;

/* Begin, with the outbox of the state. */
int notices_new(struct service *service, struct notices **ret_notices,
    struct error *err) ERROR_CHECKED;

/* Take the sections of the service's configuration; what runs is ended. */
int notices_configure(struct notices *notices, struct error *err) ERROR_CHECKED;

/* NULL is allowed.  Heartbeats end: their files are removed. */
void notices_free(struct notices *notices);

/* Something was recorded: look soon. */
void notices_wake(struct notices *notices);

/*
 * What only a running hikaed knows of a status document: notifications that do
 * not get through, and who acknowledged what.
 */
void notices_add_live(const struct notices *notices, json_t *status);

/* Queue a test for a section; *ret_id is its notice's.  ERROR_NOT_FOUND. */
int notices_test(struct notices *notices, const char *section, uint64_t *ret_id,
    struct error *err) ERROR_CHECKED;

/* Sections, what waits in them, acknowledgements; NULL without memory. */
json_t *notices_describe(const struct notices *notices);

/* The longest that an acknowledgement may hold, ms. */
#define NOTICES_ACK_MAX_MS DOCUMENT_ACKNOWLEDGED_MAX_MS

struct notices_acknowledgement {
	uint64_t finding; /* exactly one of finding and code */
	const char *code;
	const char *system, *medium; /* with a code; NULL: any */
	const char *by, *note;
	int64_t until; /* ms */
};

/*
 * Somebody takes care of what stands now: repeats and escalation of it rest
 * until then, or until it gets worse.  The status stays what it is.  One
 * journal entry for each problem; *ret_count of them.  ERROR_NOT_FOUND where
 * there is no such problem, ERROR_USAGE.
 */
int notices_acknowledge(struct notices *notices,
    const struct notices_acknowledgement *what, uint64_t *ret_count,
    struct error *err) ERROR_CHECKED;

#endif
