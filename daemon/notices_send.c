/* From the outbox to the programs, one at a time for each section. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/notices_internal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/base/quantity.h"
#include "lib/base/text.h"
#include "lib/format/mail.h"

#define SENDER "hikae"

void
notices_send_stop(struct notices_sender *sender)
{
	struct loop *loop = sender->notices->service->loop;

	if (sender->handle == NULL)
		return;
	if (sender->wire_fd >= 0)
		loop_unwatch(loop, sender->wire_fd);
	sender->wire_fd = -1;
	loop_unset_timer(loop, &sender->deadline);
	messenger_handle_free(sender->handle);
	sender->handle = NULL;
}

/* Why it failed, in a line that can be shown. */
static void
describe_failure(const struct messenger_answer *answer,
    const struct config_notify *rules, char said[OUTBOX_SAID_BYTES])
{
	char text[OUTBOX_SAID_BYTES / 2], limit[QUANTITY_TEXT_BYTES];
	size_t length = strlen(answer->said);

	while (length > 0 && strchr(" \r\n", answer->said[length - 1]) != NULL)
		length--;
	(void)text_escape(text, sizeof(text), answer->said, length);
	switch (answer->outcome) {
	case MESSENGER_EXITED:
		(void)snprintf(said, OUTBOX_SAID_BYTES, _("exit status %u; %s"),
		    answer->status, text);
		break;
	case MESSENGER_KILLED:
		(void)snprintf(said, OUTBOX_SAID_BYTES,
		    _("ended by signal %u; %s"), answer->status, text);
		break;
	case MESSENGER_TIMEOUT:
		(void)snprintf(said, OUTBOX_SAID_BYTES,
		    _("not done after %s, and ended; %s"),
		    quantity_format_duration(rules->timeout_ms, limit), text);
		break;
	case MESSENGER_FAILED:
		(void)snprintf(said, OUTBOX_SAID_BYTES, "%s", text);
		break;
	}
}

/* A notice was tried; said is "" where it went well. */
static void
note_attempt(struct notices_sender *sender, const char *said)
{
	struct notices *notices = sender->notices;
	struct outbox_channel *channel =
	    outbox_find(&notices->outbox, sender->rules->id);
	struct outbox_notice *notice =
	    channel == NULL ? NULL : outbox_notice(channel, sender->notice);
	const int64_t now = clock_wall_ms();
	bool is_test;

	/* It may have made room for others meanwhile. */
	if (notice == NULL)
		return;
	is_test = strcmp(notice->event, "test") == 0;
	channel->last = (struct outbox_last){
	    .id = notice->id, .at = now, .is_delivered = said[0] == '\0'};
	memcpy(channel->last.event, notice->event, sizeof(channel->last.event));
	(void)snprintf(
	    channel->last.said, sizeof(channel->last.said), "%s", said);
	if (said[0] == '\0')
		channel->delivered++;
	else
		channel->failed++;
	if (said[0] != '\0')
		log_event(LOG_LEVEL_WARNING,
		    _("[notify %s]: a notification was not delivered: %s"),
		    channel->id, said);
	/* Whoever tests is told at once, and tries again; what waited goes
	 * out when a test does. */
	if (said[0] == '\0')
		outbox_deliver(channel, notice->id,
		    is_test ? 0 : sender->rules->retry_ms, now);
	else if (is_test)
		outbox_remove(channel, notice->id);
	else
		outbox_postpone(notice, sender->rules->retry_ms, now);
	notices->is_dirty = true;
	notices_save(notices);
}

static void
note_beat(struct notices_sender *sender, const char *said)
{
	if (said[0] == '\0') {
		sender->beats_told++;
		sender->beats_failing = 0;
		return;
	}
	sender->beats_failed++;
	if (sender->beats_failing++ == 0)
		log_event(LOG_LEVEL_WARNING,
		    _("[notify %s]: a heartbeat was not told: %s"),
		    sender->rules->id, said);
	(void)snprintf(sender->said, sizeof(sender->said), "%s", said);
}

/* Whether it went well or not: the next one, or later. */
static void
conclude(struct notices_sender *sender, const char *said)
{
	const enum notices_beat beat = sender->beat;

	notices_send_stop(sender);
	if (sender->notice != 0)
		note_attempt(sender, said);
	else
		note_beat(sender, said);
	sender->notice = 0;
	sender->beat = NOTICES_BEAT_NONE;
	if (beat == NOTICES_BEAT_ALIVE && sender->was_well)
		notices_send_beat(
		    sender, NOTICES_BEAT_WELL, VERDICT_EXIT_GOOD, "");
	notices_wake(sender->notices);
}

static void
on_wire(void *context, short revents)
{
	struct notices_sender *sender = context;
	struct messenger_answer answer;
	char said[OUTBOX_SAID_BYTES] = "";
	struct error err = {0};
	int got = messenger_handle_next(sender->handle, &answer, &err);

	(void)revents;
	if (got == 0)
		return;
	if (got < 0)
		(void)snprintf(said, sizeof(said), "%s", err.text);
	else if (!messenger_answer_is_good(&answer))
		describe_failure(&answer, sender->rules, said);
	conclude(sender, said);
}

