#include "lib/store/witness_check.h"

#include <string.h>

/* Does the text begin with the origin as its line? */
static bool
is_of_origin(const char *text, size_t length, const char *origin)
{
	size_t wanted = strlen(origin);

	return length > wanted && memcmp(text, origin, wanted) == 0 &&
	       text[wanted] == '\n';
}

/* By whichever of the keys signed it; 0, or the last error's code. */
static enum error_code
decode(const struct keyring *keyring, const struct witness_seen *seen,
    struct note_checkpoint *ret)
{
	struct error why = {.code = ERROR_NOT_FOUND};

	for (size_t i = 0; i < keyring->public_count; i++) {
		if (note_checkpoint_decode(seen->note, seen->note_length,
			keyring->origin, &keyring->publics[i], ret, &why) == 0)
			return ERROR_NONE;
		/* Another key may have signed it; a bad signature is that. */
		if (why.code != ERROR_NOT_FOUND)
			break;
	}
	return why.code;
}

static enum witness_verdict
verdict_of_error(const struct keyring *keyring, const struct witness_seen *seen,
    enum error_code code)
{
	if (code == ERROR_SIGNATURE)
		return WITNESS_UNSIGNED;
	if (code != ERROR_NOT_FOUND)
		return WITNESS_MALFORMED;
	return is_of_origin(seen->note, seen->note_length, keyring->origin)
		   ? WITNESS_UNSIGNED
		   : WITNESS_FOREIGN;
}

int
witness_check(struct catalog *catalog, const struct keyring *keyring,
    const struct witness_seen *seen, struct witness_result *ret_result,
    struct error *err)
{
	struct witness_result result = {.verdict = WITNESS_MALFORMED};
	struct note_checkpoint checkpoint;
	enum error_code code = ERROR_INPUT;
	uint64_t size;
	bool extends = false;

	if (seen->note_length > 0)
		code = decode(keyring, seen, &checkpoint);
	if (code == ERROR_INTERNAL)
		return error_set(err, code, "witness");
	if (code != ERROR_NONE) {
		result.verdict = verdict_of_error(keyring, seen, code);
		*ret_result = result;
		return 0;
	}
	result.size = checkpoint.size;
	memcpy(result.root, checkpoint.root, sizeof(result.root));
	result.is_damaged =
	    seen->entries != checkpoint.size ||
	    memcmp(seen->root, checkpoint.root, sizeof(seen->root)) != 0;
	if (journal_size(catalog, &size, err) != 0 ||
	    journal_extends(catalog, &checkpoint, &extends, err) != 0)
		return -1;
	if (extends)
		result.verdict = WITNESS_EXTENDS;
	else
		result.verdict = checkpoint.size > size ? WITNESS_ROLLED_BACK
							: WITNESS_REWRITTEN;
	*ret_result = result;
	return 0;
}
