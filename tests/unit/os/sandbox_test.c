/*
 * Each restriction is shown in force by trying, in a forked child, what it
 * forbids: with the kernel's newest Landlock ABI and with ABI 2, which
 * Debian 12's kernel has.  Run by root (to whom Landlock and seccomp apply no
 * less), the same attempt without the sandbox must not end the same way.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <libintl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/openat2.h>
#include <sched.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/sandbox.h"

#define MEMORY_BYTES (UINT64_C(256) << 20)
#define FILE_SIZE_BYTES 8192
#define OPEN_FILES 64
#define CHILD_NOT_SANDBOXED 200 /* exit status; errno values are below */
#define ABI_DEBIAN_12 2

/* What stands ready before a child restricts itself. */
static struct {
	char folder[64]; /* removed at the end */
	char inside[96], inside_other[96], victim[96], outside[96];
	char parent_memory[64];
	struct sockaddr_un socket_name;
	int root_fd, passed_fd, scratch_fd, socket_fd;
	struct file_handle *handle;
	int handle_mount_fd;
	iconv_t warm;
} ready;

/* The errno of a call that gives -1 on failure; 0 when it worked. */
#define TRY(call) ((call) < 0 ? errno : 0)

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

/* What a library may need at any time. */
static int
ordinary_calls(void)
{
	struct timespec now;
	char random[8];
	void *memory = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fds[2];

	if (memory == MAP_FAILED || munmap(memory, 1 << 20) < 0)
		return errno;
	if (pipe(fds) < 0 || close(fds[0]) < 0 || close(fds[1]) < 0)
		return errno;
	if (clock_gettime(CLOCK_REALTIME, &now) < 0 ||
	    getrandom(random, sizeof(random), 0) < 0 ||
	    prctl(PR_SET_NAME, "renamed") < 0)
		return errno;
	return TRY(ioctl(ready.passed_fd, FS_IOC_GETFLAGS, &(int){0}));
}

/* Linux AIO by bare calls, since libaio belongs to the module stream. */
static int
asynchronous_read(void)
{
	static char text[16];
	aio_context_t context = 0;
	struct iocb request = {
	    .aio_lio_opcode = IOCB_CMD_PREAD,
	    .aio_fildes = (uint32_t)ready.passed_fd,
	    .aio_buf = (uint64_t)(uintptr_t)text,
	    .aio_nbytes = sizeof(text),
	};
	struct iocb *requests[] = {&request};
	struct io_event event;

	if (syscall(SYS_io_setup, 4, &context) < 0 ||
	    syscall(SYS_io_submit, context, 1, requests) != 1 ||
	    syscall(SYS_io_getevents, context, 1, 1, &event, NULL) != 1 ||
	    syscall(SYS_io_destroy, context) < 0)
		return errno;
	return event.res == 6 && memcmp(text, "inside", 6) == 0 ? 0 : EIO;
}

