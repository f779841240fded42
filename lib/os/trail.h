/*
 * trail: the folders from a walk's root to where it is, each with the names
 * that are left in it.
 *
 * Layer 1.  Uses: base, os/file, os/listing.  Used by os/walk alone.
 *
 * The root and the deepest few are open.  Coming back to a folder that was
 * closed opens it, and those directly above it, again from the root: it must
 * be the folder that was listed, else the names left in it have a problem.
 */
#ifndef HIKAE_OS_TRAIL_H
#define HIKAE_OS_TRAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

struct trail_options {
	int spill_fd; /* these three as in struct walk_options */
	size_t memory_bytes;
	bool cross_mounts;
	size_t open_folders_max; /* descriptors held at any time */
	size_t path_max_bytes;	 /* of a folder that is entered */
};

struct trail;

/* Begin in a folder, as walk_new. */
struct trail *trail_new(int root_fd, const struct trail_options *options,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void trail_free(struct trail *trail);

/*
 * Take the next name of the deepest folder; leave folders that have no more.
 * 1; 0 when the root has no more; -1 as walk_next.
 */
int trail_next(
    struct trail *trail, uint8_t *ret_d_type, struct error *err) ERROR_CHECKED;

/*
 * The path of the name that was taken last, and its last component alone;
 * both end in NUL and are valid until the next call of trail_next.
 */
const char *trail_path(const struct trail *trail, size_t *ret_length);
const char *trail_name(const struct trail *trail);

/*
 * The descriptor of the folder that has that name, opened again if need be.
 * 0, or the errno value for which it is not to be had.
 */
int trail_folder(struct trail *trail, int *ret_fd);

/*
 * Go into the folder of the name that was taken last, which was seen to have
 * this identity.  *ret_problem is an errno value for which it was not entered
 * or not wholly listed, or 0.  -1 as walk_next.
 */
int trail_enter(struct trail *trail, uint64_t device, uint64_t inode,
    bool *ret_has_entered, int *ret_problem, struct error *err) ERROR_CHECKED;

/* Leave the deepest folder, whatever is left in it. */
void trail_leave(struct trail *trail);

#endif
