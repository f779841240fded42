/*
 * reach: media out of reach and 3-2-1, in plain words.
 *
 * Uses: view.
 */
#ifndef HIKAE_CLI_REACH_H
#define HIKAE_CLI_REACH_H

#include "cli/view.h"

/* These write into text (VIEW_TEXT_BYTES) and return it. */

/*
 * How a medium of the status stands: "offline, verified 12 days ago", "still
 * connected, 3 days", or the state of its sources where that says more.
 */
const char *reach_describe(const json_t *medium, int64_t now, char *text);

/* Of the last 30 days, how long it was in reach: "4%", "4-30%", "-". */
const char *reach_exposure(const json_t *medium, char *text);

/*
 * A system's counts: "3-2-1" copies with production, kinds of media, and copies
 * off-site or out of reach; "2?-1-0" where there may be more.
 */
const char *reach_counts(const json_t *system, char *text);

#endif
