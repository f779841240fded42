/*
 * The programs of a drill: executables in etc/hikae/drill.d that are named
 * after the system or after a format that was found in what was restored, with
 * anything behind a dot.  Assertions lie beside them (drill_assertions.c).  A
 * program's parts, where it has any, are the files of the folder PROGRAM.d
 * beside it.  They are looked at in the order of their names.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_secret.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/sandbox_program.h"
#include "lib/worker/drill_names.h"

#define FOLDER DRILL_NAMES_FOLDER
#define ASSERTIONS DRILL_NAMES_ASSERTIONS
#define OUTPUT_BYTES ((uint64_t)16 << 20)

/* Whether the name, up to its first dot, is the system or a format met. */
static bool
is_meant(const struct drill *drill, const char *name)
{
	if (drill_names_is_of_system(name, drill->copy.system))
		return true;
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		if ((drill->formats & UINT64_C(1) << i) != 0 &&
		    drill_names_is_of_format(name, (enum inspect_format)i))
			return true;
	return false;
}

/* Whether it is nobody's, and written almost as what is meant. */
static bool
is_misspelt(const struct drill *drill, const char *name)
{
	const struct config *config = drill->drills->service->config;
	const char *nearest;

	if (!drill_names_is_of_none(config, name))
		return false;
	nearest = drill_names_nearest(config, name);
	return nearest != NULL && is_meant(drill, nearest);
}

/* Nobody else may have written what is run here. */
static bool
is_ours(const struct stat *st)
{
	return (st->st_uid == 0 || st->st_uid == geteuid()) &&
	       (st->st_mode & 022) == 0;
}

/* Files that are ours, and nothing else. */
static bool
holds_ours(DIR *folder)
{
	const struct dirent *entry;
	struct stat st;

	while ((entry = readdir(folder)) != NULL) {
		if (strcmp(entry->d_name, ".") == 0 ||
		    strcmp(entry->d_name, "..") == 0)
			continue;
		if (fstatat(dirfd(folder), entry->d_name, &st, 0) != 0 ||
		    !S_ISREG(st.st_mode) || !is_ours(&st))
			return false;
	}
	return true;
}

/* The program's parts, where it has any. */
static bool
has_trusted_parts(const char *program)
{
	char path[PATH_MAX + sizeof(SANDBOX_PROGRAM_PARTS)];
	struct stat st;
	DIR *folder;
	bool is_trusted;

	(void)snprintf(path, sizeof(path), "%s" SANDBOX_PROGRAM_PARTS, program);
	folder = opendir(path);
	if (folder == NULL)
		return errno == ENOENT || errno == ENOTDIR;
	is_trusted = fstat(dirfd(folder), &st) == 0 && is_ours(&st) &&
		     holds_ours(folder);
	(void)closedir(folder);
	return is_trusted;
}

/* A word for the journal, made of the file's name. */
static void
make_word(const char *name, char word[DRILL_NAME_BYTES])
{
	size_t n = 0;

	for (; *name != '\0' && n + 1 < DRILL_NAME_BYTES; name++) {
		bool is_digit = *name >= '0' && *name <= '9';

		if ((*name >= 'a' && *name <= 'z') || (is_digit && n > 0))
			word[n++] = *name;
		else if (n > 0 && word[n - 1] != '-')
			word[n++] = '-';
	}
	while (n > 0 && word[n - 1] == '-')
		n--;
	word[n] = '\0';
	if (n == 0)
		(void)snprintf(word, DRILL_NAME_BYTES, "program");
}

/* With a secret it is another one than without. */
static bool
is_same(const struct drill_program *one, const struct drill_program *other)
{
	return strcmp(one->path, other->path) == 0 &&
	       drill_secret_is_for(one) == drill_secret_is_for(other);
}

/*
 * One that is linked by several names that are meant does its work once.  What
 * comes after the last there is room for is told by one of them.
 */
static void
add(struct drill *drill, const struct drill_program *program)
{
	size_t count = drill->program_count;

	for (size_t i = 0; i < count; i++)
		if (is_same(&drill->programs[i], program))
			return;
	if (count > DRILL_PROGRAMS_MAX)
		return;
	drill->programs[count] = *program;
	if (count == DRILL_PROGRAMS_MAX)
		drill->programs[count].refused = "too-many-programs";
	drill->program_count++;
}

/* Why a file that is meant to be run is not, a word; NULL: it is. */
static const char *
why_not_run(const char *path, const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || (st->st_mode & 0111) == 0)
		return "not-executable";
	if (is_ours(st) && has_trusted_parts(path))
		return NULL;
	log_event(LOG_LEVEL_ERROR,
	    _("a drill program is not run, because others may write "
	      "to it: %s"),
	    path);
	return "not-trusted";
}

/* Likewise why assertions are not asked. */
static const char *
why_not_asked(struct drill *drill, const char *name, const char *path,
    const struct stat *st)
{
	if (!S_ISREG(st->st_mode) || !is_ours(st))
		return "assertions-not-trusted";
	return drill_assertions_take(drill, name, path) ? NULL : "not-asked";
}

