/*
 * copies_internal: shared by the sources of copies.
 *
 * Layer 6, internal to copies.  Uses: copies.
 */
#ifndef HIKAE_JUDGE_COPIES_INTERNAL_H
#define HIKAE_JUDGE_COPIES_INTERNAL_H

#include "lib/judge/copies.h"

/* How a copy stands. */
struct copies_standing {
	enum bounds_answer good;
	bool is_seen;	    /* its source was scanned, and shows it */
	const char *reason; /* why it is not good, or ""; static */
};

struct copies {
	const struct inventory *inventory;
	struct offline_claim *claims; /* by medium */
	size_t *devices; /* equal numbers, one device; INVENTORY_NOT: unknown */
	struct copies_standing *standings; /* by copy */
};

/* Whether its medium was taken out of service. */
bool copies_is_retired(
    const struct inventory *inventory, const struct inventory_copy *copy);

/* Media that share a disk, also by way of a third, are one device. */
void copies_devices_find(struct copies *copies);

#endif
