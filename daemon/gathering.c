#include "daemon/gathering.h"

#include <stdlib.h>
#include <string.h>

#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/inspect/inspect.h"
#include "lib/store/query_finding.h"

/* Law 2: two failures at the same place count when this far apart, ms. */
#define LOST_AFTER_MS CLOCK_HOUR_MS

static bool
is_warning(enum finding code)
{
	return finding_severity(code) == VERDICT_EXIT_WARNING;
}

int
gathering_add(struct gathering *gathering,
    const struct examine_finding *finding, struct error *err)
{
	struct gathered *items, *new;

	if (is_warning(finding->code))
		gathering->warnings++;
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
	    .is_isolated = finding->is_isolated,
	    .format = finding->format,
	    .fault = finding->fault,
	    .is_inside = finding->is_inside,
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

void
gathering_drop(struct gathering *gathering, size_t index)
{
	if (is_warning(gathering->items[index].code))
		gathering->warnings--;
	free(gathering->items[index].path);
	gathering->items[index] = gathering->items[--gathering->count];
}

/* Numbers of a backup may be any; a detail's are the journal's. */
static json_t *
number_of(uint64_t number)
{
	return json_integer(number > (uint64_t)JSON_INTEGER_MAX
				? JSON_INTEGER_MAX
				: (json_int_t)number);
}

/* What of a content is amiss, and where. */
static void
add_fault(json_t *detail, const struct gathered *item)
{
	if (item->format == 0 || item->fault == 0)
		return;
	(void)json_object_set_new(detail, "format",
	    json_string(
		inspect_format_name((enum inspect_format)(item->format - 1))));
	(void)json_object_set_new(detail, "fault",
	    json_string(
		inspect_code_name((enum inspect_code)(item->fault - 1))));
	(void)json_object_set_new(detail, "offset", number_of(item->offset));
	if (item->is_inside)
		(void)json_object_set_new(detail, "is_inside", json_true());
}

/* Numbers that help to judge it; never a name. */
static json_t *
detail_of(const struct gathered *item)
{
	json_t *detail = json_object();

	if (item->expected_size != item->actual_size) {
		(void)json_object_set_new(
		    detail, "expected", number_of(item->expected_size));
		(void)json_object_set_new(
		    detail, "actual", number_of(item->actual_size));
	}
	if (item->os_errno != 0) {
		(void)json_object_set_new(
		    detail, "errno", json_integer(item->os_errno));
		(void)json_object_set_new(
		    detail, "offset", json_of_u64(item->offset));
	}
	add_fault(detail, item);
	if (json_object_size(detail) > 0)
		return detail;
	json_decref(detail);
	return NULL;
}

/* The open finding that a path could not be read, and since when. */
struct earlier {
	uint64_t offset;
	int64_t now;
	uint64_t id;  /* 0: none that counts */
	bool is_lost; /* it was found to be lost before */
};

static int
look_at_earlier(
    const struct query_finding *row, void *context, struct error *err)
{
	struct earlier *earlier = context;
	json_t *detail;
	uint64_t offset;

	if (strcmp(row->code, finding_name(FINDING_UNREADABLE)) == 0) {
		earlier->is_lost = true;
		return 0;
	}
	if (strcmp(row->code, finding_name(FINDING_UNREADABLE_NOW)) != 0 ||
	    row->detail == NULL ||
	    earlier->now - row->opened_at < LOST_AFTER_MS)
		return 0;
	detail = json_parse(row->detail, strlen(row->detail), err);
	if (detail == NULL)
		return -1;
	if (json_get_u64(detail, "offset", &offset) == 0 &&
	    offset == earlier->offset)
		earlier->id = row->id;
	json_decref(detail);
	return 0;
}

static int
settle_item(struct gathered *item, struct service *service, uint64_t copy,
    struct error *err)
{
	char subject[CATALOG_SUBJECT_BYTES];
	struct query_finding_filter filter = {
	    .only_open = true, .copy = copy, .subject = subject};
	struct earlier earlier = {
	    .offset = item->offset, .now = clock_wall_ms()};

	if (item->code != FINDING_UNREADABLE_NOW || !item->is_isolated ||
	    item->path_length == 0)
		return 0;
	if (catalog_put_name(service->catalog, item->path, item->path_length,
		subject, err) != 0 ||
	    query_findings(service->catalog, CATALOG_NOW, &filter,
		look_at_earlier, &earlier, err) != 0)
		return -1;
	if (earlier.id != 0 || earlier.is_lost)
		item->code = FINDING_UNREADABLE;
	if (earlier.id == 0)
		return 0;
	return ledger_close_finding(service, earlier.id, "resolved", err);
}

int
gathering_settle(struct gathering *gathering, struct service *service,
    uint64_t copy, bool *ret_has_lost, struct error *err)
{
	bool has_lost = false;

	for (size_t i = 0; i < gathering->count; i++) {
		struct gathered *item = &gathering->items[i];

		if (settle_item(item, service, copy, err) != 0)
			return -1;
		has_lost = has_lost || item->code == FINDING_UNREADABLE;
	}
	*ret_has_lost = has_lost;
	return 0;
}

/* The last one says how many more there were than are kept. */
static json_t *
add_more(json_t *detail, uint64_t omitted)
{
	if (detail == NULL)
		detail = json_object();
	(void)json_object_set_new(detail, "more", number_of(omitted));
	return detail;
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

		if (gathering->omitted > 0 && i + 1 == gathering->count)
			finding.detail =
			    add_more(finding.detail, gathering->omitted);
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
