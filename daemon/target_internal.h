/*
 * target_internal: what target's files share.
 */
#ifndef HIKAE_DAEMON_TARGET_INTERNAL_H
#define HIKAE_DAEMON_TARGET_INTERNAL_H

#include "daemon/gathering.h"
#include "daemon/target.h"
#include "lib/worker/pace.h"

struct target_part; /* see target_part */

struct target {
	struct service *service;
	uint64_t copy, manifest, version;
	char *system, *generation, *medium, *source, *locator;
	struct verify_range *ranges;
	size_t range_count, slices;
	/* What parts have of them: whole ranges, and so many of the next. */
	size_t range;
	uint64_t range_taken, taken;
	unsigned parts; /* orders of slices, under way */
	struct target_part
	    *again;	   /* whose readers died: each gets another one */
	unsigned halvings; /* of what readers died over */
	bool is_cut;	   /* one was cancelled: nothing more is ordered */
	uint64_t bytes;
	uint64_t file_bytes;	 /* of one of the copy's files, on average */
	char *members, *content; /* an archive's; or NULL */
	bool is_members;	 /* it is to be decoded, and looked into */
	bool has_names;		 /* look at all names first */
	bool is_decided;	 /* as in runs_request */
	bool is_sharing; /* captures in its source carried others' readings */
	bool is_spread;	 /* and its source was seen to */
	int64_t not_before;
	int priority;
	struct target *next;
};

/* Whether there are slices that no part ever had, and that one is to have. */
bool target_has_fresh(const struct target *target);

/* The same, or what a reader that died left. */
bool target_has_left(const struct target *target);

/* One part's share of the slices that none has: how many ranges. */
size_t target_take_slices(
    struct target *target, struct verify_range ranges[PACE_SLICES_MAX]);

/* Forget what readers that died left; nobody is to read it any more. */
void target_part_drop(struct target *target);

/*
 * Close the open findings of the copy that a slice answers, which is about to
 * be committed with what was found in it.  Within a transaction.
 */
int target_close_findings(const struct target *target,
    const struct gathering *findings, const struct examine_slice *slice,
    struct error *err) ERROR_CHECKED;

/* What the level members asks for beside slices: one order. */
int target_order_members(struct target *target, uint64_t run,
    const struct target_owner *owner, struct error *err) ERROR_CHECKED;

#endif
