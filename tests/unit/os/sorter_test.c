/*
 * Properties of the external sort, against qsort with the number of each
 * record as the last key; and every way in which its file can fail.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/os/sorter.h"

ssize_t __real_pwrite64(int fd, const void *data, size_t length, off_t offset);
ssize_t __real_pread64(int fd, void *data, size_t length, off_t offset);
ssize_t __wrap_pwrite64(int fd, const void *data, size_t length, off_t offset);
ssize_t __wrap_pread64(int fd, void *data, size_t length, off_t offset);

/* Calls left until one fails, from then on for good; negative: never. */
static int writes_left = -1, reads_left = -1;
/* The errno of the failure; 0: half of the bytes, and then none. */
static int fault;

ssize_t
__wrap_pwrite64(int fd, const void *data, size_t length, off_t offset)
{
	if (writes_left == 0) {
		errno = fault;
		return -1;
	}
	writes_left -= writes_left > 0;
	return __real_pwrite64(fd, data, length, offset);
}

ssize_t
__wrap_pread64(int fd, void *data, size_t length, off_t offset)
{
	if (reads_left == 0) {
		errno = fault;
		return fault == 0 ? 0 : -1;
	}
	reads_left -= reads_left > 0;
	/* Short reads are no fault. */
	return __real_pread64(
	    fd, data, length > 700 ? length / 2 : length, offset);
}

struct record {
	uint32_t key, number;
	size_t length;
};

/* Records compare by their first four bytes alone. */
static int
by_key(const void *a, size_t a_length, const void *b, size_t b_length,
    void *context)
{
	assert_ptr_equal(context, &fault);
	assert_true(a_length >= 8 && b_length >= 8);
	return memcmp(a, b, 4);
}

static int
by_key_and_number(const void *a, const void *b)
{
	const struct record *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->number < y->number ? -1 : 1;
}

static void
fill(const struct record *record, uint8_t *data)
{
	for (size_t i = 0; i < 4; i++) {
		data[i] = (uint8_t)(record->key >> (24 - 8 * i));
		data[4 + i] = (uint8_t)(record->number >> (24 - 8 * i));
	}
	memset(data + 8, (int)(record->number % 251), record->length - 8);
}

static struct record *
make_records(size_t count, uint32_t keys, size_t longest)
{
	struct record *records = calloc(count + 1, sizeof(*records));
	uint32_t seed = 12345;

	assert_non_null(records);
	for (size_t i = 0; i < count; i++) {
		seed = seed * 1664525 + 1013904223;
		records[i].key = (seed >> 8) % keys;
		records[i].number = (uint32_t)i;
		records[i].length = 8 + (seed >> 5) % (longest - 7);
	}
	return records;
}

static struct sorter *
new_sorter(size_t memory_bytes, int spill_fd, uint64_t spill_offset)
{
	struct sorter_options options = {
	    .compare = by_key,
	    .context = &fault,
	    .memory_bytes = memory_bytes,
	    .spill_fd = spill_fd,
	    .spill_offset = spill_offset,
	};
	struct error err;
	struct sorter *sorter = sorter_new(&options, &err);

	assert_non_null(sorter);
	return sorter;
}

/* 0, or -1 as the first call that failed. */
static int
add_all(struct sorter *sorter, const struct record *records, size_t count,
    struct error *err)
{
	static uint8_t data[1 << 17];

	for (size_t i = 0; i < count; i++) {
		fill(&records[i], data);
		if (sorter_add(sorter, data, records[i].length, err) != 0)
			return -1;
	}
	return sorter_finish(sorter, err);
}

/* Take records and compare them with the sorted ones.  0 or -1. */
static int
take_all(struct sorter *sorter, const struct record *sorted, size_t count,
    struct error *err)
{
	static uint8_t expected[1 << 17];
	const void *data;
	size_t length;
	int rc;

	for (size_t i = 0; i < count; i++) {
		rc = sorter_next(sorter, &data, &length, err);
		if (rc < 0)
			return -1;
		assert_int_equal(rc, 1);
		fill(&sorted[i], expected);
		assert_int_equal(length, sorted[i].length);
		assert_memory_equal(data, expected, length);
	}
	rc = sorter_next(sorter, &data, &length, err);
	assert_int_equal(rc, 0);
	return sorter_next(sorter, &data, &length, err);
}

