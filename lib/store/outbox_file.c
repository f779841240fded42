/* The outbox as a file: FORMATS section 10.1. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/format/json.h"
#include "lib/os/file.h"
#include "lib/store/outbox.h"

#define VERSION 1
/* All that the limits of the outbox allow is less. */
#define FILE_BYTES_MAX (64 * 1024 * 1024)

static json_t *
pack_key(const struct outbox_key *key)
{
	return json_pack("{s:s, s:s, s:s, s:s}", "code", key->code, "system",
	    key->system, "medium", key->medium, "source", key->source);
}

static json_t *
pack_problem(const struct outbox_problem *problem)
{
	return json_pack("{s:o, s:i, s:I, s:I, s:I, s:I, s:I, s:I, s:b}", "key",
	    pack_key(&problem->key), "severity", (int)problem->severity,
	    "count", (json_int_t)problem->count, "newest",
	    (json_int_t)problem->newest, "seen_at",
	    (json_int_t)problem->seen_at, "told_at",
	    (json_int_t)problem->told_at, "first_told_at",
	    (json_int_t)problem->first_told_at, "held_at",
	    (json_int_t)problem->held_at, "is_escalated",
	    (int)problem->is_escalated);
}

static json_t *
pack_notice(const struct outbox_notice *notice)
{
	return json_pack("{s:I, s:s, s:i, s:I, s:I, s:I, s:b, s:s, s:s}", "id",
	    (json_int_t)notice->id, "event", notice->event, "state",
	    (int)notice->state, "made_at", (json_int_t)notice->made_at,
	    "next_at", (json_int_t)notice->next_at, "attempts",
	    (json_int_t)notice->attempts, "is_escalated",
	    (int)notice->is_escalated, "subject", notice->subject, "text",
	    notice->text);
}

static json_t *
pack_channel(const struct outbox_channel *channel)
{
	json_t *problems = json_array(), *notices = json_array();

	for (size_t i = 0; i < channel->problem_count; i++)
		(void)json_array_append_new(
		    problems, pack_problem(&channel->problems[i]));
	for (size_t i = 0; i < channel->notice_count; i++)
		(void)json_array_append_new(
		    notices, pack_notice(&channel->notices[i]));
	return json_pack(
	    "{s:s, s:I, s:I, s:i, s:I, s:I, s:I, s:{s:I, s:s, s:I, s:b, s:s}, "
	    "s:o, s:o}",
	    "id", channel->id, "digest_at", (json_int_t)channel->digest_at,
	    "told_at", (json_int_t)channel->told_at, "told_severity",
	    (int)channel->told_severity, "delivered",
	    (json_int_t)channel->delivered, "failed",
	    (json_int_t)channel->failed, "dropped",
	    (json_int_t)channel->dropped, "last", "id",
	    (json_int_t)channel->last.id, "event", channel->last.event, "at",
	    (json_int_t)channel->last.at, "is_delivered",
	    (int)channel->last.is_delivered, "said", channel->last.said,
	    "problems", problems, "notices", notices);
}

static json_t *
pack(const struct outbox *outbox)
{
	json_t *channels = json_array(), *acks = json_array();

	for (size_t i = 0; i < outbox->channel_count; i++)
		(void)json_array_append_new(
		    channels, pack_channel(&outbox->channels[i]));
	for (size_t i = 0; i < outbox->ack_count; i++) {
		const struct outbox_ack *ack = &outbox->acks[i];

		(void)json_array_append_new(acks,
		    json_pack("{s:o, s:i, s:I, s:I, s:I, s:I, s:s}", "key",
			pack_key(&ack->key), "severity", (int)ack->severity,
			"count", (json_int_t)ack->count, "newest",
			(json_int_t)ack->newest, "at", (json_int_t)ack->at,
			"until", (json_int_t)ack->until, "by", ack->by));
	}
	return json_pack("{s:i, s:I, s:o, s:o}", "version", VERSION, "next_id",
	    (json_int_t)outbox->next_id, "channels", channels, "acks", acks);
}

