/*
 * mail: one message of plain text, for a program with sendmail's interface.
 *
 * Layer 2.  Uses: base.
 *
 * RFC 5322 with MIME (RFC 2045); text is UTF-8 in base64, heads that are not
 * ASCII are encoded words (RFC 2047), so that every line is ASCII of at most
 * 78 characters.  Lines end in LF, as local programs expect.
 */
#ifndef HIKAE_FORMAT_MAIL_H
#define HIKAE_FORMAT_MAIL_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/bytes.h"

struct mail {
	const char *from;      /* an address */
	const char *from_name; /* UTF-8 */
	char *const *to;       /* addresses */
	size_t to_count;
	const char *subject; /* UTF-8 */
	const char *text;    /* UTF-8, lines end in LF */
	const char *id;	     /* of the message: ASCII letters, digits, ".-" */
	int64_t at_ms;	     /* ms since the epoch */
};

/*
 * Append the message.  Control characters in a head become spaces.  The
 * addresses are taken as they are: whoever gives them has checked them.
 */
void mail_append(struct bytes *out, const struct mail *mail);

/* Append a text as the value of a head: itself, or encoded words. */
void mail_append_words(struct bytes *out, const char *text);

#endif
