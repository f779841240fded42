/*
 * compliance: what evidence there is for each requirement, at any point of the
 * journal and any instant.
 *
 * Layer 6.  Uses: store's queries, model (requirement), measure.
 *
 * It says whether the evidence that hikae can name is complete, and never that
 * somebody complies: what a rule means is decided by people (law 9).
 */
#ifndef HIKAE_JUDGE_COMPLIANCE_H
#define HIKAE_JUDGE_COMPLIANCE_H

#include "lib/judge/measure.h"
#include "lib/model/requirement.h"
#include "lib/model/verdict.h"

#define COMPLIANCE_ID_BYTES 33
#define COMPLIANCE_NAME_BYTES 257

/* A statement that ends within this is told beforehand, ms. */
#define COMPLIANCE_ENDING_MS INT64_C(2592000000)

enum compliance_state {
	COMPLIANCE_COMPLETE,
	COMPLIANCE_PARTIAL,
	COMPLIANCE_MISSING,
	COMPLIANCE_UNDETERMINED,
};
#define COMPLIANCE_STATES (COMPLIANCE_UNDETERMINED + 1)

/* Why a row stands as it does; the first that holds. */
enum compliance_reason {
	COMPLIANCE_ALL_THERE,
	COMPLIANCE_ENDS_SOON,	 /* all there; the statement ends soon */
	COMPLIANCE_NO_SYSTEMS,	 /* none is configured at all */
	COMPLIANCE_NO_SOURCE,	 /* the system has none */
	COMPLIANCE_TEXT_UNSEEN,	 /* nobody can say what is asked for */
	COMPLIANCE_CHECK_FAILED, /* measured, and it does not hold */
	COMPLIANCE_CHECK_EMPTY,	 /* there is nothing that could be measured */
	COMPLIANCE_CHECK_UNKNOWN,
	COMPLIANCE_CHECK_TOO_LONG, /* unknown beyond max_undetermined */
	COMPLIANCE_CHECK_PARTIAL,  /* it holds, of too small a part */
	COMPLIANCE_STATEMENT_ENDED,
	COMPLIANCE_NO_STATEMENT,
	COMPLIANCE_NO_DOCUMENT,
	/* why a requirement has no row */
	COMPLIANCE_NOT_YET,	   /* its valid_from is to come */
	COMPLIANCE_OTHER_FACILITY, /* it is for another kind */
	COMPLIANCE_FEW_BEDS,
	COMPLIANCE_OTHER_FEE,	 /* its fee was not notified */
	COMPLIANCE_OTHER_SYSTEM, /* no system of those kinds */
	COMPLIANCE_OTHER_MODE,	 /* no medium with that offline mode */
	COMPLIANCE_NOT_STATED,	 /* applies where it is stated */
};
#define COMPLIANCE_REASONS (COMPLIANCE_NOT_STATED + 1)

/* One check of a row, in the order of the requirement's. */
struct compliance_check {
	enum compliance_state state;
	struct measure_value value;
};

/* The one in force that holds longest; else the newest that ended; or id 0. */
struct compliance_statement {
	uint64_t id;
	bool is_in_force;
	int64_t at, until;
	int64_t left_ms; /* that it still holds; 0: not in force */
	char by[COMPLIANCE_NAME_BYTES];
	/* The document that counts, of one in force; 0: none. */
	uint64_t document;
	enum requirement_document document_kind;
	char document_sha256[65];
};

struct compliance_row {
	const struct requirement *requirement;
	char system[COMPLIANCE_ID_BYTES]; /* "": the facility */
	bool is_superseded; /* not in force any more; never in the totals */
	enum compliance_state state;
	enum compliance_reason reason;
	size_t check; /* that the reason is about */
	/* As many as the requirement has; taken of a system with a source. */
	struct compliance_check checks[REQUIREMENT_CHECKS_MAX];
	struct measure_value shows[REQUIREMENT_CHECKS_MAX];
	bool is_measured;
	struct compliance_statement statement;
};

/* A requirement that does not apply here and now. */
struct compliance_omission {
	const struct requirement *requirement;
	enum compliance_reason reason;
};

struct compliance {
	int64_t now, day; /* day as 20260629 */
	uint64_t size;	  /* journal entries that were looked at */
	char facility[COMPLIANCE_NAME_BYTES];
	/* Not said by the facility: rows that depend on it are all here. */
	bool is_fees_unknown, is_beds_unknown;
	struct compliance_row *rows;
	size_t row_count;
	struct compliance_omission *omissions;
	size_t omission_count;
	/* Requirements in force with a row, and of them by their worst row. */
	size_t total, totals[COMPLIANCE_STATES];
	enum verdict_exit exit;
};

struct compliance_request {
	struct catalog *catalog;
	struct catalog_at at;
	int64_t now;
	const struct requirement_set *set; /* must outlive the answer */
	/* Only these; NULL: all. */
	const char *pack, *system, *requirement;
	struct merkle_prefix *known; /* as measure_remember, or NULL */
};

/*
 * ERROR_NOT_FOUND: there is no such pack, system or requirement.  To be called
 * within one transaction where somebody writes meanwhile.
 */
int compliance_judge(const struct compliance_request *request,
    struct compliance **ret_compliance, struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void compliance_free(struct compliance *compliance);

/* "complete", "partial", "missing", "undetermined". */
const char *compliance_state_name(enum compliance_state state);
enum verdict_exit compliance_state_exit(enum compliance_state state);

/* Of two rows of one requirement the state that stands for both. */
enum compliance_state compliance_state_worse(
    enum compliance_state a, enum compliance_state b);

/* "check-failed"; from a name: 0 or -1. */
const char *compliance_reason_name(enum compliance_reason reason);
int compliance_reason_parse(
    const char *name, enum compliance_reason *ret) ERROR_CHECKED;

/*
 * One sentence in the reader's language, which says what no argument tells;
 * what was measured and asked for stands beside it.
 */
const char *compliance_reason_sentence(enum compliance_reason reason);

#endif
