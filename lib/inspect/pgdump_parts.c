#include "lib/inspect/pgdump_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HAS_DATA 1
#define FOUND 2

#define SIZE_LEAST 1024

bool
pgdump_parts_announce(struct pgdump_parts *parts, int64_t id, bool has_data)
{
	size_t size = parts->size == 0 ? SIZE_LEAST : parts->size;
	uint8_t *grown;

	if (id < 0 || id >= PGDUMP_PARTS_MAX)
		return false;
	while (size <= (size_t)id)
		size *= 2;
	if (size != parts->size) {
		grown = realloc(parts->flags, size);
		if (grown == NULL)
			return false;
		memset(grown + parts->size, 0, size - parts->size);
		parts->flags = grown;
		parts->size = size;
	}
	if (has_data)
		parts->flags[id] |= HAS_DATA;
	return true;
}

bool
pgdump_parts_find(struct pgdump_parts *parts, int64_t id)
{
	if (id < 0 || (uint64_t)id >= parts->size ||
	    parts->flags[id] != HAS_DATA)
		return false;
	parts->flags[id] |= FOUND;
	return true;
}

uint64_t
pgdump_parts_missing(const struct pgdump_parts *parts)
{
	uint64_t missing = 0;

	for (size_t id = 0; id < parts->size; id++)
		missing += parts->flags[id] == HAS_DATA;
	return missing;
}

const char *
pgdump_parts_list(unsigned minor, int64_t id, char room[PGDUMP_LIST_BYTES])
{
	if (minor < 16)
		return "blobs.toc";
	(void)snprintf(
	    room, PGDUMP_LIST_BYTES, "blobs_%lld.toc", (long long)id);
	return room;
}

void
pgdump_parts_done(struct pgdump_parts *parts)
{
	free(parts->flags);
}
