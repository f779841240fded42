/*
 * Known answers: the examples of c2sp.org/signed-note and of the Go package
 * golang.org/x/mod/sumdb/note; the body of c2sp.org/tlog-checkpoint's example.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/note.h"

#define NEUMANN_TEXT                                                 \
	"If you think cryptography is the answer to your problem,\n" \
	"then you don't know what your problem is.\n"
#define NEUMANN_LINE                                                         \
	"\xe2\x80\x94 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcE" \
	"lZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
#define NEUMANN_NOTE NEUMANN_TEXT "\n" NEUMANN_LINE

/* Type byte and seed; type byte and public key. */
#define NEUMANN_SECRET "AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
#define NEUMANN_PUBLIC "ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
#define NEUMANN_VERIFIER "PeterNeumann+c74f20a3+" NEUMANN_PUBLIC

#define FOO_PUBLIC "AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define FOO_VERIFIER "example.com/foo+530d903a+" FOO_PUBLIC
#define FOO_NOTE                                                             \
	"This is an example message.\n\n"                                    \
	"\xe2\x80\x94 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXp" \
	"pzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n"

/* 32 bytes of key after the type byte 0x01. */
static void
key_of(const char *base64, uint8_t ret_key[32])
{
	struct bytes raw = BYTES_EMPTY;

	assert_int_equal(bytes_parse_base64(base64, strlen(base64), &raw), 0);
	assert_int_equal(raw.length, 33);
	assert_int_equal(raw.data[0], 0x01);
	memcpy(ret_key, raw.data + 1, 32);
	bytes_done(&raw);
}

static struct signature_secret
neumann_secret(void)
{
	struct signature_secret secret = {{0}, {0}};

	key_of(NEUMANN_SECRET, secret.key);
	key_of(NEUMANN_PUBLIC, secret.key + 32);
	return secret;
}

static struct signature_public
public_of(const char *base64)
{
	struct signature_public public = {{0}, {0}};

	key_of(base64, public.key);
	return public;
}

/* What verifying a note gives; the text's length where it holds. */
static enum error_code
verify_code(const char *note, size_t length, const char *name,
    const struct signature_public *public, size_t *ret_text_length)
{
	struct error err = {0};
	int rc = note_verify(note, length, name, public, ret_text_length, &err);

	assert_int_equal(rc, err.code == ERROR_NONE ? 0 : -1);
	return err.code;
}

static void
signs_as_the_reference_does(void **state)
{
	struct signature_secret secret = neumann_secret();
	struct bytes out = BYTES_EMPTY;

	(void)state;
	assert_int_equal(note_sign(NEUMANN_TEXT, strlen(NEUMANN_TEXT),
			     "PeterNeumann", &secret, &out, NULL),
	    0);
	assert_int_equal(out.length, strlen(NEUMANN_NOTE));
	assert_memory_equal(out.data, NEUMANN_NOTE, out.length);
	bytes_done(&out);
}

static void
verifies_the_references_notes(void **state)
{
	struct signature_public neumann = public_of(NEUMANN_PUBLIC);
	struct signature_public foo = public_of(FOO_PUBLIC);
	size_t text_length = 0;

	(void)state;
	assert_int_equal(verify_code(NEUMANN_NOTE, strlen(NEUMANN_NOTE),
			     "PeterNeumann", &neumann, &text_length),
	    ERROR_NONE);
	assert_int_equal(text_length, strlen(NEUMANN_TEXT));
	assert_int_equal(verify_code(FOO_NOTE, strlen(FOO_NOTE),
			     "example.com/foo", &foo, &text_length),
	    ERROR_NONE);
	assert_int_equal(verify_code(FOO_NOTE, strlen(FOO_NOTE),
			     "example.com/foo", &neumann, &text_length),
	    ERROR_NOT_FOUND);
	assert_int_equal(verify_code(FOO_NOTE, strlen(FOO_NOTE),
			     "example.com/fo", &foo, &text_length),
	    ERROR_NOT_FOUND);
}

