#include "lib/worker/twin.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/os/identity.h"
#include "lib/os/sysfs.h"

/* It went meanwhile, or is a drive without a medium. */
static bool
is_gone(const struct device_kernel *kernel, const struct twin_device *device)
{
	const struct sysfs_number number = {device->major, device->minor};

	return device->os_errno == ENXIO || device->os_errno == ENODEV ||
	       device->os_errno == ENOMEDIUM ||
	       sysfs_read_size(kernel->sysfs, number) == 0;
}

/* What the system itself lies on is no medium; but a file on it may be one. */
static bool
is_of_system(
    const struct device_kernel *kernel, const struct twin_device *device)
{
	struct device *devices = calloc(2, sizeof(*devices));
	struct error why = {0};
	const bool is_it =
	    devices != NULL &&
	    device_describe_path(kernel, "/", &devices[0], &why) == 0 &&
	    device_describe_block(
		kernel, device->major, device->minor, &devices[1], &why) == 0 &&
	    device_shares_disk(&devices[0], &devices[1]) &&
	    (!devices[1].loop || devices[0].loop);

	free(devices);
	return is_it;
}

enum twin
twin_judge(const struct device_kernel *kernel, const struct twin_device *device,
    const char *uuid)
{
	const struct sysfs_number number = {device->major, device->minor};

	if (sysfs_is_held(kernel->sysfs, number))
		return TWIN_NO;
	if (device->os_errno == 0)
		return identity_is_uuid(device->uuid, uuid) ? TWIN_YES
							    : TWIN_NO;
	return is_gone(kernel, device) || is_of_system(kernel, device)
		   ? TWIN_NO
		   : TWIN_UNSURE;
}

bool
twin_has_parts(const char *filesystem)
{
	return strcmp(filesystem, "btrfs") == 0;
}

enum twin
twin_add_part(struct twin_parts *parts, const char *part)
{
	const size_t length = strlen(part);

	for (size_t i = 0; i < parts->count && i < TWIN_PARTS_MAX; i++)
		parts->is_twice =
		    parts->is_twice || identity_is_uuid(parts->uuids[i], part);
	if (length > 0 && parts->count < TWIN_PARTS_MAX &&
	    length < SUPERBLOCK_UUID_BYTES)
		memcpy(parts->uuids[parts->count], part, length + 1);
	else
		parts->has_unknown = true;
	parts->count++;
	if (parts->is_twice)
		return TWIN_YES;
	return parts->has_unknown && parts->count > 1 ? TWIN_UNSURE : TWIN_NO;
}
