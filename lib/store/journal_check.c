#include "lib/store/journal_check.h"

#include <stdio.h>
#include <string.h>

#include "lib/store/leaf.h"

void
journal_check_begin(struct journal_check *check, struct journal_report *report)
{
	*report = (struct journal_report){.fault = JOURNAL_GOOD};
	*check = (struct journal_check){.report = report, .last_at = INT64_MIN};
}

void
journal_check_fault(
    struct journal_check *check, enum journal_fault fault, uint64_t seq)
{
	if (check->report->fault != JOURNAL_GOOD)
		return;
	check->report->fault = fault;
	check->report->fault_seq = seq;
}

static int
edge_node(void *context, unsigned level, uint64_t index,
    uint8_t ret_hash[MERKLE_HASH_BYTES], struct error *err)
{
	struct journal_check *check = context;
	const struct merkle_nodes nodes = merkle_edge_nodes(&check->edge);

	return nodes.node(nodes.context, level, index, ret_hash, err);
}

/* A node completed anew; the stored one must be the same. */
static int
edge_store(void *context, unsigned level, uint64_t index,
    const uint8_t hash[MERKLE_HASH_BYTES], struct error *err)
{
	struct journal_check *check = context;
	uint8_t stored[MERKLE_HASH_BYTES];
	struct merkle_nodes nodes = merkle_edge_nodes(&check->edge);

	if (nodes.store(nodes.context, level, index, hash, err) != 0)
		return -1;
	if (check->catalog == NULL)
		return 0;
	nodes = leaf_nodes(check->catalog);
	if (nodes.node(nodes.context, level, index, stored, err) != 0) {
		if (err->code != ERROR_INPUT)
			return -1;
		journal_check_fault(check, JOURNAL_NODE, check->report->size);
	} else if (memcmp(stored, hash, MERKLE_HASH_BYTES) != 0)
		journal_check_fault(check, JOURNAL_NODE, check->report->size);
	return 0;
}

static void
take_key(struct journal_check *check, const json_t *line)
{
	const char *text = json_string_value(line);
	struct error ignored;

	/* A line that is no key leaves none in force, so nothing verifies. */
	if (text == NULL || signature_public_decode(text, strlen(text),
				&check->daemon_key, &ignored) != 0)
		memset(&check->daemon_key, 0, sizeof(check->daemon_key));
}

/* Who may sign from here on. */
static int
follow_keys(struct journal_check *check, const struct apply_entry *entry,
    struct error *err)
{
	const char *kind, *origin;
	json_t *json;

	if (entry->type != ENTRY_ORIGIN && entry->type != ENTRY_KEY)
		return 0;
	json = json_parse(entry->leaf, entry->leaf_length, err);
	if (json == NULL)
		return -1;
	if (entry->type == ENTRY_ORIGIN) {
		origin = json_string_value(json_object_get(json, "origin"));
		(void)snprintf(
		    check->origin, sizeof(check->origin), "%s", origin);
		take_key(check, json_object_get(json, "daemon_key"));
	} else {
		kind = json_string_value(json_object_get(json, "kind"));
		if (strcmp(kind, "daemon") == 0)
			take_key(check, json_object_get(json, "new"));
	}
	json_decref(json);
	return 0;
}

int
journal_check_leaf(struct journal_check *check, const uint8_t *leaf,
    size_t length, struct error *err)
{
	const struct merkle_nodes edge = {edge_node, edge_store, check};
	struct journal_report *report = check->report;
	uint8_t hash[MERKLE_HASH_BYTES];
	struct apply_entry entry;

	if (leaf_check(leaf, length, report->size, &entry, err) != 0) {
		if (err->code == ERROR_INTERNAL)
			return -1;
		journal_check_fault(check, JOURNAL_MALFORMED, report->size);
		return 0;
	}
	if (follow_keys(check, &entry, err) != 0)
		return -1;
	if (entry.at < check->last_at)
		report->clock_back++;
	check->last_at = entry.at;
	merkle_leaf_hash(leaf, length, hash);
	if (merkle_append(&edge, report->size, hash, err) != 0)
		return -1;
	report->size++;
	return 0;
}

/* Whether the key in force is one of the given ones. */
static bool
is_trusted(const struct journal_check *check)
{
	for (size_t i = 0; i < check->key_count; i++)
		if (memcmp(&check->keys[i], &check->daemon_key,
			sizeof(check->daemon_key)) == 0)
			return true;
	return false;
}

int
journal_check_note(struct journal_check *check, const uint8_t *note,
    size_t length, struct error *err)
{
	struct journal_report *report = check->report;
	uint8_t root[MERKLE_HASH_BYTES];
	struct note_checkpoint read;
	const struct merkle_nodes edge = {edge_node, NULL, check};

	if (note_checkpoint_decode((const char *)note, length, check->origin,
		&check->daemon_key, &read, err) != 0) {
		if (err->code == ERROR_INTERNAL)
			return -1;
		journal_check_fault(check,
		    err->code == ERROR_NOT_FOUND ? JOURNAL_UNSIGNED
						 : JOURNAL_SIGNATURE,
		    report->size);
		return 0;
	}
	if (merkle_root(&edge, report->size, root, err) != 0)
		return -1;
	if (read.size > report->size)
		journal_check_fault(check, JOURNAL_SHORT, read.size);
	else if (read.size < report->size ||
		 memcmp(read.root, root, sizeof(root)) != 0)
		journal_check_fault(check, JOURNAL_ROOT, read.size);
	if (report->fault == JOURNAL_GOOD && !is_trusted(check)) {
		check->untrusted_size = read.size;
	} else if (report->fault == JOURNAL_GOOD) {
		report->checkpoints++;
		report->signed_size = read.size;
		memcpy(report->origin, check->origin, sizeof(report->origin));
	}
	return 0;
}

int
journal_check_end(struct journal_check *check, struct error *err)
{
	const struct merkle_nodes edge = {edge_node, NULL, check};
	struct journal_report *report = check->report;

	if (report->size == 0)
		journal_check_fault(check, JOURNAL_EMPTY, 0);
	else if (check->untrusted_size > report->signed_size)
		journal_check_fault(
		    check, JOURNAL_UNSIGNED, check->untrusted_size);
	else if (report->checkpoints == 0)
		journal_check_fault(check, JOURNAL_NO_CHECKPOINT, report->size);
	return merkle_root(&edge, report->size, report->root, err);
}
