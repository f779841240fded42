/* Every reason has a name, a sentence and a next step that fit the screen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/text.h"
#include "lib/judge/reason.h"
#include "lib/model/finding.h"

static void
every_reason_has_its_words(void **state)
{
	enum finding finding;

	(void)state;
	for (int i = 0; i < REASONS; i++) {
		const char *name = reason_name((enum reason)i);

		assert_non_null(name);
		assert_non_null(reason_title(name));
		assert_non_null(reason_sentence(name));
		assert_non_null(reason_advice(name));
		/* A headline, and a line of 80 columns below it. */
		assert_true(text_display_width(reason_title(name)) <= 40);
		if (finding_parse(name, &finding) != 0)
			assert_true(
			    text_display_width(reason_advice(name)) <= 75);
		for (int j = 0; j < i; j++)
			assert_string_not_equal(
			    name, reason_name((enum reason)j));
	}
	assert_non_null(reason_title("bit-rot"));
	assert_null(reason_title("from-a-newer-hikae"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_reason_has_its_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
