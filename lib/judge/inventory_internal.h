/*
 * inventory_internal: shared by the sources of inventory.
 *
 * Layer 6, internal to inventory.  Uses: inventory.
 */
#ifndef HIKAE_JUDGE_INVENTORY_INTERNAL_H
#define HIKAE_JUDGE_INVENTORY_INTERNAL_H

#include <stdio.h>

#include "lib/judge/inventory.h"

/* NULL becomes "". */
#define INVENTORY_TEXT(to, from) \
	((void)snprintf(to, sizeof(to), "%s", (from) == NULL ? "" : (from)))

struct inventory_gathering {
	struct catalog *catalog;
	struct inventory *inventory;
	const struct inventory_moment *moment;
};

/* What happened to the media, which stand there already. */
int inventory_media_gather(
    struct inventory_gathering *gathering, struct error *err) ERROR_CHECKED;

/* Sources, generations and copies of the systems and media. */
int inventory_copies_gather(
    struct inventory_gathering *gathering, struct error *err) ERROR_CHECKED;

#endif
