#include "daemon/closing.h"

#include <stdlib.h>

#include "daemon/ledger.h"
#include "lib/base/array.h"

/* Those that are to be closed, once all were looked at. */
struct answered {
	const struct closing *closing;
	uint64_t *ids;
	size_t count;
};

static int
look_at_open(const struct query_finding *row, void *context, struct error *err)
{
	struct answered *answered = context;
	const struct closing *closing = answered->closing;

	if (closing->is_answered != NULL &&
	    !closing->is_answered(closing->context, row))
		return 0;
	if (array_grow(&answered->ids, answered->count, sizeof(*answered->ids),
		err) != 0)
		return -1;
	answered->ids[answered->count++] = row->id;
	return 0;
}

int
closing_run(struct service *service, const struct closing *closing,
    size_t *ret_count, struct error *err)
{
	struct query_finding_filter filter = closing->among;
	struct answered answered = {.closing = closing};
	int rc;

	filter.only_open = true;
	rc = query_findings(service->catalog, CATALOG_NOW, &filter,
	    look_at_open, &answered, err);
	for (size_t i = 0; rc == 0 && i < answered.count; i++)
		rc = ledger_close_finding(
		    service, answered.ids[i], closing->reason, err);
	if (rc == 0 && ret_count != NULL)
		*ret_count = answered.count;
	free(answered.ids);
	return rc;
}
