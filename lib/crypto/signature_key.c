/* Key files of minisign; declared in signature.h. */
#include <assert.h>
#include <string.h>

#include <sodium.h>

#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"
#include "lib/crypto/signature_text.h"

#define CHECKSUM_BYTES 32
#define SALT_BYTES 32

/* minisign's cost of scrypt: time and memory (RFC 7914: N 2^20, r 8, p 1). */
#define SCRYPT_OPERATIONS crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_SENSITIVE
#define SCRYPT_MEMORY_BYTES \
	crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_SENSITIVE

static_assert(SALT_BYTES == crypto_pwhash_scryptsalsa208sha256_SALTBYTES &&
		  CHECKSUM_BYTES == crypto_generichash_BYTES &&
		  SIGNATURE_SECRET_BYTES == crypto_sign_SECRETKEYBYTES,
    "libsodium's sizes");

static const uint8_t algorithm[2] = {'E', 'd'};
static const uint8_t checksum_algorithm[2] = {'B', '2'};
static const uint8_t kdf_scrypt[2] = {'S', 'c'};
static const uint8_t kdf_none[2] = {0, 0};

/* The second line of a public key file, in base64 there. */
struct public_line {
	uint8_t algorithm[2];
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	uint8_t key[SIGNATURE_PUBLIC_BYTES];
};
static_assert(sizeof(struct public_line) == 42, "no padding");

/* What a passphrase hides: XORed with what scrypt makes of it. */
struct secret_part {
	uint8_t key_id[SIGNATURE_KEY_ID_BYTES];
	uint8_t key[SIGNATURE_SECRET_BYTES];
	uint8_t checksum[CHECKSUM_BYTES];
};

/* The second line of a secret key file, in base64 there. */
struct secret_line {
	uint8_t algorithm[2];
	uint8_t kdf[2];
	uint8_t checksum_algorithm[2];
	uint8_t salt[SALT_BYTES];
	uint8_t operations[8]; /* little-endian, as the next */
	uint8_t memory_bytes[8];
	struct secret_part secret;
};
static_assert(sizeof(struct secret_line) == 158, "no padding");

static void
encode_le64(uint8_t out[8], uint64_t value)
{
	for (size_t i = 0; i < 8; i++)
		out[i] = (uint8_t)(value >> (8 * i));
}

static uint64_t
decode_le64(const uint8_t in[8])
{
	uint64_t value = 0;

	for (size_t i = 0; i < 8; i++)
		value |= (uint64_t)in[i] << (8 * i);
	return value;
}

void
signature_generate(struct signature_secret *ret_secret)
{
	uint8_t public[SIGNATURE_PUBLIC_BYTES];
	int rc = sodium_init();

	assert(rc >= 0);
	rc = crypto_sign_keypair(public, ret_secret->key);
	assert(rc == 0);
	(void)rc;
	bytes_random(ret_secret->key_id, sizeof(ret_secret->key_id));
}

void
signature_public_of(
    const struct signature_secret *secret, struct signature_public *ret_public)
{
	memcpy(ret_public->key_id, secret->key_id, sizeof(secret->key_id));
	memcpy(ret_public->key,
	    secret->key + SIGNATURE_SECRET_BYTES - SIGNATURE_PUBLIC_BYTES,
	    SIGNATURE_PUBLIC_BYTES);
}

void
signature_key_id_text(const uint8_t key_id[SIGNATURE_KEY_ID_BYTES],
    char ret_text[SIGNATURE_KEY_ID_TEXT_BYTES])
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < SIGNATURE_KEY_ID_BYTES; i++) {
		uint8_t byte = key_id[SIGNATURE_KEY_ID_BYTES - 1 - i];

		ret_text[2 * i] = digits[byte >> 4];
		ret_text[2 * i + 1] = digits[byte & 15];
	}
	ret_text[SIGNATURE_KEY_ID_TEXT_BYTES - 1] = '\0';
}

void
signature_public_encode(
    const struct signature_public *public, struct bytes *out)
{
	char id[SIGNATURE_KEY_ID_TEXT_BYTES];
	struct public_line line;

	memcpy(line.algorithm, algorithm, sizeof(line.algorithm));
	memcpy(line.key_id, public->key_id, sizeof(line.key_id));
	memcpy(line.key, public->key, sizeof(line.key));
	signature_key_id_text(public->key_id, id);
	bytes_append_format(
	    out, SIGNATURE_TEXT_UNTRUSTED "minisign public key %s\n", id);
	signature_text_append_base64(out, &line, sizeof(line));
}

/* The bare key of a public key file: 56 digits, perhaps a line feed. */
static int
take_bare_public(const char *text, size_t length, struct public_line *ret_line)
{
	char bare[57];
	struct signature_text rest = {bare, sizeof(bare)};

	if (length == 57 && text[56] == '\n')
		length--;
	if (length != 56)
		return -1;
	memcpy(bare, text, 56);
	bare[56] = '\n';
	return signature_text_take_base64(&rest, ret_line, sizeof(*ret_line));
}

