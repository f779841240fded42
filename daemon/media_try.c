/*
 * The write probe (write_probe = yes): does a medium refuse the account that
 * writes its backups?  A trier (worker/trier) asks for each source; this says
 * when, and writes what follows.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/media_parts.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"

#define TRY_DEADLINE_MS 30000
/* How often it is tried while the medium stays there, ms. */
#define TRY_EVERY_MS CLOCK_DAY_MS

static bool ask_next(struct medium *medium);

static int
take_protection(
    const struct query_protection *row, void *context, struct error *err)
{
	struct media_trying *trying = context;

	(void)err;
	if (strcmp(row->method, "probe") != 0)
		return 0;
	trying->tried_at = row->at;
	trying->result = strcmp(row->result, "refused") == 0 ? PROBE_TRY_REFUSED
			 : strcmp(row->result, "accepted") == 0
			     ? PROBE_TRY_ACCEPTED
			     : PROBE_TRY_UNDETERMINED;
	(void)snprintf(trying->reason, sizeof(trying->reason), "%s",
	    row->reason == NULL ? "" : row->reason);
	return 0;
}

/* The worst counts: one place that can be written is enough. */
static bool
is_worse(enum probe_try a, enum probe_try b)
{
	static const int ranks[PROBE_TRIES] = {
	    [PROBE_TRY_REFUSED] = 0,
	    [PROBE_TRY_UNDETERMINED] = 1,
	    [PROBE_TRY_ACCEPTED] = 2,
	};

	return ranks[a] > ranks[b];
}

static void
gather(struct medium *medium, enum probe_try result, const char *reason)
{
	struct media_trying *trying = &medium->trying;
	const bool is_first = trying->gathered_count++ == 0;

	if (is_first || is_worse(result, trying->gathered))
		trying->gathered = result;
	/* A file that was left is told whatever else was met. */
	if (is_first || result == trying->gathered ||
	    strcmp(reason, MEDIA_LEFT_BEHIND) == 0)
		if (strcmp(trying->gathered_reason, MEDIA_LEFT_BEHIND) != 0)
			(void)snprintf(trying->gathered_reason,
			    sizeof(trying->gathered_reason), "%s", reason);
}

static int
write_result(struct medium *medium, struct error *err)
{
	const struct media_trying *trying = &medium->trying;
	struct service *service = medium->media->service;
	json_t *entry = json_pack("{s:s, s:s, s:s, s:s, s:s}", "type", "medium",
	    "event", "protection", "medium", medium->id, "method", "probe",
	    "result", probe_try_name(trying->gathered));

	if (trying->gathered_reason[0] != '\0')
		(void)json_object_set_new(
		    entry, "reason", json_string(trying->gathered_reason));
	return ledger_append_alone(service, entry, NULL, err);
}

