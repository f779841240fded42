/* What is received of a document, and what is refused at once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "daemon/attestation.h"

/* Refused before anything is written: there is no state to write to. */
static void
assert_refused(uint64_t offset, size_t length)
{
	struct service service = {.state_fd = -1};
	const struct bytes piece = {.length = length};
	struct error err = {0};

	assert_int_equal(
	    attestation_receive(&service, offset, &piece, &err), -1);
	assert_int_equal(err.code, ERROR_LIMIT);
}

static void
what_is_too_large_is_refused(void **state)
{
	const size_t most = ATTESTATION_DOCUMENT_BYTES_MAX;

	(void)state;
	assert_refused(0, 0);
	assert_refused(0, most + 1);
	assert_refused(0, SIZE_MAX);
	assert_refused(most, 1);
	assert_refused(1, most);
	assert_refused(UINT64_MAX, most);
	assert_refused(UINT64_MAX - most, most);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_too_large_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
