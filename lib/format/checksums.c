#include "lib/format/checksums_internal.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* The order in which a name is searched: the longer ones first. */
static const struct {
	enum checksums_algorithm algorithm;
	const char *word;
	size_t bytes;
} algorithms[] = {
    {CHECKSUMS_SHA512, "sha512", 64},
    {CHECKSUMS_SHA384, "sha384", 48},
    {CHECKSUMS_SHA256, "sha256", 32},
    {CHECKSUMS_SHA224, "sha224", 28},
    {CHECKSUMS_CRC32C, "crc32c", 4},
    {CHECKSUMS_SHA1, "sha1", 20},
    {CHECKSUMS_MD5, "md5", 16},
};
#define ALGORITHMS (sizeof(algorithms) / sizeof(algorithms[0]))

size_t
checksums_digest_bytes(enum checksums_algorithm algorithm)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (algorithms[i].algorithm == algorithm)
			return algorithms[i].bytes;
	return 0;
}

enum checksums_algorithm
checksums_algorithm_of_name(const char *name)
{
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (strcasestr(name, algorithms[i].word) != NULL)
			return algorithms[i].algorithm;
	return CHECKSUMS_OTHER;
}

enum checksums_algorithm
checksums_algorithm_of_digits(const struct checksums *list, size_t digits)
{
	enum checksums_algorithm own = list->options.algorithm;

	/* A bag's algorithm is what its name says, and never guessed. */
	if (list->options.syntax == CHECKSUMS_BAGIT && own == CHECKSUMS_OTHER)
		return digits > 0 ? CHECKSUMS_OTHER : CHECKSUMS_NONE;
	if (own != CHECKSUMS_OTHER)
		return digits == 2 * checksums_digest_bytes(own)
			   ? own
			   : CHECKSUMS_NONE;
	/* Nobody writes a CRC-32C like that: eight digits may be anything. */
	for (size_t i = 0; i < ALGORITHMS; i++)
		if (algorithms[i].algorithm != CHECKSUMS_CRC32C &&
		    digits == 2 * algorithms[i].bytes)
			return algorithms[i].algorithm;
	return CHECKSUMS_NONE;
}

