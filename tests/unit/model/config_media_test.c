/* What holds for a medium where nothing is written of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/model/config.h"

/* A medium that is kept offline by being away has a limit at all times. */
static void
an_offline_medium_is_not_left_attached(void **state)
{
	static const struct {
		const char *keys;
		int64_t hours; /* 0: no limit */
	} cases[] = {
	    {"", 0},
	    {"offline = append-only\n", 0},
	    {"offline = network-partition\n", 0},
	    {"offline = cloud-isolated\n", 0},
	    {"offline = detached\n", 72},
	    {"offline = connect-window\n", 24},
	    {"offline = detached\nmax_attached = none\n", 0},
	    {"offline = detached\nmax_attached = 12h\n", 12},
	    {"max_attached = 12h\noffline = connect-window\n", 12},
	    {"max_attached = 12h\n", 12},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config_problems problems;
		struct config *c = NULL;
		char text[1024];

		(void)snprintf(text, sizeof(text),
		    "[facility]\nid = h\nname = 中央病院\n"
		    "[system ehr]\nkind = ehr\n"
		    "[medium nas]\nkind = nas\npath = /mnt/nas/\n"
		    "[medium usb]\nkind = removable\npath = /u\n%s",
		    cases[i].keys);
		assert_int_equal(
		    config_load_text("f", text, strlen(text), &c, &problems),
		    0);
		config_problems_done(&problems);
		assert_int_equal(
		    c->media[1].max_attached_ms, cases[i].hours * 3600000);
		assert_int_equal(c->media[0].max_attached_ms, 0);
		config_free(c);
	}
}

/* Ten days for what changes each day, where nobody wrote something else. */
static void
data_that_may_rest_is_not_told(void **state)
{
	static const struct {
		const char *kind, *layout, *keys;
		int64_t hours;
	} cases[] = {
	    {"ehr", "directory", "", 240},
	    {"order", "file", "", 240},
	    {"receipt", "archive", "", 240},
	    {"imaging", "directory", "", 240},
	    {"imaging", "tree", "", 0},
	    {"other", "archive", "", 0},
	    {"other", "archive", "unchanged_after = 4d\n", 96},
	    {"ehr", "directory", "unchanged_after = none\n", 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct config_problems problems;
		struct config *c = NULL;
		char text[1024];

		(void)snprintf(text, sizeof(text),
		    "[facility]\nid = h\nname = 中央病院\n"
		    "[source s]\nsystem = x\nmedium = nas\nlayout = %s\n%s"
		    "[medium nas]\nkind = nas\npath = /mnt/nas/\n"
		    "[system x]\nkind = %s\n",
		    cases[i].layout, cases[i].keys, cases[i].kind);
		assert_int_equal(
		    config_load_text("f", text, strlen(text), &c, &problems),
		    0);
		config_problems_done(&problems);
		assert_int_equal(
		    c->sources[0].unchanged_after_ms, cases[i].hours * 3600000);
		config_free(c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(data_that_may_rest_is_not_told),
	    cmocka_unit_test(an_offline_medium_is_not_left_attached),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
