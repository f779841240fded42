#include "daemon/control_drill.h"

#include <string.h>

#include "daemon/drill.h"
#include "daemon/ledger.h"
#include "daemon/words.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/store/query_drill.h"

int
control_drill_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *system = control_call_text(call, "system");

	if (control_call_document(call, ret_reply, ret_run, err) != 0)
		return -1;
	/* They are in no catalog: hikaed alone knows them. */
	if (json_object_set_new(*ret_reply, "waiting",
		drill_waiting_describe(call->service->drills, system)) == 0)
		return 0;
	json_decref(*ret_reply);
	return error_set(err, ERROR_INTERNAL, _("out of memory"));
}

json_t *
control_drill_describe_all(const struct service *service)
{
	return json_pack("{s:o, s:o}", "running",
	    drill_running_describe(service->drills), "waiting",
	    drill_waiting_describe(service->drills, NULL));
}

/* What stands in the way of signing, in words. */
struct look {
	bool is_known, is_ended, is_signed, has_improvement, is_improved;
};

static int
take_drill(const struct query_drill *row, void *context, struct error *err)
{
	struct look *look = context;

	(void)err;
	look->is_known = true;
	look->is_ended = row->is_ended;
	look->is_signed = row->signature_seq != 0;
	look->has_improvement = row->improvement != NULL;
	look->is_improved = row->improvement_seq != 0;
	return 1;
}

static int
look_at(const struct control_call *call, struct look *look, struct error *err)
{
	const struct query_drill_filter filter = {
	    .drill = control_call_number(call, "drill"), .limit = 1};

	if (query_drills(call->service->catalog, CATALOG_NOW, &filter,
		take_drill, look, err) != 0)
		return -1;
	if (filter.drill == 0 || !look->is_known)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such drill"));
	return 0;
}

/* Takes the entry's reference. */
static int
append(struct service *service, json_t *entry, json_t **ret_reply,
    struct error *err)
{
	uint64_t seq = 0;

	if (ledger_append_alone(service, entry, &seq, err) != 0)
		return -1;
	*ret_reply = json_pack("{s:I}", "entry", (json_int_t)seq);
	return 0;
}

static json_t *
entry_of(const struct control_call *call, const char *event)
{
	return json_pack("{s:s, s:s, s:I, s:s}", "type", "drill", "event",
	    event, "drill", (json_int_t)control_call_number(call, "drill"),
	    "by", control_call_text(call, "by"));
}

static void
set_text(const struct control_call *call, json_t *entry, const char *name)
{
	const char *text = control_call_text(call, name);

	if (text != NULL)
		(void)json_object_set_new(entry, name, json_string(text));
}

/* What people said must say something; they need not say all of it. */
static int
check_said(const struct control_call *call, struct error *err)
{
	static const char *const names[] = {
	    "by", "observation", "witness", "improvement", "note"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const char *text = control_call_text(call, names[i]);

		if (text != NULL && words_check_said(text, names[i], err) != 0)
			return -1;
	}
	return 0;
}

/* It is signed once, so a slip stays for good: it is refused. */
static int
check_signature(const struct control_call *call, struct error *err)
{
	const char *by = control_call_text(call, "by");
	const char *witness = control_call_text(call, "witness");
	uint64_t due = control_call_number(call, "due");

	if (witness != NULL && strcmp(by, witness) == 0)
		return error_set(err, ERROR_USAGE,
		    _("--witness: a witness is another than who signs"));
	if (due != 0 && (int64_t)due + CLOCK_DAY_MS < clock_wall_ms())
		return error_set(err, ERROR_USAGE,
		    _("--due: that day is over; until when is it to be "
		      "improved?"));
	return 0;
}

int
control_drill_sign(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	struct look look = {0};
	uint64_t due = control_call_number(call, "due");
	json_t *entry;

	(void)ret_run;
	if (check_said(call, err) != 0 || check_signature(call, err) != 0 ||
	    look_at(call, &look, err) != 0)
		return -1;
	if (!look.is_ended)
		return error_set(err, ERROR_UNAVAILABLE,
		    _("the drill is not over; it can be signed after its "
		      "end"));
	if (look.is_signed)
		return error_set(
		    err, ERROR_EXISTS, _("the drill is signed already"));
	entry = entry_of(call, "signed");
	set_text(call, entry, "witness");
	set_text(call, entry, "observation");
	set_text(call, entry, "improvement");
	if (due != 0)
		(void)json_object_set_new(
		    entry, "due", json_integer((json_int_t)due));
	return append(call->service, entry, ret_reply, err);
}

int
control_drill_improved(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	struct look look = {0};
	json_t *entry;

	(void)ret_run;
	if (check_said(call, err) != 0 || look_at(call, &look, err) != 0)
		return -1;
	if (!look.has_improvement)
		return error_set(err, ERROR_NOT_FOUND,
		    _("nothing was to be improved after that drill"));
	if (look.is_improved)
		return error_set(err, ERROR_EXISTS,
		    _("that improvement is recorded already"));
	entry = entry_of(call, "improved");
	set_text(call, entry, "note");
	return append(call->service, entry, ret_reply, err);
}
