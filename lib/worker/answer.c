#include "lib/worker/answer.h"

#include <limits.h>

#include "lib/os/spawn.h"

/* Findings of one job that are told one by one. */
#define FINDINGS_MAX 10000

int
answer_send(const struct reply *reply, struct error *err)
{
	return reply_send(SPAWN_WIRE_FD, reply, err);
}

static int
on_progress(void *context, uint64_t bytes, uint64_t entries, struct error *err)
{
	struct reply reply = {.kind = REPLY_PROGRESS};

	(void)context;
	reply.progress.bytes = bytes;
	reply.progress.entries = entries;
	return answer_send(&reply, err);
}

static int
on_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct answer *answer = context;
	struct reply reply = {.kind = REPLY_FINDING, .finding = *finding};

	if (answer->findings++ >= FINDINGS_MAX)
		return 0;
	if (reply.finding.path_length > PATH_MAX)
		reply.finding.path_length = PATH_MAX;
	return answer_send(&reply, err);
}

static int
on_slice(void *context, const struct examine_slice *slice, struct error *err)
{
	struct reply reply = {.kind = REPLY_SLICE};

	reply.slice.result = *slice;
	reply.slice.mode = answer_mode(context, slice->mode);
	return answer_send(&reply, err);
}

static int
on_candidate(
    void *context, const struct examine_candidate *candidate, struct error *err)
{
	struct reply reply = {.kind = REPLY_CANDIDATE, .candidate = *candidate};

	(void)context;
	return answer_send(&reply, err);
}

struct examine_events
answer_events(struct answer *answer)
{
	return (struct examine_events){
	    .context = answer,
	    .progress = on_progress,
	    .finding = on_finding,
	    .slice = on_slice,
	    .candidate = on_candidate,
	};
}

enum reply_mode
answer_mode(const struct answer *answer, enum stream_mode mode)
{
	switch (mode) {
	case STREAM_DIRECT:
		return answer->is_local_block ? REPLY_MODE_DIRECT_LOCAL
					      : REPLY_MODE_DIRECT_REMOTE;
	case STREAM_DROPPED:
		return REPLY_MODE_DROPPED;
	case STREAM_CACHED:
		break;
	}
	return REPLY_MODE_CACHE_POSSIBLE;
}

int
answer_end(const struct error *failed)
{
	struct reply reply = {.kind = REPLY_DONE};
	struct error ignored = {0};

	if (failed != NULL)
		reply = (struct reply){.kind = REPLY_FAILED, .failed = *failed};
	return answer_send(&reply, &ignored);
}
