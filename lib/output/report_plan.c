/*
 * The recovery plan, for the day when only this paper is left: what to restore
 * first, from which medium, where it lies and who has it.
 */
#include <stdio.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/judge/measure.h"
#include "lib/output/recover_words.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

/* The medium, what is known of its place, and how much is to be read there. */
static void
write_place(struct html *html, const struct report_facts *facts,
    const struct recover_copy *copy)
{
	char text[2 * RECOVER_WORDS_BYTES], size[REPORT_TEXT_BYTES];
	const char *holder = recover_words_holder(copy, text);

	html_open(html, "td");
	html_element(html, "b", NULL, report_facts_medium(facts, copy->medium));
	if (copy->location[0] != '\0')
		/* TRANSLATORS: behind a medium's name; where it lies. */
		html_text_format(html, _(", %s"), copy->location);
	/* TRANSLATORS: behind a medium; a remark. */
	html_text_format(html, _(" (%s)"),
	    copy->is_in_reach ? _("may have been in reach of an attacker")
			      : _("out of reach"));
	if (holder != NULL)
		/* TRANSLATORS: "; taken out by: Sato (safe)". */
		html_text_format(
		    html, _("; %s: %s"), _("taken out by"), holder);
	/* TRANSLATORS: behind a medium; bytes. */
	html_text_format(
	    html, _("; %s"), quantity_describe_size(copy->bytes, size));
	html_close(html);
}

static void
write_reading(struct html *html, const struct recover_copy *copy)
{
	const char *why =
	    copy->reason == NULL ? NULL : measure_sentence(copy->reason);
	char text[REPORT_TEXT_BYTES];

	html_open(html, "td");
	if (copy->is_confirmed)
		html_element(html, "span", "day",
		    report_words_day(copy->oldest_read_at, text));
	else
		html_text(html, _("not read again yet"));
	if (why != NULL)
		html_text_format(html, _(" (%s)"), why);
	html_close(html);
}

/* A line a copy, the one to begin with first. */
static void
write_copies(struct html *html, const struct report_facts *facts,
    const struct recover_system *system)
{
	for (size_t i = 0; i < system->copy_count; i++) {
		if (i > 0) {
			html_open(html, "tr");
			for (int column = 0; column < 4; column++)
				html_element(html, "td", NULL, "");
		}
		write_place(html, facts, &system->copies[i]);
		write_reading(html, &system->copies[i]);
		html_close(html);
	}
}

/* Which one, what is wrong with it, and with those that are newer. */
static void
write_generation(struct html *html, const struct recover_system *system)
{
	char text[REPORT_TEXT_BYTES], reasons[RECOVER_WORDS_BYTES];
	const char *newer = recover_words_newer(system, reasons);

	html_open(html, "td");
	if (system->copy_count > 0) {
		html_text(html, report_words_time(system->taken_at, text));
		html_element(html, "div", "id", system->generation);
	} else {
		html_element(
		    html, "b", NULL, _("there is none that can be used"));
	}
	if (system->broken != 0)
		html_element(html, "div", NULL,
		    _("what it holds is broken, at least in part"));
	if (newer != NULL) {
		html_open(html, "div");
		html_text_format(
		    html, _("%s: %s"), _("newer ones, not to be used"), newer);
		html_close(html);
	}
	html_close(html);
}

static void
write_system(struct html *html, const struct report_facts *facts, size_t number,
    const struct recover_system *system)
{
	html_open(html, "tr");
	html_open_class(html, "td", "markcell");
	report_words_mark(html, report_words_of_exit(system->status));
	html_close(html);
	html_open(html, "td");
	html_text_format(html, "%zu", number);
	html_close(html);
	html_element(html, "th", NULL, report_facts_system(facts, system->id));
	write_generation(html, system);
	if (system->copy_count > 0) {
		write_copies(html, facts, system);
		return;
	}
	html_element(html, "td", NULL, "");
	html_element(html, "td", NULL, "");
	html_close(html);
}

static void
write_table(struct html *html, const struct report_facts *facts,
    const struct recover *plan)
{
	const char *const titles[] = {"", _("Order"), _("System"),
	    _("Generation"), _("Medium and place"), _("Read again")};

	html_open(html, "table");
	html_open(html, "thead");
	html_open(html, "tr");
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++)
		html_element(html, "th", NULL, titles[i]);
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	for (size_t i = 0; i < plan->system_count; i++)
		write_system(html, facts, i + 1, &plan->systems[i]);
	html_close(html);
	html_close(html);
}

int
report_plan_write(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	const struct recover_question question = {
	    .at = facts->request->at, .now = facts->now, .before = INT64_MAX};
	struct recover *plan = NULL;

	if (recover_plan(facts->request->catalog, &question, &plan, err) != 0)
		return -1;
	report_words_section(html, "plan", _("If everything is lost"),
	    _("What to restore, in this order: the newest generation of each "
	      "system that is intact and not suspicious. After an attack, ask "
	      "for what was there before it: hikae recover plan --before "
	      "TIME."));
	if (plan->system_count > 0)
		write_table(html, facts, plan);
	else
		html_element(html, "p", NULL,
		    _("No systems are configured: there is nothing to plan "
		      "with."));
	html_close(html);
	recover_free(plan);
	return 0;
}
