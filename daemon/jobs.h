/*
 * jobs: what waits for a child, what runs in one, and how it ended.
 *
 * Uses: loop, worker/handle.
 *
 * An order is a reader, and where its kind wants one a parser beside it.  It
 * names a medium; at most `readers` orders run on one medium at a time, and
 * none on a medium whose last child hangs in the kernel.  An order ends exactly
 * once, whatever happens to its children.
 */
#ifndef HIKAE_DAEMON_JOBS_H
#define HIKAE_DAEMON_JOBS_H

#include "daemon/loop.h"
#include "lib/model/config.h"
#include "lib/os/spawn.h"
#include "lib/worker/job.h"
#include "lib/worker/reply.h"

struct jobs;

enum jobs_outcome {
	JOBS_DONE,	/* the child did it */
	JOBS_FAILED,	/* it could not, and said why */
	JOBS_CRASHED,	/* it died, or talked nonsense */
	JOBS_LIMIT,	/* it ran out of its limits */
	JOBS_HUNG,	/* it said nothing for too long */
	JOBS_CANCELLED, /* somebody asked */
};
#define JOBS_OUTCOMES (JOBS_CANCELLED + 1)

/* An order ends as its reader does; how its parser ended is told beside. */
struct jobs_end {
	enum jobs_outcome outcome;
	struct error error; /* of FAILED and CRASHED */
	struct spawn_end process;
	bool has_parser; /* one was wanted */
	enum jobs_outcome parser;
	struct error parser_error;
};

/* What a kind of order does; context is the order's own. */
struct jobs_kind {
	const char *name; /* "scan", "capture", "verify" */
	/*
	 * Fill the job that is about to start; its descriptors are closed by
	 * jobs.  -1: the order ends with FAILED.
	 */
	int (*prepare)(void *context, struct job *job, struct error *err);
	/*
	 * The same for a parser that decodes what the reader reads, after
	 * prepare; NULL: this kind has none.  1, 0 where none is wanted, -1.
	 */
	int (*prepare_parser)(
	    void *context, struct job *job, struct error *err);
	/* For each reply.  -1: the child is killed, the order FAILED. */
	const struct reply_handlers *replies;
	/*
	 * Further slices for a reader that has told all of its own, room for
	 * JOB_RANGES_MAX; NULL: there are none.  *ret_count 0: it is to end.
	 * Not asked when somebody else is to have its place.
	 */
	int (*more)(void *context, struct verify_range *ranges,
	    size_t *ret_count, struct error *err);
	/* For the parser's.  -1: it is killed; the reader goes on. */
	const struct reply_handlers *parser_replies;
	/* The end; context is not used after it. */
	void (*end)(void *context, const struct jobs_end *end);
};

#define JOBS_LABEL_BYTES 160

struct jobs_order {
	const struct jobs_kind *kind;
	void *context;
	char medium[CONFIG_ID_BYTES];
	char label[JOBS_LABEL_BYTES]; /* ASCII: generation, source or so */
	uint64_t run;		      /* that it belongs to, or 0 */
	uint64_t total_bytes;	      /* expected; 0: unknown */
	uint64_t file_bytes; /* of one of its files, on average; 0: unknown */
	int priority;	     /* lower is sooner */
};

/* An order as `hikae jobs` shows it. */
struct jobs_view {
	uint64_t id;
	const struct jobs_order *order;
	bool is_running, is_hung;
	int64_t waiting_ms, running_ms;
	uint64_t bytes, entries; /* so far */
};

struct jobs_options {
	struct loop *loop;
	int64_t timeout_ms; /* without any reply */
	/* Children at once on a medium, one with such files (0: any). */
	unsigned (*readers)(
	    void *context, const char *medium, uint64_t file_bytes);
	void *context;
};

int jobs_new(const struct jobs_options *options, struct jobs **ret_jobs,
    struct error *err) ERROR_CHECKED;

/* Kill all children; the orders end with CANCELLED first. */
void jobs_free(struct jobs *jobs);

/* The order is copied; its id, never 0. */
int jobs_add(struct jobs *jobs, const struct jobs_order *order,
    uint64_t *ret_id, struct error *err) ERROR_CHECKED;

/* Cancel one order, those of a run, or all of a medium.  How many. */
size_t jobs_cancel(struct jobs *jobs, uint64_t id);
size_t jobs_cancel_run(struct jobs *jobs, uint64_t run);
size_t jobs_cancel_medium(struct jobs *jobs, const char *medium);

/* Whether a child that cannot be killed sits on the medium. */
bool jobs_is_hung(const struct jobs *jobs, const char *medium);

/* Orders of the medium, waiting or running. */
size_t jobs_count(const struct jobs *jobs, const char *medium);

/* Of them, those whose children may hold something there. */
size_t jobs_count_running(const struct jobs *jobs, const char *medium);

/* The number of readers may have changed: see who can start. */
void jobs_wake(struct jobs *jobs);

/* All orders, in the order in which they came. */
void jobs_each(const struct jobs *jobs,
    void (*each)(void *context, const struct jobs_view *view), void *context);

/* For the journal: "done", "failed", "crashed", "limit", "hung", "cancelled".
 */
const char *jobs_outcome_name(enum jobs_outcome outcome);

/* For people. */
const char *jobs_outcome_sentence(enum jobs_outcome outcome);

/*
 * Log that a job about a copy did not come to a good end.  The text is what
 * the child said of it: it is escaped.
 */
void jobs_outcome_log(const char *kind, const struct manifest_header *header,
    enum jobs_outcome outcome, const struct error *why);

/* What an end other than DONE means for what was to be read. */
enum finding jobs_outcome_finding(enum jobs_outcome outcome);

#endif
