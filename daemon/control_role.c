#include "daemon/control_role.h"

#include <errno.h>
#include <grp.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/i18n.h"

/* Linux's NGROUPS_MAX. */
#define GROUPS_MAX 65536

static gid_t
find_group(const char *name)
{
	/* cppcheck-suppress getgrnamCalled ; there is one thread */
	const struct group *group = getgrnam(name);

	return group == NULL ? CONTROL_ROLE_NO_GROUP : group->gr_gid;
}

void
control_role_rules_init(struct control_role_rules *rules)
{
	rules->own = geteuid();
	rules->act = find_group(CONTROL_ROLE_ACT_GROUP);
	rules->read = find_group(CONTROL_ROLE_READ_GROUP);
}

static bool
is_member(const struct control_role_peer *peer, gid_t group)
{
	if (group == CONTROL_ROLE_NO_GROUP)
		return false;
	if (peer->gid == group)
		return true;
	for (size_t i = 0; i < peer->group_count; i++)
		if (peer->groups[i] == group)
			return true;
	return false;
}

enum control_role
control_role_decide(const struct control_role_rules *rules,
    const struct control_role_peer *peer)
{
	if (peer->uid == 0 || peer->uid == rules->own ||
	    is_member(peer, rules->act))
		return CONTROL_ROLE_ACT;
	if (is_member(peer, rules->read))
		return CONTROL_ROLE_READ;
	return CONTROL_ROLE_NONE;
}

/* Its supplementary groups; the caller frees *ret_groups. */
static int
get_groups(int fd, gid_t **ret_groups, size_t *ret_count, struct error *err)
{
	socklen_t bytes = 64 * sizeof(gid_t);
	gid_t *groups = NULL, *larger;

	for (;;) {
		larger = realloc(groups, bytes);
		if (larger == NULL) {
			free(groups);
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
		}
		groups = larger;
		if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &bytes) ==
		    0)
			break;
		/* ERANGE: bytes is what is needed. */
		if (errno != ERANGE || bytes > GROUPS_MAX * sizeof(gid_t)) {
			(void)error_set_errno(
			    err, errno, _("cannot tell the groups of a peer"));
			free(groups);
			return -1;
		}
	}
	*ret_groups = groups;
	*ret_count = bytes / sizeof(gid_t);
	return 0;
}

int
control_role_of_socket(int fd, const struct control_role_rules *rules,
    uid_t *ret_uid, enum control_role *ret_role, struct error *err)
{
	struct control_role_peer peer = {0};
	struct ucred credentials;
	socklen_t length = sizeof(credentials);
	gid_t *groups = NULL;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &length) != 0)
		return error_set_errno(
		    err, errno, _("cannot tell who a peer is"));
	if (get_groups(fd, &groups, &peer.group_count, err) != 0)
		return -1;
	peer.uid = credentials.uid;
	peer.gid = credentials.gid;
	peer.groups = groups;
	*ret_uid = peer.uid;
	*ret_role = control_role_decide(rules, &peer);
	free(groups);
	return 0;
}
