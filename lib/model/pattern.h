/*
 * pattern: what generations are called, and when they were made.
 *
 * Layer 3.  Uses: base (date: the facility's zone).
 *
 * A pattern is literal bytes with conversions after strftime of POSIX.1-2017
 * (XSH): %Y (4 digits), %y (2 digits: 69 to 99 are 19xx, 00 to 68 are 20xx),
 * %m %d %H %M %S (2 digits), %j (3 digits, day of the year), %s (1 to 12
 * digits, seconds since 1970 UTC), %% (a percent sign), and * (any run of
 * bytes, also none; the shortest that fits).
 */
#ifndef HIKAE_MODEL_PATTERN_H
#define HIKAE_MODEL_PATTERN_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define PATTERN_MAX_BYTES 255

/* How much of the time the name tells. */
enum pattern_precision {
	PATTERN_NO_TIME, /* the pattern has none: take the newest mtime */
	PATTERN_DAY,	 /* the instant is the day's 00:00 */
	PATTERN_HOUR,
	PATTERN_MINUTE,
	PATTERN_SECOND,
};

struct pattern;

/*
 * -1 with ERROR_INPUT for an unknown or repeated conversion, a date without
 * its year, month or day, a time without a date or its larger units, a "/",
 * or more than PATTERN_MAX_BYTES.
 */
int pattern_compile(const char *text, struct pattern **ret_pattern,
    struct error *err) ERROR_CHECKED;
void pattern_free(struct pattern *pattern);

/* The text that was compiled; belongs to the pattern. */
const char *pattern_text(const struct pattern *pattern);

enum pattern_precision pattern_precision(const struct pattern *pattern);

/*
 * 1: the whole name fits; *ret_ms is its instant (0 with PATTERN_NO_TIME).  A
 * local time that clocks showed twice is the first of the two; one that they
 * skipped counts as if they had not changed yet.
 * 0: the name does not fit.
 * -1 with ERROR_INPUT: it fits, but there is no such day or time (30
 * February); the caller reports the name instead of passing over it.
 */
int pattern_match(const struct pattern *pattern, const char *name,
    size_t length, int64_t *ret_ms, struct error *err) ERROR_CHECKED;

#endif
