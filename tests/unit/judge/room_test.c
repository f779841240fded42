/* When there is too little room left, and when there is enough again. */
#include "lib/judge/room.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define MIB (UINT64_C(1) << 20)
#define GIB (UINT64_C(1) << 30)

static void
a_fiftieth_is_left_up_to_a_limit(void **state)
{
	static const struct {
		uint64_t all, taken, reserve;
	} rows[] = {
	    {0, 0, 0},
	    {49, 0, 0},
	    {50 * MIB, 0, MIB},
	    {50 * MIB, MIB - 1, MIB},
	    {50 * MIB, 7 * MIB, 7 * MIB},
	    {50 * GIB, 0, GIB},
	    {5000 * GIB, 0, GIB},
	    {5000 * GIB, 3 * GIB, 3 * GIB},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct room room = {
		    .all_bytes = rows[i].all, .taken_bytes = rows[i].taken};

		assert_int_equal(room_reserve_bytes(&room), rows[i].reserve);
		room.free_bytes = rows[i].reserve;
		assert_false(room_is_short(&room, false));
		if (rows[i].reserve == 0)
			continue;
		room.free_bytes--;
		assert_true(room_is_short(&room, false));
	}
}

static void
files_count_where_a_file_system_counts_them(void **state)
{
	struct room room = {.free_bytes = GIB, .all_bytes = GIB};

	(void)state;
	/* As btrfs says it: neither free nor in all. */
	room.taken_files = 1000;
	assert_int_equal(room_reserve_files(&room), 0);
	assert_false(room_is_short(&room, false));
	room.all_files = 100000;
	assert_int_equal(room_reserve_files(&room), 2000);
	room.free_files = 1999;
	assert_true(room_is_short(&room, false));
	room.taken_files = 3000;
	room.free_files = 2999;
	assert_true(room_is_short(&room, false));
	room.free_files = 3000;
	assert_false(room_is_short(&room, false));
	room.taken_files = 0;
	room.all_files = 6000000;
	assert_int_equal(room_reserve_files(&room), ROOM_PART_FILES_MAX);
}

static void
what_was_short_needs_a_quarter_more(void **state)
{
	struct room room = {.all_bytes = 50 * 400, .all_files = 50 * 40};

	(void)state;
	room.free_bytes = 499;
	room.free_files = 50;
	assert_true(room_is_short(&room, true));
	assert_false(room_is_short(&room, false));
	room.free_bytes = 500;
	assert_false(room_is_short(&room, true));
	room.free_files = 49;
	assert_true(room_is_short(&room, true));
	assert_false(room_is_short(&room, false));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_fiftieth_is_left_up_to_a_limit),
	    cmocka_unit_test(files_count_where_a_file_system_counts_them),
	    cmocka_unit_test(what_was_short_needs_a_quarter_more),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
