#include "lib/os/udevdb.h"

#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

bool
udevdb_is_present(const char *folder)
{
	return access(folder, F_OK) == 0;
}

bool
udevdb_read(const char *folder, uint32_t major, uint32_t minor,
    struct udevdb_record *ret)
{
	char path[PATH_MAX];
	ssize_t length;
	int fd, printed;

	ret->length = 0;
	printed = snprintf(path, sizeof(path), "%s/b%" PRIu32 ":%" PRIu32,
	    folder, major, minor);
	if (printed < 0 || (size_t)printed >= sizeof(path))
		return false;
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NOFOLLOW);
	if (fd < 0)
		return false;
	/* udev replaces the file whole, so that one read sees all of it. */
	length = read(fd, ret->data, sizeof(ret->data));
	(void)close(fd);
	ret->length = length > 0 ? (size_t)length : 0;
	return ret->length > 0;
}

/* The value of "E:KEY=", which ends with its line; NULL when there is none. */
static const char *
find_value(
    const struct udevdb_record *record, const char *key, size_t *ret_length)
{
	const size_t key_length = strlen(key);
	const char *line = record->data, *end = record->data + record->length;

	while (line < end) {
		const char *stop = memchr(line, '\n', (size_t)(end - line));

		/* A line without its end is cut. */
		if (stop == NULL)
			return NULL;
		if ((size_t)(stop - line) > key_length + 2 &&
		    memcmp(line, "E:", 2) == 0 &&
		    memcmp(line + 2, key, key_length) == 0 &&
		    line[2 + key_length] == '=') {
			line += key_length + 3;
			*ret_length = (size_t)(stop - line);
			return line;
		}
		line = stop + 1;
	}
	return NULL;
}

bool
udevdb_get(const struct udevdb_record *record, const char *key, char *value,
    size_t value_bytes)
{
	size_t length;
	const char *found = find_value(record, key, &length);

	if (found == NULL || length >= value_bytes)
		return false;
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)found[i] < ' ' || found[i] == 0x7f)
			return false;
	memcpy(value, found, length);
	value[length] = '\0';
	return true;
}

static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* In place; what is no escape stays.  An escaped NUL would end the text. */
static void
decode(char *text)
{
	char *out = text;

	while (*text != '\0') {
		int high = -1, low = -1;

		if (text[0] == '\\' && text[1] == 'x')
			high = digit(text[2]);
		if (high >= 0)
			low = digit(text[3]);
		if (low >= 0 && high + low > 0) {
			*out++ = (char)(high << 4 | low);
			text += 4;
		} else {
			*out++ = *text++;
		}
	}
	*out = '\0';
}

static void
trim(char *text)
{
	size_t length = strlen(text), start = strspn(text, " ");

	while (length > start && text[length - 1] == ' ')
		length--;
	memmove(text, text + start, length - start);
	text[length - start] = '\0';
}

bool
udevdb_get_encoded(const struct udevdb_record *record, const char *key,
    char *value, size_t value_bytes)
{
	if (!udevdb_get(record, key, value, value_bytes))
		return false;
	decode(value);
	trim(value);
	return true;
}
