/*
 * target: the slices of one copy that a run is to verify.
 *
 * Uses: verification, gathering, ledger, store.
 *
 * Several orders, one a reader, share a target: each takes slices from it as
 * long as there are some, fewer towards the end, so that all end together.
 * Each slice's verdict, its findings, and the closing of findings that were
 * found good again are one transaction.
 */
#ifndef HIKAE_DAEMON_TARGET_H
#define HIKAE_DAEMON_TARGET_H

#include "daemon/inspection.h"
#include "daemon/runs.h"
#include "daemon/verification.h"

struct target;

/* How an order ended: whether each of its slices has a verdict. */
enum target_end {
	TARGET_ANSWERED,
	TARGET_CANCELLED, /* no, somebody did not want them */
	TARGET_FAILED,	  /* no, and that could not even be recorded */
};

/*
 * Called after each commit, and once for each order that ended.  warnings: of
 * the slice's findings, those that leave it intact and are a warning.
 */
struct target_owner {
	void *context;
	void (*slice)(void *context, const struct examine_slice *slice,
	    uint64_t warnings);
	/* At the level members: a copy's contents were looked into. */
	void (*contents)(void *context, const struct inspection_counts *counts);
	void (*ended)(void *context, enum target_end end);
};

/*
 * Select what the request asks for.  Fills the list (NULL: nothing is there)
 * and the view's copies, slices and bytes.
 */
int target_select(struct service *service, const struct runs_request *request,
    struct target **ret_targets, struct runs_view *view,
    struct error *err) ERROR_CHECKED;

void target_free_all(struct target *targets);
struct target *target_next(struct target *target);
uint64_t target_copy(const struct target *target);
const char *target_medium(const struct target *target);

/*
 * The next target whose turn comes when this one has ended, since both lie in
 * one source and share files by hard link: a file is to be read once.  NULL:
 * none.  And whether a target has to wait for another's end.
 */
struct target *target_successor(struct target *target);
bool target_is_waiting(
    const struct target *targets, const struct target *target);

/*
 * Order what nobody has yet of its verification, by as many orders as there
 * may be readers: in the beginning, and when an order ended, since it may have
 * left something.  *ret_orders were added, and will each end, also when this
 * fails.  What could not be ordered was told as undetermined; -1: something
 * could be neither ordered nor recorded.
 */
int target_order(struct target *target, uint64_t run,
    const struct target_owner *owner, size_t *ret_orders,
    struct error *err) ERROR_CHECKED;

#endif
