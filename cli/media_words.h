/*
 * media_words: words about media in the reader's language.
 *
 * Part of cmd_media.  Uses: base/i18n.  What is not known is shown as it is.
 */
#ifndef HIKAE_CLI_MEDIA_WORDS_H
#define HIKAE_CLI_MEDIA_WORDS_H

/* "mounted" ... */
const char *media_words_state(const char *state);

/* Why it stands so: "clone", "no-answer", ... */
const char *media_words_reason(const char *reason);

/* "checkout", "detached", ... */
const char *media_words_event(const char *event);

/* "refused", "accepted", "undetermined", "open" */
const char *media_words_protection(const char *result);

#endif
