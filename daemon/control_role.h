/*
 * control_role: who may ask hikaed, and who may tell it.
 *
 * Uses: nothing of the daemon.
 *
 * Root, the daemon's own user and the group hikae-admin act; the group hikae
 * reads; nobody else is heard.
 */
#ifndef HIKAE_DAEMON_CONTROL_ROLE_H
#define HIKAE_DAEMON_CONTROL_ROLE_H

#include <stddef.h>
#include <sys/types.h>

#include "lib/base/error.h"

#define CONTROL_ROLE_ACT_GROUP "hikae-admin"
#define CONTROL_ROLE_READ_GROUP "hikae"

enum control_role {
	CONTROL_ROLE_NONE,
	CONTROL_ROLE_READ,
	CONTROL_ROLE_ACT,
};

/* A group that the machine does not have. */
#define CONTROL_ROLE_NO_GROUP ((gid_t)-1)

struct control_role_rules {
	uid_t own;
	gid_t act, read; /* or CONTROL_ROLE_NO_GROUP */
};

/* What the kernel says about the other end of a socket. */
struct control_role_peer {
	uid_t uid;
	gid_t gid;
	const gid_t *groups;
	size_t group_count;
};

/* Of this process and this machine's groups; may read files. */
void control_role_rules_init(struct control_role_rules *rules);

enum control_role control_role_decide(const struct control_role_rules *rules,
    const struct control_role_peer *peer);

/* By SO_PEERCRED and SO_PEERGROUPS (unix(7)): as they were at connect. */
int control_role_of_socket(int fd, const struct control_role_rules *rules,
    uid_t *ret_uid, enum control_role *ret_role,
    struct error *err) ERROR_CHECKED;

#endif
