/* Known answers from RFC 4648 section 10; bounds of the reader. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/base/bytes.h"

static void
base64_known_answers(void **state)
{
	static const struct {
		const char *plain, *coded;
	} vectors[] = {{"", ""}, {"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"},
	    {"foob", "Zm9vYg=="}, {"fooba", "Zm9vYmE="},
	    {"foobar", "Zm9vYmFy"}};

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct bytes coded = BYTES_EMPTY, plain = BYTES_EMPTY;

		bytes_append_base64(
		    &coded, vectors[i].plain, strlen(vectors[i].plain));
		assert_int_equal(coded.length, strlen(vectors[i].coded));
		if (coded.length > 0)
			assert_memory_equal(
			    coded.data, vectors[i].coded, coded.length);
		assert_int_equal(bytes_parse_base64(vectors[i].coded,
				     strlen(vectors[i].coded), &plain),
		    0);
		assert_int_equal(plain.length, strlen(vectors[i].plain));
		bytes_done(&coded);
		bytes_done(&plain);
	}
}

static void
base64_rejects_what_is_not_canonical(void **state)
{
	static const char *const bad[] = {
	    "Zg=", "Zg", "Zh==", "Zm9=", "Z===", "====", "Zm 9", "=m9v"};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct bytes plain = BYTES_EMPTY;

		assert_int_equal(
		    bytes_parse_base64(bad[i], strlen(bad[i]), &plain), -1);
		bytes_done(&plain);
	}
}

static void
reader_stops_at_the_end(void **state)
{
	struct bytes out = BYTES_EMPTY;
	struct bytes_reader in;
	size_t length = 1;

	(void)state;
	bytes_append_u8(&out, 1);
	bytes_append_u16(&out, 0x0203);
	bytes_append_u32(&out, 0x04050607);
	bytes_append_u64(&out, UINT64_C(0x08090a0b0c0d0e0f));
	bytes_append_block(&out, "xyz", 3);
	for (size_t i = 0; i < 15; i++)
		assert_int_equal(out.data[i], i + 1);
	in = (struct bytes_reader){out.data, out.length, false};
	assert_int_equal(bytes_take_u8(&in), 1);
	assert_int_equal(bytes_take_u16(&in), 0x0203);
	assert_int_equal(bytes_take_u32(&in), 0x04050607);
	assert_true(bytes_take_u64(&in) == UINT64_C(0x08090a0b0c0d0e0f));
	assert_false(bytes_is_consumed(&in));
	assert_memory_equal(bytes_take_block(&in, &length), "xyz", 3);
	assert_int_equal(length, 3);
	assert_true(bytes_is_consumed(&in));
	assert_int_equal(bytes_take_u8(&in), 0);
	assert_false(bytes_is_consumed(&in));
	/* A block that claims more than there is. */
	in = (struct bytes_reader){(const uint8_t *)"\0\0\0\5ab", 6, false};
	assert_null(bytes_take_block(&in, &length));
	assert_int_equal(length, 0);
	assert_true(in.failed);
	bytes_done(&out);
}

static void
hexadecimal_both_ways(void **state)
{
	uint8_t data[3];
	char text[7];

	(void)state;
	assert_int_equal(bytes_parse_hex("00fFa9", data, 3), 0);
	bytes_format_hex(data, 3, text);
	assert_string_equal(text, "00ffa9");
	assert_int_equal(bytes_parse_hex("00fFa", data, 3), -1);
	assert_int_equal(bytes_parse_hex("00fFag", data, 3), -1);
	assert_int_equal(bytes_parse_hex("00fFa900", data, 3), -1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(base64_known_answers),
	    cmocka_unit_test(base64_rejects_what_is_not_canonical),
	    cmocka_unit_test(reader_stops_at_the_end),
	    cmocka_unit_test(hexadecimal_both_ways),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
