/*
 * media_release: a medium that a person wants to unmount, or take away.
 *
 * Uses: media_parts, jobs, runs.  The acts themselves are in media.h; here is
 * what other files of media need of them.
 */
#ifndef HIKAE_DAEMON_MEDIA_RELEASE_H
#define HIKAE_DAEMON_MEDIA_RELEASE_H

#include "daemon/media_parts.h"

/* The result of the record of its end, where it was not taken away. */
#define MEDIA_RELEASE_ENDED "release-ended"

/* At a start: whether the journal has it released. */
int media_release_restore(
    struct medium *medium, struct error *err) ERROR_CHECKED;

/* A release is complete, if there is one under way. */
void media_let_go(struct medium *medium);

/* What a look found, before anything follows from it. */
void media_release_take(struct medium *medium, enum media_event event);

/* Whether a release ends when the medium comes to stand so. */
bool media_release_is_over(const struct medium *medium, enum media_state next);

#endif
