/* How long media were in reach. */
#include <stdlib.h>
#include <string.h>

#include "lib/base/i18n.h"
#include "lib/judge/offline.h"

/* Where what was observed ends: not after hikaed's last entry. */
static int64_t
end_of(const struct inventory *inventory)
{
	int64_t now = inventory->now;

	if (inventory_is_watched(inventory) || inventory->newest_at > now)
		return now;
	return inventory->newest_at;
}

static int64_t
between(int64_t value, int64_t least, int64_t most)
{
	return value < least ? least : value > most ? most : value;
}

static int64_t
percent_of(int64_t part, int64_t whole)
{
	return (100 * part + whole - 1) / whole;
}

void
offline_expose(const struct inventory *inventory,
    const struct inventory_medium *medium,
    struct offline_exposure *ret_exposure)
{
	struct offline_exposure exposure = {.period_ms = INVENTORY_PERIOD_MS};
	int64_t begin = inventory->now - INVENTORY_PERIOD_MS, at = begin;
	int64_t end = between(end_of(inventory), begin, inventory->now);
	int64_t known = 0;

	/* A clock that went back: no time counts twice. */
	for (size_t i = 0; i < medium->span_count; i++) {
		const struct inventory_span *span = &medium->spans[i];
		int64_t from = between(span->at, at, end);
		int64_t to = i + 1 < medium->span_count
				 ? between(span[1].at, from, end)
				 : end;

		at = to;
		if (span->reach != INVENTORY_UNKNOWN)
			known += to - from;
		if (span->reach != INVENTORY_IN)
			continue;
		exposure.in_reach_ms += to - from;
		if (to - from > exposure.longest_ms)
			exposure.longest_ms = to - from;
	}
	exposure.unknown_ms = exposure.period_ms - known;
	exposure.percent = (struct bounds){
	    percent_of(exposure.in_reach_ms, exposure.period_ms),
	    percent_of(exposure.in_reach_ms + exposure.unknown_ms,
		exposure.period_ms)};
	*ret_exposure = exposure;
}

/* A medium comes into a reach; `medium` is its place among those that count. */
struct change {
	int64_t at;
	size_t medium;
	enum inventory_reach reach;
};

static int
compare(const void *a, const void *b)
{
	const struct change *x = a, *y = b;

	return (x->at > y->at) - (x->at < y->at);
}

/*
 * Go along the changes: were all in reach after one of them?  What lies at one
 * instant is one change, so that one disk for another is no meeting.
 */
static enum bounds_answer
sweep(const struct change *changes, size_t count, enum inventory_reach *reaches,
    size_t medium_count)
{
	enum bounds_answer answer = BOUNDS_NO;

	for (size_t i = 0; i < count; i++) {
		size_t in = 0, out = 0;

		reaches[changes[i].medium] = changes[i].reach;
		if (i + 1 < count && changes[i + 1].at == changes[i].at)
			continue;
		for (size_t m = 0; m < medium_count; m++) {
			in += reaches[m] == INVENTORY_IN;
			out += reaches[m] == INVENTORY_OUT;
		}
		if (in == medium_count)
			return BOUNDS_YES;
		if (out == 0)
			answer = BOUNDS_MAYBE;
	}
	return answer;
}

static bool
counts(const struct inventory_medium *medium)
{
	return !inventory_is_retired(medium);
}

/* Before it was observed, and after hikaed's last entry, nobody knows. */
static size_t
add_changes(const struct inventory *inventory,
    const struct inventory_medium *medium, size_t place, struct change *changes)
{
	int64_t begin = inventory->now - INVENTORY_PERIOD_MS;
	int64_t end = between(end_of(inventory), begin, inventory->now);
	int64_t at = begin;
	size_t count = 0;

	changes[count++] = (struct change){begin, place, INVENTORY_UNKNOWN};
	for (size_t i = 0; i < medium->span_count; i++) {
		at = between(medium->spans[i].at, at, end);
		/* The last one at an instant holds. */
		if (changes[count - 1].at == at)
			count--;
		changes[count++] =
		    (struct change){at, place, medium->spans[i].reach};
	}
	if (end < inventory->now)
		changes[count++] =
		    (struct change){end + 1, place, INVENTORY_UNKNOWN};
	return count;
}

int
offline_all_connected(const struct inventory *inventory,
    enum bounds_answer *ret_answer, struct error *err)
{
	size_t room = 0, count = 0, media = 0;
	struct change *changes = NULL;
	enum inventory_reach *reaches = NULL;
	int rc = -1;

	for (size_t i = 0; i < inventory->medium_count; i++)
		room += inventory->media[i].span_count + 2;
	changes = calloc(room + 1, sizeof(*changes));
	reaches = calloc(inventory->medium_count + 1, sizeof(*reaches));
	if (changes == NULL || reaches == NULL) {
		rc = error_set(err, ERROR_INTERNAL, _("out of memory"));
		goto out;
	}
	for (size_t i = 0; i < inventory->medium_count; i++) {
		if (!counts(&inventory->media[i]))
			continue;
		reaches[media] = INVENTORY_UNKNOWN;
		count += add_changes(
		    inventory, &inventory->media[i], media++, changes + count);
	}
	qsort(changes, count, sizeof(*changes), compare);
	/* Without any there is nothing that could be apart (law 1). */
	*ret_answer =
	    media == 0 ? BOUNDS_MAYBE : sweep(changes, count, reaches, media);
	rc = 0;
out:
	free(changes);
	free(reaches);
	return rc;
}
