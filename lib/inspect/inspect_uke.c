/*
 * Claims: レセプト電算処理システム, 記録条件仕様 (medical, dental, DPC).
 *
 * CP932, lines of comma-separated fields that end in CR LF; the first field is
 * the kind of record.  UK (optional), IR, then a receipt from each RE on, and
 * GO last: what is said of a patient stands in a receipt.  GO's total is not
 * the number of RE: it is the sum over receipts of one for an HO and one for
 * each KO; its points are the sum of field 5 of HO, or of the first KO where
 * there is no HO.
 */
#include <string.h>

#include "lib/inspect/inspect_internal.h"
#include "lib/inspect/lines.h"

struct state {
	struct lines lines;
	uint64_t records, receipts, claims, points;
	/* The receipt at the moment. */
	bool has_points;
	bool has_facility, has_total, is_ended, is_disordered;
	uint64_t encoding_at; /* + 1; 0: none */
	uint64_t lf_at;	      /* + 1: a line without CR */
	bool is_truncated;
};

/* The nth field; its length, or 0 where there is none. */
static size_t
field(const char *line, unsigned number, const char **ret_text)
{
	for (; number > 0; number--) {
		line = strchr(line, ',');
		if (line == NULL)
			return 0;
		line++;
	}
	*ret_text = line;
	return strcspn(line, ",");
}

static bool
number_of(const char *line, unsigned index, uint64_t *ret_number)
{
	const char *text = "";
	size_t length = field(line, index, &text);
	uint64_t number = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9' || i >= 15)
			return false;
		number = number * 10 + (uint64_t)(text[i] - '0');
	}
	*ret_number = number;
	return length > 0;
}

static bool
is_record(const char *line, const char *kind)
{
	return strncmp(line, kind, 2) == 0 && (line[2] == ',' || !line[2]);
}

/* Whether the bytes are CP932: single bytes, and pairs by JIS X 0208's rows. */
static bool
is_cp932(const struct lines_line *line)
{
	const unsigned char *text = (const unsigned char *)line->text;

	for (size_t i = 0; i < line->length; i++) {
		unsigned char c = text[i];
		bool is_lead =
		    (c >= 0x81 && c <= 0x9f) || (c >= 0xe0 && c <= 0xfc);

		if (!is_lead) {
			if (c == 0x80 || c == 0xa0 || c >= 0xfd)
				return false;
			continue;
		}
		if (++i == line->length)
			return line->is_longer;
		if (text[i] < 0x40 || text[i] == 0x7f || text[i] > 0xfc)
			return false;
	}
	return true;
}

static void
add_claim(struct state *state, const char *line)
{
	uint64_t points;

	state->claims++;
	/* What an HO says goes before what a KO said. */
	if (state->has_points || !number_of(line, 5, &points))
		return;
	state->points += points;
	state->has_points = true;
}

static void
compare_total(struct inspect *inspect, const char *line)
{
	struct state *state = inspect->state;
	const char *volume = "";
	uint64_t claims = 0, points = 0;

	if (!number_of(line, 1, &claims) || !number_of(line, 2, &points)) {
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED,
		    state->lines.line_offset);
		return;
	}
	if (claims != state->claims)
		inspect_find_numbers(inspect, INSPECT_WARNING,
		    INSPECT_COUNT_MISMATCH, claims, state->claims);
	if (points != state->points)
		inspect_find_numbers(inspect, INSPECT_WARNING,
		    INSPECT_SUM_MISMATCH, points, state->points);
	if (field(line, 3, &volume) < 2 || strncmp(volume, "99", 2) != 0)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_SPLIT,
		    state->lines.line_offset);
}

/* What stands within a receipt only, in claims of all kinds. */
static bool
is_of_receipt(const char *line)
{
	static const char *const kinds[] = {"HO", "KO", "SN", "JD", "MF", "SY",
	    "SI", "IY", "TO", "CO", "NI", "SJ", "HS", "SS", "BU", "SB", "KK"};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (is_record(line, kinds[i]))
			return true;
	return false;
}

