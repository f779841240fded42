/* When a name may be used again, when it is asked about, and when it was. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "daemon/drill.h"
#include "daemon/rotation.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
#define OLD ((uint64_t)7)

/* Whether somebody reads the old copy. */
static bool is_verified, is_drilled;

bool __wrap_runs_is_reading(const struct runs *runs, uint64_t copy);
bool __wrap_drill_is_reading(const struct drills *drills, uint64_t copy);

bool
__wrap_runs_is_reading(const struct runs *runs, uint64_t copy)
{
	(void)runs;
	return is_verified && copy == OLD;
}

bool
__wrap_drill_is_reading(const struct drills *drills, uint64_t copy)
{
	(void)drills;
	return is_drilled && copy == OLD;
}

/* An old backup `mon`, and two newer ones; each a folder of two files. */
static char names[3][4] = {"mon", "sat", "sun"};
static struct catalogued copies[3];
static struct sighting sights[3];
static const struct catalogue catalogue = {copies, 3};
static const struct sightings found = {sights, 3};
static struct config_system ehr;
static struct config_source source;
static struct service service;
static int64_t now;

static void
put(size_t i, uint64_t id, int64_t age_days)
{
	int64_t at = now - age_days * CLOCK_DAY_MS;

	copies[i] = (struct catalogued){.id = id,
	    .name = names[i],
	    .is_captured = true,
	    .taken_at = at,
	    .newest_file_at = at,
	    .captured_at = at + 5000,
	    .bytes = 100,
	    .reuse = {.is_watched = i == 0}};
	sights[i] = (struct sighting){.name = names[i],
	    .name_length = 3,
	    .is_folder = true,
	    .entries = 2,
	    .bytes = 100,
	    .newest_ms = at,
	    .own_ms = at,
	    .oldest_ms = at - 1000};
}

static int
set_up(void **state)
{
	struct error err = {0};

	(void)state;
	now = clock_wall_ms();
	is_verified = is_drilled = false;
	ehr = (struct config_system){.generations_min = 2};
	source = (struct config_source){.system = &ehr,
	    .layout = CONFIG_LAYOUT_DIRECTORY,
	    .retention_ms = 6 * CLOCK_DAY_MS,
	    .reuses_names = true};
	if (pattern_compile("*", &source.pattern, &err) != 0)
		fail_msg("%s", err.text);
	put(0, OLD, 7);
	put(1, 8, 2);
	put(2, 9, 1);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	pattern_free(source.pattern);
	return 0;
}

/* A backup is written there: `oldest` and `newest` before now, ms. */
static void
write_over(int64_t oldest, int64_t newest)
{
	sights[0].oldest_ms = now - oldest;
	sights[0].newest_ms = now - newest;
}

static bool
is_free(void)
{
	return rotation_is_free(&catalogue, &source, &found, &copies[0]);
}

static bool
is_in_question(void)
{
	return rotation_is_in_question(&catalogue, &source, &found, &copies[0]);
}

static bool
is_replaced(void)
{
	return rotation_is_replaced(
	    &catalogue, &service, &source, &found, &copies[0]);
}

static void
a_name_is_free_when_its_time_is_over(void **state)
{
	(void)state;
	assert_true(is_free());
	source.reuses_names = false;
	assert_false(is_free());
	source.reuses_names = true;
	source.retention_ms = 8 * CLOCK_DAY_MS;
	assert_false(is_free());
	source.retention_ms = CONFIG_NONE;
	assert_false(is_free());
	source.retention_ms = 6 * CLOCK_DAY_MS;
	/* Too few others, or they are not what they were. */
	ehr.generations_min = 3;
	assert_false(is_free());
	ehr.generations_min = 2;
	copies[1].is_damaged = true;
	assert_false(is_free());
	copies[1].is_damaged = false;
	sights[2].newest_ms = now;
	assert_false(is_free());
}

static bool
has_expired(void)
{
	return rotation_has_expired(&catalogue, &source, &found, &copies[0]);
}

