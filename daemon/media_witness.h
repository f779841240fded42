/*
 * media_witness: a medium's witness, between hikaed and the child that reads
 * and writes it.
 *
 * Part of media.  Uses: jobs, ledger, store/witness_check.
 *
 * hikaed never touches the medium, and parses no byte of it.  A child looks and
 * takes apart what it finds (worker/witness), hikaed judges it, and only then
 * another child writes: every time in this order, so that no witness that
 * speaks against the journal is overwritten before a person accepted it.
 * Nothing here keeps anything else waiting for longer than a deadline.
 */
#ifndef HIKAE_DAEMON_MEDIA_WITNESS_H
#define HIKAE_DAEMON_MEDIA_WITNESS_H

#include "daemon/ledger.h"
#include "daemon/loop.h"
#include "daemon/witness_due.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

struct media;
struct medium;
struct witness_errand;

enum witness_step {
	WITNESS_IDLE,
	WITNESS_LOOK,  /* a child reads what lies there */
	WITNESS_STAGE, /* what is to be written is put together */
	WITNESS_WRITE, /* a child writes it */
};

struct media_witness {
	enum witness_step step;
	bool is_to_write; /* after the look */
	bool is_late;	  /* the child was stopped: its time was up */
	bool is_other;	  /* a token says that this is another medium */
	bool is_handed;	  /* somebody takes a medium, or brought one */
	struct witness_last last;
	struct loop_timer timer;
	uint64_t job;
	struct witness_errand *errand; /* its context; NULL: none */
	/* What a look found that may be written over. */
	bool has_present;
	uint8_t present[DIGEST_SHA256_BYTES];
	uint64_t from;	/* entries that can stay there */
	bool has_token; /* ... and a token, which stays too */
	struct medium_token token;
	/* What is written. */
	struct witness_plan plan;
	uint64_t size, staged; /* entries under the checkpoint, passed so far */
	uint8_t root[MERKLE_HASH_BYTES], token_digest[DIGEST_SHA256_BYTES];
	int parcel_fd; /* where step is STAGE or WRITE; else -1 */
};

void media_witness_init(struct medium *medium);

/* Look, and where that is wanted and may be, write.  Nothing without it. */
void media_witness_begin(struct medium *medium, bool is_to_write);
/* Forget it; what is under way is stopped. */
void media_witness_end(struct medium *medium);
bool media_witness_is_busy(const struct medium *medium);

/*
 * Begin where one is due (witness_due.h): on a medium that does not go, soon
 * after its plan is no longer what hikae knows; on one that does, where a
 * person gave a medium away or back.
 */
void media_witness_look_due(struct medium *medium);

/* Whether what lies there says what hikae would write now. */
bool media_witness_is_current(struct medium *medium);

/*
 * media_witness_judge.c: write into the journal what a look means.  1: it may
 * be written over (and the witness says how), 0: it may not, -1.
 */
int media_witness_judge(struct medium *medium, const struct reply_witness *told,
    struct error *err) ERROR_CHECKED;
/* The look failed; the word says why. */
int media_witness_judge_failed(
    struct medium *medium, const char *reason, struct error *err) ERROR_CHECKED;
/* It is durable, or could not be written (reason; else NULL). */
int media_witness_record(
    struct medium *medium, const char *reason, struct error *err) ERROR_CHECKED;

/*
 * media_witness_files.c: make the parcel with all files of it, so that only
 * entries are to be added; size and root are set.
 */
int media_witness_stage(struct medium *medium, struct error *err) ERROR_CHECKED;

/*
 * media_witness_plan.c: the plan as it is now, its text (NULL: not wanted) and
 * what it says; and what was seen of it last.
 */
struct media_plan {
	struct loop_timer timer;
	struct witness_plan now;
	bool is_known;
	int64_t looked_ms, cost_ms; /* monotonic */
};
int media_witness_plan(const struct service *service, struct bytes *text,
    struct witness_plan *ret_plan, struct error *err) ERROR_CHECKED;
void media_witness_plan_end(struct media *media);

#endif