static void
on_deadline(void *context)
{
	conclude(context, _("the process that notifies does not answer"));
}

/* Root's services are for root's hikaed. */
static const char *
socket_of(const struct service *service)
{
	return strcmp(service->root, "/") == 0 ? MESSENGER_HANDLE_SOCKET : NULL;
}

static int
start(struct notices_sender *sender, struct messenger_order *order,
    struct error *err)
{
	const struct service *service = sender->notices->service;
	int64_t left;

	(void)snprintf(order->root, sizeof(order->root), "%s", service->root);
	(void)snprintf(
	    order->section, sizeof(order->section), "%s", sender->rules->id);
	order->deadline_ms = (uint32_t)sender->rules->timeout_ms;
	if (messenger_handle_open(
		order, socket_of(service), &sender->handle, err) != 0)
		return -1;
	sender->wire_fd = messenger_handle_wire_fd(sender->handle);
	sender->deadline =
	    (struct loop_timer){.ring = on_deadline, .context = sender};
	if (loop_watch(service->loop, sender->wire_fd, POLLIN, on_wire, sender,
		err) != 0) {
		sender->wire_fd = -1;
		notices_send_stop(sender);
		return -1;
	}
	left =
	    messenger_handle_deadline_ms(sender->handle) - clock_monotonic_ms();
	loop_set_timer(service->loop, &sender->deadline, left > 0 ? left : 0);
	return 0;
}

static void
append_mail(struct bytes *out, const struct notices_sender *sender,
    const struct outbox_notice *notice)
{
	const struct config *config = sender->notices->service->config;
	const struct config_notify *rules = sender->rules;
	char id[128], name[512];
	const struct mail mail = {
	    .from = rules->from[0] != '\0' ? rules->from : SENDER,
	    .from_name = name,
	    .to = rules->to.items,
	    .to_count = rules->to.count,
	    .subject = notice->subject,
	    .text = notice->text,
	    .id = id,
	    .at_ms = notice->made_at,
	};

	/* A message that is sent twice is known by it. */
	(void)snprintf(id, sizeof(id), "hikae.%lld.%llu.%s",
	    (long long)notice->made_at, (unsigned long long)notice->id,
	    config->facility.id);
	(void)snprintf(name, sizeof(name), SENDER " %s", config->facility.name);
	mail_append(out, &mail);
}

static int
send_notice(struct notices_sender *sender, const struct outbox_notice *notice,
    struct error *err)
{
	struct messenger_order *order = calloc(1, sizeof(*order));
	struct bytes input = BYTES_EMPTY;
	int rc = -1;

	if (order == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (sender->rules->method == CONFIG_METHOD_MAIL)
		append_mail(&input, sender, notice);
	else
		bytes_append_format(
		    &input, "%s\n\n%s", notice->subject, notice->text);
	(void)snprintf(order->event, sizeof(order->event), "%s", notice->event);
	(void)snprintf(order->state, sizeof(order->state), "%s",
	    verdict_exit_name(notice->state));
	(void)snprintf(
	    order->subject, sizeof(order->subject), "%s", notice->subject);
	order->input = input.data;
	order->input_length = input.length;
	sender->notice = notice->id;
	if (bytes_check(&input, err) == 0)
		rc = start(sender, order, err);
	bytes_done(&input);
	free(order);
	return rc;
}

int64_t
notices_send_due(struct notices_sender *sender)
{
	struct outbox *outbox = &sender->notices->outbox;
	const struct outbox_channel *channel =
	    outbox_find(outbox, sender->rules->id);
	const struct outbox_notice *notice;
	struct error err = {0};
	int64_t wait = -1;

	if (channel == NULL || sender->handle != NULL)
		return -1;
	notice = outbox_due(channel, clock_wall_ms(), &wait);
	if (notice == NULL)
		return wait;
	if (send_notice(sender, notice, &err) != 0) {
		note_attempt(sender, err.text);
		sender->notice = 0;
		(void)!outbox_due(channel, clock_wall_ms(), &wait);
		return wait > 0 ? wait : CLOCK_SECOND_MS;
	}
	return -1;
}

void
notices_send_beat(struct notices_sender *sender, enum notices_beat beat,
    enum verdict_exit state, const char *text)
{
	struct messenger_order *order;
	struct error err = {0};

	if (config_notify_program(sender->rules) == NULL)
		return;
	order = calloc(1, sizeof(*order));
	if (order == NULL)
		return;
	(void)snprintf(order->event, sizeof(order->event), "%s",
	    beat == NOTICES_BEAT_WELL ? "well" : "alive");
	(void)snprintf(
	    order->state, sizeof(order->state), "%s", verdict_exit_name(state));
	order->input = (const uint8_t *)text;
	order->input_length = strlen(text);
	sender->beat = beat;
	sender->notice = 0;
	if (start(sender, order, &err) != 0) {
		sender->beat = NOTICES_BEAT_NONE;
		note_beat(sender, err.text);
	}
	free(order);
}
