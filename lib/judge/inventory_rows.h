/*
 * inventory_rows: what an inventory consists of.
 *
 * Layer 6.  Uses: store's query.h, model/verdict.
 */
#ifndef HIKAE_JUDGE_INVENTORY_ROWS_H
#define HIKAE_JUDGE_INVENTORY_ROWS_H

#include "lib/model/sealing.h"
#include "lib/model/verdict.h"
#include "lib/store/query.h"

/* Bytes of ids and words, with the NUL. */
#define INVENTORY_ID_BYTES 33
#define INVENTORY_WORD_BYTES 48
#define INVENTORY_GENERATION_BYTES 80
#define INVENTORY_DISKS_BYTES 257
#define INVENTORY_TEXT_BYTES 257

/* Exposure is looked at over so long, ms. */
#define INVENTORY_PERIOD_MS INT64_C(2592000000)
/* What nobody looked at for so long is not watched, ms. */
#define INVENTORY_STALE_MS INT64_C(93600000)

/* An age that is not known. */
#define INVENTORY_AGELESS INT64_MAX

/* No such thing; the configuration no longer has it. */
#define INVENTORY_NOT SIZE_MAX

struct inventory_system {
	char id[INVENTORY_ID_BYTES], kind[INVENTORY_WORD_BYTES];
	uint64_t from_seq, generations_min;
	uint64_t recovery_order;       /* 1 comes first; 0: not said */
	int64_t recovery_target_ms;    /* 0: none */
	int64_t interval_ms, grace_ms; /* interval 0: none expected */
	size_t source_count;
	size_t generation, generation_count; /* a run, newest first */
	uint64_t damage, damage_seq; /* open findings of damage; newest */
};

/* Something that was recorded once; seq 0: it was not. */
struct inventory_event {
	uint64_t seq;
	int64_t at, until; /* or QUERY_NEVER */
};

/* Whether an attacker could reach a medium. */
enum inventory_reach {
	INVENTORY_OUT,
	INVENTORY_IN,
	INVENTORY_UNKNOWN, /* hung, yanked, unknown */
};

/* From an entry on until the next span's. */
struct inventory_span {
	uint64_t seq;
	int64_t at;
	enum inventory_reach reach;
};

struct inventory_medium {
	char id[INVENTORY_ID_BYTES], kind[INVENTORY_WORD_BYTES];
	char offline[INVENTORY_WORD_BYTES]; /* "": none */
	uint64_t from_seq;
	int64_t configured_at; /* for the first time */
	bool is_offsite;
	int64_t coverage_ms, max_attached_ms; /* 0: none */
	/* How it stands, and why; "" where it was never observed. */
	char state[INVENTORY_WORD_BYTES], state_reason[INVENTORY_WORD_BYTES];
	uint64_t state_seq;
	int64_t state_at, attached_at, seen_at; /* as in query_media.h */
	bool in_reach, device_read_only;
	bool is_local; /* it hangs on this machine, as last observed */
	/* As last observed, "" where that is not known. */
	char disks[INVENTORY_DISKS_BYTES], encrypted[INVENTORY_WORD_BYTES];
	/* Of the period and of when it was last in reach; oldest first, no
	 * two neighbours alike. */
	struct inventory_span *spans;
	size_t span_count;
	/* The newest of each. */
	struct inventory_event detached, retired, custody;
	char holder[INVENTORY_TEXT_BYTES], place[INVENTORY_TEXT_BYTES];
	char location[INVENTORY_TEXT_BYTES];	  /* configured; "": none */
	struct inventory_event refused, accepted; /* attempts to write */
	struct inventory_event statement; /* an attestation "offline-ID" */
	/* One of those with a contract excerpt or an in-house rule. */
	struct inventory_event document;
	uint64_t
	    elsewhere; /* the open finding that it was attached elsewhere */
};

struct inventory_source {
	char id[INVENTORY_ID_BYTES], layout[INVENTORY_WORD_BYTES];
	size_t system, medium;
	bool is_ok; /* the last scan's result */
	uint64_t scan_seq;
	int64_t scanned_at, good_at; /* or QUERY_NEVER */
};

/* With copies that have not expired. */
struct inventory_generation {
	char id[INVENTORY_GENERATION_BYTES];
	size_t system;
	size_t copy, copy_count; /* a run, by medium */
	/* The newest open finding of each kind, or 0. */
	uint64_t suspicious, broken;
};

struct inventory_copy {
	uint64_t id, state_seq;
	size_t generation, medium;
	size_t source; /* that looks at it; INVENTORY_NOT: none does */
	/* Where it was first seen, configured or not. */
	char medium_id[INVENTORY_ID_BYTES], source_id[INVENTORY_ID_BYTES];
	char layout[INVENTORY_WORD_BYTES / 3];
	bool is_captured, is_missing; /* neither: settling */
	enum verdict verdict;
	/* What it holds is as old as this; a living tree's newest file. */
	int64_t instant;
	int64_t taken_at;		     /* as its name or its files say */
	int64_t captured_at, oldest_read_at; /* or QUERY_NEVER */
	uint64_t files, bytes, unconfirmed_bytes;
	/* What a drill of it restores: those of its members, where all of them
	 * are known. */
	uint64_t restored_bytes;
	/* What it is beside its bytes; seq 0: not looked at. */
	struct inventory_event trait;
	bool is_immutable; /* every file has the flag, and there is one */
	/* What the capture saw; has_sealing: somebody counted. */
	uint64_t manifest;
	bool has_sealing;
	struct sealing sealing;
	char encrypted[INVENTORY_WORD_BYTES / 3];
};

#endif
