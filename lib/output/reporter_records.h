/*
 * reporter_records: the child that draws documents looks at hikae's own
 * records instead.
 *
 * Layer 7, internal to reporter.  Uses: judge/records, worker/report_message.
 */
#ifndef HIKAE_OUTPUT_REPORTER_RECORDS_H
#define HIKAE_OUTPUT_REPORTER_RECORDS_H

#include "lib/worker/report_message.h"

/*
 * Open catalog, scratch and manifests, enter the sandbox, look, and write what
 * was found as JSON.  The order's parameters: is_whole, is_all, origin, and
 * keys, the daemon's public ones.
 */
int reporter_records_run(const struct report_order *order,
    struct report_done *ret_done, struct error *err) ERROR_CHECKED;

#endif
