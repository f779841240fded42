#include "lib/store/witness_token.h"

#include <stdio.h>
#include <string.h>

int
witness_token_make(const struct keyring *keyring, const char *medium,
    struct medium_token *ret_token, struct bytes *out, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	*ret_token = (struct medium_token){.origin = ""};
	(void)snprintf(ret_token->origin, sizeof(ret_token->origin), "%s",
	    keyring->origin);
	(void)snprintf(
	    ret_token->medium, sizeof(ret_token->medium), "%s", medium);
	bytes_random(ret_token->random, sizeof(ret_token->random));
	medium_token_format(ret_token, &text);
	if (bytes_check(&text, err) == 0)
		rc = note_sign((const char *)text.data, text.length,
		    keyring->origin, &keyring->daemon, out, err);
	bytes_done(&text);
	return rc;
}

/* Whether one of the installation's keys signed it. */
static bool
is_signed(const struct keyring *keyring, const struct medium_token *token,
    const struct note_signatures *signatures)
{
	struct bytes text = BYTES_EMPTY;
	struct error why = {0};
	bool is_held = false;

	medium_token_format(token, &text);
	for (size_t i = 0;
	     i < keyring->public_count && !is_held && !text.failed; i++)
		is_held = note_parts_verify((const char *)text.data,
			      text.length, keyring->origin, signatures,
			      &keyring->publics[i], &why) == 0;
	bytes_done(&text);
	return is_held;
}

enum witness_token
witness_token_check(const struct keyring *keyring, const char *medium,
    const struct medium_token *token, const struct note_signatures *signatures)
{
	if (strcmp(token->origin, keyring->origin) != 0)
		return WITNESS_TOKEN_FOREIGN;
	if (!is_signed(keyring, token, signatures))
		return WITNESS_TOKEN_INVALID;
	return strcmp(token->medium, medium) == 0 ? WITNESS_TOKEN_GOOD
						  : WITNESS_TOKEN_OTHER;
}
