#include "lib/format/checksums_internal.h"

#include <string.h>
#include <strings.h>

/* What the byte-order mark is that editors put before a text. */
#define MARK "\xef\xbb\xbf"

/*
 * Append a name to list->path; an escaped one has \n, \r and \\ in it (GNU
 * coreutils manual, "md5sum invocation").  -1: a backslash before anything
 * else.
 */
static int
take_name(
    struct checksums *list, const char *text, size_t length, bool is_escaped)
{
	bytes_clear(&list->path);
	if (!is_escaped) {
		bytes_append(&list->path, text, length);
		return 0;
	}
	for (size_t i = 0; i < length; i++) {
		char c = text[i];

		if (c == '\\') {
			if (++i == length)
				return -1;
			if (text[i] == 'n')
				c = '\n';
			else if (text[i] == 'r')
				c = '\r';
			else if (text[i] != '\\')
				return -1;
		}
		bytes_append_u8(&list->path, (uint8_t)c);
	}
	return 0;
}

/*
 * "HEX  name", "HEX *name", "HEX name"; in a sidecar "HEX" alone.  -1: it is
 * none of these.
 */
static int
parse_plain(struct checksums *list, const char *text, size_t length,
    bool is_escaped, struct checksums_entry *entry)
{
	size_t digits = checksums_count_hex(text, length);
	enum checksums_algorithm algorithm =
	    checksums_algorithm_of_digits(list, digits);
	bool is_alone = true;

	if (algorithm == CHECKSUMS_NONE ||
	    checksums_parse_hex(text, digits, entry->digest, digits / 2) != 0)
		return -1;
	entry->algorithm = algorithm;
	for (size_t i = digits; i < length; i++)
		is_alone = is_alone && (text[i] == ' ' || text[i] == '\t');
	if (is_alone) {
		if (list->options.name == NULL)
			return -1;
		return take_name(list, list->options.name,
		    strlen(list->options.name), false);
	}
	if (text[digits] != ' ' && text[digits] != '\t')
		return -1;
	digits++;
	if (text[digits] == ' ' || text[digits] == '*')
		digits++;
	return take_name(list, text + digits, length - digits, is_escaped);
}

/* The algorithm of a tag, which may be a relative's way of writing it. */
static enum checksums_algorithm
algorithm_of_tag(const char *tag, size_t length)
{
	static const struct {
		const char *tag;
		enum checksums_algorithm algorithm;
	} tags[] = {
	    {"MD5", CHECKSUMS_MD5},
	    {"SHA1", CHECKSUMS_SHA1},
	    {"SHA224", CHECKSUMS_SHA224},
	    {"SHA256", CHECKSUMS_SHA256},
	    {"SHA384", CHECKSUMS_SHA384},
	    {"SHA512", CHECKSUMS_SHA512},
	    /* openssl-dgst(1) of OpenSSL 3 */
	    {"SHA2-224", CHECKSUMS_SHA224},
	    {"SHA2-256", CHECKSUMS_SHA256},
	    {"SHA2-384", CHECKSUMS_SHA384},
	    {"SHA2-512", CHECKSUMS_SHA512},
	};

	for (size_t i = 0; i < sizeof(tags) / sizeof(tags[0]); i++)
		if (strlen(tags[i].tag) == length &&
		    strncasecmp(tag, tags[i].tag, length) == 0)
			return tags[i].algorithm;
	return CHECKSUMS_OTHER;
}

/* Letters, digits and hyphens at the beginning: a tag. */
static size_t
count_tag(const char *text, size_t length)
{
	size_t count = 0;

	while (
	    count < length && ((text[count] >= '0' && text[count] <= '9') ||
				  (text[count] >= 'A' && text[count] <= 'Z') ||
				  (text[count] >= 'a' && text[count] <= 'z') ||
				  text[count] == '-'))
		count++;
	return count;
}

/* The last ")" of a text; length where there is none. */
static size_t
find_last_bracket(const char *text, size_t length)
{
	const char *at = memrchr(text, ')', length);

	return at != NULL ? (size_t)(at - text) : length;
}

/*
 * "SHA256 (name) = HEX"; openssl-dgst(1) leaves the blanks out before the
 * brackets and the sign.  -1: it is not.
 */
static int
parse_tagged(struct checksums *list, const char *text, size_t length,
    bool is_escaped, struct checksums_entry *entry)
{
	size_t tag = count_tag(text, length), open = tag, close, at;
	size_t bytes;

	if (open < length && text[open] == ' ')
		open++;
	if (tag == 0 || open == length || text[open] != '(')
		return -1;
	open++;
	close = open + find_last_bracket(text + open, length - open);
	at = close + 1;
	if (at < length && text[at] == ' ')
		at++;
	if (at + 1 >= length || text[at] != '=' || text[at + 1] != ' ')
		return -1;
	at += 2;
	entry->algorithm = algorithm_of_tag(text, tag);
	bytes = checksums_digest_bytes(entry->algorithm);
	if (entry->algorithm != CHECKSUMS_OTHER &&
	    checksums_parse_hex(text + at, length - at, entry->digest, bytes) !=
		0)
		return -1;
	return take_name(list, text + open, close - open, is_escaped);
}

/*
 * Programs of Windows part folders with a backslash and begin with a drive,
 * which is elsewhere.  In a name of Shift_JIS it may be half a character; a
 * line that has a slash knows what parts its folders.
 */
static void
part_folders(struct checksums *list)
{
	struct bytes *path = &list->path;
	uint8_t *data = path->data;

	if (!list->is_windows || path->failed || path->length == 0 ||
	    memchr(data, '/', path->length) != NULL)
		return;
	for (size_t i = 0; i < path->length; i++)
		if (data[i] == '\\' && (i == 0 || data[i - 1] < 0x80))
			data[i] = '/';
	if (path->length > 2 && data[1] == ':' && data[2] == '/')
		data[0] = data[1] = '/';
}

/*
 * Whoever makes NAME.sha256 may give the tool a path from anywhere: the list
 * is of the file beside it.
 */
static void
forget_folders(struct checksums *list)
{
	const char *name = list->options.name;
	struct bytes *path = &list->path;
	size_t length = name != NULL ? strlen(name) : 0;

	if (length > 0 && path->length > length && !path->failed &&
	    path->data[path->length - length - 1] == '/' &&
	    memcmp(path->data + path->length - length, name, length) == 0) {
		bytes_clear(path);
		bytes_append(path, name, length);
	}
}

int
checksums_take_line(
    struct checksums *list, const char *text, size_t length, struct error *err)
{
	struct checksums_entry entry = {.algorithm = CHECKSUMS_NONE};
	bool is_escaped = false;

	if (list->summary.entries == 0 && length >= strlen(MARK) &&
	    memcmp(text, MARK, strlen(MARK)) == 0) {
		text += strlen(MARK);
		length -= strlen(MARK);
	}
	while (length > 0 && (text[0] == ' ' || text[0] == '\t')) {
		text++;
		length--;
	}
	if (length == 0 || text[0] == '#')
		return 0;
	if (text[0] == '\\') {
		is_escaped = true;
		text++;
		length--;
	}
	if (parse_plain(list, text, length, is_escaped, &entry) == 0 ||
	    parse_tagged(list, text, length, is_escaped, &entry) == 0) {
		if (!is_escaped)
			part_folders(list);
		forget_folders(list);
		return checksums_give(list, &entry, err);
	}
	list->summary.malformed++;
	return 0;
}
