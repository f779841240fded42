/*
 * What parse said of an archive, to be asked about.
 *
 * Include it after cmocka.h.
 */
#ifndef HIKAE_TESTS_UNIT_EXAMINE_PARSED_H
#define HIKAE_TESTS_UNIT_EXAMINE_PARSED_H

#include "lib/examine/parse.h"

#define FOUND_MAX 64

/* What one parse_run gave. */
struct parsed {
	struct parse_result result;
	size_t found; /* findings */
	struct {
		enum finding code;
		char path[256];
	} findings[FOUND_MAX];
	char manifest[65536]; /* its text */
};

/* The events that fill one. */
static inline int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)err;
	return 0;
}

static inline int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct parsed *parsed = context;
	size_t n = parsed->found++;

	(void)err;
	assert_non_null(finding->path);
	if (n >= FOUND_MAX)
		return 0;
	parsed->findings[n].code = finding->code;
	assert_true(finding->path_length < sizeof(parsed->findings[n].path));
	memcpy(parsed->findings[n].path, finding->path, finding->path_length);
	return 0;
}

static inline void
read_manifest(int fd, struct parsed *parsed)
{
	char *command = NULL;
	FILE *pipe;
	size_t length;

	assert_true(asprintf(&command, "zstd -dcq < /proc/%d/fd/%d",
			(int)getpid(), fd) > 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	pipe = popen(command, "r");
	assert_non_null(pipe);
	length = fread(parsed->manifest, 1, sizeof(parsed->manifest) - 1, pipe);
	parsed->manifest[length] = '\0';
	(void)pclose(pipe);
	free(command);
}

static inline bool
has_found(const struct parsed *parsed, enum finding code)
{
	for (size_t i = 0; i < parsed->found && i < FOUND_MAX; i++)
		if (parsed->findings[i].code == code)
			return true;
	return false;
}

static inline bool
has_line(const struct parsed *parsed, const char *part)
{
	return strstr(parsed->manifest, part) != NULL;
}

static inline bool
has_same_content(const struct parsed *a, const struct parsed *b)
{
	const struct manifest_totals *x = &a->result.manifest.totals;
	const struct manifest_totals *y = &b->result.manifest.totals;

	return x->has_content && y->has_content &&
	       memcmp(x->content, y->content, sizeof(x->content)) == 0;
}

#define assert_state(parsed, wanted)                                  \
	assert_string_equal(parse_state_name((parsed)->result.state), \
	    parse_state_name(wanted))
#define assert_kind(parsed, wanted) \
	assert_string_equal(archive_kind_name((parsed)->result.kind), wanted)

#endif
