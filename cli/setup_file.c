#include "cli/setup_file.h"

#include <fcntl.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/ini.h"
#include "lib/model/config.h"
#include "lib/os/file.h"

#define FOLDER "etc/hikae"
#define NAME "hikae.conf"
#define KEPT_NAME "hikae.conf.bak"
#define MODE 0644

static int
open_folder(const struct cli *cli, int *ret_fd, struct error *err)
{
	int root_fd = -1, rc = -1;

	if (cli_open_root(cli, &root_fd, err) != 0)
		return -1;
	if (file_make_folders(root_fd, FOLDER, 0755, err) == 0 &&
	    file_open_below(
		root_fd, FOLDER, O_RDONLY | O_DIRECTORY, ret_fd, err) == 0)
		rc = 0;
	else
		(void)error_prefix(err, "%s", FOLDER);
	(void)close(root_fd);
	return rc;
}

/* The whole file as it is; *ret_exists false: there is none. */
static int
read_present(
    int folder_fd, struct bytes *out, bool *ret_exists, struct error *err)
{
	struct error why = {0};
	int fd = -1, rc;

	*ret_exists = false;
	if (file_open_below(folder_fd, NAME, O_RDONLY, &fd, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		return error_set(err, why.code, "%s: %s", NAME, why.text);
	}
	*ret_exists = true;
	rc = file_read_whole(fd, INI_FILE_MAX_BYTES, out, err);
	(void)close(fd);
	return rc;
}

static int
write_one(int folder_fd, const char *name, const struct bytes *text,
    struct error *err)
{
	struct file_replacement file = {0};
	int rc = -1;

	if (file_replacement_begin(&file, folder_fd, name, MODE, err) == 0 &&
	    file_write_all(file.fd, text->data, text->length, err) == 0 &&
	    file_replacement_commit(&file, err) == 0)
		rc = 0;
	else
		(void)error_prefix(err, "%s/%s", FOLDER, name);
	file_replacement_rollback(&file);
	return rc;
}

int
setup_file_check(
    const struct cli *cli, bool is_forced, bool *ret_exists, struct error *err)
{
	struct file_replacement trial = {0};
	struct bytes present = BYTES_EMPTY;
	int folder_fd = -1, rc = -1;

	if (open_folder(cli, &folder_fd, err) != 0 ||
	    read_present(folder_fd, &present, ret_exists, err) != 0)
		goto out;
	if (*ret_exists && !is_forced) {
		(void)error_set(err, ERROR_EXISTS,
		    _("there is a configuration already: %s; with --force it "
		      "is kept as %s and replaced"),
		    CONFIG_FILE, SETUP_FILE_KEPT);
		goto out;
	}
	rc = file_replacement_begin(&trial, folder_fd, NAME, MODE, err);
	if (rc != 0)
		(void)error_prefix(err, "%s", FOLDER);
	file_replacement_rollback(&trial);
out:
	bytes_done(&present);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	return rc;
}

int
setup_file_write(
    const struct cli *cli, const struct bytes *text, struct error *err)
{
	struct bytes present = BYTES_EMPTY;
	int folder_fd = -1, rc = -1;
	bool exists;

	if (open_folder(cli, &folder_fd, err) != 0 ||
	    read_present(folder_fd, &present, &exists, err) != 0 ||
	    (exists && write_one(folder_fd, KEPT_NAME, &present, err) != 0))
		goto out;
	rc = write_one(folder_fd, NAME, text, err);
out:
	bytes_done(&present);
	if (folder_fd >= 0)
		(void)close(folder_fd);
	return rc;
}
