#include "lib/judge/page.h"

static bool
is_old(const struct page *page, int64_t now, int64_t monotonic_ms)
{
	int64_t age = page->renewed_at > now ? monotonic_ms - page->changed_ms
					     : now - page->renewed_at;

	return age >= PAGE_OLD_MS;
}

enum page_state
page_look(
    struct page *page, int64_t renewed_at, int64_t now, int64_t monotonic_ms)
{
	if (page->renewed_at != renewed_at || page->changed_ms == 0)
		*page = (struct page){
		    .renewed_at = renewed_at, .changed_ms = monotonic_ms};
	if (!is_old(page, now, monotonic_ms)) {
		page->old_ms = 0;
		return PAGE_FRESH;
	}
	if (page->old_ms == 0)
		page->old_ms = monotonic_ms;
	return monotonic_ms - page->old_ms >= PAGE_WAIT_MS ? PAGE_STALE
							   : PAGE_WAITING;
}
