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
#include <string.h>

#include "lib/inspect/dicom_deflated.h"
#include "lib/inspect/dicom_element.h"
#include "lib/inspect/dicom_records.h"
#include "lib/inspect/dicom_values.h"
#include "lib/inspect/feed.h"
#include "lib/inspect/inspect_internal.h"

#define PREAMBLE_BYTES 128
#define BEGINNING_BYTES 132 /* the preamble and "DICM" */
#define LEVELS_MAX 64

#define TAG_PIXELS DICOM_TAG(0x7fe0, 0x0010)
#define TAG_ITEM DICOM_TAG(0xfffe, 0xe000)
#define TAG_ITEM_END DICOM_TAG(0xfffe, 0xe00d)
#define TAG_SEQUENCE_END DICOM_TAG(0xfffe, 0xe0dd)

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
	struct dicom_element element;
	struct dicom_values values;
	struct dicom_records records;
	/* Sequences and items without a length; whether implicit inside. */
	unsigned depth, implicit_from; /* 0: nowhere */
	bool is_lost, has_meta, has_pixels, is_pixels;
	uint64_t elements, fragments, pixel_bytes;
	struct dicom_deflated *deflated;
};

/* Whether the element's value is looked at. */
static bool
is_wanted(const struct state *state)
{
	if (dicom_records_are_open(&state->records))
		return dicom_records_want(
		    &state->records, &state->element, state->depth);
	return state->depth == 0 && dicom_values_want(&state->element);
}

static void
take_value(struct inspect *inspect, const uint8_t *value)
{
	struct state *state = inspect->state;

	if (dicom_records_are_open(&state->records))
		dicom_records_take(
		    &state->records, inspect, &state->element, value);
	else
		dicom_values_take(
		    &state->values, inspect, &state->element, value);
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
	dicom_records_leave(&state->records, state->depth);
	state->depth--;
	if (state->depth == 0)
		state->is_pixels = false;
}

/* A header is whole: what comes next? */
static void
follow(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const struct dicom_element *element = &state->element;

	state->step = STEP_HEADER;
	state->elements++;
	if (dicom_records_follow(
		&state->records, element, state->depth, state->feed.offset)) {
		if (element->length == DICOM_LENGTH_UNDEFINED)
			enter(inspect);
		return;
	}
	if (element->tag == TAG_PIXELS && state->depth == 0) {
		state->has_pixels = true;
		state->is_pixels = element->length == DICOM_LENGTH_UNDEFINED;
		if (!state->is_pixels)
			state->pixel_bytes = element->length;
	}
	if (element->tag == TAG_ITEM_END || element->tag == TAG_SEQUENCE_END) {
		leave(inspect);
		return;
	}
	if (element->length == DICOM_LENGTH_UNDEFINED) {
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
	struct dicom_values *values = &state->values;
	enum dicom_syntax syntax;

	dicom_records_reach(&state->records, state->feed.offset - 8);
	/* Where nothing names the syntax, the first element shows it. */
	if (!values->has_syntax && (header[0] != 2 || header[1] != 0)) {
		values->syntax = dicom_element_guess(header);
		values->has_syntax = true;
		if (state->has_meta)
			inspect_find(inspect, INSPECT_WARNING,
			    INSPECT_MISSING_PART, BEGINNING_BYTES);
	}
	syntax = values->syntax;
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
		     state->feed.offset < state->records.end))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED,
		    inspect->report.bytes);
	dicom_values_check(&state->values, inspect,
	    state->has_pixels ? state->pixel_bytes : 0);
	inspect_count(inspect, "images", state->has_pixels ? 1 : 0);
	inspect_count(inspect, "elements", state->elements);
	inspect_count(inspect, "fragments", state->fragments);
	if (state->records.references > 0)
		inspect_count(inspect, "references", state->records.references);
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
