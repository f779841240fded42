#include "daemon/control_media.h"

#include <string.h>

#include "daemon/ledger.h"
#include "daemon/media.h"
#include "daemon/words.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/store/query_media.h"

void
control_media_add_live(const struct service *service, json_t *medium)
{
	const char *id = json_string_value(json_object_get(medium, "id"));
	struct media_view view;
	struct error err = {0};

	if (id == NULL || media_look_up(service->media, id, &view, &err) != 0)
		return;
	(void)json_object_set_new(
	    medium, "phase", json_string(media_phase_name(view.phase)));
	(void)json_object_set_new(
	    medium, "jobs", json_integer((json_int_t)view.jobs));
	(void)json_object_set_new(medium, "is_cut", json_boolean(view.is_cut));
	(void)json_object_set_new(
	    medium, "is_released", json_boolean(view.is_released));
	(void)json_object_set_new(
	    medium, "is_removable_now", json_boolean(view.is_removable_now));
	(void)json_object_set_new(
	    medium, "is_looked", json_boolean(view.is_looked));
}

/* The same, and what was before this start says nothing of now. */
static void
add_present(const struct service *service, json_t *medium)
{
	const char *id = json_string_value(json_object_get(medium, "id"));
	struct media_view view;
	struct error err = {0};

	control_media_add_live(service, medium);
	if (id != NULL && media_look_up(service->media, id, &view, &err) == 0 &&
	    !view.is_looked)
		(void)json_object_set_new(
		    medium, "state", json_string("unknown"));
}

int
control_media_list(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	json_t *medium;
	size_t i;

	if (control_call_document(call, ret_reply, ret_run, err) != 0)
		return -1;
	json_array_foreach(json_object_get(*ret_reply, "media"), i, medium)
	{
		add_present(call->service, medium);
	}
	return 0;
}

int
control_media_show(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	if (control_call_document(call, ret_reply, ret_run, err) != 0)
		return -1;
	add_present(call->service, json_object_get(*ret_reply, "medium"));
	return 0;
}

int
control_media_release(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *medium = control_call_text(call, "medium");
	struct media_view view;

	(void)ret_run;
	if (media_release(call->service->media, medium, err) != 0 ||
	    media_look_up(call->service->media, medium, &view, err) != 0)
		return -1;
	*ret_reply = json_pack("{s:s, s:I, s:b}", "state",
	    media_state_name(view.state), "jobs", (json_int_t)view.jobs,
	    "is_removable_now", (int)view.is_removable_now);
	return 0;
}

