/*
 * SS-MIX2 standardised storage (JAMI, Ver. 1.2): one HL7 v2.5 message a file.
 *
 * .../ID[0:3]/ID[3:6]/ID/DATE/TYPE/ID_DATE_TYPE_ORDER_TIME_DEPARTMENT_FLAG
 *
 * Segments end with CR only; text is ISO-2022-JP (JIS X 0208 by ESC $ B), which
 * is back in ASCII at the end of each segment; PID-3 is the path's patient.
 */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/lines.h"

#define FIELDS 7
#define MESSAGE "MSH|^~\\&|"

struct state {
	struct lines lines;
	char patient[64];
	uint64_t segments;
	bool has_patient, is_misnamed;
	uint64_t encoding_at; /* + 1; 0: none */
};

/* The nth field of a name; its length, -1 where there is none. */
static int
name_field(const char *name, int number, const char **ret_text)
{
	for (; number > 0; number--) {
		name = strchr(name, '_');
		if (name == NULL)
			return -1;
		name++;
	}
	*ret_text = name;
	return (int)strcspn(name, "_");
}

static int
count_fields(const char *name)
{
	int count = 1;

	for (; *name != '\0'; name++)
		count += *name == '_';
	return count;
}

/* "ADT-00", "OMD", "PPR-01" */
static bool
is_type(const char *text, int length)
{
	if (length != 3 && length != 6)
		return false;
	for (int i = 0; i < 3; i++)
		if (!isupper((unsigned char)text[i]))
			return false;
	return length == 3 ||
	       (text[3] == '-' && isdigit((unsigned char)text[4]) &&
		   isdigit((unsigned char)text[5]));
}

/* Without its seven fields only by its head, where no suffix says otherwise. */
static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	const char *name = inspect_name(path), *type = "";
	int type_length;

	if (strchr(name, '.') != NULL)
		return false;
	if (inspect_begins(head, length, MESSAGE))
		return strchr(name, '_') != NULL;
	if (count_fields(name) != FIELDS)
		return false;
	type_length = name_field(name, 2, &type);
	return is_type(type, type_length);
}

/* Whether the folders above say what the name says, as far as there are any. */
static bool
fits_folders(const char *path, const char *name)
{
	/* From the name upwards: type, date, patient, and its two parts. */
	static const struct {
		int field, from, count; /* count 0: the whole field */
	} folders[] = {{2, 0, 0}, {1, 0, 0}, {0, 0, 0}, {0, 3, 3}, {0, 0, 3}};
	const char *end = name;

	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		const char *begin, *text = "";
		int length = name_field(name, folders[i].field, &text);

		if (end == path)
			return true;
		end--;
		for (begin = end; begin > path && begin[-1] != '/'; begin--)
			continue;
		if (folders[i].count > 0) {
			if (length < folders[i].from + folders[i].count)
				return true;
			text += folders[i].from;
			length = folders[i].count;
		}
		if (length != end - begin ||
		    memcmp(begin, text, (size_t)length) != 0)
			return false;
		end = begin;
	}
	return true;
}

static bool
is_well_named(const char *path)
{
	const char *name = inspect_name(path), *flag = "", *time = "";

	if (count_fields(name) != FIELDS)
		return false;
	if (name_field(name, 6, &flag) != 1 || *flag < '0' || *flag > '2' ||
	    name_field(name, 4, &time) != 17 ||
	    strspn(time, "0123456789") != 17)
		return false;
	return fits_folders(path, name);
}

/* ISO-2022-JP: only its escapes, seven bits, and ASCII at the end. */
static bool
is_iso_2022_jp(const char *text, size_t length)
{
	bool is_double = false;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];

		if (c == 0x1b) {
			if (i + 2 >= length)
				return false;
			if (text[i + 1] == '(' &&
			    strchr("BJI", text[i + 2]) != NULL)
				is_double = false;
			else if (text[i + 1] == '$' &&
				 strchr("@B", text[i + 2]) != NULL)
				is_double = true;
			else
				return false;
			i += 2;
		} else if (c >= 0x80) {
			return false;
		} else if (is_double) {
			if (c < 0x21 || c > 0x7e || ++i == length ||
			    text[i] < 0x21 || text[i] > 0x7e)
				return false;
		}
	}
	return !is_double;
}

