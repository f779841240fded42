/*
 * The scratch folder of a drill: drills/ID below the state, or a link there to
 * the drill service's folder ID, or to a folder hikae-drill-ID in the place
 * that was asked for, so that a start finds what a crash left.  An empty file
 * drills/ID.kept, older than the folder, says that it stays.  It is made and
 * removed by who writes in it, a child or the service; hikaed holds its
 * descriptor.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_scratch.h"
#include "daemon/drill_target.h"
#include "daemon/place.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"
#include "lib/worker/drill_service.h"

/* What has no number of its own waits behind all else. */
#define SWEEP_PRIORITY 50
/* After what could not be removed, twice as long each time, ms. */
#define SWEEP_FIRST_MS ((int64_t)10 * 1000)
#define SWEEP_LAST_MS ((int64_t)3600 * 1000)
/* Of the name ID.kept. */
#define KEPT_BYTES 48
#define TARGET_NAME "hikae-drill-%llu"

/* A folder in the state that earlier drills left. */
struct leftover {
	struct drills *drills;
	struct service *service;
	const char *socket_path; /* of who can remove it; NULL: a child */
	int fd;			 /* -1: not opened yet */
	bool is_opened, is_empty;
	char name[32]; /* in drills/ */
	char path[PATH_MAX];
};

int
drill_scratch_open_drills(
    const struct service *service, int *ret_fd, struct error *err)
{
	if (file_make_folders(service->state_fd, DRILL_FOLDER, 0700, err) != 0)
		return -1;
	return file_open_below(service->state_fd, DRILL_FOLDER,
	    O_RDONLY | O_DIRECTORY, ret_fd, err);
}

/* Another root than the system's has no services of its own. */
static const char *
service_socket(const struct service *service)
{
	return strcmp(service->root, "/") == 0 &&
		       access(DRILL_SERVICE_SOCKET, F_OK) == 0
		   ? DRILL_SERVICE_SOCKET
		   : NULL;
}

/* The folder's own path: as asked for, the service's, or in drills/. */
static int
name_scratch(struct drill *drill, struct error *err)
{
	const char *root = drill->drills->service->root;
	unsigned long long id = drill->view.id;
	int length;

	if (drill->target[0] != '\0')
		length = snprintf(drill->scratch, sizeof(drill->scratch),
		    "%s/" TARGET_NAME, drill->target, id);
	else if (drill->socket_path != NULL)
		length = snprintf(drill->scratch, sizeof(drill->scratch),
		    DRILL_SERVICE_STATE "/%llu", id);
	else
		length = snprintf(drill->scratch, sizeof(drill->scratch),
		    "%s/" SERVICE_STATE "/" DRILL_FOLDER "/%llu",
		    strcmp(root, "/") == 0 ? "" : root, id);
	if (length >= 0 && (size_t)length < sizeof(drill->scratch))
		return 0;
	return error_set(err, ERROR_LIMIT, _("a path is too long"));
}

static void
name_kept(const struct drill *drill, char name[KEPT_BYTES])
{
	(void)snprintf(
	    name, KEPT_BYTES, "%llu.kept", (unsigned long long)drill->view.id);
}

/* Before there is anything that a sweep could find; another's is left alone. */
static int
note_kept(struct drill *drill, int drills_fd, struct error *err)
{
	char name[KEPT_BYTES];
	int fd, rc = 0;

	name_kept(drill, name);
	if (file_open_below(
		drills_fd, name, O_WRONLY | O_CREAT | O_EXCL, &fd, err) != 0)
		return -1;
	drill->is_noted = true;
	if (fsync(fd) != 0)
		rc = error_set_errno(
		    err, errno, _("cannot note the scratch folder"));
	(void)close(fd);
	return rc == 0 ? file_sync_folder(drills_fd, err) : rc;
}

/* Where it is not in drills/, a link there leads to it. */
int
drill_scratch_choose(struct drill *drill, struct error *err)
{
	char name[32];
	int drills_fd, rc = 0;

	drill->socket_path = service_socket(drill->drills->service);
	drill->view.is_apart = drill->socket_path != NULL;
	if (name_scratch(drill, err) != 0 ||
	    drill_scratch_open_drills(
		drill->drills->service, &drills_fd, err) != 0)
		return -1;
	(void)snprintf(
	    name, sizeof(name), "%llu", (unsigned long long)drill->view.id);
	if (drill->is_kept)
		rc = note_kept(drill, drills_fd, err);
	if (rc == 0 &&
	    (drill->target[0] != '\0' || drill->socket_path != NULL) &&
	    symlinkat(drill->scratch, drills_fd, name) != 0)
		rc = error_set_errno(
		    err, errno, _("cannot note the scratch folder"));
	(void)close(drills_fd);
	return rc;
}

static int
fill_job(const struct service *service, const char *scratch,
    enum job_scratch task, struct job *job, struct error *err)
{
	int length = snprintf(
	    job->drill.scratch, sizeof(job->drill.scratch), "%s", scratch);

