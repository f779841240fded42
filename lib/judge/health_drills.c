#include "lib/judge/health_drills.h"

#include <stdio.h>

#include "lib/judge/drills.h"
#include "lib/judge/health_rules.h"

static int
note(struct health *health, enum reason reason,
    const struct drills_system *system, int64_t since, struct error *err)
{
	struct health_reason about = {.count = 1, .since = since};

	(void)snprintf(about.system, sizeof(about.system), "%s", system->id);
	return health_rules_note(
	    health, reason_name(reason), reason_severity(reason), &about, err);
}

static int
note_system(struct health *health, const struct drills_system *system,
    struct error *err)
{
	if (system->failed != 0 && note(health, REASON_DRILL_FAILED, system,
				       system->failed_at, err) != 0)
		return -1;
	if (system->unsigned_count > 0 &&
	    note(health, REASON_DRILL_UNSIGNED, system, QUERY_NEVER, err) != 0)
		return -1;
	if (system->improvements_overdue > 0 &&
	    note(health, REASON_IMPROVEMENT_OVERDUE, system, QUERY_NEVER,
		err) != 0)
		return -1;
	if (system->is_year_overdue)
		return note(health, REASON_DRILL_OVERDUE, system,
		    system->year_due_at, err);
	if (system->is_quarter_overdue)
		return note(health, REASON_DRILL_DUE, system,
		    system->quarter_due_at, err);
	return 0;
}

int
health_drills_gather(struct catalog *catalog, const struct inventory *inventory,
    struct health *health, struct error *err)
{
	struct drills *drills = NULL;
	int rc = 0;

	if (drills_judge(catalog, inventory, &drills, err) != 0)
		return -1;
	for (size_t i = 0; rc == 0 && i < drills->system_count; i++)
		rc = note_system(health, &drills->systems[i], err);
	drills_free(drills);
	return rc;
}
