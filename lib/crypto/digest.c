/*
 * EVP is OpenSSL's present interface, but it can neither export a state nor
 * take one; SHA256_CTX can, and uses the processor's SHA instructions too.
 */
#define OPENSSL_API_COMPAT 10101
#define OPENSSL_SUPPRESS_DEPRECATED

#include "lib/crypto/digest.h"

#include <assert.h>
#include <string.h>

#include <openssl/crypto.h>
#include <openssl/sha.h>

static_assert(sizeof(struct digest_sha256) >= sizeof(SHA256_CTX),
    "SHA256_CTX has outgrown digest_sha256");
static_assert(_Alignof(struct digest_sha256) >= _Alignof(SHA256_CTX),
    "SHA256_CTX needs more alignment");
static_assert(sizeof(((SHA256_CTX *)0)->h) / sizeof(SHA_LONG) == 8 &&
		  DIGEST_SHA256_BLOCK_BYTES == SHA256_CBLOCK,
    "SHA256_CTX is not as FIPS 180-4 has it");

const uint8_t digest_sha256_initial[DIGEST_SHA256_BYTES] = {0x6a, 0x09, 0xe6,
    0x67, 0xbb, 0x67, 0xae, 0x85, 0x3c, 0x6e, 0xf3, 0x72, 0xa5, 0x4f, 0xf5,
    0x3a, 0x51, 0x0e, 0x52, 0x7f, 0x9b, 0x05, 0x68, 0x8c, 0x1f, 0x83, 0xd9,
    0xab, 0x5b, 0xe0, 0xcd, 0x19};

/* The opaque bytes hold a SHA256_CTX and nothing else is ever put there. */
static SHA256_CTX *
context_of(struct digest_sha256 *digest)
{
	return (SHA256_CTX *)(void *)digest->opaque;
}

static const SHA256_CTX *
const_context_of(const struct digest_sha256 *digest)
{
	return (const SHA256_CTX *)(const void *)digest->opaque;
}

void
digest_sha256_init(struct digest_sha256 *digest)
{
	int ok = SHA256_Init(context_of(digest));

	assert(ok == 1);
	(void)ok;
}

void
digest_sha256_update(
    struct digest_sha256 *digest, const void *data, size_t length)
{
	if (length > 0)
		SHA256_Update(context_of(digest), data, length);
}

void
digest_sha256_final(
    struct digest_sha256 *digest, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	SHA256_Final(ret_out, context_of(digest));
}

uint64_t
digest_sha256_offset(const struct digest_sha256 *digest)
{
	const SHA256_CTX *context = const_context_of(digest);

	/* The counter is in bits, in two words of 32. */
	return ((uint64_t)context->Nh << 32 | context->Nl) >> 3;
}

void
digest_sha256_export(
    const struct digest_sha256 *digest, uint8_t ret_state[DIGEST_SHA256_BYTES])
{
	const SHA256_CTX *context = const_context_of(digest);

	assert(digest_sha256_offset(digest) % DIGEST_SHA256_BLOCK_BYTES == 0);
	for (size_t i = 0; i < DIGEST_SHA256_BYTES; i++)
		ret_state[i] =
		    (uint8_t)(context->h[i / 4] >> (24 - 8 * (i % 4)));
}

void
digest_sha256_resume(struct digest_sha256 *digest,
    const uint8_t state[DIGEST_SHA256_BYTES], uint64_t offset)
{
	SHA256_CTX *context = context_of(digest);

	assert(offset % DIGEST_SHA256_BLOCK_BYTES == 0 && offset >> 61 == 0);
	digest_sha256_init(digest);
	for (size_t i = 0; i < 8; i++)
		context->h[i] = (SHA_LONG)state[4 * i] << 24 |
				(SHA_LONG)state[4 * i + 1] << 16 |
				(SHA_LONG)state[4 * i + 2] << 8 |
				(SHA_LONG)state[4 * i + 3];
	context->Nl = (SHA_LONG)(offset << 3);
	context->Nh = (SHA_LONG)(offset >> 29);
}

void
digest_sha256_get_words(
    const struct digest_sha256 *digest, uint32_t ret_words[8])
{
	const SHA256_CTX *context = const_context_of(digest);

	assert(context->num == 0);
	for (size_t i = 0; i < 8; i++)
		ret_words[i] = context->h[i];
}

void
digest_sha256_advance(
    struct digest_sha256 *digest, const uint32_t words[8], uint64_t blocks)
{
	SHA256_CTX *context = context_of(digest);
	const uint64_t bits = ((uint64_t)context->Nh << 32 | context->Nl) +
			      blocks * DIGEST_SHA256_BLOCK_BYTES * 8;

	assert(context->num == 0);
	for (size_t i = 0; i < 8; i++)
		context->h[i] = words[i];
	context->Nl = (SHA_LONG)bits;
	context->Nh = (SHA_LONG)(bits >> 32);
}

void
digest_sha256_of(
    const void *data, size_t length, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	struct digest_sha256 digest;

	digest_sha256_init(&digest);
	digest_sha256_update(&digest, data, length);
	digest_sha256_final(&digest, ret_out);
}

/* One of HMAC's two passes: SHA-256((key ^ pad) || data). */
static void
hmac_pass(const uint8_t key[DIGEST_SHA256_BLOCK_BYTES], uint8_t pad,
    const void *data, size_t length, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	uint8_t block[DIGEST_SHA256_BLOCK_BYTES];
	struct digest_sha256 digest;

	for (size_t i = 0; i < sizeof(block); i++)
		block[i] = key[i] ^ pad;
	digest_sha256_init(&digest);
	digest_sha256_update(&digest, block, sizeof(block));
	digest_sha256_update(&digest, data, length);
	digest_sha256_final(&digest, ret_out);
	OPENSSL_cleanse(block, sizeof(block));
	OPENSSL_cleanse(&digest, sizeof(digest));
}

void
digest_hmac_sha256(const void *key, size_t key_length, const void *data,
    size_t length, uint8_t ret_out[DIGEST_SHA256_BYTES])
{
	uint8_t block[DIGEST_SHA256_BLOCK_BYTES] = {0};
	uint8_t inner[DIGEST_SHA256_BYTES];

	if (key_length > sizeof(block))
		digest_sha256_of(key, key_length, block);
	else if (key_length > 0)
		memcpy(block, key, key_length);
	hmac_pass(block, 0x36, data, length, inner);
	hmac_pass(block, 0x5c, inner, sizeof(inner), ret_out);
	OPENSSL_cleanse(block, sizeof(block));
}
