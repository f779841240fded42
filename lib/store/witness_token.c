#include "lib/store/witness_token.h"

#include <string.h>

#include "lib/crypto/note.h"

#define TOKEN_BYTES 32
#define TOKEN_HEX ((size_t)2 * TOKEN_BYTES)
#define MEDIUM_BYTES 33

int
witness_token_make(const struct keyring *keyring, const char *medium,
    struct bytes *out, struct error *err)
{
	uint8_t token[TOKEN_BYTES];
	char hex[TOKEN_HEX + 1];
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	bytes_random(token, sizeof(token));
	bytes_format_hex(token, sizeof(token), hex);
	bytes_append_format(&text,
	    "hikae medium 1\norigin %s\nmedium %s\ntoken %s\n", keyring->origin,
	    medium, hex);
	if (bytes_check(&text, err) == 0)
		rc = note_sign((const char *)text.data, text.length,
		    keyring->origin, &keyring->daemon, out, err);
	bytes_done(&text);
	return rc;
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

struct token {
	char origin[KEYRING_ORIGIN_BYTES], medium[MEDIUM_BYTES];
	char hex[TOKEN_HEX + 1];
};

static bool
parse_token(const char *text, size_t length, struct token *token)
{
	char first[8];
	const char *end = text + length;

	return take_line(&text, end, "hikae medium ", first, sizeof(first)) &&
	       strcmp(first, "1") == 0 &&
	       take_line(&text, end, "origin ", token->origin,
		   sizeof(token->origin)) &&
	       take_line(&text, end, "medium ", token->medium,
		   sizeof(token->medium)) &&
	       take_line(
		   &text, end, "token ", token->hex, sizeof(token->hex)) &&
	       strlen(token->hex) == TOKEN_HEX;
}

enum witness_token
witness_token_check(const struct keyring *keyring, const char *medium,
    const struct bytes *content, uint8_t ret_digest[DIGEST_SHA256_BYTES])
{
	const char *text = (const char *)content->data;
	size_t length = content->length;
	struct token token;
	struct error why = {0};
	size_t signed_length = 0;
	bool is_signed = false;

	if (length == 0)
		return WITNESS_TOKEN_NONE;
	if (!parse_token(text, length, &token))
		return WITNESS_TOKEN_INVALID;
	if (strcmp(token.origin, keyring->origin) != 0)
		return WITNESS_TOKEN_FOREIGN;
	for (size_t i = 0; i < keyring->public_count && !is_signed; i++)
		is_signed =
		    note_verify(text, length, keyring->origin,
			&keyring->publics[i], &signed_length, &why) == 0;
	/* All four lines must be what was signed. */
	if (!is_signed || memchr(text, '\0', length) != NULL ||
	    signed_length != strlen("hikae medium 1\norigin \nmedium \n"
				    "token \n") +
				 strlen(token.origin) + strlen(token.medium) +
				 TOKEN_HEX)
		return WITNESS_TOKEN_INVALID;
	digest_sha256_of(token.hex, TOKEN_HEX, ret_digest);
	return strcmp(token.medium, medium) == 0 ? WITNESS_TOKEN_GOOD
						 : WITNESS_TOKEN_OTHER;
}
