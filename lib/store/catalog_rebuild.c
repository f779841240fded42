/* A catalog made anew from its journal, and whether two are the same. */
#include <errno.h>
#include <unistd.h>

#include "lib/base/i18n.h"
#include "lib/store/catalog.h"
#include "lib/store/journal.h"
#include "lib/store/leaf.h"
#include "lib/store/pack.h"
#include "lib/store/store.h"

static int
replay_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct catalog *to = context;
	struct apply_entry entry;
	uint64_t size;

	if (journal_size(to, &size, err) != 0)
		return -1;
	if (size != seq)
		return error_set(err, ERROR_INPUT,
		    _("the journal has a gap before entry %llu"),
		    (unsigned long long)seq);
	if (leaf_check(leaf, length, seq, &entry, err) != 0 ||
	    leaf_append(to, &entry, err) != 0)
		return error_prefix(
		    err, _("journal entry %llu"), (unsigned long long)seq);
	return 0;
}

static int
copy_checkpoints(struct catalog *from, struct catalog *to, struct error *err)
{
	struct sql_query *query = from->queries[STATEMENT_CHECKPOINT_FROM];
	int rc;

	if (sql_bind(query, err, "u", UINT64_C(0)) != 0)
		return -1;
	while ((rc = sql_step(query, err)) > 0) {
		size_t root_length, note_length;
		const uint8_t *root = sql_blob(query, 1, &root_length);
		const uint8_t *note = sql_blob(query, 2, &note_length);

		if (sql_run(to->queries[STATEMENT_CHECKPOINT_PUT], err, "ubbi",
			sql_u64(query, 0), (const void *)root, root_length,
			(const void *)note, note_length,
			sql_int(query, 3)) != 0) {
			rc = -1;
			break;
		}
	}
	sql_reset(query);
	return rc;
}

static int
copy_openings(struct catalog *from, struct catalog *to, struct error *err)
{
	struct sql_query *query = from->queries[STATEMENT_OPENING_EACH];
	int rc;

	if (sql_bind(query, err, "") != 0)
		return -1;
	while ((rc = sql_step(query, err)) > 0) {
		size_t nonce_length, path_length;
		const uint8_t *nonce = sql_blob(query, 1, &nonce_length);
		const uint8_t *path = sql_blob(query, 2, &path_length);

		if (sql_run(to->queries[STATEMENT_OPENING_ADD], err, "tbb",
			sql_text(query, 0), (const void *)nonce, nonce_length,
			(const void *)path, path_length) != 0) {
			rc = -1;
			break;
		}
	}
	sql_reset(query);
	return rc;
}

int
catalog_rebuild(struct catalog *from, const char *path, struct error *err)
{
	static const struct catalog_options options = {CATALOG_WRITE};
	bool within = sql_in_transaction(from->sql);
	struct catalog *to = NULL;
	int rc = -1;

	if (access(path, F_OK) == 0)
		return error_set(err, ERROR_EXISTS,
		    _("the catalog is rebuilt into a new file only"));
	if (catalog_open(path, &options, &to, err) != 0)
		return -1;
	/*
	 * One view of what may be written meanwhile; and all or nothing: what
	 * was killed leaves an empty catalog, what failed none.
	 */
	if ((!within && catalog_begin(from, err) != 0) ||
	    catalog_begin(to, err) != 0 ||
	    journal_each(from, 0, UINT64_MAX, replay_leaf, to, err) != 0 ||
	    copy_checkpoints(from, to, err) != 0 ||
	    copy_openings(from, to, err) != 0 ||
	    pack_copy(from, to, err) != 0 || catalog_commit(to, err) != 0)
		goto out;
	rc = 0;
out:
	if (!within)
		catalog_rollback(from);
	catalog_close(to);
	if (rc != 0)
		(void)unlink(path);
	return rc;
}

/* 1: the same; 0: not; -1. */
static int
compare_rows(struct sql_query *a, struct sql_query *b, struct error *err)
{
	for (;;) {
		int left = sql_step(a, err), right = sql_step(b, err);

		if (left < 0 || right < 0)
			return -1;
		if (left != right)
			return 0;
		if (left == 0)
			return 1;
		if (!sql_same_row(a, b))
			return 0;
	}
}

/* Without an order, rows come in that of the primary key. */
static int
compare_query(
    struct catalog *a, struct catalog *b, const char *text, struct error *err)
{
	struct sql_query *left = NULL, *right = NULL;
	int rc = -1;

	if (sql_prepare(a->sql, text, &left, err) == 0 &&
	    sql_prepare(b->sql, text, &right, err) == 0)
		rc = compare_rows(left, right, err);
	sql_finalize(left);
	sql_finalize(right);
	return rc;
}

static int
compare_table(
    struct catalog *a, struct catalog *b, const char *table, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	bytes_append_format(&text, "SELECT * FROM \"%s\"", table);
	bytes_append_u8(&text, 0);
	if (bytes_check(&text, err) == 0)
		rc = compare_query(a, b, (const char *)text.data, err);
	bytes_done(&text);
	return rc;
}

/* Schema first, then the tables that the query names. */
static int
compare(struct catalog *a, struct catalog *b, const char *tables,
    struct bytes *ret_difference, struct error *err)
{
	static const char schema[] =
	    "SELECT name, sql FROM sqlite_schema ORDER BY name";
	struct sql_query *query = NULL;
	int rc = -1, same;

	bytes_clear(ret_difference);
	same = compare_query(a, b, schema, err);
	if (same < 0)
		return -1;
	if (same == 0) {
		bytes_append_text(ret_difference, "sqlite_schema");
		return bytes_check(ret_difference, err);
	}
	if (sql_prepare(a->sql, tables, &query, err) != 0)
		return -1;
	while ((rc = sql_step(query, err)) > 0) {
		same = compare_table(a, b, sql_text(query, 0), err);
		if (same == 1)
			continue;
		rc = same;
		if (same == 0)
			bytes_append_text(ret_difference, sql_text(query, 0));
		break;
	}
	if (rc == 0)
		rc = bytes_check(ret_difference, err);
	sql_finalize(query);
	return rc;
}

#define TABLES "SELECT name FROM sqlite_schema WHERE type = 'table'"

int
catalog_compare(struct catalog *a, struct catalog *b,
    struct bytes *ret_difference, struct error *err)
{
	return compare(a, b, TABLES " ORDER BY rowid", ret_difference, err);
}

int
catalog_compare_rows(struct catalog *a, struct catalog *b,
    struct bytes *ret_difference, struct error *err)
{
	return compare(a, b,
	    TABLES " AND name NOT IN ('journal', 'journal_node',"
		   " 'checkpoint', 'opening', 'pack_text') ORDER BY rowid",
	    ret_difference, err);
}
