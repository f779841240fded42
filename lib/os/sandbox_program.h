/*
 * sandbox_program: a foreign program restricts itself before it begins.
 *
 * Layer 1.  Uses: sandbox.
 *
 * For a drill's programs, which run what a backup brings: unlike hikae's own
 * children they start programs, make processes and talk over Unix sockets.
 * They can read and run what the system has (/usr, /etc without hikae's own,
 * /opt, ...), read a folder, and read and write below one or two; no network
 * address family can be used, no name space made, nothing traced or mounted.
 */
#ifndef HIKAE_OS_SANDBOX_PROGRAM_H
#define HIKAE_OS_SANDBOX_PROGRAM_H

#include "lib/os/sandbox.h"

/* Behind a program's path: the folder of its own parts, which it may read. */
#define SANDBOX_PROGRAM_PARTS ".d"

struct sandbox_program_policy {
	int read_fd, write_fd;	/* folders */
	int memory_fd;		/* another to write below, or -1 */
	const char *program;	/* the file to be run */
	const char *assertions; /* a file that it reads, or "" */
	bool best_effort;
};

/* Restrict this process and what it becomes; the report as in sandbox_enter. */
int sandbox_program_enter(const struct sandbox_program_policy *policy,
    struct sandbox_report *ret_report, struct error *err) ERROR_CHECKED;

#endif
