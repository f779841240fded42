/*
 * What a test gives a child that is ready for further slices: a range at a
 * time, and none behind the last.
 *
 * Include it after cmocka.h.
 */
#ifndef HIKAE_TESTS_WORKER_FURTHER_H
#define HIKAE_TESTS_WORKER_FURTHER_H

#include "lib/worker/handle.h"

static struct {
	const struct verify_range *ranges;
	size_t count;
} further;

static inline void
give_further(struct handle *handle)
{
	const size_t count = further.count > 0 ? 1 : 0;

	assert_int_equal(
	    handle_give_slices(handle, further.ranges, count, NULL), 0);
	further.ranges += count;
	further.count -= count;
}

#endif
