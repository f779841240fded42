/*
 * Where the copies of each system lie: on site or away, connected or not.
 * Words and borders say it; colours only repeat it.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/media_words.h"
#include "lib/output/report_icon.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

enum zone {
	ON_SITE_CONNECTED,
	ON_SITE_APART,
	AWAY_CONNECTED,
	AWAY_APART,
};
#define ZONES (AWAY_APART + 1)

static const char *
name_of(enum zone zone)
{
	switch (zone) {
	case ON_SITE_CONNECTED:
		return _("on site, connected");
	case ON_SITE_APART:
		return _("on site, out of reach");
	case AWAY_CONNECTED:
		return _("off-site, connected");
	case AWAY_APART:
		break;
	}
	return _("off-site, out of reach");
}

/* What was never observed counts as connected: nothing says otherwise. */
static enum zone
zone_of(const struct inventory_medium *medium)
{
	bool is_apart = medium->state[0] != '\0' && !medium->in_reach;

	if (medium->is_offsite && !copies_is_brought_here(medium) &&
	    !inventory_is_served_here(medium))
		return is_apart ? AWAY_APART : AWAY_CONNECTED;
	return is_apart ? ON_SITE_APART : ON_SITE_CONNECTED;
}

/* A system's copies on one medium. */
struct place {
	const struct inventory_copy *newest; /* NULL: none */
	size_t newest_index;
	const char *generation;
	size_t count, good;
	bool has_source, is_tree;
};

static void
count_copy(const struct report_facts *facts, size_t index, struct place *place)
{
	const struct inventory_copy *copy = &facts->inventory->copies[index];

	if (place->newest == NULL) {
		place->newest = copy;
		place->newest_index = index;
		place->generation =
		    facts->inventory->generations[copy->generation].id;
		place->is_tree = strcmp(copy->layout, "tree") == 0;
	}
	if (!copy->is_missing)
		place->count++;
	if (copies_is(facts->copies, index, COPIES_GOOD) == BOUNDS_YES)
		place->good++;
}

static void
look_at(const struct report_facts *facts, size_t system, size_t medium,
    struct place *place)
{
	const struct inventory *inventory = facts->inventory;
	const struct inventory_system *of = &inventory->systems[system];

	*place = (struct place){0};
	for (size_t i = 0; i < inventory->source_count; i++)
		if (inventory->sources[i].system == system &&
		    inventory->sources[i].medium == medium)
			place->has_source = true;
	for (size_t g = of->generation;
	     g < of->generation + of->generation_count; g++) {
		const struct inventory_generation *generation =
		    &inventory->generations[g];

		for (size_t c = generation->copy;
		     c < generation->copy + generation->copy_count; c++)
			if (inventory->copies[c].medium == medium)
				count_copy(facts, c, place);
	}
}

static enum report_mark
mark_of(const struct report_facts *facts, const struct place *place)
{
	const struct inventory_copy *copy = place->newest;

	if (copy == NULL || copy->is_missing ||
	    copy->verdict == VERDICT_DAMAGED)
		return REPORT_BAD;
	if (!copy->is_captured || copy->verdict == VERDICT_UNDETERMINED)
		return REPORT_UNKNOWN;
	return copies_is(facts->copies, place->newest_index, COPIES_GOOD) ==
		       BOUNDS_YES
		   ? REPORT_GOOD
		   : REPORT_WARNING;
}

static const char *
verdict_of(enum report_mark mark, const struct inventory_copy *copy)
{
	if (copy == NULL)
		return _("no generation");
	if (copy->is_missing)
		return _("is gone");
	if (copy->verdict == VERDICT_DAMAGED)
		return _("damaged");
	if (!copy->is_captured)
		return _("still arriving");
	if (mark == REPORT_UNKNOWN)
		return _("not determined");
	return copy->unconfirmed_bytes > 0 ? _("recorded, not read again yet")
					   : _("read again, intact");
}

