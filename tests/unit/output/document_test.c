/*
 * Documents of a one-system clinic, whole, in their RFC 8785 form: a member
 * that changes its name or meaning shows here.
 */
#include "tests/unit/judge/history_play.h"
#include "tests/unit/store/own_catalog.h"

#include "lib/output/document.h"
#include "lib/output/document_acknowledged.h"
#include "lib/store/journal.h"

static struct document_context context;

static int
setup(void **state)
{
	(void)open_catalog(state);
	context = (struct document_context){
	    .catalog = catalog,
	    .at = CATALOG_NOW,
	    .now = DAY_ONE + HOUR,
	};
	return 0;
}

/* Takes the reference. */
static void
assert_document(json_t *document, const char *expected)
{
	struct bytes text = BYTES_EMPTY;

	if (json_append_canonical(document, &text, &err) != 0)
		fail_msg("%s", err.text);
	bytes_append_u8(&text, 0);
	assert_string_equal((const char *)text.data, expected);
	bytes_done(&text);
	json_decref(document);
}

#define DOCUMENT(call)                            \
	do {                                      \
		document = NULL;                  \
		if ((call) != 0)                  \
			fail_msg("%s", err.text); \
	} while (0)

/* A clear name under a subject that the catalog knows. */
static void
add_named_finding(uint64_t copy, uint64_t manifest)
{
	char subject[CATALOG_SUBJECT_BYTES];

	if (catalog_put_name(catalog, "p\xff/1", 4, subject, &err) != 0)
		fail_msg("%s", err.text);
	ADD(catalog, DAY_ONE + HOUR, NULL, "{ss ss ss ss ss sI sI si ss s{si}}",
	    "type", "finding", "event", "open", "code", "bit-rot", "verdict",
	    "damaged", "severity", "bad", "copy", (json_int_t)copy, "manifest",
	    (json_int_t)manifest, "slice", 1, "subject", subject, "detail",
	    "offset", 64);
}

static void
the_status_is_whole(void **state)
{
	json_t *document;

	(void)state;
	add_good_clinic(catalog, NULL);
	DOCUMENT(document_status(&context, &document, &err));
	/* Of this, below. */
	(void)json_object_del(
	    json_array_get(json_object_get(document, "systems"), 0),
	    "three_two_one");
	assert_document(document,
	    "{\"at\":1795222800000,\"entries\":10,\"exit\":0,"
	    "\"facility\":\"みなと病院\","
	    "\"findings\":{\"bad\":0,\"good\":0,\"undetermined\":0,"
	    "\"warning\":0},"
	    "\"media\":[{\"bytes\":600,\"copies\":1,\"copies_linked\":0,"
	    "\"copies_read_twice\":0,\"coverage_ms\":2592000000,"
	    "\"id\":\"nas1\",\"is_overdue\":false,\"kind\":\"nas\","
	    "\"missing\":0,\"oldest_read_at\":1795219200000,"
	    "\"seen_at\":1795219200000,\"settling\":0,\"slices\":3,"
	    "\"slices_damaged\":0,\"slices_undetermined\":0,\"state\":\"ok\","
	    "\"status\":\"good\",\"unconfirmed_bytes\":0}],"
	    "\"newest_entry_at\":1795219200000,\"reasons\":[],"
	    "\"run\":{\"began_at\":1795219200000,\"bytes\":600,"
	    "\"bytes_read\":600,\"canary\":\"reported\",\"damaged\":0,"
	    "\"ended_at\":1795219200000,\"id\":5,\"intact\":3,"
	    "\"outcome\":\"done\",\"undetermined\":0},"
	    "\"sources\":[{\"good_at\":1795219200000,\"id\":\"ehr-nas\","
	    "\"medium\":\"nas1\",\"scanned_at\":1795219200000,"
	    "\"state\":\"ok\",\"system\":\"ehr\"}],\"status\":\"good\","
	    "\"systems\":[{\"bytes\":600,\"copies\":1,"
	    "\"copies_good\":1,\"coverage_ms\":2592000000,\"damaged\":0,"
	    "\"generations\":1,"
	    "\"generations_good\":1,\"generations_kept\":1,"
	    "\"generations_min\":1,"
	    "\"grace_ms\":7200000,\"id\":\"ehr\",\"intact\":1,"
	    "\"interval_ms\":86400000,\"kind\":\"ehr\","
	    "\"lateness\":\"on-time\",\"media\":1,\"missing\":0,"
	    "\"newest\":\"ehr@20261121T020000+0900\","
	    "\"newest_at\":1795219200000,\"oldest_read_at\":1795219200000,"
	    "\"settling\":0,\"sources\":1,\"status\":\"good\","
	    "\"unconfirmed_bytes\":0,\"undetermined\":0,\"unseen\":0}]}");
}

