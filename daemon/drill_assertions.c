/*
 * What a site says must be true of what was restored: SYSTEM.sql, for each
 * program that has none of its own, and SYSTEM.PROGRAM.sql, which is one's own:
 * programs of two kinds of databases do not ask each other's.
 */
#include <string.h>

#include "daemon/drill_internal.h"
#include "lib/worker/drill_names.h"

static struct drill_assertions *
add(struct drill *drill, const char *name, const char *path)
{
	struct drill_assertions *file =
	    &drill->assertions[drill->assertions_count++];

	(void)snprintf(file->name, sizeof(file->name), "%s", name);
	(void)snprintf(file->path, sizeof(file->path), "%s", path);
	return file;
}

/* By its name, or by that of the file that it is. */
static bool
is_called(const struct drill_program *program, const char *system,
    const char *name, size_t length)
{
	const char *base = strrchr(program->path, '/');
	const char *own = program->file;

	base = base == NULL ? program->path : base + 1;
	if (strlen(base) == length && memcmp(base, name, length) == 0)
		return true;
	if (drill_names_is_of_system(own, system) && own[strlen(system)] == '.')
		own += strlen(system) + 1;
	return strlen(own) == length && memcmp(own, name, length) == 0;
}

bool
drill_assertions_take(struct drill *drill, const char *name, const char *path)
{
	const char *system = drill->copy.system;
	const char *own = name + strlen(system);
	size_t length = strlen(name) - strlen(system);
	struct drill_assertions *file = NULL;

	if (!drill_names_is_of_system(name, system))
		return false;
	if (strcmp(own, DRILL_NAMES_ASSERTIONS) == 0) {
		drill->shared_assertions = add(drill, name, path);
		return true;
	}
	/* Less the dot before it and the ending. */
	length -= sizeof(DRILL_NAMES_ASSERTIONS);
	for (size_t i = 0; i < drill->program_count; i++) {
		struct drill_program *program = &drill->programs[i];

		if (program->refused != NULL || program->assertions != NULL ||
		    !is_called(program, system, own + 1, length))
			continue;
		if (file == NULL)
			file = add(drill, name, path);
		program->assertions = file;
	}
	return file != NULL;
}

struct drill_assertions *
drill_assertions_of(struct drill *drill, const struct drill_program *program)
{
	return program->assertions != NULL ? program->assertions
					   : drill->shared_assertions;
}
