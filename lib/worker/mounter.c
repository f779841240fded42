#include "lib/worker/mounter.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/model/config_value.h"
#include "lib/os/file.h"
#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"
#include "lib/os/sysfs.h"
#include "lib/worker/mount_check.h"
#include "lib/worker/mount_mark.h"
#include "lib/worker/mount_record.h"
#include "lib/worker/mount_switch.h"
#include "lib/worker/probe_handle.h"
#include "lib/worker/warrant.h"

/* After its deadline nobody listens any more. */
#define GRACE_SECONDS 1
/* Parts of the deadline: to wait, for each of two questions, and to mount. */
#define DEADLINE_PARTS 4
/* Between two looks at a lock, ms. */
#define WAIT_MS 50

struct mounter {
	struct probe_order order;
	struct config *config;
	const struct config_medium *medium;
	int root_fd;
	int lock_fd;		  /* of a folder: one request at a time */
	struct identity identity; /* of the device */
};

static const struct presence_kernel *const kernel = &presence_running_kernel;

/* Is that a mount of the device that the record names? */
static bool
is_mount_of(
    const struct mountinfo_mount *mount, const struct mount_record *record)
{
	const struct presence *device = &record->device;
	struct sysfs_number number;
	char name[NAME_MAX + 1];

	if (mount->major == device->major && mount->minor == device->minor)
		return true;
	/* A file system on several devices has a number of its own. */
	return mount->major == 0 &&
	       sysfs_find_node(
		   kernel->sysfs, mount->source, name, sizeof(name), &number) &&
	       number.major == device->major && number.minor == device->minor;
}

enum mounted {
	MOUNTED_NOT,
	MOUNTED_THERE,	 /* at its path, and nothing over it */
	MOUNTED_COVERED, /* something else is mounted over it */
	MOUNTED_UNKNOWN, /* err says why */
};

static enum mounted
ask_mounted(const struct mount_record *record, struct error *err)
{
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	enum mounted mounted = MOUNTED_NOT;

	if (table == NULL)
		return MOUNTED_UNKNOWN;
	/* Later mounts of one place cover earlier ones. */
	for (size_t i = 0; i < mountinfo_count(table); i++) {
		const struct mountinfo_mount *mount = mountinfo_at(table, i);

		if (strcmp(mount->mount_point, record->path) != 0)
			continue;
		if (is_mount_of(mount, record))
			mounted = MOUNTED_THERE;
		else if (mounted == MOUNTED_THERE)
			mounted = MOUNTED_COVERED;
	}
	mountinfo_free(table);
	return mounted;
}

/*
 * Is what attach mounted the last at its path?  It may be of another device
 * than the record's, where its node meant that one meanwhile; what somebody
 * else mounted over it is not for this process to take off.
 */
static bool
is_on_top(const struct mounter *mounter, const struct mount_record *record)
{
	struct error why = {0};
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, &why);
	bool is_it = false;

	for (size_t i = 0; table != NULL && i < mountinfo_count(table); i++) {
		const struct mountinfo_mount *mount = mountinfo_at(table, i);

		if (strcmp(mount->mount_point, record->path) == 0)
			is_it =
			    is_mount_of(mount, record) ||
			    strcmp(mount->source, mounter->identity.node) == 0;
	}
	mountinfo_free(table);
	return is_it;
}

/*
 * All as it was before; the record goes last.  The number of what is mounted
 * is nobody else's, so that a device which is gone may be mounted still: but
 * not where another one has its number by now.
 */
static int
undo(const struct mounter *mounter, const struct mount_record *record,
    struct error *err)
{
	struct presence now;
	struct error why = {0};
	enum mounted mounted = MOUNTED_NOT;

	if (presence_compare(kernel, &record->device) != PRESENCE_GONE ||
	    (presence_take(kernel, record->device.major, record->device.minor,
		 &now, &why) != 0 &&
		why.code == ERROR_NOT_FOUND))
		mounted = ask_mounted(record, err);
	if (mounted == MOUNTED_UNKNOWN)
		return -1;
	if (mounted == MOUNTED_COVERED)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("something else is mounted at its path"));
	if (mounted == MOUNTED_THERE &&
	    umount2(record->path, UMOUNT_NOFOLLOW) != 0)
		return mount_switch_fail(errno, _("cannot unmount it"), err);
	if (mount_switch_give_back(kernel, record, err) != 0)
		return -1;
	return mount_record_remove(mounter->root_fd, mounter->order.id, err);
}

/* On the folder that the path names without a link. */
static int
attach(const struct mounter *mounter, const struct mount_way *way,
    struct error *err)
{
	char target[32];
	int slash_fd, fd, rc;

