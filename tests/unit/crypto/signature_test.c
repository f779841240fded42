/*
 * Known answers from RFC 8032 section 7.1 (Ed25519) and RFC 7693 appendix A
 * (BLAKE2b-512); every flip of a bit of what is signed, of its signature and
 * of a key is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto/signature_fixture.h"

/* Seed, public key, message and signature of TEST 1, 2 and 3. */
static const struct {
	const char *seed, *public, *message, *raw;
} vectors[] = {
    {"9d61b19deffd5a60ba844af492ec2cc4"
     "4449c5697b326919703bac031cae7f60",
	"d75a980182b10ab7d54bfed3c964073a"
	"0ee172f3daa62325af021a68f707511a",
	"",
	"e5564300c360ac729086e2cc806e828a"
	"84877f1eb8e5d974d873e06522490155"
	"5fb8821590a33bacc61e39701cf9b46b"
	"d25bf5f0595bbe24655141438e7a100b"},
    {"4ccd089b28ff96da9db6c346ec114e0f"
     "5b8a319f35aba624da8cf6ed4fb8a6fb",
	"3d4017c3e843895a92b70aa74d1b7ebc"
	"9c982ccf2ec4968cc0cd55f12af4660c",
	"72",
	"92a009a9f0d4cab8720e820b5f642540"
	"a2b27b5416503f8fb3762223ebdb69da"
	"085ac1e43e15996e458f3613d0f11d8c"
	"387b2eaeb4302aeeb00d291612bb0c00"},
    {"c5aa8df43f9f837bedb7442f31dcb7b1"
     "66d38535076f094b85ce3a2e0b4458f7",
	"fc51cd8e6218a1a38da47ed00230f058"
	"0816ed13ba3303ac5deb911548908025",
	"af82",
	"6291d657deec24024827e69c3abe01a3"
	"0ce548a284743a445e3680d7db5ac3ac"
	"18ff9b538d16f290ae67f760984dc659"
	"4a7c15e9716ed28dc027beceea1ec40a"},
};

static void
raw_known_answers(void **state)
{

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		size_t length = strlen(vectors[i].message) / 2;
		struct signature_secret secret;
		struct signature_public public;
		uint8_t raw[64], expected[64], data[2];

		assert_int_equal(
		    bytes_parse_hex(vectors[i].seed, secret.key, 32), 0);
		assert_int_equal(
		    bytes_parse_hex(vectors[i].public, secret.key + 32, 32), 0);
		assert_int_equal(
		    bytes_parse_hex(vectors[i].message, data, length), 0);
		assert_int_equal(
		    bytes_parse_hex(vectors[i].raw, expected, 64), 0);
		memset(secret.key_id, 0, sizeof(secret.key_id));
		signature_sign_raw(&secret, data, length, raw);
		assert_memory_equal(raw, expected, 64);
		signature_public_of(&secret, &public);
		assert_true(signature_verify_raw(&public, data, length, raw));
		for (size_t bit = 0; bit < 8 * sizeof(raw); bit++) {
			raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
			assert_false(
			    signature_verify_raw(&public, data, length, raw));
			raw[bit / 8] ^= (uint8_t)(1u << (bit % 8));
		}
	}
}

static void
prehash_known_answer(void **state)
{
	uint8_t out[64], expected[64];

	(void)state;
	prehash_of("abc", 3, out);
	assert_int_equal(bytes_parse_hex("ba80a53f981c4d0d6a2797b69f12f6e9"
					 "4c212f14685ac4b74b12bb6fdbffa2d1"
					 "7d87c5392aab792dc252d5de4533cc95"
					 "18d38aa8dbf1925ab92386edd4009923",
			     expected, 64),
	    0);
	assert_memory_equal(out, expected, 64);
}

