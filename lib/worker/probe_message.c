#include "lib/worker/probe_message.h"

#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/worker/field.h"

#define ORDER_FRAME 1

/* A text of printable ASCII. */
static void
take_word(struct bytes_reader *in, char *text, size_t size)
{
	text[0] = '\0';
	field_take_text(in, text, size);
	for (; *text != '\0'; text++)
		in->failed |= *text < ' ' || *text > '~';
}

int
probe_send_order(int wire, const struct probe_order *order, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_u8(&out, (uint8_t)order->kind);
	field_put_text(&out, order->path);
	bytes_append_u32(&out, order->major);
	bytes_append_u32(&out, order->minor);
	field_put_text(&out, order->id);
	field_put_text(&out, order->host);
	bytes_append_u16(&out, order->port);
	bytes_append_u32(&out, order->deadline_ms);
	bytes_append_u8(&out, order->best_effort);
	return field_send(wire, ORDER_FRAME, &out, err);
}

static bool
makes_sense(const struct probe_order *order)
{
	if (order->deadline_ms == 0 ||
	    order->deadline_ms > PROBE_DEADLINE_MS_MAX)
		return false;
	switch (order->kind) {
	case PROBE_BLOCK:
	case PROBE_CAPACITY:
		return order->path[0] == '/';
	case PROBE_REACH:
		return order->host[0] != '\0' && order->port != 0;
	case PROBE_LIST:
	case PROBE_MARK:
		return true;
	case PROBE_MOUNT:
	case PROBE_UNMOUNT:
		return order->id[0] != '\0';
	case PROBE_WRITE:
		return order->id[0] != '\0' && order->path[0] != '\0';
	}
	return false;
}

static int
decode_order(struct wire_frame *frame, void *context, struct error *err)
{
	struct probe_order *ret = context;
	struct bytes_reader in = {frame->payload, frame->length, false};

	memset(ret, 0, sizeof(*ret));
	ret->kind = (enum probe_kind)field_take_kind(&in, PROBE_KINDS);
	field_take_text(&in, ret->path, sizeof(ret->path));
	ret->major = bytes_take_u32(&in);
	ret->minor = bytes_take_u32(&in);
	take_word(&in, ret->id, sizeof(ret->id));
	field_take_text(&in, ret->host, sizeof(ret->host));
	ret->port = bytes_take_u16(&in);
	ret->deadline_ms = bytes_take_u32(&in);
	ret->best_effort = field_take_bool(&in);
	if (frame->type != ORDER_FRAME || !bytes_is_consumed(&in) ||
	    !makes_sense(ret))
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	return 0;
}

int
probe_receive_order(int wire, struct probe_order *ret_order, struct error *err)
{
	return field_receive(wire, 0, decode_order, ret_order, err);
}

/* Each kind of answer has a writer and a reader of the same fields. */

static void
put_superblock(struct bytes *out, const struct superblock *superblock)
{
	field_put_text(out, superblock->type);
	field_put_text(out, superblock->uuid);
	field_put_text(out, superblock->uuid_sub);
	field_put_text(out, superblock->label);
	bytes_append_u8(out, superblock->is_weak);
	bytes_append_u8(out, superblock->is_ambiguous);
	bytes_append_u8(out, superblock->has_partitions);
	bytes_append_u8(out, superblock->has_errors);
	bytes_append_u8(out, (uint8_t)superblock->state);
	bytes_append_u8(out, (uint8_t)superblock->evidence);
	bytes_append_u64(out, superblock->mount_count);
	bytes_append_u64(out, (uint64_t)superblock->mounted_at_ms);
	bytes_append_u64(out, (uint64_t)superblock->written_at_ms);
	bytes_append_u64(out, superblock->sequence);
	field_put_text(out, superblock->stamp);
}

static void
take_superblock(struct bytes_reader *in, struct superblock *ret)
{
	take_word(in, ret->type, sizeof(ret->type));
	take_word(in, ret->uuid, sizeof(ret->uuid));
	take_word(in, ret->uuid_sub, sizeof(ret->uuid_sub));
	field_take_text(in, ret->label, sizeof(ret->label));
	ret->is_weak = field_take_bool(in);
	ret->is_ambiguous = field_take_bool(in);
	ret->has_partitions = field_take_bool(in);
	ret->has_errors = field_take_bool(in);
	ret->state =
	    (enum superblock_state)field_take_kind(in, SUPERBLOCK_STATES);
	ret->evidence =
	    (enum superblock_evidence)field_take_kind(in, SUPERBLOCK_EVIDENCES);
	ret->mount_count = bytes_take_u64(in);
	ret->mounted_at_ms = (int64_t)bytes_take_u64(in);
	ret->written_at_ms = (int64_t)bytes_take_u64(in);
	ret->sequence = bytes_take_u64(in);
	take_word(in, ret->stamp, sizeof(ret->stamp));
}

static void
put_block(struct bytes *out, const struct probe_answer *answer)
{
	const struct probe_block *block = &answer->block;

	bytes_append_u32(out, block->major);
	bytes_append_u32(out, block->minor);
	field_put_text(out, block->name);
	bytes_append_u64(out, block->size_bytes);
	bytes_append_u32(out, (uint32_t)block->os_errno);
	put_superblock(out, &block->superblock);
}

