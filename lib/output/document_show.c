/* One thing in full, whatever kind of number or id it was asked by. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/suspicion.h"
#include "lib/model/finding.h"
#include "lib/output/document_content.h"
#include "lib/output/document_row.h"
#include "lib/store/query_survey.h"

/* What is being looked for and put together. */
struct search {
	const struct document_context *context;
	uint64_t id;
	json_t *found; /* NULL: not yet */
	uint64_t manifest;
};

static int
add_slice(const struct query_slice *slice, void *context, struct error *err)
{
	struct document_row row;

	document_row_begin(&row);
	document_row_number(&row, "slice", slice->slice);
	document_row_number(&row, "entries", slice->entries);
	document_row_number(&row, "bytes", slice->bytes);
	document_row_text(&row, "verdict", slice->verdict);
	document_row_text(&row, "outcome", slice->outcome);
	document_row_text(&row, "basis", slice->basis);
	document_row_text(&row, "level", slice->level);
	document_row_text(&row, "mode", slice->mode);
	document_row_instant(&row, "tried_at", slice->tried_at);
	document_row_instant(&row, "read_at", slice->read_at);
	if (slice->run != 0)
		document_row_number(&row, "run", slice->run);
	return document_list_add(context, &row, err);
}

/* What was looked at, and what was seen. */
static int
add_survey(const struct query_survey *row, void *context, struct error *err)
{
	const struct survey *survey = &row->survey;
	const struct drift *drift = &row->drift;
	struct document_row inner;

	(void)err;
	if (row->has_survey) {
		document_row_begin(&inner);
		document_row_number(&inner, "files", survey->files);
		document_row_number(&inner, "carried", survey->carried);
		document_row_number(&inner, "bytes", survey->bytes);
		document_row_number(&inner, "known", survey->known);
		document_row_number(&inner, "claimed", survey->claimed);
		document_row_number(&inner, "mismatched", survey->mismatched);
		document_row_number(&inner, "noisy", survey->noisy);
		document_row_number(&inner, "notes", survey->notes);
		document_row_value(context, "survey", inner.object);
	}
	if (row->has_drift) {
		document_row_begin(&inner);
		document_row_number(&inner, "since", row->since);
		document_row_number(&inner, "before", drift->before);
		document_row_number(&inner, "same", drift->same);
		document_row_number(&inner, "changed", drift->changed);
		document_row_number(&inner, "vanished", drift->vanished);
		document_row_number(&inner, "appeared", drift->appeared);
		document_row_number(&inner, "extended", drift->extended);
		document_row_value(context, "drift", inner.object);
	}
	if (row->has_loss) {
		document_row_begin(&inner);
		document_row_number(&inner, "gone", row->loss.gone);
		document_row_number(&inner, "emptied", row->loss.emptied);
		document_row_number(&inner, "older", row->loss.older);
		document_row_number(&inner, "expired", row->loss.expired);
		document_row_value(context, "loss", inner.object);
	}
	return 1;
}

static int
add_manifest(
    const struct query_manifest *manifest, void *context, struct error *err)
{
	const struct document_list *list = context;
	struct document_row row;

	document_row_begin(&row);
	document_row_number(&row, "id", manifest->id);
	document_row_number(&row, "version", manifest->version);
	document_row_flag(&row, "is_current", manifest->superseded_seq == 0);
	document_row_text(&row, "sha256", manifest->sha256);
	document_row_text(&row, "content", manifest->content);
	document_row_text(&row, "mode", manifest->mode);
	document_row_number(&row, "slices", manifest->slices);
	document_row_number(&row, "entries", manifest->entries);
	document_row_number(&row, "files", manifest->files);
	document_row_number(&row, "bytes", manifest->bytes);
	document_row_number(&row, "bytes_read", manifest->bytes_read);
	document_row_number(&row, "unread", manifest->problems);
	document_row_instant(&row, "captured_at", manifest->captured_at);
	document_row_instant(&row, "oldest_reading", manifest->oldest_reading);
	document_row_text(&row, "members_state", manifest->members_state);
	document_row_text(&row, "foreign_kind", manifest->foreign_kind);
	document_row_text(&row, "foreign_result", manifest->foreign_result);
	if (query_survey(list->context->catalog, list->context->at,
		manifest->id, add_survey, &row, err) != 0 ||
	    document_content_add(&row, list->context, manifest->id, err) != 0) {
		json_decref(row.object);
		return -1;
	}
	return document_list_add(context, &row, err);
}

