#include "lib/worker/medium.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/os/device.h"
#include "lib/os/file.h"
#include "lib/worker/volume.h"

/* Whether the medium is the file system with that UUID. */
static enum reply_place
check_uuid(const struct job *job, int medium_fd, dev_t device)
{
	char path[IDENTITY_UUID_BYTES + 32], found[IDENTITY_UUID_BYTES];
	bool is_mount_point = false;
	struct error why = {0};
	struct stat st;

	if (strchr(job->uuid, '/') != NULL)
		return REPLY_PLACE_WRONG_MEDIUM;
	if (volume_read_uuid(medium_fd, found)) {
		if (identity_is_uuid(job->uuid, found))
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

/*
 * Nothing is mounted here.  An empty folder waits for its medium; one with
 * something in it stands in its place, and may be taken for it.
 */
static enum reply_place
place_of_bare(int medium_fd)
{
	const struct examine_ignore nothing = {0};

	return is_empty(medium_fd, &nothing) ? REPLY_PLACE_ABSENT
					     : REPLY_PLACE_WRONG_MEDIUM;
}

/*
 * The medium could be opened, the source on it not.  A folder that is not there
 * on what is known to be mounted is gone; where nothing is known, and nothing
 * else is there, it waits for its medium.
 */
static enum reply_place
place_of_source(const struct job *job, int medium_fd, int os_errno)
{
	if (os_errno != ENOENT && os_errno != ENOTDIR)
		return place_of_errno(os_errno);
	return job->uuid[0] != '\0' || job->is_mount_point ||
		       place_of_bare(medium_fd) != REPLY_PLACE_ABSENT
		   ? REPLY_PLACE_EMPTY
		   : REPLY_PLACE_ABSENT;
}

/* What is not known to be the medium is never read as if it were. */
static enum reply_place
place_of_sight(enum job_sight sight)
{
	switch (sight) {
	case JOB_SIGHT_CLEAR:
		return REPLY_PLACE_OK;
	case JOB_SIGHT_OTHER:
		return REPLY_PLACE_WRONG_MEDIUM;
	case JOB_SIGHT_DISPLACED:
		return REPLY_PLACE_ABSENT;
	case JOB_SIGHT_DOUBTFUL:
		break;
	}
	return REPLY_PLACE_UNREADABLE;
}

/*
 * What there is, or is not, says something of a copy only on the volume that it
 * was captured from.  Where the configuration names a UUID that one decides.
 */
static bool
is_other_volume(const struct job *job, const char *volume)
{
	return job->uuid[0] == '\0' && job->volume[0] != '\0' &&
	       volume[0] != '\0' && strcmp(job->volume, volume) != 0;
}

enum reply_place
medium_open(const struct job *job, const struct examine_ignore *ignore,
    char ret_volume[VOLUME_BYTES], int *ret_root_fd)
{
	int root_fd = -1;
	bool is_mount_point = false;
	struct error why = {0};
	enum reply_place place = REPLY_PLACE_OK;
	struct stat st;
	int medium_fd;

	ret_volume[0] = '\0';
	*ret_root_fd = -1;
	if (file_open_folder(job->medium_path, &medium_fd, &why) != 0)
		return place_of_errno(why.os_errno);
	if (fstat(medium_fd, &st) != 0 ||
	    (job->is_mount_point && device_is_mount_point(job->medium_path,
					&is_mount_point, &why) != 0))
		place = REPLY_PLACE_UNREADABLE;
	else if (job->is_mount_point && !is_mount_point)
		place = place_of_bare(medium_fd);
	else if (job->sight != JOB_SIGHT_CLEAR)
		place = place_of_sight(job->sight);
	else if (job->uuid[0] != '\0')
		place = check_uuid(job, medium_fd, st.st_dev);
	if (place == REPLY_PLACE_OK &&
	    file_open_below(medium_fd, job->source_path, O_RDONLY | O_DIRECTORY,
		&root_fd, &why) != 0)
		place = place_of_source(job, medium_fd, why.os_errno);
	else if (place == REPLY_PLACE_OK && job->kind != JOB_SCAN &&
		 job->kind != JOB_WITNESS && is_empty(root_fd, ignore))
		place = REPLY_PLACE_EMPTY;
	/* Of a path that need not be a mount nobody knows what it was. */
	if (job->is_mount_point &&
	    (place == REPLY_PLACE_OK || place == REPLY_PLACE_EMPTY))
		volume_identify(root_fd >= 0 ? root_fd : medium_fd, ret_volume);
	if (is_other_volume(job, ret_volume))
		place = REPLY_PLACE_WRONG_MEDIUM;
	(void)close(medium_fd);
	*ret_root_fd = root_fd;
	return place;
}
