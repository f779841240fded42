/*
 * identity_internal: the parts that identity.c puts together.
 *
 * Layer 1.  Uses: identity, mountinfo, udevdb.
 */
#ifndef HIKAE_OS_IDENTITY_INTERNAL_H
#define HIKAE_OS_IDENTITY_INTERNAL_H

#include "lib/os/identity.h"
#include "lib/os/mountinfo.h"

/* Fill what is known of one disk. */
void identity_describe_disk(const struct identity_kernel *kernel,
    const struct device_disk *disk, struct identity_disk *ret);

/*
 * The word of lies_on for a disk, which is on this device: "" when it does not
 * fit.
 */
void identity_word_of_disk(const struct identity_kernel *kernel,
    const struct device_disk *disk, const struct identity_disk *facts,
    char *word, size_t word_bytes);

/* Fill source, server, address and port from a network or cloud mount. */
void identity_parse_source(
    const struct mountinfo_mount *mount, struct identity *identity);

/* Bytes that would end or hide a word become '_'. */
void identity_clean_word(char *word);

#endif
