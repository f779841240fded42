#include "daemon/closing.h"

#include "daemon/ledger.h"

/* Those that are to be closed, once all were looked at. */
struct answered {
	const struct closing *closing;
	uint64_t ids[CLOSING_MAX];
	size_t count;
};

static int
look_at_open(const struct query_finding *row, void *context, struct error *err)
{
	struct answered *answered = context;
	const struct closing *closing = answered->closing;

	(void)err;
	if (answered->count < CLOSING_MAX &&
	    closing->is_answered(closing->context, row))
		answered->ids[answered->count++] = row->id;
	return 0;
}

int
closing_run(struct service *service, const struct closing *closing,
    size_t *ret_count, struct error *err)
{
	struct query_finding_filter filter = closing->among;
	struct answered answered = {.closing = closing, .count = 0};

	filter.only_open = true;
	if (query_findings(service->catalog, CATALOG_NOW, &filter, look_at_open,
		&answered, err) != 0)
		return -1;
	for (size_t i = 0; i < answered.count; i++)
		if (ledger_close_finding(
			service, answered.ids[i], closing->reason, err) != 0)
			return -1;
	if (ret_count != NULL)
		*ret_count = answered.count;
	return 0;
}
