/* The known word that was meant, and none where nobody can say. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/base/nearest.h"

#include <string.h>

static void
distances_are_counted(void **state)
{
	static const struct {
		const char *a, *b;
		size_t distance;
	} cases[] = {
	    {"", "", 0},
	    {"", "abc", 3},
	    {"path", "path", 0},
	    {"path", "paths", 1},
	    {"path", "pat", 1},
	    {"path", "bath", 1},
	    {"path", "ptah", 1}, /* neighbours swapped */
	    {"kitten", "sitting", 3},
	    {"saturday", "sunday", 3},
	    /* Swapped ones are not changed again; else this were 2. */
	    {"ca", "abc", 3},
	    {"abcd", "badc", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(nearest_distance(cases[i].a, cases[i].b),
		    cases[i].distance);
		assert_int_equal(nearest_distance(cases[i].b, cases[i].a),
		    cases[i].distance);
	}
}

static void
long_words_are_like_no_other(void **state)
{
	char longest[NEAREST_WORD_MAX + 1], longer[NEAREST_WORD_MAX + 2];

	(void)state;
	memset(longest, 'x', NEAREST_WORD_MAX);
	longest[NEAREST_WORD_MAX] = '\0';
	memset(longer, 'x', NEAREST_WORD_MAX + 1);
	longer[NEAREST_WORD_MAX + 1] = '\0';
	assert_int_equal(nearest_distance(longest, longest), 0);
	assert_int_equal(nearest_distance(longest, ""), NEAREST_WORD_MAX);
	assert_int_equal(nearest_distance(longest, longer), SIZE_MAX);
	assert_int_equal(nearest_distance(longer, longer), SIZE_MAX);
}

static const char *
meant_by(const char *word)
{
	static const char *const known[] = {"kind", "path", "pattern", "layout",
	    "settle_time", "slice_size", "interval", "interval_min"};
	struct nearest nearest = {.word = word};

	for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++)
		nearest_add(&nearest, known[i]);
	return nearest_find(&nearest);
}

static void
one_word_is_meant_or_none(void **state)
{
	static const struct {
		const char *word, *meant;
	} cases[] = {
	    {"settle_tmie", "settle_time"},
	    {"patern", "pattern"},
	    {"layuot", "layout"},
	    {"path", "path"},
	    {"settle", "settle_time"}, /* begins with it */
	    {"intervall", "interval"},
	    {"interval_mi", "interval_min"},
	    {"inter", NULL}, /* two begin with it */
	    {"pat", "path"}, /* the nearer one of two */
	    {"pa", NULL},    /* half of it would have to change, and two */
	    {"xkcd", NULL},
	    {"", NULL},
	    {"settle_time_of_all", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *meant = meant_by(cases[i].word);

		if (cases[i].meant == NULL)
			assert_null(meant);
		else
			assert_string_equal(meant, cases[i].meant);
	}
}

static void
equally_near_ones_are_not_told(void **state)
{
	struct nearest nearest = {.word = "bame"};

	(void)state;
	assert_null(nearest_find(&nearest));
	nearest_add(&nearest, "name");
	assert_string_equal(nearest_find(&nearest), "name");
	nearest_add(&nearest, "same");
	assert_null(nearest_find(&nearest));
	nearest_add(&nearest, "bame_of");
	assert_string_equal(nearest_find(&nearest), "bame_of");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(distances_are_counted),
	    cmocka_unit_test(long_words_are_like_no_other),
	    cmocka_unit_test(one_word_is_meant_or_none),
	    cmocka_unit_test(equally_near_ones_are_not_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
