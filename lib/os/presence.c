#include "lib/os/presence.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/sysfs.h"

const struct presence_kernel presence_running_kernel = {
    .sysfs = "/sys", .boot = "/proc/sys/kernel/random/boot_id"};

/* 0, or an errno value. */
static int
read_boot(const char *path, char boot[PRESENCE_BOOT_BYTES])
{
	const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	const int os_errno = errno;
	ssize_t length;

	if (fd < 0)
		return os_errno;
	length = read(fd, boot, PRESENCE_BOOT_BYTES - 1);
	(void)close(fd);
	if (length != PRESENCE_BOOT_BYTES - 1)
		return EIO;
	boot[length] = '\0';
	return strspn(boot, "0123456789abcdef-") == (size_t)length ? 0 : EIO;
}

/*
 * The device's folder: 0 with its inode number, ENOENT where the kernel has no
 * such device, or why that cannot be told.
 */
static int
look_at_folder(
    const char *sysfs, uint32_t major, uint32_t minor, uint64_t *ret_folder)
{
	char path[PATH_MAX];
	struct stat facts;
	int length;

	length = snprintf(path, sizeof(path),
	    "%s/dev/block/%" PRIu32 ":%" PRIu32, sysfs, major, minor);
	if (length < 0 || (size_t)length >= sizeof(path))
		return ENAMETOOLONG;
	if (stat(path, &facts) == 0) {
		*ret_folder = facts.st_ino;
		return 0;
	}
	if (errno != ENOENT)
		return errno;
	/* Where there is no list, that something is not in it says nothing. */
	(void)snprintf(path, sizeof(path), "%s/dev/block", sysfs);
	return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode) ? ENOENT
								 : ENOTDIR;
}

/* Of a partition, its disk's. */
static uint64_t
read_sequence(const char *sysfs, struct sysfs_number number)
{
	char text[32], rest;
	uint64_t sequence;

	if (!sysfs_read(sysfs, number, "diskseq", text, sizeof(text)) &&
	    (!sysfs_find_parent(sysfs, number, &number) ||
		!sysfs_read(sysfs, number, "diskseq", text, sizeof(text))))
		return 0;
	return sscanf(text, "%" SCNu64 "%c", &sequence, &rest) == 1 ? sequence
								    : 0;
}

int
presence_take(const struct presence_kernel *kernel, uint32_t major,
    uint32_t minor, struct presence *ret, struct error *err)
{
	struct presence taken = {.major = major, .minor = minor};
	int os_errno =
	    look_at_folder(kernel->sysfs, major, minor, &taken.folder);

	if (os_errno == ENOENT)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such block device"));
	if (os_errno == 0)
		os_errno = read_boot(kernel->boot, taken.boot);
	if (os_errno != 0) {
		(void)error_set_errno(err, os_errno,
		    _("the kernel does not tell which device it is"));
		if (err != NULL)
			err->code = ERROR_UNAVAILABLE;
		return -1;
	}
	taken.disk_sequence =
	    read_sequence(kernel->sysfs, (struct sysfs_number){major, minor});
	*ret = taken;
	return 0;
}

enum presence_now
presence_compare(
    const struct presence_kernel *kernel, const struct presence *then)
{
	struct presence now;
	struct error why = {0};
	char boot[PRESENCE_BOOT_BYTES];

	if (read_boot(kernel->boot, boot) != 0)
		return PRESENCE_UNDETERMINED;
	/* What that start of the machine knew of devices ended with it. */
	if (strcmp(boot, then->boot) != 0)
		return PRESENCE_GONE;
	if (presence_take(kernel, then->major, then->minor, &now, &why) != 0)
		return why.code == ERROR_NOT_FOUND ? PRESENCE_GONE
						   : PRESENCE_UNDETERMINED;
	if (now.folder != then->folder)
		return PRESENCE_GONE;
	if (then->disk_sequence == 0 ||
	    now.disk_sequence == then->disk_sequence)
		return PRESENCE_SAME;
	return now.disk_sequence == 0 ? PRESENCE_UNDETERMINED
				      : PRESENCE_OTHER_MEDIUM;
}

int
presence_find_node(const struct presence_kernel *kernel,
    const struct presence *device, char node[PRESENCE_NODE_BYTES],
    struct error *err)
{
	const struct sysfs_number number = {device->major, device->minor};
	char folder[PATH_MAX];
	const char *name;
	int length;

	if (!sysfs_find_folder(kernel->sysfs, number, folder, sizeof(folder)))
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such block device"));
	name = strrchr(folder, '/') + 1;
	length = snprintf(node, PRESENCE_NODE_BYTES, "/dev/%s", name);
	if (length < 0 || length >= PRESENCE_NODE_BYTES)
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	/* sysfs writes the slash of "cciss/c0d0" so. */
	for (char *c = node; *c != '\0'; c++)
		if (*c == '!')
			*c = '/';
	return 0;
}
