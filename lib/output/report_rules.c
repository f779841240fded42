/* What evidence there is for each requirement, with its kind and source. */
#include <stdio.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/output/report_parts.h"
#include "lib/output/report_words.h"
#include "lib/output/value_words.h"

static enum report_mark
mark_of(enum compliance_state state)
{
	return report_words_of_exit(compliance_state_exit(state));
}

/* "copies out of reach: 0 (asked for: at least 1)", and why. */
static void
write_check(struct html *html, const struct requirement_check *check,
    const struct compliance_check *result)
{
	const struct measure_value *value = &result->value;
	const struct value_words words = {
	    .measure = check->measure,
	    .state = value->state,
	    .number = value->number,
	    .least = value->least,
	    .most = value->most,
	    .share_ppm = value->share_ppm,
	    .reason = value->reason,
	    .is_asked = true,
	    .operator= check->operator,
	    .wanted = check->number,
	};
	struct bytes line = BYTES_EMPTY;

	value_words_append(&line, &words);
	bytes_append_u8(&line, 0);
	html_text(html, line.failed ? "" : (const char *)line.data);
	bytes_done(&line);
}

/* A system that lacks something, and what. */
static void
write_lack(struct html *html, const struct report_facts *facts,
    const struct compliance_row *row)
{
	size_t told = 0;

	html_open_class(html, "p", "lack");
	report_words_mark(html, mark_of(row->state));
	html_element(html, "b", NULL,
	    row->system[0] == '\0' ? _("facility")
				   : report_facts_system(facts, row->system));
	html_text(html, _(": "));
	for (size_t i = 0;
	     row->is_measured && row->reason != COMPLIANCE_TEXT_UNSEEN &&
	     i < row->requirement->check_count;
	     i++) {
		if (row->checks[i].state == COMPLIANCE_COMPLETE)
			continue;
		if (told++ > 0) {
			html_open(html, "br");
			html_close(html);
		}
		write_check(
		    html, &row->requirement->checks[i], &row->checks[i]);
	}
	if (told == 0)
		html_text(html, compliance_reason_sentence(row->reason));
	html_close(html);
}

/* Whether two systems lack the same in the same words. */
static bool
is_alike(const struct compliance_row *a, const struct compliance_row *b)
{
	if (a->state != b->state || a->reason != b->reason)
		return false;
	if (!a->is_measured || !b->is_measured)
		return a->is_measured == b->is_measured;
	for (size_t i = 0; i < a->requirement->check_count; i++)
		if (a->checks[i].state != COMPLIANCE_COMPLETE ||
		    b->checks[i].state != COMPLIANCE_COMPLETE)
			return false;
	return true;
}

static void
write_lacks(struct html *html, const struct report_facts *facts,
    const struct compliance_row *rows, size_t count)
{
	size_t alike = 1;

	while (alike < count && is_alike(&rows[0], &rows[alike]))
		alike++;
	if (alike == count && count > 1 && rows->state != COMPLIANCE_COMPLETE) {
		html_open_class(html, "p", "lack");
		report_words_mark(html, mark_of(rows->state));
		html_element(html, "b", NULL, _("all systems it is about"));
		html_text(html, _(": "));
		html_text(html, compliance_reason_sentence(rows->reason));
		html_close(html);
		return;
	}
	for (size_t i = 0; i < count; i++)
		if (rows[i].state != COMPLIANCE_COMPLETE ||
		    rows[i].reason == COMPLIANCE_ENDS_SOON)
			write_lack(html, facts, &rows[i]);
}

/* What a person has to do: open the text, state it, attach a paper. */
static void
write_step(struct html *html, const struct compliance_row *row)
{
	const struct requirement *requirement = row->requirement;
	const char *statement = report_words_choose(
	    requirement->attestation, requirement->attestation_en);

	if (row->reason == COMPLIANCE_TEXT_UNSEEN) {
		html_open_class(html, "p", "step");
		html_text_format(html,
		    _("Open the official text: %s; nearest known rule: %s"),
		    requirement->url == NULL ? "-" : requirement->url,
		    requirement->nearest == NULL ? "-" : requirement->nearest);
		html_close(html);
	} else if (statement[0] != '\0' && !row->statement.is_in_force) {
		html_open_class(html, "p", "step");
		html_text_format(
		    html, _("Somebody has to state: \"%s\""), statement);
		html_close(html);
	}
}

