#include "lib/worker/mount_record.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

#define RECORD_BYTES_MAX 64

/* By its id, which has no character that a path could be made of. */
static void
name_file(const char *medium, char path[PATH_MAX])
{
	(void)snprintf(path, PATH_MAX, MOUNT_RECORD_FOLDER "/%s", medium);
}

static int
parse(const char *text, struct mount_record *ret)
{
	char word[9] = "";
	int end = 0;

	if (sscanf(text, "%" SCNu32 ":%" SCNu32 " %8s%n", &ret->major,
		&ret->minor, word, &end) != 3 ||
	    strcmp(text + end, "\n") != 0)
		return -1;
	ret->was_read_only = strcmp(word, "shut") == 0;
	return ret->was_read_only || strcmp(word, "open") == 0 ? 0 : -1;
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
	rc = file_read_whole(fd, RECORD_BYTES_MAX, &text, err);
	(void)close(fd);
	if (rc == 0) {
		bytes_append_u8(&text, 0);
		rc = bytes_check(&text, err);
	}
	if (rc == 0 && parse((const char *)text.data, ret_record) != 0)
		rc = error_set(err, ERROR_INPUT,
		    _("what was noted of a mount cannot be read"));
	bytes_done(&text);
	return rc;
}

int
mount_record_write(int root_fd, const char *medium,
    const struct mount_record *record, struct error *err)
{
	char text[RECORD_BYTES_MAX], path[PATH_MAX];
	int length = snprintf(text, sizeof(text),
	    "%" PRIu32 ":%" PRIu32 " %s\n", record->major, record->minor,
	    record->was_read_only ? "shut" : "open");
	int fd, rc;

	name_file(medium, path);
	if (file_make_folders(root_fd, MOUNT_RECORD_FOLDER, 0755, err) != 0 ||
	    file_open_below(
		root_fd, path, O_WRONLY | O_CREAT | O_TRUNC, &fd, err) != 0)
		return -1;
	/* hikaed reads it. */
	(void)fchmod(fd, 0644);
	rc = file_write_all(fd, text, (size_t)length, err);
	(void)close(fd);
	return rc;
}

void
mount_record_remove(int root_fd, const char *medium)
{
	char path[PATH_MAX];

	name_file(medium, path);
	(void)unlinkat(root_fd, path, 0);
}
