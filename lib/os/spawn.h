/*
 * spawn: children that are this program again, with next to no inheritance.
 *
 * Layer 1.  Uses: error, i18n.
 *
 * A child gets descriptors 0 to 2, its wire on descriptor 3 and nothing else
 * that was open; a session of its own; the working directory `/` (so that it
 * holds no medium); no_new_privs; default signal handling and an empty mask;
 * SIGKILL when its parent dies; the capabilities that were named; and of the
 * environment PATH, LANG, LANGUAGE, LC_*, TZ and the sanitizers' *SAN_OPTIONS.
 *
 * The program has no threads: fork and the death signal rely on it.
 */
#ifndef HIKAE_OS_SPAWN_H
#define HIKAE_OS_SPAWN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "lib/base/error.h"

/* Where a child finds its end of the wire. */
#define SPAWN_WIRE_FD 3

/* All descriptors stay the caller's. */
struct spawn_options {
	const char *program; /* absolute path; NULL: the running binary */
	const char *const
	    *arguments; /* with the name at [0], NULL at the end */
	int wire_fd;	/* -1: none */
	int stderr_fd;	/* -1: /dev/null */
	/*
	 * Keep CAP_DAC_READ_SEARCH, as ambient capability, if the caller is
	 * permitted it.  Every other capability is always dropped, also from a
	 * root user's child.
	 */
	bool keep_read_search;
	/* Others to keep in the same way: bits, 1 << CAP_... below 32. */
	uint32_t keep_others;
};

/* A running child.  pidfd becomes readable for poll(2) when it ends. */
struct spawn_child {
	pid_t pid; /* 0 once the end was collected */
	int pidfd; /* close-on-exec; -1 once spawn_done was called */
};

#define SPAWN_CHILD_NONE \
	{                \
		0, -1    \
	}

/* How a child ended, and what it used. */
struct spawn_end {
	bool exited; /* by itself, with a status; else by a signal */
	int status;  /* exit status, or the signal's number */
	int64_t cpu_ms;
	/*
	 * An upper bound: Linux counts the parent's memory at the fork too
	 * (getrusage(2), ru_maxrss).
	 */
	uint64_t peak_rss_bytes;
};

/*
 * Start a child and wait until its program runs (about a millisecond).
 * Whatever goes wrong before and in execve(2) is an error here and leaves no
 * process behind.
 */
int spawn_start(const struct spawn_options *options,
    struct spawn_child *ret_child, struct error *err) ERROR_CHECKED;

/* Send SIGKILL.  A child that ended already is no error. */
int spawn_kill(
    const struct spawn_child *child, struct error *err) ERROR_CHECKED;

/*
 * Collect the end of a child.  Returns 1 with the end, or 0 when it still runs
 * (never when block is true), or -1.  Once 1 was returned, the child is gone
 * and must not be waited for again.
 */
int spawn_wait(struct spawn_child *child, bool block, struct spawn_end *ret_end,
    struct error *err) ERROR_CHECKED;

/*
 * Close the pidfd.  Neither kills nor collects the child: call it after
 * spawn_wait returned 1.
 */
void spawn_done(struct spawn_child *child);

#endif
