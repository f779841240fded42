/* Known answers: RFC 8785 section 3.2 and appendix B (integers). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "lib/format/json.h"

static void
assert_canonical(const char *input, const char *expected)
{
	struct error err = {0};
	struct bytes out = BYTES_EMPTY;
	json_t *value = json_parse(input, strlen(input), &err);

	assert_non_null(value);
	assert_int_equal(json_append_canonical(value, &out, &err), 0);
	assert_int_equal(out.length, strlen(expected));
	assert_memory_equal(out.data, expected, out.length);
	bytes_done(&out);
	json_decref(value);
}

static void
canonical_known_answers(void **state)
{
	(void)state;
	/* Section 3.2.2, without its non-integer numbers. */
	assert_canonical("{ \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042"
			 "\\u0022\\u005c\\\\\\\"\\/\","
			 " \"literals\": [null, true, false] }",
	    "{\"literals\":[null,true,false],\"string\":\""
	    "\xe2\x82\xac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
	/* Appendix B: zero, minus zero, the largest integers. */
	assert_canonical("[0, -0, 9007199254740991, -9007199254740991]",
	    "[0,0,9007199254740991,-9007199254740991]");
	/* Section 3.2.3: keys as code units, so '\r' < '1' < 'A' < 'a'. */
	assert_canonical("{\"a\":1,\"A\":{\"z\":[],\"b\":{}},\"1\":3,"
			 "\"\\r\":4,\"aa\":5,\"\":6}",
	    "{\"\":6,\"\\r\":4,\"1\":3,\"A\":{\"b\":{},\"z\":[]},\"a\":1,"
	    "\"aa\":5}");
	assert_canonical("[\"\\b\\t\\n\\f\\r\\u0001\\u001f\\u007f\"]",
	    "[\"\\b\\t\\n\\f\\r\\u0001\\u001f\x7f\"]");
}

static void
canonical_refuses(void **state)
{
	static const char *const inputs[] = {"[9007199254740992]",
	    "[-9007199254740992]", "[1.0]", "[1e3]", "{\"\xe6\xad\xa3\":1}"};

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		struct error err = {0};
		struct bytes out = BYTES_EMPTY;
		json_t *value = json_parse(inputs[i], strlen(inputs[i]), &err);

		assert_non_null(value);
		bytes_append_text(&out, "before");
		assert_int_equal(json_append_canonical(value, &out, &err), -1);
		assert_int_equal(err.code, ERROR_INPUT);
		assert_int_equal(out.length, 6);
		bytes_done(&out);
		json_decref(value);
	}
}

static void
canonical_is_bounded_in_depth(void **state)
{
	for (size_t depth = JSON_DEPTH_MAX; depth <= JSON_DEPTH_MAX + 1;
	     depth++) {
		struct error err = {0};
		struct bytes text = BYTES_EMPTY, out = BYTES_EMPTY;
		json_t *value;

		(void)state;
		for (size_t i = 0; i < depth; i++)
			bytes_append_text(&text, "[");
		for (size_t i = 0; i < depth; i++)
			bytes_append_text(&text, "]");
		value = json_parse((char *)text.data, text.length, &err);
		assert_non_null(value);
		if (depth <= JSON_DEPTH_MAX) {
			assert_int_equal(
			    json_append_canonical(value, &out, &err), 0);
		} else {
			assert_int_equal(
			    json_append_canonical(value, &out, &err), -1);
			assert_int_equal(err.code, ERROR_LIMIT);
		}
		bytes_done(&text);
		bytes_done(&out);
		json_decref(value);
	}
}

static void
parse_is_strict(void **state)
{
	static const char *const inputs[] = {"", "{", "{} x", "1",
	    "{\"a\":1,\"a\":1}", "[\"\xff\"]", "[\"\\u0000\"]", "[01]",
	    "[9223372036854775808]", "[\"\\ud800\"]", "[1,]", "// x\n[]"};

	(void)state;
	for (size_t i = 0; i < sizeof(inputs) / sizeof(inputs[0]); i++) {
		struct error err = {0};

		assert_null(json_parse(inputs[i], strlen(inputs[i]), &err));
		assert_int_equal(err.code, ERROR_INPUT);
	}
}

