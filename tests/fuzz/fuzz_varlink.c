/*
 * varlink: what comes in two pieces is what comes in one, and whatever is a
 * message can be parsed as a call and as a reply.
 */
#include "tests/fuzz/fuzz.h"

#include <stdlib.h>

#include "lib/format/varlink.h"

#define LIMIT 1024

/* The messages of data, fed in two pieces; -1 where they end in an error. */
static int
count_messages(const uint8_t *data, size_t length, size_t at)
{
	const size_t pieces[2] = {at, length - at};
	struct varlink_inbox inbox;
	int count = 0;

	varlink_inbox_init(&inbox, LIMIT);
	for (int i = 0; i < 2 && count >= 0; i++) {
		struct varlink_reply reply;
		struct varlink_call call;
		json_t *message = NULL;
		int rc = 0;

		if (pieces[i] > 0 &&
		    varlink_inbox_add(&inbox, data, pieces[i], NULL) != 0)
			abort();
		data += pieces[i];
		while ((rc = varlink_inbox_next(&inbox, &message, NULL)) > 0) {
			(void)!varlink_parse_call(message, &call, NULL);
			(void)!varlink_parse_reply(message, &reply, NULL);
			json_decref(message);
			count++;
		}
		if (rc < 0)
			count = -1;
	}
	varlink_inbox_done(&inbox);
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
	if (length > 0 && count_messages(data, length, 0) !=
			      count_messages(data, length, data[0] % length))
		abort();
	return 0;
}
