/*
 * magic: the first byte is a name's length, then the name, then a file's
 * beginning; what stands behind MAGIC_LATER_OFFSET bytes is the later block.
 * Whatever comes out is one of the table's, and says the same twice.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/format/entropy.h"
#include "lib/format/magic.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct entropy entropy = {.total = 0};
	struct magic_claim claim;
	enum magic magic;
	const uint8_t *later = NULL;
	size_t name_length, later_length = 0;

	if (length < 1 || (size_t)data[0] + 1 > length)
		return 0;
	name_length = data[0];
	claim = magic_claim_of((const char *)data + 1, name_length);
	(void)magic_is_usual_ending((const char *)data + 1, name_length);
	data += 1 + name_length;
	length -= 1 + name_length;
	if (length > MAGIC_LATER_OFFSET) {
		later = data + MAGIC_LATER_OFFSET;
		later_length = length - MAGIC_LATER_OFFSET;
	}
	magic = magic_recognise(data, length, later, later_length);
	if (magic >= MAGICS || magic_name(magic) == NULL ||
	    magic != magic_recognise(data, length, later, later_length) ||
	    (magic_is_text(magic) && magic_is_sealed(magic)) ||
	    (claim.formats >> MAGICS) != 0 ||
	    (claim.is_strict && claim.formats == 0))
		abort();
	(void)magic_text_is(data, length, true);
	entropy_add(&entropy, data, length);
	if (entropy_is_high(&entropy) && length < ENTROPY_BYTES_MIN)
		abort();
	return 0;
}