static void
bytes_come_back(void **state)
{
	static const struct {
		const char *data, *json;
		size_t length;
	} cases[] = {{"", "{\"k\":\"\"}", 0}, {"a/b", "{\"k\":\"a/b\"}", 3},
	    {"\xe8\xa8\x98", "{\"k\":\"\xe8\xa8\x98\"}", 3},
	    {"\x8b\x4c\x98\x5e", "{\"k\":{\"b64\":\"i0yYXg==\"}}", 4},
	    {"\xed\xa0\x80", "{\"k\":{\"b64\":\"7aCA\"}}", 3},
	    {"a\0b", "{\"k\":{\"b64\":\"YQBi\"}}", 3}};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct error err = {0};
		struct bytes out = BYTES_EMPTY, back = BYTES_EMPTY;
		json_t *object = json_object(), *parsed;

		assert_int_equal(
		    json_object_set_new(object, "k",
			json_of_bytes(cases[i].data, cases[i].length)),
		    0);
		assert_int_equal(json_append_canonical(object, &out, &err), 0);
		assert_int_equal(out.length, strlen(cases[i].json));
		assert_memory_equal(out.data, cases[i].json, out.length);
		parsed = json_parse((char *)out.data, out.length, &err);
		assert_non_null(parsed);
		assert_int_equal(json_get_bytes(parsed, "k", &back), 0);
		assert_int_equal(back.length, cases[i].length);
		if (back.length > 0)
			assert_memory_equal(
			    back.data, cases[i].data, back.length);
		bytes_done(&out);
		bytes_done(&back);
		json_decref(object);
		json_decref(parsed);
	}
}

static void
u64_come_back(void **state)
{
	static const uint64_t values[] = {
	    0, 1, 9007199254740991, 9007199254740992, INT64_MAX, UINT64_MAX};

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		json_t *object = json_object();
		uint64_t back = 0;

		assert_int_equal(
		    json_object_set_new(object, "n", json_of_u64(values[i])),
		    0);
		assert_int_equal(json_get_u64(object, "n", &back), 0);
		assert_true(back == values[i]);
		json_decref(object);
	}
}

/* One value, one form: every other form is refused. */
static void
members_are_strict(void **state)
{
	static const char text[] =
	    "{\"small\":\"9007199254740991\",\"huge\":"
	    "\"18446744073709551616\",\"zero\":\"09007199254740992\","
	    "\"sign\":\"+9007199254740992\",\"large\":9007199254740992,"
	    "\"minus\":-1,\"b\":{\"b64\":\"YWJj\"},"
	    "\"b2\":{\"b64\":\"/w==\",\"x\":1},\"hex\":\"00fF\"}";
	static const char *const numbers[] = {
	    "small", "huge", "zero", "sign", "large", "minus", "b", "none"};
	struct error err = {0};
	struct bytes out = BYTES_EMPTY;
	json_t *object = json_parse(text, strlen(text), &err);
	const char *ret_text;
	uint8_t two[2];
	uint64_t u;
	int64_t i64;
	bool flag;

	(void)state;
	assert_non_null(object);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		assert_int_equal(json_get_u64(object, numbers[i], &u), -1);
	assert_int_equal(json_get_i64(object, "large", &i64), -1);
	assert_int_equal(json_get_i64(object, "minus", &i64), 0);
	assert_int_equal(i64, -1);
	assert_int_equal(json_get_bytes(object, "b", &out), -1);
	assert_int_equal(json_get_bytes(object, "b2", &out), -1);
	assert_int_equal(json_get_bytes(object, "none", &out), -1);
	assert_int_equal(json_get_text(object, "minus", &ret_text), -1);
	assert_int_equal(json_get_bool(object, "minus", &flag), -1);
	assert_int_equal(json_get_hex(object, "hex", two, 2), 0);
	assert_int_equal(two[1], 0xff);
	assert_int_equal(json_get_hex(object, "hex", two, 1), -1);
	assert_int_equal(json_get_text(NULL, "hex", &ret_text), -1);
	bytes_done(&out);
	json_decref(object);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(canonical_known_answers),
	    cmocka_unit_test(canonical_refuses),
	    cmocka_unit_test(canonical_is_bounded_in_depth),
	    cmocka_unit_test(parse_is_strict),
	    cmocka_unit_test(bytes_come_back),
	    cmocka_unit_test(u64_come_back),
	    cmocka_unit_test(members_are_strict),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
