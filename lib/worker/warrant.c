#include "lib/worker/warrant.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

static int
check_owner(int folder_fd, const char *name, struct error *err)
{
	struct stat facts;

	if (fstatat(folder_fd, name, &facts, AT_SYMLINK_NOFOLLOW) != 0)
		return error_set_errno(
		    err, errno, _("cannot look at the configuration"));
	if (facts.st_uid != 0 || (facts.st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return error_set(err, ERROR_DENIED,
		    _("the configuration can be changed by others than root: "
		      "what it says of mounting and writing does not count"));
	return 0;
}

/* Drop-ins, as many as there are; without a folder there are none. */
static int
check_folder(int root_fd, struct error *err)
{
	struct error why = {0};
	const struct dirent *entry;
	DIR *folder;
	int fd, rc = 0;

	if (file_open_below(root_fd, CONFIG_FOLDER, O_RDONLY | O_DIRECTORY, &fd,
		&why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		*err = why;
		return -1;
	}
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	while (rc == 0 && (entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, "..") != 0)
			rc = check_owner(fd, entry->d_name, err);
	(void)closedir(folder);
	return rc;
}

int
warrant_load(const char *root, struct config **ret_config, struct error *err)
{
	struct config_problems problems = {.count = 0};
	int root_fd, rc = -1;

	if (file_open_folder(root, &root_fd, err) != 0)
		return -1;
	if (check_owner(root_fd, "etc", err) != 0 ||
	    check_owner(root_fd, "etc/hikae", err) != 0 ||
	    check_owner(root_fd, CONFIG_FILE, err) != 0 ||
	    check_folder(root_fd, err) != 0)
		goto out;
	if (config_load(root_fd, ret_config, &problems) == 0)
		rc = 0;
	else
		(void)error_set(
		    err, ERROR_CONFIG, _("the configuration has problems"));
	config_problems_done(&problems);
out:
	(void)close(root_fd);
	return rc;
}
