/*
 * identity_match: is what is seen now what was recorded?
 *
 * Layer 1.  Uses: nothing.
 */
#ifndef HIKAE_OS_IDENTITY_MATCH_H
#define HIKAE_OS_IDENTITY_MATCH_H

#include <stdbool.h>

struct identity;

/* What was recorded of a medium; "" or NULL: not known. */
struct identity_key {
	const char *uuid, *source, *lies_on;
};

enum identity_match {
	IDENTITY_SAME,
	IDENTITY_CLONE, /* the same UUID, and not one disk of those */
	IDENTITY_OTHER,
	IDENTITY_UNDETERMINED, /* not enough is known: never a match */
};
#define IDENTITY_MATCHES (IDENTITY_UNDETERMINED + 1)
const char *identity_match_name(enum identity_match match);

/*
 * A key without lies_on (a UUID from the configuration, not yet seen) is
 * satisfied by a UUID that is not weak.  Network and cloud: by the source.
 */
enum identity_match identity_compare(
    const struct identity_key *key, const struct identity *seen);

/*
 * Have two texts of `lies_on` a disk or server in common?  "at:" words count
 * too; that two lie on this host does not say that.
 */
bool identity_shares_disk(const char *lies_on_a, const char *lies_on_b);

/*
 * Does one of its disks have that serial number or WWN?  *ret_known: whether
 * any of them tells one.
 */
bool identity_has_serial(
    const struct identity *identity, const char *serial, bool *ret_known);

/* Are two UUIDs the same but for case and hyphens?  "" equals nothing. */
bool identity_is_uuid(const char *a, const char *b);

/*
 * Whether a UUID of this form and file system type is weak (see above); an
 * empty one is.
 */
bool identity_is_weak_uuid(const char *filesystem, const char *uuid);

#endif
