/*
 * inspect: the first byte is a format, the second the size of pieces; then a
 * path to its NUL, then a file.  Whatever the bytes are, the report is bounded,
 * and the same in one piece.
 */
#include "tests/fuzz/fuzz.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "lib/inspect/inspect.h"

static struct inspect_report
look(enum inspect_format format, const char *path, const uint8_t *data,
    size_t length, size_t piece)
{
	struct inspect *inspect = inspect_begin(format, path);
	struct inspect_report report = {.format = format};

	if (inspect == NULL)
		return report;
	for (size_t at = 0; at < length; at += piece)
		inspect_push(inspect, data + at,
		    piece < length - at ? piece : length - at);
	inspect_end(inspect, &report);
	return report;
}

static bool
is_same(const struct inspect_report *a, const struct inspect_report *b)
{
	if (a->severity != b->severity ||
	    a->finding_count != b->finding_count ||
	    a->count_count != b->count_count)
		return false;
	for (size_t i = 0; i < a->count_count; i++)
		if (a->counts[i].value != b->counts[i].value)
			return false;
	return true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct inspect_report parts, whole;
	enum inspect_format format, other;
	const uint8_t *nul;
	const char *path;
	size_t piece;

	if (length < 3 || (nul = memchr(data + 2, 0, length - 2)) == NULL)
		return 0;
	format = (enum inspect_format)(data[0] % INSPECT_FORMATS);
	piece = (size_t)data[1] + 1;
	path = (const char *)data + 2;
	length -= (size_t)(nul + 1 - data);
	data = nul + 1;
	(void)inspect_recognise(path, data, length, &other);
	parts = look(format, path, data, length, piece);
	whole = look(format, path, data, length, length + 1);
	if (!is_same(&parts, &whole) ||
	    parts.finding_count > INSPECT_FINDINGS_MAX ||
	    (parts.severity == INSPECT_SOUND) != (parts.finding_count == 0))
		abort();
	return 0;
}
