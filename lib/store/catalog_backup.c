#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/store/catalog.h"
#include "lib/store/store.h"

/* The folder of a path, as text with its NUL. */
static void
append_folder(struct bytes *out, const char *path)
{
	const char *slash = strrchr(path, '/');

	if (slash == NULL)
		bytes_append_text(out, ".");
	else
		bytes_append(out, path, (size_t)(slash - path) + 1);
	bytes_append_u8(out, 0);
}

static int
sync_file(const char *path, struct error *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	int rc = 0;

	if (fd < 0 || fchmod(fd, 0640) != 0 || fsync(fd) != 0)
		rc = error_set_errno(
		    err, errno, _("cannot write the catalog's backup"));
	if (fd >= 0)
		(void)close(fd);
	return rc;
}

/* The folder of a path, which can be written: SQLite would not say why not. */
static int
open_folder(const char *path, int *ret_fd, struct error *err)
{
	struct bytes folder = BYTES_EMPTY;
	int fd = -1, rc = -1;

	append_folder(&folder, path);
	if (bytes_check(&folder, err) != 0 ||
	    file_open_folder((const char *)folder.data, &fd, err) != 0)
		goto out;
	if (faccessat(fd, ".", W_OK | X_OK, AT_EACCESS) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot write the catalog's backup"));
		(void)close(fd);
		goto out;
	}
	*ret_fd = fd;
	rc = 0;
out:
	bytes_done(&folder);
	return rc;
}

static int
put_in_place(
    int folder_fd, const char *temporary, const char *path, struct error *err)
{
	if (rename(temporary, path) != 0)
		return error_set_errno(
		    err, errno, _("cannot write the catalog's backup"));
	return file_sync_folder(folder_fd, err);
}

/* SQLite's VACUUM INTO writes one file with a rollback journal (none left). */
static int
copy_into(struct catalog *catalog, const char *path, struct error *err)
{
	struct sql_query *query = NULL;
	int rc;

	if (sql_prepare(catalog->sql, "VACUUM INTO ?1", &query, err) != 0)
		return -1;
	rc = sql_run(query, err, "t", path);
	sql_finalize(query);
	return rc;
}

int
catalog_backup(struct catalog *catalog, const char *path, struct error *err)
{
	struct bytes temporary = BYTES_EMPTY;
	const char *name;
	int folder_fd = -1, rc = -1;

	bytes_append_format(&temporary, "%s.tmp", path);
	bytes_append_u8(&temporary, 0);
	if (bytes_check(&temporary, err) != 0 ||
	    open_folder(path, &folder_fd, err) != 0)
		goto out;
	name = (const char *)temporary.data;
	(void)unlink(name); /* what an interrupted backup left */
	if (copy_into(catalog, name, err) != 0 || sync_file(name, err) != 0 ||
	    put_in_place(folder_fd, name, path, err) != 0) {
		(void)unlink(name);
		goto out;
	}
	rc = 0;
out:
	if (folder_fd >= 0)
		(void)close(folder_fd);
	bytes_done(&temporary);
	return rc;
}
