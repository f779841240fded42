/*
 * drill_names: whom the names in etc/hikae/drill.d are meant for.
 *
 * Layer 5.  Uses: base, model/config, inspect.
 *
 * A name up to its first dot is a system's ID or a format.  One that is neither
 * is used by no drill, which nothing but its absence would tell.
 */
#ifndef HIKAE_WORKER_DRILL_NAMES_H
#define HIKAE_WORKER_DRILL_NAMES_H

#include <stdbool.h>

#include "lib/inspect/inspect.h"
#include "lib/model/config.h"

/* Below the root. */
#define DRILL_NAMES_FOLDER "etc/hikae/drill.d"

/* How the names of assertions end. */
#define DRILL_NAMES_ASSERTIONS ".sql"

bool drill_names_is_of_system(const char *name, const char *system);

/* A part of a format's name counts: "pgdump" is meant for pgdump-tar, too. */
bool drill_names_is_of_format(const char *name, enum inspect_format format);

/* Whether it is neither any system's nor any format's. */
bool drill_names_is_of_none(const struct config *config, const char *name);

/*
 * The system or format that such a name was probably meant for; NULL: none, or
 * several.  It is the configuration's, or lives for ever.
 */
const char *drill_names_nearest(const struct config *config, const char *name);

/* Whether the name is longer than that ending, and has it. */
bool drill_names_has_ending(const char *name, const char *ending);

/*
 * Warn of each file of the folder that looks as if it were to be used and is of
 * nobody; where it cannot be read, of that.
 */
void drill_names_check(
    int root_fd, const struct config *config, struct config_problems *warnings);

#endif
