/* Manifests of trees with everything in them, and what they cost to make. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sys/resource.h>

#include "lib/base/clock.h"
#include "tests/unit/examine/examining.h"

#define NOBODY 65534
#define LARGE_BYTES (3 * SLICE_BYTES)

static const struct {
	const char *path;
	size_t size;
} files[] = {
    {"all/ spaced \t", 5},
    {"all/*?[#\\=", 6},
    {"all/\xe5\x8d\x97\xe7\x97\x85\xe6\xa3\x9f", 4097},
    {"all/\xff\xfe\x01", 1},
    {"all/-n", 2},
    {"all/empty", 0},
    {"all/f/deep/deeper/file", 100},
    {"all/f.txt", 65535},
    {"all/line\nfeed", 3},
    {"all/slice", SLICE_BYTES},
    {"all/slice1", SLICE_BYTES + 1},
    {"all/three", LARGE_BYTES},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static void
make_everything(void)
{
	int fd;

	put_folder("all");
	put_folder("all/f");
	put_folder("all/f/deep");
	put_folder("all/f/deep/deeper");
	put_folder("all/void");
	for (size_t i = 0; i < FILES; i++)
		put_file(files[i].path, files[i].size, (unsigned)i);
	assert_int_equal(symlinkat("no where\n", ground_fd, "all/link"), 0);
	assert_int_equal(mkfifoat(ground_fd, "all/fifo", 0640), 0);
	assert_int_equal(
	    mknodat(ground_fd, "all/socket", S_IFSOCK | 0600, 0), 0);
	fd = openat(
	    ground_fd, "all/sparse", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_int_equal(ftruncate(fd, 1000000), 0);
	assert_int_equal(pwrite(fd, "x", 1, 500000), 1);
	(void)close(fd);
}

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	make_everything();
	return 0;
}

/* What another program says of a file. */
static void
expect_sha256sum(const char *path, const uint8_t digest[DIGEST_SHA256_BYTES])
{
	char command[64], hex[2 * DIGEST_SHA256_BYTES + 1], line[128] = "";
	int fd = openat(ground_fd, path, O_RDONLY);
	FILE *out;

	assert_true(fd >= 0);
	(void)snprintf(command, sizeof(command), "sha256sum <&%d", fd);
	out = popen(command, "r");
	assert_non_null(out);
	assert_non_null(fgets(line, sizeof(line), out));
	assert_int_equal(pclose(out), 0);
	bytes_format_hex(digest, DIGEST_SHA256_BYTES, hex);
	assert_memory_equal(line, hex, 2 * DIGEST_SHA256_BYTES);
	(void)close(fd);
}

static void
everything_stands_in_the_manifest(void **state)
{
	struct capture_options options = capture_of("all");
	struct capture_result result;
	struct verify_options check;
	struct manifest_entry entry;
	int manifest_fd = capture(&options, &result);
	struct stat st;

	(void)state;
	assert_int_equal(told.finding_count, 0);
	assert_int_equal(result.problems, 0);
	assert_int_equal(result.manifest.totals.unread, 0);
	assert_int_equal(result.manifest.totals.files, FILES + 1);
	assert_int_equal(result.manifest.totals.entries, FILES + 8);
	assert_true(result.manifest.totals.bytes == result.bytes_read);
	assert_int_equal(result.mode, STREAM_DIRECT);
	for (size_t i = 0; i < FILES; i++) {
		assert_true(find_entry(
		    manifest_fd, files[i].path + strlen("all/"), &entry));
		assert_true(entry.has_digest && entry.size == files[i].size);
		expect_sha256sum(files[i].path, entry.digest);
		st = stat_of(files[i].path);
		assert_true(entry.time_seconds == st.st_mtim.tv_sec);
		assert_true(entry.time_nanoseconds == st.st_mtim.tv_nsec);
		assert_true(entry.mode == (st.st_mode & 07777));
	}
	assert_true(find_entry(manifest_fd, "sparse", &entry));
	expect_sha256sum("all/sparse", entry.digest);
	assert_true(find_entry(manifest_fd, "link", &entry));
	assert_int_equal(entry.type, MANIFEST_LINK);
	assert_int_equal(entry.link_length, 9);
	assert_true(find_entry(manifest_fd, "fifo", &entry));
	assert_int_equal(entry.type, MANIFEST_FIFO);
	assert_true(find_entry(manifest_fd, "socket", &entry));
	assert_int_equal(entry.type, MANIFEST_SOCKET);
	assert_true(find_entry(manifest_fd, "void", &entry));
	assert_int_equal(entry.type, MANIFEST_FOLDER);
	check = verify_of("all", manifest_fd);
	assert_int_equal(verify(&check), VERDICT_INTACT);
	assert_int_equal(look(&check), VERDICT_INTACT);
	(void)close(manifest_fd);
}

