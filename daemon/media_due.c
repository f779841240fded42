/* Media that should have been taken away long ago. */
#include <string.h>

#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"
#include "lib/store/query_finding.h"
#include "lib/store/query_media.h"

/* So many times max_attached is no longer a warning. */
#define BAD_FACTOR 2

/* Steps that the clock made back since a medium came in reach. */
struct stay {
	bool was_in_reach;
	uint64_t attach_seq; /* the entry that says so */
	int64_t back_ms;
};

static int
take_state(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct stay *stay = context;

	(void)err;
	if (row->in_reach && !stay->was_in_reach)
		stay->attach_seq = row->from_seq;
	stay->was_in_reach = row->in_reach;
	return 0;
}

static int
take_clock(
    const struct query_clock_event *row, void *context, struct error *err)
{
	struct stay *stay = context;

	(void)err;
	if (row->seq > stay->attach_seq && strcmp(row->event, "back") == 0)
		stay->back_ms += row->by_ms;
	return 0;
}

/*
 * How long a medium has been in reach: never less than it was, however often
 * the clock went back (law 8); a step that nobody recorded yet counts too.
 */
static int
measure_stay(const struct medium *medium, int64_t *ret_ms, struct error *err)
{
	const struct service *service = medium->media->service;
	const struct query_medium_history all = {medium->id, INT64_MIN};
	struct stay stay = {.was_in_reach = false};
	int64_t now = clock_wall_ms();

	/* Without a step, when it came is all that is asked for. */
	if (query_clock_events(
		service->catalog, CATALOG_NOW, 0, take_clock, &stay, err) != 0)
		return -1;
	if (stay.back_ms > 0) {
		stay.back_ms = 0;
		if (query_medium_history(service->catalog, CATALOG_NOW, &all,
			take_state, &stay, err) != 0 ||
		    query_clock_events(service->catalog, CATALOG_NOW, 0,
			take_clock, &stay, err) != 0)
			return -1;
	}
	if (service->clock.newest_at > now + CLOCK_SECOND_MS)
		stay.back_ms += service->clock.newest_at - now;
	*ret_ms = now - medium->attached_at + stay.back_ms;
	return 0;
}

static struct ledger_finding
finding_of(const struct medium *medium)
{
	return (struct ledger_finding){
	    .code = FINDING_LEFT_ATTACHED, .slice = -1, .medium = medium->id};
}

int
media_due_close(struct medium *medium, struct error *err)
{
	struct ledger_finding finding = finding_of(medium);

	medium->left = MEDIA_LEFT_IN_TIME;
	return ledger_close_code(
	    medium->media->service, &finding, "resolved", err);
}

/* Open it, or find it again; after twice the time it is bad. */
static int
write_left(struct medium *medium, enum media_left left, int64_t stay_ms,
    struct error *err)
{
	struct service *service = medium->media->service;
	struct ledger_finding finding = finding_of(medium);
	uint64_t id;

	finding.detail =
	    json_pack("{s:I}", "hours", (json_int_t)(stay_ms / CLOCK_HOUR_MS));
	if (ledger_finding(service, &finding, &id, err) != 0)
		return -1;
	if (left != MEDIA_LEFT_BAD)
		return 0;
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:s}", "type", "finding", "event",
		"again", "finding", (json_int_t)id, "severity",
		verdict_exit_name(VERDICT_EXIT_BAD)),
	    NULL, err);
}

static enum media_left
judge(const struct medium *medium, const struct config_medium *config,
    int64_t stay_ms)
{
	if (config->max_attached_ms == 0 || !medium->in_reach ||
	    medium->state == MEDIA_UNKNOWN ||
	    medium->attached_at == QUERY_NEVER ||
	    stay_ms <= config->max_attached_ms)
		return MEDIA_LEFT_IN_TIME;
	return stay_ms > BAD_FACTOR * config->max_attached_ms ? MEDIA_LEFT_BAD
							      : MEDIA_LEFT_LATE;
}

void
media_due_look(struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);
	struct service *service = medium->media->service;
	struct error err = {0};
	enum media_left left;
	int64_t stay_ms = 0;
	int rc;

	/* What hikaed remembers from before its start is looked at first. */
	if (config == NULL || !medium->is_looked)
		return;
	if (config->max_attached_ms > 0 && medium->attached_at != QUERY_NEVER &&
	    measure_stay(medium, &stay_ms, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		return;
	}
	left = judge(medium, config, stay_ms);
	if (left == medium->left && medium->is_due_known)
		return;
	rc = ledger_begin(service, &err);
	if (rc == 0)
		rc = left == MEDIA_LEFT_IN_TIME
			 ? media_due_close(medium, &err)
			 : write_left(medium, left, stay_ms, &err);
	if (rc == 0)
		rc = ledger_commit(service, &err);
	if (rc != 0) {
		ledger_rollback(service);
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
		return;
	}
	medium->left = left;
	medium->is_due_known = true;
}
