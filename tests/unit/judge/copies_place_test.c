/* Where copies are by what was seen, and what nobody looks at any more. */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/copies.h"

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
judge(int64_t now)
{
	const struct inventory_moment moment = {.at = CATALOG_NOW, .now = now};

	copies_free(copies);
	inventory_free(inventory);
	copies = NULL;
	inventory = NULL;
	if (inventory_read(catalog, &moment, &inventory, &err) != 0 ||
	    copies_judge(inventory, &copies, &err) != 0)
		fail_msg("%s", err.text);
}

static const struct history_medium media[] = {
    {.id = "disk1", .kind = "disk", .is_offsite = true},
};

/* What is plugged in here is here, wherever it is to be kept. */
static void
off_site_is_what_is_not_seen_here(void **state)
{
	static const struct {
		const char *state, *transport, *reach;
		enum bounds_answer is_offsite;
		const char *disks; /* NULL: some */
	} cases[] = {
	    {"mounted", "usb", "local-block", BOUNDS_NO, NULL},
	    {"attached", "usb", "local-block", BOUNDS_NO, NULL},
	    {"mounted", "loop", "local-memory", BOUNDS_NO, NULL},
	    {"mounted", "usb", "fuse", BOUNDS_NO, NULL},
	    {"mounted", "loop", "network", BOUNDS_YES, NULL},
	    {"mounted", "network", "network", BOUNDS_YES, NULL},
	    {"mounted", "cloud", "fuse", BOUNDS_YES, NULL},
	    /* This host serves it, or a tunnel begins here. */
	    {"mounted", "network", "network", BOUNDS_MAYBE, "this-host"},
	    {"mounted", "scsi", "local-block", BOUNDS_YES, NULL},
	    {"mounted", "unknown", "local-block", BOUNDS_YES, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)teardown(state);
		(void)open_catalog(state);
		add_media(catalog, media, 1, 1);
		add_scan_of(catalog, DAY_ONE, "disk1", "ok");
		(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "disk1");
		ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss sb s{ss ss ss}}",
		    "type", "medium", "event", "state", "medium", "disk1",
		    "state", cases[i].state, "in_reach", 1, "observed", "disks",
		    cases[i].disks != NULL ? cases[i].disks : "wwn:1",
		    "transport", cases[i].transport, "reach", cases[i].reach);
		judge(DAY_ONE);
		assert_int_equal(
		    copies_is(copies, 0, COPIES_OFFSITE), cases[i].is_offsite);
		assert_int_equal(copies_is_brought_here(&inventory->media[0]),
		    cases[i].is_offsite == BOUNDS_NO);
		/* It went; where to, hikae believes. */
		add_state(catalog, DAY_ONE, "disk1", "absent", false, NULL);
		judge(DAY_ONE);
		assert_false(copies_is_brought_here(&inventory->media[0]));
	}
}

/* A medium that was renamed in the configuration, or taken out of it. */
static void
what_nobody_looks_at_counts_no_more_in_time(void **state)
{
	static const struct {
		int64_t days;
		enum bounds_answer good;
	} cases[] = {{1, BOUNDS_MAYBE}, {3, BOUNDS_MAYBE}, {4, BOUNDS_NO}};

	(void)state;
	add_media(catalog, media, 1, 1);
	add_scan_of(catalog, DAY_ONE, "disk1", "ok");
	(void)add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "disk1");
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s{ss sI sI sI sI} s[{ss ss sI si si}] s[] s[]}", "type",
	    "config", "sha256", DIGEST_A, "facility", "kind", "hospital",
	    "offline_verified_ms", (json_int_t)(35 * DAY),
	    "offline_attested_ms", (json_int_t)(100 * DAY),
	    "max_undetermined_ms", (json_int_t)(3 * DAY), "clock_ahead_ms",
	    (json_int_t)(2 * HOUR), "systems", "id", "ehr", "kind", "ehr",
	    "interval_ms", (json_int_t)DAY, "grace_ms", (int)(2 * HOUR),
	    "generations_min", 1, "media", "sources");
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		judge(DAY_ONE + cases[i].days * DAY);
		assert_int_equal(inventory->copy_count, 1);
		assert_int_equal(
		    copies_is(copies, 0, COPIES_GOOD), cases[i].good);
		assert_string_equal(
		    copies_reason(copies, 0), "copies-unwatched");
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_catalog, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(off_site_is_what_is_not_seen_here),
	    TEST(what_nobody_looks_at_counts_no_more_in_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
