/* Messages as they come off a socket: whole, in parts, too long, and wrong. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <malloc.h>

#include "lib/format/varlink.h"

#define LIMIT 100

#define SECRET "battery staple 4711"

static struct varlink_inbox inbox;
static struct error err;

void __wrap_free(void *memory);
void __real_free(void *memory);
void *__wrap_realloc(void *memory, size_t size);
void *__real_realloc(void *memory, size_t size);

static unsigned freed_secrets;

/* Memory that is given back, looked through for the secret. */
static void
look_through(const void *memory, size_t size)
{
	if (size > 0 && memmem(memory, size, SECRET, strlen(SECRET)) != NULL)
		freed_secrets++;
}

void
__wrap_free(void *memory)
{
	look_through(memory, malloc_usable_size(memory));
	__real_free(memory);
}

void *
__wrap_realloc(void *memory, size_t size)
{
	look_through(memory, malloc_usable_size(memory));
	return __real_realloc(memory, size);
}

static int
setup(void **state)
{
	(void)state;
	varlink_inbox_init(&inbox, LIMIT);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	varlink_inbox_done(&inbox);
	return 0;
}

static void
add(const void *data, size_t length)
{
	assert_int_equal(varlink_inbox_add(&inbox, data, length, &err), 0);
}

/* The next message has this method. */
static void
assert_next(const char *method)
{
	struct varlink_call call;
	json_t *message = NULL;

	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	assert_int_equal(varlink_parse_call(message, &call, &err), 0);
	assert_string_equal(call.method, method);
	json_decref(message);
}

static void
assert_none(void)
{
	json_t *message = NULL;

	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 0);
}

static const char two[] = "{\"method\":\"a.b\",\"more\":true}\0"
			  "{\"method\":\"c.d\",\"parameters\":{\"x\":1}}";

static void
messages_may_be_split_anywhere(void **state)
{
	for (size_t at = 0; at <= sizeof(two); at++) {
		json_t *message = NULL;
		unsigned count = 0;

		(void)teardown(state);
		(void)setup(state);
		add(two, at);
		while (varlink_inbox_next(&inbox, &message, &err) == 1) {
			json_decref(message);
			count++;
		}
		add(two + at, sizeof(two) - at);
		while (varlink_inbox_next(&inbox, &message, &err) == 1) {
			json_decref(message);
			count++;
		}
		assert_int_equal(count, 2);
		assert_false(varlink_inbox_is_partial(&inbox));
	}
}

static void
two_messages_in_one_reading_keep_their_order(void **state)
{
	(void)state;
	add(two, sizeof(two));
	assert_next("a.b");
	assert_true(varlink_inbox_is_partial(&inbox));
	assert_next("c.d");
	assert_none();
}

static void
byte_by_byte_is_the_same(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(two) - 1; i++) {
		add(two + i, 1);
		if (two[i] == '\0')
			assert_next("a.b");
		else
			assert_none();
	}
	add("", 1);
	assert_next("c.d");
}

/* {"method":"aaa..."} of exactly so many bytes. */
static void
add_long(size_t length, bool is_whole)
{
	char text[2 * LIMIT];

	memset(text, 'a', sizeof(text));
	memcpy(text, "{\"method\":\"", 11);
	memcpy(text + length - 2, "\"}", 3);
	add(text, length + (is_whole ? 1 : 0));
}

static void
the_limit_is_exact(void **state)
{
	json_t *message = NULL;

	add_long(LIMIT, true);
	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	json_decref(message);
	add_long(LIMIT, false);
	assert_none();
	add("", 1);
	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	json_decref(message);
	for (int is_whole = 0; is_whole < 2; is_whole++) {
		(void)teardown(state);
		(void)setup(state);
		add_long(LIMIT + 1, is_whole);
		assert_int_equal(
		    varlink_inbox_next(&inbox, &message, &err), -1);
		assert_int_equal(err.code, ERROR_LIMIT);
	}
}

