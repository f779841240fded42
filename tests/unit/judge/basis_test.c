/* By which requirements a point of the journal is judged. */
#include "lib/crypto/digest.h"
#include "lib/judge/basis.h"
#include "lib/store/pack.h"
#include "tests/unit/store/own_catalog.h"

#define PACK(id, check)                                                        \
	"[pack]\nid = " id "\nname = n\nname_en = n\n[requirement " id "-1]\n" \
	"kind = best-practice\ntitle = t\ntitle_en = t\nsource = s\n"          \
	"text_status = memory\nsystems = ehr\ncheck = " check                  \
	"(system) >= 1\n"
#define GOOD PACK("good", "generations")
#define OTHER PACK("other", "generations")
#define FAULTY PACK("faulty", "cats")

static struct requirement_texts nothing;

static void
digest(const char *text, char hex[65])
{
	uint8_t raw[DIGEST_SHA256_BYTES];

	digest_sha256_of(text, strlen(text), raw);
	bytes_format_hex(raw, sizeof(raw), hex);
}

/* A configuration with these texts, which are kept. */
static uint64_t
put_in_force(const char *const *texts)
{
	json_t *packs = json_array();
	uint64_t seq = 0;
	char hex[65];

	for (; *texts != NULL; texts++) {
		const struct pack pack = {.sha256 = hex,
		    .file = "own.conf",
		    .text = (const uint8_t *)*texts,
		    .length = strlen(*texts)};

		digest(*texts, hex);
		assert_int_equal(pack_keep(catalog, &pack, &err), 0);
		(void)json_array_append_new(
		    packs, json_pack("{ss sb}", "sha256", hex, "site", 1));
	}
	ADD(catalog, DAY_ONE, &seq, "{ss ss s[] s[] s[] so}", "type", "config",
	    "sha256", DIGEST_A, "systems", "media", "sources", "packs", packs);
	return seq;
}

static struct basis
read_at(uint64_t seq, const struct requirement_texts *today)
{
	struct basis basis;

	if (basis_read(catalog, (struct catalog_at){seq}, today, false, &basis,
		&err) != 0)
		fail_msg("%s", err.text);
	return basis;
}

static bool
knows(const struct basis *basis, const char *id)
{
	return requirement_find(basis->set, id) != NULL;
}

static void
each_point_has_its_own(void **state)
{
	uint64_t first, second;
	struct basis basis;

	(void)state;
	add_hospital(catalog);
	first = put_in_force((const char *const[]){GOOD, NULL});
	second = put_in_force((const char *const[]){GOOD, OTHER, NULL});
	basis = read_at(first, &nothing);
	assert_true(knows(&basis, "good-1"));
	assert_false(knows(&basis, "other-1"));
	assert_false(basis.is_of_today);
	basis_done(&basis);
	basis = read_at(second, &nothing);
	assert_true(knows(&basis, "good-1") && knows(&basis, "other-1"));
	assert_int_equal(basis_exit(&basis, VERDICT_EXIT_GOOD), 0);
	basis_done(&basis);
}

/* Entries from before they were named. */
static void
without_names_today_is_used_and_told(void **state)
{
	struct requirement_texts today;
	struct basis basis;

	(void)state;
	add_hospital(catalog);
	assert_int_equal(requirement_texts_read(-1, &today, &err), 0);
	basis = read_at(1, &today);
	assert_true(basis_has(&basis, BASIS_OF_TODAY));
	assert_true(knows(&basis, "LAW-14-2"));
	basis_compare(&basis, &nothing);
	assert_false(basis_has(&basis, BASIS_CHANGED));
	basis_done(&basis);
	requirement_texts_done(&today);
}

static void
add_text(struct requirement_texts *texts, const char *file, const char *text)
{
	const struct requirement_text item = {
	    .file = (char *)(uintptr_t)file, .is_site = true};

	assert_int_equal(
	    requirement_texts_add(texts, &item, text, strlen(text), &err), 0);
}

/* No other text takes the place of one that is gone or was altered. */
static void
what_is_gone_is_not_judged(void **state)
{
	static const char *const changes[] = {
	    "UPDATE pack_text SET text = x'0a'",
	    "DELETE FROM pack_text",
	};
	struct requirement_texts today = REQUIREMENT_TEXTS_EMPTY;
	struct basis basis;

	(void)state;
	add_text(&today, "own.conf", OTHER);
	add_hospital(catalog);
	(void)put_in_force((const char *const[]){GOOD, NULL});
	commit(catalog);
	for (size_t i = 0; i < 2; i++) {
		tamper(changes[i]);
		basis = read_at(UINT64_MAX - 2, &today);
		assert_int_equal(basis.gone, 1);
		assert_false(knows(&basis, "good-1"));
		assert_false(knows(&basis, "other-1"));
		assert_int_equal(basis_exit(&basis, VERDICT_EXIT_GOOD),
		    VERDICT_EXIT_UNDETERMINED);
		basis_done(&basis);
	}
	/* The same text, wherever it comes from, is the one. */
	add_text(&today, "theirs.conf", GOOD);
	basis = read_at(2, &today);
	assert_int_equal(basis.gone, 0);
	assert_true(knows(&basis, "good-1"));
	basis_done(&basis);
	requirement_texts_done(&today);
}

/* One that could not be read when it came into force has no digest. */
static void
what_was_not_read_is_not_judged(void **state)
{
	struct basis basis;

	(void)state;
	add_hospital(catalog);
	ADD(catalog, DAY_ONE, NULL, "{ss ss s[] s[] s[] s[{sb}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", "media", "sources",
	    "packs", "site", 1);
	basis = read_at(2, &nothing);
	assert_int_equal(basis.gone, 1);
	basis_done(&basis);
}

static void
a_faulty_one_is_left_out_and_told(void **state)
{
	struct basis basis;

	(void)state;
	add_hospital(catalog);
	(void)put_in_force((const char *const[]){GOOD, FAULTY, NULL});
	basis = read_at(2, &nothing);
	assert_true(knows(&basis, "good-1"));
	assert_false(knows(&basis, "faulty-1"));
	assert_true(basis.left_out.count > 0);
	assert_non_null(strstr(basis.left_out.texts[0], "own.conf (2):"));
	assert_int_equal(
	    basis_exit(&basis, VERDICT_EXIT_UNDETERMINED), VERDICT_EXIT_BAD);
	basis_done(&basis);
}

/* What waits for a reload is told, and its faults. */
static void
files_that_changed_are_told(void **state)
{
	struct requirement_texts today = REQUIREMENT_TEXTS_EMPTY;
	struct basis basis;

	(void)state;
	add_hospital(catalog);
	(void)put_in_force((const char *const[]){GOOD, NULL});
	add_text(&today, "own.conf", GOOD);
	basis = read_at(2, &today);
	basis_compare(&basis, &today);
	assert_false(basis_has(&basis, BASIS_CHANGED));
	add_text(&today, "new.conf", FAULTY);
	basis_compare(&basis, &today);
	assert_true(basis_has(&basis, BASIS_CHANGED));
	assert_true(basis.left_out.count > 0);
	assert_false(knows(&basis, "faulty-1"));
	basis_done(&basis);
	requirement_texts_done(&today);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CATALOG_TEST(each_point_has_its_own),
	    CATALOG_TEST(without_names_today_is_used_and_told),
	    CATALOG_TEST(what_is_gone_is_not_judged),
	    CATALOG_TEST(what_was_not_read_is_not_judged),
	    CATALOG_TEST(a_faulty_one_is_left_out_and_told),
	    CATALOG_TEST(files_that_changed_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
