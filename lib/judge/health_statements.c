#include "lib/judge/health_statements.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/compliance.h"
#include "lib/judge/health_rules.h"
#include "lib/store/query_record.h"

/* Of what was stated about each requirement, what holds longest. */
struct end {
	char requirement[REQUIREMENT_ID_BYTES];
	int64_t left_ms, until;
};

struct ends {
	const struct inventory *inventory;
	struct end *items;
	size_t count;
};

/* The end of what was stated about a requirement; NULL: no memory. */
static struct end *
end_of(struct ends *ends, const char *requirement)
{
	struct end *moved;

	for (size_t i = 0; i < ends->count; i++)
		if (strcmp(ends->items[i].requirement, requirement) == 0)
			return &ends->items[i];
	moved =
	    reallocarray(ends->items, ends->count + 1, sizeof(*ends->items));
	if (moved == NULL)
		return NULL;
	ends->items = moved;
	moved += ends->count++;
	*moved = (struct end){.left_ms = -1, .until = INT64_MIN};
	(void)snprintf(
	    moved->requirement, sizeof(moved->requirement), "%s", requirement);
	return moved;
}

static int
take(const struct query_attestation *row, void *context, struct error *err)
{
	struct ends *ends = context;
	const struct inventory_event event = {row->id, row->at, row->until};
	int64_t left = inventory_left(ends->inventory, &event);
	struct end *end = end_of(ends, row->requirement);

	if (end == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (left > end->left_ms)
		end->left_ms = left;
	if (row->until > end->until)
		end->until = row->until;
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
health_statements_gather(struct catalog *catalog,
    const struct inventory *inventory, struct health *health, struct error *err)
{
	struct ends ends = {.inventory = inventory};
	uint64_t ended = 0, ending = 0;
	int64_t since = QUERY_NEVER;
	int rc =
	    query_attestations(catalog, inventory->at, NULL, take, &ends, err);

	for (size_t i = 0; i < ends.count; i++) {
		int64_t left = ends.items[i].left_ms;

		if (left == 0) {
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