/* sandbox.h: what was loaded before works, what was not fails cleanly. */
static int
late_loading(void)
{
	static const char sjis[] = "\x8d\x54\x82\xa6"; /* 控え */
	char in[8], out[16] = "", *from = in, *to = out;
	size_t left = 4, room = sizeof(out);
	const char *text = "a text that no catalogue has";

	memcpy(in, sjis, sizeof(sjis));
	if (iconv(ready.warm, &from, &left, &to, &room) == (size_t)-1)
		return errno;
	if (strcmp(out, "\xe6\x8e\xa7\xe3\x81\x88") != 0)
		return EILSEQ;
	if (dgettext("another-domain", text) != text)
		return EINVAL;
	return iconv_open("UTF-8", "EUC-KR") == (iconv_t)-1 ? ENOENT : 0;
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

static int
make_socket(void)
{
	return TRY(socket(AF_INET, SOCK_STREAM, 0));
}

static int
make_socket_pair(void)
{
	int fds[2];

	return TRY(socketpair(AF_UNIX, SOCK_STREAM, 0, fds));
}

static int
connect_socket(void)
{
	return TRY(connect(ready.socket_fd,
	    (const struct sockaddr *)&ready.socket_name,
	    sizeof(ready.socket_name)));
}

static int
signal_parent(void)
{
	return TRY(kill(getppid(), 0));
}

static int
signal_parent_thread(void)
{
	return TRY((int)syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int
signal_by_owner(void)
{
	return TRY(fcntl(ready.socket_fd, F_SETOWN, getppid()));
}

static int
signal_by_ioctl(void)
{
	return TRY(ioctl(ready.socket_fd, FIOSETOWN, &(int){getppid()}));
}

static int
limit_parent(void)
{
	struct rlimit limit;

	return TRY(prlimit(getppid(), RLIMIT_NOFILE, NULL, &limit));
}

static int
trace_parent(void)
{
	return TRY((int)ptrace(PTRACE_SEIZE, getppid(), NULL, NULL));
}

static int
run_program(void)
{
	char *const arguments[] = {NULL, NULL};

	return TRY(execve("/bin/true", arguments, arguments));
}

static int
fork_process(void)
{
	pid_t pid = fork();

	if (pid == 0)
		_exit(0);
	return TRY(pid);
}

static int
clone3_process(void)
{
	/* As the C library asks; a size of 0 is refused where it exists. */
	return TRY((int)syscall(SYS_clone3, NULL, 0));
}

static int
spawn_process(void)
{
	extern char **environ;
	static char name[] = "true";
	char *const arguments[] = {name, NULL};
	pid_t pid;

	return posix_spawn(&pid, "/bin/true", NULL, NULL, arguments, environ);
}

static int
open_handle(void)
{
	int fd =
	    open_by_handle_at(ready.handle_mount_fd, ready.handle, O_RDONLY);

	return fd < 0 ? errno : close(fd);
}

static int
set_up_ring(void)
{
	char parameters[256] = {0};

	return TRY((int)syscall(SYS_io_uring_setup, 1, parameters));
}

static int
mount_nothing(void)
{
	return TRY(mount("none", "/nonexistent", "tmpfs", 0, NULL));
}

static int
leave_name_space(void)
{
	return TRY(unshare(CLONE_NEWUTS));
}

static int
become_dumpable(void)
{
	return TRY(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0));
}

static int
is_dumpable(void)
{
	return prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) == 1 ? 0 : EACCES;
}

static int
open_many(void)
{
	for (int i = 0; i < OPEN_FILES; i++)
		if (dup(ready.passed_fd) < 0)
			return errno;
	return 0;
}

/* expected: 0 or an errno value. */
static const struct attempt {
	const char *name;
	int (*run)(void);
	int expected;
	int from_abi; /* expected from this Landlock ABI on, before it 0 */
} attempts[] = {
    {"open a file inside", open_inside, 0, 0},
    {"list the folder inside", list_inside, 0, 0},
    {"read a passed descriptor", read_passed, 0, 0},
    {"write to a passed descriptor", write_passed, 0, 0},
    {"ordinary calls", ordinary_calls, 0, 0},
    {"read by Linux AIO", asynchronous_read, 0, 0},
    {"load a character set too late", late_loading, ENOENT, 0},
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
    {"truncate by openat2", truncate_by_openat2, EACCES, 3},
    {"change a mode", change_mode, EPERM, 0},
    {"change times", change_times, EPERM, 0},
    {"change an extended attribute", change_attribute, EPERM, 0},
    {"change file flags", change_flags, EPERM, 0},
    {"make a socket", make_socket, EPERM, 0},
    {"make a socket pair", make_socket_pair, EPERM, 0},
    {"connect a socket", connect_socket, EPERM, 0},
    {"signal the parent", signal_parent, EPERM, 0},
    {"signal the parent's thread", signal_parent_thread, EPERM, 0},
    {"signal by a descriptor's owner", signal_by_owner, EPERM, 0},
    {"signal by a descriptor's ioctl", signal_by_ioctl, EPERM, 0},
    {"limit the parent", limit_parent, EPERM, 0},
    {"trace the parent", trace_parent, EPERM, 0},
    {"run a program", run_program, EPERM, 0},
    {"fork", fork_process, EPERM, 0},
    {"clone3", clone3_process, ENOSYS, 0},
    {"posix_spawn", spawn_process, EPERM, 0},
    {"open a file by its handle", open_handle, EPERM, 0},
    {"io_uring", set_up_ring, EPERM, 0},
    {"mount", mount_nothing, EPERM, 0},
    {"unshare", leave_name_space, EPERM, 0},
    {"be dumpable", is_dumpable, EACCES, 0},
    {"become dumpable again", become_dumpable, EPERM, 0},
    {"open too many files", open_many, EMFILE, 0},
};

static struct sandbox_policy
default_policy(void)
{
	return (struct sandbox_policy){
	    .root_fd = ready.root_fd,
	    .limits = {.cpu_seconds = 10,
		.memory_bytes = HIKAE_CHILD_MEMORY_BYTES > 0 ? MEMORY_BYTES : 0,
		.open_files = OPEN_FILES,
		.file_size_bytes = FILE_SIZE_BYTES},
	};
}

/* The wait status of a child that tries; policy NULL: without a sandbox. */
static int
status_of(int (*run)(void), const struct sandbox_policy *policy)
{
	int status;
	pid_t pid = fork();

	assert_true(pid >= 0);
	if (pid == 0) {
		struct sandbox_report report;
		struct error err;

		if (policy != NULL && sandbox_enter(policy, &report, &err) < 0)
			_exit(CHILD_NOT_SANDBOXED);
		_exit(run());
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return status;
}

/* Exit status of a child that must end by itself. */
static int
result_of(int (*run)(void), const struct sandbox_policy *policy)
{
	int status = status_of(run, policy);

	if (!WIFEXITED(status))
		fail_msg("ended by signal %d", WTERMSIG(status));
	return WEXITSTATUS(status);
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

static void
prepare_socket(void)
{
	int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	ready.socket_name.sun_family = AF_UNIX;
	(void)snprintf(ready.socket_name.sun_path,
	    sizeof(ready.socket_name.sun_path), "%s/socket", ready.folder);
	assert_int_equal(
	    bind(listener, (const struct sockaddr *)&ready.socket_name,
		sizeof(ready.socket_name)),
	    0);
	assert_int_equal(listen(listener, 100), 0);
	ready.socket_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(ready.socket_fd >= 0);
}

static void
prepare_handle(void)
{
	int mount_id;

	ready.handle = calloc(1, sizeof(*ready.handle) + MAX_HANDLE_SZ);
	assert_non_null(ready.handle);
	ready.handle->handle_bytes = MAX_HANDLE_SZ;
	assert_int_equal(name_to_handle_at(AT_FDCWD, ready.outside,
			     ready.handle, &mount_id, 0),
	    0);
	ready.handle_mount_fd = open(ready.folder, O_RDONLY | O_CLOEXEC);
	assert_true(ready.handle_mount_fd >= 0);
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
	prepare_socket();
	prepare_handle();
	ready.warm = iconv_open("UTF-8", "SHIFT_JIS");
	assert_true(ready.warm != (iconv_t)-1);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	free(ready.handle);
	(void)iconv_close(ready.warm);
	(void)snprintf(command, sizeof(command), "rm -r '%s'", ready.folder);
	return system(command);
}

/* The ABI of this kernel, from the report of the probe; 0: skip. */
static int
kernel_abi(void)
{
	struct sandbox_report report;
	struct error err;

	assert_int_equal(sandbox_probe(&report, &err), 0);
	if (report.landlock_abi == 0)
		print_message("skipped: this kernel has no Landlock\n");
	return report.landlock_abi;
}

static void
check_attempts(int abi_max)
{
	struct sandbox_policy policy = default_policy();
	int abi = kernel_abi();

	if (abi == 0)
		skip();
	policy.landlock_abi_max = abi_max;
	if (abi_max > 0 && abi > abi_max)
		abi = abi_max;
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		const struct attempt *attempt = &attempts[i];
		int expected = abi < attempt->from_abi ? 0 : attempt->expected;
		int result = result_of(attempt->run, &policy);

		if (result != expected)
			fail_msg("ABI %d, %s: %s instead of %s", abi,
			    attempt->name, strerror(result),
			    strerror(expected));
	}
}

static void
what_is_forbidden_fails(void **state)
{
	(void)state;
	check_attempts(0);
}

static void
what_is_forbidden_fails_on_debian_12(void **state)
{
	(void)state;
	prepare_files();
	check_attempts(ABI_DEBIAN_12);
}

/* Otherwise the two tests above would show nothing. */
static void
the_same_works_without_a_sandbox(void **state)
{
	(void)state;
	if (geteuid() != 0) {
		print_message("skipped: only root may do all of it\n");
		skip();
	}
	for (size_t i = 0; i < sizeof(attempts) / sizeof(attempts[0]); i++) {
		int result;

		prepare_files();
		result = result_of(attempts[i].run, NULL);
		if (result == attempts[i].expected && result != 0)
			fail_msg("%s: %s without a sandbox too",
			    attempts[i].name, strerror(result));
	}
}

/* A process may read all files, yet not another's memory. */
static void
a_root_of_everything_opens_no_memory(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	if (kernel_abi() == 0)
		skip();
	policy.root_fd = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(result_of(open_outside, &policy), 0);
	assert_int_equal(result_of(open_parent_memory, &policy), EACCES);
	assert_int_equal(result_of(write_inside, &policy), EACCES);
	assert_int_equal(close(policy.root_fd), 0);
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
	struct sandbox_policy policy = default_policy();

	(void)state;
	if (kernel_abi() == 0)
		skip();
	prepare_files();
	policy.root_fd = -1;
	assert_int_equal(result_of(open_inside, &policy), EACCES);
	assert_int_equal(result_of(list_by_path, &policy), EACCES);
	assert_int_equal(result_of(truncate_by_openat2, &policy), EACCES);
	policy.landlock_abi_max = ABI_DEBIAN_12;
	assert_int_equal(result_of(truncate_by_openat2, &policy), EACCES);
	assert_int_equal(result_of(read_passed, &policy), 0);
	policy.root_fd = ready.passed_fd;
	assert_int_equal(result_of(open_inside, &policy), 0);
	assert_int_equal(result_of(open_inside_other, &policy), EACCES);
	policy.root_fd = 987;
	assert_int_equal(result_of(open_inside, &policy), CHILD_NOT_SANDBOXED);
}

static int
allocate_too_much(void)
{
	volatile char *memory = malloc(MEMORY_BYTES);

	if (memory == NULL)
		return errno;
	memory[MEMORY_BYTES - 1] = 1;
	return memory[MEMORY_BYTES - 1] == 1 ? 0 : EIO;
}

static void
memory_is_limited(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	if (policy.limits.memory_bytes == 0) {
		print_message("skipped: a sanitizer maps terabytes of shadow "
			      "memory, so its children have no limit\n");
		skip();
	}
	assert_int_equal(result_of(allocate_too_much, NULL), 0);
	assert_int_equal(result_of(allocate_too_much, &policy), ENOMEM);
}

static int
write_too_much(void)
{
	static char block[FILE_SIZE_BYTES + 1];

	/* Up to the limit, and then one byte more. */
	(void)!pwrite(ready.scratch_fd, block, sizeof(block), 0);
	return TRY(pwrite(ready.scratch_fd, block, 1, FILE_SIZE_BYTES));
}

static int
compute_for_ever(void)
{
	volatile unsigned counter = 1;

	while (counter != 0)
		counter = counter | 1;
	return 0;
}

static int
abort_process(void)
{
	abort();
}

static int
kill_own_thread(void)
{
	return TRY(raise(SIGTERM));
}

#ifdef __x86_64__
static int
call_by_i386_table(void)
{
	long result = 20; /* getpid there, writev here */

	__asm__ volatile("int $0x80" : "+a"(result) : : "memory");
	return result > 0 ? 0 : (int)-result;
}

static int
call_by_x32_table(void)
{
	return TRY(syscall(0x40000000 | SYS_getpid));
}
#endif

static void
what_ends_the_process(void **state)
{
	static const struct {
		const char *name;
		int (*run)(void);
		int number;
	} cases[] = {
	    {"abort", abort_process, SIGABRT},
	    {"a signal to itself", kill_own_thread, SIGTERM},
	    {"a file that grows too large", write_too_much, SIGXFSZ},
	    {"too much processor time", compute_for_ever, SIGXCPU},
#ifdef __x86_64__
	    {"an i386 call", call_by_i386_table, SIGSYS},
	    {"an x32 call", call_by_x32_table, SIGSYS},
#endif
	};
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.limits.cpu_seconds = 1;
	policy.best_effort = true;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int status = status_of(cases[i].run, &policy);

		if (!WIFSIGNALED(status) || WTERMSIG(status) != cases[i].number)
			fail_msg("%s: wait status %#x", cases[i].name,
			    (unsigned)status);
	}
}

static int
check_limits(void)
{
	const struct sandbox_limits limits = default_policy().limits;
	const struct {
		__rlimit_resource_t resource;
		rlim_t soft, hard;
	} wanted[] = {
	    {RLIMIT_NPROC, 0, 0},
	    {RLIMIT_CORE, 0, 0},
	    {RLIMIT_NOFILE, OPEN_FILES, OPEN_FILES},
	    {RLIMIT_FSIZE, FILE_SIZE_BYTES, FILE_SIZE_BYTES},
	    {RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1},
	};
	struct rlimit now;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
		if (getrlimit(wanted[i].resource, &now) < 0 ||
		    now.rlim_cur != wanted[i].soft ||
		    now.rlim_max != wanted[i].hard)
			return (int)i + 1;
	return 0;
}

static int
check_tighter_limit(void)
{
	struct sandbox_policy policy = default_policy();
	struct sandbox_report report;
	struct rlimit now = {20, 30};

	policy.best_effort = true;
	if (setrlimit(RLIMIT_NOFILE, &now) < 0 ||
	    sandbox_enter(&policy, &report, NULL) < 0 ||
	    getrlimit(RLIMIT_NOFILE, &now) < 0)
		return errno;
	return now.rlim_cur == 30 && now.rlim_max == 30 ? 0 : EINVAL;
}

static void
limits_are_as_asked_and_never_raised(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.best_effort = true;
	assert_int_equal(result_of(check_limits, &policy), 0);
	assert_int_equal(result_of(check_tighter_limit, NULL), 0);
}

static void
the_probe_tells_and_does_not_restrict(void **state)
{
	struct sandbox_report report = {0};
	struct error err;

	(void)state;
	assert_int_equal(sandbox_probe(&report, &err), 0);
	print_message("Landlock ABI %d, %swhole\n", report.landlock_abi,
	    sandbox_is_whole(&report) ? "" : "not ");
	assert_true(report.no_new_privs && report.undumpable && report.limits);
	assert_true(report.seccomp);
	assert_int_equal(open_outside(), 0);
	assert_int_equal(fork_process(), 0);
	assert_int_equal(prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0), 0);
	assert_int_equal(waitpid(-1, NULL, 0) > 0, 1);
	report.landlock_abi = 0;
	assert_false(sandbox_is_whole(&report));
}

