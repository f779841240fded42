#include "lib/worker/restorer_scratch.h"

#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/worker/answer.h"

static int
make(const char *path, int *ret_fd, struct error *err)
{
	int fd;

	if (mkdir(path, 0700) != 0)
		return error_set_errno(
		    err, errno, _("cannot make the scratch folder"));
	if (file_open_folder(path, &fd, err) != 0)
		return -1;
	if (mkdirat(fd, "files", 0700) == 0 && mkdirat(fd, "work", 0700) == 0) {
		*ret_fd = fd;
		return 0;
	}
	(void)error_set_errno(err, errno, _("cannot make the scratch folder"));
	(void)close(fd);
	return -1;
}

static int
drop(const char *path, struct error *err)
{
	if (rmdir(path) == 0 || errno == ENOENT)
		return 0;
	return error_set_errno(err, errno, _("cannot remove a scratch folder"));
}

int
restorer_scratch_run(const struct job *job, struct error *err)
{
	const struct job_drill *drill = &job->drill;
	struct reply reply = {.kind = REPLY_SCRATCH, .scratch_fd = -1};
	int rc;

	if (drill->task == JOB_SCRATCH_DROP)
		return drop(drill->scratch, err);
	if (drill->task == JOB_SCRATCH_MAKE)
		rc = make(drill->scratch, &reply.scratch_fd, err);
	else
		rc = file_open_folder(drill->scratch, &reply.scratch_fd, err);
	if (rc != 0)
		return -1;
	rc = answer_send(&reply, err);
	(void)close(reply.scratch_fd);
	return rc;
}
