/*
 * measure: what can be measured about backups, by name.
 *
 * Layer 3.  Uses: i18n, error, base/quantity.
 *
 * One table.  Requirement packs name these measures in their checks
 * ("offline_copies(system) >= 1"), the judge takes them (judge/measure), and
 * manual and reports explain them with the same sentences.  Names and meanings
 * are stable, since packs outlive programs; measures are only added.
 */
#ifndef HIKAE_MODEL_MEASURE_H
#define HIKAE_MODEL_MEASURE_H

#include <stdint.h>

#include "lib/base/error.h"

/*
 * "Good": intact, captured and not expired.  A generation is good when a copy
 * of it is.  Copies are counted of the newest good generation, and two on one
 * physical device are one (DESIGN section 6).  What production itself holds
 * counts only in MEASURE_COPIES_WITH_PRODUCTION.
 */
enum measure {
	/* generations */
	MEASURE_GENERATIONS,
	MEASURE_GENERATION_AGE,
	MEASURE_ONSITE_AGE,
	MEASURE_SCHEDULE_KEPT,
	MEASURE_RETENTION_SPAN,
	MEASURE_GENERATIONS_PROTECTED_FROM,
	MEASURE_OLD_FULLS_PROTECTED,
	/* copies of the newest good generation */
	MEASURE_COPIES,
	MEASURE_COPIES_WITH_PRODUCTION,
	MEASURE_DEVICES,
	MEASURE_MEDIA_KINDS,
	MEASURE_METHODS,
	MEASURE_ONLINE_COPIES,
	MEASURE_OFFSITE_COPIES,
	MEASURE_OFFLINE_OR_OFFSITE_COPIES,
	MEASURE_ENCRYPTED_COPIES,
	MEASURE_UNENCRYPTED_COPIES,
	/* copies out of reach, of any generation; each mode of DESIGN 6 */
	MEASURE_OFFLINE_COPIES,
	MEASURE_DETACHED_COPIES,
	MEASURE_PARTITION_COPIES,
	MEASURE_APPENDONLY_COPIES,
	MEASURE_WINDOW_COPIES,
	MEASURE_CLOUD_ISOLATED_COPIES,
	MEASURE_IMMUTABLE_COPIES,
	MEASURE_OFFLINE_EXPOSURE,
	/* bytes */
	MEASURE_COVERAGE_AGE,
	MEASURE_COVERAGE_OVERDUE,
	MEASURE_VERIFICATION_ERRORS,
	MEASURE_OPEN_DAMAGE,
	MEASURE_SUSPICIOUS,
	/* restoring */
	MEASURE_DRILL_AGE,
	MEASURE_DRILLS_SIGNED,
	MEASURE_RESTORE_ORDER,
	/* the facility as a whole */
	MEASURE_MEDIA_LOG,
	MEASURE_MEDIA_OVERDUE,
	MEASURE_ALL_CONNECTED,
	MEASURE_JOURNAL_INTACT,
};
#define MEASURES (MEASURE_JOURNAL_INTACT + 1)

/* What a measure is taken of; its argument in a check. */
enum measure_argument {
	MEASURE_OF_SYSTEM,
	MEASURE_OF_FACILITY,
};

/* What a measure's number is, and how its values are written. */
enum measure_unit {
	MEASURE_COUNT,	  /* "3" */
	MEASURE_DURATION, /* milliseconds; "26h", "30d" */
	MEASURE_DAYS,	  /* whole days, rounded down; "92d" */
	MEASURE_SHARE,	  /* percent, 0 to 100, rounded up; "10%" */
	MEASURE_FLAG,	  /* 1 or 0; "yes", "no" */
};

/* Bytes of a value as text, with the NUL (QUANTITY_TEXT_BYTES). */
#define MEASURE_TEXT_BYTES 96

/* "offline_copies" */
const char *measure_name(enum measure measure);

/* From a name; 0 or -1. */
int measure_parse(const char *name, enum measure *ret_measure) ERROR_CHECKED;

enum measure_argument measure_argument_of(enum measure measure);
enum measure_unit measure_unit_of(enum measure measure);

/* "system", "facility"; "count", "duration", ... */
const char *measure_argument_name(enum measure_argument argument);
const char *measure_unit_name(enum measure_unit unit);

/*
 * What it is, in the reader's language: a few words for a table ("copies out
 * of reach"), and whole sentences for the manual.
 */
const char *measure_title(enum measure measure);
const char *measure_help(enum measure measure);

/* A value in its unit.  -1 with ERROR_INPUT; the text is not in the error. */
int measure_parse_value(enum measure measure, const char *text,
    int64_t *ret_number, struct error *err) ERROR_CHECKED;

/*
 * The value as it is written in a pack, and for people in their language
 * ("1 day 2 hours", "yes").  text has MEASURE_TEXT_BYTES; they return it.
 */
const char *measure_format_value(
    enum measure measure, int64_t number, char *text);
const char *measure_describe_value(
    enum measure measure, int64_t number, char *text);

#endif
