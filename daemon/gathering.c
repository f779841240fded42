#include "daemon/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"

int
gathering_add(struct gathering *gathering,
    const struct examine_finding *finding, struct error *err)
{
	struct gathered *items, *new;

	if (gathering->count >= GATHERING_MAX) {
		gathering->omitted++;
		return 0;
	}
	items = reallocarray(
	    gathering->items, gathering->count + 1, sizeof(*items));
	if (items == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	gathering->items = items;
	new = &items[gathering->count];
	*new = (struct gathered){
	    .code = finding->code,
	    .path = malloc(finding->path_length + 1),
	    .path_length = finding->path_length,
	    .expected_size = finding->expected_size,
	    .actual_size = finding->actual_size,
	    .offset = finding->offset,
	    .os_errno = finding->os_errno,
	};
	if (new->path == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	memcpy(new->path, finding->path, finding->path_length);
	new->path[finding->path_length] = '\0';
	gathering->count++;
	return 0;
}

void
gathering_clear(struct gathering *gathering)
{
	for (size_t i = 0; i < gathering->count; i++)
		free(gathering->items[i].path);
	free(gathering->items);
	*gathering = (struct gathering){0};
}

/* Numbers that help to judge it; never a name. */
static json_t *
detail_of(const struct gathered *item)
{
	json_t *detail = json_object();

	if (item->expected_size != item->actual_size) {
		(void)json_object_set_new(
		    detail, "expected", json_of_u64(item->expected_size));
		(void)json_object_set_new(
		    detail, "actual", json_of_u64(item->actual_size));
	}
	if (item->os_errno != 0) {
		(void)json_object_set_new(
		    detail, "errno", json_integer(item->os_errno));
		(void)json_object_set_new(
		    detail, "offset", json_of_u64(item->offset));
	}
	if (json_object_size(detail) > 0)
		return detail;
	json_decref(detail);
	return NULL;
}

int
gathering_commit(struct gathering *gathering, struct service *service,
    uint64_t copy, uint64_t manifest, int64_t slice, struct error *err)
{
	for (size_t i = 0; i < gathering->count; i++) {
		struct gathered *item = &gathering->items[i];
		struct ledger_finding finding = {
		    .code = item->code,
		    .copy = copy,
		    .manifest = manifest,
		    .slice = slice,
		    .path = item->path_length > 0 ? item->path : NULL,
		    .path_length = item->path_length,
		    .detail = detail_of(item),
		};

		if (ledger_finding(service, &finding, &item->id, err) != 0)
			return -1;
	}
	return 0;
}

bool
gathering_has(const struct gathering *gathering, uint64_t id)
{
	for (size_t i = 0; i < gathering->count; i++)
		if (gathering->items[i].id == id)
			return true;
	return false;
}
