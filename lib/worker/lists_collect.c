#include "lib/worker/lists.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/copy.h"
#include "lib/os/wire.h"
#include "lib/worker/lists_internal.h"

struct collecting {
	int wire; /* -1: the parser is of no more use */
	const struct foreign_options *options;
	struct foreign *foreign;
	struct copy copy;
	uint64_t entries;
	struct examine_pulse pulse;
	struct wire_buffer buffer;
};

static int
broken(struct error *err)
{
	return error_set(
	    err, ERROR_PROTOCOL, _("a parser told what no parser tells"));
}

static bool
take_bool(struct bytes_reader *in)
{
	uint8_t value = bytes_take_u8(in);

	if (value > 1)
		in->failed = true;
	return value == 1;
}

static int
take_entry(
    struct bytes_reader *in, struct foreign_entry *entry, struct error *err)
{
	const uint8_t *digest;
	uint8_t algorithm;
	size_t length;

	*entry = (struct foreign_entry){0};
	entry->path = (const char *)bytes_take_block(in, &entry->path_length);
	algorithm = bytes_take_u8(in);
	entry->has_size = take_bool(in);
	entry->size = bytes_take_u64(in);
	digest = bytes_take_block(in, &length);
	entry->has_digest = algorithm != LISTS_NO_ALGORITHM;
	if (in->failed || (entry->has_digest && algorithm >= DIGEST_ALGORITHMS))
		return broken(err);
	if (entry->has_digest)
		entry->algorithm = (enum digest_algorithm)algorithm;
	if (length !=
	    (entry->has_digest ? digest_algorithm_bytes(entry->algorithm) : 0))
		return broken(err);
	if (length > 0)
		memcpy(entry->digest, digest, length);
	return 0;
}

static int
take_entries(
    struct collecting *collecting, struct bytes_reader *in, struct error *err)
{
	const struct examine_events *events = collecting->options->events;
	struct foreign_entry entry;

	while (in->length > 0) {
		if (take_entry(in, &entry, err) != 0 ||
		    foreign_add(collecting->foreign, &entry, err) != 0)
			return -1;
		collecting->entries++;
	}
	if (!examine_is_due(&collecting->pulse, 0, collecting->entries))
		return 0;
	return events->progress(events->context, 0, collecting->entries, err);
}

/* One frame of the parser's.  1 when it ends the list, 0, -1. */
static int
take_frame(struct collecting *collecting, const struct wire_frame *frame,
    struct foreign_told *ret_told, struct error *err)
{
	struct bytes_reader in = {frame->payload, frame->length, false};
	struct foreign_told list_told = {0};

	if (frame->type == LISTS_ENTRIES)
		return take_entries(collecting, &in, err);
	if (frame->type != LISTS_TOLD)
		return broken(err);
	list_told.is_readable = take_bool(&in);
	list_told.unclear = bytes_take_u64(&in);
	list_told.has_oxum = take_bool(&in);
	list_told.oxum_bytes = bytes_take_u64(&in);
	list_told.oxum_files = bytes_take_u64(&in);
	if (!bytes_is_consumed(&in))
		return broken(err);
	*ret_told = list_told;
	return 1;
}

static int
ask(int wire, const struct foreign_list *list, int fd, struct error *err)
{
	struct bytes out = BYTES_EMPTY;
	struct wire_frame frame = {
	    .type = LISTS_ASK, .fds = {fd}, .fd_count = 1};
	int rc = -1;

	bytes_append_u8(&out, (uint8_t)list->kind);
	bytes_append_block(&out, list->name, strlen(list->name));
	frame.payload = out.data;
	frame.length = out.length;
	if (bytes_check(&out, err) == 0)
		rc = wire_send(wire, &frame, err);
	bytes_done(&out);
	return rc;
}

/* Ask for a list and take what comes; -1: the parser, or this side. */
static int
converse(struct collecting *collecting, const struct foreign_list *list,
    struct foreign_told *ret_told, struct error *err)
{
	struct wire_frame frame;
	int problem, rc;
	int fd = copy_open_file(&collecting->copy, list->name, &problem);

	/* It cannot be read: that is told, and the parser is not to blame. */
	if (fd < 0)
		return 0;
	rc = ask(collecting->wire, list, fd, err);
	(void)close(fd);
	while (rc == 0) {
		rc = wire_receive(
		    collecting->wire, &collecting->buffer, &frame, err);
		if (rc == 0)
			return error_set(err, ERROR_UNAVAILABLE,
			    _("the parser ended before its work"));
		if (rc == 1)
			rc = take_frame(collecting, &frame, ret_told, err);
	}
	return rc == 1 ? 0 : -1;
}

static int
collect_list(struct collecting *collecting, const struct foreign_list *list,
    struct error *err)
{
	struct foreign_told list_told = {0};
	struct error why = {0};

	if (foreign_begin_list(collecting->foreign, list, err) != 0)
		return -1;
	if (collecting->wire >= 0 &&
	    converse(collecting, list, &list_told, &why) != 0) {
		list_told = (struct foreign_told){0};
		if (why.code != ERROR_PROTOCOL &&
		    why.code != ERROR_UNAVAILABLE) {
			*err = why;
			return -1;
		}
		(void)close(collecting->wire);
		collecting->wire = -1;
	}
	return foreign_end_list(collecting->foreign, &list_told, err);
}

int
lists_collect(int wire, const struct foreign_lists *lists,
    const struct foreign_options *options, struct foreign *foreign,
    struct error *err)
{
	struct collecting *collecting = calloc(1, sizeof(*collecting));
	int rc = -1;

	if (collecting == NULL) {
		(void)close(wire);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	collecting->wire = wire;
	collecting->options = options;
	collecting->foreign = foreign;
	collecting->copy = (struct copy)COPY_CLOSED;
	if (copy_open(&collecting->copy, options->root_fd, options->locator,
		options->is_file, err) != 0)
		goto out;
	for (size_t i = 0; i < lists->count; i++)
		if (collect_list(collecting, &lists->items[i], err) != 0)
			goto out;
	rc = 0;
out:
	copy_close(&collecting->copy);
	if (collecting->wire >= 0)
		(void)close(collecting->wire);
	free(collecting);
	return rc;
}

int
lists_compare(int wire, struct foreign_options *options,
    struct foreign_outcome *ret_outcome, struct error *err)
{
	struct foreign *foreign = NULL;
	struct foreign_lists lists;
	int rc = -1;

	if (foreign_find(options->root_fd, options->locator, options->is_file,
		&lists, err) != 0) {
		(void)close(wire);
		return -1;
	}
	options->has_more = lists.has_more;
	if (foreign_new(options, &foreign, err) != 0)
		(void)close(wire);
	else if (lists_collect(wire, &lists, options, foreign, err) == 0)
		rc = foreign_check(foreign, ret_outcome, err);
	foreign_free(foreign);
	foreign_lists_done(&lists);
	return rc;
}
