/* Media that should have been taken away long ago. */
#include "daemon/media_parts.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

/* So many times max_attached is no longer a warning. */
#define BAD_FACTOR 2

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
write_left(struct medium *medium, enum media_left left, struct error *err)
{
	struct service *service = medium->media->service;
	struct ledger_finding finding = finding_of(medium);
	int64_t hours = (clock_wall_ms() - medium->attached_at) / CLOCK_HOUR_MS;
	uint64_t id;

	finding.detail = json_pack("{s:I}", "hours", (json_int_t)hours);
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
judge(const struct medium *medium, const struct config_medium *config)
{
	int64_t since = clock_wall_ms() - medium->attached_at;

	if (config->max_attached_ms == 0 || !medium->in_reach ||
	    medium->state == MEDIA_UNKNOWN ||
	    medium->attached_at == QUERY_NEVER ||
	    since <= config->max_attached_ms)
		return MEDIA_LEFT_IN_TIME;
	return since > BAD_FACTOR * config->max_attached_ms ? MEDIA_LEFT_BAD
							    : MEDIA_LEFT_LATE;
}

void
media_due_look(struct medium *medium)
{
	const struct config_medium *config = media_config_of(medium);
	struct service *service = medium->media->service;
	struct error err = {0};
	enum media_left left;
	int rc;

	/* What hikaed remembers from before its start is looked at first. */
	if (config == NULL || !medium->is_looked)
		return;
	left = judge(medium, config);
	if (left == medium->left && medium->is_due_known)
		return;
	rc = ledger_begin(service, &err);
	if (rc == 0)
		rc = left == MEDIA_LEFT_IN_TIME
			 ? media_due_close(medium, &err)
			 : write_left(medium, left, &err);
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
