/* folder: where a test of this folder keeps its catalogs. */
#ifndef HIKAE_TESTS_STORE_FOLDER_H
#define HIKAE_TESTS_STORE_FOLDER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/store/catalog.h"

#define FOLDER_BYTES 64

/*
 * A folder of the test's own, removed with everything in it.  In memory where
 * that is possible: these tests are about calls, not about disks.
 */
__attribute__((unused)) static void
folder_make(char folder[FOLDER_BYTES])
{
	(void)snprintf(
	    folder, FOLDER_BYTES, "%s", "/dev/shm/hikae-store-XXXXXX");
	if (mkdtemp(folder) != NULL)
		return;
	(void)snprintf(folder, FOLDER_BYTES, "%s", "/tmp/hikae-store-XXXXXX");
	assert_non_null(mkdtemp(folder));
}

__attribute__((unused)) static void
folder_remove(const char *folder)
{
	char command[128];

	(void)snprintf(command, sizeof(command), "rm -rf '%s'", folder);
	assert_int_equal(system(command), 0);
}

__attribute__((unused)) static struct catalog *
open_as(const char *folder, const char *name, enum catalog_mode mode)
{
	const struct catalog_options options = {mode};
	struct catalog *catalog = NULL;
	struct error err;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	if (catalog_open(path, &options, &catalog, &err) != 0)
		fail_msg("%s", err.text);
	return catalog;
}

#endif
