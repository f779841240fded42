/* The same digests as crypto/digest, whatever the lengths and the steps. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lib/crypto/digest_ahead.h"

/* More than all blocks together, and no multiple of one. */
#define BYTES (3 * 1024 * 1024 + 17)

static int
enter(void *context, struct error *err)
{
	int *entered = context;

	(void)err;
	*entered = 1;
	return 0;
}

static int
refuse(void *context, struct error *err)
{
	(void)context;
	return error_set(err, ERROR_DENIED, "no");
}

static struct digest_ahead *
start(void)
{
	struct digest_ahead *ahead;
	struct error err = {0};
	int entered = 0;

	assert_int_equal(digest_ahead_new(enter, &entered, &ahead, &err), 0);
	assert_int_equal(entered, 1);
	return ahead;
}

static void
test_any_length_and_step(void **state)
{
	static const size_t lengths[] = {0, 1, 64, 64 * 1024 - 1, 64 * 1024,
	    64 * 1024 + 1, 512 * 1024, 640 * 1024 + 5, BYTES};
	static const size_t steps[] = {1021, 32 * 1024, 64 * 1024, BYTES};
	struct digest_ahead *ahead = start();
	uint8_t *data = malloc(BYTES);
	uint8_t expected[DIGEST_SHA256_BYTES], got[DIGEST_SHA256_BYTES];

	(void)state;
	assert_non_null(data);
	for (size_t i = 0; i < BYTES; i++)
		data[i] = (uint8_t)(i * 2654435761U >> 13);
	for (size_t l = 0; l < sizeof(lengths) / sizeof(lengths[0]); l++)
		for (size_t s = 0; s < sizeof(steps) / sizeof(steps[0]); s++) {
			digest_sha256_of(data, lengths[l], expected);
			digest_ahead_init(ahead);
			for (size_t at = 0; at < lengths[l]; at += steps[s])
				digest_ahead_update(ahead, data + at,
				    steps[s] < lengths[l] - at
					? steps[s]
					: lengths[l] - at);
			digest_ahead_final(ahead, got);
			assert_memory_equal(got, expected, sizeof(expected));
		}
	digest_ahead_free(ahead);
	free(data);
}

/* A member that breaks off leaves nothing in the next one's digest. */
static void
test_begun_anew(void **state)
{
	static const uint8_t rest[1024 * 1024];
	struct digest_ahead *ahead = start();
	uint8_t expected[DIGEST_SHA256_BYTES], got[DIGEST_SHA256_BYTES];

	(void)state;
	digest_ahead_init(ahead);
	digest_ahead_update(ahead, rest, sizeof(rest) - 3);
	digest_ahead_init(ahead);
	digest_ahead_update(ahead, "abc", 3);
	digest_ahead_final(ahead, got);
	digest_sha256_of("abc", 3, expected);
	assert_memory_equal(got, expected, sizeof(expected));
	/* And what is given up while the thread is at work goes in peace. */
	digest_ahead_init(ahead);
	digest_ahead_update(ahead, rest, sizeof(rest));
	digest_ahead_free(ahead);
}

static void
test_thread_that_may_not(void **state)
{
	struct digest_ahead *ahead;
	struct error err = {0};

	(void)state;
	assert_int_equal(digest_ahead_new(refuse, NULL, &ahead, &err), -1);
	assert_int_equal(err.code, ERROR_DENIED);
	digest_ahead_free(NULL);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_any_length_and_step),
	    cmocka_unit_test(test_begun_anew),
	    cmocka_unit_test(test_thread_that_may_not),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
