/* How jobs end, in words. */
#include <string.h>

#include "daemon/jobs.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/base/text.h"

const char *
jobs_outcome_name(enum jobs_outcome outcome)
{
	static const char *const names[JOBS_OUTCOMES] = {
	    [JOBS_DONE] = "done",
	    [JOBS_FAILED] = "failed",
	    [JOBS_CRASHED] = "crashed",
	    [JOBS_LIMIT] = "limit",
	    [JOBS_HUNG] = "hung",
	    [JOBS_CANCELLED] = "cancelled",
	};

	return names[outcome];
}

const char *
jobs_outcome_sentence(enum jobs_outcome outcome)
{
	static const char *const sentences[JOBS_OUTCOMES] = {
	    [JOBS_DONE] = N_("done"),
	    [JOBS_FAILED] = N_("it failed"),
	    [JOBS_CRASHED] = N_("the child crashed"),
	    [JOBS_LIMIT] = N_("the child met one of its limits"),
	    [JOBS_HUNG] = N_("the child did not answer any more"),
	    [JOBS_CANCELLED] = N_("it was cancelled"),
	};

	return _(sentences[outcome]);
}

void
jobs_outcome_log(const char *kind, const struct manifest_header *header,
    enum jobs_outcome outcome, const struct error *why)
{
	char text[ERROR_TEXT_BYTES];

	(void)text_escape(text, sizeof(text), why->text, strlen(why->text));
	/* TRANSLATORS: the kind of a job, generation, medium, outcome, why. */
	log_event(LOG_LEVEL_WARNING, _("%s of %s on %s: %s (%s)"), kind,
	    header->generation, header->medium, jobs_outcome_sentence(outcome),
	    text);
}

enum finding
jobs_outcome_finding(enum jobs_outcome outcome)
{
	switch (outcome) {
	case JOBS_CRASHED:
		return FINDING_WORKER_CRASHED;
	case JOBS_HUNG:
		return FINDING_WORKER_HUNG;
	case JOBS_LIMIT:
		return FINDING_WORKER_LIMIT;
	case JOBS_DONE:
	case JOBS_FAILED:
	case JOBS_CANCELLED:
		break;
	}
	return FINDING_UNREADABLE_NOW;
}