/* Ends as a process that returns from main: leak checkers run then. */
static int
leave_by_exit(void)
{
	exit(0);
}

static void
a_sandboxed_process_may_exit(void **state)
{
	struct sandbox_policy policy = default_policy();

	(void)state;
	policy.best_effort = true;
	assert_int_equal(result_of(leave_by_exit, &policy), 0);
}

#ifdef __SANITIZE_ADDRESS__
static int
overflow_heap(void)
{
	volatile size_t beyond = 9;
	char *memory = malloc(8);

	return memory == NULL ? ENOMEM : *(char *)memset(memory, 1, beyond);
}
#endif

/* An address sanitizer's report must get out of the sandbox. */
static void
a_sanitizer_can_report(void **state)
{
	(void)state;
#ifdef __SANITIZE_ADDRESS__
	struct sandbox_policy policy = default_policy();
	char text[4096];
	int fds[2], saved = dup(2), status;
	ssize_t got;

	assert_int_equal(pipe(fds), 0);
	assert_int_equal(dup2(fds[1], 2), 2);
	assert_int_equal(close(fds[1]), 0);
	status = status_of(overflow_heap, &policy);
	assert_int_equal(dup2(saved, 2), 2);
	assert_int_equal(close(saved), 0);
	got = read(fds[0], text, sizeof(text) - 1);
	assert_true(got > 0);
	text[got] = '\0';
	assert_int_equal(close(fds[0]), 0);
	assert_false(WIFEXITED(status) && WEXITSTATUS(status) == 0);
	assert_non_null(
	    strstr(text, "ERROR: AddressSanitizer: heap-buffer-overflow"));
#else
	print_message("skipped: only with VARIANT=asan\n");
	skip();
#endif
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_probe_tells_and_does_not_restrict),
	    cmocka_unit_test(what_is_forbidden_fails),
	    cmocka_unit_test(what_is_forbidden_fails_on_debian_12),
	    cmocka_unit_test(the_same_works_without_a_sandbox),
	    cmocka_unit_test(a_root_of_everything_opens_no_memory),
	    cmocka_unit_test(the_root_may_be_none_or_one_file),
	    cmocka_unit_test(memory_is_limited),
	    cmocka_unit_test(limits_are_as_asked_and_never_raised),
	    cmocka_unit_test(what_ends_the_process),
	    cmocka_unit_test(a_sandboxed_process_may_exit),
	    cmocka_unit_test(a_sanitizer_can_report),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
