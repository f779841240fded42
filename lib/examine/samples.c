#include "lib/examine/samples.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/tee.h"

/* Samples are sent when there are so many bytes of them. */
#define BATCH_BYTES ((size_t)128 * 1024)
/* The largest message: name, size, parts, and the lengths of all. */
#define MESSAGE_BYTES_MAX \
	(1 + 4 + NAME_MAX + 8 + SAMPLE_PARTS * 4 + SAMPLE_BYTES)

enum kind {
	KIND_SAMPLE = 1,
	KIND_TICK,
};

/* ---- the reader's end ---- */

struct samples {
	int socket; /* -1: nobody listens */
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

static void
flush(struct samples *samples)
{
	struct bytes *batch = &samples->batch;

	if (samples->socket >= 0 &&
	    (batch->failed ||
		tee_send(samples->socket, batch->data, batch->length) != 0)) {
		(void)close(samples->socket);
		samples->socket = -1;
	}
	bytes_clear(batch);
}

void
samples_free(struct samples *samples)
{
	if (samples == NULL)
		return;
	flush(samples);
	if (samples->socket >= 0)
		(void)close(samples->socket);
	bytes_done(&samples->batch);
	free(samples);
}

void
samples_put(struct samples *samples, const char *name, size_t length,
    uint64_t size, const struct sample *sample)
{
	struct bytes *batch = &samples->batch;
	size_t total = 1 + 4 + 8, part_length;

	if (samples->socket < 0)
		return;
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
}

void
samples_tick(struct samples *samples)
{
	bytes_append_u32(&samples->batch, 1);
	bytes_append_u8(&samples->batch, KIND_TICK);
	flush(samples);
}

/* ---- the parser's end ---- */

struct receiving {
	int socket;
	const struct samples_events *events;
	size_t length; /* bytes that wait in the buffer */
	struct sample sample;
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

	sample_begin(sample, size);
	for (int part = 0; part < SAMPLE_PARTS; part++) {
		const uint8_t *data = bytes_take_block(in, &length);

		if (sample_put(sample, (enum sample_part)part, data, length) !=
		    0)
			return broken(err);
	}
	if (!bytes_is_consumed(in) || name_length > NAME_MAX)
		return broken(err);
	return events->sample(
	    events->context, name, name_length, size, sample, err);
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
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot hear the reader"));
		/* What was cut off is the reader's to tell. */
		if (n == 0)
			return 0;
		receiving->length += (size_t)n;
		if (take_buffer(receiving, err) != 0)
			return -1;
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
	rc = receive(receiving, err);
	free(receiving);
	return rc;
}
