/* Generations that hold the very same data: since when, and how many. */
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/unchanged.h"

/* Entries are of the day after all that was taken. */
#define TODAY (DAY_ONE + 100 * DAY)

#define DIGEST_OTHER                       \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb" \
	"bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb"

/* On a day (from DAY_ONE), in a source; content "" is one nobody knows, NULL a
 * copy that is not recorded yet. */
static uint64_t
add_copy(int day, const char *source, const char *content)
{
	static int number;
	char id[64];
	uint64_t copy = 0;
	json_t *entry;

	(void)snprintf(id, sizeof(id), "ehr@20260101T020000+0900.%d", ++number);
	ADD(catalog, TODAY, &copy, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", id, "system", "ehr", "medium", "nas1",
	    "source", source, "layout", "directory", "taken_at",
	    (json_int_t)(DAY_ONE + day * DAY), "time_from", "name", "subject",
	    DIGEST_A);
	if (content == NULL)
		return copy;
	entry = json_pack("{ss sI si ss si si si si sI ss si s[[iiii]]}",
	    "type", "captured", "copy", (json_int_t)copy, "version", 1,
	    "manifest_sha256", DIGEST_A, "entries", 5, "files", 5, "bytes", 9,
	    "bytes_read", 9, "oldest_reading", DAY_ONE, "mode", "direct-local",
	    "problems", 0, "slices", 50, 40, 3, 9);
	if (*content != '\0')
		(void)json_object_set_new(
		    entry, "content", json_string(content));
	if (journal_append(catalog, entry, TODAY, NULL, &err) != 0)
		fail_msg("%s", err.text);
	return copy;
}

static struct unchanged_judgement
judge(int64_t after_ms)
{
	const struct unchanged_question question = {.system = "ehr",
	    .source = "ehr-nas",
	    .after_ms = after_ms,
	    .latest_ms = TODAY};
	struct unchanged_judgement judgement;

	if (unchanged_judge(
		catalog, CATALOG_NOW, &question, &judgement, &err) != 0)
		fail_msg("%s", err.text);
	return judgement;
}

/* Days from the newest back; a letter is a content, space a day without. */
static void
add_days(const char *days)
{
	int count = (int)strlen(days);

	add_clinic(catalog, NULL);
	for (int i = 0; i < count; i++)
		if (days[i] != ' ')
			add_copy(i, "ehr-nas",
			    days[i] == 'A'   ? DIGEST_A
			    : days[i] == 'B' ? DIGEST_OTHER
			    : days[i] == '?' ? ""
					     : NULL);
}

static void
it_needs_generations_and_time(void **state)
{
	static const struct {
		const char *days; /* the oldest first */
		uint64_t generations;
		bool is_unchanged, is_unknown;
	} cases[] = {
	    {"", 0, false, false},
	    {"AAAAAAAAAAA", 11, true, false},
	    {"AAAAAAAAAA", 10, false, false}, /* nine days closed */
	    {"BAAAAAAAAAAA", 11, true, false},
	    {"AAAAAAAAAAAB", 1, false, false},
	    {"AAAAAAAAAAABA", 1, false, false},
	    {"A    A     A", 3, true, false}, /* full ones, weekly */
	    {"A          A", 2, false, false},
	    {"A  ? A  ?  A", 3, true, false}, /* unknown ones say nothing */
	    {"AAAAAAAAAAA?", 11, true, false},
	    {"AAAAAAAAAAA.", 0, false, true}, /* wait for it */
	    {"AAAAAAAAAA.A", 11, true, false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct unchanged_judgement judgement;

		add_days(cases[i].days);
		judgement = judge(10 * DAY);
		if (judgement.generations != cases[i].generations ||
		    judgement.is_unchanged != cases[i].is_unchanged ||
		    judgement.is_known == cases[i].is_unknown)
			fail_msg("case %zu", i);
		(void)close_catalog(NULL);
		(void)open_catalog(NULL);
	}
}

/* Rotation keeps a week, and the row is longer; none never tells. */
static void
expired_generations_count(void **state)
{
	struct unchanged_judgement judgement;
	uint64_t first = 0;

	(void)state;
	add_clinic(catalog, NULL);
	for (int day = 0; day < 12; day++) {
		uint64_t copy = add_copy(day, "ehr-nas", DIGEST_A);

		if (day == 0)
			first = copy;
		if (day < 9)
			ADD(catalog, TODAY, NULL, "{ss ss sI ss}", "type",
			    "copy", "event", "expired", "copy",
			    (json_int_t)copy, "reason", "retention");
	}
	judgement = judge(10 * DAY);
	assert_true(judgement.is_unchanged);
	assert_int_equal(judgement.generations, 12);
	assert_int_equal(judgement.first, first);
	assert_int_equal(judgement.since, DAY_ONE);
	assert_int_equal(judgement.until, DAY_ONE + 11 * DAY);
	assert_false(judge(0).is_unchanged);
}

/* Copies elsewhere, one instant twice, and a date that is to come. */
static void
one_generation_counts_once(void **state)
{
	struct unchanged_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}] s[{ss ss}] s[{ss ss ss ss}"
	    " {ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_OTHER, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", (int)DAY, "grace_ms", (int)HOUR,
	    "generations_min", 1, "media", "id", "nas1", "kind", "nas",
	    "sources", "id", "ehr-disk", "system", "ehr", "medium", "nas1",
	    "layout", "directory", "id", "ehr-nas", "system", "ehr", "medium",
	    "nas1", "layout", "directory");
	add_copy(0, "ehr-nas", DIGEST_A);
	add_copy(0, "ehr-nas", DIGEST_A);
	add_copy(20, "ehr-nas", DIGEST_A);
	add_copy(20, "ehr-disk", DIGEST_A);
	add_copy(10, "ehr-disk", DIGEST_A);
	add_copy(200, "ehr-nas", DIGEST_A);
	judgement = judge(10 * DAY);
	assert_int_equal(judgement.generations, 2);
	assert_int_equal(judgement.until, DAY_ONE + 20 * DAY);
	assert_false(judgement.is_unchanged);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CATALOG_TEST(it_needs_generations_and_time),
	    CATALOG_TEST(expired_generations_count),
	    CATALOG_TEST(one_generation_counts_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
