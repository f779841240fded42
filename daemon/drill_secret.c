/* memfd_create(2), memfd seals: fcntl(2). */
#include "daemon/drill_secret.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/file.h"

#define ENDING "-decrypt"
#define SEALS (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE)

int
drill_secret_take(struct drill *drill, const char *secret, struct error *err)
{
	int fd;

	if (secret == NULL)
		return 0;
	fd = memfd_create("secret", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (fd < 0)
		return error_set_errno(
		    err, errno, _("cannot keep the passphrase"));
	drill->secret_fd = fd;
	if (file_write_all(fd, secret, strlen(secret), err) != 0 ||
	    file_write_all(fd, "\n", 1, err) != 0)
		return -1;
	if (fcntl(fd, F_ADD_SEALS, SEALS) == 0)
		return 0;
	return error_set_errno(err, errno, _("cannot keep the passphrase"));
}

static bool
is_meant(const char *name)
{
	size_t length = strlen(name), end = strlen(ENDING);

	return length > end && strcmp(name + length - end, ENDING) == 0;
}

int
drill_secret_pass(const struct drill *drill, struct job *job, struct error *err)
{
	if (drill->secret_fd < 0 ||
	    !is_meant(drill->programs[drill->program_at].name))
		return 0;
	/* The programs share its offset, and each reads from the beginning. */
	if (lseek(drill->secret_fd, 0, SEEK_SET) == 0) {
		job->fds[JOB_FD_KNOWN] =
		    fcntl(drill->secret_fd, F_DUPFD_CLOEXEC, 0);
		if (job->fds[JOB_FD_KNOWN] >= 0)
			return 0;
	}
	return error_set_errno(err, errno, _("cannot pass the passphrase"));
}

void
drill_secret_drop(struct drill *drill)
{
	if (drill->secret_fd >= 0)
		(void)close(drill->secret_fd);
	drill->secret_fd = -1;
}
