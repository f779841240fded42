/*
 * Which files a sandboxed process can read, and that it changes none: with the
 * kernel's newest Landlock ABI and with ABI 2, which Debian 12's kernel has.
 * Run by root, to whom Landlock and seccomp apply no less.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <seccomp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/file.h"
#include "tests/unit/os/sandbox_attempt.h"

/* What stands ready before a child restricts itself. */
static struct {
	char folder[64]; /* removed at the end */
	char inside[96], inside_other[96], victim[96], outside[96];
	char parent_memory[64];
	int root_fd, passed_fd, scratch_fd;
} ready;

static int
try_open(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC, 0600);

	return fd < 0 ? errno : close(fd);
}

static int
open_inside(void)
{
	return try_open(ready.inside, O_RDONLY);
}

static int
list_inside(void)
{
	int fd = openat(ready.root_fd, ".", O_RDONLY | O_DIRECTORY);
	DIR *folder = fd < 0 ? NULL : fdopendir(fd);

	if (folder == NULL)
		return errno;
	return readdir(folder) == NULL ? ENOENT : closedir(folder);
}

static int
read_passed(void)
{
	char byte;

	return pread(ready.passed_fd, &byte, 1, 0) == 1 ? 0 : errno;
}

static int
write_passed(void)
{
	if (pwrite(ready.scratch_fd, "x", 1, 0) < 0)
		return errno;
	return TRY(ftruncate(ready.scratch_fd, 0));
}

static int
open_outside(void)
{
	return try_open(ready.outside, O_RDONLY);
}

static int
open_by_dots(void)
{
	int fd = openat(ready.root_fd, "../outside", O_RDONLY);

	return fd < 0 ? errno : close(fd);
}

static int
open_parent_memory(void)
{
	return try_open(ready.parent_memory, O_RDONLY);
}

static int
write_inside(void)
{
	return try_open(ready.inside, O_WRONLY);
}

static int
create_inside(void)
{
	char path[128];

	(void)snprintf(path, sizeof(path), "%s.new", ready.inside);
	return try_open(path, O_RDWR | O_CREAT);
}

static int
create_unnamed_inside(void)
{
	int fd = openat(ready.root_fd, ".", O_TMPFILE | O_RDWR, 0600);

	return fd < 0 ? errno : close(fd);
}

static int
unlink_inside(void)
{
	return TRY(unlink(ready.victim));
}

static int
rename_inside(void)
{
	return TRY(rename(ready.victim, ready.inside_other));
}

static int
link_inside(void)
{
	return TRY(linkat(ready.root_fd, "other", ready.root_fd, "another", 0));
}

static int
symlink_inside(void)
{
	return TRY(symlinkat("target", ready.root_fd, "symlink"));
}

static int
mkdir_inside(void)
{
	return TRY(mkdirat(ready.root_fd, "folder", 0700));
}

static int
truncate_inside(void)
{
	return TRY(truncate(ready.inside_other, 0));
}

static int
truncate_by_open(void)
{
	return try_open(ready.inside_other, O_RDONLY | O_TRUNC);
}

static int
truncate_by_openat2(void)
{
	struct open_how how = {.flags = O_RDONLY | O_TRUNC};

	return TRY(syscall(
	    SYS_openat2, AT_FDCWD, ready.inside_other, &how, sizeof(how)));
}

static int
change_mode(void)
{
	return TRY(fchmod(ready.passed_fd, 0640));
}

static int
change_times(void)
{
	return TRY(utimensat(AT_FDCWD, ready.inside, NULL, 0));
}

static int
change_attribute(void)
{
	return TRY(setxattr(ready.inside, "user.x", "y", 1, 0));
}

static int
change_flags(void)
{
	return TRY(ioctl(ready.passed_fd, FS_IOC_SETFLAGS, &(int){0}));
}

/* As the reader opens what a manifest names. */
static int
open_below(void)
{
	struct error err;
	int fd;

	if (file_open_below(ready.root_fd, "./file",
		O_RDONLY | O_NOATIME | FILE_SAME_MOUNT, &fd, &err) != 0)
		return err.os_errno;
	return close(fd);
}

