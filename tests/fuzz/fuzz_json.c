/* json: what was accepted has one canonical form, and that form is accepted. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/format/json.h"

static void
read_members(const json_t *value)
{
	struct bytes bytes = BYTES_EMPTY;
	const char *text;
	uint64_t u64;
	int64_t i64;
	uint8_t hex[4];
	bool flag;

	(void)!json_get_u64(value, "n", &u64);
	(void)!json_get_i64(value, "n", &i64);
	(void)!json_get_bool(value, "b", &flag);
	(void)!json_get_text(value, "t", &text);
	(void)!json_get_bytes(value, "t", &bytes);
	(void)!json_get_hex(value, "h", hex, sizeof(hex));
	bytes_done(&bytes);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct bytes once = BYTES_EMPTY, twice = BYTES_EMPTY;
	json_t *value, *again = NULL;

	value = json_parse((const char *)data, length, NULL);
	if (value == NULL)
		return 0;
	read_members(value);
	if (json_append_canonical(value, &once, NULL) == 0) {
		again = json_parse((const char *)once.data, once.length, NULL);
		if (again == NULL ||
		    json_append_canonical(again, &twice, NULL) != 0 ||
		    twice.length != once.length ||
		    memcmp(twice.data, once.data, once.length) != 0)
			abort();
	}
	json_decref(again);
	json_decref(value);
	bytes_done(&once);
	bytes_done(&twice);
	return 0;
}
