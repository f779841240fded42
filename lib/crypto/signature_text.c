#include "lib/crypto/signature_text.h"

#include <string.h>

#include "lib/base/text.h"
#include "lib/crypto/signature.h"

/* Base64 (RFC 4648 section 4) with padding: four digits for three bytes. */
static size_t
base64_length(size_t length)
{
	return (length + 2) / 3 * 4;
}

/* The next line without its line feed; -1 when there is none. */
static int
take_line(
    struct signature_text *text, const char **ret_line, size_t *ret_length)
{
	const char *end =
	    text->length > 0 ? memchr(text->text, '\n', text->length) : NULL;

	if (end == NULL)
		return -1;
	*ret_line = text->text;
	*ret_length = (size_t)(end - text->text);
	text->text += *ret_length + 1;
	text->length -= *ret_length + 1;
	return 0;
}

bool
signature_text_is_clean(const char *text, size_t length)
{
	while (length > 0) {
		uint32_t c = 0;
		size_t n = text_decode(text, length, &c);

		if (n == 0 || (c < 0x20 && c != '\t') ||
		    (c >= 0x7f && c <= 0x9f))
			return false;
		text += n;
		length -= n;
	}
	return true;
}

int
signature_text_take_comment(struct signature_text *text, const char *beginning,
    size_t max, const char **ret_comment, size_t *ret_length)
{
	size_t skip = strlen(beginning), length = 0;
	const char *line = NULL;

	if (take_line(text, &line, &length) != 0 || length < skip ||
	    memcmp(line, beginning, skip) != 0)
		return -1;
	if (length - skip > max ||
	    !signature_text_is_clean(line + skip, length - skip))
		return -1;
	*ret_comment = line + skip;
	*ret_length = length - skip;
	return 0;
}

/*
 * Make room for `length` more bytes now: a buffer that grows while a secret is
 * appended would leave pieces of it in freed memory.
 */
static void
reserve(struct bytes *bytes, size_t length)
{
	static const uint8_t zero[64];
	size_t before = bytes->length;

	for (size_t done = 0; done < length; done += sizeof(zero))
		bytes_append(bytes, zero, sizeof(zero));
	if (!bytes->failed)
		bytes->length = before;
}

int
signature_text_take_base64(
    struct signature_text *text, void *ret_data, size_t length)
{
	struct bytes decoded = BYTES_EMPTY;
	const char *line = NULL;
	size_t line_length = 0;
	int rc = -1;

	reserve(&decoded, length);
	if (take_line(text, &line, &line_length) == 0 &&
	    line_length == base64_length(length) &&
	    bytes_parse_base64(line, line_length, &decoded) == 0 &&
	    decoded.length == length) {
		memcpy(ret_data, decoded.data, length);
		rc = 0;
	}
	signature_wipe(decoded.data, decoded.length);
	bytes_done(&decoded);
	return rc;
}

void
signature_text_append_base64(struct bytes *out, const void *data, size_t length)
{
	reserve(out, base64_length(length) + 1);
	bytes_append_base64(out, data, length);
	bytes_append_u8(out, '\n');
}
