/*
 * FHIR documents: HL7 FHIR R4, Bundle of type document (JP-CLINS).  Its rules:
 * an identifier with system and value, a timestamp, and a Composition first.
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

static void
check_document(struct inspect *inspect, const json_t *bundle)
{
	const json_t *identifier = json_object_get(bundle, "identifier");
	const json_t *entries = json_object_get(bundle, "entry");
	const json_t *first =
	    json_object_get(json_array_get(entries, 0), "resource");

	want(inspect, *text_of(identifier, "system") != '\0' &&
			  *text_of(identifier, "value") != '\0');
	want(inspect, *text_of(bundle, "timestamp") != '\0');
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
