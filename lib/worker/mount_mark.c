#include "lib/worker/mount_mark.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/sysfs.h"
#include "lib/os/udevdb.h"

#define BLOCKS_MAX 4096

/*
 * How libblkid prints what the file systems have that hikae mounts
 * (util-linux, libblkid/src/superblocks): x is a digit in lower case, X one in
 * upper case.
 */
static const char *const forms[] = {
    "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx", /* ext, XFS, btrfs, F2FS */
    "XXXX-XXXX",			    /* FAT, exFAT */
    "XXXXXXXXXXXXXXXX",			    /* NTFS */
    "xxxxxxxxxxxxxxxx",			    /* UDF */
    "xxxx-xx-xx-xx-xx-xx-xx",		    /* ISO 9660: a time */
};
#define FORMS (sizeof(forms) / sizeof(forms[0]))

static size_t
count_digits(const char *text)
{
	size_t digits = 0;

	for (; *text != '\0'; text++)
		digits += *text != '-';
	return digits;
}

static void
fill_form(const char *form, const char *uuid, char *ret_name)
{
	for (; *form != '\0'; form++) {
		if (*form == '-') {
			*ret_name++ = '-';
			continue;
		}
		uuid += strspn(uuid, "-");
		*ret_name++ =
		    (char)(*form == 'X' ? toupper((unsigned char)*uuid)
					: tolower((unsigned char)*uuid));
		uuid++;
	}
	*ret_name = '\0';
}

void
mount_mark_name(const char *uuid, struct mount_mark_names *ret)
{
	const size_t length = strlen(uuid), digits = count_digits(uuid);

	*ret = (struct mount_mark_names){.count = 0};
	if (length >= IDENTITY_UUID_BYTES || digits == 0 ||
	    strspn(uuid, "0123456789ABCDEFabcdef-") != length)
		return;
	memcpy(ret->names[ret->count++], uuid, length + 1);
	for (size_t i = 0; i < FORMS; i++)
		if (count_digits(forms[i]) == digits)
			fill_form(forms[i], uuid, ret->names[ret->count++]);
}

static bool
is_of(const struct config_medium *medium, const char *name)
{
	struct mount_mark_names names;

	if (medium->mount != CONFIG_MOUNT_HIKAE)
		return false;
	mount_mark_name(medium->uuid, &names);
	for (size_t i = 0; i < names.count; i++)
		if (strcmp(names.names[i], name) == 0)
			return true;
	return false;
}

static bool
is_wanted(const struct config *config, const char *name)
{
	for (size_t i = 0; i < config->medium_count; i++)
		if (is_of(&config->media[i], name))
			return true;
	return false;
}

static int
open_folder(int root_fd, DIR **ret_folder, struct error *err)
{
	int fd;

	if (file_open_below(root_fd, MOUNT_MARK_FOLDER, O_RDONLY | O_DIRECTORY,
		&fd, err) != 0)
		return -1;
	*ret_folder = fdopendir(fd);
	if (*ret_folder != NULL)
		return 0;
	(void)close(fd);
	return error_set(err, ERROR_INTERNAL, _("out of memory"));
}

static const struct dirent *
next_name(DIR *folder)
{
	const struct dirent *entry;

	do
		entry = readdir(folder);
	while (entry != NULL && entry->d_name[0] == '.');
	return entry;
}

static int
remove_others(DIR *folder, const struct config *config, struct error *err)
{
	const struct dirent *entry;

	while ((entry = next_name(folder)) != NULL)
		if (!is_wanted(config, entry->d_name) &&
		    unlinkat(dirfd(folder), entry->d_name, 0) != 0)
			return error_set_errno(err, errno, MOUNT_MARK_FOLDER);
	return 0;
}

static int
make_one(DIR *folder, const char *name, struct error *err)
{
	int fd;

	if (file_open_below(
		dirfd(folder), name, O_WRONLY | O_CREAT, &fd, err) != 0)
		return error_prefix(err, MOUNT_MARK_FOLDER);
	(void)close(fd);
	return 0;
}

int
mount_mark_renew(int root_fd, const struct config *config, struct error *err)
{
	struct mount_mark_names names;
	DIR *folder = NULL;
	int rc;

	if (file_make_folders(root_fd, MOUNT_MARK_FOLDER, 0755, err) != 0 ||
	    open_folder(root_fd, &folder, err) != 0)
		return -1;
	rc = remove_others(folder, config, err);
	for (size_t i = 0; i < config->medium_count; i++) {
		if (config->media[i].mount != CONFIG_MOUNT_HIKAE)
			continue;
		mount_mark_name(config->media[i].uuid, &names);
		for (size_t j = 0; j < names.count && rc == 0; j++)
			rc = make_one(folder, names.names[j], err);
	}
	(void)closedir(folder);
	return rc;
}

bool
mount_mark_is_any(int root_fd)
{
	struct error why = {0};
	DIR *folder;
	bool is_any;

	if (open_folder(root_fd, &folder, &why) != 0)
		return why.code != ERROR_NOT_FOUND;
	is_any = next_name(folder) != NULL;
	(void)closedir(folder);
	return is_any;
}

/* Does udev know of the device what the configuration says? */
static bool
is_known(const struct udevdb_record *record, const struct config *config)
{
	char usage[sizeof("filesystem")], uuid[IDENTITY_UUID_BYTES], value[2];
	const bool is_marked =
	    udevdb_get(record, MOUNT_MARK_PROPERTY, value, sizeof(value));

	return is_marked ==
	       (udevdb_get(record, "ID_FS_USAGE", usage, sizeof(usage)) &&
		   strcmp(usage, "filesystem") == 0 &&
		   udevdb_get(record, "ID_FS_UUID", uuid, sizeof(uuid)) &&
		   is_wanted(config, uuid));
}

/* As `udevadm trigger` does it (the kernel's Documentation/ABI/testing). */
static void
ask_again(const char *sysfs, struct sysfs_number device)
{
	static const char event[] = "change\n";
	char folder[PATH_MAX], path[PATH_MAX + sizeof("/uevent")];
	int fd;

	if (!sysfs_find_folder(sysfs, device, folder, sizeof(folder)))
		return;
	(void)snprintf(path, sizeof(path), "%s/uevent", folder);
	fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0)
		return;
	(void)!write(fd, event, strlen(event));
	(void)close(fd);
}

void
mount_mark_tell(
    const struct identity_kernel *kernel, const struct config *config)
{
	const char *sysfs = kernel->kernel.sysfs;
	struct sysfs_number *all = calloc(BLOCKS_MAX, sizeof(*all));
	struct udevdb_record *record = calloc(1, sizeof(*record));
	size_t count = 0;

	if (all != NULL && record != NULL)
		count = sysfs_list_blocks(sysfs, all, BLOCKS_MAX);
	for (size_t i = 0; i < count && i < BLOCKS_MAX; i++)
		if (udevdb_read(
			kernel->udev, all[i].major, all[i].minor, record) &&
		    !is_known(record, config))
			ask_again(sysfs, all[i]);
	free(record);
	free(all);
}
