/* Two manifests, file by file: what the content digest says, and where. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/examine/compare.h"
#include "lib/examine/drift.h"
#include "lib/model/manifest_writer.h"

/* A line of a test's manifest: a folder has no content. */
struct line {
	const char *path, *content;
	bool is_link;
};

static int
write_manifest(const struct line *lines, size_t count)
{
	struct manifest_header header = {.system = "ehr",
	    .generation = "ehr@20261121T020000+0900",
	    .medium = "nas1",
	    .source = "ehr-nas",
	    .slice_bytes = 65536};
	struct manifest_summary summary;
	struct manifest_writer *writer;
	char name[] = "/tmp/hikae-compare-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	writer = manifest_writer_new(fd, &header, NULL);
	assert_non_null(writer);
	for (size_t i = 0; i < count; i++) {
		struct manifest_entry entry = {.path = lines[i].path,
		    .path_length = strlen(lines[i].path),
		    .type = MANIFEST_FOLDER};

		if (lines[i].is_link) {
			entry.type = MANIFEST_LINK;
			entry.link = lines[i].content;
			entry.link_length = strlen(lines[i].content);
		} else if (lines[i].content != NULL) {
			entry.type = MANIFEST_FILE;
			entry.has_size = entry.has_digest = true;
			entry.size = strlen(lines[i].content);
			digest_sha256_of(
			    lines[i].content, entry.size, entry.digest);
		}
		assert_int_equal(manifest_writer_add(writer, &entry, NULL), 0);
	}
	assert_int_equal(manifest_writer_finish(writer, &summary, NULL), 0);
	manifest_writer_free(writer);
	return fd;
}

struct told {
	char text[1024];
};

static int
tell(void *context, enum compare_kind kind, const char *path,
    size_t path_length, struct error *err)
{
	struct told *told = context;
	size_t used = strlen(told->text);

	(void)err;
	(void)snprintf(told->text + used, sizeof(told->text) - used, "%c%.*s ",
	    "-+!"[kind], (int)path_length, path);
	return 0;
}

#define COMPARE(a, b, told, result)                   \
	compare((a), sizeof(a) / sizeof((a)[0]), (b), \
	    sizeof(b) / sizeof((b)[0]), (told), (result))

static void
compare(const struct line *a, size_t a_count, const struct line *b,
    size_t b_count, struct told *told, struct compare_result *result)
{
	int first = write_manifest(a, a_count);
	int second = write_manifest(b, b_count);

	struct compare_options options = {.first_fd = first,
	    .second_fd = second,
	    .each = tell,
	    .context = told};

	told->text[0] = '\0';
	assert_int_equal(compare_manifests(&options, result, NULL), 0);
	close(first);
	close(second);
}

static const struct line plain[] = {{"a", "1", false}, {"b", NULL, false},
    {"b/c", "2", false}, {"b/l", "../a", true}};

static void
common_folders_do_not_count(void **state)
{
	static const struct line wrapped[] = {{"top", NULL, false},
	    {"top/a", "1", false}, {"top/b", NULL, false},
	    {"top/b/c", "2", false}, {"top/b/l", "../a", true}};
	struct compare_result result;
	struct told told;

	(void)state;
	COMPARE(plain, wrapped, &told, &result);
	assert_string_equal(told.text, "");
	assert_int_equal(result.equal, 3);
	assert_false(result.is_names_only);
}

static void
each_kind_of_difference_is_told(void **state)
{
	static const struct line other[] = {{"a", "x", false},
	    {"b", NULL, false}, {"b/d", "2", false}, {"b/l", "../b", true},
	    {"z", "", false}};
	struct compare_result result;
	struct told told;

	(void)state;
	COMPARE(plain, other, &told, &result);
	assert_string_equal(told.text, "!a -b/c +b/d !b/l +z ");
	assert_int_equal(result.equal, 0);
	assert_int_equal(result.only_first, 1);
	assert_int_equal(result.only_second, 2);
	assert_int_equal(result.differing, 2);
	assert_false(result.is_names_only);
}

static void
names_alone_may_differ(void **state)
{
	static const struct line renamed[] = {{"b", NULL, false},
	    {"b/c", "1", false}, {"b/k", "../a", true}, {"y", "2", false}};
	struct compare_result result;
	struct told told;

	(void)state;
	COMPARE(plain, renamed, &told, &result);
	assert_true(result.is_names_only);
	assert_true(result.only_first + result.differing > 0);
}

static void
nothing_equals_nothing(void **state)
{
	static const struct line folder[] = {{"x", NULL, false}};
	struct compare_result result;
	struct told told;

	(void)state;
	COMPARE(folder, folder, &told, &result);
	assert_int_equal(result.equal, 0);
	assert_false(result.is_names_only);
	COMPARE(folder, plain, &told, &result);
	assert_int_equal(result.only_second, 3);
}

static struct drift
measure(
    const struct line *a, size_t a_count, const struct line *b, size_t b_count)
{
	int before = write_manifest(a, a_count);
	int after = write_manifest(b, b_count);
	struct drift drift;

	assert_int_equal(drift_measure(before, after, NULL, &drift, NULL), 0);
	close(before);
	close(after);
	assert_int_equal(
	    drift.before, drift.same + drift.changed + drift.vanished);
	return drift;
}
#define MEASURE(a, b) \
	measure(      \
	    (a), sizeof(a) / sizeof((a)[0]), (b), sizeof(b) / sizeof((b)[0]))

static const struct line clean[] = {{"top", NULL, false},
    {"top/a.dcm", "1", false}, {"top/b.dcm", "2", false},
    {"top/c.log", "3", false}, {"top/d", "4", false}};

/* A note beside the top folder makes nothing else new. */
static void
added_endings_are_seen(void **state)
{
	static const struct line locked[] = {{"NOTE.txt", "pay", false},
	    {"top", NULL, false}, {"top/a.dcm.id-7.locked", "x", false},
	    {"top/b.dcm-1", "other", false}, {"top/b.dcm.locked", "y", false},
	    {"top/c.log", "z", false}, {"top/d.locked", "w", false}};
	struct drift drift;

	(void)state;
	drift = MEASURE(clean, locked);
	assert_int_equal(drift.before, 4);
	assert_int_equal(drift.changed, 1);
	assert_int_equal(drift.vanished, 3);
	assert_int_equal(drift.appeared, 5);
	assert_int_equal(drift.extended, 3);
}

/* Programs compress and number what they set aside. */
static void
usual_endings_are_no_sign(void **state)
{
	static const struct line rotated[] = {{"other", NULL, false},
	    {"other/a.dcm", "1", false}, {"other/b.dcm.gz", "x", false},
	    {"other/c.log.1", "3", false}, {"other/d.bak", "4", false}};
	struct drift drift;

	(void)state;
	drift = MEASURE(clean, rotated);
	assert_int_equal(drift.same, 1);
	assert_int_equal(drift.vanished, 3);
	assert_int_equal(drift.appeared, 3);
	assert_int_equal(drift.extended, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(common_folders_do_not_count),
	    cmocka_unit_test(each_kind_of_difference_is_told),
	    cmocka_unit_test(names_alone_may_differ),
	    cmocka_unit_test(nothing_equals_nothing),
	    cmocka_unit_test(added_endings_are_seen),
	    cmocka_unit_test(usual_endings_are_no_sign),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
