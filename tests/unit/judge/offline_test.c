/*
 * What speaks for a medium to be out of reach, by its mode and its history,
 * and how that decays.
 */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/offline.h"

static struct inventory *
read_at(struct catalog_at at, int64_t now)
{
	const struct inventory_moment moment = {.at = at, .now = now};
	struct inventory *inventory = NULL;

	if (inventory_read(catalog, &moment, &inventory, &err) != 0)
		fail_msg("%s", err.text);
	return inventory;
}

/* "verified", "none exposed" */
static void
assert_claim(
    const char *script, const struct offline_claim *claim, const char *expected)
{
	char text[128];

	(void)snprintf(text, sizeof(text), "%s%s%s",
	    offline_evidence_name(claim->evidence),
	    claim->reason[0] == '\0' ? "" : " ", claim->reason);
	if (strcmp(text, expected) != 0)
		fail_msg("%s: %s, not %s", script, text, expected);
}

struct example {
	const char *script, *expected;
};

static void
assert_examples(void **state, const char *mode, int64_t max_attached_ms,
    const struct example *examples, size_t count)
{
	const struct history_medium medium = {.id = "usb1",
	    .kind = "removable",
	    .offline = mode,
	    .max_attached_ms = max_attached_ms};

	for (size_t i = 0; i < count; i++) {
		struct inventory *inventory;
		struct offline_claim claim;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_media(catalog, &medium, 1, 1);
		now = play(catalog, DAY_ONE, "usb1", examples[i].script);
		inventory = read_at(CATALOG_NOW, now);
		offline_judge(inventory, &inventory->media[0], &claim);
		assert_claim(examples[i].script, &claim, examples[i].expected);
		inventory_free(inventory);
	}
}

#define ASSERT_EXAMPLES(state, mode, max_attached_ms, examples) \
	assert_examples(state, mode, max_attached_ms, examples, \
	    sizeof(examples) / sizeof((examples)[0]))

static void
without_a_mode_nothing_is_claimed(void **state)
{
	static const struct example examples[] = {
	    {"in +2h out record", "none no-offline-mode"},
	};

	ASSERT_EXAMPLES(state, NULL, 0, examples);
}

static void
detached_is_absence_that_was_observed(void **state)
{
	static const struct example examples[] = {
	    {"", "undetermined not-observed"},
	    {"out", "none never-seen"},
	    {"in", "none exposed"},
	    {"in +2h attached", "none exposed"},
	    {"in +2h out", "none detach-not-recorded"},
	    {"in +2h record out", "verified"},
	    {"in +2h out record", "verified"},
	    /* Released is not gone. */
	    {"in +2h release attached", "none exposed"},
	    {"in +2h release out", "none detach-not-recorded"},
	    /* The record was of an earlier time. */
	    {"in +2h out record +1d in +2h out", "none detach-not-recorded"},
	    {"in +2h out record +1d in +2h out record", "verified"},
	    {"in +2h out record hung", "undetermined state-unknown"},
	    {"in +2h yanked", "undetermined state-unknown"},
	    {"unknown", "undetermined state-unknown"},
	    {"in +2h other", "undetermined state-unknown"},
	    /* What could not be told is assumed to be in reach. */
	    {"unsure", "undetermined state-unknown"},
	    {"unsure out", "none never-seen"},
	    {"in +2h out record unsure", "undetermined state-unknown"},
	    {"in +2h out record +2d unsure +1h out", "verified"},
	    /* A medium that may be a clone is no evidence, and says why. */
	    {"in +2h doubt:uuid-twice", "undetermined uuid-twice"},
	    {"in +2h doubt:uuid-unsure", "undetermined uuid-unsure"},
	    {"in +2h doubt:uuid-unreadable",
		"undetermined identity-unreadable"},
	    {"doubt:uuid-unsure out", "none never-seen"},
	    {"in +2h doubt:uuid-unsure out", "none detach-not-recorded"},
	    {"in +2h stuck out record", "verified"},
	    {"in +2h out record elsewhere", "none attached-elsewhere"},
	    {"in +2h out record retired", "none medium-retired"},
	    /* Connected still, also when nobody knew for a while. */
	    {"in +2h retired", "none medium-retired"},
	    {"in +2h retired unsure +1h in", "none medium-retired"},
	    {"in +2h retired out +1h in", "none exposed"},
	    {"in +2h out record dead +2d", "undetermined not-watched"},
	    {"in +2h out record dead +20h", "verified"},
	};

	ASSERT_EXAMPLES(state, "detached", 0, examples);
}

