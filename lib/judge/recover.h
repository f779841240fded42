/*
 * recover: from what each system would be recovered, and in which order.
 *
 * Layer 6.  Uses: copies, inventory.
 *
 * The last known good generation of a system is its newest that was taken and
 * recorded before an instant (that of the attack), has a copy that is intact
 * as far as hikae knows today, and is not suspected of holding what an
 * attacker left.  Judged from the store alone, so that it can be asked of a
 * rescued catalog when the host is gone.
 */
#ifndef HIKAE_JUDGE_RECOVER_H
#define HIKAE_JUDGE_RECOVER_H

#include "lib/judge/copies.h"
#include "lib/model/verdict.h"

struct recover_copy {
	uint64_t id;
	char medium[INVENTORY_ID_BYTES], source[INVENTORY_ID_BYTES];
	char offline[INVENTORY_WORD_BYTES]; /* its configured mode, or "" */
	char state[INVENTORY_WORD_BYTES];   /* of the medium; "": not known */
	bool is_in_reach;  /* an attacker may have reached it, or that
			      is not known */
	bool is_confirmed; /* read again since it was recorded, wholly */
	/* Whether it counts (judge/copies): read within its medium's promise,
	 * and in sight or out of reach with evidence; else why not.  Static. */
	enum bounds_answer counts;
	const char *reason;
	int64_t oldest_read_at; /* its oldest reading, or QUERY_NEVER */
	int64_t medium_seen_at; /* or QUERY_NEVER */
	uint64_t files, bytes;
	/* Where the medium is kept, and who has it; "" where nobody said. */
	char location[INVENTORY_TEXT_BYTES], holder[INVENTORY_TEXT_BYTES];
	char place[INVENTORY_TEXT_BYTES];
	int64_t until; /* it comes back, or QUERY_NEVER */
};

struct recover_system {
	char id[INVENTORY_ID_BYTES], kind[INVENTORY_WORD_BYTES];
	uint64_t order;	   /* 1 comes first; 0: nobody said */
	int64_t target_ms; /* 0: none */
	/* Good: a copy that was read again, and counts.  Warning: only as
	 * recorded, or read too long ago, or nobody knows whether it can be got
	 * at.  Bad: there is none.  Undetermined: none could be judged. */
	enum verdict_exit status;
	char generation[INVENTORY_GENERATION_BYTES]; /* or "": none */
	int64_t taken_at, captured_at;		     /* or QUERY_NEVER */
	/* The first copy was taken and recorded then: at no instant that is
	 * not after it is there anything; or QUERY_NEVER. */
	int64_t first_at;
	/* The first is the one to begin with. */
	struct recover_copy *copies;
	size_t copy_count;
	/* Generations that are newer than this one, or all, and why not. */
	uint64_t later;	       /* not before the instant */
	uint64_t damaged;      /* every copy is damaged or missing */
	uint64_t retired;      /* intact, on media out of service alone */
	uint64_t undetermined; /* no copy is intact, and not all damaged */
	uint64_t suspicious;
	/* Its date lies in the future, so nobody knows how new it is (law 8):
	 * used where there is no other, and then the status is not good. */
	uint64_t misdated;
	/* The open finding that what this one holds is broken, or 0: then the
	 * status is not good.  It is not passed over, because one broken file
	 * of many may be what it is about. */
	uint64_t broken;
};

struct recover {
	enum verdict_exit status; /* the worst; undetermined without systems */
	int64_t before;
	/* In the order of recovery, then by id. */
	struct recover_system *systems;
	size_t system_count;
};

/*
 * Plan at a point of the journal, as if the clock showed now, with generations
 * that were taken and recorded before an instant (INT64_MAX: all).  NULL
 * system: all of them; ERROR_NOT_FOUND for an unknown one.
 */
struct recover_question {
	struct catalog_at at;
	int64_t now;
	int64_t before;
	const char *system;
};

int recover_plan(struct catalog *catalog,
    const struct recover_question *question, struct recover **ret_plan,
    struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void recover_free(struct recover *plan);

#endif
