/* How many copies there really are, and what 3-2-1 makes of them. */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/generations.h"

static struct inventory *inventory;
static struct copies *copies;

static int
teardown(void **state)
{
	copies_free(copies);
	inventory_free(inventory);
	copies = NULL;
	inventory = NULL;
	return close_catalog(state);
}

static void
judge(struct catalog_at at, int64_t now)
{
	const struct inventory_moment moment = {.at = at, .now = now};

	copies_free(copies);
	inventory_free(inventory);
	copies = NULL;
	inventory = NULL;
	if (inventory_read(catalog, &moment, &inventory, &err) != 0 ||
	    copies_judge(inventory, &copies, &err) != 0)
		fail_msg("%s", err.text);
}

#define NEXT "ehr@20261122T020000+0900"

/* "2" or "1-3" */
static void
append(char *text, size_t size, struct bounds bounds)
{
	size_t used = strlen(text);

	if (bounds.least == bounds.most)
		(void)snprintf(
		    text + used, size - used, " %d", (int)bounds.least);
	else
		(void)snprintf(text + used, size - used, " %d-%d",
		    (int)bounds.least, (int)bounds.most);
}

/* "copies kinds offsite offline protected" of the newest good generation. */
static void
assert_summary(const char *name, const char *expected)
{
	struct copies_summary s;
	char text[128] = "";

	copies_summarize(copies, 0, &s);
	append(text, sizeof(text), s.copies);
	append(text, sizeof(text), s.kinds);
	append(text, sizeof(text), s.offsite);
	append(text, sizeof(text), s.offline);
	append(text, sizeof(text), s.protected);
	if (s.generation == INVENTORY_NOT)
		(void)snprintf(text, sizeof(text), " none");
	if (strcmp(text + 1, expected) != 0)
		fail_msg("%s: %s, not %s", name, text + 1, expected);
}

static const struct history_medium media[] = {
    {.id = "cloud1",
	.kind = "cloud",
	.offline = "append-only",
	.is_offsite = true},
    {.id = "nas1", .kind = "nas"},
    {.id = "usb1", .kind = "removable", .offline = "detached"},
};
#define MEDIA 3

/* The same, where reading them again is no matter. */
static const struct history_medium lasting[] = {
    {.id = "cloud1",
	.kind = "cloud",
	.offline = "append-only",
	.is_offsite = true,
	.coverage_ms = 300 * DAY},
    {.id = "nas1", .kind = "nas", .coverage_ms = 300 * DAY},
    {.id = "usb1",
	.kind = "removable",
	.offline = "detached",
	.coverage_ms = 300 * DAY},
};

