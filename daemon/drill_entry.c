#include "daemon/drill_entry.h"

#include <stdio.h>

#include "daemon/ledger.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

const char *
drill_outcome_name(enum drill_outcome outcome)
{
	static const char *const names[] = {
	    [DRILL_PASSED] = "passed",
	    [DRILL_WARNING] = "warning",
	    [DRILL_UNDETERMINED] = "undetermined",
	    [DRILL_FAILED] = "failed",
	};

	return names[outcome];
}

/* The gravest counts, and the first reason for it. */
void
drill_entry_raise(
    struct drill *drill, enum drill_outcome outcome, const char *reason)
{
	if (outcome <= drill->worst)
		return;
	drill->worst = outcome;
	(void)snprintf(drill->reason, sizeof(drill->reason), "%s", reason);
}

int
drill_entry_check(
    struct drill *drill, const struct drill_check *check, struct error *err)
{
	drill_entry_raise(drill, check->outcome, check->reason);
	return ledger_append_alone(drill->drills->service,
	    json_pack("{s:s, s:s, s:I, s:s, s:s, s:s, s:o}", "type", "drill",
		"event", "check", "drill", (json_int_t)drill->view.id, "kind",
		check->kind, "name", check->name, "outcome",
		drill_outcome_name(check->outcome), "detail", check->detail),
	    NULL, err);
}

/* ---- what kept a step from its work ---- */

/* Why a job came to no good end, in a word. */
const char *
drill_entry_word(const struct jobs_end *end)
{
	if (end->has_parser && end->parser_error.code != ERROR_NONE)
		return error_code_name(end->parser_error.code);
	if (end->outcome == JOBS_FAILED)
		return error_code_name(end->error.code);
	if (end->outcome != JOBS_DONE)
		return jobs_outcome_name(end->outcome);
	return end->has_parser ? jobs_outcome_name(end->parser) : "no-answer";
}

void
drill_entry_log(const struct drill *drill, const struct jobs_end *end)
{
	bool is_other = end->has_parser && end->parser_error.code != ERROR_NONE;

	log_event(LOG_LEVEL_WARNING, _("drill %llu: %s: %s"),
	    (unsigned long long)drill->view.id, drill->view.step,
	    is_other ? end->parser_error.text : end->error.text);
}

int
drill_entry_fail(struct drill *drill, const char *kind,
    const struct jobs_end *end, struct error *err)
{
	const char *word = drill_entry_word(end);
	const struct drill_check check = {
	    .kind = kind,
	    .name = drill->view.step,
	    .outcome = DRILL_UNDETERMINED,
	    .reason = word,
	    .detail = json_pack("{s:s}", "error", word),
	};

	drill_entry_log(drill, end);
	return drill_entry_check(drill, &check, err);
}
