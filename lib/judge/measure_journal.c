/* Whether the journal is whole: its leaves against its newest signed head. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/crypto/merkle_prefix.h"
#include "lib/format/json.h"
#include "lib/judge/measure_internal.h"
#include "lib/store/journal.h"

static int
take_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	uint8_t hash[MERKLE_HASH_BYTES];

	(void)seq;
	merkle_leaf_hash(leaf, length, hash);
	return merkle_prefix_append(context, hash, err);
}

struct signer {
	struct signature_public key;
	char origin[NOTE_NAME_BYTES];
	bool is_known;
};

static int
take_origin(const struct query_origin *row, void *context, struct error *err)
{
	struct signer *signer = context;
	struct error ignored;

	(void)err;
	(void)snprintf(
	    signer->origin, sizeof(signer->origin), "%s", row->origin);
	signer->is_known =
	    signature_public_decode(row->daemon_key, strlen(row->daemon_key),
		&signer->key, &ignored) == 0;
	return 0;
}

/* The note's second line is its size; the signature proves it later. */
static uint64_t
claimed_size(const struct bytes *note)
{
	const char *line = strchr((const char *)note->data, '\n');

	return line == NULL ? 0 : strtoull(line + 1, NULL, 10);
}

static void
conclude(struct measure_context *context, enum bounds_answer answer,
    const char *reason)
{
	context->journal = answer;
	context->journal_reason = reason;
}

/* Heads are signed every hour; what waits for twice as long was not. */
#define UNSIGNED_MAX_MS INT64_C(7200000)

static int
take_instant(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	json_t *entry = json_parse((const char *)leaf, length, err);
	int rc = 0;

	(void)seq;
	if (entry == NULL)
		return -1;
	if (json_get_i64(entry, "at", context) != 0)
		rc = error_set(err, ERROR_INPUT, _("malformed journal entry"));
	json_decref(entry);
	return rc;
}

/* What nobody signed proves nothing, unless it is about to be signed. */
static int
check_tail(struct measure_context *context, uint64_t size, struct error *err)
{
	const struct inventory *inventory = context->inventory;
	int64_t at = QUERY_NEVER;

	if (size >= inventory->size)
		return 0;
	if (journal_each(
		context->catalog, size, size + 1, take_instant, &at, err) != 0)
		return -1;
	if (inventory_age(inventory, at, size) > UNSIGNED_MAX_MS)
		conclude(context, BOUNDS_MAYBE, "journal-unsigned");
	return 0;
}

/* Signed by the key that was in force then, over exactly these leaves. */
static int
check_head(struct measure_context *context, const struct bytes *note,
    struct error *err)
{
	struct signer signer = {.is_known = false};
	struct note_checkpoint head;
	struct error refusal;
	struct merkle_prefix prefix = {.size = 0};
	uint8_t root[MERKLE_HASH_BYTES];
	uint64_t size = 0, claimed = claimed_size(note);

	if (journal_size(context->catalog, &size, err) != 0)
		return -1;
	conclude(context, BOUNDS_NO, "journal-broken");
	if (claimed == 0 || claimed > size)
		return 0;
	if (query_origin(context->catalog, (struct catalog_at){claimed - 1},
		take_origin, &signer, err) != 0)
		return -1;
	if (!signer.is_known ||
	    note_checkpoint_decode((const char *)note->data, note->length - 1,
		signer.origin, &signer.key, &head, &refusal) != 0)
		return 0;
	if (context->known != NULL && context->known->size <= head.size)
		prefix = *context->known;
	if (journal_each(context->catalog, prefix.size, head.size, take_leaf,
		&prefix, err) != 0 ||
	    merkle_prefix_root(&prefix, root, err) != 0)
		return -1;
	if (prefix.size != head.size ||
	    memcmp(root, head.root, sizeof(root)) != 0)
		return 0;
	if (context->known != NULL)
		*context->known = prefix;
	conclude(context, BOUNDS_YES, "");
	return check_tail(context, head.size, err);
}

int
measure_journal_check(struct measure_context *context, struct error *err)
{
	struct bytes note = BYTES_EMPTY;
	struct error problem;
	int rc = 0;

	if (context->inventory->journal_finding != 0) {
		conclude(context, BOUNDS_NO, "journal-broken");
		return 0;
	}
	if (journal_last_checkpoint(context->catalog, &note, &problem) != 0) {
		conclude(context, BOUNDS_MAYBE, "no-checkpoint");
		if (problem.code != ERROR_NOT_FOUND) {
			*err = problem;
			rc = -1;
		}
		goto out;
	}
	/* As a text; the NUL is not the note's. */
	bytes_append_u8(&note, 0);
	rc = bytes_check(&note, err);
	if (rc == 0)
		rc = check_head(context, &note, err);
out:
	bytes_done(&note);
	return rc;
}
