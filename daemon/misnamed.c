#include "daemon/misnamed.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ledger.h"
#include "lib/store/query_finding.h"

static int
take_open(const struct query_finding *row, void *context, struct error *err)
{
	struct misnamed *misnamed = context;
	size_t at = misnamed->count;

	(void)err;
	if (at == MISNAMED_MAX)
		return 1;
	if (row->subject == NULL)
		return 0;
	misnamed->items[at].finding = row->id;
	misnamed->items[at].is_there = false;
	(void)snprintf(misnamed->items[at].subject,
	    sizeof(misnamed->items[at].subject), "%s", row->subject);
	misnamed->count++;
	return 0;
}

int
misnamed_load(struct misnamed *misnamed, enum finding code,
    struct catalog *catalog, const struct config_source *source,
    struct error *err)
{
	struct query_finding_filter filter = {
	    .only_open = true,
	    .code = finding_name(code),
	    .source = source->id,
	};

	misnamed->code = code;
	misnamed->count = 0;
	return query_findings(
	    catalog, CATALOG_NOW, &filter, take_open, misnamed, err);
}

int
misnamed_take(struct misnamed *misnamed, struct service *service,
    const struct config_source *source, const struct sighting *sighting,
    struct error *err)
{
	struct ledger_finding finding = {
	    .code = misnamed->code,
	    .slice = -1,
	    .system = source->system_id,
	    .medium = source->medium_id,
	    .source = source->id,
	    .path = sighting->name,
	    .path_length = sighting->name_length,
	};
	char subject[CATALOG_SUBJECT_BYTES];
	size_t at = 0;

	if (catalog_put_name(service->catalog, sighting->name,
		sighting->name_length, subject, err) != 0)
		return -1;
	while (at < misnamed->count &&
	       strcmp(misnamed->items[at].subject, subject) != 0)
		at++;
	if (at == MISNAMED_MAX)
		return 0;
	if (at == misnamed->count) {
		if (ledger_finding(service, &finding,
			&misnamed->items[at].finding, err) != 0)
			return -1;
		memcpy(misnamed->items[at].subject, subject, sizeof(subject));
		misnamed->count++;
	}
	misnamed->items[at].is_there = true;
	return 0;
}

int
misnamed_close(
    const struct misnamed *misnamed, struct service *service, struct error *err)
{
	for (size_t i = 0; i < misnamed->count; i++)
		if (!misnamed->items[i].is_there &&
		    ledger_close_finding(service, misnamed->items[i].finding,
			"resolved", err) != 0)
			return -1;
	return 0;
}
