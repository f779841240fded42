#include "lib/worker/report_message.h"

#include <string.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/worker/field.h"

#define ORDER_FRAME 1
#define SIGNATURE_FRAME 2
/* Where to write, and what its kind needs beside it. */
#define ORDER_FDS 2

void
report_message_order_init(struct report_order *order)
{
	memset(order, 0, sizeof(*order));
	order->out_fd = order->spill_fd = order->config_fd = -1;
}

/* Of an edge, only the levels that a tree of that size has. */
static unsigned
levels_of(uint64_t size)
{
	unsigned levels = 0;

	for (; size != 0; size >>= 1)
		levels++;
	return levels;
}

static void
put_prefix(struct bytes *out, const struct merkle_prefix *prefix)
{
	bytes_append_u64(out, prefix->size);
	bytes_append(out, prefix->edge.hash,
	    (size_t)levels_of(prefix->size) * MERKLE_HASH_BYTES);
}

static void
take_prefix(struct bytes_reader *in, struct merkle_prefix *ret)
{
	uint64_t size = field_take_tally(in);

	if (in->failed)
		return;
	ret->size = size;
	field_take_fixed(
	    in, ret->edge.hash, (size_t)levels_of(size) * MERKLE_HASH_BYTES);
}

static void
put_limits(struct bytes *out, const struct sandbox_limits *limits)
{
	bytes_append_u64(out, limits->cpu_seconds);
	bytes_append_u64(out, limits->memory_bytes);
	bytes_append_u64(out, limits->open_files);
	bytes_append_u64(out, limits->file_size_bytes);
}

static void
take_limits(struct bytes_reader *in, struct sandbox_limits *ret)
{
	ret->cpu_seconds = bytes_take_u64(in);
	ret->memory_bytes = bytes_take_u64(in);
	ret->open_files = bytes_take_u64(in);
	ret->file_size_bytes = bytes_take_u64(in);
}

int
report_message_send_order(
    int wire, const struct report_order *order, struct error *err)
{
	struct wire_frame frame = {.type = ORDER_FRAME};
	struct bytes out = BYTES_EMPTY;
	int rc = -1;

	bytes_append_u8(&out, (uint8_t)order->kind);
	field_put_text(&out, order->name);
	field_put_text(&out, order->parameters);
	field_put_text(&out, order->root);
	field_put_text(&out, order->catalog);
	field_put_text(&out, order->zone);
	bytes_append_u64(&out, order->rows_max);
	put_prefix(&out, &order->known);
	put_limits(&out, &order->limits);
	bytes_append_u8(&out, order->best_effort);
	frame.fds[frame.fd_count++] = order->out_fd;
	if (order->spill_fd >= 0)
		frame.fds[frame.fd_count++] = order->spill_fd;
	if (order->config_fd >= 0)
		frame.fds[frame.fd_count++] = order->config_fd;
	frame.payload = out.data;
	frame.length = out.length;
	if (bytes_check(&out, err) == 0)
		rc = wire_send(wire, &frame, err);
	bytes_done(&out);
	return rc;
}

static int
decode_order(struct wire_frame *frame, void *context, struct error *err)
{
	struct report_order *ret = context;
	struct bytes_reader in = {frame->payload, frame->length, false};

	ret->kind = (enum report_kind)field_take_kind(&in, REPORT_KINDS);
	field_take_text(&in, ret->name, sizeof(ret->name));
	field_take_text(&in, ret->parameters, sizeof(ret->parameters));
	field_take_text(&in, ret->root, sizeof(ret->root));
	field_take_text(&in, ret->catalog, sizeof(ret->catalog));
	field_take_text(&in, ret->zone, sizeof(ret->zone));
	ret->rows_max = bytes_take_u64(&in);
	take_prefix(&in, &ret->known);
	take_limits(&in, &ret->limits);
	ret->best_effort = field_take_bool(&in);
	if (frame->type != ORDER_FRAME || !bytes_is_consumed(&in) ||
	    frame->fd_count != ORDER_FDS)
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	ret->out_fd = wire_frame_take(frame, 0);
	*(ret->kind == REPORT_EVIDENCE ? &ret->spill_fd : &ret->config_fd) =
	    wire_frame_take(frame, 1);
	return 0;
}

int
report_message_receive_order(
    int wire, struct report_order *ret_order, struct error *err)
{
	report_message_order_init(ret_order);
	return field_receive(wire, ORDER_FDS, decode_order, ret_order, err);
}

