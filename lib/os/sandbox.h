/*
 * sandbox: a process restricts itself for the rest of its life.
 *
 * Layer 1.  Uses: error, i18n.  Owns: libseccomp, Landlock.
 *
 * After sandbox_enter the process can use the descriptors it has, and read
 * files beneath one root if it was given one.  It cannot:
 * - open, create, remove, rename or truncate any other file, nor write to a
 *   file beneath the root (Landlock, EACCES);
 * - change modes, owners, times, attributes or flags of any file, which
 *   Landlock does not cover (seccomp, EPERM);
 * - make sockets, processes, signals for others, shared memory or anonymous
 *   files, trace or look into another process, start a program, reach a file
 *   by its handle, mount, change name spaces, time, keys or the kernel
 *   (seccomp, EPERM; clone3 gives ENOSYS, and so does openat2, whose flags
 *   no filter can see: os/file opens name by name);
 * - use more than its limits; gain privileges; be looked into by others.
 * A call through another architecture's table (i386, x32) kills it.
 *
 * What it still can: see metadata of any path it can name (stat is outside
 * Landlock's reach).  Where the policy is best_effort and there is no seccomp,
 * and Landlock is older than ABI 3 (Linux 6.2), it can empty a file beneath the
 * root that the user may write.
 *
 * Whatever is loaded on first use must be used before: character conversion
 * (iconv_open loads a module), message catalogues, locales, time zones, name
 * services.  Afterwards iconv_open fails and gettext gives the text itself.
 */
#ifndef HIKAE_OS_SANDBOX_H
#define HIKAE_OS_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "lib/base/error.h"

/*
 * Processes and core dumps are always 0.  A hard limit that is lower already
 * stays.  CAP_SYS_RESOURCE would lift limits: spawn drops it.  The file size
 * counts for every file written to, standard error included if it is one.
 */
struct sandbox_limits {
	uint64_t cpu_seconds;	  /* then SIGXCPU, SIGKILL; 0: no limit */
	uint64_t memory_bytes;	  /* of address space; 0: no limit */
	uint64_t open_files;	  /* highest descriptor number plus one */
	uint64_t file_size_bytes; /* any file grows to; then SIGXFSZ */
};

struct sandbox_policy {
	int root_fd; /* a folder or one file that can be read; -1: none */
	/*
	 * A folder below which files, folders and links can be made, written,
	 * read and removed; nothing else.
	 */
	int write_fd;
	bool has_write_fd;
	bool may_change_modes; /* fchmodat(2), to take away a broken tree */
	/*
	 * Sockets that it has may connect to this TCP port (before Landlock
	 * ABI 4, Linux 6.7, to any); 0: they may not connect.
	 */
	uint16_t connect_port;
	struct sandbox_limits limits;
	int landlock_abi_max; /* use no newer one; 0: the kernel's own */
	bool best_effort;     /* do without what this machine lacks */
};

/* What is in force, or for sandbox_probe would be. */
struct sandbox_report {
	int landlock_abi; /* 0: no Landlock */
	bool no_new_privs;
	bool undumpable;
	bool seccomp;
	bool limits;
};

/*
 * Restrict this process.  What the machine lacks is ERROR_UNAVAILABLE, unless
 * policy->best_effort; anything else that fails is always an error.  After an
 * error the process is restricted in part and should end.
 */
int sandbox_enter(const struct sandbox_policy *policy,
    struct sandbox_report *ret_report, struct error *err) ERROR_CHECKED;

/*
 * What this machine offers, found by restricting a short-lived child: the
 * check at start-up.  The caller is not restricted.
 */
int sandbox_probe(
    struct sandbox_report *ret_report, struct error *err) ERROR_CHECKED;

/* True when every mechanism is in force. */
bool sandbox_is_whole(const struct sandbox_report *report);

#endif