/* Histories of the media, and the counts of assert_summary. */
static const struct {
	const char *name, *cloud, *nas, *usb, *expected;
} by_device[] = {
    {"one", NULL, "in=wwn:1", NULL, "1 1 0 0 0-1"},
    {"two", NULL, "in=wwn:1", "in=wwn:2", "2 2 0 0 0-2"},
    {"one disk, equal", NULL, "in=wwn:1", "in=wwn:1", "1 1 0 0 0-1"},
    {"one disk, in part", NULL, "in=wwn:1,wwn:2", "in=wwn:2", "1 1 0 0 0-1"},
    {"a part of a word", NULL, "in=wwn:1", "in=wwn:12", "2 2 0 0 0-2"},
    {"by way of a third", "in=wwn:1,wwn:2", "in=wwn:1", "in=wwn:2",
	"1 1 1 0-1 0-1"},
    {"disks of one unknown", NULL, "in=wwn:1", "in", "1-2 1-2 0 0 0-2"},
    {"disks unknown", NULL, "in", "in", "1-2 1-2 0 0 0-2"},
    {"servers by name and address", NULL, "in=network:nas",
	"in=network:192.0.2.7", "1-2 1-2 0 0 0-2"},
    {"servers by two names", NULL, "in=network:nas", "in=network:nas.local",
	"1-2 1-2 0 0 0-2"},
    {"servers by two addresses", NULL, "in=network:192.0.2.1",
	"in=network:2001:db8::7,network:nas", "2 2 0 0 0-2"},
    {"a server by both, and by name", NULL, "in=network:192.0.2.7,network:nas",
	"in=network:nas", "1 1 0 0 0-1"},
    {"a share of this host", NULL, "in=this-host", "in=wwn:1",
	"1-2 1-2 0 0 0-2"},
    {"two shares of this host", NULL, "in=this-host", "in=this-host",
	"1-2 1-2 0 0 0-2"},
    {"one that is to be off-site", "in=this-host", "in=wwn:1", NULL,
	"1-2 1-2 0-1 0-1 0-2"},
    {"a disk and two names", "in=wwn:1", "in=network:nas", "in=network:store",
	"2-3 2-3 1 0-1 0-3"},
    {"never observed", NULL, "", "", "1-2 1-2 0 0-1 0-2"},
    {"disk known by its place, there", NULL, "in=wwn:1", "in=at:usb-1",
	"2 2 0 0 0-2"},
    {"disk known by its place, gone", NULL, "in=wwn:1",
	"in=at:usb-1 out record", "1-2 1-2 0 1 1-2"},
    {"detached", NULL, "in=wwn:1", "in=wwn:2 out record", "2 2 0 1 1-2"},
    {"detached without record", NULL, "in=wwn:1", "in=wwn:2 out",
	"1-2 1-2 0 0 0-2"},
    {"stale", NULL, "in=wwn:1", "in=wwn:2 out record +40d", "1 1 0 0 0-1"},
    {"perhaps a clone", NULL, "in=wwn:1", "in=wwn:2 +1h doubt:uuid-unsure",
	"1-2 1-2 0 0-1 0-2"},
    {"a clone beside it", NULL, "in=wwn:1", "in=wwn:2 +1h doubt:uuid-twice",
	"1-2 1-2 0 0-1 0-2"},
    {"a clone was beside it", NULL, "in=wwn:1",
	"in=wwn:2 +1h doubt:uuid-twice +1h in=wwn:2", "2 2 0 0 0-2"},
    {"attested", NULL, "in=wwn:1", "in=wwn:2 out record checkout +40d",
	"2 2 0 1 1-2"},
    {"tries to write", "in=cloud:a refused", "in=wwn:1 accepted", NULL,
	"2 2 1 1 1"},
    {"written", "in=cloud:a accepted", "in=wwn:1", NULL, "2 2 1 0 0-1"},
    {"three, two, one", "in=cloud:a refused", "in=wwn:1", "in=wwn:2 out record",
	"3 3 1 2 2-3"},
};

/*
 * A generation on each medium that has a history, looked at on its first day;
 * then the history goes on.
 */
static void
copies_are_counted_by_device(void **state)
{
	for (size_t i = 0; i < sizeof(by_device) / sizeof(by_device[0]); i++) {
		const char *const scripts[MEDIA] = {
		    by_device[i].cloud, by_device[i].nas, by_device[i].usb};
		int64_t now = DAY_ONE, then;

		(void)teardown(state);
		(void)open_catalog(state);
		add_media(catalog, lasting, MEDIA, 1);
		for (size_t m = 0; m < MEDIA; m++) {
			if (scripts[m] == NULL)
				continue;
			add_scan_of(catalog, DAY_ONE, media[m].id, "ok");
			(void)add_copy(
			    catalog, DAY_ONE, GENERATION, DAY_ONE, media[m].id);
			then = play(catalog, DAY_ONE, media[m].id, scripts[m]);
			now = then > now ? then : now;
		}
		/* What is still there is still seen. */
		for (size_t m = 0; m < MEDIA; m++)
			if (scripts[m] != NULL &&
			    strstr(scripts[m], "out") == NULL)
				add_scan_of(catalog, now, media[m].id, "ok");
		judge(CATALOG_NOW, now);
		assert_summary(by_device[i].name, by_device[i].expected);
	}
}