int
report_message_send_signature(
    int wire, const struct bytes *signature, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	bytes_append_block(&out, signature->data, signature->length);
	return field_send(wire, SIGNATURE_FRAME, &out, err);
}

static int
decode_signature(struct wire_frame *frame, void *context, struct error *err)
{
	struct bytes_reader in = {frame->payload, frame->length, false};
	uint8_t text[REPORT_SIGNATURE_BYTES];
	size_t length = field_take_block(&in, text, sizeof(text));
	struct bytes *out = context;

	if (frame->type != SIGNATURE_FRAME || !bytes_is_consumed(&in))
		return error_set(err, ERROR_PROTOCOL, _("malformed job"));
	bytes_append(out, text, length);
	return bytes_check(out, err);
}

int
report_message_receive_signature(int wire, struct bytes *out, struct error *err)
{
	return field_receive(wire, 0, decode_signature, out, err);
}

/* Each kind of answer has a writer and a reader of the same fields. */

static void
put_seal(struct bytes *out, const struct report_answer *answer)
{
	const struct report_seal *seal = &answer->seal;

	bytes_append_u64(out, (uint64_t)seal->from);
	bytes_append_u64(out, (uint64_t)seal->to);
	bytes_append_u64(out, seal->size);
	bytes_append(out, seal->root, sizeof(seal->root));
	field_put_text(out, seal->list);
}

static void
take_seal(struct bytes_reader *in, struct report_answer *ret)
{
	struct report_seal *seal = &ret->seal;

	seal->from = (int64_t)bytes_take_u64(in);
	seal->to = (int64_t)bytes_take_u64(in);
	seal->size = field_take_tally(in);
	field_take_fixed(in, seal->root, sizeof(seal->root));
	field_take_text(in, seal->list, sizeof(seal->list));
}

static void
put_done(struct bytes *out, const struct report_answer *answer)
{
	const struct report_done *done = &answer->done;

	bytes_append_u64(out, done->bytes);
	bytes_append(out, done->sha256, sizeof(done->sha256));
	field_put_text(out, done->facts);
	put_prefix(out, &done->known);
	field_put_sandbox(out, &done->sandbox);
}

static void
take_done(struct bytes_reader *in, struct report_answer *ret)
{
	struct report_done *done = &ret->done;

	done->bytes = field_take_tally(in);
	field_take_fixed(in, done->sha256, sizeof(done->sha256));
	field_take_text(in, done->facts, sizeof(done->facts));
	take_prefix(in, &done->known);
	field_take_sandbox(in, &done->sandbox);
}

static void
put_failed(struct bytes *out, const struct report_answer *answer)
{
	field_put_error(out, &answer->failed);
}

static void
take_failed(struct bytes_reader *in, struct report_answer *ret)
{
	field_take_error(in, &ret->failed);
	in->failed |= ret->failed.code == ERROR_NONE;
}

static void
put_head(struct bytes *out, const struct report_answer *answer)
{
	bytes_append_u64(out, answer->head);
}

static void
take_head(struct bytes_reader *in, struct report_answer *ret)
{
	ret->head = field_take_tally(in);
}

static const struct {
	void (*put)(struct bytes *, const struct report_answer *);
	void (*take)(struct bytes_reader *, struct report_answer *);
} codecs[] = {
    [REPORT_ANSWER_SEAL] = {put_seal, take_seal},
    [REPORT_ANSWER_DONE] = {put_done, take_done},
    [REPORT_ANSWER_FAILED] = {put_failed, take_failed},
    [REPORT_ANSWER_HEAD] = {put_head, take_head},
};
#define CODECS (sizeof(codecs) / sizeof(codecs[0]))

int
report_message_send_answer(
    int wire, const struct report_answer *answer, struct error *err)
{
	struct bytes out = BYTES_EMPTY;

	codecs[answer->kind].put(&out, answer);
	return field_send(wire, (uint16_t)answer->kind, &out, err);
}

int
report_message_decode_answer(const struct wire_frame *frame,
    struct report_answer *ret_answer, struct error *err)
{
	struct bytes_reader in = {frame->payload, frame->length, false};

	memset(ret_answer, 0, sizeof(*ret_answer));
	if (frame->type < REPORT_ANSWER_SEAL || frame->type >= CODECS)
		return error_set(
		    err, ERROR_PROTOCOL, _("unknown reply of a child"));
	ret_answer->kind = (enum report_answer_kind)frame->type;
	codecs[frame->type].take(&in, ret_answer);
	if (!bytes_is_consumed(&in))
		return error_set(
		    err, ERROR_PROTOCOL, _("malformed reply of a child"));
	return 0;
}
