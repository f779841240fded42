/*
 * DICOM files: PS3.10 section 7.1 (preamble, "DICM", File Meta Information in
 * Explicit VR Little Endian), then a data set in the transfer syntax that it
 * names (PS3.5 section 7 and annex A).
 *
 * Elements are walked, their values passed over; what is nested is entered only
 * where its length is not said.  Files without a preamble are older than the
 * standard's part 10: said, and walked as far as that goes.  The records of a
 * DICOMDIR (PS3.3 annex F) are entered for the files that they name.  A data
 * set that is deflated (PS3.5 A.5) is unpacked to its end, and not walked.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/inspect/dicom_deflated.h"
#include "lib/inspect/dicom_element.h"
#include "lib/inspect/feed.h"
#include "lib/inspect/inspect_internal.h"

#define PREAMBLE_BYTES 128
#define BEGINNING_BYTES 132 /* the preamble and "DICM" */
#define VALUE_BYTES_MAX 144 /* of values that are looked at */
#define LEVELS_MAX 64
#define UNDEFINED 0xffffffffu

#define TAG(group, element) ((uint32_t)(group) << 16 | (element))
#define TAG_META_CLASS TAG(0x0002, 0x0002)
#define TAG_META_INSTANCE TAG(0x0002, 0x0003)
#define TAG_SYNTAX TAG(0x0002, 0x0010)
#define TAG_RECORDS TAG(0x0004, 0x1220)
#define TAG_IN_USE TAG(0x0004, 0x1410)
#define TAG_FILE_ID TAG(0x0004, 0x1500)
#define TAG_CLASS TAG(0x0008, 0x0016)
#define TAG_INSTANCE TAG(0x0008, 0x0018)
#define TAG_MODALITY TAG(0x0008, 0x0060)
#define TAG_SAMPLES TAG(0x0028, 0x0002)
#define TAG_PHOTOMETRIC TAG(0x0028, 0x0004)
#define TAG_FRAMES TAG(0x0028, 0x0008)
#define TAG_ROWS TAG(0x0028, 0x0010)
#define TAG_COLUMNS TAG(0x0028, 0x0011)
#define TAG_BITS TAG(0x0028, 0x0100)
#define TAG_PIXELS TAG(0x7fe0, 0x0010)
#define TAG_ITEM TAG(0xfffe, 0xe000)
#define TAG_ITEM_END TAG(0xfffe, 0xe00d)
#define TAG_SEQUENCE_END TAG(0xfffe, 0xe0dd)

enum step {
	STEP_BEGINNING,
	STEP_HEADER, /* tag, and what follows in four bytes */
	STEP_LONG,   /* a length of four bytes of its own */
	STEP_VALUE,
	STEP_DEFLATED, /* all that is left is a deflate stream */
	STEP_LOST,     /* it cannot be followed any further */
};

struct state {
	struct feed beginning, feed;
	enum step step;
	enum dicom_syntax syntax;
	struct dicom_element element;
	/* Sequences and items without a length; whether implicit inside. */
	unsigned depth, implicit_from; /* 0: nowhere */
	/* Directory records: to this offset, UINT64_MAX to the end of their
	 * sequence, 0 for none; and whether the present one counts. */
	uint64_t records_end;
	unsigned records_depth;
	bool is_inactive;
	uint64_t references;
	bool is_lost, has_meta, has_syntax, is_pixels;
	uint64_t elements, fragments, pixel_bytes;
	uint64_t rows, columns, samples, frames, bits;
	bool has_pixels, is_subsampled;
	struct dicom_deflated *deflated;
	char class_uid[65], meta_class[65], instance[65], meta_instance[65];
};

/* Uids and texts are padded with a NUL or a space to an even length. */
static void
take_text(char text[65], const uint8_t *value, size_t length)
{
	size_t used = length < 64 ? length : 64;

	memcpy(text, value, used);
	while (used > 0 && (text[used - 1] == '\0' || text[used - 1] == ' '))
		used--;
	text[used] = '\0';
}

