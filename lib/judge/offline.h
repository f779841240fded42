/*
 * offline: is a medium out of an attacker's reach, and what speaks for it?
 *
 * Layer 6.  Uses: inventory, bounds.
 *
 * Observed, not declared (DESIGN law 5).  Each mode of DESIGN section 6 has
 * its own evidence, and what is not seen decays by [policy] offline_verified
 * and offline_attested.  A medium in rotation is judged by itself.
 */
#ifndef HIKAE_JUDGE_OFFLINE_H
#define HIKAE_JUDGE_OFFLINE_H

#include "lib/judge/bounds.h"
#include "lib/judge/inventory.h"

/*
 * An attestation of this and the medium's id speaks for that medium; with a
 * document, which says how somebody else keeps it apart, also for modes that
 * are a matter of contract.  A document of anything else speaks for no medium.
 */
#define OFFLINE_STATEMENT "offline-"

/* Whether a document is of such a kind; NULL is none. */
bool offline_is_document(const char *kind);

#define OFFLINE_EVIDENCE_MAX 8

enum offline_evidence {
	OFFLINE_NONE,	      /* it is in reach, or nothing speaks for it */
	OFFLINE_UNDETERMINED, /* nobody could observe it */
	OFFLINE_STALE,	      /* not seen, and not attested, for too long */
	OFFLINE_PARTIAL,      /* observed, but the document is missing */
	OFFLINE_ATTESTED,     /* on somebody's word, not longer than policy */
	OFFLINE_VERIFIED,     /* observed, not longer ago than policy */
};
#define OFFLINE_EVIDENCES (OFFLINE_VERIFIED + 1)

/* "none", "undetermined", "stale", "partial", "attested", "verified". */
const char *offline_evidence_name(enum offline_evidence evidence);

/* config_offline_is_away of a mode's name; "" is none. */
bool offline_is_away(const char *mode);

struct offline_claim {
	enum offline_evidence evidence;
	/* A stable word for why it is not verified; "" where it is.  Static. */
	const char *reason;
	int64_t since; /* out of reach, or in reach, since; or QUERY_NEVER */
	int64_t until; /* when this evidence decays, if nothing happens */
	/* The entries that it rests on. */
	uint64_t seqs[OFFLINE_EVIDENCE_MAX];
	size_t seq_count;
	/* Whether writing to it is refused by what was measured. */
	enum bounds_answer is_protected;
};

/* Judge a medium; one without an offline mode has no evidence. */
void offline_judge(const struct inventory *inventory,
    const struct inventory_medium *medium, struct offline_claim *ret_claim);

/* Of the last INVENTORY_PERIOD_MS, how long a medium was in reach. */
struct offline_exposure {
	int64_t period_ms;
	int64_t in_reach_ms, unknown_ms; /* unknown: or not observed yet */
	int64_t longest_ms;		 /* at a time, as far as known */
	struct bounds percent;		 /* rounded up */
};

void offline_expose(const struct inventory *inventory,
    const struct inventory_medium *medium,
    struct offline_exposure *ret_exposure);

/*
 * Were all media in reach at one time of that period?  NO where there is no
 * medium.
 */
int offline_all_connected(const struct inventory *inventory,
    enum bounds_answer *ret_answer, struct error *err) ERROR_CHECKED;

#endif
