#include "lib/format/mtree.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"

#define MODE_MAX 07777u
#define NANOSECONDS 1000000000u

static const char *const type_names[MTREE_TYPES] = {
    [MTREE_FILE] = "file",
    [MTREE_FOLDER] = "dir",
    [MTREE_LINK] = "link",
    [MTREE_FIFO] = "fifo",
    [MTREE_SOCKET] = "socket",
    [MTREE_CHAR] = "char",
    [MTREE_BLOCK] = "block",
};

const char *
mtree_type_name(enum mtree_type type)
{
	return type_names[type];
}

bool
mtree_is_path(const char *path, size_t length)
{
	size_t start = 0;

	if (length == 0 || length > MTREE_PATH_BYTES_MAX ||
	    memchr(path, '\0', length) != NULL)
		return false;
	for (size_t i = 0; i <= length; i++) {
		size_t n = i - start;

		if (i < length && path[i] != '/')
			continue;
		if (n == 0 || (n == 1 && path[start] == '.') ||
		    (n == 2 && path[start] == '.' && path[start + 1] == '.'))
			return false;
		start = i + 1;
	}
	return true;
}

/* ---- escapes ---- */

/* '#' begins a comment and '\' an escape in mtree(5); a name with * ? [ is a
 * pattern to NetBSD's mtree; '=' separates keywords from values. */
static bool
is_plain(unsigned char c)
{
	switch (c) {
	case '\\':
	case '#':
	case '*':
	case '?':
	case '[':
	case '=':
		return false;
	default:
		return c >= 0x21 && c <= 0x7e;
	}
}

void
mtree_append_path(struct bytes *out, const char *path, size_t length)
{
	size_t from = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)path[i];
		char escape[4] = {'\\', (char)('0' + (c >> 6)),
		    (char)('0' + (c >> 3 & 7)), (char)('0' + (c & 7))};

		if (is_plain(c))
			continue;
		bytes_append(out, path + from, i - from);
		bytes_append(out, escape, sizeof(escape));
		from = i + 1;
	}
	bytes_append(out, path + from, length - from);
}

/* The byte of an escape of four characters, or -1. */
static int
unescape(const char *text, size_t length)
{
	int c = 0;

	if (length < 4 || text[1] > '3')
		return -1;
	for (size_t i = 1; i < 4; i++) {
		if (text[i] < '0' || text[i] > '7')
			return -1;
		c = c << 3 | (text[i] - '0');
	}
	return c == 0 || is_plain((unsigned char)c) ? -1 : c;
}

int
mtree_decode_path(const char *text, size_t length, struct bytes *out)
{
	size_t start = out->length, from = 0;

	for (size_t i = 0; i < length;) {
		int c;

		if (is_plain((unsigned char)text[i])) {
			i++;
			continue;
		}
		c = text[i] == '\\' ? unescape(text + i, length - i) : -1;
		if (c < 0)
			goto refused;
		bytes_append(out, text + from, i - from);
		bytes_append_u8(out, (uint8_t)c);
		i += 4;
		from = i;
	}
	bytes_append(out, text + from, length - from);
	if (length > 0 && !out->failed)
		return 0;
refused:
	out->length = start;
	return -1;
}

/* ---- writing ---- */

static bool
is_target(const char *link, size_t length)
{
	return length > 0 && length <= MTREE_PATH_BYTES_MAX &&
	       memchr(link, '\0', length) == NULL;
}

bool
mtree_is_entry(const struct mtree_entry *entry)
{
	bool is_file = entry->type == MTREE_FILE;

	if (!mtree_is_path(entry->path, entry->path_length))
		return false;
	if (!is_file && (entry->has_size || entry->has_digest))
		return false;
	if (entry->has_digest && !entry->has_size)
		return false;
	if (entry->has_time && entry->time_nanoseconds >= NANOSECONDS)
		return false;
	if (entry->has_mode && entry->mode > MODE_MAX)
		return false;
	if (entry->link != NULL &&
	    (entry->type != MTREE_LINK ||
		!is_target(entry->link, entry->link_length)))
		return false;
	return true;
}

/* The keywords before the digest, of at most 100 bytes. */
static void
append_numbers(struct bytes *out, const struct mtree_entry *entry)
{
	char text[128];
	int n = 0;

	if (entry->has_size)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    " size=%" PRIu64, entry->size);
	if (entry->has_time)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    " time=%" PRId64 ".%09" PRIu32, entry->time_seconds,
		    entry->time_nanoseconds);
	if (entry->has_mode)
		n += snprintf(text + n, sizeof(text) - (size_t)n,
		    " mode=%04" PRIo32, entry->mode);
	bytes_append(out, text, (size_t)n);
}

int
mtree_append_entry(
    struct bytes *out, const struct mtree_entry *entry, struct error *err)
{
	char hex[2 * sizeof(entry->digest) + 1];

	if (!mtree_is_entry(entry))
		return error_set(err, ERROR_INPUT,
		    _("an entry that a manifest cannot hold"));
	bytes_append(out, "./", 2);
	mtree_append_path(out, entry->path, entry->path_length);
	bytes_append(out, " type=", 6);
	bytes_append_text(out, type_names[entry->type]);
	append_numbers(out, entry);
	if (entry->has_digest) {
		bytes_format_hex(entry->digest, sizeof(entry->digest), hex);
		bytes_append(out, " sha256digest=", 14);
		bytes_append(out, hex, sizeof(hex) - 1);
	}
	if (entry->link != NULL) {
		bytes_append(out, " link=", 6);
		mtree_append_path(out, entry->link, entry->link_length);
	}
	bytes_append(out, "\n", 1);
	return bytes_check(out, err);
}

/* ---- reading ---- */