static void
verifier_keys_known_answers(void **state)
{
	struct signature_public neumann = public_of(NEUMANN_PUBLIC);
	struct signature_public foo = public_of(FOO_PUBLIC);
	struct bytes out = BYTES_EMPTY;

	(void)state;
	assert_int_equal(
	    note_verifier_key_format("PeterNeumann", &neumann, &out, NULL), 0);
	assert_int_equal(out.length, strlen(NEUMANN_VERIFIER));
	assert_memory_equal(out.data, NEUMANN_VERIFIER, out.length);
	bytes_clear(&out);
	assert_int_equal(
	    note_verifier_key_format("example.com/foo", &foo, &out, NULL), 0);
	assert_memory_equal(out.data, FOO_VERIFIER, out.length);
	bytes_done(&out);
}

/* Lines by other keys do not matter, wherever they stand. */
static void
other_signatures_are_ignored(void **state)
{
	static const char *const others[] = {"\xe2\x80\x94 someone AAAAAAE=\n",
	    "\xe2\x80\x94 PeterNeumann AAAAAAE=\n",
	    "\xe2\x80\x94 \xe6\x8e\xa7\xe3\x81\x88 x08goxI=\n"};
	struct signature_public neumann = public_of(NEUMANN_PUBLIC);
	char note[1024];
	size_t text_length = 0;

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		snprintf(note, sizeof(note), "%s\n%s%s", NEUMANN_TEXT,
		    others[i], NEUMANN_LINE);
		assert_int_equal(verify_code(note, strlen(note), "PeterNeumann",
				     &neumann, &text_length),
		    ERROR_NONE);
		snprintf(note, sizeof(note), "%s\n%s%s", NEUMANN_TEXT,
		    NEUMANN_LINE, others[i]);
		assert_int_equal(verify_code(note, strlen(note), "PeterNeumann",
				     &neumann, &text_length),
		    ERROR_NONE);
		snprintf(note, sizeof(note), "%s\n%s", NEUMANN_TEXT, others[i]);
		assert_int_equal(verify_code(note, strlen(note), "PeterNeumann",
				     &neumann, &text_length),
		    ERROR_NOT_FOUND);
	}
	/* Its key with another signature beside the one that holds. */
	snprintf(note, sizeof(note),
	    "%s\n%s\xe2\x80\x94 PeterNeumann x08goxI=\n", NEUMANN_TEXT,
	    NEUMANN_LINE);
	assert_int_equal(verify_code(note, strlen(note), "PeterNeumann",
			     &neumann, &text_length),
	    ERROR_SIGNATURE);
}

static void
number_of_signatures_is_bounded(void **state)
{
	struct signature_public neumann = public_of(NEUMANN_PUBLIC);
	struct bytes note = BYTES_EMPTY;
	size_t text_length = 0;

	(void)state;
	bytes_append_text(&note, NEUMANN_TEXT "\n");
	for (int i = 1; i < NOTE_SIGNATURES_MAX; i++)
		bytes_append_text(&note, "\xe2\x80\x94 w AAAAAAE=\n");
	bytes_append_text(&note, NEUMANN_LINE);
	assert_int_equal(verify_code((char *)note.data, note.length,
			     "PeterNeumann", &neumann, &text_length),
	    ERROR_NONE);
	bytes_append_text(&note, "\xe2\x80\x94 w AAAAAAE=\n");
	assert_int_equal(verify_code((char *)note.data, note.length,
			     "PeterNeumann", &neumann, &text_length),
	    ERROR_INPUT);
	bytes_done(&note);
}

static void
malformed_notes_are_refused(void **state)
{
	static const char *const bad[] = {
	    "",
	    "\n",
	    "\n\n",
	    "text\n",
	    "text\n\n",
	    NEUMANN_TEXT NEUMANN_LINE,
	    NEUMANN_NOTE "\n",
	    NEUMANN_NOTE "x\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w AAAAAAE=",
	    NEUMANN_NOTE "\xe2\x80\x94 w AAAAAAE=\r\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w AAAAAAF=\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w AAAA\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w  AAAAAAE=\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w+w AAAAAAE=\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w\xe3\x80\x80w AAAAAAE=\n",
	    NEUMANN_NOTE "\xe2\x80\x94  AAAAAAE=\n",
	    NEUMANN_NOTE "\xe2\x80\x94 w\n",
	    NEUMANN_NOTE "\xe2\x80\x94 \n",
	    NEUMANN_NOTE "- w AAAAAAE=\n",
	    NEUMANN_NOTE "\xe2\x80\x94 \xff AAAAAAE=\n",
	};
	struct signature_public neumann = public_of(NEUMANN_PUBLIC);
	size_t text_length = 0;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_int_equal(verify_code(bad[i], strlen(bad[i]),
				     "PeterNeumann", &neumann, &text_length),
		    ERROR_INPUT);
	for (size_t length = 0; length < strlen(NEUMANN_NOTE); length++)
		assert_int_equal(verify_code(NEUMANN_NOTE, length,
				     "PeterNeumann", &neumann, &text_length),
		    ERROR_INPUT);
}

