/*
 * Lists that the real tools make of real files, compared with a real capture.
 * Backup manifests of a real PostgreSQL are tests/scenario/25-foreign.sh's.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "lib/examine/copy.h"
#include "lib/examine/foreign_list.h"
#include "tests/unit/examine/examining.h"

/* A fresh folder `copy` for every test, made by a shell inside it. */
static void
make_copy(const char *script)
{
	char command[PATH_MAX + 4096];

	(void)snprintf(command, sizeof(command),
	    "set -e; cd '%s'; rm -rf copy; mkdir copy; cd copy; %s", ground,
	    script);
	assert_int_equal(system(command), 0);
}

static int
add_entry(void *context, const struct foreign_entry *entry, struct error *err)
{
	return foreign_add(context, entry, err);
}

/* What a reader and its parser do together. */
static int
compare_with(
    const struct foreign_options *options, struct foreign_outcome *ret_outcome)
{
	struct foreign *foreign = NULL;
	struct foreign_lists lists;
	struct foreign_list_events events = {.entry = add_entry};
	struct error err = {0};
	int rc;

	memset(&told, 0, sizeof(told));
	assert_int_equal(foreign_find(options->root_fd, options->locator,
			     options->is_file, &lists, &err),
	    0);
	assert_int_equal(foreign_new(options, &foreign, &err), 0);
	events.context = foreign;
	for (size_t i = 0; i < lists.count; i++) {
		struct copy copy = COPY_CLOSED;
		struct foreign_told list_told;
		int problem, fd;

		assert_int_equal(copy_open(&copy, options->root_fd,
				     options->locator, options->is_file, &err),
		    0);
		fd = copy_open_file(&copy, lists.items[i].name, &problem);
		assert_true(fd >= 0);
		assert_int_equal(
		    foreign_begin_list(foreign, &lists.items[i], &err), 0);
		assert_int_equal(foreign_list_read(fd, &lists.items[i], &events,
				     &list_told, &err),
		    0);
		assert_int_equal(
		    foreign_end_list(foreign, &list_told, &err), 0);
		(void)close(fd);
		copy_close(&copy);
	}
	rc = foreign_check(foreign, ret_outcome, &err);
	if (rc < 0)
		fail_msg("%s", err.text);
	foreign_free(foreign);
	foreign_lists_done(&lists);
	return rc;
}

static const char *const ignored[] = {"lost+found"};

static struct foreign_options
options_of(const char *locator, int manifest_fd)
{
	return (struct foreign_options){
	    .root_fd = ground_fd,
	    .locator = locator,
	    .manifest_fd = manifest_fd,
	    .spill_fd = -1,
	    .ignore = {ignored, 1},
	    .stream = {.block_bytes = 64 * KIB, .in_flight = 4, .direct = true},
	    .events = &ground_events,
	};
}

/* Capture the copy that a script makes, and compare it with its lists. */
static struct foreign_outcome
outcome_of(const char *script)
{
	struct capture_options capturing = capture_of("copy");
	struct capture_result result;
	struct foreign_outcome outcome = {0};
	struct foreign_options options;
	int manifest_fd;

	make_copy(script);
	capturing.ignore = (struct examine_ignore){ignored, 1};
	manifest_fd = capture(&capturing, &result);
	assert_int_equal(told.finding_count, 0);
	options = options_of("copy", manifest_fd);
	assert_int_equal(compare_with(&options, &outcome), 1);
	(void)close(manifest_fd);
	return outcome;
}

#define assert_outcome(outcome, word, of_kind)                       \
	do {                                                         \
		assert_string_equal(                                 \
		    foreign_result_name((outcome).result), word);    \
		assert_string_equal(                                 \
		    foreign_origin_name((outcome).origin), of_kind); \
	} while (0)

#define FILES                                                        \
	"printf one >a; mkdir d; head -c 300000 /dev/urandom >d/b; " \
	": >'d/e m p t y'; printf n >\"`printf 'd/x\\ny'`\"; "
#define SUM(tool) tool " a d/* "

