/* What lay on a medium when it went: the journal's record. */
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"

struct holdings {
	json_int_t copies, intact, settling;
	int64_t newest_at, verified_at;
};

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct holdings *holdings = context;

	(void)err;
	if (strcmp(row->state, "missing") == 0)
		return 0;
	holdings->copies++;
	holdings->settling += row->manifest == 0;
	if (row->taken_at > holdings->newest_at)
		holdings->newest_at = row->taken_at;
	if (strcmp(row->verdict, "intact") != 0)
		return 0;
	holdings->intact++;
	/* What one can rely on: nothing on it was read longer ago. */
	if (row->oldest_read_at != QUERY_NEVER &&
	    (holdings->verified_at == QUERY_NEVER ||
		row->oldest_read_at < holdings->verified_at))
		holdings->verified_at = row->oldest_read_at;
	return 0;
}

static void
add_instant(json_t *object, const char *name, int64_t instant)
{
	if (instant != QUERY_NEVER)
		(void)json_object_set_new(object, name, json_integer(instant));
}

int
media_record_write(struct medium *medium, const char *result, struct error *err)
{
	struct service *service = medium->media->service;
	struct query_copy_filter filter = {.medium = medium->id};
	struct holdings holdings = {
	    .newest_at = QUERY_NEVER, .verified_at = QUERY_NEVER};
	json_t *detail;

	if (query_copies(service->catalog, CATALOG_NOW, &filter, take_copy,
		&holdings, err) != 0)
		return -1;
	detail = json_pack("{s:I, s:I, s:I, s:b, s:b}", "copies",
	    holdings.copies, "intact", holdings.intact, "settling",
	    holdings.settling, "checked", (int)medium->attach.is_checked,
	    "stamped", medium->facts.stamp[0] != '\0');
	add_instant(detail, "newest_at", holdings.newest_at);
	add_instant(detail, "verified_at", holdings.verified_at);
	/* Without an intact copy it counts for nothing. */
	if (holdings.intact > 0)
		add_instant(detail, "counts_until",
		    clock_wall_ms() +
			service->config->policy.offline_verified_ms);
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:s, s:s, s:o}", "type", "medium", "event",
		"record", "medium", medium->id, "result", result, "detail",
		detail),
	    NULL, err);
}