static void
what_is_no_object_is_refused(void **state)
{
	static const char *const wrong[] = {"", "{", "[]", "1", "null", "{}{}",
	    "{\"method\":\"a\"", "{\"a\":1,\"a\":2}", "{\"a\":\"\\u0000\"}",
	    "{\"a\":\"\xff\"}", "method"};

	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *message = NULL;

		(void)teardown(state);
		(void)setup(state);
		add(wrong[i], strlen(wrong[i]) + 1);
		assert_int_equal(
		    varlink_inbox_next(&inbox, &message, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
	}
}

static void
what_is_no_call_is_refused(void **state)
{
	static const char *const wrong[] = {"{}", "{\"method\":1}",
	    "{\"method\":\"a\",\"parameters\":[]}",
	    "{\"method\":\"a\",\"more\":1}",
	    "{\"method\":\"a\",\"oneway\":\"\"}"};
	struct varlink_call call;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		json_t *message = json_parse(wrong[i], strlen(wrong[i]), &err);

		assert_non_null(message);
		assert_int_equal(varlink_parse_call(message, &call, &err), -1);
		assert_int_equal(err.code, ERROR_PROTOCOL);
		json_decref(message);
	}
}

static void
what_is_written_is_read(void **state)
{
	struct varlink_reply reply;
	struct bytes out = BYTES_EMPTY;
	json_t *parameters = json_pack("{s:i}", "x", 1), *message = NULL;

	(void)state;
	assert_int_equal(
	    varlink_append_call(&out, "a.B", parameters, NULL, true, &err), 0);
	assert_int_equal(varlink_append_reply(&out, parameters, true, &err), 0);
	assert_int_equal(varlink_append_reply(&out, NULL, false, &err), 0);
	assert_int_equal(varlink_append_error(&out, "a.Bad", NULL, &err), 0);
	assert_memory_equal(out.data,
	    "{\"method\":\"a.B\",\"more\":true,\"parameters\":{\"x\":1}}\0"
	    "{\"continues\":true,\"parameters\":{\"x\":1}}\0"
	    "{\"parameters\":{}}\0"
	    "{\"error\":\"a.Bad\"}\0",
	    out.length);
	add(out.data, out.length);
	assert_next("a.B");
	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	assert_int_equal(varlink_parse_reply(message, &reply, &err), 0);
	assert_true(reply.continues && reply.error == NULL);
	assert_int_equal(json_object_size(reply.parameters), 1);
	json_decref(message);
	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	json_decref(message);
	assert_int_equal(varlink_inbox_next(&inbox, &message, &err), 1);
	assert_int_equal(varlink_parse_reply(message, &reply, &err), 0);
	assert_string_equal(reply.error, "a.Bad");
	json_decref(message);
	json_decref(parameters);
	bytes_done(&out);
}

static void
no_part_of_a_secret_is_left_in_freed_memory(void **state)
{
	static const char begin[] = "{\"secret\":\"" SECRET;
	char rest[100];

	(void)state;
	memset(rest, 'a', sizeof(rest));
	add(begin, strlen(begin));
	for (int i = 0; i < 50; i++)
		add(rest, sizeof(rest));
	assert_memory_equal(inbox.data.data, begin, strlen(begin));
	assert_int_equal(inbox.data.length, strlen(begin) + 5000);
	assert_int_equal(freed_secrets, 0);
	/* The peer goes away in the middle. */
	varlink_inbox_done(&inbox);
	assert_int_equal(freed_secrets, 0);
}

static void
no_part_of_a_secret_is_left_behind_what_moved(void **state)
{
	static const char first[] = "{\"method\":\"a.b\"}";
	static const char begin[] = "{\"secret\":\"" SECRET;
	static const char wiped[sizeof(first)];

	(void)state;
	add(first, sizeof(first));
	add(begin, strlen(begin));
	assert_next("a.b");
	add("", 0);
	assert_int_equal(inbox.data.length, strlen(begin));
	assert_memory_equal(inbox.data.data, begin, strlen(begin));
	assert_memory_equal(
	    inbox.data.data + strlen(begin), wiped, sizeof(wiped));
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(messages_may_be_split_anywhere),
	    TEST(two_messages_in_one_reading_keep_their_order),
	    TEST(byte_by_byte_is_the_same),
	    TEST(the_limit_is_exact),
	    TEST(what_is_no_object_is_refused),
	    TEST(what_is_no_call_is_refused),
	    TEST(what_is_written_is_read),
	    TEST(no_part_of_a_secret_is_left_in_freed_memory),
	    TEST(no_part_of_a_secret_is_left_behind_what_moved),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
