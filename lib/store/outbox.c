#include "lib/store/outbox.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* A clock that goes back must not stop the mail: wait no longer than this. */
static int64_t
wait_until(int64_t next_at, int64_t now)
{
	int64_t wait = next_at - now;

	if (wait <= 0 || wait > OUTBOX_RETRY_MAX_MS)
		return 0;
	return wait;
}

bool
outbox_key_is_same(const struct outbox_key *a, const struct outbox_key *b)
{
	return strcmp(a->code, b->code) == 0 &&
	       strcmp(a->system, b->system) == 0 &&
	       strcmp(a->medium, b->medium) == 0 &&
	       strcmp(a->source, b->source) == 0;
}

static void
notice_done(struct outbox_notice *notice)
{
	free(notice->subject);
	free(notice->text);
}

static void
channel_done(struct outbox_channel *channel)
{
	for (size_t i = 0; i < channel->notice_count; i++)
		notice_done(&channel->notices[i]);
	free(channel->notices);
	free(channel->problems);
}

void
outbox_done(struct outbox *outbox)
{
	for (size_t i = 0; i < outbox->channel_count; i++)
		channel_done(&outbox->channels[i]);
	free(outbox->channels);
	free(outbox->acks);
	*outbox = (struct outbox){.next_id = 1};
}

struct outbox_channel *
outbox_find(const struct outbox *outbox, const char *id)
{
	for (size_t i = 0; i < outbox->channel_count; i++)
		if (strcmp(outbox->channels[i].id, id) == 0)
			return &outbox->channels[i];
	return NULL;
}

struct outbox_channel *
outbox_open(
    struct outbox *outbox, const char *id, int64_t now, struct error *err)
{
	struct outbox_channel *channel = outbox_find(outbox, id), *moved;

