/*
 * Plain dumps: pg_dump -Fp, pg_dumpall, mysqldump, mariadb-dump.
 *
 * All of them end in a comment that says so; behind PostgreSQL's there may be
 * \unrestrict, blank lines and comments.  What stands before is not parsed but
 * for COPY, whose data ends in a line of a backslash and a full stop.
 */
#include <string.h>
#include <strings.h>

#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/lines.h"

struct state {
	struct lines lines;
	bool is_copying; /* within the data of a COPY */
	bool is_complete;
	bool is_trailing;
	uint64_t tables, rows;
};

static bool
begins(const struct lines_line *line, const char *text)
{
	return strncasecmp(line->text, text, strlen(text)) == 0;
}

static bool
ends(const struct lines_line *line, const char *text)
{
	size_t wanted = strlen(text);

	return line->length >= wanted &&
	       strcasecmp(line->text + line->length - wanted, text) == 0;
}

static bool
is_trailer(const struct lines_line *line)
{
	return begins(line, "-- PostgreSQL database dump complete") ||
	       begins(line, "-- PostgreSQL database cluster dump complete") ||
	       begins(line, "-- Dump completed");
}

/* The name in "CREATE TABLE public.patients (". */
static void
show_table(struct inspect *inspect, const struct lines_line *line)
{
	const char *name = line->text + strlen("create table ");

	inspect_sample(inspect, name, strcspn(name, " ("));
}

static void
take_line(void *context, const struct lines_line *line)
{
	struct inspect *inspect = context;
	struct state *state = inspect->state;

	if (state->is_copying) {
		if (strcmp(line->text, "\\.") == 0)
			state->is_copying = false;
		else
			state->rows++;
	} else if (is_trailer(line)) {
		state->is_complete = true;
		state->is_trailing = false;
	} else if (begins(line, "COPY ") && ends(line, " from stdin;")) {
		state->is_copying = true;
	} else if (begins(line, "create table ")) {
		state->tables++;
		show_table(inspect, line);
	} else if (begins(line, "insert into ")) {
		state->rows++;
	}
	if (state->is_complete && line->length > 0 && !begins(line, "--") &&
	    !begins(line, "\\unrestrict ") && !begins(line, "/*"))
		state->is_trailing = true;
}

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	static const char *const heads[] = {"--\n-- PostgreSQL database ",
	    "--\r\n-- PostgreSQL database ", "-- MySQL dump ",
	    "-- MariaDB dump ", "/*M!999999\\- enable the sandbox mode */"};

	(void)path;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		if (inspect_begins(head, length, heads[i]))
			return true;
	return false;
}

static void
begin(struct inspect *inspect)
{
	struct state *state = inspect->state;

	state->lines.end = '\n';
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;

	lines_push(&state->lines, data, length, take_line, inspect);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;

	lines_end(&state->lines, take_line, inspect);
	if (!state->is_complete || state->is_copying)
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    state->lines.offset);
	else if (state->is_trailing)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_TRAILING,
		    state->lines.offset);
	inspect_count(inspect, "tables", state->tables);
	inspect_count(inspect, "rows", state->rows);
}

const struct inspect_type inspect_sql = {
    .name = "sql",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .begin = begin,
    .push = push,
    .end = end,
};
