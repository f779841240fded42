/* What lies below a source's root: candidates, markers, and what hinders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/examine/scan.h"
#include "tests/unit/examine/examining.h"

#define NOBODY 65534
#define MANY 10000

static struct {
	struct examine_candidate all[32];
	char names[32][64];
	size_t count, others;
	char last[64];
	bool is_sorted;
} found;

static int
on_candidate(
    void *context, const struct examine_candidate *candidate, struct error *err)
{
	(void)context;
	(void)err;
	if (found.last[0] != '\0' && strcmp(found.last, candidate->name) >= 0)
		found.is_sorted = false;
	(void)snprintf(found.last, sizeof(found.last), "%s", candidate->name);
	assert_int_equal(strlen(candidate->name), candidate->name_length);
	if (candidate->is_other_kind) {
		assert_int_equal(candidate->entries, 0);
		found.others++;
		return 0;
	}
	if (found.count < 32) {
		found.all[found.count] = *candidate;
		(void)snprintf(found.names[found.count], sizeof(found.names[0]),
		    "%s", candidate->name);
	}
	found.count++;
	return told.refuse ? error_set(err, ERROR_CANCELLED, "refused") : 0;
}

static const struct examine_events scan_events = {
    .progress = told_progress, .candidate = on_candidate};

static struct scan_options
scan_of(enum scan_layout layout)
{
	return (struct scan_options){.root_fd = ground_fd,
	    .layout = layout,
	    .spill_fd = -1,
	    .events = &scan_events};
}

static uint64_t
scan(const struct scan_options *options)
{
	uint64_t others = 99;
	struct error err = {0};

	memset(&found, 0, sizeof(found));
	memset(&told, 0, sizeof(told));
	found.is_sorted = true;
	if (scan_run(options, &others, &err) != 0)
		fail_msg("%s", err.text);
	assert_true(found.is_sorted);
	/* Each is told by its name, but for those of a living tree. */
	if (options->layout != SCAN_TREE)
		assert_int_equal(found.others, others);
	return others;
}

static const struct examine_candidate *
candidate_of(const char *name)
{
	for (size_t i = 0; i < found.count; i++)
		if (strcmp(found.names[i], name) == 0)
			return &found.all[i];
	fail_msg("no candidate %s", name);
	return NULL;
}

static void
clear(void)
{
	char line[PATH_MAX + 64];

	(void)snprintf(line, sizeof(line), "cd '%s' && rm -rf -- *", ground);
	assert_int_equal(system(line), 0);
}

static void
set_seconds(const char *path, int64_t seconds)
{
	const struct timespec time = {seconds, 7000000};

	set_time(path, &time);
}

static void
make_generations(void)
{
	clear();
	put_folder("b");
	put_folder("b/d");
	put_file("b/d/x", 100, 1);
	put_file("b/y.tmp", 1, 1);
	put_file("b/DONE", 0, 1);
	set_seconds("b/d/x", 2000);
	set_seconds("b/d", 1500);
	set_seconds("b/y.tmp", 9000);
	set_seconds("b/DONE", 1000);
	set_seconds("b", 1700);
	put_folder("a");
	put_folder("a/DONE");
	put_file("a/z", 5, 1);
	put_folder("a.tmp");
	put_file("file", 42, 1);
	set_seconds("file", 3000);
	assert_int_equal(symlinkat("b", ground_fd, "link"), 0);
	assert_int_equal(mkfifoat(ground_fd, "fifo", 0600), 0);
}

static void
folders_are_looked_into(void **state)
{
	static const char *const patterns[] = {"*.tmp"};
	struct scan_options options = scan_of(SCAN_FOLDERS);
	const struct examine_candidate *b;

	(void)state;
	make_generations();
	options.marker = "DONE";
	options.ignore = (struct examine_ignore){patterns, 1};
	assert_int_equal(scan(&options), 3);
	assert_int_equal(found.count, 2);
	b = candidate_of("b");
	assert_true(b->is_folder && b->has_marker);
	assert_int_equal(b->entries, 3);
	assert_int_equal(b->bytes, 100);
	assert_true(b->newest_ms == 2000007 && b->own_ms == 1700007);
	/* Of files: what is ignored and folders do not count. */
	assert_true(b->oldest_ms == 1000007);
	assert_int_equal(b->problem, 0);
	/* A folder of that name is no marker. */
	assert_false(candidate_of("a")->has_marker);
	assert_int_equal(candidate_of("a")->entries, 2);
}

static void
known_names_are_not_looked_into(void **state)
{
	static const char known[] = "zz\0b\0c";
	struct scan_options options = scan_of(SCAN_FOLDERS);

	(void)state;
	make_generations();
	options.known = known;
	options.known_length = sizeof(known);
	(void)scan(&options);
	assert_int_equal(found.count, 3);
	assert_int_equal(candidate_of("b")->entries, 1);
	assert_int_equal(candidate_of("b")->bytes, 0);
	assert_true(candidate_of("b")->newest_ms == 1700007);
	assert_true(candidate_of("b")->oldest_ms == EXAMINE_NO_FILE);
	assert_int_equal(candidate_of("a")->bytes, 5);
}

