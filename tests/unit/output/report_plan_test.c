/*
 * "If everything is lost": what the paper and the witness say to whoever has
 * nothing else, in the order in which systems are restored.
 */
#include "tests/unit/judge/clinic.h"
#include "tests/unit/judge/shipped.h"

#include "lib/output/report.h"
#include "lib/output/witness_text.h"

#define TODAY (DAY_ONE + 3 * DAY)

/* Receipts come after the records; images have no place in the order. */
static void
add_facility(void)
{
	add_origin(catalog);
	ADD(catalog, DAY_ONE, NULL,
	    "{ss ss s[{ss ss si si si si}{ss ss si si si si}{ss ss si si si}]"
	    " s[{ss ss sI}{ss ss sI ss ss}]"
	    " s[{ss ss ss ss}{ss ss ss ss}{ss ss ss ss}{ss ss ss ss}]}",
	    "type", "config", "sha256", DIGEST_A, "systems", "id", "receipt",
	    "kind", "receipt", "interval_ms", 0, "grace_ms", 0,
	    "generations_min", 1, "recovery_order", 2, "id", "ehr", "kind",
	    "ehr", "interval_ms", 0, "grace_ms", 0, "generations_min", 1,
	    "recovery_order", 1, "id", "pacs", "kind", "imaging", "interval_ms",
	    0, "grace_ms", 0, "generations_min", 1, "media", "id", "nas1",
	    "kind", "nas", "coverage_ms", 30 * DAY, "id", "usb1", "kind",
	    "removable", "coverage_ms", 30 * DAY, "offline", "detached",
	    "location", "金庫", "sources", "id", "ehr-nas1", "system", "ehr",
	    "medium", "nas1", "layout", "directory", "id", "ehr-usb1", "system",
	    "ehr", "medium", "usb1", "layout", "directory", "id",
	    "receipt-nas1", "system", "receipt", "medium", "nas1", "layout",
	    "directory", "id", "pacs-nas1", "system", "pacs", "medium", "nas1",
	    "layout", "directory");
}

static void
add_scans(int64_t at, const char *usb)
{
	static const char *const sources[] = {
	    "ehr-nas1", "receipt-nas1", "pacs-nas1", "ehr-usb1"};

	for (size_t i = 0; i < 4; i++)
		ADD(catalog, at, NULL, "{ss ss ss si}", "type", "scan",
		    "source", sources[i], "result", i == 3 ? usb : "ok",
		    "candidates", 1);
}

static void
add_medium_state(
    int64_t at, const char *medium, const char *state, bool is_here)
{
	ADD(catalog, at, NULL, "{ss ss ss ss sb s{ss}}", "type", "medium",
	    "event", "state", "medium", medium, "state", state, "in_reach",
	    (int)is_here, "observed", "disks", medium);
}

/* Of a day's first instant; 600 bytes.  The verdict of its second reading, or
 * NULL. */
static uint64_t
add_copy(const char *system, int day, const char *medium, const char *verdict)
{
	const int64_t at = DAY_ONE + day * DAY;
	char generation[64], source[64];
	uint64_t copy = 0, manifest, run;

	(void)snprintf(generation, sizeof(generation),
	    "%s@202611%02dT000000+0000", system, 21 + day);
	(void)snprintf(source, sizeof(source), "%s-%s", system, medium);
	ADD(catalog, at, &copy, "{ss ss ss ss ss ss sI ss ss}", "type", "seen",
	    "generation", generation, "system", system, "medium", medium,
	    "source", source, "layout", "directory", "taken_at", at,
	    "time_from", "name", "subject", DIGEST_A);
	manifest = add_captured(catalog, at, copy, 1);
	if (verdict == NULL)
		return copy;
	run = add_run(catalog, at);
	for (int i = 0; i < 3; i++)
		add_slice(catalog, at, manifest, i, run, verdict);
	add_run_end(catalog, at, run, "done", "reported");
	return copy;
}

static void
add_finding(const char *code, uint64_t copy)
{
	ADD(catalog, TODAY, NULL, "{ss ss ss ss ss sI}", "type", "finding",
	    "event", "open", "code", code, "verdict", "none", "severity",
	    "warning", "copy", (json_int_t)copy);
}