int
outbox_save(int state_fd, const struct outbox *outbox, struct error *err)
{
	struct file_replacement file = {0};
	json_t *value = pack(outbox);
	char *text = value == NULL ? NULL : json_dumps(value, JSON_COMPACT);
	int rc = -1;

	json_decref(value);
	if (text == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (file_replacement_begin(&file, state_fd, OUTBOX_FILE, 0600, err) ==
		0 &&
	    file_write_all(file.fd, text, strlen(text), err) == 0 &&
	    file_replacement_commit(&file, err) == 0)
		rc = 0;
	file_replacement_rollback(&file);
	free(text);
	return rc;
}

/* What does not have its form makes the whole file unusable. */
static bool
take_text(const json_t *object, const char *name, char *room, size_t size)
{
	const char *text;

	if (json_get_text(object, name, &text) != 0 || strlen(text) >= size)
		return false;
	memcpy(room, text, strlen(text) + 1);
	return true;
}

static bool
take_severity(
    const json_t *object, const char *name, enum verdict_exit *ret_severity)
{
	int64_t value;

	if (json_get_i64(object, name, &value) != 0 || value < 0 ||
	    value > VERDICT_EXIT_UNDETERMINED)
		return false;
	*ret_severity = (enum verdict_exit)value;
	return true;
}

/* What an earlier version did not write is 0. */
static bool
take_instant(const json_t *object, const char *name, int64_t *ret_ms)
{
	*ret_ms = 0;
	return json_object_get(object, name) == NULL ||
	       json_get_i64(object, name, ret_ms) == 0;
}

static bool
take_newest(const json_t *object, uint64_t *ret_newest)
{
	*ret_newest = 0;
	return json_object_get(object, "newest") == NULL ||
	       json_get_u64(object, "newest", ret_newest) == 0;
}

static bool
take_key(const json_t *object, struct outbox_key *key)
{
	const json_t *from = json_object_get(object, "key");

	return take_text(from, "code", key->code, sizeof(key->code)) &&
	       take_text(from, "system", key->system, sizeof(key->system)) &&
	       take_text(from, "medium", key->medium, sizeof(key->medium)) &&
	       take_text(from, "source", key->source, sizeof(key->source));
}

static bool
take_problem(const json_t *from, struct outbox_problem *problem)
{
	return take_key(from, &problem->key) &&
	       take_severity(from, "severity", &problem->severity) &&
	       json_get_u64(from, "count", &problem->count) == 0 &&
	       take_newest(from, &problem->newest) &&
	       json_get_i64(from, "seen_at", &problem->seen_at) == 0 &&
	       json_get_i64(from, "told_at", &problem->told_at) == 0 &&
	       json_get_i64(from, "first_told_at", &problem->first_told_at) ==
		   0 &&
	       take_instant(from, "held_at", &problem->held_at) &&
	       json_get_bool(from, "is_escalated", &problem->is_escalated) == 0;
}

static bool
take_notice(const json_t *from, struct outbox_notice *notice)
{
	const char *subject, *text;
	uint64_t attempts;

	if (json_get_u64(from, "id", &notice->id) != 0 ||
	    !take_text(from, "event", notice->event, sizeof(notice->event)) ||
	    !take_severity(from, "state", &notice->state) ||
	    json_get_i64(from, "made_at", &notice->made_at) != 0 ||
	    json_get_i64(from, "next_at", &notice->next_at) != 0 ||
	    json_get_u64(from, "attempts", &attempts) != 0 ||
	    attempts > UINT32_MAX ||
	    json_get_bool(from, "is_escalated", &notice->is_escalated) != 0 ||
	    json_get_text(from, "subject", &subject) != 0 ||
	    json_get_text(from, "text", &text) != 0)
		return false;
	notice->attempts = (uint32_t)attempts;
	notice->subject = strdup(subject);
	notice->text = strdup(text);
	return notice->subject != NULL && notice->text != NULL;
}

/* Room for the items of a list, up to max; NULL: there are too many. */
static void *
room_for(const json_t *list, size_t size, size_t max)
{
	size_t count = json_array_size(list);

	return count > max ? NULL : calloc(count > 0 ? count : 1, size);
}

static bool
take_last(const json_t *from, struct outbox_last *last)
{
	return json_get_u64(from, "id", &last->id) == 0 &&
	       take_text(from, "event", last->event, sizeof(last->event)) &&
	       json_get_i64(from, "at", &last->at) == 0 &&
	       json_get_bool(from, "is_delivered", &last->is_delivered) == 0 &&
	       take_text(from, "said", last->said, sizeof(last->said));
}

static bool
take_channel(const json_t *from, struct outbox_channel *channel)
{
	const json_t *problems = json_object_get(from, "problems");
	const json_t *notices = json_object_get(from, "notices");

	channel->problems =
	    room_for(problems, sizeof(*channel->problems), OUTBOX_PROBLEMS_MAX);
	channel->notices =
	    room_for(notices, sizeof(*channel->notices), OUTBOX_NOTICES_MAX);
	if (channel->problems == NULL || channel->notices == NULL ||
	    !take_text(from, "id", channel->id, sizeof(channel->id)) ||
	    json_get_i64(from, "digest_at", &channel->digest_at) != 0 ||
	    !take_instant(from, "told_at", &channel->told_at) ||
	    (json_object_get(from, "told_severity") != NULL &&
		!take_severity(
		    from, "told_severity", &channel->told_severity)) ||
	    json_get_u64(from, "delivered", &channel->delivered) != 0 ||
	    json_get_u64(from, "failed", &channel->failed) != 0 ||
	    json_get_u64(from, "dropped", &channel->dropped) != 0 ||
	    !take_last(json_object_get(from, "last"), &channel->last))
		return false;
	for (size_t i = 0; i < json_array_size(problems); i++)
		if (!take_problem(json_array_get(problems, i),
			&channel->problems[channel->problem_count++]))
			return false;
	for (size_t i = 0; i < json_array_size(notices); i++)
		if (!take_notice(json_array_get(notices, i),
			&channel->notices[channel->notice_count++]))
			return false;
	return true;
}

static bool
take_ack(const json_t *from, struct outbox_ack *ack)
{
	return take_key(from, &ack->key) &&
	       take_severity(from, "severity", &ack->severity) &&
	       json_get_u64(from, "count", &ack->count) == 0 &&
	       take_newest(from, &ack->newest) &&
	       json_get_i64(from, "at", &ack->at) == 0 &&
	       json_get_i64(from, "until", &ack->until) == 0 &&
	       take_text(from, "by", ack->by, sizeof(ack->by));
}

#define CHANNELS_MAX 2000

static bool
take(const json_t *from, struct outbox *outbox)
{
	const json_t *channels = json_object_get(from, "channels");
	const json_t *acks = json_object_get(from, "acks");
	int64_t version;

	outbox->channels =
	    room_for(channels, sizeof(*outbox->channels), CHANNELS_MAX);
	outbox->acks = room_for(acks, sizeof(*outbox->acks), OUTBOX_ACKS_MAX);
	if (outbox->channels == NULL || outbox->acks == NULL ||
	    json_get_i64(from, "version", &version) != 0 ||
	    version != VERSION ||
	    json_get_u64(from, "next_id", &outbox->next_id) != 0)
		return false;
	for (size_t i = 0; i < json_array_size(channels); i++)
		if (!take_channel(json_array_get(channels, i),
			&outbox->channels[outbox->channel_count++]))
			return false;
	for (size_t i = 0; i < json_array_size(acks); i++)
		if (!take_ack(json_array_get(acks, i),
			&outbox->acks[outbox->ack_count++]))
			return false;
	return true;
}

int
outbox_load(int state_fd, struct outbox *ret_outbox, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	struct error why = {0};
	json_t *value = NULL;
	int fd = -1, rc = -1;

	*ret_outbox = (struct outbox){.next_id = 1};
	if (file_open_below(state_fd, OUTBOX_FILE, O_RDONLY, &fd, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		if (err != NULL)
			*err = why;
		return -1;
	}
	if (file_read_whole(fd, FILE_BYTES_MAX, &text, err) != 0)
		goto out;
	value = json_parse((const char *)text.data, text.length, err);
	if (value == NULL)
		goto out;
	if (!take(value, ret_outbox)) {
		outbox_done(ret_outbox);
		(void)!error_set(
		    err, ERROR_INPUT, _("malformed file of notifications"));
		goto out;
	}
	rc = 0;
out:
	json_decref(value);
	bytes_done(&text);
	(void)close(fd);
	return rc;
}
