/* What people stated. */
#include "lib/output/document_row.h"

void
document_row_attestation(struct document_row *item,
    const struct document_context *context, const struct query_attestation *row)
{
	document_row_begin(item);
	document_row_number(item, "id", row->id);
	document_row_text(item, "requirement", row->requirement);
	document_row_text(item, "by", row->by);
	document_row_instant(item, "at", row->at);
	document_row_instant(item, "until", row->until);
	document_row_flag(item, "is_in_force", row->until > context->now);
	document_row_text(item, "note", row->note);
	if (row->document_kind == NULL)
		return;
	document_row_text(item, "document_kind", row->document_kind);
	document_row_text(item, "document_sha256", row->document_sha256);
	document_row_number(item, "document_bytes", row->document_bytes);
}

static int
add_attestation(
    const struct query_attestation *row, void *context, struct error *err)
{
	struct document_list *list = context;
	struct document_row item;

	document_row_attestation(&item, list->context, row);
	return document_list_add(list, &item, err);
}

int
document_attestations(const struct document_context *context,
    const char *requirement, json_t **ret, struct error *err)
{
	struct document_list list;
	int rc;

	if (document_list_begin(&list, context, err) != 0)
		return -1;
	rc = query_attestations(context->catalog, context->at, requirement,
	    add_attestation, &list, err);
	return document_list_end(&list, "attestations", rc, ret, err);
}
