/*
 * inspect_set: files that name each other, in any order.  The names follow
 * PS3.10 section 8.5, PS3.12 annex F, and what pg_dump -Fd writes; the frames
 * are of lz4(1) and zstd(1).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/inspect/inspect_set.h"

/* "x" as the two programs compress it, and the same in one gzip member. */
#define LZ4_X                                              \
	"\x04\x22\x4d\x18\x64\x40\xa7\x01\x00\x00\x80\x78" \
	"\x00\x00\x00\x00\xea\x30\xc4\x2e"
#define ZSTD_X "\x28\xb5\x2f\xfd\x04\x58\x09\x00\x00\x78\x23\x11\x04\x83"
#define GZIP_X                                                             \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\xab\x00\x00\x83\x16\xdc" \
	"\x8c\x01\x00\x00\x00"
#define BYTES(text) (text), sizeof(text) - 1

/* The longest name that is looked at. */
#define X48 "XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX"
#define X144 X48 X48 X48

/* A number of pg_dump: its sign, then four bytes. */
static size_t
put_number(uint8_t *to, int32_t number)
{
	to[0] = number < 0;
	for (int i = 0; i < 4; i++)
		to[1 + i] = (uint8_t)((number < 0 ? -number : number) >> 8 * i);
	return 5;
}

static size_t
put_text(uint8_t *to, const char *text)
{
	size_t used = put_number(to, (int32_t)strlen(text));

	memcpy(to + used, text, strlen(text));
	return used + strlen(text);
}

/* toc.dat of -Fd with one entry, whose data is in that file: archive 1.14. */
static size_t
make_toc(uint8_t *to, const char *file)
{
	size_t used = 0;

	memcpy(to, "PGDMP\x01\x0e\x00\x04\x08\x05", 11);
	used = 11;
	used += put_number(to + used, 0); /* not compressed */
	for (int i = 0; i < 7; i++)
		used += put_number(to + used, 1); /* the date */
	used += put_text(to + used, "ehr");
	used += put_text(to + used, "15.0");
	used += put_text(to + used, "15.0");
	used += put_number(to + used, 1); /* entries */
	used += put_number(to + used, 7); /* its id */
	used += put_number(to + used, 1); /* it has data */
	used += put_text(to + used, "0");
	used += put_text(to + used, "16384");
	used += put_text(to + used, "patients");
	used += put_text(to + used, "TABLE DATA");
	used += put_number(to + used, 3); /* section */
	for (int i = 0; i < 7; i++)	  /* definition to owner */
		used += put_text(to + used, "");
	used += put_text(to + used, "false");
	used += put_number(to + used, -1); /* no more dependencies */
	return used + put_text(to + used, file);
}

static void
add_toc(struct inspect_set *set, const char *path, const char *file)
{
	struct inspect *inspect = inspect_begin_in(set, INSPECT_PGDUMP, path);
	struct inspect_report report;
	uint8_t toc[512];

	assert_non_null(inspect);
	inspect_push(inspect, toc, make_toc(toc, file));
	inspect_end(inspect, &report);
	assert_int_equal(report.severity, INSPECT_SOUND);
}

static void
add_part(
    struct inspect_set *set, const char *path, const char *data, size_t length)
{
	struct inspect_part *part = inspect_part_begin(set, path);

	assert_non_null(part);
	for (size_t i = 0; i < length; i++)
		inspect_part_push(part, (const uint8_t *)data + i, 1);
	inspect_part_end(part);
}

