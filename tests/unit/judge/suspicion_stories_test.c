/*
 * What is suspicious, and above all what is not: captures as a hospital has
 * them, each compared with those before it.
 */
#include "tests/unit/judge/captures.h"

/* What a look at the content counted, and how far it is from the one before. */
#define LOOK(                                                            \
    files_, megabytes_, looked_, known_, claimed_, mismatched_, noisy_)  \
	.files = files_, .megabytes = megabytes_, .looked = looked_,     \
	.known = known_, .claimed = claimed_, .mismatched = mismatched_, \
	.noisy = noisy_
#define DRIFT(same_, changed_, vanished_, appeared_)               \
	.same = same_, .changed = changed_, .vanished = vanished_, \
	.appeared = appeared_

/* ---- stories: each capture is a generation, a day after the last ---- */

static const struct capture encrypted_in_place[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {LOOK(1000, 500, 980, 0, 800, 790, 975), DRIFT(5, 995, 0, 0),
	.hints = "mismatch noise change "},
};

static const struct capture encrypted_and_renamed[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {LOOK(1001, 500, 981, 1, 1, 0, 975), DRIFT(0, 0, 1000, 1001), .notes = 1,
	.extended = 990, .hints = "noise change renamed notes "},
};

/* One file in ten a night. */
static const struct capture encrypted_bit_by_bit[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {LOOK(1000, 500, 980, 830, 720, 8, 120), DRIFT(880, 0, 120, 120),
	.extended = 100, .hints = "renamed "},
};

static const struct capture encrypted_dump[] = {
    {LOOK(1, 90, 1, 1, 1, 0, 0), .hints = ""},
    {LOOK(1, 91, 1, 1, 1, 0, 0), DRIFT(0, 0, 1, 1), .hints = ""},
    {LOOK(1, 91, 1, 0, 1, 1, 1), DRIFT(0, 0, 1, 1), .hints = "mismatch noise "},
};

static const struct capture already_encrypted[] = {
    {LOOK(1000, 500, 980, 0, 800, 790, 975), .hints = "mismatch "},
};

static const struct capture emptied[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {LOOK(30, 2, 28, 27, 20, 0, 0), DRIFT(30, 0, 970, 0),
	.hints = "files bytes "},
};

/* A dump that is right, and of an emptied database. */
static const struct capture hollow_dump[] = {
    {LOOK(1, 900, 1, 1, 1, 0, 0), .hints = ""},
    {LOOK(1, 900, 1, 1, 1, 0, 0), .hints = ""},
    {LOOK(1, 900, 1, 1, 1, 0, 0), .hints = ""},
    {LOOK(1, 1, 1, 1, 1, 0, 0), DRIFT(0, 0, 1, 1), .hints = "bytes "},
};

/* ---- what must not alarm ---- */

static const struct capture vendor_upgrade[] = {
    {WARD, .hints = ""},
    {WARD, QUIET, .hints = ""},
    {LOOK(1400, 700, 1380, 1320, 1100, 12, 29), DRIFT(60, 640, 300, 700),
	.hints = ""},
};

/* PACS compress what is old: all change, shrink, and stay DICOM. */
static const struct capture recompressed_pictures[] = {
    {LOOK(5000, 9000, 5000, 5000, 5000, 0, 0), .hints = ""},
    {LOOK(5000, 9000, 5000, 5000, 5000, 0, 0), DRIFT(5000, 0, 0, 0),
	.hints = ""},
    {LOOK(5000, 3000, 5000, 5000, 5000, 0, 0), DRIFT(0, 5000, 0, 0),
	.hints = ""},
};

static const struct capture rotating_logs[] = {
    {LOOK(30, 20, 30, 30, 30, 0, 0), .hints = ""},
    {LOOK(30, 21, 30, 30, 30, 0, 0), DRIFT(2, 27, 1, 1), .hints = ""},
    {LOOK(31, 19, 31, 31, 31, 0, 0), DRIFT(0, 28, 2, 3), .hints = ""},
};

/* Encrypted on purpose, by a program without a magic of its own. */
static const struct capture encrypted_by_design[] = {
    {LOOK(20, 90, 20, 0, 0, 0, 20), .hints = ""},
    {LOOK(20, 91, 20, 0, 0, 0, 20), DRIFT(0, 0, 20, 20), .hints = ""},
    {LOOK(21, 91, 21, 0, 0, 0, 21), DRIFT(0, 0, 20, 21), .hints = ""},
};

/* A full copy on Sundays, small ones on the other days. */
static const struct capture full_and_small[] = {
    {LOOK(1, 10, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 12, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 900, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 11, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 9, 1, 1, 0, 0, 0), .hints = ""},
};

/* The first copy is a full one. */
static const struct capture full_then_small[] = {
    {LOOK(1, 900, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 12, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 10, 1, 1, 0, 0, 0), .hints = ""},
    {LOOK(1, 11, 1, 1, 0, 0, 0), .hints = ""},
};

/* Pictures with wrong endings have always been there. */
static const struct capture always_untidy[] = {
    {LOOK(100, 9, 100, 60, 90, 40, 30), .notes = 1, .hints = "notes "},
    {LOOK(100, 9, 100, 60, 90, 41, 31), .notes = 1, .hints = "notes "},
};

/* Little is read anew of a living tree; a few odd files prove nothing. */
static const struct capture living_tree[] = {
    {WARD, .hints = ""},
    {LOOK(1003, 501, 3, 0, 2, 2, 3), DRIFT(1000, 0, 0, 3), .carried = 1000,
	.hints = ""},
    {LOOK(1003, 501, 0, 0, 0, 0, 0), DRIFT(1003, 0, 0, 0), .carried = 1003,
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
    STORY(full_then_small),
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
		(void)close_catalog(state);
		(void)open_catalog(state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CATALOG_TEST(stories_end_as_they_should),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
