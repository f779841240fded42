/*
 * The scratch folder of a drill: drills/ID below the state, or a link there to
 * a folder hikae-drill-ID in the place that was asked for, so that a start
 * finds what a crash left.  An empty file drills/ID.kept says that it stays.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

/* What has no number of its own waits behind all else. */
#define SWEEP_PRIORITY 50
#define TARGET_NAME "hikae-drill-%llu"

/* A folder in the state that earlier drills left. */
struct leftover {
	struct service *service;
	int fd;
	char name[32]; /* in drills/ */
	char target[PATH_MAX];
};

static int
open_drills(const struct service *service, int *ret_fd, struct error *err)
{
	if (file_make_folders(service->state_fd, DRILL_FOLDER, 0700, err) != 0)
		return -1;
	return file_open_below(service->state_fd, DRILL_FOLDER,
	    O_RDONLY | O_DIRECTORY, ret_fd, err);
}

/* The folder's own path, and in drills/ a link to it where it is elsewhere. */
static int
name_scratch(struct drill *drill, int drills_fd, struct error *err)
{
	const struct service *service = drill->drills->service;
	char name[32];
	int length;

	(void)snprintf(
	    name, sizeof(name), "%llu", (unsigned long long)drill->view.id);
	if (drill->target[0] == '\0')
		length = snprintf(drill->scratch, sizeof(drill->scratch),
		    "%s/" SERVICE_STATE "/" DRILL_FOLDER "/%s",
		    strcmp(service->root, "/") == 0 ? "" : service->root, name);
	else
		length = snprintf(drill->scratch, sizeof(drill->scratch),
		    "%s/" TARGET_NAME, drill->target,
		    (unsigned long long)drill->view.id);
	if (length < 0 || (size_t)length >= sizeof(drill->scratch))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	if (drill->target[0] != '\0' &&
	    symlinkat(drill->scratch, drills_fd, name) != 0)
		return error_set_errno(
		    err, errno, _("cannot note the scratch folder"));
	return 0;
}

int
drill_scratch_make(struct drill *drill, struct error *err)
{
	int drills_fd, fd = -1, rc = -1;

	if (open_drills(drill->drills->service, &drills_fd, err) != 0)
		return -1;
	if (name_scratch(drill, drills_fd, err) != 0)
		goto out;
	if (mkdir(drill->scratch, 0700) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
		goto out;
	}
	if (file_open_folder(drill->scratch, &fd, err) != 0)
		goto out;
	if (mkdirat(fd, "files", 0700) != 0 || mkdirat(fd, "work", 0700) != 0) {
		(void)error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
		goto out;
	}
	drill->scratch_fd = fd;
	fd = -1;
	rc = 0;
out:
	if (fd >= 0)
		(void)close(fd);
	(void)close(drills_fd);
	return rc;
}

int
drill_scratch_check(
    const struct drill *drill, uint64_t bytes, struct error *err)
{
	struct statvfs vfs;
	uint64_t free_bytes, wanted = bytes + bytes / 20;

	if (fstatvfs(drill->scratch_fd, &vfs) != 0)
		return error_set_errno(
		    err, errno, _("cannot tell how much space is free"));
	free_bytes = (uint64_t)vfs.f_bavail * vfs.f_frsize;
	if (wanted >= bytes && free_bytes >= wanted)
		return 0;
	return error_set(err, ERROR_NO_SPACE,
	    _("%llu bytes are needed to restore, %llu are free"),
	    (unsigned long long)wanted, (unsigned long long)free_bytes);
}

static void
forget(const struct service *service, const char *name, const char *path)
{
	int drills_fd;

	if (path[0] != '\0' && rmdir(path) != 0 && errno != ENOENT)
		log_event(LOG_LEVEL_ERROR, "%s: %s",
		    _("cannot remove a scratch folder"), strerror(errno));
	if (open_drills(service, &drills_fd, NULL) != 0)
		return;
	if (unlinkat(drills_fd, name, 0) != 0)
		(void)unlinkat(drills_fd, name, AT_REMOVEDIR);
	(void)close(drills_fd);
}

