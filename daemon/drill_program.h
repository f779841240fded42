/*
 * drill_program: the programs of a drill, and what a site says must be true of
 * what was restored (drill_assertions.c).
 *
 * Part of drill.
 */
#ifndef HIKAE_DAEMON_DRILL_PROGRAM_H
#define HIKAE_DAEMON_DRILL_PROGRAM_H

#include <limits.h>
#include <stdbool.h>

#include "lib/base/error.h"

#define DRILL_PROGRAMS_MAX 16
#define DRILL_NAME_BYTES 65

struct drill;
struct job;

struct drill_assertions {
	char path[PATH_MAX], name[NAME_MAX + 1];
	bool is_asked; /* a program says that it asked some of them */
};

/* At most one for each program, and SYSTEM.sql, which is for all. */
#define DRILL_ASSERTIONS_MAX (DRILL_PROGRAMS_MAX + 1)

struct drill_program {
	char path[PATH_MAX], file[NAME_MAX + 1]; /* and its name in drill.d */
	char name[DRILL_NAME_BYTES];		 /* a word */
	const char *refused; /* why it is not run, a word; NULL: it is */
	struct drill_assertions *assertions; /* its own; or NULL */
};

/* One more tells that there are more; and what nobody asked comes last. */
#define DRILL_PROGRAMS_LENGTH (DRILL_PROGRAMS_MAX + 1 + DRILL_ASSERTIONS_MAX)

/*
 * Which programs there are for what was restored; one that is refused stands
 * for those that cannot be told, or are too many.
 */
void drill_program_list(struct drill *drill);

/* After the last one: assertions that none of them asked are refused ones. */
void drill_program_end(struct drill *drill);

int drill_program_prepare(
    struct drill *drill, struct job *job, struct error *err) ERROR_CHECKED;

/*
 * Take that file of drill.d, which ends in .sql and is to be trusted, for all
 * programs or for those that it is named after; false where there is none to
 * ask it.  The programs are known.
 */
bool drill_assertions_take(
    struct drill *drill, const char *name, const char *path);

/* What the program is to ask; NULL: nothing. */
struct drill_assertions *drill_assertions_of(
    struct drill *drill, const struct drill_program *program);

#endif
