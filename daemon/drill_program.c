/*
 * The programs of a drill: executables in etc/hikae/drill.d that are named
 * after the system or after a format that was found in what was restored, with
 * anything behind a dot; SYSTEM.sql beside them holds assertions.
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
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

#define FOLDER "etc/hikae/drill.d"
#define OUTPUT_BYTES ((uint64_t)16 << 20)

/* Whether the name, up to its first dot, is the system or a format met. */
static bool
is_meant(const struct drill *drill, const char *name)
{
	size_t length = strcspn(name, ".");
	const char *system = drill->copy.system;

	if (strlen(system) == length && memcmp(name, system, length) == 0)
		return true;
	for (unsigned i = 0; i < INSPECT_FORMATS; i++) {
		const char *format =
		    inspect_format_name((enum inspect_format)i);

		/* "pgdump" is meant for pgdump-tar, too. */
		if ((drill->formats & UINT64_C(1) << i) != 0 &&
		    strncmp(name, format, length) == 0 &&
		    (format[length] == '\0' || format[length] == '-'))
			return true;
	}
	return false;
}

/* Nobody else may have written what is run here. */
static bool
is_trusted(const struct stat *st)
{
	return S_ISREG(st->st_mode) &&
	       (st->st_uid == 0 || st->st_uid == geteuid()) &&
	       (st->st_mode & 022) == 0;
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

static bool
has_ending(const char *name, const char *ending)
{
	size_t length = strlen(name), end = strlen(ending);

	return length > end && strcmp(name + length - end, ending) == 0;
}

static void
take_name(struct drill *drill, const char *folder, const char *name)
{
	struct drill_program *program;
	char path[PATH_MAX];
	struct stat st;
	int length = snprintf(path, sizeof(path), "%s/%s", folder, name);

	if (drill->program_count > DRILL_PROGRAMS_MAX)
		return;
	program = &drill->programs[drill->program_count];
	if (name[0] == '.' || length < 0 || (size_t)length >= sizeof(path) ||
	    !is_meant(drill, name) || realpath(path, program->path) == NULL ||
	    stat(program->path, &st) != 0 || !S_ISREG(st.st_mode))
		return;
	if (has_ending(name, ".sql")) {
		(void)snprintf(drill->assertions, sizeof(drill->assertions),
		    "%s", program->path);
		return;
	}
	if ((st.st_mode & 0111) == 0)
		return;
	if (!is_trusted(&st)) {
		log_event(LOG_LEVEL_ERROR,
		    _("a drill program is not run, because others may write "
		      "to it: %s"),
		    program->path);
		program->refused = "not-trusted";
	}
	if (drill->program_count == DRILL_PROGRAMS_MAX)
		program->refused = "too-many-programs";
	make_word(name, program->name);
	drill->program_count++;
}

static int
compare(const void *a, const void *b)
{
	const struct drill_program *one = a, *other = b;
	int order = strcmp(one->name, other->name);

	return order != 0 ? order : strcmp(one->path, other->path);
}

static int
read_folder(struct drill *drill, struct error *err)
{
	const struct service *service = drill->drills->service;
	char path[PATH_MAX];
	const struct dirent *entry;
	DIR *folder;
	int length = snprintf(path, sizeof(path), "%s/" FOLDER, service->root);

	if (length < 0 || (size_t)length >= sizeof(path))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	folder = opendir(path);
	if (folder == NULL && errno == ENOENT)
		return 0;
	if (folder == NULL)
		return error_set_errno(err, errno, FOLDER);
	while ((entry = readdir(folder)) != NULL)
		take_name(drill, path, entry->d_name);
	(void)closedir(folder);
	qsort(drill->programs, drill->program_count, sizeof(drill->programs[0]),
	    compare);
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

	job->kind = JOB_PROGRAM;
	place_fill_limits(service, job);
	(void)snprintf(job->header.system, sizeof(job->header.system), "%s",
	    drill->copy.system);
	(void)snprintf(job->drill.generation, sizeof(job->drill.generation),
	    "%s", drill->copy.generation);
	job->drill.time_ms = service->config->policy.drill_time_ms;
	job->drill.output_bytes = OUTPUT_BYTES;
	if (set_path(job->drill.program, "", program->path, err) != 0)
		return -1;
	(void)snprintf(job->drill.program, sizeof(job->drill.program), "%s",
	    program->path);
	(void)snprintf(job->drill.assertions, sizeof(job->drill.assertions),
	    "%s", drill->assertions);
	(void)snprintf(job->drill.scratch, sizeof(job->drill.scratch), "%s",
	    drill->scratch);
	if (set_path(job->drill.state, service->root, SERVICE_STATE, err) != 0)
		return -1;
	return set_path(job->drill.run, service->root, SERVICE_RUN, err);
}
