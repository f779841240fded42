/* Keys and configuration, by stat(2) alone: nothing here can wait. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/selfcheck_internal.h"
#include "lib/os/file.h"

#define CONFIGURATION "etc/hikae"
/* Names in a folder that are looked at: more are no configuration of hikae. */
#define NAMES_MAX 1000

/*
 * Whether somebody can change it who is neither root nor hikaed.  A link says
 * nothing of what it leads to, and hikae follows none.
 */
static bool
is_exposed(const struct stat *st)
{
	if (S_ISLNK(st->st_mode))
		return false;
	return (st->st_uid != 0 && st->st_uid != geteuid()) ||
	       (st->st_mode & S_IWOTH) != 0 ||
	       ((st->st_mode & S_IWGRP) != 0 && st->st_gid != 0);
}

static void
look_at(int folder_fd, const char *name, const char *shown,
    struct selfcheck_files *files)
{
	struct stat st;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !is_exposed(&st))
		return;
	if (files->exposed++ == 0)
		(void)snprintf(files->first, sizeof(files->first), "%s", shown);
}

/* A folder and what is directly in it; folders in it are to be given too. */
static void
look_at_folder(int root_fd, const char *path, struct selfcheck_files *files)
{
	const struct dirent *entry;
	DIR *folder;
	unsigned count = 0;
	int fd = -1;

	if (file_open_below(root_fd, path, O_RDONLY | O_DIRECTORY, &fd, NULL) !=
	    0)
		return;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return;
	}
	while (count++ < NAMES_MAX && (entry = readdir(folder)) != NULL)
		if (strcmp(entry->d_name, ".") == 0)
			look_at(fd, ".", path, files);
		else if (strcmp(entry->d_name, "..") != 0)
			look_at(fd, entry->d_name, entry->d_name, files);
	(void)closedir(folder);
}

void
selfcheck_files_look(const struct service *service, struct selfcheck_files *ret)
{
	static const char *const folders[] = {CONFIGURATION,
	    CONFIGURATION "/conf.d", CONFIGURATION "/requirements.d",
	    CONFIGURATION "/drill.d"};
	struct error why = {0};

	*ret = (struct selfcheck_files){.exposed = 0};
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		look_at_folder(service->root_fd, folders[i], ret);
	if (keyring_check(service->state_fd, &why) == 0)
		return;
	/* What cannot be looked at now says nothing. */
	ret->is_key_exposed = why.code == ERROR_DENIED && why.os_errno == 0;
	ret->is_key_missing = why.code == ERROR_NOT_FOUND;
	(void)snprintf(ret->key_text, sizeof(ret->key_text), "%s", why.text);
}
