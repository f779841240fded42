/* Who takes care of what, and what a status tells of it. */
#include <stdio.h>
#include <string.h>

#include "daemon/ledger.h"
#include "daemon/notices_internal.h"
#include "daemon/words.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/judge/reason.h"
#include "lib/store/query_finding.h"

static int
take_finding(const struct query_finding *row, void *context, struct error *err)
{
	struct outbox_key *key = context;

	(void)err;
	if (!row->is_open)
		return 1;
	(void)snprintf(key->code, sizeof(key->code), "%s", row->code);
	(void)snprintf(key->system, sizeof(key->system), "%s",
	    row->system == NULL ? "" : row->system);
	(void)snprintf(key->medium, sizeof(key->medium), "%s",
	    row->medium == NULL ? "" : row->medium);
	(void)snprintf(key->source, sizeof(key->source), "%s",
	    row->source == NULL ? "" : row->source);
	return 1;
}

/* An open finding is what the status says of its kind and place. */
static int
key_of_finding(const struct notices *notices, uint64_t finding,
    struct outbox_key *ret_key, struct error *err)
{
	const struct query_finding_filter filter = {.finding = finding};

	*ret_key = (struct outbox_key){.code = ""};
	if (query_findings(notices->service->catalog, CATALOG_NOW, &filter,
		take_finding, ret_key, err) != 0)
		return -1;
	if (ret_key->code[0] == '\0')
		return error_set(
		    err, ERROR_NOT_FOUND, _("there is no such open finding"));
	return 0;
}

static bool
is_asked(const char *asked, const char *is)
{
	return asked == NULL || strcmp(asked, is) == 0;
}

static bool
is_meant(const struct notices_acknowledgement *what,
    const struct outbox_key *finding, const struct notice_fact *fact)
{
	if (what->finding != 0)
		return outbox_key_is_same(finding, &fact->key);
	return strcmp(what->code, fact->key.code) == 0 &&
	       is_asked(what->system, fact->key.system) &&
	       is_asked(what->medium, fact->key.medium);
}

static void
set_text(json_t *entry, const char *name, const char *value)
{
	if (value[0] != '\0')
		(void)json_object_set_new(entry, name, json_string(value));
}

static int
record(struct service *service, const struct notices_acknowledgement *what,
    const struct notice_fact *fact, struct error *err)
{
	json_t *entry = json_pack("{s:s, s:s, s:s, s:I, s:s, s:I, s:s}", "type",
	    "acknowledged", "code", fact->key.code, "severity",
	    verdict_exit_name(fact->severity), "count", (json_int_t)fact->count,
	    "by", what->by, "until", (json_int_t)what->until, "note",
	    what->note);

	set_text(entry, "system", fact->key.system);
	set_text(entry, "medium", fact->key.medium);
	set_text(entry, "source", fact->key.source);
	return ledger_append(service, entry, NULL, err);
}

static int
remember(struct notices *notices, const struct notices_acknowledgement *what,
    const struct notice_fact *fact, struct error *err)
{
	struct outbox_ack ack = {
	    .key = fact->key,
	    .severity = fact->severity,
	    .count = fact->count,
	    .newest = fact->newest,
	    .at = clock_wall_ms(),
	    .until = what->until,
	};

	(void)snprintf(ack.by, sizeof(ack.by), "%s", what->by);
	notices->is_dirty = true;
	return outbox_acknowledge(&notices->outbox, &ack, err);
}

/* The journal first: what it lacks must not silence anything. */
static int
settle(struct notices *notices, const struct notices_acknowledgement *what,
    const struct notices_view *view, const struct outbox_key *finding,
    uint64_t *ret_count, struct error *err)
{
	struct service *service = notices->service;
	uint64_t count = 0;

	if (ledger_begin(service, err) != 0)
		return -1;
	for (size_t i = 0; i < view->count; i++) {
		if (!is_meant(what, finding, &view->facts[i]))
			continue;
		if (record(service, what, &view->facts[i], err) != 0)
			goto rollback;
		count++;
	}
	if (count == 0) {
		(void)!error_set(err, ERROR_NOT_FOUND,
		    _("the status has no such problem now"));
		goto rollback;
	}
	if (ledger_commit(service, err) != 0)
		goto rollback;
	for (size_t i = 0; i < view->count; i++)
		if (is_meant(what, finding, &view->facts[i]) &&
		    remember(notices, what, &view->facts[i], err) != 0)
			return -1;
	notices_save(notices);
	*ret_count = count;
	return 0;
rollback:
	ledger_rollback(service);
	return -1;
}

