/*
 * suspicion: does a generation look like ransomware that was backed up?
 *
 * Layer 6.  Uses: store's queries, model/finding.
 *
 * A hint, never a verdict: the bytes of a suspicious generation are as intact
 * as ever, and it stays suspicious until a person says why it is not (law 3).
 * Everything comes from the journal's rows at the asked point.
 */
#ifndef HIKAE_JUDGE_SUSPICION_H
#define HIKAE_JUDGE_SUSPICION_H

#include "lib/store/query.h"

/* Bytes of a generation's id, with the NUL. */
#define SUSPICION_GENERATION_BYTES 80

/* ---- what stands recorded ---- */

/* Three outcomes, never merged (law 1). */
enum suspicion {
	SUSPICION_UNKNOWN, /* no copy of it was looked at, or not to the end */
	SUSPICION_NONE,	   /* looked at, and nothing hints at it now */
	SUSPICION_HINTED,  /* a finding about one of its copies is open */
};

struct suspicion_state {
	enum suspicion state;
	uint64_t finding; /* the newest open one; 0: none */
	int64_t since;	  /* when the oldest open one was found; QUERY_NEVER */
};

/*
 * Is this generation suspicious?  Of a living tree that means: is it, with all
 * that was captured of it up to that point.  An unknown id is UNKNOWN.
 */
int suspicion_of_generation(struct catalog *catalog, struct catalog_at at,
    const char *generation, struct suspicion_state *ret_state,
    struct error *err) ERROR_CHECKED;

/*
 * The newest generation of the same system, taken before that one, which is
 * intact, was looked at and is not suspicious; "" where there is none.
 */
int suspicion_last_clean(struct catalog *catalog, struct catalog_at at,
    const char *generation, char ret_id[SUSPICION_GENERATION_BYTES],
    struct error *err) ERROR_CHECKED;

/* ---- what follows from what was counted ---- */

/* Earlier captures that are compared with, at most. */
#define SUSPICION_BASELINE_MAX 10

enum suspicion_hint {
	SUSPICION_MISMATCH, /* files that are not what their names say */
	SUSPICION_NOISE,    /* files of no format that look like noise */
	SUSPICION_CHANGE,   /* changed and vanished files, with one of these */
	SUSPICION_RENAMED,  /* files that got an unusual ending added */
	SUSPICION_NOTES,    /* names of ransom notes */
	SUSPICION_FILES,    /* far fewer files */
	SUSPICION_BYTES,    /* far fewer bytes */
};
#define SUSPICION_HINTS (SUSPICION_BYTES + 1)

/* "mismatch" */
const char *suspicion_hint_name(enum suspicion_hint hint);

/* Whether its numbers are shares, in thousandths; else they are counts. */
bool suspicion_hint_is_share(enum suspicion_hint hint);

/* What is counted, in the reader's language: a few words. */
const char *suspicion_hint_title(enum suspicion_hint hint);

struct suspicion_value {
	bool is_hint;
	bool is_measured; /* now holds */
	bool has_usual;	  /* usual holds: the baseline's median; of notes its
			     maximum */
	uint64_t now, usual;
};

struct suspicion_judgement {
	uint64_t copy, manifest;
	uint64_t baseline; /* captures that it was compared with */
	bool is_suspicious;
	struct suspicion_value values[SUSPICION_HINTS];
};

/*
 * Compare a manifest with its baseline: the last good captures of the same
 * source before it, which are those that nothing hints at; what a person
 * accepted begins a new baseline.  ERROR_NOT_FOUND: there is no such manifest.
 */
int suspicion_judge(struct catalog *catalog, struct catalog_at at,
    uint64_t manifest, struct suspicion_judgement *ret_judgement,
    struct error *err) ERROR_CHECKED;

#endif
