/*
 * Ranges come out in order with their digests, whatever the medium does:
 * errors that pass, errors that stay, files that change under the reading.
 */
#include "tests/unit/examine/queueing.h"

/* What the callbacks saw. */
static struct {
	uint64_t bytes; /* passed so far */
	uint64_t boundaries[64];
	uint8_t states[64][DIGEST_SHA256_BYTES];
	size_t boundary_count;
	struct digest_sha256 digest; /* of the bytes that passed */
	unsigned reopened;
	const char *reopen; /* this file, or NULL: cannot be opened */
	bool refuse;
	void (*at_once)(void); /* called with the first bytes */
} seen;

static int
on_bytes(void *context, const struct read_item *item, const uint8_t *data,
    size_t length, struct error *err)
{
	void (*at_once)(void) = seen.at_once;

	(void)context;
	(void)item;
	seen.bytes += length;
	digest_sha256_update(&seen.digest, data, length);
	seen.at_once = NULL;
	if (at_once != NULL)
		at_once();
	return seen.refuse ? error_set(err, ERROR_CANCELLED, "refused") : 0;
}

static int
on_boundary(void *context, const struct read_item *item, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err)
{
	(void)context;
	(void)item;
	(void)err;
	assert_true(seen.boundary_count < 64);
	memcpy(seen.states[seen.boundary_count], state, DIGEST_SHA256_BYTES);
	seen.boundaries[seen.boundary_count++] = offset;
	return 0;
}

static int
on_reopen(void *context, const struct read_item *item)
{
	(void)context;
	(void)item;
	seen.reopened++;
	if (seen.reopen == NULL)
		return -1;
	return openat(ground_fd, seen.reopen, O_RDONLY | O_CLOEXEC);
}

static struct read_queue *
new_queue(bool direct)
{
	const struct read_options options = {
	    .stream = {BLOCK, 4, direct, NULL},
	    .reopen = on_reopen,
	    .bytes = on_bytes,
	    .boundary_bytes = 3 * BLOCK,
	    .boundary = on_boundary,
	};
	struct read_queue *queue = NULL;

	memset(&seen, 0, sizeof(seen));
	digest_sha256_init(&seen.digest);
	assert_int_equal(read_queue_new(&options, &queue, NULL), 0);
	return queue;
}

/* Many files of all sizes, with empty places between. */
static void
digests_come_in_order(bool direct)
{
	enum {
		ITEMS = 200
	};
	static struct read_item items[ITEMS];
	struct read_queue *queue = new_queue(direct);
	size_t pushed = 0, popped = 0;
	struct read_item *item;
	char name[16];

	while (popped < ITEMS) {
		while (pushed < ITEMS && read_queue_has_room(queue)) {
			size_t size = pushed * pushed * 3;

			(void)snprintf(name, sizeof(name), "f%zu", pushed);
			put_file(name, size, (unsigned)pushed);
			items[pushed] = item_of(name, 0, size);
			(void)unlinkat(ground_fd, name, 0);
			if (pushed % 7 == 3) {
				(void)close(items[pushed].fd);
				items[pushed].fd = -1;
			}
			push(queue, &items[pushed]);
			pushed++;
		}
		seen.boundary_count = 0;
		item = &items[popped];
		pop(queue, item);
		assert_int_equal(item->fd, -1);
		if (popped % 7 != 3) {
			expect_digest(
			    item, (unsigned)popped, popped * popped * 3);
			assert_int_equal(item->bytes_read, popped * popped * 3);
		}
		popped++;
	}
	assert_int_equal(read_queue_pop(queue, &item, NULL), 0);
	read_queue_free(queue);
}

static void
items_come_out_in_order(void **state)
{
	(void)state;
	digests_come_in_order(true);
	digests_come_in_order(false);
}

