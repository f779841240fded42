/* What people stated. */
#include "lib/output/document_row.h"

void
document_row_attestation(struct document_row *item,
    const struct inventory *inventory, const struct query_attestation *row)
{
	const struct inventory_event event = {row->id, row->at, row->until};

	document_row_begin(item);
	document_row_number(item, "id", row->id);
	document_row_text(item, "requirement", row->requirement);
	document_row_text(item, "by", row->by);
	document_row_instant(item, "at", row->at);
	document_row_instant(item, "until", row->until);
	document_row_flag(
	    item, "is_in_force", inventory_left(inventory, &event) > 0);
	document_row_text(item, "note", row->note);
	if (row->document_kind == NULL)
		return;
	document_row_text(item, "document_kind", row->document_kind);
	document_row_text(item, "document_sha256", row->document_sha256);
	document_row_number(item, "document_bytes", row->document_bytes);
}

struct attestations {
	struct document_list list;
	struct inventory *inventory; /* what its clock says of them */
};

static int
add_attestation(
    const struct query_attestation *row, void *context, struct error *err)
{
	struct attestations *attestations = context;
	struct document_row item;

	document_row_attestation(&item, attestations->inventory, row);
	return document_list_add(&attestations->list, &item, err);
}

int
document_attestations(const struct document_context *context,
    const char *requirement, json_t **ret, struct error *err)
{
	const struct inventory_moment moment = {
	    .at = context->at, .now = context->now};
	struct attestations attestations = {.inventory = NULL};
	int rc;

	if (document_list_begin(&attestations.list, context, err) != 0)
		return -1;
	rc = inventory_read(
	    context->catalog, &moment, &attestations.inventory, err);
	if (rc == 0)
		rc = query_attestations(context->catalog, context->at,
		    requirement, add_attestation, &attestations, err);
	inventory_free(attestations.inventory);
	return document_list_end(
	    &attestations.list, "attestations", rc, ret, err);
}
