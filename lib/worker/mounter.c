#include "lib/worker/mounter.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/os/file.h"
#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"
#include "lib/worker/mount_record.h"
#include "lib/worker/probe_handle.h"
#include "lib/worker/warrant.h"

/* After its deadline nobody listens any more. */
#define GRACE_SECONDS 1
#define MOUNT_FLAGS (MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC | MS_NOATIME)

struct mounter {
	struct probe_order order;
	int64_t deadline_ms; /* monotonic */
	struct config *config;
	const struct config_medium *medium;
	int root_fd;
	int lock_fd; /* of the records' folder: one request at a time */
	struct identity identity; /* of the device, or of what is mounted */
};

/* A superblock may ask for a panic at the first error: not here. */
#define EXT_OPTIONS "noload,errors=remount-ro"

/*
 * What is mounted, by which driver, and how its log is left alone: a read-only
 * mount would still replay it.  ext4(5), xfs(5), btrfs(5); the rest has none,
 * or none that a device which refuses writes would let change.
 */
static const struct {
	const char *found, *driver, *options;
} filesystems[] = {
    {"ext2", "ext4", EXT_OPTIONS},
    {"ext3", "ext4", EXT_OPTIONS},
    {"ext4", "ext4", EXT_OPTIONS},
    {"xfs", "xfs", "norecovery"},
    {"btrfs", "btrfs", "rescue=nologreplay"},
    {"f2fs", "f2fs", "norecovery"},
    {"vfat", "vfat", "utf8=1"},
    {"exfat", "exfat", ""},
    {"ntfs", "ntfs3", ""},
    {"iso9660", "iso9660", ""},
    {"udf", "udf", ""},
};
#define FILESYSTEMS (sizeof(filesystems) / sizeof(filesystems[0]))

static int
refuse_rights(struct error *err)
{
	return error_set(err, ERROR_DENIED,
	    _("hikaed has no right to mount here: it needs the unit "
	      "hikae-mount.socket, or to run as root"));
}

/* As mount(2) says that a right is missing. */
static int
fail(int os_errno, const char *text, struct error *err)
{
	if (os_errno == EPERM || os_errno == EACCES)
		return refuse_rights(err);
	(void)error_set_errno(err, os_errno, "%s", text);
	if (os_errno == EBUSY)
		err->code = ERROR_UNAVAILABLE;
	return -1;
}

/* Whether the device that identity tells of is mounted at the medium's path. */
static bool
is_mounted_there(struct mounter *mounter, uint32_t major, uint32_t minor)
{
	struct identity *identity = &mounter->identity;
	const char *path = mounter->medium->path;
	struct error why = {0};

	return identity_of_path(
		   &identity_running_kernel, path, identity, &why) == 0 &&
	       strcmp(identity->device.mount_point, path) == 0 &&
	       identity->has_block && identity->major == major &&
	       identity->minor == minor;
}

/* 1: mounted at its path; 0: nothing is; -1: something else, or no saying. */
static int
ask_mounted(struct mounter *mounter, const struct mount_record *record,
    struct error *err)
{
	const char *path = mounter->medium->path;
	struct mountinfo *table = mountinfo_read(MOUNTINFO_PATH, err);
	const struct mountinfo_mount *mount;
	bool is_it, is_any;

	if (table == NULL)
		return -1;
	mount = mountinfo_find_path(table, path);
	is_any = mount != NULL && strcmp(mount->mount_point, path) == 0;
	is_it = is_any && mount->major == record->major &&
		mount->minor == record->minor;
	mountinfo_free(table);
	if (!is_any)
		return 0;
	/* A file system on several devices has a number of its own. */
	if (is_it || is_mounted_there(mounter, record->major, record->minor))
		return 1;
	return error_set(
	    err, ERROR_UNAVAILABLE, _("something else is mounted at its path"));
}

/* A child reads the superblock: this process is no place for hostile bytes. */
static int
read_superblock(
    const struct mounter *mounter, struct superblock *ret, struct error *err)
{
	const struct probe_order order = {.kind = PROBE_BLOCK,
	    .major = mounter->order.major,
	    .minor = mounter->order.minor,
	    .deadline_ms = mounter->order.deadline_ms,
	    .best_effort =
		mounter->config->policy.sandbox == CONFIG_SANDBOX_BEST_EFFORT};
	struct probe_order *asked = malloc(sizeof(*asked));
	struct probe_handle *probe = NULL;
	struct probe_answer answer;
	bool has_block = false;
	int got = 0, rc = -1;

	if (asked == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*asked = order;
	(void)snprintf(
	    asked->path, sizeof(asked->path), "%s", mounter->identity.node);
	if (probe_handle_start(asked, &probe, err) != 0)
		goto out;
	while (got >= 0 && !probe_handle_is_finished(probe) &&
	       !probe_handle_is_overdue(probe)) {
		struct pollfd wait = {probe_handle_wire_fd(probe), POLLIN, 0};

		got = probe_handle_next(probe, &answer, err);
		if (got == 0 && probe_handle_wire_fd(probe) < 0)
			break;
		if (got == 0)
			(void)poll(&wait, 1, 100);
		if (got == 1 && answer.kind == PROBE_ANSWER_BLOCK) {
			*ret = answer.block.superblock;
			has_block = true;
		}
		if (got == 1 && answer.kind == PROBE_ANSWER_FAILED)
			*err = answer.failed;
	}
	if (has_block && probe_handle_is_finished(probe))
		rc = 0;
	else if (err->code == ERROR_NONE)
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("its superblock could not be read in time"));
out:
	probe_handle_free(probe);
	free(asked);
	return rc;
}

