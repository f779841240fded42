#include "daemon/notices.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/notices_internal.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/os/file.h"

/* A look at least this often, and no sooner after the last, ms. */
#define LOOK_MOST_MS (30 * CLOCK_SECOND_MS)
#define LOOK_LEAST_MS (2 * CLOCK_SECOND_MS)
/* A look that takes long is taken less often: 2 % of the time at most. */
#define LOOK_SHARE 50

static void
lower(int64_t *least, int64_t value)
{
	if (value > 0 && value < *least)
		*least = value;
}

/* How long the next look may wait, by what the sections promise. */
static int64_t
longest_wait(const struct notices *notices)
{
	int64_t wait = LOOK_MOST_MS;

	for (size_t i = 0; i < notices->sender_count; i++) {
		const struct config_notify *rules = notices->senders[i].rules;

		lower(&wait, rules->delay_ms);
		lower(&wait, rules->group_ms);
		lower(&wait, rules->repeat_ms);
		lower(&wait, rules->escalate_ms);
	}
	return wait;
}

void
notices_save(struct notices *notices)
{
	struct error err = {0};

	if (!notices->is_dirty)
		return;
	if (outbox_save(notices->service->state_fd, &notices->outbox, &err) !=
	    0)
		log_event(LOG_LEVEL_ERROR, "%s: %s", OUTBOX_FILE, err.text);
	else
		notices->is_dirty = false;
}

/* Acknowledgements end by the clock, or with what they were about. */
static void
drop_acks(struct notices *notices, const struct notices_view *view, int64_t now)
{
	struct outbox *outbox = &notices->outbox;
	size_t kept = 0;

	for (size_t i = 0; i < outbox->ack_count; i++) {
		bool is_there = false;

		for (size_t k = 0; k < view->count && !is_there; k++)
			is_there = outbox_key_is_same(
			    &view->facts[k].key, &outbox->acks[i].key);
		if (is_there && now < outbox->acks[i].until)
			outbox->acks[kept++] = outbox->acks[i];
	}
	notices->is_dirty |= kept != outbox->ack_count;
	outbox->ack_count = kept;
}

/* The status as it is, or that nobody can tell. */
static int
take_view(
    struct notices *notices, struct notices_view *ret_view, struct error *err)
{
	struct error why = {0};

	if (notices_look(notices, ret_view, &why) == 0) {
		drop_acks(notices, ret_view, clock_wall_ms());
		return 0;
	}
	log_event(LOG_LEVEL_ERROR, "%s", why.text);
	notices_view_done(ret_view);
	return notices_look_unjudged(notices, ret_view, err);
}

static void
look(struct notices *notices, int64_t *wait)
{
	const int64_t began = clock_monotonic_ms();
	struct notices_view view = {.health = NULL};
	struct error err = {0};

	if (take_view(notices, &view, &err) == 0) {
		notices_queue_all(notices, &view);
		/* It is in the file before it is sent. */
		notices_save(notices);
	} else {
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	}
	for (size_t i = 0; i < notices->sender_count; i++)
		if (notices->senders[i].rules->method ==
		    CONFIG_METHOD_HEARTBEAT)
			lower(wait,
			    notices_heartbeat(&notices->senders[i], &view));
	notices_view_done(&view);
	notices->looked_at = clock_monotonic_ms();
	notices->look_cost_ms = notices->looked_at - began;
}

static void
on_tick(void *context)
{
	struct notices *notices = context;
	int64_t wait = longest_wait(notices);

	look(notices, &wait);
	for (size_t i = 0; i < notices->sender_count; i++)
		lower(&wait, notices_send_due(&notices->senders[i]));
	loop_set_timer(notices->service->loop, &notices->tick, wait);
}

void
notices_wake(struct notices *notices)
{
	int64_t pause, left;

	if (notices == NULL || notices->sender_count == 0)
		return;
	pause = notices->look_cost_ms * LOOK_SHARE;
	if (pause < LOOK_LEAST_MS)
		pause = LOOK_LEAST_MS;
	left = notices->looked_at + pause - clock_monotonic_ms();
	if (left < 0)
		left = 0;
	if (!notices->tick.is_set ||
	    notices->tick.at_ms > clock_monotonic_ms() + left)
		loop_set_timer(notices->service->loop, &notices->tick, left);
}

