/*
 * Compressed streams, made by gzip 1.12, bzip2 1.0.8, xz 5.4, zstd 1.5 and lz4
 * 1.9 of the lines "1 hikae" to "30 hikae": whole, cut, damaged, with more
 * behind; the same in whatever pieces the bytes come.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/inspect/inspect.h"

#define UNPACKED 261

#define GZIP                                                           \
	"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\x35\xcc\xab\x0d\x80" \
	"\x00\x00\xc4\x50\xcf\x14\x8c\xc0\x95\xff\x38\x08\x12\x08\xfb" \
	"\x7b\xcc\x55\xb5\xea\x65\x7c\xde\xef\xba\x07\xda\xb9\x5d\xda" \
	"\xb5\xdd\xda\xbd\x3d\xda\xb3\xcd\xe4\xc4\x91\x8c\x66\x44\xa3" \
	"\x1a\xd9\xe8\x46\x38\xca\x28\xa3\x8c\x32\xca\x28\xa3\x8c\x32" \
	"\xca\x28\xa3\x3c\x2b\xff\xe7\xaf\x41\x38\x05\x01\x00\x00"

#define BZIP2                                                          \
	"\x42\x5a\x68\x39\x31\x41\x59\x26\x53\x59\xce\xe7\x6a\x08\x00" \
	"\x00\x20\x59\x00\x00\x10\x40\x00\x7f\xe0\x22\x68\x20\x00\x48" \
	"\x8d\x14\x67\xa7\xaa\x99\x00\x6d\x53\xf5\x44\x68\xd0\xd3\x3b" \
	"\x84\x97\x1b\x9c\x65\xd9\xd6\xb6\xc2\x80\x00\xc8\xdb\x6d\xe2" \
	"\xee\x75\x53\x0a\x2a\xa9\x28\xac\x55\x55\x55\x56\x2e\xa0\x19" \
	"\x80\x66\x01\xfc\x03\x50\x0d\x8b\xb9\x22\x9c\x28\x48\x67\x73" \
	"\xb5\x04\x00"

#define XZ                                                             \
	"\xfd\x37\x7a\x58\x5a\x00\x00\x04\xe6\xd6\xb4\x46\x02\x00\x21" \
	"\x01\x16\x00\x00\x00\x74\x2f\xe5\xa3\xe0\x01\x04\x00\x42\x5d" \
	"\x00\x18\x88\x09\x87\x51\xe2\xe1\x78\xb8\x50\xbc\xd1\x37\xb9" \
	"\x02\xa3\x03\x8d\xab\x84\xf3\xf2\x52\x56\x36\xe4\x8c\x24\x51" \
	"\x7f\xe0\xf6\x77\x27\x74\x8d\x7d\x66\x09\x3e\xbd\x30\x5a\xac" \
	"\xe8\x88\xb3\xc9\x94\x57\xb4\xec\x40\xf3\xf1\x20\x5d\x66\x3b" \
	"\x68\xb1\x1b\x8b\x81\xfe\x63\x00\x00\x00\xd6\x07\xd5\xc9\x49" \
	"\x26\xdf\x1f\x00\x01\x5e\x85\x02\x00\x00\x00\x33\x4a\xde\x26" \
	"\xb1\xc4\x67\xfb\x02\x00\x00\x00\x00\x04\x59\x5a"

#define ZSTD                                                           \
	"\x28\xb5\x2f\xfd\x64\x05\x00\x4d\x03\x00\x04\x03\x31\x20\x68" \
	"\x69\x6b\x61\x65\x0a\x32\x33\x34\x35\x36\x37\x38\x39\x31\x30" \
	"\x31\x31\x32\x33\x34\x35\x36\x37\x38\x39\x32\x30\x31\x32\x33" \
	"\x34\x35\x36\x37\x38\x39\x33\x30\x20\x68\x69\x6b\x61\x65\x0a" \
	"\x1c\x00\x20\x0b\x20\x07\x08\x03\x44\x00\x39\x40\x18\x20\x02" \
	"\xc8\x01\xc2\x00\x69\x20\x0b\x20\x07\x08\x03\x44\x00\x39\x40" \
	"\x18\x20\x02\xc8\x65\x11\x4c\x84\x8c\x20\x33\x90\x05\xe4\x03" \
	"\x99\x81\x2c\x20\x1f\xc8\x6c\x59\x91\x03\xc3\x93\xc3\xa3"

#define LZ4                                                            \
	"\x04\x22\x4d\x18\x6c\x40\x05\x01\x00\x00\x00\x00\x00\x00\x24" \
	"\x82\x00\x00\x00\x93\x31\x20\x68\x69\x6b\x61\x65\x0a\x32\x08" \
	"\x00\x13\x33\x08\x00\x13\x34\x08\x00\x13\x35\x08\x00\x13\x36" \
	"\x08\x00\x13\x37\x08\x00\x13\x38\x08\x00\x13\x39\x08\x00\x24" \
	"\x31\x30\x09\x00\x04\x52\x00\x14\x31\x53\x00\x14\x31\x54\x00" \
	"\x14\x31\x55\x00\x14\x31\x56\x00\x14\x31\x57\x00\x14\x31\x58" \
	"\x00\x14\x31\x59\x00\x14\x31\x5a\x00\x14\x32\x5a\x00\x14\x32" \
	"\x5a\x00\x14\x32\x5a\x00\x14\x32\x5a\x00\x14\x32\x5a\x00\x14" \
	"\x32\x5a\x00\x14\x32\x5a\x00\x14\x32\x5a\x00\x14\x32\x5a\x00" \
	"\x14\x32\x5a\x00\x90\x33\x30\x20\x68\x69\x6b\x61\x65\x0a\x00" \
	"\x00\x00\x00\x29\x10\x28\x43"

static const struct {
	const char *path, *bytes;
	size_t length;
} streams[] = {
    {"orca.sql.gz", GZIP, sizeof(GZIP) - 1},
    {"images.tar.bz2", BZIP2, sizeof(BZIP2) - 1},
    {"orca.xz", XZ, sizeof(XZ) - 1},
    {"orca.sql.zst", ZSTD, sizeof(ZSTD) - 1},
    {"no-suffix", LZ4, sizeof(LZ4) - 1},
};
#define STREAMS (sizeof(streams) / sizeof(streams[0]))

static struct inspect_report
look(const char *path, const uint8_t *data, size_t length, size_t piece)
{
	struct inspect *inspect = inspect_begin(INSPECT_STREAM, path);
	struct inspect_report report;

	assert_non_null(inspect);
	for (size_t at = 0; at < length; at += piece)
		inspect_push(inspect, data + at,
		    piece < length - at ? piece : length - at);
	inspect_end(inspect, &report);
	assert_int_equal(report.bytes, length);
	return report;
}

static void
assert_found(const struct inspect_report *report,
    enum inspect_severity severity, enum inspect_code code)
{
	assert_int_equal(report->severity, severity);
	assert_int_equal(report->finding_count, 1);
	assert_int_equal(report->findings[0].code, code);
}

static void
a_whole_stream_is_sound(void **state)
{
	static const size_t pieces[] = {1 << 20, 1, 2, 7, 64};
	enum inspect_format format;

	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		const uint8_t *bytes = (const uint8_t *)streams[i].bytes;

		assert_true(inspect_recognise(
		    streams[i].path, bytes, streams[i].length, &format));
		assert_int_equal(format, INSPECT_STREAM);
		for (size_t k = 0; k < sizeof(pieces) / sizeof(*pieces); k++) {
			struct inspect_report report = look(streams[i].path,
			    bytes, streams[i].length, pieces[k]);

			assert_int_equal(report.severity, INSPECT_SOUND);
			assert_int_equal(report.finding_count, 0);
			assert_false(report.is_packed);
			assert_int_equal(report.count_count, 2);
			assert_string_equal(report.counts[0].name, "unpacked");
			assert_int_equal(report.counts[0].value, UNPACKED);
			assert_string_equal(
			    report.counts[1].name, "not_inspected");
			assert_int_equal(report.counts[1].value, 1);
		}
	}
}

/* `false | gzip` */
static void
a_stream_of_nothing_is_odd(void **state)
{
	static const uint8_t nothing[] = {
	    0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0};
	struct inspect_report report =
	    look("db.sql.gz", nothing, sizeof(nothing), 7);

	(void)state;
	assert_found(&report, INSPECT_WARNING, INSPECT_EMPTY);
}

