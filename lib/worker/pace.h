/*
 * pace: how hard a medium is read.
 *
 * Layer 5.  Uses: os/device, os/stream.
 *
 * Cores hash, and a medium wants requests in flight; the two are not the same
 * number.  A spinning disk has one arm; in memory, cores are all there is; a
 * solid-state disk or a server wants more readers than there are cores, since
 * opening a file is a wait that nothing else of that reader can fill.  Files so
 * large that opening them is nothing want fewer: their readers ask for more
 * than the medium has places to answer from.
 */
#ifndef HIKAE_WORKER_PACE_H
#define HIKAE_WORKER_PACE_H

#include "lib/os/device.h"
#include "lib/os/stream.h"

/*
 * Readers for one such medium at once, where nobody says otherwise, when its
 * files have so many bytes on average (0: that is not known).
 */
unsigned pace_readers(const struct device *device, uint64_t file_bytes);

/*
 * Slices that a reader gets next, 1 to PACE_SLICES_MAX, when so many are left
 * for so many readers: many at first, since it reads ahead only in what it has;
 * few in the end, so that all end together.  Two where it can be, which a
 * reader may read at once (pace_in_pairs).
 */
#define PACE_SLICES_MAX 64
unsigned pace_slices(uint64_t left, unsigned readers);

/* How one reader reads from it. */
struct stream_options pace_stream(const struct device *device);

/*
 * Whether one reader reads two files, or two parts of a large one, at once: not
 * where an arm would go to and fro between them.
 */
bool pace_in_pairs(const struct device *device);

#endif