/* A DICOMDIR in explicit little-endian with one record for each file. */
static void
add_dicomdir(struct inspect_set *set, const char *path, const char *id)
{
	struct inspect *inspect = inspect_begin_in(set, INSPECT_DICOM, path);
	struct inspect_report report;
	uint8_t file[512] = {0}, length = (uint8_t)strlen(id);
	size_t at = 128;

	assert_int_equal(length % 2, 0);
	memcpy(file + at, "DICM", 4);
	at += 4;
	/* (0004,1220) SQ, one item, (0004,1410) US, (0004,1500) CS */
	memcpy(file + at, "\x04\x00\x20\x12SQ\0\0", 8);
	file[at + 8] = (uint8_t)(8 + 10 + 8 + length);
	at += 12;
	memcpy(file + at, "\xfe\xff\x00\xe0", 4);
	file[at + 4] = (uint8_t)(10 + 8 + length);
	at += 8;
	memcpy(file + at, "\x04\x00\x10\x14US\x02\0\xff\xff", 10);
	at += 10;
	memcpy(file + at,
	    "\x04\x00\x00\x15"
	    "CS",
	    6);
	file[at + 6] = length;
	at += 8;
	memcpy(file + at, id, length);
	inspect_push(inspect, file, at + length);
	inspect_end(inspect, &report);
	assert_int_equal(report.count_count, 4);
	assert_int_equal(report.counts[3].value, 1); /* references */
}

static void
append(void *context, const struct inspect_set_result *result)
{
	char *text = context;
	size_t used = strlen(text);

	(void)snprintf(text + used, 256 - used, "%s%s %s %s %llu/%llu",
	    used > 0 ? ", " : "", result->path,
	    inspect_severity_name(result->finding.severity),
	    inspect_code_name(result->finding.code),
	    (unsigned long long)result->finding.actual,
	    (unsigned long long)result->finding.expected);
}

#define expect(set, wanted)                                 \
	do {                                                \
		char text_[256] = "";                       \
		inspect_set_conclude((set), append, text_); \
		assert_string_equal(text_, (wanted));       \
		inspect_set_free(set);                      \
	} while (0)

static void
a_part_is_there_missing_or_cut(void **state)
{
	static const struct {
		const char *path, *data;
		size_t length;
		const char *expected;
	} rows[] = {
	    {"d/7.dat", BYTES("1\n\\.\n\n\n"), ""},
	    {"d/7.dat", BYTES("INSERT INTO a VALUES (1);\n\n\n"), ""},
	    {"d/7.dat", BYTES("\n\n"), ""},
	    {"d/7.dat", BYTES("1\n\\.\n\n"), "d/toc.dat broken truncated 0/0"},
	    {"d/7.dat", BYTES(""), "d/toc.dat broken truncated 0/0"},
	    {"d/7.dat.gz", BYTES(GZIP_X), ""},
	    {"d/7.dat.gz", BYTES(GZIP_X "x"), "d/toc.dat warning trailing 0/0"},
	    {"d/7.dat.gz", GZIP_X, sizeof(GZIP_X) - 2,
		"d/toc.dat broken truncated 0/0"},
	    {"d/7.dat.gz", BYTES("no gzip"), "d/toc.dat broken checksum 0/0"},
	    {"d/7.dat.lz4", BYTES(LZ4_X), ""},
	    {"d/7.dat.lz4", LZ4_X, sizeof(LZ4_X) - 2,
		"d/toc.dat broken truncated 0/0"},
	    {"d/7.dat.zst", BYTES(ZSTD_X), ""},
	    {"d/7.dat.zst", BYTES(ZSTD_X ZSTD_X), ""},
	    {"d/7.dat.zst", ZSTD_X, sizeof(ZSTD_X) - 2,
		"d/toc.dat broken truncated 0/0"},
	    {"d/7.dat.zst", BYTES(ZSTD_X "more"),
		"d/toc.dat warning trailing 0/0"},
	    {"d/8.dat", BYTES("\n\n"), "d/toc.dat broken missing-part 0/1"},
	    {"e/7.dat", BYTES("\n\n"), "d/toc.dat broken missing-part 0/1"},
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(rows) / sizeof(rows[0]); i++) {
		struct inspect_set *set = inspect_set_new();
		bool is_before = i % 2 == 0;

		if (is_before)
			add_toc(set, "d/toc.dat", "7.dat");
		add_part(set, rows[i / 2].path, rows[i / 2].data,
		    rows[i / 2].length);
		if (!is_before)
			add_toc(set, "d/toc.dat", "7.dat");
		expect(set, rows[i / 2].expected);
	}
}

/* Files that nobody names may be anything. */
static void
what_nobody_names_is_not_judged(void **state)
{
	struct inspect_set *set = inspect_set_new();

	(void)state;
	add_part(set, "lab/0001.dat", BYTES("not of a dump"));
	add_part(set, "lab/blobs.toc", BYTES("1 blob_1.dat\n"));
	expect(set, "");
}

