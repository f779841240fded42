/*
 * measure: what was measured about backups, at any point of the journal.
 *
 * Layer 6.  Uses: model/measure, store's queries.
 *
 * Everything comes from the journal's rows as they were at `at`, judged as if
 * the clock showed `now`; nothing is read from a medium, and nothing that a
 * process remembers counts.  The measures and what they mean: model/measure.
 */
#ifndef HIKAE_JUDGE_MEASURE_H
#define HIKAE_JUDGE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "lib/crypto/merkle_prefix.h"
#include "lib/model/measure.h"
#include "lib/store/catalog.h"

/* The most evidence that one value names; the newest where there is more. */
#define MEASURE_EVIDENCE_MAX 16

enum measure_state {
	MEASURE_KNOWN,	 /* number holds */
	MEASURE_UNKNOWN, /* it could not be determined: never good (law 2),
			    unless a check holds for both ends below */
	MEASURE_NONE,	 /* there is nothing that could be measured: no source,
			    no generation, no drill; misses a requirement */
};

struct measure_value {
	enum measure_state state;
	int64_t number; /* in the measure's unit; 0 unless known */
	/* Where it is unknown, it lies between these (judge/bounds). */
	int64_t least, most;
	/* How long it has been unknown; 0 where that is not known.  Beyond
	 * max_undetermined it misses a requirement (law 2). */
	int64_t unknown_ms;
	/*
	 * Why it is unknown, none, or known with a reservation: a stable word
	 * ("no-source", "offline-stale") for measure_sentence; "" where there
	 * is nothing to say.  Static.
	 */
	const char *reason;
	/* The number is about this share of the bytes, in millionths; 0: of
	 * all.  Where that is too little, a check that holds is partial. */
	uint64_t share_ppm;
	bool is_partial;
	/* The journal entries that it rests on, ascending, none twice. */
	uint64_t evidence[MEASURE_EVIDENCE_MAX];
	size_t evidence_count;
};

struct measure_context;

/*
 * Keeps what several measures share.  It borrows the catalog; all is to be
 * taken in one transaction where somebody writes meanwhile.
 */
int measure_open(struct catalog *catalog, struct catalog_at at, int64_t now,
    struct measure_context **ret_context, struct error *err) ERROR_CHECKED;

/*
 * What of the journal was looked at not long ago, in the caller's storage: its
 * leaves are not read again for journal_intact, and where the journal holds it
 * is what has been read by then.  Size 0: nothing yet.  Without this call all
 * leaves are read.
 */
void measure_remember(
    struct measure_context *context, struct merkle_prefix *known);

/* NULL is allowed. */
void measure_close(struct measure_context *context);

/*
 * Take one measure; system is NULL exactly for measures of the facility.  A
 * system that is not configured at that point gives MEASURE_NONE.  0, or -1
 * where the catalog could not be read.
 */
int measure_take(struct measure_context *context, enum measure measure,
    const char *system, struct measure_value *ret_value,
    struct error *err) ERROR_CHECKED;

/*
 * How long what the entry seq recorded at an instant, until another, still
 * holds, in ms: 0 after that, however often the clock went back, and where it
 * was recorded in the future (law 8).
 */
int64_t measure_left(const struct measure_context *context, uint64_t seq,
    int64_t at, int64_t until);

/*
 * A sentence for a reason word in the reader's language; it names no file.
 * NULL for an unknown word.
 */
const char *measure_sentence(const char *reason);

#endif
