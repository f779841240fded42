#include "lib/worker/field.h"

#include <string.h>

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
