/*
 * reply_place: what a child says of the place where it is to read.
 *
 * Layer 5.  Uses: os/sandbox, worker/volume.
 */
#ifndef HIKAE_WORKER_REPLY_PLACE_H
#define HIKAE_WORKER_REPLY_PLACE_H

#include "lib/os/sandbox.h"
#include "lib/worker/volume.h"

/* What the place turned out to be: the words of the journal's scan entry. */
enum reply_place {
	REPLY_PLACE_OK,
	REPLY_PLACE_WRONG_MEDIUM, /* no mount point, or another UUID */
	REPLY_PLACE_ABSENT,
	REPLY_PLACE_UNREADABLE,
	REPLY_PLACE_EMPTY,
};
#define REPLY_PLACES (REPLY_PLACE_EMPTY + 1)

struct reply_begun {
	struct sandbox_report sandbox;
	enum reply_place place;
	bool is_rotational, has_stable_inodes;
	char volume[VOLUME_BYTES]; /* of the source's folder, or "" */
};

#endif
