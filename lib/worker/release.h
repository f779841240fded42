/*
 * release: what hikae has mounted is unmounted, and its switches given back.
 *
 * Layer 5.  Uses: worker/mount_record, probe_handle.
 *
 * For the end of hikaed: it waits, so it is for nobody's poll loop.  Without
 * rights of its own: mounters do it (worker/mounter).
 */
#ifndef HIKAE_WORKER_RELEASE_H
#define HIKAE_WORKER_RELEASE_H

#include "lib/worker/probe_handle.h"

/* How each ended: error is NULL where nothing is left of it. */
typedef void release_end_fn(
    void *context, const char *medium, const struct error *error);

/*
 * Every medium that has a record below the root, one after the other, those
 * in use again and again until the deadline (ms, for all of them together).
 * -1 where that there are records cannot be told.
 */
int release_all(const struct probe_place *place, uint32_t deadline_ms,
    release_end_fn *ended, void *context, struct error *err) ERROR_CHECKED;

/*
 * The role "releaser": the same, told on standard error; for
 * ExecStopPost=, which also follows a hikaed that crashed.
 */
int release_main(const char *root);

#endif
