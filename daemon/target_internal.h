/*
 * target_internal: what target's two files share.
 */
#ifndef HIKAE_DAEMON_TARGET_INTERNAL_H
#define HIKAE_DAEMON_TARGET_INTERNAL_H

#include "daemon/target.h"

struct target {
	struct service *service;
	uint64_t copy, manifest, version;
	char *system, *generation, *medium, *source, *locator;
	struct verify_range *ranges;
	size_t range_count, slices;
	uint64_t bytes;
	char *members, *content; /* an archive's; or NULL */
	bool is_members;	 /* it is to be decoded, and looked into */
	bool has_names;		 /* look at all names first */
	bool is_sharing; /* captures in its source carried others' readings */
	bool is_spread;	 /* and its source was seen to */
	int64_t not_before;
	int priority;
	struct target *next;
};

/* What the level members asks for beside slices: one order. */
int target_order_members(struct target *target, uint64_t run,
    const struct target_owner *owner, struct error *err) ERROR_CHECKED;

#endif