/* Whether and why a copy does not count. */
static void
assert_copy(const char *medium, enum bounds_answer good, const char *reason)
{
	for (size_t i = 0; i < inventory->copy_count; i++) {
		const struct inventory_copy *copy = &inventory->copies[i];

		if (strcmp(inventory->media[copy->medium].id, medium) != 0)
			continue;
		assert_string_equal(copies_reason(copies, i), reason);
		assert_int_equal(copies_is(copies, i, COPIES_GOOD), good);
		return;
	}
	fail_msg("no copy on %s", medium);
}

static void
only_what_was_read_in_time_counts(void **state)
{
	static const struct {
		int64_t days;
		const char *result;
		enum bounds_answer good;
		const char *reason;
	} cases[] = {
	    {0, "ok", BOUNDS_YES, ""},
	    {30, "ok", BOUNDS_YES, ""},
	    {31, "ok", BOUNDS_MAYBE, "coverage-overdue"},
	    {34, "ok", BOUNDS_NO, "coverage-overdue"},
	    {1, "absent", BOUNDS_MAYBE, "not-in-sight"},
	    {1, "wrong-medium", BOUNDS_MAYBE, "not-in-sight"},
	    {4, "unreadable", BOUNDS_NO, "not-in-sight"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now = DAY_ONE + cases[i].days * DAY;

		(void)teardown(state);
		(void)open_catalog(state);
		add_media(catalog, media, MEDIA, 1);
		add_scan_of(catalog, DAY_ONE, "nas1", "ok");
		(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
		add_scan_of(catalog, now, "nas1", cases[i].result);
		judge(CATALOG_NOW, now);
		assert_copy("nas1", cases[i].good, cases[i].reason);
	}
}

/* Of a medium that may be a clone nothing counts, and in time it is missed. */
static void
what_may_be_a_clones_does_not_count(void **state)
{
	static const struct {
		const char *script, *result, *reason;
		enum bounds_answer good;
	} cases[] = {
	    {"in=wwn:1 +1h doubt:uuid-unsure", "ok", "uuid-unsure",
		BOUNDS_MAYBE},
	    {"in=wwn:1 +1h doubt:uuid-unsure +2d", "unreadable", "uuid-unsure",
		BOUNDS_MAYBE},
	    {"in=wwn:1 +1h doubt:uuid-unsure +4d", "unreadable", "uuid-unsure",
		BOUNDS_NO},
	    {"in=wwn:1 +1h doubt:uuid-twice", "ok", "uuid-twice", BOUNDS_MAYBE},
	    {"in=wwn:1 +1h doubt:uuid-unreadable", "ok", "identity-unreadable",
		BOUNDS_MAYBE},
	    {"in=wwn:1 +1h doubt:uuid-unsure +1h in=wwn:1", "ok", "",
		BOUNDS_YES},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		int64_t now;

		(void)teardown(state);
		(void)open_catalog(state);
		add_media(catalog, media, MEDIA, 1);
		add_scan_of(catalog, DAY_ONE, "nas1", "ok");
		(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
		now = play(catalog, DAY_ONE, "nas1", cases[i].script);
		add_scan_of(catalog, now, "nas1", cases[i].result);
		judge(CATALOG_NOW, now);
		assert_copy("nas1", cases[i].good, cases[i].reason);
	}
}

/* Law 8: neither a clock that went back nor a reading from the future. */
static void
a_clock_makes_nothing_fresh(void **state)
{
	(void)state;
	add_media(catalog, media, MEDIA, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
	(void)play(catalog, DAY_ONE, "nas1", "in=wwn:1 +40d -39d");
	add_scan_of(catalog, DAY_ONE + DAY, "nas1", "ok");
	judge(CATALOG_NOW, DAY_ONE + DAY);
	assert_copy("nas1", BOUNDS_NO, "coverage-overdue");
	/* As of before the step. */
	judge((struct catalog_at){10}, DAY_ONE + DAY);
	assert_copy("nas1", BOUNDS_YES, "");
	judge((struct catalog_at){10}, DAY_ONE - DAY);
	assert_int_equal(copies_newest(copies, 0, COPIES_GOOD), INVENTORY_NOT);
}

static void
what_is_wrong_does_not_count(void **state)
{
	uint64_t copy, seen = 0;

	(void)state;
	add_media(catalog, media, MEDIA, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	add_scan_of(catalog, DAY_ONE, "usb1", "ok");
	add_scan_of(catalog, DAY_ONE, "cloud1", "ok");
	copy = add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy", "event",
	    "missing", "copy", (json_int_t)copy);
	copy = add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "usb1");
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss sI}", "type", "finding",
	    "event", "open", "code", "bit-rot", "verdict", "damaged",
	    "severity", "bad", "copy", (json_int_t)copy);
	ADD(catalog, DAY_ONE, &seen, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", GENERATION, "system", "ehr", "medium",
	    "cloud1", "source", "ehr-cloud1", "layout", "directory", "taken_at",
	    (json_int_t)DAY_ONE, "time_from", "name", "subject", DIGEST_A);
	judge(CATALOG_NOW, DAY_ONE);
	assert_copy("nas1", BOUNDS_NO, "copies-missing");
	assert_copy("usb1", BOUNDS_NO, "copies-damaged");
	assert_copy("cloud1", BOUNDS_NO, "capture-awaited");
	assert_summary("nothing", "none");
}

/* Three disks that take turns: each is judged by itself. */
static void
a_rotation_is_judged_disk_by_disk(void **state)
{
	static const struct history_medium disks[] = {
	    {.id = "a", .kind = "removable", .offline = "detached"},
	    {.id = "b", .kind = "removable", .offline = "detached"},
	    {.id = "c", .kind = "removable", .offline = "detached"},
	};
	static const char *const scripts[] = {
	    "in=wwn:a +1d out record +20d", /* verified, a while ago */
	    "+20d in=wwn:b +1d",	    /* there now */
	    "in=wwn:c +1d out +20d",	    /* gone, nobody noted how */
	};
	static const int64_t read_days[] = {0, 20, 0};
	struct generations generations;
	int64_t now = 0;

	(void)state;
	add_media(catalog, disks, 3, 1);
	for (size_t i = 0; i < 3; i++) {
		int64_t at = DAY_ONE + read_days[i] * DAY;
		char id[64];

		add_scan_of(catalog, at, disks[i].id, "ok");
		(void)snprintf(id, sizeof(id), "ehr@202611%02dT020000+0900",
		    10 + (int)(read_days[i] == 0 ? i : 20));
		(void)add_copy(catalog, at, id, at, disks[i].id);
		now = play(catalog, DAY_ONE, disks[i].id, scripts[i]);
	}
	judge(CATALOG_NOW, now);
	assert_int_equal(copies_claim(copies, 0)->evidence, OFFLINE_VERIFIED);
	assert_int_equal(copies_claim(copies, 1)->evidence, OFFLINE_NONE);
	assert_string_equal(copies_claim(copies, 1)->reason, "exposed");
	assert_int_equal(copies_claim(copies, 2)->evidence, OFFLINE_NONE);
	assert_copy("a", BOUNDS_YES, "");
	assert_copy("b", BOUNDS_YES, "");
	assert_copy("c", BOUNDS_NO, "not-in-sight");
	assert_summary("the newest", "1 1 0 0 0-1");
	generations_count(copies, 0, &generations);
	assert_int_equal(generations.all, 3);
	assert_int_equal(generations.good.least, 2);
	assert_int_equal(generations.good.most, 2);
	/* b is in reach, a is not. */
	assert_int_equal(generations.protected_from.least, 1);
	assert_int_equal(generations.protected_from.most, 2);
	assert_int_equal(generations.newest_age_ms, DAY);
	assert_int_equal(generations.oldest_age_ms, 21 * DAY);
}

static void
immutable_copies_count_by_themselves(void **state)
{
	static const struct {
		int files, immutable;
		const char *expected;
	} cases[] = {{5, 5, "1 1 1 1 1"}, {5, 4, "1 1 1 0-1 0-1"},
	    {0, 0, "1 1 1 0-1 0-1"}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t copy;

		(void)teardown(state);
		(void)open_catalog(state);
		add_media(catalog, media, MEDIA, 1);
		add_scan_of(catalog, DAY_ONE, "cloud1", "ok");
		copy =
		    add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "cloud1");
		ADD(catalog, DAY_ONE, NULL, "{ss ss sI si si ss}", "type",
		    "copy", "event", "trait", "copy", (json_int_t)copy, "files",
		    cases[i].files, "immutable", cases[i].immutable,
		    "encrypted", "archive");
		(void)play(catalog, DAY_ONE, "cloud1", "in=cloud:a");
		judge(CATALOG_NOW, DAY_ONE);
		assert_summary("immutable", cases[i].expected);
		assert_int_equal(
		    copies_is(copies, 0, COPIES_ENCRYPTED), BOUNDS_YES);
		assert_int_equal(
		    copies_is(copies, 0, COPIES_UNENCRYPTED), BOUNDS_NO);
	}
}

