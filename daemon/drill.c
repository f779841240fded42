#include "daemon/drill.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/drill_internal.h"
#include "daemon/drill_record.h"
#include "daemon/drill_scratch.h"
#include "daemon/drill_secret.h"
#include "daemon/drill_target.h"
#include "daemon/drill_waiting.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

/* Drills that ended, still to be looked at. */
#define ENDED_MAX 16

static const char *const step_names[DRILL_STEPS] = {
    [DRILL_MAKE] = "make",
    [DRILL_PLAN] = "plan",
    [DRILL_RESTORE] = "restore",
    [DRILL_INSPECT] = "inspect",
    [DRILL_PROGRAM] = "program",
    [DRILL_PROVE] = "prove",
    [DRILL_CLEAR] = "clear",
    [DRILL_DROP] = "clear",
};

int
drill_new(
    struct service *service, struct drills **ret_drills, struct error *err)
{
	struct drills *drills = calloc(1, sizeof(*drills));

	if (drills == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	drills->service = service;
	drills->watch =
	    (struct loop_timer){.ring = drill_waiting_watch, .context = drills};
	drills->sweep = (struct loop_timer){
	    .ring = drill_scratch_on_sweep, .context = drills};
	*ret_drills = drills;
	drill_scratch_sweep(drills);
	drill_waiting_load(drills);
	return 0;
}

static void
free_drill(struct drill *drill)
{
	if (drill->scratch_fd >= 0)
		(void)close(drill->scratch_fd);
	drill_secret_drop(drill);
	gathering_clear(&drill->findings);
	json_decref(drill->program_result);
	free(drill->copy.locator);
	free(drill);
}

void
drill_free(struct drills *drills)
{
	if (drills == NULL)
		return;
	loop_unset_timer(drills->service->loop, &drills->watch);
	loop_unset_timer(drills->service->loop, &drills->sweep);
	while (drills->list != NULL) {
		struct drill *drill = drills->list;

		drills->list = drill->next;
		free_drill(drill);
	}
	free(drills);
}

void
drill_observe(struct drills *drills,
    void (*observe)(void *context, const struct drill_view *view),
    void *context)
{
	if (drills == NULL)
		return;
	drills->observe = observe;
	drills->observer = context;
}

void
drill_tell(struct drill *drill)
{
	drill->view.elapsed_ms = clock_monotonic_ms() - drill->began_ms;
	if (drill->drills->observe != NULL)
		drill->drills->observe(drill->drills->observer, &drill->view);
}

/* Forget all but the newest ended drills. */
static void
trim(struct drills *drills)
{
	struct drill **link = &drills->list;
	size_t ended = 0;

	while (*link != NULL) {
		struct drill *drill = *link;

		if (!drill->view.is_ended || ++ended <= ENDED_MAX) {
			link = &drill->next;
			continue;
		}
		*link = drill->next;
		free_drill(drill);
	}
}

void
drill_unlink(struct drill *drill)
{
	struct drill **link = &drill->drills->list;

	while (*link != NULL && *link != drill)
		link = &(*link)->next;
	if (*link != NULL)
		*link = drill->next;
	free_drill(drill);
}

/* ---- from step to step ---- */

/* All is over, and nothing of it is left. */
static void
finish(struct drill *drill)
{
	drill->view.is_ended = true;
	if (drill->scratch_fd < 0)
		drill_scratch_forget_kept(drill);
	if (!drill->view.is_left && (!drill->is_kept || drill->scratch_fd < 0))
		drill->view.scratch = NULL;
	if (drill->scratch_fd >= 0)
		(void)close(drill->scratch_fd);
	drill->scratch_fd = -1;
	drill_secret_drop(drill);
	drill_tell(drill);
}

static void enter(struct drill *drill, enum drill_step step);

/* Its result is known: the last entry, then the scratch folder. */
static void
conclude(struct drill *drill, const char *outcome)
{
	struct error err = {0};

	if (drill->has_ended)
		return;
	drill->has_ended = true;
	drill->view.outcome = outcome;
	drill->view.reason = drill->reason;
	if (drill_record_end(drill, outcome, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		/* What cannot be recorded has shown nothing. */
		drill->view.outcome = "lost";
	}
	if (drill->is_stopping || drill->scratch_fd < 0 || drill->is_kept)
		finish(drill);
	else
		enter(drill, DRILL_CLEAR);
}

static void
enter(struct drill *drill, enum drill_step step)
{
	struct error err = {0};

	drill->step = step;
	drill->is_told = false;
	drill->step_ms = clock_monotonic_ms();
	drill->view.step = step_names[step];
	drill->view.bytes_done = 0;
	drill_tell(drill);
	if (drill_step_order(drill, &err) == 0)
		return;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	if (step >= DRILL_CLEAR) {
		drill_scratch_sweep_later(drill->drills);
		drill->view.is_left = true;
		finish(drill);
		return;
	}
	if (drill->reason[0] == '\0')
		(void)snprintf(drill->reason, sizeof(drill->reason), "%s",
		    error_code_name(err.code));
	conclude(drill, "undetermined");
}

/* The time that the step took counts for what it was. */
static void
take_time(struct drill *drill)
{
	int64_t took = clock_monotonic_ms() - drill->step_ms;

	if (drill->step <= DRILL_RESTORE)
		drill->view.restore_ms += took;
	else if (drill->step < DRILL_CLEAR)
		drill->view.check_ms += took;
}

/* What was shown so far, of the step that ended; whether it goes on. */
static int
record(struct drill *drill, const struct jobs_end *end, struct error *err)
{
	switch (drill->step) {
	case DRILL_MAKE:
		return drill_record_make(drill, end, err);
	case DRILL_PLAN:
		return drill_record_plan(drill, end, err);
	case DRILL_RESTORE:
		return drill_record_restore(drill, end, err);
	case DRILL_INSPECT:
		return drill_record_inspect_end(drill, end, err);
	case DRILL_PROGRAM:
		return drill_record_program(drill, end, err);
	case DRILL_PROVE:
		return drill_record_prove(drill, end, err);
	case DRILL_CLEAR:
	case DRILL_DROP:
		break;
	}
	return 0;
}

/* What is not run is told all the same. */
static void
pass_refused(struct drill *drill)
{
	struct error err = {0};

	for (; drill->program_at < drill->program_count &&
	       drill->programs[drill->program_at].refused != NULL;
	     drill->program_at++)
		if (drill_record_refused(drill, &err) != 0)
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
}

static void
go_on(struct drill *drill)
{
	if (drill->step == DRILL_PROVE) {
		conclude(drill, drill_outcome_name(drill->worst));
		return;
	}
	if (drill->step == DRILL_INSPECT)
		drill_program_list(drill);
	if (drill->step == DRILL_PROGRAM)
		drill->program_at++;
	if (drill->step != DRILL_INSPECT && drill->step != DRILL_PROGRAM) {
		enter(drill, drill->step + 1);
		return;
	}
	pass_refused(drill);
	if (drill->program_at < drill->program_count) {
		enter(drill, DRILL_PROGRAM);
		return;
	}
	drill_program_end(drill);
	pass_refused(drill);
	enter(drill, DRILL_PROVE);
}

/* What it left is removed, first the content and then the folder. */
static void
go_on_clearing(struct drill *drill, const struct jobs_end *end)
{
	if (end->outcome == JOBS_DONE && drill->step == DRILL_CLEAR) {
		enter(drill, DRILL_DROP);
		return;
	}
	if (end->outcome == JOBS_DONE) {
		drill_scratch_forget(drill);
	} else {
		log_event(LOG_LEVEL_ERROR,
		    _("the scratch folder of drill %llu was not removed: %s"),
		    (unsigned long long)drill->view.id, end->error.text);
		drill_scratch_sweep_later(drill->drills);
		drill->view.is_left = true;
	}
	finish(drill);
}

void
drill_step_ended(struct drill *drill, const struct jobs_end *end)
{
	struct error err = {0};

	take_time(drill);
	drill->is_stopping = drill->drills->service->is_ending;
	if (drill->step >= DRILL_CLEAR) {
		go_on_clearing(drill, end);
		return;
	}
	if (drill->is_cancelled || end->outcome == JOBS_CANCELLED) {
		(void)snprintf(drill->reason, sizeof(drill->reason), "%s",
		    drill->is_stopping ? "stopped" : "cancelled");
		conclude(drill, "aborted");
		return;
	}
	if (record(drill, end, &err) != 0) {
		if (err.code != ERROR_NONE)
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
		if (drill->worst < DRILL_UNDETERMINED)
			drill->worst = DRILL_UNDETERMINED;
		conclude(drill, drill_outcome_name(drill->worst));
		return;
	}
	go_on(drill);
}

/* ---- beginning ---- */

int
drill_begin(struct drill *drill, struct error *err)
{
	drill->began_ms = clock_monotonic_ms();
	drill->view.medium_ms = drill->began_ms - drill->asked_ms;
	if (drill_record_begin(drill, err) != 0)
		return -1;
	drill->is_waiting = false;
	drill->view.is_offline = drill->copy.is_offline;
	drill->view.system = drill->copy.system;
	drill->view.generation = drill->copy.generation;
	drill->view.medium = drill->copy.medium;
	drill->view.reason = "";
	if (drill_scratch_choose(drill, err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err->text);
		(void)snprintf(
		    drill->reason, sizeof(drill->reason), "no-scratch");
		conclude(drill, "undetermined");
		return 0;
	}
	drill->view.scratch = drill->scratch;
	enter(drill, DRILL_MAKE);
	return 0;
}

static bool
is_busy(const struct drills *drills, const char *system)
{
	for (const struct drill *drill = drills->list; drill != NULL;
	     drill = drill->next)
		if (!drill->is_waiting && !drill->view.is_ended &&
		    strcmp(drill->copy.system, system) == 0)
			return true;
	return false;
}

static void
set(char *room, size_t size, const char *text)
{
	(void)snprintf(room, size, "%s", text != NULL ? text : "");
}

struct drill *
drill_make(struct drills *drills, const struct drill_request *request)
{
	struct drill *drill = calloc(1, sizeof(*drill));

	if (drill == NULL)
		return NULL;
	drill->drills = drills;
	drill->scratch_fd = drill->secret_fd = drill->key_fd = -1;
	drill->asked_ms = clock_monotonic_ms();
	drill->asked_wall_ms = clock_wall_ms();
	drill->share_ppm = request->share_ppm;
	drill->is_kept = request->is_kept;
	set(drill->operator, sizeof(drill->operator), request->operator);
	set(drill->target, sizeof(drill->target), request->target);
	set(drill->asked_system, sizeof(drill->asked_system), request->system);
	set(drill->asked_medium, sizeof(drill->asked_medium), request->medium);
	set(drill->asked_generation, sizeof(drill->asked_generation),
	    request->generation);
	return drill;
}

int
drill_start(struct drills *drills, const struct drill_request *request,
    uint64_t *ret_id, struct error *err)
{
	struct drill *drill;
	int got;

	if (drill_target_check(drills->service, request->target, err) != 0)
		return -1;
	drill = drill_make(drills, request);
	if (drill == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	got = drill_secret_take(drill, request, err);
	if (got == 0)
		got = drill_choose_copy(drill, err);
	if (got >= 0 && is_busy(drills, drill->copy.system))
		got = error_set(err, ERROR_EXISTS,
		    _("a drill of this system is under way"));
	if (got < 0) {
		free_drill(drill);
		return -1;
	}
	drill_waiting_drop(drills, drill->copy.system);
	drill->next = drills->list;
	drills->list = drill;
	loop_set_timer(drills->service->loop, &drills->watch, DRILL_WATCH_MS);
	if (got == 0) {
		drill->is_waiting = true;
		if (drill_waiting_keep(drill, err) == 0)
			return drill_choose_tell(drill, err);
		drill_unlink(drill);
		return -1;
	}
	if (drill_begin(drill, err) != 0) {
		drill_unlink(drill);
		return -1;
	}
	*ret_id = drill->view.id;
	trim(drills);
	return 0;
}

static struct drill *
find(struct drills *drills, uint64_t id, const char *system)
{
	struct drill *drill = drills->list;

	while (drill != NULL &&
	       (id != 0 ? drill->is_waiting || drill->view.id != id
			: drill->view.is_ended ||
			      (system != NULL &&
				  strcmp(drill->copy.system, system) != 0)))
		drill = drill->next;
	return drill;
}

int
drill_cancel(
    struct drills *drills, uint64_t id, const char *system, struct error *err)
{
	struct drill *drill = NULL;

	if (id != 0 || system != NULL)
		drill = find(drills, id, system);
	if (drill == NULL || drill->view.is_ended)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such drill"));
	if (drill->is_waiting) {
		drill_waiting_forget(drill);
		drill_unlink(drill);
		return 0;
	}
	/* What it left is removed all the same. */
	if (drill->step >= DRILL_CLEAR)
		return 0;
	drill->is_cancelled = true;
	(void)jobs_cancel_run(drills->service->jobs, drill->view.id);
	return 0;
}

int
drill_look(struct drills *drills, uint64_t id, struct drill_view *ret_view,
    struct error *err)
{
	struct drill *drill = find(drills, id, NULL);

	if (id == 0 || drill == NULL)
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such drill"));
	*ret_view = drill->view;
	return 0;
}
