/*
 * outbox_types: what an outbox consists of (store/outbox).
 *
 * Layer 5.  Uses: model/verdict.
 */
#ifndef HIKAE_STORE_OUTBOX_TYPES_H
#define HIKAE_STORE_OUTBOX_TYPES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lib/model/verdict.h"

#define OUTBOX_ID_BYTES 33
#define OUTBOX_CODE_BYTES 48
#define OUTBOX_WORD_BYTES 16
#define OUTBOX_NAME_BYTES 257
#define OUTBOX_SAID_BYTES 512

/* Notices that wait in one channel; beyond, the mildest is dropped. */
#define OUTBOX_NOTICES_MAX 64
#define OUTBOX_PROBLEMS_MAX 1000
#define OUTBOX_ACKS_MAX 1000

/* The longest wait between two attempts, ms. */
#define OUTBOX_RETRY_MAX_MS INT64_C(3600000)
/* Attempts after which a notice counts as undeliverable. */
#define OUTBOX_ATTEMPTS_TOLD 3

/* What a problem is about: a reason of the status; "" where it is not. */
struct outbox_key {
	char code[OUTBOX_CODE_BYTES];
	char system[OUTBOX_ID_BYTES], medium[OUTBOX_ID_BYTES];
	char source[OUTBOX_ID_BYTES];
};

/* A problem as one channel knows it. */
struct outbox_problem {
	struct outbox_key key;
	enum verdict_exit severity; /* as it was told, or first seen */
	uint64_t count;
	uint64_t newest;       /* finding that speaks of it; 0: none */
	int64_t seen_at;       /* ms: since when it stands */
	int64_t told_at;       /* ms, the last time; 0: not yet */
	int64_t first_told_at; /* 0: not yet */
	int64_t held_at;       /* ms: due, and waits to be told with others */
	bool is_escalated;
};

struct outbox_notice {
	uint64_t id;
	char event[OUTBOX_WORD_BYTES]; /* "problem", "recovered", ... */
	enum verdict_exit state;       /* when it was made */
	int64_t made_at, next_at;      /* ms */
	uint32_t attempts;
	int64_t tried_at;  /* ms, the last time since hikaed began; 0: not */
	bool is_escalated; /* it was passed on to another channel */
	char *subject, *text;
};

/* How the last attempt of a channel went. */
struct outbox_last {
	uint64_t id; /* of the notice; 0: none was made */
	char event[OUTBOX_WORD_BYTES];
	int64_t at;
	bool is_delivered;
	char said[OUTBOX_SAID_BYTES];
};

struct outbox_channel {
	char id[OUTBOX_ID_BYTES]; /* of its [notify] section */
	int64_t digest_at;	  /* ms: the last digest was for then */
	int64_t told_at;	  /* ms: the last other notice; 0: none */
	enum verdict_exit told_severity; /* the worst that was told then */
	uint64_t delivered, failed;	 /* attempts, ever */
	uint64_t dropped; /* notices, not told yet that they were */
	struct outbox_last last;
	struct outbox_problem *problems;
	size_t problem_count;
	struct outbox_notice *notices; /* in the order of their ids */
	size_t notice_count;
};

/* A person knows of a problem, until an instant. */
struct outbox_ack {
	struct outbox_key key;
	enum verdict_exit severity; /* worse than this is news */
	uint64_t count;		    /* and so is more than this, */
	uint64_t newest;	    /* or a newer finding; 0: of none */
	int64_t at, until;	    /* ms */
	char by[OUTBOX_NAME_BYTES];
};

struct outbox {
	uint64_t next_id;
	struct outbox_channel *channels;
	size_t channel_count;
	struct outbox_ack *acks;
	size_t ack_count;
};

#endif
