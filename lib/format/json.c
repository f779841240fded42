#include "lib/format/json.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

static int append_value(const json_t *value, unsigned int depth,
    struct bytes *out, struct error *err);

/* RFC 8785 section 3.2.2.2: the short escapes of RFC 8259 section 7, \u00xx
 * for other control characters, nothing else. */
static int
append_text(
    const char *text, size_t length, struct bytes *out, struct error *err)
{
	static const char short_escapes[] = "\b\t\n\f\r\"\\";
	static const char short_letters[] = "btnfr\"\\";
	size_t from = 0;

	bytes_append_u8(out, '"');
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)text[i];
		const char *at;

		if (c >= 0x20 && c != '"' && c != '\\')
			continue;
		if (c == '\0')
			return error_set(
			    err, ERROR_INPUT, _("NUL in a JSON text"));
		bytes_append(out, text + from, i - from);
		from = i + 1;
		at = strchr(short_escapes, c);
		if (at != NULL) {
			bytes_append_u8(out, '\\');
			bytes_append(
			    out, &short_letters[at - short_escapes], 1);
		} else {
			bytes_append_format(out, "\\u%04x", c);
		}
	}
	bytes_append(out, text + from, length - from);
	bytes_append_u8(out, '"');
	return 0;
}

static int
append_integer(json_int_t value, struct bytes *out, struct error *err)
{
	if (value > JSON_INTEGER_MAX || value < -JSON_INTEGER_MAX)
		return error_set(
		    err, ERROR_INPUT, _("JSON integer beyond 2^53 - 1"));
	bytes_append_format(out, "%" JSON_INTEGER_FORMAT, value);
	return 0;
}

static int
append_array(const json_t *array, unsigned int depth, struct bytes *out,
    struct error *err)
{
	size_t count = json_array_size(array);

	bytes_append_u8(out, '[');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes_append_u8(out, ',');
		if (append_value(
			json_array_get(array, i), depth + 1, out, err) != 0)
			return -1;
	}
	bytes_append_u8(out, ']');
	return 0;
}

static int
compare_keys(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0')
		if ((unsigned char)*text++ >= 0x80)
			return false;
	return true;
}

/* The keys of an object in order; free the array, not the keys.  NULL with
 * err filled when one is not ASCII. */
