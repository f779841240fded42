#include "lib/worker/mount_switch.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/i18n.h"

int
mount_switch_fail(int os_errno, const char *text, struct error *err)
{
	if (os_errno == EPERM || os_errno == EACCES)
		return error_set(err, ERROR_DENIED,
		    _("hikaed has no right to mount here: it needs the unit "
		      "hikae-mount.socket, or to run as root"));
	(void)error_set_errno(err, os_errno, "%s", text);
	if (os_errno == EBUSY)
		err->code = ERROR_UNAVAILABLE;
	return -1;
}

int
mount_switch_ask(int fd, bool *ret_is_shut, struct error *err)
{
	int value = 0;

	if (ioctl(fd, BLKROGET, &value) != 0)
		return mount_switch_fail(
		    errno, _("cannot ask its device"), err);
	*ret_is_shut = value != 0;
	return 0;
}

int
mount_switch_shut(int fd, struct error *err)
{
	const int value = 1;

	return ioctl(fd, BLKROSET, &value) == 0
		   ? 0
		   : mount_switch_fail(
			 errno, _("cannot make its device read-only"), err);
}

int
mount_switch_open(const struct presence_kernel *kernel,
    const struct presence *device, int more_flags, int *ret_fd,
    struct error *err)
{
	char node[PRESENCE_NODE_BYTES];
	struct stat facts;
	int fd;

	if (presence_find_node(kernel, device, node, err) != 0)
		return -1;
	fd = open(node, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY |
			    O_NOFOLLOW | more_flags);
	if (fd < 0)
		return mount_switch_fail(
		    errno, _("cannot open its device"), err);
	if (fstat(fd, &facts) == 0 && S_ISBLK(facts.st_mode) &&
	    major(facts.st_rdev) == device->major &&
	    minor(facts.st_rdev) == device->minor) {
		*ret_fd = fd;
		return 0;
	}
	(void)close(fd);
	return error_set(
	    err, ERROR_UNAVAILABLE, _("another device has this name now"));
}

/* The device cannot get another number while it is open. */
static int
open_switch(const struct presence_kernel *kernel,
    const struct mount_record *record, int fd, struct error *err)
{
	const int value = 0;

	switch (presence_compare(kernel, &record->device)) {
	case PRESENCE_GONE:
		return 0;
	case PRESENCE_UNDETERMINED:
		return error_set(err, ERROR_UNAVAILABLE,
		    _("whether its device is still there cannot be told"));
	case PRESENCE_SAME:
	case PRESENCE_OTHER_MEDIUM:
		break;
	}
	return ioctl(fd, BLKROSET, &value) == 0
		   ? 0
		   : mount_switch_fail(
			 errno, _("cannot turn its switch back"), err);
}

int
mount_switch_give_back(const struct presence_kernel *kernel,
    const struct mount_record *record, struct error *err)
{
	struct error why = {0};
	int fd, rc;

	if (record->was_read_only)
		return 0;
	if (presence_compare(kernel, &record->device) == PRESENCE_GONE)
		return 0;
	if (mount_switch_open(kernel, &record->device, 0, &fd, &why) == 0) {
		rc = open_switch(kernel, record, fd, err);
		(void)close(fd);
		return rc;
	}
	/* It may have gone meanwhile: that must be seen, not guessed. */
	if (presence_compare(kernel, &record->device) == PRESENCE_GONE)
		return 0;
	if (err != NULL)
		*err = why;
	return -1;
}