/* A file of the set: components with a backslash between them. */
static void
take_file_id(struct inspect *inspect, const uint8_t *value)
{
	struct state *state = inspect->state;
	size_t length = state->element.length;

	while (length > 0 &&
	       (value[length - 1] == ' ' || value[length - 1] == '\0'))
		length--;
	if (length == 0 || state->is_inactive)
		return;
	state->references++;
	inspect_name_file(
	    inspect, INSPECT_LINK_IMAGE, (const char *)value, length);
}

/* Of a directory record. */
static void
take_record(struct inspect *inspect, const uint8_t *value)
{
	struct state *state = inspect->state;

	if (state->element.tag == TAG_FILE_ID)
		take_file_id(inspect, value);
	else if (state->element.length >= 2)
		state->is_inactive =
		    dicom_element_u16(&state->element, value) == 0;
}

static void
take_value(struct inspect *inspect, const uint8_t *value)
{
	struct state *state = inspect->state;
	const struct dicom_element *element = &state->element;
	char text[65];

	if (state->records_end != 0) {
		take_record(inspect, value);
		return;
	}
	take_text(text, value, element->length);
	if (element->tag == TAG_SYNTAX) {
		state->syntax = dicom_element_syntax(text);
		state->has_syntax = true;
	}
	if (element->tag == TAG_META_CLASS)
		memcpy(state->meta_class, text, sizeof(text));
	else if (element->tag == TAG_META_INSTANCE)
		memcpy(state->meta_instance, text, sizeof(text));
	else if (element->tag == TAG_CLASS)
		memcpy(state->class_uid, text, sizeof(text));
	else if (element->tag == TAG_INSTANCE)
		memcpy(state->instance, text, sizeof(text));
	else if (element->tag == TAG_MODALITY)
		inspect_sample(inspect, text, strlen(text));
	else if (element->tag == TAG_PHOTOMETRIC)
		state->is_subsampled = strstr(text, "_42") != NULL;
	else if (element->tag == TAG_FRAMES)
		state->frames = strtoull(text, NULL, 10);
	else if (element->length >= 2 && element->tag == TAG_ROWS)
		state->rows = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_COLUMNS)
		state->columns = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_SAMPLES)
		state->samples = dicom_element_u16(element, value);
	else if (element->length >= 2 && element->tag == TAG_BITS)
		state->bits = dicom_element_u16(element, value);
}

static bool
is_wanted(const struct state *state)
{
	static const uint32_t tags[] = {TAG_SYNTAX, TAG_META_CLASS,
	    TAG_META_INSTANCE, TAG_CLASS, TAG_INSTANCE, TAG_MODALITY,
	    TAG_PHOTOMETRIC, TAG_FRAMES, TAG_ROWS, TAG_COLUMNS, TAG_SAMPLES,
	    TAG_BITS};

	if (state->records_end != 0)
		return state->depth <= state->records_depth + 1 &&
		       state->element.length <= VALUE_BYTES_MAX &&
		       (state->element.tag == TAG_FILE_ID ||
			   state->element.tag == TAG_IN_USE);
	if (state->depth > 0 || state->element.length > VALUE_BYTES_MAX)
		return false;
	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (tags[i] == state->element.tag)
			return true;
	return false;
}

static void
lose(struct inspect *inspect, enum inspect_severity severity,
    enum inspect_code code)
{
	struct state *state = inspect->state;

	inspect_find(inspect, severity, code,
	    state->feed.offset + (state->has_meta ? BEGINNING_BYTES : 0));
	state->step = STEP_LOST;
	state->is_lost = true;
}

static void
enter(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->depth == LEVELS_MAX) {
		lose(inspect, INSPECT_UNDETERMINED, INSPECT_UNSUPPORTED);
		return;
	}
	state->depth++;
	/* An unknown value without a length is implicit inside (6.2.2). */
	if (state->element.is_unknown && state->implicit_from == 0)
		state->implicit_from = state->depth;
}

static void
leave(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->depth == 0) {
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		return;
	}
	if (state->implicit_from == state->depth)
		state->implicit_from = 0;
	if (state->records_end != 0 && state->depth == state->records_depth)
		state->records_end = 0;
	state->depth--;
	if (state->depth == 0)
		state->is_pixels = false;
}

