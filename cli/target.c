#include "cli/target.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

/* Of a path in a sentence. */
#define SHOWN_PATH_BYTES 256

int
target_begin(struct target *target, const char *path, struct error *err)
{
	const char *slash = strrchr(path, '/');
	char *folder = slash != NULL ? strndup(path, (size_t)(slash - path) + 1)
				     : strdup(".");
	int rc = -1;

	*target = (struct target){.file = {.fd = -1}};
	if (folder == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (file_open_folder(folder, &target->folder_fd, err) == 0) {
		target->is_open = true;
		rc = file_replacement_begin(&target->file, target->folder_fd,
		    slash != NULL ? slash + 1 : path, 0640, err);
	}
	free(folder);
	return rc;
}

int
target_commit(struct target *target, struct error *err)
{
	return file_replacement_commit(&target->file, err);
}

void
target_close(struct target *target)
{
	if (!target->is_open)
		return;
	file_replacement_rollback(&target->file);
	(void)close(target->folder_fd);
	target->is_open = false;
}

int
target_write(
    const char *path, const void *data, size_t length, struct error *err)
{
	struct target target;
	int rc = -1;

	if (target_begin(&target, path, err) == 0 &&
	    file_write_all(target.file.fd, data, length, err) == 0)
		rc = target_commit(&target, err);
	target_close(&target);
	return rc;
}

int
target_blame(const char *path, struct error *err)
{
	char shown[SHOWN_PATH_BYTES];

	return error_prefix(
	    err, "%s", text_escape(shown, sizeof(shown), path, strlen(path)));
}