static void
write_statement(struct html *html, const struct compliance_row *row)
{
	const struct compliance_statement *statement = &row->statement;
	char day[REPORT_TEXT_BYTES];

	if (statement->id == 0)
		return;
	html_open_class(html, "p", "step");
	html_text_format(html,
	    statement->is_in_force ? _("Stated by %s, until %s")
				   : _("Stated by %s; it ended: %s"),
	    statement->by, report_words_day(statement->until, day));
	html_close(html);
}

static void
write_source(struct html *html, const struct requirement *requirement)
{
	html_open_class(html, "td", "source");
	html_element(
	    html, "b", "tag", requirement_kind_word(requirement->kind));
	html_open(html, "p");
	html_text(html,
	    report_words_choose(requirement->source, requirement->source_en));
	if (requirement->section != NULL)
		html_text_format(html, " %s", requirement->section);
	html_close(html);
	if (requirement->text_status != REQUIREMENT_VERBATIM_FINAL)
		html_element(html, "p", "seen",
		    requirement_text_status_word(requirement->text_status));
	html_close(html);
}

/* All rows of one requirement, from the first on. */
static void
write_requirement(struct html *html, const struct report_facts *facts,
    const struct compliance_row *rows, size_t count)
{
	const struct requirement *requirement = rows->requirement;
	enum compliance_state worst = rows->state;

	for (size_t i = 1; i < count; i++)
		worst = compliance_state_worse(worst, rows[i].state);
	html_open(html, "tr");
	html_open_class(html, "td", "markcell");
	report_words_mark(html, mark_of(worst));
	html_close(html);
	html_open(html, "td");
	html_element(html, "strong", NULL,
	    report_words_choose(requirement->title, requirement->title_en));
	html_element(html, "p", "id", requirement->id);
	html_close(html);
	write_source(html, requirement);
	html_open(html, "td");
	if (worst == COMPLIANCE_COMPLETE)
		html_element(html, "p", NULL, _("All the evidence is there."));
	write_lacks(html, facts, rows, count);
	write_statement(html, rows);
	if (worst != COMPLIANCE_COMPLETE)
		write_step(html, rows);
	html_close(html);
	html_close(html);
}

static size_t
count_rows(const struct compliance *compliance, size_t first)
{
	size_t count = 1;

	while (first + count < compliance->row_count &&
	       compliance->rows[first + count].requirement ==
		   compliance->rows[first].requirement)
		count++;
	return count;
}

static void
begin_table(struct html *html)
{
	html_open_class(html, "table", "rules");
	html_open(html, "thead");
	html_open(html, "tr");
	html_element(html, "th", NULL, "");
	html_element(html, "th", NULL, _("Requirement"));
	html_element(html, "th", NULL, _("Kind and source"));
	html_element(html, "th", NULL, _("What is there, what is missing"));
	html_close(html);
	html_close(html);
	html_open(html, "tbody");
}

static void
write_pack(struct html *html, const struct report_facts *facts,
    const struct requirement_pack *pack)
{
	const struct compliance *compliance = facts->compliance;
	bool has_begun = false;
	size_t count;

	for (size_t i = 0; i < compliance->row_count; i += count) {
		const struct compliance_row *row = &compliance->rows[i];

		count = count_rows(compliance, i);
		if (row->is_superseded || row->requirement->pack != pack)
			continue;
		if (!has_begun) {
			html_element(html, "h3", NULL,
			    report_words_choose(pack->name, pack->name_en));
			begin_table(html);
		}
		has_begun = true;
		write_requirement(html, facts, row, count);
	}
	if (!has_begun)
		return;
	html_close(html);
	html_close(html);
}

