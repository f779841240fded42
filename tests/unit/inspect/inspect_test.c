/*
 * What inspectors say of small files made here, sound ones and others; the
 * same in whatever pieces the bytes come.  Files of other programs are looked
 * at in scenario 34.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/inspect/inspect.h"

/* Two receipts: an insurer with a public payer, and a public payer alone. */
#define UKE_BODY                                          \
	"IR,1,13,1,1234567,,202611,00\r\n"                \
	"RE,1,1112,202611,\x8e\x52\x93\x63,1,3500101\r\n" \
	"HO,06123456,,1,2,1200,,0\r\n"                    \
	"KO,54136015,,,2,1200,,0\r\n"                     \
	"RE,2,1112,202611,A,1,3500101\r\n"                \
	"KO,12136015,,,1,300,,0\r\n"
#define UKE UKE_BODY "GO,3,1500,99\r\n"

#define SSMIX_PATH                                                         \
	"999/901/9999013/20111220/OMP-01/9999013_20111220_OMP-01_12345678" \
	"9012345_20111220224447339_01_1"
#define SSMIX                                                           \
	"MSH|^~\\&|HIS||GW||20111220||OMP^O09|1|P|2.5||||||~ISO IR87\r" \
	"PID|||9999013^^^^PI||\x1b$B;3ED\x1b(B^\x1b$BB@O:\x1b(B\r"

#define FHIR                                                      \
	"{\"resourceType\":\"Bundle\",\"type\":\"document\","     \
	"\"identifier\":{\"system\":\"urn:a\",\"value\":\"1\"},"  \
	"\"timestamp\":\"2026-11-21T02:00:00+09:00\",\"entry\":[" \
	"{\"resource\":{\"resourceType\":\"Composition\"}},"      \
	"{\"resource\":{\"resourceType\":\"Patient\"}}]}"

#define BUNDLE_AT(instant)                                      \
	"{\"resourceType\":\"Bundle\",\"type\":\"collection\"," \
	"\"timestamp\":\"" instant "\"}"

#define SQL                                                             \
	"--\n-- PostgreSQL database dump\n--\n\\restrict abc\n"         \
	"CREATE TABLE public.a (\n i integer\n);\n"                     \
	"COPY public.a (i) FROM stdin;\n1\n2\n\\.\n\n"                  \
	"--\n-- PostgreSQL database dump complete\n--\n\n\\unrestrict " \
	"abc\n\n"

struct sample {
	const char *path, *text, *expected;
};