static void
files_are_candidates(void **state)
{
	struct scan_options options = scan_of(SCAN_FILES);

	(void)state;
	make_generations();
	assert_int_equal(scan(&options), 5);
	assert_int_equal(found.count, 1);
	assert_false(candidate_of("file")->is_folder);
	assert_int_equal(candidate_of("file")->bytes, 42);
	assert_true(candidate_of("file")->newest_ms == 3000007);
	assert_true(candidate_of("file")->oldest_ms == 3000007);
}

static void
a_living_tree_is_one_candidate(void **state)
{
	struct scan_options options = scan_of(SCAN_TREE);

	(void)state;
	make_generations();
	set_seconds("b/y.tmp", 99);
	(void)scan(&options);
	assert_int_equal(found.count, 1);
	assert_string_equal(found.names[0], "");
	assert_int_equal(found.all[0].entries, 12);
	assert_int_equal(found.all[0].bytes, 148);
	assert_true(found.all[0].newest_ms >= found.all[0].own_ms);
	assert_true(found.all[0].oldest_ms == 99007);
}

/* No candidate at all: the caller must not take that for health (law 1). */
static void
an_empty_root_has_no_candidates(void **state)
{
	(void)state;
	clear();
	for (int layout = SCAN_FOLDERS; layout <= SCAN_TREE; layout++) {
		struct scan_options options = scan_of((enum scan_layout)layout);

		assert_int_equal(scan(&options), 0);
		assert_int_equal(found.count, 0);
	}
}

static void
what_hinders_is_told(void **state)
{
	struct scan_options options = scan_of(SCAN_FOLDERS);
	uint64_t others;
	struct error err;
	int closed;

	(void)state;
	if (geteuid() != 0)
		skip();
	make_generations();
	assert_int_equal(fchmodat(ground_fd, "a", 0700, 0), 0);
	assert_int_equal(fchmodat(ground_fd, "b/d", 0700, 0), 0);
	assert_int_equal(seteuid(NOBODY), 0);
	(void)scan(&options);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(found.count, 3);
	assert_int_equal(candidate_of("a")->problem, EACCES);
	assert_int_equal(candidate_of("b")->problem, EACCES);
	assert_int_equal(candidate_of("a.tmp")->problem, 0);
	/* A root that cannot be listed is an error, not emptiness. */
	closed = openat(ground_fd, "a", O_PATH | O_DIRECTORY | O_CLOEXEC);
	assert_int_equal(seteuid(NOBODY), 0);
	options.root_fd = closed;
	assert_int_equal(scan_run(&options, &others, &err), -1);
	assert_int_equal(seteuid(0), 0);
	(void)close(closed);
}

/* A file system in memory holds any time; it must not overflow. */
static void
impossible_times_are_cut(void **state)
{
	struct scan_options options = scan_of(SCAN_FILES);

	(void)state;
	clear();
	put_file("late", 1, 1);
	put_file("early", 1, 1);
	set_seconds("late", INT64_MAX);
	set_seconds("early", INT64_MIN + 1);
	(void)scan(&options);
	assert_int_equal(found.count, 2);
	assert_true(candidate_of("late")->own_ms > INT64_C(1) << 40);
	assert_true(candidate_of("early")->own_ms < 0);
}

static void
ten_thousand_generations_are_no_burden(void **state)
{
	struct scan_options options = scan_of(SCAN_FOLDERS);
	struct bytes known = BYTES_EMPTY;
	char name[32];

	(void)state;
	clear();
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(name, sizeof(name), "g%07d", i * 7919 % MANY);
		put_folder(name);
		if (i % 100 != 0)
			bytes_append(&known, name, strlen(name) + 1);
	}
	options.known = (const char *)known.data;
	options.known_length = known.length;
	(void)scan(&options);
	assert_int_equal(found.count, MANY);
	bytes_done(&known);
	clear();
}

static void
refused_events_end_the_scan(void **state)
{
	struct scan_options options = scan_of(SCAN_FOLDERS);
	struct error err = {0};
	uint64_t others;

	(void)state;
	make_generations();
	for (int layout = SCAN_FOLDERS; layout <= SCAN_TREE; layout++) {
		options.layout = (enum scan_layout)layout;
		memset(&found, 0, sizeof(found));
		told.refuse = true;
		assert_int_equal(scan_run(&options, &others, &err), -1);
		assert_int_equal(err.code, ERROR_CANCELLED);
	}
	told.refuse = false;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(folders_are_looked_into),
	    cmocka_unit_test(known_names_are_not_looked_into),
	    cmocka_unit_test(files_are_candidates),
	    cmocka_unit_test(a_living_tree_is_one_candidate),
	    cmocka_unit_test(an_empty_root_has_no_candidates),
	    cmocka_unit_test(what_hinders_is_told),
	    cmocka_unit_test(impossible_times_are_cut),
	    cmocka_unit_test(ten_thousand_generations_are_no_burden),
	    cmocka_unit_test(refused_events_end_the_scan),
	};

	return cmocka_run_group_tests(
	    tests, ground_set_up_in_memory, ground_tear_down);
}
