/*
 * drill_entry: what one check of a drill shows, journalled, and what it is
 * worth for all of it.
 *
 * Part of drill.
 */
#ifndef HIKAE_DAEMON_DRILL_ENTRY_H
#define HIKAE_DAEMON_DRILL_ENTRY_H

#include "daemon/drill_internal.h"

/* The gravest outcome counts, and the first reason for it. */
void drill_entry_raise(
    struct drill *drill, enum drill_outcome outcome, const char *reason);

/* What one check showed. */
struct drill_check {
	const char *kind, *name;
	enum drill_outcome outcome;
	const char *reason;
	json_t *detail;
};

/* Write it, and raise the drill's outcome to it; takes the detail's reference.
 */
int drill_entry_check(struct drill *drill, const struct drill_check *check,
    struct error *err) ERROR_CHECKED;

/* Why a job came to no good end: in a word, and in the log. */
const char *drill_entry_word(const struct jobs_end *end);
void drill_entry_log(const struct drill *drill, const struct jobs_end *end);

/* The check of that kind that the present step could not make. */
int drill_entry_fail(struct drill *drill, const char *kind,
    const struct jobs_end *end, struct error *err) ERROR_CHECKED;

#endif
