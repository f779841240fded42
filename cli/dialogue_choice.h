/*
 * dialogue_choice: the words of choices, in the reader's language.
 *
 * Uses: base/i18n.
 */
#ifndef HIKAE_CLI_DIALOGUE_CHOICE_H
#define HIKAE_CLI_DIALOGUE_CHOICE_H

#include <stddef.h>

/* What a word of the configuration ("nas") means; the word where unknown. */
const char *dialogue_choice_label(const char *word);

/*
 * The word that an answer means: itself, its label, or its number from 1;
 * NULL: none.
 */
const char *dialogue_choice_find(
    const char *const *choices, const char *answer);

#endif