/* What is left of a line. */
struct cursor {
	const char *at, *end;
};

/* Step over a text that must stand here. */
static bool
take_text(struct cursor *cursor, const char *text)
{
	size_t length = strlen(text);

	if ((size_t)(cursor->end - cursor->at) < length ||
	    memcmp(cursor->at, text, length) != 0)
		return false;
	cursor->at += length;
	return true;
}

/* A number without leading zeros, as "%llu" writes it. */
static bool
take_u64(struct cursor *cursor, uint64_t *ret)
{
	const char *start = cursor->at;
	uint64_t value = 0;

	while (cursor->at < cursor->end && *cursor->at >= '0' &&
	       *cursor->at <= '9') {
		if (__builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(
			value, (uint64_t)(*cursor->at - '0'), &value))
			return false;
		cursor->at++;
	}
	*ret = value;
	return cursor->at > start && (*start != '0' || cursor->at == start + 1);
}

/* Exactly `width` digits of a base up to 10. */
static bool
take_digits(struct cursor *cursor, size_t width, uint32_t base, uint32_t *ret)
{
	uint32_t value = 0;

	if ((size_t)(cursor->end - cursor->at) < width)
		return false;
	for (size_t i = 0; i < width; i++) {
		unsigned int digit = (unsigned int)(*cursor->at++ - '0');

		if (digit >= base)
			return false;
		value = value * base + digit;
	}
	*ret = value;
	return true;
}

static bool
take_time(struct cursor *cursor, struct mtree_entry *entry)
{
	bool is_negative = take_text(cursor, "-");
	uint64_t seconds;

	if (!take_u64(cursor, &seconds) ||
	    seconds > (uint64_t)INT64_MAX + (is_negative ? 1 : 0) ||
	    (is_negative && seconds == 0))
		return false;
	/* Without a detour through -INT64_MIN, which does not exist. */
	entry->time_seconds =
	    is_negative ? -(int64_t)(seconds - 1) - 1 : (int64_t)seconds;
	return take_text(cursor, ".") &&
	       take_digits(cursor, 9, 10, &entry->time_nanoseconds);
}

/*
 * Lower-case digits.  Without a branch for each: no processor foresees what the
 * next digit of a digest is.
 */
static bool
take_digest(struct cursor *cursor, struct mtree_entry *entry)
{
	const char *at = cursor->at;
	bool is_hex = true;

	if ((size_t)(cursor->end - at) < 2 * sizeof(entry->digest))
		return false;
	for (size_t i = 0; i < sizeof(entry->digest); i++) {
		unsigned int byte = 0;

		for (size_t k = 0; k < 2; k++) {
			const unsigned int c = (unsigned char)*at++;

			is_hex &= (c - '0' < 10) | (c - 'a' < 6);
			/* '0' is 0x30, 'a' is 0x61. */
			byte = byte << 4 | ((c & 15) + 9 * (c >> 6));
		}
		entry->digest[i] = (uint8_t)byte;
	}
	cursor->at = at;
	return is_hex;
}

static bool
take_type(struct cursor *cursor, struct mtree_entry *entry)
{
	for (unsigned int i = 0; i < MTREE_TYPES; i++) {
		if (take_text(cursor, type_names[i])) {
			entry->type = (enum mtree_type)i;
			return true;
		}
	}
	return false;
}

/* An escaped path up to the next space or the end, decoded into scratch. */
static bool
take_path(struct cursor *cursor, struct bytes *scratch)
{
	size_t left = (size_t)(cursor->end - cursor->at);
	const char *start = cursor->at;
	const char *space = left > 0 ? memchr(start, ' ', left) : NULL;

	cursor->at = space != NULL ? space : cursor->end;
	return mtree_decode_path(
		   start, (size_t)(cursor->at - start), scratch) == 0;
}

static bool
take_keywords(
    struct cursor *cursor, struct bytes *scratch, struct mtree_entry *entry)
{
	if (!take_text(cursor, " type=") || !take_type(cursor, entry))
		return false;
	entry->has_size = take_text(cursor, " size=");
	if (entry->has_size && !take_u64(cursor, &entry->size))
		return false;
	entry->has_time = take_text(cursor, " time=");
	if (entry->has_time && !take_time(cursor, entry))
		return false;
	entry->has_mode = take_text(cursor, " mode=");
	if (entry->has_mode && !take_digits(cursor, 4, 8, &entry->mode))
		return false;
	entry->has_digest = take_text(cursor, " sha256digest=");
	if (entry->has_digest && !take_digest(cursor, entry))
		return false;
	if (!take_text(cursor, " link="))
		return true;
	if (!take_path(cursor, scratch))
		return false;
	entry->link_length = scratch->length - entry->path_length;
	return true;
}

int
mtree_parse_line(const char *line, size_t length, struct bytes *scratch,
    struct mtree_entry *ret_entry, struct error *err)
{
	struct cursor cursor = {line, line + length};
	struct mtree_entry entry = {0};

	bytes_clear(scratch);
	if (length > MTREE_LINE_BYTES_MAX || !take_text(&cursor, "./") ||
	    !take_path(&cursor, scratch))
		goto refused;
	entry.path_length = scratch->length;
	if (!take_keywords(&cursor, scratch, &entry) || cursor.at != cursor.end)
		goto refused;
	/* Only now: scratch may have moved while it grew. */
	entry.path = (const char *)scratch->data;
	if (entry.link_length > 0)
		entry.link = entry.path + entry.path_length;
	if (!mtree_is_entry(&entry))
		goto refused;
	*ret_entry = entry;
	return 0;
refused:
	return error_set(
	    err, ERROR_INPUT, _("a line that is not a manifest's"));
}