/* From each boundary a reading can begin, and end at any other. */
static void
parts_fit_together(void **state)
{
	struct read_queue *queue = new_queue(true);
	struct read_item whole = item_of("big", 0, BIG);
	uint8_t states[4][DIGEST_SHA256_BYTES];

	(void)state;
	push(queue, &whole);
	pop(queue, &whole);
	expect_digest(&whole, 1, BIG);
	assert_int_equal(seen.boundary_count, 4);
	for (size_t i = 0; i < 4; i++)
		assert_int_equal(seen.boundaries[i], i * 3 * BLOCK);
	assert_memory_equal(
	    seen.states[0], digest_sha256_initial, DIGEST_SHA256_BYTES);
	memcpy(states, seen.states, sizeof(states));
	for (size_t from = 0; from < 4; from++)
		for (size_t to = from + 1; to <= 4; to++) {
			struct read_item part = item_of("big", from * 3 * BLOCK,
			    to < 4 ? to * 3 * BLOCK : BIG);

			seen.boundary_count = 0;
			part.has_state = true;
			part.ends_inside = to < 4;
			memcpy(part.state, states[from], sizeof(part.state));
			push(queue, &part);
			pop(queue, &part);
			assert_memory_equal(part.value,
			    to < 4 ? states[to] : whole.value,
			    DIGEST_SHA256_BYTES);
			assert_int_equal(seen.boundary_count, to - from);
		}
	read_queue_free(queue);
}

/* A second look while others are under way disturbs them not. */
static void
a_second_look_is_apart(void **state)
{
	struct read_queue *queue = new_queue(true);
	struct read_item first = item_of("big", 0, BIG);
	struct read_item second = item_of("other", 0, BIG);
	struct read_item third = item_of("big", 0, BIG);

	(void)state;
	push(queue, &first);
	push(queue, &second);
	pop(queue, &first);
	expect_digest(&first, 1, BIG);
	assert_int_equal(read_queue_read_now(queue, &third, NULL), 0);
	expect_digest(&third, 1, BIG);
	assert_int_equal(third.fd, -1);
	pop(queue, &second);
	expect_digest(&second, 2, BIG);
	read_queue_free(queue);
}

/* An error that passes costs a fresh handle; no byte is told twice. */
static void
a_passing_error_is_survived(bool direct, uint64_t offset)
{
	struct read_queue *queue = new_queue(direct);
	struct read_item item = item_of("big", 0, BIG);
	struct read_item next = item_of("other", 0, BIG);
	uint8_t digest[DIGEST_SHA256_BYTES];

	seen.reopen = "big";
	/* The stream itself tries once more, in small pieces. */
	fail_at("big", offset, EIO, 2);
	push(queue, &item);
	push(queue, &next);
	pop(queue, &item);
	assert_int_equal(failing.hits, 2);
	assert_int_equal(seen.reopened, 1);
	expect_digest(&item, 1, BIG);
	assert_int_equal(seen.bytes, BIG);
	digest_sha256_final(&seen.digest, digest);
	assert_memory_equal(digest, item.value, sizeof(digest));
	assert_int_equal(seen.boundary_count, 4);
	pop(queue, &next);
	expect_digest(&next, 2, BIG);
	fail_no_more();
	read_queue_free(queue);
}

static void
passing_errors_are_survived(void **state)
{
	(void)state;
	for (uint64_t at = 0; at < BIG; at += 3 * BLOCK / 2) {
		a_passing_error_is_survived(true, at);
		a_passing_error_is_survived(false, at);
	}
	a_passing_error_is_survived(true, BIG - 1);
}

static void
lasting_errors_are_results(void **state)
{
	static const int problems[] = {EIO, ESTALE, ETIMEDOUT, ENODATA};
	static const char *const reopen[] = {"big", NULL};

	(void)state;
	for (size_t i = 0; i < 8; i++) {
		struct read_queue *queue = new_queue(i % 2 == 0);
		struct read_item item = item_of("big", 0, BIG);
		struct read_item next = item_of("other", 0, BIG);
		const uint64_t bad = 5 * BLOCK + 5000;

		seen.reopen = reopen[i / 4];
		fail_at("big", bad, problems[i % 4], UINT_MAX);
		push(queue, &item);
		push(queue, &next);
		pop(queue, &item);
		assert_int_equal(item.problem, problems[i % 4]);
		assert_int_equal(seen.reopened, 1);
		assert_int_equal(item.fd, -1);
		assert_true(item.problem_offset <= bad &&
			    item.problem_offset + BLOCK > bad);
		if (item.problem == EIO)
			assert_int_equal(item.problem_offset, 5 * BLOCK + 4096);
		pop(queue, &next);
		expect_digest(&next, 2, BIG);
		fail_no_more();
		read_queue_free(queue);
	}
}