static const struct attempt attempts[] = {
    {"open a file inside", open_inside, 0, 0},
    {"open a file below the root", open_below, 0, 0},
    {"list the folder inside", list_inside, 0, 0},
    {"read a passed descriptor", read_passed, 0, 0},
    {"write to a passed descriptor", write_passed, 0, 0},
    {"open a file outside", open_outside, EACCES, 0},
    {"open a file outside by dots", open_by_dots, EACCES, 0},
    {"open the parent's memory", open_parent_memory, EACCES, 0},
    {"open a file inside for writing", write_inside, EACCES, 0},
    {"create a file inside", create_inside, EACCES, 0},
    {"create an unnamed file", create_unnamed_inside, EACCES, 0},
    {"unlink a file inside", unlink_inside, EACCES, 0},
    {"rename a file inside", rename_inside, EACCES, 0},
    {"link a file inside", link_inside, EACCES, 0},
    {"make a symbolic link inside", symlink_inside, EACCES, 0},
    {"make a folder inside", mkdir_inside, EACCES, 0},
    {"truncate", truncate_inside, EPERM, 0},
    {"truncate by open", truncate_by_open, EPERM, 0},
    {"truncate by openat2", truncate_by_openat2, ENOSYS, 0},
    {"change a mode", change_mode, EPERM, 0},
    {"change times", change_times, EPERM, 0},
    {"change an extended attribute", change_attribute, EPERM, 0},
    {"change file flags", change_flags, EPERM, 0},
};
#define COUNT (sizeof(attempts) / sizeof(attempts[0]))

static struct sandbox_policy
policy_for(int root_fd)
{
	return (struct sandbox_policy){
	    .root_fd = root_fd,
	    .limits = {.open_files = 64, .file_size_bytes = 4096},
	};
}

/* Put files back that an attempt without a sandbox used up. */
static void
prepare_files(void)
{
	const struct {
		const char *path, *text;
	} files[] = {{ready.inside, "inside"}, {ready.inside_other, "other"},
	    {ready.victim, "victim"}, {ready.outside, "outside"}};
	static const char *const made[] = {
	    "file.new", "another", "symlink", "folder"};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		FILE *file = fopen(files[i].path, "we");

		assert_non_null(file);
		assert_true(fputs(files[i].text, file) >= 0);
		assert_int_equal(fclose(file), 0);
	}
	for (size_t i = 0; i < sizeof(made) / sizeof(made[0]); i++)
		(void)unlinkat(ready.root_fd, made[i],
		    strcmp(made[i], "folder") == 0 ? AT_REMOVEDIR : 0);
}

