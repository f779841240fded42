#include "lib/worker/probe.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/identity.h"
#include "lib/os/sandbox.h"
#include "lib/os/spawn.h"
#include "lib/worker/probe_internal.h"

#define CPU_SECONDS 60
/* After its deadline nobody listens any more; its parent waits as long. */
#define GRACE_SECONDS 1
/* Besides those that are open: libblkid's, the C library's. */
#define SPARE_FILES 16
/* As large as any sector. */
#define TOUCH_BYTES 4096
/* Of standard error, should it be a file. */
#define FILE_SIZE_BYTES (16 * 1024 * 1024)

struct probe {
	struct probe_order order;
	struct sandbox_report sandbox;
	int highest_fd;
	struct identity_blocks blocks;
	int fds[IDENTITY_BLOCKS_MAX]; /* -1: not open */
	int errors[IDENTITY_BLOCKS_MAX];
};

static int
send_answer(const struct probe_answer *answer, struct error *err)
{
	return probe_send_answer(SPAWN_WIRE_FD, answer, err);
}

static int
restrict_itself(struct probe *probe, struct error *err)
{
	const int highest = probe->highest_fd > SPAWN_WIRE_FD
				? probe->highest_fd
				: SPAWN_WIRE_FD;
	const struct sandbox_policy policy = {
	    .root_fd = -1,
	    .connect_port =
		probe->order.kind == PROBE_REACH ? probe->order.port : 0,
	    .limits = {.cpu_seconds = CPU_SECONDS,
		.memory_bytes = HIKAE_CHILD_MEMORY_BYTES,
		.open_files = (uint64_t)highest + 1 + SPARE_FILES,
		.file_size_bytes = FILE_SIZE_BYTES},
	    .best_effort = probe->order.best_effort,
	};

	/* Load now what the C library loads on first use. */
	(void)strerror(ENOENT);
	(void)_("out of memory");
	return sandbox_enter(&policy, &probe->sandbox, err);
}

/*
 * Opening can hang, and must neither write nor close a disc drive's tray.
 * Returns 0 or an errno value.
 */
static int
open_device(struct probe *probe, const char *path, int *ret_fd)
{
	struct stat facts;

	*ret_fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (*ret_fd < 0)
		return errno;
	if (*ret_fd > probe->highest_fd)
		probe->highest_fd = *ret_fd;
	if (fstat(*ret_fd, &facts) != 0)
		return errno;
	return S_ISBLK(facts.st_mode) || S_ISREG(facts.st_mode) ? 0 : ENOTBLK;
}

static uint64_t
size_of(int fd, const struct stat *facts)
{
	uint64_t size;

	if (S_ISREG(facts->st_mode))
		return (uint64_t)facts->st_size;
	return ioctl(fd, BLKGETSIZE64, &size) == 0 ? size : 0;
}

/* Read what was opened; the numbers are those that it has. */
static int
read_device(int fd, struct probe_block *ret, struct error *err)
{
	struct stat facts;

	if (fstat(fd, &facts) != 0)
		return error_set_errno(
		    err, errno, _("cannot look at a block device"));
	if (S_ISBLK(facts.st_mode)) {
		ret->major = major(facts.st_rdev);
		ret->minor = minor(facts.st_rdev);
	}
	ret->size_bytes = size_of(fd, &facts);
	return superblock_read(fd, &ret->superblock, err);
}

/*
 * Is it still there?  What the kernel has in its cache proves nothing of a
 * disk that was pulled out.  Where direct reads are not possible, that is not
 * known.
 */
static int
touch_device(int fd, struct error *err)
{
	const int flags = fcntl(fd, F_GETFL);
	void *block = NULL;
	ssize_t got = 0;
	int os_errno = 0;

	if (flags < 0 || fcntl(fd, F_SETFL, flags | O_DIRECT) != 0)
		return 0;
	if (posix_memalign(&block, TOUCH_BYTES, TOUCH_BYTES) == 0)
		got = pread(fd, block, TOUCH_BYTES, 0);
	if (got < 0 && errno != EINVAL)
		os_errno = errno;
	free(block);
	(void)fcntl(fd, F_SETFL, flags);
	return os_errno == 0 ? 0
			     : error_set_errno(err, os_errno,
				   _("cannot look at a block device"));
}

static bool
is_expected(const struct probe_order *order, uint32_t major, uint32_t minor)
{
	return (order->major == 0 && order->minor == 0) ||
	       (order->major == major && order->minor == minor);
}

static int
run_block(struct probe *probe, struct error *err)
{
	struct probe_answer answer = {.kind = PROBE_ANSWER_BLOCK};
	const int os_errno =
	    open_device(probe, probe->order.path, &probe->fds[0]);

	if (os_errno != 0)
		return error_set_errno(
		    err, os_errno, _("cannot open the block device"));
	if (restrict_itself(probe, err) != 0 ||
	    touch_device(probe->fds[0], err) != 0 ||
	    read_device(probe->fds[0], &answer.block, err) != 0)
		return -1;
	if (!is_expected(&probe->order, answer.block.major, answer.block.minor))
		return error_set(err, ERROR_UNAVAILABLE,
		    _("another device has this name now"));
	return send_answer(&answer, err);
}

