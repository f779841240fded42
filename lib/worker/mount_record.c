#include "lib/worker/mount_record.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

#define RECORD_BYTES_MAX (PATH_MAX + 256)

/* By its id, which has no character that a path could be made of. */
static void
name_file(const char *medium, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, MOUNT_RECORD_FOLDER "/%s", medium);
}

/* The first line: device, switch, and what tells the device from the next. */
static int
parse_device(const char *line, struct mount_record *ret)
{
	struct presence *device = &ret->device;
	char word[5] = "";
	int end = 0;

	if (sscanf(line,
		"%" SCNu32 ":%" SCNu32 " %4[a-z] %" SCNu64 " %" SCNu64
		" %36[0-9a-f-]%n",
		&device->major, &device->minor, word, &device->folder,
		&device->disk_sequence, device->boot, &end) != 6 ||
	    line[end] != '\0' ||
	    strlen(device->boot) != PRESENCE_BOOT_BYTES - 1)
		return -1;
	ret->was_read_only = strcmp(word, "shut") == 0;
	return ret->was_read_only || strcmp(word, "open") == 0 ? 0 : -1;
}

/* Two lines, and nothing else. */
static int
parse(char *text, struct mount_record *ret)
{
	char *path = strchr(text, '\n'), *end;

	if (path == NULL)
		return -1;
	*path++ = '\0';
	end = strchr(path, '\n');
	if (end == NULL || end[1] != '\0' || path[0] != '/' ||
	    (size_t)(end - path) >= sizeof(ret->path))
		return -1;
	*end = '\0';
	memcpy(ret->path, path, strlen(path) + 1);
	return parse_device(text, ret);
}

static int
check_owner(int fd, struct error *err)
{
	struct stat facts;

	if (fstat(fd, &facts) != 0)
		return error_set_errno(
		    err, errno, _("what was noted of a mount"));
	if ((facts.st_uid != 0 && facts.st_uid != geteuid()) ||
	    (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(err, ERROR_DENIED,
		    _("what was noted of a mount can be changed by others"));
	return 0;
}

int
mount_record_read(int root_fd, const char *medium,
    struct mount_record *ret_record, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	char path[PATH_MAX];
	int fd, rc;

	name_file(medium, path);
	if (file_open_below(root_fd, path, O_RDONLY, &fd, err) != 0)
		return -1;
	rc = check_owner(fd, err);
	if (rc == 0)
		rc = file_read_whole(fd, RECORD_BYTES_MAX, &text, err);
	(void)close(fd);
	if (rc == 0) {
		bytes_append_u8(&text, 0);
		rc = bytes_check(&text, err);
	}
	if (rc == 0 && parse((char *)text.data, ret_record) != 0)
		rc = error_set(err, ERROR_INPUT,
		    _("what was noted of a mount cannot be read"));
	bytes_done(&text);
	return rc;
}

static int
open_folder(int root_fd, int *ret_fd, struct error *err)
{
	return file_open_below(
	    root_fd, MOUNT_RECORD_FOLDER, O_RDONLY | O_DIRECTORY, ret_fd, err);
}

int
mount_record_write(int root_fd, const char *medium,
    const struct mount_record *record, struct error *err)
{
	struct file_replacement replacement = {0};
	const struct presence *device = &record->device;
	char text[RECORD_BYTES_MAX];
	int length = snprintf(text, sizeof(text),
	    "%" PRIu32 ":%" PRIu32 " %s %" PRIu64 " %" PRIu64 " %s\n%s\n",
	    device->major, device->minor,
	    record->was_read_only ? "shut" : "open", device->folder,
	    device->disk_sequence, device->boot, record->path);
	int folder_fd, rc = -1;

	if (length < 0 || (size_t)length >= sizeof(text))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	if (strchr(record->path, '\n') != NULL)
		return error_set(
		    err, ERROR_INPUT, _("a path has more than one line"));
	if (file_make_folders(root_fd, MOUNT_RECORD_FOLDER, 0755, err) != 0 ||
	    open_folder(root_fd, &folder_fd, err) != 0)
		return -1;
	/* hikaed reads it. */
	if (file_replacement_begin(
		&replacement, folder_fd, medium, 0644, err) == 0 &&
	    file_write_all(replacement.fd, text, (size_t)length, err) == 0 &&
	    file_replacement_commit(&replacement, err) == 0)
		rc = 0;
	file_replacement_rollback(&replacement);
	(void)close(folder_fd);
	return rc;
}

int
mount_record_remove(int root_fd, const char *medium, struct error *err)
{
	char path[PATH_MAX];

	name_file(medium, path);
	if (unlinkat(root_fd, path, 0) == 0 || errno == ENOENT)
		return 0;
	return error_set_errno(
	    err, errno, _("cannot remove what was noted of a mount"));
}

int
mount_record_each(
    int root_fd, mount_record_each_fn *each, void *context, struct error *err)
{
	struct error why = {0};
	const struct dirent *entry;
	DIR *folder;
	int fd, rc = 0;

	if (open_folder(root_fd, &fd, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	/* No id begins with a dot; what is being replaced does. */
	while (rc == 0 && (entry = readdir(folder)) != NULL)
		if (entry->d_name[0] != '.')
			rc = each(context, entry->d_name, err);
	(void)closedir(folder);
	return rc;
}
