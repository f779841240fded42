/*
 * volume: which file system is this, by its own word?
 *
 * Layer 5.  Uses: base/bytes, crypto/digest, os/identity, os/mountinfo,
 * os/udevdb.
 *
 * A volume is a file system on devices of this host, or the part of it that is
 * mounted (a subvolume, a bind mount).  As text: the UUID's hexadecimal digits
 * in lower case, for a part followed by "/" and 16 digits of the SHA-256 of its
 * path in the file system.  Two that are the same text are one.
 */
#ifndef HIKAE_WORKER_VOLUME_H
#define HIKAE_WORKER_VOLUME_H

#include <stdbool.h>

#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"

#define VOLUME_BYTES (IDENTITY_UUID_BYTES + 32)

/*
 * The UUID of the file system that a descriptor is of, with or without hyphens;
 * false where it cannot be told.  May hang with the medium.
 */
bool volume_read_uuid(int fd, char ret_uuid[IDENTITY_UUID_BYTES]);

/*
 * The volume with that UUID, mounted so.  "" where the UUID says too little: a
 * short one (FAT), a time stamp (ISO 9660), and what lies on other machines or
 * in memory.
 */
void volume_format(const char *uuid, const struct mountinfo_mount *mount,
    char ret_volume[VOLUME_BYTES]);

/* Whether a text can be a volume's, or "". */
bool volume_is_valid(const char *text);

/* The volume that a descriptor is of, or "".  May hang with the medium. */
void volume_identify(int fd, char ret_volume[VOLUME_BYTES]);

#endif