static const struct sample samples[] = {
    {"claims/RECEIPTC.UKE", UKE,
	"uke sound records=7 receipts=2 claims=3 points=1500"},
    {"RECEIPTC.UKE", UKE_BODY,
	"uke broken records=6 receipts=2 claims=3 points=1500 truncated"},
    {"RECEIPTC.UKE", UKE_BODY "GO,2,1500,99\r\n",
	"uke warning records=7 receipts=2 claims=3 points=1500 "
	"count-mismatch:2/3"},
    {"RECEIPTC.UKE", UKE_BODY "GO,3,1501,99\r\n",
	"uke warning records=7 receipts=2 claims=3 points=1500 "
	"sum-mismatch:1501/1500"},
    {"RECEIPTC.UKE", UKE_BODY "GO,3,1500,01\r\n",
	"uke warning records=7 receipts=2 claims=3 points=1500 split"},
    {"RECEIPTC.UKE", UKE "RE,3\r\n",
	"uke broken records=8 receipts=2 claims=3 points=1500 trailing"},
    {"RECEIPTC.UKE", UKE "\x1a",
	"uke sound records=7 receipts=2 claims=3 points=1500"},
    {"RECEIPTC.UKE", "IR,1\nGO,0,0,99\n",
	"uke note records=2 receipts=0 claims=0 points=0 encoding"},
    {"RECEIPTC.UKE", "IR,\x81\x20\r\nGO,0,0,99\r\n",
	"uke warning records=2 receipts=0 claims=0 points=0 encoding"},
    {"RECEIPTC.UKE", "",
	"uke broken records=0 receipts=0 claims=0 points=0 "
	"malformed"},

    {"RECEIPTC.UKE", "UK,1\r\n" UKE,
	"uke sound records=8 receipts=2 claims=3 points=1500"},
    {"RECEIPTC.UKE", "IR,1\r\nUK,1\r\nGO,0,0,99\r\n",
	"uke warning records=3 receipts=0 claims=0 points=0 malformed"},
    {"RECEIPTC.UKE", "RE,1\r\nUK,1\r\nIR,1\r\nGO,0,0,99\r\n",
	"uke warning records=4 receipts=1 claims=0 points=0 missing-part "
	"malformed"},
    {"RECEIPTC.UKE", "SI,1\r\nIR,1\r\nSY,1\r\nGO,0,0,99\r\n",
	"uke warning records=4 receipts=0 claims=0 points=0 malformed"},
    {"RECEIPTC.UKE", "IR,1\r\nHO,06123456,,1,2,1200\r\nGO,1,1200,99\r\n",
	"uke warning records=3 receipts=0 claims=1 points=1200 malformed"},
    {"RECEIPTC.UKE", "GO,0,0,99\r\n",
	"uke warning records=1 receipts=0 claims=0 points=0 missing-part"},

    {SSMIX_PATH, SSMIX, "ssmix2 sound messages=1 segments=2"},
    {"1/" SSMIX_PATH, SSMIX, "ssmix2 sound messages=1 segments=2"},
    {"999/902/9999013/20111220/OMP-01/9999013_20111220_OMP-01_123456789012345"
     "_20111220224447339_01_1",
	SSMIX, "ssmix2 warning messages=1 segments=2 name-mismatch"},
    {"9999013_20111220_OMP-01_123456789012345_20111220224447339_01_9", SSMIX,
	"ssmix2 warning messages=1 segments=2 name-mismatch"},
    {"8888013_20111220_OMP-01_123456789012345_20111220224447339_01_1", SSMIX,
	"ssmix2 warning messages=1 segments=2 name-mismatch"},
    {"9999013_20111220_OMP-01_123456789012345_20111220224447339_01", SSMIX,
	"ssmix2 warning messages=1 segments=2 name-mismatch"},
    {"9999013_20111220_OMP-01_1_2_20111220224447339_01_1", SSMIX,
	"ssmix2 warning messages=1 segments=2 name-mismatch"},
    {"inbox/0001.hl7", SSMIX, "none"},
    {"inbox/0001", SSMIX, "none"},
    {SSMIX_PATH, "MS",
	"ssmix2 broken messages=1 segments=1 malformed "
	"truncated missing-part"},
    {SSMIX_PATH, SSMIX "OBX|\x1b$B;3\r",
	"ssmix2 warning messages=1 segments=3 encoding"},
    {SSMIX_PATH, SSMIX "OBX|\x8e\x52\r",
	"ssmix2 warning messages=1 segments=3 encoding"},
    {SSMIX_PATH, SSMIX "OBX|1",
	"ssmix2 broken messages=1 segments=3 "
	"truncated"},

    {"a/b.json", FHIR, "fhir sound resources=1 entries=2 documents=1"},
    {"a/b.json", "{\"resourceType\":\"Bundle\",\"type\":\"document\"}",
	"fhir broken resources=1 documents=1 missing-part missing-part "
	"missing-part"},
    {"a/b.json", "{\"resourceType\":\"Bundle\"}",
	"fhir broken resources=1 missing-part"},
    {"a/b.json", "{\"resourceType\":\"Bundle\",\"type\":\"documnet\"}",
	"fhir broken resources=1 malformed"},
    {"a/b.json", "{\"resourceType\":\"Bundle\",\"type\":\"searchset\"}",
	"fhir sound resources=1"},
    {"a/b.json", BUNDLE_AT("2026-11-21T02:00:00Z"), "fhir sound resources=1"},
    {"a/b.json", BUNDLE_AT("2024-02-29T23:59:60.123-09:30"),
	"fhir sound resources=1"},
    {"a/b.json", BUNDLE_AT("yesterday"), "fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT(""), "fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-11-21"), "fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-11-21T02:00:00"),
	"fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-02-29T02:00:00Z"),
	"fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-11-21T24:00:00Z"),
	"fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-11-21T02:00:00.Z"),
	"fhir broken resources=1 malformed"},
    {"a/b.json", BUNDLE_AT("2026-11-21T02:00:00+09:00x"),
	"fhir broken resources=1 malformed"},
    {"a/b.json", "{\"resourceType\":\"Bundle\",", "fhir broken malformed"},
    {"a/b.json", "{\"resourceType\":\"Patient\"}", "fhir sound resources=1"},

    {"dump.sql", SQL, "sql sound tables=1 rows=2"},
    {"dump.sql",
	"-- MariaDB dump 10.19\nINSERT INTO `a` VALUES (1);\n"
	"-- Dump completed on 2026-11-21\n",
	"sql sound tables=0 rows=1"},
    {"dump.sql", "-- MySQL dump 10.13\nINSERT INTO a VALUES (1);\n",
	"sql broken tables=0 rows=1 truncated"},
    {"dump.sql", SQL "COPY public.a (i) FROM stdin;\n1\n",
	"sql broken tables=1 rows=3 truncated"},
    {"dump.sql", SQL "DROP TABLE a;\n",
	"sql warning tables=1 rows=2 "
	"trailing"},

    {"readme.txt", "hello", "none"},
    {"photo.dcm", "hello, this is no image", "none"},
};
#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

static void
describe(const struct inspect_report *report, char *text, size_t size)
{
	size_t used = (size_t)snprintf(text, size, "%s %s",
	    inspect_format_name(report->format),
	    inspect_severity_name(report->severity));

	for (size_t i = 0; i < report->count_count && used < size; i++)
		used += (size_t)snprintf(text + used, size - used, " %s=%llu",
		    report->counts[i].name,
		    (unsigned long long)report->counts[i].value);
	for (size_t i = 0; i < report->finding_count && used < size; i++) {
		const struct inspect_finding *f = &report->findings[i];

		used += (size_t)snprintf(text + used, size - used, " %s",
		    inspect_code_name(f->code));
		if (f->expected != f->actual && used < size)
			used += (size_t)snprintf(text + used, size - used,
			    ":%llu/%llu", (unsigned long long)f->expected,
			    (unsigned long long)f->actual);
	}
}

