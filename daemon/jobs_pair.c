#include "daemon/jobs_pair.h"

#include <stdlib.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/examine/tee.h"
#include "lib/os/wire.h"

bool
jobs_pair_is_started(const struct jobs_pair *pair)
{
	return pair->reader.handle != NULL;
}

void
jobs_pair_stop(struct jobs_pair *pair, enum jobs_outcome outcome)
{
	if (jobs_child_is_running(&pair->reader))
		jobs_child_stop(&pair->reader, outcome);
	else
		pair->reader.outcome = outcome;
	jobs_child_stop(&pair->parser, JOBS_CANCELLED);
}

/*
 * A reader waits while its parser decodes, and a parser while its reader reads.
 * Where both are silent the parser goes first: without it, the reader may go
 * on.
 */
void
jobs_pair_stop_silent(struct jobs_pair *pair, int64_t timeout_ms)
{
	bool has_parser = jobs_child_is_running(&pair->parser);

	if (jobs_child_is_silent(&pair->parser, timeout_ms)) {
		jobs_child_stop(&pair->parser, JOBS_HUNG);
		pair->reader.heard_ms = clock_monotonic_ms();
	} else if (!has_parser &&
		   jobs_child_is_silent(&pair->reader, timeout_ms)) {
		jobs_pair_stop(pair, JOBS_HUNG);
	}
}

bool
jobs_pair_is_ending(const struct jobs_pair *pair)
{
	return pair->reader.is_ending && pair->reader.outcome != JOBS_DONE;
}

bool
jobs_pair_is_stuck(const struct jobs_pair *pair)
{
	return jobs_child_is_stuck(&pair->reader) ||
	       (!jobs_child_is_running(&pair->reader) &&
		   jobs_child_is_stuck(&pair->parser));
}

struct jobs_end
jobs_pair_end(const struct jobs_pair *pair)
{
	return (struct jobs_end){
	    .outcome = pair->reader.outcome,
	    .error = pair->reader.error,
	    .process = pair->reader.process,
	    .has_parser = pair->has_parser,
	    .parser = pair->parser.outcome,
	    .parser_error = pair->parser.error,
	};
}

void
jobs_pair_done(struct jobs_pair *pair)
{
	jobs_child_done(&pair->reader);
	jobs_child_done(&pair->parser);
}

/* A child is gone: the pair ends with the last of them. */
static void
on_child_end(void *context)
{
	struct jobs_pair *pair = context;

	if (jobs_child_is_running(&pair->reader))
		return;
	/* What a parser says is of no use without the reader's word. */
	if (pair->reader.outcome != JOBS_DONE)
		jobs_child_stop(&pair->parser, JOBS_CANCELLED);
	if (!jobs_child_is_running(&pair->parser))
		pair->ended(pair->owner);
}

/* The reader has told all of its slices: give it more, or let it end. */
static int
go_on(struct jobs_pair *pair, struct error *err)
{
	const struct jobs_kind *kind = pair->kind;
	struct verify_range ranges[JOB_RANGES_MAX];
	size_t count = 0;

	/* It died since it said so: what it were given, nobody would read. */
	if (jobs_child_has_ended(&pair->reader))
		return 0;
	if (kind->more != NULL && !pair->is_place_wanted(pair->owner) &&
	    kind->more(pair->context, ranges, &count, err) != 0)
		return -1;
	return handle_give_slices(pair->reader.handle, ranges, count, err);
}

static int
on_reader_reply(void *context, const struct reply *reply, struct error *err)
{
	struct jobs_pair *pair = context;

	if (reply->kind == REPLY_READY)
		return go_on(pair, err);
	return reply_handle(pair->kind->replies, pair->context, reply, err);
}

static int
on_parser_reply(void *context, const struct reply *reply, struct error *err)
{
	struct jobs_pair *pair = context;

	return reply_handle(
	    pair->kind->parser_replies, pair->context, reply, err);
}

/* Begin a child's storage. */
static void
begin_child(struct jobs_pair *pair, struct jobs_child *child,
    int (*reply)(void *context, const struct reply *reply, struct error *err))
{
	*child = (struct jobs_child){
	    .loop = pair->loop,
	    .context = pair,
	    .reply = reply,
	    .ended = on_child_end,
	};
}

/*
 * Prepare a parser and give both jobs their end of a socket.  1, 0 when none
 * is wanted, -1.
 */
static int
prepare_parser(struct jobs_pair *pair, struct job *reader_job,
    struct job *parser_job, struct error *err)
{
	int ends[2], wanted = 0;

	if (pair->kind->prepare_parser != NULL)
		wanted =
		    pair->kind->prepare_parser(pair->context, parser_job, err);
	if (wanted != 1)
		return wanted;
	/* Bytes of one file, or a conversation about several. */
	if (parser_job->kind == JOB_LISTS ? wire_pair(ends, err) != 0
					  : tee_pair(ends, err) != 0)
		return -1;
	reader_job->fds[JOB_FD_PARSER] = ends[0];
	parser_job->fds[JOB_FD_PARSER] = ends[1];
	return 1;
}

static int
start_children(
    struct jobs_pair *pair, struct job *reader_job, struct job *parser_job)
{
	struct error *err = &pair->reader.error;
	int wanted;

	begin_child(pair, &pair->reader, on_reader_reply);
	begin_child(pair, &pair->parser, on_parser_reply);
	if (pair->kind->prepare(pair->context, reader_job, err) != 0)
		return -1;
	wanted = prepare_parser(pair, reader_job, parser_job, err);
	if (wanted < 0)
		return -1;
	pair->started_ms = clock_monotonic_ms();
	pair->has_parser = wanted == 1;
	if (jobs_child_start(&pair->reader, reader_job) != 0)
		return -1;
	if (pair->has_parser &&
	    jobs_child_start(&pair->parser, parser_job) != 0)
		pair->parser.outcome = JOBS_FAILED;
	return 0;
}

int
jobs_pair_start(struct jobs_pair *pair)
{
	struct job *jobs = calloc(2, sizeof(*jobs));
	int rc = -1;

	if (jobs == NULL)
		return error_set(
		    &pair->reader.error, ERROR_INTERNAL, _("out of memory"));
	job_init(&jobs[0]);
	job_init(&jobs[1]);
	rc = start_children(pair, &jobs[0], &jobs[1]);
	job_done(&jobs[0]);
	job_done(&jobs[1]);
	free(jobs);
	return rc;
}
