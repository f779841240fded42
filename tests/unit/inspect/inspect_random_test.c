/*
 * Each inspector is given random bytes, of a fixed seed, alone and behind what
 * its format begins with: none crashes, hangs, or calls them sound where they
 * are behind its beginning; and it says the same in whatever pieces they come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/inspect/inspect_set.h"

#define HEAD_BYTES 512
#define FILE_BYTES 12000
#define SEEDS 8
#define HANGS_AFTER_SECONDS 120

#define SSMIX_PATH \
	"9999013_20111220_OMP-01_123456789012345_20111220224447339_01_1"

/* What a format's files begin with. */
struct head {
	enum inspect_format format;
	const char *path, *bytes;
	size_t length;
};
#define HEAD(format, path, bytes)                      \
	{                                              \
		format, path, bytes, sizeof(bytes) - 1 \
	}

static const struct head heads[] = {
    HEAD(INSPECT_PGDUMP, "a.dump", "PGDMP"),
    /* Version 1.14, custom, packed; 1.16, of a folder; then the date. */
    HEAD(INSPECT_PGDUMP, "a.dump", "PGDMP\1\16\0\4\10\1\0\6\0\0\0"),
    HEAD(INSPECT_PGDUMP, "d/toc.dat", "PGDMP\1\20\0\4\10\5\1"),
    HEAD(INSPECT_SQL, "a.sql", "--\n-- PostgreSQL database dump\n--\n"),
    HEAD(INSPECT_SQL, "a.sql", "-- MySQL dump 10.13\n"),
    HEAD(INSPECT_DICOM, "a.dcm", "\10\0\5\0CS\2\0"),
    HEAD(INSPECT_UKE, "RECEIPTC.UKE", "IR,1,13,1,1234567,,202611,00\r\n"),
    HEAD(INSPECT_UKE, "RECEIPTC.UKE", ""),
    HEAD(INSPECT_SSMIX2, SSMIX_PATH, "MSH|^~\\&|HIS||GW\r"),
    HEAD(INSPECT_FHIR, "a.json", "{\"resourceType\":\"Bundle\","),
    HEAD(INSPECT_SQLITE, "a.db", "SQLite format 3\0"),
    /* Pages of 4096 bytes, written as the current version says. */
    HEAD(INSPECT_SQLITE, "b.db", "SQLite format 3\0\20\0\1\1\0"),
    HEAD(INSPECT_STREAM, "a.sql.gz", "\x1f\x8b\10\0\0\0\0\0\0\3"),
    HEAD(INSPECT_STREAM, "a.bz2", "BZh91AY&SY"),
    HEAD(INSPECT_STREAM, "a.xz",
	"\xfd"
	"7zXZ\0\0\4\xe6\xd6\xb4\x46"),
    HEAD(INSPECT_STREAM, "a.zst", "\x28\xb5\x2f\xfd\4\0"),
    HEAD(INSPECT_STREAM, "a.zst", "\x28\xb5\x2f\xfd"),
    HEAD(INSPECT_STREAM, "a.lz4", "\4\x22\x4d\x18\x64\x40\xa7"),
};
#define HEADS (sizeof(heads) / sizeof(heads[0]))

static const size_t pieces[] = {1, 7, 4096};
#define PIECES (sizeof(pieces) / sizeof(pieces[0]))

/* Numerical Recipes' generator: the high bits are random enough. */
static void
fill(uint8_t *bytes, size_t length, uint32_t seed)
{
	for (size_t i = 0; i < length; i++) {
		seed = seed * 1664525 + 1013904223;
		bytes[i] = (uint8_t)(seed >> 24);
	}
}

static struct inspect *
begin(
    const struct head *head, const uint8_t *bytes, size_t length, size_t piece)
{
	struct inspect *inspect = inspect_begin(head->format, head->path);

	assert_non_null(inspect);
	for (size_t at = 0; at < length; at += piece)
		inspect_push(inspect, bytes + at,
		    piece < length - at ? piece : length - at);
	return inspect;
}

/* What is said of them; given up in another run. */
static enum inspect_severity
look(const struct head *head, const uint8_t *bytes, size_t length)
{
	struct inspect_report reports[PIECES];

	for (size_t i = 0; i < PIECES; i++) {
		const struct inspect_report *one = &reports[i];

		inspect_cancel(begin(head, bytes, length, pieces[i]));
		inspect_end(begin(head, bytes, length, pieces[i]), &reports[i]);
		assert_int_equal(one->bytes, length);
		assert_int_equal(one->severity, reports[0].severity);
		assert_int_equal(one->finding_count, reports[0].finding_count);
		assert_int_equal(
		    one->severity == INSPECT_SOUND, one->finding_count == 0);
		assert_true(one->finding_count <= INSPECT_FINDINGS_MAX);
	}
	return reports[0].severity;
}

