/* A bundle is judged by the requirements that were in force at its end. */
#include "lib/store/pack.h"
#include "lib/store/sql.h"
#include "tests/unit/output/bundle.h"

/* A day's requirements are named, kept and, a second later, in force. */
static void
put_in_force(int64_t at, const char *text)
{
	uint8_t digest[DIGEST_SHA256_BYTES];
	char hex[65];
	const struct pack pack = {.sha256 = hex,
	    .is_site = true,
	    .file = "own.conf",
	    .text = (const uint8_t *)text,
	    .length = strlen(text)};

	digest_sha256_of(text, strlen(text), digest);
	bytes_format_hex(digest, sizeof(digest), hex);
	begin(catalog);
	assert_int_equal(pack_keep(catalog, &pack, &err), 0);
	ADD(catalog, at, NULL, "{ss ss s[] s[] s[] s[{ss sb}]}", "type",
	    "config", "sha256", DIGEST_A, "systems", "media", "sources",
	    "packs", "sha256", hex, "site", 1);
	commit(catalog);
	assert_int_equal(
	    journal_checkpoint(catalog, ORIGIN, &secret, at, NULL, &err), 0);
}

#define OWN_PACK(title)                                                  \
	"[pack]\nid = own\nname = n\nname_en = n\n[requirement OWN-1]\n" \
	"kind = best-practice\ntitle = " title "\ntitle_en = t\n"        \
	"source = s\ntext_status = memory\nsystems = ehr\n"              \
	"check = generations(system) >= 1\n"

static bool
is_in(const struct bytes *bundle, const char *text)
{
	return memmem(bundle->data, bundle->length, text, strlen(text)) != NULL;
}

/* What was in force then stays what a period is judged by. */
static void
a_period_keeps_its_requirements(void **state)
{
	struct evidence_request first = second_hours(), second;
	struct bytes bundle = BYTES_EMPTY, again = BYTES_EMPTY;
	struct evidence_report report;

	(void)state;
	put_in_force(DAY_ONE + 4 * HOUR, OWN_PACK("first"));
	first.from = DAY_ONE + 4 * HOUR;
	first.to = first.from + HOUR;
	first.pack = "own";
	second = first;
	second.from += 2 * HOUR;
	second.to += 2 * HOUR;
	export_to(&first, ARCHIVE_PACK_TAR, &bundle);
	put_in_force(second.from, OWN_PACK("second"));
	requirement_texts_done(&today);
	export_to(&first, ARCHIVE_PACK_TAR, &again);
	assert_int_equal(bundle.length, again.length);
	assert_memory_equal(bundle.data, again.data, again.length);
	assert_true(is_in(&bundle, "title = first"));
	report = verify(&bundle, &public);
	assert_true(is_good(&report));
	bytes_clear(&again);
	export_to(&second, ARCHIVE_PACK_TAR, &again);
	assert_true(is_in(&again, "title = second"));
	assert_false(is_in(&again, "title = first"));
	bytes_done(&bundle);
	bytes_done(&again);
}

/* Others than the journal names, signed by hikaed itself, are told. */
static void
others_than_were_in_force_are_told(void **state)
{
	static const char *const changes[] = {
	    "UPDATE pack SET is_site = 0",
	    "UPDATE pack SET sha256 = '" DIGEST_A "'",
	    "DELETE FROM pack",
	};
	struct evidence_request request = second_hours();
	char path[128];

	(void)state;
	put_in_force(DAY_ONE + 4 * HOUR, OWN_PACK("first"));
	request.from = DAY_ONE + 4 * HOUR;
	request.to = request.from + HOUR;
	request.pack = NULL;
	(void)snprintf(path, sizeof(path), "%s/catalog.db", folder);
	for (size_t i = 0; i < sizeof(changes) / sizeof(*changes); i++) {
		struct bytes bundle = BYTES_EMPTY;
		struct evidence_report report;
		struct sql *sql = NULL;

		assert_int_equal(sql_open(path, SQL_CREATE, &sql, &err), 0);
		assert_int_equal(sql_execute(sql, changes[i], &err), 0);
		sql_close(sql);
		export_to(&request, ARCHIVE_PACK_TAR, &bundle);
		report = verify(&bundle, &public);
		assert_true(report.faults > 0);
		assert_int_equal(first_fault, EVIDENCE_REQUIREMENTS);
		bytes_done(&bundle);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(a_period_keeps_its_requirements),
	    TEST(others_than_were_in_force_are_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