static void
what_is_not_seen_decays(void **state)
{
	static const struct example examples[] = {
	    {"in out record +35d", "verified"},
	    {"in out record +36d", "stale offline-stale"},
	    {"in out record checkout +36d", "attested offline-decayed"},
	    {"in checkout out record +36d", "attested offline-decayed"},
	    {"in out record checkout +100d", "attested offline-decayed"},
	    {"in out record checkout +101d", "stale offline-stale"},
	    {"in out record checkout:+40d +39d", "attested offline-decayed"},
	    {"in out record checkout:+40d +41d", "stale offline-stale"},
	    {"in out record checkout checkin +36d", "stale offline-stale"},
	    {"in out record word:+60d +59d", "attested offline-decayed"},
	    {"in out record word:+60d +61d", "stale offline-stale"},
	    /* On somebody's word alone, from the beginning. */
	    {"in out checkout", "attested detach-not-recorded"},
	    {"in out word:+60d", "attested detach-not-recorded"},
	    {"in out +36d", "stale offline-stale"},
	    /* It came back since, and went without anybody's word. */
	    {"in out record checkout +10d in out record +36d",
		"stale offline-stale"},
	    /* Not to know for a while makes nothing younger. */
	    {"in out record +30d unsure +10d out", "stale offline-stale"},
	    {"in out record +40d unsure +10d out", "stale offline-stale"},
	    {"in out record checkout +40d unsure +10d out",
		"attested offline-decayed"},
	    /* A contract of something else does not say where a disk is. */
	    {"in out record foreign:+90d +36d", "stale offline-stale"},
	};

	ASSERT_EXAMPLES(state, "detached", 0, examples);
}

/* Law 8: a clock that goes back makes nothing fresh. */
static void
a_clock_that_went_back_makes_nothing_fresh(void **state)
{
	static const struct example examples[] = {
	    {"in out record +40d -20d", "stale offline-stale"},
	    {"in out record +20d -19d +14d", "verified"},
	    {"in out record +20d -19d +16d", "stale offline-stale"},
	    /* What is recorded afterwards is counted from then. */
	    {"+40d -20d in out record +30d", "verified"},
	    {"in out record checkout:+40d +50d -30d", "stale offline-stale"},
	};
	const struct history_medium medium = {
	    .id = "usb1", .kind = "removable", .offline = "detached"};
	struct inventory *inventory;
	struct offline_claim claim;
	int64_t now;

	ASSERT_EXAMPLES(state, "detached", 0, examples);
	/* Before the journal could note it. */
	(void)close_catalog(state);
	(void)open_catalog(state);
	add_media(catalog, &medium, 1, 1);
	now = play(catalog, DAY_ONE, "usb1", "in out record +40d");
	inventory = read_at(CATALOG_NOW, now - 39 * DAY);
	offline_judge(inventory, &inventory->media[0], &claim);
	assert_claim("not noted", &claim, "undetermined not-watched");
	assert_true(inventory_age(inventory, DAY_ONE, 2) >= 40 * DAY);
	assert_int_equal(inventory_age(inventory, now, 0), INVENTORY_AGELESS);
	inventory_free(inventory);
}

static void
a_window_is_obeyed_or_not(void **state)
{
	static const struct example examples[] = {
	    {"", "undetermined not-observed"},
	    {"out", "none never-seen"},
	    {"in +1h", "none exposed"},
	    {"in +1h out +1d in +1h", "verified"},
	    {"in +1h out +1d in +1h out +10h", "verified"},
	    {"in +1h out +1d in +3h", "none window-exceeded"},
	    {"in +1h out +1d in +3h out", "none window-exceeded"},
	    /* Kept now, and broken before: the period as a whole counts. */
	    {"in +3h out +1d in +1h out", "none window-exceeded"},
	    {"in +3h out +29d in +1h out", "none window-exceeded"},
	    {"in +3h out +31d in +1h out", "verified"},
	    /* An outage ends no window: it is there all the time. */
	    {"in +1h out +0h in +1h out +0h in +1h", "none window-exceeded"},
	    {"in +1h out +1h in +1h out +1h in +1h", "verified"},
	    {"in +1h out +0h in +1h", "none exposed"},
	    /* Nobody knows when it went. */
	    {"in +1h unknown +5h in +1h out", "undetermined state-unknown"},
	    {"in +1h hung +0h in +1h out", "verified"},
	    {"in +1h unknown +1d out +2d", "undetermined state-unknown"},
	    {"in +3h unknown +1d out +2d", "none window-exceeded"},
	    /* The clock was put back while it was there. */
	    {"in +1h -1h +2h out +1d in +1h out", "none window-exceeded"},
	    {"in +1h out +36d", "stale offline-stale"},
	    {"in +1h hung", "undetermined state-unknown"},
	};
	static const struct example without[] = {
	    {"in +1h out", "undetermined no-window"},
	};

	ASSERT_EXAMPLES(state, "connect-window", 2 * HOUR, examples);
	ASSERT_EXAMPLES(state, "connect-window", 0, without);
}

