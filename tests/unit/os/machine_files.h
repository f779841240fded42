/*
 * The files of a made-up machine (machine.h), below one temporary folder.
 */
#ifndef HIKAE_TESTS_OS_MACHINE_FILES_H
#define HIKAE_TESTS_OS_MACHINE_FILES_H

#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char machine_folder[32] = "/tmp/machine-XXXXXX";

/* All folders above a path. */
static inline void
machine_put_folders(const char *path)
{
	char part[PATH_MAX];

	for (const char *c = path + 1; *c != '\0'; c++) {
		if (*c != '/')
			continue;
		(void)snprintf(
		    part, sizeof(part), "%.*s", (int)(c - path), path);
		(void)mkdir(part, 0700);
	}
}

static inline void
machine_put_bytes(const char *path, const void *bytes, size_t length)
{
	FILE *file;

	machine_put_folders(path);
	file = fopen(path, "we");
	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static inline void
machine_put_line(const char *path, const char *text)
{
	char line[PATH_MAX];

	(void)snprintf(line, sizeof(line), "%s\n", text);
	machine_put_bytes(path, line, strlen(line));
}

static inline void
machine_put_link(const char *target, const char *path)
{
	machine_put_folders(path);
	assert_int_equal(symlink(target, path), 0);
}

static inline int
machine_remove_one(
    const char *path, const struct stat *facts, int kind, struct FTW *at)
{
	(void)facts;
	(void)kind;
	(void)at;
	return remove(path);
}

static inline int
machine_end(void)
{
	return nftw(
	    machine_folder, machine_remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

#endif
