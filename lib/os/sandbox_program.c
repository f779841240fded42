#include "lib/os/sandbox_program.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/landlock.h>
#include <sched.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/sandbox_internal.h"

/* Processes and descriptors of one program and all that it starts. */
#define PROCESSES_MAX 1024
#define FILES_MAX 4096

#define READING (LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR)
#define RUNNING (READING | LANDLOCK_ACCESS_FS_EXECUTE)
/* What makes sense for a file that is no folder. */
#define OF_FILES                                                     \
	(LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_EXECUTE | \
	    LANDLOCK_ACCESS_FS_WRITE_FILE | SANDBOX_FS_TRUNCATE)
#define WRITING                                                              \
	(RUNNING | LANDLOCK_ACCESS_FS_WRITE_FILE |                           \
	    LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR | \
	    LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_DIR |      \
	    LANDLOCK_ACCESS_FS_MAKE_SYM | LANDLOCK_ACCESS_FS_MAKE_SOCK |     \
	    LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_REFER |        \
	    SANDBOX_FS_TRUNCATE)

/* What every program of the system needs. */
static const struct {
	const char *path;
	uint64_t rights;
} places[] = {
    {"/usr", RUNNING},
    {"/bin", RUNNING},
    {"/sbin", RUNNING},
    {"/lib", RUNNING},
    {"/lib32", RUNNING},
    {"/lib64", RUNNING},
    {"/opt", RUNNING},
    {"/proc", READING},
    {"/sys/devices/system/cpu", READING},
    {"/dev/null", READING | LANDLOCK_ACCESS_FS_WRITE_FILE},
    {"/dev/zero", READING | LANDLOCK_ACCESS_FS_WRITE_FILE},
    {"/dev/full", READING | LANDLOCK_ACCESS_FS_WRITE_FILE},
    {"/dev/random", READING},
    {"/dev/urandom", READING},
};

/* ---- Landlock ---- */

