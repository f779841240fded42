/*
 * A witness's folder, written again and again, by a process that dies at every
 * call that changes the medium: what lies there afterwards is the old witness
 * or the new one, whole.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/os/file.h"
#include "lib/worker/witness_internal.h"

#define CALLS_MAX 64
/* More than one journal.txt is let grow. */
#define BIG_ENTRIES 17
#define BIG_BYTES (1024 * 1024)

static char folder[64];
static int folder_fd;
static struct error err;

/* Calls until the process dies; 0: it lives. */
static int calls_left;

int __real_fsync(int fd);
int __real_renameat(int from_fd, const char *from, int to_fd, const char *to);
int __real_unlinkat(int fd, const char *path, int flags);
int __wrap_fsync(int fd);
int __wrap_renameat(int from_fd, const char *from, int to_fd, const char *to);
int __wrap_unlinkat(int fd, const char *path, int flags);

static void
maybe_die(void)
{
	if (calls_left > 0 && --calls_left == 0)
		_exit(9);
}

int
__wrap_fsync(int fd)
{
	maybe_die();
	return __real_fsync(fd);
}

int
__wrap_renameat(int from_fd, const char *from, int to_fd, const char *to)
{
	maybe_die();
	return __real_renameat(from_fd, from, to_fd, to);
}

int
__wrap_unlinkat(int fd, const char *path, int flags)
{
	maybe_die();
	return __real_unlinkat(fd, path, flags);
}

static int
setup(void **state)
{
	(void)state;
	(void)snprintf(folder, sizeof(folder), "/tmp/hikae-witness-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(file_open_folder(folder, &folder_fd, &err), 0);
	return 0;
}

static int
teardown(void **state)
{
	char command[128];

	(void)state;
	(void)close(folder_fd);
	(void)snprintf(command, sizeof(command), "rm -rf %s", folder);
	return system(command);
}

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *why)
{
	(void)context;
	(void)bytes;
	(void)entries;
	(void)why;
	return 0;
}

static const struct examine_events events = {.progress = on_progress};

/* An entry that is as long as asked for. */
static void
append_entry(struct bytes *out, uint64_t seq, size_t length)
{
	bytes_append_format(
	    out, "{\"seq\":%llu,\"x\":\"", (unsigned long long)seq);
	for (size_t i = 0; i < length; i++)
		bytes_append_u8(out, 'x');
	bytes_append_text(out, "\"}\n");
}

static void
add_file(struct bytes *parcel, const char *name, const char *text)
{
	bytes_append_u16(parcel, (uint16_t)strlen(name));
	bytes_append_text(parcel, name);
	bytes_append_u32(parcel, (uint32_t)strlen(text));
	bytes_append_text(parcel, text);
}

static void
note_of(uint64_t size, char note[64])
{
	(void)snprintf(
	    note, 64, "hikae/x/0\n%llu\nroot\n", (unsigned long long)size);
}

/* From one number of entries to another. */
struct change {
	uint64_t from, to;
	size_t entry_bytes;
	bool is_anew;
};

static struct job *
job_of(const struct change *change)
{
	struct job *job = malloc(sizeof(*job));
	struct bytes parcel = BYTES_EMPTY;
	char path[96], note[64];
	int fd;

	job_init(job);
	job->kind = JOB_WITNESS;
	job->witness.is_write = true;
	job->witness.has_present = change->from > 0;
	job->witness.from = change->is_anew ? 0 : change->from;
	note_of(change->from, note);
	digest_sha256_of(note, strlen(note), job->witness.present);
	note_of(change->to, note);
	add_file(&parcel, "README.txt", "hello\n");
	add_file(&parcel, "keys/statements/001.txt", "a key\n");
	add_file(&parcel, JOB_WITNESS_NOTE, note);
	bytes_append_u16(&parcel, 0);
	for (uint64_t seq = job->witness.from; seq < change->to; seq++)
		append_entry(&parcel, seq, change->entry_bytes);
	(void)snprintf(path, sizeof(path), "%s.parcel", folder);
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(unlink(path), 0);
	assert_int_equal(
	    file_write_all(fd, parcel.data, parcel.length, &err), 0);
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	job->fds[JOB_FD_WITNESS] = fd;
	bytes_done(&parcel);
	return job;
}

