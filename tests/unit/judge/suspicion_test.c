/*
 * What is suspicious, and above all what is not: rows of captures as a hospital
 * has them, each compared with those before it.
 */
#include "tests/unit/judge/clinic.h"

#include "lib/judge/suspicion.h"

static char folder[64];
static struct catalog *catalog;
static struct error err;

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	catalog = open_as(folder, "catalog.db", CATALOG_WRITE);
	begin(catalog);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	catalog_close(catalog);
	folder_remove(folder);
	return 0;
}

/* ---- captures ---- */

/* What a capture counted, and what is to come of it. */
struct capture {
	int files; /* of the manifest */
	int megabytes;
	/* survey */
	int looked, carried, known, claimed, mismatched, noisy, notes;
	/* drift from the capture before; all zero: none */
	int same, changed, vanished, appeared, extended;
	bool has_no_survey;
	const char *hints; /* names of the hints, each with a space behind */
};

static const char *
generation_of(int day)
{
	static char id[40];

	(void)snprintf(id, sizeof(id), "ehr@202611%02dT020000+0900", day);
	return id;
}

static uint64_t
add_copy(int day)
{
	uint64_t copy = 0;

	ADD(catalog, DAY_ONE, &copy, "{ss ss ss ss ss ss sI ss ss}", "type",
	    "seen", "generation", generation_of(day), "system", "ehr", "medium",
	    "nas1", "source", "ehr-nas", "layout", "directory", "taken_at",
	    DAY_ONE + day * DAY, "time_from", "name", "subject", DIGEST_A);
	return copy;
}

static uint64_t
add_capture(uint64_t copy, int version, uint64_t since, const struct capture *c)
{
	json_t *entry =
	    json_pack("{ss sI si ss si si sI sI sI ss si s[[iiiI]]}", "type",
		"captured", "copy", (json_int_t)copy, "version", version,
		"manifest_sha256", DIGEST_A, "entries", c->files, "files",
		c->files, "bytes", (json_int_t)c->megabytes << 20, "bytes_read",
		(json_int_t)c->megabytes << 20, "oldest_reading", DAY_ONE,
		"mode", "direct-local", "problems", 0, "slices", 50, 40, 3,
		(json_int_t)c->megabytes << 20);
	uint64_t seq = 0;

	if (!c->has_no_survey)
		(void)json_object_set_new(entry, "survey",
		    json_pack("{si si si si si si si si}", "files", c->looked,
			"carried", c->carried, "bytes", 9, "known", c->known,
			"claimed", c->claimed, "mismatched", c->mismatched,
			"noisy", c->noisy, "notes", c->notes));
	if (c->same + c->changed + c->vanished + c->appeared > 0)
		(void)json_object_set_new(entry, "drift",
		    json_pack("{sI si si si si si}", "since", (json_int_t)since,
			"same", c->same, "changed", c->changed, "vanished",
			c->vanished, "appeared", c->appeared, "extended",
			c->extended));
	if (journal_append(catalog, entry, DAY_ONE, &seq, &err) != 0)
		fail_msg("%s", err.text);
	return seq;
}

static struct suspicion_judgement
judge(uint64_t manifest)
{
	struct suspicion_judgement judgement;

	if (suspicion_judge(catalog, CATALOG_NOW, manifest, &judgement, &err) !=
	    0)
		fail_msg("%s", err.text);
	return judgement;
}

/* The names of the hints, each with a space behind. */
static const char *
hints_of(const struct suspicion_judgement *judgement)
{
	static char text[200];

	text[0] = '\0';
	for (int i = 0; i < SUSPICION_HINTS; i++)
		if (judgement->values[i].is_hint) {
			strcat(
			    text, suspicion_hint_name((enum suspicion_hint)i));
			strcat(text, " ");
		}
	assert_int_equal(judgement->is_suspicious, text[0] != '\0');
	return text;
}

