/*
 * reasons: why a status is not good, as lines for a person.
 *
 * Uses: view, judge/reason.
 */
#ifndef HIKAE_CLI_REASONS_H
#define HIKAE_CLI_REASONS_H

#include <stdint.h>

#include "cli/view.h"

/*
 * What a reason of a status document is about, and what is wrong: "Health
 * record (nas1): damaged copies (2)".  Returns text.
 */
const char *reasons_describe(
    const json_t *document, const json_t *reason, char *text, size_t size);

/*
 * What hikaed says of a reason or finding besides, for a line of its own:
 * "etc/hikae/hikae.conf:12: ... (2 more)"; "" where it says nothing.  Returns
 * text, of REASONS_SAID_BYTES.
 */
#define REASONS_SAID_BYTES (2 * VIEW_TEXT_BYTES)
const char *reasons_said(const json_t *item, char *text);

/*
 * The `shown` (REASONS_SHOWN_MAX at most) most urgent reasons of a status
 * document, each with what to do next and each medium once, and how many there
 * are besides.  Of a medium in trouble its own reason is among them, where that
 * takes no more urgent next step away.  REASONS_ALL: all of them, with their
 * codes, as hikae ack takes them.
 */
#define REASONS_SHOWN_MAX 8
#define REASONS_ALL SIZE_MAX
void reasons_print(struct print *print, const json_t *document, size_t shown);

#endif
