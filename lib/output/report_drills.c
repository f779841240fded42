/* What was restored, by whom, and how long it took against the target. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/quantity.h"
#include "lib/format/json.h"
#include "lib/judge/drills_trend.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"
#include "lib/store/query_drill.h"

/* Of the bar, in units of the drawing. */
#define BAR 200

/* What is known about the time that a system's restoring takes. */
struct timing {
	int64_t measured_ms; /* by the last drill that counts; 0: none */
	int64_t whole_ms;    /* for all of it; 0: not known */
};

static int
take_timing(const struct query_drill *drill, void *context, struct error *err)
{
	struct timing *timing = context;

	(void)err;
	timing->measured_ms =
	    drill->medium_ms + drill->restore_ms + drill->check_ms;
	return 1;
}

/* A drill of all of it is the answer; one of a part allows an estimate. */
static int
read_timing(const struct report_facts *facts,
    const struct drills_system *system, struct timing *timing,
    struct error *err)
{
	const struct query_drill_filter filter = {.drill = system->done};

	*timing = (struct timing){0};
	if (system->done == 0)
		return 0;
	if (query_drills(facts->request->catalog, facts->request->at, &filter,
		take_timing, timing, err) != 0)
		return -1;
	timing->whole_ms = system->done_ppm >= 1000000 ? timing->measured_ms
						       : system->estimate_ms;
	return 0;
}

static enum report_mark
mark_of(const struct drills_system *system, const struct timing *timing)
{
	if (system->is_year_overdue || system->failed != 0)
		return REPORT_BAD;
	if (system->done == 0)
		return system->is_quarter_overdue ? REPORT_BAD : REPORT_UNKNOWN;
	if (system->is_over_target ||
	    (system->target_ms > 0 && timing->whole_ms > system->target_ms))
		return REPORT_BAD;
	if (system->is_quarter_overdue || system->unsigned_count > 0 ||
	    system->improvements_open > 0)
		return REPORT_WARNING;
	return REPORT_GOOD;
}

static void
draw_rect(struct html *html, const char *class, int x, int width)
{
	html_open_class(html, "rect", class);
	html_attribute_format(html, "x", "%d", x);
	html_attribute(html, "y", "4");
	html_attribute_format(html, "width", "%d", width < 1 ? 1 : width);
	html_attribute(html, "height", "8");
	html_close(html);
}

/* How long it would take, and a line where the target is. */
static void
draw_bar(struct html *html, int64_t took_ms, int64_t target_ms)
{
	int64_t whole = took_ms > target_ms ? took_ms : target_ms;

	if (whole <= 0)
		return;
	html_open_class(html, "svg", "bar");
	html_attribute_format(html, "viewBox", "0 0 %d 16", BAR + 2);
	html_attribute(html, "aria-hidden", "true");
	draw_rect(html, "frame", 0, BAR);
	draw_rect(html, target_ms > 0 && took_ms > target_ms ? "bad" : "good",
	    0, (int)(took_ms * BAR / whole));
	if (target_ms > 0) {
		html_open_class(html, "rect", "target");
		html_attribute_format(
		    html, "x", "%d", (int)(target_ms * BAR / whole));
		html_attribute(html, "y", "0");
		html_attribute(html, "width", "2");
		html_attribute(html, "height", "16");
		html_close(html);
	}
	html_close(html);
}

static void
write_times(struct html *html, const struct drills_system *system,
    const struct timing *timing)
{
	char text[REPORT_TEXT_BYTES];

	html_open(html, "td");
	if (system->done == 0) {
		html_text(html, _("not measured"));
	} else {
		html_text_format(html, _("%s measured"),
		    report_words_span(timing->measured_ms, text));
		if (system->done_ppm < 1000000 && timing->whole_ms > 0)
			html_text_format(html, _(", about %s for all of it"),
			    report_words_span(timing->whole_ms, text));
		draw_bar(html, timing->whole_ms, system->target_ms);
	}
	html_close(html);
	html_open(html, "td");
	html_element(html, "span", "day",
	    system->target_ms > 0 ? report_words_span(system->target_ms, text)
				  : _("none is set"));
	if (system->back_after_ms > 0)
		html_text_format(html,
		    _(" (in the order of recovery, restored after %s)"),
		    report_words_span(system->back_after_ms, text));
	else if (system->is_over_target)
		html_text_format(html,
		    _(" (in the order of recovery, restored after %s at "
		      "least)"),
		    report_words_span(system->least_after_ms, text));
	html_close(html);
}

/* A day, and whose wish it is. */
static void
write_due(struct html *html, const char *whose, int64_t due, bool is_overdue)
{
	char day[REPORT_TEXT_BYTES];

	html_open(html, "p");
	/* TRANSLATORS: a day, and why a drill is due then. */
	html_text_format(html, _("%s (%s)"), report_words_day(due, day), whose);
	if (is_overdue)
		html_element(html, "strong", NULL, _(" overdue"));
	html_close(html);
}

