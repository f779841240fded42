/*
 * runner_internal: what the runner's supervisor and the program's own first
 * steps share.
 */
#ifndef HIKAE_WORKER_RUNNER_INTERNAL_H
#define HIKAE_WORKER_RUNNER_INTERNAL_H

#include <limits.h>

#include "lib/os/jail.h"
#include "lib/os/sandbox.h"
#include "lib/worker/job.h"

/* What is arranged before the program begins. */
struct runner_stage {
	const struct job *job;
	bool has_namespaces;
	char scratch[PATH_MAX];		     /* as the program sees it */
	char memory[JAIL_PATH_BYTES];	     /* a folder in memory, or "" */
	int files_fd, work_fd;		     /* below the scratch folder */
	int output_fd, result_fd, status_fd; /* its ends; status: see start */
};

/* Told through status_fd before the program runs, or instead. */
struct runner_start {
	struct sandbox_report sandbox;
	int os_errno; /* 0: it runs, as far as one can tell */
};

/* In the process that becomes the program; does not return. */
_Noreturn void runner_program_become(struct runner_stage *stage);

#endif
