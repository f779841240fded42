#include "lib/examine/samples.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/tee.h"

/* Samples are sent when there are so many bytes of them. */
#define BATCH_BYTES ((size_t)128 * 1024)
/* The largest message: name, size, parts, and the lengths of all. */
#define MESSAGE_BYTES_MAX \
	(1 + 4 + NAME_MAX + 8 + SAMPLE_PARTS * 4 + SAMPLE_BYTES)

/* Answers that are taken at once. */
#define ANSWERS_MAX ((size_t)1024)

enum kind {
	KIND_SAMPLE = 1,
	KIND_TICK,
};

/* ---- the reader's end ---- */

struct samples {
	int socket; /* -1: nobody listens */
	bool is_ended;
	struct bytes batch;
};

int
samples_new(int socket, struct samples **ret_samples, struct error *err)
{
	struct samples *samples = calloc(1, sizeof(*samples));

	if (samples == NULL) {
		(void)close(socket);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	samples->socket = socket;
	*ret_samples = samples;
	return 0;
}

void
samples_stop(struct samples *samples)
{
	if (samples->socket >= 0)
		(void)close(samples->socket);
	samples->socket = -1;
}

static void
flush(struct samples *samples)
{
	struct bytes *batch = &samples->batch;

	if (samples->socket >= 0 && batch->length > 0 &&
	    (batch->failed ||
		tee_send(samples->socket, batch->data, batch->length) != 0))
		samples_stop(samples);
	bytes_clear(batch);
}

void
samples_free(struct samples *samples)
{
	if (samples == NULL)
		return;
	flush(samples);
	samples_stop(samples);
	bytes_done(&samples->batch);
	free(samples);
}

bool
samples_put(struct samples *samples, const char *name, size_t length,
    uint64_t size, const struct sample *sample)
{
	struct bytes *batch = &samples->batch;
	size_t total = 1 + 4 + 8, part_length;

	if (samples->socket < 0)
		return false;
	if (length > NAME_MAX)
		length = NAME_MAX;
	total += length;
	for (int part = 0; part < SAMPLE_PARTS; part++) {
		(void)sample_part(sample, (enum sample_part)part, &part_length);
		total += 4 + part_length;
	}
	bytes_append_u32(batch, (uint32_t)total);
	bytes_append_u8(batch, KIND_SAMPLE);
	bytes_append_block(batch, name, length);
	bytes_append_u64(batch, size);
	for (int part = 0; part < SAMPLE_PARTS; part++) {
		const uint8_t *data =
		    sample_part(sample, (enum sample_part)part, &part_length);

		bytes_append_block(batch, data, part_length);
	}
	if (batch->length >= BATCH_BYTES)
		flush(samples);
	return samples->socket >= 0;
}

void
samples_tick(struct samples *samples)
{
	if (samples->is_ended)
		return;
	bytes_append_u32(&samples->batch, 1);
	bytes_append_u8(&samples->batch, KIND_TICK);
	flush(samples);
}

void
samples_end(struct samples *samples)
{
	flush(samples);
	samples->is_ended = true;
	if (samples->socket >= 0)
		(void)shutdown(samples->socket, SHUT_WR);
}

bool
samples_is_heard(const struct samples *samples)
{
	return samples->socket >= 0;
}

size_t
samples_answers(struct samples *samples, enum sealing_kind *ret_kinds,
    size_t room, int wait_ms)
{
	struct pollfd ready = {.fd = samples->socket, .events = POLLIN};
	uint8_t answers[ANSWERS_MAX];
	ssize_t n;

	if (samples->socket < 0)
		return 0;
	if (wait_ms > 0) {
		flush(samples);
		ready.fd = samples->socket;
		(void)poll(&ready, 1, wait_ms);
	}
	if (samples->socket < 0)
		return 0;
	n = recv(samples->socket, answers,
	    room < sizeof(answers) ? room : sizeof(answers), MSG_DONTWAIT);
	if (n < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	for (ssize_t i = 0; i < n; i++) {
		if (answers[i] >= SEALING_KINDS)
			n = -1;
		else
			ret_kinds[i] = (enum sealing_kind)answers[i];
	}
	if (n <= 0)
		samples_stop(samples);
	return n < 0 ? 0 : (size_t)n;
}

/* ---- the parser's end ---- */

struct receiving {
	int socket;
	const struct samples_events *events;
	size_t length; /* bytes that wait in the buffer */
	struct sample sample;
	struct bytes answers; /* that could not be sent yet */
	uint8_t buffer[BATCH_BYTES];
};

static int
broken(struct error *err)
{
	return error_set(
	    err, ERROR_PROTOCOL, _("a reader sent what no reader sends"));
}

static int
take_sample(
    struct receiving *receiving, struct bytes_reader *in, struct error *err)
{
	struct sample *sample = &receiving->sample;
	const struct samples_events *events = receiving->events;
	size_t name_length, length;
	const char *name = (const char *)bytes_take_block(in, &name_length);
	uint64_t size = bytes_take_u64(in);
	int kind;

	sample_begin(sample, size);
	for (int part = 0; part < SAMPLE_PARTS; part++) {
		const uint8_t *data = bytes_take_block(in, &length);

		if (sample_put(sample, (enum sample_part)part, data, length) !=
		    0)
			return broken(err);
	}
	if (!bytes_is_consumed(in) || name_length > NAME_MAX)
		return broken(err);
	kind = events->sample(
	    events->context, name, name_length, size, sample, err);
	if (kind < 0)
		return -1;
	bytes_append_u8(&receiving->answers, (uint8_t)kind);
	return 0;
}

/*
 * Send the answers, as many as there is room for; at the end (no flags) all.
 * A reader that has gone does not want them.
 */
static void
answer(struct receiving *receiving, int flags)
{
	struct bytes *answers = &receiving->answers;
	size_t sent = 0;

	while (!answers->failed && sent < answers->length) {
		ssize_t n = send(receiving->socket, answers->data + sent,
		    answers->length - sent, flags | MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		sent += (size_t)n;
	}
	if (sent == 0)
		return;
	memmove(answers->data, answers->data + sent, answers->length - sent);
	answers->length -= sent;
}

static int
take_message(struct receiving *receiving, const uint8_t *data, size_t length,
    struct error *err)
{
	struct bytes_reader in = {data, length, false};
	const struct samples_events *events = receiving->events;

	switch (bytes_take_u8(&in)) {
	case KIND_SAMPLE:
		return take_sample(receiving, &in, err);
	case KIND_TICK:
		if (bytes_is_consumed(&in))
			return events->tick(events->context, err);
		break;
	default:
		break;
	}
	return broken(err);
}

/* Take the whole messages of the buffer, and keep what is left. */
static int
take_buffer(struct receiving *receiving, struct error *err)
{
	struct bytes_reader in = {receiving->buffer, receiving->length, false};

	while (in.length >= 4) {
		struct bytes_reader ahead = in;
		uint32_t length = bytes_take_u32(&ahead);

		if (length == 0 || length > MESSAGE_BYTES_MAX)
			return broken(err);
		if (ahead.length < length)
			break;
		if (take_message(receiving, ahead.data, length, err) != 0)
			return -1;
		in.data = ahead.data + length;
		in.length = ahead.length - length;
	}
	memmove(receiving->buffer, in.data, in.length);
	receiving->length = in.length;
	return 0;
}

static int
receive(struct receiving *receiving, struct error *err)
{
	for (;;) {
		ssize_t n = read(receiving->socket,
		    receiving->buffer + receiving->length,
		    sizeof(receiving->buffer) - receiving->length);

		if (n < 0 && errno == EINTR)
			continue;
		/* It went without having heard all answers. */
		if (n < 0 && errno == ECONNRESET)
			return 0;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot hear the reader"));
		/* What was cut off is the reader's to tell. */
		if (n == 0) {
			answer(receiving, 0);
			return 0;
		}
		receiving->length += (size_t)n;
		if (take_buffer(receiving, err) != 0)
			return -1;
		answer(receiving, MSG_DONTWAIT);
	}
}

int
samples_receive(
    int socket, const struct samples_events *events, struct error *err)
{
	struct receiving *receiving = malloc(sizeof(*receiving));
	int rc;

	if (receiving == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	receiving->socket = socket;
	receiving->events = events;
	receiving->length = 0;
	receiving->answers = (struct bytes)BYTES_EMPTY;
	rc = receive(receiving, err);
	bytes_done(&receiving->answers);
	free(receiving);
	return rc;
}
