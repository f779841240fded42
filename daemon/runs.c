#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/ledger.h"
#include "daemon/runs_internal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

/* Runs that ended, still to be looked at. */
#define ENDED_MAX 32
/* When an end that could not be written is tried again, ms. */
#define RETRY_MS 5000

static void write_ends(void *context);

int
runs_new(struct service *service, struct runs **ret_runs, struct error *err)
{
	struct runs *runs = calloc(1, sizeof(*runs));

	if (runs == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	runs->service = service;
	runs->retry = (struct loop_timer){.ring = write_ends, .context = runs};
	*ret_runs = runs;
	return 0;
}

void
runs_free(struct runs *runs)
{
	if (runs == NULL)
		return;
	loop_unset_timer(runs->service->loop, &runs->retry);
	while (runs->list != NULL) {
		struct run *run = runs->list;

		runs->list = run->next;
		target_free_all(run->targets);
		free(run->lanes);
		free(run);
	}
	free(runs);
}

void
runs_observe(struct runs *runs,
    void (*observe)(void *context, const struct runs_view *view), void *context)
{
	runs->observe = observe;
	runs->observer = context;
}

static void
tell(struct run *run)
{
	run->view.elapsed_ms = clock_monotonic_ms() - run->began_ms;
	if (run->runs->observe != NULL)
		run->runs->observe(run->runs->observer, &run->view);
}

/* Forget all but the newest ended runs. */
static void
trim(struct runs *runs)
{
	struct run **link = &runs->list;
	size_t ended = 0;

	while (*link != NULL) {
		struct run *run = *link;

		if (!run->view.is_ended || run->is_unwritten ||
		    ++ended <= ENDED_MAX) {
			link = &run->next;
			continue;
		}
		*link = run->next;
		free(run);
	}
}

static bool
try_end(struct run *run)
{
	struct service *service = run->runs->service;
	struct error err = {0};

	if (ledger_begin(service, &err) == 0 &&
	    runs_entry_end(run, run->view.outcome, &err) == 0 &&
	    ledger_commit(service, &err) == 0)
		return true;
	ledger_rollback(service);
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	return false;
}

/* The timer's callback: ends that could not be written before. */
static void
write_ends(void *context)
{
	struct runs *runs = context;
	bool is_left = false;

	for (struct run *run = runs->list; run != NULL; run = run->next) {
		if (run->is_unwritten && !is_left)
			run->is_unwritten = !try_end(run);
		is_left = is_left || run->is_unwritten;
	}
	if (is_left)
		loop_set_timer(runs->service->loop, &runs->retry, RETRY_MS);
}

static void
end_run(struct run *run)
{
	run->view.outcome = "done";
	if (run->is_cancelled || run->is_cut)
		run->view.outcome = "cancelled";
	else if (run->canary_state != CANARY_REPORTED || run->is_failed)
		run->view.outcome = "failed";
	run->view.canary = runs_entry_canary(run->canary_state);
	if (!try_end(run)) {
		run->view.outcome = "failed";
		run->is_unwritten = true;
		loop_set_timer(
		    run->runs->service->loop, &run->runs->retry, RETRY_MS);
	}
	run->view.is_ended = true;
	target_free_all(run->targets);
	run->targets = NULL;
	free(run->lanes);
	run->lanes = NULL;
	tell(run);
	trim(run->runs);
}

static void
end_order(struct run *run)
{
	if (--run->orders == 0)
		end_run(run);
}

static void
count(struct run *run, const struct examine_slice *slice, uint64_t warnings)
{
	run->view.findings += slice->findings;
	run->view.warnings += warnings;
	if (slice->slice == EXAMINE_NO_SLICE) {
		if (slice->verdict == VERDICT_DAMAGED)
			run->view.names_damaged++;
		if (slice->verdict == VERDICT_UNDETERMINED)
			run->view.names_undetermined++;
		return;
	}
	run->view.bytes_done += slice->bytes;
	run->view.bytes_read += slice->bytes_read;
	switch (slice->verdict) {
	case VERDICT_INTACT:
		run->view.intact++;
		break;
	case VERDICT_DAMAGED:
		run->view.damaged++;
		break;
	case VERDICT_UNDETERMINED:
		run->view.undetermined++;
		break;
	}
}

/* A target's callback: a slice was committed. */
static void
on_slice(void *context, const struct examine_slice *slice, uint64_t warnings)
{
	struct lane *lane = context;

	count(lane->run, slice, warnings);
	tell(lane->run);
}

/* A target's callback: what was found in contents. */
static void
on_contents(void *context, const struct inspection_counts *counts)
{
	struct lane *lane = context;
	struct runs_view *view = &lane->run->view;

	view->contents_odd += counts->odd;
	view->contents_undetermined += counts->undetermined;
	view->findings += counts->odd + counts->undetermined;
	tell(lane->run);
}

static void on_target_end(void *context, enum target_end end);

/* Order what nobody has yet of the lane's target. */
static void
order_target(struct lane *lane)
{
	struct target_owner owner = {
	    .context = lane,
	    .slice = on_slice,
	    .contents = on_contents,
	    .ended = on_target_end,
	};
	struct error err = {0};
	size_t added;

	if (target_order(
		lane->target, lane->run->view.id, &owner, &added, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		lane->run->is_failed = true;
	}
	lane->orders += added;
}

/* Order the lane's target, and while nothing could be ordered the next. */
static void
enter_lane(struct lane *lane)
{
	while (lane->target != NULL && !lane->run->is_cancelled) {
		order_target(lane);
		if (lane->orders > 0)
			return;
		lane->target = target_successor(lane->target);
	}
	end_order(lane->run);
}

/* A target's callback: one of its orders ended. */
static void
on_target_end(void *context, enum target_end end)
{
	struct lane *lane = context;

	if (end == TARGET_CANCELLED)
		lane->run->is_cut = true;
	if (end == TARGET_FAILED)
		lane->run->is_failed = true;
	lane->orders--;
	if (!lane->run->is_cancelled)
		order_target(lane);
	if (lane->orders > 0)
		return;
	lane->target = target_successor(lane->target);
	enter_lane(lane);
}

/* The canary was reported: now everything else, a lane for each start. */
static void
order_targets(struct run *run)
{
	size_t count = 0;

	run->lanes = calloc(run->view.copies, sizeof(*run->lanes));
	if (run->lanes == NULL) {
		log_event(LOG_LEVEL_ERROR, "%s", _("out of memory"));
		run->is_failed = true;
		return;
	}
	for (struct target *target = run->targets; target != NULL;
	     target = target_next(target))
		if (!target_is_waiting(run->targets, target))
			run->lanes[count++] =
			    (struct lane){.run = run, .target = target};
	run->orders += count;
	for (size_t i = 0; i < count; i++)
		enter_lane(&run->lanes[i]);
}

static int
on_canary_finding(
    void *context, const struct examine_finding *finding, struct error *err)
{
	struct run *run = context;

	(void)err;
	canary_take_finding(&run->canary, finding);
	return 0;
}

static int
on_canary_slice(void *context, const struct examine_slice *slice,
    enum reply_mode mode, struct error *err)
{
	struct run *run = context;

	(void)mode;
	(void)err;
	canary_take_slice(&run->canary, slice);
	return 0;
}

static void
on_canary_end(void *context, const struct jobs_end *end, enum finding why)
{
	struct run *run = context;

	(void)why;
	if (run->is_cancelled || end->outcome == JOBS_CANCELLED) {
		run->is_cancelled = true;
	} else if (end->outcome == JOBS_DONE &&
		   canary_is_reported(&run->canary)) {
		run->canary_state = CANARY_REPORTED;
		order_targets(run);
	} else {
		run->canary_state =
		    end->outcome == JOBS_DONE ? CANARY_MISSED : CANARY_NOT_RUN;
		log_event(LOG_LEVEL_ERROR,
		    _("the canary was not reported as bad; this "
		      "verification proves nothing (%s)"),
		    end->error.text);
	}
	end_order(run);
}

static void
free_run(struct run *run)
{
	target_free_all(run->targets);
	free(run);
}

/* There is nothing to read: why. */
static void
refuse(const struct runs_view *view, struct error *err)
{
	if (view->nameless_copies > 0)
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("the rebuilt catalog does not know yet where its copies "
		      "lie; run hikae scan, and try again when it has ended"));
	else if (view->away.count > 0)
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("medium %s is away; connect it and try again"),
		    view->away.ids[0]);
	else if (view->unmounted.count > 0)
		(void)error_set(err, ERROR_UNAVAILABLE,
		    _("medium %s is connected, but not mounted; mount it and "
		      "try again"),
		    view->unmounted.ids[0]);
	else
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("there is no captured copy to verify"));
}

