#include "daemon/inspection.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/array.h"
#include "lib/base/i18n.h"
#include "lib/store/query_finding.h"

void
inspection_init(struct inspection *inspection, struct service *service,
    uint64_t copy, uint64_t manifest, uint64_t run)
{
	*inspection = (struct inspection){
	    .service = service, .copy = copy, .manifest = manifest, .run = run};
}

void
inspection_done(struct inspection *inspection)
{
	gathering_clear(&inspection->findings);
	json_decref(inspection->formats);
	inspection->formats = NULL;
}

/* ---- what a parser tells ---- */

static json_t *
counts_of(const struct contents_result *result)
{
	json_t *counts = json_object();

	for (size_t i = 0; i < result->count_count; i++)
		(void)json_object_set_new(counts, result->counts[i].name,
		    json_integer((json_int_t)result->counts[i].value));
	return counts;
}

/* As they came; the entry has their subjects. */
static json_t *
samples_of(const struct contents_result *result)
{
	json_t *samples = json_array();

	for (size_t i = 0; i < result->sample_count; i++)
		(void)json_array_append_new(
		    samples, json_string(result->samples[i]));
	return samples;
}

static int
take_format(struct inspection *inspection, const struct contents_result *result,
    struct error *err)
{
	json_t *format = json_pack("{s:s, s:I, s:I, s:o, s:o}", "format",
	    inspect_format_name((enum inspect_format)result->format), "files",
	    (json_int_t)result->files, "bytes", (json_int_t)result->bytes,
	    "counts", counts_of(result), "samples", samples_of(result));

