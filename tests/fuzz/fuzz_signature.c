/* signature: nothing made up is ever taken for a signature by this key. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/crypto/signature.h"

/* A key whose secret half nobody kept; the seeds hold a signature by it. */
static const char public_text[] =
    "RWQy4hvL/SXwxjrw8aIBAZpNeg41ViPFF0IDB8sADa8LkG2VTkuq8j0j";
static const char message[] = "hikae\n";

/* A public key that was accepted is written so that it reads the same. */
static void
public_comes_back(const char *text, size_t length)
{
	struct signature_public first, second;
	struct bytes file = BYTES_EMPTY;

	if (signature_public_decode(text, length, &first, NULL) == 0) {
		signature_public_encode(&first, &file);
		if (signature_public_decode((const char *)file.data,
			file.length, &second, NULL) != 0 ||
		    memcmp(&first, &second, sizeof(first)) != 0)
			abort();
	}
	bytes_done(&file);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const char *text = (const char *)data;
	struct signature_public key;
	struct signature_seen seen;
	const struct signature_keys trusted = {&key, 1};
	const struct signature_message signed_message = {
	    message, sizeof(message) - 1};

	public_comes_back(text, length);
	(void)signature_secret_is_encrypted(text, length);
	if (signature_public_decode(
		public_text, sizeof(public_text) - 1, &key, NULL) != 0)
		abort();
	if (signature_verify_message(
		&trusted, &signed_message, text, length, &seen, NULL) == 0 &&
	    strcmp(seen.trusted_comment, "seed") != 0)
		abort();
	return 0;
}