int
runs_start(struct runs *runs, const struct runs_request *request,
    uint64_t *ret_id, struct error *err)
{
	struct run *run = calloc(1, sizeof(*run));
	struct verification_owner canary = {
	    .context = run,
	    .finding = on_canary_finding,
	    .slice = on_canary_slice,
	    .ended = on_canary_end,
	};

	if (run == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	run->runs = runs;
	run->trigger = request->trigger;
	run->began_ms = clock_monotonic_ms();
	run->view.canary = runs_entry_canary(CANARY_NOT_RUN);
	if (request->medium != NULL)
		(void)snprintf(
		    run->medium, sizeof(run->medium), "%s", request->medium);
	if (target_select(
		runs->service, request, &run->targets, &run->view, err) != 0)
		goto failed;
	if (run->targets == NULL) {
		refuse(&run->view, err);
		goto failed;
	}
	if (runs_entry_begin(run, request, err) != 0 ||
	    canary_order(runs->service, run->view.id, &canary, err) != 0)
		goto failed;
	run->view.beside = runs_find_beside(runs, run);
	run->orders = 1;
	run->next = runs->list;
	runs->list = run;
	*ret_id = run->view.id;
	return 0;
failed:
	free_run(run);
	return -1;
}

static struct run *
find(struct runs *runs, uint64_t id)
{
	struct run *run = runs->list;

	while (run != NULL && run->view.id != id)
		run = run->next;
	return run;
}

int
runs_look(struct runs *runs, uint64_t id, struct runs_view *ret_view,
    struct error *err)
{
	struct run *run = find(runs, id);

	if (run == NULL)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such verification"));
	if (!run->view.is_ended)
		run->view.elapsed_ms = clock_monotonic_ms() - run->began_ms;
	*ret_view = run->view;
	return 0;
}

int
runs_cancel(struct runs *runs, uint64_t id, struct error *err)
{
	struct run *run = find(runs, id);

	if (run == NULL || run->view.is_ended)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such verification"));
	run->is_cancelled = true;
	(void)jobs_cancel_run(runs->service->jobs, id);
	return 0;
}

static void
cancel_those(struct runs *runs, const char *medium, bool is_coverage_only)
{
	/* An end may forget runs, so each search starts anew. */
	for (struct run *run = runs->list; run != NULL;) {
		struct error err = {0};

		if (run->view.is_ended || run->is_cancelled ||
		    strcmp(run->medium, medium) != 0 ||
		    (is_coverage_only && run->trigger != RUNS_COVERAGE)) {
			run = run->next;
			continue;
		}
		(void)!runs_cancel(runs, run->view.id, &err);
		run = runs->list;
	}
}

void
runs_cancel_medium(struct runs *runs, const char *medium)
{
	cancel_those(runs, medium, false);
}

void
runs_cancel_coverage(struct runs *runs, const char *medium)
{
	cancel_those(runs, medium, true);
}
