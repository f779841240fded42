/*
 * job_drill: what a drill's jobs need besides what every job has.
 *
 * Layer 5.  Part of job.
 */
#ifndef HIKAE_WORKER_JOB_DRILL_H
#define HIKAE_WORKER_JOB_DRILL_H

#include <limits.h>

#include "lib/examine/portion.h"

#define JOB_WORD_BYTES 80
/* What a drill leaves free of its scratch folder's file system: 1/N. */
#define JOB_DRILL_FREE_PART 50

/* What is to be done with a scratch folder; it holds `files` and `work`. */
enum job_scratch {
	JOB_SCRATCH_MAKE,
	JOB_SCRATCH_OPEN, /* one that is there */
	JOB_SCRATCH_DROP, /* one that is empty */
};
#define JOB_SCRATCHES (JOB_SCRATCH_DROP + 1)

struct job_drill {
	uint64_t drill; /* its number */
	uint32_t share_ppm;
	struct portion portion;
	enum job_scratch task;	 /* scratch */
	bool is_archive;	 /* extract: members, not files */
	bool has_files_below;	 /* the folder passed holds `files`, not meant
				    itself; where `scratch` is not "", that path
				    must lead to it, and is how it is opened */
	uint64_t bytes, entries; /* extract: limits */
	/* Program: its file, what it is told, and its limits. */
	char program[PATH_MAX];
	char assertions[PATH_MAX]; /* or "" */
	char generation[JOB_WORD_BYTES];
	char scratch[PATH_MAX];		     /* the scratch folder's own path */
	char state[PATH_MAX], run[PATH_MAX]; /* not to be seen */
	int64_t time_ms;
	uint64_t output_bytes;
};

#endif
