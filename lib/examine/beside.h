/*
 * beside: is a file only about others?  Checksums and detached signatures, by
 * name and by content.
 *
 * Layer 4.  Uses: format/seal.  Runs in a parser.
 *
 * They are written beside encrypted files and are not encrypted themselves.
 * What else lies there (a README, a log) can hold anything, and counts.
 */
#ifndef HIKAE_EXAMINE_BESIDE_H
#define HIKAE_EXAMINE_BESIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * name: without folders, any bytes.  head: the first bytes of `size` (0: not
 * known).  Of a list every line of the head must be one of sha256sum(1), of its
 * relatives, or of their BSD form.
 */
bool beside_is(const char *name, size_t name_length, const uint8_t *head,
    size_t length, uint64_t size);

#endif