/* The bytes come in pieces of one size. */
static void
look(const char *path, const void *data, size_t length, size_t piece,
    char *text, size_t size)
{
	struct inspect_report report;
	enum inspect_format format;
	struct inspect *inspect;

	if (!inspect_recognise(path, data,
		length < INSPECT_HEAD_BYTES ? length : INSPECT_HEAD_BYTES,
		&format)) {
		(void)snprintf(text, size, "none");
		return;
	}
	inspect = inspect_begin(format, path);
	assert_non_null(inspect);
	for (size_t at = 0; at < length; at += piece)
		inspect_push(inspect, (const char *)data + at,
		    piece < length - at ? piece : length - at);
	inspect_end(inspect, &report);
	assert_int_equal(report.bytes, length);
	describe(&report, text, size);
}

static void
each_sample_is_told_as_it_is(void **state)
{
	static const size_t pieces[] = {1 << 20, 1, 2, 3, 7, 64};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++)
		for (size_t k = 0; k < sizeof(pieces) / sizeof(*pieces); k++) {
			look(samples[i].path, samples[i].text,
			    strlen(samples[i].text), pieces[k], text,
			    sizeof(text));
			if (strcmp(text, samples[i].expected) != 0)
				fail_msg("sample %zu, pieces of %zu: %s, "
					 "expected %s",
				    i, pieces[k], text, samples[i].expected);
		}
}

/* No beginning of a sound file is sound, but where only the end is blank. */
static void
a_file_that_lost_its_end_is_not_sound(void **state)
{
	static const struct sample whole[] = {
	    {"RECEIPTC.UKE", UKE, "\r\n"},
	    {SSMIX_PATH, SSMIX, ""},
	    {"a/b.json", FHIR, ""},
	};
	char text[1024];

	(void)state;
	for (size_t i = 0; i < sizeof(whole) / sizeof(whole[0]); i++) {
		size_t length = strlen(whole[i].text);

		for (size_t cut = 16; cut + strlen(whole[i].expected) < length;
		     cut++) {
			look(whole[i].path, whole[i].text, cut, 1 << 20, text,
			    sizeof(text));
			if (strstr(text, " sound") != NULL)
				fail_msg(
				    "sample %zu cut at %zu: %s", i, cut, text);
		}
	}
}

/* "refuted" what a name promises, or not. */
static void
names_promise_a_format(void **state)
{
	static const struct {
		const char *path, *head;
		size_t length;
		const char *format; /* NULL: nothing is refuted */
	} rows[] = {
	    {"orca.dump", "\0\0\0\0", 4, "pgdump"},
	    {"orca.dump", "", 0, "pgdump"},
	    {"a/b.SQL", "\1\0\0\0", 4, "sql"},
	    {"photo.dcm", "hello", 5, "dicom"},
	    {"orca.sql.gz", "\0\0\0\0", 4, "stream"},
	    {"images.tgz", "hello", 5, "stream"},
	    /* Scripts, UTF-16 ones too, and dumps of other products. */
	    {"make.sql", "DROP TABLE a;", 13, NULL},
	    {"make.sql",
		"\xff\xfe"
		"D\0R\0O\0P\0",
		10, NULL},
	    {"mail.dump", "Message 1", 9, NULL},
	    {"orca.dump", "Salted__\0\0\0\0\0\0\0\0", 16, NULL},
	    {"a/._photo.dcm", "\0\5\26\7", 4, NULL},
	    {"dump/3001.dat.gz", "\0\0\0\0", 4, NULL},
	    {"readme.txt", "\0\0\0\0", 4, NULL},
	};
	struct inspect_report report;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		bool is_refuted = inspect_refute(
		    rows[i].path, rows[i].head, rows[i].length, &report);

		if (is_refuted != (rows[i].format != NULL))
			fail_msg("%s: %d", rows[i].path, is_refuted);
		if (!is_refuted)
			continue;
		assert_string_equal(
		    inspect_format_name(report.format), rows[i].format);
		assert_int_equal(report.severity, INSPECT_WARNING);
		assert_int_equal(report.finding_count, 1);
		assert_int_equal(
		    report.findings[0].code, INSPECT_NAME_MISMATCH);
	}
}

static void
every_code_has_a_name_and_a_sentence(void **state)
{
	(void)state;
	for (unsigned i = 0; i < INSPECT_CODES; i++) {
		assert_non_null(inspect_code_name((enum inspect_code)i));
		assert_true(
		    *inspect_code_sentence((enum inspect_code)i) != '\0');
	}
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		assert_non_null(inspect_format_name((enum inspect_format)i));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(each_sample_is_told_as_it_is),
	    cmocka_unit_test(a_file_that_lost_its_end_is_not_sound),
	    cmocka_unit_test(names_promise_a_format),
	    cmocka_unit_test(every_code_has_a_name_and_a_sentence),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
