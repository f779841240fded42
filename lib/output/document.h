/*
 * document: what is known, as JSON for people's tools and for hikae itself.
 *
 * Layer 7.  Uses: judge, store's queries, model/config, format/json.  FORMATS
 * section 7 has every member; members are only added.
 *
 * Documents carry codes and numbers; sentences in a language are the reader's
 * work (judge/reason).  Returned objects are new references.
 */
#ifndef HIKAE_OUTPUT_DOCUMENT_H
#define HIKAE_OUTPUT_DOCUMENT_H

#include "lib/format/json.h"
#include "lib/judge/basis.h"
#include "lib/judge/health.h"
#include "lib/judge/preflight.h"
#include "lib/model/config.h"
#include "lib/store/query_finding.h"

#define DOCUMENT_LIMIT 1000 /* rows of a list, unless asked otherwise */

struct document_context {
	struct catalog *catalog;
	struct catalog_at at;
	int64_t now;
	/* Whose names of systems and media are added; NULL: only ids. */
	const struct config *config;
	/* The reader may see names of files, which can hold patients' ids. */
	bool has_names;
	uint64_t limit;		     /* rows of a list; 0: DOCUMENT_LIMIT */
	struct merkle_prefix *known; /* as judge/measure's, or NULL */
};

/* The status of everything. */
int document_status(const struct document_context *context, json_t **ret,
    struct error *err) ERROR_CHECKED;

/* Systems, media and sources of the status. */
int document_systems(const struct document_context *context, json_t **ret,
    struct error *err) ERROR_CHECKED;

/* system may be NULL. */
int document_generations(const struct document_context *context,
    const char *system, json_t **ret, struct error *err) ERROR_CHECKED;

/* filter may be NULL. */
int document_copies(const struct document_context *context,
    const struct query_copy_filter *filter, json_t **ret,
    struct error *err) ERROR_CHECKED;
int document_findings(const struct document_context *context,
    const struct query_finding_filter *filter, json_t **ret,
    struct error *err) ERROR_CHECKED;

/*
 * One thing in full: a generation by its id, or a copy, a finding or a run by
 * its number.  ERROR_NOT_FOUND.
 */
int document_show(const struct document_context *context, const char *what,
    json_t **ret, struct error *err) ERROR_CHECKED;

/*
 * The plan for a recovery from generations before an instant (INT64_MAX: all),
 * of one system, or of all (NULL).  ERROR_NOT_FOUND.
 */
int document_recover(const struct document_context *context, int64_t before,
    const char *system, json_t **ret, struct error *err) ERROR_CHECKED;

/* An answer before an update. */
int document_preflight(const struct preflight *preflight, json_t **ret,
    struct error *err) ERROR_CHECKED;

/* Journal entries from <= seq < to, at most the context's limit. */
int document_journal(const struct document_context *context, uint64_t from,
    uint64_t to, json_t **ret, struct error *err) ERROR_CHECKED;

struct document_compliance_filter {
	const struct basis *basis; /* the requirements to judge by */
	/* Only these; NULL: all. */
	const char *pack, *system, *requirement;
};

/* What evidence there is for each requirement.  ERROR_NOT_FOUND. */
int document_compliance(const struct document_context *context,
    const struct document_compliance_filter *filter, json_t **ret,
    struct error *err) ERROR_CHECKED;

/* Statements of people, with whether each is in force. */
int document_attestations(const struct document_context *context,
    const char *requirement, json_t **ret, struct error *err) ERROR_CHECKED;

#endif