/* gzip -t and its kin refuse each of these. */
static void
a_cut_stream_is_broken(void **state)
{
	(void)state;
	for (size_t i = 0; i < STREAMS; i++)
		for (size_t cut = 6; cut < streams[i].length; cut++) {
			struct inspect_report report = look(streams[i].path,
			    (const uint8_t *)streams[i].bytes, cut, 1 << 20);

			if (report.severity != INSPECT_BROKEN)
				fail_msg("%s, cut at %zu: %s", streams[i].path,
				    cut,
				    inspect_severity_name(report.severity));
			assert_int_equal(
			    report.findings[0].code, INSPECT_TRUNCATED);
		}
}

/* The checksum stands at the end of some, before the end of others. */
static void
a_damaged_stream_is_broken(void **state)
{
	uint8_t bytes[1024];

	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		size_t length = streams[i].length;

		for (size_t at = length / 2; at < length / 2 + 8; at++) {
			struct inspect_report report;

			memcpy(bytes, streams[i].bytes, length);
			bytes[at] ^= 0x10;
			report = look(streams[i].path, bytes, length, 1 << 20);
			if (report.severity != INSPECT_BROKEN)
				fail_msg("%s, bit at %zu: %s", streams[i].path,
				    at, inspect_severity_name(report.severity));
		}
	}
}

