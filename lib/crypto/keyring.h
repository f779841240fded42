/*
 * keyring: the keys of an installation, as they lie in its state.
 *
 * Layer 2.  Uses: os/file, crypto/signature.  Owns: keys/ (FORMATS section 5).
 *
 * Two keys: the daemon's signs manifests, checkpoints and bundles, and lies in
 * clear in keys/daemon.key (or comes as a systemd credential); the facility's
 * is encrypted, is kept off the host, and is needed to begin and to rotate.
 *
 * Every key that ever counted stands in a statement, and each statement names
 * the one before it; keyring.c reads them, keyring_change.c adds to them.
 */
#ifndef HIKAE_CRYPTO_KEYRING_H
#define HIKAE_CRYPTO_KEYRING_H

#include "lib/crypto/digest.h"
#include "lib/crypto/signature.h"

/* "hikae/FACILITY/HEX16", with the NUL. */
#define KEYRING_ORIGIN_BYTES 64
#define KEYRING_SECRET_BYTES 32
/* Daemon keys that an installation may have had. */
#define KEYRING_PUBLICS_MAX 16

struct keyring {
	struct signature_secret daemon;
	/* The daemon's public keys: the present one first, then older ones. */
	struct signature_public publics[KEYRING_PUBLICS_MAX];
	size_t public_count;
	struct signature_public facility;
	char origin[KEYRING_ORIGIN_BYTES];
	/* Keys the tables of readings; random, of no use elsewhere. */
	uint8_t readings_secret[KEYRING_SECRET_BYTES];
};

/*
 * Load the keys below state_fd (var/lib/hikae).  ERROR_NOT_FOUND: there are no
 * keys yet; ERROR_DENIED: a key file can be read by others, or belongs to
 * somebody else; ERROR_SIGNATURE: a key, its public file or a statement of
 * rotation does not hold.
 */
int keyring_open(
    int state_fd, struct keyring *ret_keyring, struct error *err) ERROR_CHECKED;

/* The same without the two secrets, which are zero then. */
int keyring_open_public(
    int state_fd, struct keyring *ret_keyring, struct error *err) ERROR_CHECKED;

/*
 * Whether the secrets lie as keyring_open wants them; nothing is read.
 * ERROR_DENIED: others can read one, or it belongs to somebody else;
 * ERROR_NOT_FOUND: one is not there.  Errors name the file.
 */
int keyring_check(int state_fd, struct error *err) ERROR_CHECKED;

/* Wipe it. */
void keyring_close(struct keyring *keyring);

/*
 * Make a daemon key and the folder keys/, all of it or nothing.  `name` is the
 * facility's id of the configuration.  The facility's secret key is used for
 * the first statement and not stored.  ERROR_EXISTS: there are keys already.
 * What is made belongs to whom the state folder belongs.
 */
int keyring_init(int state_fd, const char *name,
    const struct signature_secret *facility, int64_t at_ms,
    struct error *err) ERROR_CHECKED;

struct keyring_rotation {
	/* The facility's present key; NULL only where it is lost. */
	const struct signature_secret *facility;
	const char *reason; /* one line, below KEYRING_REASON_BYTES */
	int64_t at_ms;	    /* now */
};
#define KEYRING_REASON_BYTES 256

/*
 * Replace the daemon's key by a new one, or the facility's by `next`; all of
 * it or nothing.  A lost facility key (rotation->facility NULL) is replaced on
 * the daemon key's word.  After the loss of a host, its statements and public
 * files are enough for a new daemon key.  ERROR_DENIED: rotation->facility is
 * not the present key; ERROR_LIMIT: too many rotations; else as keyring_open.
 */
int keyring_rotate_daemon(int state_fd, const struct keyring_rotation *rotation,
    struct error *err) ERROR_CHECKED;
int keyring_rotate_facility(int state_fd,
    const struct keyring_rotation *rotation,
    const struct signature_secret *next, struct error *err) ERROR_CHECKED;

/* See crypto/keyring_statement.h.  -1 from the callback ends it. */
struct keyring_statement;
typedef int keyring_statement_fn(const struct keyring_statement *statement,
    void *context, struct error *err);

/* Verify all statements and hand them out, oldest first. */
int keyring_each_statement(int state_fd, keyring_statement_fn *each,
    void *context, struct error *err) ERROR_CHECKED;

#endif
