/*
 * After any failed write and after a kill at any moment: what was committed is
 * there, what was not is not, and the journal and its projection agree.
 */
#include "tests/unit/store/entries.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "lib/store/journal_verify.h"
#include "tests/unit/store/fault_vfs.h"

/* More failing calls than the scenario makes. */
#define CALLS_MAX 200
#define KILLS 8

static char folder[FOLDER_BYTES];
static struct signature_secret secret;
static struct error err;

static int
setup(void **state)
{
	(void)state;
	folder_make(folder);
	signature_generate(&secret);
	fault.countdown = 0;
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	fault.countdown = 0;
	folder_remove(folder);
	return 0;
}

static void
compare_with_rebuilt(struct catalog *catalog)
{
	struct catalog *rebuilt;
	struct bytes difference = BYTES_EMPTY;
	char path[128];

	(void)snprintf(path, sizeof(path), "%s/rebuilt.db", folder);
	if (catalog_rebuild(catalog, path, &err) != 0)
		fail_msg("%s", err.text);
	rebuilt = open_as(folder, "rebuilt.db", CATALOG_READ);
	assert_int_equal(
	    catalog_compare(catalog, rebuilt, &difference, &err), 0);
	assert_int_equal(difference.length, 0);
	catalog_close(rebuilt);
	assert_int_equal(unlink(path), 0);
	bytes_done(&difference);
}

/*
 * Journal, nodes, structure and (replay, which takes longer) projection of a
 * file that is opened again: its size.
 */