/* A checkpoint of random content, and what it encodes to. */
struct fixture {
	struct signature_secret secret;
	struct signature_public public;
	struct note_checkpoint checkpoint;
	struct bytes note;
};

static struct fixture
make_fixture(const char *origin, uint64_t size)
{
	struct fixture f = {.note = BYTES_EMPTY};

	signature_generate(&f.secret);
	signature_public_of(&f.secret, &f.public);
	snprintf(
	    f.checkpoint.origin, sizeof(f.checkpoint.origin), "%s", origin);
	f.checkpoint.size = size;
	bytes_random(f.checkpoint.root, sizeof(f.checkpoint.root));
	assert_int_equal(
	    note_checkpoint_encode(&f.checkpoint, &f.secret, &f.note, NULL), 0);
	return f;
}

static enum error_code
decode_code(const struct fixture *f, const void *text, size_t length,
    struct note_checkpoint *ret)
{
	struct error err = {0};
	int rc = note_checkpoint_decode(
	    text, length, f->checkpoint.origin, &f->public, ret, &err);

	assert_int_equal(rc, err.code == ERROR_NONE ? 0 : -1);
	return err.code;
}

static void
checkpoints_are_read_as_written(void **state)
{
	static const uint64_t sizes[] = {
	    0, 1, 9, 10, 20852163, UINT64_C(1) << 62, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct fixture f = make_fixture("hikae/h/0123", sizes[i]);
		struct note_checkpoint read = {.size = 99};

		assert_int_equal(
		    decode_code(&f, f.note.data, f.note.length, &read),
		    ERROR_NONE);
		assert_string_equal(read.origin, "hikae/h/0123");
		assert_true(read.size == sizes[i]);
		assert_memory_equal(read.root, f.checkpoint.root, 32);
		bytes_done(&f.note);
	}
}

static void
checkpoint_body_known_answer(void **state)
{
	static const char body[] =
	    "example.com/behind-the-sofa\n20852163\n"
	    "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n"
	    "\xe2\x80\x94 example.com/behind-the-sofa ";
	struct fixture f = make_fixture("example.com/behind-the-sofa", 1);
	struct bytes root = BYTES_EMPTY;

	(void)state;
	assert_int_equal(bytes_parse_base64(strchr(body, 'C'), 44, &root), 0);
	f.checkpoint.size = 20852163;
	memcpy(f.checkpoint.root, root.data, 32);
	bytes_clear(&f.note);
	assert_int_equal(
	    note_checkpoint_encode(&f.checkpoint, &f.secret, &f.note, NULL), 0);
	assert_memory_equal(f.note.data, body, strlen(body));
	bytes_done(&root);
	bytes_done(&f.note);
}

static void
every_flip_of_a_checkpoint_is_rejected(void **state)
{
	struct fixture f = make_fixture("hikae/facility/00112233aabbccdd", 77);
	struct note_checkpoint read;

	(void)state;
	for (size_t i = 0; i < f.note.length; i++) {
		for (unsigned bit = 0; bit < 8; bit++) {
			f.note.data[i] ^= (uint8_t)(1u << bit);
			assert_int_not_equal(
			    decode_code(&f, f.note.data, f.note.length, &read),
			    ERROR_NONE);
			f.note.data[i] ^= (uint8_t)(1u << bit);
		}
	}
	assert_int_equal(
	    decode_code(&f, f.note.data, f.note.length, &read), ERROR_NONE);
	bytes_done(&f.note);
}

