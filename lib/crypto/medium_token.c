#include "lib/crypto/medium_token.h"

#include <string.h>

#include "lib/base/i18n.h"

#define HEX_CHARACTERS ((size_t)2 * MEDIUM_TOKEN_RANDOM_BYTES)

void
medium_token_format(const struct medium_token *token, struct bytes *out)
{
	char hex[HEX_CHARACTERS + 1];

	bytes_format_hex(token->random, sizeof(token->random), hex);
	bytes_append_format(out,
	    "hikae medium 1\norigin %s\nmedium %s\ntoken %s\n", token->origin,
	    token->medium, hex);
}

void
medium_token_digest(
    const struct medium_token *token, uint8_t ret_digest[DIGEST_SHA256_BYTES])
{
	char hex[HEX_CHARACTERS + 1];

	bytes_format_hex(token->random, sizeof(token->random), hex);
	digest_sha256_of(hex, HEX_CHARACTERS, ret_digest);
}

/* One line "NAME VALUE" from *text on; what is left begins after it. */
static bool
take_line(const char **text, const char *end, const char *name, char *value,
    size_t size)
{
	size_t length = strlen(name);
	const char *stop = memchr(*text, '\n', (size_t)(end - *text));

	if (stop == NULL || (size_t)(stop - *text) <= length ||
	    memcmp(*text, name, length) != 0)
		return false;
	*text += length;
	length = (size_t)(stop - *text);
	if (length >= size)
		return false;
	memcpy(value, *text, length);
	value[length] = '\0';
	*text = stop + 1;
	return true;
}

/* The four lines; *ret_length is what they take of the text. */
static bool
parse(const char *text, size_t length, struct medium_token *token,
    size_t *ret_length)
{
	const char *at = text, *end = text + length;
	char version[2], hex[HEX_CHARACTERS + 1];

	if (!take_line(&at, end, "hikae medium ", version, sizeof(version)) ||
	    strcmp(version, "1") != 0 ||
	    !take_line(
		&at, end, "origin ", token->origin, sizeof(token->origin)) ||
	    !take_line(
		&at, end, "medium ", token->medium, sizeof(token->medium)) ||
	    !take_line(&at, end, "token ", hex, sizeof(hex)) ||
	    strlen(hex) != HEX_CHARACTERS ||
	    bytes_parse_hex(hex, token->random, sizeof(token->random)) != 0)
		return false;
	*ret_length = (size_t)(at - text);
	return true;
}

int
medium_token_take(const char *note, size_t length,
    struct medium_token *ret_token, struct note_signatures *ret_signatures,
    struct error *err)
{
	size_t own = 0, text_length = 0;

	ret_signatures->count = 0;
	if (length > 0 && memchr(note, '\0', length) == NULL &&
	    parse(note, length, ret_token, &own) &&
	    note_parts_take(note, length, ret_token->origin, ret_signatures,
		&text_length, err) == 0 &&
	    text_length == own)
		return 0;
	return error_set(err, ERROR_INPUT, _("this is no token of a medium"));
}
