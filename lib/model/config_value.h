/*
 * config_value: one value between its text and its field.
 *
 * Layer 3.  Uses: base, model/config_key, model/pattern, model/schedule.
 *
 * `section` is the struct config_facility, config_policy, ... that the key's
 * offset counts in.
 */
#ifndef HIKAE_MODEL_CONFIG_VALUE_H
#define HIKAE_MODEL_CONFIG_VALUE_H

#include "lib/base/bytes.h"
#include "lib/base/error.h"
#include "lib/model/config.h"
#include "lib/model/config_key.h"

/* The longest value, bytes. */
#define CONFIG_VALUE_MAX_BYTES 1024

/*
 * Check the text against the key's type and range and store it; what the field
 * held before is not freed.  -1 with ERROR_INPUT, the field is unchanged.
 */
int config_value_parse(const struct config_key *key, const char *text,
    void *section, struct error *err) ERROR_CHECKED;

/* Append the canonical text, which parses to an equal value. */
void config_value_append(
    const struct config_key *key, const void *section, struct bytes *out);

/* Take over a value of the same type from another field (durations,
 * integers: what keys inherit). */
void config_value_copy(const struct config_key *key, void *section,
    const struct config_key *from_key, const void *from_section);

/* Free what the field owns and empty it. */
void config_value_done(const struct config_key *key, void *section);

/* Free the names of a list and empty it. */
void config_value_list_done(struct config_list *list);

/* Is it an id: [a-z][a-z0-9-]{0,31}? */
bool config_value_is_id(const char *text);

#endif
