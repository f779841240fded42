/*
 * archive_pack: write files into a tar or a zip, always as the same bytes.
 *
 * Layer 2, part of archive.  Uses: os/file.
 *
 * What is written depends on the names, the contents, the one time of all
 * members, and for a zip on the zone of the process (its oldest field is a
 * local time): owner 0 without a name, mode 0644, no folders.  A tar is ustar
 * (POSIX.1-2017 pax, "ustar Interchange Format"), with a pax header only where
 * a size wants one; a zip is deflated.
 */
#ifndef HIKAE_FORMAT_ARCHIVE_PACK_H
#define HIKAE_FORMAT_ARCHIVE_PACK_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

enum archive_pack_kind {
	ARCHIVE_PACK_TAR,
	ARCHIVE_PACK_ZIP,
};

/* From the ending of a file's name: ".tar", ".zip".  0 or -1. */
int archive_pack_kind_parse(
    const char *name, enum archive_pack_kind *ret_kind) ERROR_CHECKED;

struct archive_pack;

/* Write to fd, which stays the caller's; time in seconds since the epoch. */
int archive_pack_new(enum archive_pack_kind kind, int fd, int64_t time,
    struct archive_pack **ret_pack, struct error *err) ERROR_CHECKED;

/* The next file; path is ASCII.  Exactly size bytes of data must follow. */
int archive_pack_begin(struct archive_pack *pack, const char *path,
    uint64_t size, struct error *err) ERROR_CHECKED;
int archive_pack_data(struct archive_pack *pack, const void *data,
    size_t length, struct error *err) ERROR_CHECKED;

/* The end of the archive; nothing is whole before. */
int archive_pack_end(
    struct archive_pack *pack, struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void archive_pack_free(struct archive_pack *pack);

#endif