static void
append_only_is_measured(void **state)
{
	static const struct example examples[] = {
	    {"in", "undetermined protection-not-measured"},
	    {"in refused", "verified"},
	    {"in accepted", "none writable"},
	    {"in refused +1d accepted", "none writable"},
	    {"in accepted +1d refused", "verified"},
	    {"in refused +36d", "stale offline-stale"},
	    {"in refused word:+50d +36d", "attested offline-decayed"},
	    {"in refused out", "undetermined not-in-sight"},
	    {"in refused hung", "undetermined state-unknown"},
	    /* The device's switch is no try to write. */
	    {"in switch-open", "undetermined protection-not-measured"},
	    {"in refused switch-open", "verified"},
	    {"in refused switch-accepted", "verified"},
	    {"in switch-refused", "verified"},
	    {"in switch-refused switch-open",
		"undetermined protection-not-measured"},
	    {"in accepted switch-open", "none writable"},
	};

	ASSERT_EXAMPLES(state, "append-only", 0, examples);
}

static void
a_division_needs_its_document(void **state)
{
	static const struct example examples[] = {
	    {"in", "none exposed"},
	    /* Nobody measured that writing is refused. */
	    {"in contract:+90d", "undetermined protection-not-measured"},
	    /* A document that does not speak of this medium. */
	    {"in foreign:+90d", "none exposed"},
	    {"in refused foreign:+90d", "partial document-missing"},
	    {"in word:+90d", "none exposed"},
	    {"in plan:+90d", "none exposed"},
	    {"in contract:+10d +11d", "none exposed"},
	    {"in accepted contract:+90d", "none writable"},
	    {"in refused", "partial document-missing"},
	    {"in refused contract:+90d", "verified"},
	    {"in refused +1d accepted contract:+90d", "none writable"},
	    /* What was measured once counts on the document for a while. */
	    {"in refused contract:+90d +36d", "attested offline-decayed"},
	    {"in refused contract:+200d +101d", "stale offline-stale"},
	    {"in refused +36d", "none exposed"},
	    /* It should be there: its absence is no evidence, but a doubt. */
	    {"in out", "undetermined not-in-sight"},
	    {"in out contract:+90d", "undetermined not-in-sight"},
	    {"in refused contract:+90d out", "undetermined not-in-sight"},
	    {"in out contract:+90d +36d", "undetermined not-in-sight"},
	    {"in accepted out contract:+90d", "none writable"},
	    {"unknown contract:+90d", "undetermined state-unknown"},
	    {"out contract:+90d", "none never-seen"},
	};

	ASSERT_EXAMPLES(state, "network-partition", 0, examples);
	ASSERT_EXAMPLES(state, "cloud-isolated", 0, examples);
}

/* --at: what could be said on an earlier day. */
static void
an_earlier_day_can_be_judged(void **state)
{
	static const struct {
		int64_t day;
		const char *expected;
	} days[] = {
	    {0, "none exposed"},
	    {2, "verified"},
	    {38, "stale offline-stale"},
	    {50, "none exposed"},
	};
	const struct history_medium medium = {
	    .id = "usb1", .kind = "removable", .offline = "detached"};

	(void)state;
	add_media(catalog, &medium, 1, 1);
	(void)play(catalog, DAY_ONE, "usb1",
	    "in +1d out record +1d release +36d release +12d in +9d out");
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int64_t now = DAY_ONE + days[i].day * DAY;
		struct inventory *inventory;
		struct offline_claim claim;
		struct catalog_at at;

		assert_int_equal(journal_seq_at(catalog, now, &at, &err), 0);
		inventory = read_at(at, now);
		offline_judge(inventory, &inventory->media[0], &claim);
		assert_claim("a day", &claim, days[i].expected);
		inventory_free(inventory);
	}
}

static void
a_claim_names_its_evidence(void **state)
{
	const struct history_medium medium = {
	    .id = "usb1", .kind = "removable", .offline = "detached"};
	struct inventory *inventory;
	struct offline_claim claim;
	int64_t now;

	(void)state;
	add_media(catalog, &medium, 1, 1);
	now = play(catalog, DAY_ONE, "usb1", "in +1h out record checkout +40d");
	inventory = read_at(CATALOG_NOW, now);
	offline_judge(inventory, &inventory->media[0], &claim);
	assert_int_equal(claim.seq_count, 3);
	assert_int_equal(claim.seqs[0], 3); /* out */
	assert_int_equal(claim.seqs[1], 4); /* the record */
	assert_int_equal(claim.seqs[2], 5); /* the check-out */
	assert_int_equal(claim.since, DAY_ONE + HOUR);
	assert_int_equal(claim.until, DAY_ONE + HOUR + 100 * DAY);
	assert_string_equal(inventory->media[0].holder, "備前 花子");
	inventory_free(inventory);
}

