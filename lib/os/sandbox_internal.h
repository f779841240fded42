/*
 * sandbox_internal: the mechanisms that sandbox.c puts together.
 *
 * Each returns 1 when it is in force, 0 when this machine lacks it, and -1
 * with an error otherwise.
 */
#ifndef HIKAE_OS_SANDBOX_INTERNAL_H
#define HIKAE_OS_SANDBOX_INTERNAL_H

#include "lib/base/error.h"
#include "lib/os/sandbox.h"

/*
 * Allow reading beneath the policy's root, connecting to its port, and no other
 * access that the ABI in use knows of.  is_filtered: sandbox_seccomp_enter's
 * filter is in force, so that emptying a file need not be denied twice.
 */
int sandbox_landlock_enter(const struct sandbox_policy *policy,
    bool is_filtered, int *ret_abi, struct error *err) ERROR_CHECKED;

/* A right that is newer than the headers of Debian 12 (Linux 6.2). */
#define SANDBOX_FS_TRUNCATE (UINT64_C(1) << 14)

/*
 * A ruleset that handles everything the kernel knows of, still without rules.
 * *ret_rights: of files, what a rule may name.  1, 0 where there is no
 * Landlock, -1.
 */
int sandbox_landlock_ruleset(int *ret_fd, uint64_t *ret_rights, int *ret_abi,
    struct error *err) ERROR_CHECKED;

/* Install the deny list.  Needs no_new_privs. */
int sandbox_seccomp_enter(
    const struct sandbox_policy *policy, struct error *err) ERROR_CHECKED;

#endif