static void
large_objects_are_named_by_their_list(void **state)
{
	struct inspect_set *set = inspect_set_new();

	(void)state;
	add_toc(set, "toc.dat", "blobs.toc");
	add_part(set, "blobs.toc", BYTES("1 blob_1.dat\n2 blob_2.dat\n"));
	add_part(set, "blob_1.dat.gz", BYTES(GZIP_X));
	expect(set, "toc.dat broken missing-part 1/2");
	set = inspect_set_new();
	add_toc(set, "toc.dat", "blobs.toc");
	add_part(set, "blobs.toc", BYTES("1 blob_1.dat\n2 blo"));
	add_part(set, "blob_1.dat", BYTES("any bytes"));
	expect(set, "toc.dat broken malformed 0/0");
}

/* More who name than can be noted: 4096 and one more. */
static void
a_list_that_could_not_be_noted_is_not_sound(void **state)
{
	struct inspect_set *set = inspect_set_new();
	char path[32];

	(void)state;
	add_toc(set, "toc.dat", "blobs.toc");
	for (int i = 1; i < 4096; i++) {
		(void)snprintf(path, sizeof(path), "%d/blobs.toc", i);
		add_part(set, path, BYTES("1 blob_1.dat\n"));
	}
	add_part(set, "blobs.toc", BYTES("1 blob_1.dat\n"));
	add_part(set, "blob_1.dat", BYTES("any bytes"));
	expect(set, "toc.dat undetermined too-large 0/0");
}

static void
an_image_is_found_as_its_medium_shows_it(void **state)
{
	static const struct {
		const char *directory, *id, *file;
		bool is_there;
	} rows[] = {
	    {"DICOMDIR", "IMG\\IM01", "IMG/IM01", true},
	    {"DICOMDIR", "IMG\\IM1 ", "IMG/IM1", true},
	    {"cd/dicomdir", "IMG\\IM01", "cd/img/im01", true},
	    {"cd/DICOMDIR", "IMG\\IM01", "cd/IMG/IM01.;1", true},
	    {"cd/DICOMDIR", "IMG\\IM01", "cd/IMG/IM01;1", true},
	    /* Longer than a CS may be; there are programs that write it. */
	    {"DICOMDIR", "IMG\\1.2.392.200036.9116.2.6.1 ",
		"IMG/1.2.392.200036.9116.2.6.1", true},
	    {"DICOMDIR", X144, X144 ".;1", true},
	    {"DICOMDIR", X144, X144 "X", false},
	    {"cd/DICOMDIR", "IMG\\IM01", "IMG/IM01", false},
	    {"cd/DICOMDIR", "IMG\\IM01", "cd/IMG/IM01.dcm", false},
	    {"cd/DICOMDIR", "IMG\\IM01", "cd/IMG/IM011", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct inspect_set *set = inspect_set_new();
		char expected[64] = "";

		if (!rows[i].is_there)
			(void)snprintf(expected, sizeof(expected),
			    "%s broken missing-part 0/1", rows[i].directory);
		inspect_set_add(set, rows[i].file);
		add_dicomdir(set, rows[i].directory, rows[i].id);
		expect(set, expected);
	}
}

/* One that did not come whole names nothing. */
static void
a_cancelled_file_names_nothing(void **state)
{
	struct inspect_set *set = inspect_set_new();
	struct inspect *inspect =
	    inspect_begin_in(set, INSPECT_PGDUMP, "toc.dat");
	uint8_t toc[512];

	(void)state;
	inspect_push(inspect, toc, make_toc(toc, "7.dat"));
	inspect_cancel(inspect);
	expect(set, "");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_part_is_there_missing_or_cut),
	    cmocka_unit_test(what_nobody_names_is_not_judged),
	    cmocka_unit_test(large_objects_are_named_by_their_list),
	    cmocka_unit_test(a_list_that_could_not_be_noted_is_not_sound),
	    cmocka_unit_test(an_image_is_found_as_its_medium_shows_it),
	    cmocka_unit_test(a_cancelled_file_names_nothing),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
