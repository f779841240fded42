/* pattern: a line is the pattern, the rest a name from a medium. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/model/pattern.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const uint8_t *newline = length > 0 ? memchr(data, '\n', length) : NULL;
	size_t line = newline != NULL ? (size_t)(newline - data) : length;
	char text[PATTERN_MAX_BYTES + 2];
	struct pattern *pattern;
	int64_t ms = 0;

	if (line > PATTERN_MAX_BYTES + 1)
		return 0;
	memcpy(text, data, line);
	text[line] = '\0';
	if (pattern_compile(text, &pattern, NULL) != 0)
		return 0;
	if (newline != NULL &&
	    pattern_match(pattern, (const char *)newline + 1, length - line - 1,
		&ms, NULL) == 1 &&
	    pattern_precision(pattern) == PATTERN_NO_TIME && ms != 0)
		abort();
	pattern_free(pattern);
	return 0;
}
