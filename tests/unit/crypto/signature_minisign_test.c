/*
 * minisign's own program reads our files and writes files that we read.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "tests/unit/crypto/minisign_program.h"
#include "tests/unit/crypto/signature_fixture.h"

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
		write_file("m", MESSAGE, strlen(MESSAGE));
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

/* Let minisign make a key pair in clear. */
static void
make_their_key(struct signature_public *ret_public)
{
	assert_int_equal(
	    run_minisign("", 0, "-G -f -W -p their.pub -s their.key"), 0);
	read_public("their.pub", ret_public);
}

static void
we_verify_minisigns(void **state)
{
	struct signature_public public;
	struct signature_keys trusted = {&public, 1};
	struct signature_message message = {MESSAGE, strlen(MESSAGE)};
	struct signature_seen seen;
	uint8_t prehash[64];
	char text[4096];
	size_t length = 0;

	(void)state;
	make_their_key(&public);
	write_file("m", MESSAGE, strlen(MESSAGE));
	prehash_of(MESSAGE, strlen(MESSAGE), prehash);
	assert_int_equal(run_minisign("", 0, "-S -s their.key -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(
	    signature_verify(&trusted, prehash, text, length, &seen, NULL), 0);
	assert_non_null(strstr(seen.trusted_comment, "\tfile:m\thashed"));
	assert_int_equal(signature_verify_message(
			     &trusted, &message, text, length, NULL, NULL),
	    0);
}

/* The older kind holds over the message, and only there. */
static void
we_verify_minisigns_older_kind(void **state)
{
	struct signature_public public;
	struct signature_keys trusted = {&public, 1};
	struct signature_message message = {MESSAGE, strlen(MESSAGE)};
	struct signature_seen seen;
	struct error err = {0};
	uint8_t prehash[64];
	char text[4096];
	size_t length = 0;

	(void)state;
	make_their_key(&public);
	write_file("m", MESSAGE, strlen(MESSAGE));
	prehash_of(MESSAGE, strlen(MESSAGE), prehash);
	assert_int_equal(
	    run_minisign("", 0, "-S -l -s their.key -t 古い -m m"), 0);
	length = read_file("m.minisig", text);
	assert_int_equal(signature_verify_message(
			     &trusted, &message, text, length, &seen, &err),
	    0);
	assert_string_equal(seen.trusted_comment, "古い");
	assert_int_equal(
	    signature_verify(&trusted, prehash, text, length, NULL, &err), -1);
	assert_int_equal(err.code, ERROR_INPUT);
	message.length--;
	assert_int_equal(signature_verify_message(
			     &trusted, &message, text, length, NULL, &err),
	    -1);
	assert_int_equal(err.code, ERROR_SIGNATURE);
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
	make_their_key(&public);
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
	write_file("m", MESSAGE, strlen(MESSAGE));
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

/* Where minisign left the checksum out, the key's halves are compared. */
static void
flips_of_a_key_without_checksum_are_found(void **state)
{
	struct signature_secret secret;
	struct signature_public public;
	struct bytes raw = BYTES_EMPTY, file = BYTES_EMPTY;
	struct error err = {0};
	char text[4096];
	const char *line = NULL;

	(void)state;
	make_their_key(&public);
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

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(minisign_verifies_ours),
	    cmocka_unit_test(we_verify_minisigns),
	    cmocka_unit_test(we_verify_minisigns_older_kind),
	    cmocka_unit_test(keys_in_clear_go_both_ways),
	    cmocka_unit_test(flips_of_a_key_without_checksum_are_found),
	};

	return cmocka_run_group_tests(tests, enter_scratch, leave_scratch);
}
