#include "daemon/coverage.h"

#include <stdlib.h>
#include <string.h>

#include "daemon/discovery.h"
#include "daemon/runs.h"
#include "lib/base/clock.h"
#include "lib/base/i18n.h"
#include "lib/base/log.h"
#include "lib/model/schedule.h"
#include "lib/store/query_slice.h"

/* How often it is looked whether a medium's turn has come, ms. */
#define LOOK_MS CLOCK_MINUTE_MS
/* The first look, when what was there is scanned again, ms. */
#define FIRST_LOOK_MS (5 * CLOCK_SECOND_MS)

/* What was read of a medium in the window that began at `from`. */
struct night {
	char medium[CONFIG_ID_BYTES];
	int64_t from;
	uint64_t bytes;
	struct night *next;
};

struct coverage {
	struct service *service;
	struct loop_timer timer;
	struct night *nights;
};

static struct night *
find_night(struct coverage *coverage, const char *medium, int64_t from)
{
	struct night *night = coverage->nights;

	while (night != NULL && strcmp(night->medium, medium) != 0)
		night = night->next;
	if (night == NULL) {
		night = calloc(1, sizeof(*night));
		if (night == NULL)
			return NULL;
		(void)memcpy(night->medium, medium,
		    strnlen(medium, sizeof(night->medium) - 1));
		night->next = coverage->nights;
		coverage->nights = night;
	}
	if (night->from != from) {
		night->from = from;
		night->bytes = 0;
	}
	return night;
}

/* The night's share of a medium: what is left of it. */
static int
compute_share(const struct coverage *coverage,
    const struct config_medium *medium, int64_t now, uint64_t *ret_bytes,
    struct error *err)
{
	struct service *service = coverage->service;
	const struct config_policy *policy = &service->config->policy;
	struct query_coverage total;
	struct schedule_load load = {
	    .period_ms = medium->coverage_ms,
	    .night_limit = policy->nightly_limit,
	};
	struct schedule_quota quota;
	uint64_t slices;

	if (query_coverage(
		service->catalog, CATALOG_NOW, medium->id, &total, err) != 0 ||
	    query_due(service->catalog, medium->id, now - medium->coverage_ms,
		&slices, &load.overdue_bytes, err) != 0)
		return -1;
	load.total_bytes = total.bytes;
	load.pending_bytes = load.overdue_bytes;
	schedule_quota_compute(&load, &policy->window, now, &quota);
	*ret_bytes = quota.night_bytes;
	return 0;
}

static int
look_at_medium(struct coverage *coverage, const struct config_medium *medium,
    int64_t now, struct error *err)
{
	struct service *service = coverage->service;
	struct runs_request request = {
	    .trigger = RUNS_COVERAGE,
	    .level = RUNS_FULL,
	    .medium = medium->id,
	    .is_oldest_first = true,
	    .not_before = now - medium->coverage_ms / 2,
	};
	struct error why = {0};
	struct night *night;
	int64_t from, to;
	uint64_t share, id;

	if (!schedule_window_find(
		&service->config->policy.window, now, &from, &to)) {
		runs_cancel_coverage(service->runs, medium->id);
		return 0;
	}
	/*
	 * A medium that is away says nothing about its copies: they are as old
	 * as their last reading, and overdue when their time comes.
	 */
	if (!discovery_is_in_sight(service->discovery, medium->id) ||
	    runs_under_way(service->runs, medium->id) > 0 ||
	    jobs_count(service->jobs, medium->id) > 0)
		return 0;
	night = find_night(coverage, medium->id, from);
	if (night == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	if (compute_share(coverage, medium, now, &share, err) != 0)
		return -1;
	if (share <= night->bytes)
		return 0;
	request.tried_before = from;
	request.limit_bytes = share - night->bytes;
	/* Nothing whose turn has come is no failure here. */
	if (runs_start(service->runs, &request, &id, &why) != 0) {
		if (why.code == ERROR_NOT_FOUND)
			return 0;
		*err = why;
		return -1;
	}
	night->bytes = share;
	return 0;
}

static void
look(void *context)
{
	struct coverage *coverage = context;
	const struct config *config = coverage->service->config;
	int64_t now = clock_wall_ms();
	struct error err = {0};

	for (size_t i = 0; i < config->medium_count; i++)
		if (look_at_medium(coverage, &config->media[i], now, &err) != 0)
			log_event(LOG_LEVEL_ERROR, "%s", err.text);
	loop_set_timer(coverage->service->loop, &coverage->timer, LOOK_MS);
}

int
coverage_new(
    struct service *service, struct coverage **ret_coverage, struct error *err)
{
	struct coverage *coverage = calloc(1, sizeof(*coverage));

	if (coverage == NULL)
		return error_set(err, ERROR_INTERNAL, _("out of memory"));
	coverage->service = service;
	coverage->timer =
	    (struct loop_timer){.ring = look, .context = coverage};
	loop_set_timer(service->loop, &coverage->timer, FIRST_LOOK_MS);
	*ret_coverage = coverage;
	return 0;
}

void
coverage_free(struct coverage *coverage)
{
	if (coverage == NULL)
		return;
	loop_unset_timer(coverage->service->loop, &coverage->timer);
	while (coverage->nights != NULL) {
		struct night *night = coverage->nights;

		coverage->nights = night->next;
		free(night);
	}
	free(coverage);
}
