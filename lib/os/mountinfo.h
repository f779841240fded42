/*
 * mountinfo: what is mounted where, from the kernel's list.
 *
 * Layer 1.  Uses: error.  Source: proc(5), /proc/PID/mountinfo.
 *
 * Reading it touches no mounted file system, so the daemon may ask about media
 * that hang.
 */
#ifndef HIKAE_OS_MOUNTINFO_H
#define HIKAE_OS_MOUNTINFO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define MOUNTINFO_PATH "/proc/self/mountinfo"
#define MOUNTINFO_MOUNTS_MAX 65536

/* One mount.  The texts are decoded; they may hold any byte but NUL. */
struct mountinfo_mount {
	uint64_t id, parent_id; /* the mnt_id of statx(2) */
	uint32_t major, minor;	/* 0:N for a file system without one device */
	const char *root;	/* the part of the file system shown here */
	const char *mount_point;
	const char *options;	   /* of this mount: "rw,relatime" */
	const char *filesystem;	   /* type, with subtype: "fuse.sshfs" */
	const char *source;	   /* "/dev/sda1", "nas:/export", "none" */
	const char *super_options; /* of the file system */
};

/*
 * Parse one line (with or without its newline), which is changed; the result
 * points into it.  ERROR_INPUT for a line that is none.
 */
int mountinfo_parse_line(
    char *line, struct mountinfo_mount *ret, struct error *err) ERROR_CHECKED;

/* Is a word among the comma-separated options? */
bool mountinfo_has_option(const char *options, const char *word);

struct mountinfo;

/*
 * Read a list (MOUNTINFO_PATH, or a file of that form).  NULL with ERROR_IO,
 * ERROR_NOT_FOUND, ERROR_INPUT or ERROR_LIMIT.
 */
struct mountinfo *mountinfo_read(const char *path, struct error *err);
void mountinfo_free(struct mountinfo *table);

size_t mountinfo_count(const struct mountinfo *table);
const struct mountinfo_mount *mountinfo_at(
    const struct mountinfo *table, size_t index);

/* NULL when there is none. */
const struct mountinfo_mount *mountinfo_find_id(
    const struct mountinfo *table, uint64_t id);

/*
 * The mount that an absolute path lies on, as the kernel would walk there: what
 * is covered by a later mount does not count.  Symbolic links and ".." are not
 * resolved.  NULL when there is none.
 */
const struct mountinfo_mount *mountinfo_find_path(
    const struct mountinfo *table, const char *path);

#endif
