/* Files of lines: one JSON object each, the first about the file. */
#include <stdio.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/output/evidence_internal.h"

json_t *
evidence_checkpoint_object(const struct evidence_making *making)
{
	const struct evidence_statement *statement = &making->result.statement;
	char root[2 * MERKLE_HASH_BYTES + 1];

	bytes_format_hex(statement->root, sizeof(statement->root), root);
	return json_pack("{s:s, s:s, s:o}", "origin", statement->origin, "root",
	    root, "size", json_of_u64(statement->size));
}

int
evidence_lines_add(
    struct evidence_making *making, json_t *row, struct error *err)
{
	struct bytes text = BYTES_EMPTY;
	int rc = -1;

	if (row == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	if (json_append_canonical(row, &text, err) != 0)
		goto out;
	bytes_append_u8(&text, '\n');
	if (bytes_check(&text, err) != 0)
		goto out;
	evidence_bag_add(&making->bag, text.data, text.length);
	rc = 0;
out:
	bytes_done(&text);
	json_decref(row);
	return rc;
}

int
evidence_lines_end_row(
    struct evidence_making *making, struct document_row *row, struct error *err)
{
	json_t *object = NULL;

	if (document_row_end(row, &object, err) != 0)
		return -1;
	return evidence_lines_add(making, object, err);
}

int
evidence_lines_open(
    struct evidence_making *making, const char *name, struct error *err)
{
	char path[EVIDENCE_PATH_BYTES];

	(void)snprintf(path, sizeof(path), EVIDENCE_PAYLOAD "%s.jsonl", name);
	if (evidence_bag_open(&making->bag, path, err) != 0)
		return -1;
	return evidence_lines_add(making,
	    json_pack("{s:I, s:o, s:s, s:I, s:i, s:I, s:I}", "at",
		(json_int_t)making->context.now, "checkpoint",
		evidence_checkpoint_object(making), "document", name, "entries",
		(json_int_t)making->last + 1, "format", 1, "from",
		(json_int_t)making->request->from, "to",
		(json_int_t)making->request->to),
	    err);
}

int
evidence_lines_close(struct evidence_making *making, struct error *err)
{
	return evidence_bag_close(&making->bag, err);
}
