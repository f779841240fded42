#include "lib/inspect/inspect.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"
#include "lib/inspect/inspect_internal.h"

/* Asked in this order; what looks at names only comes last. */
static const struct inspect_type *const types[INSPECT_FORMATS] = {
    [INSPECT_PGDUMP] = &inspect_pgdump,
    [INSPECT_SQL] = &inspect_sql,
    [INSPECT_DICOM] = &inspect_dicom,
    [INSPECT_UKE] = &inspect_uke,
    [INSPECT_SSMIX2] = &inspect_ssmix2,
    [INSPECT_FHIR] = &inspect_fhir,
    [INSPECT_SQLITE] = &inspect_sqlite,
    [INSPECT_PGTAR] = &inspect_pgtar,
    [INSPECT_STREAM] = &inspect_stream,
};

static const struct {
	const char *name, *sentence;
} codes[INSPECT_CODES] = {
    [INSPECT_TRUNCATED] = {"truncated",
	N_("It stops short: its end is missing.")},
    [INSPECT_MALFORMED] = {"malformed",
	N_("Something that its format demands is not there.")},
    [INSPECT_TRAILING] = {"trailing", N_("It goes on after its end.")},
    [INSPECT_CHECKSUM] = {"checksum",
	N_("Compressed content in it cannot be unpacked.")},
    [INSPECT_COUNT_MISMATCH] = {"count-mismatch",
	N_("It holds another number of items than it says.")},
    [INSPECT_SUM_MISMATCH] = {"sum-mismatch",
	N_("Its total is another than it says.")},
    [INSPECT_MISSING_PART] = {"missing-part",
	N_("A part that it announces is not there.")},
    [INSPECT_NAME_MISMATCH] = {"name-mismatch",
	N_("Its name or folder says something else than its content.")},
    [INSPECT_INCONSISTENT] = {"inconsistent",
	N_("Two places in it that must agree do not.")},
    [INSPECT_ENCODING] = {"encoding",
	N_("Text in it is not in the encoding that it must be in.")},
    [INSPECT_SIZE_MISMATCH] = {"size-mismatch",
	N_("A part of it has another size than it says.")},
    [INSPECT_NO_PREAMBLE] = {"no-preamble",
	N_("It is an old DICOM file, without the preamble.")},
    [INSPECT_SPLIT] = {"split", N_("It is one volume of several.")},
    [INSPECT_UNSUPPORTED] = {"unsupported",
	N_("Its version is not known to this hikae.")},
    [INSPECT_TOO_LARGE] = {"too-large",
	N_("It is larger than may be read as a whole.")},
    [INSPECT_NOT_READ] = {"not-read",
	N_("A part of it could not be read whole.")},
    [INSPECT_EMPTY] = {"empty", N_("There is nothing in it.")},
};

bool
inspect_recognise(const char *path, const void *head, size_t length,
    enum inspect_format *ret_format)
{
	for (unsigned i = 0; i < INSPECT_FORMATS; i++)
		if (types[i]->is_it(path, head, length)) {
			*ret_format = (enum inspect_format)i;
			return true;
		}
	return false;
}

struct inspect *
inspect_begin(enum inspect_format format, const char *path)
{
	return inspect_begin_in(NULL, format, path);
}

struct inspect *
inspect_begin_in(
    struct inspect_set *set, enum inspect_format format, const char *path)
{
	struct inspect *inspect = calloc(1, sizeof(*inspect));

	if (inspect == NULL)
		return NULL;
	inspect->type = types[format];
	inspect->path = path;
	inspect->set = set;
	inspect->who = INSPECT_SET_NOBODY;
	inspect->report.format = format;
	inspect->state = calloc(1, inspect->type->state_bytes);
	if (inspect->state == NULL) {
		free(inspect);
		return NULL;
	}
	if (inspect->type->begin != NULL)
		inspect->type->begin(inspect);
	return inspect;
}

void
inspect_push(struct inspect *inspect, const void *data, size_t length)
{
	if (length > 0)
		inspect->type->push(inspect, data, length);
	inspect->report.bytes += length;
}

void
inspect_end(struct inspect *inspect, struct inspect_report *ret_report)
{
	inspect->type->end(inspect);
	*ret_report = inspect->report;
	if (inspect->who != INSPECT_SET_NOBODY)
		inspect_set_settle(inspect->set, inspect->who,
		    inspect->report.format, inspect->report.severity);
	inspect_cancel(inspect);
}

void
inspect_cancel(struct inspect *inspect)
{
	if (inspect == NULL)
		return;
	if (inspect->type->done != NULL)
		inspect->type->done(inspect);
	free(inspect->state);
	free(inspect);
}