/* 0, or -1 and err; dies at the call (0: at none).  -2: it died. */
static int
write_witness(const struct change *change, int dies_at)
{
	struct job *job = job_of(change);
	int status, rc;
	pid_t pid;

	if (dies_at == 0) {
		rc = witness_write(folder_fd, job, &events, &err);
		job_done(job);
		free(job);
		return rc;
	}
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		calls_left = dies_at;
		_exit(
		    witness_write(folder_fd, job, &events, &err) == 0 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	job_done(job);
	free(job);
	assert_int_not_equal(WEXITSTATUS(status), 1);
	return WEXITSTATUS(status) == 9 ? -2 : 0;
}

/* How many entries a whole witness has; each is in its place. */
static uint64_t
read_size(size_t entry_bytes)
{
	struct journal_parts parts = {.count = 0};
	struct witness_found found = {.state = REPLY_WITNESS_NONE};
	struct merkle_edge edge = {0};
	const struct merkle_nodes nodes = merkle_edge_nodes(&edge);
	uint8_t root[MERKLE_HASH_BYTES], hash[MERKLE_HASH_BYTES];
	struct bytes entry = BYTES_EMPTY;
	char note[64];
	uint64_t size;

	if (witness_read(folder_fd, false, &events, &parts, &found, &err) != 0)
		fail_msg("%s", err.text);
	assert_int_equal(found.state, REPLY_WITNESS_FOUND);
	size = found.entries;
	note_of(size, note);
	assert_int_equal(found.note.length, strlen(note));
	assert_memory_equal(found.note.data, note, strlen(note));
	for (uint64_t seq = 0; seq < size; seq++) {
		bytes_clear(&entry);
		append_entry(&entry, seq, entry_bytes);
		merkle_leaf_hash(entry.data, entry.length - 1, hash);
		assert_int_equal(merkle_append(&nodes, seq, hash, &err), 0);
	}
	assert_int_equal(merkle_root(&nodes, size, root, &err), 0);
	assert_memory_equal(root, found.root, sizeof(root));
	bytes_done(&entry);
	witness_found_done(&found);
	journal_parts_close(&parts);
	return size;
}

/* Whatever call it dies at, and then once more to the end. */
static int
die_everywhere(const struct change *first, const struct change *change)
{
	int deaths = 0, rc;

	for (int at = 1; at < CALLS_MAX; at++) {
		uint64_t size;
		void *none = NULL;

		assert_int_equal(teardown(&none), 0);
		assert_int_equal(setup(&none), 0);
		assert_int_equal(write_witness(first, 0), 0);
		rc = write_witness(change, at);
		deaths += rc == -2;
		size = read_size(change->entry_bytes);
		assert_true(size == change->from || size == change->to);
		if (size == change->from)
			assert_int_equal(write_witness(change, 0), 0);
		assert_int_equal(read_size(change->entry_bytes), change->to);
		if (rc == 0)
			return deaths;
	}
	fail_msg("more calls than %d", CALLS_MAX);
	return 0;
}

static void
it_grows_or_stays_as_it_was(void **state)
{
	const struct change first = {.from = 0, .to = 3, .entry_bytes = 10};
	const struct change next = {.from = 3, .to = 7, .entry_bytes = 10};

	(void)state;
	assert_true(die_everywhere(&first, &next) >= 6);
}

static void
it_is_written_anew_or_stays(void **state)
{
	const struct change first = {.from = 0, .to = 3, .entry_bytes = 10};
	const struct change anew = {
	    .from = 3, .to = 5, .entry_bytes = 10, .is_anew = true};

	(void)state;
	assert_true(die_everywhere(&first, &anew) >= 6);
}

/* A journal.txt that is large enough becomes a part. */
static void
parts_follow_each_other(void **state)
{
	const struct change first = {
	    .from = 0, .to = BIG_ENTRIES, .entry_bytes = BIG_BYTES};
	const struct change next = {.from = BIG_ENTRIES,
	    .to = BIG_ENTRIES + 2,
	    .entry_bytes = BIG_BYTES};
	struct journal_parts parts = {.count = 0};

	(void)state;
	assert_true(die_everywhere(&first, &next) >= 8);
	assert_int_equal(journal_parts_open(folder_fd, &parts, &err), 0);
	assert_int_equal(parts.count, 2);
	assert_int_equal(parts.first, BIG_ENTRIES);
	journal_parts_close(&parts);
}

static void
another_witness_than_expected_stays(void **state)
{
	const struct change first = {.from = 0, .to = 3, .entry_bytes = 10};
	const struct change wrong[] = {
	    {.from = 4, .to = 7, .entry_bytes = 10},
	    {.from = 0, .to = 7, .entry_bytes = 10},
	};

	(void)state;
	assert_int_equal(write_witness(&first, 0), 0);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(write_witness(&wrong[i], 0), -1);
		assert_int_equal(err.code, ERROR_EXISTS);
		assert_int_equal(read_size(10), 3);
	}
}

static void
names_that_lead_out_are_refused(void **state)
{
	static const char *const names[] = {"../x", "a/../b", "/x", ".x",
	    "a//b", "a/", "journal.txt", "journal-000000000000.txt", "a\nb",
	    ""};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct change first = {
		    .from = 0, .to = 1, .entry_bytes = 1};
		struct job *job = job_of(&first);
		struct bytes parcel = BYTES_EMPTY;

		add_file(&parcel, names[i], "x");
		bytes_append_u16(&parcel, 0);
		assert_int_equal(ftruncate(job->fds[JOB_FD_WITNESS], 0), 0);
		assert_int_equal(file_write_all(job->fds[JOB_FD_WITNESS],
				     parcel.data, parcel.length, &err),
		    0);
		assert_int_equal(
		    lseek(job->fds[JOB_FD_WITNESS], 0, SEEK_SET), 0);
		assert_int_equal(
		    witness_write(folder_fd, job, &events, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		bytes_done(&parcel);
		job_done(job);
		free(job);
	}
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(it_grows_or_stays_as_it_was),
	    TEST(it_is_written_anew_or_stays),
	    TEST(parts_follow_each_other),
	    TEST(another_witness_than_expected_stays),
	    TEST(names_that_lead_out_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
