#include "lib/os/spot.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"

/* Add the names of a path, less what says nothing: "//", "/./", "/" at last. */
static int
append(char *room, size_t size, const char *path)
{
	size_t at = strlen(room);

	while (*path != '\0') {
		size_t length = strcspn(path, "/");

		if (length > 0 && !(length == 1 && path[0] == '.')) {
			if (length + 2 > size - at)
				return -1;
			room[at++] = '/';
			memcpy(room + at, path, length);
			at += length;
			room[at] = '\0';
		}
		path += length + (path[length] == '/');
	}
	return 0;
}

int
spot_find(const struct mountinfo *table, const char *path,
    char ret_spot[SPOT_BYTES], struct error *err)
{
	const struct mountinfo_mount *mount;
	char plain[PATH_MAX] = "", spot[SPOT_BYTES];
	const char *below;

	if (append(plain, sizeof(plain), path) != 0)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	mount = mountinfo_find_path(table, plain[0] != '\0' ? plain : "/");
	if (mount == NULL)
		return error_set(
		    err, ERROR_NOT_FOUND, _("nothing is mounted there"));
	(void)snprintf(spot, sizeof(spot), "%" PRIu32 ":%" PRIu32, mount->major,
	    mount->minor);
	below = strcmp(mount->mount_point, "/") == 0
		    ? plain
		    : plain + strlen(mount->mount_point);
	if (append(spot, sizeof(spot), mount->root) != 0 ||
	    append(spot, sizeof(spot), below) != 0)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	memcpy(ret_spot, spot, sizeof(spot));
	return 0;
}

void
spot_cut_path(char *spot)
{
	spot[strcspn(spot, "/")] = '\0';
}

bool
spot_is_within(const char *spot, const char *place)
{
	size_t length = strlen(place);

	return strncmp(spot, place, length) == 0 &&
	       (spot[length] == '\0' || spot[length] == '/');
}

bool
spot_is_within_any(const char *spot, const char *places, size_t length)
{
	for (size_t at = 0; at < length; at += strlen(places + at) + 1)
		if (spot_is_within(spot, places + at))
			return true;
	return false;
}
