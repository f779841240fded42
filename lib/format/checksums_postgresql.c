/*
 * A backup_manifest is one JSON object with an array of a million objects in
 * it.  A small scanner cuts the objects out of the arrays and parses each
 * alone; what is left of the whole, with one 0 for all objects of an array, is
 * the outline, which is parsed at the end.
 */
#include "lib/format/checksums_internal.h"

#include <string.h>
#include <strings.h>

#include "lib/base/i18n.h"
#include "lib/format/json.h"

/* Depths: the object itself, an array in it, an object in that. */
#define DEPTH_ARRAY 2
#define DEPTH_ELEMENT 3
#define DEPTH_MAX 8
#define OUTLINE_BYTES_MAX ((size_t)64 * 1024)
/*
 * Digits of a number that are kept.  The longest that matters is a size; the
 * system identifier of version 2 is a 64-bit number that is not looked at.
 */
#define DIGITS_MAX 18
#define VERSION_MAX 2

static int
refuse(struct error *err)
{
	return error_set(
	    err, ERROR_INPUT, _("this is no PostgreSQL backup manifest"));
}

/* A member that is a text; NULL where it is missing or something else. */
static const char *
text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static int
take_path(struct checksums *list, const json_t *file, struct error *err)
{
	const char *clear = text_of(file, "Path");
	const char *encoded = text_of(file, "Encoded-Path");
	size_t length;

	bytes_clear(&list->path);
	if ((clear == NULL) == (encoded == NULL))
		return refuse(err);
	if (clear != NULL) {
		bytes_append_text(&list->path, clear);
		return 0;
	}
	length = strlen(encoded);
	for (size_t i = 0; i < length; i += 2) {
		uint8_t byte;

		if (checksums_parse_hex(encoded + i,
			length - i < 2 ? length - i : 2, &byte, 1) != 0)
			return refuse(err);
		bytes_append_u8(&list->path, byte);
	}
	return 0;
}

static int
take_digest(
    struct checksums_entry *entry, const json_t *file, struct error *err)
{
	static const struct {
		const char *name;
		enum checksums_algorithm algorithm;
	} names[] = {
	    {"CRC32C", CHECKSUMS_CRC32C},
	    {"SHA224", CHECKSUMS_SHA224},
	    {"SHA256", CHECKSUMS_SHA256},
	    {"SHA384", CHECKSUMS_SHA384},
	    {"SHA512", CHECKSUMS_SHA512},
	};
	const char *name = text_of(file, "Checksum-Algorithm");
	const char *digest = text_of(file, "Checksum");

	entry->algorithm = CHECKSUMS_NONE;
	if ((name == NULL) != (digest == NULL))
		return refuse(err);
	if (name == NULL)
		return 0;
	entry->algorithm = CHECKSUMS_OTHER;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcasecmp(name, names[i].name) == 0)
			entry->algorithm = names[i].algorithm;
	if (entry->algorithm != CHECKSUMS_OTHER &&
	    checksums_parse_hex(digest, strlen(digest), entry->digest,
		checksums_digest_bytes(entry->algorithm)) != 0)
		return refuse(err);
	return 0;
}

/*
 * What pg_verifybackup(1) leaves out: files that a server, or pg_basebackup -R
 * behind its own manifest's back, writes after the checksums were taken.
 */
static bool
is_left_out(const struct bytes *path)
{
	static const char *const names[] = {"backup_manifest", "pg_wal",
	    "postgresql.auto.conf", "recovery.signal", "standby.signal"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		size_t length = strlen(names[i]);

		if (path->length >= length &&
		    memcmp(path->data, names[i], length) == 0 &&
		    (path->length == length || path->data[length] == '/'))
			return true;
	}
	return false;
}

static int
take_file(struct checksums *list, const json_t *file, struct error *err)
{
	struct checksums_entry entry = {.has_size = true};
	const json_t *size = json_object_get(file, "Size");

	if (!json_is_integer(size) || json_integer_value(size) < 0 ||
	    take_path(list, file, err) != 0 ||
	    take_digest(&entry, file, err) != 0)
		return refuse(err);
	entry.size = (uint64_t)json_integer_value(size);
	if (bytes_check(&list->path, err) != 0)
		return -1;
	if (is_left_out(&list->path))
		return 0;
	return checksums_give(list, &entry, err);
}

/* An object in an array is whole. */
static int
end_element(struct checksums *list, struct error *err)
{
	struct checksums_scan *scan = &list->scan;
	struct bytes *outline = &scan->outline;
	json_t *file;
	int rc = 0;

	/* One stands for all, as long as commas stand between them. */
	if (outline->length >= 2 &&
	    memcmp(outline->data + outline->length - 2, "0,", 2) == 0)
		outline->length--;
	else
		bytes_append_u8(outline, '0');
	if (bytes_check(&list->line, err) != 0)
		return -1;
	if (scan->is_files) {
		file = json_parse(
		    (const char *)list->line.data, list->line.length, err);
		if (file == NULL)
			return -1;
		rc = take_file(list, file, err);
		json_decref(file);
	}
	bytes_clear(&list->line);
	return rc;
}

