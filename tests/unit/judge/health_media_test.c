/* What the status says of a medium that is, or should be, out of reach. */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/judge/judged.h"

/* What is known of an offline medium, while it is away and when it is here. */
static void
an_offline_medium_is_watched(void **state)
{
	static const struct {
		const char *script, *expected;
		enum offline_evidence evidence;
		bool in_reach;
	} cases[] = {
	    {"in +1h", "good\n", OFFLINE_NONE, true},
	    {"in +1h out record",
		"good\nmedium-away ehr nas1 ehr-nas: good 1\n",
		OFFLINE_VERIFIED, false},
	    {"in +1h hung",
		"undetermined\n"
		"not-determined ehr - -: undetermined 1\n"
		"offline-unknown - nas1 -: undetermined 1\n"
		"medium-away ehr nas1 ehr-nas: good 1\n",
		OFFLINE_UNDETERMINED, false},
	    {"in +1h out record checkout:+10h +20h",
		"warning\n"
		"custody-overdue - nas1 -: warning 1\n"
		"medium-away ehr nas1 ehr-nas: good 1\n",
		OFFLINE_VERIFIED, false},
	    {"in out record +36d",
		"bad\n"
		"coverage-overdue - nas1 -: bad 1\n"
		"generation-late ehr - -: bad 1\n"
		"not-determined ehr - -: undetermined 1\n"
		"offline-stale - nas1 -: warning 1\n"
		"medium-away ehr nas1 ehr-nas: good 1\n",
		OFFLINE_STALE, false},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct health *health;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_good_clinic(catalog, "detached");
		now = play(catalog, DAY_ONE, "nas1", cases[i].script);
		add_scan(catalog, now, cases[i].in_reach ? "ok" : "absent");
		assert_health(now, cases[i].expected);
		health = judge(now);
		assert_int_equal(
		    health->media[0].claim.evidence, cases[i].evidence);
		assert_int_equal(health->media[0].in_reach, cases[i].in_reach);
		/* What lies in the safe counts, though nobody sees it. */
		assert_int_equal(health->systems[0].summary.copies.least,
		    cases[i].evidence == OFFLINE_VERIFIED || cases[i].in_reach);
		health_free(health);
	}
}

/* A mode that does not plan absence: what is gone may be dead. */
static void
a_medium_that_should_be_there_is_missed(void **state)
{
	static const struct {
		const char *offline, *script;
		uint64_t copies; /* that count */
		const char *expected;
	} cases[] = {
	    {"detached", "in +1h out record", 1,
		"good\nmedium-away ehr nas1 ehr-nas: good 1\n"},
	    {"network-partition", "in refused contract:+90d +1h out", 0, NULL},
	    {"cloud-isolated", "in refused contract:+90d +1h out", 0, NULL},
	    {"append-only", "in refused +1h out", 0, NULL},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct health *health;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_good_clinic(catalog, cases[i].offline);
		now = play(catalog, DAY_ONE, "nas1", cases[i].script);
		add_scan(catalog, now, "absent");
		assert_health(now,
		    cases[i].expected != NULL
			? cases[i].expected
			: "undetermined\n"
			  "medium-absent ehr nas1 ehr-nas: undetermined 1\n"
			  "not-determined ehr - -: undetermined 1\n");
		health = judge(now);
		assert_int_equal(
		    health->systems[0].generations_kept, cases[i].copies);
		assert_int_equal(
		    health->systems[0].summary.copies.least, cases[i].copies);
		health_free(health);
	}
}

/* Whatever was read of it: nobody can say that it is the medium. */
static void
a_medium_that_may_be_a_clone_is_not_good(void **state)
{
	static const struct {
		const char *offline, *script, *result, *expected;
	} cases[] = {
	    {NULL, "in +1h doubt:uuid-unsure", "ok",
		"undetermined\n"
		"uuid-unsure ehr nas1 ehr-nas: undetermined 1\n"
		"uuid-unsure - nas1 -: undetermined 1\n"},
	    {NULL, "in +1h doubt:uuid-unsure", "unreadable",
		"undetermined\n"
		"not-determined ehr - -: undetermined 1\n"
		"uuid-unsure ehr nas1 ehr-nas: undetermined 1\n"
		"uuid-unsure - nas1 -: undetermined 1\n"},
	    {NULL, "in +1h doubt:uuid-twice", "ok",
		"undetermined\n"
		"uuid-twice ehr nas1 ehr-nas: undetermined 1\n"
		"uuid-twice - nas1 -: undetermined 1\n"},
	    {"detached", "in +1h doubt:uuid-unsure", "ok",
		"undetermined\n"
		"uuid-unsure ehr nas1 ehr-nas: undetermined 1\n"
		"uuid-unsure - nas1 -: undetermined 1\n"},
	    {"detached", "in +1h doubt:uuid-unreadable", "ok",
		"undetermined\n"
		"identity-unreadable ehr nas1 ehr-nas: undetermined 1\n"
		"identity-unreadable - nas1 -: undetermined 1\n"},
	    {"detached", "in +1h doubt:uuid-unsure +1h in", "ok", "good\n"},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct health *health;
		int64_t now;

		(void)close_catalog(state);
		(void)open_catalog(state);
		add_good_clinic(catalog, cases[i].offline);
		now = play(catalog, DAY_ONE, "nas1", cases[i].script);
		add_scan(catalog, now, cases[i].result);
		assert_health(now, cases[i].expected);
		health = judge(now);
		assert_int_equal(health->systems[0].summary.copies.least,
		    health->status == VERDICT_EXIT_GOOD);
		health_free(health);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(an_offline_medium_is_watched),
	    TEST(a_medium_that_should_be_there_is_missed),
	    TEST(a_medium_that_may_be_a_clone_is_not_good),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