static void
take_block(struct bytes_reader *in, struct probe_answer *ret)
{
	struct probe_block *block = &ret->block;

	block->major = bytes_take_u32(in);
	block->minor = bytes_take_u32(in);
	take_word(in, block->name, sizeof(block->name));
	block->size_bytes = bytes_take_u64(in);
	block->os_errno = field_take_errno(in);
	take_superblock(in, &block->superblock);
}

static void
put_reach(struct bytes *out, const struct probe_answer *answer)
{
	bytes_append_u8(out, (uint8_t)answer->reach.result);
	bytes_append_u32(out, (uint32_t)answer->reach.os_errno);
	bytes_append_u32(out, answer->reach.elapsed_ms);
}

static void
take_reach(struct bytes_reader *in, struct probe_answer *ret)
{
	ret->reach.result =
	    (enum probe_reach)field_take_kind(in, PROBE_REACHES);
	ret->reach.os_errno = field_take_errno(in);
	ret->reach.elapsed_ms = bytes_take_u32(in);
}

static void
put_capacity(struct bytes *out, const struct probe_answer *answer)
{
	const struct probe_capacity *capacity = &answer->capacity;

	bytes_append_u64(out, capacity->size_bytes);
	bytes_append_u64(out, capacity->free_bytes);
	bytes_append_u64(out, capacity->available_bytes);
	bytes_append_u64(out, capacity->files);
	bytes_append_u64(out, capacity->free_files);
	bytes_append_u8(out, capacity->is_read_only);
}

static void
take_capacity(struct bytes_reader *in, struct probe_answer *ret)
{
	struct probe_capacity *capacity = &ret->capacity;

	capacity->size_bytes = bytes_take_u64(in);
	capacity->free_bytes = bytes_take_u64(in);
	capacity->available_bytes = bytes_take_u64(in);
	capacity->files = bytes_take_u64(in);
	capacity->free_files = bytes_take_u64(in);
	capacity->is_read_only = field_take_bool(in);
}

static void
put_tried(struct bytes *out, const struct probe_answer *answer)
{
	bytes_append_u8(out, (uint8_t)answer->tried.result);
	field_put_text(out, answer->tried.reason);
	bytes_append_u32(out, (uint32_t)answer->tried.os_errno);
}

static void
take_tried(struct bytes_reader *in, struct probe_answer *ret)
{
	ret->tried.result = (enum probe_try)field_take_kind(in, PROBE_TRIES);
	take_word(in, ret->tried.reason, sizeof(ret->tried.reason));
	ret->tried.os_errno = field_take_errno(in);
}

static void
put_done(struct bytes *out, const struct probe_answer *answer)
{
	field_put_sandbox(out, &answer->done);
}

static void
take_done(struct bytes_reader *in, struct probe_answer *ret)
{
	field_take_sandbox(in, &ret->done);
}

static void
put_failed(struct bytes *out, const struct probe_answer *answer)
{
	field_put_error(out, &answer->failed);
}

static void
take_failed(struct bytes_reader *in, struct probe_answer *ret)
{
	field_take_error(in, &ret->failed);
}

static const struct {
	void (*put)(struct bytes *, const struct probe_answer *);
	void (*take)(struct bytes_reader *, struct probe_answer *);
} codecs[] = {
    [PROBE_ANSWER_BLOCK] = {put_block, take_block},
    [PROBE_ANSWER_REACH] = {put_reach, take_reach},
    [PROBE_ANSWER_CAPACITY] = {put_capacity, take_capacity},
    [PROBE_ANSWER_TRIED] = {put_tried, take_tried},
    [PROBE_ANSWER_DONE] = {put_done, take_done},
    [PROBE_ANSWER_FAILED] = {put_failed, take_failed},
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

int
probe_send_answer(
    int wire, const struct probe_answer *answer, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	codecs[answer->kind].put(&out, answer);
	return field_send(wire, (uint16_t)answer->kind, &out, err);
}

int
probe_decode_answer(uint16_t type, const uint8_t *payload, size_t length,
    struct probe_answer *ret_answer, struct error *err)
{
	struct bytes_reader in = {payload, length, false};

	memset(ret_answer, 0, sizeof(*ret_answer));
	if (type < PROBE_ANSWER_BLOCK || type >= CODECS)
		return error_set(
		    err, ERROR_PROTOCOL, _("unknown reply of a child"));
	ret_answer->kind = (enum probe_answer_kind)type;
	codecs[type].take(&in, ret_answer);
	if (!bytes_is_consumed(&in))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	return 0;
}

const char *
probe_reach_name(enum probe_reach reach)
{
	static const char *const names[PROBE_REACHES] = {
	    [PROBE_REACH_ANSWERS] = "answers",
	    [PROBE_REACH_REFUSES] = "refuses",
	    [PROBE_REACH_SILENT] = "silent",
	    [PROBE_REACH_UNDETERMINED] = "undetermined",
	};

	return names[reach];
}

const char *
probe_try_name(enum probe_try result)
{
	static const char *const names[PROBE_TRIES] = {
	    [PROBE_TRY_REFUSED] = "refused",
	    [PROBE_TRY_ACCEPTED] = "accepted",
	    [PROBE_TRY_UNDETERMINED] = "undetermined",
	};

	return names[result];
}
