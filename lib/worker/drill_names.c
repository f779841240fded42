#include "lib/worker/drill_names.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/nearest.h"

bool
drill_names_is_of_system(const char *name, const char *system)
{
	size_t length = strcspn(name, ".");

	return strlen(system) == length && memcmp(name, system, length) == 0;
}

bool
drill_names_is_of_format(const char *name, enum inspect_format format)
{
	const char *known = inspect_format_name(format);
	size_t length = strcspn(name, ".");

	return length > 0 && strncmp(name, known, length) == 0 &&
	       (known[length] == '\0' || known[length] == '-');
}

bool
drill_names_is_of_none(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->system_count; i++)
		if (drill_names_is_of_system(name, config->systems[i].id))
			return false;
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		if (drill_names_is_of_format(name, (enum inspect_format)i))
			return false;
	return true;
}

const char *
drill_names_nearest(const struct config *config, const char *name)
{
	char word[NEAREST_WORD_MAX + 1];
	struct nearest nearest = {.word = word};
	size_t length = strcspn(name, ".");

	if (length == 0 || length >= sizeof(word))
		return NULL;
	memcpy(word, name, length);
	word[length] = '\0';
	for (size_t i = 0; i < config->system_count; i++)
		nearest_add(&nearest, config->systems[i].id);
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		nearest_add(
		    &nearest, inspect_format_name((enum inspect_format)i));
	return nearest_find(&nearest);
}

bool
drill_names_has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name), end = strlen(ending);

	return length > end && strcmp(name + length - end, ending) == 0;
}

/* ---- what of the folder is of nobody ---- */

struct folder {
	int fd;
	const struct config *config;
	struct dirent **entries;
	int count;
};

/* Programs may lie beside the links by which they are used. */
static bool
is_used_by_link(const struct folder *folder, const struct stat *st)
{
	struct stat other;

	for (int i = 0; i < folder->count; i++) {
		const char *name = folder->entries[i]->d_name;

		if (!drill_names_is_of_none(folder->config, name) &&
		    fstatat(folder->fd, name, &other, 0) == 0 &&
		    other.st_dev == st->st_dev && other.st_ino == st->st_ino)
			return true;
	}
	return false;
}

/* A note for people may have any name. */
static bool
is_to_be_used(const struct folder *folder, const char *name)
{
	struct stat st;

	if (fstatat(folder->fd, name, &st, 0) != 0)
		return true;
	if (S_ISDIR(st.st_mode))
		return false;
	return ((st.st_mode & 0111) != 0 ||
		   drill_names_has_ending(name, DRILL_NAMES_ASSERTIONS) ||
		   drill_names_nearest(folder->config, name) != NULL) &&
	       !is_used_by_link(folder, &st);
}

static void
warn_of(const struct folder *folder, const char *name,
    struct config_problems *warnings)
{
	const char *nearest = drill_names_nearest(folder->config, name);
	char path[sizeof(DRILL_NAMES_FOLDER) + 1 + NAME_MAX], text[512];

	(void)snprintf(path, sizeof(path), "%s/%s", DRILL_NAMES_FOLDER, name);
	if (nearest == NULL)
		(void)snprintf(text, sizeof(text), "%s",
		    _("no system and no format is called so, up to the first "
		      "dot: no drill uses it"));
	else
		(void)snprintf(text, sizeof(text),
		    _("no system and no format is called so, up to the first "
		      "dot: no drill uses it; did you mean \"%s\"?"),
		    nearest);
	config_problems_add(warnings, path, 0, text);
}

static int
compare(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

static void
warn_unreadable(struct config_problems *warnings)
{
	struct error err = {0};

	(void)error_set_errno(&err, errno, DRILL_NAMES_FOLDER);
	config_problems_add(warnings, NULL, 0, err.text);
}

void
drill_names_check(
    int root_fd, const struct config *config, struct config_problems *warnings)
{
	/* As a drill does, by whatever links. */
	int fd = openat(
	    root_fd, DRILL_NAMES_FOLDER, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	struct folder folder = {.fd = fd, .config = config};

	if (fd < 0) {
		if (errno != ENOENT)
			warn_unreadable(warnings);
		return;
	}
	folder.count =
	    scandirat(folder.fd, ".", &folder.entries, NULL, compare);
	if (folder.count < 0)
		warn_unreadable(warnings);
	for (int i = 0; i < folder.count; i++) {
		const char *name = folder.entries[i]->d_name;

		if (name[0] != '.' && drill_names_is_of_none(config, name) &&
		    is_to_be_used(&folder, name))
			warn_of(&folder, name, warnings);
	}
	for (int i = 0; i < folder.count; i++)
		free(folder.entries[i]);
	free(folder.entries);
	(void)close(fd);
}
