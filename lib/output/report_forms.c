/*
 * The officials' own forms, as drafts: what hikae measured is filled in, what
 * a person has to decide or describe stays blank.
 *
 * The checklist: 医療機関におけるサイバーセキュリティ対策チェックリスト
 * 令和7年度 (医療機関確認用), the item about backups.  The table:
 * サイバー攻撃を 想定した事業継続計画（BCP）策定のひな形, 2.2.4.
 */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/output/media_words.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"
#include "lib/store/query_drill.h"

#define CHECKLIST "CL-R7-3-2"

static void
write_blank(struct html *html, const char *class)
{
	html_open(html, "span");
	html_attribute_format(html, "class", "blank %s", class);
	html_close(html);
}

/* "Yes / No", to be circled, and a day. */
static void
write_answer(struct html *html)
{
	html_open_class(html, "td", "answer");
	html_element(html, "p", "circle", _("Yes ・ No"));
	html_open(html, "p");
	html_text(html, "(");
	write_blank(html, "tiny");
	html_text(html, "/");
	write_blank(html, "tiny");
	html_text(html, ")");
	html_close(html);
	html_close(html);
}

static void
write_target(struct html *html)
{
	html_open_class(html, "td", "answer");
	html_open(html, "p");
	html_text(html, "(");
	write_blank(html, "tiny");
	html_text(html, "/");
	write_blank(html, "tiny");
	html_text(html, ")");
	html_close(html);
	html_close(html);
}

static const struct drills_system *
find_drills(const struct report_facts *facts, const char *id)
{
	for (size_t i = 0; i < facts->drills->system_count; i++)
		if (strcmp(facts->drills->systems[i].id, id) == 0)
			return &facts->drills->systems[i];
	return NULL;
}

/* What speaks for one answer or the other, a line a system. */
static void
write_hints(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;
	char newest[REPORT_TEXT_BYTES], drilled[REPORT_TEXT_BYTES];

	html_open_class(html, "ul", "plain");
	for (size_t i = 0; i < health->system_count; i++) {
		const struct health_system *system = &health->systems[i];
		const struct drills_system *drills =
		    find_drills(facts, system->id);

		html_open(html, "li");
		html_element(
		    html, "b", NULL, report_facts_system(facts, system->id));
		if (system->sources == 0)
			html_text(html, _(": no backup is known to hikae"));
		else
			html_text_format(html,
			    _(": %d generations, newest %s; restoring: %s"),
			    (int)system->generations,
			    report_words_day(system->newest_at, newest),
			    drills == NULL || drills->done == 0
				? _("no signed drill")
				: report_words_day(drills->done_at, drilled));
		html_close(html);
	}
	html_close(html);
}

static void
write_checklist_row(struct html *html, const struct requirement *requirement)
{
	html_open(html, "tr");
	html_open_class(html, "td", "item");
	html_element(html, "b", NULL,
	    requirement->section == NULL ? "" : requirement->section);
	html_text_format(html, " %s",
	    requirement->text == NULL ? requirement->title : requirement->text);
	html_close(html);
	write_answer(html);
	write_target(html);
	write_answer(html);
	html_close(html);
}

static void
write_checklist(struct html *html, const struct report_facts *facts)
{
	const struct requirement *requirement =
	    requirement_find(facts->request->basis->set, CHECKLIST);

	if (requirement == NULL)
		return;
	html_open_class(html, "div", "form");
	html_open(html, "h3");
	html_element(html, "span", "draft", _("DRAFT"));
	html_text(html, requirement->source);
	html_close(html);
	html_open(html, "p");
	html_text_format(html, _("Facility: %s"), report_facts_facility(facts));
	html_close(html);
	if (!requirement_is_valid(requirement, facts->compliance->day))
		html_element(html, "p", "about",
		    _("This is the form of an earlier fiscal year: the wording "
		      "of the present one was not seen. Compare before you "
		      "copy."));
	html_open_class(html, "table", "official");
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, _("Item"));
	html_element(html, "th", NULL, _("First check (day)"));
	html_element(html, "th", NULL, _("Target day, if no"));
	html_element(html, "th", NULL, _("Second check (day)"));
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	write_checklist_row(html, requirement);
	html_close(html);
	html_close(html);
	html_element(html, "p", "about",
	    _("What hikae recorded, for whoever answers (it does not answer "
	      "by itself):"));
	write_hints(html, facts);
	html_close(html);
}

struct table {
	struct html *html;
	const struct report_facts *facts;
	size_t count;
};

static const struct inventory_medium *
find_medium(const struct report_facts *facts, const char *id)
{
	size_t index = inventory_find_medium(facts->inventory, id);

	return index == INVENTORY_NOT ? NULL : &facts->inventory->media[index];
}

static void
write_frequency(
    struct html *html, const struct report_facts *facts, const char *system)
{
	size_t index = inventory_find_system(facts->inventory, system);
	int64_t interval = index == INVENTORY_NOT
			       ? 0
			       : facts->inventory->systems[index].interval_ms;
	char text[QUANTITY_TEXT_BYTES];

	html_open_class(html, "td", "day");
	if (interval > 0)
		html_text(html, quantity_describe_duration(interval, text));
	else
		write_blank(html, "");
	html_close(html);
}

