/*
 * uevent: the kernel tells that a device came, went or changed.
 *
 * Layer 1.  Uses: error, i18n.  Source: Linux, lib/kobject_uevent.c;
 * netlink(7), NETLINK_KOBJECT_UEVENT, group 1 (the kernel's own; udev's is 2).
 *
 * A unit that restricts address families must allow AF_NETLINK.
 */
#ifndef HIKAE_OS_UEVENT_H
#define HIKAE_OS_UEVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

#define UEVENT_MESSAGE_BYTES_MAX 8192

enum uevent_action {
	UEVENT_ADD,
	UEVENT_REMOVE,
	UEVENT_CHANGE,
	UEVENT_MOVE,
	UEVENT_ONLINE,
	UEVENT_OFFLINE,
	UEVENT_BIND,
	UEVENT_UNBIND,
};
#define UEVENT_ACTIONS (UEVENT_UNBIND + 1)
const char *uevent_action_name(enum uevent_action action);

/* Texts are "" where the message has none. */
struct uevent {
	enum uevent_action action;
	char subsystem[32]; /* "block" */
	char devtype[32];   /* "disk", "partition" */
	char devname[128];  /* "sdb1", below /dev */
	char devpath[1024]; /* below /sys */
	bool has_number;
	uint32_t major, minor;
	bool is_disk_change; /* a disc was put in or taken out, the reader's
				eject button pressed, or the size changed */
	uint64_t sequence;
};

/* What uevent_next found. */
enum uevent_got {
	UEVENT_NOTHING,	 /* none is there now */
	UEVENT_EVENT,	 /* one; more may be there */
	UEVENT_OVERFLOW, /* some were lost: look at everything again */
};

/*
 * Listen; nonblocking and close-on-exec, for poll(2) with POLLIN; the caller
 * closes it.  ERROR_UNAVAILABLE where the machine gives none.
 */
int uevent_open(int *ret_fd, struct error *err) ERROR_CHECKED;

/*
 * Take the next event.  What is malformed, or was not sent by the kernel, is
 * passed over.
 */
int uevent_next(int fd, enum uevent_got *ret_got, struct uevent *ret_event,
    struct error *err) ERROR_CHECKED;

/*
 * Parse one message: "ACTION@DEVPATH", then "KEY=VALUE", each ended by a NUL.
 * ERROR_INPUT for anything else, one that is cut included.
 */
int uevent_parse(const void *message, size_t length, struct uevent *ret,
    struct error *err) ERROR_CHECKED;

#endif
