/*
 * notice: what of the status is to be told now, in one channel.
 *
 * Layer 6.  Uses: model/config, store/outbox.  Pure functions of arguments.
 *
 * A channel remembers which problems it told.  New ones are told once, bad
 * ones at once and others when they have lasted; those that stay, again after
 * a while; ended ones once.  An acknowledgement silences what is repeated,
 * and nothing that is new, worse or more.
 *
 * What becomes due soon after a notice is held, and told in one with all else
 * that became so (`group`), also where it ended meanwhile.  What is bad is not
 * held where the notice told nothing bad.
 */
#ifndef HIKAE_JUDGE_NOTICE_H
#define HIKAE_JUDGE_NOTICE_H

#include "lib/model/config.h"
#include "lib/store/outbox.h"

/* That a problem grew (more copies, or others) is told no more often than
 * this, ms. */
#define NOTICE_GROWTH_MS INT64_C(3600000)

/* A reason of the status that is not good. */
struct notice_fact {
	struct outbox_key key;
	enum verdict_exit severity;
	uint64_t count;
	uint64_t newest; /* finding that speaks of it; 0: none */
};

enum notice_part {
	NOTICE_NEW,	 /* to be told now: new, or worse than it was told */
	NOTICE_AGAIN,	 /* to be told again now */
	NOTICE_STANDING, /* there, and told or not to be told */
	NOTICE_ENDED,	 /* told, and there no more */
};
#define NOTICE_PARTS (NOTICE_ENDED + 1)

struct notice_item {
	struct outbox_key key;
	enum notice_part part;
	enum verdict_exit severity;
	uint64_t count, newest;
	int64_t seen_at;    /* ms */
	bool is_told;	    /* now or before */
	bool is_held;	    /* due, and to be told later with others */
	bool is_passed;	    /* ended before it was told that it began */
	bool is_escalating; /* nobody acknowledged it in time */
	/* of the acknowledgement that holds; "" and 0: none */
	char by[OUTBOX_NAME_BYTES];
	int64_t until;
};

struct notice_plan {
	struct notice_item *items; /* as the facts, then ended ones */
	size_t count;
	/* Whether there are such items that are to be told. */
	bool has_new, has_again, has_ended, has_passed, has_escalating;
	bool is_held; /* all that is due waits for others */
};

/* What is asked. */
struct notice_question {
	const struct config_notify *rules;
	const struct outbox *outbox; /* for its acknowledgements */
	const struct notice_fact *facts;
	size_t fact_count;
	int64_t now;
	bool is_waiting; /* something told earlier is not delivered yet */
};

/*
 * What follows from the facts (a status's reasons that are not good).  New
 * problems enter the channel, so that their age counts; nothing else in it
 * changes before notice_commit.  The plan is the caller's (notice_plan_done).
 */
int notice_observe(struct outbox_channel *channel,
    const struct notice_question *question, struct notice_plan *ret_plan,
    struct error *err) ERROR_CHECKED;

void notice_plan_done(struct notice_plan *plan);

/* Whether something is to be told at all. */
bool notice_plan_is_due(const struct notice_plan *plan);

/*
 * The plan was queued: remember what was told.  Problems that ended are
 * forgotten.  is_digest: all that stands and was told before is told again.
 */
void notice_commit(struct outbox_channel *channel,
    const struct notice_plan *plan, bool is_digest, int64_t now);

/* What was passed on to escalate_to was so once. */
void notice_commit_escalation(
    struct outbox_channel *channel, const struct notice_plan *plan);

/*
 * The instant of the digest that is due now, or 0: none is.  Local times are
 * the process's.
 */
int64_t notice_digest_due(const struct outbox_channel *channel,
    const struct config_notify *rules, int64_t now);

#endif
