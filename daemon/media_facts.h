/*
 * media_facts: what is observed of a medium, as the journal has it.
 *
 * Uses: os/identity, store/query_media, format/json.  FORMATS section 4.1,
 * entry medium state.
 */
#ifndef HIKAE_DAEMON_MEDIA_FACTS_H
#define HIKAE_DAEMON_MEDIA_FACTS_H

#include "lib/format/json.h"
#include "lib/os/identity.h"
#include "lib/store/query_media.h"

/* Texts are "" and numbers -1 where nothing is known. */
struct media_facts {
	char filesystem[32], uuid[IDENTITY_UUID_BYTES], serial[128];
	char disks[257]; /* which physical disks: equal texts, equal disks */
	char transport[16], reach[16], encrypted[16];
	char stamp[192]; /* of the file system, read while nobody wrote */
	bool read_only, device_read_only, removable, rotational;
	int64_t capacity, free; /* bytes */
};

void media_facts_init(struct media_facts *facts);

/* What identity tells; capacity, free space and stamp are left unknown. */
void media_facts_of_identity(
    const struct identity *identity, struct media_facts *ret);

/* As they stand in the journal. */
void media_facts_of_row(
    const struct query_medium_state *row, struct media_facts *ret);

/* A little more or less free space is no change. */
bool media_facts_is_same(
    const struct media_facts *a, const struct media_facts *b);

/* The entry's member `observed`; NULL without memory. */
json_t *media_facts_describe(const struct media_facts *facts);

#endif
