/*
 * target: a file that a command writes: whole under its name, or not there.
 *
 * Uses: os/file.
 */
#ifndef HIKAE_CLI_TARGET_H
#define HIKAE_CLI_TARGET_H

#include "lib/os/file.h"

/* All zero is one that has not begun. */
struct target {
	struct file_replacement file; /* write to file.fd */
	bool is_open;
	int folder_fd;
};

/* Begin to write the file at path, mode 0640. */
int target_begin(
    struct target *target, const char *path, struct error *err) ERROR_CHECKED;

/* Make it durable under its name.  After -1 it is to be closed all the same. */
int target_commit(struct target *target, struct error *err) ERROR_CHECKED;

/* What was not committed is gone.  Safe to repeat. */
void target_close(struct target *target);

/* All three, with that content. */
int target_write(const char *path, const void *data, size_t length,
    struct error *err) ERROR_CHECKED;

/* Name the file in an error about it; returns -1. */
int target_blame(const char *path, struct error *err);

#endif
