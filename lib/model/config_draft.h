/*
 * config_draft: sections as they were read, with the place of every key.
 *
 * Layer 3.  Uses: base, format/ini, model/config.
 *
 * The loader's middle stage: drafts know where everything stands, so that a
 * problem found after reading can still name file and line.
 */
#ifndef HIKAE_MODEL_CONFIG_DRAFT_H
#define HIKAE_MODEL_CONFIG_DRAFT_H

#include <stddef.h>

#include "lib/format/ini.h"
#include "lib/model/config.h"
#include "lib/model/config_key.h"

/* Sections in one configuration. */
#define CONFIG_DRAFTS_MAX 2000

/* Keys in the table, at most. */
#define CONFIG_DRAFT_KEYS_MAX 96

/* Line 0: not written anywhere. */
struct config_place {
	const char *file; /* belongs to the drafts */
	unsigned int line;
};

struct config_draft {
	enum config_section section;
	struct config_place place;
	struct config_place keys[CONFIG_DRAFT_KEYS_MAX]; /* by table index */
	union {
		char *id; /* first in the struct of every section with an id */
		struct config_facility facility;
		struct config_policy policy;
		struct config_system system;
		struct config_medium medium;
		struct config_source source;
		struct config_notify notify;
	} data;
};

struct config_drafts {
	struct config_draft **items;
	size_t count;
	struct config_draft *current; /* where keys go; NULL: nowhere */
	char **files;		      /* names, each once */
	size_t file_count;
	struct config_problems *problems;
};

/* Empty drafts with [facility] and [policy], in this order.  0 or -1. */
int config_drafts_init(struct config_drafts *drafts,
    struct config_problems *problems) ERROR_CHECKED;
void config_drafts_done(struct config_drafts *drafts);

/* What feeds the drafts from ini_parse. */
struct ini_handler config_drafts_handler(struct config_drafts *drafts);

/* Note a problem at a place; file NULL: without one. */
void config_drafts_report(struct config_drafts *drafts,
    struct config_place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Whether a key is written in a draft. */
bool config_draft_has(const struct config_draft *draft, const char *key);

/* The place of a key in a draft, or the draft's when it is not written. */
struct config_place config_draft_place(
    const struct config_draft *draft, const char *key);

/*
 * Fill in what was not written: standards, and what [policy] says.  Report
 * keys that are required and missing.
 */
void config_drafts_complete(struct config_drafts *drafts);

#endif