/* One device with this UUID, or the one with the serial number. */
static int
check_device(const struct mounter *mounter, struct error *err)
{
	const struct config_medium *medium = mounter->medium;
	struct identity_blocks found;
	struct error why = {0};
	bool is_known;

	if (medium->serial[0] != '\0')
		return identity_has_serial(
			   &mounter->identity, medium->serial, &is_known)
			   ? 0
			   : error_set(err, ERROR_NOT_FOUND,
				 _("the disk has not the serial number that "
				   "the configuration says"));
	if (identity_find(&identity_running_kernel, medium->uuid, "", &found,
		&why) == 0 &&
	    found.count > 1)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("several devices have the file system's UUID"));
	return 0;
}

/* Which driver; -1 with the reason where it is not to be mounted. */
static int
choose_driver(
    const struct mounter *mounter, size_t *ret_index, struct error *err)
{
	struct superblock superblock = {0};
	size_t i = 0;

	if (read_superblock(mounter, &superblock, err) != 0)
		return -1;
	if (superblock.is_ambiguous ||
	    !identity_is_uuid(mounter->medium->uuid, superblock.uuid))
		return error_set(err, ERROR_NOT_FOUND,
		    _("the device holds another file system than the "
		      "configuration says"));
	while (i < FILESYSTEMS &&
	       strcmp(filesystems[i].found, superblock.type) != 0)
		i++;
	if (i == FILESYSTEMS)
		return error_set(err, ERROR_INPUT,
		    _("hikae does not mount file systems of the type %s"),
		    superblock.type);
	*ret_index = i;
	return 0;
}

/* On the folder that the path names without a link. */
static int
attach(const struct mounter *mounter, size_t i, struct error *err)
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
	if (mount(mounter->identity.node, target, filesystems[i].driver,
		MOUNT_FLAGS, filesystems[i].options) != 0)
		rc = fail(errno, _("cannot mount it"), err);
	(void)close(fd);
	return rc;
}

static int
set_switch(int fd, bool is_shut)
{
	int value = is_shut;

	return ioctl(fd, BLKROSET, &value);
}

/*
 * The device, for nobody else as long as this has it open: one that somebody
 * has mounted or otherwise in use must not have its switch turned.
 */
