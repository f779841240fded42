#include "lib/output/document_media.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/inventory.h"
#include "lib/os/identity.h"
#include "lib/output/document_row.h"
#include "lib/store/query_media.h"

/* A list under construction; the medium that rows are being added to. */
struct building {
	const struct document_context *context;
	json_t *array;
	const char *only; /* NULL: all */
	struct document_row row;
	int64_t newest_at;
};

static int
take_state(
    const struct query_medium_state *state, void *context, struct error *err)
{
	struct document_row *row = &((struct building *)context)->row;

	(void)err;
	document_row_text(row, "state", state->state);
	document_row_text(row, "reason", state->reason);
	document_row_flag(row, "in_reach", state->in_reach);
	document_row_instant(row, "since", state->at);
	document_row_instant(row, "attached_at", state->attached_at);
	document_row_instant(row, "seen_at", state->seen_at);
	document_row_text(row, "filesystem", state->filesystem);
	document_row_text(row, "uuid", state->uuid);
	document_row_text(row, "serial", state->serial);
	document_row_text(row, "disks", state->disks);
	document_row_text(row, "transport", state->transport);
	document_row_text(row, "reach", state->reach);
	document_row_text(row, "encrypted", state->encrypted);
	document_row_flag(row, "read_only", state->read_only);
	document_row_flag(row, "device_read_only", state->device_read_only);
	document_row_flag(row, "removable", state->removable);
	document_row_flag(row, "rotational", state->rotational);
	if (state->capacity >= 0)
		document_row_number(row, "capacity", (uint64_t)state->capacity);
	if (state->free >= 0)
		document_row_number(row, "free", (uint64_t)state->free);
	document_row_text(row, "stamp", state->stamp);
	return 0;
}

static int
take_custody(
    const struct query_custody *custody, void *context, struct error *err)
{
	struct building *building = context;
	struct document_row row;
	json_t *object;

	document_row_begin(&row);
	document_row_text(&row, "by", custody->by);
	document_row_text(&row, "holder", custody->holder);
	document_row_text(&row, "place", custody->place);
	document_row_instant(&row, "at", custody->at);
	document_row_instant(&row, "until", custody->until);
	document_row_text(&row, "note", custody->note);
	if (document_row_end(&row, &object, err) != 0)
		return -1;
	document_row_value(&building->row, "custody", object);
	return 0;
}

