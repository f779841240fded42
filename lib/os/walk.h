/*
 * walk: everything in a tree, in manifest order (FORMATS section 2).
 *
 * Layer 1.  Uses: base, os/file, os/trail.
 *
 * Depth first, a folder before what is in it, the names of each folder sorted
 * as bytes.  Names are bytes, not text.  Symbolic links are never followed.
 *
 * An error in one folder never stops the walk: it is the `problem` of an
 * entry, and what could be learned is there beside it.  A folder is listed
 * before its entry is returned, so that one entry a folder says all: names
 * that were read before a listing failed are still walked, and the folder's
 * problem says that there may be more.
 *
 * Few folders are open at a time (WALK_OPEN_FOLDERS_MAX); others are opened
 * again when the walk comes back to them, and must be the same folders still.
 * Inside a Landlock sandbox READ_FILE and READ_DIR below the root suffice.
 */
#ifndef HIKAE_OS_WALK_H
#define HIKAE_OS_WALK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Descriptors held for folders at any time. */
#define WALK_OPEN_FOLDERS_MAX 64

/* A folder with a longer path is not entered (problem ENAMETOOLONG). */
#define WALK_PATH_MAX_BYTES 65536

enum walk_type {
	WALK_FILE,
	WALK_FOLDER,
	WALK_LINK,
	WALK_FIFO,
	WALK_SOCKET,
	WALK_CHAR,
	WALK_BLOCK,
};
#define WALK_TYPES (WALK_BLOCK + 1)

struct walk_entry {
	const char *path; /* relative to the root, no "./"; ends in NUL */
	size_t path_length;
	enum walk_type type;
	uint64_t size; /* bytes */
	uint64_t inode;
	uint64_t device; /* dev_t */
	uint64_t links;
	uint64_t blocks_512; /* allocated, in units of 512 bytes */
	int64_t mtime_seconds;
	uint32_t mtime_nanoseconds;
	int64_t ctime_seconds;
	uint32_t ctime_nanoseconds;
	uint32_t mode;		 /* 07777 */
	bool is_immutable;	 /* chattr(1) +i, as far as it is told */
	const char *link_target; /* WALK_LINK; ends in NUL; else NULL */
	size_t link_length;

	/*
	 * 0, or an errno value: the name is known but could not be looked at
	 * (`is_known` false: then only path is certain; type is what the
	 * folder says, or WALK_FILE), its target not read, or the folder not
	 * (wholly) listed.  EXDEV: something else is mounted here and was not
	 * entered. ESTALE: replaced while it was looked at.  ENOENT: gone since
	 * its folder was listed.  ELOOP: a folder that contains itself.
	 */
	int problem;
	bool is_known;
};

struct walk_options {
	/*
	 * An unlinked temporary file, open for reading and writing, for
	 * folders with more names than memory holds; or -1: then such a
	 * folder ends the walk with ERROR_LIMIT.  Borrowed.
	 * A process limit on file sizes holds for it too.
	 */
	int spill_fd;

	/* For names; each folder above the current one may hold
	 * SORTER_MEMORY_MIN_BYTES on top. */
	size_t memory_bytes;

	/* Enter what is mounted below the root. */
	bool cross_mounts;
};

struct walk;

/*
 * Begin at root_fd, a folder, which is borrowed for this call only; it is not
 * an entry itself.  NULL when the root cannot be listed wholly: nothing below
 * is worth more than that error.
 */
struct walk *walk_new(int root_fd, const struct walk_options *options,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void walk_free(struct walk *walk);

/*
 * 1 and the next entry, whose pointers are valid until the next call of
 * walk_next; 0 after the last; -1 for what is no property of the tree (the
 * spill, memory): the walk is over then and says the same again.
 */
int walk_next(struct walk *walk, struct walk_entry *ret_entry,
    struct error *err) ERROR_CHECKED;

/* Do not descend into the folder just returned; else without effect. */
void walk_skip(struct walk *walk);

/*
 * Open the regular file just returned for reading (O_NOFOLLOW, O_NONBLOCK,
 * and O_NOATIME where permitted: F_GETFL tells).  Its os_errno is ESTALE when
 * the name now stands for something else; EISDIR and the like do not occur.
 * For an entry that is no file or has a problem: ERROR_USAGE.  The caller
 * closes *ret_fd and compares size and times.
 */
int walk_open_file(
    struct walk *walk, int *ret_fd, struct error *err) ERROR_CHECKED;

#endif
