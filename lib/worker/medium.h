/*
 * medium: is what lies here the medium that the configuration means?
 *
 * Layer 5.  Uses: os/device, os/file, worker/job, volume.
 */
#ifndef HIKAE_WORKER_MEDIUM_H
#define HIKAE_WORKER_MEDIUM_H

#include "lib/worker/job.h"
#include "lib/worker/reply.h"
#include "lib/worker/volume.h"

/*
 * Open the job's medium and the source on it, and see that the medium is what
 * the configuration says: a mount point, the right UUID.  An empty mount point
 * is a wrong medium, never a source without generations; that the source's
 * folder is not there says REPLY_PLACE_EMPTY of a medium that was recognised.
 * Another volume than the job's is a wrong medium, too, where the configuration
 * has no UUID.  ret_volume: the one that the source's folder is of, where the
 * medium is a mount point that could be looked into; or "".
 * *ret_root_fd is the source's folder, or -1; the caller closes it.  May hang
 * with the medium.
 */
enum reply_place medium_open(const struct job *job,
    const struct examine_ignore *ignore, char ret_volume[VOLUME_BYTES],
    int *ret_root_fd);

#endif
