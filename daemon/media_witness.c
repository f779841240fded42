#include "daemon/media_witness.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/media_parts.h"
#include "daemon/media_release.h"
#include "daemon/place.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/base/text.h"
#include "lib/os/file.h"
#include "lib/store/journal.h"

/* A child that needs longer is stopped, ms. */
#define CHILD_MS (2 * CLOCK_MINUTE_MS)
/* Entries that are passed on in one turn of the loop. */
#define STAGE_ENTRIES 2000
/* After what a scan or a capture asks for. */
#define PRIORITY 5

/* The context of an order: it may outlive its medium. */
struct witness_errand {
	struct medium *medium; /* NULL: nobody wants to know any more */
	bool is_write, is_told;
	struct reply_witness told;
};

static void on_timer(void *context);

void
media_witness_init(struct medium *medium)
{
	medium->witness = (struct media_witness){
	    .parcel_fd = -1, .timer = {.ring = on_timer, .context = medium}};
}

bool
media_witness_is_busy(const struct medium *medium)
{
	return medium->witness.step != WITNESS_IDLE;
}

/* Whatever was under way is over. */
static void
rest(struct medium *medium)
{
	struct media_witness *witness = &medium->witness;

	loop_unset_timer(medium->media->service->loop, &witness->timer);
	if (witness->parcel_fd >= 0)
		(void)close(witness->parcel_fd);
	witness->parcel_fd = -1;
	witness->step = WITNESS_IDLE;
	/* Not here, where a job may be about to end. */
	if (medium->is_leaving)
		loop_set_timer(
		    medium->media->service->loop, &witness->timer, 0);
}

static int
fill_write(
    const struct media_witness *witness, struct job *job, struct error *err)
{
	job->witness.has_present = witness->has_present;
	memcpy(job->witness.present, witness->present,
	    sizeof(job->witness.present));
	job->witness.from = witness->from;
	if (lseek(witness->parcel_fd, 0, SEEK_SET) != 0)
		return error_set(err, ERROR_INTERNAL, "lseek");
	job->fds[JOB_FD_WITNESS] =
	    fcntl(witness->parcel_fd, F_DUPFD_CLOEXEC, 0);
	if (job->fds[JOB_FD_WITNESS] < 0)
		return error_set(
		    err, ERROR_LIMIT, _("too many files are open"));
	return 0;
}

static int
prepare(void *context, struct job *job, struct error *err)
{
	const struct witness_errand *errand = context;
	struct medium *medium = errand->medium;
	const struct config_medium *config =
	    medium == NULL ? NULL : media_config_of(medium);
	struct media_witness *witness;

	if (config == NULL)
		return error_set(
		    err, ERROR_CANCELLED, _("the medium was taken away"));
	witness = &medium->witness;
	job->kind = JOB_WITNESS;
	job->witness.is_write = errand->is_write;
	if (place_fill_medium(medium->media->service, config, job, err) != 0 ||
	    (errand->is_write && fill_write(witness, job, err) != 0))
		return -1;
	/* Its time begins with the child, not with the wait for its turn. */
	loop_set_timer(medium->media->service->loop, &witness->timer, CHILD_MS);
	return 0;
}

static int
take_witness(void *context, const struct reply *reply, struct error *err)
{
	struct witness_errand *errand = context;

	if (errand->is_told ||
	    errand->is_write != (reply->witness.state == REPLY_WITNESS_WRITTEN))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	errand->is_told = true;
	errand->told = reply->witness;
	return 0;
}

/* A word for what kept a child from it. */
static const char *
reason_of(const struct medium *medium, const struct jobs_end *end)
{
	if (medium->witness.is_late)
		return "time-limit";
	if (end->outcome == JOBS_FAILED)
		return error_code_name(end->error.code);
	return jobs_outcome_name(end->outcome);
}

static void
log_end(const struct medium *medium, const struct jobs_end *end)
{
	char text[ERROR_TEXT_BYTES];

	(void)text_escape(
	    text, sizeof(text), end->error.text, strlen(end->error.text));
	log_event(LOG_LEVEL_WARNING, _("medium %s: witness: %s (%s)"),
	    medium->id,
	    medium->witness.is_late ? _("it took too long")
				    : jobs_outcome_sentence(end->outcome),
	    text);
}