/* The disk was verified, went to the safe, and Suzuki has it for a week. */
static void
add_custody(void)
{
	ADD(catalog, TODAY, NULL, "{ss ss ss ss s{}}", "type", "medium",
	    "event", "record", "medium", "usb1", "result", "detached",
	    "detail");
	add_medium_state(TODAY, "usb1", "absent", false);
	ADD(catalog, TODAY, NULL, "{ss ss ss ss ss ss sI}", "type", "medium",
	    "event", "checkout", "medium", "usb1", "by", "Sato", "holder",
	    "Suzuki", "place", "分院", "until", TODAY + 7 * DAY);
}

static void
append(char *text, size_t size, const char *piece, size_t length)
{
	size_t used = strlen(text);

	assert_true(used + length < size);
	memcpy(text + used, piece, length);
	text[used + length] = '\0';
}

/*
 * The section of the page as text: a line a row of its table, its cells with
 * bars, parts of a cell with slashes.
 */
static void
read_section(char *text, size_t size)
{
	const struct basis basis = {.set = set};
	struct report_request request = {.catalog = catalog,
	    .at = CATALOG_NOW,
	    .now = TODAY,
	    .from = INT64_MIN,
	    .basis = &basis};
	struct bytes out = BYTES_EMPTY;
	const char *at, *end;
	bool is_empty;

	if (report_write(&request, &out, &is_empty, &err) != 0)
		fail_msg("%s", err.text);
	bytes_append_u8(&out, 0);
	at = strstr((const char *)out.data, "id=\"plan\"");
	assert_non_null(at);
	at = strstr(at, "</thead>");
	assert_non_null(at);
	end = strstr(at, "</section>");
	assert_non_null(end);
	text[0] = '\0';
	while (at < end) {
		const char *tag = strchr(at, '<');
		const char *close = strchr(tag, '>');

		append(text, size, at, (size_t)(tag - at));
		if (strncmp(tag, "</td", 4) == 0 ||
		    strncmp(tag, "</th>", 5) == 0)
			append(text, size, "|", 1);
		else if (strncmp(tag, "</tr", 4) == 0)
			append(text, size, "\n", 1);
		else if (strncmp(tag, "<div", 4) == 0)
			append(text, size, "/", 1);
		at = close + 1;
		at += strspn(at, "\n");
	}
	bytes_done(&out);
}

static void
assert_section(const char *expected)
{
	char text[8192];

	read_section(text, sizeof(text));
	assert_string_equal(text, expected);
}

/* The English half of what a medium carries. */
static void
assert_witness(const char *expected)
{
	const struct recover_question question = {
	    .at = CATALOG_NOW, .now = TODAY, .before = INT64_MAX};
	struct witness_text_plan what = {.origin = "origin", .at = TODAY};
	struct recover *plan = NULL;
	struct bytes out = BYTES_EMPTY;
	const char *from, *to;
	char text[8192] = "";

	if (recover_plan(catalog, &question, &plan, &err) != 0)
		fail_msg("%s", err.text);
	what.plan = plan;
	witness_text_plan(&what, &out);
	bytes_append_u8(&out, 0);
	from = strstr((const char *)out.data, "Recovery plan, as of");
	assert_non_null(from);
	from = strchr(from, '\n') + 1;
	to = strstr(from, "\nVerify the chosen copy");
	assert_non_null(to);
	append(text, sizeof(text), from, (size_t)(to - from));
	assert_string_equal(text, expected);
	bytes_done(&out);
	recover_free(plan);
}