/* A day, and of how much, where that is not all. */
static void
write_day(struct html *html, int64_t at, uint64_t ppm)
{
	char day[REPORT_TEXT_BYTES], share[QUANTITY_TEXT_BYTES];

	html_text(html, report_words_day(at, day));
	if (ppm < 1000000)
		/* TRANSLATORS: behind a day; a share. */
		html_text_format(html, _(" (%s of it)"),
		    quantity_describe_share(ppm, share));
}

/* The last drill that counts, and what does not. */
static void
write_last(struct html *html, const struct drills_system *system)
{
	char day[REPORT_TEXT_BYTES];

	html_open(html, "td");
	if (system->done != 0) {
		write_day(html, system->done_at, system->done_ppm);
	} else if (system->sample != 0) {
		write_day(html, system->sample_at, system->sample_ppm);
		html_text(html, _(", too little to count"));
	} else if (system->last != 0) {
		html_text_format(html, _("%s, not signed or not passed"),
		    report_words_day(system->last_at, day));
	} else {
		html_text(html, _("never"));
	}
	html_close(html);
}

static void
write_system(struct html *html, const struct report_facts *facts,
    const struct drills_system *system, const struct timing *timing)
{
	html_open(html, "tr");
	html_open_class(html, "td", "markcell");
	report_words_mark(html, mark_of(system, timing));
	html_close(html);
	html_element(html, "th", NULL, report_facts_system(facts, system->id));
	write_last(html, system);
	write_times(html, system, timing);
	html_open(html, "td");
	if (system->failed != 0)
		html_element(
		    html, "p", NULL, _("Now, since one failed. Else:"));
	write_due(html, _("once a quarter, hikae's default"),
	    system->quarter_due_at, system->is_quarter_overdue);
	write_due(html, _("once a year, as rules ask"), system->year_due_at,
	    system->is_year_overdue);
	html_close(html);
	html_close(html);
}

static void
write_heading(struct html *html, const char *const *titles, size_t count)
{
	html_open(html, "thead");
	html_open(html, "tr");
	for (size_t i = 0; i < count; i++)
		html_element(html, "th", NULL, titles[i]);
	html_close(html);
	html_close(html);
}

/* What the last few took, where there are two or more. */
static int
write_trend(struct html *html, const struct report_facts *facts,
    const char *system, struct error *err)
{
	char day[REPORT_TEXT_BYTES], span[REPORT_TEXT_BYTES];
	char share[QUANTITY_TEXT_BYTES], rate[QUANTITY_TEXT_BYTES];
	struct drills_trend trend;

	if (drills_trend_read(facts->request->catalog, facts->request->at,
		system, 0, &trend, err) != 0)
		return -1;
	if (trend.count < 2)
		return 0;
	html_open(html, "p");
	html_element(html, "b", NULL, report_facts_system(facts, system));
	html_text(html, _(", the last drills: "));
	for (size_t i = 0; i < trend.count; i++) {
		const struct drills_trend_point *point = &trend.points[i];

		if (i > 0)
			html_text(html, " → ");
		/* TRANSLATORS: a day, a share, a time, bytes. */
		html_text_format(html, _("%s, %s of it: %s, %s a second"),
		    report_words_day(point->ended_at, day),
		    quantity_describe_share(point->share_ppm, share),
		    report_words_span(point->total_ms, span),
		    quantity_describe_size(point->rate, rate));
	}
	html_close(html);
	return 0;
}

static int
write_systems(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	const char *const titles[] = {"", _("System"),
	    _("Last drill that counts"), _("Time"), _("Target"),
	    _("Next one due")};

	html_open(html, "table");
	write_heading(html, titles, sizeof(titles) / sizeof(titles[0]));
	html_open(html, "tbody");
	for (size_t i = 0; i < facts->drills->system_count; i++) {
		const struct drills_system *system = &facts->drills->systems[i];
		struct timing timing;

		if (read_timing(facts, system, &timing, err) != 0)
			return -1;
		write_system(html, facts, system, &timing);
	}
	html_close(html);
	html_close(html);
	for (size_t i = 0; i < facts->drills->system_count; i++)
		if (write_trend(
			html, facts, facts->drills->systems[i].id, err) != 0)
			return -1;
	return 0;
}

struct list {
	struct html *html;
	const struct report_facts *facts;
	size_t count;
};

static enum report_mark
mark_of_outcome(const char *outcome)
{
	if (strcmp(outcome, "passed") == 0)
		return REPORT_GOOD;
	if (strcmp(outcome, "warning") == 0)
		return REPORT_WARNING;
	return strcmp(outcome, "failed") == 0 ? REPORT_BAD : REPORT_UNKNOWN;
}

static void
write_outcome(struct html *html, const struct query_drill *drill)
{
	static const struct {
		const char *name, *word;
	} words[] = {
	    {"passed", N_("restored and checked")},
	    {"warning", N_("restored, with remarks")},
	    {"failed", N_("failed")},
	    {"undetermined", N_("not determined")},
	    {"aborted", N_("aborted")},
	    {"lost", N_("cut off")},
	};
	const char *outcome = drill->outcome == NULL ? "" : drill->outcome;

	html_open(html, "td");
	report_words_mark(html, mark_of_outcome(outcome));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (strcmp(words[i].name, outcome) == 0)
			html_text(html, _(words[i].word));
	if (!drill->is_ended)
		html_text(html, _("not ended yet"));
	html_close(html);
}

