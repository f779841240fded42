/*
 * spawn_internal: what the two halves of spawn share.  spawn.c is the parent's
 * half, spawn_exec.c what the child does between fork and execve.
 */
#ifndef HIKAE_OS_SPAWN_INTERNAL_H
#define HIKAE_OS_SPAWN_INTERNAL_H

#include <stdint.h>
#include <sys/types.h>

/* What the child does, as far as it can fail. */
enum spawn_step {
	SPAWN_STEP_DESCRIPTORS,
	SPAWN_STEP_FOLDER,
	SPAWN_STEP_PRIVILEGES,
	SPAWN_STEP_DEATH_SIGNAL,
	SPAWN_STEP_EXEC,
};

/* Sent through the status pipe, which a successful execve closes. */
struct spawn_failure {
	enum spawn_step step;
	int os_errno;
};

/* All that the child needs: made before the fork, since it may not allocate. */
struct spawn_plan {
	const char *program;
	const char *const *arguments;
	char **environment;
	int null_fd, stderr_fd, wire_fd, status_fd;
	pid_t parent;
	uint32_t keep; /* capabilities, by bits */
};

/* Become the program, or tell the status pipe why not and end. */
_Noreturn void spawn_exec_run(struct spawn_plan *plan);

#endif