/* An acknowledgement at an hour, by somebody, until another hour. */
static void
add_ack(const char *code, int64_t at, const char *by, int64_t until)
{
	ADD(catalog, DAY_ONE + at * HOUR, NULL, "{ss ss ss si ss sI ss}",
	    "type", "acknowledged", "code", code, "severity", "bad", "count", 1,
	    "by", by, "until", (json_int_t)(DAY_ONE + until * HOUR), "note",
	    "ordered");
}

static const char *
acknowledged_by(const char *code)
{
	json_t *status = json_pack("{s:[{s:s, s:I}, {s:s, s:s}]}", "reasons",
	    "code", code, "since", (json_int_t)(DAY_ONE + 2 * HOUR), "code",
	    code, "medium", "nas1");
	static char by[64];
	const json_t *reasons, *ack;

	assert_int_equal(document_acknowledged_add(&context, status, &err), 0);
	reasons = json_object_get(status, "reasons");
	/* One of another medium is another. */
	assert_null(
	    json_object_get(json_array_get(reasons, 1), "acknowledged"));
	ack = json_object_get(json_array_get(reasons, 0), "acknowledged");
	(void)snprintf(by, sizeof(by), "%s",
	    ack == NULL ? "-" : json_string_value(json_object_get(ack, "by")));
	json_decref(status);
	return by;
}

static void
who_takes_care_stands_in_the_journal(void **state)
{
	(void)state;
	add_good_clinic(catalog, NULL);
	add_ack("bit-rot", 1, "before it began", 99);
	assert_string_equal(acknowledged_by("bit-rot"), "-");
	add_ack("bit-rot", 3, "Sato", 10);
	add_ack("bit-rot", 4, "Ito", 8);
	add_ack("overwritten", 5, "Kato", 99);
	commit(catalog);
	context.now = DAY_ONE + 7 * HOUR;
	assert_string_equal(acknowledged_by("bit-rot"), "Ito");
	assert_string_equal(acknowledged_by("missing"), "-");
	/* It ends; as of an earlier entry nothing is known of a later one. */
	context.now = DAY_ONE + 9 * HOUR;
	assert_string_equal(acknowledged_by("bit-rot"), "Sato");
	context.now = DAY_ONE + 10 * HOUR;
	assert_string_equal(acknowledged_by("bit-rot"), "-");
	context.now = DAY_ONE + 7 * HOUR;
	assert_int_equal(
	    journal_seq_at(catalog, DAY_ONE + 3 * HOUR, &context.at, &err), 0);
	assert_string_equal(acknowledged_by("bit-rot"), "Sato");
}