int
notices_acknowledge(struct notices *notices,
    const struct notices_acknowledgement *what, uint64_t *ret_count,
    struct error *err)
{
	const int64_t now = clock_wall_ms();
	struct outbox_key finding = {.code = ""};
	struct notices_view view;
	int rc = -1;

	if ((what->finding != 0) == (what->code != NULL))
		return error_set(err, ERROR_USAGE, "finding");
	if (words_check(what->by, "by", err) != 0 ||
	    words_check(what->note, "note", err) != 0)
		return -1;
	if (what->until <= now || what->until > now + NOTICES_ACK_MAX_MS)
		return error_set(err, ERROR_USAGE,
		    _("until: it must lie ahead, and within 90 days"));
	if (what->finding != 0 &&
	    key_of_finding(notices, what->finding, &finding, err) != 0)
		return -1;
	if (notices_look(notices, &view, err) == 0)
		rc = settle(notices, what, &view, &finding, ret_count, err);
	notices_view_done(&view);
	return rc;
}

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

/* What came after it is not acknowledged with it. */
static void
add_ack(const struct notices *notices, json_t *reason, int64_t now)
{
	struct outbox_key key;
	const struct outbox_ack *ack;

	(void)snprintf(
	    key.code, sizeof(key.code), "%s", text_of(reason, "code"));
	(void)snprintf(
	    key.system, sizeof(key.system), "%s", text_of(reason, "system"));
	(void)snprintf(
	    key.medium, sizeof(key.medium), "%s", text_of(reason, "medium"));
	(void)snprintf(
	    key.source, sizeof(key.source), "%s", text_of(reason, "source"));
	ack = outbox_ack_of(&notices->outbox, &key,
	    verdict_exit_parse(text_of(reason, "severity")),
	    (uint64_t)json_integer_value(json_object_get(reason, "count")),
	    (uint64_t)json_integer_value(json_object_get(reason, "newest")),
	    now);
	if (ack != NULL)
		(void)json_object_set_new(reason, "acknowledged",
		    json_pack("{s:s, s:I}", "by", ack->by, "until",
			(json_int_t)ack->until));
}

/*
 * A warning, told last of what is not good: the backups are no worse for it,
 * but what is only for information must not stand as the reason in its place.
 */
static void
add_undelivered(json_t *status, uint64_t count)
{
	const enum verdict_exit severity =
	    reason_severity(REASON_NOTICE_UNDELIVERED);
	enum verdict_exit exit =
	    verdict_exit_worse((enum verdict_exit)json_integer_value(
				   json_object_get(status, "exit")),
		severity);
	json_t *reasons = json_object_get(status, "reasons"), *reason;
	size_t at;

	json_array_foreach(reasons, at, reason)
	{
		const char *word =
		    json_string_value(json_object_get(reason, "severity"));

		if (word != NULL &&
		    strcmp(word, verdict_exit_name(VERDICT_EXIT_GOOD)) == 0)
			break;
	}
	(void)json_object_set_new(status, "exit", json_integer(exit));
	(void)json_object_set_new(
	    status, "status", json_string(verdict_exit_name(exit)));
	(void)json_array_insert_new(reasons, at,
	    json_pack("{s:s, s:s, s:I}", "code",
		reason_name(REASON_NOTICE_UNDELIVERED), "severity",
		verdict_exit_name(severity), "count", (json_int_t)count));
}

void
notices_add_live(const struct notices *notices, json_t *status)
{
	uint64_t undelivered = notices_undelivered(notices);
	const int64_t now = clock_wall_ms();
	json_t *reason;
	size_t i;

	if (undelivered > 0)
		add_undelivered(status, undelivered);
	json_array_foreach(json_object_get(status, "reasons"), i, reason)
	{
		add_ack(notices, reason, now);
	}
}