static void
ours_holds_and_tells_what_it_said(void **state)
{
	struct fixture f = make_fixture("hikae manifest x", "複製の署名");
	const char *text = (const char *)f.file.data;
	struct signature_public keys[3];
	struct signature_keys trusted = {keys, 3}, nobody = {NULL, 0};
	struct signature_secret other;
	struct signature_seen seen;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		signature_generate(&other);
		signature_public_of(&other, &keys[i]);
	}
	assert_int_equal(signature_verify(&trusted, f.prehash, text,
			     f.file.length, &seen, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	keys[2] = f.public;
	assert_int_equal(signature_verify(&trusted, f.prehash, text,
			     f.file.length, &seen, &err),
	    0);
	assert_string_equal(seen.trusted_comment, "hikae manifest x");
	assert_memory_equal(seen.key_id, f.public.key_id, 8);
	assert_int_equal(signature_verify(&nobody, f.prehash, text,
			     f.file.length, &seen, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* The right id with another key is no unknown key but a forgery. */
	memcpy(keys[0].key_id, f.public.key_id, 8);
	assert_int_equal(signature_verify(&trusted, f.prehash, text,
			     f.file.length, &seen, &err),
	    -1);
	assert_int_equal(err.code, ERROR_SIGNATURE);
	bytes_done(&f.file);
}

/* Where the untrusted comment, which may change, begins and ends. */
static bool
is_untrusted(const struct fixture *f, size_t at)
{
	const uint8_t *end = memchr(f->file.data, '\n', f->file.length);

	return at >= strlen("untrusted comment: ") &&
	       at < (size_t)(end - f->file.data);
}

static void
every_flip_of_the_file_is_rejected(void **state)
{
	struct fixture f = make_fixture("trusted 記録\tx", "untrusted");

	(void)state;
	assert_int_equal(
	    verify_code(&f, f.file.data, f.file.length), ERROR_NONE);
	for (size_t i = 0; i < f.file.length; i++) {
		for (unsigned bit = 0; bit < 9; bit++) {
			uint8_t was = f.file.data[i];

			f.file.data[i] =
			    (uint8_t)(bit < 8 ? was ^ 1u << bit : 0);
			if (!is_untrusted(&f, i))
				assert_int_not_equal(
				    verify_code(&f, f.file.data, f.file.length),
				    ERROR_NONE);
			f.file.data[i] = was;
		}
	}
	assert_int_equal(
	    verify_code(&f, f.file.data, f.file.length), ERROR_NONE);
	bytes_done(&f.file);
}

static void
every_flip_of_the_message_is_rejected(void **state)
{
	struct fixture f = make_fixture("t", "u");
	struct signature_keys trusted = {&f.public, 1};
	char changed[] = MESSAGE;
	struct signature_message message = {changed, strlen(changed)};
	const char *text = (const char *)f.file.data;
	struct error err = {0};

	(void)state;
	assert_int_equal(signature_verify_message(&trusted, &message, text,
			     f.file.length, NULL, NULL),
	    0);
	for (size_t bit = 0; bit < 8 * message.length; bit++) {
		changed[bit / 8] ^= (char)(1u << (bit % 8));
		assert_int_equal(signature_verify_message(&trusted, &message,
				     text, f.file.length, NULL, &err),
		    -1);
		assert_int_equal(err.code, ERROR_SIGNATURE);
		prehash_of(changed, message.length, f.prehash);
		assert_int_equal(
		    verify_code(&f, text, f.file.length), ERROR_SIGNATURE);
		changed[bit / 8] ^= (char)(1u << (bit % 8));
	}
	bytes_done(&f.file);
}

static void
other_structure_is_refused(void **state)
{
	struct fixture f = make_fixture("t", "u");
	struct bytes text = BYTES_EMPTY;

	(void)state;
	for (size_t length = 0; length < f.file.length; length++)
		assert_int_equal(
		    verify_code(&f, f.file.data, length), ERROR_INPUT);
	for (unsigned byte = 0; byte < 256; byte++) {
		bytes_clear(&text);
		bytes_append(&text, f.file.data, f.file.length);
		bytes_append_u8(&text, (uint8_t)byte);
		assert_int_equal(
		    verify_code(&f, text.data, text.length), ERROR_INPUT);
	}
	bytes_clear(&text);
	for (size_t i = 0; i < f.file.length; i++) {
		if (f.file.data[i] == '\n')
			bytes_append_u8(&text, '\r');
		bytes_append_u8(&text, f.file.data[i]);
	}
	assert_int_equal(verify_code(&f, text.data, text.length), ERROR_INPUT);
	bytes_done(&text);
	bytes_done(&f.file);
}

static void
comments_are_one_clean_line(void **state)
{
	static const char *const bad[] = {"a\nb", "a\r", "\x1b[31m", "\x7f",
	    "\xc2\x85", "\xff", "\xc0\xaf", "\xed\xa0\x80", "\xe3\x81"};
	struct fixture f = make_fixture("", "");
	char longer[SIGNATURE_COMMENT_BYTES + 1];

	(void)state;
	bytes_clear(&f.file);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		assert_int_equal(signature_sign(&f.secret, f.prehash, bad[i],
				     "u", &f.file, NULL),
		    -1);
		assert_int_equal(signature_sign(&f.secret, f.prehash, "t",
				     bad[i], &f.file, NULL),
		    -1);
	}
	memset(longer, 'a', sizeof(longer));
	longer[SIGNATURE_COMMENT_BYTES] = '\0';
	assert_int_equal(
	    signature_sign(&f.secret, f.prehash, longer, "u", &f.file, NULL),
	    -1);
	longer[1000] = '\0';
	assert_int_equal(
	    signature_sign(&f.secret, f.prehash, "t", longer, &f.file, NULL),
	    -1);
	assert_int_equal(f.file.length, 0);
	bytes_done(&f.file);
}

/* Nothing in a secret key file can change and leave the same key. */
static void
flips_of_a_secret_key_are_found(void **state)
{
	struct bytes file = BYTES_EMPTY;
	struct signature_secret secret, read;
	size_t comment = strlen("untrusted comment: minisign secret key");

	(void)state;
	signature_generate(&secret);
	assert_int_equal(
	    signature_secret_encode(&secret, NULL, 0, &file, NULL), 0);
	for (size_t i = 0; i < file.length; i++) {
		if (i >= strlen("untrusted comment: ") && i < comment)
			continue;
		for (unsigned bit = 0; bit < 8; bit++) {
			file.data[i] ^= (uint8_t)(1u << bit);
			/* Salt and cost mean nothing to a key in clear. */
			if (signature_secret_decode((char *)file.data,
				file.length, NULL, 0, &read, NULL) == 0) {
				assert_true(i > comment + 8 &&
					    i < comment + 1 + 54 * 4 / 3);
				assert_memory_equal(
				    &read, &secret, sizeof(read));
			}
			file.data[i] ^= (uint8_t)(1u << bit);
		}
	}
	for (size_t length = 0; length < file.length; length++)
		assert_int_equal(signature_secret_decode((char *)file.data,
				     length, NULL, 0, &read, NULL),
		    -1);
	bytes_append_u8(&file, '\n');
	assert_int_equal(signature_secret_decode((char *)file.data, file.length,
			     NULL, 0, &read, NULL),
	    -1);
	bytes_done(&file);
}

static void
public_keys_as_file_and_bare(void **state)
{
	struct fixture f = make_fixture("t", "u");
	struct bytes file = BYTES_EMPTY;
	struct signature_public read;
	const char *bare = NULL;
	char id[SIGNATURE_KEY_ID_TEXT_BYTES];
	struct error err = {0};

	(void)state;
	signature_public_encode(&f.public, &file);
	bare = (char *)memchr(file.data, '\n', file.length) + 1;
	for (size_t length = 56; length <= 57; length++) {
		memset(&read, 0, sizeof(read));
		assert_int_equal(
		    signature_public_decode(bare, length, &read, &err), 0);
		assert_memory_equal(&read, &f.public, sizeof(read));
	}
	assert_int_equal(signature_public_decode(bare, 55, &read, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	assert_int_equal(signature_public_decode(
			     (char *)file.data, file.length - 1, &read, &err),
	    -1);
	signature_key_id_text(f.public.key_id, id);
	assert_non_null(memmem(file.data, file.length, id, strlen(id)));
	file.data[file.length - 57] = 'S';
	assert_int_equal(signature_public_decode(
			     (char *)file.data, file.length, &read, &err),
	    -1);
	bytes_done(&file);
	bytes_done(&f.file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(raw_known_answers),
	    cmocka_unit_test(prehash_known_answer),
	    cmocka_unit_test(ours_holds_and_tells_what_it_said),
	    cmocka_unit_test(every_flip_of_the_file_is_rejected),
	    cmocka_unit_test(every_flip_of_the_message_is_rejected),
	    cmocka_unit_test(other_structure_is_refused),
	    cmocka_unit_test(comments_are_one_clean_line),
	    cmocka_unit_test(flips_of_a_secret_key_are_found),
	    cmocka_unit_test(public_keys_as_file_and_bare),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