static void
lists_that_agree(void **state)
{
	static const struct {
		const char *script;
		bool reads_twice;
	} scripts[] = {
	    {FILES SUM("sha256sum") ">SHA256SUMS", false},
	    {FILES SUM("sha256sum --tag") ">sha256sum.txt", false},
	    {FILES "sha256sum ./a ./d/* SHA256SUMS >SHA256SUMS || :", false},
	    {FILES SUM("md5sum") ">MD5SUMS", true},
	    {FILES SUM("sha1sum --tag") ">SHA1SUMS", true},
	    {FILES SUM("sha512sum") ">sha512sums.txt", true},
	    {FILES SUM("sha384sum") ">SHA384SUMS; " SUM(
		 "sha256sum") ">SHA256SUMS; " SUM("md5sum") ">MD5SUMS",
		true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct foreign_outcome outcome = outcome_of(scripts[i].script);

		assert_outcome(outcome, "agrees", "checksums");
		assert_int_equal(outcome.listed, 4);
		assert_int_equal(outcome.agreeing, 4);
		assert_int_equal(told.finding_count, 0);
		assert_int_equal(
		    outcome.bytes_read, scripts[i].reads_twice ? 300004 : 0);
	}
}

/* Changed before hikae saw it first: its own manifest is of the changed one. */
#define DAMAGE \
	"printf XYZXYZXY | dd of=d/b bs=1 seek=70000 conv=notrunc status=none"

static void
a_file_changed_before(void **state)
{
	static const char *const scripts[] = {
	    FILES SUM("sha256sum") ">SHA256SUMS; " DAMAGE,
	    FILES SUM("sha512sum") ">SHA512SUMS; " DAMAGE,
	    FILES SUM("md5sum") ">MD5SUMS; " SUM(
		"sha1sum") ">SHA1SUMS; " DAMAGE,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(scripts) / sizeof(scripts[0]); i++) {
		struct foreign_outcome outcome = outcome_of(scripts[i]);

		assert_outcome(outcome, "differs", "checksums");
		assert_int_equal(outcome.mismatched, 1);
		assert_int_equal(outcome.agreeing, 3);
		assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "d/b");
	}
}

static void
what_is_not_there(void **state)
{
	struct foreign_outcome outcome =
	    outcome_of(FILES SUM("sha256sum") ">SHA256SUMS; rm a");

	(void)state;
	assert_outcome(outcome, "differs", "checksums");
	assert_int_equal(outcome.missing, 1);
	assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "a");
	/* Left out by configuration, or behind a link: not missing. */
	outcome = outcome_of(
	    FILES "mkdir lost+found; printf 1 >lost+found/f; mkdir e; "
		  "printf 1 >e/f; ln -s e l; ln -s e l2; sha256sum a "
		  "lost+found/f l/f "
		  ">SHA256SUMS");
	assert_outcome(outcome, "partial", "checksums");
	assert_int_equal(outcome.not_comparable, 2);
	assert_int_equal(told.finding_count, 0);
}

static void
what_cannot_be_compared(void **state)
{
	struct foreign_outcome outcome;

	(void)state;
	outcome = outcome_of(
	    FILES "b2sum --tag a >SHA256SUMS; sha256sum d/b >>SHA256SUMS");
	assert_outcome(outcome, "partial", "checksums");
	assert_int_equal(outcome.not_comparable, 1);
	assert_int_equal(told.finding_count, 0);
	outcome = outcome_of(FILES "b2sum --tag a >SHA256SUMS");
	assert_outcome(outcome, "not-compared", "checksums");
	/* Lines that nobody understands are told. */
	outcome = outcome_of(FILES "(echo hello; sha256sum a) >SHA256SUMS");
	assert_outcome(outcome, "partial", "checksums");
	assert_told(FINDING_FOREIGN_MANIFEST_UNREADABLE, "SHA256SUMS");
	outcome = outcome_of(FILES "echo hello >SHA256SUMS");
	assert_outcome(outcome, "unreadable", "checksums");
	assert_told(FINDING_FOREIGN_MANIFEST_UNREADABLE, "SHA256SUMS");
	outcome = outcome_of(FILES ": >SHA256SUMS");
	assert_outcome(outcome, "unreadable", "checksums");
}

#define BAG                                                              \
	"mkdir -p data/d; printf one >data/a; printf two >'data/d/b%'; " \
	"printf x >\"`printf 'data/c\\nd'`\"; "                          \
	"printf 'BagIt-Version: 1.0\\nTag-File-Character-Encoding: "     \
	"UTF-8\\n' >bagit.txt; printf 'Payload-Oxum: 7.3\\n' >bag-info.txt; "
#define BAG_LIST(tool, name)                                           \
	"for f in data/a 'data/d/b%' \"`printf 'data/c\\nd'`\"; do "   \
	"printf '%s  %s\\n' \"`" tool " <\"$f\" | cut -d ' ' -f 1`\" " \
	"\"`printf %s \"$f\" | sed -z 's/%/%25/g; s/\\n/%0A/g'`\"; "   \
	"done >" name "; "