	if (file_open_folder("/", &slash_fd, err) != 0)
		return -1;
	rc = file_open_below(slash_fd, mounter->medium->path + 1,
	    O_RDONLY | O_DIRECTORY, &fd, err);
	(void)close(slash_fd);
	if (rc != 0)
		return error_prefix(
		    err, _("the folder where it is to be mounted"));
	(void)snprintf(target, sizeof(target), "/proc/self/fd/%d", fd);
	if (mount(mounter->identity.node, target, way->driver, MOUNT_WAY_FLAGS,
		way->options) != 0)
		rc = errno == ENODEV
			 ? error_set(err, ERROR_INPUT,
			       _("this kernel does not know file systems of "
				 "the type %s"),
			       way->driver)
			 : mount_switch_fail(errno, _("cannot mount it"), err);
	(void)close(fd);
	return rc;
}

static int
expect_same(const struct mount_record *record, struct error *err)
{
	return presence_compare(kernel, &record->device) == PRESENCE_SAME
		   ? 0
		   : error_set(err, ERROR_UNAVAILABLE,
			 _("another device has this name now"));
}

/* The device is this process's alone: shut it, and look at what is on it. */
static int
shut_and_check(struct mounter *mounter, const struct mount_record *record,
    int fd, const struct mount_way **ret_way, struct error *err)
{
	const struct mount_check check = {
	    .medium = mounter->medium,
	    .identity = &mounter->identity,
	    .deadline_ms = mounter->order.deadline_ms / DEADLINE_PARTS,
	    .best_effort =
		mounter->config->policy.sandbox == CONFIG_SANDBOX_BEST_EFFORT,
	};

	/* Before the switch: what ends this process must not leave it shut. */
	if (mount_record_write(
		mounter->root_fd, mounter->medium->id, record, err) != 0 ||
	    mount_switch_shut(fd, err) != 0 ||
	    mount_check_content(&check, ret_way, err) != 0)
		return -1;
	return expect_same(record, err);
}

/*
 * Nobody else may have it in use while it is looked at, and the mount needs it
 * free again: so it is opened twice, and a device that is open keeps its
 * number.
 */
static int
mount_device(
    struct mounter *mounter, struct mount_record *record, struct error *err)
{
	const struct mount_way *way = NULL;
	struct error why = {0};
	int fd = -1, pin = -1, rc = -1;

	if (mount_switch_open(kernel, &record->device, O_EXCL, &fd, err) != 0 ||
	    mount_switch_open(kernel, &record->device, 0, &pin, err) != 0 ||
	    mount_switch_ask(fd, &record->was_read_only, err) != 0 ||
	    expect_same(record, err) != 0)
		goto out;
	rc = shut_and_check(mounter, record, fd, &way, err);
	(void)close(fd);
	fd = -1;
	if (rc == 0)
		rc = attach(mounter, way, err);
	if (rc == 0 && (ask_mounted(record, &why) != MOUNTED_THERE ||
			   expect_same(record, &why) != 0)) {
		if (is_on_top(mounter, record))
			(void)umount2(record->path, UMOUNT_NOFOLLOW);
		rc = error_set(err, ERROR_UNAVAILABLE,
		    _("another device has this name now"));
	}
	/* What cannot be undone now is undone when hikaed asks for it. */
	if (rc != 0)
		(void)undo(mounter, record, &why);
out:
	if (fd >= 0)
		(void)close(fd);
	if (pin >= 0)
		(void)close(pin);
	return rc;
}

/* 1: it is mounted already; 0: it is to be; -1: it cannot be, now. */
static int
look_at_record(const struct mounter *mounter, struct error *err)
{
	struct mount_record record;
	struct error why = {0};

	if (mount_record_read(
		mounter->root_fd, mounter->medium->id, &record, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		*err = why;
		return -1;
	}
	if (strcmp(record.path, mounter->medium->path) == 0 &&
	    presence_compare(kernel, &record.device) == PRESENCE_SAME &&
	    ask_mounted(&record, &why) == MOUNTED_THERE)
		return 1;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("an earlier mount is to be undone first"));
}

static int
check_path(struct mounter *mounter, struct error *err)
{
	const char *path = mounter->medium->path;

	if (identity_of_path(
		&identity_running_kernel, path, &mounter->identity, err) != 0)
		return -1;
	return strcmp(mounter->identity.device.mount_point, path) != 0
		   ? 0
		   : error_set(err, ERROR_UNAVAILABLE,
			 _("something else is mounted at its path"));
}

static int
run_mount(struct mounter *mounter, struct error *err)
{
	const struct probe_order *order = &mounter->order;
	const struct mount_check check = {
	    .medium = mounter->medium,
	    .identity = &mounter->identity,
	    .deadline_ms = order->deadline_ms / DEADLINE_PARTS,
	    .best_effort =
		mounter->config->policy.sandbox == CONFIG_SANDBOX_BEST_EFFORT,
	};
	struct mount_record record = {.was_read_only = true};
	int mounted;

	if (mounter->medium->mount != CONFIG_MOUNT_HIKAE)
		return error_set(err, ERROR_DENIED,
		    _("the configuration does not say mount = hikae"));
	if (strlen(mounter->medium->path) >= sizeof(record.path))
		return error_set(err, ERROR_LIMIT, _("a path is too long"));
	(void)snprintf(
	    record.path, sizeof(record.path), "%s", mounter->medium->path);
	mounted = look_at_record(mounter, err);
	if (mounted != 0)
		return mounted > 0 ? 0 : -1;
	if (check_path(mounter, err) != 0 ||
	    presence_take(
		kernel, order->major, order->minor, &record.device, err) != 0 ||
	    identity_of_block(&identity_running_kernel, order->major,
		order->minor, &mounter->identity, err) != 0 ||
	    mount_check_device(&check, err) != 0)
		return -1;
	return mount_device(mounter, &record, err);
}

