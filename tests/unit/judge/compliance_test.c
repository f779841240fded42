/*
 * Goal: requirements against a real journal: what applies, what counts, and
 * what was known at an earlier point of it.
 */
#include "tests/unit/judge/clinic.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/judge/compliance.h"

#define NOW (DAY_ONE + HOUR)

/* A row: its id, and the lines that differ. */
#define ROW(id, lines)                                          \
	"[requirement " id "]\nkind = guideline\ntitle = 題\n" \
	"title_en = T\nsource = 出典\ntext_status = memory\n" lines
#define STATED "attestation = 述べる\nattestation_en = State\n"
#define MEASURED "check = generations(system) >= 1\n"

/* clang-format off */
static const char pack[] =
    "[pack]\nid = p\nname = 試し\nname_en = Trial\n"
    /* measured, for each kind of system */
    ROW("EHR", "systems = ehr, order\n" MEASURED)
    ROW("MANY", "systems = ehr\ncheck = generations(system) >= 5\n")
    ROW("IMAGES", "systems = imaging\n" MEASURED)
    /* stated */
    ROW("WORD", STATED)
    ROW("PAPER", STATED "documents = bcp\n")
    ROW("IF-SAID", "applies = attested\n" STATED)
    /* in force */
    ROW("OLD", "valid_to = 2001-01-01\nsystems = ehr\n" MEASURED)
    ROW("NEW", "valid_from = 2999-01-01\nsystems = ehr\n" MEASURED)
    /* limited */
    ROW("BEDS", "beds_min = 200\n" STATED)
    ROW("CLINIC", "facility = clinic\n" STATED)
    ROW("FEE", "fees = fee-2, fee-1\n" STATED)
    ROW("MODE", "systems = ehr\noffline = detached\n" MEASURED)
    /* not seen */
    "[requirement UNSEEN]\nkind = law\ntitle = 題\ntitle_en = T\n"
    "source = 出典\ntext_status = unseen\n"
    "url = https://example.invalid/\nsystems = ehr\n" MEASURED;
/* clang-format on */

static struct requirement_set *set;

static int
setup(void **state)
{
	struct config_problems problems;

	(void)open_catalog(state);
	if (requirement_load_text(
		"f", pack, sizeof(pack) - 1, &set, &problems) != 0)
		fail_msg("%s", problems.texts[0]);
	return 0;
}

static int
teardown(void **state)
{
	requirement_set_free(set);
	return close_catalog(state);
}

static struct compliance *
judge(struct catalog_at at, int64_t now)
{
	const struct compliance_request request = {
	    .catalog = catalog, .at = at, .now = now, .set = set};
	struct compliance *compliance = NULL;

	if (compliance_judge(&request, &compliance, &err) != 0)
		fail_msg("%s", err.text);
	return compliance;
}

static const struct compliance_row *
row_of(const struct compliance *compliance, const char *id, const char *system)
{
	for (size_t i = 0; i < compliance->row_count; i++)
		if (strcmp(compliance->rows[i].requirement->id, id) == 0 &&
		    strcmp(compliance->rows[i].system, system) == 0)
			return &compliance->rows[i];
	return NULL;
}

/* A row stands so, for that reason. */
static void
assert_row(const struct compliance *compliance, const char *id,
    const char *system, enum compliance_state state,
    enum compliance_reason reason)
{
	const struct compliance_row *row = row_of(compliance, id, system);

	if (row == NULL)
		fail_msg("%s has no row for \"%s\"", id, system);
	if (row->state != state || row->reason != reason)
		fail_msg("%s: %s, %s", id, compliance_state_name(row->state),
		    compliance_reason_name(row->reason));
}

static void
assert_omitted(const struct compliance *compliance, const char *id,
    enum compliance_reason reason)
{
	for (size_t i = 0; i < compliance->omission_count; i++) {
		if (strcmp(compliance->omissions[i].requirement->id, id) != 0)
			continue;
		assert_int_equal(compliance->omissions[i].reason, reason);
		return;
	}
	fail_msg("%s is not omitted", id);
}

