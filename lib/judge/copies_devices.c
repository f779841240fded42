/* On which devices media lie, and which of them are one. */
#include <string.h>

#include "lib/judge/copies_internal.h"

/* Whether a and b, words with spaces between them, share a word. */
static bool
shares_word(const char *a, const char *b)
{
	for (; *a != '\0'; a += strspn(a, " ")) {
		size_t length = strcspn(a, " ");
		const char *at = b;

		while (*at != '\0') {
			size_t other = strcspn(at, " ");

			if (other == length && memcmp(a, at, length) == 0)
				return true;
			at += other;
			at += strspn(at, " ");
		}
		a += length;
	}
	return false;
}

/*
 * Whether it is known on which disks a medium lies.  A disk that has no name
 * of its own but its place ("at:") is known while it is there.
 */
static bool
has_disks(const struct inventory_medium *medium)
{
	const char *disks = medium->disks;

	if (disks[0] == '\0' || inventory_is_served_here(medium))
		return false;
	return medium->in_reach ||
	       (strncmp(disks, "at:", 3) != 0 && strstr(disks, " at:") == NULL);
}

/* Whether words of lies_on name a server, and none of them by its address. */
static bool
is_name_alone(const char *disks)
{
	static const char prefix[] = "network:";
	bool is_server = false;

	for (const char *at = disks; *at != '\0'; at += strspn(at, " ")) {
		size_t length = strcspn(at, " ");

		if (strncmp(at, prefix, sizeof(prefix) - 1) == 0) {
			const char *host = at + sizeof(prefix) - 1;
			size_t rest = length - (sizeof(prefix) - 1);

			if (memchr(host, ':', rest) != NULL ||
			    strspn(host, "0123456789.") >= rest)
				return false;
			is_server = true;
		}
		at += length;
	}
	return is_server;
}

static bool
is_server(const char *disks)
{
	return strncmp(disks, "network:", 8) == 0;
}

/*
 * Whether a medium may lie on the server of one before it, which is called
 * otherwise: one of both is known by a name alone, as sshfs tells it.
 */
static bool
may_be_before(const struct inventory *inventory, size_t i)
{
	const char *own = inventory->media[i].disks;
	bool may_be = false;

	for (size_t j = 0; j < i; j++) {
		const char *other = inventory->media[j].disks;

		if (shares_word(own, other))
			return false;
		may_be =
		    may_be || (is_server(own) && is_server(other) &&
				  (is_name_alone(own) || is_name_alone(other)));
	}
	return may_be;
}

void
copies_devices_find(struct copies *copies)
{
	const struct inventory *inventory = copies->inventory;

	for (size_t i = 0; i < inventory->medium_count; i++) {
		const struct inventory_medium *medium = &inventory->media[i];

		copies->devices[i] =
		    has_disks(medium) && !may_be_before(inventory, i)
			? i
			: INVENTORY_NOT;
		for (size_t j = 0; j < i; j++) {
			size_t from = copies->devices[j];

			if (copies->devices[i] == INVENTORY_NOT ||
			    from == INVENTORY_NOT ||
			    !shares_word(
				medium->disks, inventory->media[j].disks))
				continue;
			for (size_t k = 0; k < i; k++)
				if (copies->devices[k] == from)
					copies->devices[k] = i;
		}
	}
}

bool
copies_devices_is_known(const struct copies *copies, size_t medium)
{
	return copies->devices[medium] != INVENTORY_NOT;
}
