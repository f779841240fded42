#include "lib/worker/field.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/signature.h"

bool
field_take_bool(struct bytes_reader *in)
{
	return field_take_kind(in, 2) == 1;
}

unsigned
field_take_kind(struct bytes_reader *in, unsigned limit)
{
	unsigned value = bytes_take_u8(in);

	if (value >= limit) {
		in->failed = true;
		return 0;
	}
	return value;
}

size_t
field_take_count(struct bytes_reader *in, size_t max)
{
	size_t count = bytes_take_u32(in);

	if (count > max) {
		in->failed = true;
		return 0;
	}
	return count;
}

uint64_t
field_take_tally(struct bytes_reader *in)
{
	uint64_t value = bytes_take_u64(in);

	if (value > FIELD_TALLY_MAX)
		in->failed = true;
	return value;
}

void
field_put_sealing(struct bytes *out, const struct sealing *sealing)
{
	bytes_append_u64(out, sealing->sealed);
	bytes_append_u64(out, sealing->plain);
	bytes_append_u64(out, sealing->aside);
	bytes_append_u64(out, sealing->unclear);
}

void
field_take_sealing(struct bytes_reader *in, struct sealing *ret)
{
	ret->sealed = field_take_tally(in);
	ret->plain = field_take_tally(in);
	ret->aside = field_take_tally(in);
	ret->unclear = field_take_tally(in);
}

void
field_take_fixed(struct bytes_reader *in, void *room, size_t length)
{
	const uint8_t *data = bytes_take(in, length);

	if (data != NULL)
		memcpy(room, data, length);
}

size_t
field_take_block(struct bytes_reader *in, void *room, size_t size)
{
	size_t length;
	const uint8_t *data = bytes_take_block(in, &length);

	if (data == NULL || length > size) {
		in->failed = true;
		return 0;
	}
	memcpy(room, data, length);
	return length;
}

void
field_take_text(struct bytes_reader *in, char *text, size_t size)
{
	size_t length = field_take_block(in, text, size - 1);

	if (memchr(text, 0, length) != NULL) {
		in->failed = true;
		length = 0;
	}
	text[length] = '\0';
}

void
field_put_text(struct bytes *out, const char *text)
{
	bytes_append_block(out, text, strlen(text));
}

int
field_take_errno(struct bytes_reader *in)
{
	uint32_t value = bytes_take_u32(in);

	if (value > 4095)
		in->failed = true;
	return value > 4095 ? 0 : (int)value;
}

void
field_put_sandbox(struct bytes *out, const struct sandbox_report *report)
{
	bytes_append_u8(out, (uint8_t)report->landlock_abi);
	bytes_append_u8(out, report->no_new_privs);
	bytes_append_u8(out, report->undumpable);
	bytes_append_u8(out, report->seccomp);
	bytes_append_u8(out, report->limits);
}

void
field_take_sandbox(struct bytes_reader *in, struct sandbox_report *ret)
{
	ret->landlock_abi = bytes_take_u8(in);
	ret->no_new_privs = field_take_bool(in);
	ret->undumpable = field_take_bool(in);
	ret->seccomp = field_take_bool(in);
	ret->limits = field_take_bool(in);
}

void
field_put_error(struct bytes *out, const struct error *failed)
{
	bytes_append_u8(out, (uint8_t)failed->code);
	bytes_append_u32(out, (uint32_t)failed->os_errno);
	field_put_text(out, failed->text);
}

void
field_take_error(struct bytes_reader *in, struct error *ret)
{
	ret->code = (enum error_code)field_take_kind(in, ERROR_CODES);
	ret->os_errno = field_take_errno(in);
	field_take_text(in, ret->text, sizeof(ret->text));
}

int
field_send(int wire, uint16_t type, struct bytes *out, struct error *err)
{
	struct wire_frame frame = {
	    .type = type, .payload = out->data, .length = out->length};
	int rc = -1;

	if (bytes_check(out, err) == 0)
		rc = wire_send(wire, &frame, err);
	bytes_done(out);
	return rc;
}

int
field_receive(int wire, size_t fds_max,
    int (*decode)(struct wire_frame *frame, void *context, struct error *err),
    void *context, struct error *err)
{
	struct wire_buffer *buffer = calloc(1, sizeof(*buffer));
	struct wire_frame frame;
	int got, rc = -1;

	if (buffer == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	buffer->fds_max = fds_max;
	got = wire_receive(wire, buffer, &frame, err);
	if (got == 0)
		(void)error_set(err, ERROR_PROTOCOL, _("no job came"));
	if (got == 1) {
		rc = decode(&frame, context, err);
		wire_frame_close(&frame);
	}
	signature_wipe(buffer, sizeof(*buffer));
	free(buffer);
	return rc;
}
