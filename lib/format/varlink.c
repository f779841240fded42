#include "lib/format/varlink.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

/* The first allocation of an inbox, bytes. */
#define FIRST_CAPACITY 256

void
varlink_inbox_init(struct varlink_inbox *inbox, size_t limit)
{
	*inbox = (struct varlink_inbox){BYTES_EMPTY, 0, limit};
}

void
varlink_inbox_done(struct varlink_inbox *inbox)
{
	if (inbox->data.data != NULL)
		explicit_bzero(inbox->data.data, inbox->data.capacity);
	bytes_done(&inbox->data);
}

/* Not by realloc(3): what was there may hold a part of a secret. */
static void
make_room(struct bytes *data, size_t more)
{
	size_t capacity = data->capacity > 0 ? data->capacity : FIRST_CAPACITY;
	uint8_t *grown;

	if (data->failed || more <= data->capacity - data->length)
		return;
	while (capacity - data->length < more && capacity <= SIZE_MAX / 4)
		capacity *= 2;
	grown = capacity - data->length < more ? NULL : malloc(capacity);
	if (grown == NULL) {
		data->failed = true;
		return;
	}
	if (data->data != NULL) {
		memcpy(grown, data->data, data->length);
		explicit_bzero(data->data, data->capacity);
		free(data->data);
	}
	data->data = grown;
	data->capacity = capacity;
}

int
varlink_inbox_add(struct varlink_inbox *inbox, const void *data, size_t length,
    struct error *err)
{
	size_t rest = inbox->data.length - inbox->taken;

	if (inbox->taken > 0) {
		memmove(
		    inbox->data.data, inbox->data.data + inbox->taken, rest);
		explicit_bzero(inbox->data.data + rest, inbox->taken);
		inbox->data.length = rest;
		inbox->taken = 0;
	}
	make_room(&inbox->data, length);
	bytes_append(&inbox->data, data, length);
	return bytes_check(&inbox->data, err);
}

int
varlink_inbox_next(
    struct varlink_inbox *inbox, json_t **ret_message, struct error *err)
{
	size_t rest = inbox->data.length - inbox->taken;
	const char *text, *end;
	json_t *message;

	if (rest == 0)
		return 0;
	text = (const char *)inbox->data.data + inbox->taken;
	end = memchr(text, '\0', rest);
	if ((end == NULL ? rest : (size_t)(end - text)) > inbox->limit)
		return error_set(err, ERROR_LIMIT,
		    _("a message is longer than %zu bytes"), inbox->limit);
	if (end == NULL)
		return 0;
	message = json_parse(text, (size_t)(end - text), err);
	/* It may have held a secret. */
	memset(inbox->data.data + inbox->taken, 0, (size_t)(end - text));
	if (message == NULL || !json_is_object(message)) {
		json_decref(message);
		return error_set(
		    err, ERROR_PROTOCOL, _("a message is no JSON object"));
	}
	inbox->taken += (size_t)(end - text) + 1;
	*ret_message = message;
	return 1;
}

bool
varlink_inbox_is_partial(const struct varlink_inbox *inbox)
{
	return inbox->data.length > inbox->taken;
}

/* An optional member; -1 where it is there and of another type. */
static int
get_flag(const json_t *message, const char *key, bool *ret)
{
	*ret = false;
	if (json_object_get(message, key) == NULL)
		return 0;
	return json_get_bool(message, key, ret);
}

static int
get_parameters(const json_t *message, json_t **ret)
{
	*ret = json_object_get(message, "parameters");
	if (json_is_null(*ret))
		*ret = NULL;
	return *ret == NULL || json_is_object(*ret) ? 0 : -1;
}

int
varlink_parse_call(
    const json_t *message, struct varlink_call *ret_call, struct error *err)
{
	struct varlink_call call = {.method = NULL};

	if (json_get_text(message, "method", &call.method) != 0 ||
	    strlen(call.method) >= VARLINK_NAME_BYTES ||
	    get_parameters(message, &call.parameters) != 0 ||
	    (json_object_get(message, "language") != NULL &&
		json_get_text(message, "language", &call.language) != 0) ||
	    get_flag(message, "more", &call.has_more) != 0 ||
	    get_flag(message, "oneway", &call.is_oneway) != 0 ||
	    get_flag(message, "upgrade", &call.is_upgrade) != 0)
		return error_set(
		    err, ERROR_PROTOCOL, _("a message is no method call"));
	*ret_call = call;
	return 0;
}

int
varlink_parse_reply(
    const json_t *message, struct varlink_reply *ret_reply, struct error *err)
{
	struct varlink_reply reply = {.error = NULL};

	if ((json_object_get(message, "error") != NULL &&
		json_get_text(message, "error", &reply.error) != 0) ||
	    get_parameters(message, &reply.parameters) != 0 ||
	    get_flag(message, "continues", &reply.continues) != 0)
		return error_set(
		    err, ERROR_PROTOCOL, _("a message is no reply"));
	*ret_reply = reply;
	return 0;
}

/* The message with its parameters added, and its end; takes the reference. */
static int
append(
    struct bytes *out, json_t *message, json_t *parameters, struct error *err)
{
	size_t before = out->length;
	int rc = -1;

	if (message == NULL ||
	    (parameters != NULL &&
		json_object_set(message, "parameters", parameters) != 0)) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (json_append_canonical(message, out, err) != 0)
		goto out;
	bytes_append_u8(out, 0);
	if (bytes_check(out, err) != 0) {
		out->length = before;
		goto out;
	}
	rc = 0;
out:
	json_decref(message);
	return rc;
}

int
varlink_append_call(struct bytes *out, const char *method, json_t *parameters,
    const char *language, bool has_more, struct error *err)
{
	json_t *message =
	    json_pack("{s:s, s:s*}", "method", method, "language", language);

	if (has_more && message != NULL &&
	    json_object_set_new(message, "more", json_true()) != 0) {
		json_decref(message);
		message = NULL;
	}
	return append(out, message, parameters, err);
}

int
varlink_append_reply(
    struct bytes *out, json_t *parameters, bool continues, struct error *err)
{
	json_t *message = json_object(), *empty = NULL;
	int rc;

	if (continues && message != NULL &&
	    json_object_set_new(message, "continues", json_true()) != 0) {
		json_decref(message);
		message = NULL;
	}
	/* The protocol wants parameters in every reply, be they empty. */
	if (parameters == NULL)
		parameters = empty = json_object();
	rc = append(out, message, parameters, err);
	json_decref(empty);
	return rc;
}

int
varlink_append_error(
    struct bytes *out, const char *name, json_t *parameters, struct error *err)
{
	return append(out, json_pack("{s:s}", "error", name), parameters, err);
}
