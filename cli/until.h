/*
 * until: a day or a time of the command line, as its last moment.
 *
 * Uses: base (clock, date, quantity).
 */
#ifndef HIKAE_CLI_UNTIL_H
#define HIKAE_CLI_UNTIL_H

#include <stdint.h>

#include "lib/base/error.h"

/*
 * A time as date_parse takes it: the last millisecond of the day, minute or
 * second, in the zone of the process.  People say "until the 31st" and mean all
 * of it; and what hikae shows as of 12:00 was there by the end of that minute.
 * ERROR_USAGE.
 */
int until_parse(
    const char *text, int64_t *ret_instant, struct error *err) ERROR_CHECKED;

/*
 * The same, or a duration from now on ("30d"): how long something is to hold.
 * ERROR_USAGE, which names the option --until.
 */
int until_parse_ahead(
    const char *text, int64_t *ret_instant, struct error *err) ERROR_CHECKED;

#endif
