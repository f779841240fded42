/*
 * quantity: durations and sizes with their units.
 *
 * Layer 0.  Uses: error, i18n.
 *
 * Durations are int64_t milliseconds, sizes uint64_t bytes.
 */
#ifndef HIKAE_BASE_QUANTITY_H
#define HIKAE_BASE_QUANTITY_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

/* Room for what the functions below write, with the NUL. */
#define QUANTITY_TEXT_BYTES 96

/*
 * A whole number and a unit: ms, s, m (minutes), h, d, w.  A number without a
 * unit is refused.  0, or -1 with ERROR_INPUT.
 */
int quantity_parse_duration(
    const char *text, int64_t *ret_ms, struct error *err) ERROR_CHECKED;

/*
 * A whole number and a unit: none or B, KiB MiB GiB TiB PiB (powers of 1024),
 * kB KB MB GB TB PB (powers of 1000).  0, or -1 with ERROR_INPUT.
 */
int quantity_parse_size(
    const char *text, uint64_t *ret_bytes, struct error *err) ERROR_CHECKED;

/*
 * The shortest text that parses to exactly the same value ("26h", "64MiB").
 * A duration must not be negative.  They return text, which has room for
 * QUANTITY_TEXT_BYTES.
 */
const char *quantity_format_duration(int64_t ms, char *text);
const char *quantity_format_size(uint64_t bytes, char *text);

/*
 * For people, rounded down, in their language: "3 days 4 hours", "1.5 GiB".  A
 * duration shows its two largest units, or that it is under a second; a
 * negative one stands with a minus.
 */
const char *quantity_describe_duration(int64_t ms, char *text);
const char *quantity_describe_size(uint64_t bytes, char *text);
/* A share in millionths, rounded down: "5 %", "less than 1 %". */
const char *quantity_describe_share(uint64_t ppm, char *text);

#endif
