/*
 * queueing: files to be read through a queue, and what must come out.
 *
 * For tests of examine/read: `big` and `other` are BIG bytes of seeds 1 and 2,
 * `small` 100 of seed 3.  Reading can be made to fail (failing.h).
 */
#ifndef HIKAE_TESTS_QUEUEING_H
#define HIKAE_TESTS_QUEUEING_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "tests/unit/examine/examining.h"

#include "lib/examine/read.h"
#include "tests/unit/examine/failing.h"

#define BLOCK (16 * KIB)
#define BIG (10 * BLOCK + 77)
#define SMALL 100

static int
set_up(void **state)
{
	if (ground_set_up(state) != 0)
		return -1;
	put_file("big", BIG, 1);
	put_file("other", BIG, 2);
	put_file("small", SMALL, 3);
	return 0;
}

static struct read_item
item_of(const char *path, uint64_t from, uint64_t to)
{
	struct read_item item = {.from = from, .to = to};

	item.fd = openat(ground_fd, path, O_RDONLY | O_CLOEXEC);
	assert_true(item.fd >= 0);
	return item;
}

/* It was read to its end, from byte 0, and is done with. */
static void
expect_digest(const struct read_item *item, unsigned seed, uint64_t to)
{
	uint8_t *data = malloc(to + 1), digest[DIGEST_SHA256_BYTES];

	assert_non_null(data);
	for (uint64_t i = 0; i < to; i++)
		data[i] = content_byte(seed, i);
	digest_sha256_of(data, to, digest);
	free(data);
	assert_int_equal(item->fd, -1);
	assert_int_equal(item->problem, 0);
	assert_false(item->is_short || item->is_changed);
	assert_memory_equal(item->value, digest, sizeof(digest));
}

static void
push(struct read_queue *queue, struct read_item *item)
{
	assert_int_equal(read_queue_push(queue, item, NULL), 0);
}

static void
pop(struct read_queue *queue, const struct read_item *expected)
{
	struct read_item *item = NULL;

	assert_int_equal(read_queue_pop(queue, &item, NULL), 1);
	assert_ptr_equal(item, expected);
}

/* The file `moving` changes: it is a byte longer. */
static void
make_it_grow(void)
{
	int fd = openat(ground_fd, "moving", O_WRONLY | O_APPEND | O_CLOEXEC);

	assert_int_equal(write(fd, "x", 1), 1);
	(void)close(fd);
}

#endif