static void
each_system_has_its_last_good_one_in_order(void **state)
{
	uint64_t suspicious;

	(void)state;
	add_facility();
	add_medium_state(DAY_ONE, "nas1", "mounted", true);
	add_medium_state(DAY_ONE, "usb1", "mounted", true);
	add_scans(DAY_ONE, "ok");
	(void)add_copy("ehr", 0, "nas1", "intact");
	(void)add_copy("ehr", 0, "usb1", "intact");
	(void)add_copy("ehr", 1, "nas1", "damaged");
	suspicious = add_copy("ehr", 2, "nas1", "intact");
	(void)add_copy("receipt", 1, "nas1", NULL);
	(void)add_copy("receipt", 0, "nas1", "intact");
	(void)add_copy("pacs", 0, "nas1", "damaged");
	add_finding("suspicious-content", suspicious);
	add_custody();
	add_scans(TODAY, "absent");
	assert_section(
	    "○|1|ehr|2026-11-21 00:00/ehr@20261121T000000+0000"
	    "/newer ones, not to be used: damaged or missing 1, suspicious 1"
	    "|usb1, 金庫 (out of reach); taken out by: Suzuki (分院), until "
	    "2026-12-01 00:00; 600 B|2026-11-21|\n"
	    "||||nas1 (may have been in reach of an attacker); 600 B"
	    "|2026-11-21|\n"
	    "△|2|receipt|2026-11-22 00:00/receipt@20261122T000000+0000"
	    "|nas1 (may have been in reach of an attacker); 600 B"
	    "|not read again yet|\n"
	    "×|3|pacs|there is none that can be used"
	    "/newer ones, not to be used: damaged or missing 1|||\n");
	assert_witness(
	    "origin\n\n"
	    "1. ehr\n"
	    "     generation: ehr@20261121T000000+0000  2026-11-21 00:00\n"
	    "     medium: usb1, out of reach, verified, 600 B\n"
	    "     read: 2026-11-21 00:00\n"
	    "     kept: 金庫\n"
	    "     taken out by: Suzuki (分院), until 2026-12-01 00:00\n"
	    "     medium: nas1, may have been in reach of an attacker, "
	    "verified, 600 B\n"
	    "     read: 2026-11-21 00:00\n"
	    "     newer ones, not to be used: damaged or missing 1, "
	    "suspicious 1\n\n"
	    "2. receipt\n"
	    "     generation: receipt@20261122T000000+0000  "
	    "2026-11-22 00:00\n"
	    "     medium: nas1, may have been in reach of an attacker, not "
	    "read again yet, 600 B\n"
	    "     read: 2026-11-22 00:00\n\n"
	    "3. pacs\n"
	    "     generation: there is none that can be used\n"
	    "     newer ones, not to be used: damaged or missing 1\n");
}

static void
that_there_is_none_is_said(void **state)
{
	(void)state;
	add_facility();
	add_medium_state(DAY_ONE, "nas1", "mounted", true);
	add_scans(TODAY, "ok");
	(void)add_copy("receipt", 0, "nas1", "undetermined");
	assert_section("×|1|ehr|there is none that can be used|||\n"
		       "？|2|receipt|there is none that can be used"
		       "/newer ones, not to be used: not determined 1|||\n"
		       "×|3|pacs|there is none that can be used|||\n");
	assert_witness("origin\n\n"
		       "1. ehr\n"
		       "     generation: there is none that can be used\n\n"
		       "2. receipt\n"
		       "     generation: there is none that can be used\n"
		       "     newer ones, not to be used: not determined 1\n\n"
		       "3. pacs\n"
		       "     generation: there is none that can be used\n");
}

/* What holds broken contents is named, and that it is so. */
static void
what_is_broken_is_told(void **state)
{
	uint64_t copy;

	(void)state;
	add_facility();
	add_medium_state(DAY_ONE, "nas1", "mounted", true);
	copy = add_copy("ehr", 3, "nas1", "intact");
	add_finding("content-broken", copy);
	add_scans(TODAY, "absent");
	assert_section("△|1|ehr|2026-11-24 00:00/ehr@20261124T000000+0000"
		       "/what it holds is broken, at least in part"
		       "|nas1 (may have been in reach of an attacker); 600 B"
		       "|2026-11-24|\n"
		       "×|2|receipt|there is none that can be used|||\n"
		       "×|3|pacs|there is none that can be used|||\n");
}

static void
without_systems_there_is_nothing_to_plan(void **state)
{
	const struct basis basis = {.set = set};
	struct report_request request = {.catalog = catalog,
	    .at = CATALOG_NOW,
	    .now = TODAY,
	    .from = INT64_MIN,
	    .basis = &basis};
	struct bytes out = BYTES_EMPTY;
	const char *at;
	bool is_empty;

	(void)state;
	add_origin(catalog);
	if (report_write(&request, &out, &is_empty, &err) != 0)
		fail_msg("%s", err.text);
	bytes_append_u8(&out, 0);
	at = strstr((const char *)out.data, "id=\"plan\"");
	assert_non_null(at);
	assert_non_null(strstr(at, "No systems are configured"));
	bytes_done(&out);
	assert_witness(
	    "origin\n\nNo systems are configured: there is nothing to plan "
	    "with.\n");
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, open_shipped, close_shipped)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(each_system_has_its_last_good_one_in_order),
	    TEST(that_there_is_none_is_said),
	    TEST(what_is_broken_is_told),
	    TEST(without_systems_there_is_nothing_to_plan),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
