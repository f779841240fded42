/*
 * jail: name spaces of its own for what a process starts next.
 *
 * Layer 1.  Uses: error.
 *
 * Where the kernel and the service manager let an ordinary user have them:
 * processes (the first one's end is the end of all), network (there is none),
 * System V objects, and mounts, in which a scratch folder gets a short path,
 * secrets a place in memory, and other folders are hidden.  The user stays who
 * it was.
 */
#ifndef HIKAE_OS_JAIL_H
#define HIKAE_OS_JAIL_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

/*
 * Move into new name spaces; the next child is the first process in them.
 * False where that is not permitted: then nothing has changed.
 */
bool jail_enter(void);

/* What is mounted, by that first process. */
struct jail_mounts {
	const char *scratch;
	const char *const *hidden; /* folders, up to a NULL */
	/* Files that must stay to be seen, up to a NULL. */
	const char *const *needed;
	uint64_t memory_bytes; /* of a folder in memory; 0: there is none */
};

/* Enough for each path that jail_mount gives. */
#define JAIL_PATH_BYTES 32

/* Where they are seen; memory is "" where none was asked for. */
struct jail_paths {
	char scratch[JAIL_PATH_BYTES], memory[JAIL_PATH_BYTES];
};

/*
 * Mount the scratch folder under a short path, hide the others, and mount a
 * /proc of these processes where that is permitted.  The folder in memory is
 * gone with the last of the processes.
 */
int jail_mount(const struct jail_mounts *mounts, struct jail_paths *ret_paths,
    struct error *err) ERROR_CHECKED;

#endif
