#include "daemon/drawing.h"

#include <poll.h>
#include <stdlib.h>

#include "lib/base/i18n.h"
#include "lib/worker/child.h"

/* A killed child that has not gone after this long is stuck, ms. */
#define STUCK_MS 3000

struct drawing {
	struct drawing_options options;
	struct child child;
	struct loop_timer timer;
	struct report_answer answer; /* kind 0: none yet */
	struct error error;	     /* why it is being ended, if it is */
	bool is_killed;
};

static void
unwatch_wire(struct drawing *drawing, int wire)
{
	if (wire >= 0)
		loop_unwatch(drawing->options.loop, wire);
}

static void
end_for(struct drawing *drawing)
{
	drawing->is_killed = true;
	child_kill(&drawing->child);
	loop_set_timer(drawing->options.loop, &drawing->timer, STUCK_MS);
}

/* Called last: the owner may free the drawing. */
static void
tell(struct drawing *drawing)
{
	const struct drawing_options *options = &drawing->options;
	const struct report_answer *answer = &drawing->answer;

	if (!drawing->is_killed && answer->kind == REPORT_ANSWER_DONE) {
		options->ended(options->context, &answer->done, NULL);
		return;
	}
	if (!drawing->is_killed && answer->kind == REPORT_ANSWER_FAILED)
		drawing->error = answer->failed;
	options->ended(options->context, NULL, &drawing->error);
}

static int
sign(struct drawing *drawing, const struct report_answer *asked)
{
	const struct drawing_options *options = &drawing->options;
	struct bytes signature = BYTES_EMPTY;
	int rc = -1;

	if (options->sign(
		options->context, asked, &signature, &drawing->error) == 0)
		rc = report_message_send_signature(
		    drawing->child.wire, &signature, &drawing->error);
	bytes_done(&signature);
	return rc;
}

/* The next answer: 1, 0 when none is there now, -1. */
static int
take_answer(struct drawing *drawing)
{
	struct report_answer answer;
	struct wire_frame frame;
	int wire = drawing->child.wire;
	int got = child_receive(&drawing->child, &frame, &drawing->error);

	/* It may have closed: its number must not be watched any more. */
	if (drawing->child.wire < 0)
		unwatch_wire(drawing, wire);
	if (got <= 0)
		return got;
	if (report_message_decode_answer(&frame, &answer, &drawing->error) != 0)
		return -1;
	if (drawing->answer.kind != 0)
		return error_set(&drawing->error, ERROR_PROTOCOL,
		    _("unknown reply of a child"));
	if (answer.kind == REPORT_ANSWER_SEAL ||
	    answer.kind == REPORT_ANSWER_HEAD)
		return sign(drawing, &answer) == 0 ? 1 : -1;
	drawing->answer = answer;
	return 1;
}

static void
take_answers(struct drawing *drawing)
{
	int got = 1;

	while (got == 1 && !drawing->is_killed)
		got = take_answer(drawing);
	if (got < 0)
		end_for(drawing);
}

static void
on_wire(void *context, short revents)
{
	(void)revents;
	take_answers(context);
}

static void
on_end(void *context, short revents)
{
	struct drawing *drawing = context;
	struct spawn_end end;
	struct error err = {0};

	(void)revents;
	take_answers(drawing);
	if (child_collect(&drawing->child, &end, &err) == 0)
		return;
	if (!drawing->is_killed && drawing->answer.kind == 0)
		(void)!error_set(&drawing->error, ERROR_UNAVAILABLE,
		    end.exited
			? _("the process that draws documents ended with "
			    "status %d before it was done")
			: _("the process that draws documents was ended by "
			    "signal %d before it was done"),
		    end.status);
	tell(drawing);
}

static void
on_timer(void *context)
{
	struct drawing *drawing = context;

	if (drawing->is_killed) {
		tell(drawing);
		return;
	}
	(void)!error_set(&drawing->error, ERROR_UNAVAILABLE,
	    _("the process that draws documents took too long"));
	end_for(drawing);
}

static int
begin(struct drawing *drawing, const struct report_order *order,
    struct error *err)
{
	struct loop *loop = drawing->options.loop;
	const char *role = order->kind == REPORT_RECORDS ? "records" : "report";
	struct error why = {0};
	int sent;

	if (child_start(&drawing->child, role, false, err) != 0)
		return -1;
	sent = report_message_send_order(drawing->child.wire, order, &why);
	if (child_listen(&drawing->child, sent, &why, err) != 0 ||
	    loop_watch(loop, drawing->child.wire, POLLIN, on_wire, drawing,
		err) != 0 ||
	    loop_watch(loop, child_end_fd(&drawing->child), POLLIN, on_end,
		drawing, err) != 0)
		return -1;
	loop_set_timer(loop, &drawing->timer, drawing->options.time_ms);
	return 0;
}

int
drawing_start(const struct drawing_options *options,
    const struct report_order *order, struct drawing **ret_drawing,
    struct error *err)
{
	struct drawing *drawing = calloc(1, sizeof(*drawing));

	if (drawing == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	drawing->options = *options;
	drawing->timer =
	    (struct loop_timer){.ring = on_timer, .context = drawing};
	child_init(&drawing->child);
	if (begin(drawing, order, err) != 0) {
		drawing_free(drawing);
		return -1;
	}
	*ret_drawing = drawing;
	return 0;
}

void
drawing_free(struct drawing *drawing)
{
	struct loop *loop;

	if (drawing == NULL)
		return;
	loop = drawing->options.loop;
	loop_unset_timer(loop, &drawing->timer);
	unwatch_wire(drawing, drawing->child.wire);
	if (child_end_fd(&drawing->child) >= 0)
		loop_unwatch(loop, child_end_fd(&drawing->child));
	child_done(&drawing->child);
	free(drawing);
}
