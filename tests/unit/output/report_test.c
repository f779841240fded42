/*
 * A quarter on paper: what happened on which day, and a page that is the same
 * each time and holds no markup but its own.
 */
#include "tests/unit/output/quarter.h"

#include "tests/unit/judge/shipped.h"

#include "lib/output/report.h"
#include "lib/output/report_calendar.h"

static struct report_request request;
static struct basis basis;

static int
setup(void **state)
{
	(void)open_shipped(state);
	basis = (struct basis){.set = set};
	request = (struct report_request){
	    .catalog = catalog,
	    .at = CATALOG_NOW,
	    .now = QUARTER_END,
	    .from = INT64_MIN,
	    .basis = &basis,
	};
	return 0;
}

static const struct report_row *
find_row(const struct report_calendar *calendar, enum report_row_kind kind,
    const char *id)
{
	for (size_t i = 0; i < calendar->row_count; i++)
		if (calendar->rows[i].kind == kind &&
		    strcmp(calendar->rows[i].id, id) == 0)
			return &calendar->rows[i];
	fail_msg("no row %s", id);
	return NULL;
}

/* The calendar's last day is the quarter's last. */
static size_t
index_of(int day)
{
	return (size_t)(day - (QUARTER_DAYS - REPORT_DAYS));
}