/* Channels of sections that are there no more, with what waits in them. */
static void
drop_channels(struct notices *notices)
{
	const struct config *config = notices->service->config;
	struct outbox *outbox = &notices->outbox;

	for (size_t i = outbox->channel_count; i-- > 0;) {
		const struct outbox_channel *channel = &outbox->channels[i];
		const struct config_notify *rules =
		    config_find_notify(config, channel->id);

		if (rules != NULL && rules->method != CONFIG_METHOD_HEARTBEAT)
			continue;
		if (channel->notice_count > 0)
			log_event(LOG_LEVEL_WARNING,
			    _("[notify %s] is configured no more; what waited "
			      "there is dropped"),
			    channel->id);
		outbox_close(outbox, channel->id);
		notices->is_dirty = true;
	}
}

static void
end_senders(struct notices *notices)
{
	for (size_t i = 0; i < notices->sender_count; i++) {
		notices_send_stop(&notices->senders[i]);
		notices_heartbeat_end(&notices->senders[i]);
	}
	free(notices->senders);
	notices->senders = NULL;
	notices->sender_count = 0;
}

int
notices_configure(struct notices *notices, struct error *err)
{
	const struct config *config = notices->service->config;
	const int64_t now = clock_wall_ms();
	struct notices_sender *senders;

	/* They hold sections of a configuration that goes. */
	end_senders(notices);
	senders = calloc(config->notify_count + 1, sizeof(*senders));
	if (senders == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	notices->senders = senders;
	notices->sender_count = config->notify_count;
	drop_channels(notices);
	for (size_t i = 0; i < config->notify_count; i++) {
		const struct config_notify *rules = &config->notifies[i];

		senders[i] = (struct notices_sender){
		    .notices = notices, .rules = rules, .wire_fd = -1};
		/* What an end without warning left there tells nothing. */
		notices_heartbeat_end(&senders[i]);
		if (rules->method == CONFIG_METHOD_HEARTBEAT ||
		    outbox_find(&notices->outbox, rules->id) != NULL)
			continue;
		if (outbox_open(&notices->outbox, rules->id, now, err) == NULL)
			return -1;
		notices->is_dirty = true;
	}
	notices_save(notices);
	if (notices->sender_count > 0)
		loop_set_timer(notices->service->loop, &notices->tick, 0);
	else
		loop_unset_timer(notices->service->loop, &notices->tick);
	return 0;
}

int
notices_new(
    struct service *service, struct notices **ret_notices, struct error *err)
{
	struct notices *notices = calloc(1, sizeof(*notices));
	struct error why = {0};

	if (notices == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	notices->service = service;
	notices->run_fd = -1;
	i18n_remember(&notices->own);
	notices->tick =
	    (struct loop_timer){.ring = on_tick, .context = notices};
	/* It is no evidence: what is wrong is told once more. */
	if (outbox_load(service->state_fd, &notices->outbox, &why) != 0) {
		log_event(LOG_LEVEL_ERROR, "%s: %s", OUTBOX_FILE, why.text);
		notices->is_dirty = true;
	}
	if (file_open_below(service->root_fd, SERVICE_RUN,
		O_RDONLY | O_DIRECTORY, &notices->run_fd, err) != 0 ||
	    notices_configure(notices, err) != 0) {
		notices_free(notices);
		return -1;
	}
	*ret_notices = notices;
	return 0;
}

void
notices_free(struct notices *notices)
{
	if (notices == NULL)
		return;
	loop_unset_timer(notices->service->loop, &notices->tick);
	end_senders(notices);
	notices_save(notices);
	outbox_done(&notices->outbox);
	if (notices->run_fd >= 0)
		(void)close(notices->run_fd);
	free(notices);
}
