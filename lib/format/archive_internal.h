/*
 * archive_internal: what the two halves of archive share.
 *
 * archive_open.c begins a reader and is called back by libarchive for bytes;
 * archive.c takes members and data out of it.
 */
#ifndef HIKAE_FORMAT_ARCHIVE_INTERNAL_H
#define HIKAE_FORMAT_ARCHIVE_INTERNAL_H

#include "lib/format/archive.h"

#include <archive.h>
#include <archive_entry.h>

struct archive_reader {
	enum archive_kind kind;
	struct archive_limits limits;
	struct archive *archive; /* NULL for RAW */
	bool is_open;		 /* asked before, libarchive would crash */
	struct source source;
	const char *raw_name;
	struct error failure; /* of the source or the descriptor */

	/* A stream: where its last byte other than zero stands. */
	uint64_t given, nonzero_end;
	uint64_t end; /* of the last member's data, in the stream */

	/* A descriptor. */
	int fd;
	uint64_t size, position;
	uint8_t *buffer;

	/* The present member. */
	struct archive_entry *entry;
	bool has_member, has_size, is_encrypted;
	uint64_t member_size, member_at;

	uint64_t members, bytes;
	unsigned warnings, idle;
};

/*
 * libarchive's callback: the next bytes of a stream.  Notes where the last one
 * stands that is not zero.
 */
la_ssize_t archive_open_read_source(
    struct archive *archive, void *context, const void **ret_data);

/* Why libarchive cannot go on; always STOP. */
enum archive_step archive_open_stop(
    const struct archive_reader *reader, struct error *err);

#endif
