#include "lib/worker/pace.h"

#include <unistd.h>

/* Readers where opening a file is a wait (measured: bench/, cold). */
#define READERS_WAITING 8
/* And where it is not: the file is larger than that (measured: the same). */
#define READERS_STREAMING 4
#define LARGE_FILE_BYTES ((uint64_t)64 << 20)
/*
 * A reader gets two thirds of its share of what is left: should it be twice as
 * slow as the others, they have the rest to even that out.
 */
#define SHARE_NUMERATOR 2
#define SHARE_DENOMINATOR 3
/* Two parts of one large file are read at once, and are two slices. */
#define PAIR 2

/*
 * Bytes of one read.  Each asks a medium for something once, whatever its
 * length, so a long one gets more of it (measured: bench/, cold).  In memory
 * that is nothing, and what was copied should still be in the core's cache when
 * it is digested.
 */
#define MEDIUM_BYTES ((size_t)1024 * 1024)
#define MEMORY_BYTES ((size_t)256 * 1024)
/* Reads under way: more than an arm can make use of, for many small files. */
#define ROTATIONAL_IN_FLIGHT 2
#define IN_FLIGHT 8

static unsigned
count_cores(void)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);

	return cores > 1 ? (unsigned)cores : 1;
}

unsigned
pace_readers(const struct device *device, uint64_t file_bytes)
{
	const unsigned cores = count_cores();
	const unsigned wanted =
	    file_bytes > LARGE_FILE_BYTES ? READERS_STREAMING : READERS_WAITING;

	if (device->rotational)
		return 1;
	if (device->reach == DEVICE_LOCAL_MEMORY)
		return cores;
	return cores > wanted ? cores : wanted;
}

unsigned
pace_slices(uint64_t left, unsigned readers)
{
	const uint64_t slices =
	    left * SHARE_NUMERATOR / ((uint64_t)readers * SHARE_DENOMINATOR);

	if (slices > PACE_SLICES_MAX)
		return PACE_SLICES_MAX;
	if (slices < PAIR)
		return left > readers ? PAIR : 1;
	return (unsigned)slices;
}

struct stream_options
pace_stream(const struct device *device)
{
	const bool in_memory = device->reach == DEVICE_LOCAL_MEMORY;

	return (struct stream_options){
	    .block_bytes = in_memory ? MEMORY_BYTES : MEDIUM_BYTES,
	    .in_flight = device->rotational ? ROTATIONAL_IN_FLIGHT : IN_FLIGHT,
	    .direct = !in_memory,
	};
}

bool
pace_in_pairs(const struct device *device)
{
	return !device->rotational;
}
