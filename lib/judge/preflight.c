#include "lib/judge/preflight.h"

#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"

static const struct {
	const char *reason;
	enum verdict_exit status;
	const char *sentence;
} answers[] = {
    {"fresh", VERDICT_EXIT_GOOD,
	N_("There is a backup to go back to: young enough, and read again "
	   "since it was recorded.")},
    {"not-confirmed", VERDICT_EXIT_WARNING,
	N_("There is a young backup, but it was not read again since it was "
	   "recorded. Verify it first: hikae verify SYSTEM --wait.")},
    {"too-old", VERDICT_EXIT_BAD,
	N_("The newest good backup is older than that. Make a new one first.")},
    {"clock-ahead", VERDICT_EXIT_UNDETERMINED,
	N_("The newest backup is dated in the future. Check the clocks "
	   "first.")},
    {"none", VERDICT_EXIT_BAD,
	N_("There is no good backup to go back to. Do not go on.")},
    {"undetermined", VERDICT_EXIT_UNDETERMINED,
	N_("No backup could be judged. Look at hikae status first.")},
};
#define ANSWERS (sizeof(answers) / sizeof(answers[0]))

const char *
preflight_sentence(const char *reason)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].reason, reason) == 0)
			return _(answers[i].sentence);
	return NULL;
}

static void
answer(struct preflight *preflight, const char *reason)
{
	for (size_t i = 0; i < ANSWERS; i++)
		if (strcmp(answers[i].reason, reason) == 0) {
			preflight->reason = answers[i].reason;
			preflight->status = answers[i].status;
		}
}

static const char *
reason_for(const struct preflight_question *question,
    const struct recover_system *system)
{
	if (system->copy_count == 0)
		return system->undetermined > 0 ? "undetermined" : "none";
	if (system->taken_at > question->now + HEALTH_AHEAD_MS)
		return "clock-ahead";
	if (question->now - system->taken_at > question->max_age_ms)
		return "too-old";
	return system->status == VERDICT_EXIT_GOOD ? "fresh" : "not-confirmed";
}

int
preflight_judge(struct catalog *catalog,
    const struct preflight_question *question, struct preflight *ret,
    struct error *err)
{
	const struct recover_question plan_question = {
	    .at = question->at,
	    .before = INT64_MAX,
	    .system = question->system,
	};
	const struct recover_system *system;
	struct recover *plan = NULL;

	if (recover_plan(catalog, &plan_question, &plan, err) != 0)
		return -1;
	system = &plan->systems[0];
	*ret = (struct preflight){
	    .taken_at = system->taken_at,
	    .max_age_ms = question->max_age_ms,
	};
	(void)snprintf(ret->system, sizeof(ret->system), "%s", system->id);
	(void)snprintf(
	    ret->generation, sizeof(ret->generation), "%s", system->generation);
	answer(ret, reason_for(question, system));
	recover_free(plan);
	return 0;
}
