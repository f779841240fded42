#include "lib/crypto/note_parts.h"

#include <assert.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/base/text.h"

static_assert(sizeof(struct note_signature) == 68, "no padding");

static int
refuse(struct error *err)
{
	return error_set(err, ERROR_INPUT, _("this is not a signed note"));
}

/* White_Space of the Unicode character database. */
static bool
is_space(uint32_t c)
{
	return (c >= 0x09 && c <= 0x0d) || c == 0x20 || c == 0x85 ||
	       c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
	       c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f ||
	       c == 0x3000;
}

/* UTF-8 with none of the characters that a note must not have. */
bool
note_parts_is_text(const char *text, size_t length)
{
	while (length > 0) {
		uint32_t c = 0;
		size_t n = text_decode(text, length, &c);

		if (n == 0 || (c < 0x20 && c != '\n'))
			return false;
		text += n;
		length -= n;
	}
	return true;
}

bool
note_parts_is_name(const char *name, size_t length)
{
	if (length == 0 || length >= NOTE_NAME_BYTES)
		return false;
	while (length > 0) {
		uint32_t c = 0;
		size_t n = text_decode(name, length, &c);

		if (n == 0 || c < 0x20 || c == '+' || is_space(c))
			return false;
		name += n;
		length -= n;
	}
	return true;
}

/* What a line holds, in base64 there. */
static void
take_signature(const struct bytes *signature, struct note_signatures *ret)
{
	struct note_signature *item = &ret->items[ret->count++];

	memcpy(item->key_hash, signature->data, NOTE_KEY_HASH_BYTES);
	memset(item->raw, 0, sizeof(item->raw));
	if (signature->length == sizeof(*item))
		memcpy(item->raw, signature->data + NOTE_KEY_HASH_BYTES,
		    sizeof(item->raw));
}

/* One signature line, without its line feed; those by others are ignored. */
static int
take_line(const char *line, size_t length, const char *wanted,
    struct note_signatures *ret, struct error *err)
{
	const size_t dash = strlen(NOTE_PARTS_DASH);
	const char *name = line + dash, *space = NULL;
	struct bytes signature = BYTES_EMPTY;
	size_t name_length = 0;
	int rc = -1;

	if (length <= dash || memcmp(line, NOTE_PARTS_DASH, dash) != 0)
		return refuse(err);
	space = memchr(name, ' ', length - dash);
	if (space == NULL)
		return refuse(err);
	name_length = (size_t)(space - name);
	if (!note_parts_is_name(name, name_length) ||
	    bytes_parse_base64(
		space + 1, length - dash - name_length - 1, &signature) != 0 ||
	    signature.length <= NOTE_KEY_HASH_BYTES) {
		refuse(err);
		goto out;
	}
	if (name_length == strlen(wanted) &&
	    memcmp(name, wanted, name_length) == 0)
		take_signature(&signature, ret);
	rc = 0;
out:
	bytes_done(&signature);
	return rc;
}

/* Where the text ends: after the line feed before the last empty line. */
static size_t
find_text_end(const char *note, size_t length)
{
	for (size_t i = length; i >= 2; i--) {
		if (note[i - 1] == '\n' && note[i - 2] == '\n')
			return i - 1;
	}
	return 0;
}

/*
 * All lines after the text and the empty line, each of which ends in a line
 * feed.
 */
static int
take_lines(const char *at, const char *end, const char *name,
    struct note_signatures *ret, struct error *err)
{
	size_t count = 0;

	while (at < end) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		if (++count > NOTE_SIGNATURES_MAX)
			return error_set(err, ERROR_INPUT,
			    _("the note has too many signatures"));
		if (take_line(at, (size_t)(feed - at), name, ret, err) != 0)
			return -1;
		at = feed + 1;
	}
	return count > 0 ? 0 : refuse(err);
}

int
note_parts_take(const char *note, size_t length, const char *name,
    struct note_signatures *ret_signatures, size_t *ret_text_length,
    struct error *err)
{
	size_t text_length;