/* Editions that are not in force any more: they never count. */
static void
write_superseded(struct html *html, const struct compliance *compliance)
{
	bool has_begun = false;
	size_t count;

	for (size_t i = 0; i < compliance->row_count; i += count) {
		const struct compliance_row *row = &compliance->rows[i];
		const struct requirement *requirement = row->requirement;
		enum compliance_state worst = row->state;

		count = count_rows(compliance, i);
		if (!row->is_superseded)
			continue;
		if (!has_begun) {
			html_element(html, "h3", NULL,
			    _("Earlier editions (they do not count)"));
			html_open_class(html, "ul", "plain columns");
		}
		has_begun = true;
		for (size_t j = 1; j < count; j++)
			worst = compliance_state_worse(
			    worst, compliance->rows[i + j].state);
		html_open(html, "li");
		report_words_mark(html, mark_of(worst));
		html_text_format(html, "%s %s", requirement->id,
		    report_words_choose(
			requirement->title, requirement->title_en));
		if (requirement->superseded_by != NULL)
			html_text_format(
			    html, _(" (now: %s)"), requirement->superseded_by);
		html_close(html);
	}
	if (has_begun)
		html_close(html);
}

static void
write_omitted(struct html *html, const struct compliance *compliance)
{
	if (compliance->omission_count == 0)
		return;
	html_element(html, "h3", NULL, _("Not applied here"));
	html_open_class(html, "ul", "plain columns");
	for (size_t i = 0; i < compliance->omission_count; i++) {
		const struct compliance_omission *omission =
		    &compliance->omissions[i];

		html_open(html, "li");
		html_text_format(html, "%s %s: %s", omission->requirement->id,
		    report_words_choose(omission->requirement->title,
			omission->requirement->title_en),
		    compliance_reason_sentence(omission->reason));
		html_close(html);
	}
	html_close(html);
}

static void
write_totals(struct html *html, const struct compliance *compliance)
{
	const char *const names[COMPLIANCE_STATES] = {
	    [COMPLIANCE_COMPLETE] = _("complete"),
	    [COMPLIANCE_PARTIAL] = _("partial"),
	    [COMPLIANCE_MISSING] = _("not there"),
	    [COMPLIANCE_UNDETERMINED] = _("not determinable"),
	};

	html_open_class(html, "p", "totals");
	for (int i = 0; i < COMPLIANCE_STATES; i++) {
		html_open_class(html, "span", "count");
		report_words_mark(html, mark_of((enum compliance_state)i));
		html_text(html, names[i]);
		html_open(html, "b");
		html_text_format(html, " %zu", compliance->totals[i]);
		html_close(html);
		html_close(html);
	}
	html_close(html);
	if (compliance->is_fees_unknown)
		html_element(html, "p", "about",
		    _("Conditions of fees are all shown: [facility] fees does "
		      "not say which were notified."));
	if (compliance->is_beds_unknown)
		html_element(html, "p", "about",
		    _("Rules for larger facilities are all shown: [facility] "
		      "beds is not set."));
}

/* What was not judged, and by what the rest was (laws 1 and 9). */
static void
write_basis(struct html *html, const struct basis *basis)
{
	for (int i = 0; i < BASIS_REMARKS; i++)
		if (basis_has(basis, (enum basis_remark)i))
			html_element(html, "p", "about",
			    basis_sentence((enum basis_remark)i));
	for (size_t i = 0; i < basis->left_out.count; i++)
		html_element(html, "p", "about", basis->left_out.texts[i]);
}

void
report_rules_write(struct html *html, const struct report_facts *facts)
{
	const struct requirement_pack *pack;

	report_words_section(html, "rules", _("Evidence for each requirement"),
	    _("○ evidence complete, △ partial, × missing, ？ not "
	      "determinable. Whether a rule is satisfied is decided by "
	      "people."));
	write_basis(html, facts->request->basis);
	write_totals(html, facts->compliance);
	for (size_t i = 0; (pack = requirement_pack_at(
				facts->request->basis->set, i)) != NULL;
	     i++)
		write_pack(html, facts, pack);
	write_superseded(html, facts->compliance);
	write_omitted(html, facts->compliance);
	html_close(html);
}