static void
random_bytes_are_no_reason_to_crash(void **state)
{
	static const size_t lengths[] = {0, 1, 40, 600, FILE_BYTES};
	uint8_t bytes[FILE_BYTES];

	(void)state;
	for (unsigned i = 0; i < INSPECT_FORMATS; i++) {
		const struct head head = {
		    .format = (enum inspect_format)i, .path = "a"};

		for (uint32_t seed = 1; seed <= SEEDS; seed++)
			for (size_t k = 0; k < 5; k++) {
				fill(bytes, lengths[k], seed);
				(void)look(&head, bytes, lengths[k]);
			}
	}
}

/* Behind what it begins with, on to which the random bytes lead. */
static void
look_behind(const struct head *head)
{
	uint8_t bytes[FILE_BYTES];
	enum inspect_format format;

	memcpy(bytes, head->bytes, head->length);
	for (uint32_t seed = 1; seed <= SEEDS; seed++) {
		fill(bytes + head->length, FILE_BYTES - head->length, seed);
		assert_true(inspect_recognise(
		    head->path, bytes, INSPECT_HEAD_BYTES, &format));
		assert_int_equal(format, head->format);
		for (size_t length = FILE_BYTES; length > head->length;
		     length /= 4)
			if (look(head, bytes, length) == INSPECT_SOUND)
				fail_msg("%s: %zu bytes of seed %u are sound",
				    head->path, length, (unsigned)seed);
	}
}

static void
random_bytes_behind_a_beginning_are_not_sound(void **state)
{
	char dicom[132] = "", tar[HEAD_BYTES] = "toc.dat";
	const struct head made[] = {
	    {INSPECT_DICOM, "IM0001", dicom, sizeof(dicom)},
	    {INSPECT_PGTAR, "a.tar", tar, sizeof(tar)},
	};
	bool is_met[INSPECT_FORMATS] = {false};
	unsigned sum = 0;

	(void)state;
	memcpy(dicom + 128, "DICM", 4);
	memcpy(tar + 257, "ustar", 5);
	memcpy(tar + 124, "00000004000", 11);
	memset(tar + 148, ' ', 8);
	for (size_t i = 0; i < sizeof(tar); i++)
		sum += (unsigned char)tar[i];
	(void)snprintf(tar + 148, 8, "%06o", sum);
	for (size_t i = 0; i < HEADS; i++) {
		look_behind(&heads[i]);
		is_met[heads[i].format] = true;
	}
	for (size_t i = 0; i < 2; i++) {
		look_behind(&made[i]);
		is_met[made[i].format] = true;
	}
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		assert_true(is_met[i]);
}

/* Parts of a dump have inspectors of their own. */
static void
random_parts_are_no_reason_to_crash(void **state)
{
	static const struct head parts[] = {
	    {.path = "d/3001.dat"},
	    {.path = "d/3001.dat.gz",
		.bytes = "\x1f\x8b\10\0\0\0\0\0\0\3",
		.length = 10},
	    {.path = "d/3001.dat.lz4",
		.bytes = "\4\x22\x4d\x18\x64\x40\xa7",
		.length = 7},
	    {.path = "d/3001.dat.zst",
		.bytes = "\x28\xb5\x2f\xfd\4\0",
		.length = 6},
	    {.path = "d/blobs.toc"},
	};
	uint8_t bytes[FILE_BYTES];

	(void)state;
	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++)
		for (size_t k = 0; k < 2 * PIECES; k++) {
			struct inspect_set *set = inspect_set_new();
			struct inspect_part *part;
			size_t piece = pieces[k / 2];

			assert_non_null(set);
			part = inspect_part_begin(set, parts[i].path);
			assert_non_null(part);
			if (parts[i].length > 0)
				memcpy(bytes, parts[i].bytes, parts[i].length);
			fill(bytes + parts[i].length,
			    FILE_BYTES - parts[i].length, (uint32_t)k);
			for (size_t at = 0; at < FILE_BYTES; at += piece)
				inspect_part_push(part, bytes + at,
				    piece < FILE_BYTES - at ? piece
							    : FILE_BYTES - at);
			if (k % 2 == 0)
				inspect_part_end(part);
			else
				inspect_part_cancel(part);
			inspect_set_free(set);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(random_bytes_are_no_reason_to_crash),
	    cmocka_unit_test(random_bytes_behind_a_beginning_are_not_sound),
	    cmocka_unit_test(random_parts_are_no_reason_to_crash),
	};

	/* Who hangs is ended by a signal. */
	(void)alarm(HANGS_AFTER_SECONDS);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