void
drill_scratch_forget(struct drill *drill)
{
	char name[32];

	(void)snprintf(
	    name, sizeof(name), "%llu", (unsigned long long)drill->view.id);
	forget(drill->drills->service, name, drill->scratch);
}

void
drill_scratch_keep(struct drill *drill)
{
	char name[48];
	int drills_fd, fd;

	(void)snprintf(name, sizeof(name), "%llu.kept",
	    (unsigned long long)drill->view.id);
	if (open_drills(drill->drills->service, &drills_fd, NULL) != 0)
		return;
	if (file_open_below(drills_fd, name, O_WRONLY | O_CREAT, &fd, NULL) ==
	    0)
		(void)close(fd);
	(void)close(drills_fd);
}

/* ---- what earlier drills left ---- */

static int
prepare(void *context, struct job *job, struct error *err)
{
	struct leftover *leftover = context;

	job->kind = JOB_CLEAR;
	place_fill_limits(leftover->service, job);
	job->fds[JOB_FD_SCRATCH] = dup(leftover->fd);
	if (job->fds[JOB_FD_SCRATCH] >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}

static int
take_reply(void *context, const struct reply *reply, struct error *err)
{
	(void)context;
	(void)reply;
	(void)err;
	return 0;
}

static void
end(void *context, const struct jobs_end *end)
{
	struct leftover *leftover = context;

	if (end->outcome == JOBS_DONE)
		forget(leftover->service, leftover->name, leftover->target);
	else if (end->outcome != JOBS_CANCELLED)
		log_event(LOG_LEVEL_ERROR, "%s: %s",
		    _("cannot remove a scratch folder"), end->error.text);
	(void)close(leftover->fd);
	free(leftover);
}

static const struct jobs_kind kind = {
    .name = "clear",
    .prepare = prepare,
    .reply = take_reply,
    .end = end,
};

/* A link is followed only to a folder that a drill would have made. */
static int
open_leftover(struct leftover *leftover, int drills_fd)
{
	char expected[64];
	const char *slash;
	ssize_t length = readlinkat(drills_fd, leftover->name, leftover->target,
	    sizeof(leftover->target) - 1);

	if (length < 0) {
		leftover->target[0] = '\0';
		return file_open_below(drills_fd, leftover->name,
		    O_RDONLY | O_DIRECTORY, &leftover->fd, NULL);
	}
	leftover->target[length] = '\0';
	(void)snprintf(
	    expected, sizeof(expected), "/hikae-drill-%s", leftover->name);
	slash = strrchr(leftover->target, '/');
	if (slash == NULL || strcmp(slash, expected) != 0)
		return -1;
	return file_open_folder(leftover->target, &leftover->fd, NULL);
}

static void
order_clearing(struct service *service, int drills_fd, const char *name)
{
	struct leftover *leftover = calloc(1, sizeof(*leftover));
	struct jobs_order order = {
	    .kind = &kind, .context = leftover, .priority = SWEEP_PRIORITY};
	struct error err = {0};
	uint64_t id;

	if (leftover == NULL)
		return;
	leftover->service = service;
	(void)snprintf(leftover->name, sizeof(leftover->name), "%.20s", name);
	(void)snprintf(order.label, sizeof(order.label), "drill %.20s", name);
	if (open_leftover(leftover, drills_fd) != 0) {
		forget(service, name, "");
		free(leftover);
		return;
	}
	if (jobs_add(service->jobs, &order, &id, &err) == 0)
		return;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	(void)close(leftover->fd);
	free(leftover);
}

void
drill_scratch_sweep(struct drills *drills)
{
	struct service *service = drills->service;
	const struct dirent *entry;
	char kept[48];
	struct stat st;
	DIR *folder;
	int fd;

	if (open_drills(service, &fd, NULL) != 0)
		return;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		size_t length = strlen(entry->d_name);

		if (length > 20 ||
		    strspn(entry->d_name, "0123456789") != length)
			continue;
		(void)snprintf(kept, sizeof(kept), "%.20s.kept", entry->d_name);
		if (fstatat(dirfd(folder), kept, &st, AT_SYMLINK_NOFOLLOW) != 0)
			order_clearing(service, dirfd(folder), entry->d_name);
	}
	(void)closedir(folder);
}