static int
setup(void **state)
{
	char root[80];

	(void)state;
	(void)snprintf(
	    ready.folder, sizeof(ready.folder), "/tmp/hikae-sandbox-XXXXXX");
	assert_non_null(mkdtemp(ready.folder));
	(void)snprintf(root, sizeof(root), "%s/root", ready.folder);
	assert_int_equal(mkdir(root, 0700), 0);
	(void)snprintf(ready.inside, 96, "%s/file", root);
	(void)snprintf(ready.inside_other, 96, "%s/other", root);
	(void)snprintf(ready.victim, 96, "%s/victim", root);
	(void)snprintf(ready.outside, 96, "%s/outside", ready.folder);
	(void)snprintf(ready.parent_memory, sizeof(ready.parent_memory),
	    "/proc/%d/mem", getpid());
	ready.root_fd = open(root, O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_true(ready.root_fd >= 0);
	prepare_files();
	ready.passed_fd = open(ready.inside, O_RDONLY | O_CLOEXEC);
	ready.scratch_fd = open(ready.folder, O_TMPFILE | O_RDWR, 0600);
	assert_true(ready.passed_fd >= 0 && ready.scratch_fd >= 0);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	(void)close(ready.root_fd);
	(void)close(ready.passed_fd);
	(void)close(ready.scratch_fd);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", ready.folder);
	return system(command);
}

static void
no_file_is_changed(void **state)
{
	(void)state;
	prepare_files();
	attempt_check_all(attempts, COUNT, policy_for(ready.root_fd), 0);
}

static void
no_file_is_changed_on_debian_12(void **state)
{
	(void)state;
	prepare_files();
	attempt_check_all(
	    attempts, COUNT, policy_for(ready.root_fd), ATTEMPT_ABI_DEBIAN_12);
}

static void
the_same_works_without_a_sandbox(void **state)
{
	(void)state;
	attempt_check_free(attempts, COUNT, prepare_files);
}

/* A process may read all files, yet not another's memory. */
static void
a_root_of_everything_opens_no_memory(void **state)
{
	struct sandbox_policy policy =
	    policy_for(open("/", O_PATH | O_DIRECTORY | O_CLOEXEC));

	(void)state;
	(void)attempt_kernel_abi();
	assert_int_equal(attempt_result(open_outside, &policy), 0);
	assert_int_equal(attempt_result(open_parent_memory, &policy), EACCES);
	assert_int_equal(attempt_result(write_inside, &policy), EACCES);
	assert_int_equal(close(policy.root_fd), 0);
}

/* In a child: a machine whose kernel has no seccomp for us. */
static int
enter_without_seccomp(void)
{
	struct sandbox_policy policy = policy_for(ready.root_fd);
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	struct sandbox_report report;
	struct error err;

	policy.best_effort = true;
	if (filter == NULL ||
	    seccomp_rule_add(
		filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(seccomp), 0) != 0 ||
	    seccomp_rule_add(filter, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1,
		SCMP_A0(SCMP_CMP_EQ, PR_SET_SECCOMP)) != 0 ||
	    seccomp_load(filter) != 0 ||
	    sandbox_enter(&policy, &report, &err) != 0 || report.seccomp)
		return -1;
	return report.landlock_abi;
}

static int
truncate_without_seccomp(void)
{
	return enter_without_seccomp() < 0 ? ATTEMPT_NO_SANDBOX
					   : truncate_by_open();
}

static int
truncate_by_openat2_without_seccomp(void)
{
	return enter_without_seccomp() < 0 ? ATTEMPT_NO_SANDBOX
					   : truncate_by_openat2();
}

/* The filter denies it as a rule; without one, Landlock has to. */
static void
without_a_filter_landlock_denies_emptying(void **state)
{
	(void)state;
	if (attempt_kernel_abi() < 3)
		skip();
	prepare_files();
	assert_int_equal(
	    attempt_result(truncate_without_seccomp, NULL), EACCES);
	assert_int_equal(
	    attempt_result(truncate_by_openat2_without_seccomp, NULL), EACCES);
}

static int
list_by_path(void)
{
	return try_open(ready.folder, O_RDONLY | O_DIRECTORY);
}

static int
open_inside_other(void)
{
	return try_open(ready.inside_other, O_RDONLY);
}

static void
the_root_may_be_none_or_one_file(void **state)
{
	struct sandbox_policy policy = policy_for(-1);

	(void)state;
	(void)attempt_kernel_abi();
	prepare_files();
	assert_int_equal(attempt_result(open_inside, &policy), EACCES);
	assert_int_equal(attempt_result(list_by_path, &policy), EACCES);
	assert_int_equal(attempt_result(truncate_by_openat2, &policy), ENOSYS);
	policy.landlock_abi_max = ATTEMPT_ABI_DEBIAN_12;
	assert_int_equal(attempt_result(truncate_by_openat2, &policy), ENOSYS);
	assert_int_equal(attempt_result(read_passed, &policy), 0);
	policy.root_fd = ready.passed_fd;
	assert_int_equal(attempt_result(open_inside, &policy), 0);
	assert_int_equal(attempt_result(open_inside_other, &policy), EACCES);
	policy.root_fd = 987;
	assert_int_equal(
	    attempt_result(open_inside, &policy), ATTEMPT_NO_SANDBOX);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(no_file_is_changed),
	    cmocka_unit_test(no_file_is_changed_on_debian_12),
	    cmocka_unit_test(the_same_works_without_a_sandbox),
	    cmocka_unit_test(a_root_of_everything_opens_no_memory),
	    cmocka_unit_test(without_a_filter_landlock_denies_emptying),
	    cmocka_unit_test(the_root_may_be_none_or_one_file),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