static int
temporary(void)
{
	FILE *file = tmpfile();
	int fd;

	assert_non_null(file);
	fd = dup(fileno(file));
	assert_true(fd >= 0);
	(void)fclose(file);
	return fd;
}

static void
sorts_as_qsort_does(void **state)
{
	static const struct {
		size_t count, memory, longest;
		uint32_t keys;
	} cases[] = {
	    {0, 1, 8, 1},
	    {1, 1, 8, 1},
	    {2, 0, 8, 1},
	    {1000, 1, 8, 10},
	    {1000, 1 << 20, 40, 100},
	    {20000, 1, 40, 3},
	    {60000, 1, 60, 5000},
	    {60000, 100000, 60, 1},
	    {100000, 1 << 20, 30, 100000},
	    {300, 1, 20000, 40},
	    {200, 1, 1 << 17, 40},
	    {5000, 65536, 5000, 4000},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		size_t count = cases[i].count;
		struct record *records =
		    make_records(count, cases[i].keys, cases[i].longest);
		int fd = temporary();
		struct sorter *sorter = new_sorter(cases[i].memory, fd, 0);
		struct error err;

		assert_int_equal(add_all(sorter, records, count, &err), 0);
		qsort(records, count, sizeof(*records), by_key_and_number);
		assert_int_equal(take_all(sorter, records, count, &err), 0);
		sorter_free(sorter);
		(void)close(fd);
		free(records);
	}
}

/* Two sorters share a file, as the folders of a walk do. */
static void
leaves_the_file_before_its_offset_alone(void **state)
{
	struct record *records = make_records(3000, 1000, 30);
	int fd = temporary();
	struct sorter *outer = new_sorter(1, fd, 0), *inner;
	struct error err;

	(void)state;
	assert_int_equal(add_all(outer, records, 3000, &err), 0);
	assert_true(sorter_spill_end(outer) > 3000 * 8);
	inner = new_sorter(1, fd, sorter_spill_end(outer));
	assert_int_equal(add_all(inner, records, 3000, &err), 0);
	assert_true(sorter_spill_end(inner) > sorter_spill_end(outer));
	qsort(records, 3000, sizeof(*records), by_key_and_number);
	assert_int_equal(take_all(outer, records, 3000, &err), 0);
	assert_int_equal(take_all(inner, records, 3000, &err), 0);
	sorter_free(outer);
	sorter_free(inner);
	(void)close(fd);
	free(records);
}

static void
memory_stays_within_its_limit(void **state)
{
	static const size_t limits[] = {1, 65536, 1 << 20};
	struct record *records = make_records(100000, 1000, 60);

	(void)state;
	for (size_t i = 0; i < sizeof(limits) / sizeof(limits[0]); i++) {
		size_t limit = limits[i] < SORTER_MEMORY_MIN_BYTES
				   ? SORTER_MEMORY_MIN_BYTES
				   : limits[i];
		int fd = temporary();
		struct sorter *sorter = new_sorter(limits[i], fd, 0);
		struct error err;

		for (size_t r = 0; r < 100000; r++) {
			uint8_t data[64];

			fill(&records[r], data);
			assert_int_equal(
			    sorter_add(sorter, data, records[r].length, &err),
			    0);
			assert_true(sorter_memory(sorter) <= limit);
		}
		assert_int_equal(sorter_finish(sorter, &err), 0);
		assert_true(sorter_memory(sorter) <= limit);
		sorter_free(sorter);
		(void)close(fd);
	}
	free(records);
}

