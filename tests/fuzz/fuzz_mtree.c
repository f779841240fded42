/* mtree: a line that was accepted is written back byte for byte. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/format/mtree.h"

static void
path_comes_back(const char *text, size_t length)
{
	struct bytes path = BYTES_EMPTY, again = BYTES_EMPTY;

	if (mtree_decode_path(text, length, &path) == 0) {
		mtree_append_path(&again, (const char *)path.data, path.length);
		if (again.length != length ||
		    memcmp(again.data, text, length) != 0)
			abort();
	}
	bytes_done(&path);
	bytes_done(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct bytes scratch = BYTES_EMPTY, line = BYTES_EMPTY;
	struct mtree_entry entry;

	path_comes_back((const char *)data, length);
	if (mtree_parse_line(
		(const char *)data, length, &scratch, &entry, NULL) == 0) {
		if (!mtree_is_path(entry.path, entry.path_length) ||
		    mtree_append_entry(&line, &entry, NULL) != 0 ||
		    line.length != length + 1 ||
		    memcmp(line.data, data, length) != 0)
			abort();
	}
	bytes_done(&scratch);
	bytes_done(&line);
	return 0;
}
