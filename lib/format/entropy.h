/*
 * entropy: do bytes look like noise?
 *
 * Layer 2.  Uses: nothing.
 *
 * Rényi's entropy of order 2, from how often two bytes of a sample are equal:
 * unlike Shannon's it has no bias on samples as small as an HL7 message, and
 * needs whole numbers only.  Encrypted data is noise, and so is well compressed
 * data: ask only where no format is known.
 */
#ifndef HIKAE_FORMAT_ENTROPY_H
#define HIKAE_FORMAT_ENTROPY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Of fewer bytes nothing can be said. */
#define ENTROPY_BYTES_MIN 256
/* A sample has at most so many. */
#define ENTROPY_BYTES_MAX 65536

/* In the caller's storage; all zero: empty. */
struct entropy {
	uint32_t counts[256];
	uint32_t total;
};

/* Bytes beyond the maximum are left out. */
void entropy_add(struct entropy *entropy, const uint8_t *data, size_t length);

/*
 * Whether they look like noise: at least about 7.7 of 8 bits a byte, and for a
 * small sample what noise of that size has.  False where there are too few.
 */
bool entropy_is_high(const struct entropy *entropy);

#endif
