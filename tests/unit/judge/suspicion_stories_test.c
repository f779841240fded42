/*
 * What is suspicious, and above all what is not: captures as a hospital has
 * them, each compared with those before it.
 */
#include "tests/unit/judge/captures.h"

/* ---- stories: each capture is a generation, a day after the last ---- */

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
	.megabytes = 900,
	.looked = 1,
	.known = 1,
	.claimed = 1,
	.hints = ""},
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

/* The first copy is a full one. */
static const struct capture full_then_small[] = {
    {.files = 1, .megabytes = 900, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 12, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 10, .looked = 1, .known = 1, .hints = ""},
    {.files = 1, .megabytes = 11, .looked = 1, .known = 1, .hints = ""},
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
		(void)teardown(state);
		(void)setup(state);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		stories_end_as_they_should, setup, teardown),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