/* The same bytes twice, also with other reads in flight. */
static void
the_manifest_is_the_same_however_it_is_read(void **state)
{
	struct capture_options options = capture_of("all");
	struct capture_result first, second;

	(void)state;
	(void)close(capture(&options, &first));
	options.stream = (struct stream_options){4096, 1, false, NULL};
	(void)close(capture(&options, &second));
	assert_memory_equal(first.manifest.sha256, second.manifest.sha256, 32);
	assert_int_equal(second.mode, STREAM_CACHED);
}

static void
what_is_in_the_readings_is_not_read_again(void **state)
{
	struct capture_options options = capture_of("all");
	struct capture_result first, second;
	int readings_fd = temporary();
	int64_t begin = clock_wall_ms(), end;

	(void)state;
	options.readings = open_readings(readings_fd);
	(void)close(capture(&options, &first));
	assert_true(first.bytes_read > 0);
	end = clock_wall_ms();
	(void)close(capture(&options, &second));
	assert_int_equal(second.bytes_read, 0);
	assert_in_range(second.oldest_reading, begin, end);
	assert_memory_equal(first.manifest.sha256, second.manifest.sha256, 32);
	/* Other slices are other parts: their states were never seen. */
	options.header.slice_bytes = SLICE_BYTES / 2;
	(void)close(capture(&options, &second));
	assert_true(second.bytes_read >= LARGE_BYTES);
	readings_free(options.readings);
	(void)close(readings_fd);
}

/* A reading from the future is of a clock that was wrong (law 8). */
static void
readings_from_the_future_do_not_count(void **state)
{
	struct capture_options options = capture_of("future");
	struct readings_identity identity;
	struct reading reading = {.read_at = INT64_C(1) << 60};
	struct capture_result result;
	int readings_fd = temporary();
	struct stat st;

	(void)state;
	put_folder("future");
	put_file("future/file", 10, 1);
	st = stat_of("future/file");
	options.readings = open_readings(readings_fd);
	examine_identity_of(&st, &identity);
	identity.end = 10;
	readings_put(options.readings, &identity, &reading);
	(void)close(capture(&options, &result));
	assert_int_equal(result.bytes_read, 10);
	readings_free(options.readings);
	(void)close(readings_fd);
}

static void
run(const char *command, const char *first, const char *second)
{
	char line[3 * PATH_MAX];

	(void)snprintf(line, sizeof(line), "cd '%s' && %s %s %s", ground,
	    command, first, second != NULL ? second : "");
	assert_int_equal(system(line), 0);
}

/* Making a link changes a file's change time, and not the file. */
static void
hard_linked_generations_cost_what_is_new(void **state)
{
	static const char *const rotation[] = {"one", "two", "one"};
	struct capture_options options = capture_of("one");
	struct capture_result result;
	char fresh[16];
	int readings_fd = temporary();

	(void)state;
	put_folder("one");
	put_file("one/a", 1000, 1);
	put_file("one/large", LARGE_BYTES, 2);
	put_file("one/old", 300, 3);
	options.readings = open_readings(readings_fd);
	(void)close(capture(&options, &result));
	assert_int_equal(result.bytes_read, 1300 + LARGE_BYTES);
	/* Each night: link the last, replace a file, drop the last. */
	for (unsigned i = 0; i < 3; i++) {
		const char *const *name = &rotation[i % 2];

		run("cp -al", name[0], name[1]);
		(void)snprintf(fresh, sizeof(fresh), "%s/old", name[1]);
		assert_int_equal(unlinkat(ground_fd, fresh, 0), 0);
		put_file(fresh, 301, i);
		options.locator = name[1];
		(void)close(capture(&options, &result));
		assert_int_equal(result.bytes_read, 301);
		assert_int_equal(told.finding_count, 0);
		run("rm -r", name[0], NULL);
	}
	readings_free(options.readings);
	(void)close(readings_fd);
}

