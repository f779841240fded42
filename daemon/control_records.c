#include "daemon/control_records.h"

#include "daemon/acceptance.h"
#include "daemon/ledger.h"
#include "daemon/selfcheck.h"
#include "daemon/words.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/output/document.h"

int
control_records_accept(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	(void)ret_run;
	if (acceptance_declare(call->service,
		control_call_number(call, "finding"),
		control_call_text(call, "by"), control_call_text(call, "note"),
		err) != 0)
		return -1;
	*ret_reply = json_object();
	if (*ret_reply == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

/* The answer is recorded before it is given. */
static int
record(const struct control_call *call, const struct preflight *preflight,
    struct error *err)
{
	struct service *service = call->service;
	const char *note = control_call_text(call, "note");
	json_t *entry = json_pack("{s:s, s:s, s:I, s:s, s:s, s:s}", "type",
	    "preflight", "system", preflight->system, "max_age_ms",
	    (json_int_t)preflight->max_age_ms, "by",
	    control_call_text(call, "by"), "outcome",
	    verdict_exit_name(preflight->status), "reason", preflight->reason);

	if (note != NULL)
		(void)json_object_set_new(entry, "note", json_string(note));
	if (preflight->generation[0] != '\0')
		(void)json_object_set_new(
		    entry, "generation", json_string(preflight->generation));
	return ledger_append_alone(service, entry, NULL, err);
}

int
control_records_preflight(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const struct preflight_question question = {
	    .at = CATALOG_NOW,
	    .now = clock_wall_ms(),
	    .max_age_ms = (int64_t)control_call_number(call, "max_age_ms"),
	    .system = control_call_text(call, "system"),
	};
	struct preflight preflight;

	(void)ret_run;
	if (question.max_age_ms <= 0)
		return error_set(err, ERROR_USAGE, "max_age_ms");
	if (words_check(control_call_text(call, "by"), "by", err) != 0 ||
	    words_check_optional(
		control_call_text(call, "note"), "note", err) != 0)
		return -1;
	if (preflight_judge(
		call->service->catalog, &question, &preflight, err) != 0 ||
	    record(call, &preflight, err) != 0)
		return -1;
	return document_preflight(&preflight, ret_reply, err);
}

int
control_records_selfcheck(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	(void)ret_reply;
	return selfcheck_ask(call->service, ret_run, err) == 0 ? 1 : -1;
}