/* All are opened before the first byte is looked at. */
static void
open_all(struct probe *probe)
{
	identity_list(&identity_running_kernel, &probe->blocks);
	if (probe->blocks.count > IDENTITY_BLOCKS_MAX)
		probe->blocks.count = IDENTITY_BLOCKS_MAX;
	for (size_t i = 0; i < probe->blocks.count; i++) {
		char path[64];

		(void)snprintf(path, sizeof(path), "/dev/%s",
		    probe->blocks.blocks[i].name);
		for (char *c = path; *c != '\0'; c++)
			if (*c == '!')
				*c = '/';
		probe->errors[i] = open_device(probe, path, &probe->fds[i]);
	}
}

static int
answer_listed(struct probe *probe, size_t i, struct error *err)
{
	const struct identity_block *wanted = &probe->blocks.blocks[i];
	struct probe_answer answer = {.kind = PROBE_ANSWER_BLOCK};
	struct probe_block *block = &answer.block;
	struct error why = {0};
	int os_errno = probe->errors[i];

	if (os_errno == 0 && read_device(probe->fds[i], block, &why) != 0)
		os_errno = why.os_errno != 0 ? why.os_errno : EIO;
	if (os_errno == 0 &&
	    (block->major != wanted->major || block->minor != wanted->minor))
		os_errno = ESTALE;
	if (os_errno != 0)
		*block = (struct probe_block){.os_errno = os_errno};
	block->major = wanted->major;
	block->minor = wanted->minor;
	memcpy(block->name, wanted->name, sizeof(wanted->name));
	return send_answer(&answer, err);
}

static int
run_list(struct probe *probe, struct error *err)
{
	open_all(probe);
	if (restrict_itself(probe, err) != 0)
		return -1;
	for (size_t i = 0; i < probe->blocks.count; i++)
		if (answer_listed(probe, i, err) != 0)
			return -1;
	return 0;
}

static int
run_reach(struct probe *probe, struct error *err)
{
	struct probe_answer answer = {.kind = PROBE_ANSWER_REACH};
	struct probe_target target;
	int rc = -1;

	if (probe_reach_prepare(&probe->order, &target, &answer.reach, err) !=
	    0)
		goto out;
	for (size_t i = 0; i < target.count; i++)
		if (target.sockets[i] > probe->highest_fd)
			probe->highest_fd = target.sockets[i];
	if (restrict_itself(probe, err) != 0)
		goto out;
	probe_reach_ask(&probe->order, &target, &answer.reach);
	rc = send_answer(&answer, err);
out:
	probe_reach_done(&target);
	return rc;
}

/* Blocks as bytes; what does not fit is the most there is. */
static uint64_t
bytes_of(uint64_t blocks, uint64_t block_bytes)
{
	return block_bytes > 0 && blocks > UINT64_MAX / block_bytes
		   ? UINT64_MAX
		   : blocks * block_bytes;
}

static int
run_capacity(struct probe *probe, struct error *err)
{
	struct probe_answer answer = {.kind = PROBE_ANSWER_CAPACITY};
	struct statvfs facts;

	if (restrict_itself(probe, err) != 0)
		return -1;
	if (statvfs(probe->order.path, &facts) != 0)
		return error_set_errno(
		    err, errno, _("cannot ask for a medium's capacity"));
	answer.capacity = (struct probe_capacity){
	    .size_bytes = bytes_of(facts.f_blocks, facts.f_frsize),
	    .free_bytes = bytes_of(facts.f_bfree, facts.f_frsize),
	    .available_bytes = bytes_of(facts.f_bavail, facts.f_frsize),
	    .files = facts.f_files,
	    .free_files = facts.f_ffree,
	    .is_read_only = (facts.f_flag & ST_RDONLY) != 0};
	return send_answer(&answer, err);
}

static int
run(struct probe *probe, struct error *err)
{
	/* Who asked may be no parent of this process, and unable to end it. */
	(void)alarm((probe->order.deadline_ms + 999) / 1000 + GRACE_SECONDS);
	switch (probe->order.kind) {
	case PROBE_BLOCK:
		return run_block(probe, err);
	case PROBE_LIST:
		return run_list(probe, err);
	case PROBE_REACH:
		return run_reach(probe, err);
	case PROBE_CAPACITY:
		return run_capacity(probe, err);
	case PROBE_MOUNT:
	case PROBE_UNMOUNT:
	case PROBE_WRITE:
	case PROBE_MARK:
		break;
	}
	return error_set(err, ERROR_PROTOCOL, _("malformed job"));
}

int
probe_main(void)
{
	struct probe *probe = calloc(1, sizeof(*probe));
	struct probe_answer answer = {.kind = PROBE_ANSWER_DONE};
	struct error err = {0};
	int status = EXIT_SUCCESS;

	if (probe == NULL)
		return EXIT_FAILURE;
	for (size_t i = 0; i < IDENTITY_BLOCKS_MAX; i++)
		probe->fds[i] = -1;
	if (probe_receive_order(SPAWN_WIRE_FD, &probe->order, &err) != 0 ||
	    run(probe, &err) != 0)
		answer = (struct probe_answer){
		    .kind = PROBE_ANSWER_FAILED, .failed = err};
	else
		answer.done = probe->sandbox;
	if (send_answer(&answer, &err) != 0)
		status = EXIT_FAILURE;
	for (size_t i = 0; i < IDENTITY_BLOCKS_MAX; i++)
		if (probe->fds[i] >= 0)
			(void)close(probe->fds[i]);
	free(probe);
	return status;
}
