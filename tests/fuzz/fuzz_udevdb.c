/*
 * udevdb: whatever stands in a record, a value that is got from it ends within
 * its room, which is small here.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/os/udevdb.h"

#define ROOM_BYTES 16

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	static const char *const keys[] = {
	    "ID_FS_UUID", "ID_FS_LABEL_ENC", "ID_SERIAL", ""};
	struct udevdb_record *record = calloc(1, sizeof(*record));
	char *value = malloc(ROOM_BYTES);

	if (record == NULL || value == NULL)
		abort();
	record->length =
	    length < sizeof(record->data) ? length : sizeof(record->data);
	memcpy(record->data, data, record->length);
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		if (udevdb_get(record, keys[i], value, ROOM_BYTES) &&
		    memchr(value, 0, ROOM_BYTES) == NULL)
			abort();
		if (udevdb_get_encoded(record, keys[i], value, ROOM_BYTES) &&
		    memchr(value, 0, ROOM_BYTES) == NULL)
			abort();
	}
	free(value);
	free(record);
	return 0;
}
