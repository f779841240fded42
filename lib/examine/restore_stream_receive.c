/* The end that writes: what comes is whatever a reader could be made to send.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "lib/base/i18n.h"
#include "lib/examine/restore_stream.h"
#include "lib/os/stream.h"

#define HEAD_BYTES 5
/* A block that was read, or a path and a link's target. */
#define RECORD_BYTES_MAX ((size_t)STREAM_BLOCK_BYTES_MAX)

struct receiver {
	int socket;
	const struct restore_stream_sink *sink;
	const struct examine_events *events;
	struct examine_pulse pulse;
	uint8_t *record; /* with a NUL behind */
	size_t length;
	bool is_in_file;
	uint64_t bytes, entries;
};

/* Exactly so many: 1, 0 at an end before the first, -1. */
static int
receive(int socket, uint8_t *room, size_t length, struct error *err)
{
	size_t got = 0;

	while (got < length) {
		ssize_t n = recv(socket, room + got, length - got, MSG_WAITALL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return error_set_errno(
			    err, errno, _("cannot hear the reader"));
		if (n == 0)
			break;
		got += (size_t)n;
	}
	if (got == length)
		return 1;
	if (got == 0)
		return 0;
	return error_set(err, ERROR_UNAVAILABLE, _("the reader ended"));
}

static bool
is_text(const struct receiver *receiver)
{
	return receiver->length > 0 &&
	       memchr(receiver->record, '\0', receiver->length) == NULL;
}

static int
take_link(struct receiver *receiver, struct error *err)
{
	const char *path = (const char *)receiver->record;
	size_t length = strlen(path);

	if (receiver->length == 0 || length == 0 ||
	    length + 1 >= receiver->length ||
	    strlen(path + length + 1) != receiver->length - length - 1)
		return error_set(err, ERROR_PROTOCOL, _("malformed record"));
	return receiver->sink->link(
	    receiver->sink->context, path, path + length + 1, err);
}

static int
take_in_file(struct receiver *receiver, char type, struct error *err)
{
	if (type == 'B') {
		receiver->bytes += receiver->length;
		return receiver->sink->file_write(receiver->sink->context,
		    receiver->record, receiver->length, err);
	}
	if (type != 'E' || receiver->length != 1)
		return error_set(err, ERROR_PROTOCOL, _("malformed record"));
	receiver->is_in_file = false;
	return receiver->sink->file_end(
	    receiver->sink->context, receiver->record[0] == 1, err);
}

/* One record that is not the last. */
static int
take(struct receiver *receiver, char type, struct error *err)
{
	const struct restore_stream_sink *sink = receiver->sink;
	const char *path = (const char *)receiver->record;

	if (receiver->is_in_file)
		return take_in_file(receiver, type, err);
	receiver->entries++;
	if (type == 'L')
		return take_link(receiver, err);
	if (type == 'D' && is_text(receiver))
		return sink->folder(sink->context, path, err);
	if (type == 'F' && is_text(receiver)) {
		receiver->is_in_file = true;
		return sink->file_begin(sink->context, path, err);
	}
	if (type == 'S' && receiver->length == 0)
		return sink->special(sink->context, "", err);
	return error_set(err, ERROR_PROTOCOL, _("malformed record"));
}

/* 1 more, 0 that was the last (its type in *ret_type), -1. */
static int
next(struct receiver *receiver, char *ret_type, struct error *err)
{
	uint8_t head[HEAD_BYTES];
	int got = receive(receiver->socket, head, sizeof(head), err);

	if (got <= 0)
		return got;
	receiver->length = (size_t)head[1] << 24 | (size_t)head[2] << 16 |
			   (size_t)head[3] << 8 | head[4];
	if (receiver->length > RECORD_BYTES_MAX)
		return error_set(err, ERROR_PROTOCOL, _("malformed record"));
	if (receiver->length > 0)
		got = receive(
		    receiver->socket, receiver->record, receiver->length, err);
	if (got == 0)
		return error_set(err, ERROR_UNAVAILABLE, _("the reader ended"));
	receiver->record[receiver->length] = '\0';
	*ret_type = (char)head[0];
	return got;
}

static int
run(struct receiver *receiver, bool *ret_is_whole, struct error *err)
{
	const struct examine_events *events = receiver->events;
	char type = '\0';
	int more;

	while ((more = next(receiver, &type, err)) == 1 && type != 'X') {
		if (take(receiver, type, err) != 0)
			return -1;
		if (examine_is_due(
			&receiver->pulse, receiver->bytes, receiver->entries) &&
		    events->progress(events->context, receiver->bytes,
			receiver->entries, err) != 0)
			return -1;
	}
	if (more < 0)
		return -1;
	*ret_is_whole = more == 1 && !receiver->is_in_file;
	return receiver->sink->file_end(receiver->sink->context, false, err);
}

int
restore_stream_take(int socket, const struct restore_stream_sink *sink,
    const struct examine_events *events, bool *ret_is_whole, struct error *err)
{
	struct receiver receiver = {
	    .socket = socket, .sink = sink, .events = events};
	int rc = -1;

	receiver.record = malloc(RECORD_BYTES_MAX + 1);
	if (receiver.record == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = run(&receiver, ret_is_whole, err);
	free(receiver.record);
	return rc;
}

/* ---- written ---- */

static int
write_folder(void *context, const char *path, struct error *err)
{
	return restore_folder(context, path, err);
}

static int
refuse_special(void *context, const char *path, struct error *err)
{
	(void)path;
	(void)err;
	restore_refuse_special(context);
	return 0;
}

static int
write_link(
    void *context, const char *path, const char *target, struct error *err)
{
	return restore_link(context, path, target, err);
}

static int
write_begin(void *context, const char *path, struct error *err)
{
	return restore_file_begin(context, path, err);
}

static int
write_bytes(
    void *context, const uint8_t *data, size_t length, struct error *err)
{
	return restore_file_write(context, data, length, err);
}

static int
write_end(void *context, bool is_whole, struct error *err)
{
	return restore_file_end(context, is_whole, err);
}

int
restore_stream_receive(int socket, struct restore *restore,
    const struct examine_events *events, bool *ret_is_whole, struct error *err)
{
	const struct restore_stream_sink sink = {
	    .context = restore,
	    .folder = write_folder,
	    .special = refuse_special,
	    .link = write_link,
	    .file_begin = write_begin,
	    .file_write = write_bytes,
	    .file_end = write_end,
	};

	return restore_stream_take(socket, &sink, events, ret_is_whole, err);
}
