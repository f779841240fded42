/*
 * apply_steps: the statements that each type of entry runs, in order.
 *
 * Layer 5, internal to store.  Uses: entry, schema.
 *
 * In all of them ?1 is the entry's seq, ?2 its instant, ?3 its leaf.  A row is
 * ended first, so that at most one of its kind holds, and its successor is made
 * from the row that this entry ended (to_seq = ?1).
 */
#ifndef HIKAE_STORE_APPLY_STEPS_H
#define HIKAE_STORE_APPLY_STEPS_H

#include "lib/store/entry.h"
#include "lib/store/schema.h"

#define APPLY_STEPS_OF_TYPE_MAX 12
#define OPEN SCHEMA_OPEN

/* How many rows a statement must change. */
enum apply_rows {
	APPLY_ROWS_ANY,
	APPLY_ROWS_ONE,
};

struct apply_step {
	const char *text; /* NULL: no more */
	enum apply_rows rows;
};

/* Types of backups come first, then media and records, then drills. */
#define APPLY_BACKUP_TYPES ENTRY_MEDIUM_STATE
#define APPLY_DRILL_FIRST ENTRY_DRILL_BEGIN
#define APPLY_MEDIA_TYPES (APPLY_DRILL_FIRST - APPLY_BACKUP_TYPES)
#define APPLY_DRILL_TYPES (ENTRY_TYPES - APPLY_DRILL_FIRST)

extern const struct apply_step apply_backup_steps[APPLY_BACKUP_TYPES]
						 [APPLY_STEPS_OF_TYPE_MAX];

/* By type - APPLY_BACKUP_TYPES. */
extern const struct apply_step apply_media_steps[APPLY_MEDIA_TYPES]
						[APPLY_STEPS_OF_TYPE_MAX];

/* By type - APPLY_DRILL_FIRST. */
extern const struct apply_step apply_drill_steps[APPLY_DRILL_TYPES]
						[APPLY_STEPS_OF_TYPE_MAX];

#endif