static int
take_public_file(const char *text, size_t length, struct public_line *ret_line)
{
	struct signature_text rest = {text, length};
	const char *comment = NULL;
	size_t comment_length = 0;

	if (length > SIGNATURE_FILE_BYTES_MAX ||
	    signature_text_take_comment(&rest, SIGNATURE_TEXT_UNTRUSTED,
		SIGNATURE_TEXT_UNTRUSTED_MAX, &comment, &comment_length) != 0 ||
	    signature_text_take_base64(&rest, ret_line, sizeof(*ret_line)) !=
		0 ||
	    rest.length != 0)
		return -1;
	return 0;
}

int
signature_public_decode(const char *text, size_t length,
    struct signature_public *ret_public, struct error *err)
{
	struct public_line line;

	if ((take_bare_public(text, length, &line) != 0 &&
		take_public_file(text, length, &line) != 0) ||
	    memcmp(line.algorithm, algorithm, sizeof(algorithm)) != 0)
		return error_set(
		    err, ERROR_INPUT, _("this is not a minisign public key"));
	memcpy(ret_public->key_id, line.key_id, sizeof(line.key_id));
	memcpy(ret_public->key, line.key, sizeof(line.key));
	return 0;
}

/* BLAKE2b-256 of algorithm, key id and key. */
static void
make_checksum(
    const struct secret_part *secret, uint8_t ret_checksum[CHECKSUM_BYTES])
{
	crypto_generichash_state state;

	crypto_generichash_init(&state, NULL, 0, CHECKSUM_BYTES);
	crypto_generichash_update(&state, algorithm, sizeof(algorithm));
	crypto_generichash_update(
	    &state, secret->key_id, sizeof(secret->key_id));
	crypto_generichash_update(&state, secret->key, sizeof(secret->key));
	crypto_generichash_final(&state, ret_checksum, CHECKSUM_BYTES);
	sodium_memzero(&state, sizeof(state));
}

/* Hide or reveal the secret part, with the cost that the line states. */
static int
apply_passphrase(struct secret_line *line, const char *passphrase,
    size_t passphrase_length, struct error *err)
{
	uint8_t stream[sizeof(struct secret_part)];
	uint8_t secret[sizeof(struct secret_part)];
	int rc = -1;

	if (crypto_pwhash_scryptsalsa208sha256(stream, sizeof(stream),
		passphrase, passphrase_length, line->salt,
		decode_le64(line->operations),
		(size_t)decode_le64(line->memory_bytes)) != 0) {
		error_set(err, ERROR_LIMIT,
		    _("not enough memory to make a key of the passphrase "
		      "(1 GiB is needed)"));
		goto out;
	}
	memcpy(secret, &line->secret, sizeof(secret));
	for (size_t i = 0; i < sizeof(secret); i++)
		secret[i] ^= stream[i];
	memcpy(&line->secret, secret, sizeof(secret));
	rc = 0;
out:
	sodium_memzero(stream, sizeof(stream));
	sodium_memzero(secret, sizeof(secret));
	return rc;
}

int
signature_secret_encode(const struct signature_secret *secret,
    const char *passphrase, size_t passphrase_length, struct bytes *out,
    struct error *err)
{
	struct secret_line line = {0};
	int rc = -1;

	memcpy(line.algorithm, algorithm, sizeof(algorithm));
	memcpy(line.checksum_algorithm, checksum_algorithm,
	    sizeof(checksum_algorithm));
	memcpy(line.secret.key_id, secret->key_id, sizeof(secret->key_id));
	memcpy(line.secret.key, secret->key, sizeof(secret->key));
	make_checksum(&line.secret, line.secret.checksum);
	if (passphrase != NULL) {
		memcpy(line.kdf, kdf_scrypt, sizeof(kdf_scrypt));
		bytes_random(line.salt, sizeof(line.salt));
		encode_le64(line.operations, SCRYPT_OPERATIONS);
		encode_le64(line.memory_bytes, SCRYPT_MEMORY_BYTES);
		if (apply_passphrase(
			&line, passphrase, passphrase_length, err) != 0)
			goto out;
	}
	bytes_append_text(out, passphrase != NULL ? SIGNATURE_TEXT_UNTRUSTED
				   "minisign encrypted secret key\n"
						  : SIGNATURE_TEXT_UNTRUSTED
				   "minisign secret key\n");
	signature_text_append_base64(out, &line, sizeof(line));
	rc = bytes_check(out, err);
out:
	sodium_memzero(&line, sizeof(line));
	return rc;
}

