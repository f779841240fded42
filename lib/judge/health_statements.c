#include "lib/judge/health_statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/compliance.h"
#include "lib/judge/health_rules.h"
#include "lib/store/query_record.h"

/* The latest end of what was stated about each requirement. */
struct end {
	char requirement[REQUIREMENT_ID_BYTES];
	int64_t until;
};

struct ends {
	struct end *items;
	size_t count;
};

static int
take(const struct query_attestation *row, void *context, struct error *err)
{
	struct ends *ends = context;
	struct end *moved;

	for (size_t i = 0; i < ends->count; i++) {
		struct end *end = &ends->items[i];

		if (strcmp(end->requirement, row->requirement) != 0)
			continue;
		if (row->until > end->until)
			end->until = row->until;
		return 0;
	}
	moved =
	    reallocarray(ends->items, ends->count + 1, sizeof(*ends->items));
	if (moved == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	ends->items = moved;
	moved[ends->count].until = row->until;
	(void)snprintf(moved[ends->count].requirement,
	    sizeof(moved[ends->count].requirement), "%s", row->requirement);
	ends->count++;
	return 0;
}

static int
note(struct health *health, enum reason reason, uint64_t count, int64_t since,
    struct error *err)
{
	const struct health_reason about = {.count = count, .since = since};

	if (count == 0)
		return 0;
	return health_rules_note(
	    health, reason_name(reason), reason_severity(reason), &about, err);
}

int
health_statements_gather(struct catalog *catalog, struct catalog_at at,
    struct health *health, struct error *err)
{
	struct ends ends = {.items = NULL};
	uint64_t ended = 0, ending = 0;
	int64_t since = QUERY_NEVER;
	int rc = query_attestations(catalog, at, NULL, take, &ends, err);

	for (size_t i = 0; i < ends.count; i++) {
		int64_t left = ends.items[i].until - health->now;

		if (left <= 0) {
			ended++;
			if (since == QUERY_NEVER || ends.items[i].until < since)
				since = ends.items[i].until;
		} else if (left < COMPLIANCE_ENDING_MS) {
			ending++;
		}
	}
	free(ends.items);
	if (rc != 0 ||
	    note(health, REASON_STATEMENT_ENDED, ended, since, err) != 0 ||
	    note(health, REASON_STATEMENT_ENDS, ending, QUERY_NEVER, err) != 0)
		return -1;
	return 0;
}