/* Keep a byte where it belongs: in the object of an array, or the outline. */
static int
keep(struct checksums *list, char c, unsigned depth, struct error *err)
{
	bool is_element = depth >= DEPTH_ELEMENT;
	struct bytes *to = is_element ? &list->line : &list->scan.outline;
	size_t most = is_element ? CHECKSUMS_LINE_BYTES_MAX : OUTLINE_BYTES_MAX;

	if (to->length >= most)
		return error_set(err, ERROR_LIMIT,
		    _("a part of a PostgreSQL backup manifest is too long"));
	bytes_append_u8(to, (uint8_t)c);
	return 0;
}

static bool
ends_with(const struct bytes *bytes, const char *text)
{
	size_t length = strlen(text);

	return bytes->length >= length &&
	       memcmp(bytes->data + bytes->length - length, text, length) == 0;
}

static int
open_level(struct checksums *list, char c, struct error *err)
{
	struct checksums_scan *scan = &list->scan;

	if (++scan->depth > DEPTH_MAX)
		return refuse(err);
	if (scan->depth == DEPTH_ARRAY)
		scan->is_files =
		    c == '[' && ends_with(&scan->outline, "\"Files\":");
	return keep(list, c, scan->depth, err);
}

static int
close_level(struct checksums *list, char c, struct error *err)
{
	struct checksums_scan *scan = &list->scan;

	if (scan->depth == 0 || keep(list, c, scan->depth, err) != 0)
		return refuse(err);
	if (scan->depth-- == DEPTH_ELEMENT)
		return end_element(list, err);
	return 0;
}

/* A byte inside a text. */
static int
take_text(struct checksums *list, char c, struct error *err)
{
	struct checksums_scan *scan = &list->scan;

	if (scan->is_escaped)
		scan->is_escaped = false;
	else if (c == '\\')
		scan->is_escaped = true;
	else if (c == '"')
		scan->in_text = false;
	return keep(list, c, scan->depth, err);
}

static int
take_byte(struct checksums *list, char c, struct error *err)
{
	struct checksums_scan *scan = &list->scan;
	bool is_digit = c >= '0' && c <= '9';

	if (scan->in_text)
		return take_text(list, c, err);
	scan->digits = is_digit ? scan->digits + 1 : 0;
	if (scan->digits > DIGITS_MAX && scan->depth < DEPTH_ELEMENT)
		return scan->digits > 20 ? refuse(err) : 0;
	switch (c) {
	case '"':
		scan->in_text = true;
		return keep(list, c, scan->depth, err);
	case '{':
	case '[':
		return open_level(list, c, err);
	case '}':
	case ']':
		return close_level(list, c, err);
	case ' ':
	case '\t':
	case '\r':
	case '\n':
		return 0;
	default:
		return keep(list, c, scan->depth, err);
	}
}

int
checksums_scan_postgresql(
    struct checksums *list, const char *data, size_t length, struct error *err)
{
	for (size_t i = 0; i < length; i++) {
		list->offset++;
		if (data[i] == '\n') {
			list->scan.lines[0] = list->scan.lines[1];
			list->scan.lines[1] = list->offset;
		}
		if (take_byte(list, data[i], err) != 0)
			return -1;
	}
	return 0;
}

static int
check_outline(struct checksums *list, const json_t *outline, struct error *err)
{
	const json_t *version =
	    json_object_get(outline, "PostgreSQL-Backup-Manifest-Version");
	const char *own = text_of(outline, "Manifest-Checksum");

	if (!json_is_integer(version) || json_integer_value(version) < 1 ||
	    !json_is_array(json_object_get(outline, "Files")))
		return refuse(err);
	if (json_integer_value(version) > VERSION_MAX)
		return error_set(err, ERROR_VERSION,
		    _("this PostgreSQL backup manifest has a later version "
		      "than hikae knows"));
	if (own == NULL || checksums_parse_hex(own, strlen(own),
			       list->summary.own, CHECKSUMS_OWN_BYTES) != 0)
		return refuse(err);
	/* It covers all lines but its own, which is the last. */
	if (list->scan.lines[1] != list->offset || list->scan.lines[0] == 0)
		return refuse(err);
	list->summary.has_own = true;
	list->summary.own_bytes = list->scan.lines[0];
	return 0;
}

int
checksums_finish_postgresql(struct checksums *list, struct error *err)
{
	const struct bytes *outline = &list->scan.outline;
	json_t *object;
	int rc;

	if (list->scan.depth != 0 || list->scan.in_text || outline->length == 0)
		return refuse(err);
	if (bytes_check(outline, err) != 0)
		return -1;
	object = json_parse((const char *)outline->data, outline->length, err);
	if (object == NULL)
		return refuse(err);
	rc = check_outline(list, object, err);
	json_decref(object);
	return rc;
}
