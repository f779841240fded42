#include "lib/output/document_acknowledged.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/model/verdict.h"
#include "lib/store/journal.h"

/* What such an entry has, in its one form; few others are parsed for it. */
static const char mark[] = "\"type\":\"acknowledged\"";

struct reading {
	const json_t *reasons;
	int64_t now;
};

static const char *
text_of(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text == NULL ? "" : text;
}

static int64_t
instant_of(const json_t *object, const char *name)
{
	return json_integer_value(json_object_get(object, name));
}

static enum verdict_exit
severity_of(const json_t *object)
{
	return verdict_exit_parse(text_of(object, "severity"));
}

/* No worse, no more, and nothing that was found after the entry. */
static bool
covers(const json_t *entry, uint64_t seq, const json_t *reason)
{
	return verdict_exit_worse(severity_of(reason), severity_of(entry)) ==
		   severity_of(entry) &&
	       instant_of(reason, "count") <= instant_of(entry, "count") &&
	       (uint64_t)instant_of(reason, "newest") <= seq;
}

static bool
is_about(const json_t *entry, const json_t *reason)
{
	static const char *const names[] = {
	    "code", "system", "medium", "source"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(text_of(entry, names[i]),
			text_of(reason, names[i])) != 0)
			return false;
	/* What began later is another; not every reason says when. */
	return instant_of(reason, "since") <= instant_of(entry, "at");
}

/* Of several, the newest counts: it comes last. */
static int
take_entry(const struct reading *reading, uint64_t seq, const json_t *entry)
{
	json_t *reason;
	size_t i;

	if (strcmp(text_of(entry, "type"), "acknowledged") != 0 ||
	    instant_of(entry, "until") <= reading->now)
		return 0;
	json_array_foreach(reading->reasons, i, reason)
	{
		if (is_about(entry, reason) && covers(entry, seq, reason) &&
		    json_object_set_new(reason, "acknowledged",
			json_pack("{s:s, s:I}", "by", text_of(entry, "by"),
			    "until", (json_int_t)instant_of(entry, "until"))) !=
			0)
			return -1;
	}
	return 0;
}

static int
take_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	json_t *entry;
	int rc;

	if (memmem(leaf, length, mark, strlen(mark)) == NULL)
		return 0;
	entry = json_parse((const char *)leaf, length, err);
	if (entry == NULL)
		return -1;
	rc = take_entry(context, seq, entry);
	json_decref(entry);
	return rc == 0 ? 0 : error_set(err, ERROR_INTERNAL, _("out of memory"));
}

int
document_acknowledged_add(
    const struct document_context *context, json_t *status, struct error *err)
{
	struct reading reading = {
	    json_object_get(status, "reasons"), context->now};
	struct catalog_at from = {0};
	struct error why = {0};

	/* Where all entries are younger, all are read. */
	if (journal_seq_at(context->catalog,
		context->now - DOCUMENT_ACKNOWLEDGED_MAX_MS, &from,
		&why) != 0 &&
	    why.code != ERROR_NOT_FOUND) {
		*err = why;
		return -1;
	}
	return journal_each(context->catalog, from.seq,
	    context->at.seq == UINT64_MAX ? UINT64_MAX : context->at.seq + 1,
	    take_leaf, &reading, err);
}
