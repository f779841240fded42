#include "lib/store/journal.h"

#include <string.h>

#include "lib/base/i18n.h"
#include "lib/store/leaf.h"
#include "lib/store/store.h"

int
journal_size(struct catalog *catalog, uint64_t *ret_size, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_JOURNAL_SIZE];

	if (sql_bind(query, err, "") != 0 || sql_step(query, err) < 0)
		return -1;
	*ret_size = sql_u64(query, 0); /* no entries: NULL */
	sql_reset(query);
	return 0;
}

/* The entry as the bytes that will be hashed. */
static int
encode(json_t *entry, uint64_t seq, int64_t at_ms, struct bytes *out,
    struct error *err)
{
	if (entry == NULL ||
	    json_object_set_new(entry, "v", json_integer(1)) != 0 ||
	    json_object_set_new(entry, "seq", json_integer((json_int_t)seq)) !=
		0 ||
	    json_object_set_new(entry, "at", json_integer(at_ms)) != 0)
		return error_set(err, ERROR_INTERNAL,
		    _("a journal entry could not be made: out of memory"));
	if (json_append_canonical(entry, out, err) != 0)
		return -1;
	if (out->length > JOURNAL_LEAF_BYTES_MAX)
		return error_set(
		    err, ERROR_LIMIT, _("a journal entry is too long"));
	return bytes_check(out, err);
}

int
journal_append(struct catalog *catalog, json_t *entry, int64_t at_ms,
    uint64_t *ret_seq, struct error *err)
{
	struct bytes leaf = BYTES_EMPTY;
	struct apply_entry checked;
	uint64_t seq;
	int rc = -1;

	if (catalog_check_transaction(catalog, err) != 0 ||
	    journal_size(catalog, &seq, err) != 0 ||
	    encode(entry, seq, at_ms, &leaf, err) != 0)
		goto out;
	checked = (struct apply_entry){.seq = seq,
	    .at = at_ms,
	    .leaf = (const char *)leaf.data,
	    .leaf_length = leaf.length};
	if (entry_check(entry, seq, &checked.type, err) != 0 ||
	    leaf_append(catalog, &checked, err) != 0)
		goto out;
	if (ret_seq != NULL)
		*ret_seq = seq;
	rc = 0;
out:
	bytes_done(&leaf);
	json_decref(entry);
	return rc;
}

/* Proofs are of entries that are there. */
static int
check_size(struct catalog *catalog, uint64_t size, struct error *err)
{
	uint64_t there;

	if (journal_size(catalog, &there, err) != 0)
		return -1;
	if (size > there)
		return error_set(err, ERROR_USAGE,
		    _("the journal has fewer entries than that"));
	return 0;
}

int
journal_root(struct catalog *catalog, uint64_t size,
    uint8_t ret_root[MERKLE_HASH_BYTES], struct error *err)
{
	const struct merkle_nodes nodes = leaf_nodes(catalog);

	if (check_size(catalog, size, err) != 0)
		return -1;
	return merkle_root(&nodes, size, ret_root, err);
}

int
journal_inclusion(struct catalog *catalog, uint64_t seq, uint64_t size,
    struct merkle_proof *ret_proof, struct error *err)
{
	const struct merkle_nodes nodes = leaf_nodes(catalog);

	if (check_size(catalog, size, err) != 0)
		return -1;
	return merkle_inclusion(&nodes, seq, size, ret_proof, err);
}

int
journal_consistency(struct catalog *catalog, uint64_t old_size, uint64_t size,
    struct merkle_proof *ret_proof, struct error *err)
{
	const struct merkle_nodes nodes = leaf_nodes(catalog);

	if (check_size(catalog, size, err) != 0)
		return -1;
	return merkle_consistency(&nodes, old_size, size, ret_proof, err);
}

static int
sign(struct catalog *catalog, const char *origin,
    const struct signature_secret *secret, int64_t at_ms, struct bytes *note,
    struct error *err)
{
	struct note_checkpoint checkpoint = {.size = 0};

	if (journal_size(catalog, &checkpoint.size, err) != 0)
		return -1;
	if (checkpoint.size == 0)
		return error_set(
		    err, ERROR_NOT_FOUND, _("the journal is empty"));
	if (strlen(origin) >= sizeof(checkpoint.origin))
		return error_set(
		    err, ERROR_INPUT, _("the journal's origin is too long"));
	memcpy(checkpoint.origin, origin, strlen(origin) + 1);
	if (journal_root(catalog, checkpoint.size, checkpoint.root, err) != 0 ||
	    note_checkpoint_encode(&checkpoint, secret, note, err) != 0)
		return -1;
	return sql_run(catalog->queries[STATEMENT_CHECKPOINT_PUT], err, "ubbi",
	    checkpoint.size, (const void *)checkpoint.root,
	    sizeof(checkpoint.root), (const void *)note->data, note->length,
	    at_ms);
}

