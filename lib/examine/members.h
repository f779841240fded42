/*
 * members: what an archive contains, brought into manifest order.
 *
 * Layer 4.  Uses: os/sorter, model/manifest.
 *
 * Members come in the archive's order and in any number; memory stays flat.
 * A name that comes twice counts with what came last, as when unpacking.  A
 * hard link gets the digest of what it is a link to, whether that stands
 * before (tar) or the link itself brings the data (cpio).
 */
#ifndef HIKAE_EXAMINE_MEMBERS_H
#define HIKAE_EXAMINE_MEMBERS_H

#include "lib/model/manifest_writer.h"

struct members;

/* The spill file stays the caller's. */
int members_new(int spill_fd, struct members **ret_members,
    struct error *err) ERROR_CHECKED;
void members_free(struct members *members);

/* A member with a path of a manifest.  The entry is copied. */
int members_add(struct members *members, const struct manifest_entry *entry,
    struct error *err) ERROR_CHECKED;

/*
 * A hard link to the path `target`.  Where it has a digest it brought data,
 * and the target is the same file.
 */
int members_add_hard_link(struct members *members,
    const struct manifest_entry *entry, const char *target,
    size_t target_length, struct error *err) ERROR_CHECKED;

enum members_odd {
	MEMBERS_TWICE,	   /* the same name again: the last one counts */
	MEMBERS_NO_PLACE,  /* below something that is no folder: left out */
	MEMBERS_NO_TARGET, /* a hard link to nothing: stands as unread */
};

struct members_events {
	void *context;
	int (*odd)(void *context, enum members_odd odd,
	    const struct manifest_entry *entry, struct error *err);
};

/* Add all of them to the manifest, which the caller begins and finishes. */
int members_write(struct members *members, struct manifest_writer *writer,
    const struct members_events *events, struct error *err) ERROR_CHECKED;

#endif