static void
without_a_file_memory_is_the_limit(void **state)
{
	struct record *records = make_records(2000, 1000, 30);
	struct sorter *sorter = new_sorter(1, -1, 0);
	struct error err;

	(void)state;
	assert_int_equal(add_all(sorter, records, 2000, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	sorter_free(sorter);
	sorter = new_sorter(1, -1, 0);
	assert_int_equal(add_all(sorter, records, 200, &err), 0);
	qsort(records, 200, sizeof(*records), by_key_and_number);
	assert_int_equal(take_all(sorter, records, 200, &err), 0);
	sorter_free(sorter);
	free(records);
}

static void
a_record_has_a_limit(void **state)
{
	struct sorter *sorter = new_sorter(1, -1, 0);
	struct error err;

	(void)state;
	assert_int_equal(
	    sorter_add(sorter, "", SORTER_RECORD_MAX_BYTES + 1, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	sorter_free(sorter);
}

/* Sort with a fault that begins at call n; true when nothing failed. */
static bool
sort_with_fault(int *calls_left, int n, enum error_code expected)
{
	struct record *records = make_records(4000, 100, 60);
	struct record *sorted = make_records(4000, 100, 60);
	int fd = temporary();
	struct sorter *sorter = new_sorter(1, fd, 0);
	struct error err = {0};
	bool is_good;

	qsort(sorted, 4000, sizeof(*sorted), by_key_and_number);
	*calls_left = n;
	is_good = add_all(sorter, records, 4000, &err) == 0 &&
		  take_all(sorter, sorted, 4000, &err) == 0;
	*calls_left = -1;
	if (!is_good)
		assert_int_equal(err.code, expected);
	sorter_free(sorter);
	(void)close(fd);
	free(records);
	free(sorted);
	return is_good;
}

static void
every_call_may_fail(void **state)
{
	static const struct {
		int fault;
		enum error_code code;
	} faults[] = {{ENOSPC, ERROR_NO_SPACE}, {EIO, ERROR_IO}};
	int n;

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		fault = faults[i].fault;
		for (n = 0; !sort_with_fault(&writes_left, n, faults[i].code);)
			n += 1 + n / 8;
		assert_true(n > 100);
	}
	fault = EIO;
	for (n = 0; !sort_with_fault(&reads_left, n, ERROR_IO);)
		n += 1 + n / 8;
	assert_true(n > 100);
	/* The end of a file that should be longer. */
	fault = 0;
	for (n = 0; !sort_with_fault(&reads_left, n, ERROR_IO);)
		n += 1 + n / 8;
	assert_true(n > 100);
}

/*
 * Every flip of the file is found, or was in bytes that nobody reads again;
 * records that are handed out are always the right ones (take_all).
 */
static void
every_flip_is_found(void **state)
{
	struct record *records = make_records(600, 100, 60);
	struct record *sorted = make_records(600, 100, 60);
	uint64_t end = 1;

	(void)state;
	qsort(sorted, 600, sizeof(*sorted), by_key_and_number);
	for (uint64_t at = 0; at < end; at += 7) {
		int fd = temporary();
		struct sorter *sorter = new_sorter(1, fd, 0);
		struct error err = {0};
		uint8_t byte;

		assert_int_equal(add_all(sorter, records, 600, &err), 0);
		end = sorter_spill_end(sorter);
		assert_int_equal(__real_pread64(fd, &byte, 1, (off_t)at), 1);
		byte ^= (uint8_t)(1 << at % 8);
		assert_int_equal(__real_pwrite64(fd, &byte, 1, (off_t)at), 1);
		assert_int_equal(take_all(sorter, sorted, 600, &err), -1);
		assert_int_equal(err.code, ERROR_IO);
		/* And it stays an error. */
		assert_int_equal(take_all(sorter, sorted, 600, &err), -1);
		sorter_free(sorter);
		(void)close(fd);
	}
	assert_true(end > 600 * 8);
	free(records);
	free(sorted);
}

static void
a_cut_file_is_found(void **state)
{
	struct record *records = make_records(3000, 100, 60);
	struct record *sorted = make_records(3000, 100, 60);

	(void)state;
	qsort(sorted, 3000, sizeof(*sorted), by_key_and_number);
	for (unsigned part = 0; part < 8; part++) {
		int fd = temporary();
		struct sorter *sorter = new_sorter(1, fd, 0);
		struct error err = {0};

		assert_int_equal(add_all(sorter, records, 3000, &err), 0);
		assert_int_equal(
		    ftruncate(fd, (off_t)(sorter_spill_end(sorter) * part / 8)),
		    0);
		assert_int_equal(take_all(sorter, sorted, 3000, &err), -1);
		assert_int_equal(err.code, ERROR_IO);
		sorter_free(sorter);
		(void)close(fd);
	}
	free(records);
	free(sorted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(sorts_as_qsort_does),
	    cmocka_unit_test(leaves_the_file_before_its_offset_alone),
	    cmocka_unit_test(memory_stays_within_its_limit),
	    cmocka_unit_test(without_a_file_memory_is_the_limit),
	    cmocka_unit_test(a_record_has_a_limit),
	    cmocka_unit_test(every_call_may_fail),
	    cmocka_unit_test(every_flip_is_found),
	    cmocka_unit_test(a_cut_file_is_found),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
