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
 * A time as date_parse takes it; a day alone is its last millisecond in the
 * zone of the process, since people say "until the 31st" and mean all of it.
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
