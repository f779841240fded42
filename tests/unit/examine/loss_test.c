/* What a living tree lost, and what it did not: two manifests of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/base/clock.h"
#include "lib/examine/loss.h"
#include "lib/model/manifest_writer.h"

/* A line of a test's manifest; its content is a letter so often. */
struct line {
	const char *path;
	size_t size;
	char letter; /* '/': a folder; '>': a link; '?': not read */
	int day;     /* of its time */
};

/* When the earlier manifest was recorded. */
#define RECORDED_DAY 1000
#define RECORDED (RECORDED_DAY * CLOCK_DAY_MS)

static void
add_line(struct manifest_writer *writer, const struct line *line)
{
	struct manifest_entry entry = {.path = line->path,
	    .path_length = strlen(line->path),
	    .type = MANIFEST_FILE,
	    .has_time = true,
	    .time_seconds = line->day * (CLOCK_DAY_MS / 1000)};
	char *content = malloc(line->size + 1);

	assert_non_null(content);
	memset(content, line->letter, line->size + 1);
	if (line->letter == '/') {
		entry.type = MANIFEST_FOLDER;
		if (line->size > 0)
			entry.unread = "permission-denied";
	} else if (line->letter == '>') {
		entry.type = MANIFEST_LINK;
		entry.link = "elsewhere";
		entry.link_length = 9;
	} else {
		entry.has_size = true;
		entry.size = line->size;
		if (line->letter == '?')
			entry.unread = "unreadable-now";
		else
			entry.has_digest = true;
		digest_sha256_of(content, line->size, entry.digest);
	}
	assert_int_equal(manifest_writer_add(writer, &entry, NULL), 0);
	free(content);
}

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
	char name[] = "/tmp/hikae-loss-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	writer = manifest_writer_new(fd, &header, NULL);
	assert_non_null(writer);
	for (size_t i = 0; i < count && lines[i].path != NULL; i++)
		add_line(writer, &lines[i]);
	assert_int_equal(manifest_writer_finish(writer, &summary, NULL), 0);
	manifest_writer_free(writer);
	return fd;
}

#define LINES_MAX 8

static struct loss
measure(const struct line *before, const struct line *after, int64_t expires_ms)
{
	struct loss_options options = {
	    .before_fd = write_manifest(before, LINES_MAX),
	    .after_fd = write_manifest(after, LINES_MAX),
	    .recorded_ms = RECORDED,
	    .expires_ms = expires_ms,
	};
	struct loss loss;

	assert_int_equal(loss_measure(&options, &loss, NULL), 0);
	close(options.before_fd);
	close(options.after_fd);
	return loss;
}

struct story {
	const char *name;
	struct line before[LINES_MAX], after[LINES_MAX];
	struct loss loss;
};

static const struct story stories[] = {
    {"as it was", {{"a", 9, 'a', 1}}, {{"a", 9, 'a', 1}}, {0}},
    {"gone", {{"a", 9, 'a', 1}, {"b", 9, 'b', 1}}, {{"b", 9, 'b', 1}},
	{.gone = 1}},
    {"all", {{"d", 0, '/', 1}, {"d/a", 9, 'a', 1}, {"e", 9, 'b', 1}}, {{0}},
	{.gone = 2}},
    {"a whole folder",
	{{"d", 0, '/', 1}, {"d/a", 9, 'a', 1}, {"d/b", 9, 'b', 1},
	    {"e", 9, 'c', 1}},
	{{"e", 9, 'c', 1}}, {.gone = 2}},
    {"a folder that may not be read is not lost",
	{{"d", 0, '/', 1}, {"d/a", 9, 'a', 1}, {"d/b", 9, 'b', 1},
	    {"d-", 9, 'c', 1}, {"e", 9, 'd', 1}},
	{{"d", 1, '/', 1}}, {.gone = 2}},
    {"emptied", {{"a", 9, 'a', 1}}, {{"a", 0, 'a', 1001}}, {.emptied = 1}},
    {"less than a fifth is left", {{"a", 1000, 'a', 1}},
	{{"a", 199, 'b', 1001}}, {.emptied = 1}},
    {"compressed again", {{"a", 1000, 'a', 1}}, {{"a", 200, 'b', 1001}}, {0}},
    {"a database grows", {{"a", 1000, 'a', 1}}, {{"a", 5000, 'b', 1001}}, {0}},
    {"written anew, in place and as long", {{"a", 9, 'a', 1}},
	{{"a", 9, 'b', 1001}}, {0}},
    {"an older one put in its place", {{"a", 9, 'a', 2}}, {{"a", 9, 'b', 1}},
	{.older = 1}},
    {"cut, its time kept", {{"a", 9, 'a', 1}}, {{"a", 8, 'a', 1}},
	{.older = 1}},
    {"another time, the same content", {{"a", 9, 'a', 2}}, {{"a", 9, 'a', 1}},
	{0}},
    {"not readable now", {{"a", 9, 'a', 1}}, {{"a", 9, '?', 1}}, {0}},
    {"not readable, and empty", {{"a", 9, 'a', 1}}, {{"a", 0, '?', 1}},
	{.emptied = 1}},
    {"never read", {{"a", 9, '?', 1}}, {{0}}, {0}},
    {"was empty", {{"a", 0, 'a', 1}}, {{0}}, {0}},
    {"a link went", {{"a", 0, '>', 1}}, {{0}}, {0}},
    {"a link took its place", {{"a", 9, 'a', 1}}, {{"a", 0, '>', 1}},
	{.gone = 1}},
    {"a folder took its place", {{"a", 9, 'a', 1}}, {{"a", 0, '/', 1}},
	{.gone = 1}},
    {"moved", {{"a", 9, 'a', 1}, {"b", 9, 'b', 1}},
	{{"b", 9, 'b', 1}, {"c", 0, '/', 1}, {"c/a", 9, 'a', 1}}, {0}},
    {"moved to what stands before it", {{"b", 9, 'b', 1}}, {{"a", 9, 'b', 1}},
	{0}},
    {"one of two that are alike is gone", {{"a", 9, 'a', 1}, {"b", 9, 'a', 1}},
	{{"b", 9, 'a', 1}}, {.gone = 1}},
    {"two that are alike, and one is moved",
	{{"a", 9, 'a', 1}, {"b", 9, 'a', 1}}, {{"c", 9, 'a', 1}}, {.gone = 1}},
    {"two that are alike, and three come", {{"a", 9, 'a', 1}, {"b", 9, 'a', 1}},
	{{"c", 9, 'a', 1}, {"d", 9, 'a', 1}, {"e", 9, 'a', 1}}, {0}},
    {"logs of last month rotate",
	{{"log", 900, 'a', 900}, {"log.1", 900, 'b', 870},
	    {"log.2", 900, 'c', 840}},
	{{"log", 1, 'x', 1000}, {"log.1", 900, 'a', 900},
	    {"log.2", 900, 'b', 870}, {"log.3", 900, 'c', 840}},
	{0}},
    {"what was written that day may go", {{"spool", 9, 'a', RECORDED_DAY}},
	{{0}}, {0}},
    {"a time far ahead is no excuse", {{"a", 9, 'a', 9999}}, {{0}},
	{.gone = 1}},
};

