/* What was not measured (law 9): nothing is left out in silence. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

static void
begin(struct html *html, const char *name)
{
	html_open(html, "li");
	if (name != NULL) {
		html_element(html, "b", NULL, name);
		html_text(html, _(": "));
	}
}

static void
write_system(struct html *html, const struct report_facts *facts,
    const struct health_system *system)
{
	const char *name = report_facts_system(facts, system->id);
	char part[QUANTITY_TEXT_BYTES], whole[QUANTITY_TEXT_BYTES];

	if (system->sources == 0) {
		begin(html, name);
		html_text(html, _("has no source, so nothing of it is read."));
		html_close(html);
		return;
	}
	if (system->unconfirmed_bytes > 0) {
		begin(html, name);
		html_text_format(html,
		    _("%s of %s were recorded and not read again since."),
		    quantity_describe_size(system->unconfirmed_bytes, part),
		    quantity_describe_size(system->bytes, whole));
		html_close(html);
	}
	if (system->unseen > 0 || system->settling > 0) {
		begin(html, name);
		html_text_format(html,
		    _("%d copies lie where hikae could not look last time, %d "
		      "are still arriving."),
		    (int)system->unseen, (int)system->settling);
		html_close(html);
	}
}

static void
write_medium(struct html *html, const struct report_facts *facts,
    const struct health_medium *medium)
{
	const char *name = report_facts_medium(facts, medium->id);

	if (medium->presence[0] == '\0') {
		begin(html, name);
		html_text(html, _("whether it is connected was not observed."));
		html_close(html);
	}
	if (medium->coverage.undetermined > 0) {
		begin(html, name);
		html_text_format(html,
		    _("parts that could not be read or decided: %d."),
		    (int)medium->coverage.undetermined);
		html_close(html);
	}
	if (medium->coverage_ms <= 0) {
		begin(html, name);
		html_text(
		    html, _("nothing is promised about how often it is read "
			    "again."));
		html_close(html);
	}
}

/* Requirements in force of which nobody can say more. */
static void
write_rules(struct html *html, const struct report_facts *facts)
{
	const struct compliance *compliance = facts->compliance;
	const struct requirement *last = NULL;
	size_t unseen = 0;

	for (size_t i = 0; i < compliance->row_count; i++) {
		const struct compliance_row *row = &compliance->rows[i];

		if (row->is_superseded || row->requirement == last ||
		    row->reason != COMPLIANCE_TEXT_UNSEEN)
			continue;
		last = row->requirement;
		unseen++;
	}
	if (unseen > 0) {
		begin(html, NULL);
		html_text_format(html,
		    _("%d requirements in force were not compared, because "
		      "their wording was not seen."),
		    (int)unseen);
		html_close(html);
	}
	if (compliance->totals[COMPLIANCE_UNDETERMINED] > unseen) {
		begin(html, NULL);
		html_text_format(html,
		    _("For %d more requirements it could not be determined "
		      "what is there."),
		    (int)(compliance->totals[COMPLIANCE_UNDETERMINED] -
			  unseen));
		html_close(html);
	}
}

static void
write_watch(struct html *html, const struct report_facts *facts)
{
	size_t count = 0;

	for (size_t day = 0; day < REPORT_DAYS; day++)
		if (!facts->calendar.is_watched[day])
			count++;
	if (count == 0)
		return;
	begin(html, NULL);
	html_text_format(html,
	    _("On %d of the last %d days hikae recorded nothing: it was not "
	      "there yet, or did not run."),
	    (int)count, REPORT_DAYS);
	html_close(html);
}

void
report_gaps_write(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;

	report_words_section(html, "gaps", _("What was not measured"), NULL);
	html_open(html, "ul");
	for (size_t i = 0; i < health->system_count; i++)
		write_system(html, facts, &health->systems[i]);
	for (size_t i = 0; i < health->medium_count; i++)
		write_medium(html, facts, &health->media[i]);
	write_watch(html, facts);
	write_rules(html, facts);
	begin(html, NULL);
	html_text(
	    html, _("Whether the backup programs take along all that a system "
		    "needs: only a drill shows that."));
	html_close(html);
	begin(html, NULL);
	html_text(html,
	    _("Systems that are not in hikae's configuration: what is not "
	      "listed above is not watched."));
	html_close(html);
	html_close(html);
	html_close(html);
}
