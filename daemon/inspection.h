/*
 * inspection: what the files of a copy say of themselves, while a run verifies
 * it at the level members.
 *
 * Part of target.  Uses: gathering, ledger, inspect.
 *
 * A parser looks into bytes that a reader found to be as the manifest says, or
 * into members that are as they were captured; so what it finds was so when the
 * copy was recorded.  That is no verdict about bytes: intact stays intact, and
 * a finding of its own says that the content is broken.  What could not be
 * looked at is undetermined by a finding as well, and never silent.
 */
#ifndef HIKAE_DAEMON_INSPECTION_H
#define HIKAE_DAEMON_INSPECTION_H

#include "daemon/gathering.h"
#include "lib/worker/reply.h"

/* What came of it, for who follows the run. */
struct inspection_counts {
	uint64_t odd;	       /* findings that a person has to look at */
	uint64_t undetermined; /* contents that could not be looked at */
};

struct inspection {
	struct service *service;
	uint64_t copy, manifest, run;
	struct gathering findings;
	json_t *formats; /* NULL: none yet */
	bool is_told;	 /* the last result came */
	bool is_undetermined;
	bool is_opaque; /* it came to its end without a file to look into */
	uint64_t files, other, skipped;
};

void inspection_init(struct inspection *inspection, struct service *service,
    uint64_t copy, uint64_t manifest, uint64_t run);
void inspection_done(struct inspection *inspection);

/* Keep a finding about content, or what one format's files came to. */
int inspection_take_finding(struct inspection *inspection,
    const struct reply *reply, struct error *err) ERROR_CHECKED;
int inspection_take_result(struct inspection *inspection,
    const struct reply *reply, struct error *err) ERROR_CHECKED;

/* How it came to its end. */
struct inspection_end {
	bool is_whole;	     /* whoever looked saw all, and said so */
	bool is_as_recorded; /* what was looked at is what was captured */
	/* Files that did not come whole are told of elsewhere, or may be other
	 * than recorded. */
	bool may_skip;
	/* That it could not be looked at is what another finding says. */
	bool is_told_elsewhere;
	/* Nothing of it can be looked into, which is told elsewhere. */
	bool is_opaque;
};

/*
 * All that will come has come.  What was found in bytes that are not as
 * recorded is forgotten, and where not everything was looked at, that is a
 * finding, of this or, with is_told_elsewhere, of somebody else.  Where files
 * came and each of them was skipped, the entry says undetermined.
 */
int inspection_settle(struct inspection *inspection,
    const struct inspection_end *end, struct error *err) ERROR_CHECKED;

/*
 * Within a transaction: findings that nobody accepted of the same bytes, the
 * entry, and the end of those that were not found again.  While a file was
 * skipped, those of files stay: it may be that file's.
 */
int inspection_commit(struct inspection *inspection,
    struct inspection_counts *ret_counts, struct error *err) ERROR_CHECKED;

#endif