/* Whether the header is one of directory records, whose content comes next. */
static bool
follow_records(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const struct dicom_element *element = &state->element;

	if (element->tag == TAG_ITEM && state->records_end != 0 &&
	    state->depth == state->records_depth) {
		state->is_inactive = false;
		if (element->length == UNDEFINED)
			enter(inspect);
		return true;
	}
	if (element->tag != TAG_RECORDS || state->depth > 0 ||
	    state->records_end != 0)
		return false;
	if (element->length == UNDEFINED) {
		enter(inspect);
		state->records_end = UINT64_MAX;
	} else {
		state->records_end = state->feed.offset + element->length;
	}
	state->records_depth = state->depth;
	return true;
}

/* A header is whole: what comes next? */
static void
follow(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const struct dicom_element *element = &state->element;

	state->step = STEP_HEADER;
	state->elements++;
	if (follow_records(inspect))
		return;
	if (element->tag == TAG_PIXELS && state->depth == 0) {
		state->has_pixels = true;
		state->is_pixels = element->length == UNDEFINED;
		if (!state->is_pixels)
			state->pixel_bytes = element->length;
	}
	if (element->tag == TAG_ITEM_END || element->tag == TAG_SEQUENCE_END) {
		leave(inspect);
		return;
	}
	if (element->length == UNDEFINED) {
		enter(inspect);
		return;
	}
	if (element->tag == TAG_ITEM && state->is_pixels)
		state->fragments++;
	if (is_wanted(state))
		state->step = STEP_VALUE;
	else
		feed_skip(&state->feed, element->length);
}

/* What is left is no element: its first bytes were taken for a header. */
static void
begin_unpacking(struct inspect *inspect, const uint8_t *header)
{
	struct state *state = inspect->state;

	state->deflated = dicom_deflated_new();
	if (state->deflated == NULL) {
		lose(inspect, INSPECT_UNDETERMINED, INSPECT_NOT_READ);
		return;
	}
	state->step = STEP_DEFLATED;
	dicom_deflated_push(state->deflated, header, 8);
	dicom_deflated_push(
	    state->deflated, state->feed.data, state->feed.left);
}

static void
end_unpacking(struct inspect *inspect)
{
	struct state *state = inspect->state;
	struct inspect_finding finding =
	    dicom_deflated_conclude(state->deflated);

	inspect_find(
	    inspect, finding.severity, finding.code, inspect->report.bytes);
}

static void
take_header(struct inspect *inspect, const uint8_t *header)
{
	struct state *state = inspect->state;
	enum dicom_syntax syntax;

	if (state->records_end != 0 &&
	    state->feed.offset - 8 >= state->records_end)
		state->records_end = 0;
	/* Where nothing names the syntax, the first element shows it. */
	if (!state->has_syntax && (header[0] != 2 || header[1] != 0)) {
		state->syntax = dicom_element_guess(header);
		state->has_syntax = true;
		if (state->has_meta)
			inspect_find(inspect, INSPECT_WARNING,
			    INSPECT_MISSING_PART, BEGINNING_BYTES);
	}
	syntax = state->syntax;
	if (header[0] == 2 && header[1] == 0 && state->depth == 0)
		syntax = DICOM_EXPLICIT_LITTLE;
	else if (syntax == DICOM_DEFLATED) {
		begin_unpacking(inspect, header);
		return;
	} else if (state->implicit_from > 0)
		syntax = DICOM_IMPLICIT_LITTLE;
	switch (dicom_element_read(&state->element, syntax, header)) {
	case DICOM_ELEMENT_WHOLE:
		follow(inspect);
		break;
	case DICOM_ELEMENT_LONG:
		state->step = STEP_LONG;
		break;
	case DICOM_ELEMENT_WRONG:
		lose(inspect, INSPECT_BROKEN, INSPECT_MALFORMED);
		break;
	}
}

