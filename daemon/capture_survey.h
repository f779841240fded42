/*
 * capture_survey: what a new copy's content looks like, and whether that is
 * suspicious.
 *
 * Part of capture.  Uses: jobs, ledger, place, judge/suspicion.
 *
 * A parser counts what it saw (of an archive the one that unpacks it, else one
 * that gets samples from the reader); afterwards a parser of its own counts how
 * far the manifest is from an earlier one.  Both stand in the capture's entry.
 * These are hints: that they could not be had is a finding, and no reason not
 * to record the copy.
 */
#ifndef HIKAE_DAEMON_CAPTURE_SURVEY_H
#define HIKAE_DAEMON_CAPTURE_SURVEY_H

#include "daemon/jobs.h"
#include "daemon/service.h"
#include "lib/model/manifest.h"

struct capture;

/* In the storage of the capture that it belongs to. */
struct capture_survey {
	/* Set by the capture; borrowed. */
	struct service *service;
	uint64_t copy;
	/* DONE: what could be had is in here.  CANCELLED. */
	void (*ended)(void *context, const struct jobs_end *end);
	void *context;

	bool is_told;	   /* a parser counted */
	bool is_unchecked; /* nobody could look, and nothing else says so */
	struct survey survey;

	/* The earlier manifest; since 0: none. */
	uint64_t since, since_version;
	struct manifest_header since_header;
	int manifest_fd; /* the new one: of members, or of the copy */
	bool has_drift;
	struct drift drift;

	/* Of a living tree also what it lost; set by the capture. */
	bool is_living;
	int64_t retention_ms; /* the source's */
	int64_t expires_ms;   /* as in loss_options */
	int64_t since_at;     /* when the earlier one was recorded */
	bool has_loss;
	struct loss loss;
};

/* Fill the job of a parser that gets samples. */
int capture_survey_prepare(const struct capture_survey *survey,
    const struct config_source *source, struct job *job,
    struct error *err) ERROR_CHECKED;

/* Keep what a parser counted. */
void capture_survey_reply(
    struct capture_survey *survey, const struct survey *told);

/* Both children of the capture ended: what of it counts. */
void capture_survey_settle(
    struct capture_survey *survey, const struct capture *capture);

/*
 * Order the comparison with the newest manifest before that nothing hints at,
 * of members where `header` is of them.  Of a living tree only with one that
 * was compared itself, so that no loss falls between two; where something hints
 * at all of them, with the newest.  False where there is none; then
 * `ended` is not called.
 */
bool capture_survey_order(struct capture_survey *survey,
    const struct manifest_header *header, int manifest_fd, int priority);

/* Set the members `survey`, `drift` and `loss` of the journal's entry. */
void capture_survey_add(const struct capture_survey *survey, json_t *entry);

/*
 * Within the transaction that recorded the manifest: judge it, and what was
 * taken later and is now compared with it.
 */
int capture_survey_judge(const struct capture_survey *survey, uint64_t manifest,
    struct error *err) ERROR_CHECKED;

#endif
