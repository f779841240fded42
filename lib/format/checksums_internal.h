/*
 * checksums_internal: a list being read, shared by checksums' files.
 *
 * Layer 2.  checksums.c cuts lines and hands entries out; checksums_lines.c,
 * _bagit.c and _postgresql.c each know one syntax.
 */
#ifndef HIKAE_FORMAT_CHECKSUMS_INTERNAL_H
#define HIKAE_FORMAT_CHECKSUMS_INTERNAL_H

#include "lib/base/bytes.h"
#include "lib/format/checksums.h"

/* Where the scanner of a backup_manifest stands. */
struct checksums_scan {
	unsigned depth; /* of objects and arrays */
	unsigned digits;
	bool in_text, is_escaped;
	bool is_files;	      /* the array that is open is the one of files */
	uint64_t lines[2];    /* offsets behind the last line feed but one, and
				 behind the last */
	struct bytes outline; /* all but the objects in arrays */
};

struct checksums {
	struct checksums_options options;
	struct checksums_summary summary;
	uint64_t offset;   /* bytes fed */
	struct bytes line; /* the line, or object, under way */
	bool is_windows;   /* it ended in a carriage return as well */
	struct bytes path; /* of the entry under way, decoded */
	struct checksums_scan scan;
};

/*
 * Hand an entry out whose name stands in list->path, raw.  One that is no name
 * is counted as malformed, one that leads elsewhere as outside.
 */
int checksums_give(struct checksums *list, struct checksums_entry *entry,
    struct error *err) ERROR_CHECKED;

/* Hexadecimal digits of either case at the beginning of a text. */
size_t checksums_count_hex(const char *text, size_t length);

/* Exactly 2 * bytes digits; 0 or -1. */
int checksums_parse_hex(const char *text, size_t length, uint8_t *ret_data,
    size_t bytes) ERROR_CHECKED;

/* Digits alone, below 2^64; 0 or -1. */
int checksums_parse_number(
    const char *text, size_t length, uint64_t *ret_value) ERROR_CHECKED;

/*
 * What a digest of so many digits is: the list's own algorithm where it has
 * one, else the usual one of that length; NONE where it fits none.
 */
enum checksums_algorithm checksums_algorithm_of_digits(
    const struct checksums *list, size_t digits);

/* One line of each syntax, without its line feed. */
int checksums_take_line(struct checksums *list, const char *text, size_t length,
    struct error *err) ERROR_CHECKED;
int checksums_take_bagit(struct checksums *list, const char *text,
    size_t length, struct error *err) ERROR_CHECKED;
void checksums_take_bag_info(
    struct checksums *list, const char *text, size_t length);

/* Any bytes of a backup_manifest, and its end. */
int checksums_scan_postgresql(struct checksums *list, const char *data,
    size_t length, struct error *err) ERROR_CHECKED;
int checksums_finish_postgresql(
    struct checksums *list, struct error *err) ERROR_CHECKED;

#endif
