#include "lib/output/document_reach.h"

#include <stdio.h>

/* "copies" and, where it is not sure, "copies_most". */
static void
describe_bounds(struct document_row *row, const char *key, struct bounds bounds)
{
	char most[64];

	document_row_number(row, key, (uint64_t)bounds.least);
	if (bounds.most == bounds.least || bounds.most == INT64_MAX)
		return;
	(void)snprintf(most, sizeof(most), "%s_most", key);
	document_row_number(row, most, (uint64_t)bounds.most);
}

/* What is missing, or perhaps missing, by name. */
static json_t *
list_missing(unsigned int bits)
{
	static const char *const names[] = {
	    "copies", "media-kinds", "offsite", "offline", "errors"};
	json_t *list = json_array();

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if ((bits >> i & 1) != 0)
			(void)json_array_append_new(
			    list, json_string(names[i]));
	return list;
}

static void
describe_rule(struct document_row *row, enum copies_rule rule,
    bool counts_production, const struct copies_summary *summary)
{
	static const char *const answers[] = {
	    [BOUNDS_NO] = "no",
	    [BOUNDS_MAYBE] = "unknown",
	    [BOUNDS_YES] = "yes",
	};
	struct copies_result result =
	    copies_rule_judge(rule, counts_production, summary);

	document_row_text(row, "rule", copies_rule_name(rule));
	document_row_flag(row, "counts_production", counts_production);
	document_row_text(row, "is_kept", answers[result.is_kept]);
	document_row_value(row, "missing", list_missing(result.missing));
	document_row_value(row, "unknown", list_missing(result.unknown));
}

void
document_reach_add_system(
    struct document_row *row, const struct health_system *system)
{
	const struct copies_summary *summary = &system->summary;
	json_t *rules = json_array();
	struct document_row inner;

	document_row_begin(&inner);
	describe_bounds(&inner, "copies", summary->copies);
	describe_bounds(&inner, "media_kinds", summary->kinds);
	describe_bounds(&inner, "offsite", summary->offsite);
	describe_bounds(&inner, "offline", summary->offline);
	describe_bounds(
	    &inner, "offline_or_offsite", summary->offline_or_offsite);
	describe_bounds(&inner, "immutable", summary->immutable);
	describe_bounds(&inner, "errors", summary->errors);
	for (int i = 0; i < 2 * COPIES_RULES; i++) {
		struct document_row rule;

		document_row_begin(&rule);
		describe_rule(
		    &rule, (enum copies_rule)(i / 2), i % 2 == 0, summary);
		if (rule.has_failed ||
		    json_array_append(rules, rule.object) != 0)
			inner.has_failed = true;
		json_decref(rule.object);
	}
	document_row_value(&inner, "rules", rules);
	row->has_failed = row->has_failed || inner.has_failed;
	document_row_value(row, "three_two_one", inner.object);
}

void
document_reach_add_medium(
    struct document_row *row, const struct health_medium *medium)
{
	const struct offline_exposure *exposure = &medium->exposure;
	const struct offline_claim *claim = &medium->claim;

	document_row_text(row, "presence", medium->presence);
	if (medium->presence[0] != '\0') {
		document_row_flag(row, "in_reach", medium->in_reach);
		document_row_instant(row, "reach_since", claim->since);
		document_row_number(
		    row, "exposure_ms", (uint64_t)exposure->in_reach_ms);
		document_row_number(
		    row, "exposure_unknown_ms", (uint64_t)exposure->unknown_ms);
		describe_bounds(row, "exposure_percent", exposure->percent);
	}
	if (medium->offline[0] == '\0')
		return;
	document_row_text(
	    row, "offline_evidence", offline_evidence_name(claim->evidence));
	document_row_text(row, "offline_reason", claim->reason);
	document_row_instant(row, "offline_until", claim->until);
	if (medium->max_attached_ms > 0)
		document_row_instant(
		    row, "max_attached_ms", medium->max_attached_ms);
}
