/*
 * health: how the backups stand, at any point of the journal and any instant.
 *
 * Layer 6.  Uses: store's queries, model (schedule, verdict), reason.
 *
 * Nothing is good by silence (law 1): what is not configured, not scanned, not
 * captured or not in sight has a reason of its own, and a status is good only
 * where something was measured and no reason says otherwise.
 */
#ifndef HIKAE_JUDGE_HEALTH_H
#define HIKAE_JUDGE_HEALTH_H

#include "lib/judge/copies.h"
#include "lib/judge/reason.h"
#include "lib/model/schedule.h"
#include "lib/store/query_slice.h"

/* Bytes of ids and words, with the NUL. */
#define HEALTH_ID_BYTES 33
#define HEALTH_WORD_BYTES 48
#define HEALTH_GENERATION_BYTES 80

/* A time further ahead of the clock counts as none (law 8), ms: this, where no
 * configuration says clock_ahead. */
#define HEALTH_AHEAD_MS INT64_C(7200000)
/* A source not scanned for so long is not watched, ms. */
#define HEALTH_STALE_MS INT64_C(93600000)

/* Empty texts: it is not about one. */
struct health_reason {
	char code[HEALTH_WORD_BYTES];
	enum verdict_exit severity;
	char system[HEALTH_ID_BYTES], medium[HEALTH_ID_BYTES];
	char source[HEALTH_ID_BYTES], generation[HEALTH_GENERATION_BYTES];
	uint64_t count;	  /* copies, findings, ...: at least 1 */
	uint64_t finding; /* the newest one, 0: judged */
	/* The newest finding that speaks of it: its own, else the newest as
	 * severe of that system and medium; 0: none does. */
	uint64_t newest;
	int64_t since; /* or QUERY_NEVER */
};

struct health_source {
	char id[HEALTH_ID_BYTES], system[HEALTH_ID_BYTES];
	char medium[HEALTH_ID_BYTES];
	/* ok, away (absent as planned), absent, wrong-medium, unreadable,
	 * empty, never-scanned */
	const char *state;
	int64_t scanned_at, good_at; /* or QUERY_NEVER */
	int64_t newest_at;	     /* of its generations, or QUERY_NEVER */
};

struct health_system {
	char id[HEALTH_ID_BYTES], kind[HEALTH_WORD_BYTES];
	enum verdict_exit status;
	uint64_t sources;
	uint64_t generations, generations_good, generations_min;
	/* With a copy that counts (judge/copies): in sight and read in time,
	 * or out of reach with evidence. */
	uint64_t generations_kept;
	/* Copies: all; captured ones by verdict; and the others.  unseen ones
	 * are captured but lie where the last scan was not ok. */
	uint64_t copies, intact, damaged, undetermined;
	uint64_t missing, settling, unseen;
	uint64_t copies_good;		      /* intact and in sight */
	uint64_t media;			      /* that hold one of those */
	char newest[HEALTH_GENERATION_BYTES]; /* or "" */
	int64_t newest_at;		      /* or QUERY_NEVER */
	int64_t interval_ms, grace_ms;	      /* interval 0: none expected */
	enum schedule_lateness lateness;
	uint64_t bytes, unconfirmed_bytes;
	int64_t oldest_read_at; /* of captured copies, or QUERY_NEVER */
	int64_t coverage_ms;	/* the shortest promise of its media; 0: none */
	struct copies_summary summary; /* for 3-2-1 */
};

struct health_medium {
	char id[HEALTH_ID_BYTES], kind[HEALTH_WORD_BYTES];
	char offline[HEALTH_WORD_BYTES]; /* "": online */
	enum verdict_exit status;
	const char *state;   /* the worst of its sources'; NULL: it has none */
	int64_t seen_at;     /* last good scan, or QUERY_NEVER */
	int64_t coverage_ms; /* the promise; 0: none */
	bool is_overdue;
	struct query_coverage coverage;
	char presence[HEALTH_WORD_BYTES]; /* "mounted", ...; "": not observed */
	enum reason doubt; /* whether it is no clone; REASONS: none */
	bool in_reach, is_retired;
	int64_t max_attached_ms;
	struct offline_claim claim; /* of one with an offline mode */
	struct offline_exposure exposure;
};

/* The last verification that came to an end of its own. */
struct health_run {
	uint64_t id; /* 0: there is none */
	char outcome[HEALTH_WORD_BYTES], canary[HEALTH_WORD_BYTES];
	int64_t began_at, ended_at;
	uint64_t bytes, bytes_read, intact, damaged, undetermined;
};

struct health {
	enum verdict_exit status;
	int64_t now;
	int64_t ahead_ms; /* a time further ahead counts as none */
	uint64_t size;	  /* journal entries that were looked at */
	char facility[256];
	/* By id. */
	struct health_system *systems;
	struct health_medium *media;
	struct health_source *sources;
	size_t system_count, medium_count, source_count;
	/* The worst first, then the oldest. */
	struct health_reason *reasons;
	size_t reason_count;
	uint64_t findings[4]; /* open ones, by enum verdict_exit */
	struct health_run run;
	int64_t newest_entry_at; /* or QUERY_NEVER */
};

/*
 * Judge the state at a point of the journal, as if the clock showed now.  To
 * be called within one transaction where somebody writes meanwhile.
 */
int health_judge(struct catalog *catalog, struct catalog_at at, int64_t now,
    struct health **ret_health, struct error *err) ERROR_CHECKED;

/* NULL is allowed. */
void health_free(struct health *health);

#endif
