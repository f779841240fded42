#include "lib/store/journal_verify.h"

#include <string.h>

#include "lib/store/journal_check.h"
#include "lib/store/store.h"

static const char *const fault_names[JOURNAL_FAULTS] = {
    [JOURNAL_GOOD] = "good",
    [JOURNAL_EMPTY] = "empty",
    [JOURNAL_GAP] = "gap",
    [JOURNAL_MALFORMED] = "malformed",
    [JOURNAL_NODE] = "node",
    [JOURNAL_ROOT] = "root",
    [JOURNAL_UNSIGNED] = "unsigned",
    [JOURNAL_SIGNATURE] = "signature",
    [JOURNAL_SHORT] = "short",
    [JOURNAL_NO_CHECKPOINT] = "no-checkpoint",
    [JOURNAL_FORMAT] = "format",
};

const char *
journal_fault_name(enum journal_fault fault)
{
	return fault_names[fault];
}

/* Checkpoints in the order of their sizes, beside the leaves. */
struct notes {
	struct sql_query *query;
	bool has_row;
};

static int
next_note(struct notes *notes, struct error *err)
{
	int rc = sql_step(notes->query, err);

	notes->has_row = rc > 0;
	return rc < 0 ? -1 : 0;
}

/* All checkpoints of exactly the leaves so far. */
static int
check_notes(struct journal_check *check, struct notes *notes, struct error *err)
{
	uint64_t size = check->report->size;

	while (notes->has_row && sql_u64(notes->query, 0) == size &&
	       check->report->fault == JOURNAL_GOOD) {
		size_t root_length, length;
		const uint8_t *root = sql_blob(notes->query, 1, &root_length);
		const uint8_t *note = sql_blob(notes->query, 2, &length);
		uint8_t stored[MERKLE_HASH_BYTES], real[MERKLE_HASH_BYTES];

		if (root_length != sizeof(stored))
			journal_check_fault(check, JOURNAL_ROOT, size);
		else {
			memcpy(stored, root, sizeof(stored));
			if (journal_root(check->catalog, size, real, err) != 0)
				return -1;
			if (memcmp(stored, real, sizeof(real)) != 0)
				journal_check_fault(check, JOURNAL_ROOT, size);
		}
		if (journal_check_note(check, note, length, err) != 0 ||
		    next_note(notes, err) != 0)
			return -1;
	}
	return 0;
}

static int
check_leaves(struct journal_check *check, struct sql_query *leaves,
    struct notes *notes, struct error *err)
{
	struct journal_report *report = check->report;
	int rc = 0;

	while (
	    report->fault == JOURNAL_GOOD && (rc = sql_step(leaves, err)) > 0) {
		size_t length;
		const uint8_t *leaf = sql_blob(leaves, 1, &length);

		if (sql_u64(leaves, 0) != report->size) {
			journal_check_fault(check, JOURNAL_GAP, report->size);
			break;
		}
		if (journal_check_leaf(check, leaf, length, err) != 0 ||
		    check_notes(check, notes, err) != 0)
			return -1;
		if (sql_int(leaves, 2) != check->last_at)
			journal_check_fault(
			    check, JOURNAL_MALFORMED, report->size - 1);
	}
	return rc < 0 ? -1 : 0;
}

/* No node may be stored that the leaves do not have. */
static int
check_node_count(struct journal_check *check, struct error *err)
{
	struct sql_query *query = check->catalog->queries[STATEMENT_NODE_COUNT];
	uint64_t expected = 0;

	for (uint64_t nodes = check->report->size; nodes > 0; nodes /= 2)
		expected += nodes;
	if (sql_bind(query, err, "") != 0 || sql_step(query, err) < 0)
		return -1;
	if (sql_u64(query, 0) != expected)
		journal_check_fault(check, JOURNAL_NODE, check->report->size);
	sql_reset(query);
	return 0;
}

static int
verify(struct journal_check *check, struct sql_query *leaves,
    struct notes *notes, struct error *err)
{
	if (sql_bind(leaves, err, "uu", UINT64_C(0), UINT64_MAX) != 0 ||
	    sql_bind(notes->query, err, "u", UINT64_C(0)) != 0 ||
	    next_note(notes, err) != 0 ||
	    check_leaves(check, leaves, notes, err) != 0)
		return -1;
	if (notes->has_row)
		journal_check_fault(
		    check, JOURNAL_SHORT, sql_u64(notes->query, 0));
	if (check_node_count(check, err) != 0)
		return -1;
	return journal_check_end(check, err);
}

int
journal_verify(struct catalog *catalog, const struct signature_public *keys,
    size_t key_count, struct journal_report *ret_report, struct error *err)
{
	struct sql_query *leaves = catalog->queries[STATEMENT_JOURNAL_EACH];
	struct notes notes = {
	    catalog->queries[STATEMENT_CHECKPOINT_FROM], false};
	bool within = sql_in_transaction(catalog->sql);
	struct journal_check check;
	struct error own;
	int rc;

	if (err == NULL)
		err = &own;
	/* One view of leaves, nodes and checkpoints while others write. */
	if (!within && catalog_begin(catalog, err) != 0)
		return -1;
	journal_check_begin(&check, ret_report);
	check.catalog = catalog;
	check.keys = keys;
	check.key_count = key_count;
	rc = verify(&check, leaves, &notes, err);
	sql_reset(leaves);
	sql_reset(notes.query);
	if (!within)
		catalog_rollback(catalog);
	return rc;
}

int
journal_extends(struct catalog *catalog,
    const struct note_checkpoint *remembered, bool *ret_extends,
    struct error *err)
{
	uint8_t root[MERKLE_HASH_BYTES];
	uint64_t size;

	*ret_extends = false;
	if (journal_size(catalog, &size, err) != 0)
		return -1;
	if (remembered->size > size)
		return 0;
	if (journal_root(catalog, remembered->size, root, err) != 0)
		return -1;
	*ret_extends = memcmp(root, remembered->root, sizeof(root)) == 0;
	return 0;
}
