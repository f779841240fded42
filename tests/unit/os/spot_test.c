/* Where paths lie, by lists of mounts as proc(5) has them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/spot.h"

static const char list[] =
    "20 1 8:1 / / rw - ext4 /dev/sda1 rw\n"
    "21 20 8:17 / /backup rw - ext4 /dev/sdb1 rw\n"
    "22 20 8:17 /ehr /srv/ehr rw - ext4 /dev/sdb1 rw\n"
    "23 20 8:1 /var/copies /mnt/copies rw - ext4 /dev/sda1 rw\n"
    "24 20 0:40 /@data /data rw - btrfs /dev/sdc rw\n";

static struct mountinfo *table;

static int
set_up(void **state)
{
	char path[] = "/tmp/hikae-spot-XXXXXX";
	struct error err = {0};
	int fd = mkstemp(path);

	(void)state;
	if (fd < 0 || write(fd, list, strlen(list)) != (ssize_t)strlen(list))
		return -1;
	(void)close(fd);
	table = mountinfo_read(path, &err);
	(void)unlink(path);
	return table != NULL ? 0 : -1;
}

static int
tear_down(void **state)
{
	(void)state;
	mountinfo_free(table);
	return 0;
}

/* Whatever way leads there, it is one spot. */
static void
test_find(void **state)
{
	static const struct {
		const char *path, *spot;
	} rows[] = {
	    {"/", "8:1"},
	    {"/home", "8:1/home"},
	    {"//home/./x/", "8:1/home/x"},
	    {"/backup", "8:17"},
	    {"/backup/", "8:17"},
	    {"/backup/ehr/1", "8:17/ehr/1"},
	    {"/srv/ehr/1", "8:17/ehr/1"},
	    {"/backups", "8:1/backups"},
	    {"/mnt/copies/a", "8:1/var/copies/a"},
	    {"/data/x", "0:40/@data/x"},
	};
	char spot[SPOT_BYTES];
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		assert_int_equal(spot_find(table, rows[i].path, spot, &err), 0);
		assert_string_equal(spot, rows[i].spot);
	}
}

static void
test_too_long(void **state)
{
	char path[PATH_MAX + 2], spot[SPOT_BYTES];
	struct error err = {0};

	(void)state;
	memset(path, 'a', sizeof(path) - 1);
	path[0] = '/';
	path[sizeof(path) - 1] = '\0';
	assert_int_equal(spot_find(table, path, spot, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
}

static void
test_within(void **state)
{
	static const char places[] = "8:17\0"
				     "8:1/var/copies";
	char spot[] = "8:1/var/copies/x";

	(void)state;
	assert_true(spot_is_within("8:17/ehr", "8:17"));
	assert_true(spot_is_within("8:17", "8:17"));
	assert_false(spot_is_within("8:170/ehr", "8:17"));
	assert_false(spot_is_within("8:1", "8:17"));
	assert_true(spot_is_within_any("8:17/a", places, sizeof(places)));
	assert_true(spot_is_within_any(spot, places, sizeof(places)));
	assert_false(
	    spot_is_within_any("8:1/var/copies2", places, sizeof(places)));
	assert_false(spot_is_within_any("8:1/var", places, sizeof(places)));
	assert_false(spot_is_within_any("8:17/a", "", 0));
	spot_cut_path(spot);
	assert_string_equal(spot, "8:1");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_find),
	    cmocka_unit_test(test_too_long),
	    cmocka_unit_test(test_within),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
