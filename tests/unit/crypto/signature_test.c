/*
 * Known answers from RFC 8032 section 7.1 (Ed25519) and RFC 7693 appendix A
 * (BLAKE2b-512); minisign's own program reads our files and writes files that
 * we read; every flip of a bit is rejected.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/signature.h"
#include "tests/unit/crypto/minisign_program.h"

static const char message[] = "what was backed up\n";

/* A key pair and our signature of `message` by it. */
struct fixture {
	struct signature_secret secret;
	struct signature_public public;
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct bytes file;
};

static void
prehash_of(const void *data, size_t length, uint8_t *ret_out)
{
	struct signature_prehash prehash;

	signature_prehash_init(&prehash);
	signature_prehash_update(&prehash, data, length / 2);
	signature_prehash_update(
	    &prehash, (const uint8_t *)data + length / 2, length - length / 2);
	signature_prehash_final(&prehash, ret_out);
}

static struct fixture
make_fixture(const char *trusted, const char *untrusted)
{
	struct fixture f = {.file = BYTES_EMPTY};

	signature_generate(&f.secret);
	signature_public_of(&f.secret, &f.public);
	prehash_of(message, strlen(message), f.prehash);
	assert_int_equal(signature_sign(&f.secret, f.prehash, trusted,
			     untrusted, &f.file, NULL),
	    0);
	return f;
}

/* The code of the error that verifying gives; ERROR_NONE where it holds. */
static enum error_code
verify_code(const struct fixture *f, const void *text, size_t length)
{
	struct error err = {0};
	int rc = signature_verify(
	    &f->public, 1, f->prehash, text, length, NULL, &err);

	assert_int_equal(rc, err.code == ERROR_NONE ? 0 : -1);
	return err.code;
}

