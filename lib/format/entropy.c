#include "lib/format/entropy.h"

void
entropy_add(struct entropy *entropy, const uint8_t *data, size_t length)
{
	if (length > ENTROPY_BYTES_MAX - entropy->total)
		length = ENTROPY_BYTES_MAX - entropy->total;
	for (size_t i = 0; i < length; i++)
		entropy->counts[data[i]]++;
	entropy->total += (uint32_t)length;
}

/*
 * Of n noisy bytes, the share of equal pairs is 1/256, with a standard
 * deviation of 22.6/n of that.  Up to 1.25 of it, and 75/n more for chance
 * (three deviations beyond), is high: 2^-7.68 is 1.25/256.  Text in any
 * language has ten times as many, base64 four times.
 */
bool
entropy_is_high(const struct entropy *entropy)
{
	uint64_t n = entropy->total, pairs = 0;

	if (n < ENTROPY_BYTES_MIN)
		return false;
	for (size_t i = 0; i < 256; i++)
		pairs += (uint64_t)entropy->counts[i] *
			 (entropy->counts[i] > 0 ? entropy->counts[i] - 1 : 0);
	/* pairs / (n (n - 1)) <= (1.25 + 75 / n) / 256 */
	return pairs * 256 * 4 * n <= n * (n - 1) * (5 * n + 300);
}
