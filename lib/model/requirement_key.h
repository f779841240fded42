/*
 * requirement_key: the table of every key of a requirement pack.
 *
 * Layer 3, internal to requirement.
 */
#ifndef HIKAE_MODEL_REQUIREMENT_KEY_H
#define HIKAE_MODEL_REQUIREMENT_KEY_H

#include "lib/model/requirement.h"

#define REQUIREMENT_KEYS_MAX 32

struct requirement_key {
	const char *name;
	bool is_required;
	bool is_repeated; /* may stand more than once */
	size_t offset;	  /* in struct requirement or requirement_pack */
	/* For a choice or a set of choices. */
	const char *(*choice)(int index);
	int choices;
	/* Take a value into the field; ERROR_INPUT. */
	int (*parse)(const struct requirement_key *key, const char *value,
	    void *data, struct error *err);
};

/* Keys of [pack] and of [requirement ID]; NULL beyond their end. */
const struct requirement_key *requirement_key_of_pack(size_t index);
const struct requirement_key *requirement_key_at(size_t index);

/* Free what the keys of a table put into data. */
void requirement_key_done(
    const struct requirement_key *(*table)(size_t index), void *data);

#endif
