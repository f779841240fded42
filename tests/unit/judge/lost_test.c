/* What a living tree lost: how much of it must a person look at? */
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/lost.h"

static uint64_t
add_tree(void)
{
	uint64_t copy = 0;

	ADD(catalog, DAY_ONE, &copy, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", GENERATION, "system", "ehr", "medium", "nas1",
	    "source", "ehr-nas", "layout", "tree", "taken_at", DAY_ONE,
	    "time_from", "mtime", "subject", DIGEST_A);
	return copy;
}

/* A capture that is compared with `since`; 0: with none. */
struct seen {
	uint64_t since;
	int before; /* files then */
	int gone, emptied, older, expired;
};

static uint64_t
add_capture(uint64_t copy, int version, const struct seen *seen)
{
	json_t *entry =
	    json_pack("{ss sI si ss si si si si sI ss si s[[iiii]]}", "type",
		"captured", "copy", (json_int_t)copy, "version", version,
		"manifest_sha256", DIGEST_A, "entries", 5, "files", 5, "bytes",
		9, "bytes_read", 9, "oldest_reading", DAY_ONE, "mode",
		"direct-local", "problems", 0, "slices", 50, 40, 3, 9);
	uint64_t seq = 0;
	int lost = seen->gone + seen->expired;

	if (seen->since != 0) {
		(void)json_object_set_new(entry, "drift",
		    json_pack("{sI si si si si si}", "since",
			(json_int_t)seen->since, "same", seen->before - lost,
			"changed", 0, "vanished", lost, "appeared", 0,
			"extended", 0));
		(void)json_object_set_new(entry, "loss",
		    json_pack("{si si si si}", "gone", seen->gone, "emptied",
			seen->emptied, "older", seen->older, "expired",
			seen->expired));
	}
	if (journal_append(catalog, entry, DAY_ONE, &seq, &err) != 0)
		fail_msg("%s", err.text);
	return seq;
}

static struct lost_judgement
judge(uint64_t manifest)
{
	struct lost_judgement judgement;

	if (lost_judge(catalog, CATALOG_NOW, manifest, &judgement, &err) != 0)
		fail_msg("%s", err.text);
	return judgement;
}

/* A tree of so many files that loses so many; 0: it is quiet. */
static bool
is_told(const struct seen *loss)
{
	uint64_t copy, first;
	bool is_unusual;
	struct seen seen = *loss;

	add_clinic(catalog, NULL);
	copy = add_tree();
	first = add_capture(copy, 1, &(struct seen){0});
	assert_false(judge(first).is_unusual);
	seen.since = first;
	is_unusual = judge(add_capture(copy, 2, &seen)).is_unusual;
	(void)close_catalog(NULL);
	(void)open_catalog(NULL);
	return is_unusual;
}

static void
many_files_or_a_share_are_told(void **state)
{
	static const struct {
		struct seen seen;
		bool is_told;
	} cases[] = {
	    {{.before = 1000, .gone = 30}, true},
	    {{.before = 1000, .emptied = 30}, true},
	    {{.before = 1000, .gone = 5, .emptied = 3, .older = 2}, true},
	    {{.before = 5000000, .gone = 10}, true},
	    {{.before = 5000000, .gone = 9}, false},
	    {{.before = 100, .gone = 1}, true},
	    {{.before = 2, .emptied = 1}, true},
	    {{.before = 101, .gone = 1}, false},
	    {{.before = 1000, .gone = 0}, false},
	    {{.before = 1000, .expired = 600}, false},
	    {{.before = 1000, .expired = 600, .gone = 9}, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (is_told(&cases[i].seen) != cases[i].is_told)
			fail_msg("case %zu", i);
}

/* As many every night are usual after most of the last nights. */
static void
what_happens_every_night_becomes_usual(void **state)
{
	uint64_t copy, manifest;
	struct lost_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_tree();
	manifest = add_capture(copy, 1, &(struct seen){0});
	for (int version = 2; version < 20; version++) {
		manifest = add_capture(
		    copy, version, &(struct seen){manifest, 1000, .gone = 15});
		judgement = judge(manifest);
		assert_int_equal(judgement.copy, copy);
		assert_int_equal(judgement.version, version);
		assert_int_equal(judgement.since_version, version - 1);
		assert_int_equal(judgement.files, 15);
		assert_int_equal(judgement.is_unusual, version < 5);
	}
	/* Twice as many are no news yet. */
	manifest =
	    add_capture(copy, 20, &(struct seen){manifest, 1000, .gone = 30});
	judgement = judge(manifest);
	assert_int_equal(judgement.usual, 15);
	assert_false(judgement.is_unusual);
	manifest = add_capture(
	    copy, 21, &(struct seen){manifest, 1000, .gone = 1, .older = 30});
	assert_true(judge(manifest).is_unusual);
}

/* One loss among quiet nights makes the next one no less. */
static void
a_loss_is_not_usual_by_itself(void **state)
{
	uint64_t copy, manifest;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_tree();
	manifest = add_capture(copy, 1, &(struct seen){0});
	for (int version = 2; version < 12; version++) {
		int gone = version % 3 == 0 ? 30 : 0;

		manifest = add_capture(copy, version,
		    &(struct seen){manifest, 1000, .gone = gone});
		assert_int_equal(judge(manifest).is_unusual, gone > 0);
	}
}

/* While something hints at all since then, the same manifest is compared. */
static void
what_was_told_is_not_told_again(void **state)
{
	uint64_t copy, first, manifest;
	struct lost_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_tree();
	first = add_capture(copy, 1, &(struct seen){0});
	manifest =
	    add_capture(copy, 2, &(struct seen){first, 1000, .gone = 30});
	assert_true(judge(manifest).is_unusual);
	manifest = add_capture(
	    copy, 3, &(struct seen){first, 1000, .gone = 25, .emptied = 6});
	judgement = judge(manifest);
	assert_false(judgement.is_unusual);
	assert_int_equal(judgement.files, 1);
	/* Some came back meanwhile. */
	manifest = add_capture(copy, 4, &(struct seen){first, 1000, .gone = 2});
	assert_int_equal(judge(manifest).files, 0);
	manifest =
	    add_capture(copy, 5, &(struct seen){first, 1000, .gone = 22});
	judgement = judge(manifest);
	assert_true(judgement.is_unusual);
	assert_int_equal(judgement.files, 20);
	assert_int_equal(judgement.since_version, 1);
}

static void
unknown_manifests_are_refused(void **state)
{
	struct lost_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	assert_int_equal(
	    lost_judge(catalog, CATALOG_NOW, 77, &judgement, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CATALOG_TEST(many_files_or_a_share_are_told),
	    CATALOG_TEST(what_happens_every_night_becomes_usual),
	    CATALOG_TEST(a_loss_is_not_usual_by_itself),
	    CATALOG_TEST(what_was_told_is_not_told_again),
	    CATALOG_TEST(unknown_manifests_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
