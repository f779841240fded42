/*
 * keyring_statement: what was said about a key, by whom (FORMATS section 5).
 *
 * Layer 2.  Uses: base/date, crypto/digest, crypto/signature.
 *
 * A statement is a small text in keys/statements/NNN.txt with two signatures:
 * NNN.authority.minisig by the key that may say so, NNN.new.minisig by the key
 * that is new, which proves that its holder agreed.
 */
#ifndef HIKAE_CRYPTO_KEYRING_STATEMENT_H
#define HIKAE_CRYPTO_KEYRING_STATEMENT_H

#include "lib/crypto/keyring.h"

/* A statement's text is shorter, and there are no more of them. */
#define KEYRING_STATEMENT_BYTES_MAX 4096
#define KEYRING_STATEMENTS_MAX 64

enum keyring_change {
	KEYRING_BEGIN,	       /* the facility's key presents the daemon's */
	KEYRING_DAEMON,	       /* the facility's key replaces the daemon's */
	KEYRING_FACILITY,      /* the facility's key replaces itself */
	KEYRING_FACILITY_LOST, /* the daemon's key replaces the facility's */
};
#define KEYRING_CHANGES (KEYRING_FACILITY_LOST + 1)

struct keyring_statement {
	unsigned int number; /* from 1 */
	enum keyring_change change;
	bool has_old; /* and previous: all but the first */
	struct signature_public old, new, authority;
	uint8_t previous[DIGEST_SHA256_BYTES]; /* the statement before */
	char origin[KEYRING_ORIGIN_BYTES];
	int64_t at_ms; /* whole seconds */
	char reason[KEYRING_REASON_BYTES];
	uint8_t sha256[DIGEST_SHA256_BYTES]; /* of its text; set by reading */
};

/* "begin", "daemon", "facility", "facility-lost": stable names. */
const char *keyring_change_name(enum keyring_change change);

/* Append the text.  ERROR_INPUT for a reason or an instant that cannot be. */
int keyring_statement_encode(const struct keyring_statement *statement,
    struct bytes *out, struct error *err) ERROR_CHECKED;

/* Read exactly what keyring_statement_encode writes, else ERROR_INPUT. */
int keyring_statement_decode(const char *text, size_t length,
    struct keyring_statement *ret_statement, struct error *err) ERROR_CHECKED;

/* The trusted comment of both signatures, with room for it. */
#define KEYRING_STATEMENT_COMMENT_BYTES (KEYRING_ORIGIN_BYTES + 64)
void keyring_statement_comment(
    const struct keyring_statement *statement, char *ret_comment);

/* Which keys count, after so many statements.  All-zero: none yet. */
struct keyring_chain {
	unsigned int count;
	char origin[KEYRING_ORIGIN_BYTES];
	struct signature_public facility;
	struct signature_public daemons[KEYRING_PUBLICS_MAX]; /* oldest first */
	size_t daemon_count;
	uint8_t last[DIGEST_SHA256_BYTES]; /* sha256 of the newest */
};

/*
 * Take the next statement: its number, the one before it, the old key and the
 * authority must be what the chain says; ERROR_SIGNATURE where they are not.
 * The signatures are the caller's to verify before.
 */
int keyring_chain_add(struct keyring_chain *chain,
    const struct keyring_statement *statement, struct error *err) ERROR_CHECKED;

/* A statement as its three files have it. */
struct keyring_proof {
	struct bytes text, authority, new;
};

/*
 * Decode, verify and take the next statement.  ERROR_INPUT, ERROR_SIGNATURE,
 * ERROR_NOT_FOUND: signed by another key.
 */
int keyring_chain_take(struct keyring_chain *chain,
    const struct keyring_proof *proof, struct keyring_statement *ret_statement,
    struct error *err) ERROR_CHECKED;

/*
 * Read statement `number` of state_fd/keys; nothing is verified.
 * ERROR_NOT_FOUND: there is none.  The caller frees the three with
 * keyring_proof_done, also after a failure.
 */
int keyring_proof_read(int state_fd, unsigned int number,
    struct keyring_proof *proof, struct error *err) ERROR_CHECKED;
void keyring_proof_done(struct keyring_proof *proof);

/*
 * Read and verify all statements in keys_fd/statements.  `each` may be NULL.
 * ERROR_SIGNATURE: there are none, or one does not hold.
 */
int keyring_chain_load(int keys_fd, struct keyring_chain *ret_chain,
    keyring_statement_fn *each, void *context, struct error *err) ERROR_CHECKED;

#endif