static void
walk(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	const uint8_t *bytes;

	if (state->step == STEP_DEFLATED) {
		dicom_deflated_push(state->deflated, data, length);
		return;
	}
	feed_give(&state->feed, data, length);
	while (state->step != STEP_LOST && state->step != STEP_DEFLATED) {
		size_t wanted = state->step == STEP_HEADER ? 8
				: state->step == STEP_LONG
				    ? 4
				    : state->element.length;

		bytes = feed_take(&state->feed, wanted);
		if (bytes == NULL)
			return;
		if (state->step == STEP_HEADER) {
			take_header(inspect, bytes);
		} else if (state->step == STEP_LONG) {
			dicom_element_read_length(&state->element, bytes);
			follow(inspect);
		} else {
			take_value(inspect, bytes);
			state->step = STEP_HEADER;
		}
	}
}

static void
take_beginning(struct inspect *inspect, const uint8_t *bytes)
{
	struct state *state = inspect->state;

	state->step = STEP_HEADER;
	if (memcmp(bytes + PREAMBLE_BYTES, "DICM", 4) == 0) {
		state->has_meta = true;
		return;
	}
	inspect_find(inspect, INSPECT_WARNING, INSPECT_NO_PREAMBLE, 0);
	walk(inspect, bytes, BEGINNING_BYTES);
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;
	const uint8_t *bytes;

	if (state->step == STEP_LOST)
		return;
	if (state->step == STEP_BEGINNING) {
		feed_give(&state->beginning, data, length);
		bytes = feed_take(&state->beginning, BEGINNING_BYTES);
		if (bytes == NULL)
			return;
		take_beginning(inspect, bytes);
		data = state->beginning.data;
		length = state->beginning.left;
	}
	walk(inspect, data, length);
}

/* Rows, columns and the rest say how many bytes pixels that are plain take. */
static void
check_pixels(struct inspect *inspect)
{
	struct state *state = inspect->state;
	uint64_t frames = state->frames == 0 ? 1 : state->frames;
	uint64_t samples = state->samples == 0 ? 1 : state->samples;
	uint64_t bits;

	if (!state->has_pixels || state->is_subsampled ||
	    state->pixel_bytes == 0 || frames > UINT32_MAX ||
	    state->bits > 64 || samples > 16)
		return;
	if (__builtin_mul_overflow(
		state->rows * state->columns, samples * state->bits, &bits) ||
	    __builtin_mul_overflow(bits, frames, &bits))
		return;
	if (state->pixel_bytes < bits / 8)
		inspect_find_numbers(inspect, INSPECT_WARNING,
		    INSPECT_SIZE_MISMATCH, bits / 8, state->pixel_bytes);
}

static bool
differs(const char *meta, const char *uid)
{
	return *meta != '\0' && *uid != '\0' && strcmp(meta, uid) != 0;
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;

	if (state->step == STEP_BEGINNING) {
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    inspect->report.bytes);
		return;
	}
	if (state->step == STEP_DEFLATED)
		end_unpacking(inspect);
	else if (!state->is_lost &&
		 (feed_is_short(&state->feed) || state->depth > 0 ||
		     state->step != STEP_HEADER ||
		     state->feed.offset < state->records_end))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    inspect->report.bytes);
	if (differs(state->meta_class, state->class_uid) ||
	    differs(state->meta_instance, state->instance))
		inspect_find(inspect, INSPECT_WARNING, INSPECT_INCONSISTENT, 0);
	check_pixels(inspect);
	inspect_count(inspect, "images", state->has_pixels ? 1 : 0);
	inspect_count(inspect, "elements", state->elements);
	inspect_count(inspect, "fragments", state->fragments);
	if (state->references > 0)
		inspect_count(inspect, "references", state->references);
}

static void
done(struct inspect *inspect)
{
	dicom_deflated_free(((struct state *)inspect->state)->deflated);
}

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	if (length >= BEGINNING_BYTES &&
	    memcmp(head + PREAMBLE_BYTES, "DICM", 4) == 0)
		return true;
	/* Without a preamble: only where the name says so as well. */
	return (inspect_ends(path, ".dcm") || inspect_ends(path, ".dicom")) &&
	       length >= 8 && head[0] + head[1] != 0 &&
	       (head[0] | head[1]) <= 8 && (head[0] == 0 || head[1] == 0);
}

const struct inspect_type inspect_dicom = {
    .name = "dicom",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
    .done = done,
};
