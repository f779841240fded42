/*
 * spot: where a path lies, whatever way leads there: a file system, and the
 * path below its root, as text "MAJOR:MINOR/PATH".
 *
 * Layer 1.  Uses: error, mountinfo.  Touches no mounted file system.
 *
 * Neither bind mounts nor subvolumes change it.  The device alone, or a folder,
 * is a place that spots may lie within.
 */
#ifndef HIKAE_OS_SPOT_H
#define HIKAE_OS_SPOT_H

#include <limits.h>

#include "lib/os/mountinfo.h"

#define SPOT_BYTES (PATH_MAX + 32)

/*
 * The spot of an absolute path.  Links and ".." in it are not resolved.
 * ERROR_NOT_FOUND: nothing is mounted there; ERROR_LIMIT.
 */
int spot_find(const struct mountinfo *table, const char *path,
    char ret_spot[SPOT_BYTES], struct error *err) ERROR_CHECKED;

/* Make it the whole file system. */
void spot_cut_path(char *spot);

/* Is it the place, or below it? */
bool spot_is_within(const char *spot, const char *place);

/* Within one of several places, each ended by a NUL? */
bool spot_is_within_any(const char *spot, const char *places, size_t length);

#endif
