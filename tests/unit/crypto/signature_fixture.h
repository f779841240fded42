/*
 * signature_fixture: a key pair, a message, and our signature of it.
 */
#ifndef HIKAE_TESTS_SIGNATURE_FIXTURE_H
#define HIKAE_TESTS_SIGNATURE_FIXTURE_H

#include <string.h>

#include "lib/crypto/signature.h"

#define MESSAGE "what was backed up\n"

/* A key pair and our signature of `message` by it. */
struct fixture {
	struct signature_secret secret;
	struct signature_public public;
	uint8_t prehash[SIGNATURE_PREHASH_BYTES];
	struct bytes file;
};

static inline void
prehash_of(const void *data, size_t length, uint8_t *ret_out)
{
	struct signature_prehash prehash;

	signature_prehash_init(&prehash);
	signature_prehash_update(&prehash, data, length / 2);
	signature_prehash_update(
	    &prehash, (const uint8_t *)data + length / 2, length - length / 2);
	signature_prehash_final(&prehash, ret_out);
}

static inline struct fixture
make_fixture(const char *trusted, const char *untrusted)
{
	struct fixture f = {.file = BYTES_EMPTY};

	signature_generate(&f.secret);
	signature_public_of(&f.secret, &f.public);
	prehash_of(MESSAGE, strlen(MESSAGE), f.prehash);
	assert_int_equal(signature_sign(&f.secret, f.prehash, trusted,
			     untrusted, &f.file, NULL),
	    0);
	return f;
}

/* The code of the error that verifying gives; ERROR_NONE where it holds. */
static inline enum error_code
verify_code(const struct fixture *f, const void *text, size_t length)
{
	struct error err = {0};
	struct signature_keys trusted = {&f->public, 1};
	int rc =
	    signature_verify(&trusted, f->prehash, text, length, NULL, &err);

	assert_int_equal(rc, err.code == ERROR_NONE ? 0 : -1);
	return err.code;
}

#endif
