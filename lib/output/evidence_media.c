/* The media ledger: how media stand, how they stood, who had them. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/document_media.h"
#include "lib/output/evidence_internal.h"
#include "lib/store/query_media.h"

static int
add_state(
    const struct query_medium_state *state, void *context, struct error *err)
{
	struct document_row row;

	document_row_begin(&row);
	document_row_text(&row, "row", "state");
	document_row_text(&row, "medium", state->medium);
	document_row_number(&row, "entry", state->from_seq);
	document_row_instant(&row, "at", state->at);
	document_row_text(&row, "state", state->state);
	document_row_text(&row, "reason", state->reason);
	document_row_flag(&row, "in_reach", state->in_reach);
	document_row_instant(&row, "attached_at", state->attached_at);
	document_row_instant(&row, "seen_at", state->seen_at);
	document_row_text(&row, "uuid", state->uuid);
	document_row_text(&row, "serial", state->serial);
	document_row_text(&row, "encrypted", state->encrypted);
	document_row_flag(&row, "read_only", state->read_only);
	document_row_text(&row, "stamp", state->stamp);
	return evidence_lines_end_row(context, &row, err);
}

/* A row with all members of an object. */
static int
add_object(struct evidence_making *making, const char *kind, json_t *object,
    struct error *err)
{
	if (json_object_set_new(object, "row", json_string(kind)) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return evidence_lines_add(making, json_incref(object), err);
}

static int
add_media(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	json_t *whole = NULL, *medium;
	size_t i;
	int rc;

	if (document_media(context, &whole, err) != 0)
		return -1;
	rc = 0;
	json_array_foreach(json_object_get(whole, "media"), i, medium)
	{
		const char *id =
		    json_string_value(json_object_get(medium, "id"));
		const struct query_medium_history filter = {
		    id, making->request->from};

		if (add_object(making, "medium", medium, err) != 0 ||
		    query_medium_history(context->catalog, context->at, &filter,
			add_state, making, err) != 0) {
			rc = -1;
			break;
		}
	}
	json_decref(whole);
	return rc;
}

/* All that was ever recorded: who took a medium may have it still. */
static int
add_event(
    const struct query_medium_event *event, void *context, struct error *err)
{
	struct document_row row;

	document_row_begin(&row);
	document_row_text(&row, "row", "event");
	document_row_text(&row, "medium", event->medium);
	document_row_number(&row, "entry", event->seq);
	document_row_instant(&row, "at", event->at);
	document_row_text(&row, "event", event->event);
	document_row_text(&row, "by", event->by);
	document_row_text(&row, "holder", event->holder);
	document_row_text(&row, "place", event->place);
	document_row_instant(&row, "until", event->until);
	document_row_text(&row, "result", event->result);
	document_row_text(&row, "note", event->note);
	if (event->detail != NULL)
		document_row_value(&row, "detail",
		    json_parse(event->detail, strlen(event->detail), NULL));
	return evidence_lines_end_row(context, &row, err);
}

int
evidence_put_media(struct evidence_making *making, struct error *err)
{
	const struct document_context *context = &making->context;
	const struct query_medium_event_filter filter = {.limit = 0};

	if (evidence_lines_open(making, "media", err) != 0 ||
	    add_media(making, err) != 0 ||
	    query_medium_events(context->catalog, context->at, &filter,
		add_event, making, err) != 0)
		return -1;
	return evidence_lines_close(making, err);
}