/* All sources were asked. */
static void
conclude(struct medium *medium)
{
	struct media_trying *trying = &medium->trying;
	struct error err = {0};

	trying->tried_at = clock_wall_ms();
	trying->has_tried = true;
	/* That nothing is known, for the same reason, is no news. */
	if (trying->gathered == PROBE_TRY_UNDETERMINED &&
	    trying->result == trying->gathered &&
	    strcmp(trying->reason, trying->gathered_reason) == 0)
		return;
	if (write_result(medium, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		return;
	}
	if (strcmp(trying->gathered_reason, MEDIA_LEFT_BEHIND) == 0 &&
	    strcmp(trying->reason, MEDIA_LEFT_BEHIND) != 0)
		log_event(LOG_LEVEL_WARNING,
		    _("medium %s: a file .hikae-probe-... could be made and "
		      "not removed; no other is made until it is gone"),
		    medium->id);
	trying->result = trying->gathered;
	memcpy(trying->reason, trying->gathered_reason, sizeof(trying->reason));
}

static void
on_answer(void *context, const struct probe_answer *answer)
{
	struct medium *medium = context;

	if (answer->kind == PROBE_ANSWER_TRIED)
		gather(medium, answer->tried.result, answer->tried.reason);
}

static void
on_end(
    void *context, enum media_probe_outcome outcome, const struct error *error)
{
	struct medium *medium = context;

	if (outcome == MEDIA_PROBE_STUCK)
		return;
	if (outcome != MEDIA_PROBE_DONE) {
		const char *reason = outcome != MEDIA_PROBE_FAILED ? "no-answer"
				     : error->code == ERROR_DENIED ? "no-right"
				     : error->code == ERROR_NOT_FOUND
					 ? "no-account"
					 : "failed";

		log_event(LOG_LEVEL_WARNING,
		    _("medium %s: whether it refuses writes is not known: %s"),
		    medium->id, error->text);
		gather(medium, PROBE_TRY_UNDETERMINED, reason);
	}
	if (!ask_next(medium))
		conclude(medium);
	/* What waited meanwhile; a person may have asked again. */
	jobs_wake(medium->media->service->jobs);
	if (medium->trying.is_asked)
		media_watch_wake(medium->media);
}

int
media_try_init(struct medium *medium, struct error *err)
{
	struct service *service = medium->media->service;
	struct media_trying *trying = &medium->trying;

	trying->result = PROBE_TRY_UNDETERMINED;
	trying->tried_at = QUERY_NEVER;
	trying->probe = (struct media_probe){.loop = service->loop,
	    .place = {.root = service->root,
		.socket_path = strcmp(service->root, "/") == 0
				   ? PROBE_HANDLE_TRY_SOCKET
				   : NULL},
	    .context = medium,
	    .answered = on_answer,
	    .ended = on_end};
	return query_protections(service->catalog, CATALOG_NOW, medium->id,
	    take_protection, trying, err);
}

void
media_try_renew(struct medium *medium)
{
	medium->trying.is_asked = true;
	medium->trying.reason[0] = '\0';
}

void
media_try_done(struct medium *medium)
{
	media_probe_done(&medium->trying.probe);
}

bool
media_try_is_running(const struct medium *medium)
{
	return media_probe_is_running(&medium->trying.probe);
}

/* The newest captured copy of a source; copies come newest first. */
struct newest {
	const char *source;
	char subject[128];
};

static int
take_newest(const struct query_copy *row, void *context, struct error *err)
{
	struct newest *newest = context;

	(void)err;
	if (newest->subject[0] == '\0' &&
	    strcmp(row->source, newest->source) == 0 &&
	    strcmp(row->state, "captured") == 0 && row->subject != NULL)
		(void)snprintf(newest->subject, sizeof(newest->subject), "%s",
		    row->subject);
	return 0;
}

/* The copy's place below its source; false where the source has none. */
static bool
find_place(
    const struct medium *medium, const char *source, char *path, size_t size)
{
	struct catalog *catalog = medium->media->service->catalog;
	struct query_copy_filter filter = {.medium = medium->id};
	struct newest newest = {.source = source};
	struct bytes name = BYTES_EMPTY;
	struct error err = {0};
	bool has_place = false;

	if (query_copies(catalog, CATALOG_NOW, &filter, take_newest, &newest,
		&err) == 0 &&
	    newest.subject[0] != '\0' &&
	    catalog_get_name(catalog, newest.subject, &name, &err) == 0 &&
	    name.length < size) {
		(void)snprintf(path, size, "%.*s",
		    name.length == 0 ? 1 : (int)name.length,
		    name.length == 0 ? "." : (const char *)name.data);
		has_place = true;
	}
	if (err.code != ERROR_NONE)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	bytes_done(&name);
	return has_place;
}

static bool
ask(struct medium *medium, const struct config_source *source)
{
	struct probe_order *order = calloc(1, sizeof(*order));
	struct error err = {0};
	bool is_asked = false;

	if (order != NULL &&
	    find_place(medium, source->id, order->path, sizeof(order->path))) {
		order->kind = PROBE_WRITE;
		order->deadline_ms = TRY_DEADLINE_MS;
		(void)snprintf(order->id, sizeof(order->id), "%s", source->id);
		is_asked =
		    media_probe_start(&medium->trying.probe, order, &err) == 0;
		if (!is_asked) {
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
			gather(medium, PROBE_TRY_UNDETERMINED, "failed");
		}
	}
	free(order);
	return is_asked;
}

/* The next source of the medium that has a copy; false: there is none. */
static bool
ask_next(struct medium *medium)
{
	const struct config *config = medium->media->service->config;
	struct media_trying *trying = &medium->trying;

	while (trying->next_source < config->source_count) {
		const struct config_source *source =
		    &config->sources[trying->next_source++];

		if (strcmp(source->medium_id, medium->id) == 0 &&
		    ask(medium, source))
			return true;
	}
	return false;
}

static bool
is_due(const struct medium *medium)
{
	const struct media_trying *trying = &medium->trying;
	int64_t age = clock_wall_ms() - trying->tried_at;

	return trying->is_asked || trying->tried_at == QUERY_NEVER || age < 0 ||
	       age >= TRY_EVERY_MS || trying->tried_at < medium->attached_at ||
	       (!trying->has_tried && trying->result == PROBE_TRY_UNDETERMINED);
}

/* Nothing reads there, or is about to. */
static bool
is_at_rest(const struct medium *medium)
{
	const struct service *service = medium->media->service;
	const enum media_phase phase = medium->attach.phase;

	return (phase == MEDIA_IDLE || phase == MEDIA_CHECKED) &&
	       jobs_count(service->jobs, medium->id) == 0 &&
	       runs_under_way(service->runs, medium->id) == 0;
}

void
media_try_look(struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);
	struct media_trying *trying = &medium->trying;

	if (config == NULL || !config->has_write_probe ||
	    medium->state != MEDIA_MOUNTED || medium->is_released ||
	    medium->sight != JOB_SIGHT_CLEAR || media_try_is_running(medium) ||
	    !is_due(medium))
		return;
	if (!is_at_rest(medium)) {
		/* No event tells of its rest, and a person waits for this. */
		if (trying->is_asked)
			media_watch_wake(medium->media);
		return;
	}
	trying->is_asked = false;
	trying->next_source = 0;
	trying->gathered_count = 0;
	trying->gathered_reason[0] = '\0';
	/* Without a copy there is nothing to protect yet. */
	if (!ask_next(medium) && trying->gathered_count > 0)
		conclude(medium);
}
