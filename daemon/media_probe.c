#include "daemon/media_probe.h"

#include <poll.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"

/* A killed child that has not gone after this long is stuck, ms. */
#define STUCK_MS 3000

bool
media_probe_is_running(const struct media_probe *probe)
{
	return probe->handle != NULL;
}

bool
media_probe_is_stuck(const struct media_probe *probe)
{
	return probe->handle != NULL && probe->is_stuck;
}

static void
unwatch_wire(struct media_probe *probe)
{
	if (probe->wire_fd >= 0)
		loop_unwatch(probe->loop, probe->wire_fd);
	probe->wire_fd = -1;
}

void
media_probe_done(struct media_probe *probe)
{
	if (probe->handle == NULL)
		return;
	unwatch_wire(probe);
	loop_unwatch(probe->loop, probe_handle_end_fd(probe->handle));
	loop_unset_timer(probe->loop, &probe->timer);
	probe_handle_free(probe->handle);
	probe->handle = NULL;
}

static void
kill_it(struct media_probe *probe)
{
	probe->is_killed = true;
	probe_handle_kill(probe->handle);
	loop_set_timer(probe->loop, &probe->timer, STUCK_MS);
}

static void
take_answer(struct media_probe *probe, const struct probe_answer *answer)
{
	if (answer->kind == PROBE_ANSWER_FAILED) {
		probe->is_failed = true;
		probe->error = answer->failed;
	} else if (answer->kind != PROBE_ANSWER_DONE &&
		   probe->answered != NULL) {
		probe->answered(probe->context, answer);
	}
}

/* The wire may close meanwhile: its number must not be watched any more. */
static void
take_answers(struct media_probe *probe)
{
	struct probe_answer answer;
	int got = 1;

	while (got == 1 && !probe->is_killed) {
		got = probe_handle_next(probe->handle, &answer, &probe->error);
		if (probe_handle_wire_fd(probe->handle) < 0)
			unwatch_wire(probe);
		if (got == 1)
			take_answer(probe, &answer);
	}
	if (got < 0) {
		probe->is_failed = true;
		kill_it(probe);
	}
}

static void
on_wire(void *context, short revents)
{
	(void)revents;
	take_answers(context);
}

static enum media_probe_outcome
outcome_of(struct media_probe *probe)
{
	if (probe->is_failed)
		return MEDIA_PROBE_FAILED;
	if (probe_handle_is_finished(probe->handle))
		return MEDIA_PROBE_DONE;
	if (probe->is_killed)
		return MEDIA_PROBE_LATE;
	(void)!error_set(&probe->error, ERROR_INTERNAL,
	    _("the process that looks at media ended abnormally"));
	return MEDIA_PROBE_FAILED;
}

static void
on_end(void *context, short revents)
{
	struct media_probe *probe = context;
	enum media_probe_outcome outcome;
	struct spawn_end end;
	struct error err = {0};

	(void)revents;
	take_answers(probe);
	if (probe_handle_collect(probe->handle, &end, &err) == 0)
		return;
	outcome = outcome_of(probe);
	media_probe_done(probe);
	probe->ended(probe->context, outcome, &probe->error);
}

static void
on_timer(void *context)
{
	struct media_probe *probe = context;

	if (!probe->is_killed) {
		if (!probe->is_failed)
			(void)!error_set(&probe->error, ERROR_UNAVAILABLE,
			    _("no answer came in time"));
		kill_it(probe);
		return;
	}
	probe->is_stuck = true;
	probe->ended(probe->context, MEDIA_PROBE_STUCK, &probe->error);
}

int
media_probe_start(struct media_probe *probe, const struct probe_order *order,
    struct error *err)
{
	int64_t left;

	if (probe->handle != NULL)
		return error_set(err, ERROR_EXISTS, _("it is being asked"));
	probe->is_killed = probe->is_stuck = probe->is_failed = false;
	probe->error = (struct error){0};
	/* What can hang is asked by a child: that one is stuck is seen. */
	if ((order->kind != PROBE_CAPACITY
		    ? probe_handle_open(
			  order, &probe->place, &probe->handle, err)
		    : probe_handle_start(order, &probe->handle, err)) != 0)
		return -1;
	probe->wire_fd = probe_handle_wire_fd(probe->handle);
	probe->timer = (struct loop_timer){.ring = on_timer, .context = probe};
	if (loop_watch(probe->loop, probe->wire_fd, POLLIN, on_wire, probe,
		err) != 0 ||
	    loop_watch(probe->loop, probe_handle_end_fd(probe->handle), POLLIN,
		on_end, probe, err) != 0) {
		media_probe_done(probe);
		return -1;
	}
	left = probe_handle_deadline_ms(probe->handle) - clock_monotonic_ms();
	loop_set_timer(probe->loop, &probe->timer, left > 0 ? left : 0);
	return 0;
}
