/* Whether copies are encrypted, by what is known of their files and media. */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/copies.h"
#include "tests/unit/judge/sealed.h"

static const struct history_medium media[] = {{.id = "nas1", .kind = "nas"}};

static void
observe_on(const char *encrypted, const char *transport, const char *reach)
{
	ADD(catalog, DAY_ONE, NULL, "{ss ss ss ss sb s{ss ss ss}}", "type",
	    "medium", "event", "state", "medium", "nas1", "state", "mounted",
	    "in_reach", 1, "observed", "encrypted", encrypted, "transport",
	    transport, "reach", reach);
}

static void
observe(const char *encrypted)
{
	observe_on(encrypted, "sata", "local-block");
}

static uint64_t
add_one(void)
{
	add_media(catalog, media, 1, 1);
	add_scan_of(catalog, DAY_ONE, "nas1", "ok");
	return add_copy(catalog, DAY_ONE, GENERATION, DAY_ONE, "nas1");
}

/* What is written down of the copy as a whole. */
static void
give_trait(uint64_t copy, const char *trait)
{
	if (trait != NULL)
		ADD(catalog, DAY_ONE, NULL, "{ss ss sI si si ss}", "type",
		    "copy", "event", "trait", "copy", (json_int_t)copy, "files",
		    5, "immutable", 0, "encrypted", trait);
}

/* As an encrypted one; as one that is not, it is the other way round. */
static enum bounds_answer
judge(void)
{
	const struct inventory_moment moment = {
	    .at = CATALOG_NOW, .now = DAY_ONE};
	struct inventory *inventory = NULL;
	struct copies *copies = NULL;
	enum bounds_answer answer;

	if (inventory_read(catalog, &moment, &inventory, &err) != 0 ||
	    copies_judge(inventory, &copies, &err) != 0)
		fail_msg("%s", err.text);
	answer = copies_is(copies, 0, COPIES_ENCRYPTED);
	assert_int_equal(
	    copies_is(copies, 0, COPIES_UNENCRYPTED), BOUNDS_YES - answer);
	copies_free(copies);
	inventory_free(inventory);
	return answer;
}

/* Entries of before say "none" of what nobody can see. */
static void
nothing_is_known_of_disks_that_nobody_sees(void **state)
{
	static const struct {
		const char *transport, *reach;
		enum bounds_answer expected;
	} cases[] = {
	    {"usb", "local-block", BOUNDS_NO},
	    {"usb", "fuse", BOUNDS_NO}, /* ntfs-3g */
	    {"network", "network", BOUNDS_MAYBE},
	    {"network", "fuse", BOUNDS_MAYBE}, /* sshfs */
	    {"cloud", "fuse", BOUNDS_MAYBE}, {"fuse", "fuse", BOUNDS_MAYBE},
	    {"memory", "local-memory", BOUNDS_MAYBE},
	    {"scsi", "network", BOUNDS_MAYBE},	  /* iscsi */
	    {"unknown", "unknown", BOUNDS_MAYBE}, /* overlay */
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		static const struct sealing plain = {.plain = 5};

		(void)close_catalog(state);
		(void)open_catalog(state);
		(void)add_sealing(catalog, DAY_ONE, add_one(), 2, &plain);
		observe_on("none", cases[i].transport, cases[i].reach);
		if (judge() != cases[i].expected)
			fail_msg("row %zu", i);
	}
}

/* By its files, each of them, else by its medium; older words come last. */
static void
encryption_is_what_the_capture_saw(void **state)
{
	static const struct {
		const char *medium, *trait;
		struct sealing sealing;
		enum bounds_answer expected;
	} cases[] = {
	    {"none", NULL, {.sealed = 4, .aside = 1}, BOUNDS_YES},
	    {"none", NULL, {.sealed = 4, .plain = 1}, BOUNDS_NO},
	    {"none", NULL, {.plain = 5}, BOUNDS_NO},
	    {"none", NULL, {.sealed = 4, .unclear = 1}, BOUNDS_MAYBE},
	    {"none", NULL, {.sealed = 4, .unseen = 1}, BOUNDS_MAYBE},
	    {"none", NULL, {.aside = 5}, BOUNDS_MAYBE},
	    {"unknown", NULL, {.sealed = 5}, BOUNDS_YES},
	    {"unknown", NULL, {.plain = 5}, BOUNDS_MAYBE},
	    {"luks2", NULL, {.plain = 5}, BOUNDS_YES},
	    {"luks2", NULL, {.unseen = 5}, BOUNDS_YES},
	    /* What was seen of its files goes before the word. */
	    {"none", "files", {.sealed = 4, .plain = 1}, BOUNDS_NO},
	    {"none", "file", {.plain = 1}, BOUNDS_NO},
	    {"none", "none", {.sealed = 5}, BOUNDS_YES},
	    {"none", "none", {.unseen = 5}, BOUNDS_MAYBE},
	    /* Nobody can look into it. */
	    {"none", "archive", {.unseen = 1}, BOUNDS_YES},
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		uint64_t copy;

		(void)close_catalog(state);
		(void)open_catalog(state);
		copy = add_one();
		(void)add_sealing(catalog, DAY_ONE, copy, 2, &cases[i].sealing);
		give_trait(copy, cases[i].trait);
		observe(cases[i].medium);
		if (judge() != cases[i].expected)
			fail_msg("row %zu", i);
	}
}

/* A capture from before files were counted: by the words of that time. */
static void
older_captures_keep_their_words(void **state)
{
	static const struct {
		const char *trait;
		enum bounds_answer expected;
	} cases[] = {{NULL, BOUNDS_MAYBE}, {"none", BOUNDS_NO},
	    {"file", BOUNDS_YES}, {"unknown", BOUNDS_MAYBE},
	    /* It was about files, and they are not known any more. */
	    {"files", BOUNDS_MAYBE}};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)close_catalog(state);
		(void)open_catalog(state);
		give_trait(add_one(), cases[i].trait);
		observe("none");
		if (judge() != cases[i].expected)
			fail_msg("row %zu", i);
	}
}

/* The copy was captured again, and nobody looked. */
static void
words_about_an_earlier_capture_do_not_count(void **state)
{
	static const char *const words[] = {"archive", "file", "none"};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		uint64_t copy;

		(void)close_catalog(state);
		(void)open_catalog(state);
		copy = add_one();
		give_trait(copy, words[i]);
		observe("none");
		assert_int_not_equal(judge(), BOUNDS_MAYBE);
		(void)add_captured(catalog, DAY_ONE, copy, 2);
		assert_int_equal(judge(), BOUNDS_MAYBE);
	}
}

int
main(void)
{
#define TEST(f) CATALOG_TEST(f)
	const struct CMUnitTest tests[] = {
	    TEST(encryption_is_what_the_capture_saw),
	    TEST(nothing_is_known_of_disks_that_nobody_sees),
	    TEST(older_captures_keep_their_words),
	    TEST(words_about_an_earlier_capture_do_not_count),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
