#include "lib/worker/restorer_scratch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/spot.h"
#include "lib/worker/answer.h"

/* The path that a descriptor has, links resolved. */
static int
find_path(int fd, char ret_path[PATH_MAX], struct error *err)
{
	char link[64], path[PATH_MAX];
	ssize_t length;

	(void)snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
	length = readlink(link, path, sizeof(path) - 1);
	if (length < 0)
		return error_set_errno(err, errno, "%s", link);
	path[length] = '\0';
	memcpy(ret_path, path, (size_t)length + 1);
	return 0;
}

int
restorer_scratch_check(const struct job *job, const char *path,
    enum error_code code, struct error *err)
{
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	char spot[SPOT_BYTES];
	int rc = -1;

	if (table == NULL || spot_find(table, path, spot, err) != 0)
		goto out;
	if (spot_is_within_any(spot, job->ignore, job->ignore_length))
		(void)error_set(err, code,
		    _("the target lies on a backup medium, where hikae never "
		      "writes"));
	else
		rc = 0;
out:
	mountinfo_free(table);
	return rc;
}

static int
check_place(int fd, const struct job *job, struct error *err)
{
	char path[PATH_MAX];

	if (job->ignore_length == 0)
		return 0;
	return find_path(fd, path, err) == 0
		   ? restorer_scratch_check(job, path, ERROR_USAGE, err)
		   : -1;
}

/* The folder that it is made in, and its name there. */
static int
open_place(const struct job *job, int *ret_fd, const char **ret_name,
    struct error *err)
{
	char path[PATH_MAX];
	const char *slash = strrchr(job->drill.scratch, '/');
	int fd;

	if (slash == NULL || slash[1] == '\0')
		return error_set(
		    err, ERROR_PROTOCOL, _("cannot make the scratch folder"));
	(void)snprintf(path, sizeof(path), "%.*s/",
	    (int)(slash - job->drill.scratch), job->drill.scratch);
	fd = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
	if (check_place(fd, job, err) != 0) {
		(void)close(fd);
		return -1;
	}
	*ret_fd = fd;
	*ret_name = slash + 1;
	return 0;
}

static int
make(const struct job *job, int *ret_fd, struct error *err)
{
	const char *name = NULL;
	int place_fd = -1, fd = -1, rc = -1;

	if (open_place(job, &place_fd, &name, err) != 0)
		return -1;
	if (mkdirat(place_fd, name, 0700) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
		goto out;
	}
	if (file_open_below(place_fd, name, O_RDONLY | O_DIRECTORY, &fd, err) !=
	    0)
		goto out;
	if (mkdirat(fd, "files", 0700) != 0 || mkdirat(fd, "work", 0700) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
		goto out;
	}
	*ret_fd = fd;
	fd = -1;
	rc = 0;
out:
	if (fd >= 0)
		(void)close(fd);
	(void)close(place_fd);
	return rc;
}

static int
drop(const char *path, struct error *err)
{
	if (rmdir(path) == 0 || errno == ENOENT)
		return 0;
	return error_set_errno(err, errno, _("cannot remove a scratch folder"));
}

/* A link that took its place is none. */
static int
open_left(const char *path, int *ret_fd, struct error *err)
{
	int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);

	if (fd < 0)
		return error_set_errno(err, errno == ELOOP ? ENOENT : errno,
		    _("cannot open folder"));
	*ret_fd = fd;
	return 0;
}

/* What a drill may take: the programs end where less than a part is free. */
static int
find_free(int fd, uint64_t *ret_bytes, struct error *err)
{
	struct statvfs vfs;
	uint64_t kept, free_blocks;

	if (fstatvfs(fd, &vfs) != 0)
		return error_set_errno(
		    err, errno, _("cannot tell how much space is free"));
	free_blocks = (uint64_t)vfs.f_bavail;
	kept = (uint64_t)vfs.f_blocks / JOB_DRILL_FREE_PART;
	*ret_bytes =
	    free_blocks > kept ? (free_blocks - kept) * vfs.f_frsize : 0;
	return 0;
}

int
restorer_scratch_run(const struct job *job, struct error *err)
{
	const struct job_drill *drill = &job->drill;
	struct reply reply = {.kind = REPLY_SCRATCH, .scratch = {.fd = -1}};
	struct reply_scratch *scratch = &reply.scratch;
	int rc;

	if (drill->task == JOB_SCRATCH_DROP)
		return drop(drill->scratch, err);
	if (drill->task == JOB_SCRATCH_MAKE)
		rc = make(job, &scratch->fd, err);
	else
		rc = open_left(drill->scratch, &scratch->fd, err);
	if (rc != 0)
		return -1;
	rc = find_free(scratch->fd, &scratch->free_bytes, err);
	if (rc == 0)
		rc = answer_send(&reply, err);
	(void)close(scratch->fd);
	return rc;
}