/* All are old by the clock; from one to another it is what it was. */
static void
the_clock_alone_lets_nothing_go(void **state)
{
	(void)state;
	put(0, OLD, 64);
	put(1, 8, 62);
	put(2, 9, 61);
	ehr.generations_min = 1;
	source.retention_ms = 30 * CLOCK_DAY_MS;
	assert_false(has_expired());
	assert_false(is_free());
	/* A day may be wanting where there is no interval. */
	put(2, 9, 64 - 28);
	assert_false(has_expired());
	put(2, 9, 64 - 29);
	assert_true(has_expired());
	/* By backups that are not sound, nothing is old. */
	copies[2].is_damaged = true;
	assert_false(has_expired());
	copies[2].is_damaged = false;
	put(2, 9, -3);
	assert_false(has_expired());
}

static void
an_interval_may_be_wanting(void **state)
{
	(void)state;
	ehr.generations_min = 1;
	ehr.interval_ms = 7 * CLOCK_DAY_MS;
	source.retention_ms = 30 * CLOCK_DAY_MS;
	put(0, OLD, 31);
	put(1, 8, 10);
	put(2, 9, 9);
	assert_false(has_expired());
	put(2, 9, 8);
	assert_true(has_expired());
	/* But not more than half of what is kept. */
	ehr.interval_ms = 60 * CLOCK_DAY_MS;
	put(1, 8, 18);
	put(2, 9, 17);
	assert_false(has_expired());
	put(2, 9, 16);
	assert_true(has_expired());
}

static void
what_nobody_wrote_to_is_not_asked_about(void **state)
{
	(void)state;
	assert_false(is_in_question());
	write_over(1000, 1000);
	assert_true(is_in_question());
	/* All were written over at once. */
	sights[1].newest_ms = sights[2].newest_ms = now;
	assert_false(is_in_question());
}

/* A file more makes a folder's newest time later. */
static void
any_change_is_asked_about(void **state)
{
	(void)state;
	write_over(7 * CLOCK_DAY_MS, 1000);
	assert_true(is_in_question());
	/* But not by a folder's own time alone. */
	copies[0].reuse.is_watched = false;
	assert_false(is_in_question());
}

static void
the_oldest_file_says_what_is_later(void **state)
{
	(void)state;
	write_over(7 * CLOCK_DAY_MS + 1000, 1000);
	assert_false(rotation_is_later(&copies[0], &sights[0]));
	/* As old as the newest of then. */
	write_over(7 * CLOCK_DAY_MS, 1000);
	assert_false(rotation_is_later(&copies[0], &sights[0]));
	write_over(7 * CLOCK_DAY_MS - 1, 1000);
	assert_true(rotation_is_later(&copies[0], &sights[0]));
	/* Not all was seen. */
	sights[0].problem = 5;
	assert_false(rotation_is_later(&copies[0], &sights[0]));
	sights[0].problem = 0;
	sights[0].oldest_ms = EXAMINE_NO_FILE;
	assert_false(rotation_is_later(&copies[0], &sights[0]));
}

/* Times alone replace nothing; nor does an answer about something else. */
static void
only_an_answer_replaces(void **state)
{
	(void)state;
	write_over(1000, 1000);
	for (int answer = REUSE_UNKNOWN; answer <= REUSE_UNCLEAR; answer++) {
		copies[0].reuse.answer = (enum reuse_answer)answer;
		copies[0].reuse.extent = sightings_extent(&sights[0]);
		assert_true(is_replaced() == (answer == REUSE_REPLACED));
	}
	copies[0].reuse.answer = REUSE_REPLACED;
	sights[0].bytes++;
	assert_false(is_replaced());
	sights[0].bytes--;
	assert_true(is_replaced());
	sights[0].oldest_ms++;
	assert_false(is_replaced());
}

static void
a_copy_stays_while_it_is_read(void **state)
{
	(void)state;
	write_over(1000, 1000);
	copies[0].reuse.answer = REUSE_REPLACED;
	copies[0].reuse.extent = sightings_extent(&sights[0]);
	is_verified = true;
	assert_false(is_replaced());
	is_verified = false;
	is_drilled = true;
	assert_false(is_replaced());
	is_drilled = false;
	assert_true(is_replaced());
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_name_is_free_when_its_time_is_over),
	    TEST(the_clock_alone_lets_nothing_go),
	    TEST(an_interval_may_be_wanting),
	    TEST(what_nobody_wrote_to_is_not_asked_about),
	    TEST(any_change_is_asked_about),
	    TEST(the_oldest_file_says_what_is_later),
	    TEST(only_an_answer_replaces),
	    TEST(a_copy_stays_while_it_is_read),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