/* Put the members of `part` into `whole`, renaming its "is_cut". */
static int
merge(json_t *whole, json_t *part, const char *cut, struct error *err)
{
	json_t *is_cut = json_object_get(part, "is_cut");
	int rc = json_object_set(whole, cut, is_cut);

	(void)json_object_del(part, "is_cut");
	if (rc == 0)
		rc = json_object_update(whole, part);
	json_decref(part);
	if (rc != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
merge_manifests(struct search *search, json_t *copy, struct error *err)
{
	struct document_list list;
	json_t *part = NULL;

	if (document_list_begin(&list, search->context, err) != 0 ||
	    document_list_end(&list, "manifests",
		query_manifests(search->context->catalog, search->context->at,
		    search->id, add_manifest, &list, err),
		&part, err) != 0)
		return -1;
	return merge(copy, part, "manifests_cut", err);
}

static int
merge_slices(struct search *search, json_t *copy, struct error *err)
{
	struct document_list list;
	json_t *part = NULL;

	if (search->manifest == 0)
		return 0;
	if (document_list_begin(&list, search->context, err) != 0 ||
	    document_list_end(&list, "slices_read",
		query_slices(search->context->catalog, search->context->at,
		    search->manifest, add_slice, &list, err),
		&part, err) != 0)
		return -1;
	return merge(copy, part, "slices_cut", err);
}

static int
merge_findings(struct search *search, json_t *whole,
    const struct query_finding_filter *filter, struct error *err)
{
	json_t *part = NULL;

	if (document_findings(search->context, filter, &part, err) != 0)
		return -1;
	return merge(whole, part, "findings_cut", err);
}

static int
take_copy(const struct query_copy *copy, void *context, struct error *err)
{
	struct search *search = context;

	search->manifest = copy->manifest;
	return document_row_copy(search->context, copy, &search->found, err);
}

static int
take_finding(
    const struct query_finding *finding, void *context, struct error *err)
{
	struct search *search = context;

	return document_row_finding(
	    search->context, finding, &search->found, err);
}

/* Of suspicious content: what to go back to. */
static int
add_last_clean(struct search *search, struct error *err)
{
	const struct document_context *context = search->context;
	const char *code =
	    json_string_value(json_object_get(search->found, "code"));
	const char *generation =
	    json_string_value(json_object_get(search->found, "generation"));
	char id[SUSPICION_GENERATION_BYTES];
	int rc = 0;

	if (code == NULL || generation == NULL ||
	    strcmp(code, finding_name(FINDING_SUSPICIOUS_CONTENT)) != 0)
		return 0;
	rc = suspicion_last_clean(
	    context->catalog, context->at, generation, id, err);
	if (rc == 0 && id[0] != '\0' &&
	    json_object_set_new(search->found, "last_clean", json_string(id)) !=
		0)
		rc = error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (rc != 0)
		json_decref(search->found);
	return rc;
}

static int
take_run(const struct query_run *run, void *context, struct error *err)
{
	struct search *search = context;
	struct document_row row;

	if (run->id != search->id)
		return 0;
	document_row_begin(&row);
	document_row_number(&row, "id", run->id);
	document_row_text(&row, "trigger", run->trigger);
	document_row_text(&row, "level", run->level);
	document_row_text(&row, "system", run->system);
	document_row_text(&row, "medium", run->medium);
	document_row_text(&row, "source", run->source);
	document_row_text(&row, "generation", run->generation);
	document_row_instant(&row, "began_at", run->began_at);
	document_row_flag(&row, "is_ended", run->is_ended);
	document_row_instant(&row, "ended_at", run->ended_at);
	document_row_text(&row, "outcome", run->outcome);
	document_row_text(&row, "canary", run->canary);
	document_row_number(&row, "bytes", run->bytes);
	document_row_number(&row, "bytes_read", run->bytes_read);
	document_row_number(&row, "intact", run->intact);
	document_row_number(&row, "damaged", run->damaged);
	document_row_number(&row, "undetermined", run->undetermined);
	if (document_row_end(&row, &search->found, err) != 0)
		return -1;
	return 1;
}

/* {"KEY": found}, or nothing where it was not found. */
static int
wrap(struct search *search, const char *key, json_t **ret, struct error *err)
{
	if (search->found == NULL)
		return 0;
	*ret = json_pack("{s:o}", key, search->found);
	if (*ret == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

static int
show_copy(struct search *search, json_t **ret, struct error *err)
{
	const struct query_copy_filter filter = {.copy = search->id};
	const struct query_finding_filter open = {
	    .copy = search->id, .only_open = true};

	if (query_copies(search->context->catalog, search->context->at, &filter,
		take_copy, search, err) != 0)
		return -1;
	if (search->found == NULL)
		return 0;
	if (json_object_del(search->found, "findings") != 0 ||
	    merge_manifests(search, search->found, err) != 0 ||
	    merge_slices(search, search->found, err) != 0 ||
	    merge_findings(search, search->found, &open, err) != 0) {
		json_decref(search->found);
		return -1;
	}
	return wrap(search, "copy", ret, err);
}

static int
show_number(struct search *search, json_t **ret, struct error *err)
{
	static const struct query_run_filter all = {.limit = 0};
	const struct document_context *context = search->context;
	const struct query_finding_filter filter = {.finding = search->id};

	if (show_copy(search, ret, err) != 0)
		return -1;
	if (*ret != NULL)
		return 0;
	if (query_findings(context->catalog, context->at, &filter, take_finding,
		search, err) != 0 ||
	    add_last_clean(search, err) != 0 ||
	    wrap(search, "finding", ret, err) != 0)
		return -1;
	if (*ret != NULL)
		return 0;
	if (query_runs(context->catalog, context->at, &all, take_run, search,
		err) != 0)
		return -1;
	return wrap(search, "run", ret, err);
}

/* {"generation": ID, "copies": [...], "findings": [...]} */
static int
show_generation(
    struct search *search, const char *id, json_t **ret, struct error *err)
{
	const struct query_copy_filter copies = {.generation = id};
	const struct query_finding_filter open = {
	    .generation = id, .only_open = true};
	json_t *whole = NULL;

	if (document_copies(search->context, &copies, &whole, err) != 0)
		return -1;
	if (json_array_size(json_object_get(whole, "copies")) == 0) {
		json_decref(whole);
		return 0;
	}
	if (json_object_set_new(whole, "generation", json_string(id)) != 0 ||
	    merge_findings(search, whole, &open, err) != 0) {
		json_decref(whole);
		return -1;
	}
	*ret = whole;
	return 0;
}

int
document_show(const struct document_context *context, const char *what,
    json_t **ret, struct error *err)
{
	struct search search = {.context = context};
	json_t *found = NULL;
	char *end = NULL;

	errno = 0;
	if (what[0] >= '1' && what[0] <= '9')
		search.id = strtoull(what, &end, 10);
	if (end != NULL && *end == '\0' && errno == 0) {
		if (show_number(&search, &found, err) != 0)
			return -1;
	} else if (show_generation(&search, what, &found, err) != 0) {
		return -1;
	}
	if (found == NULL)
		return error_set(err, ERROR_NOT_FOUND,
		    _("there is no generation, copy, finding or run with that "
		      "name"));
	*ret = found;
	return 0;
}
