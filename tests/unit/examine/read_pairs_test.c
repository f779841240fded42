/*
 * Two items read and digested at once: they come out in the order in which
 * they went in, each as if it had been alone, whatever happens to the other.
 */
#include "tests/unit/examine/queueing.h"

#define ITEMS_MAX 400

/* Names that items can remember as their owners. */
static char big[] = "big", other[] = "other", small[] = "small",
	    moving[] = "moving", passing[] = "passing";
static char *const names[] = {big, other};

static struct {
	unsigned reopened;
	uint64_t bytes;	      /* told of */
	uint64_t refuse_from; /* 0: never */
} seen;

static int
on_reopen(void *context, const struct read_item *item)
{
	(void)context;
	seen.reopened++;
	return openat(ground_fd, item->owner, O_RDONLY | O_CLOEXEC);
}

static int
on_progress(void *context, uint64_t bytes, struct error *err)
{
	(void)context;
	seen.bytes += bytes;
	if (seen.refuse_from > 0 && seen.bytes >= seen.refuse_from)
		return error_set(err, ERROR_CANCELLED, "refused");
	return 0;
}

static struct read_queue *
new_queue(bool direct)
{
	const struct read_options options = {
	    .stream = {BLOCK, 4, direct, NULL},
	    .in_pairs = true,
	    .reopen = on_reopen,
	    .progress = on_progress,
	};
	struct read_queue *queue = NULL;

	memset(&seen, 0, sizeof(seen));
	assert_int_equal(read_queue_new(&options, &queue, NULL), 0);
	return queue;
}

/* All of a file, whose name is what the item remembers of its owner. */
static struct read_item
owned_by(char *path, uint64_t to)
{
	struct read_item item = item_of(path, 0, to);

	item.owner = path;
	return item;
}

/* Of the two large files in turn. */
static void
push_in_turn(struct read_queue *queue, struct read_item *items, size_t count)
{
	for (size_t n = 0; n < count; n++) {
		items[n] = owned_by(names[n % 2], BIG);
		push(queue, &items[n]);
	}
}

static void
expect_in_turn(const struct read_item *item, size_t n)
{
	expect_digest(item, (unsigned)(n % 2) + 1, BIG);
}

/* Sizes that a pair of lanes meets: none, one alone, all unlike. */
static size_t
size_of(size_t kind, size_t i)
{
	switch (kind) {
	case 0:
		return i % 5 * 1000 + i;
	case 1: /* one lane has much, the other many */
		return i % 70 == 0 ? 50 * BLOCK + 1 : i % 100;
	case 2:
		return i % 3 == 0 ? 0 : 3 * BLOCK;
	default:
		return i % 64 * 64;
	}
}

static void
put_and_push(
    struct read_queue *queue, size_t kind, size_t i, struct read_item *item)
{
	size_t size = size_of(kind, i);

	put_file("passing", size, (unsigned)i);
	*item = owned_by(passing, size);
	assert_int_equal(unlinkat(ground_fd, "passing", 0), 0);
	if (i % 11 == 3) {
		(void)close(item->fd);
		item->fd = -1;
	}
	push(queue, item);
}

/* As many go in as there is room, and then one for each that comes out. */
static void
items_come_out_in_order(void **state)
{
	static struct read_item items[ITEMS_MAX];

	(void)state;
	for (size_t kind = 0; kind < 8; kind++) {
		struct read_queue *queue = new_queue(kind % 2 == 0);
		struct read_item *none;
		uint64_t bytes = 0;
		size_t pushed = 0;

		for (size_t i = 0; i < ITEMS_MAX; i++) {
			while (
			    pushed < ITEMS_MAX && read_queue_has_room(queue)) {
				put_and_push(
				    queue, kind / 2, pushed, &items[pushed]);
				pushed++;
			}
			pop(queue, &items[i]);
			if (i % 11 == 3)
				continue;
			expect_digest(
			    &items[i], (unsigned)i, size_of(kind / 2, i));
			assert_int_equal(
			    items[i].bytes_read, size_of(kind / 2, i));
			bytes += items[i].bytes_read;
		}
		assert_int_equal(read_queue_pop(queue, &none, NULL), 0);
		assert_int_equal(seen.bytes, bytes);
		read_queue_free(queue);
	}
}

/* With room for two at most, so that no lane has one in waiting. */
static void
few_at_a_time(void **state)
{
	static struct read_item items[ITEMS_MAX];

	(void)state;
	for (size_t room = 1; room < 5; room++) {
		struct read_queue *queue = new_queue(room % 2 == 0);

		for (size_t i = 0; i < 100 + room; i++) {
			if (i < 100)
				put_and_push(queue, 0, i, &items[i]);
			if (i < room)
				continue;
			pop(queue, &items[i - room]);
			if ((i - room) % 11 != 3)
				expect_digest(&items[i - room],
				    (unsigned)(i - room), size_of(0, i - room));
		}
		read_queue_free(queue);
	}
}

/* Parts of one file, from state to state, are the whole of it. */
static void
parts_of_one_file(void **state)
{
	struct read_queue *queue = new_queue(true);
	struct read_item parts[11];
	uint8_t middle[11][DIGEST_SHA256_BYTES];
	struct digest_sha256 digest;
	uint8_t *data = malloc(BIG);

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < BIG; i++)
		data[i] = content_byte(1, i);
	digest_sha256_init(&digest);
	for (size_t i = 0; i < 11; i++) {
		parts[i] = owned_by(big, i < 10 ? (i + 1) * BLOCK : BIG);
		parts[i].from = i * BLOCK;
		parts[i].has_state = true;
		parts[i].ends_inside = i < 10;
		digest_sha256_export(&digest, parts[i].state);
		digest_sha256_update(
		    &digest, data + parts[i].from, parts[i].to - parts[i].from);
		if (i < 10)
			digest_sha256_export(&digest, middle[i]);
		else
			digest_sha256_final(&digest, middle[i]);
		push(queue, &parts[i]);
	}
	for (size_t i = 0; i < 11; i++) {
		pop(queue, &parts[i]);
		assert_memory_equal(
		    parts[i].value, middle[i], DIGEST_SHA256_BYTES);
	}
	free(data);
	read_queue_free(queue);
}

