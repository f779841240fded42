/*
 * A gzip stream (RFC 1952) whose blocks are stored (RFC 1951, 3.2.4), decoded
 * as its bytes are pushed: what comes out, and the stack that it is done on.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "lib/format/decoder_push.h"
#include "tests/unit/format/packing.h"

#define PLAIN_BYTES 700000 /* more than is handed out at once */

static uint8_t plain[PLAIN_BYTES], packed[PLAIN_BYTES * 2];
static size_t packed_length;
static uintptr_t frame; /* a decoder's, on its own stack */

int __real_decoder_new(enum decoder_kind kind, uint64_t memory_bytes,
    struct source below, struct decoder **ret_decoder, struct error *err);
int __wrap_decoder_new(enum decoder_kind kind, uint64_t memory_bytes,
    struct source below, struct decoder **ret_decoder, struct error *err);

int
__wrap_decoder_new(enum decoder_kind kind, uint64_t memory_bytes,
    struct source below, struct decoder **ret_decoder, struct error *err)
{
	frame = (uintptr_t)__builtin_frame_address(0);
	return __real_decoder_new(kind, memory_bytes, below, ret_decoder, err);
}

static int
pack(void **state)
{
	uint32_t random = 1;

	(void)state;
	for (size_t i = 0; i < PLAIN_BYTES; i++) {
		random = random * 1664525 + 1013904223;
		plain[i] = (uint8_t)(random >> 24);
	}
	packed_length =
	    packing_gzip(plain, PLAIN_BYTES, 0, packed, sizeof(packed));
	return packed_length > 0 ? 0 : -1;
}

struct taken {
	size_t length;
	bool is_other; /* than what was packed */
};

static void
take(void *context, const uint8_t *data, size_t length)
{
	struct taken *taken = context;

	if (length == 0 || length > PLAIN_BYTES - taken->length ||
	    memcmp(plain + taken->length, data, length) != 0)
		taken->is_other = true;
	taken->length += length;
}

static struct decoder_push *
begin(struct taken *taken, uint64_t bytes)
{
	const struct decoder_push_limits limits = {
	    .memory = 1 << 20, .bytes = bytes};
	struct decoder_push *push = decoder_push_new(DECODER_GZIP, &limits,
	    (struct decoder_push_sink){
		.context = taken, .take = taken == NULL ? NULL : take});

	assert_non_null(push);
	return push;
}

static void
give(struct decoder_push *push, size_t from, size_t to, size_t piece)
{
	for (size_t at = from; at < to; at += piece)
		decoder_push_give(
		    push, packed + at, piece < to - at ? piece : to - at);
}

static void
all_that_comes_out_is_handed_on(void **state)
{
	static const size_t pieces[] = {1, 7, 4096, 1 << 20};

	(void)state;
	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct taken taken = {.length = 0};
		struct decoder_push *push = begin(&taken, UINT64_MAX);
		uint64_t bytes = 0;

		give(push, 0, packed_length, pieces[i]);
		assert_int_equal(
		    decoder_push_conclude(push, &bytes), DECODER_PUSH_WHOLE);
		decoder_push_free(push);
		assert_int_equal(bytes, PLAIN_BYTES);
		assert_int_equal(taken.length, PLAIN_BYTES);
		assert_false(taken.is_other);
	}
}

static void
what_nobody_takes_is_counted(void **state)
{
	struct decoder_push *push = begin(NULL, UINT64_MAX);
	uint64_t bytes = 0;

	(void)state;
	give(push, 0, packed_length, 1 << 20);
	assert_int_equal(
	    decoder_push_conclude(push, &bytes), DECODER_PUSH_WHOLE);
	assert_int_equal(bytes, PLAIN_BYTES);
	decoder_push_free(push);
}

/* Nothing is handed on beyond the limit, nor once it is given up. */
static void
nothing_is_handed_on_that_may_not_be(void **state)
{
	struct taken taken = {.length = 0};
	struct decoder_push *push = begin(&taken, PLAIN_BYTES - 1);
	uint64_t bytes = 0;
	size_t length;

	(void)state;
	give(push, 0, packed_length, 4096);
	assert_int_equal(
	    decoder_push_conclude(push, &bytes), DECODER_PUSH_LIMIT);
	assert_true(taken.length < PLAIN_BYTES);
	decoder_push_free(push);

	taken = (struct taken){.length = 0};
	push = begin(&taken, UINT64_MAX);
	give(push, 0, packed_length / 2, 4096);
	length = taken.length;
	decoder_push_free(push);
	assert_int_equal(taken.length, length);
}

/* Of the mapping that holds the address, and of the one below it. */
static bool
find_mapping(uintptr_t address, char ret_below[8], uintptr_t *ret_below_bytes,
    bool *ret_is_adjacent)
{
	FILE *maps = fopen("/proc/self/maps", "r");
	uintptr_t from = 0, to = 0, below_from = 0, below_to = 0;
	char line[512], rights[8] = "";
	bool is_found = false;

	assert_non_null(maps);
	while (!is_found && fgets(line, sizeof(line), maps) != NULL) {
		below_from = from;
		below_to = to;
		memcpy(ret_below, rights, sizeof(rights));
		is_found =
		    sscanf(line, "%lx-%lx %7s", &from, &to, rights) == 3 &&
		    from <= address && address < to;
	}
	(void)fclose(maps);
	*ret_below_bytes = below_to - below_from;
	*ret_is_adjacent = below_to == from;
	return is_found;
}

static void
nobody_may_touch_what_is_below_the_stack(void **state)
{
	struct decoder_push *push = begin(NULL, UINT64_MAX);
	uintptr_t below_bytes = 0;
	bool is_adjacent = false;
	char below[8] = "";

	(void)state;
	frame = 0;
	give(push, 0, 1024, 1024);
	assert_true(frame != 0);
	assert_true(find_mapping(frame, below, &below_bytes, &is_adjacent));
	assert_true(is_adjacent);
	assert_memory_equal(below, "---", 3);
	assert_true(below_bytes >= 64 * 1024);
	decoder_push_free(push);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_that_comes_out_is_handed_on),
	    cmocka_unit_test(what_nobody_takes_is_counted),
	    cmocka_unit_test(nothing_is_handed_on_that_may_not_be),
	    cmocka_unit_test(nobody_may_touch_what_is_below_the_stack),
	};

	return cmocka_run_group_tests(tests, pack, NULL);
}
