/*
 * pgdump_value: numbers and texts of an archive of pg_dump.
 *
 * Layer 3, internal to inspect.
 *
 * Source: PostgreSQL, src/bin/pg_dump, archive versions 1.12 (9.0) to 1.16
 * (17): a head, a table of contents, blocks of data.  An integer is a sign and
 * intSize bytes, the least first; a text an integer (-1: none) and its bytes.
 */
#ifndef HIKAE_INSPECT_PGDUMP_VALUE_H
#define HIKAE_INSPECT_PGDUMP_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/inspect/feed.h"

#define PGDUMP_TEXT_BYTES 64

/* What is read next: a number, a text of which the beginning is kept, bytes. */
struct pgdump_value {
	bool has_length; /* of a text */
	bool is_null;
	int64_t number; /* or the length of the text */
	char text[PGDUMP_TEXT_BYTES];
};

enum pgdump_result {
	PGDUMP_MORE, /* the bytes are not there yet */
	PGDUMP_DONE,
	PGDUMP_WRONG,
};

/* All zero at the beginning of each value. */
enum pgdump_result pgdump_value_number(
    struct pgdump_value *value, struct feed *feed, unsigned int_bytes);
enum pgdump_result pgdump_value_text(
    struct pgdump_value *value, struct feed *feed, unsigned int_bytes);

#endif
