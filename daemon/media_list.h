/*
 * media_list: every block device with the UUID of its file system, where no
 * udev tells them.
 *
 * Part of media.  Uses: media_ask, media_twins, os/presence, worker/twin.
 *
 * A child reads all superblocks (worker/probe).  One that hangs holds up those
 * behind it, and one that fails tells nothing: what such a device said the last
 * time it answered is remembered for as long as it is the same device, so that
 * a disk that hangs puts in doubt only what came after it.
 */
#ifndef HIKAE_DAEMON_MEDIA_LIST_H
#define HIKAE_DAEMON_MEDIA_LIST_H

#include <stdbool.h>
#include <stddef.h>

#include "daemon/media_twins.h"
#include "lib/os/identity.h"
#include "lib/os/presence.h"
#include "lib/os/superblock.h"

struct media;

struct media_listed {
	struct presence device;
	bool has_presence; /* else only its number is known */
	int os_errno;	   /* why it could not be read now; 0: it was */
	bool is_known;	   /* it was read once, now or before: */
	char uuid[SUPERBLOCK_UUID_BYTES]; /* "": no file system */
	char uuid_sub[SUPERBLOCK_UUID_BYTES];
};

struct media_list {
	struct media_listed now[IDENTITY_BLOCKS_MAX];
	size_t count;
	struct media_listed before[IDENTITY_BLOCKS_MAX];
	size_t before_count;
	bool has_missed;    /* there are more devices than fit */
	bool is_doubted;    /* somebody needed it, and it was not sure */
	bool is_second;	    /* asked for once more, because of such a doubt */
	bool is_disturbed;  /* devices came or went while it was made */
	unsigned disturbed; /* so many in a row were */
};

/* What it says is old: it is made anew when somebody needs it. */
void media_list_forget(struct media *media);

/*
 * Devices came or went.  A list that is being made is made to its end and used
 * for one look: where devices come all the time, there would never be one.
 */
void media_list_disturb(struct media *media);

/* After a look: a list that was disturbed is made anew for the next one. */
void media_list_looked(struct media *media);

/*
 * During a look: whether a child must answer first; where it was not asked for
 * it is now.  The other functions count on it.
 */
bool media_list_is_awaited(struct media *media);

/*
 * The devices that have the UUID, of those that were read now; at most
 * IDENTITY_BLOCKS_MAX.  False: one of them has gone since, or its number is
 * another's, and a child must look again.
 */
bool media_list_find(
    struct media *media, const char *uuid, struct identity_blocks *ret);

/* Whether every device was read; where not, the slow look has it made anew. */
bool media_list_is_sure(struct media *media);

/* Whether what is not sure may be by the next list, which comes soon. */
bool media_list_is_unsettled(const struct media *media);

/*
 * As media_twins_find.  Where that cannot be told a second list decides, since
 * devices come and go.
 */
enum media_twins media_list_find_twins(
    struct media *media, const struct identity *identity, const char *uuid);

#endif
