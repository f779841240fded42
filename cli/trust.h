/*
 * trust: the daemon's public keys that a check believes.
 *
 * Uses: cli, crypto/keyring.
 */
#ifndef HIKAE_CLI_TRUST_H
#define HIKAE_CLI_TRUST_H

#include "cli/cli.h"
#include "lib/crypto/keyring.h"

struct trust {
	struct signature_public keys[KEYRING_PUBLICS_MAX];
	size_t count;
};

/*
 * The key of --public-key (a file, or the 56 characters themselves), or where
 * that is NULL all keys of this installation's state.  ERROR_USAGE: neither is
 * there.
 */
int trust_load(const struct cli *cli, const char *public_key,
    struct trust *ret_trust, struct error *err) ERROR_CHECKED;

#endif
