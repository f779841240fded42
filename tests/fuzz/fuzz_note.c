/* note: no made-up checkpoint is ever taken for one that the key signed. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "lib/crypto/note.h"

#define NAME "hikae/demo/0123456789abcdef"

/* A key whose secret half nobody kept; its seed says 42 leaves. */
static const char public_text[] =
    "RWSzUwlG7OJSEdtXUR0hMZZudoQaOCXaxrf8No9gK2b+tNd+BC4sYe++";

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	const char *text = (const char *)data;
	struct note_checkpoint checkpoint;
	struct signature_public key;
	size_t text_length;

	if (signature_public_decode(
		public_text, sizeof(public_text) - 1, &key, NULL) != 0)
		abort();
	if (note_verify(text, length, NAME, &key, &text_length, NULL) == 0 &&
	    text_length >= length)
		abort();
	if (note_checkpoint_decode(
		text, length, NAME, &key, &checkpoint, NULL) == 0 &&
	    checkpoint.size != 42)
		abort();
	return 0;
}