/* Out of reach with evidence, or not: one line. */
static void
write_reach(struct html *html, const struct report_facts *facts, size_t index)
{
	const struct inventory_medium *medium = &facts->inventory->media[index];
	const struct offline_claim *claim = copies_claim(facts->copies, index);
	char ago[REPORT_TEXT_BYTES];

	html_open_class(html, "p", "reach");
	if (medium->state[0] == '\0')
		html_text(html, _("whether it is connected: not observed"));
	else if (medium->in_reach)
		html_text_format(html, _("connected: %s"),
		    report_words_ago(medium->attached_at, facts->now, ago));
	else
		html_text_format(html, _("last seen: %s"),
		    report_words_ago(medium->seen_at, facts->now, ago));
	html_close(html);
	if (medium->offline[0] == '\0')
		return;
	html_open_class(html, "p", "reach");
	if (claim->evidence == OFFLINE_VERIFIED)
		html_text(html, _("out of reach: observed"));
	else if (claim->evidence == OFFLINE_ATTESTED)
		html_text(html, _("out of reach: on somebody's word"));
	else if (claim->evidence == OFFLINE_PARTIAL)
		html_text(html, _("out of reach: the document is missing"));
	else if (claim->evidence == OFFLINE_NONE)
		html_text(html, _("kept out of reach: no evidence"));
	else
		html_text(html, _("kept out of reach: not determined"));
	html_close(html);
}

static void
write_copy(struct html *html, const struct report_facts *facts,
    const struct place *place, enum report_mark mark)
{
	const struct inventory_copy *copy = place->newest;
	const char *why;
	char text[REPORT_TEXT_BYTES];

	html_open_class(html, "p", "verdictline");
	report_words_mark(html, mark);
	html_text(html, verdict_of(mark, copy));
	html_close(html);
	if (copy == NULL)
		return;
	html_open(html, "p");
	if (place->is_tree)
		html_text_format(html, _("living folder, newest file %s"),
		    report_words_time(copy->instant, text));
	else
		html_text_format(html, _("newest: %s"),
		    report_words_time(copy->instant, text));
	html_close(html);
	html_open(html, "p");
	if (!place->is_tree)
		html_text_format(html, _("generations: %d, of them good: %d"),
		    (int)place->count, (int)place->good);
	html_close(html);
	html_open(html, "p");
	html_text_format(html, _("oldest reading: %s"),
	    report_words_ago(copy->oldest_read_at, facts->now, text));
	html_close(html);
	why = copies_reason(facts->copies, place->newest_index);
	why = mark == REPORT_WARNING ? measure_sentence(why) : NULL;
	if (why != NULL)
		html_element(html, "p", "why", why);
}

static void
write_card(struct html *html, const struct report_facts *facts, size_t index,
    const struct place *place)
{
	const struct inventory_medium *medium = &facts->inventory->media[index];
	const char *name = report_facts_medium(facts, medium->id);
	const char *kind = media_words_kind(medium->kind);
	enum report_mark mark = mark_of(facts, place);
	bool is_apart = medium->state[0] != '\0' && !medium->in_reach;

	html_open(html, "div");
	html_attribute_format(html, "class", "card %s%s",
	    report_words_class(mark), is_apart ? " apart" : "");
	html_open_class(html, "p", "medium");
	report_icon_write(html, medium->kind);
	html_element(html, "b", NULL, name);
	html_close(html);
	if (strstr(name, kind) == NULL)
		html_element(html, "p", "kind", kind);
	write_copy(html, facts, place, mark);
	write_reach(html, facts, index);
	html_close(html);
}

static void
write_zone(struct html *html, const struct report_facts *facts, size_t system,
    enum zone zone)
{
	struct place place;
	size_t count = 0;

	html_open(html, "div");
	html_attribute_format(html, "class", "zone%s",
	    zone == ON_SITE_APART || zone == AWAY_APART ? " apart" : "");
	html_element(html, "p", "zonename", name_of(zone));
	for (size_t i = 0; i < facts->inventory->medium_count; i++) {
		if (zone_of(&facts->inventory->media[i]) != zone)
			continue;
		look_at(facts, system, i, &place);
		if (!place.has_source && place.newest == NULL)
			continue;
		write_card(html, facts, i, &place);
		count++;
	}
	if (count == 0)
		html_element(html, "p", "none", _("none"));
	html_close(html);
}

