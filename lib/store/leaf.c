#include "lib/store/leaf.h"

#include <string.h>

#include "lib/base/i18n.h"

static int
get_node(void *context, unsigned level, uint64_t index,
    uint8_t ret_hash[MERKLE_HASH_BYTES], struct error *err)
{
	struct catalog *catalog = context;
	struct sql_query *query = catalog->queries[STATEMENT_NODE_GET];
	const uint8_t *hash;
	size_t length;
	int rc = -1;

	if (sql_bind(query, err, "uu", (uint64_t)level, index) != 0)
		return -1;
	switch (sql_step(query, err)) {
	case 1:
		hash = sql_blob(query, 0, &length);
		if (length == MERKLE_HASH_BYTES) {
			memcpy(ret_hash, hash, length);
			rc = 0;
			break;
		}
		/* fall through */
	case 0:
		(void)error_set(err, ERROR_INPUT,
		    _("the catalog is damaged: a node of the journal's tree "
		      "is missing"));
		break;
	}
	sql_reset(query);
	return rc;
}

static int
store_node(void *context, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_HASH_BYTES], struct error *err)
{
	struct catalog *catalog = context;

	return sql_run(catalog->queries[STATEMENT_NODE_ADD], err, "uub",
	    (uint64_t)level, index, hash, (size_t)MERKLE_HASH_BYTES);
}

struct merkle_nodes
leaf_nodes(struct catalog *catalog)
{
	return (struct merkle_nodes){get_node, store_node, catalog};
}

int
leaf_check(const void *leaf, size_t length, uint64_t seq,
    struct apply_entry *ret_entry, struct error *err)
{
	struct bytes canonical = BYTES_EMPTY;
	enum entry_type type;
	int64_t at;
	int rc = -1;
	json_t *entry = json_parse(leaf, length, err);

	if (entry == NULL)
		return -1;
	if (json_append_canonical(entry, &canonical, err) != 0)
		goto out;
	if (canonical.length != length ||
	    memcmp(canonical.data, leaf, length) != 0) {
		(void)error_set(err, ERROR_INPUT,
		    _("a journal entry is not in canonical form"));
		goto out;
	}
	if (entry_check(entry, seq, &type, err) != 0)
		goto out;
	at = json_integer_value(json_object_get(entry, "at"));
	*ret_entry = (struct apply_entry){type, seq, at, leaf, length};
	rc = 0;
out:
	json_decref(entry);
	bytes_done(&canonical);
	return rc;
}

static int
append(
    struct catalog *catalog, const struct apply_entry *entry, struct error *err)
{
	const struct merkle_nodes nodes = leaf_nodes(catalog);
	uint8_t hash[MERKLE_HASH_BYTES];

	if (sql_run(catalog->queries[STATEMENT_JOURNAL_ADD], err, "uib",
		entry->seq, entry->at, (const void *)entry->leaf,
		entry->leaf_length) != 0)
		return -1;
	merkle_leaf_hash(entry->leaf, entry->leaf_length, hash);
	if (merkle_append(&nodes, entry->seq, hash, err) != 0)
		return -1;
	return apply_rows(catalog->sql, catalog->projections, entry, err);
}

int
leaf_append(
    struct catalog *catalog, const struct apply_entry *entry, struct error *err)
{
	struct sql_query *const *queries = catalog->queries;
	struct error ignored;

	if (sql_run(queries[STATEMENT_SAVEPOINT], err, "") != 0)
		return -1;
	if (append(catalog, entry, err) == 0)
		return sql_run(queries[STATEMENT_RELEASE], err, "");
	/*
	 * After a failed write SQLite may have rolled back the transaction.
	 * Where this entry cannot be taken back, nothing may be committed.
	 */
	if (sql_in_transaction(catalog->sql) &&
	    (sql_run(queries[STATEMENT_ROLLBACK_TO], &ignored, "") != 0 ||
		sql_run(queries[STATEMENT_RELEASE], &ignored, "") != 0))
		catalog_rollback(catalog);
	return -1;
}
