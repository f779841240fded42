/* Lines come back, have one form, and are understood by other programs. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/format/mtree.h"

static void
assert_bytes(const struct bytes *bytes, const char *expected)
{
	assert_int_equal(bytes->length, strlen(expected));
	assert_memory_equal(bytes->data, expected, bytes->length);
}

static void
known_lines(void **state)
{
	struct error err = {0};
	struct bytes out = BYTES_EMPTY;
	struct mtree_entry file = {.path = "a b/#1",
	    .path_length = 6,
	    .type = MTREE_FILE,
	    .has_size = true,
	    .has_time = true,
	    .has_mode = true,
	    .has_digest = true,
	    .size = UINT64_MAX,
	    .time_seconds = INT64_MIN,
	    .time_nanoseconds = 7,
	    .mode = 0644};
	struct mtree_entry link = {.path = "l",
	    .path_length = 1,
	    .type = MTREE_LINK,
	    .link = "../x=\n",
	    .link_length = 6};
	struct mtree_entry folder = {
	    .path = "d", .path_length = 1, .type = MTREE_FOLDER};

	(void)state;
	memset(file.digest, 0xa5, sizeof(file.digest));
	assert_int_equal(mtree_append_entry(&out, &file, &err), 0);
	assert_bytes(&out,
	    "./a\\040b/\\0431 type=file size=18446744073709551615 "
	    "time=-9223372036854775808.000000007 mode=0644 sha256digest="
	    "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5"
	    "a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5a5\n");
	bytes_clear(&out);
	assert_int_equal(mtree_append_entry(&out, &link, &err), 0);
	assert_bytes(&out, "./l type=link link=../x\\075\\012\n");
	bytes_clear(&out);
	assert_int_equal(mtree_append_entry(&out, &folder, &err), 0);
	assert_bytes(&out, "./d type=dir\n");
	bytes_done(&out);
}

/* Every byte but NUL, in a path and in a target. */
static void
every_byte_comes_back(void **state)
{
	struct bytes out = BYTES_EMPTY, scratch = BYTES_EMPTY;

	(void)state;
	for (int c = 1; c < 256; c++) {
		struct error err = {0};
		char path[3] = {'x', (char)c, 'y'};
		struct mtree_entry back, entry = {.path = path,
					     .path_length = 3,
					     .type = MTREE_LINK,
					     .link = path + 1,
					     .link_length = 2};

		bytes_clear(&out);
		assert_int_equal(mtree_append_entry(&out, &entry, &err), 0);
		for (size_t i = 0; i + 1 < out.length; i++)
			assert_in_range(out.data[i], 0x20, 0x7e);
		assert_int_equal(mtree_parse_line((char *)out.data,
				     out.length - 1, &scratch, &back, &err),
		    0);
		assert_int_equal(back.type, MTREE_LINK);
		assert_int_equal(back.path_length, 3);
		assert_memory_equal(back.path, path, 3);
		assert_int_equal(back.link_length, 2);
		assert_memory_equal(back.link, path + 1, 2);
	}
	bytes_done(&out);
	bytes_done(&scratch);
}

static void
paths_are_judged(void **state)
{
	static const char *const good[] = {
	    "a", "a/b", "...", "a/..b", ".a", " ", "a~"};
	static const char *const bad[] = {"", "/", "/a", "a/", "a//b", ".",
	    "..", "a/.", "a/..", "./a", "../a", "a/../b", "a/./b"};
	char *longest = malloc(MTREE_PATH_BYTES_MAX + 1);

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++)
		assert_true(mtree_is_path(good[i], strlen(good[i])));
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_false(mtree_is_path(bad[i], strlen(bad[i])));
	assert_false(mtree_is_path("a\0b", 3));
	memset(longest, 0xff, MTREE_PATH_BYTES_MAX + 1);
	assert_true(mtree_is_path(longest, MTREE_PATH_BYTES_MAX));
	assert_false(mtree_is_path(longest, MTREE_PATH_BYTES_MAX + 1));
	free(longest);
}

