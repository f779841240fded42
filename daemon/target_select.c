#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "daemon/media.h"
#include "daemon/target_internal.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/query_slice.h"

#define VERIFY_PRIORITY 20
#define COVERAGE_PRIORITY 30
/* Slices that coverage takes from the catalog at once. */
#define COVERAGE_SLICES_MAX 20000

static void
free_target(struct target *target)
{
	target_part_drop(target);
	free(target->system);
	free(target->generation);
	free(target->medium);
	free(target->source);
	free(target->locator);
	free(target->members);
	free(target->content);
	free(target->ranges);
	free(target);
}

void
target_free_all(struct target *targets)
{
	while (targets != NULL) {
		struct target *next = targets->next;

		free_target(targets);
		targets = next;
	}
}

struct target *
target_next(struct target *target)
{
	return target->next;
}

uint64_t
target_copy(const struct target *target)
{
	return target->copy;
}

const char *
target_medium(const struct target *target)
{
	return target->medium;
}

/* Add a slice; neighbours become one range. */
static int
add_slice(struct target *target, uint64_t slice, struct error *err)
{
	struct verify_range *ranges, *last = NULL;

	target->slices++;
	if (target->range_count > 0)
		last = &target->ranges[target->range_count - 1];
	if (last != NULL && last->last + 1 == slice) {
		last->last = slice;
		return 0;
	}
	ranges = reallocarray(
	    target->ranges, target->range_count + 1, sizeof(*ranges));
	if (ranges == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	target->ranges = ranges;
	ranges[target->range_count++] = (struct verify_range){slice, slice};
	return 0;
}

/* The name on the medium that the copy's subject stands for. */
static char *
open_name(struct catalog *catalog, const char *subject, struct error *err)
{
	struct bytes name = BYTES_EMPTY;

	if (catalog_get_name(catalog, subject, &name, err) != 0) {
		bytes_done(&name);
		return NULL;
	}
	bytes_append_u8(&name, 0);
	if (bytes_check(&name, err) != 0)
		return NULL;
	return (char *)name.data;
}

/* A copy whose capture read less than it holds shares files with others. */
static int
look_at_manifest(
    const struct query_manifest *row, void *context, struct error *err)
{
	struct target *target = context;

	(void)err;
	target->is_sharing = row->bytes_read < row->bytes;
	return 1;
}

static int
find_sharing(
    struct target *target, const struct query_copy *row, struct error *err)
{
	if (strcmp(row->layout, "directory") != 0)
		return 0;
	return query_manifests(target->service->catalog, CATALOG_NOW, row->id,
	    look_at_manifest, target, err);
}

static struct target *
new_target(
    struct service *service, const struct query_copy *row, struct error *err)
{
	struct target *target = calloc(1, sizeof(*target));

	if (target == NULL) {
		(void)error_set(err, ERROR_INTERNAL, _("out of memory"));
		return NULL;
	}
	target->service = service;
	target->copy = row->id;
	target->manifest = row->manifest;
	target->version = row->version;
	target->file_bytes = row->files > 0 ? row->bytes / row->files : 0;
	target->system = strdup(row->system);
	target->generation = strdup(row->generation);
	target->medium = strdup(row->medium);
	target->source = strdup(row->source);
	target->locator = open_name(service->catalog, row->subject, err);
	target->members = row->members != NULL ? strdup(row->members) : NULL;
	target->content = row->content != NULL ? strdup(row->content) : NULL;
	if (target->system != NULL && target->generation != NULL &&
	    target->medium != NULL && target->source != NULL &&
	    target->locator != NULL && find_sharing(target, row, err) == 0)
		return target;
	free_target(target);
	return NULL;
}

struct selection {
	struct service *service;
	const struct runs_request *request;
	struct target *list, **end;
	struct runs_view *view;
	uint64_t bytes_left;
};

static void
add_target(struct selection *selection, struct target *target)
{
	const struct runs_request *request = selection->request;
	bool is_coverage = request->is_oldest_first;

	target->not_before = request->not_before;
	target->priority = is_coverage ? COVERAGE_PRIORITY : VERIFY_PRIORITY;
	target->has_names = !is_coverage;
	target->is_decided = request->is_decided;
	target->is_members = request->level == RUNS_MEMBERS;
	*selection->end = target;
	selection->end = &target->next;
	selection->view->copies++;
	selection->view->slices += target->slices;
	selection->view->bytes += target->bytes;
}

static void
note_medium(struct runs_media *media, const char *id)
{
	for (size_t i = 0; i < media->count; i++)
		if (strcmp(media->ids[i], id) == 0)
			return;
	if (media->count < RUNS_MEDIA_MAX)
		(void)snprintf(
		    media->ids[media->count++], CONFIG_ID_BYTES, "%s", id);
}

/*
 * What a person asked for, and what nobody can read now: the medium is away
 * as it should be, or was connected and is still to be mounted.
 */
static bool
pass_over(struct selection *selection, const struct query_copy *row)
{
	const struct media *media = selection->service->media;
	struct runs_view *view = selection->view;

	if (selection->request->trigger != RUNS_MANUAL)
		return false;
	if (media_is_away(media, row->medium))
		note_medium(&view->away, row->medium);
	else if (media_is_unmounted(media, row->medium))
		note_medium(&view->unmounted, row->medium);
	else
		return false;
	view->away_copies++;
	return true;
}

/* Whether the catalog knows where on its medium a copy lies. */
static int
find_name(struct catalog *catalog, const char *subject, bool *ret_is_known,
    struct error *err)
{
	struct bytes name = BYTES_EMPTY;
	int rc = catalog_get_name(catalog, subject, &name, err);

	bytes_done(&name);
	*ret_is_known = rc == 0;
	return rc == 0 || err->code == ERROR_NOT_FOUND ? 0 : -1;
}

/*
 * 1 for a copy without a name, as after a rebuild of the catalog until a scan
 * finds it: there is nothing to read, which is told.
 */
static int
pass_over_nameless(struct selection *selection, const struct query_copy *row,
    struct error *err)
{
	bool is_known;

	if (find_name(
		selection->service->catalog, row->subject, &is_known, err) != 0)
		return -1;
	if (!is_known)
		selection->view->nameless_copies++;
	return is_known ? 0 : 1;
}

/* Whole copies: what was captured and can be there. */
static int
select_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct selection *selection = context;
	const struct runs_request *request = selection->request;
	struct target *target;
	int nameless;

	if ((request->system != NULL &&
		strcmp(request->system, row->system) != 0) ||
	    (request->medium != NULL &&
		strcmp(request->medium, row->medium) != 0) ||
	    (request->source != NULL &&
		strcmp(request->source, row->source) != 0) ||
	    (request->generation != NULL &&
		strcmp(request->generation, row->generation) != 0))
		return 0;
	if (pass_over(selection, row))
		return 0;
	if (row->manifest == 0) {
		selection->view->unrecorded_copies++;
		return 0;
	}
	nameless = pass_over_nameless(selection, row, err);
	if (nameless != 0)
		return nameless < 0 ? -1 : 0;
	target = new_target(selection->service, row, err);
	if (target == NULL)
		return -1;
	if (request->level != RUNS_QUICK) {
		for (uint64_t i = 0; i < row->slices; i++)
			if (add_slice(target, i, err) != 0) {
				free_target(target);
				return -1;
			}
		target->bytes = row->bytes;
	}
	add_target(selection, target);
	return 0;
}

