#include "daemon/trait.h"

#include <stdio.h>
#include <string.h>

#include "daemon/ledger.h"
#include "lib/store/journal.h"
#include "lib/store/query_media.h"

struct trait {
	const char *encrypted; /* static */
	const char *content;   /* as captured; static, NULL: nobody knows */
	char medium[CONFIG_ID_BYTES];
	uint64_t manifest;
	bool is_archive, is_file, is_same;
	uint64_t files, immutable;
};

/* What the files of it are, where that was counted. */
static const char *
word_of(const struct trait *trait, const struct sealing *sealing)
{
	switch (sealing_state(sealing)) {
	case SEALING_PLAIN:
	case SEALING_PARTLY:
		return "none";
	case SEALING_WHOLE:
		return trait->is_file ? "file" : "files";
	case SEALING_UNKNOWN:
		break;
	}
	return NULL;
}

static int
take_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct trait *trait = context;

	(void)err;
	(void)snprintf(trait->medium, sizeof(trait->medium), "%s", row->medium);
	trait->manifest = row->manifest;
	trait->is_archive = row->members != NULL;
	trait->is_file = strcmp(row->layout, "file") == 0;
	if (row->has_sealing)
		trait->content = word_of(trait, &row->sealing);
	else if (trait->is_archive && strcmp(row->members, "complete") == 0)
		trait->content = "none";
	return 0;
}

/* What the parser told of an archive when it was captured. */
static int
take_captured(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct trait *trait = context;
	json_t *entry = json_parse((const char *)leaf, length, err);
	bool is_counted = json_object_get(entry, "sealing") != NULL;
	const char *word = json_string_value(
	    json_object_get(json_object_get(entry, "members"), "encrypted"));

	(void)seq;
	if (word == NULL)
		word = "unknown";
	/* One file is looked at more closely where files are counted. */
	if (strcmp(word, "archive") == 0)
		trait->content = "archive";
	else if (strcmp(word, "file") == 0 &&
		 (!is_counted || (trait->content != NULL &&
				     strcmp(trait->content, "files") == 0)))
		trait->content = "file";
	else if (strcmp(word, "none") == 0 && !is_counted)
		trait->content = "none";
	json_decref(entry);
	return entry == NULL ? -1 : 0;
}

static int
take_medium(
    const struct query_medium_state *row, void *context, struct error *err)
{
	struct trait *trait = context;

	(void)err;
	if (row->encrypted == NULL || strcmp(row->encrypted, "unknown") == 0)
		return 0;
	if (strcmp(row->encrypted, "none") != 0)
		trait->encrypted = "medium";
	/* The content may be encrypted where nobody knows. */
	else if (trait->content != NULL)
		trait->encrypted = "none";
	return 0;
}

/* By its content, wherever it is copied to, or by what it lies on. */
static int
find_encryption(struct service *service, struct trait *trait, struct error *err)
{
	if (trait->is_archive && trait->manifest != 0 &&
	    journal_each(service->catalog, trait->manifest, trait->manifest + 1,
		take_captured, trait, err) != 0)
		return -1;
	if (query_medium_states(service->catalog, CATALOG_NOW, trait->medium,
		take_medium, trait, err) != 0)
		return -1;
	if (trait->content != NULL && strcmp(trait->content, "none") != 0)
		trait->encrypted = trait->content;
	return 0;
}

static int
compare(const struct query_trait *row, void *context, struct error *err)
{
	struct trait *trait = context;

	(void)err;
	trait->is_same = row->files == trait->files &&
			 row->immutable == trait->immutable &&
			 strcmp(row->encrypted, trait->encrypted) == 0;
	return 0;
}

int
trait_write(struct service *service, uint64_t copy,
    const struct examine_slice *names, struct error *err)
{
	struct query_copy_filter filter = {.copy = copy};
	struct trait trait = {.encrypted = "unknown",
	    .files = names->files,
	    .immutable = names->immutable};

	if (query_copies(service->catalog, CATALOG_NOW, &filter, take_copy,
		&trait, err) != 0 ||
	    find_encryption(service, &trait, err) != 0 ||
	    query_traits(
		service->catalog, CATALOG_NOW, copy, compare, &trait, err) != 0)
		return -1;
	if (trait.is_same || trait.medium[0] == '\0')
		return 0;
	return ledger_append(service,
	    json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "type", "copy", "event",
		"trait", "copy", (json_int_t)copy, "files",
		(json_int_t)trait.files, "immutable",
		(json_int_t)trait.immutable, "encrypted", trait.encrypted),
	    NULL, err);
}
