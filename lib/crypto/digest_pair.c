#include "lib/crypto/digest_pair.h"

#include <assert.h>
#include <string.h>

#define BLOCK_BYTES DIGEST_SHA256_BLOCK_BYTES
/* For the trial: so many blocks that each round's words have a part in it. */
#define TRIAL_BLOCKS 5

#if defined(__x86_64__)

#include <cpuid.h>
#include <immintrin.h>

/*
 * Everything about one stream in registers.  The SHA instructions want the
 * state as ABEF and CDGH, from the highest word to the lowest (Intel SDM
 * volume 2, SHA256RNDS2).
 */
struct lane {
	__m128i abef, cdgh;
	__m128i words[4]; /* the last 16 words of the message schedule */
};

#define SHA_CODE __attribute__((target("sha,sse4.1,ssse3")))
#define SHA_INLINE SHA_CODE __attribute__((always_inline)) static inline

/* K of FIPS 180-4 section 4.2.2. */
static const _Alignas(16) uint32_t constants[64] = {0x428a2f98, 0x71374491,
    0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe,
    0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc,
    0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d,
    0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb,
    0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3,
    0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08,
    0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb,
    0xbef9a3f7, 0xc67178f2};

SHA_INLINE void
load_state(struct lane *lane, const uint32_t state[8])
{
	const __m128i dcba =
	    _mm_loadu_si128((const __m128i *)(const void *)state);
	const __m128i hgfe =
	    _mm_loadu_si128((const __m128i *)(const void *)(state + 4));
	const __m128i cdab = _mm_shuffle_epi32(dcba, 0xB1);
	const __m128i efgh = _mm_shuffle_epi32(hgfe, 0x1B);

	lane->abef = _mm_alignr_epi8(cdab, efgh, 8);
	lane->cdgh = _mm_blend_epi16(efgh, cdab, 0xF0);
}

SHA_INLINE void
store_state(const struct lane *lane, uint32_t state[8])
{
	const __m128i feba = _mm_shuffle_epi32(lane->abef, 0x1B);
	const __m128i dchg = _mm_shuffle_epi32(lane->cdgh, 0xB1);

	_mm_storeu_si128(
	    (__m128i *)(void *)state, _mm_blend_epi16(feba, dchg, 0xF0));
	_mm_storeu_si128(
	    (__m128i *)(void *)(state + 4), _mm_alignr_epi8(dchg, feba, 8));
}

/* The block's words, which are big-endian. */
SHA_INLINE void
load_block(struct lane *lane, const uint8_t *block)
{
	const __m128i swap =
	    _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);

	for (size_t i = 0; i < 4; i++)
		lane->words[i] = _mm_shuffle_epi8(
		    _mm_loadu_si128(
			(const __m128i *)(const void *)(block + 16 * i)),
		    swap);
}

/* Four rounds with the words in place i, which was 0 to 3 rounds ago. */
SHA_INLINE void
do_rounds(struct lane *lane, size_t i, __m128i k)
{
	const __m128i sum = _mm_add_epi32(lane->words[i], k);

	lane->cdgh = _mm_sha256rnds2_epu32(lane->cdgh, lane->abef, sum);
	lane->abef = _mm_sha256rnds2_epu32(
	    lane->abef, lane->cdgh, _mm_shuffle_epi32(sum, 0x0E));
}

/* Put the next four words of the schedule where the oldest four stand. */
SHA_INLINE void
make_words(struct lane *lane, size_t i)
{
	__m128i *words = lane->words;
	const __m128i seventh =
	    _mm_alignr_epi8(words[(i + 3) % 4], words[(i + 2) % 4], 4);
	const __m128i sum = _mm_add_epi32(
	    _mm_sha256msg1_epu32(words[i], words[(i + 1) % 4]), seventh);

	words[i] = _mm_sha256msg2_epu32(sum, words[(i + 3) % 4]);
}

/* Four rounds of both streams, and the words for sixteen rounds later. */
SHA_INLINE void
step(struct lane *a, struct lane *b, size_t at, bool has_more)
{
	const __m128i k =
	    _mm_load_si128((const __m128i *)(const void *)(constants + 4 * at));

	do_rounds(a, at % 4, k);
	do_rounds(b, at % 4, k);
	if (!has_more)
		return;
	make_words(a, at % 4);
	make_words(b, at % 4);
}

