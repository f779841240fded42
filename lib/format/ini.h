/*
 * ini: configuration files, line by line.
 *
 * Layer 2.  Uses: base, os/file.
 *
 * The grammar (FORMATS has no part in it: these files are written by people):
 *
 *   [kind]  or  [kind id]      a section
 *   key = value                both trimmed; the value runs to the line's end
 *   # comment, ; comment       whole lines only
 *
 * UTF-8, with or without a byte order mark; lines end in LF or CR LF.  There
 * are no continuation lines, no quotes and no comments behind values.
 *
 * This is not libinih, because that cuts section names at 49 bytes and lines
 * at 200 without a word, does not tell the line to its caller, and takes its
 * settings at build time in some versions and from globals in others.
 */
#ifndef HIKAE_FORMAT_INI_H
#define HIKAE_FORMAT_INI_H

#include <stddef.h>

#include "lib/base/error.h"

#define INI_FILE_MAX_BYTES (1024 * 1024)
#define INI_LINE_MAX_BYTES 4096
#define INI_FILES_MAX 256

/* A section's beginning (key and value NULL) or a key in it. */
struct ini_item {
	const char *kind;  /* "system" of [system ehr]; "" before a section */
	const char *id;	   /* "ehr", or "" */
	const char *key;   /* never empty */
	const char *value; /* may be empty; valid UTF-8 without controls */
	const char *file;  /* as it was given */
	unsigned int line; /* from 1 */
};

/* Called in the order of the text; what items point at is gone afterwards. */
struct ini_handler {
	void *context;
	void (*item)(void *context, const struct ini_item *item);
	/*
	 * A line that follows no rule; reading goes on.  Line 0: the file as a
	 * whole.  The text is translated and safe to show.
	 */
	void (*problem)(void *context, const char *file, unsigned int line,
	    const char *text);
};

/* Keys after a wrong section line are not handed out. */
void ini_parse(const char *file, const void *text, size_t length,
    const struct ini_handler *handler);

/*
 * Parse a file below root_fd (os/file: no link is followed).  A file that
 * cannot be read, or is over INI_FILE_MAX_BYTES, is a problem with line 0.
 */
void ini_parse_file(
    int root_fd, const char *path, const struct ini_handler *handler);

/*
 * Parse every regular file in a folder below root_fd whose name ends in
 * suffix and does not begin with a dot, in the order of their names as bytes.
 * A folder that does not exist has no files; more than INI_FILES_MAX, or one
 * that cannot be listed, is a problem with line 0.
 */
void ini_parse_folder(int root_fd, const char *path, const char *suffix,
    const struct ini_handler *handler);

/* The same for who keeps the texts: each is valid during the call. */
struct ini_taker {
	void *context;
	void (*text)(
	    void *context, const char *file, const void *text, size_t length);
	void (*problem)(void *context, const char *file, unsigned int line,
	    const char *text); /* as ini_handler's, line 0 */
};
void ini_read_folder(int root_fd, const char *path, const char *suffix,
    const struct ini_taker *taker);

#endif
