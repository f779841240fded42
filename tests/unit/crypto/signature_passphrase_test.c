/*
 * Encrypted secret keys, against minisign's own program.  scrypt at full cost
 * takes seconds and 1 GiB.  So minisign is made to lower its cost, which it
 * does where memory is short, and what hikae asks of scrypt is looked at and
 * then lowered on its way to libsodium (WRAP in module.mk).
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/signature.h"
#include "tests/unit/crypto/minisign_program.h"

#define SMALL_MEMORY_BYTES 120000000

/* Where the cost of scrypt stands in the second line, decoded. */
#define OPERATIONS_AT 38
#define MEMORY_AT 46

/* minisign's cost, and the one that the tests use in its place. */
#define FULL_OPERATIONS (UINT64_C(1) << 25)
#define FULL_MEMORY_BYTES (UINT64_C(1) << 30)
#define LOW_OPERATIONS (UINT64_C(1) << 19)
#define LOW_MEMORY_BYTES (UINT64_C(1) << 24)

static bool memory_is_short;

int __real_crypto_pwhash_scryptsalsa208sha256(uint8_t *out,
    unsigned long long out_length, const char *passphrase,
    unsigned long long passphrase_length, const uint8_t *salt,
    unsigned long long operations, size_t memory_bytes);
int __wrap_crypto_pwhash_scryptsalsa208sha256(uint8_t *out,
    unsigned long long out_length, const char *passphrase,
    unsigned long long passphrase_length, const uint8_t *salt,
    unsigned long long operations, size_t memory_bytes);

int
__wrap_crypto_pwhash_scryptsalsa208sha256(uint8_t *out,
    unsigned long long out_length, const char *passphrase,
    unsigned long long passphrase_length, const uint8_t *salt,
    unsigned long long operations, size_t memory_bytes)
{
	if (memory_is_short)
		return -1;
	if (operations == FULL_OPERATIONS &&
	    memory_bytes == FULL_MEMORY_BYTES) {
		operations = LOW_OPERATIONS;
		memory_bytes = LOW_MEMORY_BYTES;
	}
	return __real_crypto_pwhash_scryptsalsa208sha256(out, out_length,
	    passphrase, passphrase_length, salt, operations, memory_bytes);
}

static char theirs[4096];
static size_t theirs_length;

static int
start(void **state)
{
	if (enter_scratch(state) != 0)
		return -1;
	assert_int_equal(
	    run_minisign("合言葉 1\n合言葉 1\n", SMALL_MEMORY_BYTES,
		"-G -f -p their.pub -s their.key"),
	    0);
	theirs_length = read_file("their.key", theirs);
	return 0;
}

/* The code of the error that decoding gives. */
static enum error_code
decode_code(const char *text, size_t length, const char *passphrase,
    struct signature_secret *ret_secret)
{
	struct error err = {0};
	int rc = signature_secret_decode(text, length, passphrase,
	    passphrase != NULL ? strlen(passphrase) : 0, ret_secret, &err);

	assert_int_equal(rc, err.code == ERROR_NONE ? 0 : -1);
	return err.code;
}

static void
theirs_is_read(void **state)
{
	struct signature_secret secret;
	struct signature_public public, of_secret;
	char text[4096];
	size_t length = read_file("their.pub", text);

	(void)state;
	assert_int_equal(
	    signature_public_decode(text, length, &public, NULL), 0);
	assert_true(signature_secret_is_encrypted(theirs, theirs_length));
	assert_int_equal(
	    decode_code(theirs, theirs_length, "合言葉 1", &secret),
	    ERROR_NONE);
	signature_public_of(&secret, &of_secret);
	assert_memory_equal(&of_secret, &public, sizeof(public));
}

static void
wrong_passphrase_is_told(void **state)
{
	struct signature_secret secret = {{0}, {0}}, untouched = secret;

	(void)state;
	assert_int_equal(
	    decode_code(theirs, theirs_length, "合言葉 2", &secret),
	    ERROR_SIGNATURE);
	assert_int_equal(
	    decode_code(theirs, theirs_length, "", &secret), ERROR_SIGNATURE);
	assert_int_equal(
	    decode_code(theirs, theirs_length, NULL, &secret), ERROR_DENIED);
	assert_memory_equal(&secret, &untouched, sizeof(secret));
}

/*
 * A secret key file with one of its 64-bit little-endian numbers replaced; the
 * one that stood there is returned.
 */