/* Whatever the configuration says by now: the record is root's own. */
static int
run_unmount(const struct mounter *mounter, struct error *err)
{
	struct mount_record record;

	if (mount_record_read(
		mounter->root_fd, mounter->order.id, &record, err) != 0)
		return err->code == ERROR_NOT_FOUND
			   ? error_prefix(err, _("hikae has not mounted it"))
			   : -1;
	return undo(mounter, &record, err);
}

/*
 * One request at a time, until this process ends: what the other would undo is
 * not to be done meanwhile.  Disks that come together wait for each other.
 */
static int
lock_folder(struct mounter *mounter, const char *folder, struct error *err)
{
	const int64_t until_ms =
	    clock_monotonic_ms() + mounter->order.deadline_ms / DEADLINE_PARTS;

	if (file_make_folders(mounter->root_fd, folder, 0755, err) != 0 ||
	    file_open_below(mounter->root_fd, folder, O_RDONLY | O_DIRECTORY,
		&mounter->lock_fd, err) != 0)
		return -1;
	while (flock(mounter->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (clock_monotonic_ms() >= until_ms)
			return error_set(err, ERROR_UNAVAILABLE,
			    _("another request is under way"));
		(void)poll(NULL, 0, WAIT_MS);
	}
	return 0;
}

/* The medium of the order, as the configuration has it. */
static int
find_medium(struct mounter *mounter, const char *root, struct error *err)
{
	if (warrant_load(root, &mounter->config, err) != 0)
		return -1;
	mounter->medium =
	    config_find_medium(mounter->config, mounter->order.id);
	return mounter->medium != NULL
		   ? 0
		   : error_set(err, ERROR_NOT_FOUND,
			 _("there is no such medium in the configuration"));
}

/* udev knows the media of this configuration, whichever hikaed has. */
static int
run_mark(struct mounter *mounter, const char *root, struct error *err)
{
	if (lock_folder(mounter, MOUNT_MARK_FOLDER, err) != 0 ||
	    warrant_load(root, &mounter->config, err) != 0 ||
	    mount_mark_renew(mounter->root_fd, mounter->config, err) != 0)
		return -1;
	mount_mark_tell(&identity_running_kernel, mounter->config);
	return 0;
}

static bool
makes_sense(const struct probe_order *order)
{
	if (order->kind == PROBE_MARK)
		return true;
	return (order->kind == PROBE_MOUNT || order->kind == PROBE_UNMOUNT) &&
	       config_value_is_id(order->id);
}

static int
run(struct mounter *mounter, const char *root, struct error *err)
{
	if (probe_receive_order(SPAWN_WIRE_FD, &mounter->order, err) != 0)
		return -1;
	(void)alarm((mounter->order.deadline_ms + 999) / 1000 + GRACE_SECONDS);
	if (!makes_sense(&mounter->order))
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	if (geteuid() != 0)
		return mount_switch_fail(EPERM, "", err);
	if (file_open_folder(root, &mounter->root_fd, err) != 0)
		return -1;
	if (mounter->order.kind == PROBE_MARK)
		return run_mark(mounter, root, err);
	if (mounter->order.kind == PROBE_UNMOUNT)
		return lock_folder(mounter, MOUNT_RECORD_FOLDER, err) == 0
			   ? run_unmount(mounter, err)
			   : -1;
	if (find_medium(mounter, root, err) != 0 ||
	    lock_folder(mounter, MOUNT_RECORD_FOLDER, err) != 0)
		return -1;
	return run_mount(mounter, err);
}

int
mounter_main(const char *root)
{
	struct mounter *mounter = calloc(1, sizeof(*mounter));
	struct probe_answer answer = {.kind = PROBE_ANSWER_DONE};
	struct error err = {0};
	int status = EXIT_SUCCESS;

	if (mounter == NULL)
		return EXIT_FAILURE;
	mounter->root_fd = mounter->lock_fd = -1;
	(void)umask(022);
	if (run(mounter, root, &err) != 0)
		answer = (struct probe_answer){
		    .kind = PROBE_ANSWER_FAILED, .failed = err};
	if (probe_send_answer(SPAWN_WIRE_FD, &answer, &err) != 0)
		status = EXIT_FAILURE;
	if (mounter->lock_fd >= 0)
		(void)close(mounter->lock_fd);
	if (mounter->root_fd >= 0)
		(void)close(mounter->root_fd);
	config_free(mounter->config);
	free(mounter);
	return status;
}