/* What the configuration says in words, else room to write. */
static void
write_said(struct html *html, const char *said, const char *class)
{
	html_open(html, "p");
	if (said[0] != '\0')
		html_text(html, said);
	else
		write_blank(html, class);
	html_close(html);
}

/* Where to and in which form; how, only people know. */
static void
write_method(struct html *html, const struct report_facts *facts,
    const struct query_source *source)
{
	static const struct {
		const char *layout, *words;
	} layouts[] = {
	    {"directory", N_("one folder a generation")},
	    {"archive", N_("one archive file a generation")},
	    {"file", N_("one file a generation")},
	    {"tree", N_("one folder that is kept up to date")},
	};
	const struct inventory_medium *medium =
	    find_medium(facts, source->medium);
	const struct config_source *named =
	    facts->request->config == NULL
		? NULL
		: config_find_source(facts->request->config, source->id);
	const char *name = report_facts_medium(facts, source->medium);
	const char *kind = "";

	html_open(html, "td");
	html_open(html, "p");
	html_text(html, name);
	if (medium != NULL)
		kind = media_words_kind(medium->kind);
	if (strstr(name, kind) == NULL)
		html_text_format(html, _(" (%s)"), kind);
	for (size_t i = 0; i < sizeof(layouts) / sizeof(layouts[0]); i++)
		if (strcmp(layouts[i].layout, source->layout) == 0)
			html_text_format(html, _(": %s"), _(layouts[i].words));
	html_close(html);
	write_said(html, named == NULL ? "" : named->made_by, "");
	html_close(html);
}

/* The last drill that counts, as an example of how it is done. */
static int
take_drill(const struct query_drill *drill, void *context, struct error *err)
{
	const struct table *table = context;
	char day[REPORT_TEXT_BYTES], took[REPORT_TEXT_BYTES];

	(void)err;
	html_text_format(table->html,
	    _("Drill of %s, signed: %d%% of it restored from %s in %s"),
	    report_words_day(drill->ended_at, day),
	    (int)(drill->share_ppm / 10000),
	    report_facts_medium(table->facts, drill->medium),
	    report_words_span(
		drill->medium_ms + drill->restore_ms + drill->check_ms, took));
	return 1;
}

static int
write_restore(struct table *table, const char *id, struct error *err)
{
	const struct report_facts *facts = table->facts;
	const struct drills_system *drills = find_drills(facts, id);
	const struct config_system *system =
	    facts->request->config == NULL
		? NULL
		: config_find_system(facts->request->config, id);
	struct html *html = table->html;
	struct query_drill_filter filter = {.limit = 1};
	int rc = 0;

	html_open(html, "td");
	write_said(html, system == NULL ? "" : system->restored_by, "long");
	html_open_class(html, "p", "about");
	if (drills != NULL && drills->done != 0) {
		filter.drill = drills->done;
		rc = query_drills(facts->request->catalog, facts->request->at,
		    &filter, take_drill, table, err);
	} else {
		html_text(html, _("No signed drill shows it yet."));
	}
	html_close(html);
	html_close(html);
	return rc;
}

static int
take_source(const struct query_source *source, void *context, struct error *err)
{
	struct table *table = context;

	table->count++;
	html_open(table->html, "tr");
	html_element(table->html, "th", NULL,
	    report_facts_system(table->facts, source->system));
	write_frequency(table->html, table->facts, source->system);
	write_method(table->html, table->facts, source);
	if (write_restore(table, source->system, err) != 0)
		return -1;
	html_close(table->html);
	return 0;
}

/* Systems without a source have a row of their own. */
static void
write_bare_systems(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;

	for (size_t i = 0; i < health->system_count; i++) {
		if (health->systems[i].sources > 0)
			continue;
		html_open(html, "tr");
		html_element(html, "th", NULL,
		    report_facts_system(facts, health->systems[i].id));
		html_open(html, "td");
		html_attribute(html, "colspan", "3");
		html_text(html, _("no backup is known to hikae"));
		html_close(html);
		html_close(html);
	}
}

static int
write_table(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	struct table table = {html, facts, 0};
	int rc;

	html_open_class(html, "div", "form");
	html_open(html, "h3");
	html_element(html, "span", "draft", _("DRAFT"));
	html_text(html, _("Template of a business continuity plan for cyber "
			  "attacks, 2.2.4: backups"));
	html_close(html);
	html_open_class(html, "table", "official");
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, _("System"));
	html_element(html, "th", "day", _("How often"));
	html_element(html, "th", NULL, _("How it is made"));
	html_element(html, "th", "restore", _("How it is restored"));
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
	rc = query_sources(facts->request->catalog, facts->request->at,
	    take_source, &table, err);
	write_bare_systems(html, facts);
	html_close(html);
	html_close(html);
	html_close(html);
	return rc;
}

int
report_forms_write(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	int rc;

	report_words_section(html, "forms", _("Official forms"),
	    _("Drafts for a person to check, to fill in and to sign: what "
	      "hikae measured is printed, what a person decides is blank."));
	write_checklist(html, facts);
	rc = write_table(html, facts, err);
	html_close(html);
	return rc;
}
