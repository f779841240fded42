/*
 * The short list of reasons: the most urgent ones, and of a medium in trouble
 * its own, which is often why the others are there.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "cli/reasons.h"

#include <stdlib.h>
#include <string.h>

static json_t *document;

static int
set_up(void **state)
{
	(void)state;
	document =
	    json_pack("{s:[], s:[], s:[]}", "systems", "media", "reasons");
	return document == NULL ? -1 : 0;
}

static int
tear_down(void **state)
{
	(void)state;
	json_decref(document);
	return 0;
}

/* One more, in the order of judge; NULL: not about one. */
static void
add(const char *code, const char *severity, const char *system,
    const char *medium, const char *generation)
{
	json_t *reason = json_pack("{s:s, s:s, s:s*, s:s*, s:s*}", "code", code,
	    "severity", severity, "system", system, "medium", medium,
	    "generation", generation);

	assert_int_equal(
	    json_array_append_new(json_object_get(document, "reasons"), reason),
	    0);
}

/* What is printed without next steps: a line a reason, and how many more. */
static void
assert_shown(size_t shown, const char *expected)
{
	char *text = NULL, got[4096] = "";
	size_t length = 0, used = 0;
	struct print print = {.out = open_memstream(&text, &length)};
	char *rest, *line;

	assert_non_null(print.out);
	reasons_print(&print, document, shown);
	assert_int_equal(fclose(print.out), 0);
	rest = text;
	while ((line = strsep(&rest, "\n")) != NULL) {
		if (line[0] == '\0' || strncmp(line, "In full", 7) == 0 ||
		    strstr(line, "  -> ") != NULL)
			continue;
		if (strstr(line, " more.") != NULL)
			*strstr(line, " more.") = '\0';
		used += (size_t)snprintf(
		    got + used, sizeof(got) - used, "%s\n", line);
	}
	free(text);
	assert_string_equal(got, expected);
}

#define UNSURE "undetermined"
#define NONE(system) "???? " system ": no intact copy in sight\n"

/* As where a clone of the only medium is connected. */
static void
a_medium_tells_why_nothing_is_determined(void **state)
{
	(void)state;
	add("not-determined", UNSURE, "ehr", NULL, NULL);
	add("not-determined", UNSURE, "order", NULL, NULL);
	add("not-determined", UNSURE, "receipt", NULL, NULL);
	add("uuid-twice", UNSURE, NULL, "usb1", NULL);
	assert_shown(4,
	    NONE("ehr") NONE("order")
		NONE("receipt") "???? usb1: two devices have one UUID\n");
	assert_shown(3,
	    NONE("ehr") NONE("order") "???? usb1: two devices have one UUID\n"
				      "1\n");
	assert_shown(2, NONE("ehr") "???? usb1: two devices have one UUID\n"
				    "2\n");
	/* The first is the verdict. */
	assert_shown(1, NONE("ehr") "3\n");
}

static void
each_medium_has_a_place(void **state)
{
	(void)state;
	add("not-determined", UNSURE, "ehr", NULL, NULL);
	add("not-determined", UNSURE, "order", NULL, NULL);
	add("uuid-twice", UNSURE, NULL, "usb1", NULL);
	add("offline-unknown", UNSURE, NULL, "usb1", NULL);
	add("uuid-twice", UNSURE, NULL, "usb2", NULL);
	/* One place is enough for one. */
	assert_shown(3, NONE("ehr") "???? usb1: two devices have one UUID\n"
				    "???? usb2: two devices have one UUID\n"
				    "2\n");
}

/* Three systems' damaged copies have one next step; two suffice for it. */
static void
only_a_repeated_step_gives_way_to_one_less_urgent(void **state)
{
	(void)state;
	add("copies-damaged", "bad", "ehr", "nas1", "ehr@1");
	add("generation-late", "bad", "order", NULL, NULL);
	add("no-source", UNSURE, "receipt", NULL, NULL);
	add("uuid-twice", UNSURE, NULL, "usb1", NULL);
	assert_shown(2, "BAD ehr (nas1): damaged copies (0)\n"
			"BAD order: backup is late\n"
			"2\n");
	json_array_clear(json_object_get(document, "reasons"));
	add("copies-damaged", "bad", "ehr", "nas1", "ehr@1");
	add("copies-damaged", "bad", "order", "nas1", "order@1");
	add("copies-damaged", "bad", "receipt", "nas1", "receipt@1");
	add("uuid-twice", UNSURE, NULL, "usb1", NULL);
	assert_shown(3, "BAD ehr (nas1): damaged copies (0)\n"
			"BAD order (nas1): damaged copies (0)\n"
			"???? usb1: two devices have one UUID\n"
			"1\n");
}

/* That it is away as planned is no trouble. */
static void
what_is_good_takes_no_place(void **state)
{
	(void)state;
	add("no-source", UNSURE, "ehr", NULL, NULL);
	add("no-source", UNSURE, "order", NULL, NULL);
	add("medium-away", "good", NULL, "usb1", NULL);
	assert_shown(2, "???? ehr: no source configured\n"
			"???? order: no source configured\n"
			"1\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_medium_tells_why_nothing_is_determined),
	    TEST(each_medium_has_a_place),
	    TEST(only_a_repeated_step_gives_way_to_one_less_urgent),
	    TEST(what_is_good_takes_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