static void
what_follows_the_end_is_told(void **state)
{
	uint8_t bytes[2048];

	(void)state;
	for (size_t i = 0; i < STREAMS; i++) {
		size_t length = streams[i].length;
		struct inspect_report report;

		memcpy(bytes, streams[i].bytes, length);
		memset(bytes + length, 'x', 8);
		report = look(streams[i].path, bytes, length + 8, 1 << 20);
		/* Some decoders take it for a frame that does not hold. */
		assert_true(report.severity >= INSPECT_WARNING);
		if (report.severity == INSPECT_WARNING)
			assert_found(
			    &report, INSPECT_WARNING, INSPECT_TRAILING);
		/* As pigz and cat(1) make them: one stream. */
		memcpy(bytes + length, streams[i].bytes, length);
		report = look(streams[i].path, bytes, 2 * length, 100);
		assert_int_equal(report.severity, INSPECT_SOUND);
		assert_int_equal(report.counts[0].value, 2 * UNPACKED);
	}
}

static void
what_is_no_stream_is_not_taken_for_one(void **state)
{
	static const struct {
		const char *path, *head;
	} others[] = {
	    {"names.txt", "BZhang Wei, Nagasaki"},
	    {"orca.sql.gz", "\0\0\0\0\0\0\0\0\0\0"},
	    /* Parts of a dump folder are looked into as such. */
	    {"dump/3001.dat.gz", GZIP},
	};
	enum inspect_format format;
	struct inspect_report report;

	(void)state;
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		assert_false(inspect_recognise(
		    others[i].path, others[i].head, 10, &format));
	report = look("x.gz", (const uint8_t *)"no stream", 9, 1);
	assert_found(&report, INSPECT_BROKEN, INSPECT_MALFORMED);
}

static void
one_can_be_given_up_at_any_time(void **state)
{
	(void)state;
	for (size_t i = 0; i < STREAMS; i++)
		for (size_t cut = 0; cut < streams[i].length; cut += 16) {
			struct inspect *inspect =
			    inspect_begin(INSPECT_STREAM, streams[i].path);

			assert_non_null(inspect);
			inspect_push(inspect, streams[i].bytes, cut);
			inspect_cancel(inspect);
		}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_stream_is_sound),
	    cmocka_unit_test(a_stream_of_nothing_is_odd),
	    cmocka_unit_test(a_cut_stream_is_broken),
	    cmocka_unit_test(a_damaged_stream_is_broken),
	    cmocka_unit_test(what_follows_the_end_is_told),
	    cmocka_unit_test(what_is_no_stream_is_not_taken_for_one),
	    cmocka_unit_test(one_can_be_given_up_at_any_time),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
