/*
 * digest_ahead: SHA-256 of what is decoded, in a thread beside the decoder.
 *
 * Layer 2.  Uses: crypto/digest.  Owns: its thread.
 *
 * To decode zstd takes as long as to digest what comes out, so one after the
 * other takes twice as long.  Data is copied into blocks, which the thread
 * digests while the caller makes the next; what fits one block never leaves
 * the caller.  One caller, one digest at a time.
 */
#ifndef HIKAE_CRYPTO_DIGEST_AHEAD_H
#define HIKAE_CRYPTO_DIGEST_AHEAD_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"
#include "lib/crypto/digest.h"

struct digest_ahead;

/*
 * Start the thread.  It runs enter(context) first, in which it gives up what
 * the process is about to give up, since Landlock and seccomp bind the thread
 * that calls; when that failed, so does this.  Ends with digest_ahead_free
 * (NULL is fine), or with the process.
 */
int digest_ahead_new(int (*enter)(void *context, struct error *err),
    void *context, struct digest_ahead **ret_ahead,
    struct error *err) ERROR_CHECKED;
void digest_ahead_free(struct digest_ahead *ahead);

/* Begin a digest; what was begun before is forgotten. */
void digest_ahead_init(struct digest_ahead *ahead);

/* Add data, which is the caller's again afterwards; NULL where length is 0. */
void digest_ahead_update(
    struct digest_ahead *ahead, const void *data, size_t length);

/* The digest of all that was added, once the thread has seen it. */
void digest_ahead_final(
    struct digest_ahead *ahead, uint8_t ret_out[DIGEST_SHA256_BYTES]);

#endif
