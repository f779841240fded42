/* Lists: one row of the store, one object. */
#include "lib/output/document_row.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/finding.h"
#include "lib/model/sealing.h"

/* Generations with an open finding of suspicious content. */
static int
note_suspect(const struct query_finding *row, void *context, struct error *err)
{
	if (row->generation != NULL &&
	    json_object_set_new(context, row->generation, json_true()) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

struct generations {
	struct document_list list;
	json_t *suspects;
};

void
document_row_generation(
    struct document_row *row, const struct query_generation *generation)
{
	document_row_begin(row);
	document_row_text(row, "id", generation->id);
	document_row_text(row, "system", generation->system);
	document_row_instant(row, "taken_at", generation->taken_at);
	document_row_text(row, "time_from", generation->time_from);
	document_row_text(row, "verdict", generation->verdict);
	document_row_number(row, "copies", generation->copies);
	document_row_number(row, "intact", generation->intact);
	document_row_number(row, "damaged", generation->damaged);
	document_row_number(row, "undetermined", generation->undetermined);
	document_row_number(row, "missing", generation->missing);
	document_row_number(row, "bytes", generation->bytes);
	document_row_instant(row, "oldest_read_at", generation->oldest_read_at);
	document_row_text(row, "match", generation->match);
}

static int
add_generation(
    const struct query_generation *generation, void *context, struct error *err)
{
	struct generations *generations = context;
	struct document_row row;

	document_row_generation(&row, generation);
	document_row_flag(&row, "is_suspicious",
	    json_object_get(generations->suspects, generation->id) != NULL);
	return document_list_add(&generations->list, &row, err);
}

int
document_generations(const struct document_context *context, const char *system,
    json_t **ret, struct error *err)
{
	const struct query_finding_filter suspicions = {
	    .only_open = true,
	    .code = finding_name(FINDING_SUSPICIOUS_CONTENT),
	};
	struct generations generations = {.suspects = json_object()};
	int rc;

	if (document_list_begin(&generations.list, context, err) != 0) {
		json_decref(generations.suspects);
		return -1;
	}
	rc = query_findings(context->catalog, context->at, &suspicions,
	    note_suspect, generations.suspects, err);
	if (rc == 0)
		rc = query_generations(context->catalog, context->at, system,
		    add_generation, &generations, err);
	json_decref(generations.suspects);
	return document_list_end(
	    &generations.list, "generations", rc, ret, err);
}

/* How many files are encrypted, of how many. */
static void
add_sealing(struct document_row *row, const struct sealing *sealing)
{
	struct document_row inner;

	document_row_begin(&inner);
	document_row_text(
	    &inner, "state", sealing_state_name(sealing_state(sealing)));
	document_row_number(&inner, "files", sealing_files(sealing));
	document_row_number(&inner, "encrypted", sealing->sealed);
	document_row_number(&inner, "plain", sealing->plain);
	document_row_number(&inner, "aside", sealing->aside);
	document_row_number(&inner, "unclear", sealing->unclear);
	document_row_number(&inner, "unseen", sealing->unseen);
	document_row_value(row, "encryption", inner.object);
}

static void
describe_copy(struct document_row *row, const struct document_context *context,
    const struct query_copy *copy)
{
	document_row_begin(row);
	document_row_number(row, "id", copy->id);
	document_row_text(row, "generation", copy->generation);
	document_row_text(row, "system", copy->system);
	document_row_text(row, "medium", copy->medium);
	document_row_text(row, "source", copy->source);
	document_row_text(row, "layout", copy->layout);
	document_row_name(row, context, copy->subject);
	document_row_instant(row, "taken_at", copy->taken_at);
	document_row_text(row, "state", copy->state);
	document_row_text(row, "reason", copy->reason);
	document_row_text(row, "verdict", copy->verdict);
	document_row_number(row, "findings",
	    copy->findings_damaged + copy->findings_undetermined);
	if (copy->manifest == 0)
		return;
	document_row_number(row, "manifest", copy->manifest);
	document_row_number(row, "version", copy->version);
	document_row_instant(row, "captured_at", copy->captured_at);
	document_row_number(row, "files", copy->files);
	document_row_number(row, "entries", copy->entries);
	document_row_number(row, "bytes", copy->bytes);
	document_row_number(row, "unconfirmed_bytes", copy->unconfirmed_bytes);
	document_row_number(row, "unread", copy->problems);
	document_row_text(row, "content", copy->content);
	document_row_text(row, "members", copy->members);
	document_row_text(row, "foreign", copy->foreign);
	if (copy->has_sealing)
		add_sealing(row, &copy->sealing);
	document_row_number(row, "slices", copy->slices);
	document_row_number(row, "slices_intact", copy->intact);
	document_row_number(row, "slices_damaged", copy->damaged);
	document_row_number(row, "slices_undetermined", copy->undetermined);
	document_row_instant(row, "oldest_read_at", copy->oldest_read_at);
}

static int
add_copy(const struct query_copy *copy, void *context, struct error *err)
{
	struct document_list *list = context;
	struct document_row row;

	describe_copy(&row, list->context, copy);
	return document_list_add(list, &row, err);
}

int
document_row_copy(const struct document_context *context,
    const struct query_copy *copy, json_t **ret, struct error *err)
{
	struct document_row row;

	describe_copy(&row, context, copy);
	return document_row_end(&row, ret, err);
}

int
document_copies(const struct document_context *context,
    const struct query_copy_filter *filter, json_t **ret, struct error *err)
{
	struct document_list list;

	if (document_list_begin(&list, context, err) != 0)
		return -1;
	return document_list_end(&list, "copies",
	    query_copies(
		context->catalog, context->at, filter, add_copy, &list, err),
	    ret, err);
}

/* How many more it stands for: see gathering. */
static uint64_t
count_more(const struct query_finding *finding)
{
	uint64_t more = 0;
	json_t *detail;

	if (finding->detail == NULL ||
	    strstr(finding->detail, "\"more\"") == NULL)
		return 0;
	detail = json_parse(finding->detail, strlen(finding->detail), NULL);
	if (detail == NULL || json_get_u64(detail, "more", &more) != 0)
		more = 0;
	json_decref(detail);
	return more;
}

static void
describe_finding(struct document_row *row,
    const struct document_context *context, const struct query_finding *finding)
{
	document_row_begin(row);
	document_row_number(row, "id", finding->id);
	document_row_text(row, "code", finding->code);
	document_row_text(row, "verdict", finding->verdict);
	document_row_text(row, "severity", finding->severity);
	document_row_flag(row, "is_open", finding->is_open);
	document_row_text(row, "generation", finding->generation);
	document_row_text(row, "system", finding->system);
	document_row_text(row, "medium", finding->medium);
	document_row_text(row, "source", finding->source);
	if (finding->copy != 0)
		document_row_number(row, "copy", finding->copy);
	if (finding->manifest != 0)
		document_row_number(row, "manifest", finding->manifest);
	if (finding->slice >= 0)
		document_row_number(row, "slice", (uint64_t)finding->slice);
	document_row_name(row, context, finding->subject);
	document_row_number(row, "times", finding->times);
	document_row_instant(row, "opened_at", finding->opened_at);
	document_row_instant(row, "last_at", finding->last_at);
	document_row_text(row, "closed_because", finding->reason);
	document_row_text(row, "by", finding->by);
	document_row_text(row, "note", finding->note);
	if (count_more(finding) > 0)
		document_row_number(row, "more", count_more(finding));
}

static int
add_finding(
    const struct query_finding *finding, void *context, struct error *err)
{
	struct document_list *list = context;
	struct document_row row;

	describe_finding(&row, list->context, finding);
	return document_list_add(list, &row, err);
}

static int
add_file(const struct query_file *file, void *context, struct error *err)
{
	struct document_list *list = context;
	struct document_row row;

	document_row_begin(&row);
	document_row_text(&row, "kind", file->kind);
	document_row_name(&row, list->context, file->subject);
	return document_list_add(list, &row, err);
}

/* The files that it names; no member where it names none. */
static int
add_files(struct document_row *row, const struct document_context *context,
    const struct query_finding *finding, struct error *err)
{
	struct document_list list;

	if (document_list_begin(&list, context, err) != 0)
		return -1;
	if (query_finding_files(context->catalog, context->at, finding->id,
		add_file, &list, err) != 0) {
		json_decref(list.array);
		return -1;
	}
	if (json_array_size(list.array) > 0)
		document_row_value(row, "files", list.array);
	else
		json_decref(list.array);
	return 0;
}

int
document_row_finding(const struct document_context *context,
    const struct query_finding *finding, json_t **ret, struct error *err)
{
	struct document_row row;
	json_t *detail;

	describe_finding(&row, context, finding);
	if (finding->detail != NULL) {
		detail =
		    json_parse(finding->detail, strlen(finding->detail), NULL);
		document_row_value(&row, "detail", detail);
	}
	if (add_files(&row, context, finding, err) != 0) {
		json_decref(row.object);
		return -1;
	}
	return document_row_end(&row, ret, err);
}

int
document_findings(const struct document_context *context,
    const struct query_finding_filter *filter, json_t **ret, struct error *err)
{
	struct document_list list;

	if (document_list_begin(&list, context, err) != 0)
		return -1;
	return document_list_end(&list, "findings",
	    query_findings(
		context->catalog, context->at, filter, add_finding, &list, err),
	    ret, err);
}
