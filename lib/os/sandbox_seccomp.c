/*
 * The deny list of system calls, seccomp(2) through libseccomp.
 *
 * A deny list, because the libraries that the children use (libarchive,
 * SQLite, the C library, sanitizers) may need any harmless call; what is on it
 * is everything that reaches another process, the network, or the kernel's
 * configuration, and what changes files in ways that Landlock does not cover.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <seccomp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/os/sandbox_internal.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/*
 * Denied whatever the arguments.  A name that an architecture lacks is skipped.
 */
static const char *const denied[] = {
    /* network; the wire was made by the parent */
    "socket", "socketpair", "connect", "bind", "listen", "accept", "accept4",
    /* signals for others */
    "kill", "tkill", "rt_sigqueueinfo", "rt_tgsigqueueinfo", "pidfd_open",
    "pidfd_send_signal", "pidfd_getfd",
    /* other processes' memory, descriptors, priorities */
    "ptrace", "process_vm_readv", "process_vm_writev", "process_madvise",
    "process_mrelease", "kcmp", "move_pages", "migrate_pages", "setpriority",
    "ioprio_set", "sched_setaffinity", "sched_setattr", "sched_setparam",
    "sched_setscheduler",
    /* processes and programs */
    "fork", "vfork", "clone", "execve", "execveat", "uselib", "personality",
    /* memory that outlives or evades the limits, shared with others */
    "memfd_create", "memfd_secret", "shmget", "shmat", "shmctl", "semget",
    "semctl", "semop", "semtimedop", "msgget", "msgctl", "msgsnd", "msgrcv",
    "mq_open", "mq_unlink",
    /* name spaces and mounts */
    "unshare", "setns", "mount", "umount", "umount2", "move_mount", "open_tree",
    "fsopen", "fsmount", "fsconfig", "fspick", "mount_setattr", "pivot_root",
    "chroot", "quotactl", "quotactl_fd", "swapon", "swapoff",
    /* files by handle: with CAP_DAC_READ_SEARCH the way around every path */
    "name_to_handle_at", "open_by_handle_at", "fanotify_init", "lookup_dcookie",
    /* changes of files that Landlock does not cover */
    "creat", "truncate", "truncate64", "chmod", "fchmod", "fchmodat", "chown",
    "fchown", "lchown", "fchownat", "chown32", "fchown32", "lchown32", "utime",
    "utimes", "futimesat", "utimensat", "utimensat_time64", "setxattr",
    "lsetxattr", "fsetxattr", "removexattr", "lremovexattr", "fremovexattr",
    /* the kernel: programs, keys, modules, time, names, devices */
    "bpf", "io_uring_setup", "io_uring_enter", "io_uring_register",
    "perf_event_open", "userfaultfd", "keyctl", "add_key", "request_key",
    "init_module", "finit_module", "delete_module", "kexec_load",
    "kexec_file_load", "reboot", "acct", "settimeofday", "stime",
    "clock_settime", "clock_settime64", "clock_adjtime", "clock_adjtime64",
    "adjtimex", "sethostname", "setdomainname", "syslog", "vhangup", "iopl",
    "ioperm", "modify_ldt"};

/*
 * The same for calls whose names libseccomp 2.5.4 (Debian 12) does not know.
 * Numbers from 424 on are the same on every architecture.
 */
static const struct {
	const char *name;
	int number;
} denied_new[] = {
    {"open_tree_attr", 467}, /* Linux 6.15 */
    {"fchmodat2", 452},	     /* Linux 6.6 */
    {"setxattrat", 463},     /* Linux 6.13 */
    {"removexattrat", 466},  /* Linux 6.13 */
    {"file_setattr", 469},   /* Linux 6.17 */
};

/*
 * Denied when (argument & mask) == value.  The kernel looks at 32 bits of a
 * command or of flags, so a comparison of all 64 could be evaded.
 */
static const struct {
	const char *name;
	unsigned argument;
	uint64_t mask, value;
} denied_values[] = {
    /* emptying a file needs no right to write before Landlock ABI 3 */
    {"open", 1, O_TRUNC, O_TRUNC},
    {"openat", 2, O_TRUNC, O_TRUNC},
    /* a signal of one's choice to any process of the same user */
    {"fcntl", 1, UINT32_MAX, F_SETOWN},
    {"fcntl", 1, UINT32_MAX, F_SETOWN_EX},
    {"fcntl", 1, UINT32_MAX, F_SETSIG},
    {"ioctl", 1, UINT32_MAX, FIOSETOWN},
    {"ioctl", 1, UINT32_MAX, SIOCSPGRP},
    /* typing into the terminal that started hikaed */
    {"ioctl", 1, UINT32_MAX, TIOCSTI},
    {"ioctl", 1, UINT32_MAX, TIOCLINUX},
    /*
     * Requests that hand data in and get none out (_IOW): file flags, project
     * ids, verity, clones, snapshots.  Those that ask (_IOR, _IOWR, the
     * terminal's old numbers) stay.
     */
    {"ioctl", 1, UINT64_C(0xC0000000), UINT64_C(0x40000000)},
    /* giving up what sandbox_enter and spawn arranged */
    {"prctl", 0, UINT32_MAX, PR_SET_DUMPABLE},
    {"prctl", 0, UINT32_MAX, PR_SET_PDEATHSIG},
    {"prctl", 0, UINT32_MAX, PR_SET_PTRACER},
};

