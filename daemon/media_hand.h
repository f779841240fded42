/*
 * media_hand: what mounters have in hand, by the records that they keep, what
 * of it is to be undone because its medium is configured no more, and what udev
 * is to know of it.
 *
 * Uses: media_probe, worker/mount_record, worker/mount_mark.
 */
#ifndef HIKAE_DAEMON_MEDIA_HAND_H
#define HIKAE_DAEMON_MEDIA_HAND_H

#include "daemon/media_probe.h"
#include "lib/model/config.h"
#include "lib/os/identity.h"

#define MEDIA_HANDS_MAX 64

struct media;
struct medium;

/* A medium that a mounter has something to undo for. */
struct media_hand {
	char id[CONFIG_ID_BYTES];
	uint32_t major, minor;
	bool was_shut;	    /* the device's switch, before it was turned */
	bool is_unreadable; /* the record: nothing of this is known */
};

struct media_hands {
	struct media_hand list[MEDIA_HANDS_MAX];
	size_t count;
	bool is_doubted; /* there may be more than these */
};

/* What is unmounted because its medium is configured no more. */
struct media_leaving {
	struct media_probe probe;
	struct loop_timer timer;
	size_t turn;
	int64_t not_before_ms; /* monotonic */
	bool is_failed;	       /* the last try */
	char id[CONFIG_ID_BYTES], told[CONFIG_ID_BYTES];
};

/* What udev is told. */
struct media_marking {
	struct media_probe probe;
	bool is_wanted; /* once more, after the one that runs */
};

/* media_hand.c: read the records; before a look. */
void media_hand_gather(struct media *media);
const struct media_hand *media_hand_find(
    const struct media *media, const char *id);
/* Whether the switch of these devices may be shut by hikae itself. */
bool media_hand_is_on(
    const struct medium *medium, const struct identity *identity);

/* media_mark.c; renew: with each new configuration. */
void media_mark_init(struct media *media);
void media_mark_done(struct media *media);
void media_mark_renew(struct media *media);

/* media_leave.c; look: after each look at the media. */
void media_leave_init(struct media *media);
void media_leave_done(struct media *media);
void media_leave_look(struct media *media);

#endif
