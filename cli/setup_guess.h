/*
 * setup_guess: where on a medium backups seem to lie, by names with dates.
 *
 * Uses: os/file, model/pattern.
 *
 * Only names are looked at; no file is opened.  The search is bounded, so that
 * a medium with millions of files costs seconds.  A medium may not answer at
 * all: setup_look asks here by a child.
 */
#ifndef HIKAE_CLI_SETUP_GUESS_H
#define HIKAE_CLI_SETUP_GUESS_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/model/pattern.h"

#define SETUP_GUESS_MAX 20
#define SETUP_GUESS_PATH_BYTES 512

/* Names of one form in one folder. */
struct setup_guess {
	char path[SETUP_GUESS_PATH_BYTES]; /* from the medium on; "." itself */
	char pattern[PATTERN_MAX_BYTES + 1];
	const char *layout; /* static: directory, archive, file */
	size_t count;	    /* names that have it */
};

/*
 * Tell what is found in the folder and three levels below, SETUP_GUESS_MAX at
 * most; maybe nothing.
 */
void setup_guess_medium(const char *medium,
    void (*found)(void *context, const struct setup_guess *guess),
    void *context);

/* The most frequent form in one folder of a medium; false: none. */
bool setup_guess_folder(
    const char *medium, const char *path, struct setup_guess *ret);

/*
 * What most things in a folder are, whatever their names: directory, archive or
 * file (static); NULL: there is nothing.
 */
const char *setup_guess_layout(const char *medium, const char *path);

/* Is there such a folder? */
bool setup_guess_exists(const char *medium, const char *path);

/* Is it a folder with something in it? */
bool setup_guess_has_content(const char *path);

/*
 * The pattern of a name: its date and time as conversions, other digits as *.
 * False: it has no date.
 */
bool setup_guess_pattern(
    const char *name, char ret_pattern[PATTERN_MAX_BYTES + 1]);

#endif