/* What a person says goes into the journal as it is: one line. */
static int
set_words(json_t *entry, const struct control_call *call, const char *name,
    bool is_needed, struct error *err)
{
	const char *text = control_call_text(call, name);

	if (!is_needed && (text == NULL || text[0] == '\0'))
		return 0;
	if (words_check(text, name, err) != 0)
		return -1;
	if (json_object_set_new(entry, name, json_string(text)) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
take_custody(const struct query_custody *row, void *context, struct error *err)
{
	json_t **custody = context;

	(void)err;
	*custody = json_object();
	(void)json_object_set_new(*custody, "holder",
	    json_of_bytes(row->holder, strlen(row->holder)));
	(void)json_object_set_new(
	    *custody, "place", json_of_bytes(row->place, strlen(row->place)));
	return 1;
}

static int
take_retired(
    const struct query_medium_event *row, void *context, struct error *err)
{
	int64_t *at = context;

	(void)err;
	*at = row->at;
	return 1;
}

/*
 * What the ledger says of the medium before the entry: who has it (NULL: nobody
 * took it), when it was taken out of service (0: it was not).
 */
static int
look_up_ledger(const struct control_call *call, json_t **ret_custody,
    int64_t *ret_retired_at, struct error *err)
{
	struct catalog *catalog = call->service->catalog;
	const char *medium = control_call_text(call, "medium");
	const struct query_medium_event_filter retired = {
	    .medium = medium, .event = "retired", .limit = 1};

	*ret_custody = NULL;
	*ret_retired_at = 0;
	return query_custody(catalog, CATALOG_NOW, medium, take_custody,
		   ret_custody, err) != 0 ||
		       query_medium_events(catalog, CATALOG_NOW, &retired,
			   take_retired, ret_retired_at, err) != 0
		   ? -1
		   : 0;
}

/* Takes the entry over. */
static int
write_event(const struct control_call *call, json_t *entry, json_t **ret_reply,
    struct error *err)
{
	struct service *service = call->service;
	const char *medium = control_call_text(call, "medium");
	struct media_view view;
	json_t *custody = NULL;
	int64_t retired_at;
	uint64_t seq;

	if (media_look_up(service->media, medium, &view, err) != 0 ||
	    look_up_ledger(call, &custody, &retired_at, err) != 0) {
		json_decref(custody);
		json_decref(entry);
		return -1;
	}
	if (ledger_append_alone(service, entry, &seq, err) != 0) {
		json_decref(custody);
		return -1;
	}
	media_handed(service->media);
	*ret_reply = json_pack("{s:I, s:s}", "entry", (json_int_t)seq, "state",
	    media_state_name(view.state));
	if (custody != NULL)
		(void)json_object_set_new(*ret_reply, "former", custody);
	if (retired_at != 0)
		(void)json_object_set_new(
		    *ret_reply, "retired_at", json_integer(retired_at));
	return 0;
}

static json_t *
begin_event(const struct control_call *call, const char *event)
{
	return json_pack("{s:s, s:s, s:s}", "type", "medium", "event", event,
	    "medium", control_call_text(call, "medium"));
}

/* When it is to be back; 0: nobody said. */
static int
check_ahead(uint64_t until, struct error *err)
{
	if (until != 0 && (int64_t)until <= clock_wall_ms())
		return error_set(
		    err, ERROR_USAGE, _("--until: that time is over already"));
	return 0;
}

int
control_media_checkout(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	json_t *entry = begin_event(call, "checkout");
	uint64_t until = control_call_number(call, "until");

	(void)ret_run;
	if (set_words(entry, call, "by", true, err) != 0 ||
	    set_words(entry, call, "holder", true, err) != 0 ||
	    set_words(entry, call, "place", true, err) != 0 ||
	    set_words(entry, call, "note", false, err) != 0 ||
	    check_ahead(until, err) != 0) {
		json_decref(entry);
		return -1;
	}
	if (until != 0)
		(void)json_object_set_new(
		    entry, "until", json_integer((json_int_t)until));
	return write_event(call, entry, ret_reply, err);
}

/* With whoever does it, and where; NULL where that is not said well. */
static json_t *
plain_event(
    const struct control_call *call, const char *event, struct error *err)
{
	json_t *entry = begin_event(call, event);

	if (set_words(entry, call, "by", true, err) != 0 ||
	    set_words(entry, call, "place", false, err) != 0 ||
	    set_words(entry, call, "note", false, err) != 0) {
		json_decref(entry);
		return NULL;
	}
	return entry;
}

int
control_media_checkin(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	const char *medium = control_call_text(call, "medium");
	struct media_view view;
	json_t *entry = plain_event(call, "checkin", err), *custody = NULL;
	int64_t retired_at;
	int rc = -1;

	(void)ret_run;
	if (entry == NULL ||
	    media_look_up(call->service->media, medium, &view, err) != 0 ||
	    look_up_ledger(call, &custody, &retired_at, err) != 0)
		goto out;
	/* The ledger says nothing that did not happen. */
	if (custody == NULL)
		rc = error_set(err, ERROR_USAGE,
		    _("%s is not checked out: nobody can bring it back"),
		    medium);
	else
		rc = write_event(call, json_incref(entry), ret_reply, err);
out:
	json_decref(custody);
	json_decref(entry);
	return rc;
}

int
control_media_retire(const struct control_call *call, json_t **ret_reply,
    uint64_t *ret_run, struct error *err)
{
	json_t *entry = plain_event(call, "retired", err);

	(void)ret_run;
	return entry == NULL ? -1 : write_event(call, entry, ret_reply, err);
}