static void
exposure_is_what_was_in_reach(void **state)
{
	static const struct {
		const char *script;
		int64_t in_hours, unknown_hours, longest_hours, least, most;
	} cases[] = {
	    {"", 0, 720, 0, 0, 100},
	    {"out +30d", 0, 0, 0, 0, 0},
	    {"out +10d in +3d out +17d", 72, 0, 72, 10, 10},
	    {"out +10d in +1h attached +1h out +10d in +1h out +10d", 3, 0, 2,
		1, 1},
	    {"in +60d", 720, 0, 720, 100, 100},
	    {"out +20d in +1d out +9d +29d", 0, 0, 0, 0, 0},
	    {"out +20d in +2d out +9d +20d", 24, 0, 24, 4, 4},
	    {"in +1d out +2d", 24, 27 * 24, 24, 4, 94},
	    {"out +27d in +1d hung +2d", 24, 48, 24, 4, 10},
	    {"out +27d in +1d unsure +2d", 24, 48, 24, 4, 10},
	    {"out +27d in +1d stuck +2d", 72, 0, 72, 10, 10},
	    {"out +20d in +1d out dead +9d", 24, 9 * 24, 24, 4, 34},
	};
	const struct history_medium medium = {
	    .id = "usb1", .kind = "removable", .offline = "detached"};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct offline_exposure exposure;
		struct inventory *inventory;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_media(catalog, &medium, 1, 1);
		now = play(catalog, DAY_ONE, "usb1", cases[i].script);
		inventory = read_at(CATALOG_NOW, now);
		offline_expose(inventory, &inventory->media[0], &exposure);
		if (exposure.in_reach_ms != cases[i].in_hours * HOUR ||
		    exposure.unknown_ms != cases[i].unknown_hours * HOUR ||
		    exposure.longest_ms != cases[i].longest_hours * HOUR ||
		    exposure.percent.least != cases[i].least ||
		    exposure.percent.most != cases[i].most)
			fail_msg("%s: %d h in reach, %d h unknown, %d h at a "
				 "time, %d%% to %d%%",
			    cases[i].script, (int)(exposure.in_reach_ms / HOUR),
			    (int)(exposure.unknown_ms / HOUR),
			    (int)(exposure.longest_ms / HOUR),
			    (int)exposure.percent.least,
			    (int)exposure.percent.most);
		inventory_free(inventory);
	}
}

static void
all_at_once_is_noticed(void **state)
{
	static const struct {
		const char *nas, *usb; /* NULL: never observed */
		enum bounds_answer expected;
	} cases[] = {
	    {"in +40d", "out +20d in +1h out +20d", BOUNDS_YES},
	    {"in +40d", "out +40d", BOUNDS_NO},
	    {"in +40d", "in +1d out +39d", BOUNDS_NO}, /* too long ago */
	    {"in +10d out +30d", "out +20d in +1h out +20d", BOUNDS_NO},
	    {"in +40d", "out +20d hung +1h out +20d", BOUNDS_MAYBE},
	    {"in +40d", NULL, BOUNDS_MAYBE},
	    /* One went as the other came. */
	    {"in +20d out +20d", "out +20d in +20d", BOUNDS_NO},
	};
	static const struct history_medium media[] = {
	    {.id = "nas1", .kind = "nas"},
	    {.id = "usb1", .kind = "removable", .offline = "detached"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct inventory *inventory;
		enum bounds_answer answer;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_media(catalog, media, 2, 1);
		now = play(catalog, DAY_ONE, "nas1", cases[i].nas);
		if (cases[i].usb != NULL)
			(void)play(catalog, DAY_ONE, "usb1", cases[i].usb);
		inventory = read_at(CATALOG_NOW, now);
		assert_int_equal(
		    offline_all_connected(inventory, &answer, &err), 0);
		if (answer != cases[i].expected)
			fail_msg("%s, %s: %d", cases[i].nas, cases[i].usb,
			    (int)answer);
		inventory_free(inventory);
	}
}

#define TEST(f) CATALOG_TEST(f)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(without_a_mode_nothing_is_claimed),
	    TEST(detached_is_absence_that_was_observed),
	    TEST(what_is_not_seen_decays),
	    TEST(a_clock_that_went_back_makes_nothing_fresh),
	    TEST(a_window_is_obeyed_or_not),
	    TEST(append_only_is_measured),
	    TEST(a_division_needs_its_document),
	    TEST(an_earlier_day_can_be_judged),
	    TEST(a_claim_names_its_evidence),
	    TEST(exposure_is_what_was_in_reach),
	    TEST(all_at_once_is_noticed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
