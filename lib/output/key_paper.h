/*
 * key_paper: the public keys of an installation on an A4 page.
 *
 * Layer 7.  Uses: output/html, output/qr_svg, crypto (keyring, digest).
 *
 * It is kept on paper away from the host: whoever checks a signature later
 * takes the key from there.  No secret is read for it.
 */
#ifndef HIKAE_OUTPUT_KEY_PAPER_H
#define HIKAE_OUTPUT_KEY_PAPER_H

#include "lib/crypto/keyring.h"

/*
 * Append a whole HTML document in the reader's language: origin, both public
 * keys in minisign's form with key id, fingerprint (SHA-256 of the key's text,
 * as the report prints it) and QR code (the key's text).  `date` is when.
 */
int key_paper_write(const struct keyring *keyring, const char *facility,
    const char *date, struct bytes *out, struct error *err) ERROR_CHECKED;

#endif