/* A target for one copy, without slices; none where its name is not known. */
static int
find_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct selection *selection = context;
	struct target *target;
	int nameless = pass_over_nameless(selection, row, err);

	if (nameless != 0)
		return nameless;
	target = new_target(selection->service, row, err);
	if (target == NULL)
		return -1;
	add_target(selection, target);
	return 1;
}

/* Coverage: single slices, in the order of their turn, up to the quota. */
static int
select_slice(const struct query_next *row, void *context, struct error *err)
{
	struct selection *selection = context;
	struct query_copy_filter filter = {.copy = row->copy};
	struct target *target = selection->list;

	if (selection->bytes_left == 0)
		return 1;
	while (target != NULL && target->manifest != row->manifest)
		target = target->next;
	if (target == NULL) {
		struct target **end = selection->end;

		if (query_copies(selection->service->catalog, CATALOG_NOW,
			&filter, find_copy, selection, err) != 0)
			return -1;
		target = *end;
		if (target == NULL)
			return 0;
	}
	if (add_slice(target, row->slice, err) != 0)
		return -1;
	/* Names are compared once a pass, and again where that failed. */
	target->has_names = target->has_names || row->slice == 0;
	target->bytes += row->bytes;
	selection->view->slices++;
	selection->view->bytes += row->bytes;
	selection->bytes_left -= row->bytes < selection->bytes_left
				     ? row->bytes
				     : selection->bytes_left;
	return 0;
}

/* What one copy of a source shares, all its copies do: the first one too. */
static void
spread_sharing(struct target *targets)
{
	for (struct target *from = targets; from != NULL; from = from->next) {
		if (!from->is_sharing || from->is_spread)
			continue;
		for (struct target *to = targets; to != NULL; to = to->next)
			if (strcmp(to->source, from->source) == 0)
				to->is_sharing = to->is_spread = true;
	}
}

int
target_select(struct service *service, const struct runs_request *request,
    struct target **ret_targets, struct runs_view *view, struct error *err)
{
	struct selection selection = {
	    .service = service,
	    .request = request,
	    .end = &selection.list,
	    .view = view,
	    .bytes_left =
		request->limit_bytes > 0 ? request->limit_bytes : UINT64_MAX,
	};
	struct query_copy_filter filter = {.copy = request->copy};
	struct query_next_filter next = {
	    .medium = request->medium,
	    .tried_before = request->tried_before,
	    .limit = COVERAGE_SLICES_MAX,
	};
	int rc;

	if (request->is_oldest_first)
		rc = query_next_slices(
		    service->catalog, &next, select_slice, &selection, err);
	else
		rc = query_copies(service->catalog, CATALOG_NOW,
		    request->copy != 0 ? &filter : NULL, select_copy,
		    &selection, err);
	if (rc != 0) {
		target_free_all(selection.list);
		return -1;
	}
	spread_sharing(selection.list);
	*ret_targets = selection.list;
	return 0;
}