SHA_INLINE void
step_four(struct lane *a, struct lane *b, size_t at, bool has_more)
{
	step(a, b, at, has_more);
	step(a, b, at + 1, has_more);
	step(a, b, at + 2, has_more);
	step(a, b, at + 3, has_more);
}

SHA_INLINE void
add_state(struct lane *lane, const struct lane *before)
{
	lane->abef = _mm_add_epi32(lane->abef, before->abef);
	lane->cdgh = _mm_add_epi32(lane->cdgh, before->cdgh);
}

SHA_CODE static void
compress_both(uint32_t states[DIGEST_PAIR_STREAMS][8],
    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks)
{
	struct lane a, b;

	load_state(&a, states[0]);
	load_state(&b, states[1]);
	for (size_t i = 0; i < blocks; i++) {
		const struct lane a_before = a, b_before = b;

		load_block(&a, data[0] + i * BLOCK_BYTES);
		load_block(&b, data[1] + i * BLOCK_BYTES);
		step_four(&a, &b, 0, true);
		step_four(&a, &b, 4, true);
		step_four(&a, &b, 8, true);
		step_four(&a, &b, 12, false);
		add_state(&a, &a_before);
		add_state(&b, &b_before);
	}
	store_state(&a, states[0]);
	store_state(&b, states[1]);
}

static bool
has_instructions(void)
{
	unsigned a, b, c, d, extended;

	if (__get_cpuid(1, &a, &b, &c, &d) == 0 || (c & bit_SSSE3) == 0 ||
	    (c & bit_SSE4_1) == 0)
		return false;
	return __get_cpuid_count(7, 0, &a, &extended, &c, &d) != 0 &&
	       (extended & bit_SHA) != 0;
}

#else

static void
compress_both(uint32_t states[DIGEST_PAIR_STREAMS][8],
    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks)
{
	(void)states;
	(void)data;
	(void)blocks;
}

static bool
has_instructions(void)
{
	return false;
}

#endif

static void
update_plainly(struct digest_sha256 *const digests[DIGEST_PAIR_STREAMS],
    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks)
{
	for (size_t i = 0; i < DIGEST_PAIR_STREAMS; i++)
		digest_sha256_update(digests[i], data[i], blocks * BLOCK_BYTES);
}

/* Whether both ways say the same of two texts. */
static bool
is_right(const struct digest_pair *pair)
{
	const struct digest_pair plain = {NULL};
	uint8_t text[2][TRIAL_BLOCKS * BLOCK_BYTES],
	    values[4][DIGEST_SHA256_BYTES];
	const uint8_t *const data[] = {text[0], text[1]};
	struct digest_sha256 digests[4];

	for (size_t i = 0; i < sizeof(text); i++)
		text[i / sizeof(text[0])][i % sizeof(text[0])] =
		    (uint8_t)(i * i + i / 7);
	for (size_t i = 0; i < 4; i++)
		digest_sha256_init(&digests[i]);
	digest_pair_update(pair,
	    (struct digest_sha256 *const[]){&digests[0], &digests[1]}, data,
	    TRIAL_BLOCKS);
	digest_pair_update(&plain,
	    (struct digest_sha256 *const[]){&digests[2], &digests[3]}, data,
	    TRIAL_BLOCKS);
	for (size_t i = 0; i < 4; i++)
		digest_sha256_final(&digests[i], values[i]);
	return memcmp(values[0], values[2], 2 * DIGEST_SHA256_BYTES) == 0;
}

void
digest_pair_init(struct digest_pair *pair)
{
	pair->compress = has_instructions() ? compress_both : NULL;
	if (pair->compress != NULL && !is_right(pair))
		pair->compress = NULL;
}

bool
digest_pair_is_faster(const struct digest_pair *pair)
{
	return pair->compress != NULL;
}

void
digest_pair_update(const struct digest_pair *pair,
    struct digest_sha256 *const digests[DIGEST_PAIR_STREAMS],
    const uint8_t *const data[DIGEST_PAIR_STREAMS], size_t blocks)
{
	uint32_t states[DIGEST_PAIR_STREAMS][8];

	assert(digests[0] != digests[1]);
	if (pair->compress == NULL || blocks == 0) {
		update_plainly(digests, data, blocks);
		return;
	}
	for (size_t i = 0; i < DIGEST_PAIR_STREAMS; i++)
		digest_sha256_get_words(digests[i], states[i]);
	pair->compress(states, data, blocks);
	for (size_t i = 0; i < DIGEST_PAIR_STREAMS; i++)
		digest_sha256_advance(digests[i], states[i], blocks);
}