/* An error in the first or the second of two, at any block. */
static void
an_error_that_passes(void **state)
{
	(void)state;
	for (size_t i = 0; i < 44; i++) {
		struct read_queue *queue = new_queue(i / 2 % 2 == 0);
		struct read_item items[3];

		/* The stream itself tries once more, in small pieces. */
		fail_at(names[i % 2], i / 4 * BLOCK, EIO, 2);
		push_in_turn(queue, items, 3);
		for (size_t n = 0; n < 3; n++) {
			pop(queue, &items[n]);
			expect_in_turn(&items[n], n);
			assert_int_equal(items[n].bytes_read, BIG);
		}
		assert_int_equal(failing.hits, 2);
		assert_true(seen.reopened >= 1);
		fail_no_more();
		read_queue_free(queue);
	}
}

static void
an_error_that_stays(void **state)
{
	const uint64_t bad = 5 * BLOCK + 5000;

	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct read_queue *queue = new_queue(i / 2 == 0);
		struct read_item items[4];

		fail_at(names[i % 2], bad, EIO, UINT_MAX);
		push_in_turn(queue, items, 4);
		for (size_t n = 0; n < 4; n++) {
			pop(queue, &items[n]);
			if (n % 2 != i % 2) {
				expect_in_turn(&items[n], n);
				continue;
			}
			assert_int_equal(items[n].problem, EIO);
			assert_int_equal(
			    items[n].problem_offset, 5 * BLOCK + 4096);
			assert_int_equal(items[n].fd, -1);
		}
		assert_int_equal(seen.reopened, 2);
		fail_no_more();
		read_queue_free(queue);
	}
}

static void
a_short_file_beside_a_whole_one(void **state)
{
	(void)state;
	for (size_t i = 0; i < 4; i++) {
		struct read_queue *queue = new_queue(i / 2 == 0);
		struct read_item items[2];
		uint64_t more = i % 2 == 0 ? 1 : 5 * BLOCK;

		items[0] = owned_by(small, 100 + more);
		items[1] = owned_by(other, BIG);
		push(queue, &items[i % 2]);
		push(queue, &items[1 - i % 2]);
		pop(queue, &items[i % 2]);
		pop(queue, &items[1 - i % 2]);
		assert_true(items[0].is_short && !items[0].is_changed);
		assert_int_equal(items[0].bytes_read, 100);
		expect_digest(&items[1], 2, BIG);
		read_queue_free(queue);
	}
}

/* The second changes while the first is read. */
static void
a_change_is_told_of_its_file(void **state)
{
	static const struct timespec old = {1000000000, 0};
	struct read_queue *queue = new_queue(false);
	struct read_item items[2];

	(void)state;
	put_file("moving", BIG, 4);
	set_time("moving", &old);
	items[0] = owned_by(big, BIG);
	items[1] = owned_by(moving, BIG);
	fail_at("big", 5 * BLOCK, 0, 1);
	failing.before_read = make_it_grow;
	push(queue, &items[0]);
	push(queue, &items[1]);
	pop(queue, &items[0]);
	expect_digest(&items[0], 1, BIG);
	pop(queue, &items[1]);
	assert_true(items[1].is_changed);
	fail_no_more();
	read_queue_free(queue);
}

/* Wherever it ends, all descriptors are closed and nothing waits. */
static void
an_end_at_any_time(void **state)
{
	(void)state;
	for (uint64_t i = 0; i < 24; i++) {
		struct read_queue *queue = new_queue(i % 2 == 0);
		struct read_item items[5], *popped;
		struct error err = {0};
		int got = 1;

		push_in_turn(queue, items, 5);
		seen.refuse_from = i * 2 * BLOCK + 1;
		while (got == 1)
			got = read_queue_pop(queue, &popped, &err);
		assert_int_equal(got, -1);
		assert_int_equal(err.code, ERROR_CANCELLED);
		read_queue_free(queue);
		for (size_t n = 0; n < 5; n++)
			assert_int_equal(items[n].fd, -1);
	}
}

/* A second look at one, while two are under way. */
static void
a_second_look_is_apart(void **state)
{
	struct read_queue *queue = new_queue(true);
	struct read_item items[3], apart;

	(void)state;
	push_in_turn(queue, items, 3);
	for (size_t n = 0; n < 3; n++) {
		pop(queue, &items[n]);
		expect_in_turn(&items[n], n);
		apart = owned_by(small, 100);
		assert_int_equal(read_queue_read_now(queue, &apart, NULL), 0);
		expect_digest(&apart, 3, 100);
	}
	read_queue_free(queue);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(items_come_out_in_order),
	    cmocka_unit_test(few_at_a_time),
	    cmocka_unit_test(parts_of_one_file),
	    cmocka_unit_test(an_error_that_passes),
	    cmocka_unit_test(an_error_that_stays),
	    cmocka_unit_test(a_short_file_beside_a_whole_one),
	    cmocka_unit_test(a_change_is_told_of_its_file),
	    cmocka_unit_test(an_end_at_any_time),
	    cmocka_unit_test(a_second_look_is_apart),
	};

	return cmocka_run_group_tests(tests, set_up, ground_tear_down);
}
