/*
 * drill_record: what the journal says of a drill, and what its steps are worth.
 *
 * Part of drill.  Each entry is a transaction of its own.
 */
#ifndef HIKAE_DAEMON_DRILL_RECORD_H
#define HIKAE_DAEMON_DRILL_RECORD_H

#include "daemon/drill_internal.h"

int drill_record_begin(struct drill *drill, struct error *err) ERROR_CHECKED;
/* What the step showed; raises drill->worst. */
int drill_record_make(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
int drill_record_plan(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
int drill_record_restore(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
int drill_record_inspected(struct drill *drill,
    const struct contents_result *result, struct error *err) ERROR_CHECKED;
int drill_record_inspect_end(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
int drill_record_program(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
/* The present program is not run at all. */
int drill_record_refused(struct drill *drill, struct error *err) ERROR_CHECKED;
int drill_record_prove(struct drill *drill, const struct jobs_end *end,
    struct error *err) ERROR_CHECKED;
int drill_record_end(
    struct drill *drill, const char *outcome, struct error *err) ERROR_CHECKED;

#endif
