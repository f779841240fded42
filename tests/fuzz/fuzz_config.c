/*
 * config: whatever the text, it loads or problems say why not; what loaded
 * prints as a text that loads again and prints the same.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/model/config.h"

/* The effective text, or false when the text does not load. */
static bool
print(const void *data, size_t length, struct bytes *out)
{
	struct config_problems problems;
	struct config *config = NULL;
	int rc = config_load_text("f", data, length, &config, &problems);

	if ((rc == 0) != (problems.count == 0) || (rc == 0) != (config != NULL))
		abort();
	if (rc == 0)
		config_print_effective(config, out);
	config_free(config);
	config_problems_done(&problems);
	return rc == 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct bytes first = BYTES_EMPTY, second = BYTES_EMPTY;

	if (print(data, length, &first) &&
	    (!print(first.data, first.length, &second) ||
		first.length != second.length ||
		memcmp(first.data, second.data, first.length) != 0))
		abort();
	bytes_done(&first);
	bytes_done(&second);
	return 0;
}
