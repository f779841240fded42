#include "daemon/ledger.h"
#include "daemon/runs_internal.h"

const char *
runs_entry_canary(enum canary_state state)
{
	switch (state) {
	case CANARY_NOT_RUN:
		return "not-run";
	case CANARY_REPORTED:
		return "reported";
	case CANARY_MISSED:
		return "missed";
	}
	return "not-run";
}

int
runs_entry_end(struct run *run, const char *outcome, struct error *err)
{
	struct service *service = run->runs->service;
	const struct runs_view *view = &run->view;
	uint64_t id;

	if (run->canary_state == CANARY_MISSED) {
		struct ledger_finding finding = {
		    .code = FINDING_CANARY_PASSED, .slice = -1};

		if (ledger_finding(service, &finding, &id, err) != 0)
			return -1;
	}
	if (run->canary_state == CANARY_REPORTED) {
		struct ledger_finding finding = {
		    .code = FINDING_CANARY_PASSED, .slice = -1};

		if (ledger_close_code(service, &finding, "resolved", err) != 0)
			return -1;
	}
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:s, s:s, s:I, s:I, s:{s:I, s:I, s:I}}",
		"type", "run", "event", "end", "run", (json_int_t)view->id,
		"outcome", outcome, "canary",
		runs_entry_canary(run->canary_state), "bytes",
		(json_int_t)view->bytes_done, "bytes_read",
		(json_int_t)view->bytes_read, "slices", "intact",
		(json_int_t)view->intact, "damaged", (json_int_t)view->damaged,
		"undetermined", (json_int_t)view->undetermined),
	    NULL, err);
}

static void
set_text(json_t *object, const char *key, const char *value)
{
	if (value != NULL)
		(void)json_object_set_new(object, key, json_string(value));
}

int
runs_entry_begin(
    struct run *run, const struct runs_request *request, struct error *err)
{
	static const char *const triggers[] = {
	    [RUNS_MANUAL] = "manual",
	    [RUNS_COVERAGE] = "coverage",
	    [RUNS_CAPTURE] = "capture",
	    [RUNS_ATTACH] = "attach",
	};
	static const char *const levels[] = {
	    [RUNS_QUICK] = "quick",
	    [RUNS_FULL] = "full",
	    [RUNS_MEMBERS] = "members",
	};
	struct service *service = run->runs->service;
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s}", "type", "run",
	    "event", "begin", "trigger", triggers[request->trigger], "level",
	    levels[request->level]);

	set_text(entry, "system", request->system);
	set_text(entry, "medium", request->medium);
	set_text(entry, "source", request->source);
	set_text(entry, "generation", request->generation);
	if (request->copy != 0)
		(void)json_object_set_new(
		    entry, "copy", json_integer((json_int_t)request->copy));
	return ledger_append_alone(service, entry, &run->view.id, err);
}