/* Law 1: whatever is named to be run, and is not, stays in the list. */
static void
take_name(struct drill *drill, const char *folder, const char *name)
{
	struct drill_program program = {0};
	char path[PATH_MAX];
	struct stat st;
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);
	bool is_near = !is_meant(drill, name) && is_misspelt(drill, name);

	if (!is_near && !is_meant(drill, name))
		return;
	make_word(name, program.name);
	(void)snprintf(program.file, sizeof(program.file), "%s", name);
	if (length < 0 || (size_t)length >= sizeof(path) ||
	    realpath(path, program.path) == NULL ||
	    stat(program.path, &st) != 0) {
		(void)snprintf(program.path, sizeof(program.path), "%s", path);
		program.refused = "program-not-found";
	} else if (S_ISDIR(st.st_mode) &&
		   drill_names_has_ending(name, SANDBOX_PROGRAM_PARTS)) {
		return;
	} else if (is_near) {
		program.refused = "misspelt";
	} else if (drill_names_has_ending(name, ASSERTIONS)) {
		program.refused = why_not_asked(drill, name, program.path, &st);
		if (program.refused == NULL)
			return;
	} else {
		program.refused = why_not_run(program.path, &st);
	}
	add(drill, &program);
}

static int
compare(const struct dirent **one, const struct dirent **other)
{
	return strcmp((*one)->d_name, (*other)->d_name);
}

/* Either what is run or what a program asserts. */
static void
take_names(struct drill *drill, const char *path, struct dirent **entries,
    int count, bool is_assertions)
{
	for (int i = 0; i < count; i++)
		if (drill_names_has_ending(entries[i]->d_name, ASSERTIONS) ==
		    is_assertions)
			take_name(drill, path, entries[i]->d_name);
}

static int
read_folder(struct drill *drill, struct error *err)
{
	const struct service *service = drill->drills->service;
	char path[PATH_MAX];
	struct dirent **entries;
	int count, length;

	length = snprintf(path, sizeof(path), "%s/" FOLDER, service->root);
	if (length < 0 || (size_t)length >= sizeof(path))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	count = scandir(path, &entries, NULL, compare);
	if (count < 0 && errno == ENOENT)
		return 0;
	if (count < 0)
		return error_set_errno(err, errno, FOLDER);
	/* Assertions last: they are programs' own. */
	take_names(drill, path, entries, count, false);
	take_names(drill, path, entries, count, true);
	for (int i = 0; i < count; i++)
		free(entries[i]);
	free(entries);
	return 0;
}

void
drill_program_list(struct drill *drill)
{
	struct error err = {0};

	if (read_folder(drill, &err) == 0)
		return;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	drill->programs[0] = (struct drill_program){
	    .name = "program", .refused = error_code_name(err.code)};
	drill->program_count = 1;
}

void
drill_program_end(struct drill *drill)
{
	for (size_t i = 0; i < drill->assertions_count &&
			   drill->program_count < DRILL_PROGRAMS_LENGTH;
	     i++) {
		struct drill_program *program =
		    &drill->programs[drill->program_count];

		if (drill->assertions[i].is_asked)
			continue;
		*program = (struct drill_program){.refused = "not-asked"};
		make_word(drill->assertions[i].name, program->name);
		drill->program_count++;
	}
}

static int
set_path(
    char room[PATH_MAX], const char *root, const char *below, struct error *err)
{
	int length = snprintf(room, PATH_MAX, "%s%s%s",
	    strcmp(root, "/") == 0 ? "" : root, below[0] != '\0' ? "/" : "",
	    below);

	if (length >= 0 && length < PATH_MAX)
		return 0;
	return error_set(err, ERROR_LIMIT, _("a path is too long"));
}

int
drill_program_prepare(struct drill *drill, struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;
	const struct drill_program *program =
	    &drill->programs[drill->program_at];
	const struct drill_assertions *assertions =
	    drill_assertions_of(drill, program);

	job->kind = JOB_PROGRAM;
	place_fill_limits(service, job);
	(void)snprintf(job->header.system, sizeof(job->header.system), "%s",
	    drill->copy.system);
	(void)snprintf(job->drill.generation, sizeof(job->drill.generation),
	    "%s", drill->copy.generation);
	job->drill.share_ppm = drill->share_ppm;
	job->drill.time_ms = service->config->policy.drill_time_ms;
	job->drill.output_bytes = OUTPUT_BYTES;
	if (set_path(job->drill.program, "", program->path, err) != 0)
		return -1;
	(void)snprintf(job->drill.program, sizeof(job->drill.program), "%s",
	    program->path);
	(void)snprintf(job->drill.assertions, sizeof(job->drill.assertions),
	    "%s", assertions == NULL ? "" : assertions->path);
	(void)snprintf(job->drill.scratch, sizeof(job->drill.scratch), "%s",
	    drill->scratch);
	if (set_path(job->drill.state, service->root, SERVICE_STATE, err) != 0)
		return -1;
	return set_path(job->drill.run, service->root, SERVICE_RUN, err);
}
