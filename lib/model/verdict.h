/*
 * verdict: what a reading says about bytes, and what a program's exit says.
 *
 * Layer 3.  Uses: i18n.
 */
#ifndef HIKAE_MODEL_VERDICT_H
#define HIKAE_MODEL_VERDICT_H

#include <stdbool.h>

#include "lib/base/error.h"

/* The three outcomes, never merged (DESIGN law 2).  Stored by name. */
enum verdict {
	VERDICT_INTACT,
	VERDICT_DAMAGED,
	VERDICT_UNDETERMINED,
};
#define VERDICTS (VERDICT_UNDETERMINED + 1)

/* "intact", "damaged", "undetermined": for JSON and the journal. */
const char *verdict_name(enum verdict verdict);

/* The word in the reader's language. */
const char *verdict_word(enum verdict verdict);

/* From a name; 0 or -1. */
int verdict_parse(const char *name, enum verdict *ret_verdict) ERROR_CHECKED;

/*
 * The verdict on a whole from two parts: damaged before undetermined before
 * intact.  A fold over nothing must begin with VERDICT_UNDETERMINED: zero
 * objects checked is a failure to check (law 1).
 */
enum verdict verdict_worse(enum verdict a, enum verdict b);

/* The exit statuses of every command (DESIGN section 8). */
enum verdict_exit {
	VERDICT_EXIT_GOOD = 0,
	VERDICT_EXIT_WARNING = 1, /* late within grace, partial, decaying */
	VERDICT_EXIT_BAD = 2,	  /* damaged, missed, overdue */
	VERDICT_EXIT_UNDETERMINED = 3,
};

enum verdict_exit verdict_exit_of(enum verdict verdict);

/* Several at once: 2 before 3 before 1 before 0. */
enum verdict_exit verdict_exit_worse(enum verdict_exit a, enum verdict_exit b);

/* "good", "warning", "bad", "undetermined". */
const char *verdict_exit_name(enum verdict_exit status);

/* By such a name; bad where it is none. */
enum verdict_exit verdict_exit_parse(const char *name);

#endif
