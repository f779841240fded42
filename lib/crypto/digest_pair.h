/*
 * digest_pair: two SHA-256 at once, in two thirds of the time.
 *
 * Layer 2.  Uses: digest.  Owns: the processor's SHA instructions.
 *
 * SHA-256 is a chain: each round waits for the one before it, and a core that
 * digests one stream is idle in between.  Two streams that have nothing
 * to do with each other fill its gaps.  Where the processor has no such
 * instructions, or they do not say what the plain way says, the two are
 * digested one after the other, with the same result.
 */
#ifndef HIKAE_CRYPTO_DIGEST_PAIR_H
#define HIKAE_CRYPTO_DIGEST_PAIR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/crypto/digest.h"

#define DIGEST_PAIR_STREAMS 2

/* How this processor does it; plain memory, copied by assignment. */
struct digest_pair {
	/* Blocks of 64 bytes into two states (FIPS 180-4's H0 to H7). */
	void (*compress)(uint32_t states[DIGEST_PAIR_STREAMS][8],
	    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks);
};

/* Looks at the processor, and tries it against digest_sha256 once. */
void digest_pair_init(struct digest_pair *pair);

/* Whether two at once take less time than one after the other. */
bool digest_pair_is_faster(const struct digest_pair *pair);

/*
 * As digest_sha256_update with blocks * 64 bytes for each of two different
 * digests, into both of which a multiple of 64 bytes has gone so far.
 */
void digest_pair_update(const struct digest_pair *pair,
    struct digest_sha256 *const digests[DIGEST_PAIR_STREAMS],
    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks);

#endif
