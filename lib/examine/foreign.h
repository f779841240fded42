/*
 * foreign: the checksums that a producer left, compared with a copy.
 *
 * Layer 4.  Uses: os/sorter, crypto/digest_any, examine/copy, examine/read,
 * model/manifest_reader.
 *
 * Runs in a reader, which finds the lists by their names, gives a parser their
 * descriptors, and gets entries back: what they mean is the parser's, whether
 * the bytes agree is decided here.  The parser never sees the manifest, so it
 * cannot know what to say to make a damaged file look right.
 *
 * A SHA-256 is compared with the manifest's.  For any other algorithm the file
 * is read a second time; its SHA-256 is taken along, and where that differs
 * from the manifest's, this reading says nothing about the producer's.
 */
#ifndef HIKAE_EXAMINE_FOREIGN_H
#define HIKAE_EXAMINE_FOREIGN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/crypto/digest_any.h"
#include "lib/examine/examine.h"
#include "lib/examine/foreign_find.h"

/* Entries of all lists of a copy. */
#define FOREIGN_ENTRIES_MAX ((uint64_t)1 << 25)

/* Bytes of an entry's path, as format/checksums gives it at most. */
#define FOREIGN_PATH_BYTES_MAX ((size_t)32 * 1024)

/* The words of the journal (FORMATS section 4.1). */
enum foreign_result {
	FOREIGN_AGREES,	      /* every listed file was compared, and agrees */
	FOREIGN_DIFFERS,      /* a file differs, is missing or is too much */
	FOREIGN_PARTIAL,      /* what was compared agrees; not all was */
	FOREIGN_NOT_COMPARED, /* nothing could be */
	FOREIGN_UNREADABLE,   /* a list is no list, or damaged */
};
#define FOREIGN_RESULTS (FOREIGN_UNREADABLE + 1)
const char *foreign_result_name(enum foreign_result result);

/* What the lists of a copy are; a word of the journal too. */
enum foreign_origin {
	FOREIGN_FROM_CHECKSUMS, /* sums and sidecars */
	FOREIGN_FROM_BAGIT,
	FOREIGN_FROM_POSTGRESQL,
	FOREIGN_FROM_SEVERAL,
	FOREIGN_FROM_UNKNOWN, /* what compares them did not get that far */
};
#define FOREIGN_ORIGINS (FOREIGN_FROM_UNKNOWN + 1)
const char *foreign_origin_name(enum foreign_origin origin);

/* One line of a list, as a parser told it. */
struct foreign_entry {
	const char *path; /* without "." and ".."; no NUL at its end */
	size_t path_length;
	bool has_digest; /* else: of an algorithm that hikae does not have */
	enum digest_algorithm algorithm;
	uint8_t digest[DIGEST_ANY_BYTES_MAX];
	bool has_size;
	uint64_t size; /* bytes */
};

/* What a parser made of a list as a whole. */
struct foreign_told {
	bool is_readable; /* and its checksum of itself, if any, is right */
	uint64_t unclear; /* lines not understood, or leading elsewhere */
	bool has_oxum;	  /* of a bag: bytes and files of its payload */
	uint64_t oxum_bytes, oxum_files;
};

struct foreign_options {
	int root_fd;
	const char *locator;
	bool is_file;
	int manifest_fd; /* the copy's, complete */
	int spill_fd;	 /* an unlinked file, or -1 */
	struct stream_options stream;
	struct examine_ignore ignore;
	bool has_more; /* lists were left out */
	/*
	 * Files come, change and go after the list was written: then it says
	 * nothing about them.
	 */
	bool is_living;
	const struct examine_events *events; /* progress, finding */
};

struct foreign_outcome {
	enum foreign_origin origin;
	enum foreign_result result;
	uint64_t listed; /* paths: the sum of the four below */
	uint64_t agreeing, mismatched, missing, not_comparable;
	uint64_t unlisted;   /* of a bag's payload, a database's folders */
	uint64_t bytes_read; /* from the medium, by second readings */
};

struct foreign;

/* The options' pointers must outlive it. */
int foreign_new(const struct foreign_options *options,
    struct foreign **ret_foreign, struct error *err) ERROR_CHECKED;
void foreign_free(struct foreign *foreign);

/*
 * Per list: begin, add for each entry, end.  ERROR_PROTOCOL for an entry that
 * no parser of this version tells.  The list is copied.
 */
int foreign_begin_list(struct foreign *foreign, const struct foreign_list *list,
    struct error *err) ERROR_CHECKED;
int foreign_add(struct foreign *foreign, const struct foreign_entry *entry,
    struct error *err) ERROR_CHECKED;
int foreign_end_list(struct foreign *foreign, const struct foreign_told *told,
    struct error *err) ERROR_CHECKED;

/*
 * Compare, after all lists.  1 with an outcome; 0 when the copy is a file that
 * none of the lists beside it is about; -1.
 */
int foreign_check(struct foreign *foreign, struct foreign_outcome *ret_outcome,
    struct error *err) ERROR_CHECKED;

#endif
