/*
 * seal_internal: the forms that need more than a look at their first bytes.
 *
 * Layer 2, part of seal.
 */
#ifndef HIKAE_FORMAT_SEAL_INTERNAL_H
#define HIKAE_FORMAT_SEAL_INTERNAL_H

#include "lib/format/seal.h"

/* `length` bytes at `offset` of the file, or NULL where they were not seen. */
const uint8_t *seal_at(
    const struct seal_view *view, uint64_t offset, uint64_t length);

/*
 * Packets of session keys, well formed, then encrypted data or the end of what
 * was seen.  is_cut: the file goes on behind `length`.
 */
bool seal_openpgp_is(const uint8_t *data, size_t length, bool is_cut);

/* By the directory at the end, or else by the first member. */
enum seal seal_zip(const struct seal_view *view);

/* By the header at the end, which may be encrypted, or packed. */
enum seal seal_sevenzip(const struct seal_view *view);

#endif
