#include "lib/worker/scratch_files.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

/* The same folder by its path, in this process's own mounts. */
static int
reopen(int fd, const char *path, int *ret_fd, struct error *err)
{
	struct stat asked, got;
	int other;

	if (file_open_folder(path, &other, err) != 0)
		return -1;
	if (fstat(fd, &asked) != 0 || fstat(other, &got) != 0 ||
	    asked.st_dev != got.st_dev || asked.st_ino != got.st_ino) {
		(void)close(other);
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the scratch folder is not the one that was made"));
	}
	*ret_fd = other;
	return 0;
}

int
scratch_files_open(struct job *job, struct error *err)
{
	int *fd = &job->fds[JOB_FD_SCRATCH], files, other;

	if (!job->drill.has_files_below || *fd < 0)
		return 0;
	if (job->drill.scratch[0] != '\0') {
		if (reopen(*fd, job->drill.scratch, &other, err) != 0)
			return -1;
		(void)close(*fd);
		*fd = other;
	}
	if (file_open_below(
		*fd, "files", O_RDONLY | O_DIRECTORY, &files, err) != 0)
		return -1;
	(void)close(*fd);
	*fd = files;
	return 0;
}
