/*
 * The line on a terminal says how far it is, how fast, and when it will be
 * done; elsewhere there is none.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#define MIB ((uint64_t)1 << 20)

static int64_t now;
static int is_terminal;
static int kept_fd = -1;
static FILE *shown;

int64_t __wrap_clock_monotonic_ms(void);
int __wrap_isatty(int fd);

int64_t
__wrap_clock_monotonic_ms(void)
{
	return now;
}

int
__wrap_isatty(int fd)
{
	return fd == STDERR_FILENO ? is_terminal : 0;
}

/* Standard error goes to a file, which is no terminal of any width. */
static int
set_up(void **state)
{
	(void)state;
	now = 1000;
	is_terminal = 1;
	shown = tmpfile();
	kept_fd = dup(STDERR_FILENO);
	if (shown == NULL || kept_fd < 0)
		return -1;
	return dup2(fileno(shown), STDERR_FILENO) < 0 ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	(void)dup2(kept_fd, STDERR_FILENO);
	(void)close(kept_fd);
	return fclose(shown);
}

/* What stands on the line now: what was written since the last return. */
static const char *
line(void)
{
	static char text[1 << 16];
	ssize_t length = pread(fileno(shown), text, sizeof(text) - 1, 0);
	char *last;

	assert_true(length >= 0);
	text[length] = '\0';
	last = strrchr(text, '\r');
	return last == NULL ? text : last + 1;
}

/* So long, at so many bytes a second: 125 ms are one step of the line. */
static void
run(struct progress *progress, uint64_t *done, int64_t ms, uint64_t rate)
{
	for (int64_t end = now + ms; now < end;) {
		now += 125;
		*done += rate / 8;
		progress_update(progress, *done);
	}
}

static void
rate_and_end_are_estimated(void **state)
{
	struct progress progress;
	uint64_t done = 0;

	(void)state;
	progress_init(&progress, 0, 1000 * MIB);
	run(&progress, &done, 1000, 16 * MIB);
	/* A rate at once, an end when there is something to go by. */
	assert_string_equal(line(),
	    "  1% [            ] 16.0 MiB of 1000 MiB, 16.0 MiB/s\033[K");
	run(&progress, &done, 29000, 16 * MIB);
	assert_string_equal(line(),
	    " 48% [#####       ] 480 MiB of 1000 MiB, 16.0 MiB/s, "
	    "32 seconds left\033[K");
	/* Another rate is believed within seconds. */
	run(&progress, &done, 10000, 32 * MIB);
	assert_memory_equal(line(), " 80% [#########   ] 800 MiB of", 29);
	assert_non_null(strstr(line(), " 6 seconds left"));
	progress_done(&progress);
	assert_string_equal(line(), "\033[K");
}

/* What a run that is taken up again had done before makes no rate. */
static void
what_was_done_before_counts_for_no_rate(void **state)
{
	struct progress progress;
	uint64_t done = 900 * MIB;

	(void)state;
	progress_init(&progress, done, 1000 * MIB);
	run(&progress, &done, 5000, MIB);
	assert_string_equal(line(),
	    " 90% [##########  ] 905 MiB of 1000 MiB, 1.0 MiB/s, "
	    "1 minute 35 seconds left\033[K");
}

static void
a_line_never_wraps_or_claims_too_much(void **state)
{
	struct progress progress;
	uint64_t done = 0;

	(void)state;
	progress_init(&progress, 0, MIB);
	progress.columns = 20;
	run(&progress, &done, 5000, MIB);
	assert_memory_equal(line(), "100% [############", 18);
	assert_true(strlen(line()) <= 18 + strlen("\u2026\033[K"));
}

static void
without_a_terminal_there_is_none(void **state)
{
	struct progress progress;
	uint64_t done = 0;

	(void)state;
	is_terminal = 0;
	progress_init(&progress, 0, 100 * MIB);
	run(&progress, &done, 5000, MIB);
	progress_done(&progress);
	assert_string_equal(line(), "");
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
	const struct CMUnitTest tests[] = {
	    TEST(rate_and_end_are_estimated),
	    TEST(what_was_done_before_counts_for_no_rate),
	    TEST(a_line_never_wraps_or_claims_too_much),
	    TEST(without_a_terminal_there_is_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
