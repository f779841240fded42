/*
 * copy: the files of one copy on a medium, by their manifest paths.
 *
 * Layer 4.  Uses: os/file, os/descend.
 *
 * Paths are opened without following links and without leaving the copy.  The
 * folder of the last path stays open with those that it is in: entries come in
 * manifest order, so neighbours share them.
 */
#ifndef HIKAE_EXAMINE_COPY_H
#define HIKAE_EXAMINE_COPY_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/stat.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/* Folders that stay open at once; below the last but one, only the last. */
#define COPY_LEVELS_MAX 16

struct copy_level {
	int fd;
	size_t length; /* bytes of its path */
};

struct copy {
	int fd;		  /* the copy's folder */
	const char *name; /* where the copy is one file: its name, else NULL */
	struct copy_level levels[COPY_LEVELS_MAX]; /* each in the one before */
	size_t depth;
	struct bytes folder; /* begins with the path of the deepest */
	/* Some files may not be read without touching their access time. */
	bool is_refused;
	uid_t refused_owner; /* where is_refused: who owned the last of them */
};

#define COPY_CLOSED      \
	{                \
		.fd = -1 \
	}

/*
 * Open the copy `locator` below root_fd: its folder, or where it is one file
 * the folder that holds it.  The locator must outlive the copy.  A copy that
 * is not there is ERROR_NOT_FOUND.
 */
int copy_open(struct copy *copy, int root_fd, const char *locator, bool is_file,
    struct error *err) ERROR_CHECKED;

/* Safe on a closed one. */
void copy_close(struct copy *copy);

/* Forget the open folders, so that the next path gets fresh handles. */
void copy_refresh(struct copy *copy);

/*
 * Open the folder itself, as the one that the next paths will be in.  Whether
 * it is a folder of this copy; where it is not, copy_stat says what it is.
 */
bool copy_enter(struct copy *copy, const char *path);

/*
 * Open a regular file for reading, without touching its access time where
 * that is permitted.  -1 with *ret_errno: ELOOP for anything else than a
 * regular file, EXDEV below something that is mounted inside the copy.
 */
int copy_open_file(struct copy *copy, const char *path, int *ret_errno);

/*
 * The same without a look: for what copy_stat said is a regular file (`seen`),
 * or with NULL where no name opens a device.  What is opened may be a FIFO or a
 * folder then.
 */
int copy_open_seen(struct copy *copy, const char *path, const struct stat *seen,
    int *ret_errno);

/*
 * Whether the file can be read before and behind a block that cannot: a place
 * that is lost, not a medium that is gone.  A file of one block has neither:
 * is_alone_so is the answer for it.
 */
bool copy_is_isolated(
    struct copy *copy, const char *path, uint64_t offset, bool is_alone_so);

/* Whether a file has the immutable flag, as far as it is told. */
bool copy_is_immutable(struct copy *copy, const char *path);

/* Look at a name itself; 0, or -1 with *ret_errno. */
int copy_stat(
    struct copy *copy, const char *path, struct stat *ret_st, int *ret_errno);

/* Append a link's target to out; 0, or -1 with *ret_errno. */
int copy_read_link(
    struct copy *copy, const char *path, struct bytes *out, int *ret_errno);

#endif