/* Well signed, but not the three lines of a checkpoint of this journal. */
static void
other_texts_are_no_checkpoint(void **state)
{
#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
	static const struct {
		const char *text;
		enum error_code code;
	} cases[] = {
	    {"o\n5\n" ROOT "\n", ERROR_NONE},
	    {"p\n5\n" ROOT "\n", ERROR_NOT_FOUND},
	    {"o\n5\n" ROOT "\nextension\n", ERROR_INPUT},
	    {"o\n5\n" ROOT "\n\n", ERROR_INPUT},
	    {"o\n5\n", ERROR_INPUT},
	    {"\n5\n" ROOT "\n", ERROR_INPUT},
	    {"o\n\n" ROOT "\n", ERROR_INPUT},
	    {"o\n05\n" ROOT "\n", ERROR_INPUT},
	    {"o\n00\n" ROOT "\n", ERROR_INPUT},
	    {"o\n+5\n" ROOT "\n", ERROR_INPUT},
	    {"o\n-5\n" ROOT "\n", ERROR_INPUT},
	    {"o\n5 \n" ROOT "\n", ERROR_INPUT},
	    {"o\n0x5\n" ROOT "\n", ERROR_INPUT},
	    {"o\n18446744073709551616\n" ROOT "\n", ERROR_INPUT},
	    {"o\n99999999999999999999\n" ROOT "\n", ERROR_INPUT},
	    {"o\n5\n" ROOT " \n", ERROR_INPUT},
	    {"o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
		ERROR_INPUT},
	    {"o\n5\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n",
		ERROR_INPUT},
	};
	struct fixture f = make_fixture("o", 1);
	struct note_checkpoint read;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		bytes_clear(&f.note);
		assert_int_equal(note_sign(cases[i].text, strlen(cases[i].text),
				     "o", &f.secret, &f.note, NULL),
		    0);
		assert_int_equal(
		    decode_code(&f, f.note.data, f.note.length, &read),
		    cases[i].code);
	}
	bytes_done(&f.note);
}

static void
bad_names_and_texts_are_not_signed(void **state)
{
	static const char *const names[] = {
	    "", "a b", "a+b", "a\n", "\t", "\xc2\xa0", "\xe3\x80\x80", "\xff"};
	static const char *const texts[] = {
	    "", "no line feed", "a\r\n", "a\tb\n", "\xff\n"};
	struct fixture f = make_fixture("o", 1);
	char longer[NOTE_NAME_BYTES + 1];

	(void)state;
	bytes_clear(&f.note);
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(f.checkpoint.origin, sizeof(f.checkpoint.origin), "%s",
		    names[i]);
		assert_int_equal(note_checkpoint_encode(
				     &f.checkpoint, &f.secret, &f.note, NULL),
		    -1);
		assert_int_equal(note_verifier_key_format(
				     names[i], &f.public, &f.note, NULL),
		    -1);
	}
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		assert_int_equal(note_sign(texts[i], strlen(texts[i]), "o",
				     &f.secret, &f.note, NULL),
		    -1);
	memset(longer, 'a', sizeof(longer));
	longer[NOTE_NAME_BYTES] = '\0';
	assert_int_equal(
	    note_sign("a\n", 2, longer, &f.secret, &f.note, NULL), -1);
	assert_int_equal(f.note.length, 0);
	longer[NOTE_NAME_BYTES - 1] = '\0';
	assert_int_equal(
	    note_sign("a\n", 2, longer, &f.secret, &f.note, NULL), 0);
	bytes_done(&f.note);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(signs_as_the_reference_does),
	    cmocka_unit_test(verifies_the_references_notes),
	    cmocka_unit_test(verifier_keys_known_answers),
	    cmocka_unit_test(other_signatures_are_ignored),
	    cmocka_unit_test(number_of_signatures_is_bounded),
	    cmocka_unit_test(malformed_notes_are_refused),
	    cmocka_unit_test(checkpoints_are_read_as_written),
	    cmocka_unit_test(checkpoint_body_known_answer),
	    cmocka_unit_test(every_flip_of_a_checkpoint_is_rejected),
	    cmocka_unit_test(other_texts_are_no_checkpoint),
	    cmocka_unit_test(bad_names_and_texts_are_not_signed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
