#include "cli/journal_source.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

#define SHOWN_BYTES 256

/* 1: it is a folder, and its journal is open; 0: it is none. */
static int
open_folder(
    const char *path, int fd, struct journal_parts *parts, struct error *err)
{
	char shown[SHOWN_BYTES];
	struct stat st;

	if (fstat(fd, &st) != 0 || !S_ISDIR(st.st_mode))
		return 0;
	if (journal_parts_open(fd, parts, err) == 0)
		return 1;
	return error_prefix(
	    err, "%s", text_escape(shown, sizeof(shown), path, strlen(path)));
}

int
journal_source_open(const char *const *paths, size_t count,
    struct journal_parts *ret_parts, struct error *err)
{
	int fd, is_folder;

	*ret_parts = (struct journal_parts){.count = 0};
	if (count > JOURNAL_PARTS_MAX)
		return error_set(
		    err, ERROR_LIMIT, _("the journal is in too many pieces"));
	for (size_t i = 0; i < count; i++) {
		if (cli_open_file(paths[i], &fd, err) != 0)
			return -1;
		is_folder =
		    count > 1 ? 0 : open_folder(paths[i], fd, ret_parts, err);
		if (is_folder != 0) {
			(void)close(fd);
			return is_folder < 0 ? -1 : 0;
		}
		ret_parts->fds[ret_parts->count++] = fd;
	}
	return 0;
}
