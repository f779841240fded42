/*
 * Archives made by the tools that people use, and what parse says of them.
 *
 * Include it after cmocka.h and tests/unit/os/tree.h.  The locale is set by
 * parsing_set_up.
 */
#ifndef HIKAE_TESTS_UNIT_EXAMINE_PARSING_H
#define HIKAE_TESTS_UNIT_EXAMINE_PARSING_H

#include <locale.h>
#include <sys/mman.h>
#include <sys/wait.h>

#include "lib/os/file.h"

#include "tests/unit/examine/feeding.h"
#include "tests/unit/examine/parsed.h"

/* How to parse, where that differs from the usual. */
struct parsing {
	const char *name, *charset;
	struct archive_limits limits;
	uint64_t sent_max; /* the reader ends after so many bytes; 0: never */
	struct contents *contents;
};

#define PARSING_USUAL                                                 \
	{                                                             \
		.charset = "utf-8", .limits = ARCHIVE_LIMITS_DEFAULT, \
	}

/* A shell command in the test's folder must succeed. */
static inline void
shell(const char *command)
{
	char *text = NULL;
	int status;

	assert_true(asprintf(&text,
			"cd %s && export LC_ALL=C.UTF-8 TZ=UTC && "
			"{ %s\n} >/dev/null 2>shell.err",
			base, command) > 0);
	status = system(text);
	if (status != 0)
		print_error("failed: %s\n", text);
	assert_int_equal(status, 0);
	free(text);
}

static inline int
parsing_set_up(void **state)
{
	if (setlocale(LC_CTYPE, "C.UTF-8") == NULL)
		return -1;
	return tree_set_up_in_memory(state);
}

/* Parse what stands behind fd. */
static inline void
parse_fd(int fd, const struct parsing *parsing, struct parsed *ret_parsed)
{
	struct examine_events events = {
	    ret_parsed, on_progress, on_finding, NULL, NULL};
	struct parse_options options = {
	    .name = parsing->name,
	    .limits = parsing->limits,
	    .events = &events,
	    .contents = parsing->contents,
	    .header =
		{
		    .system = "ehr",
		    .generation = "ehr@20261121T020000+0900",
		    .medium = "nas1",
		    .source = "ehr-nas",
		    .slice_bytes = (uint64_t)1 << 30,
		    .is_members = true,
		},
	};
	struct error err = {0};
	int ends[2], status;
	pid_t pid;

	memset(ret_parsed, 0, sizeof(*ret_parsed));
	assert_int_equal(tee_pair(ends, &err), 0);
	pid = feed(ends, fd, parsing->sent_max);
	(void)close(ends[0]);
	assert_int_equal(tee_receive_file(ends[1], &options.file_fd, &err), 0);
	options.stream_fd = &ends[1];
	options.manifest_fd = memfd_create("manifest", MFD_CLOEXEC);
	options.spill_fd = memfd_create("spill", MFD_CLOEXEC);
	assert_int_equal(
	    member_name_charset_new(parsing->charset, &options.charset, &err),
	    0);
	if (parse_run(&options, &ret_parsed->result, &err) != 0)
		fail_msg("parse_run: %s", err.text);
	assert_int_equal(ends[1], -1);
	if (ret_parsed->result.has_manifest)
		read_manifest(options.manifest_fd, ret_parsed);
	member_name_charset_free(options.charset);
	(void)close(options.manifest_fd);
	(void)close(options.spill_fd);
	(void)close(options.file_fd);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

static inline void
parse_with(const char *name, struct parsing parsing, struct parsed *ret_parsed)
{
	const char *slash = strrchr(name, '/');
	int fd = openat(root_fd, name, O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	if (parsing.name == NULL)
		parsing.name = slash != NULL ? slash + 1 : name;
	parse_fd(fd, &parsing, ret_parsed);
	(void)close(fd);
}

/* Parse a file of the test's folder. */
static inline void
parse(const char *name, struct parsed *ret_parsed)
{
	struct parsing usual = PARSING_USUAL;

	parse_with(name, usual, ret_parsed);
}

/* Parse bytes under a name. */
static inline void
parse_bytes(const char *name, const void *data, size_t length,
    struct parsed *ret_parsed)
{
	struct parsing usual = PARSING_USUAL;
	int fd = memfd_create("archive", MFD_CLOEXEC);
	struct error err = {0};

	usual.name = name;
	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, data, length, &err), 0);
	parse_fd(fd, &usual, ret_parsed);
	(void)close(fd);
}

#endif
