/* What is wrong or could not be determined, and the next step. */
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

/* More would not be read; the rest is counted. */
#define REASONS_MAX 40

bool
report_reasons_is_told(const struct report_facts *facts, size_t index)
{
	const struct health *health = facts->health;
	const struct health_reason *reason = &health->reasons[index];

	if (reason->severity == VERDICT_EXIT_GOOD)
		return false;
	if (reason->finding != 0 || reason->generation[0] == '\0')
		return true;
	for (size_t i = 0; i < health->reason_count; i++) {
		const struct health_reason *other = &health->reasons[i];

		if (other->finding != 0 &&
		    other->severity == reason->severity &&
		    strcmp(other->system, reason->system) == 0 &&
		    strcmp(other->medium, reason->medium) == 0)
			return false;
	}
	return true;
}

/* "Patient records, NAS, ehr@2026...": what it is about. */
static void
write_about(struct html *html, const struct report_facts *facts,
    const struct health_reason *reason)
{
	const char *parts[3] = {
	    report_facts_system(facts, reason->system),
	    report_facts_medium(facts, reason->medium),
	    reason->generation,
	};
	size_t count = 0;

	for (size_t i = 0; i < 3; i++) {
		if (parts[i][0] == '\0')
			continue;
		if (count++ > 0) {
			html_open(html, "br");
			html_close(html);
		}
		html_element(html, "span", i == 2 ? "id" : NULL, parts[i]);
	}
	if (count == 0)
		html_text(html, _("this installation"));
}

static void
write_reason(struct html *html, const struct report_facts *facts,
    const struct health_reason *reason)
{
	const char *title = reason_title(reason->code);
	const char *sentence = reason_sentence(reason->code);
	const char *advice = reason_advice(reason->code);
	char since[REPORT_TEXT_BYTES];

	html_open(html, "tr");
	html_open_class(html, "td", "markcell");
	report_words_mark(html, report_words_of_exit(reason->severity));
	html_close(html);
	html_open(html, "td");
	html_element(
	    html, "strong", NULL, title == NULL ? reason->code : title);
	if (reason->count > 1)
		html_text_format(html, _(" (%llu times)"),
		    (unsigned long long)reason->count);
	if (sentence != NULL && (title == NULL || strcmp(title, sentence) != 0))
		html_element(html, "p", NULL, sentence);
	html_close(html);
	html_open(html, "td");
	write_about(html, facts, reason);
	html_close(html);
	html_element(html, "td", "day",
	    reason->since == QUERY_NEVER
		? ""
		: report_words_day(reason->since, since));
	html_open(html, "td");
	html_text(html, advice == NULL ? "" : advice);
	if (reason->finding != 0) {
		html_open_class(html, "p", "id");
		html_text_format(html, "hikae show %llu",
		    (unsigned long long)reason->finding);
		html_close(html);
	}
	html_close(html);
	html_close(html);
}

static void
write_heading(struct html *html)
{
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, "");
	html_element(html, "th", NULL, _("What was found"));
	html_element(html, "th", NULL, _("Where"));
	html_element(html, "th", NULL, _("First seen"));
	html_element(html, "th", NULL, _("Next step"));
	html_close(html);
	html_close(html);
}

void
report_reasons_write(struct html *html, const struct report_facts *facts)
{
	const struct health *health = facts->health;
	size_t shown = 0, told = 0;

	report_words_section(html, "findings", _("Open findings"), NULL);
	for (size_t i = 0; i < health->reason_count; i++)
		if (report_reasons_is_told(facts, i))
			told++;
	if (told == 0) {
		html_element(html, "p", NULL, _("There are none."));
		html_close(html);
		return;
	}
	html_open_class(html, "table", "findings");
	write_heading(html);
	html_open(html, "tbody");
	for (size_t i = 0; i < health->reason_count; i++)
		if (report_reasons_is_told(facts, i) && shown++ < REASONS_MAX)
			write_reason(html, facts, &health->reasons[i]);
	html_close(html);
	html_close(html);
	if (shown > REASONS_MAX) {
		html_open(html, "p");
		html_text_format(html,
		    _("%d more: hikae status, hikae "
		      "findings."),
		    (int)(shown - REASONS_MAX));
		html_close(html);
	}
	html_close(html);
}
