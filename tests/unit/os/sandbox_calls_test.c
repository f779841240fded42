/*
 * What a sandboxed process can still ask of the kernel, and what not: every
 * call of the deny list is tried, with the kernel's newest Landlock ABI and
 * with ABI 2, which Debian 12's kernel has.
 */
#include <errno.h>
#include <fcntl.h>
#include <iconv.h>
#include <libintl.h>
#include <linux/aio_abi.h>
#include <linux/fs.h>
#include <linux/sockios.h>
#include <sched.h>
#include <seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/os/sandbox_attempt.h"

#define OPEN_FILES 64

/* What stands ready before a child restricts itself. */
static struct {
	char folder[64]; /* removed at the end */
	char file[96];
	struct sockaddr_un socket_name;
	int folder_fd, passed_fd, socket_fd;
	struct file_handle *handle;
	iconv_t warm;
} ready;

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
	int fd = open_by_handle_at(ready.folder_fd, ready.handle, O_RDONLY);

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

static const struct attempt attempts[] = {
    {"ordinary calls", ordinary_calls, 0, 0},
    {"read by Linux AIO", asynchronous_read, 0, 0},
    {"load a character set too late", late_loading, ENOENT, 0},
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
#define COUNT (sizeof(attempts) / sizeof(attempts[0]))

static struct sandbox_policy
default_policy(void)
{
	return (struct sandbox_policy){
	    .root_fd = ready.folder_fd,
	    .limits = {.open_files = OPEN_FILES},
	};
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
	assert_int_equal(
	    name_to_handle_at(AT_FDCWD, ready.file, ready.handle, &mount_id, 0),
	    0);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(
	    ready.folder, sizeof(ready.folder), "/tmp/hikae-sandbox-XXXXXX");
	assert_non_null(mkdtemp(ready.folder));
	(void)snprintf(ready.file, sizeof(ready.file), "%s/file", ready.folder);
	ready.folder_fd = open(ready.folder, O_RDONLY | O_CLOEXEC);
	assert_true(ready.folder_fd >= 0);
	ready.passed_fd = open(ready.file, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(write(ready.passed_fd, "inside", 6), 6);
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

static void
what_is_forbidden_fails(void **state)
{
	(void)state;
	attempt_check_all(attempts, COUNT, default_policy(), 0);
}

static void
what_is_forbidden_fails_on_debian_12(void **state)
{
	(void)state;
	attempt_check_all(
	    attempts, COUNT, default_policy(), ATTEMPT_ABI_DEBIAN_12);
}

static void
the_same_works_without_a_sandbox(void **state)
{
	(void)state;
	attempt_check_free(attempts, COUNT, NULL);
}

/*
 * The calls of the deny list that no attempt above makes, with arguments that
 * are never right (-1 where nothing else is said), so that they do nothing
 * where they are let through.
 */
static const char *const bare_names[] = {"socketpair", "bind", "listen",
    "accept", "accept4", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo",
    "pidfd_open", "pidfd_send_signal", "pidfd_getfd", "process_vm_readv",
    "process_vm_writev", "process_madvise", "process_mrelease", "kcmp",
    "move_pages", "migrate_pages", "setpriority", "ioprio_set",
    "sched_setaffinity", "sched_setattr", "sched_setparam",
    "sched_setscheduler", "execveat", "memfd_create", "memfd_secret", "shmat",
    "shmctl", "semctl", "semop", "semtimedop", "msgctl", "msgsnd", "msgrcv",
    "mq_open", "mq_unlink", "setns", "umount2", "move_mount", "open_tree",
    "fsopen", "fsmount", "fsconfig", "fspick", "mount_setattr", "pivot_root",
    "chroot", "quotactl", "quotactl_fd", "swapon", "swapoff",
    "name_to_handle_at", "fanotify_init", "lookup_dcookie", "truncate", "chmod",
    "fchmod", "fchmodat", "chown", "fchown", "lchown", "fchownat", "utime",
    "utimes", "futimesat", "utimensat", "setxattr", "lsetxattr", "fsetxattr",
    "removexattr", "lremovexattr", "fremovexattr", "bpf", "io_uring_enter",
    "io_uring_register", "perf_event_open", "userfaultfd", "keyctl", "add_key",
    "request_key", "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "acct", "settimeofday", "clock_settime",
    "clock_adjtime", "adjtimex", "sethostname", "setdomainname", "syslog",
    "iopl", "ioperm", "modify_ldt"};

static const struct bare_call {
	const char *name;
	int number; /* for names that libseccomp may not know */
	long first, second;
} bare_calls[] = {
    {"personality", 0, 4294967295, -1},
    {"shmget", 0, 12345, 0},
    {"semget", 0, 12345, -1},
    {"msgget", 0, 12345, 0},
    {"open_tree_attr", 467, -1, -1},
    {"fchmodat2", 452, -1, -1},
    {"setxattrat", 463, -1, -1},
    {"removexattrat", 466, -1, -1},
    {"file_setattr", 469, -1, -1},
};

static struct bare_call bare; /* what the child calls */

static int
call_bare(void)
{
	return TRY(
	    syscall(bare.number, bare.first, bare.second, -1L, -1L, -1L, -1L));
}

/* False when this architecture has no such call. */
static bool
check_bare_call(const struct bare_call *call)
{
	struct sandbox_policy policy = default_policy();
	int number = seccomp_syscall_resolve_name(call->name);

	policy.best_effort = true;
	bare = *call;
	if (number != __NR_SCMP_ERROR)
		bare.number = number;
	if (bare.number < 0)
		return false;
	if (attempt_result(call_bare, &policy) != EPERM)
		fail_msg("%s is not denied", call->name);
	if (attempt_is_almighty() && attempt_result(call_bare, NULL) == EPERM)
		fail_msg("%s is always denied", call->name);
	return true;
}

static void
every_listed_call_is_denied(void **state)
{
	const size_t names = sizeof(bare_names) / sizeof(bare_names[0]);
	const size_t calls = sizeof(bare_calls) / sizeof(bare_calls[0]);
	size_t tried = 0;

	(void)state;
	for (size_t i = 0; i < names; i++) {
		const struct bare_call call = {bare_names[i], -1, -1, -1};

		tried += check_bare_call(&call);
	}
	for (size_t i = 0; i < calls; i++)
		tried += check_bare_call(&bare_calls[i]);
	print_message("%zu calls were tried\n", tried);
	assert_true(tried > names / 2);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_forbidden_fails),
	    cmocka_unit_test(what_is_forbidden_fails_on_debian_12),
	    cmocka_unit_test(the_same_works_without_a_sandbox),
	    cmocka_unit_test(every_listed_call_is_denied),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