static void
stories_end_as_they_should(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(stories) / sizeof(stories[0]); i++) {
		struct loss loss = measure(
		    stories[i].before, stories[i].after, LOSS_EXPIRES_NONE);

		if (memcmp(&loss, &stories[i].loss, sizeof(loss)) != 0)
			fail_msg("%s: gone %d, emptied %d, older %d, "
				 "expired %d",
			    stories[i].name, (int)loss.gone, (int)loss.emptied,
			    (int)loss.older, (int)loss.expired);
	}
}

/* Deleted by its age; what is emptied or younger is not. */
static void
retention_lets_old_files_go(void **state)
{
	static const struct line before[LINES_MAX] = {{"a", 9, 'a', 1},
	    {"b", 9, 'b', 99}, {"c", 9, 'c', 100}, {"d", 9, 'd', 1},
	    {"e", 9, 'e', 1}};
	static const struct line after[LINES_MAX] = {
	    {"d", 0, 'd', 1001}, {"e", 9, 'x', 1}};
	struct loss loss = measure(before, after, 100 * CLOCK_DAY_MS);

	(void)state;
	assert_int_equal(loss.expired, 2);
	assert_int_equal(loss.gone, 1);
	assert_int_equal(loss.emptied, 1);
	assert_int_equal(loss.older, 1);
	assert_int_equal(loss_files(&loss), 3);
}

/* A day before the recording is rest enough, and less is not. */
static void
a_file_rests_for_a_day(void **state)
{
	static const struct line rested[LINES_MAX] = {
	    {"a", 9, 'a', RECORDED_DAY - 1}};
	static const struct line ahead[LINES_MAX] = {
	    {"a", 9, 'a', RECORDED_DAY + 1}};
	static const struct line none[LINES_MAX] = {{0}};

	(void)state;
	assert_int_equal(measure(rested, none, LOSS_EXPIRES_NONE).gone, 1);
	assert_int_equal(measure(ahead, none, LOSS_EXPIRES_NONE).gone, 1);
}

/* What is no manifest is an error, on either side. */
static void
nothing_is_no_manifest(void **state)
{
	static const struct line none[LINES_MAX] = {{0}};
	int fd = write_manifest(none, LINES_MAX);
	struct loss_options options = {.before_fd = fd, .after_fd = -1};
	struct error err = {0};
	struct loss loss;

	(void)state;
	assert_int_equal(loss_measure(&options, &loss, &err), -1);
	options = (struct loss_options){.before_fd = -1, .after_fd = fd};
	assert_int_equal(loss_measure(&options, &loss, &err), -1);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(stories_end_as_they_should),
	    cmocka_unit_test(retention_lets_old_files_go),
	    cmocka_unit_test(a_file_rests_for_a_day),
	    cmocka_unit_test(nothing_is_no_manifest),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