	job->kind = JOB_SCRATCH;
	job->drill.task = task;
	place_fill_limits(service, job);
	if (length >= 0 && (size_t)length < sizeof(job->drill.scratch))
		return 0;
	return error_set(err, ERROR_LIMIT, _("a path is too long"));
}

int
drill_scratch_prepare(const struct drill *drill, enum job_scratch task,
    struct job *job, struct error *err)
{
	const struct service *service = drill->drills->service;

	if (fill_job(service, drill->scratch, task, job, err) != 0)
		return -1;
	if (task != JOB_SCRATCH_MAKE || drill->target[0] == '\0')
		return 0;
	return drill_target_fill(service, job, err);
}

int
drill_scratch_take(
    struct drill *drill, const struct reply_scratch *scratch, struct error *err)
{
	if (drill->scratch_fd >= 0)
		return error_set(
		    err, ERROR_PROTOCOL, _("unexpected reply of a child"));
	drill->free_bytes = scratch->free_bytes;
	drill->scratch_fd = fcntl(scratch->fd, F_DUPFD_CLOEXEC, 0);
	if (drill->scratch_fd >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}

int
drill_scratch_check(
    const struct drill *drill, uint64_t bytes, struct error *err)
{
	uint64_t free_bytes = drill->free_bytes, wanted = bytes + bytes / 20;

	if (wanted >= bytes && free_bytes >= wanted)
		return 0;
	return error_set(err, ERROR_NO_SPACE,
	    _("%llu bytes are needed to restore, %llu are free"),
	    (unsigned long long)wanted, (unsigned long long)free_bytes);
}

static void
forget(const struct service *service, const char *name)
{
	int drills_fd;

	if (drill_scratch_open_drills(service, &drills_fd, NULL) != 0)
		return;
	(void)unlinkat(drills_fd, name, 0);
	(void)close(drills_fd);
}

void
drill_scratch_forget(struct drill *drill)
{
	char name[32];

	(void)snprintf(
	    name, sizeof(name), "%llu", (unsigned long long)drill->view.id);
	forget(drill->drills->service, name);
}

void
drill_scratch_forget_kept(struct drill *drill)
{
	char name[KEPT_BYTES];

	if (!drill->is_noted)
		return;
	name_kept(drill, name);
	drill->is_noted = false;
	forget(drill->drills->service, name);
}

/* ---- what earlier drills left ---- */

static int order_next(
    struct leftover *leftover, struct error *err) ERROR_CHECKED;

static void
free_leftover(struct leftover *leftover)
{
	if (leftover->fd >= 0)
		(void)close(leftover->fd);
	free(leftover);
}

/* It is opened, emptied, removed. */
static int
prepare(void *context, struct job *job, struct error *err)
{
	struct leftover *leftover = context;

	job->socket_path = leftover->socket_path;
	if (leftover->fd < 0)
		return fill_job(leftover->service, leftover->path,
		    JOB_SCRATCH_OPEN, job, err);
	if (leftover->is_empty)
		return fill_job(leftover->service, leftover->path,
		    JOB_SCRATCH_DROP, job, err);
	job->kind = JOB_CLEAR;
	place_fill_limits(leftover->service, job);
	job->fds[JOB_FD_SCRATCH] = dup(leftover->fd);
	if (job->fds[JOB_FD_SCRATCH] >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}

static int
take_scratch(void *context, const struct reply *reply, struct error *err)
{
	struct leftover *leftover = context;

	if (leftover->fd >= 0)
		return 0;
	leftover->fd = fcntl(reply->scratch.fd, F_DUPFD_CLOEXEC, 0);
	if (leftover->fd >= 0)
		return 0;
	return error_set(err, ERROR_LIMIT, _("too many files are open"));
}

static void
end(void *context, const struct jobs_end *end)
{
	struct leftover *leftover = context;
	bool was_opened = leftover->is_opened;
	struct error err = end->error;

	leftover->is_opened = leftover->fd >= 0;
	/* Who can see and open it made it, most likely. */
	if (!leftover->is_opened && leftover->socket_path != NULL &&
	    (err.code == ERROR_DENIED || err.code == ERROR_NOT_FOUND)) {
		leftover->socket_path = NULL;
		if (order_next(leftover, &err) == 0)
			return;
	}
	if (end->outcome == JOBS_DONE && leftover->is_empty) {
		forget(leftover->service, leftover->name);
		leftover->drills->sweep_ms = 0;
	} else if (end->outcome == JOBS_DONE && leftover->is_opened) {
		leftover->is_empty = was_opened;
		if (order_next(leftover, &err) == 0)
			return;
	}
	if (!leftover->is_empty && !leftover->is_opened &&
	    err.code == ERROR_NOT_FOUND) {
		forget(leftover->service, leftover->name);
	} else if (err.code != ERROR_NONE && end->outcome != JOBS_CANCELLED) {
		log_event(LOG_LEVEL_ERROR, "%s: %s",
		    _("cannot remove a scratch folder"), err.text);
		drill_scratch_sweep_later(leftover->drills);
	}
	free_leftover(leftover);
}

static const struct reply_handlers replies = {
    .take = {[REPLY_BEGUN] = reply_ignore, [REPLY_SCRATCH] = take_scratch}};

static const struct jobs_kind kind = {
    .name = "clear",
    .prepare = prepare,
    .replies = &replies,
    .end = end,
};

void
drill_scratch_lane(const char *name, char lane[CONFIG_ID_BYTES])
{
	(void)snprintf(lane, CONFIG_ID_BYTES, ".drill-%.20s", name);
}

static int
order_next(struct leftover *leftover, struct error *err)
{
	struct jobs_order order = {
	    .kind = &kind, .context = leftover, .priority = SWEEP_PRIORITY};
	uint64_t id;

	drill_scratch_lane(leftover->name, order.medium);
	(void)snprintf(
	    order.label, sizeof(order.label), "drill %s", leftover->name);
	return jobs_add(leftover->service->jobs, &order, &id, err);
}

static bool
has_ending(const char *path, const char *before, const char *name)
{
	char expected[64];
	size_t length = strlen(path), end;

	(void)snprintf(expected, sizeof(expected), "%s%s", before, name);
	end = strlen(expected);
	return length >= end && strcmp(path + length - end, expected) == 0;
}

/*
 * A link is followed only to a folder that a drill would have made.  Its text
 * is all that is looked at here: what lies there may hang.
 */
static bool
find_leftover(struct leftover *leftover, int drills_fd)
{
	const struct service *service = leftover->service;
	const char *name = leftover->name;
	ssize_t length = readlinkat(
	    drills_fd, name, leftover->path, sizeof(leftover->path) - 1);
	int printed;

	if (length < 0) {
		printed = snprintf(leftover->path, sizeof(leftover->path),
		    "%s/" SERVICE_STATE "/" DRILL_FOLDER "/%s",
		    strcmp(service->root, "/") == 0 ? "" : service->root, name);
		return printed >= 0 && (size_t)printed < sizeof(leftover->path);
	}
	leftover->path[length] = '\0';
	if (!has_ending(leftover->path, "/hikae-drill-", name) &&
	    !has_ending(leftover->path, DRILL_SERVICE_STATE "/", name))
		return false;
	leftover->socket_path = service_socket(service);
	return true;
}

static void
order_clearing(struct drills *drills, int drills_fd, const char *name)
{
	struct leftover *leftover;
	struct service *service = drills->service;
	char lane[CONFIG_ID_BYTES];
	struct error err = {0};

	/* One that hangs there is enough. */
	drill_scratch_lane(name, lane);
	if (jobs_count(service->jobs, lane) > 0) {
		drill_scratch_sweep_later(drills);
		return;
	}
	leftover = calloc(1, sizeof(*leftover));
	if (leftover == NULL)
		return;
	leftover->drills = drills;
	leftover->service = service;
	leftover->fd = -1;
	(void)snprintf(leftover->name, sizeof(leftover->name), "%.20s", name);
	if (!find_leftover(leftover, drills_fd)) {
		forget(service, name);
		free_leftover(leftover);
		return;
	}
	if (order_next(leftover, &err) == 0)
		return;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	free_leftover(leftover);
}

/* One that is under way clears its own. */
static bool
is_in_use(const struct drills *drills, const char *name)
{
	char number[32];

	for (const struct drill *drill = drills->list; drill != NULL;
	     drill = drill->next) {
		(void)snprintf(number, sizeof(number), "%llu",
		    (unsigned long long)drill->view.id);
		if (!drill->is_waiting && !drill->view.is_ended &&
		    strcmp(number, name) == 0)
			return true;
	}
	return false;
}

void
drill_scratch_sweep(struct drills *drills)
{
	struct service *service = drills->service;
	const struct dirent *entry;
	char kept[KEPT_BYTES];
	struct stat st;
	DIR *folder;
	int fd;

	if (drill_scratch_open_drills(service, &fd, NULL) != 0)
		return;
	folder = fdopendir(fd);
	if (folder == NULL) {
		(void)close(fd);
		return;
	}
	while ((entry = readdir(folder)) != NULL) {
		size_t length = strlen(entry->d_name);

		if (length > 20 ||
		    strspn(entry->d_name, "0123456789") != length ||
		    is_in_use(drills, entry->d_name))
			continue;
		(void)snprintf(kept, sizeof(kept), "%.20s.kept", entry->d_name);
		/* Nothing is removed unless it is sure that nobody wants it. */
		if (fstatat(dirfd(folder), kept, &st, AT_SYMLINK_NOFOLLOW) !=
			0 &&
		    errno == ENOENT)
			order_clearing(drills, dirfd(folder), entry->d_name);
	}
	(void)closedir(folder);
}

void
drill_scratch_sweep_later(struct drills *drills)
{
	if (drills->sweep.is_set)
		return;
	drills->sweep_ms =
	    drills->sweep_ms == 0 ? SWEEP_FIRST_MS : 2 * drills->sweep_ms;
	if (drills->sweep_ms > SWEEP_LAST_MS)
		drills->sweep_ms = SWEEP_LAST_MS;
	loop_set_timer(drills->service->loop, &drills->sweep, drills->sweep_ms);
}

void
drill_scratch_on_sweep(void *context)
{
	drill_scratch_sweep(context);
}