/* Several names of one file in one generation, also while it is being read. */
static void
hard_links_within_are_read_once(void **state)
{
	struct capture_options options = capture_of("names");
	struct manifest_entry a, b;
	struct capture_result result;
	int readings_fd = temporary();
	int manifest_fd;

	(void)state;
	put_folder("names");
	put_file("names/a", LARGE_BYTES, 2);
	put_file("names/c", 10, 3);
	assert_int_equal(
	    linkat(ground_fd, "names/a", ground_fd, "names/b", 0), 0);
	assert_int_equal(
	    linkat(ground_fd, "names/a", ground_fd, "names/d", 0), 0);
	assert_int_equal(
	    linkat(ground_fd, "names/c", ground_fd, "names/e", 0), 0);
	options.readings = open_readings(readings_fd);
	manifest_fd = capture(&options, &result);
	assert_int_equal(result.bytes_read, LARGE_BYTES + 10);
	assert_true(find_entry(manifest_fd, "a", &a));
	assert_true(find_entry(manifest_fd, "d", &b));
	assert_memory_equal(a.digest, b.digest, sizeof(a.digest));
	assert_int_equal(result.manifest.totals.slices, 3 * 3 + 2);
	(void)close(manifest_fd);
	readings_free(options.readings);
	(void)close(readings_fd);
}