static const char **
sorted_keys(const json_t *object, size_t count, struct error *err)
{
	/* jansson's iteration wants a writable object, and does not write. */
	json_t *writable = (json_t *)(uintptr_t)object;
	const char **keys = calloc(count + 1, sizeof(*keys));
	size_t n = 0;

	if (keys == NULL) {
		error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	for (void *at = json_object_iter(writable); at != NULL && n < count;
	     at = json_object_iter_next(writable, at)) {
		keys[n] = json_object_iter_key(at);
		if (!is_ascii(keys[n])) {
			error_set(err, ERROR_INPUT, _("JSON key is not ASCII"));
			free(keys);
			return NULL;
		}
		n++;
	}
	qsort(keys, n, sizeof(*keys), compare_keys);
	return keys;
}

static int
append_object(const json_t *object, unsigned int depth, struct bytes *out,
    struct error *err)
{
	size_t count = json_object_size(object);
	const char **keys = sorted_keys(object, count, err);
	int rc = -1;

	if (keys == NULL)
		return -1;
	bytes_append_u8(out, '{');
	for (size_t i = 0; i < count; i++) {
		if (i > 0)
			bytes_append_u8(out, ',');
		if (append_text(keys[i], strlen(keys[i]), out, err) != 0)
			goto out;
		bytes_append_u8(out, ':');
		if (append_value(json_object_get(object, keys[i]), depth + 1,
			out, err) != 0)
			goto out;
	}
	bytes_append_u8(out, '}');
	rc = 0;
out:
	free(keys);
	return rc;
}

static int
append_value(const json_t *value, unsigned int depth, struct bytes *out,
    struct error *err)
{
	if (value == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (depth > JSON_DEPTH_MAX)
		return error_set(err, ERROR_LIMIT,
		    _("JSON with more than %d levels"), JSON_DEPTH_MAX);
	switch (json_typeof(value)) {
	case JSON_OBJECT:
		return append_object(value, depth, out, err);
	case JSON_ARRAY:
		return append_array(value, depth, out, err);
	case JSON_STRING:
		return append_text(json_string_value(value),
		    json_string_length(value), out, err);
	case JSON_INTEGER:
		return append_integer(json_integer_value(value), out, err);
	case JSON_REAL:
		return error_set(
		    err, ERROR_INPUT, _("JSON number is no integer"));
	case JSON_TRUE:
		bytes_append_text(out, "true");
		return 0;
	case JSON_FALSE:
		bytes_append_text(out, "false");
		return 0;
	case JSON_NULL:
		bytes_append_text(out, "null");
		return 0;
	}
	return error_set(err, ERROR_INTERNAL, _("unknown kind of JSON value"));
}

int
json_append_canonical(const json_t *value, struct bytes *out, struct error *err)
{
	size_t start = out->length;

	if (append_value(value, 1, out, err) != 0) {
		out->length = start;
		return -1;
	}
	return bytes_check(out, err);
}

json_t *
json_parse(const char *text, size_t length, struct error *err)
{
	json_error_t problem;
	json_t *value =
	    json_loadb(text, length, JSON_REJECT_DUPLICATES, &problem);

	/* jansson's own text quotes the input, which may be hostile. */
	if (value == NULL)
		error_set(err, ERROR_INPUT,
		    _("not valid JSON (line %d, column %d)"), problem.line,
		    problem.column);
	return value;
}

json_t *
json_of_bytes(const void *data, size_t length)
{
	struct bytes coded = BYTES_EMPTY;
	json_t *object, *text = NULL;

	if (length == 0)
		return json_string("");
	if (memchr(data, '\0', length) == NULL)
		text = json_stringn(data, length);
	if (text != NULL)
		return text;
	bytes_append_base64(&coded, data, length);
	object = json_object();
	if (coded.failed ||
	    json_object_set_new(object, "b64",
		json_stringn((const char *)coded.data, coded.length)) != 0) {
		json_decref(object);
		object = NULL;
	}
	bytes_done(&coded);
	return object;
}

json_t *
json_of_u64(uint64_t value)
{
	char text[24];

	if (value <= (uint64_t)JSON_INTEGER_MAX)
		return json_integer((json_int_t)value);
	snprintf(text, sizeof(text), "%" PRIu64, value);
	return json_string(text);
}

/* The decimal string of a value beyond JSON_INTEGER_MAX, without sign, space
 * or leading zero. */
static int
parse_large(const char *text, size_t length, uint64_t *ret)
{
	uint64_t value = 0;

	if (length == 0 || length > 20 || text[0] == '0')
		return -1;
	for (size_t i = 0; i < length; i++) {
		if (text[i] < '0' || text[i] > '9' ||
		    __builtin_mul_overflow(value, 10, &value) ||
		    __builtin_add_overflow(
			value, (uint64_t)(text[i] - '0'), &value))
			return -1;
	}
	if (value <= (uint64_t)JSON_INTEGER_MAX)
		return -1;
	*ret = value;
	return 0;
}

int
json_get_u64(const json_t *object, const char *key, uint64_t *ret)
{
	const json_t *value = json_object_get(object, key);
	json_int_t integer;

	if (json_is_string(value))
		return parse_large(
		    json_string_value(value), json_string_length(value), ret);
	integer = json_integer_value(value);
	if (!json_is_integer(value) || integer < 0 ||
	    integer > JSON_INTEGER_MAX)
		return -1;
	*ret = (uint64_t)integer;
	return 0;
}

int
json_get_i64(const json_t *object, const char *key, int64_t *ret)
{
	const json_t *value = json_object_get(object, key);
	json_int_t integer = json_integer_value(value);

	if (!json_is_integer(value) || integer > JSON_INTEGER_MAX ||
	    integer < -JSON_INTEGER_MAX)
		return -1;
	*ret = integer;
	return 0;
}

int
json_get_bool(const json_t *object, const char *key, bool *ret)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_boolean(value))
		return -1;
	*ret = json_is_true(value);
	return 0;
}

int
json_get_text(const json_t *object, const char *key, const char **ret_text)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return -1;
	*ret_text = json_string_value(value);
	return 0;
}

/* Base64 stands only where a text could not: for UTF-8 it is refused. */
static int
get_coded(const json_t *value, struct bytes *out)
{
	const json_t *coded = json_object_get(value, "b64");
	size_t start = out->length;
	json_t *again;
	bool is_needed;

	if (json_object_size(value) != 1 || !json_is_string(coded) ||
	    bytes_parse_base64(
		json_string_value(coded), json_string_length(coded), out) != 0)
		return -1;
	if (out->length == start) /* also keeps NULL out of the arithmetic */
		return -1;
	again = json_of_bytes(out->data + start, out->length - start);
	is_needed = json_is_object(again);
	json_decref(again);
	if (!is_needed)
		out->length = start;
	return is_needed ? 0 : -1;
}

int
json_get_bytes(const json_t *object, const char *key, struct bytes *out)
{
	const json_t *value = json_object_get(object, key);

	if (!json_is_string(value))
		return get_coded(value, out);
	bytes_append(out, json_string_value(value), json_string_length(value));
	return out->failed ? -1 : 0;
}

int
json_get_hex(
    const json_t *object, const char *key, void *ret_data, size_t length)
{
	const char *text;

	if (json_get_text(object, key, &text) != 0)
		return -1;
	return bytes_parse_hex(text, ret_data, length);
}
