/* statement: what is read about a key is written back as the same bytes. */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>
#include <string.h>

#include "lib/crypto/keyring_statement.h"

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	struct keyring_statement statement;
	struct keyring_chain chain = {0};
	struct bytes again = BYTES_EMPTY;

	if (keyring_statement_decode(
		(const char *)data, length, &statement, NULL) != 0)
		return 0;
	if (keyring_statement_encode(&statement, &again, NULL) != 0 ||
	    again.length != length || memcmp(again.data, data, length) != 0)
		abort();
	/* A chain begins with a beginning, and with nothing else. */
	if ((keyring_chain_add(&chain, &statement, NULL) == 0) !=
	    (statement.number == 1 && statement.change == KEYRING_BEGIN &&
		!statement.has_old))
		abort();
	bytes_done(&again);
	return 0;
}
