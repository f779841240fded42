/*
 * remove: take away everything below a folder.
 *
 * Layer 1.  Uses: error, file.
 *
 * For hikae's own scratch folders, whose content came from a backup or was
 * left by a program: no link is followed, no mount is entered, and neither
 * depth nor modes keep it from working.
 */
#ifndef HIKAE_OS_REMOVE_H
#define HIKAE_OS_REMOVE_H

#include <stdint.h>

#include "lib/base/error.h"

struct remove_events {
	void *context;
	/* Called for each folder; -1 ends the work.  May be NULL. */
	int (*progress)(void *context, uint64_t removed, struct error *err);
};

/* Empty the folder, which itself stays; the descriptor stays the caller's. */
int remove_content(int folder_fd, const struct remove_events *events,
    struct error *err) ERROR_CHECKED;

#endif