static void
make_it_short(void)
{
	int fd = openat(ground_fd, "moving", O_WRONLY | O_CLOEXEC);

	assert_int_equal(ftruncate(fd, 9 * BLOCK), 0);
	(void)close(fd);
}

static void
make_it_other(void)
{
	int fd = openat(ground_fd, "moving", O_WRONLY | O_CLOEXEC);

	assert_int_equal(pwrite(fd, "x", 1, 5), 1);
	(void)close(fd);
}

static void
replace_it(void)
{
	assert_int_equal(
	    renameat(ground_fd, "replacement", ground_fd, "moving"), 0);
}

static void
what_changed_while_it_was_read_is_told(void **state)
{
	static void (*const changes[])(void) = {
	    make_it_grow, make_it_short, make_it_other};
	static const struct timespec old = {1000000000, 0};

	(void)state;
	for (size_t i = 0; i < 6; i++) {
		struct read_queue *queue = new_queue(false);
		struct read_item item;

		put_file("moving", BIG, 1);
		set_time("moving", &old);
		item = item_of("moving", 0, BIG);
		seen.at_once = changes[i % 3];
		if (i < 3) {
			push(queue, &item);
			pop(queue, &item);
		} else {
			assert_int_equal(
			    read_queue_read_now(queue, &item, NULL), 0);
		}
		assert_int_equal(item.problem, 0);
		assert_true(item.is_changed);
		assert_true(item.is_short == (i % 3 == 1));
		read_queue_free(queue);
	}
}

/* The fresh handle of a retry is of another file by now. */
static void
another_file_does_not_continue_the_first(void **state)
{
	struct read_queue *queue = new_queue(false);
	struct read_item item;

	(void)state;
	put_file("moving", BIG, 1);
	put_file("replacement", BIG, 1);
	item = item_of("moving", 0, BIG);
	seen.reopen = "moving";
	seen.at_once = replace_it;
	fail_at("moving", 5 * BLOCK, EIO, UINT_MAX);
	push(queue, &item);
	pop(queue, &item);
	assert_int_equal(item.problem, 0);
	assert_true(item.is_changed);
	fail_no_more();
	read_queue_free(queue);
}

static void
a_short_file_is_told(void **state)
{
	struct read_queue *queue = new_queue(true);
	struct read_item item = item_of("big", 0, BIG + 1);

	(void)state;
	push(queue, &item);
	pop(queue, &item);
	assert_true(item.is_short && !item.is_changed);
	assert_int_equal(item.bytes_read, BIG);
	read_queue_free(queue);
}

static void
failures_of_the_queue_end_it(void **state)
{
	struct read_item *popped;
	struct error err = {0};

	(void)state;
	for (int i = 0; i < 4; i++) {
		struct read_queue *queue = new_queue(true);
		struct read_item items[3];

		for (int j = 0; j < 3; j++)
			items[j] = item_of("big", 0, BIG);
		push(queue, &items[0]);
		push(queue, &items[1]);
		seen.refuse = i % 2 == 0;
		failing.events_problem = i % 2 == 0 ? 0 : EFAULT;
		assert_int_equal(
		    i < 2 ? read_queue_pop(queue, &popped, &err)
			  : read_queue_read_now(queue, &items[2], &err),
		    -1);
		assert_true(i % 2 == 0 ? err.code == ERROR_CANCELLED
				       : err.os_errno == EFAULT);
		read_queue_free(queue);
		assert_int_equal(items[0].fd, -1);
		assert_int_equal(items[1].fd, -1);
		if (i < 2)
			(void)close(items[2].fd);
		else
			assert_int_equal(items[2].fd, -1);
		fail_no_more();
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_come_out_in_order),
	    cmocka_unit_test(parts_fit_together),
	    cmocka_unit_test(a_second_look_is_apart),
	    cmocka_unit_test(passing_errors_are_survived),
	    cmocka_unit_test(lasting_errors_are_results),
	    cmocka_unit_test(what_changed_while_it_was_read_is_told),
	    cmocka_unit_test(another_file_does_not_continue_the_first),
	    cmocka_unit_test(a_short_file_is_told),
	    cmocka_unit_test(failures_of_the_queue_end_it),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