/* The secret line of a file, its algorithms known; nothing revealed yet. */
static int
take_secret_file(const char *text, size_t length, struct secret_line *ret_line)
{
	struct signature_text rest = {text, length};
	const char *comment = NULL;
	size_t comment_length = 0;

	if (length > SIGNATURE_FILE_BYTES_MAX ||
	    signature_text_take_comment(&rest, SIGNATURE_TEXT_UNTRUSTED,
		SIGNATURE_TEXT_UNTRUSTED_MAX, &comment, &comment_length) != 0 ||
	    signature_text_take_base64(&rest, ret_line, sizeof(*ret_line)) !=
		0 ||
	    rest.length != 0)
		return -1;
	if (memcmp(ret_line->algorithm, algorithm, 2) != 0 ||
	    memcmp(ret_line->checksum_algorithm, checksum_algorithm, 2) != 0 ||
	    (memcmp(ret_line->kdf, kdf_scrypt, 2) != 0 &&
		memcmp(ret_line->kdf, kdf_none, 2) != 0))
		return -1;
	return 0;
}

bool
signature_secret_is_encrypted(const char *text, size_t length)
{
	struct secret_line line = {0};
	bool encrypted = take_secret_file(text, length, &line) == 0 &&
			 memcmp(line.kdf, kdf_scrypt, 2) == 0;

	sodium_memzero(&line, sizeof(line));
	return encrypted;
}

/*
 * Reveal an encrypted secret part.  The cost comes from the file, so it is
 * bounded first: below the least values libsodium would go by its own.
 */
static int
reveal(struct secret_line *line, const char *passphrase,
    size_t passphrase_length, struct error *err)
{
	uint64_t operations = decode_le64(line->operations);
	uint64_t memory = decode_le64(line->memory_bytes);

	if (passphrase == NULL)
		return error_set(err, ERROR_DENIED,
		    _("the secret key is encrypted: its passphrase is "
		      "needed"));
	if (operations > SCRYPT_OPERATIONS || memory > SCRYPT_MEMORY_BYTES)
		return error_set(err, ERROR_LIMIT,
		    _("the secret key file asks for more work or memory than "
		      "minisign does"));
	if (operations < crypto_pwhash_scryptsalsa208sha256_OPSLIMIT_MIN ||
	    memory < crypto_pwhash_scryptsalsa208sha256_MEMLIMIT_MIN)
		return error_set(err, ERROR_LIMIT,
		    _("the secret key file asks for less work or memory than "
		      "is safe"));
	return apply_passphrase(line, passphrase, passphrase_length, err);
}

/* Whether the public half is the one of the seed (RFC 8032 section 5.1.5). */
static bool
halves_belong_together(const uint8_t key[SIGNATURE_SECRET_BYTES])
{
	uint8_t seed[crypto_sign_SEEDBYTES], whole[SIGNATURE_SECRET_BYTES];
	uint8_t public[SIGNATURE_PUBLIC_BYTES];
	bool same = false;

	memcpy(seed, key, sizeof(seed));
	crypto_sign_seed_keypair(public, whole, seed);
	same = sodium_memcmp(whole, key, sizeof(whole)) == 0;
	sodium_memzero(seed, sizeof(seed));
	sodium_memzero(whole, sizeof(whole));
	return same;
}

static int
check_secret(
    const struct secret_part *secret, bool encrypted, struct error *err)
{
	uint8_t checksum[CHECKSUM_BYTES];

	if (encrypted ||
	    !sodium_is_zero(secret->checksum, sizeof(secret->checksum))) {
		make_checksum(secret, checksum);
		if (sodium_memcmp(
			checksum, secret->checksum, sizeof(checksum)) != 0)
			return error_set(err, ERROR_SIGNATURE, "%s",
			    encrypted ? _("the passphrase is wrong, or the "
					  "secret key file is damaged")
				      : _("the secret key file is damaged: "
					  "its checksum does not hold"));
	}
	if (!halves_belong_together(secret->key))
		return error_set(err, ERROR_SIGNATURE,
		    _("the secret key file is damaged: its two halves do not "
		      "belong together"));
	return 0;
}

int
signature_secret_decode(const char *text, size_t length, const char *passphrase,
    size_t passphrase_length, struct signature_secret *ret_secret,
    struct error *err)
{
	struct secret_line line = {0};
	bool encrypted = false;
	int rc = -1;

	if (sodium_init() < 0 || take_secret_file(text, length, &line) != 0) {
		error_set(
		    err, ERROR_INPUT, _("this is not a minisign secret key"));
		goto out;
	}
	encrypted = memcmp(line.kdf, kdf_scrypt, 2) == 0;
	if (encrypted && reveal(&line, passphrase, passphrase_length, err) != 0)
		goto out;
	if (check_secret(&line.secret, encrypted, err) != 0)
		goto out;
	memcpy(
	    ret_secret->key_id, line.secret.key_id, sizeof(ret_secret->key_id));
	memcpy(ret_secret->key, line.secret.key, sizeof(ret_secret->key));
	rc = 0;
out:
	sodium_memzero(&line, sizeof(line));
	return rc;
}