/* A disk that went into the safe, an hour after it was verified. */
static void
what_is_out_of_reach_is_told(void **state)
{
	json_t *document, *medium, *counts;

	(void)state;
	add_good_clinic(catalog, "detached");
	(void)play(catalog, DAY_ONE, "nas1", "in=wwn:1 +1h out record");
	DOCUMENT(document_status(&context, &document, &err));
	medium = json_object_get(document, "media");
	medium = json_incref(json_array_get(medium, 0));
	counts = json_array_get(json_object_get(document, "systems"), 0);
	counts = json_incref(json_object_get(counts, "three_two_one"));
	json_decref(document);
	for (size_t i = 0; i < 9; i++)
		(void)json_array_remove(json_object_get(counts, "rules"), 1);
	assert_document(counts,
	    "{\"copies\":1,\"errors\":0,\"immutable\":0,"
	    "\"immutable_most\":1,\"media_kinds\":1,\"offline\":1,"
	    "\"offline_or_offsite\":1,\"offsite\":0,\"rules\":["
	    "{\"counts_production\":true,\"is_kept\":\"no\","
	    "\"missing\":[\"copies\",\"media-kinds\",\"offsite\"],"
	    "\"rule\":\"3-2-1-offsite\",\"unknown\":[]}]}");
	assert_document(medium,
	    "{\"bytes\":600,\"copies\":1,\"copies_linked\":0,"
	    "\"copies_read_twice\":0,\"coverage_ms\":2592000000,"
	    "\"exposure_ms\":3600000,\"exposure_percent\":1,"
	    "\"exposure_percent_most\":100,"
	    "\"exposure_unknown_ms\":2588400000,\"id\":\"nas1\","
	    "\"in_reach\":false,\"is_overdue\":false,\"kind\":\"nas\","
	    "\"missing\":0,\"offline\":\"detached\","
	    "\"offline_evidence\":\"verified\","
	    "\"offline_until\":1798246800000,"
	    "\"oldest_read_at\":1795219200000,\"presence\":\"absent\","
	    "\"reach_since\":1795222800000,"
	    "\"seen_at\":1795219200000,\"settling\":0,\"slices\":3,"
	    "\"slices_damaged\":0,\"slices_undetermined\":0,"
	    "\"state\":\"ok\",\"status\":\"good\","
	    "\"unconfirmed_bytes\":0}");
}

static void
an_empty_status_is_undetermined(void **state)
{
	json_t *document;

	(void)state;
	DOCUMENT(document_status(&context, &document, &err));
	assert_document(document,
	    "{\"at\":1795222800000,\"entries\":0,\"exit\":3,"
	    "\"findings\":{\"bad\":0,\"good\":0,\"undetermined\":0,"
	    "\"warning\":0},\"media\":[],\"reasons\":[{\"code\":\"no-journal\","
	    "\"count\":1,\"severity\":\"undetermined\"}],\"sources\":[],"
	    "\"status\":\"undetermined\",\"systems\":[]}");
}

static void
lists_are_whole(void **state)
{
	json_t *document;

	(void)state;
	add_good_clinic(catalog, NULL);
	DOCUMENT(document_generations(&context, NULL, &document, &err));
	assert_document(document,
	    "{\"generations\":[{\"bytes\":600,\"copies\":1,\"damaged\":0,"
	    "\"id\":\"ehr@20261121T020000+0900\",\"intact\":1,\"is_"
	    "suspicious\":false,\"missing\":0,"
	    "\"oldest_read_at\":1795219200000,\"system\":\"ehr\","
	    "\"taken_at\":1795219200000,\"time_from\":\"name\","
	    "\"undetermined\":0,\"verdict\":\"intact\"}],\"is_cut\":false}");
	DOCUMENT(document_copies(&context, NULL, &document, &err));
	assert_document(document,
	    "{\"copies\":[{\"bytes\":600,\"captured_at\":1795219200000,"
	    "\"content\":\"" DIGEST_A "\",\"entries\":7,\"files\":5,"
	    "\"findings\":0,\"generation\":\"ehr@20261121T020000+0900\","
	    "\"id\":3,\"layout\":\"directory\",\"manifest\":4,"
	    "\"medium\":\"nas1\",\"oldest_read_at\":1795219200000,"
	    "\"slices\":3,\"slices_damaged\":0,\"slices_intact\":3,"
	    "\"slices_undetermined\":0,\"source\":\"ehr-nas\","
	    "\"state\":\"captured\",\"subject\":\"" DIGEST_A "\","
	    "\"system\":\"ehr\",\"taken_at\":1795219200000,"
	    "\"unconfirmed_bytes\":0,\"unread\":0,\"verdict\":\"intact\","
	    "\"version\":1}],\"is_cut\":false}");
}

static void
names_are_for_those_who_may_see_them(void **state)
{
	json_t *document, *first;
	uint64_t manifest;

	(void)state;
	manifest = add_good_clinic(catalog, NULL);
	add_named_finding(3, manifest);
	DOCUMENT(document_findings(&context, NULL, &document, &err));
	first = json_array_get(json_object_get(document, "findings"), 0);
	assert_non_null(json_object_get(first, "subject"));
	assert_null(json_object_get(first, "name"));
	json_decref(document);
	context.has_names = true;
	DOCUMENT(document_findings(&context, NULL, &document, &err));
	first = json_array_get(json_object_get(document, "findings"), 0);
	/* Not UTF-8: in base64. */
	assert_string_equal(json_string_value(json_object_get(
				json_object_get(first, "name"), "b64")),
	    "cP8vMQ==");
	json_decref(document);
}

