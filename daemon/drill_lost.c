/* Drills that a crash cut off have an end, too. */
#include "daemon/drill.h"
#include "daemon/ledger.h"
#include "lib/format/json.h"
#include "lib/store/query_drill.h"

#define LOST_MAX 64

struct lost {
	uint64_t ids[LOST_MAX];
	size_t count;
};

static int
take_open(const struct query_drill *row, void *context, struct error *err)
{
	struct lost *lost = context;

	(void)err;
	if (!row->is_ended && lost->count < LOST_MAX)
		lost->ids[lost->count++] = row->id;
	return 0;
}

static json_t *
end_of(uint64_t drill)
{
	return json_pack("{s:s, s:s, s:I, s:s, s:s, s:i, s:i, s:i, s:i, s:i}",
	    "type", "drill", "event", "end", "drill", (json_int_t)drill,
	    "outcome", "lost", "reason", "killed", "files", 0, "bytes", 0,
	    "medium_ms", 0, "restore_ms", 0, "check_ms", 0);
}

int
drill_record_lost(struct service *service, struct error *err)
{
	const struct query_drill_filter all = {.limit = 0};
	struct lost lost = {.count = 0};

	if (query_drills(service->catalog, CATALOG_NOW, &all, take_open, &lost,
		err) != 0)
		return -1;
	for (size_t i = 0; i < lost.count; i++)
		if (ledger_append(service, end_of(lost.ids[i]), NULL, err) != 0)
			return -1;
	return 0;
}
