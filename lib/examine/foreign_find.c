#include "lib/examine/foreign_find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/examine/copy.h"
#include "lib/os/file.h"

static const char *const algorithm_names[] = {
    "md5", "sha1", "sha224", "sha256", "sha384", "sha512"};
#define ALGORITHM_NAMES (sizeof(algorithm_names) / sizeof(algorithm_names[0]))

/* "SHA256SUMS", "sha256sum.txt", ...: ALGORITHM sum [s] [.txt]. */
static bool
is_sums(const char *name)
{
	for (size_t i = 0; i < ALGORITHM_NAMES; i++) {
		const char *rest = name + strlen(algorithm_names[i]);

		if (strncasecmp(name, algorithm_names[i],
			strlen(algorithm_names[i])) != 0 ||
		    strncasecmp(rest, "sum", 3) != 0)
			continue;
		rest += 3;
		if (*rest == 's' || *rest == 'S')
			rest++;
		if (*rest == '\0' || strcasecmp(rest, ".txt") == 0)
			return true;
	}
	return false;
}

/* "NAME.sha256": the length of NAME, or 0. */
static size_t
sidecar_stem(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (dot == NULL)
		return 0;
	for (size_t i = 0; i < ALGORITHM_NAMES; i++)
		if (strcasecmp(dot + 1, algorithm_names[i]) == 0)
			return (size_t)(dot - name);
	return 0;
}

/* RFC 8493 sections 2.1.3 and 2.2.1. */
static bool
is_bag_manifest(const char *name)
{
	size_t length = strlen(name);

	if (length < 4 || strcmp(name + length - 4, ".txt") != 0)
		return false;
	return strncmp(name, "manifest-", 9) == 0 ||
	       strncmp(name, "tagmanifest-", 12) == 0;
}

/* Whether the name is one of a list, and of which kind. */
static bool
kind_of(const char *name, bool is_bag, enum foreign_kind *ret_kind)
{
	if (is_sums(name))
		*ret_kind = FOREIGN_SUMS;
	else if (sidecar_stem(name) > 0)
		*ret_kind = FOREIGN_SIDECAR;
	else if (is_bag && is_bag_manifest(name))
		*ret_kind = FOREIGN_BAGIT;
	else if (is_bag && strcmp(name, "bag-info.txt") == 0)
		*ret_kind = FOREIGN_BAG_INFO;
	else if (strcmp(name, "backup_manifest") == 0)
		*ret_kind = FOREIGN_POSTGRESQL;
	else
		return false;
	return true;
}

/* Whether a list is about the file that it lies beside. */
static bool
is_about(const struct foreign_list *list, const char *name)
{
	size_t length = strlen(name);

	if (list->kind == FOREIGN_SUMS)
		return true;
	return list->kind == FOREIGN_SIDECAR &&
	       sidecar_stem(list->name) == length &&
	       strncmp(list->name, name, length) == 0;
}

/* Whether there is a regular file of that name; its time may be NULL. */
static bool
is_regular(int folder_fd, const char *name, int64_t *ret_time)
{
	struct stat st;

	if (fstatat(folder_fd, name, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
	    !S_ISREG(st.st_mode))
		return false;
	if (ret_time != NULL)
		*ret_time = st.st_mtim.tv_sec;
	return true;
}

/* pg_basebackup -Ft: archives in the place of files, as pg_basebackup(1) names
 * them. */
static bool
is_tar_backup(int folder_fd)
{
	return is_regular(folder_fd, "base.tar", NULL) ||
	       is_regular(folder_fd, "base.tar.gz", NULL) ||
	       is_regular(folder_fd, "base.tar.lz4", NULL) ||
	       is_regular(folder_fd, "base.tar.zst", NULL);
}

/* The array's room is a power of two. */
static int
add_list(struct foreign_lists *lists, const struct foreign_list *list,
    struct error *err)
{
	struct foreign_list *items = lists->items;

	if (lists->count == FOREIGN_LISTS_MAX) {
		lists->has_more = true;
		return 0;
	}
	if ((lists->count & (lists->count - 1)) == 0)
		items = reallocarray(items,
		    lists->count > 0 ? 2 * lists->count : 1, sizeof(*items));
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	lists->items = items;
	lists->items[lists->count++] = *list;
	return 0;
}

static int
look_at(const struct copy *copy, const char *name, bool is_bag,
    struct foreign_lists *lists, struct error *err)
{
	struct foreign_list list = {0};

	if (strlen(name) >= sizeof(list.name) ||
	    !kind_of(name, is_bag, &list.kind))
		return 0;
	(void)snprintf(list.name, sizeof(list.name), "%s", name);
	if ((copy->name != NULL && !is_about(&list, copy->name)) ||
	    !is_regular(copy->fd, name, &list.time_seconds))
		return 0;
	list.is_opaque =
	    list.kind == FOREIGN_POSTGRESQL && is_tar_backup(copy->fd);
	return add_list(lists, &list, err);
}

void
foreign_lists_done(struct foreign_lists *lists)
{
	free(lists->items);
	*lists = (struct foreign_lists){0};
}

int
foreign_find(int root_fd, const char *locator, bool is_file,
    struct foreign_lists *ret_lists, struct error *err)
{
	struct copy copy = COPY_CLOSED;
	DIR *folder = NULL;
	struct dirent *entry;
	bool is_bag;
	int fd, rc = -1;

	*ret_lists = (struct foreign_lists){0};
	if (copy_open(&copy, root_fd, locator, is_file, err) != 0)
		return -1;
	is_bag = !is_file && is_regular(copy.fd, "bagit.txt", NULL);
	/* Looking leaves no trace on the medium (law 6). */
	if (file_open_below(copy.fd, ".", O_RDONLY | O_DIRECTORY | O_NOATIME,
		&fd, err) != 0)
		goto out;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)error_set_errno(err, errno, _("cannot list a folder"));
		(void)close(fd);
		goto out;
	}
	while (errno = 0, (entry = readdir(folder)) != NULL)
		if (look_at(&copy, entry->d_name, is_bag, ret_lists, err) != 0)
			goto out;
	if (errno != 0) {
		(void)error_set_errno(err, errno, _("cannot list a folder"));
		goto out;
	}
	rc = 0;
out:
	if (folder != NULL)
		(void)closedir(folder);
	copy_close(&copy);
	if (rc != 0)
		foreign_lists_done(ret_lists);
	return rc;
}

bool
foreign_has_lists(int root_fd, const char *locator, bool is_file)
{
	struct foreign_lists lists;
	bool has_some;

	if (foreign_find(root_fd, locator, is_file, &lists, NULL) != 0)
		return false;
	has_some = lists.count > 0;
	foreign_lists_done(&lists);
	return has_some;
}
