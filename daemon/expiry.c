#include "daemon/expiry.h"

#include <stdio.h>
#include <string.h>

#include "daemon/closing.h"
#include "daemon/ledger.h"
#include "daemon/match.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/query_finding.h"

static int
note_generation(const struct query_copy *row, void *context, struct error *err)
{
	struct manifest_header *header = context;

	(void)err;
	(void)snprintf(header->generation, sizeof(header->generation), "%s",
	    row->generation);
	return 0;
}

int
expiry_write(struct service *service, uint64_t copy, const char *reason,
    struct error *err)
{
	const struct closing closing = {
	    .among = {.copy = copy}, .reason = "expired"};
	struct query_copy_filter self = {.copy = copy};
	struct manifest_header header = {.generation = ""};

	if (query_copies(service->catalog, CATALOG_NOW, &self, note_generation,
		&header, err) != 0 ||
	    closing_run(service, &closing, NULL, err) != 0)
		return -1;
	if (ledger_append(service,
		json_pack("{s:s, s:s, s:I, s:s}", "type", "copy", "event",
		    "expired", "copy", (json_int_t)copy, "reason", reason),
		NULL, err) != 0)
		return -1;
	return match_expired(service, header.generation, err);
}

/* Whether a copy is there, and may be declared to be gone. */
struct asking {
	const struct config *config;
	bool is_known, is_gone;
};

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct asking *asking = context;
	const struct config_source *source =
	    config_find_source(asking->config, row->source);

	(void)err;
	asking->is_known = true;
	/* What lies on another medium now is another copy. */
	asking->is_gone = strcmp(row->state, "missing") == 0 ||
			  source == NULL ||
			  strcmp(source->medium_id, row->medium) != 0;
	return 0;
}

int
expiry_declare(struct service *service, uint64_t copy, struct error *err)
{
	struct query_copy_filter filter = {.copy = copy};
	struct asking asking = {.config = service->config};

	if (query_copies(service->catalog, CATALOG_NOW, &filter, look_at_copy,
		&asking, err) != 0)
		return -1;
	if (copy == 0 || !asking.is_known)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such copy"));
	if (!asking.is_gone)
		return error_set(err, ERROR_EXISTS,
		    _("the copy is still there; only one that is missing can "
		      "be recorded as expired"));
	if (ledger_begin(service, err) != 0)
		return -1;
	if (expiry_write(service, copy, "declared", err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}
