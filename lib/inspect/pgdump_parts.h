/*
 * pgdump_parts: which parts of a dump have data, and which of them were there.
 *
 * Layer 3, internal to inspect.
 */
#ifndef HIKAE_INSPECT_PGDUMP_PARTS_H
#define HIKAE_INSPECT_PGDUMP_PARTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Identifiers are smaller. */
#define PGDUMP_PARTS_MAX (1 << 22)

/* All zero at the beginning. */
struct pgdump_parts {
	uint8_t *flags; /* by identifier */
	size_t size;
};

/* The contents name a part.  False where it cannot be one. */
bool pgdump_parts_announce(
    struct pgdump_parts *parts, int64_t id, bool has_data);

/* The data of a part comes.  False where it was not announced, or came. */
bool pgdump_parts_find(struct pgdump_parts *parts, int64_t id);

/* Parts whose data did not come. */
uint64_t pgdump_parts_missing(const struct pgdump_parts *parts);

/*
 * The list of large objects in a tar, whose contents name a file there that
 * never is; it has the entry's number since archive version 1.16.
 */
#define PGDUMP_LIST_BYTES 48
const char *pgdump_parts_list(
    unsigned minor, int64_t id, char room[PGDUMP_LIST_BYTES]);

void pgdump_parts_done(struct pgdump_parts *parts);

#endif