static void
bags(void **state)
{
	struct foreign_outcome outcome;
	char script[4096];
	static const char *const lists[2] = {
	    BAG BAG_LIST("sha256sum", "manifest-sha256.txt"),
	    BAG BAG_LIST("sha512sum", "manifest-sha512.txt")
		BAG_LIST("md5sum", "manifest-md5.txt"),
	};
	static const struct {
		const char *after, *result, *path;
	} cases[] = {
	    {":", "agrees", NULL},
	    {"printf y >>'data/d/b%'", "differs", "data/d/b%"},
	    {"printf y >data/new; sed -i 's/7.3/8.4/' bag-info.txt", "differs",
		"data/new"},
	    {"sed -i 's/7.3/9.3/' bag-info.txt", "differs", ""},
	    {"sha256sum bagit.txt manifest-* >tagmanifest-sha256.txt", "agrees",
		NULL},
	    {"printf z >>bagit.txt; echo `printf 0 | sha256sum | head -c 64` "
	     "bagit.txt >tagmanifest-sha256.txt",
		"differs", "bagit.txt"},
	};

	(void)state;
	for (size_t i = 0; i < 2 * sizeof(cases) / sizeof(cases[0]); i++) {
		size_t which = i / 2;

		(void)snprintf(script, sizeof(script), "%s%s", lists[i % 2],
		    cases[which].after);
		outcome = outcome_of(script);
		assert_outcome(outcome, cases[which].result, "bagit");
		if (cases[which].path == NULL)
			assert_int_equal(told.finding_count, 0);
		else
			assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH,
			    cases[which].path);
	}
}

/* Made by hand after the documentation; real ones are the scenario's. */
#define PG_START                                                              \
	"printf 15 >PG_VERSION; (printf '{ "                                  \
	"\"PostgreSQL-Backup-Manifest-Version\": 1,\\n\"Files\": [\\n"        \
	"{ \"Path\": \"PG_VERSION\", \"Size\": 2, "                           \
	"\"Checksum-Algorithm\": \"SHA256\", \"Checksum\": \"%s\" }\\n"       \
	"],\\n' `sha256sum <PG_VERSION | cut -c -64`) >m; "                   \
	"cat m >backup_manifest; printf '\"Manifest-Checksum\": \"%s\"}\\n' " \
	"`sha256sum <m | cut -c -64` >>backup_manifest; rm m; "

static void
backup_manifests(void **state)
{
	struct foreign_outcome outcome;

	(void)state;
	outcome = outcome_of(PG_START ":");
	assert_outcome(outcome, "agrees", "postgresql");
	outcome = outcome_of(PG_START "printf 16 >PG_VERSION");
	assert_outcome(outcome, "differs", "postgresql");
	assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "PG_VERSION");
	outcome = outcome_of(PG_START "printf 150 >PG_VERSION");
	assert_int_equal(told.findings[0].expected_size, 2);
	assert_int_equal(told.findings[0].actual_size, 3);
	/* Left by another backup, and restored with this one. */
	outcome = outcome_of(PG_START "mkdir base pg_wal; printf 1 >base/1; "
				      "printf 1 >pg_wal/1; printf 1 >mark");
	assert_outcome(outcome, "differs", "postgresql");
	assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "base/1");
	assert_int_equal(outcome.unlisted, 1);
	/* One byte of the list itself: it is the list that is wrong. */
	outcome = outcome_of(
	    PG_START "sed -i 's/\"Size\": 2/\"Size\": 3/' backup_manifest");
	assert_outcome(outcome, "unreadable", "postgresql");
	assert_told(FINDING_FOREIGN_MANIFEST_UNREADABLE, "backup_manifest");
	/* The backup is in tar format: its files are not here to compare. */
	outcome =
	    outcome_of(PG_START "tar cf base.tar PG_VERSION; rm PG_VERSION");
	assert_outcome(outcome, "not-compared", "postgresql");
	assert_int_equal(told.finding_count, 0);
}

