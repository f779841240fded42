/*
 * reason: why a status is not good, in one word and in sentences.
 *
 * Layer 6.  Uses: i18n, model (finding, verdict).
 *
 * A reason is a conclusion of judge or an open finding; both have stable names
 * of one name space, and a judged reason that means the same as a finding has
 * the finding's name.  Names are only added.
 */
#ifndef HIKAE_JUDGE_REASON_H
#define HIKAE_JUDGE_REASON_H

#include <stdbool.h>

#include "lib/model/verdict.h"

enum reason {
	/* nothing there to judge: each a failure to check (law 1) */
	REASON_NO_JOURNAL,
	REASON_NO_SYSTEMS,
	REASON_NO_MEDIA,
	REASON_NO_SOURCE,	 /* a system without one */
	REASON_UNUSED_MEDIUM,	 /* a medium without a source */
	REASON_NEVER_SCANNED,	 /* a source */
	REASON_NO_GENERATION,	 /* a system */
	REASON_NOTHING_CAPTURED, /* a system or medium without a manifest */
	REASON_NOT_DETERMINED,	 /* no copy that is intact and in sight */
	/* sources, as the last scan left them */
	REASON_WRONG_MEDIUM,
	REASON_MEDIUM_ABSENT,
	REASON_MEDIUM_AWAY, /* absent as an offline medium should be */
	REASON_SOURCE_UNREADABLE,
	REASON_NOTHING_FOUND,
	REASON_SCAN_STALE,
	/* media of which nobody can say that they are no clones */
	REASON_UUID_TWICE,
	REASON_UUID_UNSURE, /* not all devices could be looked at */
	REASON_IDENTITY_UNREADABLE,
	/* copies and generations */
	REASON_COPIES_DAMAGED,
	REASON_COPIES_UNDETERMINED,
	REASON_COPIES_MISSING,
	REASON_COPIES_UNWATCHED, /* of a source that is configured no more */
	REASON_CAPTURE_AWAITED,
	REASON_GENERATION_LATE,
	REASON_LATE_IN_GRACE,
	REASON_SOURCE_BEHIND, /* others of the system are on time */
	REASON_FEW_GENERATIONS,
	REASON_SUSPICIOUS,
	REASON_CONTENT_UNCHECKED,
	/* media */
	REASON_COVERAGE_OVERDUE,
	REASON_NEVER_VERIFIED,
	/* what people stated */
	REASON_STATEMENT_ENDED,
	REASON_STATEMENT_ENDS,	/* soon */
	REASON_OFFLINE_STALE,	/* neither seen nor attested for too long */
	REASON_OFFLINE_UNKNOWN, /* nobody knows whether it is in reach */
	REASON_CUSTODY_OVERDUE, /* not returned as agreed */
	/* drills */
	REASON_DRILL_FAILED,  /* and none after it counts */
	REASON_DRILL_OVERDUE, /* a year: what rules ask for */
	REASON_DRILL_DUE,     /* a quarter: hikae's own default */
	REASON_DRILL_UNSIGNED,
	REASON_IMPROVEMENT_OVERDUE,
	/* hikae itself */
	REASON_CANARY_PASSED,
	REASON_CANARY_NOT_RUN,
	REASON_RUN_FAILED,
	REASON_CLOCK_BACK,
	REASON_CLOCK_AHEAD,
	REASON_CONFIG_REFUSED,
	REASON_PACK_FAULTY, /* requirements of the facility's own */
	/* only a running hikaed knows: */
	REASON_NOT_RECORDED,
	REASON_NOTICE_UNDELIVERED,
	REASON_MEDIUM_LEFT, /* mounted by hikae, and configured no more */
	REASON_NOT_JUDGED,  /* nor are the others, then */
};
#define REASONS (REASON_NOT_JUDGED + 1)

/* "copies-damaged" */
const char *reason_name(enum reason reason);
enum verdict_exit reason_severity(enum reason reason);

/*
 * About the name of a reason or finding, in the reader's language: a few words
 * that fit a headline, a sentence, and what to do next.  NULL for an unknown
 * name (written by a newer hikae).
 */
const char *reason_title(const char *name);
const char *reason_sentence(const char *name);
const char *reason_advice(const char *name);

#endif
