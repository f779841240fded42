#include "lib/os/sysfs.h"

#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECTOR_BYTES 512 /* the unit of "size", whatever the device's own */

/* A path that does not fit becomes an empty one, which no file has. */
static void __attribute__((format(printf, 2, 3)))
format_path(char path[PATH_MAX], const char *format, ...)
{
	va_list ap;
	int length;

	va_start(ap, format);
	length = vsnprintf(path, PATH_MAX, format, ap);
	va_end(ap);
	if (length < 0 || length >= PATH_MAX)
		path[0] = '\0';
}

static bool
read_file(const char *path, char *text, size_t text_bytes)
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	ssize_t length;

	if (fd < 0)
		return false;
	length = read(fd, text, text_bytes);
	(void)close(fd);
	if (length < 0 || (size_t)length == text_bytes)
		return false;
	text[length] = '\0';
	text[strcspn(text, "\n")] = '\0';
	return true;
}

static bool
read_number(const char *path, struct sysfs_number *ret)
{
	char text[32], rest;

	return read_file(path, text, sizeof(text)) &&
	       sscanf(text, "%" SCNu32 ":%" SCNu32 "%c", &ret->major,
		   &ret->minor, &rest) == 2;
}

static void
device_path(char path[PATH_MAX], const char *root, struct sysfs_number device,
    const char *below)
{
	format_path(path, "%s/dev/block/%" PRIu32 ":%" PRIu32 "/%s", root,
	    device.major, device.minor, below);
}

bool
sysfs_read(const char *root, struct sysfs_number device, const char *attribute,
    char *text, size_t text_bytes)
{
	char path[PATH_MAX];

	device_path(path, root, device, attribute);
	return read_file(path, text, text_bytes);
}

size_t
sysfs_read_bytes(const char *root, struct sysfs_number device,
    const char *attribute, void *bytes, size_t size)
{
	char path[PATH_MAX];
	ssize_t length;
	int fd;

	device_path(path, root, device, attribute);
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return 0;
	length = read(fd, bytes, size);
	(void)close(fd);
	return length < 0 ? 0 : (size_t)length;
}

uint64_t
sysfs_read_size(const char *root, struct sysfs_number device)
{
	char text[32], rest;
	uint64_t sectors;

	if (!sysfs_read(root, device, "size", text, sizeof(text)) ||
	    sscanf(text, "%" SCNu64 "%c", &sectors, &rest) != 1 ||
	    sectors > UINT64_MAX / SECTOR_BYTES)
		return 0;
	return sectors * SECTOR_BYTES;
}

bool
sysfs_hangs_on(const char *folder, const char *bus)
{
	while ((folder = strstr(folder, bus)) != NULL) {
		folder += strlen(bus);
		if (*folder >= '0' && *folder <= '9')
			return true;
	}
	return false;
}

/* Of all folders above, that of a USB device has this attribute. */
bool
sysfs_find_usb_serial(const char *folder, char *serial, size_t serial_bytes)
{
	char above[PATH_MAX], path[PATH_MAX], *slash;

	format_path(above, "%s", folder);
	while ((slash = strrchr(above, '/')) != NULL && slash != above) {
		format_path(path, "%s/bDeviceClass", above);
		if (access(path, F_OK) == 0) {
			format_path(path, "%s/serial", above);
			return read_file(path, serial, serial_bytes) &&
			       serial[0] != '\0';
		}
		*slash = '\0';
	}
	return false;
}

bool
sysfs_is_set(
    const char *root, struct sysfs_number device, const char *attribute)
{
	char text[8];

	return sysfs_read(root, device, attribute, text, sizeof(text)) &&
	       strcmp(text, "1") == 0;
}

bool
sysfs_find_folder(
    const char *root, struct sysfs_number device, char *path, size_t path_bytes)
{
	char link[PATH_MAX], resolved[PATH_MAX];

	device_path(link, root, device, "");
	if (realpath(link, resolved) == NULL || strlen(resolved) >= path_bytes)
		return false;
	memcpy(path, resolved, strlen(resolved) + 1);
	return true;
}

bool
sysfs_find_parent(const char *root, struct sysfs_number device,
    struct sysfs_number *ret_parent)
{
	char path[PATH_MAX];

