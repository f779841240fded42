/* The report of the day, by stat(2) alone: nothing here can wait. */
#include <fcntl.h>
#include <sys/stat.h>

#include "daemon/selfcheck_internal.h"
#include "lib/base/clock.h"
#include "lib/base/log.h"

#define PAGE "report/index.html"
/* Made with the first keys: there was no report to write before. */
#define SET_UP "keys/daemon.pub"
/* There where systemd is to start it each day. */
#define TIMER "etc/systemd/system/timers.target.wants/hikae-report.timer"

/* When it was written last; false where there is no such file. */
static bool
find_time(int folder_fd, const char *path, int64_t *ret_at)
{
	struct stat st;

	if (fstatat(folder_fd, path, &st, AT_SYMLINK_NOFOLLOW) != 0)
		return false;
	*ret_at = (int64_t)st.st_mtim.tv_sec * CLOCK_SECOND_MS +
		  st.st_mtim.tv_nsec / 1000000;
	return true;
}

/* False where nobody reads such a page: there is none, nor is one to come. */
static bool
find_page(const struct service *service, int64_t *ret_renewed_at)
{
	int64_t set_up_at;

	if (find_time(service->state_fd, PAGE, ret_renewed_at))
		return true;
	if (!find_time(service->root_fd, TIMER, ret_renewed_at))
		return false;
	if (find_time(service->state_fd, SET_UP, &set_up_at) &&
	    set_up_at > *ret_renewed_at)
		*ret_renewed_at = set_up_at;
	return true;
}

void
selfcheck_page_look(struct service *service, struct selfcheck_page *page)
{
	enum page_state state = PAGE_FRESH;
	struct error err = {0};
	int64_t renewed_at;

	if (find_page(service, &renewed_at))
		state = page_look(&page->seen, renewed_at, clock_wall_ms(),
		    clock_monotonic_ms());
	/* Until it is known, what was said before stands. */
	if (state == PAGE_WAITING ||
	    (page->has_recorded && page->is_stale == (state == PAGE_STALE)))
		return;
	if (selfcheck_record_page(service, state == PAGE_STALE, &err) == 0) {
		page->has_recorded = true;
		page->is_stale = state == PAGE_STALE;
		page->has_failed = false;
		return;
	}
	/* Said once, tried again. */
	if (!page->has_failed)
		log_event(LOG_LEVEL_ERROR, "%s", err.text);
	page->has_failed = true;
}