#ifdef __SANITIZE_ADDRESS__ /* gcc */
#define ADDRESS_SANITIZER
#elif defined(__has_feature) /* clang */
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#endif

#ifdef ADDRESS_SANITIZER
/*
 * Asked by the leak checker when a process ends: it would need to make a
 * thread and trace its parent, which the filter denies, and end the process
 * with an error of its own.  The name is the sanitizer's.
 */
int __lsan_is_turned_off(void);

int
__lsan_is_turned_off(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) > 0;
}
#endif

static int
deny(scmp_filter_ctx filter, int number)
{
	if (number == __NR_SCMP_ERROR)
		return -ENOSYS;
	return seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
}

static bool
is_allowed(const struct sandbox_policy *policy, const char *name)
{
	return (policy->connect_port != 0 && strcmp(name, "connect") == 0) ||
	       (policy->may_change_modes && (strcmp(name, "fchmod") == 0 ||
						strcmp(name, "fchmodat") == 0));
}

static int
add_denied(scmp_filter_ctx filter, const struct sandbox_policy *policy)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT_OF(denied); i++)
		if (!is_allowed(policy, denied[i]))
			rc = deny(
			    filter, seccomp_syscall_resolve_name(denied[i]));
	for (size_t i = 0; rc == 0 && i < COUNT_OF(denied_new); i++) {
		int number = seccomp_syscall_resolve_name(denied_new[i].name);

		rc = deny(filter,
		    number != __NR_SCMP_ERROR ? number : denied_new[i].number);
	}
	return rc;
}

static int
add_denied_values(scmp_filter_ctx filter)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < COUNT_OF(denied_values); i++)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    seccomp_syscall_resolve_name(denied_values[i].name), 1,
		    SCMP_CMP(denied_values[i].argument, SCMP_CMP_MASKED_EQ,
			denied_values[i].mask, denied_values[i].value));
	return rc;
}

/*
 * abort(3) is a signal to oneself by tgkill, and must end the process at once.
 * Limits of others are set by prlimit64, one's own with process number 0.  The
 * C library falls back from clone3, whose flags no filter can see, to clone
 * only when it does not exist; os/file does without openat2 likewise, which
 * could empty a file with O_TRUNC.
 */
static int
add_special(scmp_filter_ctx filter)
{
	const scmp_datum_t self = (scmp_datum_t)getpid();
	int rc;

	rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(tgkill),
	    1, SCMP_A0(SCMP_CMP_NE, self, 0));
	if (rc == 0)
		rc = seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM),
		    SCMP_SYS(prlimit64), 1, SCMP_A0(SCMP_CMP_NE, 0, 0));
	if (rc == 0)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0);
	if (rc == 0)
		rc = seccomp_rule_add(
		    filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(openat2), 0);
	return rc;
}

/* Everything but loading: a failure is libseccomp's, not the kernel's. */
static int
build(scmp_filter_ctx filter, const struct sandbox_policy *policy)
{
	int rc;

	/* i386 and x32 calls have other numbers: never let them through. */
	rc = seccomp_attr_set(
	    filter, SCMP_FLTATR_ACT_BADARCH, SCMP_ACT_KILL_PROCESS);
	if (rc == 0) /* a binary tree: some ten comparisons for each call */
		rc = seccomp_attr_set(filter, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	if (rc == 0)
		rc = add_denied(filter, policy);
	if (rc == 0)
		rc = add_denied_values(filter);
	if (rc == 0)
		rc = add_special(filter);
	return rc;
}

int
sandbox_seccomp_enter(const struct sandbox_policy *policy, struct error *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc = -1, result;

	if (filter == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	result = build(filter, policy);
	if (result < 0) {
		(void)error_set_errno(
		    err, -result, _("cannot make the system call filter"));
		goto out;
	}
	/* All ways of saying that the kernel has or grants no such thing. */
	rc = seccomp_load(filter) == 0 ? 1 : 0;
out:
	seccomp_release(filter);
	return rc;
}
