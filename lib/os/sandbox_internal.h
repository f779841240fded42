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
 * access that the ABI in use knows of.
 */
int sandbox_landlock_enter(const struct sandbox_policy *policy, int *ret_abi,
    struct error *err) ERROR_CHECKED;

/* Install the deny list.  Needs no_new_privs. */
int sandbox_seccomp_enter(
    const struct sandbox_policy *policy, struct error *err) ERROR_CHECKED;

#endif
