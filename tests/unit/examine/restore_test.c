/* Writing hostile names below a folder, and proving what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lib/examine/restore_stream.h"

struct place {
	char path[64];
	int fd, inner; /* the folder, and the one in it to restore into */
	struct restore *restore;
};

static void
begin(struct place *place, uint64_t bytes, uint64_t entries)
{
	const struct restore_limits limits = {bytes, entries};
	struct error err = {0};

	(void)snprintf(
	    place->path, sizeof(place->path), "/tmp/hikae-restore-XXXXXX");
	assert_non_null(mkdtemp(place->path));
	place->fd = open(place->path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(place->fd, "in", 0700), 0);
	place->inner = openat(place->fd, "in", O_RDONLY | O_DIRECTORY);
	assert_int_equal(
	    restore_new(place->inner, &limits, &place->restore, &err), 0);
}

static void
end(struct place *place)
{
	char command[128];

	restore_free(place->restore);
	(void)close(place->inner);
	(void)close(place->fd);
	(void)snprintf(command, sizeof(command), "rm -r %s", place->path);
	assert_int_equal(system(command), 0);
}

static int
write_file(struct restore *restore, const char *path, const char *text,
    struct error *err)
{
	if (restore_file_begin(restore, path, err) != 0 ||
	    restore_file_write(
		restore, (const uint8_t *)text, strlen(text), err) != 0)
		return -1;
	return restore_file_end(restore, true, err);
}

static void
test_inside(void **state)
{
	static const struct {
		const char *path, *target;
		bool is_inside;
	} table[] = {
	    {"a", "b", true},
	    {"a/b", "../c", true},
	    {"a/b", "../../c", false},
	    {"a", "..", false},
	    {"a", "b/../../c", false},
	    {"a", "./b/../c", true},
	    {"a/b/c", "../../d//e", true},
	    {"a", "/etc/passwd", false},
	    {"a", "", false},
	    {"a", "..b", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
		assert_int_equal(
		    restore_is_inside(table[i].path, table[i].target),
		    table[i].is_inside);
}

static void
test_escapes(void **state)
{
	static const char *const paths[] = {"../out", "/out", "a/../../out",
	    "link/out", ".", "..", "", "a//b", "here/below"};
	struct place place;
	struct error err = {0};
	struct stat st;

	(void)state;
	begin(&place, 1000, 1000);
	/* A link out cannot be made by this; somebody else made it. */
	assert_int_equal(symlinkat("..", place.inner, "link"), 0);
	assert_int_equal(write_file(place.restore, "here", "x", &err), 0);
	for (size_t i = 0; i < sizeof(paths) / sizeof(paths[0]); i++)
		assert_int_equal(
		    write_file(place.restore, paths[i], "evil", &err), 0);
	assert_int_equal(restore_counts(place.restore)->refused_paths,
	    sizeof(paths) / sizeof(paths[0]));
	assert_int_equal(restore_counts(place.restore)->files, 1);
	assert_int_not_equal(fstatat(place.fd, "out", &st, 0), 0);
	assert_int_equal(
	    restore_link(place.restore, "l", "/etc/passwd", &err), 0);
	assert_int_equal(restore_link(place.restore, "l", "../x", &err), 0);
	assert_int_equal(restore_counts(place.restore)->refused_links, 2);
	assert_int_not_equal(
	    fstatat(place.inner, "l", &st, AT_SYMLINK_NOFOLLOW), 0);
	/* A name again takes the place of a link, and is not its target. */
	assert_int_equal(write_file(place.restore, "link", "y", &err), 0);
	assert_int_equal(
	    fstatat(place.inner, "link", &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISREG(st.st_mode));
	assert_int_equal(st.st_mode & 07777, 0600);
	end(&place);
}

static void
test_limits(void **state)
{
	struct place place;
	struct error err = {0};

	(void)state;
	begin(&place, 6, 3);
	assert_int_equal(write_file(place.restore, "a/b", "1234", &err), 0);
	assert_int_equal(write_file(place.restore, "a/c", "123", &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(restore_file_end(place.restore, false, &err), 0);
	assert_int_equal(restore_counts(place.restore)->failed, 1);
	assert_int_equal(restore_folder(place.restore, "d", &err), 0);
	assert_int_equal(restore_folder(place.restore, "e", &err), 0);
	assert_int_equal(restore_folder(place.restore, "f", &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	end(&place);
}

static int
no_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)err;
	return 0;
}

/* What a reader that was taken over could send. */
static void
test_records(void **state)
{
	static const struct {
		const char *bytes;
		size_t length;
		int rc;
		bool is_whole;
	} table[] = {
#define RECORDS(text) text, sizeof(text) - 1
	    {RECORDS("F\0\0\0\1aB\0\0\0\2hiE\0\0\0\1\1X\0\0\0\0"), 0, true},
	    {RECORDS("F\0\0\0\1aB\0\0\0\2hi"), 0, false},
	    {RECORDS("D\0\0\0\3a/bL\0\0\0\3l\0aS\0\0\0\0X\0\0\0\0"), 0, true},
	    {RECORDS("F\0\0\0\2a\0X\0\0\0\0"), -1, false},
	    {RECORDS("B\0\0\0\1a"), -1, false},
	    {RECORDS("F\0\0\0\1aF\0\0\0\1b"), -1, false},
	    {RECORDS("L\0\0\0\1l"), -1, false},
	    {RECORDS("L\0\0\0\4l\0\0a"), -1, false},
	    {RECORDS("L\0\0\0\0"), -1, false},
	    {RECORDS("?\0\0\0\0"), -1, false},
	    {RECORDS("F\377\377\377\377"), -1, false},
	    {RECORDS("F\0\0\0\5a"), -1, false},
	    {RECORDS("F\0\0"), -1, false},
	};
	const struct examine_events events = {.progress = no_progress};

	(void)state;
	for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++) {
		struct error err = {0};
		struct place place;
		bool is_whole = false;
		int fds[2];

		begin(&place, 1000, 1000);
		assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, fds), 0);
		assert_int_equal(write(fds[0], table[i].bytes, table[i].length),
		    table[i].length);
		(void)close(fds[0]);
		assert_int_equal(restore_stream_receive(fds[1], place.restore,
				     &events, &is_whole, &err),
		    table[i].rc);
		assert_int_equal(is_whole, table[i].is_whole);
		(void)close(fds[1]);
		end(&place);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_inside),
	    cmocka_unit_test(test_escapes),
	    cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_records),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
