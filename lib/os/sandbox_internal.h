/*
 * sandbox_internal: the mechanisms that sandbox.c puts together.
 *
 * Each returns 1 when it is in force, 0 when this machine lacks it, and -1
 * with an error otherwise.
 */
#ifndef HIKAE_OS_SANDBOX_INTERNAL_H
#define HIKAE_OS_SANDBOX_INTERNAL_H

#include "lib/base/error.h"

/*
 * Allow reading beneath root_fd (-1: nothing) and no other access to files
 * that the ABI in use knows of.  abi_max as in struct sandbox_policy.
 */
int sandbox_landlock_enter(
    int root_fd, int abi_max, int *ret_abi, struct error *err) ERROR_CHECKED;

/* Install the deny list.  Needs no_new_privs. */
int sandbox_seccomp_enter(struct error *err) ERROR_CHECKED;

#endif
