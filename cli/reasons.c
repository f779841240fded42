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
	if (json_object_get(reason, "refused_at") != NULL)
		/* TRANSLATORS: an instant, after what is wrong. */
		(void)snprintf(text + used, size - used, _(" since %s"),
		    view_date(reason, "refused_at", about));
	used = strlen(text);
	if (count > 1 || strncmp(code, "copies-", 7) == 0)
		/* TRANSLATORS: how often, after what is wrong. */
		(void)snprintf(
		    text + used, size - used, _(" (%d)"), (int)count);
	return text;
}

const char *
reasons_said(const json_t *item, char *text)
{
	char said[VIEW_TEXT_BYTES];
	uint64_t mistakes = view_number(item, "mistakes");

	text[0] = '\0';
	if (view_text(item, "said", said)[0] == '\0')
		return text;
	if (mistakes > 1)
		/* TRANSLATORS: a mistake, and how many there are besides. */
		(void)snprintf(text, REASONS_SAID_BYTES, _("%s (%d more)"),
		    said, (int)(mistakes - 1));
	else
		(void)snprintf(text, REASONS_SAID_BYTES, "%s", said);
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
	char line[4 * VIEW_TEXT_BYTES], said[REASONS_SAID_BYTES];
	const char *advice = reason_advice(view_text(reason, "code", code));

	(void)reasons_describe(document, reason, text, sizeof(text));
	(void)snprintf(line, sizeof(line), has_code ? "%s [%s]" : "%s", text,
	    view_text(reason, "code", code));
	view_line(print, view_mark(reason, "severity"), line);
	print_acknowledged(print, reason);
	if (reasons_said(reason, said)[0] != '\0') {
		(void)snprintf(line, sizeof(line), "  %s", said);
		view_line(print, PRINT_PLAIN, line);
	}
	if (advice == NULL)
		return;
	/* TRANSLATORS: the next step, below what is wrong. */
	(void)snprintf(line, sizeof(line), _("  -> %s"), advice);
	view_line(print, PRINT_PLAIN, line);
}

static bool
is_equal(const json_t *a, const json_t *b, const char *key)
{
	return json_equal(json_object_get(a, key), json_object_get(b, key));
}

/* About a medium as such, not about a copy that lies on it. */
static bool
is_of_medium(const json_t *reason)
{
	return json_object_get(reason, "medium") != NULL &&
	       json_object_get(reason, "generation") == NULL &&
	       view_mark(reason, "severity") != PRINT_GOOD;
}

/* The short list, in the order of the document. */
struct choice {
	const json_t *reasons[REASONS_SHOWN_MAX];
	size_t count;
};

static bool
has_medium_of(const struct choice *choice, const json_t *reason)
{
	for (size_t i = 0; i < choice->count; i++)
		if (is_of_medium(choice->reasons[i]) &&
		    is_equal(choice->reasons[i], reason, "medium"))
			return true;
	return false;
}

/* Whether another of them has the same next step. */
static bool
is_repeated(const struct choice *choice, size_t at)
{
	for (size_t i = 0; i < choice->count; i++)
		if (i != at &&
		    is_equal(choice->reasons[i], choice->reasons[at], "code"))
			return true;
	return false;
}

/*
 * What is wrong with a medium is often why other things are wrong, which come
 * before it: it takes the place of the last one, but the first, that is no
 * more urgent, or whose next step another one tells as well.
 */
static void
give_place(struct choice *choice, const json_t *reason)
{
	for (size_t i = choice->count; i-- > 1;) {
		if (is_of_medium(choice->reasons[i]) ||
		    !(is_equal(choice->reasons[i], reason, "severity") ||
			is_repeated(choice, i)))
			continue;
		for (size_t k = i + 1; k < choice->count; k++)
			choice->reasons[k - 1] = choice->reasons[k];
		choice->reasons[choice->count - 1] = reason;
		return;
	}
}

/* How many different ones there are. */
static size_t
choose(const json_t *document, size_t shown, struct choice *choice)
{
	size_t i, count = 0;
	json_t *reason;

	json_array_foreach(json_object_get(document, "reasons"), i, reason)
	{
		if (count_same(document, reason, i) != 0)
			continue;
		count++;
		if (choice->count < shown)
			choice->reasons[choice->count++] = reason;
		else if (is_of_medium(reason) && !has_medium_of(choice, reason))
			give_place(choice, reason);
	}
	return count;
}

static void
print_all(struct print *print, const json_t *document)
{
	size_t i;
	json_t *reason;

	json_array_foreach(json_object_get(document, "reasons"), i, reason)
	{
		if (count_same(document, reason, i) == 0)
			print_reason(print, document, reason, true);
	}
}

void
reasons_print(struct print *print, const json_t *document, size_t shown)
{
	struct choice choice = {.count = 0};
	size_t count;

	if (shown > REASONS_SHOWN_MAX && shown != REASONS_ALL)
		shown = REASONS_SHOWN_MAX;
	count = choose(document, shown == REASONS_ALL ? 0 : shown, &choice);
	if (shown == REASONS_ALL)
		print_all(print, document);
	for (size_t i = 0; i < choice.count; i++)
		print_reason(print, document, choice.reasons[i], false);
	if (count > shown)
		(void)fprintf(print->out,
		    _("%d more. Everything: hikae status --all, hikae "
		      "findings\n"),
		    (int)(count - shown));
	else if (count > 0)
		(void)fputs(
		    _("In full: hikae findings, hikae copies\n"), print->out);
}
