/*
 * What a compressed stream holds is looked into as the plain file is: the same
 * format, counts and findings, which say that they are inside.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/inspect/inspect.h"
#include "tests/unit/format/packing.h"

#define ROOM 16384

#define SQL_BODY                                    \
	"--\n-- PostgreSQL database dump\n--\n"     \
	"CREATE TABLE public.a (\n i integer\n);\n" \
	"COPY public.a (i) FROM stdin;\n1\n2\n\\.\n\n"
#define SQL SQL_BODY "--\n-- PostgreSQL database dump complete\n--\n\n"
#define UKE_BODY                           \
	"IR,1,13,1,1234567,,202611,00\r\n" \
	"RE,1,1112,202611,A,1,3500101\r\n" \
	"HO,06123456,,1,2,1200,,0\r\n"
#define UKE UKE_BODY "GO,1,1200,99\r\n"
#define FHIR_BODY "{\"resourceType\":\"Patient\""
#define MESSAGE "9999013_20111220_OMP-01_123456789012345_20111220224447339_01_1"
#define SSMIX "MSH|^~\\&|HIS||GW||20111220||OMP^O09|1|P|2.5\rPID|||9999013\r"

static const struct {
	const char *path, *text;
	enum inspect_format format;
	enum inspect_severity severity;
} files[] = {
    {"a/dump.sql", SQL, INSPECT_SQL, INSPECT_SOUND},
    {"a/dump.sql", SQL_BODY, INSPECT_SQL, INSPECT_BROKEN},
    {"a/dump.sql", SQL "DROP TABLE a;\n", INSPECT_SQL, INSPECT_WARNING},
    {"RECEIPTC.UKE", UKE, INSPECT_UKE, INSPECT_SOUND},
    {"RECEIPTC.UKE", UKE_BODY, INSPECT_UKE, INSPECT_BROKEN},
    {"RECEIPTC.UKE", UKE_BODY "GO,2,1200,99\r\n", INSPECT_UKE, INSPECT_WARNING},
    {"p.json", FHIR_BODY "}", INSPECT_FHIR, INSPECT_SOUND},
    {"p.json", FHIR_BODY, INSPECT_FHIR, INSPECT_BROKEN},
    {"9999013/20111220/OMP-01/" MESSAGE, SSMIX, INSPECT_SSMIX2, INSPECT_SOUND},
    {"9999013/20111220/OMP-02/" MESSAGE, SSMIX, INSPECT_SSMIX2,
	INSPECT_WARNING},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static struct inspect_report
look(enum inspect_format format, const char *path, const void *data,
    size_t length, size_t piece)
{
	struct inspect *inspect = inspect_begin(format, path);
	struct inspect_report report;

	assert_non_null(inspect);
	for (size_t at = 0; at < length; at += piece)
		inspect_push(inspect, (const uint8_t *)data + at,
		    piece < length - at ? piece : length - at);
	inspect_end(inspect, &report);
	return report;
}

static struct inspect_report
look_packed(const char *path, const void *data, size_t length, size_t piece)
{
	uint8_t packed[ROOM];
	size_t packed_length =
	    packing_gzip(data, length, 6, packed, sizeof(packed));
	struct inspect_report report;

	assert_true(packed_length > 0);
	report = look(INSPECT_STREAM, path, packed, packed_length, piece);
	assert_int_equal(report.bytes, packed_length);
	return report;
}

static uint64_t
count_of(const struct inspect_report *report, const char *name)
{
	for (size_t i = 0; i < report->count_count; i++)
		if (strcmp(report->counts[i].name, name) == 0)
			return report->counts[i].value;
	return 0;
}

static void
assert_same(
    const struct inspect_report *packed, const struct inspect_report *plain)
{
	assert_true(packed->is_packed);
	assert_int_equal(packed->severity, plain->severity);
	assert_int_equal(packed->finding_count, plain->finding_count);
	for (size_t i = 0; i < plain->finding_count; i++) {
		const struct inspect_finding *one = &packed->findings[i];
		const struct inspect_finding *other = &plain->findings[i];

		assert_true(one->is_inside);
		assert_false(other->is_inside);
		assert_int_equal(one->code, other->code);
		assert_int_equal(one->severity, other->severity);
		assert_int_equal(one->offset, other->offset);
		assert_int_equal(one->expected, other->expected);
		assert_int_equal(one->actual, other->actual);
	}
	assert_int_equal(packed->count_count, plain->count_count + 1);
	for (size_t i = 0; i < plain->count_count; i++)
		assert_int_equal(count_of(packed, plain->counts[i].name),
		    plain->counts[i].value);
	assert_int_equal(count_of(packed, "packed"), 1);
	assert_int_equal(packed->sample_count, plain->sample_count);
}

static void
it_is_told_as_the_plain_file_is(void **state)
{
	static const char *const suffixes[] = {".gz", ".GZ", ".zst"};
	static const size_t pieces[] = {1 << 20, 1, 7};
	char path[256];

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		size_t length = strlen(files[i].text);
		struct inspect_report plain = look(files[i].format,
		    files[i].path, files[i].text, length, 1 << 20);

		assert_int_equal(plain.severity, files[i].severity);
		for (size_t k = 0; k < 3; k++) {
			struct inspect_report packed;

			(void)snprintf(path, sizeof(path), "%s%s",
			    files[i].path, suffixes[k]);
			packed =
			    look_packed(path, files[i].text, length, pieces[k]);
			assert_int_equal(packed.format, files[i].format);
			assert_same(&packed, &plain);
		}
	}
}

/* What the stream itself lacks is said of the stream, and nothing more. */
static void
a_stream_that_is_cut_says_nothing_of_its_inside(void **state)
{
	uint8_t packed[ROOM];
	size_t length =
	    packing_gzip(SQL, strlen(SQL), 6, packed, sizeof(packed));

	(void)state;
	for (size_t cut = 20; cut < length; cut++) {
		struct inspect_report report =
		    look(INSPECT_STREAM, "dump.sql.gz", packed, cut, 1 << 20);

		assert_int_equal(report.format, INSPECT_STREAM);
		assert_false(report.is_packed);
		assert_int_equal(report.severity, INSPECT_BROKEN);
		assert_int_equal(report.finding_count, 1);
		assert_false(report.findings[0].is_inside);
		assert_int_equal(report.count_count, 0);
	}
	memset(packed + length, 'x', 4);
	assert_true(length + 4 <= sizeof(packed));
	struct inspect_report more =
	    look(INSPECT_STREAM, "dump.sql.gz", packed, length + 4, 1 << 20);

	assert_int_equal(more.format, INSPECT_SQL);
	assert_int_equal(more.severity, INSPECT_WARNING);
	assert_int_equal(more.findings[0].code, INSPECT_TRAILING);
	assert_false(more.findings[0].is_inside);
	assert_int_equal(count_of(&more, "rows"), 2);
}

