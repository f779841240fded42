#include "lib/base/clock.h"

#include <time.h>

static int64_t
read_clock_ms(clockid_t id)
{
	struct timespec now;

	(void)clock_gettime(id, &now);
	return (int64_t)now.tv_sec * CLOCK_SECOND_MS + now.tv_nsec / 1000000;
}

int64_t
clock_wall_ms(void)
{
	return read_clock_ms(CLOCK_REALTIME);
}

int64_t
clock_monotonic_ms(void)
{
	return read_clock_ms(CLOCK_BOOTTIME);
}
