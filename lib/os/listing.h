/*
 * listing: the names in one folder, sorted as bytes.
 *
 * Layer 1.  Uses: base, os/sorter.  Used by os/walk alone.
 */
#ifndef HIKAE_OS_LISTING_H
#define HIKAE_OS_LISTING_H

#include <stddef.h>
#include <stdint.h>

#include "lib/base/error.h"

struct listing;

struct listing_options {
	size_t memory_bytes;
	int spill_fd; /* these two as in struct sorter_options */
	uint64_t spill_offset;
};

/*
 * Read all names of the folder from fd's position on.  *ret_problem is the
 * errno with which the folder stopped giving names, or 0; those it gave before
 * are in the listing.  NULL, with the errors of sorter_add, when the names
 * could not be kept.
 */
struct listing *listing_new(int fd, const struct listing_options *options,
    int *ret_problem, struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void listing_free(struct listing *listing);

/*
 * 1 and the next name, which is valid until the next call, with its d_type
 * (readdir(3)); 0 after the last; -1 as sorter_next.  A name that the folder
 * gave twice comes twice.
 */
int listing_next(struct listing *listing, const char **ret_name,
    size_t *ret_length, uint8_t *ret_d_type, struct error *err) ERROR_CHECKED;

/* As sorter_memory and sorter_spill_end. */
size_t listing_memory(const struct listing *listing);
uint64_t listing_spill_end(const struct listing *listing);

#endif
