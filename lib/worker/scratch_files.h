/*
 * scratch_files: the folder of restored files, as a child finds it.
 *
 * Layer 5.  Uses: file, job.
 *
 * A scratch folder may hang, so hikaed opens nothing in it.
 */
#ifndef HIKAE_WORKER_SCRATCH_FILES_H
#define HIKAE_WORKER_SCRATCH_FILES_H

#include "lib/worker/job.h"

/*
 * Where the job's descriptor is of a whole scratch folder, put one of its
 * `files` in its place.  ERROR_UNAVAILABLE: its path leads elsewhere by now.
 */
int scratch_files_open(struct job *job, struct error *err) ERROR_CHECKED;

#endif
