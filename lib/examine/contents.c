#include "lib/examine/contents.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/inspect/inspect_set.h"

/* Given at once: some thousand times as much where it is compressed. */
#define PIECE_BYTES ((size_t)16 * 1024)

struct contents {
	struct contents_options options;
	struct contents_result results[INSPECT_FORMATS + 1];
	struct inspect_set *set;
	struct examine_pulse pulse;
	uint64_t bytes, files;
	/* The present file. */
	char *path;
	size_t head_length;
	bool is_recognised; /* its head was looked at */
	struct inspect *inspect;
	struct inspect_part *part;
	bool is_refuted; /* by its first bytes, what its name says */
	struct inspect_report refuted;
	uint64_t file_bytes;
	uint64_t parts; /* of dump folders; of no format by themselves */
	uint8_t head[INSPECT_HEAD_BYTES];
};

enum inspect_severity
contents_worst(const struct contents_result *result)
{
	enum inspect_severity worst = INSPECT_BROKEN;

	while (worst > INSPECT_SOUND && result->severities[worst] == 0)
		worst--;
	return worst;
}

int
contents_new(const struct contents_options *options,
    struct contents **ret_contents, struct error *err)
{
	struct contents *contents = calloc(1, sizeof(*contents));

	if (contents != NULL)
		contents->set = inspect_set_new();
	if (contents == NULL || contents->set == NULL) {
		free(contents);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	contents->options = *options;
	for (unsigned i = 0; i <= INSPECT_FORMATS; i++)
		contents->results[i].format = i;
	*ret_contents = contents;
	return 0;
}

static void
drop_file(struct contents *contents)
{
	inspect_cancel(contents->inspect);
	inspect_part_cancel(contents->part);
	free(contents->path);
	contents->inspect = NULL;
	contents->part = NULL;
	contents->path = NULL;
}

void
contents_free(struct contents *contents)
{
	if (contents == NULL)
		return;
	drop_file(contents);
	inspect_set_free(contents->set);
	free(contents);
}

/* ---- what is said of a file ---- */

static void
add_count(struct contents_result *result, const struct inspect_count *count)
{
	size_t i = 0;

	while (i < result->count_count &&
	       strcmp(result->counts[i].name, count->name) != 0)
		i++;
	if (i == INSPECT_COUNTS_MAX)
		return;
	if (i == result->count_count)
		result->counts[result->count_count++] =
		    (struct inspect_count){count->name, 0};
	result->counts[i].value += count->value;
}

static void
add_sample(
    struct contents_result *result, const char sample[INSPECT_SAMPLE_BYTES])
{
	for (size_t i = 0; i < result->sample_count; i++)
		if (strcmp(result->samples[i], sample) == 0)
			return;
	if (result->sample_count < INSPECT_SAMPLES_MAX)
		memcpy(result->samples[result->sample_count++], sample,
		    INSPECT_SAMPLE_BYTES);
}

static void
add_code(struct contents_result *result, enum inspect_severity severity,
    enum inspect_code code)
{
	if (result->has_code && severity <= contents_worst(result))
		return;
	result->has_code = true;
	result->code = code;
}

/* The first finding of the gravest kind; NULL: none. */
static const struct inspect_finding *
gravest(const struct inspect_report *report)
{
	for (size_t i = 0; i < report->finding_count; i++)
		if (report->findings[i].severity == report->severity)
			return &report->findings[i];
	return NULL;
}

static void
add_report(struct contents_result *result, const struct inspect_report *report)
{
	const struct inspect_finding *finding = gravest(report);

	if (finding != NULL)
		add_code(result, report->severity, finding->code);
	result->files++;
	result->bytes += report->bytes;
	result->severities[report->severity]++;
	for (size_t i = 0; i < report->count_count; i++)
		add_count(result, &report->counts[i]);
	for (size_t i = 0; i < report->sample_count; i++)
		add_sample(result, report->samples[i]);
}

/* What a person has to know of one file. */
static int
tell(struct contents *contents, enum inspect_format format, const char *path,
    const struct inspect_finding *found, struct error *err)
{
	static const enum finding codes[] = {
	    [INSPECT_WARNING] = FINDING_CONTENT_MISMATCH,
	    [INSPECT_UNDETERMINED] = FINDING_CONTENT_UNINSPECTED,
	    [INSPECT_BROKEN] = FINDING_CONTENT_BROKEN,
	};
	const struct examine_events *events = contents->options.events;
	struct examine_finding finding = {
	    .path = path,
	    .path_length = strlen(path),
	    .slice = EXAMINE_NO_SLICE,
	};

	if (!contents->options.is_telling || found == NULL ||
	    found->severity < INSPECT_WARNING)
		return 0;
	finding.code = codes[found->severity];
	finding.format = (unsigned)format + 1;
	finding.fault = (unsigned)found->code + 1;
	finding.is_inside = found->is_inside;
	finding.expected_size = found->expected;
	finding.actual_size = found->actual;
	finding.offset = found->offset;
	return events->finding(events->context, &finding, err);
}

static int
tell_progress(struct contents *contents, struct error *err)
{
	const struct examine_events *events = contents->options.events;

	if (!examine_is_due(&contents->pulse, contents->bytes, contents->files))
		return 0;
	return events->progress(
	    events->context, contents->bytes, contents->files, err);
}

/* ---- a file ---- */

int
contents_begin(struct contents *contents, const char *path, struct error *err)
{
	drop_file(contents);
	contents->head_length = 0;
	contents->file_bytes = 0;
	contents->is_recognised = contents->is_refuted = false;
	contents->files++;
	contents->path = strdup(path);
	if (contents->path == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (inspect_part_is(path)) {
		contents->part =
		    inspect_part_begin(contents->set, contents->path);
		if (contents->part == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
	}
	return tell_progress(contents, err);
}

static int
give(struct contents *contents, const uint8_t *data, size_t length,
    struct error *err)
{
	while (length > 0) {
		size_t piece = length < PIECE_BYTES ? length : PIECE_BYTES;

		if (contents->inspect != NULL)
			inspect_push(contents->inspect, data, piece);
		if (contents->part != NULL)
			inspect_part_push(contents->part, data, piece);
		if (tell_progress(contents, err) != 0)
			return -1;
		data += piece;
		length -= piece;
	}
	return 0;
}

/* Its first bytes are there: what is it? */
static int
recognise(struct contents *contents, struct error *err)
{
	enum inspect_format format;

	contents->is_recognised = true;
	if (inspect_recognise(contents->path, contents->head,
		contents->head_length, &format)) {
		contents->inspect =
		    inspect_begin_in(contents->set, format, contents->path);
		if (contents->inspect == NULL)
			return error_set(
			    err, ERROR_INTERNAL, _("out of memory"));
	} else {
		contents->is_refuted = inspect_refute(contents->path,
		    contents->head, contents->head_length, &contents->refuted);
	}
	return give(contents, contents->head, contents->head_length, err);
}

static int
push(struct contents *contents, const uint8_t *data, size_t length,
    struct error *err)
{
	size_t room = INSPECT_HEAD_BYTES - contents->head_length;
	size_t taken = length < room ? length : room;

	contents->bytes += length;
	contents->file_bytes += length;
	if (!contents->is_recognised) {
		memcpy(contents->head + contents->head_length, data, taken);
		contents->head_length += taken;
		if (contents->head_length < INSPECT_HEAD_BYTES)
			return 0;
		if (recognise(contents, err) != 0)
			return -1;
		data += taken;
		length -= taken;
	}
	return give(contents, data, length, err);
}

int
contents_push(struct contents *contents, const uint8_t *data, uint64_t length,
    struct error *err)
{
	static const uint8_t zeros[64 * 1024];

	if (contents->path == NULL || length == 0)
		return 0;
	if (data != NULL)
		return push(contents, data, (size_t)length, err);
	while (length > 0) {
		size_t n =
		    length < sizeof(zeros) ? (size_t)length : sizeof(zeros);

		if (push(contents, zeros, n, err) != 0)
			return -1;
		length -= n;
	}
	return 0;
}

static int
end_whole(struct contents *contents, struct error *err)
{
	const struct inspect_finding *finding;
	struct inspect_report report;
	bool is_part;

	if (!contents->is_recognised && recognise(contents, err) != 0)
		return -1;
	is_part = contents->part != NULL;
	if (is_part)
		inspect_part_end(contents->part);
	else
		inspect_set_add(contents->set, contents->path);
	contents->part = NULL;
	if (contents->inspect != NULL) {
		inspect_end(contents->inspect, &report);
		contents->inspect = NULL;
	} else if (contents->is_refuted) {
		report = contents->refuted;
		report.bytes = contents->file_bytes;
	} else if (is_part) {
		contents->parts++;
		return 0;
	} else {
		contents->results[INSPECT_FORMATS].files++;
		return 0;
	}
	add_report(&contents->results[report.format], &report);
	finding = gravest(&report);
	return tell(contents,
	    report.is_packed && finding != NULL && !finding->is_inside
		? INSPECT_STREAM
		: report.format,
	    contents->path, finding, err);
}

int
contents_end(struct contents *contents, bool is_whole, struct error *err)
{
	int rc = 0;

	if (contents->path == NULL)
		return 0;
	if (is_whole)
		rc = end_whole(contents, err);
	else
		contents_skip(contents, contents->path);
	drop_file(contents);
	return rc;
}

void
contents_skip(struct contents *contents, const char *path)
{
	contents->results[INSPECT_FORMATS].skipped++;
	inspect_set_add(contents->set, path);
}

void
contents_note(struct contents *contents, const char *path)
{
	inspect_set_add(contents->set, path);
}

/* ---- the end ---- */

struct finishing {
	struct contents *contents;
	struct error *err;
	int rc;
};

/* A file names others, and with them not all is well. */
static void
take_together(void *context, const struct inspect_set_result *told)
{
	struct finishing *finishing = context;
	struct contents *contents = finishing->contents;
	struct contents_result *result = &contents->results[told->format];

	if (finishing->rc != 0)
		return;
	if (told->finding.severity > told->severity) {
		add_code(result, told->finding.severity, told->finding.code);
		result->severities[told->severity]--;
		result->severities[told->finding.severity]++;
	}
	finishing->rc = tell(
	    contents, told->format, told->path, &told->finding, finishing->err);
}

int
contents_finish(struct contents *contents, contents_fn *each, void *context,
    struct error *err)
{
	struct finishing finishing = {.contents = contents, .err = err};

	/* Without a dump that names them nobody looked at parts. */
	if (contents->results[INSPECT_PGDUMP].files == 0)
		contents->results[INSPECT_FORMATS].files += contents->parts;
	if (contents->options.is_complete)
		inspect_set_conclude(contents->set, take_together, &finishing);
	for (unsigned i = 0; finishing.rc == 0 && i <= INSPECT_FORMATS; i++)
		if (contents->results[i].files > 0 || i == INSPECT_FORMATS)
			finishing.rc =
			    each(context, &contents->results[i], err);
	return finishing.rc;
}