static void
what_cannot_be_read_stands_there_unread(void **state)
{
	struct capture_options options = capture_of("closed");
	struct verify_options check;
	struct manifest_entry entry;
	struct capture_result result;
	int manifest_fd;

	(void)state;
	if (geteuid() != 0)
		skip();
	put_folder("closed");
	put_folder("closed/d");
	put_file("closed/d/inside", 1, 1);
	put_file("closed/file", 100, 1);
	put_file("closed/large", LARGE_BYTES, 1);
	put_file("closed/open", 100, 1);
	assert_int_equal(fchmodat(ground_fd, "closed/d", 0700, 0), 0);
	assert_int_equal(fchmodat(ground_fd, "closed/file", 0600, 0), 0);
	assert_int_equal(fchmodat(ground_fd, "closed/large", 0600, 0), 0);
	assert_int_equal(fchmodat(ground_fd, ".", 0777, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	manifest_fd = capture(&options, &result);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(told.finding_count, 3);
	assert_true(was_told(FINDING_PERMISSION_DENIED, "d"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "file"));
	assert_true(was_told(FINDING_PERMISSION_DENIED, "large"));
	assert_int_equal(result.problems, 3);
	assert_int_equal(result.manifest.totals.unread, 3);
	assert_false(result.manifest.totals.has_content);
	assert_true(find_entry(manifest_fd, "file", &entry));
	assert_true(entry.unread != NULL && !entry.has_digest);
	assert_true(find_entry(manifest_fd, "d", &entry));
	assert_true(entry.unread != NULL);
	/* It can be read now, but there is nothing to compare it with. */
	check = verify_of("closed", manifest_fd);
	assert_int_equal(verify(&check), VERDICT_UNDETERMINED);
	assert_int_equal(told.finding_count, 3);
	assert_true(was_told(FINDING_UNREAD_AT_CAPTURE, "d"));
	assert_true(was_told(FINDING_UNREAD_AT_CAPTURE, "file"));
	assert_true(was_told(FINDING_UNREAD_AT_CAPTURE, "large"));
	assert_int_equal(look(&check), VERDICT_UNDETERMINED);
	assert_true(was_told(FINDING_UNREAD_AT_CAPTURE, "d"));
	assert_true(was_told(FINDING_UNREAD_AT_CAPTURE, "file"));
	(void)close(manifest_fd);
}

static void
ignored_names_are_left_out(void **state)
{
	static const char *const patterns[] = {"*.tmp", "@eaDir"};
	struct capture_options options = capture_of("ignoring");
	struct capture_result result;
	struct verify_options check;
	int manifest_fd;

	(void)state;
	put_folder("ignoring");
	put_folder("ignoring/@eaDir");
	put_folder("ignoring/d");
	put_file("ignoring/@eaDir/x", 1, 1);
	put_file("ignoring/a.tmp", 1, 1);
	put_file("ignoring/d/b.tmp", 1, 1);
	put_file("ignoring/d/c", 1, 1);
	options.ignore = (struct examine_ignore){patterns, 2};
	manifest_fd = capture(&options, &result);
	assert_int_equal(result.manifest.totals.entries, 2);
	assert_int_equal(result.bytes_read, 1);
	check = verify_of("ignoring", manifest_fd);
	check.ignore = options.ignore;
	assert_int_equal(look(&check), VERDICT_INTACT);
	assert_int_equal(told.finding_count, 0);
	(void)close(manifest_fd);
}

/* A copy that is one file, with the parser listening, and gone. */
static void
one_file_is_a_copy(void **state)
{
	struct capture_options options = capture_of("all/three");
	struct capture_result result;
	struct verify_options check;
	struct manifest_entry entry;
	int manifest_fd;

	(void)state;
	options.is_file = true;
	manifest_fd = capture(&options, &result);
	assert_int_equal(result.manifest.totals.entries, 1);
	assert_int_equal(result.manifest.totals.slices, 3);
	/* One file may take hours: it tells of itself on the way. */
	assert_true(told.progress_count > 0);
	assert_true(find_entry(manifest_fd, "three", &entry));
	expect_sha256sum("all/three", entry.digest);
	check = verify_of("all/three", manifest_fd);
	check.is_file = true;
	assert_int_equal(verify(&check), VERDICT_INTACT);
	flip("all/three", SLICE_BYTES + 5, 1, true);
	assert_int_equal(verify(&check), VERDICT_DAMAGED);
	assert_told(FINDING_BIT_ROT, "three");
	assert_int_equal(told.findings[0].slice, 1);
	flip("all/three", SLICE_BYTES + 5, 1, true);
	(void)close(manifest_fd);
}

static void
expect_error(struct capture_options *options, enum error_code code)
{
	struct manifest_writer *writer = NULL;
	struct capture_result result;
	struct error err = {0};

	assert_int_equal(capture_run(options, &result, &writer, &err), -1);
	assert_int_equal(err.code, code);
	assert_null(writer);
}

static void
what_keeps_it_from_working_is_an_error(void **state)
{
	struct capture_options options = capture_of("all");

	(void)state;
	memset(&told, 0, sizeof(told));
	options.manifest_fd = open("/dev/full", O_WRONLY | O_CLOEXEC);
	assert_true(options.manifest_fd >= 0);
	expect_error(&options, ERROR_NO_SPACE);
	(void)close(options.manifest_fd);
	options.manifest_fd = temporary();
	options.locator = "nowhere";
	expect_error(&options, ERROR_NOT_FOUND);
	options.locator = "all/link";
	options.is_file = true;
	expect_error(&options, ERROR_INPUT);
	options.locator = "all/fifo";
	expect_error(&options, ERROR_INPUT);
	options.locator = "all/nothing";
	expect_error(&options, ERROR_NOT_FOUND);
	(void)close(options.manifest_fd);
}

static void
modify(const char *path, int64_t seconds, long nanoseconds)
{
	const struct timespec at = {seconds, nanoseconds};

	set_time(path, &at);
}

static void
what_lies_ahead_is_only_counted(void **state)
{
	struct capture_options options = capture_of("times");
	struct capture_result result;
	int64_t now = clock_wall_ms() / 1000;

	(void)state;
	put_folder("times");
	put_file("times/a", 10, 1);
	put_file("times/b", 10, 2);
	put_file("times/c", 10, 3);
	modify("times/a", 1000, 0);
	modify("times/b", 2000, 5000000);
	modify("times/c", now + 7000, 0);
	options.ahead_ms = 2 * CLOCK_HOUR_MS;
	(void)close(capture(&options, &result));
	assert_true(result.newest_file_ms == (now + 7000) * 1000);
	assert_int_equal(result.future_files, 0);
	options.ahead_ms = CLOCK_HOUR_MS;
	(void)close(capture(&options, &result));
	assert_true(result.newest_file_ms == 2000005);
	assert_int_equal(result.future_files, 1);
	/* Where all lie ahead, the least of them. */
	modify("times/a", now + 20000, 0);
	modify("times/b", now + 10000, 0);
	modify("times/c", now + 30000, 0);
	(void)close(capture(&options, &result));
	assert_true(result.newest_file_ms == (now + 10000) * 1000);
	assert_int_equal(result.future_files, 3);
	options.ahead_ms = CAPTURE_ANY_TIME;
	(void)close(capture(&options, &result));
	assert_true(result.newest_file_ms == (now + 30000) * 1000);
	assert_int_equal(result.future_files, 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(everything_stands_in_the_manifest),
	    cmocka_unit_test(the_manifest_is_the_same_however_it_is_read),
	    cmocka_unit_test(what_is_in_the_readings_is_not_read_again),
	    cmocka_unit_test(readings_from_the_future_do_not_count),
	    cmocka_unit_test(hard_linked_generations_cost_what_is_new),
	    cmocka_unit_test(hard_links_within_are_read_once),
	    cmocka_unit_test(what_cannot_be_read_stands_there_unread),
	    cmocka_unit_test(ignored_names_are_left_out),
	    cmocka_unit_test(one_file_is_a_copy),
	    cmocka_unit_test(what_keeps_it_from_working_is_an_error),
	    cmocka_unit_test(what_lies_ahead_is_only_counted),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