static int
add_protection(
    const struct query_protection *protection, void *context, struct error *err)
{
	struct document_row row;
	json_t *object;

	document_row_begin(&row);
	document_row_text(&row, "method", protection->method);
	document_row_text(&row, "result", protection->result);
	document_row_text(&row, "reason", protection->reason);
	document_row_instant(&row, "at", protection->at);
	if (document_row_end(&row, &object, err) != 0)
		return -1;
	if (json_array_append_new(context, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

/* In reach from one state to the next, within the window. */
struct exposure {
	int64_t from, now, at, sum;
	bool is_open;
};

static void
close_span(struct exposure *exposure, int64_t until)
{
	int64_t from =
	    exposure->at > exposure->from ? exposure->at : exposure->from;

	if (exposure->is_open && until > from)
		exposure->sum += until - from;
}

static int
take_span(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct exposure *exposure = context;

	(void)err;
	close_span(exposure, row->at);
	exposure->at = row->at;
	exposure->is_open = row->in_reach;
	return 0;
}

static int
add_exposure(struct building *building, const char *id, struct error *err)
{
	const struct document_context *context = building->context;
	struct exposure exposure = {
	    .from = context->now - DOCUMENT_MEDIA_EXPOSURE_MS,
	    .now = context->now,
	};
	struct query_medium_history filter = {id, exposure.from};

	if (query_medium_history(context->catalog, context->at, &filter,
		take_span, &exposure, err) != 0)
		return -1;
	close_span(&exposure, context->now);
	document_row_number(
	    &building->row, "exposure_ms", (uint64_t)exposure.sum);
	return 0;
}

static int
take_copy(const struct query_copy *copy, void *context, struct error *err)
{
	int64_t *newest_at = context;

	(void)err;
	if (strcmp(copy->state, "missing") != 0 && copy->taken_at > *newest_at)
		*newest_at = copy->taken_at;
	return 0;
}

static int
add_coverage(struct building *building, const char *id, struct error *err)
{
	const struct document_context *context = building->context;
	struct query_copy_filter filter = {.medium = id};
	struct query_coverage coverage;
	int64_t newest_at = QUERY_NEVER;
	struct document_row *row = &building->row;

	if (query_coverage(context->catalog, context->at, id, &coverage, err) !=
		0 ||
	    query_copies(context->catalog, context->at, &filter, take_copy,
		&newest_at, err) != 0)
		return -1;
	document_row_number(row, "copies", coverage.copies);
	document_row_number(row, "missing", coverage.missing);
	document_row_number(row, "settling", coverage.settling);
	document_row_number(row, "bytes", coverage.bytes);
	document_row_instant(row, "newest_at", newest_at);
	document_row_instant(row, "oldest_read_at", coverage.oldest_read_at);
	return 0;
}

static int
take_last(
    const struct query_medium_event *event, void *context, struct error *err)
{
	struct building *building = context;

	(void)err;
	document_row_instant(&building->row, "retired_at", event->at);
	return 1;
}

static void
add_configured(struct document_row *row, const struct query_medium *medium,
    const struct document_context *context)
{
	const struct config_medium *named =
	    context->config == NULL
		? NULL
		: config_find_medium(context->config, medium->id);

	document_row_text(row, "id", medium->id);
	document_row_text(row, "name", named == NULL ? NULL : named->name);
	document_row_text(row, "kind", medium->kind);
	document_row_text(row, "offline", medium->offline);
	document_row_flag(row, "offsite", medium->is_offsite);
	document_row_text(row, "location", medium->location);
	if (medium->max_attached_ms > 0)
		document_row_instant(
		    row, "max_attached_ms", medium->max_attached_ms);
}

static int
add_facts(struct building *building, const char *id, struct error *err)
{
	const struct document_context *context = building->context;
	struct query_medium_event_filter retired = {
	    .medium = id, .event = "retired", .limit = 1};
	json_t *protections = json_array();
	bool is_retired;

	if (inventory_media_is_retired(
		context->catalog, context->at, id, &is_retired, err) != 0 ||
	    query_medium_states(context->catalog, context->at, id, take_state,
		building, err) != 0 ||
	    add_coverage(building, id, err) != 0 ||
	    add_exposure(building, id, err) != 0 ||
	    query_custody(context->catalog, context->at, id, take_custody,
		building, err) != 0 ||
	    query_medium_events(context->catalog, context->at, &retired,
		take_last, building, err) != 0 ||
	    query_protections(context->catalog, context->at, id, add_protection,
		protections, err) != 0) {
		json_decref(protections);
		return -1;
	}
	document_row_value(&building->row, "protections", protections);
	document_row_value(
	    &building->row, "is_retired", json_boolean(is_retired));
	return 0;
}

static int
add_medium(const struct query_medium *medium, void *context, struct error *err)
{
	struct building *building = context;
	json_t *object;

	if (building->only != NULL && strcmp(building->only, medium->id) != 0)
		return 0;
	document_row_begin(&building->row);
	add_configured(&building->row, medium, building->context);
	if (add_facts(building, medium->id, err) != 0) {
		json_decref(building->row.object);
		return -1;
	}
	if (json_object_get(building->row.object, "state") == NULL)
		document_row_text(&building->row, "state", "unknown");
	if (document_row_end(&building->row, &object, err) != 0)
		return -1;
	if (json_array_append_new(building->array, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* Two media on the same disks are one thing (DESIGN section 6). */
static void
note_shared(json_t *media)
{
	json_t *one, *other;
	size_t i, j;

	json_array_foreach(media, i, one)
	{
		json_t *shared = json_array();
		const char *disks = text_of(one, "disks");

		json_array_foreach(media, j, other)
		{
			const char *others = text_of(other, "disks");

			if (i != j && disks != NULL && others != NULL &&
			    identity_shares_disk(disks, others))
				(void)json_array_append(
				    shared, json_object_get(other, "id"));
		}
		if (json_array_size(shared) > 0)
			(void)json_object_set(one, "shares_disk_with", shared);
		json_decref(shared);
	}
}

static int
list_media(const struct document_context *context, const char *only,
    json_t **ret_array, struct error *err)
{
	struct building building = {
	    .context = context, .array = json_array(), .only = only};

	if (query_media(context->catalog, context->at, add_medium, &building,
		err) != 0) {
		json_decref(building.array);
		return -1;
	}
	*ret_array = building.array;
	return 0;
}

int
document_media(
    const struct document_context *context, json_t **ret, struct error *err)
{
	json_t *media;

	if (list_media(context, NULL, &media, err) != 0)
		return -1;
	note_shared(media);
	*ret = json_pack("{s:o}", "media", media);
	return *ret == NULL ? error_set(err, ERROR_INTERNAL, _("out of memory"))
			    : 0;
}

static int
add_span(const struct query_medium_state *row, void *context, struct error *err)
{
	struct building building = {.array = context};
	json_t *object;

	document_row_begin(&building.row);
	if (take_state(row, &building, err) != 0 ||
	    document_row_end(&building.row, &object, err) != 0)
		return -1;
	/* The newest first. */
	if (json_array_insert_new(context, 0, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
add_event(
    const struct query_medium_event *event, void *context, struct error *err)
{
	struct document_row row;
	json_t *object;

	document_row_begin(&row);
	document_row_instant(&row, "at", event->at);
	document_row_text(&row, "event", event->event);
	document_row_text(&row, "by", event->by);
	document_row_text(&row, "holder", event->holder);
	document_row_text(&row, "place", event->place);
	document_row_instant(&row, "until", event->until);
	document_row_text(&row, "note", event->note);
	document_row_text(&row, "result", event->result);
	if (event->detail != NULL)
		document_row_value(&row, "detail",
		    json_parse(event->detail, strlen(event->detail), NULL));
	if (document_row_end(&row, &object, err) != 0)
		return -1;
	if (json_array_append_new(context, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

int
document_medium(const struct document_context *context, const char *id,
    json_t **ret, struct error *err)
{
	uint64_t limit = context->limit > 0 ? context->limit : DOCUMENT_LIMIT;
	struct query_medium_history history_filter = {
	    id, context->now - DOCUMENT_MEDIA_EXPOSURE_MS};
	struct query_medium_event_filter event_filter = {
	    .medium = id, .limit = limit};
	json_t *media = NULL, *history = json_array(), *events = json_array();
	int rc = -1;

	if (list_media(context, id, &media, err) != 0)
		goto out;
	if (json_array_size(media) == 0) {
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("there is no such medium in the configuration"));
		goto out;
	}
	if (query_medium_history(context->catalog, context->at, &history_filter,
		add_span, history, err) != 0 ||
	    query_medium_events(context->catalog, context->at, &event_filter,
		add_event, events, err) != 0)
		goto out;
	*ret = json_pack("{s:O, s:O, s:O}", "medium", json_array_get(media, 0),
	    "history", history, "events", events);
	rc = *ret == NULL ? error_set(err, ERROR_INTERNAL, _("out of memory"))
			  : 0;
out:
	json_decref(media);
	json_decref(history);
	json_decref(events);
	return rc;
}
