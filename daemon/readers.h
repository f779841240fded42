/*
 * readers: how many children may read a medium at once.
 *
 * Uses: service, os/device, worker/pace.
 *
 * What the configuration says, or else what the device under the medium's path
 * takes.  That is looked up without touching the medium, and remembered for a
 * short time: it is asked for every order that waits, and a path lies on
 * another device once a disk is mounted there.
 */
#ifndef HIKAE_DAEMON_READERS_H
#define HIKAE_DAEMON_READERS_H

#include <stdint.h>

struct readers;
struct service;

/* What was looked up; freed with the service.  NULL: nothing yet. */
void readers_free(struct readers *readers);

/*
 * At least 1, for files of so many bytes on average; 0: for any, which is at
 * least as many as for a given size.
 */
unsigned readers_of_medium(
    struct service *service, const char *medium_id, uint64_t file_bytes);

#endif