static int
hex_value(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

size_t
checksums_count_hex(const char *text, size_t length)
{
	size_t count = 0;

	while (count < length && hex_value(text[count]) >= 0)
		count++;
	return count;
}

int
checksums_parse_hex(
    const char *text, size_t length, uint8_t *ret_data, size_t bytes)
{
	if (length != 2 * bytes || checksums_count_hex(text, length) != length)
		return -1;
	for (size_t i = 0; i < bytes; i++)
		ret_data[i] = (uint8_t)((unsigned)hex_value(text[2 * i]) << 4 |
					(unsigned)hex_value(text[2 * i + 1]));
	return 0;
}

int
checksums_parse_number(const char *text, size_t length, uint64_t *ret_value)
{
	uint64_t value = 0;

	if (length == 0)
		return -1;
	for (size_t i = 0; i < length; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (digit > 9 || value > (UINT64_MAX - digit) / 10)
			return -1;
		value = 10 * value + digit;
	}
	*ret_value = value;
	return 0;
}

/*
 * Make list->path one that has no "." and no empty components.  False where it
 * is absolute or goes upwards.
 */
static bool
clean_path(struct bytes *path)
{
	size_t from = 0, to = 0;

	if (path->length > 0 && path->data[0] == '/')
		return false;
	while (from < path->length) {
		const uint8_t *part = path->data + from;
		const uint8_t *slash = memchr(part, '/', path->length - from);
		size_t length = slash != NULL ? (size_t)(slash - part)
					      : path->length - from;

		if (length == 2 && memcmp(part, "..", 2) == 0)
			return false;
		from += length + (slash != NULL ? 1 : 0);
		if (length == 0 || (length == 1 && part[0] == '.'))
			continue;
		if (to > 0)
			path->data[to++] = '/';
		memmove(path->data + to, part, length);
		to += length;
	}
	path->length = to;
	return to > 0;
}

int
checksums_give(
    struct checksums *list, struct checksums_entry *entry, struct error *err)
{
	struct bytes *path = &list->path;

	if (bytes_check(path, err) != 0)
		return -1;
	if (path->length == 0 || path->length > CHECKSUMS_PATH_BYTES_MAX ||
	    memchr(path->data, 0, path->length) != NULL) {
		list->summary.malformed++;
		return 0;
	}
	if (!clean_path(path)) {
		list->summary.outside++;
		return 0;
	}
	if (list->summary.entries++ >= CHECKSUMS_ENTRIES_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("a list of checksums has too many entries"));
	entry->path = path->data;
	entry->path_length = path->length;
	return list->options.each(list->options.context, entry, err);
}

/* Without what no list of checksums means: a carriage return at the end. */
static int
take_line(
    struct checksums *list, const char *text, size_t length, struct error *err)
{
	list->is_windows = length > 0 && text[length - 1] == '\r';
	if (list->is_windows)
		length--;
	switch (list->options.syntax) {
	case CHECKSUMS_LINES:
	case CHECKSUMS_SIDECAR:
		return checksums_take_line(list, text, length, err);
	case CHECKSUMS_BAGIT:
		return checksums_take_bagit(list, text, length, err);
	case CHECKSUMS_BAG_INFO:
		checksums_take_bag_info(list, text, length);
		return 0;
	case CHECKSUMS_POSTGRESQL:
		break;
	}
	return error_set(err, ERROR_INTERNAL, "not a list of lines");
}

/* The line is whole. */
static int
end_line(struct checksums *list, struct error *err)
{
	int rc;

	if (bytes_check(&list->line, err) != 0)
		return -1;
	rc = take_line(
	    list, (const char *)list->line.data, list->line.length, err);
	bytes_clear(&list->line);
	return rc;
}

static int
feed_lines(
    struct checksums *list, const char *data, size_t length, struct error *err)
{
	while (length > 0) {
		const char *end = memchr(data, '\n', length);
		size_t piece = end != NULL ? (size_t)(end - data) : length;

		if (piece > CHECKSUMS_LINE_BYTES_MAX - list->line.length)
			return error_set(err, ERROR_LIMIT,
			    _("a line of a list of checksums is too long"));
		bytes_append(&list->line, data, piece);
		if (end == NULL)
			return bytes_check(&list->line, err);
		if (end_line(list, err) != 0)
			return -1;
		data += piece + 1;
		length -= piece + 1;
	}
	return 0;
}

struct checksums *
checksums_new(const struct checksums_options *options, struct error *err)
{
	struct checksums *list = calloc(1, sizeof(*list));

	if (list == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	list->options = *options;
	return list;
}

int
checksums_feed(
    struct checksums *list, const void *data, size_t length, struct error *err)
{
	if (length > CHECKSUMS_BYTES_MAX - list->offset)
		return error_set(
		    err, ERROR_LIMIT, _("a list of checksums is too long"));
	if (list->options.syntax == CHECKSUMS_POSTGRESQL)
		return checksums_scan_postgresql(list, data, length, err);
	list->offset += length;
	return feed_lines(list, data, length, err);
}

int
checksums_finish(struct checksums *list, struct checksums_summary *ret_summary,
    struct error *err)
{
	if (list->options.syntax == CHECKSUMS_POSTGRESQL) {
		if (checksums_finish_postgresql(list, err) != 0)
			return -1;
	} else if (list->line.length > 0 && end_line(list, err) != 0) {
		return -1;
	}
	*ret_summary = list->summary;
	return 0;
}

void
checksums_free(struct checksums *list)
{
	if (list == NULL)
		return;
	bytes_done(&list->line);
	bytes_done(&list->path);
	bytes_done(&list->scan.outline);
	free(list);
}
