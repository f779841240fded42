/*
 * drills: which systems were proved to be restorable, and which are due.
 *
 * Layer 6.  Uses: inventory, store's queries.
 *
 * A drill counts when it passed (warnings allowed), restored DRILLS_SHARE_PPM
 * of the bytes or more, and was signed, from its end on.  A year is what rules
 * ask for (診療録管理体制加算 1: 少なくとも年1回程度), a quarter is hikae's own
 * default and no requirement.
 */
#ifndef HIKAE_JUDGE_DRILLS_H
#define HIKAE_JUDGE_DRILLS_H

#include "lib/judge/inventory.h"

#define DRILLS_YEAR_MS (INT64_C(366) * 86400000)
#define DRILLS_QUARTER_MS (INT64_C(92) * 86400000)

/*
 * From this share of the bytes on (millionths) a sample counts.  No rule names
 * one: it is hikae's own default, because a file or two show that the medium
 * can be read, and nothing about the system.
 */
#define DRILLS_SHARE_PPM 50000

struct drills_system {
	char id[INVENTORY_ID_BYTES];
	/* The newest that counts; 0 and QUERY_NEVER where there is none. */
	uint64_t done;
	int64_t done_at;
	uint64_t done_ppm; /* the share of its bytes that was restored */
	/* The newest since then that would count, but for its share. */
	uint64_t sample, sample_ppm;
	int64_t sample_at;
	/* The newest that came to its end, whatever became of it. */
	uint64_t last;
	char last_outcome[INVENTORY_WORD_BYTES];
	int64_t last_at;
	bool is_last_signed;
	/* The newest that failed, until a later one counts: one that was cut
	 * off, or could not tell, mends nothing.  0: there is none. */
	uint64_t failed;
	int64_t failed_at; /* QUERY_NEVER: by the clock of now it is to come */
	uint64_t attempts, in_a_year; /* that count, within a year before now */
	uint64_t year_ppm;	      /* of these the largest share */
	uint64_t unsigned_count;
	uint64_t improvements_open, improvements_overdue;
	/* When the next is due by the clock of now, counted from the last, or
	 * from the day the system was first configured; a clock that went back
	 * puts nothing off (law 8). */
	int64_t quarter_due_at, year_due_at;
	bool is_quarter_overdue, is_year_overdue;
	/* By the last drill that counts: bytes a second while restoring, what
	 * it proved, how long restoring and checking that took, and how long
	 * the newest generation would take so.  0: not known. */
	uint64_t rate, proved_bytes;
	int64_t work_ms, estimate_ms;
	/* With all that come before it in the order of recovery, one after the
	 * other; 0: not known of every one. */
	int64_t back_after_ms;
	/* What is known of that, which it takes at least; 0: nothing is. */
	int64_t least_after_ms;
	int64_t target_ms; /* configured; 0: none */
	bool is_over_target;
	uint64_t order; /* of recovery; 0: nobody said */
};

struct query_drill;

/* The share of the bytes that was restored and proved, where that was found
 * out, or else that was asked for; millionths. */
uint64_t drills_share(const struct query_drill *row);
/* Bytes a second; 0 where nothing was measured. */
uint64_t drills_rate(uint64_t bytes, int64_t restore_ms);
/* How long so many bytes take to be restored and checked, ms, rounded up,
 * where a drill took work_ms for what it proved; 0 where that is not known. */
int64_t drills_time(uint64_t bytes, uint64_t proved_bytes, int64_t work_ms);

struct drills {
	struct drills_system *systems; /* in the order of recovery, then by id
					*/
	size_t system_count;
	/* One after the other, where every one is known; else 0. */
	int64_t estimate_ms;
};

/* Judge at the moment of an inventory, which was read from the catalog. */
int drills_judge(struct catalog *catalog, const struct inventory *inventory,
    struct drills **ret_drills, struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void drills_free(struct drills *drills);

#endif