/* Files that nobody looked into, by why not. */
struct uninspected {
	bool is_known; /* the drill's record says so */
	int64_t no_format, skipped, packed;
};

static int64_t
number_in(const json_t *detail, const char *key)
{
	return json_integer_value(json_object_get(detail, key));
}

static int
take_check(
    const struct query_drill_check *check, void *context, struct error *err)
{
	struct uninspected *files = context;
	json_t *detail;

	if (check->detail == NULL)
		return 0;
	detail = json_parse(check->detail, strlen(check->detail), err);
	if (detail == NULL)
		return -1;
	if (json_object_get(detail, "no_format") != NULL) {
		files->is_known = true;
		files->no_format = number_in(detail, "no_format");
		files->skipped = number_in(detail, "skipped");
	}
	if (strcmp(check->kind, "inspect") == 0)
		files->packed += number_in(detail, "not_inspected");
	json_decref(detail);
	return 0;
}

static void
write_numbers(struct html *html, const struct uninspected *files)
{
	if (files->no_format > 0) {
		html_open(html, "p");
		html_text_format(html,
		    _("Files of no format that hikae knows: %lld"),
		    (long long)files->no_format);
		html_close(html);
	}
	if (files->skipped > 0) {
		html_open(html, "p");
		html_text_format(html,
		    _("Files that could not be looked into: %lld"),
		    (long long)files->skipped);
		html_close(html);
	}
	if (files->packed > 0) {
		html_open(html, "p");
		html_text_format(html,
		    _("Compressed files with a content that was not looked "
		      "into: %lld"),
		    (long long)files->packed);
		html_close(html);
	}
}

static int
write_uninspected(
    const struct list *list, const struct query_drill *drill, struct error *err)
{
	const struct report_request *request = list->facts->request;
	struct uninspected files = {.is_known = false};

	if (query_drill_checks(request->catalog, request->at, drill->id,
		take_check, &files, err) != 0)
		return -1;
	html_open(list->html, "td");
	write_numbers(list->html, &files);
	if (drill->is_ended && !files.is_known)
		html_text(list->html, _("not known"));
	else if (files.no_format + files.skipped + files.packed == 0 &&
		 drill->is_ended)
		html_text(list->html, _("none"));
	html_close(list->html);
	return 0;
}

static void
begin_list(struct list *list)
{
	const char *const titles[] = {_("Day"), _("Generation"), _("From"),
	    _("Outcome"), _("Not looked into"), _("Measured"), _("Signed by")};

	html_element(list->html, "h3", NULL, _("Drills of the period"));
	html_open(list->html, "table");
	write_heading(list->html, titles, sizeof(titles) / sizeof(titles[0]));
	html_open(list->html, "tbody");
}

/* One that began within the period. */
static int
take_drill(const struct query_drill *drill, void *context, struct error *err)
{
	struct list *list = context;
	struct html *html = list->html;
	char text[REPORT_TEXT_BYTES];

	if (drill->began_at < list->facts->from)
		return 1;
	if (list->count++ == 0)
		begin_list(list);
	html_open(html, "tr");
	html_element(
	    html, "td", "day", report_words_day(drill->began_at, text));
	html_element(html, "td", "id", drill->generation);
	html_element(
	    html, "td", NULL, report_facts_medium(list->facts, drill->medium));
	write_outcome(html, drill);
	if (write_uninspected(list, drill, err) != 0)
		return -1;
	html_open(html, "td");
	if (drill->is_ended)
		html_text(html,
		    report_words_span(
			drill->medium_ms + drill->restore_ms + drill->check_ms,
			text));
	html_close(html);
	html_element(html, "td", NULL,
	    drill->signed_by == NULL ? _("nobody yet") : drill->signed_by);
	html_close(html);
	return 0;
}

int
report_drills_write(
    struct html *html, const struct report_facts *facts, struct error *err)
{
	struct list list = {html, facts, 0};
	struct query_drill_filter all = {0};

	report_words_section(html, "drills", _("Drills"),
	    _("A drill restores a generation to a scratch place, checks what "
	      "came out and takes the time. It counts when it passed and was "
	      "signed. Once a quarter is hikae's own default."));
	html_element(html, "p", NULL,
	    _("A sample counts from a twentieth (5 %) of the bytes on. That is "
	      "hikae's own default; no rule names a share."));
	if (write_systems(html, facts, err) != 0 ||
	    query_drills(facts->request->catalog, facts->request->at, &all,
		take_drill, &list, err) != 0)
		return -1;
	if (list.count > 0) {
		html_close(html);
		html_close(html);
	} else {
		html_element(
		    html, "p", NULL, _("There was no drill in this period."));
	}
	html_close(html);
	return 0;
}
