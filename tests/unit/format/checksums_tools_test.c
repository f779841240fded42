/*
 * Lists that the real tools write, of files whose names are made to hurt.
 * The oracle for the digests is crypto/digest_any.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/crypto/digest_any.h"
#include "tests/unit/format/checksums_reading.h"

static const char *const names[] = {"-dash", " blank", "(b) = c", "*star",
    "\\back", "a\nb", "c\rd", "\xe5\xbf\x83", "\xff\xfe", "tail\\n"};
#define NAMES (sizeof(names) / sizeof(names[0]))

/* Every file holds its own name. */
static int
make_files(void **state)
{
	char *folder = strdup("/tmp/hikae-checksums-XXXXXX");

	if (folder == NULL || mkdtemp(folder) == NULL || chdir(folder) != 0)
		return -1;
	for (size_t i = 0; i < NAMES; i++) {
		FILE *file = fopen(names[i], "wb");

		if (file == NULL || fputs(names[i], file) < 0 ||
		    fclose(file) != 0)
			return -1;
	}
	*state = folder;
	return 0;
}

static int
remove_files(void **state)
{
	char *folder = *state;

	for (size_t i = 0; i < NAMES; i++)
		(void)unlink(names[i]);
	if (chdir("/") != 0 || rmdir(folder) != 0)
		return -1;
	free(folder);
	return 0;
}

static void
read_output(const char *command, struct bytes *out)
{
	char piece[4096];
	size_t got;
	FILE *pipe = popen(command, "r");

	assert_non_null(pipe);
	while ((got = fread(piece, 1, sizeof(piece), pipe)) > 0)
		bytes_append(out, piece, got);
	assert_int_equal(pclose(pipe), 0);
}

static void
append_expected(struct bytes *out, enum digest_algorithm algorithm)
{
	struct digest_any *digest = digest_any_new(algorithm);
	uint8_t value[DIGEST_ANY_BYTES_MAX];
	char hex[2 * DIGEST_ANY_BYTES_MAX + 1];

	for (size_t i = 0; i < NAMES; i++) {
		digest_any_restart(digest);
		digest_any_update(digest, names[i], strlen(names[i]));
		digest_any_final(digest, value);
		bytes_format_hex(value, digest_algorithm_bytes(algorithm), hex);
		bytes_append_format(out, "%s %s - %s;",
		    digest_algorithm_name(algorithm), hex, names[i]);
	}
	bytes_append_u8(out, 0);
	digest_any_free(digest);
}

/* The names in the order of the table, as a shell passes them. */
#define FILES                                                \
	" -- -dash ' blank' '(b) = c' '*star' '\\back' 'a\n" \
	"b' 'c\rd' '\xe5\xbf\x83' '\xff\xfe' 'tail\\n'"

static void
lists_of_coreutils(void **state)
{
	static const struct {
		const char *command;
		enum digest_algorithm algorithm;
	} tools[] = {
	    {"sha256sum" FILES, DIGEST_SHA256},
	    {"sha256sum --binary" FILES, DIGEST_SHA256},
	    {"sha256sum --tag" FILES, DIGEST_SHA256},
	    {"sha512sum" FILES, DIGEST_SHA512},
	    {"sha384sum --tag" FILES, DIGEST_SHA384},
	    {"sha224sum" FILES, DIGEST_SHA224},
	    {"sha1sum --tag" FILES, DIGEST_SHA1},
	    {"md5sum" FILES, DIGEST_MD5},
	};
	struct checksums_options options = {
	    .syntax = CHECKSUMS_LINES, .algorithm = CHECKSUMS_OTHER};

	(void)state;
	for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++) {
		struct bytes text = BYTES_EMPTY, got = BYTES_EMPTY;
		struct bytes expected = BYTES_EMPTY;
		struct checksums_summary summary;

		read_output(tools[i].command, &text);
		append_expected(&expected, tools[i].algorithm);
		assert_int_equal(read_list(options, (const char *)text.data,
				     text.length, 7, &got, &summary),
		    ERROR_NONE);
		assert_string_equal(
		    (const char *)got.data, (const char *)expected.data);
		assert_int_equal(summary.entries, NAMES);
		assert_int_equal(summary.malformed + summary.outside, 0);
		bytes_done(&text);
		bytes_done(&got);
		bytes_done(&expected);
	}
}

static void
unknown_algorithm_is_told(void **state)
{
	struct checksums_options options = {
	    .syntax = CHECKSUMS_LINES, .algorithm = CHECKSUMS_OTHER};
	struct bytes text = BYTES_EMPTY, got = BYTES_EMPTY;
	struct checksums_summary summary;

	(void)state;
	read_output("b2sum --tag '\\back'", &text);
	assert_int_equal(read_list(options, (const char *)text.data,
			     text.length, 100, &got, &summary),
	    ERROR_NONE);
	assert_string_equal((const char *)got.data, "other  - \\back;");
	bytes_done(&text);
	bytes_done(&got);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_of_coreutils),
	    cmocka_unit_test(unknown_algorithm_is_told),
	};

	return cmocka_run_group_tests(tests, make_files, remove_files);
}
