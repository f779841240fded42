/*
 * Formats that libarchive could read and hikae does not need: they are not
 * enabled, so what is hostile to their decoders harms nobody.
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

#include "lib/format/archive.h"

#include "tests/unit/os/tree.h"

#include "tests/unit/examine/parsing.h"

static struct parsed parsed;

/*
 * 47 bytes (technical note of RAR 5.0): an archive that calls itself solid, in
 * it a folder that has data.  To skip it libarchive 3.6.2 wants to unpack what
 * came before, refuses since it is a folder, and does not move on: bsdtar says
 * so for ever.  The same bytes are a corpus file of tests/fuzz.
 */
static const uint8_t endless[] = {'R', 'a', 'r', '!', 0x1a, 0x07, 0x01,
    0x00, /* signature */
    /* The main header: its CRC-32, size, type, flags; it is solid. */
    0xdc, 0xde, 0x5e, 0x35, 3, 1, 0, 4,
    /* A file's header, which data follows: 16 bytes of it. */
    0x34, 0x89, 0xe0, 0x3f, 10, 2, 2, 16,
    /* A folder, nothing unpacked; attributes, method, system; its name. */
    1, 0, 0, 0, 1, 1, 'x',
    /* The data. */
    'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y', 'y',
    'y'};

static void
put_endless(const char *name)
{
	struct error err = {0};
	int fd = openat(
	    root_fd, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(file_write_all(fd, endless, sizeof(endless), &err), 0);
	(void)close(fd);
}

/* What hikae says of it does not hang on what its name claims. */
static void
an_endless_one_is_opaque(void **state)
{
	static const char *const names[] = {
	    "x.rar", "x.tar", "x.zip", "x.7z", "x.cpio", "x.iso", "x"};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		parse_bytes(names[i], endless, sizeof(endless), &parsed);
		assert_kind(&parsed, "rar");
		assert_state(&parsed, PARSE_OPAQUE);
		assert_int_equal(parsed.found, 1);
		assert_true(has_found(&parsed, FINDING_ARCHIVE_OPAQUE));
		assert_false(parsed.result.has_manifest);
	}
}

/* Compressed, or a member: bytes like others. */
static void
in_something_else_it_is_a_file(void **state)
{
	static const char *const names[] = {
	    "x.rar.gz", "x.rar.zst", "x.tar", "x.zip", "x.7z"};

	(void)state;
	put_endless("x.rar");
	shell("gzip -k x.rar; zstd -q x.rar; tar -cf x.tar x.rar\n"
	      "zip -q x.zip x.rar; 7z a -bd x.7z x.rar");
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		parse(names[i], &parsed);
		assert_state(&parsed, PARSE_COMPLETE);
		assert_int_equal(parsed.found, 0);
		assert_int_equal(parsed.result.files, 1);
		assert_int_equal(parsed.result.bytes, sizeof(endless));
		assert_true(has_line(&parsed, "\n./x.rar type=file size=47 "));
	}
}

static int
read_nothing(void *context, const uint8_t **ret_data, size_t *ret_length,
    struct error *err)
{
	(void)context;
	(void)ret_data;
	(void)ret_length;
	(void)err;
	return 0;
}

/* Also for whoever would ask for it, there is no decoder. */
static void
what_is_opaque_has_no_decoder(void **state)
{
	const struct archive_limits limits = ARCHIVE_LIMITS_DEFAULT;
	const struct source nothing = {NULL, read_nothing};
	size_t opaque = 0;

	(void)state;
	for (int kind = 0; kind < ARCHIVE_KINDS; kind++) {
		struct archive_reader *reader = NULL;
		struct error err = {0};

		if (!archive_kind_is_opaque((enum archive_kind)kind))
			continue;
		opaque++;
		assert_int_equal(archive_reader_new((enum archive_kind)kind,
				     nothing, "x", &limits, &reader, &err),
		    -1);
		assert_int_equal(err.code, ERROR_INTERNAL);
		assert_null(reader);
	}
	assert_true(opaque > 1);
}

/*
 * All that this program, and with it hikaed, can ask libarchive to understand:
 * what is not named here cannot be enabled by any file.
 */
static void
nothing_else_is_enabled(void **state)
{
	static const char expected[] = "archive_read_support_filter_bzip2\n"
				       "archive_read_support_filter_lz4\n"
				       "archive_read_support_filter_xz\n"
				       "archive_read_support_format_7zip\n"
				       "archive_read_support_format_cpio\n"
				       "archive_read_support_format_iso9660\n"
				       "archive_read_support_format_raw\n"
				       "archive_read_support_format_tar\n"
				       "archive_read_support_format_zip_"
				       "seekable\n";
	char command[256], got[1024] = "";
	FILE *pipe;

	(void)state;
	(void)snprintf(command, sizeof(command),
	    "nm -D --undefined-only /proc/%d/exe | LC_ALL=C sort |"
	    " sed -n 's/^ *U \\(archive_read_[a-z]*support[a-z0-9_]*\\).*/"
	    "\\1/p; s/^ *U \\(archive_read_append.*\\)/\\1/p'",
	    (int)getpid());
	pipe = popen(command, "r");
	assert_non_null(pipe);
	got[fread(got, 1, sizeof(got) - 1, pipe)] = '\0';
	assert_int_equal(pclose(pipe), 0);
	assert_string_equal(got, expected);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(an_endless_one_is_opaque),
	    cmocka_unit_test(in_something_else_it_is_a_file),
	    cmocka_unit_test(what_is_opaque_has_no_decoder),
	    cmocka_unit_test(nothing_else_is_enabled),
	};

	return cmocka_run_group_tests(tests, parsing_set_up, tree_tear_down);
}
