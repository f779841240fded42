#include "lib/output/report.h"

#include <stdio.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"

static void
write_meta(struct html *html, const char *name, const char *content)
{
	html_open(html, "meta");
	html_attribute(html, "name", name);
	html_attribute(html, "content", content);
	html_close(html);
}

static void
write_head(struct html *html, const struct report_facts *facts)
{
	char day[REPORT_TEXT_BYTES];

	html_open(html, "head");
	html_open(html, "meta");
	html_attribute(html, "charset", "utf-8");
	html_close(html);
	write_meta(html, "viewport", "width=device-width, initial-scale=1");
	write_meta(html, "referrer", "no-referrer");
	/* Even a browser that finds something to fetch must not. */
	html_open(html, "meta");
	html_attribute(html, "http-equiv", "Content-Security-Policy");
	html_attribute(
	    html, "content", "default-src 'none'; style-src 'unsafe-inline'");
	html_close(html);
	html_open(html, "title");
	html_text_format(html, _("Report on backups: %s, %s"),
	    report_facts_facility(facts), report_words_day(facts->now, day));
	html_close(html);
	html_style(html, report_style_css);
	html_close(html);
}

static void
write_title(struct html *html, const struct report_facts *facts)
{
	char from[REPORT_TEXT_BYTES], to[REPORT_TEXT_BYTES];
	char at[DATE_TEXT_BYTES];

	html_open(html, "header");
	html_element(html, "p", "facility", report_facts_facility(facts));
	html_element(html, "h1", NULL, _("Report on backups"));
	html_open_class(html, "p", "period");
	html_text_format(html, _("Period: %s to %s"),
	    report_words_day(facts->from, from),
	    report_words_day(facts->now, to));
	html_open(html, "br");
	html_close(html);
	html_text_format(html, _("As of %s, by %llu entries of the journal"),
	    date_describe(facts->now, at),
	    (unsigned long long)facts->health->size);
	html_close(html);
	html_close(html);
}

/* Nothing is not good: it is said at the top. */
static void
write_emptiness(struct html *html)
{
	html_open_class(html, "p", "alarm");
	report_words_mark(html, REPORT_UNKNOWN);
	html_text(html,
	    _("Nothing was recorded in this period: nobody was watching the "
	      "backups. What follows is what was known before."));
	html_close(html);
}

static void
write_end(struct html *html)
{
	html_open(html, "footer");
	html_element(html, "p", NULL,
	    _("hikae says what was measured and what evidence there is. "
	      "Whether a rule is satisfied is decided by people. Names of "
	      "files are left out of this report, since they can hold "
	      "patients' numbers."));
	html_open(html, "p");
	html_text_format(html, "hikae %s", HIKAE_VERSION);
	html_close(html);
	html_close(html);
}

static int
write_body(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	html_open(html, "body");
	html_open(html, "main");
	write_title(html, facts);
	if (facts->is_empty)
		write_emptiness(html);
	report_verdict_write(html, facts);
	report_reasons_write(html, facts);
	report_places_write(html, facts);
	if (report_plan_write(html, facts, err) != 0)
		return -1;
	report_strips_write(html, facts);
	if (report_drills_write(html, facts, err) != 0)
		return -1;
	report_gaps_write(html, facts);
	report_rules_write(html, facts);
	if (report_forms_write(html, facts, err) != 0)
		return -1;
	report_proof_write(html, facts);
	write_end(html);
	html_close(html);
	html_close(html);
	return 0;
}

int
report_write(const struct report_request *request, struct bytes *out,
    bool *ret_is_empty, struct error *err)
{
	struct report_facts facts;
	struct html html;
	int rc = -1;

	html_begin(&html);
	if (report_facts_read(request, &facts, err) != 0)
		goto out;
	html_open(&html, "html");
	html_attribute(&html, "lang", report_words_is_japanese() ? "ja" : "en");
	write_head(&html, &facts);
	if (write_body(&html, &facts, err) != 0)
		goto out;
	html_close(&html);
	if (html_finish(&html, out, err) != 0)
		goto out;
	*ret_is_empty = facts.is_empty;
	rc = 0;
out:
	bytes_done(&html.out);
	report_facts_done(&facts);
	return rc;
}
