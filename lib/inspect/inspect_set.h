/*
 * inspect_set: files that name each other: the parts of a dump, the images of a
 * DICOMDIR.
 *
 * Layer 3.  Uses: crypto/digest, inspect.
 *
 * Files come in any order.  Of a name that may be named only its digest is
 * kept, 16 bytes each and a bounded number of them; beyond that it cannot be
 * told what is missing, and that is said.
 *
 * Parts: pg_dump -Fd writes toc.dat, which names files beside it, each perhaps
 * with the suffix of its compression (PostgreSQL, src/bin/pg_dump,
 * pg_backup_directory.c); -Ft the same into a tar (pg_backup_tar.c).
 *
 * DICOMDIR: Referenced File ID (0004,1500) has up to eight components, below
 * the folder of the DICOMDIR (PS3.3 annex F, PS3.10 section 8).  They are of A
 * to Z, 0 to 9 and '_' (PS3.10 section 8.5).  On ISO 9660 (PS3.12 annex F) a
 * file's name may end in '.' and a version, and systems show names in small
 * letters: case, ";1" and a last "." make no difference.
 */
#ifndef HIKAE_INSPECT_INSPECT_SET_H
#define HIKAE_INSPECT_INSPECT_SET_H

#include "lib/inspect/inspect.h"

struct inspect_set;

/* NULL without memory. */
struct inspect_set *inspect_set_new(void);
void inspect_set_free(struct inspect_set *set);

/* A file is there, of which nothing is said but its path. */
void inspect_set_add(struct inspect_set *set, const char *path);

/*
 * As inspect_begin; what the file names is noted in the set once it ended.  The
 * set must outlive it; NULL is allowed.
 */
struct inspect *inspect_begin_in(
    struct inspect_set *set, enum inspect_format format, const char *path);

/*
 * A part of a dump: its bytes in order, then its end, with which it is in the
 * set.  Whether it is one at all, the dump's contents say.
 */
struct inspect_part;

/* Whether a path may be that of a part: 3041.dat.gz, blob_16401.dat. */
bool inspect_part_is(const char *path);
/* The path must outlive it.  NULL without memory. */
struct inspect_part *inspect_part_begin(
    struct inspect_set *set, const char *path);
void inspect_part_push(
    struct inspect_part *part, const uint8_t *data, size_t length);
/* Free it, with or without a word to the set; NULL is allowed. */
void inspect_part_end(struct inspect_part *part);
void inspect_part_cancel(struct inspect_part *part);

/* A file that names others, with which not all is well. */
struct inspect_set_result {
	const char *path;
	enum inspect_format format;
	enum inspect_severity severity; /* of the file by itself */
	/* MISSING_PART: expected were named, actual are there; else what is
	 * wrong with a part. */
	struct inspect_finding finding;
};
typedef void inspect_set_fn(
    void *context, const struct inspect_set_result *result);

/* All files came. */
void inspect_set_conclude(
    struct inspect_set *set, inspect_set_fn *each, void *context);

#endif
