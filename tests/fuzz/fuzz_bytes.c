/* bytes: the cursor that every decoder of foreign messages stands on. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "lib/base/bytes.h"

/* The first byte of each step says what is taken next. */
static void
take_everything(struct bytes_reader *reader)
{
	const uint8_t *end = reader->data + reader->length, *block;
	size_t length;

	while (!reader->failed && reader->length > 0) {
		switch (bytes_take_u8(reader) % 6) {
		case 0:
			(void)bytes_take_u16(reader);
			break;
		case 1:
			(void)bytes_take_u32(reader);
			break;
		case 2:
			(void)bytes_take_u64(reader);
			break;
		case 3:
			(void)bytes_take(reader, bytes_take_u8(reader));
			break;
		case 4:
			block = bytes_take_block(reader, &length);
			if (block != NULL && length > (size_t)(end - block))
				abort();
			break;
		default:
			break;
		}
	}
	if (bytes_is_consumed(reader) && reader->length != 0)
		abort();
}

/* What was decoded must encode to the same bytes' worth of text. */
static void
decode_base64(const uint8_t *data, size_t length)
{
	struct bytes binary = BYTES_EMPTY, text = BYTES_EMPTY;

	if (bytes_parse_base64((const char *)data, length, &binary) == 0) {
		bytes_append_base64(&text, binary.data, binary.length);
		if (bytes_check(&text, NULL) == 0 && text.length != length)
			abort();
	}
	bytes_done(&binary);
	bytes_done(&text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct bytes_reader reader = {data, length, false};

	take_everything(&reader);
	decode_base64(data, length);
	return 0;
}
