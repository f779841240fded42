/* What was put is found, what was altered is not, and the table grows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "lib/examine/readings.h"

static const uint8_t secret[READINGS_SECRET_BYTES] = {1, 2, 3};

static int
temporary(void)
{
	char name[] = "/tmp/hikae-readings-XXXXXX";
	int fd = mkstemp(name);

	assert_true(fd >= 0);
	assert_int_equal(unlink(name), 0);
	return fd;
}

static struct readings_identity
identity_of(uint64_t n)
{
	return (struct readings_identity){.inode = n, .size = n * 3};
}

static struct reading
reading_of(uint64_t n)
{
	struct reading reading = {.read_at = (int64_t)n - 7,
	    .state = (enum reading_state)(n % READING_STATES),
	    .kind = (enum sealing_kind)(n % SEALING_KINDS)};

	memset(reading.digest, (int)(n & 0xff), sizeof(reading.digest));
	return reading;
}

static void
fill(int fd, uint64_t count)
{
	struct readings *readings = NULL;

	assert_int_equal(readings_new(fd, secret, &readings, NULL), 0);
	for (uint64_t n = 0; n < count; n++) {
		struct readings_identity identity = identity_of(n);
		struct reading reading = reading_of(n);

		readings_put(readings, &identity, &reading);
	}
	readings_free(readings);
}

static uint64_t
count_found(int fd, const uint8_t *key, uint64_t count)
{
	struct readings *readings = NULL;
	uint64_t found = 0;

	assert_int_equal(readings_new(fd, key, &readings, NULL), 0);
	for (uint64_t n = 0; n < count; n++) {
		struct readings_identity identity = identity_of(n);
		struct reading expected = reading_of(n), got;

		if (!readings_find(readings, &identity, &got))
			continue;
		assert_memory_equal(
		    got.digest, expected.digest, sizeof(got.digest));
		assert_true(got.read_at == expected.read_at);
		assert_int_equal(got.state, expected.state);
		assert_int_equal(got.kind, expected.kind);
		found++;
	}
	readings_free(readings);
	return found;
}

static void
remembers_and_grows(void **state)
{
	int fd = temporary();

	(void)state;
	fill(fd, 20000);
	assert_int_equal(count_found(fd, secret, 20000), 20000);
	fill(fd, 20000);
	assert_int_equal(count_found(fd, secret, 20000), 20000);
	close(fd);
}

/* Readers of one medium share the table; either may make it larger. */
static void
readers_share_it(void **state)
{
	int fd = temporary();
	struct readings *readers[2] = {NULL, NULL};

	(void)state;
	for (int i = 0; i < 2; i++)
		assert_int_equal(
		    readings_new(fd, secret, &readers[i], NULL), 0);
	for (uint64_t n = 0; n < 20000; n++) {
		struct readings_identity identity = identity_of(n);
		struct reading reading = reading_of(n), got;

		readings_put(readers[n % 2], &identity, &reading);
		assert_true(readings_find(readers[1 - n % 2], &identity, &got));
	}
	readings_free(readers[0]);
	readings_free(readers[1]);
	assert_int_equal(count_found(fd, secret, 20000), 20000);
	close(fd);
}

static void
every_part_of_the_identity_counts(void **state)
{
	struct readings_identity base = {
	    .inode = 5, .size = 6, .mtime_seconds = 7, .ctime_seconds = 8};
	struct readings_identity other[8];
	struct reading reading = reading_of(1), got;
	struct readings *readings = NULL;
	int fd = temporary();

	(void)state;
	assert_int_equal(readings_new(fd, secret, &readings, NULL), 0);
	readings_put(readings, &base, &reading);
	assert_true(readings_find(readings, &base, &got));
	for (size_t i = 0; i < 8; i++)
		other[i] = base;
	other[0].inode++;
	other[1].size++;
	other[2].mtime_seconds++;
	other[3].ctime_seconds++;
	other[4].mtime_nanoseconds++;
	other[5].ctime_nanoseconds++;
	other[6].end++;
	other[7].from++;
	for (size_t i = 0; i < 8; i++)
		assert_false(readings_find(readings, &other[i], &got));
	/* Of several names, the change time tells of the names. */
	for (size_t i = 0; i < 8; i++) {
		other[i].is_shared = true;
		assert_true(readings_find(readings, &other[i], &got) ==
			    (i == 3 || i == 5));
	}
	readings_free(readings);
	close(fd);
}

static void
altered_records_are_not_believed(void **state)
{
	static const uint8_t other_secret[READINGS_SECRET_BYTES] = {9};
	int fd = temporary();
	struct stat st;

	(void)state;
	fill(fd, 64);
	assert_int_equal(count_found(fd, other_secret, 64), 0);
	assert_int_equal(count_found(fd, secret, 64), 64);
	assert_int_equal(fstat(fd, &st), 0);
	/* Flip one bit of every slot, wherever it stands. */
	for (off_t at = 4096 + 20; at < st.st_size; at += 64) {
		uint8_t byte;

		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 1;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	assert_int_equal(count_found(fd, secret, 64), 0);
	/* A header that makes no sense starts the table anew. */
	assert_int_equal(pwrite(fd, "\xff", 1, 8), 1);
	assert_int_equal(count_found(fd, secret, 64), 0);
	fill(fd, 64);
	assert_int_equal(count_found(fd, secret, 64), 64);
	close(fd);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(remembers_and_grows),
	    cmocka_unit_test(readers_share_it),
	    cmocka_unit_test(every_part_of_the_identity_counts),
	    cmocka_unit_test(altered_records_are_not_believed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