static void
copies_that_are_one_file(void **state)
{
	static const struct {
		const char *script;
		int rc;
		const char *result;
	} cases[] = {
	    {"sha256sum dump.sql >dump.sql.sha256", 1, "agrees"},
	    {"sha256sum $PWD/dump.sql >dump.sql.sha256", 1, "agrees"},
	    {"sha256sum <dump.sql | head -c 64 >dump.sql.sha256", 1, "agrees"},
	    {"md5sum dump.sql >dump.sql.md5; printf x >>dump.sql", 1,
		"differs"},
	    {"sha256sum * >SHA256SUMS", 1, "agrees"},
	    {"sha256sum other >SHA256SUMS", 0, NULL},
	    {"sha256sum other >other.sha256", 0, NULL},
	    {":", 0, NULL},
	    {": >dump.sql.sha256", 1, "unreadable"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct capture_options capturing = capture_of("copy/dump.sql");
		struct foreign_options options;
		struct capture_result result;
		struct foreign_outcome outcome = {0};
		char script[512];

		(void)snprintf(script, sizeof(script),
		    "printf one >dump.sql; printf two >other; %s",
		    cases[i].script);
		make_copy(script);
		capturing.is_file = true;
		options =
		    options_of("copy/dump.sql", capture(&capturing, &result));
		options.is_file = true;
		assert_int_equal(compare_with(&options, &outcome), cases[i].rc);
		if (cases[i].rc == 1)
			assert_outcome(outcome, cases[i].result, "checksums");
		(void)close(options.manifest_fd);
	}
}

/* The bytes became others between capture and second reading. */
static void
another_reading_proves_nothing(void **state)
{
	struct capture_options capturing = capture_of("copy");
	struct foreign_options options;
	struct capture_result result;
	struct foreign_outcome outcome;

	(void)state;
	make_copy(FILES SUM("sha512sum") ">SHA512SUMS");
	options = options_of("copy", capture(&capturing, &result));
	flip("copy/d/b", 100, 1, true);
	assert_int_equal(compare_with(&options, &outcome), 1);
	assert_outcome(outcome, "partial", "checksums");
	assert_told(FINDING_UNSTABLE_READ, "d/b");
	/* Written anew meanwhile, as may happen in a living tree. */
	flip("copy/d/b", 100, 1, false);
	assert_int_equal(compare_with(&options, &outcome), 1);
	assert_outcome(outcome, "partial", "checksums");
	assert_int_equal(told.finding_count, 0);
	(void)close(options.manifest_fd);
}

/* A living copy outgrows a list: only what is older than it is compared. */
static void
a_living_copy_moves_on(void **state)
{
	struct capture_options capturing = capture_of("copy");
	struct foreign_options options;
	struct capture_result result;
	struct foreign_outcome outcome;

	(void)state;
	make_copy(
	    FILES SUM("sha256sum") ">SHA256SUMS; rm 'd/e m p t y'; "
				   "printf new >a; touch -d '+5 seconds' a");
	options = options_of("copy", capture(&capturing, &result));
	options.is_living = true;
	assert_int_equal(compare_with(&options, &outcome), 1);
	assert_outcome(outcome, "partial", "checksums");
	assert_int_equal(outcome.agreeing, 2);
	assert_int_equal(outcome.not_comparable, 2);
	assert_int_equal(told.finding_count, 0);
	(void)close(options.manifest_fd);
	/* Old by its time, and not what it was. */
	make_copy(FILES SUM("sha256sum") ">SHA256SUMS; touch -r d/b t; " DAMAGE
					 "; touch -r t d/b; rm t");
	options = options_of("copy", capture(&capturing, &result));
	options.is_living = true;
	assert_int_equal(compare_with(&options, &outcome), 1);
	assert_outcome(outcome, "differs", "checksums");
	assert_told(FINDING_FOREIGN_MANIFEST_MISMATCH, "d/b");
	(void)close(options.manifest_fd);
}

/* A parser that was taken over can tell no name that leads out. */
static void
names_of_a_hostile_parser(void **state)
{
	static const char *const names[] = {
	    "", "/a", "../a", "a/../b", "a//b", "a/", "."};
	struct foreign_list list = {.name = "SHA256SUMS"};
	struct foreign_options options = options_of("copy", -1);
	struct foreign *foreign = NULL;

	(void)state;
	assert_int_equal(foreign_new(&options, &foreign, NULL), 0);
	assert_int_equal(foreign_begin_list(foreign, &list, NULL), 0);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct foreign_entry entry = {
		    .path = names[i], .path_length = strlen(names[i])};
		struct error err = {0};

		assert_int_equal(foreign_add(foreign, &entry, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
	}
	foreign_free(foreign);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lists_that_agree),
	    cmocka_unit_test(a_file_changed_before),
	    cmocka_unit_test(what_is_not_there),
	    cmocka_unit_test(what_cannot_be_compared),
	    cmocka_unit_test(bags),
	    cmocka_unit_test(backup_manifests),
	    cmocka_unit_test(copies_that_are_one_file),
	    cmocka_unit_test(another_reading_proves_nothing),
	    cmocka_unit_test(a_living_copy_moves_on),
	    cmocka_unit_test(names_of_a_hostile_parser),
	};

	return cmocka_run_group_tests(tests, ground_set_up, ground_tear_down);
}
