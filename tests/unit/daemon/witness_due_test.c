/*
 * When a witness is written again: soon where its plan is a trap, not so often
 * that the medium suffers, and each day whatever happens.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/witness_due.h"

#define BEGAN INT64_C(1000000)
#define NOW 0
#define HOUR_LATER (BEGAN + WITNESS_DUE_APART_MS)
#define DAY_LATER (BEGAN + WITNESS_DUE_PERIOD_MS)

/* Plans "a", "b": what they say; how many systems they name. */
static struct witness_plan
plan_of(const char *name)
{
	struct witness_plan plan = {.named = (size_t)(name[1] - '0')};

	plan.digest[DIGEST_SHA256_BYTES - 1] = (uint8_t)name[0];
	return plan;
}

static void
each_history_has_its_time(void **state)
{
	static const struct {
		int outcome;
		const char *written, *now; /* NULL: not known */
		int64_t due;
	} cases[] = {
	    /* Since hikaed began, or the medium came. */
	    {WITNESS_NEVER, NULL, NULL, NOW},
	    {WITNESS_NEVER, NULL, "a1", NOW},
	    /* The same plan: the journal alone has grown. */
	    {WITNESS_WRITTEN, "a1", "a1", DAY_LATER},
	    {WITNESS_WRITTEN, "a0", "a0", DAY_LATER},
	    {WITNESS_WRITTEN, "a1", NULL, DAY_LATER},
	    /* The first plan of all named nothing: a trap. */
	    {WITNESS_WRITTEN, "a0", "b1", NOW},
	    {WITNESS_WRITTEN, "a1", "b2", NOW},
	    /* Another plan, as good as the one that is there. */
	    {WITNESS_WRITTEN, "a1", "b1", HOUR_LATER},
	    {WITNESS_WRITTEN, "a2", "b1", HOUR_LATER},
	    {WITNESS_WRITTEN, "a1", "b0", HOUR_LATER},
	    /* One that could not be written is not tried again and again. */
	    {WITNESS_NOT_WRITTEN, "a0", "b1", DAY_LATER},
	    {WITNESS_NOT_WRITTEN, NULL, NULL, DAY_LATER},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct witness_last last = {.began_ms = BEGAN};
		struct witness_plan now = {.named = 0};

		last.outcome = cases[i].outcome;
		if (cases[i].written != NULL)
			last.plan = plan_of(cases[i].written);
		if (cases[i].now != NULL)
			now = plan_of(cases[i].now);
		assert_int_equal(
		    witness_due_at(&last, cases[i].now == NULL ? NULL : &now),
		    cases[i].due);
	}
}

/* A plan that changes all the time costs 24 writings a day at most. */
static void
a_restless_plan_does_not_wear_the_medium(void **state)
{
	struct witness_last last = {.outcome = WITNESS_WRITTEN};
	struct witness_plan now = plan_of("a1");
	unsigned writings = 0;

	(void)state;
	last.plan = plan_of("b1");
	for (int64_t ms = 1; ms <= WITNESS_DUE_PERIOD_MS; ms += 60000) {
		now.digest[0]++;
		if (ms < witness_due_at(&last, &now))
			continue;
		writings++;
		last.began_ms = ms;
		last.plan = now;
		now.digest[1]++;
	}
	assert_in_range(writings, 20, 24);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_history_has_its_time),
	    cmocka_unit_test(a_restless_plan_does_not_wear_the_medium),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
