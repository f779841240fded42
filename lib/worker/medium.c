#include "lib/worker/medium.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/btrfs.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/os/device.h"
#include "lib/os/file.h"
#include "lib/os/udevdb.h"

/* Btrfs gives each subvolume a device of its own; it tells its UUID itself. */
static bool
is_btrfs(int medium_fd, uint8_t ret_uuid[BTRFS_FSID_SIZE])
{
	struct btrfs_ioctl_fs_info_args info = {0};
	struct statfs fs;

	if (fstatfs(medium_fd, &fs) != 0 || fs.f_type != BTRFS_SUPER_MAGIC ||
	    ioctl(medium_fd, BTRFS_IOC_FS_INFO, &info) != 0)
		return false;
	memcpy(ret_uuid, info.fsid, BTRFS_FSID_SIZE);
	return true;
}

/* A UUID's digits, without its hyphens and in lower case. */
static void
plain_digits(const char *text, char *room, size_t size)
{
	size_t length = 0;

	for (; *text != '\0' && length + 1 < size; text++)
		if (*text != '-')
			room[length++] = (char)tolower((unsigned char)*text);
	room[length] = '\0';
}

static bool
is_same_uuid(const char *one, const char *other)
{
	char digits[2][JOB_UUID_BYTES];

	plain_digits(one, digits[0], sizeof(digits[0]));
	plain_digits(other, digits[1], sizeof(digits[1]));
	return strcmp(digits[0], digits[1]) == 0;
}

/*
 * The UUID of the file system; false where it cannot be told.  It is udev's
 * word, because the service sees no devices (PrivateDevices).
 */
static bool
read_uuid(int medium_fd, dev_t device, char found[JOB_UUID_BYTES])
{
	uint8_t fsid[BTRFS_FSID_SIZE];
	struct udevdb_record record;

	if (is_btrfs(medium_fd, fsid)) {
		bytes_format_hex(fsid, sizeof(fsid), found);
		return true;
	}
	return udevdb_read(
		   UDEVDB_PATH, major(device), minor(device), &record) &&
	       udevdb_get(&record, "ID_FS_UUID", found, JOB_UUID_BYTES);
}

/* Whether the medium is the file system with that UUID. */
static enum reply_place
check_uuid(const struct job *job, int medium_fd, dev_t device)
{
	char path[JOB_UUID_BYTES + 32], found[JOB_UUID_BYTES];
	bool is_mount_point = false;
	struct error why = {0};
	struct stat st;

	if (strchr(job->uuid, '/') != NULL)
		return REPLY_PLACE_WRONG_MEDIUM;
	if (read_uuid(medium_fd, device, found)) {
		if (is_same_uuid(job->uuid, found))
			return REPLY_PLACE_OK;
		/* What is there without a mount is no medium at all. */
		return device_is_mount_point(
			   job->medium_path, &is_mount_point, &why) == 0 &&
			       !is_mount_point
			   ? REPLY_PLACE_ABSENT
			   : REPLY_PLACE_WRONG_MEDIUM;
	}
	/* Without udev's database there may still be somebody's links. */
	(void)snprintf(path, sizeof(path), "/dev/disk/by-uuid/%s", job->uuid);
	if (stat(path, &st) != 0)
		return REPLY_PLACE_ABSENT;
	return st.st_rdev == device ? REPLY_PLACE_OK : REPLY_PLACE_WRONG_MEDIUM;
}

static enum reply_place
place_of_errno(int os_errno)
{
	if (os_errno == ENOENT || os_errno == ENOTDIR || os_errno == ENXIO ||
	    os_errno == ENODEV || os_errno == ENOMEDIUM)
		return REPLY_PLACE_ABSENT;
	return REPLY_PLACE_UNREADABLE;
}

/*
 * Whether the source holds no name that counts: then nothing is mounted here,
 * or the wrong thing, and that a copy is not there says nothing about it.
 */
static bool
is_empty(int root_fd, const struct examine_ignore *ignore)
{
	struct error why = {0};
	const struct dirent *entry;
	bool is_empty = true;
	DIR *folder;
	int fd;

	/* Looking leaves no trace on the medium (law 6). */
	if (file_open_below(root_fd, ".", O_RDONLY | O_DIRECTORY | O_NOATIME,
		&fd, &why) != 0)
		return false;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return false;
	}
	errno = 0;
	while (is_empty && (entry = readdir(folder)) != NULL)
		is_empty = strcmp(entry->d_name, ".") == 0 ||
			   strcmp(entry->d_name, "..") == 0 ||
			   examine_is_ignored(ignore, entry->d_name);
	is_empty = is_empty && errno == 0;
	(void)closedir(folder);
	return is_empty;
}

enum reply_place
medium_open(const struct job *job, const struct examine_ignore *ignore,
    int *ret_root_fd)
{
	int root_fd = -1;
	bool is_mount_point = false;
	struct error why = {0};
	enum reply_place place = REPLY_PLACE_OK;
	struct stat st;
	int medium_fd;

	if (file_open_folder(job->medium_path, &medium_fd, &why) != 0)
		return place_of_errno(why.os_errno);
	if (fstat(medium_fd, &st) != 0 ||
	    (job->is_mount_point && device_is_mount_point(job->medium_path,
					&is_mount_point, &why) != 0))
		place = REPLY_PLACE_UNREADABLE;
	else if (job->is_mount_point && !is_mount_point)
		place = REPLY_PLACE_WRONG_MEDIUM;
	else if (job->uuid[0] != '\0')
		place = check_uuid(job, medium_fd, st.st_dev);
	if (place == REPLY_PLACE_OK &&
	    file_open_below(medium_fd, job->source_path, O_RDONLY | O_DIRECTORY,
		&root_fd, &why) != 0)
		place = place_of_errno(why.os_errno);
	else if (place == REPLY_PLACE_OK && job->kind != JOB_SCAN &&
		 is_empty(root_fd, ignore))
		place = REPLY_PLACE_EMPTY;
	(void)close(medium_fd);
	*ret_root_fd = root_fd;
	return place;
}
