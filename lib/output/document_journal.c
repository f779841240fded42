/* Journal entries as they were written. */
#include "lib/base/i18n.h"
#include "lib/output/document_row.h"
#include "lib/store/journal.h"

static int
add_leaf(uint64_t seq, const uint8_t *leaf, size_t length, void *context,
    struct error *err)
{
	struct document_row row = {.has_failed = false};

	(void)seq;
	row.object = json_parse((const char *)leaf, length, err);
	if (row.object == NULL)
		return -1;
	return document_list_add(context, &row, err);
}

int
document_journal(const struct document_context *context, uint64_t from,
    uint64_t to, json_t **ret, struct error *err)
{
	struct document_list list;
	uint64_t size = 0;

	if (journal_size(context->catalog, &size, err) != 0)
		return -1;
	if (document_list_begin(&list, context, err) != 0 ||
	    document_list_end(&list, "entries",
		journal_each(context->catalog, from, to, add_leaf, &list, err),
		ret, err) != 0)
		return -1;
	/* Where the journal ends, so that a reader can ask for the last ones.
	 */
	if (json_object_set_new(*ret, "size", json_of_u64(size)) != 0) {
		json_decref(*ret);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	return 0;
}