static uint64_t
open_finding(uint64_t copy, uint64_t manifest)
{
	uint64_t seq = 0;

	ADD(catalog, DAY_ONE + HOUR, &seq, "{ss ss ss ss ss sI sI}", "type",
	    "finding", "event", "open", "code", "suspicious-content", "verdict",
	    "none", "severity", "warning", "copy", (json_int_t)copy, "manifest",
	    (json_int_t)manifest);
	return seq;
}

/* ---- stories: each capture is a generation, a day after the last ---- */

/* A tree of a ward: documents, pictures, and a few files of no format. */
#define WARD                                                          \
	.files = 1000, .megabytes = 500, .looked = 980, .known = 930, \
	.claimed = 800, .mismatched = 8, .noisy = 20
#define QUIET .same = 950, .changed = 30, .vanished = 20, .appeared = 20

static const struct capture encrypted_in_place[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {.files = 1000,
	.megabytes = 500,
	.looked = 980,
	.known = 0,
	.claimed = 800,
	.mismatched = 790,
	.noisy = 975,
	.same = 5,
	.changed = 995,
	.hints = "mismatch noise change "},
};

static const struct capture encrypted_and_renamed[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {.files = 1001,
	.megabytes = 500,
	.looked = 981,
	.known = 1,
	.claimed = 1,
	.noisy = 975,
	.notes = 1,
	.vanished = 1000,
	.appeared = 1001,
	.extended = 990,
	.hints = "noise change renamed notes "},
};

/* One file in ten a night. */
static const struct capture encrypted_bit_by_bit[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {.files = 1000,
	.megabytes = 500,
	.looked = 980,
	.known = 830,
	.claimed = 720,
	.mismatched = 8,
	.noisy = 120,
	.same = 880,
	.vanished = 120,
	.appeared = 120,
	.extended = 100,
	.hints = "renamed "},
};

static const struct capture encrypted_dump[] = {
    {.files = 1,
	.megabytes = 90,
	.looked = 1,
	.known = 1,
	.claimed = 1,
	.hints = ""},
    {.files = 1,
	.megabytes = 91,
	.looked = 1,
	.known = 1,
	.claimed = 1,
	.vanished = 1,
	.appeared = 1,
	.hints = ""},
    {.files = 1,
	.megabytes = 91,
	.looked = 1,
	.claimed = 1,
	.mismatched = 1,
	.noisy = 1,
	.vanished = 1,
	.appeared = 1,
	.hints = "mismatch noise "},
};

static const struct capture already_encrypted[] = {
    {.files = 1000,
	.megabytes = 500,
	.looked = 980,
	.known = 0,
	.claimed = 800,
	.mismatched = 790,
	.noisy = 975,
	.hints = "mismatch "},
};

static const struct capture emptied[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {.files = 30,
	.megabytes = 2,
	.looked = 28,
	.known = 27,
	.claimed = 20,
	.same = 30,
	.vanished = 970,
	.hints = "files bytes "},
};

/* A dump that is right, and of an emptied database. */
static const struct capture hollow_dump[] = {
    {.files = 1,
	.megabytes = 900,
	.looked = 1,
	.known = 1,
	.claimed = 1,
	.hints = ""},
    {.files = 1,
	.megabytes = 1,
	.looked = 1,
	.known = 1,
	.claimed = 1,
	.vanished = 1,
	.appeared = 1,
	.hints = "bytes "},
};

/* ---- what must not alarm ---- */

static const struct capture vendor_upgrade[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {.files = 1400,
	.megabytes = 700,
	.looked = 1380,
	.known = 1320,
	.claimed = 1100,
	.mismatched = 12,
	.noisy = 29,
	.same = 60,
	.changed = 640,
	.vanished = 300,
	.appeared = 700,
	.hints = ""},
};

