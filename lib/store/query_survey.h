/*
 * query_survey: what captures saw of the content, one after the other.
 *
 * Layer 5.  Uses: catalog, model/survey.  For callbacks and texts see query.h.
 */
#ifndef HIKAE_STORE_QUERY_SURVEY_H
#define HIKAE_STORE_QUERY_SURVEY_H

#include "lib/model/survey.h"
#include "lib/store/query.h"

/* A manifest, be it current or not, of a copy that may have expired. */
struct query_survey {
	uint64_t manifest, copy, version;
	const char *generation, *system, *medium, *source;
	int64_t captured_at;
	bool is_current;
	/* Of an archive's members where they are all known; else of the copy.
	 */
	bool is_members;
	uint64_t files, bytes;
	uint64_t problems; /* entries that could not be read */
	bool has_survey, has_drift, has_loss;
	struct survey survey;
	struct drift drift;
	struct loss loss;
	uint64_t since; /* the manifest that the drift is from; 0: none */
	/* A finding of suspicious content is about it, or about an earlier
	 * manifest of the copy: open, or as open when the copy expired. */
	bool is_hinted;
	bool is_accepted; /* such a finding about it was settled by a person */
};
typedef int query_survey_fn(
    const struct query_survey *row, void *context, struct error *err);

/* One manifest; no row where there is none. */
int query_survey(struct catalog *catalog, struct catalog_at at,
    uint64_t manifest, query_survey_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* Where to look from: a copy, and one of its manifests. */
struct query_survey_place {
	uint64_t copy;
	uint64_t manifest; /* QUERY_SURVEY_NEXT: one that is still to come */
};
#define QUERY_SURVEY_NEXT ((uint64_t)INT64_MAX - 1)

/*
 * The manifests of the copy's source before it, the newest first: of
 * generations taken earlier, and its own with a lower number.
 */
int query_surveys_before(struct catalog *catalog, struct catalog_at at,
    struct query_survey_place place, query_survey_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

/* Current manifests of generations of a copy's source taken later, by time. */
int query_surveys_after(struct catalog *catalog, struct catalog_at at,
    uint64_t copy, query_survey_fn *each, void *context,
    struct error *err) ERROR_CHECKED;

#endif