static void
read_calendar(struct report_calendar *calendar)
{
	if (report_calendar_read(&request, calendar, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(
	    calendar->begin[0], DAY_ONE + (QUARTER_DAYS - REPORT_DAYS) * DAY);
	assert_int_equal(
	    calendar->begin[REPORT_DAYS], DAY_ONE + QUARTER_DAYS * DAY);
}

static void
each_day_has_its_marks(void **state)
{
	struct report_calendar calendar;
	const struct report_row *ehr, *runs;

	(void)state;
	add_quarter(catalog, "みなと病院");
	read_calendar(&calendar);
	ehr = find_row(&calendar, REPORT_GENERATIONS, "ehr");
	runs = find_row(&calendar, REPORT_RUNS, "");
	for (int day = QUARTER_DAYS - REPORT_DAYS; day < QUARTER_DAYS; day++) {
		size_t i = index_of(day);
		bool is_silent =
		    day >= QUARTER_SILENT && day < QUARTER_SILENT + 3;
		enum report_mark mark = is_silent		? REPORT_NOTHING
					: day == QUARTER_DAMAGE ? REPORT_BAD
								: REPORT_GOOD;

		assert_int_equal(calendar.is_watched[i], !is_silent);
		/* Those that expired since, too. */
		assert_int_equal(ehr->days[i].count, !is_silent);
		assert_int_equal(ehr->days[i].mark, mark);
		assert_int_equal(
		    runs->days[i].count, is_silent ? 0 : 1 + (day % 7 == 6));
		assert_int_equal(runs->days[i].mark, mark);
	}
	assert_int_equal(
	    find_row(&calendar, REPORT_GENERATIONS, "pacs")->days[3].count, 0);
	report_calendar_done(&calendar);
}

static void
reach_is_added_up_by_day(void **state)
{
	struct report_calendar calendar;
	const struct report_row *usb, *nas;

	(void)state;
	add_quarter(catalog, "みなと病院");
	read_calendar(&calendar);
	usb = find_row(&calendar, REPORT_REACH, "usb1");
	nas = find_row(&calendar, REPORT_REACH, "nas1");
	for (int day = QUARTER_DAYS - REPORT_DAYS; day < QUARTER_DAYS; day++) {
		size_t i = index_of(day);
		int64_t sunday = day == QUARTER_DAYS - 1 ? 0 : 3 * HOUR;

		assert_int_equal(
		    usb->in_reach_ms[i], day % 7 == 6 ? sunday : 0);
		assert_int_equal(nas->in_reach_ms[i],
		    day == QUARTER_DAYS - 1 ? 12 * HOUR : DAY);
		/* Nobody looked before the first time. */
		assert_int_equal(nas->unknown_ms[i], 0);
		assert_int_equal(usb->unknown_ms[i], 0);
	}
	report_calendar_done(&calendar);
}

/* The page; the caller frees it. */
static const char *
write_page(struct bytes *out)
{
	bool is_empty = true;

	*out = (struct bytes)BYTES_EMPTY;
	if (report_write(&request, out, &is_empty, &err) != 0)
		fail_msg("%s", err.text);
	assert_false(is_empty);
	bytes_append_u8(out, 0);
	return (const char *)out->data;
}

static void
the_page_is_the_same_each_time(void **state)
{
	struct bytes first, second;

	(void)state;
	add_quarter(catalog, "<script>alert('みなと')</script>");
	assert_string_equal(write_page(&first), write_page(&second));
	bytes_done(&first);
	bytes_done(&second);
}

static void
names_do_not_become_markup(void **state)
{
	struct bytes out;
	const char *page;

	(void)state;
	add_quarter(catalog, "<script>alert('みなと')</script>");
	page = write_page(&out);
	assert_null(strstr(page, "<script"));
	assert_non_null(strstr(
	    page, "&lt;script&gt;alert(&#39;みなと&#39;)&lt;/script&gt;"));
	assert_non_null(strstr(page, "<td>Suzuki &amp; &lt;b&gt;</td>"));
	bytes_done(&out);
}

static void
what_counts_is_on_the_page(void **state)
{
	struct bytes out;
	const char *page;

	(void)state;
	add_quarter(catalog, "みなと病院");
	page = write_page(&out);
	/* The records were restored, and there is no word about the images. */
	assert_non_null(strstr(page, "2 h measured"));
	assert_non_null(
	    strstr(page, "This system has no source: nothing of it is known"));
	assert_non_null(strstr(page, "out of reach: observed"));
	assert_non_null(strstr(page, "No head of the journal has been signed"));
	/* A quarter's drill is due 92 days later. */
	assert_non_null(strstr(page, "2027-01-20"));
	bytes_done(&out);
}

static void
add_check(uint64_t drill, const char *kind, const char *name, json_t *detail)
{
	ADD(catalog, request.now, NULL, "{ss ss sI ss ss ss so}", "type",
	    "drill", "event", "check", "drill", (json_int_t)drill, "kind", kind,
	    "name", name, "outcome", "passed", "detail", detail);
}

/* Of one more copy: not all of it was looked into. */
static void
add_drill(void)
{
	uint64_t drill = 0;
	uint64_t copy =
	    add_quarter_copy(catalog, QUARTER_DAYS, request.now, false, false);

	ADD(catalog, request.now, &drill, "{ss ss sI ss si si si}", "type",
	    "drill", "event", "begin", "copy", (json_int_t)copy, "operator",
	    "Sato", "share_ppm", 1000000, "files_total", 5, "bytes_total", 600);
	add_check(
	    drill, "inspect", "stream", json_pack("{si}", "not_inspected", 4));
	add_check(drill, "restore", "bytes",
	    json_pack("{si si}", "no_format", 3, "skipped", 2));
	ADD(catalog, request.now, NULL, "{ss ss sI ss si si si si si}", "type",
	    "drill", "event", "end", "drill", (json_int_t)drill, "outcome",
	    "passed", "files", 5, "bytes", 600, "medium_ms", 0, "restore_ms",
	    1000, "check_ms", 1000);
}

static void
what_a_drill_did_not_look_into_is_on_the_page(void **state)
{
	struct bytes out;

	(void)state;
	add_quarter(catalog, "みなと病院");
	assert_non_null(strstr(write_page(&out), "<td>not known</td>"));
	bytes_done(&out);
	add_drill();
	assert_non_null(strstr(write_page(&out),
	    "<td><p>Files of no format that hikae knows: 3</p>\n"
	    "<p>Files that could not be looked into: 2</p>\n"
	    "<p>Compressed files with a content that was not looked into: 4"
	    "</p>\n</td>"));
	bytes_done(&out);
}

static void
a_period_without_entries_says_so(void **state)
{
	struct bytes out = BYTES_EMPTY;
	bool is_empty = false;

	(void)state;
	add_quarter(catalog, "みなと病院");
	request.from = DAY_ONE + QUARTER_SILENT * DAY;
	request.now = request.from + 2 * DAY;
	if (journal_seq_at(catalog, request.now, &request.at, &err) != 0 ||
	    report_write(&request, &out, &is_empty, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(is_empty);
	bytes_append_u8(&out, 0);
	assert_non_null(strstr(
	    (const char *)out.data, "Nothing was recorded in this period"));
	bytes_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(
		each_day_has_its_marks, setup, close_shipped),
	    cmocka_unit_test_setup_teardown(
		reach_is_added_up_by_day, setup, close_shipped),
	    cmocka_unit_test_setup_teardown(
		the_page_is_the_same_each_time, setup, close_shipped),
	    cmocka_unit_test_setup_teardown(
		names_do_not_become_markup, setup, close_shipped),
	    cmocka_unit_test_setup_teardown(
		what_counts_is_on_the_page, setup, close_shipped),
	    cmocka_unit_test_setup_teardown(
		what_a_drill_did_not_look_into_is_on_the_page, setup,
		close_shipped),
	    cmocka_unit_test_setup_teardown(
		a_period_without_entries_says_so, setup, close_shipped),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
