#include "lib/judge/offline_windows.h"

#include "lib/base/clock.h"

/* A shorter absence is an outage, and ends no window, ms. */
#define OFFLINE_GAP_MS CLOCK_HOUR_MS

/* From a span's beginning until the next one's, or now. */
static int64_t
length_of(const struct inventory *inventory,
    const struct inventory_medium *medium, size_t at)
{
	const struct inventory_span *span = &medium->spans[at];
	int64_t from = inventory_age(inventory, span->at, span->seq);
	int64_t to = 0;

	if (at + 1 < medium->span_count)
		to = inventory_age(inventory, span[1].at, span[1].seq);
	return from == INVENTORY_AGELESS || to == INVENTORY_AGELESS
		   ? INVENTORY_AGELESS
		   : from - to;
}

struct offline_windows
offline_windows_of(const struct inventory *inventory,
    const struct inventory_medium *medium, bool is_doubt_in)
{
	const int64_t gap = medium->max_attached_ms < OFFLINE_GAP_MS
				? medium->max_attached_ms
				: OFFLINE_GAP_MS;
	struct offline_windows windows = {0};
	int64_t window = 0;
	uint64_t seq = 0;

	for (size_t i = 0; i < medium->span_count; i++) {
		const struct inventory_span *span = &medium->spans[i];
		int64_t length = length_of(inventory, medium, i);
		bool is_in = span->reach == INVENTORY_IN ||
			     (span->reach == INVENTORY_UNKNOWN && is_doubt_in);

		if (length == INVENTORY_AGELESS) {
			windows.longest_ms = INVENTORY_AGELESS;
			return windows;
		}
		if (!is_in && length >= gap) {
			windows.was_away |= span->reach == INVENTORY_OUT;
			window = 0;
			seq = 0;
			continue;
		}
		if (is_in && seq == 0)
			seq = span->seq;
		/* What stands before the first window is none of it. */
		window += seq == 0 ? 0 : length;
		if (is_in && window > windows.longest_ms) {
			windows.longest_ms = window;
			windows.seq = seq;
		}
	}
	return windows;
}