int
journal_checkpoint(struct catalog *catalog, const char *origin,
    const struct signature_secret *secret, int64_t at_ms,
    struct bytes *ret_note, struct error *err)
{
	struct bytes note = BYTES_EMPTY;
	int rc = -1;

	/* Refused within a transaction: only the committed may be signed. */
	if (catalog_begin(catalog, err) != 0)
		return -1;
	if (catalog_check_transaction(catalog, err) != 0 ||
	    sign(catalog, origin, secret, at_ms, &note, err) != 0) {
		catalog_rollback(catalog);
		goto out;
	}
	if (catalog_commit(catalog, err) != 0)
		goto out;
	if (ret_note != NULL) {
		bytes_append(ret_note, note.data, note.length);
		if (bytes_check(ret_note, err) != 0)
			goto out;
	}
	rc = 0;
out:
	bytes_done(&note);
	return rc;
}

int
journal_last_checkpoint(
    struct catalog *catalog, struct bytes *out, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_CHECKPOINT_LAST];
	const uint8_t *note;
	size_t length;
	int rc = -1;

	if (sql_bind(query, err, "") != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		note = sql_blob(query, 1, &length);
		bytes_append(out, note, length);
		rc = bytes_check(out, err);
		break;
	case 0:
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("the journal has no signed checkpoint yet"));
		break;
	}
	sql_reset(query);
	return rc;
}

/* The first row that is asked for. */
static int
take_note(struct sql_query *query, uint64_t size, struct journal_note *ret_note,
    struct error *err)
{
	struct journal_note note = {.text = BYTES_EMPTY};
	const uint8_t *root, *text;
	size_t root_length, length;
	int rc = -1;

	if (sql_bind(query, err, "u", size) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		note.size = sql_u64(query, 0);
		note.at = sql_int(query, 3);
		root = sql_blob(query, 1, &root_length);
		text = sql_blob(query, 2, &length);
		bytes_append(&note.text, text, length);
		if (root_length == sizeof(note.root))
			memcpy(note.root, root, root_length);
		rc = bytes_check(&note.text, err);
		break;
	case 0:
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("the journal has no signed checkpoint there"));
		break;
	}
	sql_reset(query);
	if (rc == 0)
		*ret_note = note;
	else
		bytes_done(&note.text);
	return rc;
}

int
journal_checkpoint_from(struct catalog *catalog, uint64_t size,
    struct journal_note *ret_note, struct error *err)
{
	return take_note(
	    catalog->queries[STATEMENT_CHECKPOINT_FROM], size, ret_note, err);
}

int
journal_checkpoint_upto(struct catalog *catalog, uint64_t size,
    struct journal_note *ret_note, struct error *err)
{
	return take_note(
	    catalog->queries[STATEMENT_CHECKPOINT_UPTO], size, ret_note, err);
}

int
journal_each(struct catalog *catalog, uint64_t from, uint64_t to,
    journal_leaf_fn *each, void *context, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_JOURNAL_EACH];
	int rc;

	if (sql_bind(query, err, "uu", from, to) != 0)
		return -1;
	while ((rc = sql_step(query, err)) > 0) {
		size_t length;
		const uint8_t *leaf = sql_blob(query, 1, &length);

		rc = each(sql_u64(query, 0), leaf, length, context, err);
		if (rc != 0)
			break;
	}
	sql_reset(query);
	return rc < 0 ? -1 : 0;
}

int
journal_seq_at(struct catalog *catalog, int64_t at_ms,
    struct catalog_at *ret_at, struct error *err)
{
	struct sql_query *query = catalog->queries[STATEMENT_JOURNAL_SEQ_AT];
	int rc = -1;

	if (sql_bind(query, err, "i", at_ms) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		ret_at->seq = sql_u64(query, 0);
		rc = 0;
		break;
	case 0:
		(void)error_set(err, ERROR_NOT_FOUND,
		    _("the journal begins after that instant"));
		break;
	}
	sql_reset(query);
	return rc;
}

int
journal_seq_known(struct catalog *catalog, int64_t at_ms,
    struct catalog_at *ret_at, struct error *err)
{
	if (journal_seq_at(catalog, at_ms, ret_at, err) == 0)
		return 0;
	if (err->code != ERROR_NOT_FOUND)
		return -1;
	/* Clients translate what has no arguments. */
	return error_set(err, ERROR_UNAVAILABLE,
	    _("nothing is known of that time: the journal begins later (hikae "
	      "journal list --limit 1 tells when)"));
}