static void
raw_known_answers(void **state)
{
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
	struct signature_public keys[3];
	struct signature_secret other;
	struct signature_seen seen;
	struct error err = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		signature_generate(&other);
		signature_public_of(&other, &keys[i]);
	}
	assert_int_equal(signature_verify(keys, 3, f.prehash,
			     (char *)f.file.data, f.file.length, &seen, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	keys[2] = f.public;
	assert_int_equal(signature_verify(keys, 3, f.prehash,
			     (char *)f.file.data, f.file.length, &seen, &err),
	    0);
	assert_string_equal(seen.trusted_comment, "hikae manifest x");
	assert_memory_equal(seen.key_id, f.public.key_id, 8);
	assert_int_equal(signature_verify(NULL, 0, f.prehash,
			     (char *)f.file.data, f.file.length, &seen, &err),
	    -1);
	assert_int_equal(err.code, ERROR_NOT_FOUND);
	/* The right id with another key is no unknown key but a forgery. */
	memcpy(keys[0].key_id, f.public.key_id, 8);
	assert_int_equal(signature_verify(keys, 1, f.prehash,
			     (char *)f.file.data, f.file.length, &seen, &err),
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
	char changed[sizeof(message)];
	struct error err = {0};

	(void)state;
	memcpy(changed, message, sizeof(message));
	for (size_t bit = 0; bit < 8 * strlen(message); bit++) {
		changed[bit / 8] ^= (char)(1u << (bit % 8));
		assert_int_equal(signature_verify_message(&f.public, 1, changed,
				     strlen(message), (char *)f.file.data,
				     f.file.length, NULL, &err),
		    -1);
		assert_int_equal(err.code, ERROR_SIGNATURE);
		prehash_of(changed, strlen(message), f.prehash);
		assert_int_equal(verify_code(&f, f.file.data, f.file.length),
		    ERROR_SIGNATURE);
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

/* minisign -V with our public key, as a file and on the command line. */
static void
minisign_verifies_ours(void **state)
{
	static const char *const comments[][2] = {
	    {"hikae manifest ehr@20261121T020000+0900 nas1", "by hikae"},
	    {"控え\t記録簿", ""}, {NULL, NULL}, /* the longest of both */
	};
	char trusted[SIGNATURE_COMMENT_BYTES], untrusted[1000];

	(void)state;
	memset(trusted, 't', sizeof(trusted));
	trusted[sizeof(trusted) - 1] = '\0';
	memset(untrusted, 'u', sizeof(untrusted));
	untrusted[sizeof(untrusted) - 1] = '\0';
	for (size_t i = 0; i < 3; i++) {
		struct fixture f =
		    make_fixture(comments[i][0] ? comments[i][0] : trusted,
			comments[i][1] ? comments[i][1] : untrusted);
		struct bytes public = BYTES_EMPTY;
		char command[256];

		signature_public_encode(&f.public, &public);
		write_file("m", message, strlen(message));
		write_file("m.minisig", f.file.data, f.file.length);
		write_file("our.pub", public.data, public.length);
		assert_int_equal(
		    run_minisign("", 0, "-V -H -p our.pub -m m"), 0);
		bytes_append_u8(&public, '\0');
		snprintf(command, sizeof(command), "-V -m m -P %.56s",
		    strchr((char *)public.data, '\n') + 1);
		assert_int_equal(run_minisign("", 0, command), 0);
		write_file("m", "else", 4);
		assert_int_not_equal(
		    run_minisign("", 0, "-V -p our.pub -m m"), 0);
		bytes_done(&public);
		bytes_done(&f.file);
	}
}

static void
read_public(const char *name, struct signature_public *ret_public)
{
	char text[4096];
	size_t length = read_file(name, text);

	assert_int_equal(
	    signature_public_decode(text, length, ret_public, NULL), 0);
}

static void
we_verify_minisigns(void **state)
{
	struct signature_public public;
	struct signature_seen seen;
	struct error err = {0};
	uint8_t prehash[64];
	char text[4096];
	size_t length = 0;

	(void)state;
	write_file("m", message, strlen(message));
	prehash_of(message, strlen(message), prehash);
	assert_int_equal(
	    run_minisign("", 0, "-G -f -W -p their.pub -s their.key"), 0);
	read_public("their.pub", &public);

	assert_int_equal(run_minisign("", 0, "-S -s their.key -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(
	    signature_verify(&public, 1, prehash, text, length, &seen, &err),
	    0);
	assert_non_null(strstr(seen.trusted_comment, "\tfile:m\thashed"));
	assert_int_equal(signature_verify_message(&public, 1, message,
			     strlen(message), text, length, NULL, &err),
	    0);

	/* The older kind holds over the message, and only there. */
	assert_int_equal(
	    run_minisign("", 0, "-S -l -s their.key -t 古い -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(signature_verify_message(&public, 1, message,
			     strlen(message), text, length, &seen, &err),
	    0);
	assert_string_equal(seen.trusted_comment, "古い");
	assert_int_equal(signature_verify_message(&public, 1, message,
			     strlen(message) - 1, text, length, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERROR_SIGNATURE);
	assert_int_equal(
	    signature_verify(&public, 1, prehash, text, length, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERROR_INPUT);
}

static void
keys_in_clear_go_both_ways(void **state)
{
	struct signature_secret secret, again;
	struct signature_public public, of_secret;
	struct bytes file = BYTES_EMPTY;
	struct fixture f = make_fixture("t", "u");
	char text[4096];
	size_t length = 0;

	(void)state;
	/* Theirs, read by us. */
	assert_int_equal(
	    run_minisign("", 0, "-G -f -W -p their.pub -s their.key"), 0);
	read_public("their.pub", &public);
	length = read_file("their.key", text);
	assert_false(signature_secret_is_encrypted(text, length));
	assert_int_equal(
	    signature_secret_decode(text, length, NULL, 0, &secret, NULL), 0);
	signature_public_of(&secret, &of_secret);
	assert_memory_equal(&of_secret, &public, sizeof(public));

	/* Ours, used by minisign. */
	assert_int_equal(
	    signature_secret_encode(&f.secret, NULL, 0, &file, NULL), 0);
	assert_int_equal(signature_secret_decode((char *)file.data, file.length,
			     "unused", 6, &again, NULL),
	    0);
	assert_memory_equal(&again, &f.secret, sizeof(again));
	write_file("our.key", file.data, file.length);
	write_file("m", message, strlen(message));
	assert_int_equal(run_minisign("", 0, "-S -s our.key -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(verify_code(&f, text, length), ERROR_NONE);
	assert_int_equal(
	    run_minisign("", 0, "-R -f -s our.key -p again.pub"), 0);
	read_public("again.pub", &public);
	assert_memory_equal(&public, &f.public, sizeof(public));
	bytes_done(&file);
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

/* Where minisign left the checksum out, the key's halves are compared. */
static void
flips_of_a_key_without_checksum_are_found(void **state)
{
	struct signature_secret secret;
	struct bytes raw = BYTES_EMPTY, file = BYTES_EMPTY;
	struct error err = {0};
	char text[4096];
	const char *line = NULL;

	(void)state;
	assert_int_equal(
	    run_minisign("", 0, "-G -f -W -p their.pub -s their.key"), 0);
	read_file("their.key", text);
	line = strchr(text, '\n') + 1;
	assert_int_equal(bytes_parse_base64(line, strlen(line) - 1, &raw), 0);
	assert_int_equal(raw.length, 158);
	for (size_t i = 62; i < raw.length; i++) {
		raw.data[i] ^= 1;
		bytes_clear(&file);
		bytes_append(&file, text, (size_t)(line - text));
		bytes_append_base64(&file, raw.data, raw.length);
		bytes_append_u8(&file, '\n');
		assert_int_equal(signature_secret_decode((char *)file.data,
				     file.length, NULL, 0, &secret, &err),
		    -1);
		assert_int_equal(err.code, ERROR_SIGNATURE);
		raw.data[i] ^= 1;
	}
	bytes_done(&raw);
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
	    cmocka_unit_test(minisign_verifies_ours),
	    cmocka_unit_test(we_verify_minisigns),
	    cmocka_unit_test(keys_in_clear_go_both_ways),
	    cmocka_unit_test(flips_of_a_secret_key_are_found),
	    cmocka_unit_test(flips_of_a_key_without_checksum_are_found),
	    cmocka_unit_test(public_keys_as_file_and_bare),
	};

	return cmocka_run_group_tests(tests, enter_scratch, leave_scratch);
}