/* PACS compress what is old: all change, shrink, and stay DICOM. */
static const struct capture recompressed_pictures[] = {
    {.files = 5000,
	.megabytes = 9000,
	.looked = 5000,
	.known = 5000,
	.claimed = 5000,
	.hints = ""},
    {.files = 5000,
	.megabytes = 9000,
	.looked = 5000,
	.known = 5000,
	.claimed = 5000,
	.same = 5000,
	.hints = ""},
    {.files = 5000,
	.megabytes = 3000,
	.looked = 5000,
	.known = 5000,
	.claimed = 5000,
	.changed = 5000,
	.hints = ""},
};

static const struct capture rotating_logs[] = {
    {.files = 30,
	.megabytes = 20,
	.looked = 30,
	.known = 30,
	.claimed = 30,
	.hints = ""},
    {.files = 30,
	.megabytes = 21,
	.looked = 30,
	.known = 30,
	.claimed = 30,
	.same = 2,
	.changed = 27,
	.vanished = 1,
	.appeared = 1,
	.hints = ""},
    {.files = 31,
	.megabytes = 19,
	.looked = 31,
	.known = 31,
	.claimed = 31,
	.same = 0,
	.changed = 28,
	.vanished = 2,
	.appeared = 3,
	.hints = ""},
};

/* Encrypted on purpose, by a program without a magic of its own. */
static const struct capture encrypted_by_design[] = {
    {.files = 20, .megabytes = 90, .looked = 20, .noisy = 20, .hints = ""},
    {.files = 20,
	.megabytes = 91,
	.looked = 20,
	.noisy = 20,
	.vanished = 20,
	.appeared = 20,
	.hints = ""},
    {.files = 21,
	.megabytes = 91,
	.looked = 21,
	.noisy = 21,
	.vanished = 20,
	.appeared = 21,
	.hints = ""},
};

/* A full copy on Sundays, small ones on the other days. */
static const struct capture full_and_small[] = {
    {.files = 1, .megabytes = 10, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 12, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 900, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 11, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 9, .looked = 1, .known = 1, .hints = ""},
};

/* Pictures with wrong endings have always been there. */
static const struct capture always_untidy[] = {
    {.files = 100,
	.megabytes = 9,
	.looked = 100,
	.known = 60,
	.claimed = 90,
	.mismatched = 40,
	.noisy = 30,
	.notes = 1,
	.hints = "notes "},
    {.files = 100,
	.megabytes = 9,
	.looked = 100,
	.known = 60,
	.claimed = 90,
	.mismatched = 41,
	.noisy = 31,
	.notes = 1,
	.hints = "notes "},
};

/* Little is read anew of a living tree; a few odd files prove nothing. */
static const struct capture living_tree[] = {
    {WARD, .hints = ""},
    {.files = 1003,
	.megabytes = 501,
	.carried = 1000,
	.looked = 3,
	.known = 0,
	.claimed = 2,
	.mismatched = 2,
	.noisy = 3,
	.same = 1000,
	.appeared = 3,
	.hints = ""},
    {.files = 1003,
	.megabytes = 501,
	.carried = 1003,
	.same = 1003,
	.hints = ""},
};

/* Nobody looked: nothing is said of the content, and nothing is made up. */
static const struct capture not_looked_at[] = {
    {WARD, .hints = ""},
    {.files = 1000, .megabytes = 500, .has_no_survey = true, .hints = ""},
};

#define STORY(name)                                         \
	{                                                   \
#name, name, sizeof(name) / sizeof(*(name)) \
	}

static const struct {
	const char *name;
	const struct capture *captures;
	size_t count;
} stories[] = {
    STORY(encrypted_in_place),
    STORY(encrypted_and_renamed),
    STORY(encrypted_bit_by_bit),
    STORY(encrypted_dump),
    STORY(already_encrypted),
    STORY(emptied),
    STORY(hollow_dump),
    STORY(vendor_upgrade),
    STORY(recompressed_pictures),
    STORY(rotating_logs),
    STORY(encrypted_by_design),
    STORY(full_and_small),
    STORY(always_untidy),
    STORY(living_tree),
    STORY(not_looked_at),
};

