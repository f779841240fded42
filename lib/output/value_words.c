#include "lib/output/value_words.h"

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"

/* What is asked for, behind what was measured. */
static void
append_wanted(struct bytes *line, const struct value_words *value)
{
	char text[MEASURE_TEXT_BYTES];
	const char *wanted =
	    measure_describe_value(value->measure, value->wanted, text);

	switch (value->operator) {
	case REQUIREMENT_EQUAL:
		bytes_append_format(line, _(" (asked for: %s)"), wanted);
		break;
	case REQUIREMENT_UNEQUAL:
		bytes_append_format(line, _(" (asked for: not %s)"), wanted);
		break;
	case REQUIREMENT_LESS:
		bytes_append_format(
		    line, _(" (asked for: less than %s)"), wanted);
		break;
	case REQUIREMENT_AT_MOST:
		bytes_append_format(
		    line, _(" (asked for: at most %s)"), wanted);
		break;
	case REQUIREMENT_MORE:
		bytes_append_format(
		    line, _(" (asked for: more than %s)"), wanted);
		break;
	case REQUIREMENT_AT_LEAST:
		bytes_append_format(
		    line, _(" (asked for: at least %s)"), wanted);
		break;
	}
}

/* What is not sure: "1 to 3", "at least 1", "not determined". */
static void
append_bounds(struct bytes *line, const struct value_words *value)
{
	char least[MEASURE_TEXT_BYTES], most[MEASURE_TEXT_BYTES];

	if (measure_unit_of(value->measure) == MEASURE_FLAG ||
	    value->least >= value->most ||
	    (value->most == INT64_MAX && value->least <= 0)) {
		bytes_append_text(line, _("not determined"));
		return;
	}
	(void)measure_describe_value(value->measure, value->least, least);
	if (value->most == INT64_MAX)
		bytes_append_format(line, _("at least %s"), least);
	else
		/* TRANSLATORS: a number that is not known, between two. */
		bytes_append_format(line, _("%s to %s"), least,
		    measure_describe_value(value->measure, value->most, most));
}

void
value_words_append(struct bytes *line, const struct value_words *value)
{
	char text[MEASURE_TEXT_BYTES];
	const char *sentence;

	bytes_append_text(line, measure_title(value->measure));
	bytes_append_text(line, _(": "));
	switch (value->state) {
	case MEASURE_KNOWN:
		bytes_append_text(line, measure_describe_value(value->measure,
					    value->number, text));
		break;
	case MEASURE_NONE:
		bytes_append_text(line, _("none"));
		break;
	case MEASURE_UNKNOWN:
		append_bounds(line, value);
		break;
	}
	if (value->share_ppm > 0)
		bytes_append_format(line, _(", %s of the bytes"),
		    quantity_describe_share(value->share_ppm, text));
	if (value->is_asked)
		append_wanted(line, value);
	if (value->reason[0] == '\0')
		return;
	sentence = measure_sentence(value->reason);
	/* A newer hikaed knows more reasons. */
	bytes_append_format(
	    line, " %s", sentence == NULL ? value->reason : sentence);
}