	device_path(path, root, device, "partition");
	if (access(path, F_OK) < 0)
		return false;
	/* ".." of where the link leads: the disk's folder. */
	device_path(path, root, device, "../dev");
	return read_number(path, ret_parent);
}

/* The numbers in FOLDER/NAME/dev of every name. */
static size_t
list_devices(const char *folder, struct sysfs_number *devices, size_t max)
{
	DIR *dir = opendir(folder);
	const struct dirent *entry;
	size_t count = 0;

	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL) {
		struct sysfs_number number;
		char path[PATH_MAX];

		if (entry->d_name[0] == '.')
			continue;
		format_path(path, "%s/%s/dev", folder, entry->d_name);
		if (!read_number(path, &number))
			continue;
		if (count < max)
			devices[count] = number;
		count++;
	}
	(void)closedir(dir);
	return count;
}

size_t
sysfs_list_blocks(const char *root, struct sysfs_number *devices, size_t max)
{
	char path[PATH_MAX];

	format_path(path, "%s/class/block", root);
	return list_devices(path, devices, max);
}

size_t
sysfs_list_slaves(const char *root, struct sysfs_number device,
    struct sysfs_number *devices, size_t max)
{
	char path[PATH_MAX];

	device_path(path, root, device, "slaves");
	return list_devices(path, devices, max);
}

bool
sysfs_is_held(const char *root, struct sysfs_number device)
{
	struct sysfs_number holder;
	char path[PATH_MAX];

	device_path(path, root, device, "holders");
	return list_devices(path, &holder, 1) > 0;
}

size_t
sysfs_list_btrfs(const char *root, const char *name,
    struct sysfs_number *devices, size_t max)
{
	char folder[PATH_MAX], path[PATH_MAX];
	const struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	format_path(folder, "%s/fs/btrfs", root);
	dir = opendir(folder);
	if (dir == NULL)
		return 0;
	while (count == 0 && (entry = readdir(dir)) != NULL) {
		if (entry->d_name[0] == '.')
			continue;
		format_path(path, "%s/fs/btrfs/%s/devices/%s", root,
		    entry->d_name, name);
		if (access(path, F_OK) < 0)
			continue;
		format_path(
		    path, "%s/fs/btrfs/%s/devices", root, entry->d_name);
		count = list_devices(path, devices, max);
	}
	(void)closedir(dir);
	return count;
}

/* The kernel's name ("dm-3") of what device-mapper calls `mapped`. */
static bool
find_mapped(const char *root, const char *mapped, char *name, size_t name_bytes)
{
	char path[PATH_MAX], text[256];
	const struct dirent *entry;
	bool found = false;
	DIR *dir;

	format_path(path, "%s/class/block", root);
	dir = opendir(path);
	if (dir == NULL)
		return false;
	while (!found && (entry = readdir(dir)) != NULL) {
		if (strncmp(entry->d_name, "dm-", 3) != 0 ||
		    strlen(entry->d_name) >= name_bytes)
			continue;
		format_path(
		    path, "%s/class/block/%s/dm/name", root, entry->d_name);
		found = read_file(path, text, sizeof(text)) &&
			strcmp(text, mapped) == 0;
		if (found)
			memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
	}
	(void)closedir(dir);
	return found;
}

bool
sysfs_find_node(const char *root, const char *node, char *name,
    size_t name_bytes, struct sysfs_number *ret_device)
{
	static const char devices[] = "/dev/", mapper[] = "/dev/mapper/";
	const size_t length = strlen(node);
	char path[PATH_MAX];

	if (strncmp(node, mapper, sizeof(mapper) - 1) == 0) {
		if (!find_mapped(
			root, node + sizeof(mapper) - 1, name, name_bytes))
			return false;
	} else {
		if (strncmp(node, devices, sizeof(devices) - 1) != 0 ||
		    length - (sizeof(devices) - 1) >= name_bytes)
			return false;
		memcpy(name, node + sizeof(devices) - 1,
		    length - (sizeof(devices) - 1) + 1);
		/* sysfs writes the slash of "cciss/c0d0" so. */
		for (char *c = name; *c != '\0'; c++)
			if (*c == '/')
				*c = '!';
	}
	format_path(path, "%s/class/block/%s/dev", root, name);
	return read_number(path, ret_device);
}