/* The first record that stands where it may not; one finding is enough. */
static void
check_order(struct inspect *inspect, const struct lines_line *line)
{
	struct state *state = inspect->state;
	bool is_late = is_record(line->text, "UK") && state->records > 1;
	bool is_early = state->receipts == 0 && is_of_receipt(line->text);

	if (state->is_disordered || !(is_late || is_early))
		return;
	state->is_disordered = true;
	inspect_find(inspect, INSPECT_WARNING, INSPECT_MALFORMED, line->offset);
}

/* RE and GO need an IR before them. */
static void
want_facility(struct inspect *inspect, const struct lines_line *line)
{
	struct state *state = inspect->state;

	if (!state->has_facility)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_MISSING_PART,
		    line->offset);
	state->has_facility = true;
}

static void
take_record(struct inspect *inspect, const struct lines_line *line)
{
	struct state *state = inspect->state;

	state->records++;
	if (state->has_total) {
		if (!state->is_ended)
			inspect_find(inspect, INSPECT_BROKEN, INSPECT_TRAILING,
			    line->offset);
		state->is_ended = true;
		return;
	}
	check_order(inspect, line);
	if (is_record(line->text, "IR")) {
		state->has_facility = true;
	} else if (is_record(line->text, "RE")) {
		want_facility(inspect, line);
		state->receipts++;
		state->has_points = false;
	} else if (is_record(line->text, "HO")) {
		add_claim(state, line->text);
	} else if (is_record(line->text, "KO")) {
		add_claim(state, line->text);
	} else if (is_record(line->text, "GO")) {
		want_facility(inspect, line);
		state->has_total = true;
		compare_total(inspect, line->text);
	}
}

static void
take_line(void *context, const struct lines_line *line)
{
	struct inspect *inspect = context;
	struct state *state = inspect->state;

	/* DOS's end of a text file. */
	if (line->length == 0 || (line->length == 1 && line->text[0] == 0x1a))
		return;
	if (!line->is_ended)
		state->is_truncated = true;
	if (state->encoding_at == 0 && !is_cp932(line))
		state->encoding_at = line->offset + 1;
	if (state->lf_at == 0 && line->is_ended && !line->is_longer &&
	    !line->has_cr)
		state->lf_at = line->offset + 1;
	take_record(inspect, line);
}

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	bool begins = inspect_begins(head, length, "IR,") ||
		      inspect_begins(head, length, "UK,");

	return inspect_ends(path, ".uke") ||
	       (begins && inspect_ends(path, ".hen"));
}

static void
begin(struct inspect *inspect)
{
	struct state *state = inspect->state;

	state->lines.end = '\n';
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;

	lines_push(&state->lines, data, length, take_line, inspect);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;

	lines_end(&state->lines, take_line, inspect);
	if (!state->has_total)
		inspect_find(inspect, INSPECT_BROKEN,
		    state->records == 0 ? INSPECT_MALFORMED : INSPECT_TRUNCATED,
		    state->lines.offset);
	else if (state->is_truncated)
		inspect_find(inspect, INSPECT_NOTE, INSPECT_TRUNCATED,
		    state->lines.offset);
	if (state->encoding_at > 0)
		inspect_find(inspect, INSPECT_WARNING, INSPECT_ENCODING,
		    state->encoding_at - 1);
	else if (state->lf_at > 0)
		inspect_find(
		    inspect, INSPECT_NOTE, INSPECT_ENCODING, state->lf_at - 1);
	inspect_count(inspect, "records", state->records);
	inspect_count(inspect, "receipts", state->receipts);
	inspect_count(inspect, "claims", state->claims);
	inspect_count(inspect, "points", state->points);
}

const struct inspect_type inspect_uke = {
    .name = "uke",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .begin = begin,
    .push = push,
    .end = end,
};
