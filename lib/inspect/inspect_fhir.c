/*
 * FHIR resources, documents above all: HL7 FHIR R4, Bundle (JP-CLINS).  A
 * bundle has a type of the value set bundle-type; its timestamp is an instant.
 * Rules of a document: an identifier with system and value, a timestamp, and a
 * Composition first.
 *
 * JSON can only be read whole here, so larger files are not looked at.
 */
#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/format/json.h"
#include "lib/inspect/inspect_internal.h"

struct state {
	struct bytes text;
	bool is_too_large;
};

static bool
is_it(const char *path, const uint8_t *head, size_t length)
{
	return inspect_ends(path, ".json") &&
	       memmem(head, length, "\"resourceType\"", 14) != NULL;
}

static void
push(struct inspect *inspect, const uint8_t *data, size_t length)
{
	struct state *state = inspect->state;

	if (state->is_too_large)
		return;
	if (length > INSPECT_DOCUMENT_MAX - state->text.length) {
		state->is_too_large = true;
		bytes_done(&state->text);
		return;
	}
	bytes_append(&state->text, data, length);
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *text = json_string_value(json_object_get(object, key));

	return text == NULL ? "" : text;
}

static void
want(struct inspect *inspect, bool is_there)
{
	if (!is_there)
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MISSING_PART, 0);
}

/* R4, value set "bundle-type". */
static bool
is_bundle_type(const char *type)
{
	static const char *const types[] = {"document", "message",
	    "transaction", "transaction-response", "batch", "batch-response",
	    "history", "searchset", "collection"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strcmp(type, types[i]) == 0)
			return true;
	return false;
}

/* So many digits, as a number; -1 where there are not. */
static int
take_digits(const char **text, int count)
{
	int number = 0;

	for (; count > 0; count--, (*text)++) {
		if (**text < '0' || **text > '9')
			return -1;
		number = number * 10 + (**text - '0');
	}
	return number;
}

static bool
is_between(int number, int least, int most)
{
	return number >= least && number <= most;
}

static int
days_of(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool is_leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month - 1] + (month == 2 && is_leap ? 1 : 0);
}

/* "2026-11-21": a day that there is. */
static bool
take_date(const char **text)
{
	int year = take_digits(text, 4), month, day;

	if (year < 1 || *(*text)++ != '-')
		return false;
	month = take_digits(text, 2);
	if (!is_between(month, 1, 12) || *(*text)++ != '-')
		return false;
	day = take_digits(text, 2);
	return is_between(day, 1, days_of(year, month));
}

/* "02:00"; hours up to most. */
static bool
take_minutes(const char **text, int most)
{
	return is_between(take_digits(text, 2), 0, most) && *(*text)++ == ':' &&
	       is_between(take_digits(text, 2), 0, 59);
}

/* R4, data types, "instant": to the second at least, with its zone. */
static bool
is_instant(const char *text)
{
	if (!take_date(&text) || *text++ != 'T' || !take_minutes(&text, 23) ||
	    *text++ != ':' || !is_between(take_digits(&text, 2), 0, 60))
		return false;
	if (*text == '.') {
		size_t digits = strspn(text + 1, "0123456789");

		if (digits == 0)
			return false;
		text += 1 + digits;
	}
	if (*text == 'Z')
		return text[1] == '\0';
	if (*text != '+' && *text != '-')
		return false;
	text++;
	return take_minutes(&text, 14) && *text == '\0';
}

static void
check_bundle(struct inspect *inspect, const json_t *bundle)
{
	const char *type = text_of(bundle, "type");
	const json_t *timestamp = json_object_get(bundle, "timestamp");

	want(inspect, *type != '\0');
	if (*type != '\0' && !is_bundle_type(type))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED, 0);
	if (timestamp != NULL && !is_instant(text_of(bundle, "timestamp")))
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED, 0);
}

static void
check_document(struct inspect *inspect, const json_t *bundle)
{
	const json_t *identifier = json_object_get(bundle, "identifier");
	const json_t *entries = json_object_get(bundle, "entry");
	const json_t *first =
	    json_object_get(json_array_get(entries, 0), "resource");

	want(inspect, *text_of(identifier, "system") != '\0' &&
			  *text_of(identifier, "value") != '\0');
	want(inspect, json_object_get(bundle, "timestamp") != NULL);
	want(inspect,
	    strcmp(text_of(first, "resourceType"), "Composition") == 0);
	inspect_count(inspect, "documents", 1);
}

static void
check_resource(struct inspect *inspect, const json_t *resource)
{
	const json_t *entries = json_object_get(resource, "entry");
	const char *type = text_of(resource, "resourceType");
	json_t *entry;
	size_t i;

	want(inspect, *type != '\0');
	inspect_sample(inspect, type, strlen(type));
	inspect_count(inspect, "resources", 1);
	if (strcmp(type, "Bundle") != 0)
		return;
	check_bundle(inspect, resource);
	json_array_foreach(entries, i, entry)
	{
		inspect_count(inspect, "entries", 1);
		want(inspect,
		    json_is_object(json_object_get(entry, "resource")));
	}
	if (strcmp(text_of(resource, "type"), "document") == 0)
		check_document(inspect, resource);
}

static void
end(struct inspect *inspect)
{
	struct state *state = inspect->state;
	struct error err = {0};
	json_t *resource;

	if (state->is_too_large || state->text.failed) {
		inspect_find(
		    inspect, INSPECT_UNDETERMINED, INSPECT_TOO_LARGE, 0);
		return;
	}
	resource = json_parse(
	    (const char *)state->text.data, state->text.length, &err);
	if (resource == NULL)
		inspect_find(inspect, INSPECT_BROKEN, INSPECT_MALFORMED,
		    state->text.length);
	else
		check_resource(inspect, resource);
	json_decref(resource);
}

static void
done(struct inspect *inspect)
{
	struct state *state = inspect->state;

	bytes_done(&state->text);
}

const struct inspect_type inspect_fhir = {
    .name = "fhir",
    .state_bytes = sizeof(struct state),
    .is_it = is_it,
    .push = push,
    .end = end,
    .done = done,
};
