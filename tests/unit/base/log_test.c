/* One event is one line, whatever is in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/log.h"

/* Standard error goes to a file while an event is logged. */
static void
capture(enum log_level level, const char *text, char *out, size_t size)
{
	FILE *file = tmpfile();
	int saved = dup(STDERR_FILENO);
	size_t length;

	assert_non_null(file);
	assert_true(saved >= 0);
	assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
	log_event(level, "%s", text);
	assert_true(dup2(saved, STDERR_FILENO) >= 0);
	(void)close(saved);
	rewind(file);
	length = fread(out, 1, size - 1, file);
	out[length] = '\0';
	(void)fclose(file);
}

static void
events_are_single_lines(void **state)
{
	char line[4096], huge[4000];
	char *text;

	(void)state;
	log_open(LOG_SINK_PREFIX, LOG_LEVEL_INFO);
	capture(LOG_LEVEL_WARNING, "two\nlines\x1b", line, sizeof(line));
	assert_string_equal(line, "<4>two lines \n");
	capture(LOG_LEVEL_DEBUG, "not wanted", line, sizeof(line));
	assert_string_equal(line, "");
	log_open(LOG_SINK_PLAIN, LOG_LEVEL_DEBUG);
	capture(LOG_LEVEL_DEBUG, "wanted", line, sizeof(line));
	text = strrchr(line, ' ');
	assert_non_null(text);
	assert_string_equal(text, " wanted\n");
	memset(huge, 'x', sizeof(huge) - 1);
	huge[sizeof(huge) - 1] = '\0';
	capture(LOG_LEVEL_ERROR, huge, line, sizeof(line));
	assert_true(strlen(line) < 2048);
	assert_true(line[strlen(line) - 1] == '\n');
}

static void
the_journal_is_recognised(void **state)
{
	struct stat st;
	char stream[64];

	(void)state;
	assert_int_equal(fstat(STDERR_FILENO, &st), 0);
	(void)snprintf(stream, sizeof(stream), "%llu:%llu",
	    (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	assert_int_equal(setenv("JOURNAL_STREAM", stream, 1), 0);
	assert_int_equal(log_suitable_sink(), LOG_SINK_PREFIX);
	assert_int_equal(setenv("JOURNAL_STREAM", "1:1", 1), 0);
	assert_int_equal(log_suitable_sink(), LOG_SINK_PLAIN);
	assert_int_equal(unsetenv("JOURNAL_STREAM"), 0);
	assert_int_equal(log_suitable_sink(), LOG_SINK_PLAIN);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(events_are_single_lines),
	    cmocka_unit_test(the_journal_is_recognised),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
