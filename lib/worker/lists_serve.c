#include "lib/worker/lists.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/foreign_list.h"
#include "lib/os/wire.h"
#include "lib/worker/lists_internal.h"

/* A frame with more than this is sent; with any entry it fits a frame. */
#define FULL_BYTES 16384

static_assert(FULL_BYTES + FOREIGN_PATH_BYTES_MAX + 256 <= WIRE_PAYLOAD_MAX,
    "an entry may not fit a frame");

struct serving {
	int wire;
	const struct examine_events *events;
	struct bytes frame; /* entries that were not sent yet */
	uint64_t entries;
	struct examine_pulse pulse;
	struct wire_buffer buffer;
};

static int
send_frame(struct serving *serving, enum lists_frame type, struct error *err)
{
	struct wire_frame frame = {
	    .type = (uint16_t)type,
	    .payload = serving->frame.data,
	    .length = serving->frame.length,
	};
	int rc = -1;

	if (bytes_check(&serving->frame, err) == 0)
		rc = wire_send(serving->wire, &frame, err);
	bytes_clear(&serving->frame);
	return rc;
}

static int
send_entries(struct serving *serving, struct error *err)
{
	if (send_frame(serving, LISTS_ENTRIES, err) != 0)
		return -1;
	if (!examine_is_due(&serving->pulse, 0, serving->entries))
		return 0;
	return serving->events->progress(
	    serving->events->context, 0, serving->entries, err);
}

static int
on_entry(void *context, const struct foreign_entry *entry, struct error *err)
{
	struct serving *serving = context;
	struct bytes *out = &serving->frame;

	bytes_append_block(out, entry->path, entry->path_length);
	bytes_append_u8(out,
	    entry->has_digest ? (uint8_t)entry->algorithm : LISTS_NO_ALGORITHM);
	bytes_append_u8(out, entry->has_size ? 1 : 0);
	bytes_append_u64(out, entry->size);
	bytes_append_block(out, entry->digest,
	    entry->has_digest ? digest_algorithm_bytes(entry->algorithm) : 0);
	serving->entries++;
	return out->length > FULL_BYTES ? send_entries(serving, err) : 0;
}

static int
take_ask(const struct wire_frame *frame, struct foreign_list *ret_list,
    struct error *err)
{
	struct bytes_reader in = {frame->payload, frame->length, false};
	struct foreign_list list = {0};
	uint8_t kind = bytes_take_u8(&in);
	size_t length;
	const uint8_t *name = bytes_take_block(&in, &length);

	if (!bytes_is_consumed(&in) || frame->type != LISTS_ASK ||
	    kind >= FOREIGN_KINDS || length == 0 || length >= sizeof(list.name))
		return error_set(
		    err, ERROR_PROTOCOL, _("this is no list for a parser"));
	list.kind = (enum foreign_kind)kind;
	memcpy(list.name, name, length);
	*ret_list = list;
	return 0;
}

static int
answer(struct serving *serving, int fd, const struct foreign_list *list,
    struct error *err)
{
	struct foreign_list_events events = {
	    .context = serving, .entry = on_entry};
	struct foreign_told list_told;
	struct bytes *out = &serving->frame;

	if (foreign_list_read(fd, list, &events, &list_told, err) != 0 ||
	    (out->length > 0 && send_entries(serving, err) != 0))
		return -1;
	bytes_append_u8(out, list_told.is_readable ? 1 : 0);
	bytes_append_u64(out, list_told.unclear);
	bytes_append_u8(out, list_told.has_oxum ? 1 : 0);
	bytes_append_u64(out, list_told.oxum_bytes);
	bytes_append_u64(out, list_told.oxum_files);
	return send_frame(serving, LISTS_TOLD, err);
}

int
lists_serve(int wire, const struct examine_events *events, struct error *err)
{
	struct serving *serving = calloc(1, sizeof(*serving));
	struct foreign_list list;
	struct wire_frame frame;
	int more;

	if (serving == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	serving->wire = wire;
	serving->events = events;
	serving->buffer.fds_max = 1;
	while (
	    (more = wire_receive(wire, &serving->buffer, &frame, err)) == 1) {
		int fd = wire_frame_take(&frame, 0);

		if (take_ask(&frame, &list, err) != 0 || fd < 0 ||
		    answer(serving, fd, &list, err) != 0)
			more = -1;
		if (fd >= 0)
			(void)close(fd);
		if (more < 0)
			break;
	}
	bytes_done(&serving->frame);
	free(serving);
	return more;
}
