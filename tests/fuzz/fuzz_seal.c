/*
 * seal: two bytes are the length of the head, one that of the tail in units of
 * four; what is left over between them was not seen.  Whatever comes out is one
 * of the three, and says the same twice.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "lib/format/seal.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct seal_view view = {.size = 0};
	enum seal seal;

	if (length < 3)
		return 0;
	view.head_length = (size_t)(data[0] << 8 | data[1]);
	view.tail_length = (size_t)data[2] * 4;
	data += 3;
	length -= 3;
	if (view.head_length > length)
		view.head_length = length;
	if (view.tail_length > length)
		view.tail_length = length;
	view.head = data;
	view.tail = data + length - view.tail_length;
	view.size = length;
	seal = seal_recognise(&view);
	if (seal > SEAL_UNCLEAR || seal != seal_recognise(&view))
		abort();
	(void)seal_is_cms(view.head, view.head_length);
	(void)seal_is_signature(view.head, view.head_length);
	return 0;
}
