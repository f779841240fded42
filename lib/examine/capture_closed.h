/*
 * capture_closed: a closed copy is captured again.
 *
 * Layer 4, part of capture.  Uses: os/walk, model/manifest_reader.
 *
 * What could not be read the last time is filled in, and what lies below a
 * folder that could not be listed.  Every other entry of the last manifest
 * stands, with its size, time and digest: what is there instead, what is gone
 * and what was added are findings, as a verification tells them.
 */
#ifndef HIKAE_EXAMINE_CAPTURE_CLOSED_H
#define HIKAE_EXAMINE_CAPTURE_CLOSED_H

#include "lib/examine/capture_internal.h"

/*
 * Take the next step through the last manifest and the walk, both sorted; an
 * entry goes into the queue, or is left out.  1, 0 at the end, -1.
 */
int capture_closed_push(
    struct capture *capture, struct error *err) ERROR_CHECKED;

/*
 * An entry that stands is about to be written: whatever came of reading it,
 * its digest is the last manifest's.  Tells where its bytes are others, and the
 * writer where the slices of a large file begin.
 */
int capture_closed_settle(struct capture *capture,
    struct capture_pending *pending, struct error *err) ERROR_CHECKED;

#endif
