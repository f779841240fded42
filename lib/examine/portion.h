/*
 * portion: which files of a copy a drill restores, when it is not all.
 *
 * Layer 4.  Uses: model/manifest_reader, crypto/digest.
 *
 * A file falls into one of PORTION_BUCKETS by the digest of the drill's
 * number and its path, and is restored when its bucket is below a threshold:
 * the lowest at which the wanted share of all bytes, and one file, is reached.
 * So the choice is nobody's, and can be told again from the drill's number.
 * Folders and links are restored always.
 */
#ifndef HIKAE_EXAMINE_PORTION_H
#define HIKAE_EXAMINE_PORTION_H

#include "lib/examine/examine.h"

#define PORTION_BUCKETS 65536u
#define PORTION_ALL_PPM 1000000u

struct portion {
	uint64_t seed;	    /* the drill's number */
	uint32_t threshold; /* PORTION_BUCKETS: all files */
};

bool portion_has(
    const struct portion *portion, const char *path, size_t length);

/* What a portion comes to. */
struct portion_plan {
	uint32_t threshold;
	uint64_t files, bytes; /* to be restored */
	uint64_t entries;      /* with folders and links */
	uint64_t files_total, bytes_total;
};

/* Choose from a manifest; share in millionths of the bytes. */
int portion_make(int manifest_fd, uint64_t seed, uint32_t share_ppm,
    const struct examine_events *events, struct portion_plan *ret_plan,
    struct error *err) ERROR_CHECKED;

#endif