/* A medium that went, or somebody who asked to stop, is no fault. */
static bool
is_fault(const struct medium *medium, const struct jobs_end *end)
{
	if (end->outcome == JOBS_CANCELLED)
		return medium->witness.is_late;
	return end->outcome != JOBS_FAILED ||
	       end->error.code != ERROR_UNAVAILABLE;
}

static void
end_look(struct medium *medium, struct witness_errand *errand,
    const struct jobs_end *end)
{
	struct media_witness *witness = &medium->witness;
	struct error err = {0};
	int rc = 0;

	if (end->outcome == JOBS_DONE && errand->is_told)
		rc = media_witness_judge(medium, &errand->told, &err);
	else if (is_fault(medium, end)) {
		log_end(medium, end);
		rc = media_witness_judge_failed(
		    medium, reason_of(medium, end), &err);
	}
	if (rc < 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	if (rc != 1 || !witness->is_to_write || medium->is_released) {
		rest(medium);
		return;
	}
	witness->step = WITNESS_STAGE;
	loop_set_timer(medium->media->service->loop, &witness->timer, 0);
}

static void
end_write(struct medium *medium, const struct witness_errand *errand,
    const struct jobs_end *end)
{
	struct error err = {0};
	int rc = 0;

	if (end->outcome == JOBS_DONE && errand->is_told) {
		rc = media_witness_record(medium, NULL, &err);
		medium->witness.last.outcome = WITNESS_WRITTEN;
		medium->witness.last.plan = medium->witness.plan;
		log_event(LOG_LEVEL_NOTICE,
		    _("medium %s: the witness was written (%llu entries)"),
		    medium->id, (unsigned long long)medium->witness.size);
	} else if (is_fault(medium, end)) {
		log_end(medium, end);
		rc = media_witness_record(medium, reason_of(medium, end), &err);
	}
	if (rc < 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	rest(medium);
}

static void
take_end(void *context, const struct jobs_end *end)
{
	struct witness_errand *errand = context;
	struct medium *medium = errand->medium;

	if (medium != NULL) {
		loop_unset_timer(
		    medium->media->service->loop, &medium->witness.timer);
		medium->witness.errand = NULL;
		if (errand->is_write)
			end_write(medium, errand, end);
		else
			end_look(medium, errand, end);
	}
	free(errand);
}

static int
order(struct medium *medium, bool is_write, struct error *err)
{
	static const struct reply_handlers replies = {
	    .take = {
		[REPLY_BEGUN] = reply_ignore, [REPLY_WITNESS] = take_witness}};
	static const struct jobs_kind kind = {
	    .name = "witness",
	    .prepare = prepare,
	    .replies = &replies,
	    .end = take_end,
	};
	struct media_witness *witness = &medium->witness;
	struct witness_errand *errand = calloc(1, sizeof(*errand));
	struct jobs_order order = {
	    .kind = &kind, .context = errand, .priority = PRIORITY};

	if (errand == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	*errand =
	    (struct witness_errand){.medium = medium, .is_write = is_write};
	(void)snprintf(order.medium, sizeof(order.medium), "%s", medium->id);
	(void)snprintf(order.label, sizeof(order.label), "%s", medium->id);
	witness->is_late = false;
	witness->step = is_write ? WITNESS_WRITE : WITNESS_LOOK;
	witness->errand = errand;
	if (jobs_add(
		medium->media->service->jobs, &order, &witness->job, err) == 0)
		return 0;
	witness->errand = NULL;
	free(errand);
	return -1;
}

static int
append_entry(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct bytes *out = context;

	(void)seq;
	bytes_append(out, leaf, length);
	bytes_append_u8(out, '\n');
	return bytes_check(out, err);
}

/* A turn's worth of entries; 1: that was all. */
static int
stage_entries(struct medium *medium, struct error *err)
{
	struct media_witness *witness = &medium->witness;
	uint64_t to = witness->staged + STAGE_ENTRIES;
	struct bytes entries = BYTES_EMPTY;
	int rc = -1;

	if (to > witness->size)
		to = witness->size;
	if (witness->staged < to &&
	    (journal_each(medium->media->service->catalog, witness->staged, to,
		 append_entry, &entries, err) != 0 ||
		file_write_all(witness->parcel_fd, entries.data, entries.length,
		    err) != 0))
		goto out;
	witness->staged = to;
	rc = to == witness->size;
out:
	bytes_done(&entries);
	return rc;
}

/* One turn; the next follows by the timer. */
static void
stage(struct medium *medium)
{
	struct media_witness *witness = &medium->witness;
	struct error err = {0};
	int rc = 0;

	if (witness->parcel_fd < 0) {
		rc = media_witness_stage(medium, &err);
		witness->staged = witness->from;
	} else {
		rc = stage_entries(medium, &err);
	}
	if (rc == 1)
		rc = order(medium, true, &err);
	else if (rc == 0)
		loop_set_timer(
		    medium->media->service->loop, &witness->timer, 0);
	if (rc == 0)
		return;
	log_event(LOG_LEVEL_ERROR, "%s", err.text);
	if (media_witness_record(medium, error_code_name(err.code), &err) != 0)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	rest(medium);
}

static void
on_timer(void *context)
{
	struct medium *medium = context;
	struct media_witness *witness = &medium->witness;

	if (witness->step == WITNESS_STAGE) {
		stage(medium);
		return;
	}
	if (witness->step == WITNESS_IDLE) {
		media_let_go(medium);
		return;
	}
	witness->is_late = true;
	(void)jobs_cancel(medium->media->service->jobs, witness->job);
}

static void
begin_to_write(struct media_witness *witness)
{
	witness->is_to_write = true;
	witness->is_handed = false;
	witness->last.outcome = WITNESS_NOT_WRITTEN;
	witness->last.began_ms = clock_monotonic_ms();
}

void
media_witness_begin(struct medium *medium, bool is_to_write)
{
	const struct config_medium *config = media_config_of(medium);
	struct media_witness *witness = &medium->witness;
	struct error err = {0};

	if (config == NULL || !config->has_witness || witness->is_other)
		return;
	if (witness->step != WITNESS_IDLE) {
		if (is_to_write && !witness->is_to_write)
			begin_to_write(witness);
		return;
	}
	witness->is_to_write = false;
	if (is_to_write)
		begin_to_write(witness);
	if (order(medium, false, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		witness->step = WITNESS_IDLE;
	}
}

void
media_witness_end(struct medium *medium)
{
	struct media_witness *witness = &medium->witness;
	struct witness_errand *errand = witness->errand;

	if (witness->step == WITNESS_IDLE) {
		loop_unset_timer(medium->media->service->loop, &witness->timer);
		return;
	}
	witness->errand = NULL;
	if (errand != NULL) {
		errand->medium = NULL;
		(void)jobs_cancel(medium->media->service->jobs, witness->job);
	}
	witness->last.outcome = WITNESS_NEVER;
	rest(medium);
}

bool
media_witness_is_current(struct medium *medium)
{
	const struct witness_last *last = &medium->witness.last;
	struct witness_plan now;
	struct error err = {0};

	return last->outcome == WITNESS_WRITTEN &&
	       media_witness_plan(medium->media->service, NULL, &now, &err) ==
		   0 &&
	       memcmp(now.digest, last->plan.digest, sizeof(now.digest)) == 0;
}

/* Whether somebody gave a medium away or back, and the plan says so now. */
static bool
is_handed(const struct medium *medium)
{
	const struct media_witness *witness = &medium->witness;
	const struct media_plan *plan = &medium->media->plan;

	return witness->is_handed && plan->is_known &&
	       memcmp(plan->now.digest, witness->last.plan.digest,
		   sizeof(plan->now.digest)) != 0;
}

void
media_witness_look_due(struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);
	const struct media_plan *plan = &medium->media->plan;
	bool is_leaving_soon;

	if (config == NULL || !config->has_witness || !medium->is_looked ||
	    medium->state != MEDIA_MOUNTED || medium->is_released ||
	    medium->is_leaving || media_witness_is_busy(medium))
		return;
	/* Those that come and go have theirs at the end of an attach; who was
	 * told that one is safe to remove is not to find it at work. */
	is_leaving_soon = media_attach_is_wanted(config);
	if (is_leaving_soon && medium->attach.phase != MEDIA_CHECKED)
		return;
	if (is_handed(medium) ||
	    clock_monotonic_ms() >=
		witness_due_at(&medium->witness.last,
		    plan->is_known && !is_leaving_soon ? &plan->now : NULL))
		media_witness_begin(medium, true);
}
