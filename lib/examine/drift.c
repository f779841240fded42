#include "lib/examine/drift.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "lib/base/bytes.h"
#include "lib/base/i18n.h"
#include "lib/examine/compare.h"
#include "lib/format/magic.h"

/*
 * Vanished paths that are remembered: in manifest order only names like "a-1"
 * and "a 1" stand between "a" and "a.locked".
 */
#define REMEMBERED 16

struct drifting {
	struct drift drift;
	struct bytes vanished[REMEMBERED];
	size_t next;
};

static int
remember(struct drifting *drifting, const char *path, size_t length,
    struct error *err)
{
	struct bytes *room = &drifting->vanished[drifting->next];

	drifting->next = (drifting->next + 1) % REMEMBERED;
	bytes_clear(room);
	bytes_append(room, path, length);
	return bytes_check(room, err);
}

/* A vanished path, a dot, and an ending that no program gives by itself. */
static bool
is_extended(const struct drifting *drifting, const char *path, size_t length)
{
	const char *dot = memrchr(path, '.', length);
	const char *end = path + length;

	if (dot == NULL || memchr(dot, '/', (size_t)(end - dot)) != NULL ||
	    magic_is_usual_ending(dot + 1, (size_t)(end - dot) - 1))
		return false;
	for (size_t i = 0; i < REMEMBERED; i++) {
		const struct bytes *old = &drifting->vanished[i];

		if (old->length > 0 && old->length < length &&
		    path[old->length] == '.' &&
		    memcmp(path, old->data, old->length) == 0)
			return true;
	}
	return false;
}

static int
take(void *context, enum compare_kind kind, const char *path,
    size_t path_length, struct error *err)
{
	struct drifting *drifting = context;

	switch (kind) {
	case COMPARE_ONLY_FIRST:
		return remember(drifting, path, path_length, err);
	case COMPARE_ONLY_SECOND:
		drifting->drift.extended +=
		    is_extended(drifting, path, path_length);
		break;
	case COMPARE_DIFFERS:
		break;
	}
	return 0;
}

int
drift_measure(int before_fd, int after_fd, const struct examine_events *events,
    struct drift *ret_drift, struct error *err)
{
	struct drifting *drifting = calloc(1, sizeof(*drifting));
	struct compare_options options = {.first_fd = before_fd,
	    .second_fd = after_fd,
	    .each = take,
	    .context = drifting,
	    .events = events};
	struct compare_result result;
	int rc;

	if (drifting == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	rc = compare_generations(&options, &result, err);
	if (rc == 0) {
		*ret_drift = drifting->drift;
		ret_drift->before =
		    result.equal + result.differing + result.only_first;
		ret_drift->same = result.equal;
		ret_drift->changed = result.differing;
		ret_drift->vanished = result.only_first;
		ret_drift->appeared = result.only_second;
	}
	for (size_t i = 0; i < REMEMBERED; i++)
		bytes_done(&drifting->vanished[i]);
	free(drifting);
	return rc;
}
