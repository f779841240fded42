/*
 * media_words: words about media in the reader's language.
 *
 * Layer 7.  Uses: base/i18n, judge/reason.  What is not known is shown as it
 * is.
 */
#ifndef HIKAE_OUTPUT_MEDIA_WORDS_H
#define HIKAE_OUTPUT_MEDIA_WORDS_H

/* "mounted" ... */
const char *media_words_state(const char *state);

/* Why it stands so: "clone", "no-answer", ... */
const char *media_words_reason(const char *reason);

/* What to do about it; NULL where nobody can say. */
const char *media_words_advice(const char *reason);

/* "checkout", "detached", ... */
const char *media_words_event(const char *event);

/* "refused", "accepted", "undetermined", "open" */
const char *media_words_protection(const char *result);

/* What it is: "removable"; another word is "other medium". */
const char *media_words_kind(const char *kind);

/* How it is kept out of reach: "detached". */
const char *media_words_offline(const char *mode);

/* How it is encrypted: "none", "medium", "unknown". */
const char *media_words_encryption(const char *encrypted);

/* On what it lies: "wwn:5000c500a1b2c3d4", "this-host". */
const char *media_words_disks(const char *disks);

/* How protection was found: "device-read-only", "probe". */
const char *media_words_method(const char *method);

#endif
