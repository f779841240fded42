/* Manifests that no writer made: valid frames, wrong text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/format/frame.h"
#include "lib/model/manifest_reader.h"

#define HEAD                                                           \
	"#mtree\n# hikae manifest 1\n# system s\n# generation s@1\n"   \
	"# medium m\n# source o\n# slice-bytes 64\n# kind container\n" \
	"# strip common\n. type=dir\n"
#define IV "6a09e667bb67ae853c6ef372a54ff53a510e527f9b05688c1f83d9ab5be0cd19"
#define D                \
	" sha256digest=" \
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define TOTALS(f, b, e, s)                                      \
	"# files " #f " bytes " #b " entries " #e " slices " #s \
	" unread 0\n# content sha256 " IV "\n"

#define FRAMES_MAX 6

static int
store(void *context, const void *data, size_t length, struct error *err)
{
	(void)err;
	assert_int_equal(
	    write(*(const int *)context, data, length), (ssize_t)length);
	return 0;
}

static int
make(const char *const frames[FRAMES_MAX])
{
	struct error err = {0};
	int fd = memfd_create("manifest", MFD_CLOEXEC);
	struct frame_writer *writer = frame_writer_new(store, &fd, 1, &err);

	for (size_t i = 0; i < FRAMES_MAX && frames[i] != NULL; i++) {
		assert_int_equal(frame_writer_write(writer, frames[i],
				     strlen(frames[i]), &err),
		    0);
		assert_int_equal(frame_writer_end(writer, NULL, NULL, &err), 0);
	}
	assert_int_equal(frame_writer_finish(writer, &err), 0);
	frame_writer_free(writer);
	return fd;
}

/* Read all of it, and every slice and part: -1 when the run as a whole ended
 * with an error. */
static int
read_all(const char *const frames[FRAMES_MAX], struct error *err)
{
	int fd = make(frames), rc = -1;
	struct manifest_reader *reader = manifest_reader_new(fd, err);
	struct manifest_entry entry;
	struct manifest_start start;
	struct manifest_partial partial;
	struct error ignored;

	if (reader == NULL)
		goto out;
	while ((rc = manifest_reader_next(reader, &entry, err)) == 1)
		assert_true(entry.path_length > 0);
	for (uint64_t i = 0; i < manifest_reader_totals(reader)->slices; i++) {
		if (manifest_reader_seek(reader, i, &start, &ignored) != 0)
			continue;
		while (manifest_reader_next_in_slice(
			   reader, &entry, &ignored) == 1)
			;
		if (manifest_reader_partial(reader, i, &partial, &ignored) == 0)
			assert_true(partial.from <= partial.to);
	}
out:
	manifest_reader_free(reader);
	close(fd);
	return rc;
}

static void
good_ones_are_accepted(void **state)
{
	static const char *const samples[][FRAMES_MAX] = {
	    {HEAD, TOTALS(0, 0, 0, 0)},
	    {HEAD, "# hikae slice 0\n./a type=file size=1" D "\n",
		TOTALS(1, 1, 1, 1)},
	    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
		"# hikae slice 1 offset=64 sha256state=" IV
		"\n./a type=file size=65" D "\n",
		"# hikae slice 2\n./b type=dir\n", TOTALS(1, 65, 2, 3)},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(samples) / sizeof(*samples); i++) {
		struct error err = {0};

		if (read_all(samples[i], &err) != 0)
			fail_msg("%zu: %s", i, err.text);
	}
}

