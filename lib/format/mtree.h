/*
 * mtree: the lines of a manifest (mtree(5), FORMATS section 2).
 *
 * Layer 2.  Uses: base.  Owns: nothing.
 *
 * Lines are written in one form and only that form is read: keywords in their
 * order, one space between them, exactly the bytes escaped that must be.  The
 * form is one that libarchive's bsdtar and NetBSD's mtree read too.
 */
#ifndef HIKAE_FORMAT_MTREE_H
#define HIKAE_FORMAT_MTREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"
#include "lib/base/error.h"

/* Bytes of a path or of a link's target, not counting escapes: what os/walk
 * gives, and a component more. */
#define MTREE_PATH_BYTES_MAX (65536 + 256)

/* Bytes that any line fits in, with its newline. */
#define MTREE_LINE_BYTES_MAX (8 * MTREE_PATH_BYTES_MAX + 512)

enum mtree_type {
	MTREE_FILE,
	MTREE_FOLDER,
	MTREE_LINK,
	MTREE_FIFO,
	MTREE_SOCKET,
	MTREE_CHAR,
	MTREE_BLOCK,
};
#define MTREE_TYPES (MTREE_BLOCK + 1)

struct mtree_entry {
	const char *path; /* raw bytes without "./"; no NUL at its end */
	size_t path_length;
	enum mtree_type type;
	bool has_size, has_time, has_mode, has_digest;
	uint64_t size; /* bytes; of files only */
	int64_t time_seconds;
	uint32_t time_nanoseconds; /* always forward: -0.5 s is -1 + 0.5 s */
	uint32_t mode;		   /* permission bits, 07777 */
	uint8_t digest[32];	   /* SHA-256 */
	const char *link; /* target of a link, or NULL; no NUL at its end */
	size_t link_length;
};

/* The type as it stands in a line ("dir"). */
const char *mtree_type_name(enum mtree_type type);

/*
 * True for what may stand as a path in a manifest: 1 to MTREE_PATH_BYTES_MAX
 * bytes without NUL, without "/" at either end, and no component that is
 * empty, "." or "..".
 */
bool mtree_is_path(const char *path, size_t length);

/*
 * Append bytes escaped: outside 0x21..0x7E, and \ # * ? [ =, as three octal
 * digits after a backslash (mtree(5), vis(3) VIS_OCTAL).
 */
void mtree_append_path(struct bytes *out, const char *path, size_t length);

/*
 * Append what an escaped text stands for.  -1 (out is what it was) for a text
 * that mtree_append_path does not write, for \000, for an empty text, and when
 * memory ran out.
 */
int mtree_decode_path(
    const char *text, size_t length, struct bytes *out) ERROR_CHECKED;

/* Whether an entry can stand in a manifest: its parts fit each other. */
bool mtree_is_entry(const struct mtree_entry *entry);

/* Append the line with its newline.  ERROR_INPUT for an entry that is none
 * (out is what it was). */
int mtree_append_entry(struct bytes *out, const struct mtree_entry *entry,
    struct error *err) ERROR_CHECKED;

/*
 * Parse one line, given without its newline.  Path and target of the result
 * lie in scratch, which is cleared first and belongs to the caller: they are
 * good until scratch is used again.  ERROR_INPUT for anything that
 * mtree_append_entry does not write.
 */
int mtree_parse_line(const char *line, size_t length, struct bytes *scratch,
    struct mtree_entry *ret_entry, struct error *err) ERROR_CHECKED;

#endif
