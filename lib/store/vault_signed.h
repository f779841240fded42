/*
 * vault_signed: whether the vault holds anything that was signed here.
 *
 * Layer 5.  Part of vault.
 */
#ifndef HIKAE_STORE_VAULT_SIGNED_H
#define HIKAE_STORE_VAULT_SIGNED_H

#include "lib/crypto/signature.h"

/*
 * Whether a manifest is there with a signature by one of the keys that holds.
 * The canary's does not count: it is there before anything was journalled.
 * Reads until it finds one, which is the first unless they are foreign: for the
 * rare start that asks.
 */
int vault_has_signed(int state_fd, const struct signature_keys *keys,
    bool *ret_is_there, struct error *err) ERROR_CHECKED;

#endif
