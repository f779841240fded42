/*
 * A clock that jumps: an entry for each step, and a finding until it is right
 * again.  Both clocks are the test's.
 */
#include "daemon/ledger.h"
#include "lib/base/clock.h"
#include "lib/store/query_finding.h"
#include "tests/unit/store/entries.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static const char config_text[] = "[facility]\n"
				  "id = seaside\n"
				  "name = Seaside\n"
				  "[policy]\n"
				  "clock_ahead = 2h\n";

static int64_t wall_ms, monotonic_ms;

int64_t __wrap_clock_wall_ms(void);
int64_t __wrap_clock_monotonic_ms(void);

int64_t
__wrap_clock_wall_ms(void)
{
	return wall_ms;
}

int64_t
__wrap_clock_monotonic_ms(void)
{
	return monotonic_ms;
}

static char folder[FOLDER_BYTES];
static struct service service;
static struct error err;

/* hikaed begins: what the clock did before stands in the journal alone. */
static void
start(void)
{
	service.clock = (struct service_clock){.newest_at = 0};
	monotonic_ms = CLOCK_HOUR_MS;
	assert_int_equal(ledger_read_clock(&service, &err), 0);
}

static int
set_up(void **state)
{
	struct config_problems problems;

	(void)state;
	folder_make(folder);
	service = (struct service){.state_fd = -1};
	service.catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	if (config_load_text("test", config_text, sizeof(config_text) - 1,
		&service.config, &problems) != 0)
		fail_msg("%s", problems.texts[0]);
	begin(service.catalog);
	add_hospital(service.catalog);
	commit(service.catalog);
	wall_ms = DAY_ONE + HOUR;
	start();
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	config_free(service.config);
	catalog_close(service.catalog);
	folder_remove(folder);
	return 0;
}

/* Time goes by, and the wall clock is set by so much besides; hikaed looks. */
static void
look_after(int64_t pass_ms, int64_t step_ms)
{
	int64_t at = 0;

	monotonic_ms += pass_ms;
	wall_ms += pass_ms + step_ms;
	if (ledger_begin(&service, &err) != 0 ||
	    ledger_now(&service, &at, &err) != 0 ||
	    ledger_commit(&service, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(at == wall_ms);
}

static int
add_event(const struct query_clock_event *row, void *context, struct error *e)
{
	struct bytes *text = context;

	(void)e;
	bytes_append_format(
	    text, "%s %lld,", row->event, (long long)row->by_ms);
	return 0;
}

static int
add_finding(const struct query_finding *row, void *context, struct error *e)
{
	(void)e;
	bytes_append_format(context, " %s", row->code);
	return 0;
}

/* The steps, the newest first, with their ms; and what is open. */
static void
assert_told(const char *steps, const char *findings)
{
	const struct query_finding_filter open = {.only_open = true};
	struct bytes told = BYTES_EMPTY, are_open = BYTES_EMPTY;

	assert_int_equal(query_clock_events(service.catalog, CATALOG_NOW, 0,
			     add_event, &told, &err),
	    0);
	assert_int_equal(query_findings(service.catalog, CATALOG_NOW, &open,
			     add_finding, &are_open, &err),
	    0);
	bytes_append_u8(&told, 0);
	bytes_append_u8(&are_open, 0);
	assert_string_equal((const char *)told.data, steps);
	assert_string_equal((const char *)are_open.data, findings);
	bytes_done(&told);
	bytes_done(&are_open);
}

static void
what_both_clocks_show_is_no_jump(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(40 * CLOCK_DAY_MS, 0);
	/* They are never quite alike. */
	look_after(0, -2000);
	assert_told("", "");
	look_after(0, -1);
	assert_told("back 2001,", " clock-back");
}

static void
as_far_as_is_allowed_is_no_jump(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(1000, 2 * HOUR);
	assert_told("", "");
}

static void
further_than_that_is_one(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(1000, 2 * HOUR + 1);
	assert_told("ahead 7200001,", " clock-jumped");
	/* It is told once. */
	look_after(1000, 0);
	assert_told("ahead 7200001,", " clock-jumped");
}

/* What stands further ahead came after what stands behind it. */
static void
what_was_put_right_is_settled(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(1000, 3 * HOUR);
	look_after(1000, -3 * HOUR);
	assert_told("back 10799000,ahead 10800000,", " clock-back");
	/* When it has passed what it showed, all is as it was. */
	look_after(3 * HOUR, 0);
	assert_told("back 10799000,ahead 10800000,", "");
}

static void
half_of_the_way_back_settles_nothing(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(1000, 6 * HOUR);
	look_after(0, -3 * HOUR);
	assert_told(
	    "back 10800000,ahead 21600000,", " clock-back clock-jumped");
	/* An hour ahead is what is allowed. */
	look_after(0, -2 * HOUR);
	assert_told(
	    "back 7200000,back 10800000,ahead 21600000,", " clock-back");
}

/* Setting it to what it showed before it went back is no jump. */
static void
back_and_forth_is_a_clock_that_went_back(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(0, -5 * HOUR);
	assert_told("back 18000000,", " clock-back");
	look_after(1000, 5 * HOUR);
	assert_told("ahead 18000000,back 18000000,", "");
}

/* What a start finds is held against the journal. */
static void
an_earlier_run_is_remembered(void **state)
{
	(void)state;
	look_after(0, 0);
	look_after(1000, 3 * HOUR);
	start();
	look_after(0, -3 * HOUR);
	assert_told("back 10800000,ahead 10800000,", " clock-back");
	start();
	look_after(3 * HOUR + 1, 0);
	assert_told("back 10800000,ahead 10800000,", "");
}

/* While hikaed does not run, nobody can tell a jump from a pause. */
static void
a_pause_is_no_jump(void **state)
{
	(void)state;
	look_after(0, 0);
	wall_ms += 90 * CLOCK_DAY_MS;
	start();
	look_after(0, 0);
	assert_told("", "");
}

/* What was not written is told again. */
static void
a_lost_transaction_is_told_again(void **state)
{
	int64_t at;

	(void)state;
	look_after(0, 0);
	wall_ms += 3 * HOUR;
	assert_int_equal(ledger_begin(&service, &err), 0);
	assert_int_equal(ledger_now(&service, &at, &err), 0);
	ledger_rollback(&service);
	assert_told("", "");
	look_after(1000, 0);
	assert_told("ahead 10800000,", " clock-jumped");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(what_both_clocks_show_is_no_jump),
	    TEST(as_far_as_is_allowed_is_no_jump),
	    TEST(further_than_that_is_one),
	    TEST(what_was_put_right_is_settled),
	    TEST(half_of_the_way_back_settles_nothing),
	    TEST(back_and_forth_is_a_clock_that_went_back),
	    TEST(an_earlier_run_is_remembered),
	    TEST(a_pause_is_no_jump),
	    TEST(a_lost_transaction_is_told_again),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
