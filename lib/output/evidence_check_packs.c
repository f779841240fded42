#include "lib/output/evidence_check_packs.h"

#include <string.h>

#include "lib/base/i18n.h"

#define PACKS EVIDENCE_PAYLOAD "requirements/"
#define HEX_BYTES (2 * DIGEST_SHA256_BYTES + 1)
/* What a configuration takes is far below. */
#define LEAF_BYTES_MAX ((size_t)1024 * 1024)
#define IS_CONFIG "\"type\":\"config\""

void
evidence_check_packs_claim(struct evidence_check *check, const json_t *document)
{
	json_t *files = json_object_get(document, "pack_files");

	if (json_is_array(files) && check->packs.claimed == NULL)
		check->packs.claimed = json_incref(files);
}

void
evidence_check_packs_leaf(
    struct evidence_check *check, const void *data, size_t length)
{
	struct bytes *leaf = &check->packs.leaf;

	if (leaf->length + length > LEAF_BYTES_MAX)
		check->packs.is_long = true;
	else
		bytes_append(leaf, data, length);
}

void
evidence_check_packs_end_leaf(struct evidence_check *check)
{
	struct evidence_packs *packs = &check->packs;
	const char *type = NULL;
	json_t *entry = NULL;

	/* Words are looked for first: most entries are of other types. */
	if (!packs->is_long && !packs->leaf.failed && packs->leaf.length > 0 &&
	    memmem(packs->leaf.data, packs->leaf.length, IS_CONFIG,
		strlen(IS_CONFIG)) != NULL)
		entry = json_parse(
		    (const char *)packs->leaf.data, packs->leaf.length, NULL);
	if (entry != NULL && json_get_text(entry, "type", &type) == 0 &&
	    strcmp(type, "config") == 0) {
		json_decref(packs->journalled);
		packs->journalled =
		    json_incref(json_object_get(entry, "packs"));
	}
	json_decref(entry);
	bytes_clear(&packs->leaf);
	packs->is_long = false;
}

/* The digest of an item, or "" where it has none. */
static const char *
digest_of(const json_t *item)
{
	const char *text = json_string_value(json_object_get(item, "sha256"));

	return text == NULL ? "" : text;
}

static void
tell(struct evidence_check *check, const char *path)
{
	evidence_check_fault(check, EVIDENCE_REQUIREMENTS, path, "");
}

/* The file with that text is in the bundle: its digest is in the list. */
static bool
is_there(const struct evidence_check *check, const char *sha256)
{
	char hex[HEX_BYTES];

	for (size_t i = 0; i < check->count; i++) {
		const struct evidence_listed *listed = &check->listed[i];

		if (strncmp(listed->path, PACKS, strlen(PACKS)) != 0 ||
		    strcmp(listed->path + strlen(PACKS), sha256) != 0)
			continue;
		bytes_format_hex(listed->sha256, sizeof(listed->sha256), hex);
		return listed->is_seen && strcmp(hex, sha256) == 0;
	}
	return false;
}

static bool
is_claimed(const struct evidence_check *check, const char *sha256)
{
	const json_t *item;
	size_t i;

	json_array_foreach(check->packs.claimed, i, item)
	{
		if (strcmp(digest_of(item), sha256) == 0)
			return true;
	}
	return false;
}

/* What was in force at the period's end, by the newest entry `config` in it. */
static bool
is_journalled(const struct evidence_packs *packs)
{
	size_t count = json_array_size(packs->journalled);
	bool is_same = json_array_size(packs->claimed) == count;

	for (size_t i = 0; is_same && i < count; i++) {
		const json_t *said = json_array_get(packs->claimed, i);
		const json_t *entry = json_array_get(packs->journalled, i);

		is_same = strcmp(digest_of(said), digest_of(entry)) == 0 &&
			  json_is_true(json_object_get(said, "is_site")) ==
			      json_is_true(json_object_get(entry, "site"));
	}
	return is_same;
}

void
evidence_check_packs_proof(struct evidence_check *check)
{
	const json_t *item;
	size_t i;

	json_array_foreach(check->packs.claimed, i, item)
	{
		const char *sha256 = digest_of(item);

		if (sha256[0] != '\0' &&
		    !json_is_true(json_object_get(item, "is_gone")) &&
		    !is_there(check, sha256))
			tell(check, PACKS);
	}
	for (i = 0; i < check->count; i++)
		if (strncmp(check->listed[i].path, PACKS, strlen(PACKS)) == 0 &&
		    !is_claimed(check, check->listed[i].path + strlen(PACKS)))
			tell(check, check->listed[i].path);
	if (check->packs.journalled != NULL && !is_journalled(&check->packs))
		tell(check, EVIDENCE_PAYLOAD "compliance.json");
}

void
evidence_check_packs_done(struct evidence_check *check)
{
	json_decref(check->packs.claimed);
	json_decref(check->packs.journalled);
	bytes_done(&check->packs.leaf);
}