static int
open_alone(const struct mounter *mounter, int *ret_fd, struct error *err)
{
	struct stat facts;

	*ret_fd = open(mounter->identity.node,
	    O_RDONLY | O_EXCL | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
	if (*ret_fd < 0)
		return errno == EBUSY
			   ? error_set(err, ERROR_UNAVAILABLE,
				 _("its device is in use already"))
			   : fail(errno, _("cannot open its device"), err);
	if (fstat(*ret_fd, &facts) == 0 && S_ISBLK(facts.st_mode) &&
	    major(facts.st_rdev) == mounter->order.major &&
	    minor(facts.st_rdev) == mounter->order.minor)
		return 0;
	(void)close(*ret_fd);
	return error_set(
	    err, ERROR_UNAVAILABLE, _("another device has this name now"));
}

/* Whether another medium has come under the device's number. */
static bool
is_another(const struct mounter *mounter)
{
	const struct identity *identity = &mounter->identity;

	return identity->uuid[0] != '\0' &&
	       !identity_is_uuid(mounter->medium->uuid, identity->uuid);
}

/*
 * Turn the switch back as it was, where the device is still there.  The record
 * stays as long as that is to be done.
 */
static int
give_back(struct mounter *mounter, const struct mount_record *record,
    struct error *err)
{
	struct error why = {0};
	int fd, rc = 0;

	if (!record->was_read_only &&
	    identity_of_block(&identity_running_kernel, record->major,
		record->minor, &mounter->identity, &why) == 0 &&
	    !is_another(mounter)) {
		fd = open(mounter->identity.node,
		    O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY | O_NOFOLLOW);
		if (fd >= 0) {
			if (set_switch(fd, false) != 0)
				rc = fail(errno,
				    _("cannot turn its switch back"), err);
			(void)close(fd);
		}
	}
	if (rc == 0)
		mount_record_remove(mounter->root_fd, mounter->medium->id);
	return rc;
}

/* The device is this process's: shut it, look at it, let it go, mount it. */
static int
shut_and_attach(struct mounter *mounter, int fd, struct error *err)
{
	struct mount_record record = {
	    .major = mounter->order.major, .minor = mounter->order.minor};
	struct error why = {0};
	int was_shut = 0, rc = -1;
	size_t driver = 0;

	if (ioctl(fd, BLKROGET, &was_shut) != 0) {
		(void)fail(errno, _("cannot ask its device"), err);
		goto out;
	}
	record.was_read_only = was_shut != 0;
	/* Before the switch: what ends this process must not leave it shut. */
	if (mount_record_write(
		mounter->root_fd, mounter->medium->id, &record, err) != 0)
		goto out;
	if (set_switch(fd, true) != 0)
		(void)fail(errno, _("cannot make its device read-only"), err);
	else if (choose_driver(mounter, &driver, err) == 0)
		rc = 0;
out:
	(void)close(fd);
	if (rc == 0)
		rc = attach(mounter, driver, err);
	if (rc == 0 && !is_mounted_there(mounter, record.major, record.minor)) {
		(void)umount2(mounter->medium->path, UMOUNT_NOFOLLOW);
		rc = error_set(err, ERROR_UNAVAILABLE,
		    _("another device has this name now"));
	}
	if (rc != 0)
		(void)give_back(mounter, &record, &why);
	return rc;
}

static int
run_mount(struct mounter *mounter, struct error *err)
{
	const struct probe_order *order = &mounter->order;
	struct mount_record record;
	struct error why = {0};
	int fd;

	if (mounter->medium->mount != CONFIG_MOUNT_HIKAE)
		return error_set(err, ERROR_DENIED,
		    _("the configuration does not say mount = hikae"));
	if (mount_record_read(
		mounter->root_fd, mounter->medium->id, &record, &why) == 0)
		return is_mounted_there(mounter, record.major, record.minor)
			   ? 0
			   : error_set(err, ERROR_UNAVAILABLE,
				 _("an earlier mount is to be undone first"));
	if (identity_of_path(&identity_running_kernel, mounter->medium->path,
		&mounter->identity, err) != 0)
		return -1;
	if (strcmp(mounter->identity.device.mount_point,
		mounter->medium->path) == 0)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("something else is mounted at its path"));
	if (identity_of_block(&identity_running_kernel, order->major,
		order->minor, &mounter->identity, err) != 0 ||
	    check_device(mounter, err) != 0 ||
	    open_alone(mounter, &fd, err) != 0)
		return -1;
	return shut_and_attach(mounter, fd, err);
}

static int
run_unmount(struct mounter *mounter, struct error *err)
{
	const char *path = mounter->medium->path;
	struct mount_record record;
	int mounted;

	if (mount_record_read(
		mounter->root_fd, mounter->medium->id, &record, err) != 0)
		return error_prefix(err, _("hikae has not mounted it"));
	mounted = ask_mounted(mounter, &record, err);
	if (mounted < 0)
		return -1;
	if (mounted == 1 && umount2(path, UMOUNT_NOFOLLOW) != 0)
		return fail(errno, _("cannot unmount it"), err);
	return give_back(mounter, &record, err);
}

/*
 * One request at a time, until this process ends: what the other would undo is
 * not to be done meanwhile.
 */
static int
lock_records(struct mounter *mounter, struct error *err)
{
	if (file_make_folders(
		mounter->root_fd, MOUNT_RECORD_FOLDER, 0755, err) != 0 ||
	    file_open_below(mounter->root_fd, MOUNT_RECORD_FOLDER,
		O_RDONLY | O_DIRECTORY, &mounter->lock_fd, err) != 0)
		return -1;
	if (flock(mounter->lock_fd, LOCK_EX | LOCK_NB) == 0)
		return 0;
	return error_set(
	    err, ERROR_UNAVAILABLE, _("another request is under way"));
}

static int
run(struct mounter *mounter, const char *root, struct error *err)
{
	if (probe_receive_order(SPAWN_WIRE_FD, &mounter->order, err) != 0)
		return -1;
	(void)alarm((mounter->order.deadline_ms + 999) / 1000 + GRACE_SECONDS);
	if (mounter->order.kind != PROBE_MOUNT &&
	    mounter->order.kind != PROBE_UNMOUNT)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	if (geteuid() != 0)
		return refuse_rights(err);
	if (file_open_folder(root, &mounter->root_fd, err) != 0 ||
	    warrant_load(root, &mounter->config, err) != 0 ||
	    lock_records(mounter, err) != 0)
		return -1;
	mounter->medium =
	    config_find_medium(mounter->config, mounter->order.id);
	if (mounter->medium == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no such medium in the configuration"));
	return mounter->order.kind == PROBE_MOUNT ? run_mount(mounter, err)
						  : run_unmount(mounter, err);
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