/* Of these it is counted that nobody looked into them. */
static void
what_is_not_looked_into_is_said(void **state)
{
	static uint8_t tar[1536] = "images/1.dcm";
	uint8_t packed[ROOM];
	size_t length =
	    packing_gzip(SQL_BODY, strlen(SQL_BODY), 6, packed, sizeof(packed));
	struct inspect_report reports[4];

	(void)state;
	memcpy(tar + 257, "ustar", 6);
	reports[0] = look_packed("images.tar.gz", tar, sizeof(tar), 1 << 20);
	reports[1] = look_packed("images.tgz", tar, sizeof(tar), 1 << 20);
	reports[2] = look_packed("dump.sql.gz.gz", packed, length, 1 << 20);
	reports[3] = look_packed("notes.gz", "hello", 5, 1 << 20);
	for (size_t i = 0; i < 4; i++) {
		assert_int_equal(reports[i].format, INSPECT_STREAM);
		assert_int_equal(reports[i].severity, INSPECT_SOUND);
		assert_int_equal(count_of(&reports[i], "not_inspected"), 1);
		assert_int_equal(count_of(&reports[i], "packed"), 0);
	}
}

static void
what_its_name_promises_is_refuted(void **state)
{
	static const uint8_t zeros[4096];
	struct inspect_report report =
	    look_packed("orca.dump.gz", zeros, sizeof(zeros), 1 << 20);

	(void)state;
	assert_int_equal(report.format, INSPECT_PGDUMP);
	assert_int_equal(report.severity, INSPECT_WARNING);
	assert_int_equal(report.finding_count, 1);
	assert_int_equal(report.findings[0].code, INSPECT_NAME_MISMATCH);
	assert_true(report.findings[0].is_inside);
}

/* A DICOMDIR in a stream: the files that it names are looked for by nobody. */
static void
what_it_names_is_not_looked_for_and_that_is_said(void **state)
{
	static const uint8_t records[] = {/* (0004,1220), to its end */
	    0x04, 0x00, 0x20, 0x12, 'S', 'Q', 0, 0, 0xff, 0xff, 0xff, 0xff,
	    /* an item, and in it (0004,1500) */
	    0xfe, 0xff, 0x00, 0xe0, 16, 0, 0, 0, /* */
	    0x04, 0x00, 0x00, 0x15, 'C', 'S', 8, 0, 'I', 'M', '\\', 'I', 'M',
	    '0', '0', '1', /* */
	    0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0};
	uint8_t file[132 + 26 + sizeof(records)] = {0};
	static const uint8_t meta[26] = {2, 0, 0x10, 0, 'U', 'I', 18, 0, '1',
	    '.', '2', '.', '8', '4', '0', '.', '1', '0', '0', '0', '8', '.',
	    '1', '.', '2', '.'};
	struct inspect_report plain, packed;

	(void)state;
	memcpy(file + 128, "DICM", 4);
	memcpy(file + 132, meta, sizeof(meta));
	memcpy(file + 132 + sizeof(meta), records, sizeof(records));
	plain = look(INSPECT_DICOM, "DICOMDIR", file, sizeof(file), 1 << 20);
	assert_int_equal(plain.severity, INSPECT_SOUND);
	assert_int_equal(count_of(&plain, "references"), 1);
	packed = look_packed("DICOMDIR.gz", file, sizeof(file), 1 << 20);
	assert_int_equal(packed.format, INSPECT_DICOM);
	assert_int_equal(packed.severity, INSPECT_UNDETERMINED);
	assert_int_equal(packed.findings[0].code, INSPECT_NOT_READ);
	assert_true(packed.findings[0].is_inside);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_is_told_as_the_plain_file_is),
	    cmocka_unit_test(a_stream_that_is_cut_says_nothing_of_its_inside),
	    cmocka_unit_test(what_is_not_looked_into_is_said),
	    cmocka_unit_test(what_its_name_promises_is_refuted),
	    cmocka_unit_test(what_it_names_is_not_looked_for_and_that_is_said),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