void
inspect_report_add(
    struct inspect_report *report, struct inspect_finding finding)
{
	if (finding.severity > report->severity)
		report->severity = finding.severity;
	if (report->finding_count < INSPECT_FINDINGS_MAX)
		report->findings[report->finding_count++] = finding;
	else
		report->findings_omitted++;
}

void
inspect_find(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code, uint64_t offset)
{
	inspect_report_add(&inspect->report,
	    (struct inspect_finding){
		.code = code, .severity = severity, .offset = offset});
}

void
inspect_find_numbers(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code, uint64_t expected, uint64_t actual)
{
	inspect_report_add(
	    &inspect->report, (struct inspect_finding){.code = code,
				  .severity = severity,
				  .offset = inspect->report.bytes,
				  .expected = expected,
				  .actual = actual});
}

void
inspect_count(struct inspect *inspect, const char *name, uint64_t number)
{
	struct inspect_report *report = &inspect->report;

	for (size_t i = 0; i < report->count_count; i++)
		if (strcmp(report->counts[i].name, name) == 0) {
			report->counts[i].value += number;
			return;
		}
	if (report->count_count < INSPECT_COUNTS_MAX)
		report->counts[report->count_count++] =
		    (struct inspect_count){name, number};
}

void
inspect_sample(struct inspect *inspect, const void *text, size_t length)
{
	struct inspect_report *report = &inspect->report;
	const uint8_t *from = text;
	char sample[INSPECT_SAMPLE_BYTES] = "";
	size_t used = 0;

	for (size_t i = 0; i < length && used + 1 < sizeof(sample); i++)
		if (from[i] >= 0x20 && from[i] < 0x7f)
			sample[used++] = (char)from[i];
	while (used > 0 && sample[used - 1] == ' ')
		sample[--used] = '\0';
	for (size_t i = 0; i < report->sample_count; i++)
		if (strcmp(report->samples[i], sample) == 0)
			return;
	if (used > 0 && report->sample_count < INSPECT_SAMPLES_MAX)
		memcpy(report->samples[report->sample_count++], sample,
		    sizeof(sample));
}

void
inspect_adopt(struct inspect *inspect, const struct inspect_report *part)
{
	for (size_t i = 0; i < part->finding_count; i++)
		inspect_report_add(&inspect->report, part->findings[i]);
	inspect->report.findings_omitted += part->findings_omitted;
	if (part->severity > inspect->report.severity)
		inspect->report.severity = part->severity;
	for (size_t i = 0; i < part->count_count; i++)
		inspect_count(
		    inspect, part->counts[i].name, part->counts[i].value);
	for (size_t i = 0; i < part->sample_count; i++)
		inspect_sample(
		    inspect, part->samples[i], strlen(part->samples[i]));
}

void
inspect_name_file(struct inspect *inspect, enum inspect_link link,
    const char *name, size_t length)
{
	inspect->is_naming = inspect->set == NULL;
	if (inspect->is_naming)
		return;
	if (inspect->who == INSPECT_SET_NOBODY)
		inspect->who = inspect_set_enter(inspect->set, inspect->path);
	if (inspect->who != INSPECT_SET_NOBODY)
		inspect_set_name(
		    inspect->set, inspect->who, link, name, length);
	else
		inspect_find(inspect, INSPECT_UNDETERMINED, INSPECT_TOO_LARGE,
		    inspect->report.bytes);
}

const char *
inspect_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? path : slash + 1;
}

bool
inspect_ends(const char *path, const char *suffix)
{
	size_t length = strlen(path), wanted = strlen(suffix);

	return length >= wanted &&
	       strcasecmp(path + length - wanted, suffix) == 0;
}

bool
inspect_begins(const uint8_t *head, size_t length, const char *text)
{
	size_t wanted = strlen(text);

	return length >= wanted && memcmp(head, text, wanted) == 0;
}

const char *
inspect_format_name(enum inspect_format format)
{
	return types[format]->name;
}

const char *
inspect_code_name(enum inspect_code code)
{
	return codes[code].name;
}

const char *
inspect_code_sentence(enum inspect_code code)
{
	return _(codes[code].sentence);
}

const char *
inspect_severity_name(enum inspect_severity severity)
{
	switch (severity) {
	case INSPECT_SOUND:
		return "sound";
	case INSPECT_NOTE:
		return "note";
	case INSPECT_WARNING:
		return "warning";
	case INSPECT_UNDETERMINED:
		return "undetermined";
	case INSPECT_BROKEN:
		return "broken";
	}
	return "undetermined";
}
