#include "daemon/naming.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lib/base/date.h"
#include "lib/base/i18n.h"
#include "lib/store/query.h"
#include "lib/store/vault.h"

/* The largest number of a generation among those of one instant (FORMATS 1). */
#define NUMBER_MAX 999999999
/* So many of one instant are looked at one by one. */
#define COMPARED_MAX 32

struct naming {
	struct service *service;
	const struct naming_request *request;
	char *text; /* the id that is looked at */
	/* What stands under it. */
	bool is_taken;	 /* a copy on the medium */
	bool is_own;	 /* another medium's copy of the same name */
	bool is_another; /* one whose name the scan found beside ours */
	bool is_known;	 /* any copy at all */
};

static int
look_at_copy(const struct query_copy *row, void *context, struct error *err)
{
	struct naming *naming = context;
	struct bytes name = BYTES_EMPTY;
	int rc = -1;

	naming->is_known = true;
	if (strcmp(row->medium, naming->request->source->medium_id) == 0)
		naming->is_taken = true;
	if (strcmp(row->subject, naming->request->subject) == 0) {
		naming->is_own = true;
		return 0;
	}
	/* Names that were lost speak of nothing. */
	if (catalog_get_name(
		naming->service->catalog, row->subject, &name, err) != 0) {
		rc = err->code == ERROR_NOT_FOUND ? 0 : -1;
		goto out;
	}
	bytes_append_u8(&name, 0);
	if (bytes_check(&name, err) != 0)
		goto out;
	if (sightings_find(naming->request->found, (const char *)name.data) !=
	    NULL)
		naming->is_another = true;
	rc = 0;
out:
	bytes_done(&name);
	return rc;
}

/*
 * Whether a copy that expired has a manifest of that name: it stays what the
 * journal says of it, whatever comes under the same name.
 */
static bool
has_manifest(const struct naming *naming)
{
	const struct config_source *source = naming->request->source;
	struct vault_name name = {
	    .system = source->system_id,
	    .generation = naming->text,
	    .medium = source->medium_id,
	    .version = 1,
	};
	struct bytes signature = BYTES_EMPTY;
	struct error why = {0};
	int fd = -1;
	bool is_there = vault_open(naming->service->state_fd, &name, &fd,
			    &signature, &why) == 0;

	if (fd >= 0)
		(void)close(fd);
	bytes_done(&signature);
	return is_there;
}

/* SYSTEM@TIME, and a number from 2 on; what there is under it. */
static int
look_at_number(struct naming *naming, int64_t number, struct error *err)
{
	struct query_copy_filter filter = {.generation = naming->text};
	char time[DATE_TEXT_BYTES], suffix[24] = "";
	int length;

	(void)date_format_compact(naming->request->taken_at, time);
	if (number > 1)
		(void)snprintf(suffix, sizeof(suffix), ".%" PRId64, number);
	length = snprintf(naming->text, NAMING_BYTES, "%s@%s%s",
	    naming->request->source->system_id, time, suffix);
	if (number > NUMBER_MAX || length < 0 || length >= NAMING_BYTES)
		return error_set(
		    err, ERROR_LIMIT, _("too many generations of one instant"));
	naming->is_taken = naming->is_own = naming->is_another =
	    naming->is_known = false;
	if (query_copies(naming->service->catalog, CATALOG_NOW, &filter,
		look_at_copy, naming, err) != 0)
		return -1;
	if (has_manifest(naming))
		naming->is_taken = true;
	return 0;
}

/*
 * The one of the same name on another medium; else the first that no other
 * name has a better claim to.  1; 0 none among those that are compared; -1.
 */
static int
choose_by_name(struct naming *naming, struct error *err)
{
	int64_t first = 0;

	for (int64_t number = 1; number <= COMPARED_MAX; number++) {
		if (look_at_number(naming, number, err) != 0)
			return -1;
		if (naming->is_taken)
			continue;
		if (naming->is_own)
			return 1;
		if (first == 0 && !naming->is_another)
			first = number;
		/* Numbers are given one after the other. */
		if (!naming->is_known)
			break;
	}
	if (first == 0)
		return 0;
	return look_at_number(naming, first, err) == 0 ? 1 : -1;
}

/*
 * Any that is free.  There may be many at one instant and only a few are
 * looked at: in steps that double, then between the last two.
 */
static int
choose_any(struct naming *naming, struct error *err)
{
	int64_t taken = 0, vacant = 1, middle;

	for (;;) {
		if (look_at_number(naming, vacant, err) != 0)
			return -1;
		if (!naming->is_taken)
			break;
		taken = vacant;
		vacant *= 2;
	}
	while (vacant - taken > 1) {
		middle = taken + (vacant - taken) / 2;
		if (look_at_number(naming, middle, err) != 0)
			return -1;
		if (naming->is_taken)
			taken = middle;
		else
			vacant = middle;
	}
	return look_at_number(naming, vacant, err);
}

int
naming_choose(struct service *service, const struct naming_request *request,
    char ret_generation[NAMING_BYTES], struct error *err)
{
	char text[NAMING_BYTES];
	struct naming naming = {
	    .service = service, .request = request, .text = text};
	int found = choose_by_name(&naming, err);

	if (found < 0 || (found == 0 && choose_any(&naming, err) != 0))
		return -1;
	memcpy(ret_generation, text, sizeof(text));
	return 0;
}
