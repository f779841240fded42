/*
 * restore: write what a copy holds below a scratch folder.
 *
 * Layer 4.  Uses: os/file.
 *
 * Names and contents come from a backup and are hostile: nothing is written
 * outside the folder, through a link, or over what is there already; a link
 * that leads out, a device, a socket and a pipe are refused; all files have
 * mode 0600 and folders 0700, so that no set-id bit survives; and there are
 * limits.  What is refused is counted, not an error.  Owners, modes, times and
 * holes are not restored: a drill proves names and contents.
 */
#ifndef HIKAE_EXAMINE_RESTORE_H
#define HIKAE_EXAMINE_RESTORE_H

#include "lib/examine/examine.h"

struct restore_limits {
	uint64_t bytes, entries; /* beyond either ERROR_LIMIT */
};

/* What was written, and what was not. */
struct restore_counts {
	uint64_t files, folders, links, bytes;
	uint64_t refused_links;	  /* they lead out of the folder */
	uint64_t refused_special; /* devices, pipes, sockets */
	uint64_t refused_paths;	  /* through a link, or no path at all */
	uint64_t twice;		  /* a name again: the last one counts */
	uint64_t failed;	  /* its bytes did not come to their end */
	uint64_t unresolved;	  /* hard links to what is not restored */
	uint64_t left_out;	  /* hard links to what was not chosen */
};

struct restore;

/* root_fd, the folder to write into, is borrowed. */
int restore_new(int root_fd, const struct restore_limits *limits,
    struct restore **ret_restore, struct error *err) ERROR_CHECKED;
void restore_free(struct restore *restore);
const struct restore_counts *restore_counts(const struct restore *restore);

/* Paths are those of a manifest: bytes with a NUL at the end, no "./". */
int restore_folder(
    struct restore *restore, const char *path, struct error *err) ERROR_CHECKED;
int restore_link(struct restore *restore, const char *path, const char *target,
    struct error *err) ERROR_CHECKED;
void restore_refuse_special(struct restore *restore);
/* A second name of a file that the portion does not have. */
void restore_leave_out(struct restore *restore);

/*
 * A file: begin, write in order, end.  Between begin and end of one that was
 * refused, writing has no effect.  A file that is not good is removed again.
 */
int restore_file_begin(
    struct restore *restore, const char *path, struct error *err) ERROR_CHECKED;
int restore_file_write(struct restore *restore, const uint8_t *data,
    size_t length, struct error *err) ERROR_CHECKED;
int restore_file_zeros(
    struct restore *restore, uint64_t count, struct error *err) ERROR_CHECKED;
int restore_file_end(
    struct restore *restore, bool is_good, struct error *err) ERROR_CHECKED;

/* A second name: the content of a file restored before, once more. */
int restore_again(struct restore *restore, const char *path, const char *target,
    struct error *err) ERROR_CHECKED;

/* Whether a link at that path with that target stays inside the root. */
bool restore_is_inside(const char *path, const char *target);

#endif