static void
tell_story(size_t story)
{
	uint64_t manifest = 0;

	add_clinic(catalog, NULL);
	for (size_t i = 0; i < stories[story].count; i++) {
		const struct capture *capture = &stories[story].captures[i];
		uint64_t copy = add_copy((int)i + 1);
		struct suspicion_judgement judgement;

		manifest = add_capture(copy, 1, manifest, capture);
		judgement = judge(manifest);
		assert_int_equal(judgement.copy, copy);
		if (strcmp(hints_of(&judgement), capture->hints) != 0)
			fail_msg("%s, day %d: \"%s\" instead of \"%s\"",
			    stories[story].name, (int)i + 1,
			    hints_of(&judgement), capture->hints);
		if (judgement.is_suspicious)
			(void)open_finding(copy, manifest);
	}
}

static void
stories_end_as_they_should(void **state)
{
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		tell_story(i);
		(void)teardown(state);
		(void)setup(state);
	}
}

/* ---- the baseline ---- */

static void
close_as(uint64_t finding, const char *reason)
{
	ADD(catalog, DAY_ONE + 2 * HOUR, NULL, "{ss ss sI ss ss ss}", "type",
	    "finding", "event", "close", "finding", (json_int_t)finding,
	    "reason", reason, "by", "Sato", "note", "new program");
}

/* What is suspicious is no measure; what was accepted begins a new one. */
static void
acceptance_begins_a_new_baseline(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	struct suspicion_judgement judgement;
	uint64_t copy, manifest, finding;

	(void)state;
	add_clinic(catalog, NULL);
	for (int day = 1; day <= 3; day++)
		(void)add_capture(add_copy(day), 1, 0, &plain);
	copy = add_copy(4);
	manifest = add_capture(copy, 1, 0, &sealed);
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 3);
	assert_int_equal(judgement.values[SUSPICION_NOISE].now, 1000);
	assert_int_equal(judgement.values[SUSPICION_NOISE].usual, 20);
	finding = open_finding(copy, manifest);
	/* The next one is as suspicious. */
	manifest = add_capture(add_copy(5), 1, 0, &sealed);
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 3);
	close_as(finding, "accepted");
	judgement = judge(manifest);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 1);
	/* Then what was usual before would be nothing to speak of. */
	judgement = judge(add_capture(add_copy(6), 1, 0, &plain));
	assert_string_equal(hints_of(&judgement), "");
}

/* A suspicious generation that expired has not become good by that. */
static void
expiry_makes_nothing_usual(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	struct suspicion_judgement judgement;
	uint64_t copy, manifest;

	(void)state;
	add_clinic(catalog, NULL);
	(void)add_capture(add_copy(1), 1, 0, &plain);
	copy = add_copy(2);
	manifest = add_capture(copy, 1, 0, &sealed);
	close_as(open_finding(copy, manifest), "expired");
	judgement = judge(add_capture(add_copy(3), 1, 0, &sealed));
	assert_string_equal(hints_of(&judgement), "noise ");
	assert_int_equal(judgement.baseline, 1);
}

/* Captured the other way round, the earlier generation is the measure. */
static void
order_is_that_of_generations(void **state)
{
	const struct capture plain = {WARD};
	const struct capture sealed = {
	    .files = 1000, .megabytes = 500, .looked = 980, .noisy = 980};
	uint64_t later, earlier;
	struct suspicion_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	later = add_capture(add_copy(9), 1, 0, &sealed);
	judgement = judge(later);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 0);
	earlier = add_capture(add_copy(8), 1, 0, &plain);
	judgement = judge(earlier);
	assert_string_equal(hints_of(&judgement), "");
	assert_int_equal(judgement.baseline, 0);
	judgement = judge(later);
	assert_string_equal(hints_of(&judgement), "noise ");
}

