/*
 * Names that change between being listed and being opened: what goes into the
 * manifest is what was read, under the size and time that it had, or nothing.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/syscall.h>

#include "tests/unit/examine/examining.h"

#include "tests/unit/examine/failing.h"

/* Done once, just before a file of that name is opened. */
static struct {
	const char *name;
	void (*change)(void);
} race;

long __real_syscall(long number, long a, long b, long c, long d);
long __wrap_syscall(long number, long a, long b, long c, long d);

long
__wrap_syscall(long number, long a, long b, long c, long d)
{
	void (*change)(void) = race.change;

	if (number == SYS_openat2 && change != NULL &&
	    strcmp((const char *)b, race.name) == 0) {
		race.change = NULL;
		change();
	}
	return __real_syscall(number, a, b, c, d);
}

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_folder("copy");
	return 0;
}

static void
grow(void)
{
	int fd = openat(ground_fd, "copy/b", O_WRONLY | O_APPEND | O_CLOEXEC);

	assert_int_equal(write(fd, "more", 4), 4);
	(void)close(fd);
}

static void
cut(void)
{
	int fd = openat(ground_fd, "copy/b", O_WRONLY | O_CLOEXEC);

	assert_int_equal(ftruncate(fd, 10), 0);
	(void)close(fd);
}

static void
rewrite(void)
{
	flip("copy/b", 3, 1, false);
}

static void
go(void)
{
	assert_int_equal(unlinkat(ground_fd, "copy/b", 0), 0);
}

static void
replace(void)
{
	go();
	put_file("copy/b", 1000, 9);
}

static void
become_link(void)
{
	go();
	assert_int_equal(symlinkat("a", ground_fd, "copy/b"), 0);
}

static void
become_fifo(void)
{
	go();
	assert_int_equal(mkfifoat(ground_fd, "copy/b", 0600), 0);
}

static void (*const changes[])(void) = {
    grow, cut, rewrite, go, replace, become_link, become_fifo};
#define CHANGES (sizeof(changes) / sizeof(changes[0]))

static void
expect_unread(
    int manifest_fd, const struct capture_result *result, const char *path)
{
	struct manifest_entry entry;
	size_t mine = 0;

	for (size_t i = 0; i < told.finding_count; i++) {
		if (strcmp(told.findings[i].path, path) != 0)
			continue;
		mine++;
		assert_int_equal(finding_verdict(told.findings[i].code),
		    VERDICT_UNDETERMINED);
	}
	assert_int_equal(mine, 1);
	assert_int_equal(result->problems, told.finding_count);
	assert_true(find_entry(manifest_fd, path, &entry));
	assert_true(entry.unread != NULL && !entry.has_digest);
}

static void
make_files(void)
{
	(void)unlinkat(ground_fd, "copy/b", 0);
	put_file("copy/a", 1000, 1);
	put_file("copy/b", 1000, 2);
	put_file("copy/c", 1000, 3);
}

static void
what_changes_before_it_is_opened_is_unread(void **state)
{
	(void)state;
	for (size_t i = 0; i < CHANGES; i++) {
		struct capture_options options = capture_of("copy");
		struct capture_result result;
		int manifest_fd;

		make_files();
		race.name = "b";
		race.change = changes[i];
		manifest_fd = capture(&options, &result);
		assert_null(race.change);
		assert_int_equal(told.finding_count, 1);
		expect_unread(manifest_fd, &result, "b");
		assert_int_equal(result.bytes_read, 2000);
		(void)close(manifest_fd);
	}
}

static void
change_b(void)
{
	failing.problem = EIO;
	failing.times_left = UINT_MAX;
	race.change();
	race.change = NULL;
}

/* b waits for another name of its file, which then cannot be read. */
static void
what_changes_while_it_waits_is_unread(void **state)
{
	(void)state;
	for (size_t i = 3; i < CHANGES; i++) {
		struct capture_options options = capture_of("copy");
		struct capture_result result;
		int manifest_fd, readings_fd = temporary();

		make_files();
		(void)unlinkat(ground_fd, "copy/b", 0);
		assert_int_equal(
		    linkat(ground_fd, "copy/a", ground_fd, "copy/b", 0), 0);
		options.readings = open_readings(readings_fd);
		options.stream.direct = false;
		fail_at("copy/a", 0, 0, UINT_MAX);
		failing.before_read = change_b;
		race.name = "";
		race.change = changes[i];
		manifest_fd = capture(&options, &result);
		fail_no_more();
		assert_null(race.change);
		assert_int_equal(told.finding_count, 2);
		expect_unread(manifest_fd, &result, "a");
		expect_unread(manifest_fd, &result, "b");
		(void)close(manifest_fd);
		readings_free(options.readings);
		(void)close(readings_fd);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_changes_before_it_is_opened_is_unread),
	    cmocka_unit_test(what_changes_while_it_waits_is_unread),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
