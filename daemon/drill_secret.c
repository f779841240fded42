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

/* A text and its end, where nobody can change it any more. */
static int
keep(const char *text, int *ret_fd, struct error *err)
{
	size_t length;

	if (text == NULL)
		return 0;
	length = strlen(text);
	*ret_fd = memfd_create("secret", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	if (*ret_fd < 0)
		return error_set_errno(
		    err, errno, _("cannot keep the passphrase"));
	if (file_write_all(*ret_fd, text, length, err) != 0 ||
	    file_write_all(*ret_fd, "\n", 1, err) != 0)
		return -1;
	if (fcntl(*ret_fd, F_ADD_SEALS, SEALS) == 0)
		return 0;
	return error_set_errno(err, errno, _("cannot keep the passphrase"));
}

int
drill_secret_take(
    struct drill *drill, const struct drill_request *request, struct error *err)
{
	if (keep(request->secret, &drill->secret_fd, err) != 0)
		return -1;
	return keep(request->key, &drill->key_fd, err);
}

bool
drill_secret_is_for(const struct drill_program *program)
{
	size_t length = strlen(program->name), end = strlen(ENDING);

	return length > end &&
	       strcmp(program->name + length - end, ENDING) == 0;
}

/* The programs share its offset, and each reads from the beginning. */
static int
pass(int fd, int *ret_fd, struct error *err)
{
	if (fd < 0)
		return 0;
	if (lseek(fd, 0, SEEK_SET) == 0) {
		*ret_fd = fcntl(fd, F_DUPFD_CLOEXEC, 0);
		if (*ret_fd >= 0)
			return 0;
	}
	return error_set_errno(err, errno, _("cannot pass the passphrase"));
}

int
drill_secret_pass(const struct drill *drill, struct job *job, struct error *err)
{
	if (!drill_secret_is_for(&drill->programs[drill->program_at]))
		return 0;
	if (pass(drill->secret_fd, &job->fds[JOB_FD_KNOWN], err) != 0)
		return -1;
	return pass(drill->key_fd, &job->fds[JOB_FD_PREVIOUS], err);
}

static void
drop(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd);
	*fd = -1;
}

void
drill_secret_drop(struct drill *drill)
{
	drop(&drill->secret_fd);
	drop(&drill->key_fd);
}