	ret_signatures->count = 0;
	if (length == 0 || length > NOTE_BYTES_MAX ||
	    note[length - 1] != '\n' || !note_parts_is_text(note, length))
		return refuse(err);
	text_length = find_text_end(note, length);
	if (text_length == 0)
		return refuse(err);
	if (take_lines(note + text_length + 1, note + length, name,
		ret_signatures, err) != 0)
		return -1;
	*ret_text_length = text_length;
	return 0;
}

int
note_parts_verify(const char *text, size_t length, const char *name,
    const struct note_signatures *signatures,
    const struct signature_public *public, struct error *err)
{
	uint8_t hash[NOTE_KEY_HASH_BYTES];
	bool is_held = false;

	note_key_hash(name, public, hash);
	for (size_t i = 0; i < signatures->count; i++) {
		const struct note_signature *item = &signatures->items[i];

		if (memcmp(item->key_hash, hash, sizeof(hash)) != 0)
			continue;
		if (!signature_verify_raw(public, text, length, item->raw))
			return error_set(err, ERROR_SIGNATURE,
			    _("the note's signature does not hold: this is not "
			      "what was signed"));
		is_held = true;
	}
	if (is_held)
		return 0;
	return error_set(err, ERROR_NOT_FOUND,
	    _("the note is not signed by the expected key"));
}

/* Decimal without leading zeroes, that fits. */
static int
parse_size(const char *text, size_t length, uint64_t *ret_size)
{
	uint64_t size = 0;

	if (length == 0 || (length > 1 && text[0] == '0'))
		return -1;
	for (size_t i = 0; i < length; i++) {
		uint64_t digit = (uint64_t)(text[i] - '0');

		if (text[i] < '0' || text[i] > '9' ||
		    size > (UINT64_MAX - digit) / 10)
			return -1;
		size = size * 10 + digit;
	}
	*ret_size = size;
	return 0;
}

static int
parse_root(const char *text, size_t length, uint8_t ret_root[NOTE_ROOT_BYTES])
{
	struct bytes root = BYTES_EMPTY;
	int rc = -1;

	if (length == (NOTE_ROOT_BYTES + 2) / 3 * 4 &&
	    bytes_parse_base64(text, length, &root) == 0 &&
	    root.length == NOTE_ROOT_BYTES) {
		memcpy(ret_root, root.data, NOTE_ROOT_BYTES);
		rc = 0;
	}
	bytes_done(&root);
	return rc;
}

int
note_parts_parse_checkpoint(
    const char *text, size_t length, struct note_checkpoint *ret)
{
	const char *line[3], *at = text, *end = text + length;
	size_t line_length[3];

	for (size_t i = 0; i < 3; i++) {
		const char *feed =
		    at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;

		if (feed == NULL)
			return -1;
		line[i] = at;
		line_length[i] = (size_t)(feed - at);
		at = feed + 1;
	}
	if (at != end || line_length[0] == 0 ||
	    line_length[0] >= NOTE_NAME_BYTES ||
	    parse_size(line[1], line_length[1], &ret->size) != 0 ||
	    parse_root(line[2], line_length[2], ret->root) != 0)
		return -1;
	memcpy(ret->origin, line[0], line_length[0]);
	ret->origin[line_length[0]] = '\0';
	return 0;
}

int
note_parts_take_checkpoint(const char *note, size_t length,
    struct note_checkpoint *ret_checkpoint,
    struct note_signatures *ret_signatures, struct error *err)
{
	const char *feed = length == 0 ? NULL : memchr(note, '\n', length);
	char name[NOTE_NAME_BYTES];
	size_t text_length = 0;

	if (feed == NULL || (size_t)(feed - note) >= sizeof(name))
		return refuse(err);
	memcpy(name, note, (size_t)(feed - note));
	name[feed - note] = '\0';
	if (note_parts_take(
		note, length, name, ret_signatures, &text_length, err) != 0)
		return -1;
	if (note_parts_parse_checkpoint(note, text_length, ret_checkpoint) != 0)
		return error_set(
		    err, ERROR_INPUT, _("the note is no checkpoint"));
	return 0;
}
