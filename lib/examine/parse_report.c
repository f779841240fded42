#include "lib/examine/parse_internal.h"

/*
 * The reader stopped before the file's end: that is its to tell, and an
 * archive that seems cut off is not.
 */
static bool
is_stream_short(const struct parse *parse)
{
	return parse->is_stream_ended && parse->received < parse->file_size;
}

int
parse_report(struct parse *parse, enum finding code, const struct bytes *path,
    struct error *err)
{
	const struct examine_events *events = parse->options->events;
	struct examine_finding finding = {
	    .code = code,
	    .path = path != NULL ? (const char *)path->data : "",
	    .path_length = path != NULL ? path->length : 0,
	    .slice = EXAMINE_NO_SLICE,
	};

	if (parse->reader != NULL)
		finding.offset = archive_reader_bytes(parse->reader);
	if (finding.path == NULL)
		finding.path = "";
	return events->finding(events->context, &finding, err);
}

int
parse_report_stop(struct parse *parse, const struct bytes *path,
    const struct error *why, struct error *err)
{
	enum finding code = FINDING_UNREADABLE_NOW;

	parse->is_cut = true;
	if (why->code == ERROR_INTERNAL) {
		if (err != NULL)
			*err = *why;
		return -1;
	}
	if (why->code == ERROR_DENIED) {
		parse->opaque_members++;
		return 0;
	}
	if (why->code == ERROR_INPUT && !is_stream_short(parse)) {
		parse->is_damaged = true;
		return parse_report(parse, FINDING_ARCHIVE_DAMAGED, path, err);
	}
	parse->is_partial = true;
	if (is_stream_short(parse))
		return 0;
	if (why->code == ERROR_LIMIT)
		code = FINDING_ARCHIVE_LIMIT;
	return parse_report(parse, code, path, err);
}

int
parse_report_progress(struct parse *parse, struct error *err)
{
	const struct examine_events *events = parse->options->events;
	uint64_t bytes = archive_reader_bytes(parse->reader);

	if (!examine_is_due(&parse->pulse, bytes, parse->members_seen))
		return 0;
	return events->progress(
	    events->context, bytes, parse->members_seen, err);
}
