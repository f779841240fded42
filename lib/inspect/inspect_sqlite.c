/*
 * SQLite database files: "Database File Format", section 1.3, the header of 100
 * bytes.  The number of pages in it holds only where the version that it is
 * valid for is the change counter.
 */
#include <string.h>

#include "lib/base/octets.h"
#include "lib/inspect/feed.h"
#include "lib/inspect/inspect_internal.h"

#define HEADER_BYTES 100
#define MAGIC "SQLite format 3"

struct state {
	struct feed feed;
	uint64_t size;
	uint32_t page_bytes, pages;
	bool has_header, is_wal;
};

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	(void)path;
	return length >= sizeof(MAGIC) &&
	       memcmp(head, MAGIC, sizeof(MAGIC)) == 0;
}

static void
read_header(struct inspect *inspect, const uint8_t *header)
{
	struct state *state = inspect->state;
	uint32_t page = octets_u16_be(header + 16);

	state->has_header = true;
	state->is_wal = header[18] == 2 || header[19] == 2;
	if (page == 1)
		page = 65536;
	if (page < 512 || (page & (page - 1)) != 0) {
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED, 16);
		return;
	}
	state->page_bytes = page;
	if (octets_u32_be(header + 24) == octets_u32_be(header + 92))
		state->pages = octets_u32_be(header + 28);
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	const uint8_t *header;

	state->size += length;
	if (state->has_header)
		return;
	feed_give(&state->feed, data, length);
	header = feed_take(&state->feed, HEADER_BYTES);
	if (header != NULL)
		read_header(inspect, header);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;
	uint64_t expected = (uint64_t)state->pages * state->page_bytes;

	if (!state->has_header) {
		inspect_find(
		    inspect, INSPECT_BROKEN, INSPECT_TRUNCATED, state->size);
		return;
	}
	if (state->page_bytes == 0)
		return;
	if (expected > state->size)
		inspect_find_numbers(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    expected, state->size);
	else if (expected != 0 && expected < state->size)
		inspect_find_numbers(inspect, INSPECT_WARNING, INSPECT_TRAILING,
		    expected, state->size);
	else if (state->size % state->page_bytes != 0)
		inspect_find_numbers(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    (state->size / state->page_bytes + 1) * state->page_bytes,
		    state->size);
	/* Without its -wal beside it the newest changes may be missing. */
	if (state->is_wal)
		inspect_find(inspect, INSPECT_NOTE, INSPECT_MISSING_PART, 18);
	inspect_count(inspect, "pages", state->size / state->page_bytes);
}

const struct inspect_type inspect_sqlite = {
    .name = "sqlite",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
};
