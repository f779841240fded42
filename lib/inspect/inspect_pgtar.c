/*
 * pg_dump -Ft as a file: a ustar archive (POSIX.1-2017 pax, ustar interchange
 * format) whose first member is toc.dat, followed by the parts that it names
 * and by restore.sql (PostgreSQL, src/bin/pg_dump, pg_backup_tar.c).
 */
#include <string.h>

#include "lib/inspect/feed.h"
#include "lib/inspect/inspect_internal.h"

#define BLOCK_BYTES 512
#define NAME_BYTES 100
#define SIZE_AT 124
#define SIZE_BYTES 12
#define SUM_AT 148
#define SUM_BYTES 8
#define MAGIC_AT 257

enum step {
	STEP_HEADER,
	STEP_CONTENT,
	STEP_ENDED, /* a block of zeros: nothing follows but such */
	STEP_LOST,
};

struct state {
	struct feed feed;
	enum step step;
	uint64_t left, members;
	char name[NAME_BYTES + 1];
	struct inspect_set *set;
	struct inspect *toc;	   /* while toc.dat passes */
	struct inspect_part *part; /* while a part does */
};

static void
lose(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code)
{
	struct state *state = inspect->state;

	inspect_find(inspect, severity, code, state->feed.offset);
	state->step = STEP_LOST;
}

/* A number in octal, or since PostgreSQL 9.6 in base 256 where it is large. */
static bool
take_number(const uint8_t *field, size_t length, uint64_t *ret_number)
{
	uint64_t number = 0;
	size_t i = 0;

	if (field[0] == 0x80) {
		for (i = length - 8; i < length; i++)
			number = number << 8 | field[i];
		*ret_number = number;
		return number <= INT64_MAX;
	}
	while (i < length && field[i] == ' ')
		i++;
	for (; i < length && field[i] >= '0' && field[i] <= '7'; i++)
		number = number << 3 | (uint64_t)(field[i] - '0');
	*ret_number = number;
	return i == length || field[i] == ' ' || field[i] == '\0';
}

/* The sum of the header's bytes, its own field as blanks. */
static bool
is_header(const uint8_t *block)
{
	uint64_t sum = 0, told;

	for (size_t i = 0; i < BLOCK_BYTES; i++)
		sum += i >= SUM_AT && i < SUM_AT + SUM_BYTES ? ' ' : block[i];
	return take_number(block + SUM_AT, SUM_BYTES, &told) && told == sum;
}

static bool
is_zero(const uint8_t *block)
{
	for (size_t i = 0; i < BLOCK_BYTES; i++)
		if (block[i] != 0)
			return false;
	return true;
}

/* What is said of toc.dat is said of the whole. */
static void
end_toc(struct inspect *inspect)
{
	struct state *state = inspect->state;
	struct inspect_report report;

	inspect_end(state->toc, &report);
	state->toc = NULL;
	inspect_adopt(inspect, &report);
}

static void
end_member(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->toc != NULL)
		end_toc(inspect);
	else if (state->part != NULL)
		inspect_part_end(state->part);
	state->part = NULL;
}

static void
begin_member(struct inspect *inspect)
{
	struct state *state = inspect->state;
	bool is_part = inspect_part_is(state->name);

	if (state->members++ == 0)
		state->toc =
		    inspect_begin_in(state->set, INSPECT_PGDUMP, state->name);
	else if (is_part)
		state->part = inspect_part_begin(state->set, state->name);
	if ((state->members == 1 && state->toc == NULL) ||
	    (is_part && state->members > 1 && state->part == NULL))
		lose(inspect, INSPECT_UNDETERMINED, INSPECT_TOO_LARGE);
}

static void
take_header(struct inspect *inspect, const uint8_t *block)
{
	struct state *state = inspect->state;

	if (is_zero(block)) {
		state->step = STEP_ENDED;
		return;
	}
	if (!is_header(block) ||
	    !take_number(block + SIZE_AT, SIZE_BYTES, &state->left)) {
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		return;
	}
	memcpy(state->name, block, NAME_BYTES);
	begin_member(inspect);
	if (state->step == STEP_LOST)
		return;
	state->step = STEP_CONTENT;
	if (state->left == 0)
		end_member(inspect);
	if (state->left == 0)
		state->step = STEP_HEADER;
}

/* False when there is no more for now. */
static bool
take_content(struct inspect *inspect)
{
	struct state *state = inspect->state;
	size_t length = 0;
	const uint8_t *data =
	    feed_take_some(&state->feed, state->left, &length);

	if (data == NULL)
		return false;
	if (state->toc != NULL)
		inspect_push(state->toc, data, length);
	else if (state->part != NULL)
		inspect_part_push(state->part, data, length);
	state->left -= length;
	if (state->left > 0)
		return true;
	end_member(inspect);
	/* What is left of the member's last block. */
	feed_skip(&state->feed,
	    (BLOCK_BYTES - state->feed.offset % BLOCK_BYTES) % BLOCK_BYTES);
	state->step = STEP_HEADER;
	return true;
}

static bool
take_block(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const uint8_t *block = feed_take(&state->feed, BLOCK_BYTES);

	if (block == NULL)
		return false;
	if (state->step == STEP_HEADER) {
		take_header(inspect, block);
	} else if (!is_zero(block)) {
		lose(inspect, INSPECT_WARNING, INSPECT_TRAILING);
	}
	return true;
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	bool more = state->set != NULL && state->step != STEP_LOST;

	feed_give(&state->feed, data, length);
	while (more)
		more = state->step != STEP_LOST &&
		       (state->step == STEP_CONTENT ? take_content(inspect)
						    : take_block(inspect));
}

static void
take_together(void *context, const struct inspect_set_result *result)
{
	const struct inspect_finding *finding = &result->finding;

	if (finding->expected != 0)
		inspect_find_numbers(context, finding->severity, finding->code,
		    finding->expected, finding->actual);
	else
		inspect_find(context, finding->severity, finding->code, 0);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->set == NULL) {
		inspect_find(
		    inspect, INSPECT_UNDETERMINED, INSPECT_TOO_LARGE, 0);
		return;
	}
	if (state->step != STEP_LOST &&
	    (state->step != STEP_ENDED || feed_is_short(&state->feed)))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    inspect->report.bytes);
	if (state->toc != NULL)
		end_toc(inspect);
	inspect_set_conclude(state->set, take_together, inspect);
	inspect_count(inspect, "members", state->members);
}

static void
begin(struct inspect *inspect)
{
	struct state *state = inspect->state;

	state->set = inspect_set_new();
}

static void
done(struct inspect *inspect)
{
	struct state *state = inspect->state;

	inspect_cancel(state->toc);
	inspect_part_cancel(state->part);
	inspect_set_free(state->set);
}

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	return length >= BLOCK_BYTES && memcmp(head, "toc.dat", 8) == 0 &&
	       memcmp(head + MAGIC_AT, "ustar", 5) == 0;
}

const struct inspect_type inspect_pgtar = {
    .name = "pgdump-tar",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .begin = begin,
    .push = push,
    .end = end,
    .done = done,
};
