/*
 * clock: wall time for people, monotonic time for waiting.
 *
 * Layer 0.  Uses: nothing.
 *
 * Instants are int64_t milliseconds since 1970-01-01T00:00:00Z.  Order comes
 * from the journal, never from here (DESIGN law 8).
 */
#ifndef HIKAE_BASE_CLOCK_H
#define HIKAE_BASE_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND_MS INT64_C(1000)
#define CLOCK_MINUTE_MS (60 * CLOCK_SECOND_MS)
#define CLOCK_HOUR_MS (60 * CLOCK_MINUTE_MS)
#define CLOCK_DAY_MS (24 * CLOCK_HOUR_MS)

/* The wall clock now.  faketime(1) moves it in scenarios. */
int64_t clock_wall_ms(void);

/* Milliseconds since some fixed moment; never goes back, counts suspend. */
int64_t clock_monotonic_ms(void);

#endif
