/*
 * config_unwritten: defaults that follow from other keys.
 *
 * Layer 3, internal to config.  Those that always are the same stand in
 * config_key.
 */
#ifndef HIKAE_MODEL_CONFIG_UNWRITTEN_H
#define HIKAE_MODEL_CONFIG_UNWRITTEN_H

#include "lib/model/config.h"
#include "lib/model/config_draft.h"

/* max_attached, by what kind of offline the medium is. */
void config_unwritten_medium(struct config_draft *draft);

/* unchanged_after, by layout and system; the configuration has its systems. */
void config_unwritten_source(
    const struct config *config, struct config_draft *draft);

#endif
