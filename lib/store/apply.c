#include "lib/store/apply.h"

#include <assert.h>

#include "lib/base/i18n.h"
#include "lib/store/apply_steps.h"

static const struct apply_step *
step_of(unsigned type, unsigned step)
{
	if (type < APPLY_BACKUP_TYPES)
		return &apply_backup_steps[type][step];
	if (type < APPLY_DRILL_FIRST)
		return &apply_media_steps[type - APPLY_BACKUP_TYPES][step];
	return &apply_drill_steps[type - APPLY_DRILL_FIRST][step];
}

/* A step's place in the list of prepared queries. */
static unsigned
place_of(unsigned type, unsigned step)
{
	unsigned place = step;

	for (unsigned t = 0; t < type; t++)
		for (unsigned s = 0;
		     s < APPLY_STEPS_OF_TYPE_MAX && step_of(t, s)->text != NULL;
		     s++)
			place++;
	return place;
}

int
apply_prepare(struct sql *sql, struct sql_query *queries[APPLY_STEPS_MAX],
    struct error *err)
{
	for (unsigned t = 0; t < ENTRY_TYPES; t++)
		for (unsigned s = 0;
		     s < APPLY_STEPS_OF_TYPE_MAX && step_of(t, s)->text != NULL;
		     s++) {
			assert(place_of(t, s) < APPLY_STEPS_MAX);
			if (sql_prepare(sql, step_of(t, s)->text,
				&queries[place_of(t, s)], err) != 0)
				return -1;
		}
	return 0;
}

int
apply_rows(struct sql *sql, struct sql_query *const *queries,
    const struct apply_entry *entry, struct error *err)
{
	/* A statement that needs fewer has fewer parameters. */
	static const char *const types[] = {"", "u", "ui", "uij"};
	unsigned place = place_of(entry->type, 0);

	for (unsigned s = 0; s < APPLY_STEPS_OF_TYPE_MAX; s++, place++) {
		const struct apply_step *step = step_of(entry->type, s);

		if (step->text == NULL)
			break;
		if (sql_run(queries[place], err,
			types[sql_parameters(queries[place])], entry->seq,
			entry->at, entry->leaf, entry->leaf_length) != 0)
			return -1;
		if (step->rows == APPLY_ROWS_ONE && sql_changes(sql) != 1)
			return error_set(err, ERROR_INPUT,
			    _("%s entry: what it refers to is not there, or "
			      "not in a state for it"),
			    entry_forms[entry->type].type);
	}
	return 0;
}
