/* What waits, and how the last attempt went, for `hikae notify list`. */
#include "daemon/notices_internal.h"

static json_t *
describe_notice(const struct outbox_notice *notice)
{
	return json_pack("{s:I, s:s, s:s, s:I, s:I, s:I, s:s}", "id",
	    (json_int_t)notice->id, "event", notice->event, "state",
	    verdict_exit_name(notice->state), "made_at",
	    (json_int_t)notice->made_at, "next_at", (json_int_t)notice->next_at,
	    "attempts", (json_int_t)notice->attempts, "subject",
	    notice->subject);
}

static json_t *
describe_last(const struct outbox_last *last)
{
	json_t *object = json_pack("{s:I, s:s, s:I, s:b}", "id",
	    (json_int_t)last->id, "event", last->event, "at",
	    (json_int_t)last->at, "is_delivered", (int)last->is_delivered);

	if (last->said[0] != '\0')
		(void)json_object_set_new(
		    object, "said", json_string(last->said));
	return object;
}

/* Problems that wait to be told in one message. */
static uint64_t
count_held(const struct outbox_channel *channel)
{
	uint64_t count = 0;

	for (size_t i = 0; i < channel->problem_count; i++)
		count += channel->problems[i].held_at != 0;
	return count;
}

static void
add_channel(json_t *section, const struct outbox_channel *channel)
{
	json_t *waiting = json_array();

	for (size_t i = 0; i < channel->notice_count; i++)
		(void)json_array_append_new(
		    waiting, describe_notice(&channel->notices[i]));
	(void)json_object_set_new(section, "waiting", waiting);
	(void)json_object_set_new(
	    section, "held", json_of_u64(count_held(channel)));
	(void)json_object_set_new(
	    section, "delivered", json_of_u64(channel->delivered));
	(void)json_object_set_new(
	    section, "failed", json_of_u64(channel->failed));
	(void)json_object_set_new(
	    section, "undelivered", json_of_u64(outbox_undeliverable(channel)));
	(void)json_object_set_new(
	    section, "dropped", json_of_u64(channel->dropped));
	if (channel->last.id != 0)
		(void)json_object_set_new(
		    section, "last", describe_last(&channel->last));
}

static void
add_heartbeat(json_t *section, const struct notices_sender *sender)
{
	(void)json_object_set_new(
	    section, "is_well", json_boolean(sender->was_well));
	(void)json_object_set_new(
	    section, "delivered", json_of_u64(sender->beats_told));
	(void)json_object_set_new(
	    section, "failed", json_of_u64(sender->beats_failed));
	if (sender->beats_failing > 0)
		(void)json_object_set_new(
		    section, "said", json_string(sender->said));
}

static json_t *
describe_section(
    const struct notices *notices, const struct notices_sender *sender)
{
	const struct outbox_channel *channel =
	    outbox_find(&notices->outbox, sender->rules->id);
	json_t *section = json_pack("{s:s, s:s, s:b}", "id", sender->rules->id,
	    "method", config_method_name(sender->rules->method), "is_sending",
	    (int)(sender->handle != NULL));

	if (channel != NULL)
		add_channel(section, channel);
	else
		add_heartbeat(section, sender);
	return section;
}

static json_t *
describe_ack(const struct outbox_ack *ack)
{
	json_t *object = json_pack("{s:s, s:s, s:I, s:I, s:I}", "code",
	    ack->key.code, "by", ack->by, "count", (json_int_t)ack->count, "at",
	    (json_int_t)ack->at, "until", (json_int_t)ack->until);

	if (ack->key.system[0] != '\0')
		(void)json_object_set_new(
		    object, "system", json_string(ack->key.system));
	if (ack->key.medium[0] != '\0')
		(void)json_object_set_new(
		    object, "medium", json_string(ack->key.medium));
	if (ack->key.source[0] != '\0')
		(void)json_object_set_new(
		    object, "source", json_string(ack->key.source));
	return object;
}

json_t *
notices_describe(const struct notices *notices)
{
	json_t *sections = json_array(), *acks = json_array();

	for (size_t i = 0; i < notices->sender_count; i++)
		(void)json_array_append_new(
		    sections, describe_section(notices, &notices->senders[i]));
	for (size_t i = 0; i < notices->outbox.ack_count; i++)
		(void)json_array_append_new(
		    acks, describe_ack(&notices->outbox.acks[i]));
	return json_pack(
	    "{s:o, s:o}", "sections", sections, "acknowledged", acks);
}
