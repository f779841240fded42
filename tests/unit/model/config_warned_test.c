/* What a configuration can be used with, and is hardly meant so. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

#include "lib/model/config.h"

#define BASE                                          \
	"[facility]\nid = h\nname = 中央病院\n"   \
	"[system ehr]\nkind = ehr\n"                  \
	"[medium nas]\nkind = nas\npath = /mnt/nas\n" \
	"[source a]\nsystem = ehr\nmedium = nas\nlayout = directory\n"

/* Media that look alike can be used, and are told with their places. */
static void
two_that_look_alike(void **state)
{
	static const char text[] =
	    BASE "[medium b]\nkind = disk\npath = /b\n"
		 "[medium c]\nkind = disk\npath = /c\nname = b\n"
		 "[medium d]\nkind = disk\npath = /d\nname = B\n"
		 "[medium e]\nname = b\nkind = disk\npath = /e\n"
		 "[system f]\nkind = order\nname = b\n";
	struct config_problems problems;
	struct config *config = NULL;

	(void)state;
	assert_int_equal(
	    config_load_text("f", text, strlen(text), &config, &problems), 0);
	assert_non_null(config);
	assert_int_equal(problems.count, 2);
	assert_non_null(strstr(problems.texts[0], "f:19: name: [medium b]"));
	assert_non_null(strstr(problems.texts[1], "f:25: name: [medium b]"));
	config_problems_done(&problems);
	config_free(config);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(two_that_look_alike),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
