/*
 * The old interface, as in digest.c: EVP would look for providers and their
 * configuration, and a sandboxed reader can open neither.
 */
#define OPENSSL_API_COMPAT 10101
#define OPENSSL_SUPPRESS_DEPRECATED

#include "lib/crypto/digest_any.h"

#include <stdlib.h>
#include <string.h>

#include <openssl/md5.h>
#include <openssl/sha.h>

/* CRC-32C's polynomial, reflected (RFC 3720 section 12.1). */
#define CRC32C_POLYNOMIAL UINT32_C(0x82F63B78)
#define CRC32C_LANES 8

struct crc32c {
	uint32_t value;
	/* table[k][b]: what byte b does to the value, k bytes later. */
	uint32_t table[CRC32C_LANES][256];
};

struct digest_any {
	enum digest_algorithm algorithm;
	union {
		MD5_CTX md5;
		SHA_CTX sha1;
		SHA256_CTX sha256; /* and SHA-224 */
		SHA512_CTX sha512; /* and SHA-384 */
		struct crc32c crc32c;
	};
};

static const struct {
	const char *name;
	size_t bytes;
} algorithms[DIGEST_ALGORITHMS] = {
    [DIGEST_MD5] = {"md5", MD5_DIGEST_LENGTH},
    [DIGEST_SHA1] = {"sha1", SHA_DIGEST_LENGTH},
    [DIGEST_SHA224] = {"sha224", SHA224_DIGEST_LENGTH},
    [DIGEST_SHA256] = {"sha256", SHA256_DIGEST_LENGTH},
    [DIGEST_SHA384] = {"sha384", SHA384_DIGEST_LENGTH},
    [DIGEST_SHA512] = {"sha512", SHA512_DIGEST_LENGTH},
    [DIGEST_CRC32C] = {"crc32c", sizeof(uint32_t)},
};

size_t
digest_algorithm_bytes(enum digest_algorithm algorithm)
{
	return algorithms[algorithm].bytes;
}

const char *
digest_algorithm_name(enum digest_algorithm algorithm)
{
	return algorithms[algorithm].name;
}

static void
fill_crc32c_table(struct crc32c *crc)
{
	for (uint32_t b = 0; b < 256; b++) {
		uint32_t value = b;

		for (int bit = 0; bit < 8; bit++)
			value = value >> 1 ^
				((value & 1) != 0 ? CRC32C_POLYNOMIAL : 0);
		crc->table[0][b] = value;
	}
	for (size_t k = 1; k < CRC32C_LANES; k++)
		for (size_t b = 0; b < 256; b++) {
			uint32_t value = crc->table[k - 1][b];

			crc->table[k][b] =
			    value >> 8 ^ crc->table[0][value & 0xff];
		}
}

static void
update_crc32c(struct crc32c *crc, const uint8_t *data, size_t length)
{
	uint32_t value = crc->value;

	for (; length >= CRC32C_LANES; length -= CRC32C_LANES) {
		value ^= (uint32_t)data[0] | (uint32_t)data[1] << 8 |
			 (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
		value = crc->table[7][value & 0xff] ^
			crc->table[6][value >> 8 & 0xff] ^
			crc->table[5][value >> 16 & 0xff] ^
			crc->table[4][value >> 24] ^ crc->table[3][data[4]] ^
			crc->table[2][data[5]] ^ crc->table[1][data[6]] ^
			crc->table[0][data[7]];
		data += CRC32C_LANES;
	}
	while (length-- > 0)
		value = value >> 8 ^ crc->table[0][(value ^ *data++) & 0xff];
	crc->value = value;
}

static void
final_crc32c(const struct crc32c *crc, uint8_t *out)
{
	uint32_t value = ~crc->value;

	for (size_t i = 0; i < sizeof(value); i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

struct digest_any *
digest_any_new(enum digest_algorithm algorithm)
{
	struct digest_any *digest = calloc(1, sizeof(*digest));

	if (digest == NULL)
		return NULL;
	digest->algorithm = algorithm;
	if (algorithm == DIGEST_CRC32C)
		fill_crc32c_table(&digest->crc32c);
	digest_any_restart(digest);
	return digest;
}

void
digest_any_restart(struct digest_any *digest)
{
	switch (digest->algorithm) {
	case DIGEST_MD5:
		MD5_Init(&digest->md5);
		break;
	case DIGEST_SHA1:
		SHA1_Init(&digest->sha1);
		break;
	case DIGEST_SHA224:
		SHA224_Init(&digest->sha256);
		break;
	case DIGEST_SHA256:
		SHA256_Init(&digest->sha256);
		break;
	case DIGEST_SHA384:
		SHA384_Init(&digest->sha512);
		break;
	case DIGEST_SHA512:
		SHA512_Init(&digest->sha512);
		break;
	case DIGEST_CRC32C:
		digest->crc32c.value = UINT32_MAX;
		break;
	}
}

void
digest_any_update(struct digest_any *digest, const void *data, size_t length)
{
	if (length == 0)
		return;
	switch (digest->algorithm) {
	case DIGEST_MD5:
		MD5_Update(&digest->md5, data, length);
		break;
	case DIGEST_SHA1:
		SHA1_Update(&digest->sha1, data, length);
		break;
	case DIGEST_SHA224:
		SHA224_Update(&digest->sha256, data, length);
		break;
	case DIGEST_SHA256:
		SHA256_Update(&digest->sha256, data, length);
		break;
	case DIGEST_SHA384:
		SHA384_Update(&digest->sha512, data, length);
		break;
	case DIGEST_SHA512:
		SHA512_Update(&digest->sha512, data, length);
		break;
	case DIGEST_CRC32C:
		update_crc32c(&digest->crc32c, data, length);
		break;
	}
}

void
digest_any_final(
    struct digest_any *digest, uint8_t ret_out[DIGEST_ANY_BYTES_MAX])
{
	switch (digest->algorithm) {
	case DIGEST_MD5:
		MD5_Final(ret_out, &digest->md5);
		break;
	case DIGEST_SHA1:
		SHA1_Final(ret_out, &digest->sha1);
		break;
	case DIGEST_SHA224:
		SHA224_Final(ret_out, &digest->sha256);
		break;
	case DIGEST_SHA256:
		SHA256_Final(ret_out, &digest->sha256);
		break;
	case DIGEST_SHA384:
		SHA384_Final(ret_out, &digest->sha512);
		break;
	case DIGEST_SHA512:
		SHA512_Final(ret_out, &digest->sha512);
		break;
	case DIGEST_CRC32C:
		final_crc32c(&digest->crc32c, ret_out);
		break;
	}
}

void
digest_any_free(struct digest_any *digest)
{
	free(digest);
}