static uint64_t
state(const char *requirement, int64_t at, int64_t until, const char *kind)
{
	json_t *entry = json_pack("{ss ss ss ss sI}", "type", "attestation",
	    "event", "made", "requirement", requirement, "by", "佐藤 院長",
	    "until", (json_int_t)until);
	uint64_t seq;

	if (kind != NULL)
		(void)json_object_set_new(entry, "document",
		    json_pack("{ss ss si}", "kind", kind, "sha256", DIGEST_A,
			"bytes", 9));
	if (journal_append(catalog, entry, at, &seq, &err) != 0)
		fail_msg("%s", err.text);
	return seq;
}

/* The configuration with what the facility said about itself. */
static void
add_facility(const char *kind, int beds, const char *fees)
{
	json_t *facility = json_pack("{ss si si si si}", "kind", kind,
	    "offline_verified_ms", 1, "offline_attested_ms", 1,
	    "max_undetermined_ms", (int)DAY, "clock_ahead_ms", 1);

	if (beds >= 0)
		(void)json_object_set_new(facility, "beds", json_integer(beds));
	if (fees != NULL)
		(void)json_object_set_new(facility, "fees", json_string(fees));
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss so s[{ss ss si si si}] s[{ss ss}] s[{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "facility", facility,
	    "systems", "id", "ehr", "kind", "ehr", "interval_ms", (int)DAY,
	    "grace_ms", (int)(2 * HOUR), "generations_min", 1, "media", "id",
	    "nas1", "kind", "nas", "sources", "id", "ehr-nas", "system", "ehr",
	    "medium", "nas1", "layout", "directory");
}

static void
nothing_configured_is_undetermined(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	add_origin(catalog);
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(compliance, "EHR", "", COMPLIANCE_UNDETERMINED,
	    COMPLIANCE_NO_SYSTEMS);
	assert_int_equal(compliance->totals[COMPLIANCE_COMPLETE], 0);
	assert_int_not_equal(compliance->exit, VERDICT_EXIT_GOOD);
	compliance_free(compliance);
}

static void
each_row_stands_for_its_system(void **unused)
{
	struct compliance *compliance;
	const struct compliance_row *row;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(compliance, "EHR", "ehr", COMPLIANCE_COMPLETE,
	    COMPLIANCE_ALL_THERE);
	assert_row(compliance, "MANY", "ehr", COMPLIANCE_MISSING,
	    COMPLIANCE_CHECK_FAILED);
	assert_row(compliance, "UNSEEN", "ehr", COMPLIANCE_UNDETERMINED,
	    COMPLIANCE_TEXT_UNSEEN);
	assert_omitted(compliance, "IMAGES", COMPLIANCE_OTHER_SYSTEM);
	assert_omitted(compliance, "MODE", COMPLIANCE_OTHER_MODE);
	assert_omitted(compliance, "NEW", COMPLIANCE_NOT_YET);
	assert_omitted(compliance, "IF-SAID", COMPLIANCE_NOT_STATED);
	row = row_of(compliance, "EHR", "ehr");
	assert_true(row->checks[0].value.evidence_count > 0);
	/* Not said, so not left out. */
	assert_non_null(row_of(compliance, "BEDS", ""));
	assert_non_null(row_of(compliance, "FEE", ""));
	assert_non_null(row_of(compliance, "CLINIC", ""));
	assert_true(compliance->is_beds_unknown);
	assert_true(compliance->is_fees_unknown);
	compliance_free(compliance);
}

static void
an_earlier_edition_never_counts(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	compliance = judge(CATALOG_NOW, NOW);
	assert_true(row_of(compliance, "OLD", "ehr")->is_superseded);
	/* EHR MANY WORD PAPER BEDS CLINIC FEE UNSEEN */
	assert_int_equal(compliance->total, 8);
	assert_int_equal(compliance->totals[COMPLIANCE_COMPLETE], 1);
	assert_int_equal(compliance->totals[COMPLIANCE_UNDETERMINED], 1);
	assert_int_equal(compliance->totals[COMPLIANCE_MISSING], 6);
	assert_int_equal(compliance->exit, VERDICT_EXIT_BAD);
	compliance_free(compliance);
}

static void
a_system_without_source_is_missed(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si}{ss ss si si si}] s[{ss ss}]"
	    " s[{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "ehr",
	    "kind", "ehr", "interval_ms", (int)DAY, "grace_ms", (int)HOUR,
	    "generations_min", 1, "id", "orders", "kind", "order",
	    "interval_ms", 0, "grace_ms", 0, "generations_min", 1, "media",
	    "id", "nas1", "kind", "nas", "sources", "id", "ehr-nas", "system",
	    "ehr", "medium", "nas1", "layout", "directory");
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(compliance, "EHR", "orders", COMPLIANCE_MISSING,
	    COMPLIANCE_NO_SOURCE);
	assert_row(compliance, "EHR", "ehr", COMPLIANCE_COMPLETE,
	    COMPLIANCE_ALL_THERE);
	/* Its worst row is the requirement's. */
	assert_int_equal(compliance->totals[COMPLIANCE_COMPLETE], 0);
	compliance_free(compliance);
}

