#include <string.h>

#include "lib/inspect/pgdump_value.h"

enum pgdump_result
pgdump_value_number(
    struct pgdump_value *value, struct feed *feed, unsigned int_bytes)
{
	const uint8_t *bytes = feed_take(feed, 1 + (size_t)int_bytes);
	uint64_t number = 0;

	if (bytes == NULL)
		return PGDUMP_MORE;
	for (unsigned i = int_bytes; i > 0; i--)
		number = number << 8 | bytes[i];
	if (number > INT64_MAX || bytes[0] > 1)
		return PGDUMP_WRONG;
	value->number = bytes[0] == 0 ? (int64_t)number : -(int64_t)number;
	return PGDUMP_DONE;
}

enum pgdump_result
pgdump_value_text(
    struct pgdump_value *value, struct feed *feed, unsigned int_bytes)
{
	enum pgdump_result result;
	const uint8_t *bytes;
	size_t kept;

	if (!value->has_length) {
		result = pgdump_value_number(value, feed, int_bytes);
		if (result != PGDUMP_DONE)
			return result;
		value->has_length = true;
		value->is_null = value->number == -1;
		if (value->is_null)
			return PGDUMP_DONE;
		/* No definition is that long. */
		if (value->number < 0 || value->number > INT32_MAX)
			return PGDUMP_WRONG;
	}
	kept = value->number < PGDUMP_TEXT_BYTES ? (size_t)value->number
						 : PGDUMP_TEXT_BYTES - 1;
	bytes = feed_take(feed, kept);
	if (bytes == NULL)
		return PGDUMP_MORE;
	memcpy(value->text, bytes, kept);
	value->text[kept] = '\0';
	feed_skip(feed, (uint64_t)value->number - kept);
	return PGDUMP_DONE;
}