/* The nth field of a segment that begins with its name. */
static size_t
segment_field(const char *segment, int number, const char **ret_text)
{
	for (; number > 0; number--) {
		segment = strchr(segment, '|');
		if (segment == NULL)
			return 0;
		segment++;
	}
	*ret_text = segment;
	return strcspn(segment, "|");
}

static void
check_header(struct inspect *inspect, const struct lines_line *line)
{
	const char *text = "";

	/* MSH-1 is the separator itself, so fields count one less. */
	if (segment_field(line->text, 11, &text) < 3 ||
	    strncmp(text, "2.5", 3) != 0)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_UNSUPPORTED,
		    line->offset);
	if (segment_field(line->text, 8, &text) > 0)
		inspect_sample(inspect, text, strcspn(text, "|"));
}

static void
check_patient(struct inspect *inspect, const struct lines_line *line)
{
	struct state *state = inspect->state;
	const char *text = "";
	size_t length = segment_field(line->text, 3, &text);
	size_t id = strcspn(text, "^~|");

	if (id > length)
		id = length;
	state->has_patient = true;
	if (id != strlen(state->patient) ||
	    memcmp(text, state->patient, id) != 0)
		state->is_misnamed = true;
}

static void
take_segment(void *context, const struct lines_line *line)
{
	struct inspect *inspect = context;
	struct state *state = inspect->state;

	state->segments++;
	if (state->segments == 1 &&
	    strncmp(line->text, MESSAGE, strlen(MESSAGE)) != 0)
		inspect_find(
		    inspect, INSPECT_BROKEN, INSPECT_MALFORMED, line->offset);
	else if (state->segments == 1)
		check_header(inspect, line);
	else if (line->length < 4 || line->text[3] != '|')
		inspect_find(
		    inspect, INSPECT_BROKEN, INSPECT_MALFORMED, line->offset);
	else if (strncmp(line->text, "PID", 3) == 0)
		check_patient(inspect, line);
	if (!line->is_ended)
		inspect_find(
		    inspect, INSPECT_BROKEN, INSPECT_TRUNCATED, line->offset);
	if (state->encoding_at == 0 &&
	    (strchr(line->text, '\n') != NULL ||
		(!line->is_longer &&
		    !is_iso_2022_jp(line->text, line->length))))
		state->encoding_at = line->offset + 1;
}

static void
begin(struct inspect *inspect)
{
	struct state *state = inspect->state;
	const char *name = inspect_name(inspect->path), *id = "";
	int length = name_field(name, 0, &id);

	state->lines.end = '\r';
	(void)snprintf(
	    state->patient, sizeof(state->patient), "%.*s", length, id);
	state->is_misnamed = !is_well_named(inspect->path);
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;

	lines_push(&state->lines, data, length, take_segment, inspect);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;

	lines_end(&state->lines, take_segment, inspect);
	if (state->segments == 0)
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRUNCATED, 0);
	else if (!state->has_patient)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_MISSING_PART,
		    state->lines.offset);
	if (state->is_misnamed)
		inspect_find(
		    inspect, INSPECT_WARNING, INSPECT_NAME_MISMATCH, 0);
	if (state->encoding_at > 0)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_ENCODING,
		    state->encoding_at - 1);
	inspect_count(inspect, "messages", 1);
	inspect_count(inspect, "segments", state->segments);
}

const struct inspect_type inspect_ssmix2 = {
    .name = "ssmix2",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .begin = begin,
    .push = push,
    .end = end,
};
