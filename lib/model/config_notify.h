/*
 * config_notify: what [notify ID] sections must keep.
 *
 * Layer 3, internal to config.
 */
#ifndef HIKAE_MODEL_CONFIG_NOTIFY_H
#define HIKAE_MODEL_CONFIG_NOTIFY_H

#include "lib/model/config_draft.h"

/* Report what does not go together. */
void config_notify_check(
    struct config_drafts *drafts, const struct config_draft *draft);

/* CONFIG_EVENT_* of the names that were checked. */
unsigned int config_notify_events(const struct config_notify *notify);

#endif
