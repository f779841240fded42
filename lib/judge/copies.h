/*
 * copies: how many copies there really are, where, and 3-2-1.
 *
 * Layer 6.  Uses: inventory, offline, bounds.
 *
 * A copy counts when it is captured, intact and read within its medium's
 * promise, and is in sight or out of reach with evidence that is not stale.
 * Two media on one physical disk are one (DESIGN section 6); where the disks
 * are not known, or a server may be another one by another name, the number
 * lies between bounds.
 */
#ifndef HIKAE_JUDGE_COPIES_H
#define HIKAE_JUDGE_COPIES_H

#include "lib/judge/offline.h"

/* What is asked of a copy. */
enum copies_trait {
	COPIES_GOOD, /* it counts at all; all below but the last are good */
	COPIES_IN_SIGHT,
	COPIES_OFFSITE,
	COPIES_OFFLINE,
	COPIES_OFFLINE_OR_OFFSITE,
	COPIES_IMMUTABLE, /* write-protected by what was measured */
	COPIES_PROTECTED, /* ... or out of reach */
	COPIES_ENCRYPTED,
	COPIES_UNENCRYPTED, /* also where it does not count, unless missing */
};
#define COPIES_TRAITS (COPIES_UNENCRYPTED + 1)

/* Conclusions about an inventory, which they borrow. */
struct copies;

int copies_judge(const struct inventory *inventory, struct copies **ret_copies,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void copies_free(struct copies *copies);

const struct inventory *copies_inventory(const struct copies *copies);

/* Whether it is known on what a medium lies; by its place in the inventory. */
bool copies_devices_is_known(const struct copies *copies, size_t medium);

/* Of a medium, by its place in the inventory. */
const struct offline_claim *copies_claim(
    const struct copies *copies, size_t medium);

/* Whether every byte of a copy is as it was recorded, as far as anybody knows:
 * whenever it was read, and wherever it is. */
bool copies_is_intact(const struct copies *copies, size_t copy);

/*
 * Whether a medium that is to be kept in another building is seen to be here:
 * it hangs on this machine.
 */
bool copies_is_brought_here(const struct inventory_medium *medium);

/* Of a copy, by its place. */
enum bounds_answer copies_is(
    const struct copies *copies, size_t copy, enum copies_trait trait);
/* Why it does not count, in a stable word; "" where it does. */
const char *copies_reason(const struct copies *copies, size_t copy);

/*
 * Of a generation: how many on different physical devices; mode: with that
 * offline mode only, NULL for any.  Of a generation: NO, MAYBE or YES, is there
 * one?
 */
struct bounds copies_count(const struct copies *copies, size_t generation,
    enum copies_trait trait, const char *mode);
enum bounds_answer copies_has(
    const struct copies *copies, size_t generation, enum copies_trait trait);

/* Whether good copies of a generation lie on one device, and count once. */
bool copies_share_device(const struct copies *copies, size_t generation);

/* Kinds of media of a generation's good copies. */
struct bounds copies_kinds(const struct copies *copies, size_t generation);

/*
 * The newest generation of a system with a good copy, or INVENTORY_NOT.  One
 * from the future is none.
 */
size_t copies_newest(
    const struct copies *copies, size_t system, enum copies_trait trait);

/* What 3-2-1 counts, of the newest good generation. */
struct copies_summary {
	size_t generation; /* or INVENTORY_NOT */
	struct bounds copies, kinds, offsite, offline, offline_or_offsite;
	struct bounds immutable, protected;
	struct bounds errors; /* of all generations: not found intact */
};
void copies_summarize(const struct copies *copies, size_t system,
    struct copies_summary *ret_summary);

/*
 * The variants of 3-2-1: three copies, on two kinds of media, and the last 1 as
 * it is named.  No law asks for any of them.
 */
enum copies_rule {
	COPIES_321_OFFSITE,
	COPIES_321_OFFLINE,
	COPIES_321_EITHER,
	COPIES_321_BOTH,
	COPIES_32110, /* off-site, offline or immutable, and no errors */
};
#define COPIES_RULES (COPIES_32110 + 1)

/* "3-2-1-offsite", "3-2-1-1-0" */
const char *copies_rule_name(enum copies_rule rule);

/* What is missing, as bits. */
#define COPIES_MISSING_COPIES 1U
#define COPIES_MISSING_KINDS 2U
#define COPIES_MISSING_OFFSITE 4U
#define COPIES_MISSING_OFFLINE 8U
#define COPIES_MISSING_ERRORS 16U

struct copies_result {
	enum bounds_answer is_kept;
	unsigned int missing; /* surely */
	unsigned int unknown; /* perhaps */
};

/* production: whether what is in production counts as a copy. */
struct copies_result copies_rule_judge(enum copies_rule rule,
    bool counts_production, const struct copies_summary *summary);

#endif