/* Sunday 2026-11-22; the week before last ended on the 8th. */
static void
older_weeks_are_to_be_protected(void **state)
{
	static const struct {
		const char *id;
		int64_t day;
		const char *medium;
	} fulls[] = {
	    {"ehr@20261121T000000+0000", 0, "nas1"},
	    {"ehr@20261109T000000+0000", -12, "nas1"},
	    {"ehr@20261108T000000+0000", -13, "usb1"},
	    {"ehr@20261101T000000+0000", -20, "usb1"},
	};
	struct generations generations;

	(void)state;
	assert_int_equal(setenv("TZ", "UTC", 1), 0);
	add_media(catalog, media, MEDIA, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	for (size_t i = 0; i < 4; i++)
		(void)add_copy(catalog, DAY_ONE, fulls[i].id,
		    DAY_ONE + fulls[i].day * DAY, fulls[i].medium);
	(void)play(catalog, DAY_ONE, "nas1", "in=wwn:1 accepted");
	(void)play(catalog, DAY_ONE, "usb1", "in=wwn:2");
	add_scan_of(catalog, DAY_ONE, "usb1", "ok");
	judge(CATALOG_NOW, DAY_ONE);
	generations_count(copies, 0, &generations);
	assert_int_equal(generations.old, 2);
	assert_int_equal(generations.old_protected.least, 0);
	assert_int_equal(generations.protected_from.most, 5);
	(void)play(catalog, DAY_ONE, "usb1", "out record");
	judge(CATALOG_NOW, DAY_ONE);
	generations_count(copies, 0, &generations);
	assert_int_equal(generations.old, 2);
	assert_int_equal(generations.old_protected.least, 2);
	assert_int_equal(generations.protected_from.least, 3);
	assert_int_equal(generations.protected_from.most, 3);
	assert_int_equal(
	    generations_is_scheduled(copies, 0, &generations), BOUNDS_YES);
}

/* Expired on purpose is gone; missing is a loss. */
static void
a_loss_is_no_retention(void **state)
{
	struct generations generations;
	uint64_t lost, expired;

	(void)state;
	add_media(catalog, media, MEDIA, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	lost = add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
	expired = add_copy(catalog, DAY_ONE, NEXT, DAY_ONE, "nas1");
	for (int i = 0; i < 2; i++)
		ADD(catalog, DAY_ONE, NULL, "{ss ss sI}", "type", "copy",
		    "event", "missing", "copy",
		    (json_int_t)(i == 0 ? lost : expired));
	ADD(catalog, DAY_ONE, NULL, "{ss ss sI ss}", "type", "copy", "event",
	    "expired", "copy", (json_int_t)expired, "reason", "retention");
	judge(CATALOG_NOW, DAY_ONE);
	generations_count(copies, 0, &generations);
	assert_int_equal(generations.all, 1);
	assert_int_equal(generations.lost, 1);
	assert_int_equal(generations.good.most, 0);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_catalog, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(copies_are_counted_by_device),
	    TEST(only_what_was_read_in_time_counts),
	    TEST(what_may_be_a_clones_does_not_count),
	    TEST(a_clock_makes_nothing_fresh),
	    TEST(what_is_wrong_does_not_count),
	    TEST(a_rotation_is_judged_disk_by_disk),
	    TEST(immutable_copies_count_by_themselves),
	    TEST(older_weeks_are_to_be_protected),
	    TEST(a_loss_is_no_retention),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
