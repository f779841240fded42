#include "daemon/refusal.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ledger.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

static int
record(struct service *service, struct error *err)
{
	struct ledger_finding finding = {
	    .code = FINDING_CONFIG_REFUSED, .slice = -1};
	uint64_t id;

	if (ledger_begin(service, err) == 0 &&
	    ledger_finding(service, &finding, &id, err) == 0 &&
	    ledger_commit(service, err) == 0)
		return 0;
	ledger_rollback(service);
	return -1;
}

void
refusal_note(struct service *service, const struct config_problems *problems)
{
	struct service_refusal *refusal = &service->refusal;
	struct error err = {0};

	if (refusal->since == 0)
		refusal->since = clock_wall_ms();
	(void)snprintf(refusal->said, sizeof(refusal->said), "%s",
	    problems->count > 0 ? problems->texts[0] : "");
	refusal->mistakes = problems->count + problems->omitted;
	/* One that could not be recorded is told from memory, and tried again
	 * at the next. */
	if (!refusal->is_recorded && record(service, &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	else
		refusal->is_recorded = true;
}

int
refusal_settle(struct service *service, struct error *err)
{
	const struct ledger_finding finding = {
	    .code = FINDING_CONFIG_REFUSED, .slice = -1};

	/* Where the rest fails, it is recorded anew. */
	service->refusal.is_recorded = false;
	return ledger_close_code(service, &finding, "resolved", err);
}

void
refusal_forget(struct service *service)
{
	service->refusal = (struct service_refusal){.since = 0};
}

static void
describe(const struct service_refusal *refusal, json_t *item)
{
	(void)json_object_set_new(
	    item, "refused_at", json_integer((json_int_t)refusal->since));
	(void)json_object_set_new(
	    item, "said", json_of_bytes(refusal->said, strlen(refusal->said)));
	(void)json_object_set_new(
	    item, "mistakes", json_of_u64(refusal->mistakes));
}

void
refusal_describe(const struct service *service, json_t *items)
{
	const char *name = finding_name(FINDING_CONFIG_REFUSED);
	const json_t *is_open;
	json_t *item;
	size_t i;

	if (!refusal_stands(service))
		return;
	json_array_foreach(items, i, item)
	{
		const char *code =
		    json_string_value(json_object_get(item, "code"));

		is_open = json_object_get(item, "is_open");
		if (code != NULL && strcmp(code, name) == 0 &&
		    !json_is_false(is_open))
			describe(&service->refusal, item);
	}
}
