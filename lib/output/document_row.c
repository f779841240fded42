#include "lib/output/document_row.h"

#include <string.h>

#include "lib/base/i18n.h"

void
document_row_begin(struct document_row *row)
{
	row->object = json_object();
	row->has_failed = row->object == NULL;
}

void
document_row_value(struct document_row *row, const char *key, json_t *value)
{
	if (json_object_set_new(row->object, key, value) != 0)
		row->has_failed = true;
}

void
document_row_text(struct document_row *row, const char *key, const char *text)
{
	if (text != NULL && text[0] != '\0')
		document_row_value(row, key, json_of_bytes(text, strlen(text)));
}

void
document_row_instant(struct document_row *row, const char *key, int64_t instant)
{
	if (instant != QUERY_NEVER)
		document_row_value(row, key, json_integer(instant));
}

void
document_row_number(struct document_row *row, const char *key, uint64_t number)
{
	document_row_value(row, key, json_of_u64(number));
}

void
document_row_flag(struct document_row *row, const char *key, bool flag)
{
	document_row_value(row, key, json_boolean(flag));
}

void
document_row_name(struct document_row *row,
    const struct document_context *context, const char *subject)
{
	struct bytes name = BYTES_EMPTY;

	document_row_text(row, "subject", subject);
	/* An opening that was removed leaves the subject alone. */
	if (subject != NULL && context->has_names &&
	    catalog_get_name(context->catalog, subject, &name, NULL) == 0)
		document_row_value(
		    row, "name", json_of_bytes(name.data, name.length));
	bytes_done(&name);
}

int
document_row_end(struct document_row *row, json_t **ret, struct error *err)
{
	if (row->has_failed) {
		json_decref(row->object);
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	}
	*ret = row->object;
	return 0;
}

int
document_list_begin(struct document_list *list,
    const struct document_context *context, struct error *err)
{
	*list = (struct document_list){
	    .context = context,
	    .array = json_array(),
	    .limit = context->limit == 0 ? DOCUMENT_LIMIT : context->limit,
	};
	if (list->array == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

int
document_list_add(
    struct document_list *list, struct document_row *row, struct error *err)
{
	json_t *object = NULL;

	if (document_row_end(row, &object, err) != 0)
		return -1;
	if (json_array_size(list->array) == list->limit) {
		json_decref(object);
		list->is_cut = true;
		return 1;
	}
	if (json_array_append_new(list->array, object) != 0)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	return 0;
}

int
document_list_end(struct document_list *list, const char *key, int rc,
    json_t **ret, struct error *err)
{
	struct document_row row;

	if (rc != 0) {
		json_decref(list->array);
		return -1;
	}
	document_row_begin(&row);
	document_row_value(&row, key, list->array);
	document_row_flag(&row, "is_cut", list->is_cut);
	return document_row_end(&row, ret, err);
}
