#include "cli/view.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"

const char *
view_text(const json_t *object, const char *key, char *text)
{
	struct bytes raw = BYTES_EMPTY;

	if (json_get_bytes(object, key, &raw) == 0)
		(void)text_escape(text, VIEW_TEXT_BYTES, raw.data, raw.length);
	else
		text[0] = '\0';
	bytes_done(&raw);
	return text;
}

uint64_t
view_number(const json_t *object, const char *key)
{
	uint64_t number;

	return json_get_u64(object, key, &number) == 0 ? number : 0;
}

void
view_add_number(
    struct print_table *table, const json_t *object, const char *key)
{
	print_table_add_format(table, "%" PRIu64, view_number(object, key));
}

void
view_add_ratio(struct print_table *table, const json_t *object,
    const char *part, const char *whole)
{
	print_table_add_format(table, "%" PRIu64 "/%" PRIu64,
	    view_number(object, part), view_number(object, whole));
}

bool
view_instant(const json_t *object, const char *key, int64_t *ret_instant)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_integer(value))
		return false;
	*ret_instant = json_integer_value(value);
	return true;
}

static const char *
dash(char *text)
{
	(void)snprintf(text, VIEW_TEXT_BYTES, "-");
	return text;
}

enum unit {
	DAYS,
	HOURS,
	MINUTES,
	SECONDS
};

/* The largest unit of which there are two or more; how many. */
static enum unit
choose_unit(int64_t ms, int *ret_count)
{
	static const int64_t units[] = {
	    CLOCK_DAY_MS, CLOCK_HOUR_MS, CLOCK_MINUTE_MS, CLOCK_SECOND_MS};
	size_t i = 0;

	while (i < SECONDS && ms < 2 * units[i])
		i++;
	ms /= units[i];
	*ret_count = ms > INT_MAX ? INT_MAX : (int)ms;
	return (enum unit)i;
}

#define FORMAT(text, ...) (void)snprintf(text, VIEW_TEXT_BYTES, __VA_ARGS__)

static const char *
describe_past(int64_t ms, char *text)
{
	int n;

	switch (choose_unit(ms, &n)) {
	case DAYS:
		FORMAT(text, _("%d days ago"), n);
		break;
	case HOURS:
		FORMAT(text, _("%d h ago"), n);
		break;
	case MINUTES:
		FORMAT(text, _("%d min ago"), n);
		break;
	case SECONDS:
		FORMAT(text, _("%d s ago"), n);
		break;
	}
	return text;
}

static const char *
describe_span(int64_t ms, char *text)
{
	int n;

	if (ms > 0 && ms < CLOCK_SECOND_MS) {
		FORMAT(text, "%s", _("under 1 s"));
		return text;
	}
	switch (choose_unit(ms, &n)) {
	case DAYS:
		FORMAT(text, _("%d days"), n);
		break;
	case HOURS:
		FORMAT(text, _("%d h"), n);
		break;
	case MINUTES:
		FORMAT(text, _("%d min"), n);
		break;
	case SECONDS:
		FORMAT(text, _("%d s"), n);
		break;
	}
	return text;
}

const char *
view_age(const json_t *object, const char *key, int64_t now, char *text)
{
	char span[VIEW_TEXT_BYTES];
	int64_t instant;

	if (!view_instant(object, key, &instant))
		return dash(text);
	if (instant <= now)
		return describe_past(now - instant, text);
	/* TRANSLATORS: a time in the future, such as "in 2 days". */
	FORMAT(text, _("in %s"), describe_span(instant - now, span));
	return text;
}

const char *
view_duration(const json_t *object, const char *key, char *text)
{
	int64_t ms;

	if (!view_instant(object, key, &ms) || ms <= 0)
		return dash(text);
	return describe_span(ms, text);
}

const char *
view_date(const json_t *object, const char *key, char *text)
{
	int64_t instant;

	if (!view_instant(object, key, &instant))
		return dash(text);
	return date_describe(instant, text);
}

const char *
view_size(const json_t *object, const char *key, char *text)
{
	return quantity_describe_size(view_number(object, key), text);
}

enum print_mark
view_mark(const json_t *object, const char *key)
{
	static const struct {
		const char *name;
		enum print_mark mark;
	} marks[] = {
	    {"good", PRINT_GOOD},
	    {"intact", PRINT_GOOD},
	    {"warning", PRINT_WARNING},
	    {"bad", PRINT_BAD},
	    {"damaged", PRINT_BAD},
	};
	const char *name = json_string_value(json_object_get(object, key));

	for (size_t i = 0; name != NULL && i < sizeof(marks) / sizeof(marks[0]);
	     i++)
		if (strcmp(name, marks[i].name) == 0)
			return marks[i].mark;
	return PRINT_UNKNOWN;
}

/* Words of documents that are shown. */
static const char *const words[] = {
    N_("intact"),
    N_("damaged"),
    N_("undetermined"),
    N_("captured"),
    N_("settling"),
    N_("missing"),
    N_("ok"),
    N_("away"),
    N_("absent"),
    N_("wrong-medium"),
    N_("unreadable"),
    N_("empty"),
    N_("never-scanned"),
    N_("done"),
    N_("cancelled"),
    N_("failed"),
    N_("lost"),
    N_("reported"),
    N_("missed"),
    N_("not-run"),
    N_("scan"),
    N_("capture"),
    N_("verify"),
    N_("good"),
    N_("warning"),
    N_("bad"),
    N_("same"),
    N_("names-differ"),
    N_("differ"),
    N_("manual"),
    N_("coverage"),
    N_("attach"),
    N_("quick"),
    N_("full"),
    N_("verification"),
    N_("direct-local"),
    N_("direct-remote"),
    N_("dropped"),
    N_("cache-possible"),
};

const char *
view_word(const json_t *object, const char *key, char *text)
{
	(void)view_text(object, key, text);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(text, words[i]) == 0) {
			(void)snprintf(
			    text, VIEW_TEXT_BYTES, "%s", _(words[i]));
			break;
		}
	return text;
}

const char *
view_name(const json_t *list, const char *id, char *text)
{
	size_t i;
	json_t *item;

	json_array_foreach(list, i, item)
	{
		const char *other =
		    json_string_value(json_object_get(item, "id"));

		if (other == NULL || strcmp(other, id) != 0)
			continue;
		if (view_text(item, "name", text)[0] != '\0')
			return text;
	}
	return text_escape(text, VIEW_TEXT_BYTES, id, strlen(id));
}

void
view_line(struct print *print, enum print_mark mark, const char *text)
{
	size_t used = text_display_width(print_mark_text(mark));
	struct bytes line = BYTES_EMPTY;

	if (mark != PRINT_PLAIN)
		used++;
	if (print->columns <= used)
		bytes_append_text(&line, text);
	else
		text_cut(&line, text, print->columns - used);
	bytes_append_u8(&line, 0);
	if (!line.failed)
		print_line(print, mark, "%s", (const char *)line.data);
	bytes_done(&line);
}