/* "2", or "1 to 2" where it is not sure. */
static const char *
describe(struct bounds bounds, char *text)
{
	if (bounds.least == bounds.most)
		(void)snprintf(
		    text, REPORT_TEXT_BYTES, "%d", (int)bounds.least);
	else if (bounds.most == INT64_MAX)
		(void)snprintf(text, REPORT_TEXT_BYTES, _("at least %d"),
		    (int)bounds.least);
	else
		(void)snprintf(text, REPORT_TEXT_BYTES, _("%d to %d"),
		    (int)bounds.least, (int)bounds.most);
	return text;
}

static void
write_count(struct html *html, const char *label, struct bounds bounds)
{
	char text[REPORT_TEXT_BYTES];

	html_open_class(html, "span", "count");
	html_text(html, label);
	html_element(html, "b", NULL, describe(bounds, text));
	html_close(html);
}

/* The newest generation that has a good copy of that kind. */
static void
write_newest(struct html *html, const struct report_facts *facts, size_t system,
    enum copies_trait trait, const char *label)
{
	const struct inventory *inventory = facts->inventory;
	size_t index = copies_newest(facts->copies, system, trait);
	char text[REPORT_TEXT_BYTES];
	size_t copy;

	html_open_class(html, "span", "count");
	html_text(html, label);
	if (index == INVENTORY_NOT) {
		html_element(html, "b", NULL, _("no good copy"));
	} else {
		copy = inventory->generations[index].copy;
		html_element(html, "b", NULL,
		    report_words_day(inventory->copies[copy].instant, text));
	}
	html_close(html);
}

static void
write_counts(struct html *html, const struct report_facts *facts, size_t system)
{
	struct copies_summary summary;

	copies_summarize(facts->copies, system, &summary);
	if (summary.generation == INVENTORY_NOT) {
		html_element(html, "span", "count",
		    _("no generation with a copy that counts"));
		return;
	}
	write_count(html, _("good copies "), summary.copies);
	write_count(html, _("kinds of media "), summary.kinds);
	write_newest(html, facts, system, COPIES_OFFSITE, _("off-site: "));
	write_newest(html, facts, system, COPIES_OFFLINE, _("out of reach: "));
}

static void
write_system(struct html *html, const struct report_facts *facts, size_t index)
{
	const struct inventory_system *system =
	    &facts->inventory->systems[index];
	const struct health *health = facts->health;
	enum report_mark mark = REPORT_UNKNOWN;

	for (size_t i = 0; i < health->system_count; i++)
		if (strcmp(health->systems[i].id, system->id) == 0)
			mark = report_words_of_exit(health->systems[i].status);
	html_open_class(html, "div", "system");
	html_open(html, "h3");
	report_words_mark(html, mark);
	html_element(
	    html, "span", NULL, report_facts_system(facts, system->id));
	html_close(html);
	html_open_class(html, "p", "counts");
	if (system->source_count == 0)
		html_text(html, _("This system has no source: nothing of it "
				  "is known to be backed up."));
	else
		write_counts(html, facts, index);
	html_close(html);
	html_open_class(html, "div", "zones");
	for (int zone = 0; zone < ZONES; zone++)
		write_zone(html, facts, index, (enum zone)zone);
	html_close(html);
	html_close(html);
}

void
report_places_write(struct html *html, const struct report_facts *facts)
{
	report_words_section(html, "places", _("Where the copies lie"),
	    _("A copy counts when it was read within its promise and found "
	      "intact. Two on one disk are one, and what is in production is "
	      "not counted. Numbers are of the newest good generation; days "
	      "are those of the newest good copy there."));
	if (facts->inventory->system_count == 0)
		html_element(html, "p", NULL,
		    _("No system is configured, so nothing is watched. "));
	for (size_t i = 0; i < facts->inventory->system_count; i++)
		write_system(html, facts, i);
	html_close(html);
}
