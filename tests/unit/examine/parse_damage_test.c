/*
 * Every archive cut off at many places, and with a byte changed at many
 * places: nothing crashes, nothing that is cut off is complete, and what has
 * checksums is complete only with the content that it had.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/os/tree.h"

#include "tests/unit/examine/parsing.h"

/* Places that are tried in one archive, spread over it. */
#define PLACES 60

static const struct {
	const char *name, *command;
	bool has_checks; /* of data and of names */
	bool is_padded;	 /* with zeros that may be missing */
} makers[] = {
    {"a.tar", "tar -cf a.tar src", false, true},
    {"a.tar.gz", "tar -czf a.tar.gz src", true, false},
    {"a.tar.bz2", "tar -cjf a.tar.bz2 src", true, false},
    {"a.tar.xz", "tar -cJf a.tar.xz src", true, false},
    {"a.tar.zst", "tar -c src | zstd -q -o a.tar.zst", true, false},
    {"a.tar.lz4", "tar -c src | lz4 -q - a.tar.lz4", true, false},
    {"a.cpio", "find src | cpio -o -H newc >a.cpio", false, true},
    {"a.zip", "zip -qrX a.zip src", true, false},
    {"a.7z", "7z a -bd a.7z ./src", true, false},
    {"a.iso", "genisoimage -quiet -R -o a.iso src", false, false},
    {"a.sql.gz", "gzip -c src/dump.sql >a.sql.gz", true, false},
    {"a.sql.zst", "zstd -q -o a.sql.zst src/dump.sql", true, false},
    {"a.sql.xz", "xz -c src/dump.sql >a.sql.xz", true, false},
};
#define MAKERS (sizeof(makers) / sizeof(makers[0]))

static int
set_up(void **state)
{
	if (parsing_set_up(state) != 0)
		return -1;
	shell("mkdir -p src/a/b\n"
	      "seq 1 3000 >src/dump.sql\n"
	      "seq 1 2000 | gzip -n >src/a/random\n"
	      "printf x >src/a/b/x\n"
	      ": >src/a/empty\n"
	      "find src -exec touch -d 2026-11-21 {} +");
	for (size_t i = 0; i < MAKERS; i++)
		shell(makers[i].command);
	return 0;
}

static size_t
length_without_zeros(const struct bytes *whole)
{
	size_t length = whole->length;

	while (length > 0 && whole->data[length - 1] == 0)
		length--;
	return length;
}

static void
cut_off_is_never_complete(void **state)
{
	static struct parsed parsed;

	(void)state;
	for (size_t i = 0; i < MAKERS; i++) {
		struct bytes whole = BYTES_EMPTY;
		size_t step;

		read_file(makers[i].name, &whole);
		step = whole.length / PLACES + 1;
		for (size_t n = 0; n < whole.length; n += step) {
			if (makers[i].is_padded &&
			    n > length_without_zeros(&whole))
				break;
			parse_bytes(makers[i].name, whole.data, n, &parsed);
			if (parsed.result.state != PARSE_DAMAGED)
				print_error("%s cut at %zu of %zu: %s\n",
				    makers[i].name, n, whole.length,
				    parse_state_name(parsed.result.state));
			assert_state(&parsed, PARSE_DAMAGED);
			assert_true(
			    has_found(&parsed, FINDING_ARCHIVE_DAMAGED));
		}
		/* The last bytes count too: only zeros may be padding. */
		for (size_t n = 1; n < 24; n++) {
			if (whole.data[whole.length - n] == 0)
				continue;
			parse_bytes(makers[i].name, whole.data,
			    whole.length - n, &parsed);
			assert_state(&parsed, PARSE_DAMAGED);
		}
		bytes_done(&whole);
	}
}

/* Between two members nothing but the missing end tells. */
static void
tar_cut_at_a_member_is_damaged(void **state)
{
	static struct parsed parsed;
	struct bytes whole = BYTES_EMPTY;
	size_t end;

	(void)state;
	read_file("a.tar", &whole);
	end = (length_without_zeros(&whole) + 511) / 512 * 512;
	for (size_t n = 512; n <= end + 512; n += 512) {
		parse_bytes("a.tar", whole.data, n, &parsed);
		assert_state(&parsed, PARSE_DAMAGED);
	}
	parse_bytes("a.tar", whole.data, end + 1024, &parsed);
	assert_state(&parsed, PARSE_COMPLETE);
	bytes_done(&whole);
}

/* The reader stopped, not the file: that is not the archive's fault. */
static void
cut_off_by_the_reader_is_undetermined(void **state)
{
	static struct parsed parsed;
	struct parsing parsing = PARSING_USUAL;

	(void)state;
	for (size_t i = 0; i < MAKERS; i++) {
		struct bytes whole = BYTES_EMPTY;

		read_file(makers[i].name, &whole);
		parsing.sent_max = whole.length / 2;
		bytes_done(&whole);
		parse_with(makers[i].name, parsing, &parsed);
		if (parsed.result.is_seeking) {
			assert_state(&parsed, PARSE_COMPLETE);
			continue;
		}
		assert_state(&parsed, PARSE_PARTIAL);
		assert_false(has_found(&parsed, FINDING_ARCHIVE_DAMAGED));
		assert_false(parsed.result.has_manifest);
	}
}

static void
changed_bytes_are_found(void **state)
{
	static struct parsed good, parsed;

	(void)state;
	for (size_t i = 0; i < MAKERS; i++) {
		struct bytes whole = BYTES_EMPTY;
		size_t step, silent = 0;

		read_file(makers[i].name, &whole);
		parse(makers[i].name, &good);
		assert_state(&good, PARSE_COMPLETE);
		step = whole.length / (2 * PLACES) + 1;
		for (size_t n = 0; n < whole.length; n += step) {
			whole.data[n] ^= (uint8_t)(1u << (n % 8));
			parse_bytes(
			    makers[i].name, whole.data, whole.length, &parsed);
			whole.data[n] ^= (uint8_t)(1u << (n % 8));
			if (parsed.result.state != PARSE_COMPLETE ||
			    has_same_content(&parsed, &good))
				continue;
			silent++;
			if (makers[i].has_checks)
				print_error("%s changed at %zu of %zu\n",
				    makers[i].name, n, whole.length);
		}
		print_message("%s: %zu silent\n", makers[i].name, silent);
		if (makers[i].has_checks)
			assert_int_equal(silent, 0);
		bytes_done(&whole);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(cut_off_is_never_complete),
	    cmocka_unit_test(tar_cut_at_a_member_is_damaged),
	    cmocka_unit_test(cut_off_by_the_reader_is_undetermined),
	    cmocka_unit_test(changed_bytes_are_found),
	};

	return cmocka_run_group_tests(tests, set_up, tree_tear_down);
}
