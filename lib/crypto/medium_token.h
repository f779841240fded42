/*
 * medium_token: the signed text on a medium that says which one it is.
 *
 * Layer 2.  Uses: note.  FORMATS section 11 has the form.
 *
 * As with checkpoints (note_parts.h): who may parse foreign bytes takes it
 * apart, who has the keys makes the text again and verifies that.
 */
#ifndef HIKAE_CRYPTO_MEDIUM_TOKEN_H
#define HIKAE_CRYPTO_MEDIUM_TOKEN_H

#include "lib/crypto/digest.h"
#include "lib/crypto/note_parts.h"

#define MEDIUM_TOKEN_RANDOM_BYTES 32
/* A medium's id, with its NUL. */
#define MEDIUM_TOKEN_ID_BYTES 33

struct medium_token {
	char origin[NOTE_NAME_BYTES], medium[MEDIUM_TOKEN_ID_BYTES];
	uint8_t random[MEDIUM_TOKEN_RANDOM_BYTES];
};

/* Append the text that is signed. */
void medium_token_format(const struct medium_token *token, struct bytes *out);

/*
 * The token of a signed note, and the signatures in its origin's name.
 * ERROR_INPUT: this is none.  Nothing is verified.
 */
int medium_token_take(const char *note, size_t length,
    struct medium_token *ret_token, struct note_signatures *ret_signatures,
    struct error *err) ERROR_CHECKED;

/* SHA-256 of the random part's hexadecimal digits, as the journal has it. */
void medium_token_digest(
    const struct medium_token *token, uint8_t ret_digest[DIGEST_SHA256_BYTES]);

#endif
