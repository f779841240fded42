/*
 * restorer_scratch: a drill's scratch folder, made and taken away by who will
 * write in it.
 *
 * Layer 5.  Part of restorer.
 *
 * It is readable by its owner only and holds `files`, for what is restored,
 * and `work`, for the programs.
 */
#ifndef HIKAE_WORKER_RESTORER_SCRATCH_H
#define HIKAE_WORKER_RESTORER_SCRATCH_H

#include "lib/base/error.h"
#include "lib/worker/job.h"

/*
 * Do a JOB_SCRATCH: make drill.scratch, or open it, and answer its
 * descriptor; or remove it, once it is empty.  What is gone is removed.
 */
int restorer_scratch_run(
    const struct job *job, struct error *err) ERROR_CHECKED;

/*
 * Law 6: on a medium nothing is made.  That error where the absolute path,
 * whatever way leads there, is within one of the places that the job has to
 * ignore.
 */
int restorer_scratch_check(const struct job *job, const char *path,
    enum error_code code, struct error *err) ERROR_CHECKED;

#endif
