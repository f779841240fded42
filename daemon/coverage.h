/*
 * coverage: the promise that every byte is read again within N days.
 *
 * Uses: service, runs, model/schedule, store.
 *
 * Now and then, inside the permitted window, each medium that is not busy gets
 * a run over the slices whose turn has come, up to the night's share.  What the
 * window's end finds under way is cancelled within a minute: what was read
 * counts, the rest comes first in the next window.
 */
#ifndef HIKAE_DAEMON_COVERAGE_H
#define HIKAE_DAEMON_COVERAGE_H

#include "daemon/service.h"

struct coverage;

int coverage_new(struct service *service, struct coverage **ret_coverage,
    struct error *err) ERROR_CHECKED;
void coverage_free(struct coverage *coverage);

#endif