/* A clock that is set back revives nothing that ended (law 8). */
static void
what_ended_stays_ended_when_the_clock_goes_back(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	(void)state("PAPER", DAY_ONE, DAY_ONE + DAY, "bcp");
	compliance = judge(CATALOG_NOW, DAY_ONE + HOUR);
	assert_row(
	    compliance, "PAPER", "", COMPLIANCE_COMPLETE, COMPLIANCE_ENDS_SOON);
	compliance_free(compliance);
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss sI}", "type", "clock",
	    "event", "back", "by_ms", (json_int_t)(300 * DAY));
	compliance = judge(CATALOG_NOW, DAY_ONE + HOUR);
	assert_row(compliance, "PAPER", "", COMPLIANCE_MISSING,
	    COMPLIANCE_STATEMENT_ENDED);
	compliance_free(compliance);
}

/* Made while the clock ran years ahead: it would hold for years. */
static void
what_was_stated_in_the_future_does_not_hold(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	(void)state("WORD", DAY_ONE + 900 * DAY, DAY_ONE + 1200 * DAY, NULL);
	compliance = judge(CATALOG_NOW, DAY_ONE + HOUR);
	assert_row(compliance, "WORD", "", COMPLIANCE_MISSING,
	    COMPLIANCE_STATEMENT_ENDED);
	compliance_free(compliance);
}

static void
what_the_facility_is_decides_what_applies(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	add_facility("hospital", 199, "fee-1");
	compliance = judge(CATALOG_NOW, NOW);
	assert_omitted(compliance, "BEDS", COMPLIANCE_FEW_BEDS);
	assert_omitted(compliance, "CLINIC", COMPLIANCE_OTHER_FACILITY);
	assert_non_null(row_of(compliance, "FEE", ""));
	assert_false(compliance->is_fees_unknown);
	compliance_free(compliance);
	add_facility("clinic", 200, "fee-10");
	compliance = judge(CATALOG_NOW, NOW);
	assert_non_null(row_of(compliance, "BEDS", ""));
	assert_non_null(row_of(compliance, "CLINIC", ""));
	/* A longer word is another fee. */
	assert_omitted(compliance, "FEE", COMPLIANCE_OTHER_FEE);
	compliance_free(compliance);
}