static uint64_t
size_of_sound(const char *name, bool replay)
{
	struct catalog *catalog = open_as(folder, name, CATALOG_READ);
	struct journal_report report;

	if (catalog_check(catalog, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(journal_verify(catalog, NULL, 0, &report, &err), 0);
	/* The tests' origin names another key than the one that signs. */
	if (report.fault != JOURNAL_GOOD && report.fault != JOURNAL_EMPTY &&
	    report.fault != JOURNAL_NO_CHECKPOINT &&
	    report.fault != JOURNAL_UNSIGNED)
		fail_msg("%s", journal_fault_name(report.fault));
	assert_int_equal(journal_size(catalog, &report.size, &err), 0);
	if (replay)
		compare_with_rebuilt(catalog);
	catalog_close(catalog);
	return report.size;
}

/* One generation comes in: 0, or -1 where something failed. */
static int
work(struct catalog *catalog, uint64_t *ret_committed)
{
	uint64_t copy;
	char subject[CATALOG_SUBJECT_BYTES];

	if (catalog_begin(catalog, &entry_error) != 0)
		return -1;
	if (catalog_put_name(catalog, "x", 1, subject, &entry_error) != 0 ||
	    TRY(catalog, DAY_ONE, &copy, "{ss ss ss ss ss ss sI ss ss}", "type",
		"seen", "generation", "ehr@20261121T020000+0900", "system",
		"ehr", "medium", "nas1", "source", "ehr-nas", "layout",
		"directory", "taken_at", DAY_ONE, "time_from", "name",
		"subject", subject) != 0 ||
	    TRY(catalog, DAY_ONE, NULL,
		"{ss sI si ss si si si si ss sI ss si s[[iiii]]}", "type",
		"captured", "copy", (json_int_t)copy, "version", 1,
		"manifest_sha256", DIGEST_A, "entries", 1, "files", 1, "bytes",
		1, "bytes_read", 1, "content", DIGEST_A, "oldest_reading",
		DAY_ONE, "mode", "dropped", "problems", 0, "slices", 1, 1, 1,
		1) != 0) {
		catalog_rollback(catalog);
		return -1;
	}
	if (catalog_commit(catalog, &entry_error) != 0)
		return -1;
	*ret_committed += 2;
	return journal_checkpoint(
	    catalog, ORIGIN, &secret, DAY_ONE, NULL, &entry_error);
}

/* A catalog with a hospital, from which each attempt begins. */
static void
make_begun(void)
{
	struct catalog *begun = open_as(folder, "begun.db", CATALOG_WRITE);

	begin(begun);
	add_hospital(begun);
	commit(begun);
	catalog_close(begun);
}

static void
begin_anew(char *ret_path, size_t size)
{
	char command[512];

	(void)snprintf(ret_path, size, "%s/catalog.db", folder);
	(void)snprintf(command, sizeof(command), "rm -f %s*; cp %s/begun.db %s",
	    ret_path, folder, ret_path);
	assert_int_equal(system(command), 0);
}

/* Open, work, close, with the n-th call failing: whether it came to that. */
static bool
fail_at(int n, bool for_good, int code, enum error_code expected)
{
	const struct catalog_options options = {CATALOG_WRITE};
	struct catalog *catalog = NULL;
	uint64_t committed = 0, size;
	char path[128];
	int rc;

	begin_anew(path, sizeof(path));
	fault.happened = false;
	fault.for_good = for_good;
	fault.code = code;
	fault.countdown = n;
	rc = catalog_open(path, &options, &catalog, &entry_error);
	if (rc == 0)
		rc = work(catalog, &committed);
	if (rc != 0 && !fault.happened)
		fail_msg("call %d: %s", n, entry_error.text);
	if (rc != 0 && entry_error.code != expected)
		fail_msg("call %d: %s", n, entry_error.text);
	catalog_close(catalog);
	fault.countdown = 0;
	size = size_of_sound("catalog.db", code == SQLITE_IOERR_WRITE);
	/*
	 * What was reported as committed is there.  A commit that failed at
	 * its last step may be there as well, but never a half of it.
	 */
	assert_true(size >= 2 + committed);
	assert_true(size == 2 || size == 4);
	return fault.happened;
}

static void
every_failing_call_leaves_a_sound_catalog(void **state)
{
	static const struct {
		int code;
		enum error_code expected;
		bool for_good;
	} ways[] = {
	    {SQLITE_IOERR_WRITE, ERROR_IO, false},
	    {SQLITE_IOERR_FSYNC, ERROR_IO, true},
	    {SQLITE_FULL, ERROR_NO_SPACE, false},
	    {SQLITE_FULL, ERROR_NO_SPACE, true},
	    {SQLITE_READONLY, ERROR_DENIED, true},
	};

	(void)state;
	make_begun();
	for (unsigned way = 0; way < sizeof(ways) / sizeof(ways[0]); way++) {
		int n = 1;

		while (n < CALLS_MAX && fail_at(n, ways[way].for_good,
					    ways[way].code, ways[way].expected))
			n++;
		assert_in_range(n, 4, CALLS_MAX - 1);
	}
}

/*
 * The same, and the process dies at the n-th call: whether it came to that.
 * What it was told to be committed stands in shared memory.
 */
static bool
die_at(int n, enum fault_way way)
{
	const struct catalog_options options = {CATALOG_WRITE};
	uint64_t *committed = mmap(NULL, sizeof(*committed),
	    PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	char path[128];
	uint64_t size;
	int status;
	pid_t child;

	assert_true(committed != MAP_FAILED);
	begin_anew(path, sizeof(path));
	child = fork();
	assert_true(child >= 0);
	if (child == 0) {
		struct catalog *catalog = NULL;

		fault.way = way;
		fault.countdown = n;
		if (catalog_open(path, &options, &catalog, &entry_error) != 0 ||
		    work(catalog, committed) != 0)
			_exit(1);
		catalog_close(catalog);
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_true(
	    WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == FAULT_DEATH);
	size = size_of_sound("catalog.db", n % 4 == 0);
	assert_true(size >= 2 + *committed);
	assert_true(size == 2 || size == 4);
	assert_int_equal(munmap(committed, sizeof(*committed)), 0);
	return WEXITSTATUS(status) == FAULT_DEATH;
}

/* Each pwrite64 of hikaed's is one of these (scenario 15). */
static void
death_at_every_call_leaves_a_sound_catalog(void **state)
{
	(void)state;
	make_begun();
	for (int way = FAULT_DIES; way <= FAULT_TORN; way++) {
		int n = 1;

		while (n < CALLS_MAX && die_at(n, (enum fault_way)way))
			n++;
		print_message("it died at %d calls\n", n - 1);
		assert_in_range(n, 4, CALLS_MAX - 1);
	}
}

/* Commit one entry after the other and say so, until killed. */
static void
append_until_killed(int acknowledge)
{
	struct catalog *catalog = open_as(folder, "killed.db", CATALOG_WRITE);

	for (;;) {
		uint64_t seq = 0;

		begin(catalog);
		for (int i = 0; i < 3; i++)
			ADD(catalog, DAY_ONE, &seq, "{ss ss si}", "type",
			    "clock", "event", "back", "by_ms", i);
		commit(catalog);
		if (write(acknowledge, &seq, sizeof(seq)) != sizeof(seq))
			_exit(1);
		if (seq % 5 == 0 && journal_checkpoint(catalog, ORIGIN, &secret,
					0, NULL, &err) != 0)
			_exit(1);
	}
}

static void
kill_keeps_what_was_acknowledged(void **state)
{
	struct catalog *catalog = open_as(folder, "killed.db", CATALOG_WRITE);
	uint64_t last = 0, size = 0;

	(void)state;
	begin(catalog);
	add_hospital(catalog);
	commit(catalog);
	catalog_close(catalog);
	for (int i = 0; i < KILLS; i++) {
		/* Some microseconds, at which there is always a write. */
		const struct timespec wait = {0, 1000000 + i * 1700023};
		uint64_t seq;
		int ends[2];
		pid_t child;

		assert_int_equal(pipe(ends), 0);
		child = fork();
		assert_true(child >= 0);
		if (child == 0) {
			append_until_killed(ends[1]);
			_exit(1);
		}
		assert_int_equal(close(ends[1]), 0);
		if (read(ends[0], &seq, sizeof(seq)) == sizeof(seq))
			last = seq;
		(void)nanosleep(&wait, NULL);
		assert_int_equal(kill(child, SIGKILL), 0);
		while (read(ends[0], &seq, sizeof(seq)) == sizeof(seq))
			last = seq;
		assert_int_equal(close(ends[0]), 0);
		assert_int_equal(waitpid(child, NULL, 0), child);
		size = size_of_sound("killed.db", i % 4 == 3);
		assert_true(size > last);
		assert_int_equal((size - 2) % 3, 0); /* whole transactions */
	}
	assert_true(size > 2);
}

int
main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
	const struct CMUnitTest tests[] = {
	    TEST(every_failing_call_leaves_a_sound_catalog),
	    TEST(death_at_every_call_leaves_a_sound_catalog),
	    TEST(kill_keeps_what_was_acknowledged),
	};

	fault_vfs_install();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
