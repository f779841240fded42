#include "lib/output/document_content.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/query_content.h"

struct adding {
	struct document_row *row;
	const struct document_context *context;
};

/* The texts that subjects stand for; one that was lost is left out. */
static json_t *
open_samples(const struct document_context *context, const json_t *hidden)
{
	json_t *samples = json_array(), *sample;
	size_t i;

	json_array_foreach(hidden, i, sample)
	{
		const char *subject =
		    json_string_value(json_object_get(sample, "subject"));
		struct bytes name = BYTES_EMPTY;
		struct error ignored = {0};

		if (subject != NULL && catalog_get_name(context->catalog,
					   subject, &name, &ignored) == 0)
			(void)json_array_append_new(
			    samples, json_of_bytes(name.data, name.length));
		bytes_done(&name);
	}
	return samples;
}

/* The newest one alone. */
static int
take(const struct query_content *content, void *context, struct error *err)
{
	struct adding *adding = context;
	json_t *formats, *format;
	struct document_row inner;
	size_t i;

	formats = json_parse(content->formats, strlen(content->formats), err);
	if (formats == NULL)
		return -1;
	json_array_foreach(formats, i, format)
	{
		(void)json_object_set_new(format, "samples",
		    open_samples(
			adding->context, json_object_get(format, "samples")));
	}
	document_row_begin(&inner);
	document_row_number(&inner, "entry", content->id);
	document_row_number(&inner, "run", content->run);
	document_row_instant(&inner, "at", content->at);
	document_row_text(&inner, "outcome", content->outcome);
	document_row_number(&inner, "files", content->files);
	document_row_number(&inner, "other", content->other);
	document_row_number(&inner, "skipped", content->skipped);
	document_row_number(&inner, "findings", content->findings);
	document_row_value(&inner, "formats", formats);
	document_row_value(adding->row, "contents", inner.object);
	return 1;
}

int
document_content_add(struct document_row *row,
    const struct document_context *context, uint64_t manifest,
    struct error *err)
{
	struct adding adding = {row, context};

	return query_contents(
	    context->catalog, context->at, manifest, take, &adding, err);
}
