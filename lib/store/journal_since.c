#include "lib/store/journal_since.h"

#include <string.h>

/* What is being hashed. */
struct work {
	struct merkle_prefix prefix;
	bool has_gap;
};

static int
take_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct work *work = context;
	uint8_t hash[MERKLE_HASH_BYTES];

	if (seq != work->prefix.size) {
		work->has_gap = true;
		return 1;
	}
	merkle_leaf_hash(leaf, length, hash);
	return merkle_prefix_append(&work->prefix, hash, err);
}

/* 0: signed by one of the keys; 1: not, with *ret_fault; -1. */
static int
decode(const struct journal_since *since, const struct bytes *note,
    struct note_checkpoint *ret_head, enum journal_fault *ret_fault,
    struct error *err)
{
	*ret_fault = JOURNAL_UNSIGNED;
	for (size_t i = 0; i < since->key_count; i++) {
		if (note_checkpoint_decode((const char *)note->data,
			note->length, since->origin, &since->keys[i], ret_head,
			err) == 0)
			return 0;
		if (err->code == ERROR_INTERNAL)
			return -1;
		if (err->code != ERROR_NOT_FOUND)
			*ret_fault = JOURNAL_SIGNATURE;
	}
	return 1;
}

static int
tell(struct journal_report *report, enum journal_fault fault, uint64_t seq)
{
	report->fault = fault;
	report->fault_seq = seq;
	return 0;
}

static int
hash_since(struct catalog *catalog, const struct journal_since *since,
    const struct note_checkpoint *head, struct journal_report *report,
    struct merkle_prefix *ret_known, struct error *err)
{
	struct work work = {.prefix = *since->known};
	uint8_t root[MERKLE_HASH_BYTES];

	/* A head that was seen, and is not there any more, was cut off. */
	if (head->size < since->known->size)
		return tell(report, JOURNAL_SHORT, since->known->size);
	if (journal_each(catalog, since->known->size, head->size, take_leaf,
		&work, err) != 0)
		return -1;
	if (work.has_gap)
		return tell(report, JOURNAL_GAP, work.prefix.size);
	if (work.prefix.size != head->size)
		return tell(report, JOURNAL_SHORT, head->size);
	if (merkle_prefix_root(&work.prefix, root, err) != 0)
		return -1;
	if (memcmp(root, head->root, sizeof(root)) != 0)
		return tell(report, JOURNAL_ROOT, head->size);
	report->signed_size = head->size;
	report->checkpoints = 1;
	*ret_known = work.prefix;
	return 0;
}

int
journal_verify_since(struct catalog *catalog, const struct journal_since *since,
    struct journal_report *ret_report, struct merkle_prefix *ret_known,
    struct error *err)
{
	struct bytes note = BYTES_EMPTY;
	struct note_checkpoint head;
	enum journal_fault problem;
	struct error own;
	int rc = -1, decoded;

	if (err == NULL)
		err = &own;
	*ret_report = (struct journal_report){.fault = JOURNAL_GOOD};
	if (journal_size(catalog, &ret_report->size, err) != 0)
		return -1;
	if (ret_report->size == 0)
		return tell(ret_report, JOURNAL_EMPTY, 0);
	if (journal_last_checkpoint(catalog, &note, err) != 0) {
		rc = err->code == ERROR_NOT_FOUND
			 ? tell(ret_report, JOURNAL_NO_CHECKPOINT,
			       ret_report->size)
			 : -1;
		goto out;
	}
	decoded = decode(since, &note, &head, &problem, err);
	if (decoded == 0)
		rc = hash_since(
		    catalog, since, &head, ret_report, ret_known, err);
	else if (decoded > 0)
		rc = tell(ret_report, problem, ret_report->size);
out:
	bytes_done(&note);
	return rc;
}
