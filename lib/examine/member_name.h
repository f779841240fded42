/*
 * member_name: from a name in an archive to a path in a manifest.
 *
 * Layer 4.  Uses: base.  Owns: iconv(3).
 *
 * Names are bytes.  A name that is stored as Unicode, or that already is UTF-8
 * where the source says so, stays as it is; another is converted from the
 * source's charset; one that cannot be converted keeps its bytes.
 */
#ifndef HIKAE_EXAMINE_MEMBER_NAME_H
#define HIKAE_EXAMINE_MEMBER_NAME_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/base/bytes.h"

struct member_name_charset;

/*
 * A charset as iconv(3) knows it; "utf-8" converts nothing.  Must be called
 * before the process restricts itself, since iconv loads a module.
 */
int member_name_charset_new(const char *charset,
    struct member_name_charset **ret_charset, struct error *err) ERROR_CHECKED;
void member_name_charset_free(struct member_name_charset *charset);

/* How sure it is that a name is UTF-8 already. */
enum member_name_form {
	MEMBER_NAME_UNICODE, /* the format says so */
	MEMBER_NAME_EITHER,  /* zip: each name has a flag, which is not told */
	MEMBER_NAME_LOCAL,   /* the format does not know */
};

/*
 * Append the name in UTF-8.  EITHER is taken for UTF-8 where it is that and
 * has a character of three bytes or more, as every Japanese one has: no text
 * of a Japanese charset looks so by chance.
 */
void member_name_decode(struct member_name_charset *charset,
    enum member_name_form form, const char *name, struct bytes *out);

enum member_name_fit {
	MEMBER_NAME_PLAIN,    /* a path of a manifest */
	MEMBER_NAME_ROOT,     /* nothing is left: "." or "/" */
	MEMBER_NAME_CUT,      /* absolute, or with "..": what is left of it */
	MEMBER_NAME_UNUSABLE, /* nothing is left but "..", or too long */
};

/*
 * Append the path: without "." components and doubled or last slashes.  Of an
 * absolute name the slash is cut off; of one with ".." everything up to the
 * last of them, as GNU tar does when it unpacks.
 */
enum member_name_fit member_name_clean(
    const char *name, size_t length, struct bytes *out);

#endif