static void
a_statement_counts_from_its_entry_to_its_end(void **unused)
{
	struct compliance *compliance;
	uint64_t seq;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	seq = state("WORD", NOW, NOW + 100 * DAY, NULL);
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(
	    compliance, "WORD", "", COMPLIANCE_COMPLETE, COMPLIANCE_ALL_THERE);
	assert_int_equal(row_of(compliance, "WORD", "")->statement.id, seq);
	compliance_free(compliance);

	compliance = judge((struct catalog_at){seq - 1}, NOW);
	assert_row(compliance, "WORD", "", COMPLIANCE_MISSING,
	    COMPLIANCE_NO_STATEMENT);
	compliance_free(compliance);

	compliance = judge(CATALOG_NOW, NOW + 99 * DAY);
	assert_row(
	    compliance, "WORD", "", COMPLIANCE_COMPLETE, COMPLIANCE_ENDS_SOON);
	compliance_free(compliance);

	compliance = judge(CATALOG_NOW, NOW + 100 * DAY);
	assert_row(compliance, "WORD", "", COMPLIANCE_MISSING,
	    COMPLIANCE_STATEMENT_ENDED);
	compliance_free(compliance);

	/* The one that holds longest, in whatever order they were made. */
	(void)state("WORD", NOW, NOW + DAY, NULL);
	compliance = judge(CATALOG_NOW, NOW);
	assert_int_equal(row_of(compliance, "WORD", "")->statement.id, seq);
	compliance_free(compliance);

	ADD(catalog, NOW, NULL, "{ss ss sI ss}", "type", "attestation", "event",
	    "withdrawn", "attestation", (json_int_t)seq, "by", "x");
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(
	    compliance, "WORD", "", COMPLIANCE_COMPLETE, COMPLIANCE_ENDS_SOON);
	compliance_free(compliance);
}

static void
a_document_must_be_of_the_kind(void **unused)
{
	struct compliance *compliance;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	(void)state("PAPER", NOW, NOW + 100 * DAY, "sds");
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(compliance, "PAPER", "", COMPLIANCE_PARTIAL,
	    COMPLIANCE_NO_DOCUMENT);
	compliance_free(compliance);
	(void)state("PAPER", NOW, NOW + 100 * DAY, "bcp");
	/* A later word without paper does not take the paper away. */
	(void)state("PAPER", NOW, NOW + 200 * DAY, NULL);
	(void)state("IF-SAID", NOW, NOW + 200 * DAY, NULL);
	compliance = judge(CATALOG_NOW, NOW);
	assert_row(
	    compliance, "PAPER", "", COMPLIANCE_COMPLETE, COMPLIANCE_ALL_THERE);
	assert_row(compliance, "IF-SAID", "", COMPLIANCE_COMPLETE,
	    COMPLIANCE_ALL_THERE);
	compliance_free(compliance);
}

static void
what_does_not_exist_is_told(void **unused)
{
	struct compliance_request request = {
	    .catalog = catalog, .at = CATALOG_NOW, .now = NOW, .set = set};
	struct compliance *compliance = NULL;

	(void)unused;
	(void)add_good_clinic(catalog, NULL);
	request.pack = "q";
	assert_int_equal(compliance_judge(&request, &compliance, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	request.pack = "p";
	request.system = "pacs";
	assert_int_equal(compliance_judge(&request, &compliance, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	request.system = "ehr";
	request.requirement = "NONE";
	assert_int_equal(compliance_judge(&request, &compliance, &err), -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* What is asked for does not apply: nothing was looked at. */
	request.requirement = "NEW";
	assert_int_equal(compliance_judge(&request, &compliance, &err), 0);
	assert_int_equal(compliance->total, 0);
	assert_int_equal(compliance->exit, VERDICT_EXIT_UNDETERMINED);
	compliance_free(compliance);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nothing_configured_is_undetermined),
	    TEST(each_row_stands_for_its_system),
	    TEST(an_earlier_edition_never_counts),
	    TEST(a_system_without_source_is_missed),
	    TEST(what_the_facility_is_decides_what_applies),
	    TEST(a_statement_counts_from_its_entry_to_its_end),
	    TEST(what_ended_stays_ended_when_the_clock_goes_back),
	    TEST(what_was_stated_in_the_future_does_not_hold),
	    TEST(a_document_must_be_of_the_kind),
	    TEST(what_does_not_exist_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