static void
a_list_stops_at_its_limit(void **state)
{
	json_t *document;

	(void)state;
	add_good_clinic(catalog, NULL);
	add_seen(catalog, DAY_ONE, "ehr@20261121T020000+0900.2", "ehr", "nas1",
	    "ehr-nas");
	context.limit = 1;
	DOCUMENT(document_copies(&context, NULL, &document, &err));
	assert_int_equal(
	    json_array_size(json_object_get(document, "copies")), 1);
	assert_true(json_is_true(json_object_get(document, "is_cut")));
	json_decref(document);
	context.limit = 2;
	DOCUMENT(document_copies(&context, NULL, &document, &err));
	assert_true(json_is_false(json_object_get(document, "is_cut")));
	json_decref(document);
}

static size_t
count_of(const json_t *document, const char *key, const char *list)
{
	const json_t *whole =
	    key == NULL ? document : json_object_get(document, key);

	return json_array_size(json_object_get(whole, list));
}

static void
each_thing_is_shown_by_its_name(void **state)
{
	json_t *document;
	uint64_t manifest;

	(void)state;
	manifest = add_good_clinic(catalog, NULL);
	add_named_finding(3, manifest);
	DOCUMENT(document_show(&context, "3", &document, &err));
	assert_int_equal(count_of(document, "copy", "slices_read"), 3);
	assert_int_equal(count_of(document, "copy", "manifests"), 1);
	assert_int_equal(count_of(document, "copy", "findings"), 1);
	json_decref(document);
	DOCUMENT(document_show(&context, GENERATION, &document, &err));
	assert_int_equal(count_of(document, NULL, "copies"), 1);
	assert_int_equal(count_of(document, NULL, "findings"), 1);
	json_decref(document);
	DOCUMENT(document_show(&context, "5", &document, &err));
	assert_non_null(json_object_get(document, "run"));
	json_decref(document);
	DOCUMENT(document_show(&context, "10", &document, &err));
	assert_int_equal(
	    json_integer_value(json_object_get(
		json_object_get(json_object_get(document, "finding"), "detail"),
		"offset")),
	    64);
	json_decref(document);
}

static void
nothing_else_is_found(void **state)
{
	static const char *const wrong[] = {"", "0", "4", "99", "3x", "-3",
	    "ehr@20201121T020000+0900", "99999999999999999999"};
	json_t *document;

	(void)state;
	add_good_clinic(catalog, NULL);
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		assert_int_equal(
		    document_show(&context, wrong[i], &document, &err), -1);
		assert_int_equal(err.code, ERROR_NOT_FOUND);
	}
}

static void
the_journal_is_as_it_was_written(void **state)
{
	json_t *document, *entry;

	(void)state;
	add_good_clinic(catalog, NULL);
	DOCUMENT(document_journal(&context, 2, 4, &document, &err));
	assert_int_equal(count_of(document, NULL, "entries"), 2);
	assert_int_equal(
	    json_integer_value(json_object_get(document, "size")), 10);
	entry = json_array_get(json_object_get(document, "entries"), 0);
	assert_document(json_incref(entry),
	    "{\"at\":1795219200000,\"candidates\":1,\"result\":\"ok\","
	    "\"seq\":2,\"source\":\"ehr-nas\",\"type\":\"scan\",\"v\":1}");
	json_decref(document);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, close_catalog)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(the_status_is_whole),
	    TEST(who_takes_care_stands_in_the_journal),
	    TEST(what_is_out_of_reach_is_told),
	    TEST(an_empty_status_is_undetermined),
	    TEST(lists_are_whole),
	    TEST(names_are_for_those_who_may_see_them),
	    TEST(a_list_stops_at_its_limit),
	    TEST(each_thing_is_shown_by_its_name),
	    TEST(nothing_else_is_found),
	    TEST(the_journal_is_as_it_was_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
