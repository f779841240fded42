/*
 * capture_known: what readings and the last manifest say of a file.
 *
 * Layer 4, part of capture.  Uses: examine/readings, model/manifest_reader.
 */
#ifndef HIKAE_EXAMINE_CAPTURE_KNOWN_H
#define HIKAE_EXAMINE_CAPTURE_KNOWN_H

#include "lib/examine/capture_internal.h"

/* Open the last manifest, where there is one: before anything is written. */
int capture_known_open(
    struct capture *capture, struct error *err) ERROR_CHECKED;

/* Look for the file in the last manifest; entries come in its order. */
int capture_known_find_previous(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/* Where the entry just read of the last manifest has its slices, if any. */
void capture_known_find_states(
    const struct capture *capture, struct capture_pending *pending);

/*
 * Take the digest from the readings, where they have all of the file and agree
 * with the last manifest: what does not is read again before anything is said
 * against it.
 */
bool capture_known_carry(
    struct capture *capture, struct capture_pending *pending);

/* The boundaries of a large file whose readings are carried. */
int capture_known_carry_boundaries(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/*
 * Tell the manifest where a slice of a large file begins.  What the last one
 * says of it stands, as its digest does.
 */
int capture_known_add_boundary(struct capture *capture,
    const struct capture_pending *pending, uint64_t offset,
    const uint8_t state[DIGEST_SHA256_BYTES], struct error *err) ERROR_CHECKED;

/*
 * Remember what was read of a file up to `end`.  What a manifest refuted, and
 * reads the same again, stays refuted.
 */
void capture_known_keep(struct capture *capture,
    struct capture_pending *pending, uint64_t end,
    const uint8_t value[DIGEST_SHA256_BYTES]);

/* Other bytes under the same size and time: the last manifest stands. */
int capture_known_settle(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

/* Which of the readings of a file ends it. */
struct readings_identity capture_known_last(
    const struct capture *capture, const struct capture_pending *pending);

#endif
