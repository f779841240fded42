/* Every state meets everything that a look can find. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "daemon/media_state.h"

/* Both ways of reading: the medium can be read in this state only. */
static bool
can_read(enum media_state state)
{
	return state == MEDIA_MOUNTED;
}

static bool
begins_work(enum media_action action)
{
	return action == MEDIA_ARRIVE || action == MEDIA_OPEN ||
	       action == MEDIA_RESUME;
}

static void
every_state_has_its_own_name(void **state)
{
	(void)state;
	for (unsigned i = 0; i < MEDIA_STATES; i++) {
		enum media_state it = (enum media_state)i;

		assert_int_equal(media_state_parse(media_state_name(it)), it);
		for (unsigned j = 0; j < i; j++)
			assert_string_not_equal(media_state_name(it),
			    media_state_name((enum media_state)j));
	}
	assert_int_equal(media_state_parse(""), MEDIA_UNKNOWN);
}

/* What was seen decides, whatever was before; seen twice, nothing follows. */
static void
looks_decide(void **state)
{
	(void)state;
	for (unsigned e = 0; e < MEDIA_EVENTS; e++) {
		enum media_event event = (enum media_event)e;
		enum media_state next =
		    media_state_step(MEDIA_UNKNOWN, event).next;

		for (unsigned s = 0; s < MEDIA_STATES; s++)
			assert_int_equal(
			    media_state_step((enum media_state)s, event).next,
			    next);
		assert_int_equal(
		    media_state_step(next, event).action, MEDIA_NOTHING);
	}
}

/* Reading begins exactly where it becomes possible, and ends where it ends. */
static void
work_follows_reading(void **state)
{
	(void)state;
	for (unsigned s = 0; s < MEDIA_STATES; s++)
		for (unsigned e = 0; e < MEDIA_EVENTS; e++) {
			enum media_state from = (enum media_state)s;
			struct media_step step =
			    media_state_step(from, (enum media_event)e);

			assert_int_equal(begins_work(step.action),
			    !can_read(from) && can_read(step.next));
			if (can_read(from) && !can_read(step.next))
				assert_true(step.action == MEDIA_CLOSE ||
					    step.action == MEDIA_DEPART);
		}
}

/* Coming into reach is noticed; so is going, from what was seen there. */
static void
reach_is_followed(void **state)
{
	(void)state;
	for (unsigned s = 0; s < MEDIA_STATES; s++)
		for (unsigned e = 0; e < MEDIA_EVENTS; e++) {
			enum media_state from = (enum media_state)s;
			struct media_step step =
			    media_state_step(from, (enum media_event)e);
			bool was_seen = from == MEDIA_MOUNTED ||
					from == MEDIA_ATTACHED ||
					from == MEDIA_HUNG;
			bool is_seen = step.next == MEDIA_MOUNTED ||
				       step.next == MEDIA_ATTACHED;

			assert_int_equal(step.action == MEDIA_APPEAR ||
					     step.action == MEDIA_ARRIVE,
			    !was_seen && is_seen);
			assert_int_equal(step.action == MEDIA_DEPART,
			    was_seen &&
				!media_state_is_in_reach(step.next, false));
		}
}

/* Never offline by silence. */
static void
unknown_may_be_in_reach(void **state)
{
	(void)state;
	for (unsigned s = 0; s < MEDIA_STATES; s++) {
		enum media_state it = (enum media_state)s;
		bool is_out = it == MEDIA_ABSENT || it == MEDIA_YANKED ||
			      it == MEDIA_WRONG_MEDIUM;

		assert_int_equal(media_state_is_in_reach(it, false), !is_out);
		assert_int_equal(media_state_is_in_reach(it, true),
		    !is_out && it != MEDIA_UNKNOWN);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_state_has_its_own_name),
	    cmocka_unit_test(looks_decide),
	    cmocka_unit_test(work_follows_reading),
	    cmocka_unit_test(reach_is_followed),
	    cmocka_unit_test(unknown_may_be_in_reach),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