static const char *const wrong[][FRAMES_MAX] = {
    {HEAD},
    {TOTALS(0, 0, 0, 0), HEAD},
    {HEAD "x", TOTALS(0, 0, 0, 0)},
    {HEAD, TOTALS(0, 0, 0, 0) "\n"},
    {HEAD, TOTALS(0, 0, 0, 1)},
    {HEAD, "", TOTALS(0, 0, 0, 1)},
    {HEAD, "\n", TOTALS(0, 0, 0, 1)},
    {HEAD, "# hikae slice 0\n", "", "# hikae slice 2\n", TOTALS(0, 0, 0, 3)},
    /* totals that the entries do not make */
    {HEAD, "# hikae slice 0\n./a type=dir\n", TOTALS(0, 0, 2, 1)},
    {HEAD, "# hikae slice 0\n./a type=file size=1" D "\n", TOTALS(0, 1, 1, 1)},
    {HEAD, "# hikae slice 0\n./a type=file size=1" D "\n", TOTALS(1, 2, 1, 1)},
    /* slices */
    {HEAD, "./a type=dir\n", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 1\n./a type=dir\n", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 00\n./a type=dir\n", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n# hikae slice 0\n", TOTALS(0, 0, 0, 1)},
    {HEAD, "# hikae slice 0\n./a type=dir", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n./a ty", "pe=dir\n", TOTALS(0, 0, 1, 2)},
    /* entries */
    {HEAD, "# hikae slice 0\n./b type=dir\n./a type=dir\n", TOTALS(0, 0, 2, 1)},
    {HEAD, "# hikae slice 0\n./a type=dir\n", "# hikae slice 1\n./a type=dir\n",
	TOTALS(0, 0, 2, 2)},
    {HEAD, "# hikae slice 0\n./../a type=dir\n", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n./a type=file size=1\n", TOTALS(1, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n./a type=link\n", TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n./a type=file size=65" D "\n",
	TOTALS(1, 65, 1, 1)},
    {HEAD, "# hikae slice 0\n# x\n./a type=dir\n", TOTALS(0, 0, 1, 1)},
    /* unread codes */
    {HEAD, "# hikae slice 0\n# hikae unread IO\n./a type=dir\n",
	TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n./a type=dir\n# hikae unread io\n",
	TOTALS(0, 0, 1, 1)},
    {HEAD, "# hikae slice 0\n# hikae unread io\n",
	"# hikae slice 1\n./a type=dir\n", TOTALS(0, 0, 1, 2)},
    {HEAD,
	"# hikae slice 0\n# hikae unread io\n# hikae unread io\n"
	"./a type=dir\n",
	TOTALS(0, 0, 1, 1)},
    {HEAD,
	"# hikae slice 0\n# hikae unread io\n"
	"./a type=file size=1" D "\n",
	TOTALS(1, 1, 1, 1)},
    /* parts of a file */
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n", TOTALS(0, 0, 0, 1)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1\n./a type=file size=128" D "\n", TOTALS(1, 128, 1, 2)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1 offset=128 sha256state=" IV
	"\n./a type=file size=129" D "\n",
	TOTALS(1, 129, 1, 2)},
    {HEAD,
	"# hikae slice 0 offset=64 sha256state=" IV "\n./a type=file size=65" D
	"\n",
	TOTALS(1, 1, 1, 1)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1 offset=64 sha256state=" IV "\n./a type=file size=64" D
	"\n",
	TOTALS(1, 64, 1, 2)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1 offset=64 sha256state=" IV "\n./a type=file size=129" D
	"\n",
	TOTALS(1, 129, 1, 2)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1 offset=64 sha256state=" IV "\n./a type=file size=65" D
	"\n./b type=dir\n",
	TOTALS(1, 65, 2, 2)},
    {HEAD, "# hikae slice 0 offset=0 sha256state=" IV "\n",
	"# hikae slice 1 offset=64 sha256state=" IV "\n./a type=dir\n",
	TOTALS(0, 64, 1, 2)},
};

static void
wrong_ones_are_refused(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct error err = {0};

		if (read_all(wrong[i], &err) == 0)
			fail_msg("accepted: sample %zu", i);
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static void
newer_format_is_told(void **state)
{
	static const char *const frames[FRAMES_MAX] = {
	    "#mtree\n# hikae manifest 2\n", TOTALS(0, 0, 0, 0)};
	struct error err = {0};

	(void)state;
	assert_int_equal(read_all(frames, &err), -1);
	assert_int_equal(err.code, ERROR_VERSION);
}

/* A line without end is given up at its limit. */
static void
endless_line_is_refused(void **state)
{
	size_t length = MTREE_LINE_BYTES_MAX + 100000;
	char *text = malloc(length + 1);
	const char *const frames[FRAMES_MAX] = {HEAD, text, TOTALS(0, 0, 0, 1)};
	struct error err = {0};

	(void)state;
	memset(text, 'a', length);
	memcpy(text, "# hikae slice 0\n./", 18);
	text[length] = '\0';
	assert_int_equal(read_all(frames, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	free(text);
}

/* Every one-bit change of the text in the frames: no crash, no endless loop,
 * and what is accepted obeys the rules that read_all asserts. */
static void
changed_text_is_survived(void **state)
{
	static const char first[] =
	    "# hikae slice 0 offset=0 sha256state=" IV "\n";
	static const char second[] = "# hikae slice 1 offset=64 sha256state=" IV
				     "\n./a type=file size=65" D "\n";
	char changed[2][300];

	(void)state;
	for (size_t i = 0; i < 8 * (sizeof(first) + sizeof(second) - 2); i++) {
		const char *const frames[FRAMES_MAX] = {HEAD, changed[0],
		    changed[1], "# hikae slice 2\n./b type=dir\n",
		    TOTALS(1, 65, 2, 3)};
		struct error err = {0};
		size_t at = i / 8;
		char *bit = at < sizeof(first) - 1
				? &changed[0][at]
				: &changed[1][at - (sizeof(first) - 1)];

		memcpy(changed[0], first, sizeof(first));
		memcpy(changed[1], second, sizeof(second));
		*bit = (char)(*bit ^ 1 << i % 8);
		(void)read_all(frames, &err);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(good_ones_are_accepted),
	    cmocka_unit_test(wrong_ones_are_refused),
	    cmocka_unit_test(newer_format_is_told),
	    cmocka_unit_test(endless_line_is_refused),
	    cmocka_unit_test(changed_text_is_survived),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
