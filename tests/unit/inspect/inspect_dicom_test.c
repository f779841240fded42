/*
 * A data set that is deflated (PS3.5 section A.5): whole, cut, damaged, with
 * the byte that pads it and with more.  The stream is zlib's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/inspect/inspect.h"

/* Behind "DICM": a class, and 1.2.840.10008.1.2.1.99 as its syntax. */
#define META                                                           \
	"\x02\x00\x02\x00\x55\x49\x1a\x00\x31\x2e\x32\x2e\x38\x34\x30" \
	"\x2e\x31\x30\x30\x30\x38\x2e\x35\x2e\x31\x2e\x34\x2e\x31\x2e" \
	"\x31\x2e\x37\x00\x02\x00\x10\x00\x55\x49\x16\x00\x31\x2e\x32" \
	"\x2e\x38\x34\x30\x2e\x31\x30\x30\x30\x38\x2e\x31\x2e\x32\x2e" \
	"\x31\x2e\x39\x39"
#define DEFLATED                                                       \
	"\xe3\x60\x10\x63\x08\xf5\x94\x62\x30\xd4\x33\xd2\xb3\x30\x31" \
	"\xd0\x33\x34\x30\x30\xb0\xd0\x33\xd5\x33\xd4\x33\x01\x62\x43" \
	"\x3d\x73\x06\x0e\x86\x04\x06\xe7\x60\x26\x06\xff\x10\x0d\x06" \
	"\x01\x86\x50\x20\x8b\x89\x01\x00"
#define META_BYTES (sizeof(META) - 1)
#define DEFLATED_BYTES (sizeof(DEFLATED) - 1)

static uint8_t file[1024];

/* The file, with so many bytes of the stream; where that begins. */
static size_t
make_file(size_t *ret_length)
{
	size_t at = 128;

	memset(file, 0, sizeof(file));
	memcpy(file + at, "DICM", 4);
	at += 4;
	memcpy(file + at, META, META_BYTES);
	at += META_BYTES;
	memcpy(file + at, DEFLATED, DEFLATED_BYTES);
	*ret_length = at + DEFLATED_BYTES;
	return at;
}

static void
assert_told(
    size_t length, enum inspect_severity severity, enum inspect_code code)
{
	static const size_t pieces[] = {1 << 20, 1, 7, 64};

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct inspect *inspect = inspect_begin(INSPECT_DICOM, "a.dcm");
		struct inspect_report report;

		assert_non_null(inspect);
		for (size_t at = 0; at < length; at += pieces[i])
			inspect_push(inspect, file + at,
			    pieces[i] < length - at ? pieces[i] : length - at);
		inspect_end(inspect, &report);
		if (report.severity != severity || report.finding_count != 1 ||
		    report.findings[0].code != code)
			fail_msg("%zu bytes in pieces of %zu: %s, %zu", length,
			    pieces[i], inspect_severity_name(report.severity),
			    report.finding_count);
	}
}

static void
a_whole_one_is_unpacked_and_not_walked(void **state)
{
	size_t length;

	(void)state;
	(void)make_file(&length);
	assert_told(length, INSPECT_NOTE, INSPECT_UNSUPPORTED);
	/* To an even length. */
	assert_told(length + 1, INSPECT_NOTE, INSPECT_UNSUPPORTED);
	assert_told(length + 2, INSPECT_WARNING, INSPECT_TRAILING);
}

static void
a_cut_one_is_broken(void **state)
{
	size_t length, from;

	(void)state;
	from = make_file(&length);
	for (size_t cut = from + 1; cut < length; cut++)
		assert_told(cut, INSPECT_BROKEN, INSPECT_TRUNCATED);
}

static void
a_damaged_one_is_broken(void **state)
{
	size_t length, from;

	(void)state;
	from = make_file(&length);
	/* A block of a kind that does not exist (RFC 1951, 3.2.3). */
	file[from] = 0xff;
	assert_told(length, INSPECT_BROKEN, INSPECT_CHECKSUM);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_whole_one_is_unpacked_and_not_walked),
	    cmocka_unit_test(a_cut_one_is_broken),
	    cmocka_unit_test(a_damaged_one_is_broken),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
