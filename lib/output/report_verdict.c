/* How it stands, for somebody who reads one paragraph. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/judge/reason.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

/* What the paragraph and the numbers are made of. */
struct sums {
	size_t systems, good; /* all; with a newest generation that is there */
	size_t offline;	      /* with a good copy that is surely out of reach */
	size_t drilled;	      /* restored and signed within a year */
	size_t sampled;	      /* of these: a share only */
	size_t failed;	      /* the last drill failed */
	size_t bad, unknown;  /* reasons */
};

static const struct drills_system *
find_drills(const struct report_facts *facts, const char *id)
{
	for (size_t i = 0; i < facts->drills->system_count; i++)
		if (strcmp(facts->drills->systems[i].id, id) == 0)
			return &facts->drills->systems[i];
	return NULL;
}

/* What failed since then shows the contrary (law 3). */
static bool
is_drilled(const struct drills_system *drills)
{
	return drills->in_a_year > 0 && drills->failed == 0;
}

static bool
is_sampled(const struct drills_system *drills)
{
	return is_drilled(drills) && drills->year_ppm < 1000000;
}

static bool
is_of_drill(const char *code)
{
	static const enum reason reasons[] = {REASON_DRILL_FAILED,
	    REASON_DRILL_OVERDUE, REASON_DRILL_DUE, REASON_DRILL_UNSIGNED};

	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (strcmp(code, reason_name(reasons[i])) == 0)
			return true;
	return false;
}

/*
 * Whether its generations are there and read as promised: a drill that is
 * wanting is told apart, and says nothing of that.
 */
static bool
is_whole(const struct health *health, const struct health_system *system)
{
	if (system->generations_good == 0 && system->generations_kept == 0)
		return false;
	for (size_t i = 0; i < health->reason_count; i++) {
		const struct health_reason *reason = &health->reasons[i];

		if (reason->severity != VERDICT_EXIT_GOOD &&
		    strcmp(reason->system, system->id) == 0 &&
		    !is_of_drill(reason->code))
			return false;
	}
	return true;
}

static void
add_up(const struct report_facts *facts, struct sums *sums)
{
	const struct health *health = facts->health;

	*sums = (struct sums){.systems = health->system_count};
	for (size_t i = 0; i < health->system_count; i++) {
		const struct health_system *system = &health->systems[i];
		const struct drills_system *drills =
		    find_drills(facts, system->id);

		if (is_whole(health, system))
			sums->good++;
		if (copies_newest(facts->copies,
			inventory_find_system(facts->inventory, system->id),
			COPIES_OFFLINE) != INVENTORY_NOT)
			sums->offline++;
		if (drills == NULL)
			continue;
		sums->failed += drills->failed != 0;
		sums->drilled += is_drilled(drills);
		sums->sampled += is_sampled(drills);
	}
	for (size_t i = 0; i < health->reason_count; i++) {
		if (!report_reasons_is_told(facts, i))
			continue;
		if (health->reasons[i].severity == VERDICT_EXIT_BAD)
			sums->bad++;
		if (health->reasons[i].severity == VERDICT_EXIT_UNDETERMINED)
			sums->unknown++;
	}
}

static const char *
headline(enum verdict_exit status)
{
	switch (status) {
	case VERDICT_EXIT_GOOD:
		return _("The backups stand as they should.");
	case VERDICT_EXIT_WARNING:
		return _("The backups are there; something needs attention.");
	case VERDICT_EXIT_BAD:
		return _("Something is wrong with the backups.");
	case VERDICT_EXIT_UNDETERMINED:
		break;
	}
	return _("How the backups stand could not be determined.");
}

/* The names of the systems that are not whole: "A, B". */
static void
list_bad(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;
	size_t count = 0;

	for (size_t i = 0; i < health->system_count; i++) {
		if (is_whole(health, &health->systems[i]))
			continue;
		if (count++ > 0)
			html_text(html, _(", "));
		html_text(
		    html, report_facts_system(facts, health->systems[i].id));
	}
}

static void
write_systems(struct html *html, const struct report_facts *facts,
    const struct sums *sums)
{
	if (sums->systems == 0) {
		html_text(html,
		    _("No system is configured, so nothing is watched. "));
		return;
	}
	if (sums->good == sums->systems) {
		html_text_format(html,
		    _("All %d systems have their generations, read and found "
		      "intact as promised. "),
		    (int)sums->systems);
		return;
	}
	if (sums->good == 0) {
		html_text_format(html,
		    _("In none of %d systems are all generations there, read "
		      "and found intact as promised. "),
		    (int)sums->systems);
		return;
	}
	html_text_format(html,
	    _("%d of %d systems have their generations, read and found "
	      "intact as promised; these do not: "),
	    (int)sums->good, (int)sums->systems);
	list_bad(html, facts);
	html_text(html, _(". "));
}

/* "Records (5 %), Images (7 %)", or the names of those whose drill failed. */
static void
list_drills(
    struct html *html, const struct report_facts *facts, bool is_of_failed)
{
	char share[QUANTITY_TEXT_BYTES];
	size_t count = 0;

	for (size_t i = 0; i < facts->drills->system_count; i++) {
		const struct drills_system *drills = &facts->drills->systems[i];

		if (is_of_failed ? drills->failed == 0 : !is_sampled(drills))
			continue;
		if (count++ > 0)
			html_text(html, _(", "));
		html_text(html, report_facts_system(facts, drills->id));
		if (!is_of_failed)
			html_text_format(html, _(" (%s)"),
			    quantity_describe_share(drills->year_ppm, share));
	}
	html_text(html, _(". "));
}

