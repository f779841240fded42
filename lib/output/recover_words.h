/*
 * recover_words: what paper and witness say of a recovery plan in the same
 * words.
 *
 * Layer 7.  Uses: judge/recover, i18n.
 */
#ifndef HIKAE_OUTPUT_RECOVER_WORDS_H
#define HIKAE_OUTPUT_RECOVER_WORDS_H

#include "lib/judge/recover.h"

/* Room for a sentence, with the NUL. */
#define RECOVER_WORDS_BYTES 512

/*
 * Generations that are newer, or all, and why they are not taken: "damaged or
 * missing 2, suspicious 1".  NULL where there are none; else text.
 */
const char *recover_words_newer(
    const struct recover_system *system, char text[RECOVER_WORDS_BYTES]);

/* Who has the medium, where, and until when; NULL where nobody took it. */
const char *recover_words_holder(
    const struct recover_copy *copy, char text[2 * RECOVER_WORDS_BYTES]);

#endif
