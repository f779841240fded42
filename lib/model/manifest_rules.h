/*
 * manifest_rules: what an entry must be, for writer and reader alike.
 *
 * Layer 3.  Uses: base, format/mtree, model/manifest.  Owns: nothing.
 */
#ifndef HIKAE_MODEL_MANIFEST_RULES_H
#define HIKAE_MODEL_MANIFEST_RULES_H

#include "lib/model/manifest.h"

/*
 * Whether an entry is whole (see struct manifest_entry) and fits the slice
 * that it would stand in: the end of a large file where the slice is inside
 * one, and anything but a large file elsewhere.  0, or -1 with ERROR_INPUT.
 */
int manifest_rules_check(const struct manifest_header *header,
    const struct manifest_start *slice, const struct manifest_entry *entry,
    struct error *err) ERROR_CHECKED;

/* Bytes of the file that verifying the slice alone compares. */
uint64_t manifest_rules_bytes(
    const struct manifest_start *slice, const struct manifest_entry *entry);

/* The same entry as the layer of lines knows it, and back (without the code);
 * the pointers are shared. */
struct mtree_entry manifest_rules_to_line(const struct manifest_entry *entry);
struct manifest_entry manifest_rules_of_line(const struct mtree_entry *line);

#endif