	if (inspection->formats == NULL)
		inspection->formats = json_array();
	for (int i = INSPECT_NOTE; i <= INSPECT_BROKEN; i++)
		(void)json_object_set_new(format,
		    inspect_severity_name((enum inspect_severity)i),
		    json_integer((json_int_t)result->severities[i]));
	if (result->has_code)
		(void)json_object_set_new(format, "code",
		    json_string(inspect_code_name(result->code)));
	inspection->files += result->files;
	if (json_array_append_new(inspection->formats, format) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

int
inspection_take_finding(
    struct inspection *inspection, const struct reply *reply, struct error *err)
{
	if (!finding_is_of_content(reply->finding.code))
		return error_set(
		    err, ERROR_PROTOCOL, _("unexpected reply of a child"));
	return gathering_add(&inspection->findings, &reply->finding, err);
}

int
inspection_take_result(
    struct inspection *inspection, const struct reply *reply, struct error *err)
{
	const struct contents_result *result = &reply->inspected;

	/* Each format once, and what is of none last. */
	if (inspection->is_told ||
	    json_array_size(inspection->formats) >= INSPECT_FORMATS)
		return error_set(
		    err, ERROR_PROTOCOL, _("unexpected reply of a child"));
	if (result->format < INSPECT_FORMATS)
		return take_format(inspection, result, err);
	inspection->is_told = true;
	inspection->other = result->files;
	inspection->skipped = result->skipped;
	return 0;
}

static int
add_uninspected(struct inspection *inspection, struct error *err)
{
	struct examine_finding finding = {
	    .code = FINDING_CONTENT_UNINSPECTED,
	    .path = "",
	    .slice = EXAMINE_NO_SLICE,
	};

	inspection->is_undetermined = true;
	return gathering_add(&inspection->findings, &finding, err);
}

int
inspection_settle(struct inspection *inspection,
    const struct inspection_end *end, struct error *err)
{
	if (!end->is_as_recorded)
		gathering_clear(&inspection->findings);
	if (end->is_whole && end->is_as_recorded && inspection->is_told) {
		inspection->is_opaque = end->is_opaque;
		inspection->is_undetermined =
		    inspection->skipped > 0 &&
		    inspection->files + inspection->other == 0;
		return inspection->skipped > 0 && !end->may_skip
			   ? add_uninspected(inspection, err)
			   : 0;
	}
	json_decref(inspection->formats);
	inspection->formats = NULL;
	inspection->files = inspection->other = inspection->skipped = 0;
	inspection->is_undetermined = true;
	return end->is_told_elsewhere ? 0 : add_uninspected(inspection, err);
}

/* ---- findings ---- */

/* A finding of the copy's content that was there before. */
struct earlier {
	uint64_t id, manifest;
	enum finding code;
	bool is_open, is_accepted;
	char subject[CATALOG_SUBJECT_BYTES];
};

struct history {
	struct earlier *items;
	size_t count;
};

static int
take_earlier(const struct query_finding *row, void *context, struct error *err)
{
	struct history *history = context;
	struct earlier *earlier;
	enum finding code;

	if (finding_parse(row->code, &code) != 0 ||
	    !finding_is_of_content(code))
		return 0;
	if (array_grow(&history->items, history->count, sizeof(*history->items),
		err) != 0)
		return -1;
	earlier = &history->items[history->count++];
	*earlier = (struct earlier){
	    .id = row->id,
	    .manifest = row->manifest,
	    .code = code,
	    .is_open = row->is_open,
	    .is_accepted =
		row->reason != NULL && strcmp(row->reason, "accepted") == 0,
	};
	if (row->subject != NULL &&
	    strlen(row->subject) < sizeof(earlier->subject))
		memcpy(
		    earlier->subject, row->subject, strlen(row->subject) + 1);
	return 0;
}

/* Somebody said of the same bytes that this is as it should be. */
static int
is_accepted(const struct inspection *inspection, const struct history *history,
    const struct gathered *item, bool *ret_is, struct error *err)
{
	char subject[CATALOG_SUBJECT_BYTES] = "";

	*ret_is = false;
	if (item->path_length > 0 &&
	    catalog_put_name(inspection->service->catalog, item->path,
		item->path_length, subject, err) != 0)
		return -1;
	for (size_t i = 0; i < history->count && !*ret_is; i++) {
		const struct earlier *earlier = &history->items[i];

		*ret_is = earlier->is_accepted && earlier->code == item->code &&
			  earlier->manifest == inspection->manifest &&
			  strcmp(earlier->subject, subject) == 0;
	}
	return 0;
}

/* Leave out what was accepted, and count what is left. */
static int
leave_accepted(struct inspection *inspection, const struct history *history,
    struct inspection_counts *counts, struct error *err)
{
	struct gathering *findings = &inspection->findings;
	size_t i = 0;

	*counts = (struct inspection_counts){.odd = findings->omitted};
	while (i < findings->count) {
		struct gathered *item = &findings->items[i];
		bool is_left_out = false;

		if (is_accepted(inspection, history, item, &is_left_out, err) !=
		    0)
			return -1;
		/* Not to know is never good, whatever a person said of it. */
		if (item->code == FINDING_CONTENT_UNINSPECTED)
			counts->undetermined++;
		else if (!is_left_out)
			counts->odd++;
		if (is_left_out)
			gathering_drop(findings, i);
		else
			i++;
	}
	return 0;
}

/* Whether it is not so any more. */
static bool
is_answered(const struct inspection *inspection, const struct earlier *earlier)
{
	if (!earlier->is_open ||
	    gathering_has(&inspection->findings, earlier->id))
		return false;
	/* Of a file that was skipped nobody knows, so no file's is; but the
	 * whole could be looked at. */
	return inspection->skipped == 0 ||
	       (earlier->code == FINDING_CONTENT_UNINSPECTED &&
		   earlier->subject[0] == '\0');
}

/* What is not so any more, once it was looked at. */
static int
close_answered(const struct inspection *inspection,
    const struct history *history, struct error *err)
{
	if ((inspection->is_undetermined && !inspection->is_opaque) ||
	    inspection->findings.omitted > 0)
		return 0;
	for (size_t i = 0; i < history->count; i++)
		if (is_answered(inspection, &history->items[i]) &&
		    ledger_close_finding(inspection->service,
			history->items[i].id, "resolved", err) != 0)
			return -1;
	return 0;
}

/* ---- the entry ---- */

/* A text of a backup stands in the journal by its subject alone. */
static int
hide_samples(struct inspection *inspection, json_t *format, struct error *err)
{
	char subject[CATALOG_SUBJECT_BYTES];
	json_t *hidden = json_array(), *sample;
	size_t i;

	json_array_foreach(json_object_get(format, "samples"), i, sample)
	{
		if (catalog_put_name(inspection->service->catalog,
			json_string_value(sample), json_string_length(sample),
			subject, err) != 0) {
			json_decref(hidden);
			return -1;
		}
		(void)json_array_append_new(
		    hidden, json_pack("{s:s}", "subject", subject));
	}
	(void)json_object_set_new(format, "samples", hidden);
	return 0;
}

static int
write_entry(struct inspection *inspection, struct error *err)
{
	const struct gathering *findings = &inspection->findings;
	uint64_t found = findings->count + findings->omitted;
	json_t *formats, *format;
	size_t i;

	formats = inspection->formats == NULL
		      ? json_array()
		      : json_deep_copy(inspection->formats);
	json_array_foreach(formats, i, format)
	{
		if (hide_samples(inspection, format, err) != 0) {
			json_decref(formats);
			return -1;
		}
	}
	return ledger_append(inspection->service,
	    json_pack("{s:s, s:I, s:I, s:s, s:I, s:I, s:I, s:I, s:o}", "type",
		"content", "manifest", (json_int_t)inspection->manifest, "run",
		(json_int_t)inspection->run, "outcome",
		inspection->is_undetermined ? "undetermined" : "done", "files",
		(json_int_t)inspection->files, "other",
		(json_int_t)inspection->other, "skipped",
		(json_int_t)inspection->skipped, "findings", (json_int_t)found,
		"formats", formats),
	    NULL, err);
}

int
inspection_commit(struct inspection *inspection,
    struct inspection_counts *ret_counts, struct error *err)
{
	const struct query_finding_filter filter = {.copy = inspection->copy};
	struct history history = {.items = NULL};
	int rc = -1;

	if (query_findings(inspection->service->catalog, CATALOG_NOW, &filter,
		take_earlier, &history, err) == 0 &&
	    leave_accepted(inspection, &history, ret_counts, err) == 0 &&
	    gathering_commit(&inspection->findings, inspection->service,
		inspection->copy, inspection->manifest, -1, err) == 0 &&
	    close_answered(inspection, &history, err) == 0)
		rc = write_entry(inspection, err);
	free(history.items);
	return rc;
}
