/*
 * media_twins: is another attached device a clone of a medium?
 *
 * Part of media.  Uses: os/identity, media_list, worker/twin.
 */
#ifndef HIKAE_DAEMON_MEDIA_TWINS_H
#define HIKAE_DAEMON_MEDIA_TWINS_H

#include "lib/os/identity.h"

struct media;

enum media_twins {
	MEDIA_TWINS_NONE,
	MEDIA_TWINS_SOME,
	MEDIA_TWINS_UNSURE,  /* not every device could be looked at */
	MEDIA_TWINS_AWAITED, /* a child must answer first */
};

/*
 * During a look: whether a device but the medium's own, which the identity is
 * of, has the UUID and is no other part of its file system (worker/twin).
 */
enum media_twins media_twins_find(
    struct media *media, const struct identity *identity, const char *uuid);

#endif