static uint64_t
with_number(const char *file, size_t at, uint64_t number, struct bytes *out)
{
	const char *line = strchr(file, '\n') + 1;
	struct bytes raw = BYTES_EMPTY;
	uint64_t was = 0;

	assert_int_equal(bytes_parse_base64(line, strlen(line) - 1, &raw), 0);
	for (size_t i = 0; i < 8; i++) {
		was |= (uint64_t)raw.data[at + i] << (8 * i);
		raw.data[at + i] = (uint8_t)(number >> (8 * i));
	}
	bytes_clear(out);
	bytes_append(out, file, (size_t)(line - file));
	bytes_append_base64(out, raw.data, raw.length);
	bytes_append(out, "\n", 2);
	out->length--; /* the NUL stays behind it */
	bytes_done(&raw);
	return was;
}

static void
absurd_cost_is_refused(void **state)
{
	static const struct {
		size_t at;
		uint64_t number;
	} bad[] = {{MEMORY_AT, (UINT64_C(1) << 30) + 1}, {MEMORY_AT, 0},
	    {MEMORY_AT, UINT64_MAX}, {OPERATIONS_AT, (1 << 25) + 1},
	    {OPERATIONS_AT, 0}, {OPERATIONS_AT, UINT64_MAX}};
	struct bytes file = BYTES_EMPTY;
	struct signature_secret secret;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		with_number(theirs, bad[i].at, bad[i].number, &file);
		assert_int_equal(decode_code((char *)file.data, file.length,
				     "合言葉 1", &secret),
		    ERROR_LIMIT);
	}
	/* Another cost is another key: it reads as a wrong passphrase. */
	with_number(theirs, MEMORY_AT, UINT64_C(1) << 25, &file);
	assert_int_equal(
	    decode_code((char *)file.data, file.length, "合言葉 1", &secret),
	    ERROR_SIGNATURE);
	bytes_done(&file);
}

/*
 * Ours states minisign's cost; as the key was made at a low one here, the file
 * is made to say so before it is read.
 */
static void
ours_is_used_by_minisign(void **state)
{
	struct signature_secret secret, again;
	struct signature_public public;
	struct bytes file = BYTES_EMPTY, low = BYTES_EMPTY;
	char text[4096];
	size_t length = 0;

	(void)state;
	signature_generate(&secret);
	signature_public_of(&secret, &public);
	assert_int_equal(signature_secret_encode(&secret, "opensesame",
			     strlen("opensesame"), &file, NULL),
	    0);
	assert_true(
	    signature_secret_is_encrypted((char *)file.data, file.length));
	assert_int_equal(
	    decode_code((char *)file.data, file.length, "opensesame", &again),
	    ERROR_NONE);
	assert_memory_equal(&again, &secret, sizeof(secret));
	bytes_append_u8(&file, '\0');
	assert_true(with_number((char *)file.data, OPERATIONS_AT,
			LOW_OPERATIONS, &low) == FULL_OPERATIONS);
	bytes_clear(&file);
	assert_true(with_number((char *)low.data, MEMORY_AT, LOW_MEMORY_BYTES,
			&file) == FULL_MEMORY_BYTES);
	write_file("our.key", file.data, file.length);
	write_file("m", "message", 7);
	assert_int_not_equal(
	    run_minisign("opensesamf\n", 0, "-S -s our.key -m m"), 0);
	assert_int_equal(
	    run_minisign("opensesame\n", 0, "-S -s our.key -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(
	    signature_verify_message(&(struct signature_keys){&public, 1},
		&(struct signature_message){"message", 7}, text, length, NULL,
		NULL),
	    0);
	bytes_done(&file);
	bytes_done(&low);
}

static void
short_memory_is_told(void **state)
{
	struct signature_secret secret;
	struct bytes file = BYTES_EMPTY;
	struct error err = {0};

	(void)state;
	signature_generate(&secret);
	memory_is_short = true;
	assert_int_equal(
	    signature_secret_encode(&secret, "p", 1, &file, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
	assert_int_equal(file.length, 0);
	assert_int_equal(
	    decode_code(theirs, theirs_length, "p", &secret), ERROR_LIMIT);
	memory_is_short = false;
	bytes_done(&file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(theirs_is_read),
	    cmocka_unit_test(wrong_passphrase_is_told),
	    cmocka_unit_test(absurd_cost_is_refused),
	    cmocka_unit_test(ours_is_used_by_minisign),
	    cmocka_unit_test(short_memory_is_told),
	};

	return cmocka_run_group_tests(tests, start, leave_scratch);
}
