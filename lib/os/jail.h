/*
 * jail: name spaces of its own for what a process starts next.
 *
 * Layer 1.  Uses: error.
 *
 * Where the kernel and the service manager let an ordinary user have them:
 * processes (the first one's end is the end of all), network (there is none),
 * System V objects, and mounts, in which a scratch folder gets a short path
 * and other folders are hidden.  The user stays who it was.
 */
#ifndef HIKAE_OS_JAIL_H
#define HIKAE_OS_JAIL_H

#include <stdbool.h>

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
};

/* Enough for the path that jail_mount gives. */
#define JAIL_PATH_BYTES 32

/*
 * Mount the scratch folder under a short path, hide the others, and mount a
 * /proc of these processes where that is permitted.
 */
int jail_mount(const struct jail_mounts *mounts, char ret_path[JAIL_PATH_BYTES],
    struct error *err) ERROR_CHECKED;

#endif