static void
unknown_manifests_are_refused(void **state)
{
	struct suspicion_judgement judgement;

	(void)state;
	add_clinic(catalog, NULL);
	assert_int_equal(
	    suspicion_judge(catalog, CATALOG_NOW, 77, &judgement, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
}

/* ---- what stands recorded ---- */

static struct suspicion_state
ask(struct catalog_at at, const char *generation)
{
	struct suspicion_state state;

	if (suspicion_of_generation(catalog, at, generation, &state, &err) != 0)
		fail_msg("%s", err.text);
	return state;
}

static void
an_open_finding_makes_it_suspicious(void **state)
{
	const struct capture plain = {WARD};
	struct suspicion_state found;
	uint64_t copy, manifest, finding;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_copy(1);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	manifest = add_capture(copy, 1, 0, &plain);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
	finding = open_finding(copy, manifest);
	found = ask(CATALOG_NOW, generation_of(1));
	assert_int_equal(found.state, SUSPICION_HINTED);
	assert_int_equal(found.finding, finding);
	assert_int_equal(found.since, DAY_ONE + HOUR);
	/* Before, and of another. */
	assert_int_equal(
	    ask((struct catalog_at){finding - 1}, generation_of(1)).state,
	    SUSPICION_NONE);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(2)).state, SUSPICION_UNKNOWN);
	close_as(finding, "accepted");
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
}

/* Never looked at, looked at in vain, and carried from what was looked at. */
static void
what_nobody_looked_at_is_unknown(void **state)
{
	const struct capture plain = {WARD};
	const struct capture carried = {
	    .files = 1000, .megabytes = 500, .carried = 1000};
	const struct capture blind = {
	    .files = 1000, .megabytes = 500, .has_no_survey = true};
	uint64_t copy;

	(void)state;
	add_clinic(catalog, NULL);
	copy = add_copy(1);
	(void)add_capture(copy, 1, 0, &carried);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	(void)add_capture(copy, 2, 0, &plain);
	(void)add_capture(copy, 3, 0, &carried);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_NONE);
	(void)add_capture(copy, 4, 0, &blind);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(1)).state, SUSPICION_UNKNOWN);
	copy = add_copy(2);
	(void)add_capture(copy, 1, 0, &plain);
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss ss sI}", "type", "finding",
	    "event", "open", "code", "content-unchecked", "verdict", "none",
	    "severity", "undetermined", "copy", (json_int_t)copy);
	assert_int_equal(
	    ask(CATALOG_NOW, generation_of(2)).state, SUSPICION_UNKNOWN);
}

static void
the_last_clean_one_was_looked_at(void **state)
{
	const struct capture plain = {WARD};
	const struct capture blind = {
	    .files = 1000, .megabytes = 500, .has_no_survey = true};
	char id[SUSPICION_GENERATION_BYTES];
	uint64_t copy;

	(void)state;
	add_clinic(catalog, NULL);
	for (int day = 1; day <= 6; day++) {
		copy = add_copy(day);
		if (day == 3)
			(void)add_capture(copy, 1, 0, &blind);
		else if (day == 4 || day == 6)
			(void)open_finding(
			    copy, add_capture(copy, 1, 0, &plain));
		else if (day != 5)
			(void)add_capture(copy, 1, 0, &plain);
	}
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(6), id, &err),
	    0);
	assert_string_equal(id, generation_of(2));
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(2), id, &err),
	    0);
	assert_string_equal(id, generation_of(1));
	assert_int_equal(suspicion_last_clean(
			     catalog, CATALOG_NOW, generation_of(1), id, &err),
	    0);
	assert_string_equal(id, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		stories_end_as_they_should, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		acceptance_begins_a_new_baseline, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		expiry_makes_nothing_usual, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		order_is_that_of_generations, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		unknown_manifests_are_refused, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		an_open_finding_makes_it_suspicious, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		what_nobody_looked_at_is_unknown, setup, teardown),
	    cmocka_unit_test_setup_teardown(
		the_last_clean_one_was_looked_at, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