static void
write_restored(struct html *html, const struct report_facts *facts,
    const struct sums *sums)
{
	if (sums->drilled > 0)
		html_text_format(html,
		    _("That they can be restored was shown within a year for "
		      "%d of %d systems. "),
		    (int)sums->drilled, (int)sums->systems);
	else if (sums->failed == 0)
		html_text(
		    html, _("That anything can really be restored has not been "
			    "shown by a signed drill within a year. "));
	if (sums->sampled > 0) {
		html_text(html, _("Of these a share of the bytes only: "));
		list_drills(html, facts, false);
	}
	if (sums->failed > 0) {
		html_text(html, _("The last restore drill failed: "));
		list_drills(html, facts, true);
	}
}

static void
write_reach(struct html *html, const struct sums *sums)
{
	if (sums->offline == 0)
		html_text(
		    html, _("No system has a good copy that an attacker in the "
			    "network surely cannot reach. "));
	else if (sums->offline == sums->systems)
		html_text(
		    html, _("Every system has a good copy out of an attacker's "
			    "reach. "));
	else
		html_text_format(html,
		    _("%d of %d systems have a good copy out of an attacker's "
		      "reach. "),
		    (int)sums->offline, (int)sums->systems);
}

/* A headline may be a few words or a sentence. */
static void
write_sentence(struct html *html, const char *text)
{
	static const char *const ends[] = {".", "。"};
	size_t length = strlen(text);

	html_text(html, text);
	for (size_t i = 0; i < sizeof(ends) / sizeof(ends[0]); i++)
		if (length >= strlen(ends[i]) &&
		    strcmp(text + length - strlen(ends[i]), ends[i]) == 0) {
			html_text(html, " ");
			return;
		}
	html_text(html, _(". "));
}

/* The first thing to do: of the worst reason. */
static void
write_next(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;
	const struct health_reason *reason;
	const char *title, *advice;
	size_t i = 0;

	while (i < health->reason_count && !report_reasons_is_told(facts, i))
		i++;
	if (i == health->reason_count)
		return;
	reason = &health->reasons[i];
	title = reason_title(reason->code);
	advice = reason_advice(reason->code);
	html_open_class(html, "p", "next");
	html_element(html, "strong", NULL, _("First: "));
	if (reason->system[0] != '\0' || reason->medium[0] != '\0') {
		html_text(html, report_facts_system(facts, reason->system));
		if (reason->system[0] != '\0' && reason->medium[0] != '\0')
			html_text(html, _(", "));
		html_text(html, report_facts_medium(facts, reason->medium));
		html_text(html, _(": "));
	}
	write_sentence(html, title == NULL ? reason->code : title);
	html_text(html, advice == NULL ? "" : advice);
	html_close(html);
}

static void
write_number(struct html *html, enum report_mark mark, size_t part,
    size_t whole, const char *label)
{
	html_open_class(html, "div", "number");
	html_open_class(html, "p", "figure");
	report_words_mark(html, mark);
	html_text_format(html, "%zu", part);
	html_open_class(html, "span", "whole");
	html_text_format(html, " / %zu", whole);
	html_close(html);
	html_close(html);
	html_element(html, "p", "label", label);
	html_close(html);
}

/* A part of a whole: nothing of nothing is not good. */
static enum report_mark
mark_of(size_t part, size_t whole)
{
	if (whole == 0)
		return REPORT_UNKNOWN;
	return part == whole ? REPORT_GOOD
	       : part == 0   ? REPORT_BAD
			     : REPORT_WARNING;
}

static void
write_numbers(struct html *html, const struct report_facts *facts,
    const struct sums *sums)
{
	const struct compliance *compliance = facts->compliance;
	size_t complete = compliance->totals[COMPLIANCE_COMPLETE];

	html_open_class(html, "div", "numbers");
	write_number(html, mark_of(sums->good, sums->systems), sums->good,
	    sums->systems, _("systems with whole, recent generations"));
	write_number(html, mark_of(sums->offline, sums->systems), sums->offline,
	    sums->systems, _("systems with a copy out of reach"));
	write_number(html, mark_of(sums->drilled, sums->systems), sums->drilled,
	    sums->systems,
	    _("systems restored in a signed drill within a year"));
	write_number(html, mark_of(complete, compliance->total), complete,
	    compliance->total, _("requirements with complete evidence"));
	html_close(html);
}

void
report_verdict_write(struct html *html, const struct report_facts *facts)
{
	enum report_mark mark = report_words_of_exit(facts->health->status);
	struct sums sums;

	add_up(facts, &sums);
	html_open(html, "section");
	html_attribute(html, "id", "verdict");
	html_attribute_format(
	    html, "class", "verdict %s", report_words_class(mark));
	html_open_class(html, "p", "headline");
	report_words_mark(html, mark);
	html_element(html, "strong", NULL, headline(facts->health->status));
	html_close(html);
	html_open_class(html, "p", "summary");
	write_systems(html, facts, &sums);
	write_reach(html, &sums);
	write_restored(html, facts, &sums);
	html_text_format(html,
	    _("Evidence is complete for %d of %d requirements in force. "),
	    (int)facts->compliance->totals[COMPLIANCE_COMPLETE],
	    (int)facts->compliance->total);
	html_text_format(html,
	    _("Open: %d things that are bad, %d that could not be "
	      "determined."),
	    (int)sums.bad, (int)sums.unknown);
	html_close(html);
	write_next(html, facts);
	write_numbers(html, facts, &sums);
	html_close(html);
}
