/*
 * file: opening below a root, whole reads and writes, atomic replacement.
 *
 * Layer 1.  Uses: base, descend.  Owns: openat2(2).
 *
 * Descriptors are close-on-exec.  A failed system call gives the code that
 * follows from its errno (base/error); os_errno is always set then.  Texts
 * contain no path: the caller knows it, and may not be free to show it.
 */
#ifndef HIKAE_OS_FILE_H
#define HIKAE_OS_FILE_H

#include <limits.h>
#include <stddef.h>
#include <sys/types.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/*
 * Beside the flags of open(2), for file_open_below: do not cross a mount
 * point, bind mounts included (error EXDEV).
 */
#define FILE_SAME_MOUNT (1 << 30)

/* What the names of unfinished temporary files begin with. */
#define FILE_TEMPORARY_PREFIX ".hikae-tmp-"

/*
 * Open a folder for listing, syncing and as a root.  Links in the path are
 * followed: it must come from the configuration, never from a medium.
 */
int file_open_folder(
    const char *path, int *ret_fd, struct error *err) ERROR_CHECKED;

/*
 * Open a relative path of any length below root_fd.  No symbolic link is
 * followed, in any component (error ELOOP); an absolute path or a ".."
 * component is EXDEV.  flags are those of open(2); O_CLOEXEC, O_NOCTTY and
 * O_NONBLOCK are always added, so that a FIFO or a device cannot block.  What
 * O_CREAT creates has mode 0600.  O_NOATIME is a wish: where it is not
 * permitted the file is opened without it, and F_GETFL tells.  The caller
 * closes *ret_fd.
 */
int file_open_below(int root_fd, const char *path, int flags, int *ret_fd,
    struct error *err) ERROR_CHECKED;

/*
 * Make the folder and those above it, as far as they are missing, with the
 * mode (less the umask), each durable in the folder that holds it.  The path
 * is taken as in file_open_below.
 */
int file_make_folders(int root_fd, const char *path, mode_t mode,
    struct error *err) ERROR_CHECKED;

/*
 * Replace the content of `out` by everything from fd's position to its end.
 * ERROR_LIMIT when that is more than limit bytes; `out` is empty after an
 * error.
 */
int file_read_whole(
    int fd, size_t limit, struct bytes *out, struct error *err) ERROR_CHECKED;

/* Write all of data at fd's position. */
int file_write_all(
    int fd, const void *data, size_t length, struct error *err) ERROR_CHECKED;

/*
 * A file without a name for reading and writing, on the file system of
 * folder_fd; its space is free again when the last descriptor is closed.
 */
int file_temporary(int folder_fd, int *ret_fd, struct error *err) ERROR_CHECKED;

/* Make the names in the folder durable. */
int file_sync_folder(int folder_fd, struct error *err) ERROR_CHECKED;

/*
 * A file that is being written beside the one it will replace.  An all-zero
 * struct is one that has not begun.  Write through fd only.
 */
struct file_replacement {
	int fd;	       /* open for reading and writing */
	int folder_fd; /* borrowed; must stay open until commit or rollback */
	char name[NAME_MAX + 1];
	char temporary[40]; /* empty: nothing to do */
};

/* The mode of a new file is what its file system makes of 0600. */
#define FILE_MODE_AS_MADE ((mode_t)-1)

/*
 * Begin to replace (or create) the file `name`, one component, in folder_fd.
 * The new file has exactly the mode.
 */
int file_replacement_begin(struct file_replacement *replacement, int folder_fd,
    const char *name, mode_t mode, struct error *err) ERROR_CHECKED;

/*
 * Make the new content durable under the name: fsync, rename, fsync of the
 * folder.  After -1 call rollback.  The old content then stands unchanged,
 * except that when the last fsync failed the new content stands whole under
 * the name but may not survive a crash.
 */
int file_replacement_commit(
    struct file_replacement *replacement, struct error *err) ERROR_CHECKED;

/*
 * Close and remove the temporary file, if there is one: without effect on
 * NULL, after commit, or twice.  Keeps errno.
 */
void file_replacement_rollback(struct file_replacement *replacement);

#endif
