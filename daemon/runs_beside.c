/* Runs that read at the same time: what others want to know of them. */
#include <string.h>

#include "daemon/runs_internal.h"

static bool
has_medium(const struct run *run, const char *medium)
{
	struct target *target = run->targets;

	while (target != NULL && strcmp(target_medium(target), medium) != 0)
		target = target_next(target);
	return target != NULL;
}

static bool
has_same_medium(
    const struct config *config, const struct run *a, const struct run *b)
{
	for (size_t i = 0; i < config->medium_count; i++)
		if (has_medium(a, config->media[i].id) &&
		    has_medium(b, config->media[i].id))
			return true;
	return false;
}

uint64_t
runs_find_beside(const struct runs *runs, const struct run *run)
{
	for (const struct run *other = runs->list; other != NULL;
	     other = other->next)
		if (!other->view.is_ended &&
		    has_same_medium(runs->service->config, run, other))
			return other->view.id;
	return 0;
}

bool
runs_is_reading(const struct runs *runs, uint64_t copy)
{
	for (const struct run *run = runs->list; run != NULL; run = run->next)
		for (struct target *target = run->targets; target != NULL;
		     target = target_next(target))
			if (target_copy(target) == copy)
				return true;
	return false;
}

size_t
runs_under_way(const struct runs *runs, const char *medium)
{
	size_t count = 0;

	for (const struct run *run = runs->list; run != NULL; run = run->next)
		if (!run->view.is_ended &&
		    (run->medium[0] == '\0' ||
			strcmp(run->medium, medium) == 0))
			count++;
	return count;
}