	if (channel != NULL)
		return channel;
	moved = reallocarray(
	    outbox->channels, outbox->channel_count + 1, sizeof(*moved));
	if (moved == NULL || strlen(id) >= sizeof(channel->id)) {
		if (moved != NULL)
			outbox->channels = moved;
		(void)!error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	outbox->channels = moved;
	channel = &moved[outbox->channel_count++];
	*channel = (struct outbox_channel){.digest_at = now};
	memcpy(channel->id, id, strlen(id) + 1);
	return channel;
}

void
outbox_close(struct outbox *outbox, const char *id)
{
	struct outbox_channel *channel = outbox_find(outbox, id);
	size_t at;

	if (channel == NULL)
		return;
	at = (size_t)(channel - outbox->channels);
	channel_done(channel);
	memmove(channel, channel + 1,
	    (outbox->channel_count - at - 1) * sizeof(*channel));
	outbox->channel_count--;
}

void
outbox_remove(struct outbox_channel *channel, uint64_t id)
{
	struct outbox_notice *notice = outbox_notice(channel, id);
	size_t at;

	if (notice == NULL)
		return;
	at = (size_t)(notice - channel->notices);
	notice_done(notice);
	memmove(notice, notice + 1,
	    (channel->notice_count - at - 1) * sizeof(*notice));
	channel->notice_count--;
}

void
outbox_deliver(
    struct outbox_channel *channel, uint64_t id, int64_t retry_ms, int64_t now)
{
	outbox_remove(channel, id);
	for (size_t i = 0; i < channel->notice_count; i++) {
		struct outbox_notice *notice = &channel->notices[i];

		if (notice->next_at > now && now - notice->tried_at >= retry_ms)
			notice->next_at = now;
	}
}

/* A place among the severities, the mildest first. */
static int
rank(enum verdict_exit state)
{
	static const int ranks[] = {
	    [VERDICT_EXIT_GOOD] = 0,
	    [VERDICT_EXIT_WARNING] = 1,
	    [VERDICT_EXIT_BAD] = 3,
	    [VERDICT_EXIT_UNDETERMINED] = 2,
	};

	return ranks[state];
}

static void
make_room(struct outbox_channel *channel)
{
	const struct outbox_notice *mildest = &channel->notices[0];

	if (channel->notice_count < OUTBOX_NOTICES_MAX)
		return;
	for (size_t i = 1; i < channel->notice_count; i++)
		if (rank(channel->notices[i].state) < rank(mildest->state))
			mildest = &channel->notices[i];
	channel->dropped++;
	outbox_remove(channel, mildest->id);
}

/* Yesterday's digest, where it still waits, says less than today's. */
static void
drop_digest(struct outbox_channel *channel)
{
	for (size_t i = channel->notice_count; i-- > 0;)
		if (strcmp(channel->notices[i].event, "digest") == 0)
			outbox_remove(channel, channel->notices[i].id);
}

int
outbox_add(struct outbox *outbox, struct outbox_channel *channel,
    const struct outbox_notice *notice, struct error *err)
{
	struct outbox_notice *moved;
	uint32_t tried = 0;

	/* That it could not be delivered so far must not be forgotten. */
	if (strcmp(notice->event, "digest") == 0) {
		for (size_t i = 0; i < channel->notice_count; i++)
			if (strcmp(channel->notices[i].event, "digest") == 0)
				tried = channel->notices[i].attempts;
		drop_digest(channel);
	}
	if (channel->notice_count > 0)
		make_room(channel);
	moved = reallocarray(
	    channel->notices, channel->notice_count + 1, sizeof(*moved));
	if (moved == NULL || notice->subject == NULL || notice->text == NULL) {
		if (moved != NULL)
			channel->notices = moved;
		free(notice->subject);
		free(notice->text);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	channel->notices = moved;
	moved[channel->notice_count] = *notice;
	moved[channel->notice_count].id = outbox->next_id++;
	moved[channel->notice_count].attempts = tried;
	moved[channel->notice_count].next_at = notice->made_at;
	channel->notice_count++;
	return 0;
}

/* What is older goes first, unless it was tried since the other is due. */
static struct outbox_notice *
before(const struct outbox_channel *channel, struct outbox_notice *due)
{
	struct outbox_notice *oldest = &channel->notices[0];

	return oldest->attempts > 0 && oldest->tried_at < due->next_at &&
		       strcmp(due->event, "test") != 0
		   ? oldest
		   : due;
}

struct outbox_notice *
outbox_due(
    const struct outbox_channel *channel, int64_t now, int64_t *ret_wait_ms)
{
	struct outbox_notice *due = NULL;

	*ret_wait_ms = -1;
	for (size_t i = 0; i < channel->notice_count; i++) {
		struct outbox_notice *notice = &channel->notices[i];
		int64_t wait = wait_until(notice->next_at, now);

		/* Somebody waits for a test. */
		if (*ret_wait_ms < 0 || wait < *ret_wait_ms ||
		    strcmp(notice->event, "test") == 0) {
			*ret_wait_ms = wait;
			due = notice;
		}
	}
	return *ret_wait_ms == 0 ? before(channel, due) : NULL;
}

struct outbox_notice *
outbox_notice(const struct outbox_channel *channel, uint64_t id)
{
	for (size_t i = 0; i < channel->notice_count; i++)
		if (channel->notices[i].id == id)
			return &channel->notices[i];
	return NULL;
}

void
outbox_postpone(struct outbox_notice *notice, int64_t retry_ms, int64_t now)
{
	int64_t wait = retry_ms;

	for (uint32_t i = 0; i < notice->attempts && wait < OUTBOX_RETRY_MAX_MS;
	     i++)
		wait *= 2;
	notice->next_at =
	    now + (wait < OUTBOX_RETRY_MAX_MS ? wait : OUTBOX_RETRY_MAX_MS);
	notice->tried_at = now;
	if (notice->attempts < UINT32_MAX)
		notice->attempts++;
}

uint64_t
outbox_undeliverable(const struct outbox_channel *channel)
{
	uint64_t count = 0;

	for (size_t i = 0; i < channel->notice_count; i++)
		count += channel->notices[i].attempts >= OUTBOX_ATTEMPTS_TOLD;
	return count;
}

int
outbox_acknowledge(
    struct outbox *outbox, const struct outbox_ack *ack, struct error *err)
{
	struct outbox_ack *moved;

	for (size_t i = 0; i < outbox->ack_count; i++)
		if (outbox_key_is_same(&outbox->acks[i].key, &ack->key)) {
			outbox->acks[i] = *ack;
			return 0;
		}
	if (outbox->ack_count == OUTBOX_ACKS_MAX)
		return error_set(
		    err, ERROR_LIMIT, _("there are too many acknowledgements"));
	moved =
	    reallocarray(outbox->acks, outbox->ack_count + 1, sizeof(*moved));
	if (moved == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	outbox->acks = moved;
	moved[outbox->ack_count++] = *ack;
	return 0;
}

const struct outbox_ack *
outbox_ack_of(const struct outbox *outbox, const struct outbox_key *key,
    enum verdict_exit severity, uint64_t count, uint64_t newest, int64_t now)
{
	for (size_t i = 0; i < outbox->ack_count; i++) {
		const struct outbox_ack *ack = &outbox->acks[i];

		if (outbox_key_is_same(&ack->key, key))
			return rank(severity) <= rank(ack->severity) &&
				       count <= ack->count &&
				       newest <= ack->newest &&
				       now >= ack->at && now < ack->until
				   ? ack
				   : NULL;
	}
	return NULL;
}