static void
longest_line_fits(void **state)
{
	struct error err = {0};
	struct bytes out = BYTES_EMPTY, scratch = BYTES_EMPTY;
	char *longest = malloc(MTREE_PATH_BYTES_MAX);
	struct mtree_entry back, entry = {.path = longest,
				     .path_length = MTREE_PATH_BYTES_MAX,
				     .type = MTREE_LINK,
				     .has_time = true,
				     .has_mode = true,
				     .time_seconds = INT64_MIN,
				     .link = longest,
				     .link_length = MTREE_PATH_BYTES_MAX};

	(void)state;
	memset(longest, 0xff, MTREE_PATH_BYTES_MAX);
	assert_int_equal(mtree_append_entry(&out, &entry, &err), 0);
	assert_true(out.length <= MTREE_LINE_BYTES_MAX);
	assert_int_equal(mtree_parse_line((char *)out.data, out.length - 1,
			     &scratch, &back, &err),
	    0);
	assert_int_equal(back.time_seconds == INT64_MIN, 1);
	bytes_done(&out);
	bytes_done(&scratch);
	free(longest);
}

#define DIGEST \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static void
other_forms_are_refused(void **state)
{
	static const char *const lines[] = {"", ".", ". type=dir", "./",
	    "a type=file", "./a", "./a ", "./a type=", "./a type=folder",
	    "./a type=dir ", "./a  type=dir", "./a type=dir size=1",
	    "./a type=dir uid=0", "./a type=file size=01",
	    "./a type=file size=", "./a type=file size=-1",
	    "./a type=file size=18446744073709551616", "./a type=file time=1",
	    "./a type=file time=1.5", "./a type=file time=-0.500000000",
	    "./a type=file time=9223372036854775808.000000000",
	    "./a type=file time=-9223372036854775809.000000000",
	    "./a type=file time=1.0000000000", "./a type=file mode=644",
	    "./a type=file mode=07777", "./a type=file mode=0648",
	    "./a type=file mode=0644 size=1",
	    "./a type=file sha256digest=" DIGEST,
	    "./a type=file size=1 sha256digest=" DIGEST "0",
	    "./a type=file size=1 sha256digest=A" DIGEST,
	    "./a type=link link=", "./a type=link link=a b",
	    "./a type=file link=a", "./a\\ type=dir", "./a\\04 type=dir",
	    "./a\\141 type=dir", "./a\\000 type=dir", "./a\\400 type=dir",
	    "./a\\n type=dir", "./\\056\\056/a type=dir", "./../a type=dir",
	    "./a* type=dir", "./a\t type=dir", "./\xe3\x81\x82 type=dir",
	    "./a/ type=dir", "./a//b type=dir"};
	struct bytes scratch = BYTES_EMPTY;

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++) {
		struct error err = {0};
		struct mtree_entry entry;

		if (mtree_parse_line(lines[i], strlen(lines[i]), &scratch,
			&entry, &err) == 0)
			fail_msg("accepted: %s", lines[i]);
		assert_int_equal(err.code, ERROR_INPUT);
	}
	bytes_done(&scratch);
}

/* Whatever is accepted is the form that is written: change every byte of a
 * line into every other. */
static void
accepted_means_canonical(void **state)
{
	static const char *const lines[] = {
	    "./a\\040b/c type=file size=10 time=-1.000000005 mode=0644 "
	    "sha256digest=" DIGEST,
	    "./l type=link time=0.000000000 mode=0777 link=..\\075"};
	struct bytes scratch = BYTES_EMPTY, out = BYTES_EMPTY;
	size_t accepted = 0;

	(void)state;
	for (size_t k = 0; k < sizeof(lines) / sizeof(*lines); k++) {
		size_t length = strlen(lines[k]);
		char *line = strdup(lines[k]);

		for (size_t i = 0; i < length * 256; i++) {
			struct error err = {0};
			struct mtree_entry entry;

			line[i / 256] = (char)(i % 256);
			if (mtree_parse_line(
				line, length, &scratch, &entry, &err) == 0) {
				bytes_clear(&out);
				assert_int_equal(
				    mtree_append_entry(&out, &entry, &err), 0);
				assert_int_equal(out.length, length + 1);
				assert_memory_equal(out.data, line, length);
				accepted++;
			}
			line[i / 256] = lines[k][i / 256];
		}
		free(line);
	}
	assert_true(accepted > 1000);
	bytes_done(&scratch);
	bytes_done(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(known_lines),
	    cmocka_unit_test(every_byte_comes_back),
	    cmocka_unit_test(paths_are_judged),
	    cmocka_unit_test(longest_line_fits),
	    cmocka_unit_test(other_forms_are_refused),
	    cmocka_unit_test(accepted_means_canonical),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
