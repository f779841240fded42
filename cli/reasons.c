#include "cli/reasons.h"

#include <stdint.h>
#include <string.h>

#include "cli/view.h"
#include "lib/base/i18n.h"
#include "lib/judge/reason.h"

/* Two sources of one medium that say the same: the medium is what is meant. */
static bool
is_same_medium(const json_t *a, const json_t *b)
{
	static const char *const keys[] = {"code", "medium", "severity"};

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!json_equal(json_object_get(a, keys[i]),
			json_object_get(b, keys[i])))
			return false;
	return json_object_get(a, "source") != NULL &&
	       json_object_get(b, "source") != NULL &&
	       json_object_get(a, "generation") == NULL &&
	       json_object_get(b, "generation") == NULL;
}

/* How many of the first `end` reasons say the same of the same medium. */
static size_t
count_same(const json_t *document, const json_t *reason, size_t end)
{
	size_t count = 0, i;
	json_t *other;

	json_array_foreach(json_object_get(document, "reasons"), i, other)
	{
		if (i == end)
			break;
		count += is_same_medium(reason, other);
	}
	return count;
}

/* What a reason is about: "Health record (nas1)"; "" for everything. */
static const char *
describe_about(
    const json_t *document, const json_t *reason, char *text, size_t size)
{
	char system[VIEW_TEXT_BYTES], medium[VIEW_TEXT_BYTES];
	char id[VIEW_TEXT_BYTES];
	bool has_system = view_text(reason, "system", id)[0] != '\0';
	bool has_medium;

	if (count_same(document, reason, SIZE_MAX) > 1)
		has_system = false;
	if (has_system)
		(void)view_name(
		    json_object_get(document, "systems"), id, system);
	has_medium = view_text(reason, "medium", id)[0] != '\0';
	if (has_medium)
		(void)view_name(json_object_get(document, "media"), id, medium);
	if (has_system && has_medium)
		/* TRANSLATORS: a system and the medium that holds it. */
		(void)snprintf(text, size, _("%s (%s)"), system, medium);
	else
		(void)snprintf(text, size, "%s",
		    has_system	 ? system
		    : has_medium ? medium
				 : "");
	return text;
}

/* "Health record (nas1): damaged copies (2)" */
const char *
reasons_describe(
    const json_t *document, const json_t *reason, char *text, size_t size)
{
	char about[2 * VIEW_TEXT_BYTES + 16], code[VIEW_TEXT_BYTES];
	const char *title = reason_title(view_text(reason, "code", code));
	uint64_t count = view_number(reason, "count");
	size_t used = 0;

	(void)describe_about(document, reason, about, sizeof(about));
	if (about[0] != '\0')
		/* TRANSLATORS: what it is about, before what is wrong. */
		(void)snprintf(text, size, _("%s: "), about);
	else
		text[0] = '\0';
	used = strlen(text);
	(void)snprintf(
	    text + used, size - used, "%s", title == NULL ? code : title);
	used = strlen(text);
	if (strcmp(code, reason_name(REASON_SUSPICIOUS)) == 0 &&
	    view_text(reason, "generation", about)[0] != '\0')
		(void)snprintf(text + used, size - used, " %s", about);
	used = strlen(text);
	if (count > 1 || strncmp(code, "copies-", 7) == 0)
		/* TRANSLATORS: how often, after what is wrong. */
		(void)snprintf(
		    text + used, size - used, _(" (%d)"), (int)count);
	return text;
}

/* Somebody said that he takes care of it. */
static void
print_acknowledged(struct print *print, const json_t *reason)
{
	const json_t *ack = json_object_get(reason, "acknowledged");
	char by[VIEW_TEXT_BYTES], until[VIEW_TEXT_BYTES];
	char line[3 * VIEW_TEXT_BYTES];

	if (ack == NULL)
		return;
	(void)snprintf(line, sizeof(line), _("  acknowledged by %s until %s"),
	    view_text(ack, "by", by), view_date(ack, "until", until));
	view_line(print, PRINT_PLAIN, line);
}

/* A reason and what to do next. */
static void
print_reason(struct print *print, const json_t *document, const json_t *reason,
    bool has_code)
{
	char text[4 * VIEW_TEXT_BYTES], code[VIEW_TEXT_BYTES];
	char line[4 * VIEW_TEXT_BYTES];
	const char *advice = reason_advice(view_text(reason, "code", code));

	(void)reasons_describe(document, reason, text, sizeof(text));
	(void)snprintf(line, sizeof(line), has_code ? "%s [%s]" : "%s", text,
	    view_text(reason, "code", code));
	view_line(print, view_mark(reason, "severity"), line);
	print_acknowledged(print, reason);
	if (advice == NULL)
		return;
	/* TRANSLATORS: the next step, below what is wrong. */
	(void)snprintf(line, sizeof(line), _("  -> %s"), advice);
	view_line(print, PRINT_PLAIN, line);
}

/* The most urgent ones, each medium once, and how many there are besides. */
void
reasons_print(struct print *print, const json_t *document, size_t shown)
{
	size_t i, count = 0;
	json_t *reason;

	json_array_foreach(json_object_get(document, "reasons"), i, reason)
	{
		if (count_same(document, reason, i) == 0 && count++ < shown)
			print_reason(
			    print, document, reason, shown == REASONS_ALL);
	}
	if (count > shown)
		(void)fprintf(print->out,
		    _("%d more. Everything: hikae status --all, hikae "
		      "findings\n"),
		    (int)(count - shown));
	else if (count > 0)
		(void)fputs(
		    _("In full: hikae findings, hikae copies\n"), print->out);
}
