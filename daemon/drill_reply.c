/* What becomes of what the children of a drill tell. */
#include <string.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_record.h"
#include "daemon/drill_scratch.h"
#include "lib/base/i18n.h"
#include "lib/format/json.h"

static int
take_progress(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->view.bytes_done = reply->progress.bytes;
	drill_tell(drill);
	return 0;
}

static int
take_begun(void *context, const struct reply *reply, struct error *err)
{
	(void)context;
	if (reply->begun.place == REPLY_PLACE_OK)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE,
	    _("the medium is not what it should be: %s"),
	    reply_place_name(reply->begun.place));
}

static int
take_scratch(void *context, const struct reply *reply, struct error *err)
{
	return drill_scratch_take(context, &reply->scratch, err);
}

static int
take_planned(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->is_told = true;
	drill->plan = reply->planned;
	return 0;
}

static int
take_finding(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	return gathering_add(&drill->findings, &reply->finding, err);
}

static int
take_captured(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->sent.result.unread = reply->captured.problems;
	return 0;
}

static int
take_sent(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->sent = reply->sent;
	return 0;
}

/* Which programs are meant: for what is compressed those of its kind, too. */
static void
note_formats(struct drill *drill, const struct contents_result *result)
{
	if (result->format >= INSPECT_FORMATS)
		return;
	drill->formats |= UINT64_C(1) << result->format;
	for (size_t i = 0; i < result->count_count; i++)
		if (strcmp(result->counts[i].name, "packed") == 0)
			drill->formats |= UINT64_C(1) << INSPECT_STREAM;
}

static int
take_inspected(void *context, const struct reply *reply, struct error *err)
{
	note_formats(context, &reply->inspected);
	return drill_record_inspected(context, &reply->inspected, err);
}

/* The program's own words, which are as hostile as what it ran. */
static int
take_program(void *context, const struct reply *reply, struct error *err)
{
	const struct reply_program *program = &reply->program;
	struct drill *drill = context;
	struct error ignored = {0};

	(void)err;
	drill->is_told = true;
	drill->program = *program;
	json_decref(drill->program_result);
	drill->program_result = NULL;
	if (program->result_length > 0)
		drill->program_result = json_parse(
		    program->result, program->result_length, &ignored);
	if (!json_is_object(drill->program_result)) {
		json_decref(drill->program_result);
		drill->program_result = NULL;
	}
	drill->is_result_odd =
	    program->result_length > 0 && drill->program_result == NULL;
	drill->program.result = NULL;
	return 0;
}

static int
take_proved(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->is_told = true;
	drill->proved = reply->proved;
	return 0;
}

static int
take_restored(void *context, const struct reply *reply, struct error *err)
{
	struct drill *drill = context;

	(void)err;
	drill->is_restored = true;
	drill->restored = reply->restored;
	return 0;
}

const struct reply_handlers drill_replies[DRILL_STEPS] = {
    [DRILL_MAKE]
	.take = {[REPLY_BEGUN] = take_begun, [REPLY_SCRATCH] = take_scratch},
    [DRILL_PLAN].take = {[REPLY_BEGUN] = take_begun,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_PLANNED] = take_planned},
    [DRILL_RESTORE].take = {[REPLY_BEGUN] = take_begun,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_FINDING] = take_finding,
	[REPLY_FRAME] = reply_ignore,
	[REPLY_CAPTURED] = take_captured,
	[REPLY_SENT] = take_sent},
    [DRILL_INSPECT].take = {[REPLY_BEGUN] = take_begun,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_INSPECTED] = take_inspected},
    [DRILL_PROGRAM].take = {[REPLY_BEGUN] = take_begun,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_PROGRAM] = take_program},
    [DRILL_PROVE].take = {[REPLY_BEGUN] = take_begun,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_PROVED] = take_proved},
    [DRILL_CLEAR]
	.take = {[REPLY_BEGUN] = take_begun, [REPLY_PROGRESS] = take_progress},
    [DRILL_DROP].take = {[REPLY_BEGUN] = take_begun},
};

/* What an archive's decoder finds is an opinion, and counted elsewhere. */
const struct reply_handlers drill_parser_replies = {
    .take = {[REPLY_BEGUN] = reply_ignore,
	[REPLY_PROGRESS] = take_progress,
	[REPLY_FINDING] = reply_ignore,
	[REPLY_MEMBERS] = reply_ignore,
	[REPLY_SURVEY] = reply_ignore,
	[REPLY_RESTORED] = take_restored}};