static int
allow_fd(int ruleset_fd, int fd, uint64_t rights, uint64_t known)
{
	struct landlock_path_beneath_attr rule = {
	    .allowed_access = rights & known, .parent_fd = fd};
	struct stat st;

	if (fstat(fd, &st) != 0)
		return -1;
	if (!S_ISDIR(st.st_mode))
		rule.allowed_access &= OF_FILES;
	return (int)syscall(SYS_landlock_add_rule, ruleset_fd,
	    LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
}

/* What is not there needs no rule. */
static int
allow_path(int ruleset_fd, const char *path, uint64_t rights, uint64_t known)
{
	int fd = open(path, O_PATH | O_CLOEXEC), rc;

	if (fd < 0)
		return 0;
	rc = allow_fd(ruleset_fd, fd, rights, known);
	(void)close(fd);
	return rc;
}

/* All of /etc but hikae's own, which says where everything lies. */
static int
allow_settings(int ruleset_fd, uint64_t known)
{
	DIR *folder = opendir("/etc");
	const struct dirent *entry;
	char path[8 + NAME_MAX + 1];
	int rc = 0;

	if (folder == NULL)
		return 0;
	while (rc == 0 && (entry = readdir(folder)) != NULL) {
		if (entry->d_name[0] == '.' ||
		    strcmp(entry->d_name, "hikae") == 0)
			continue;
		(void)snprintf(path, sizeof(path), "/etc/%s", entry->d_name);
		rc = allow_path(ruleset_fd, path, READING, known);
	}
	(void)closedir(folder);
	return rc;
}

/* A program's own parts lie in a folder beside it, by its name with ".d". */
static int
allow_parts(int ruleset_fd, const char *program, uint64_t known)
{
	char path[PATH_MAX + sizeof(SANDBOX_PROGRAM_PARTS)];

	(void)snprintf(path, sizeof(path), "%s" SANDBOX_PROGRAM_PARTS, program);
	return allow_path(ruleset_fd, path, READING, known);
}

static int
allow_all(
    int ruleset_fd, const struct sandbox_program_policy *policy, uint64_t known)
{
	for (size_t i = 0; i < sizeof(places) / sizeof(places[0]); i++)
		if (allow_path(ruleset_fd, places[i].path, places[i].rights,
			known) != 0)
			return -1;
	if (allow_settings(ruleset_fd, known) != 0 ||
	    allow_path(ruleset_fd, policy->program, RUNNING, known) != 0 ||
	    allow_parts(ruleset_fd, policy->program, known) != 0 ||
	    (policy->assertions[0] != '\0' &&
		allow_path(ruleset_fd, policy->assertions, READING, known) !=
		    0) ||
	    (policy->memory_fd >= 0 &&
		allow_fd(ruleset_fd, policy->memory_fd, WRITING, known) != 0) ||
	    allow_fd(ruleset_fd, policy->read_fd, READING, known) != 0)
		return -1;
	return allow_fd(ruleset_fd, policy->write_fd, WRITING, known);
}

static int
enter_landlock(const struct sandbox_program_policy *policy, int *ret_abi,
    struct error *err)
{
	uint64_t known;
	int ruleset_fd, rc;

	rc = sandbox_landlock_ruleset(&ruleset_fd, &known, ret_abi, err);
	if (rc <= 0)
		return rc;
	rc = -1;
	if (allow_all(ruleset_fd, policy, known) != 0 ||
	    syscall(SYS_landlock_restrict_self, ruleset_fd, 0) != 0)
		(void)error_set_errno(
		    err, errno, _("cannot restrict file access by Landlock"));
	else
		rc = 1;
	(void)close(ruleset_fd);
	return rc;
}

/* ---- seccomp ---- */

static const char *const denied[] = {"ptrace", "process_vm_readv",
    "process_vm_writev", "process_madvise", "kcmp", "pidfd_getfd",
    "userfaultfd", "unshare", "setns", "mount", "umount", "umount2",
    "move_mount", "open_tree", "fsopen", "fsmount", "fsconfig", "fspick",
    "mount_setattr", "pivot_root", "chroot", "quotactl", "quotactl_fd",
    "swapon", "swapoff", "name_to_handle_at", "open_by_handle_at",
    "fanotify_init", "bpf", "io_uring_setup", "io_uring_enter",
    "io_uring_register", "perf_event_open", "keyctl", "add_key", "request_key",
    "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "acct", "settimeofday", "clock_settime",
    "clock_settime64", "clock_adjtime", "adjtimex", "sethostname",
    "setdomainname", "syslog", "vhangup", "iopl", "ioperm", "setxattr",
    "lsetxattr", "fsetxattr", "open_tree_attr"};

static int
build(scmp_filter_ctx filter)
{
	int rc = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);

	for (size_t i = 0; rc == 0 && i < sizeof(denied) / sizeof(denied[0]);
	     i++) {
		int number = seccomp_syscall_resolve_name(denied[i]);

		if (number != __NR_SCMP_ERROR)
			rc = seccomp_rule_add(
			    filter, SCMP_ACT_ERRNO(EPERM), number, 0);
	}
	/* Of devices, Landlock lets none be made. */
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EAFNOSUPPORT),
		    SCMP_SYS(socket), 1, SCMP_A0(SCMP_CMP_NE, AF_UNIX));
	/* Its flags cannot be looked at: the C library falls back to clone. */
	if (rc == 0)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(clone), 1,
		    SCMP_A0(SCMP_CMP_MASKED_EQ, CLONE_NEWUSER, CLONE_NEWUSER));
	return rc;
}

static int
enter_seccomp(struct error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = -1, result;

	if (filter == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	result = build(filter);
	if (result < 0)
		(void)error_set_errno(
		    err, -result, _("cannot make the system call filter"));
	else
		rc = seccomp_load(filter) == 0 ? 1 : 0;
	seccomp_release(filter);
	return rc;
}

/* ---- all of it ---- */

static void
lower(int resource, rlim_t value)
{
	struct rlimit limit;

	if (getrlimit((__rlimit_resource_t)resource, &limit) != 0)
		return;
	if (limit.rlim_max > value)
		limit.rlim_max = value;
	limit.rlim_cur = limit.rlim_max;
	(void)setrlimit((__rlimit_resource_t)resource, &limit);
}

static int
accept_result(int result, bool best_effort, const char *name, struct error *err)
{
	if (result != 0 || best_effort)
		return result < 0 ? -1 : 0;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("this machine does not offer %s, which the sandbox needs"), name);
}

int
sandbox_program_enter(const struct sandbox_program_policy *policy,
    struct sandbox_report *ret_report, struct error *err)
{
	struct sandbox_report report = {0};
	int result;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return error_set_errno(
		    err, errno, _("cannot refuse new privileges"));
	report.no_new_privs = true;
	lower(RLIMIT_CORE, 0);
	lower(RLIMIT_NPROC, PROCESSES_MAX);
	lower(RLIMIT_NOFILE, FILES_MAX);
	report.limits = true;
	result = enter_landlock(policy, &report.landlock_abi, err);
	if (accept_result(result, policy->best_effort, "Landlock", err) != 0)
		return -1;
	result = enter_seccomp(err);
	if (accept_result(result, policy->best_effort, "seccomp", err) != 0)
		return -1;
	report.seccomp = result > 0;
	*ret_report = report;
	return 0;
}
